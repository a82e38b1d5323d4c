//! The files beside a scenario that its answer may rest on.

use std::path::{Path, PathBuf};

use super::desk::Opened;

/// The endings of files that plans read.
const ENDINGS: [&str; 3] = ["toml", "csv", "xlsx"];

/// How many folders deep, and how many entries, are looked at: a plan's folder holds far fewer.
const MOST: (usize, usize) = (8, 10_000);

/// The files beside a scenario that its answer may rest on, in the plan's folder and in those below it:
/// the plan, tables, other scenarios. Links to folders and hidden folders are passed over.
pub fn beside(opened: &Opened) -> Vec<PathBuf> {
    let Some(root) = &opened.folder else { return Vec::new() };
    let own = root.join(&opened.path);
    let mut found = Vec::new();
    let mut open: Vec<(PathBuf, usize)> = vec![(root.clone(), 0)];
    let mut seen = 0;
    while let Some((folder, depth)) = open.pop() {
        let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten();
        for entry in entries.take(MOST.1.saturating_sub(seen)) {
            seen += 1;
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            let path = entry.path();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                if !hidden && depth < MOST.0 {
                    open.push((path, depth + 1));
                }
            } else if path != own && is_read(&path) {
                found.push(path);
            }
        }
    }
    found.sort_unstable();
    found
}

fn is_read(path: &Path) -> bool {
    path.extension().and_then(|end| end.to_str()).is_some_and(|end| ENDINGS.contains(&end))
}
