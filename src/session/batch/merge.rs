//! Joins the parts of a batch to one file.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use super::parts::{Manifest, Part, parts};
use super::{Batch, Counts, Shard};
use crate::report::batch::Joiner;
use crate::report::{self, Column, RowKind, Table, Value};
use crate::session::write::{Watched, faulted};

/// What was joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged {
    /// How many rows the file has.
    pub rows: u64,
    /// What was found for them.
    pub counts: Counts,
}

/// Joins the shards in `folders` to the file `output`: Parquet, or CSV where its ending says so.
///
/// # Errors
///
/// Shards that are missing, doubled, unfinished or of another batch; a file that cannot be written.
pub fn merge(folders: &[PathBuf], output: &Path) -> Result<Merged, String> {
    let mut first: Option<(&Path, Manifest)> = None;
    let mut all: Vec<(usize, Part)> = Vec::new();
    let mut shards: Vec<Shard> = Vec::new();
    for (place, folder) in folders.iter().enumerate() {
        let shown = folder.display();
        let own = Manifest::read(folder)?
            .ok_or_else(|| format!("`{shown}` holds no batch: it has no manifest.json"))?;
        if let Some((known_folder, known)) = &first
            && known.config != own.config
        {
            let known = known_folder.display();
            return Err(format!("`{shown}` is of another batch than `{known}`"));
        }
        if !own.complete {
            return Err(format!(
                "`{shown}` is not finished; run its shard {}/{} again, it goes on where it was",
                own.shard.number, own.shard.of
            ));
        }
        all.extend(parts(folder, &own.config)?.into_iter().map(|part| (place, part)));
        shards.push(own.shard);
        first.get_or_insert((folder, own));
    }
    let Some((_, manifest)) = first else { return Err("name the folders of the shards".into()) };
    all.sort_by_key(|(_, part)| part.first);
    covered(&all, manifest.scenarios, folders).map_err(|words| words + &cuts(folders, &shards))?;
    let own: Vec<Part> = all.into_iter().map(|(_, part)| part).collect();
    let mut counts = Counts::default();
    for part in &own {
        counts.plus(part.counts);
    }
    let rows = write(&own, output)?;
    Ok(Merged { rows, counts })
}

/// Whether every scenario is in exactly one part.
fn covered(parts: &[(usize, Part)], count: u64, folders: &[PathBuf]) -> Result<(), String> {
    let mut at = 0;
    let mut last = 0;
    for (place, part) in parts {
        if part.first > at {
            return Err(missing(at, part.first));
        }
        if part.first < at {
            let (one, two) = (folders[last].display(), folders[*place].display());
            let own = |folder: usize| parts.iter().filter(move |(place, _)| *place == folder);
            let end = |folder: usize| own(folder).map(|(_, part)| part.end()).max().unwrap_or(at);
            return Err(format!(
                "scenarios {} to {} are both in `{one}` and in `{two}`; name each shard once",
                part.first,
                end(last).min(end(*place)) - 1
            ));
        }
        at = part.end();
        last = *place;
    }
    if at < count { Err(missing(at, count)) } else { Ok(()) }
}

/// That shards come from different cuts, where they do: this is why scenarios are missing or doubled.
fn cuts(folders: &[PathBuf], shards: &[Shard]) -> String {
    let mut own = folders.iter().zip(shards);
    let Some((one, first)) = own.next() else { return String::new() };
    own.find(|(_, shard)| shard.of != first.of).map_or_else(String::new, |(other, shard)| {
        format!(
            "; `{}` is shard {}/{} and `{}` is shard {}/{}: take all of them from one cut",
            one.display(),
            first.number,
            first.of,
            other.display(),
            shard.number,
            shard.of
        )
    })
}

fn missing(from: u64, end: u64) -> String {
    format!(
        "scenarios {from} to {} are in none of the folders; name the folders of all shards",
        end - 1
    )
}

/// Joins the parts of a whole batch.
pub(super) fn join(
    parts: &[Part],
    count: u64,
    output: &Path,
    batch: &Batch,
) -> Result<u64, String> {
    let own: Vec<(usize, Part)> = parts.iter().map(|part| (0, part.clone())).collect();
    covered(&own, count, &[output.into()])?;
    if parts.is_empty() {
        let mut empty = Vec::new();
        let mut rows = super::rows::Rows::new(&batch.layout);
        rows.write(&mut empty).map_err(|error| error.to_string())?;
        return written(output, |joiner| {
            joiner.push(&empty).map(|_| ()).map_err(|e| e.to_string())
        });
    }
    write(parts, output)
}

/// Writes the rows of all parts, and beside them the limits that bind in each of their regions.
fn write(parts: &[Part], output: &Path) -> Result<u64, String> {
    let mut bindings = BTreeMap::new();
    for part in parts {
        part.bindings(&mut bindings);
    }
    let table = regions(&bindings).map_err(|error| error.to_string())?;
    crate::session::write(&output.with_extension("regions.csv"), &table)?;
    written(output, |joiner| {
        let mut bytes = Vec::new();
        for part in parts {
            part.read(&mut bytes)?;
            let rows = joiner.push(&bytes).map_err(|error| error.to_string())?;
            if rows != part.count {
                return Err(format!("a part from scenario {} lacks rows", part.first));
            }
        }
        Ok(())
    })
}

/// The regions as a table: the number that rows have, and the limits that bind there.
fn regions(bindings: &BTreeMap<u64, String>) -> Result<Vec<u8>, report::ExportError> {
    let columns = vec![Column::key("region", "Region"), Column::note("binding", "Binding")];
    let mut table = Table::new("regions", "Regions", columns);
    for (id, text) in bindings {
        let values = vec![Value::text(id.to_string()), Value::text(text.clone())];
        table.push(RowKind::Body, values);
    }
    report::csv::encode(&table)
}

/// Writes a file atomically through a joiner.
fn written(
    output: &Path,
    fill: impl FnOnce(&mut Joiner<BufWriter<Watched<File>>>) -> Result<(), String>,
) -> Result<u64, String> {
    let mut rows = 0;
    crate::session::write::streamed(output, |file| {
        let (file, fault) = Watched::new(file);
        let out = BufWriter::with_capacity(1 << 16, file);
        let csv = output.extension().is_some_and(|end| end.eq_ignore_ascii_case("csv"));
        let mut joiner = if csv { Joiner::csv(out) } else { Joiner::parquet(out) };
        let filled =
            fill(&mut joiner).and_then(|()| joiner.finish().map_err(|error| error.to_string()));
        rows = filled.map_err(|words| faulted(output, &fault, words))?;
        Ok(())
    })?;
    Ok(rows)
}
