use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::args::{Batch as Asked, Format, Summarise};
use super::run::{Exit, failed, misuse, show};
use super::screen::Screen;
use super::transfers::{in_format, out};
use crate::session::batch::{
    Batch, Counts, Options, Progress, Run, Shard, Unsummed, Wanted, merge as join, run,
    summarise as sum_up,
};
use crate::units::{Amount, grouped};

/// How often the progress is told.
const TICK: Duration = Duration::from_millis(250);

/// Solves many scenarios.
pub(super) fn batch(screen: &Screen, asked: &Asked) -> Exit {
    let options = Options {
        by: asked.by.clone(),
        all_cells: asked.all_cells,
        rounded: asked.rounded,
        pressures: asked.pressures,
        alone: asked.alone,
    };
    let shard = match asked.shard.as_deref().map_or(Ok(Shard::WHOLE), shard) {
        Ok(shard) => shard,
        Err(message) => return misuse(screen, &message),
    };
    let batch = match Batch::open(&asked.paths, options) {
        Ok(batch) => batch,
        Err(message) => return misuse(screen, &message),
    };
    for faulty in &batch.faulty {
        match &faulty.refused {
            Ok(refused) => show(screen, &refused.problems, &refused.sources),
            Err(message) => screen.say(message),
        }
    }
    if let Some(index) = asked.scenario {
        return match batch.file(index) {
            Ok(text) => Screen::print(&text).map_or_else(|m| failed(screen, &m), |()| Exit::Fine),
            Err(message) => misuse(screen, &message),
        };
    }
    let Some(folder) = asked.output.clone() else { return misuse(screen, "name a folder with -o") };
    let jobs = asked.jobs.or_else(|| std::thread::available_parallelism().ok().map(Into::into));
    let how = Run {
        folder: folder.clone(),
        shard,
        jobs: jobs.unwrap_or(1),
        force: asked.force,
        csv: asked.csv,
    };
    let progress = Progress::default();
    let found = watched(&progress, || run(&batch, &how, &progress));
    match found {
        Ok(counts) => {
            let reused = progress.reused.load(Ordering::Relaxed);
            if reused > 0 {
                let regions = progress.regions.load(Ordering::Relaxed);
                screen.say(&format!(
                    "{} read from {} regions, each proven once",
                    number(reused),
                    number(regions)
                ));
            }
            ending(screen, &batch, counts, &folder)
        }
        Err(message) => failed(screen, &message),
    }
}

/// Joins the shards of a batch.
pub(super) fn merge(screen: &Screen, folders: &[PathBuf], output: &Path) -> Exit {
    match join(folders, output) {
        Ok(merged) => {
            screen.say(&format!("{} in {}", told(merged.counts), output.display()));
            Exit::Fine
        }
        Err(message) => failed(screen, &message),
    }
}

/// Sums up the rows of a batch.
pub(super) fn summarise(screen: &Screen, asked: &Summarise) -> Exit {
    const TABLES: [&str; 6] = ["outcomes", "fan", "binding", "clashes", "tornado", "break-even"];
    if let Some(name) = asked.tables.iter().find(|name| !TABLES.contains(&name.as_str())) {
        let known = TABLES.join(", ");
        return misuse(screen, &format!("there is no table `{name}`; there are {known}"));
    }
    let (of, until) = (asked.of.clone(), asked.until.clone());
    let wanted = Wanted { tables: asked.tables.clone(), of, until };
    let tables = match sum_up(&asked.rows, &wanted) {
        Ok(tables) => tables,
        Err(Unsummed::Rows(message)) => return failed(screen, &message),
        Err(Unsummed::Asked(message)) => return misuse(screen, &message),
    };
    if let Some(name) = asked.tables.iter().find(|name| tables.iter().all(|own| own.id != **name)) {
        let known: Vec<&str> = tables.iter().map(|own| own.id).collect();
        return misuse(
            screen,
            &format!("there is no table `{name}`; there are {}", known.join(", ")),
        );
    }
    if asked.format == Format::Csv && tables.len() != 1 {
        return misuse(screen, "--format csv takes one --table");
    }
    match in_format(screen, asked.format, &tables, asked.output.is_some()) {
        Ok(text) => out(screen, &text, asked.output.as_deref(), || Exit::Fine),
        Err(message) => misuse(screen, &message),
    }
}

fn ending(screen: &Screen, batch: &Batch, counts: Counts, folder: &Path) -> Exit {
    screen.say(&format!("{} in {}", told(counts), folder.display()));
    let faulty = batch.faulty.len();
    if faulty > 0 {
        screen.say(&format!(
            "{faulty} files have problems and were left out; they are in manifest.json"
        ));
    }
    if faulty > 0 || counts.problems > 0 {
        Exit::Problem
    } else if counts.uncertified > 0 {
        Exit::Uncertified
    } else {
        Exit::Fine
    }
}

fn told(counts: Counts) -> String {
    let mut text = format!("{} scenarios", number(counts.scenarios));
    let others = [
        (counts.infeasible, "infeasible"),
        (counts.uncertified, "not certified"),
        (counts.problems, "with problems"),
    ];
    for (count, word) in others.into_iter().filter(|(count, _)| *count > 0) {
        text += &format!(", {} {word}", number(count));
    }
    text
}

fn number(count: u64) -> String {
    grouped(&Amount::whole(i64::try_from(count).unwrap_or(i64::MAX)), 0)
}

/// Reads `3/16`.
fn shard(text: &str) -> Result<Shard, String> {
    let parts = text.split_once('/').and_then(|(number, of)| {
        Some(Shard { number: number.trim().parse().ok()?, of: of.trim().parse().ok()? })
    });
    let fits = |shard: &Shard| (1..=shard.of).contains(&shard.number);
    parts
        .filter(fits)
        .ok_or_else(|| format!("`--shard {text}`: write I/N with I from 1 to N, like 3/16"))
}

/// Runs `work`, and tells its progress where there is a terminal for it.
fn watched<T>(progress: &Progress, work: impl FnOnce() -> T) -> T {
    if !std::io::stderr().is_terminal() {
        return work();
    }
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let since = Instant::now();
            while !over.load(Ordering::Relaxed) {
                std::thread::sleep(TICK);
                let _ = write!(std::io::stderr(), "\r\x1b[K{}", line(progress, since.elapsed()));
            }
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        });
        let found = work();
        over.store(true, Ordering::Relaxed);
        found
    })
}

/// How far a run is, on one line.
fn line(progress: &Progress, since: Duration) -> String {
    let read = |count: &std::sync::atomic::AtomicU64| count.load(Ordering::Relaxed);
    let (asked, done) = (read(&progress.asked), read(&progress.done));
    let rate = done as f64 / since.as_secs_f64().max(1e-3);
    let left = if done == 0 { 0.0 } else { (asked - done.min(asked)) as f64 / rate };
    let mut text = format!(
        "{} of {}, {}/s, {} left",
        number(done),
        number(asked),
        number(whole(rate)),
        time(whole(left))
    );
    for (count, word) in [
        (&progress.regions, "regions"),
        (&progress.infeasible, "infeasible"),
        (&progress.uncertified, "not certified"),
    ] {
        if read(count) > 0 {
            text += &format!(", {} {word}", number(read(count)));
        }
    }
    text
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it saturates")]
fn whole(figure: f64) -> u64 {
    figure as u64
}

fn time(seconds: u64) -> String {
    match seconds {
        0..100 => format!("{seconds} s"),
        100..6000 => format!("{} min", seconds / 60),
        _ => format!("{} h", seconds / 3600),
    }
}
