//! Solves what of a batch is not on disk yet.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::atlas::Atlas;
use super::engine::{Engine, FAULTY, Found};
use super::merge::join;
use super::parts::{Folder, Manifest, Part, parts};
use super::rows::{Places, Rows};
use super::{Batch, Faulty, Shard};
use crate::report::batch::group_rows;

/// In how many parts the work of each thread is cut.
const PIECES: u64 = 16;

/// How long finished rows may wait for the disk.
const WAIT: Duration = Duration::from_secs(5);

/// After how many rows from regions it is asked whether they have waited that long.
const ASKED: u64 = 256;

/// How a batch is run. None of it changes a byte of the result.
#[derive(Debug, Clone)]
pub struct Run {
    /// The folder for the rows.
    pub folder: PathBuf,
    /// Which of them.
    pub shard: Shard,
    /// How many threads solve.
    pub jobs: usize,
    /// Forget what is on disk.
    pub force: bool,
    /// Write the whole as CSV, and not as Parquet.
    pub csv: bool,
}

/// What was found for the scenarios of a batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// All of them.
    pub scenarios: u64,
    /// Those with an answer that is proven.
    pub solved: u64,
    /// Those whose limits cannot hold together, proven.
    pub infeasible: u64,
    /// Those with an answer, or none, that is not proven.
    pub uncertified: u64,
    /// Those whose own values cannot be read.
    pub problems: u64,
}

/// How far a run is, to be read from another thread.
#[derive(Debug, Default)]
pub struct Progress {
    /// How many scenarios there are to solve, those on disk left out.
    pub asked: AtomicU64,
    /// How many of them are solved.
    pub done: AtomicU64,
    /// How many of those are infeasible.
    pub infeasible: AtomicU64,
    /// How many of those are not proven.
    pub uncertified: AtomicU64,
    /// How many regions are known.
    pub regions: AtomicU64,
    /// How many of the solved ones were read from a region.
    pub reused: AtomicU64,
}

impl Counts {
    fn add(&mut self, found: &Found) {
        self.scenarios += 1;
        let count = match (found.status, found.proof) {
            (FAULTY, _) => &mut self.problems,
            ("optimal", "optimal") => &mut self.solved,
            ("infeasible", "infeasible") => &mut self.infeasible,
            _ => &mut self.uncertified,
        };
        *count += 1;
    }

    pub(super) fn plus(&mut self, other: Self) {
        self.scenarios += other.scenarios;
        self.solved += other.solved;
        self.infeasible += other.infeasible;
        self.uncertified += other.uncertified;
        self.problems += other.problems;
    }

    pub(super) fn json(self) -> Value {
        json!({
            "scenarios": self.scenarios,
            "solved": self.solved,
            "infeasible": self.infeasible,
            "uncertified": self.uncertified,
            "problems": self.problems,
        })
    }

    pub(super) fn of(value: &Value) -> Option<Self> {
        let whole = |key: &str| value.get(key)?.as_u64();
        Some(Self {
            scenarios: whole("scenarios")?,
            solved: whole("solved")?,
            infeasible: whole("infeasible")?,
            uncertified: whole("uncertified")?,
            problems: whole("problems")?,
        })
    }
}

impl Faulty {
    /// What is wrong with it, in words.
    pub fn told(&self) -> String {
        match &self.refused {
            Ok(refused) => {
                refused.problems.first().map_or_else(String::new, |first| first.message.clone())
            }
            Err(message) => message.clone(),
        }
    }
}

/// Solves what of `batch` is not in the folder yet. A whole batch is joined to one file at the end.
///
/// # Errors
///
/// A folder that holds something else, or that cannot be read or written.
pub fn run(batch: &Batch, asked: &Run, progress: &Progress) -> Result<Counts, String> {
    let folder = Folder::open(&asked.folder)?;
    if asked.force {
        folder.clear()?;
    }
    let mut manifest = Manifest {
        config: batch.config.clone(),
        scenarios: batch.count(),
        shard: asked.shard,
        complete: false,
        counts: Counts::default(),
    };
    let known = known(&folder, &manifest)?;
    let is_whole = asked.shard == Shard::WHOLE;
    let done = known.filter(|known| known.complete);
    if let Some(known) = done.as_ref().filter(|_| is_whole && whole(folder.root(), asked).is_file())
    {
        folder.forget_parts(asked.shard)?;
        return Ok(known.counts);
    }
    // What is damaged is solved again.
    let (mut there, mut bytes) = (parts(folder.root(), &batch.config)?, Vec::new());
    there.retain(|part| part.stands(&mut bytes));
    drop(bytes);
    let left = missing(asked.shard.of(batch.count()), &there);
    if let Some(known) = done.filter(|_| !is_whole && left.is_empty()) {
        return Ok(known.counts);
    }
    folder.declare(batch, &manifest)?;
    let count = left.iter().map(|range| range.end - range.start).sum();
    progress.asked.store(count, Ordering::Relaxed);
    let most = group_rows(batch.layout.width()) as u64;
    solve(batch, &folder, &cut(&left, asked.jobs, most), asked.jobs, progress)?;
    let all = parts(folder.root(), &batch.config)?;
    for part in &all {
        manifest.counts.plus(part.counts);
    }
    manifest.complete = true;
    if asked.shard == Shard::WHOLE {
        join(&all, batch.count(), &whole(folder.root(), asked), batch)?;
    }
    folder.declare(batch, &manifest)?;
    folder.forget_parts(asked.shard)?;
    Ok(manifest.counts)
}

/// The file of a whole batch.
fn whole(folder: &Path, asked: &Run) -> PathBuf {
    folder.join(if asked.csv { "batch.csv" } else { "batch.parquet" })
}

/// What the folder holds already of this very batch.
fn known(folder: &Folder, own: &Manifest) -> Result<Option<Manifest>, String> {
    let Some(known) = Manifest::read(folder.root())? else { return Ok(None) };
    let root = folder.root().display();
    if known.config != own.config {
        return Err(format!(
            "`{root}` holds a batch of other files, figures or options; name another folder, or forget it with --force"
        ));
    }
    if known.shard != own.shard {
        return Err(format!(
            "`{root}` holds shard {}/{} of this batch; name another folder, or forget it with --force",
            known.shard.number, known.shard.of
        ));
    }
    Ok(Some(known))
}

/// The ranges of scenarios of a shard that no part has.
fn missing(own: Range<u64>, there: &[Part]) -> Vec<Range<u64>> {
    let mut found = Vec::new();
    let mut at = own.start;
    for part in there {
        if part.first > at {
            found.push(at..part.first.min(own.end));
        }
        at = at.max(part.end());
    }
    if at < own.end {
        found.push(at..own.end);
    }
    found
}

/// The ranges cut so that every thread has some of them, one after the other; none is longer than `most`.
fn cut(ranges: &[Range<u64>], jobs: usize, most: u64) -> Vec<Range<u64>> {
    let all: u64 = ranges.iter().map(|range| range.end - range.start).sum();
    let pieces = u64::try_from(jobs).unwrap_or(1) * PIECES;
    // Parts that are nearly as long as they may be are as long: they are not joined to anything then.
    let even = (all / pieces).max(1);
    let size = usize::try_from(if 2 * even < most { even } else { most }).unwrap_or(1);
    let cut = |range: &Range<u64>| {
        let end = range.end;
        let starts = range.clone().step_by(size);
        starts.map(move |start| start..end.min(start + size as u64)).collect::<Vec<_>>()
    };
    ranges.iter().flat_map(cut).collect()
}

/// Solves ranges on several threads; each writes what it has finished.
fn solve(
    batch: &Batch,
    folder: &Folder,
    work: &[Range<u64>],
    jobs: usize,
    progress: &Progress,
) -> Result<(), String> {
    let shared: Vec<Arc<Atlas>> = batch.members.iter().map(|_| Arc::default()).collect();
    let next = AtomicU64::new(0);
    let failed = AtomicBool::new(false);
    let fault: Mutex<Option<String>> = Mutex::new(None);
    std::thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, work.len().max(1)) {
            scope.spawn(|| {
                let mut worker = Worker { batch, folder, progress, shared: &shared, engine: None };
                let mut rows = Rows::new(&batch.layout);
                while !failed.load(Ordering::Relaxed) {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let own = usize::try_from(place).ok().and_then(|place| work.get(place));
                    let Some(range) = own else { return };
                    if let Err(message) = worker.range(range, &mut rows) {
                        failed.store(true, Ordering::Relaxed);
                        if let Ok(mut fault) = fault.lock() {
                            fault.get_or_insert(message);
                        }
                    }
                }
            });
        }
    });
    match fault.into_inner() {
        Ok(Some(message)) => Err(message),
        _ => Ok(()),
    }
}

/// One thread.
struct Worker<'a> {
    batch: &'a Batch,
    folder: &'a Folder,
    progress: &'a Progress,
    /// The regions of each file.
    shared: &'a [Arc<Atlas>],
    /// The file whose scenarios were solved last, by its place.
    engine: Option<(usize, Result<Engine, String>)>,
}

impl Worker<'_> {
    /// Solves a range, and writes its rows: all at once, or some earlier where it takes long.
    fn range(&mut self, range: &Range<u64>, rows: &mut Rows<'_>) -> Result<(), String> {
        let (mut counts, mut from, mut since) = (Counts::default(), range.start, Instant::now());
        for index in range.clone() {
            let found = self.solve(index, rows);
            counts.add(&found);
            self.progress.done.fetch_add(1, Ordering::Relaxed);
            self.progress.reused.fetch_add(u64::from(found.reused), Ordering::Relaxed);
            let mark = match (found.status, found.proof) {
                ("infeasible", "infeasible") => Some(&self.progress.infeasible),
                ("optimal", "optimal") | (FAULTY, _) => None,
                _ => Some(&self.progress.uncertified),
            };
            if let Some(mark) = mark {
                mark.fetch_add(1, Ordering::Relaxed);
            }
            // The clock is asked where a row took long, and now and then.
            let asks = !found.reused || index % ASKED == 0;
            if (asks && since.elapsed() > WAIT) || index + 1 == range.end {
                let bindings = std::mem::take(&mut rows.bindings);
                self.folder.keep(
                    &self.batch.config,
                    from..index + 1,
                    counts,
                    (&bindings, &mut |out| rows.write(out).map_err(|error| error.to_string())),
                )?;
                (counts, from, since) = (Counts::default(), index + 1, Instant::now());
                let regions: usize = self.shared.iter().map(|atlas| atlas.patches()).sum();
                self.progress.regions.store(regions as u64, Ordering::Relaxed);
            }
        }
        Ok(())
    }

    fn solve(&mut self, index: u64, rows: &mut Rows<'_>) -> Found {
        let place = self.batch.member_of(index);
        let member = &self.batch.members[place];
        if self.engine.as_ref().is_none_or(|(own, _)| *own != place) {
            self.engine = Some((place, {
                let how = (&self.batch.options, &self.batch.layout);
                Engine::open(&member.name, how, &self.shared[place])
            }));
        }
        let own = index - member.first;
        match &mut self.engine {
            Some((_, Ok(engine))) => {
                let found = engine.solve(own);
                rows.push(index, &member.name, engine.places(), &found);
                found
            }
            Some((_, Err(message))) => {
                let found = Found::faulty(message);
                rows.push(index, &member.name, &Places::default(), &found);
                found
            }
            None => unreachable!("an engine was opened"),
        }
    }
}
