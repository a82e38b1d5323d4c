//! Planners' mistakes: each folder of `tests/faults` holds a plan with one, and the whole message
//! that it is met with. `UPDATE_FAULTS=1` writes the messages anew, to be read before they are kept.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

/// Kinds of fault that a planner can meet, and messages that point into two files.
const LEAST_FAULTS: usize = 60;
const LEAST_SPANNING: usize = 25;

fn folders() -> Vec<String> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/faults");
    let entries = std::fs::read_dir(root).expect("the folder of faults");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
        .collect();
    names.sort();
    names
}

/// Exit code and message of `virement check` on a fault.
fn check(name: &str) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_virement"))
        .args(["check", &format!("tests/faults/{name}")])
        .env("LANG", "C.UTF-8")
        .env("NO_COLOR", "1")
        .env_remove("LC_ALL")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the program runs");
    (output.status.code(), String::from_utf8(output.stderr).expect("text"))
}

/// The files that a message shows an excerpt of, and the codes of its problems.
fn shown(message: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let mut files = BTreeSet::new();
    let mut codes = BTreeSet::new();
    for line in message.lines() {
        if let Some((_, place)) = line.split_once("─[")
            && let Some((file, _)) = place.split_once(':')
        {
            files.insert(file.to_string());
        }
        let word = line.trim();
        if !line.starts_with(' ') && !word.is_empty() && !word.contains(' ') {
            codes.insert(word.to_string());
        }
    }
    (files, codes)
}

#[test]
fn every_mistake_is_met_with_the_message_that_was_reviewed() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/faults");
    let mut changed = Vec::new();
    for name in folders() {
        let (code, message) = check(&name);
        let refused = i32::from(message.contains("  × "));
        assert_eq!(code, Some(refused), "{name}:\n{message}");
        let file = root.join(&name).join("message.txt");
        if std::env::var_os("UPDATE_FAULTS").is_some() {
            std::fs::write(&file, &message).expect("a message");
        }
        let known = std::fs::read_to_string(&file).unwrap_or_default();
        if known != message {
            changed.push(format!("{name} now says:\n{message}"));
        }
    }
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}

#[test]
fn the_mistakes_are_many_and_many_of_them_span_two_files() {
    let names = folders();
    let messages: Vec<String> = names.iter().map(|name| check(name).1).collect();
    let spanning = messages.iter().filter(|message| shown(message).0.len() > 1).count();
    let codes: BTreeSet<String> = messages.iter().flat_map(|message| shown(message).1).collect();
    assert!(names.len() >= LEAST_FAULTS, "{} faults", names.len());
    assert!(spanning >= LEAST_SPANNING, "{spanning} of {} span two files", names.len());
    assert!(codes.len() >= LEAST_FAULTS, "{} kinds: {codes:?}", codes.len());
}
