//! Data flows one way: a module uses only the floors below its own, and each big dependency has one
//! doorway.

use std::fs;
use std::path::{Path, PathBuf};

/// The floors, and those that each may use.
const BELOW: [(&str, &[&str]); 11] = [
    ("units", &[]),
    ("plan", &["units"]),
    ("certify", &["units", "plan"]),
    ("scenario", &["units", "plan"]),
    ("formulate", &["units", "plan"]),
    ("solve", &["units", "plan", "certify", "formulate"]),
    ("explain", &["units", "plan", "certify", "formulate", "solve"]),
    ("report", &["units", "plan", "certify", "formulate", "solve", "explain"]),
    (
        "session",
        &["units", "plan", "certify", "scenario", "formulate", "solve", "explain", "report"],
    ),
    (
        "tui",
        &[
            "units",
            "plan",
            "certify",
            "scenario",
            "formulate",
            "solve",
            "explain",
            "report",
            "session",
        ],
    ),
    (
        "cli",
        &[
            "units",
            "plan",
            "certify",
            "scenario",
            "formulate",
            "solve",
            "explain",
            "report",
            "session",
            "tui",
        ],
    ),
];

/// Big dependencies, and the floors that may name them.
const DOORWAYS: [(&str, &[&str]); 19] = [
    ("polars", &["report"]),
    ("good_lp", &["formulate", "solve"]),
    ("highs_sys", &["solve"]),
    ("nalgebra", &["plan", "solve", "explain"]),
    ("clap", &["cli"]),
    ("ratatui", &["tui"]),
    ("crossterm", &["tui"]),
    ("signal_hook", &["tui"]),
    ("toml", &["scenario"]),
    ("toml_edit", &["scenario"]),
    ("csv", &["scenario", "report"]),
    ("miette", &["scenario"]),
    ("rayon", &["session"]),
    ("tempfile", &["session"]),
    ("include_dir", &["session"]),
    ("calamine", &["scenario"]),
    ("zip", &["scenario"]),
    ("rust_xlsxwriter", &["report"]),
    ("unicode_normalization", &["report"]),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The names that follow `prefix` in `text`: `crate::` paths, alone or in braces.
fn names_after<'a>(text: &'a str, prefix: &str) -> Vec<&'a str> {
    let word = |rest: &'a str| {
        rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
    };
    text.match_indices(prefix)
        .flat_map(|(at, _)| {
            let rest = &text[at + prefix.len()..];
            match rest.strip_prefix('{') {
                Some(list) => {
                    let inside = list.split('}').next().unwrap_or_default();
                    inside.split(',').map(|part| word(part.trim())).collect()
                }
                None => vec![word(rest)],
            }
        })
        .collect()
}

#[test]
fn a_floor_uses_only_the_floors_below_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut seen = 0;
    for (floor, below) in BELOW {
        for path in sources(&root.join(floor)) {
            let text = fs::read_to_string(&path).expect("a source");
            for name in names_after(&text, "crate::") {
                seen += 1;
                let known = BELOW.iter().any(|(other, _)| *other == name);
                assert!(
                    !known || name == floor || below.contains(&name),
                    "{}: `{floor}` may not use `{name}`",
                    path.display()
                );
            }
        }
    }
    assert!(seen > 100, "the paths were not found");
}

#[test]
fn every_folder_of_sources_is_a_known_floor() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in fs::read_dir(root).expect("the sources") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            assert!(BELOW.iter().any(|(floor, _)| *floor == name), "`{name}` is no floor");
        }
    }
}

#[test]
fn a_big_dependency_is_named_only_in_its_doorway() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut seen = 0;
    for path in sources(&root) {
        let inside = path.strip_prefix(&root).expect("a source").to_path_buf();
        let floor = inside.iter().next().expect("a floor").to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).expect("a source");
        for (name, floors) in DOORWAYS {
            let prefixes = [format!("use {name}::"), format!(" {name}::"), format!("({name}::")];
            let own = floor == "report" && name == "csv";
            if prefixes.iter().any(|prefix| text.contains(prefix)) {
                seen += 1;
                let allowed = floors.contains(&floor.as_str());
                assert!(allowed || own, "{}: `{name}` has no doorway here", path.display());
            }
        }
        let touches = ["std::fs", "std::env", "std::time", "std::thread"];
        let own = inside.to_string_lossy();
        let shell = own.starts_with("tui/shell") || own.starts_with("tui/worker");
        // Threads that end before the call does are no part of the world.
        let beside = own == "solve/beside.rs";
        let pure = !shell && !beside && !matches!(floor.as_str(), "session" | "cli" | "main.rs");
        let touched = touches.iter().find(|name| pure && text.contains(**name));
        assert_eq!(touched, None, "{}: a pure floor touches the world", path.display());
    }
    assert!(seen >= DOORWAYS.len(), "the doorways were not found");
}
