//! What of a batch is on disk.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Read, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::members::hex;
use super::{Batch, Counts, Shard};
use crate::session::write;
use crate::session::write::{Watched, faulted, streamed, swept, unwritten};

/// The format that a manifest states.
const FORMAT: &str = "virement/batch@1";

/// What writes the rows of a part.
pub(super) type Filling<'a> = dyn FnMut(&mut dyn Write) -> Result<(), String> + 'a;

/// What is written, and its hash.
struct Hashed<W> {
    out: W,
    hash: Sha256,
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let count = self.out.write(bytes)?;
        self.hash.update(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

/// The folder of a batch, which one program at a time writes to.
pub(super) struct Folder {
    root: PathBuf,
    /// The lock ends with the program.
    _lock: File,
}

/// What a folder says that it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// The hash of everything that the rows depend on.
    pub config: String,
    /// How many scenarios the whole batch has.
    pub scenarios: u64,
    /// Which of them are in the folder.
    pub shard: Shard,
    /// Whether all of them are there.
    pub complete: bool,
    /// What was found for them, where they are.
    pub counts: Counts,
}

/// Some rows on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// The first scenario, and how many there are.
    pub(super) first: u64,
    pub(super) count: u64,
    pub(super) counts: Counts,
    sha256: String,
    path: PathBuf,
}

impl Folder {
    /// Opens the folder, and makes it where there is none.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to, or that another program writes to.
    pub(super) fn open(root: &Path) -> Result<Self, String> {
        let parts = root.join("parts");
        let fault = |error: std::io::Error| format!("`{}`: {error}", root.display());
        fs::create_dir_all(&parts).map_err(fault)?;
        let lock = File::create(root.join(".lock")).map_err(fault)?;
        lock.try_lock().map_err(|_error| {
            format!(
                "another program writes to `{}`; wait for it, or name another folder",
                root.display()
            )
        })?;
        // Nobody else writes here.
        swept(root);
        swept(&parts);
        Ok(Self { root: root.into(), _lock: lock })
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn parts(&self) -> PathBuf {
        self.root.join("parts")
    }

    /// Removes all rows.
    pub(super) fn clear(&self) -> Result<(), String> {
        let fault = |error: std::io::Error| format!("`{}`: {error}", self.root.display());
        fs::remove_dir_all(self.parts()).map_err(fault)?;
        for whole in ["batch.parquet", "batch.csv", "batch.regions.csv", "manifest.json"] {
            match fs::remove_file(self.root.join(whole)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(fault(error));
                }
                _ => {}
            }
        }
        fs::create_dir_all(self.parts()).map_err(fault)
    }

    /// Removes the parts of a whole batch, which are in its file.
    pub(super) fn forget_parts(&self, shard: Shard) -> Result<(), String> {
        if shard != Shard::WHOLE {
            return Ok(());
        }
        fs::remove_dir_all(self.parts())
            .map_err(|error| format!("`{}`: {error}", self.root.display()))
    }

    /// Writes rows so that nobody ever sees half of them: the rows first, then what vouches for
    /// them.
    pub(super) fn keep(
        &self,
        config: &str,
        range: Range<u64>,
        counts: Counts,
        (bindings, rows): (&BTreeMap<u64, Arc<str>>, &mut Filling<'_>),
    ) -> Result<(), String> {
        let (first, count) = (range.start, range.end - range.start);
        let name = format!("{first:012}-{count:09}");
        let path = self.parts().join(format!("{name}.parquet"));
        let mut sha256 = String::new();
        streamed(&path, |file| {
            let (file, fault) = Watched::new(file);
            let hashed = Hashed { out: file, hash: Sha256::new() };
            let mut out = BufWriter::with_capacity(1 << 16, hashed);
            rows(&mut out).map_err(|words| faulted(&path, &fault, words))?;
            let hashed = out.into_inner().map_err(|error| unwritten(&path, error.error()))?;
            sha256 = hex(&hashed.hash.finalize());
            Ok(())
        })?;
        let regions: Map<String, Value> =
            bindings.iter().map(|(id, text)| (id.to_string(), json!(&**text))).collect();
        let beside = json!({
            "format": FORMAT,
            "config": config,
            "first": first,
            "rows": count,
            "sha256": sha256,
            "counts": counts.json(),
            "regions": regions,
        });
        write(&self.parts().join(format!("{name}.json")), format!("{beside:#}\n").as_bytes())
    }

    /// Writes what the folder holds.
    pub(super) fn declare(&self, batch: &Batch, manifest: &Manifest) -> Result<(), String> {
        let files: Vec<Value> = batch
            .members
            .iter()
            .map(|member| {
                json!({
                    "name": member.name,
                    "hash": member.hash,
                    "first": member.first,
                    "scenarios": member.scenarios,
                })
            })
            .collect();
        let faulty: Vec<Value> = batch
            .faulty
            .iter()
            .map(|faulty| json!({ "name": faulty.name, "problem": faulty.told() }))
            .collect();
        let text = json!({
            "format": FORMAT,
            "program": concat!("virement ", env!("CARGO_PKG_VERSION")),
            "config": manifest.config,
            "amounts": if batch.options.rounded { "published" } else { "exact, each as the nearest float" },
            "scenarios": manifest.scenarios,
            "shard": [manifest.shard.number, manifest.shard.of],
            "complete": manifest.complete,
            "counts": manifest.counts.json(),
            "files": files,
            "problems": faulty,
        });
        write(&self.root.join("manifest.json"), format!("{text:#}\n").as_bytes())
    }
}

impl Manifest {
    /// What the folder says that it holds; `None` where it says nothing.
    ///
    /// # Errors
    ///
    /// A manifest that cannot be read, or is none.
    pub fn read(folder: &Path) -> Result<Option<Self>, String> {
        let path = folder.join("manifest.json");
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(format!("`{}`: {error}", path.display())),
        };
        let read = || -> Option<Self> {
            let value: Value = serde_json::from_str(&text).ok()?;
            (value.get("format")? == FORMAT).then_some(())?;
            let whole = |key: &str| value.get(key)?.as_u64();
            let shard = value.get("shard")?;
            Some(Self {
                config: value.get("config")?.as_str()?.into(),
                scenarios: whole("scenarios")?,
                shard: Shard { number: shard.get(0)?.as_u64()?, of: shard.get(1)?.as_u64()? },
                complete: value.get("complete")?.as_bool()?,
                counts: Counts::of(value.get("counts")?)?,
            })
        };
        let fault = format!(
            "`{}` is not the manifest of a batch; name another folder, or forget it with --force",
            path.display()
        );
        read().map(Some).ok_or(fault)
    }
}

impl Part {
    /// Reads the rows into `bytes`, if they are those that were written.
    ///
    /// # Errors
    ///
    /// Rows that cannot be read, or are others.
    pub(super) fn read(&self, bytes: &mut Vec<u8>) -> Result<(), String> {
        bytes.clear();
        let file = File::open(&self.path);
        file.and_then(|mut file| file.read_to_end(bytes))
            .map_err(|error| format!("`{}`: {error}", self.path.display()))?;
        if hex(&Sha256::digest(&*bytes)) == self.sha256 {
            return Ok(());
        }
        Err(format!(
            "`{}` is not what was written; run the batch again, which solves its scenarios anew",
            self.path.display()
        ))
    }

    /// Adds the limits that bind in the regions of its rows.
    pub(super) fn bindings(&self, all: &mut BTreeMap<u64, String>) {
        let beside = fs::read(self.path.with_extension("json")).unwrap_or_default();
        let value: Value = serde_json::from_slice(&beside).unwrap_or_default();
        for (id, text) in value.get("regions").and_then(Value::as_object).into_iter().flatten() {
            if let (Ok(id), Some(text)) = (id.parse(), text.as_str()) {
                all.entry(id).or_insert_with(|| text.to_string());
            }
        }
    }

    /// Whether its rows are those that were written. Others are taken away, and solved again.
    pub(super) fn stands(&self, bytes: &mut Vec<u8>) -> bool {
        let whole = self.read(bytes).is_ok();
        if !whole {
            let _ = fs::remove_file(self.path.with_extension("json"));
            let _ = fs::remove_file(&self.path);
        }
        whole
    }

    pub(super) fn end(&self) -> u64 {
        self.first + self.count
    }
}

/// The parts in a folder that are of this batch, in order. What nothing vouches for is passed over.
pub(super) fn parts(folder: &Path, config: &str) -> Result<Vec<Part>, String> {
    let folder = folder.join("parts");
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(format!("`{}`: {error}", folder.display())),
    };
    let mut found = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.extension().is_none_or(|end| end != "json") {
            continue;
        }
        let rows = path.with_extension("parquet");
        let read = || -> Option<(String, Part)> {
            let value: Value = serde_json::from_slice(&fs::read(&path).ok()?).ok()?;
            let part = Part {
                first: value.get("first")?.as_u64()?,
                count: value.get("rows")?.as_u64()?,
                counts: Counts::of(value.get("counts")?)?,
                sha256: value.get("sha256")?.as_str()?.into(),
                path: rows.clone(),
            };
            Some((value.get("config")?.as_str()?.into(), part))
        };
        let Some((own, part)) = read().filter(|_| rows.is_file()) else { continue };
        if own != config {
            return Err(format!("`{}` is part of another batch", path.display()));
        }
        found.push(part);
    }
    found.sort_by_key(|part| part.first);
    Ok(found)
}
