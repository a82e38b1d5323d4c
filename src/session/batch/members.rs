//! The files whose scenarios make up a batch.

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::Options;
use super::engine::Engine;
use super::layout::Layout;
use crate::scenario::Resolved;
use crate::session::{Refused, Request, check, find};

/// A batch: files, and how many scenarios each stands for.
pub struct Batch {
    /// The files whose scenarios are solved, in order.
    pub members: Vec<Member>,
    /// The files that have problems; none of their scenarios is solved.
    pub faulty: Vec<Faulty>,
    /// The columns of its rows.
    pub layout: Layout,
    /// What it is asked for.
    pub options: Options,
    /// The hash of everything that its rows depend on.
    pub config: String,
}

/// A file of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// How it was asked for.
    pub name: String,
    /// The hash of its resolved input.
    pub hash: String,
    /// The number of its first scenario in the batch, counted from 0.
    pub first: u64,
    /// How many scenarios it stands for.
    pub scenarios: u64,
}

/// A file that has problems.
pub struct Faulty {
    /// How it was asked for.
    pub name: String,
    /// What is wrong with it.
    pub refused: Result<Refused, String>,
}

impl Batch {
    /// Opens every file that `names` stand for: plans and scenarios by path or embedded name, and
    /// folders with all scenario files in them. Nothing is solved.
    ///
    /// # Errors
    ///
    /// A name that stands for nothing, or `by` that no file has.
    pub fn open(names: &[String], options: Options) -> Result<Self, String> {
        let mut files = Vec::new();
        for name in names {
            files.extend(expand(name)?);
        }
        let mut batch = Self {
            members: Vec::new(),
            faulty: Vec::new(),
            layout: Layout::default(),
            options,
            config: String::new(),
        };
        for name in files {
            batch.add(name)?;
        }
        batch.config = batch.digest();
        Ok(batch)
    }

    fn add(&mut self, name: String) -> Result<(), String> {
        let request = match find(&name) {
            Ok(request) => request,
            Err(message) => {
                self.faulty.push(Faulty { name, refused: Err(message) });
                return Ok(());
            }
        };
        let resolved = match check(&request) {
            Ok((resolved, _)) => resolved,
            Err(refused) => {
                self.faulty.push(Faulty { name, refused: Ok(refused) });
                return Ok(());
            }
        };
        self.layout.take_in(&resolved, &self.options)?;
        let scenarios = resolved.design.count();
        let hash = hash(&request, &resolved);
        let first = self.count();
        if first.checked_add(scenarios).is_none() {
            return Err("the files stand for more scenarios than can be counted".into());
        }
        self.members.push(Member { name, hash, first, scenarios });
        Ok(())
    }

    /// How many scenarios there are.
    pub fn count(&self) -> u64 {
        self.members.last().map_or(0, |member| member.first + member.scenarios)
    }

    /// The file that scenario `index` is of, by its place.
    pub fn member_of(&self, index: u64) -> usize {
        self.members.partition_point(|member| member.first + member.scenarios <= index)
    }

    /// Scenario `index` as a file that stands on the one that it is of.
    ///
    /// # Errors
    ///
    /// That there is none, or that its file cannot be read.
    pub fn file(&self, index: u64) -> Result<String, String> {
        let place = self.member_of(index);
        let Some(member) = self.members.get(place) else {
            let count = self.count();
            return Err(format!("there are {count} scenarios, numbered from 0"));
        };
        Engine::open(&member.name, (&self.options, &self.layout), &Arc::default())
            .map(|engine| engine.file(index - member.first))
    }

    /// Everything that the rows depend on, but not how the work is cut.
    fn digest(&self) -> String {
        let mut digest = Sha256::new();
        let options = &self.options;
        digest.update(format!(
            "{} {:?} {} {} {}\n",
            env!("CARGO_PKG_VERSION"),
            options.by,
            options.all_cells,
            options.rounded,
            options.pressures
        ));
        for member in &self.members {
            digest.update(format!("{:?} {} {}\n", member.name, member.hash, member.scenarios));
        }
        hex(&digest.finalize())
    }
}

/// The hash of a file's resolved input, and of what varies in it.
fn hash(request: &Request, resolved: &Resolved) -> String {
    let mut digest = Sha256::new();
    digest.update(resolved.hash());
    digest.update(format!("{:?}", resolved.design));
    // What it builds on is solved, and not a value of it: then the files themselves count.
    for name in request.files.list() {
        let end = Path::new(&name).extension().and_then(|end| end.to_str());
        if end.is_some_and(|end| ["toml", "csv", "xlsx"].contains(&end))
            && let Ok(bytes) = request.files.read(&name)
        {
            digest.update(Sha256::digest(&bytes));
        }
    }
    hex(&digest.finalize())
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The scenario files in a folder, in order of their names, or what else the name stands for.
fn expand(name: &str) -> Result<Vec<String>, String> {
    let path = Path::new(name);
    if !path.is_dir() {
        return find(name).map(|_| vec![name.to_string()]);
    }
    let entries = std::fs::read_dir(path).map_err(|error| format!("`{name}`: {error}"))?;
    let mut found: Vec<String> = entries
        .flatten()
        .map(|entry| entry.path().display().to_string())
        .filter(|file| file.ends_with(".scenario.toml"))
        .collect();
    found.sort_unstable();
    match found.is_empty() {
        true if path.join("plan.toml").is_file() => Ok(vec![name.to_string()]),
        true => Err(format!("`{name}` is a folder without a plan and without scenario files")),
        false => Ok(found),
    }
}
