//! What lies where a path that is being typed leads.

use std::path::Path;

/// The most names that are given.
const MOST: usize = 200;

/// The folders, Parquet and CSV files whose paths begin with `typed`, folders with a slash behind them;
/// nothing where the folder cannot be read.
pub fn completions(typed: &str) -> Vec<String> {
    let (folder, start) = match typed.rfind('/') {
        Some(slash) => typed.split_at(slash + 1),
        None => ("", typed),
    };
    let here = if folder.is_empty() { Path::new(".") } else { Path::new(folder) };
    let entries = std::fs::read_dir(here).into_iter().flatten().flatten();
    let mut found: Vec<String> = entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let hidden = name.starts_with('.') && !start.starts_with('.');
            if hidden || !name.starts_with(start) {
                return None;
            }
            if entry.path().is_dir() {
                return Some(format!("{folder}{name}/"));
            }
            let end = Path::new(&name).extension().and_then(|end| end.to_str());
            let rows = end.is_some_and(|end| ["parquet", "csv"].contains(&end));
            rows.then(|| format!("{folder}{name}"))
        })
        .collect();
    found.sort_unstable();
    found.truncate(MOST);
    found
}

#[cfg(test)]
mod tests {
    use super::completions;

    #[test]
    fn folders_and_rows_are_found_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("answers")).expect("a folder");
        for name in ["all.parquet", "any.csv", "a.txt", ".a.csv", "b.csv"] {
            std::fs::write(folder.path().join(name), "").expect("a file");
        }
        let typed = format!("{}/a", folder.path().display());
        let found = completions(&typed);
        let ends: Vec<&str> =
            found.iter().filter_map(|name| name.rsplit_once("/a")).map(|(_, end)| end).collect();
        assert_eq!(ends, ["ll.parquet", "nswers/", "ny.csv"]);
        assert_eq!(completions("no/such/folder/"), Vec::<String>::new());
    }
}
