//! The journal of edits: what was not saved survives the end of the program, however it came.
//!
//! Each running program writes a journal of its own for the file it edits, and holds a lock on it.
//! A journal without a lock belongs to a program that died.

use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::scenario::Draft;

/// The format that a journal states in its first line.
const FORMAT: &str = "virement/journal@1";

/// The edits of one running program.
#[derive(Debug)]
pub struct Journal {
    file: File,
    path: PathBuf,
}

/// What a program that died had not saved.
#[derive(Debug, Clone)]
pub struct Leftover {
    /// Its edits, with their history.
    pub draft: Draft,
    /// The journals to remove once it is taken over or given up.
    paths: Vec<PathBuf>,
}

/// What was found beside a new journal.
#[derive(Debug, Default)]
pub struct Beside {
    /// What a program that died had not saved.
    pub leftover: Option<Leftover>,
    /// Whether another program edits the same file now.
    pub shared: bool,
}

impl Journal {
    /// Opens a journal for what is called `name`, beginning with `base`, in the user's state folder.
    ///
    /// # Errors
    ///
    /// Why there can be none, in words.
    pub fn open(name: &str, base: &str) -> Result<(Self, Beside), String> {
        let folder = state_folder().ok_or("there is no home folder for a journal of edits")?;
        Self::open_in(&folder, name, base)
    }

    /// Opens a journal in a folder.
    ///
    /// # Errors
    ///
    /// Why there can be none, in words.
    pub fn open_in(folder: &Path, name: &str, base: &str) -> Result<(Self, Beside), String> {
        let fault = |error: std::io::Error| format!("no journal of edits can be kept: {error}");
        std::fs::create_dir_all(folder).map_err(fault)?;
        let whole = Path::new(name).canonicalize();
        let whole = whole.map_or_else(|_| name.to_string(), |path| path.display().to_string());
        let digest = Sha256::digest(whole.as_bytes());
        let key = digest.iter().take(8).fold(String::new(), |mut key, byte| {
            let _ = write!(key, "{byte:02x}");
            key
        });
        let beside = beside(folder, &key);
        let (mut file, path) = (0..1000)
            .find_map(|turn| {
                let path = folder.join(format!("{key}-{}-{turn}.journal", std::process::id()));
                let opened = OpenOptions::new().create_new(true).append(true).open(&path).ok()?;
                Some((opened, path))
            })
            .ok_or_else(|| format!("no journal can be made in `{}`", folder.display()))?;
        let _ = file.try_lock();
        let first = json!({ "format": FORMAT, "of": whole, "base": base });
        writeln!(file, "{first}").map_err(fault)?;
        Ok((Self { file, path }, beside))
    }

    /// Writes down the state of the draft.
    pub fn note(&mut self, draft: &Draft) {
        let (versions, at) = draft.versions();
        let version = &versions[at];
        let line = json!({ "at": at, "name": version.name, "text": &*version.text });
        let _ = writeln!(self.file, "{line}");
    }

    /// Writes down that all is saved: nothing before this is left over.
    pub fn saved(&mut self, text: &str) {
        let _ = writeln!(self.file, "{}", json!({ "saved": text }));
    }

    /// Ends the journal: nothing is left over.
    pub fn close(self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

impl Leftover {
    /// Removes the journals: what was in them is taken over, or given up.
    pub fn discard(&self) {
        for path in &self.paths {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// The folder for what a user's programs keep between two runs.
fn state_folder() -> Option<PathBuf> {
    let stated = std::env::var_os("XDG_STATE_HOME").filter(|path| !path.is_empty());
    let home = || std::env::var_os("HOME").filter(|path| !path.is_empty());
    let state = stated
        .map(PathBuf::from)
        .or_else(|| home().map(|home| PathBuf::from(home).join(".local/state")))?;
    Some(state.join("virement"))
}

/// The journals of others for the same file.
fn beside(folder: &Path, key: &str) -> Beside {
    let mut found = Beside::default();
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        if !name.is_some_and(|name| name.starts_with(key) && name.ends_with(".journal")) {
            continue;
        }
        let Ok(mut file) = File::open(&path) else { continue };
        if file.try_lock().is_err() {
            found.shared = true;
            continue;
        }
        let mut text = String::new();
        let draft = file.read_to_string(&mut text).ok().and_then(|_| replay(&text));
        match draft {
            Some(draft) => {
                let left = found
                    .leftover
                    .get_or_insert(Leftover { draft: draft.clone(), paths: Vec::new() });
                left.draft = draft;
                left.paths.push(path);
            }
            None => {
                let _ = std::fs::remove_file(&path);
            }
        }
    }
    found
}

/// The draft that a journal's lines lead to; `None` where nothing in it is unsaved. A last line
/// that was cut short is passed over.
fn replay(text: &str) -> Option<Draft> {
    let mut lines = text.lines();
    let first: Value = serde_json::from_str(lines.next()?).ok()?;
    if first.get("format").and_then(Value::as_str) != Some(FORMAT) {
        return None;
    }
    let mut saved = first.get("base").and_then(Value::as_str)?.to_string();
    let mut draft = Draft::new(&saved);
    for line in lines {
        let Ok(record) = serde_json::from_str::<Value>(line) else { break };
        if let Some(text) = record.get("saved").and_then(Value::as_str) {
            saved = text.into();
            continue;
        }
        let at =
            record.get("at").and_then(Value::as_u64).and_then(|at| usize::try_from(at).ok())?;
        let text = record.get("text").and_then(Value::as_str)?;
        let name = record.get("name").and_then(Value::as_str).unwrap_or("an edit");
        step(&mut draft, at, name, text);
    }
    (**draft.text() != *saved).then_some(draft)
}

/// Takes the draft to version `at`, which has this text.
fn step(draft: &mut Draft, at: usize, name: &str, text: &str) {
    let (versions, now) = draft.versions();
    let same = versions.get(at).is_some_and(|version| *version.text == *text);
    if same {
        for _ in at..now {
            draft.undo();
        }
        for _ in now..at {
            draft.redo();
        }
        return;
    }
    for _ in at.saturating_sub(1)..now {
        if at <= draft.versions().1 {
            draft.undo();
        }
    }
    draft.replace(name.into(), text);
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::Journal;
    use crate::scenario::Draft;

    fn edited() -> Draft {
        let mut draft = Draft::new("a = 1\n");
        draft.replace("two".into(), "a = 2\n");
        draft.replace("three".into(), "a = 3\n");
        draft
    }

    /// A journal whose program has died: its lock is gone, its file is there.
    fn dead(folder: &std::path::Path, note: impl Fn(&mut Journal)) {
        let (mut journal, _) = Journal::open_in(folder, "plan", "a = 1\n").expect("a journal");
        note(&mut journal);
    }

    #[test]
    fn what_a_dead_program_had_not_saved_is_left_over_with_its_history() {
        let folder = tempfile::tempdir().expect("a folder");
        dead(folder.path(), |journal| {
            let mut draft = Draft::new("a = 1\n");
            draft.replace("two".into(), "a = 2\n");
            journal.note(&draft);
            draft.replace("three".into(), "a = 3\n");
            journal.note(&draft);
            draft.undo();
            journal.note(&draft);
        });
        let (_own, beside) = Journal::open_in(folder.path(), "plan", "a = 1\n").expect("a journal");
        let mut draft = beside.leftover.expect("a leftover").draft;
        assert_eq!((&**draft.text(), draft.last()), ("a = 2\n", Some("two")));
        assert_eq!(draft.redo(), Some("three"));
    }

    #[test]
    fn a_saved_journal_leaves_nothing_and_one_of_another_file_is_let_be() {
        let folder = tempfile::tempdir().expect("a folder");
        dead(folder.path(), |journal| {
            journal.note(&edited());
            journal.saved("a = 3\n");
        });
        let open = |name| Journal::open_in(folder.path(), name, "a = 1\n").expect("a journal");
        assert!(open("plan").1.leftover.is_none());
        dead(folder.path(), |journal| journal.note(&edited()));
        assert!(open("other").1.leftover.is_none());
    }

    #[test]
    fn a_living_program_s_journal_is_no_leftover() {
        let folder = tempfile::tempdir().expect("a folder");
        let open = || Journal::open_in(folder.path(), "plan", "a = 1\n").expect("a journal");
        let (mut first, _) = open();
        first.note(&edited());
        let (second, beside) = open();
        assert!(beside.shared && beside.leftover.is_none());
        second.close();
        first.close();
        assert!(!open().1.shared);
    }

    #[test]
    fn a_line_that_was_cut_short_is_passed_over() {
        let folder = tempfile::tempdir().expect("a folder");
        dead(folder.path(), |journal| {
            journal.note(&edited());
            write!(journal.file, "{{\"at\": 7, \"te").expect("a line");
        });
        let (_own, beside) = Journal::open_in(folder.path(), "plan", "a = 1\n").expect("a journal");
        assert_eq!(&**beside.leftover.expect("a leftover").draft.text(), "a = 3\n");
    }

    /// Cut anywhere, as a disk may leave it, a journal leads to a state that was noted in it.
    #[test]
    fn a_journal_cut_at_any_byte_leads_to_a_state_that_was_noted() {
        let folder = tempfile::tempdir().expect("a folder");
        dead(folder.path(), |journal| {
            for n in 2..6 {
                draft_of(&mut Draft::new("a = 1\n"), n, journal);
            }
        });
        let path = std::fs::read_dir(folder.path()).expect("a folder").flatten().next();
        let bytes = std::fs::read(path.expect("a journal").path()).expect("its bytes");
        let mut seen = 1;
        for end in 0..=bytes.len() {
            let text = String::from_utf8_lossy(&bytes[..end]);
            let Some(found) = super::replay(&text) else { continue };
            let state = (2..6).find(|n| **found.text() == format!("a = {n}\n"));
            let state = state.unwrap_or_else(|| panic!("{end}: {}", found.text()));
            assert!(state >= seen, "{end}: {state} after {seen}");
            seen = state;
        }
        assert_eq!(seen, 5);
    }

    fn draft_of(draft: &mut Draft, last: i64, journal: &mut Journal) {
        for n in 2..=last {
            draft.replace(format!("edit {n}"), &format!("a = {n}\n"));
        }
        journal.note(draft);
    }
}
