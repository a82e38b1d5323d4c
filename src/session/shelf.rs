//! The plans and scenarios that can be opened, and how a plan of one's own is begun.

use std::path::Path;

use super::desk::{Opened, open_draft};
use super::store::{embedded_files, embedded_plans};

/// The plans and scenarios that can be opened: those in the folder of what is open, then the embedded ones. How each is
/// asked for, and its title.
pub fn shelf(opened: &Opened) -> Vec<(String, String)> {
    let mut found = Vec::new();
    if let Some(folder) = &opened.folder {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut paths: Vec<_> = entries.map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if name == "plan.toml" || name.ends_with(".scenario.toml") {
                let text = std::fs::read_to_string(&path).unwrap_or_default();
                found.push((path.display().to_string(), title(&text)));
            }
        }
    }
    for plan in embedded_plans() {
        let files = embedded_files(&plan).unwrap_or_default();
        let read = |bytes: &[u8]| title(&String::from_utf8_lossy(bytes));
        let own = files.iter().find(|(name, _)| name == "plan.toml");
        found.push((plan.clone(), own.map_or(String::new(), |(_, bytes)| read(bytes))));
        let scenarios = files.iter().filter_map(|(name, bytes)| {
            let name = name.strip_suffix(".scenario.toml")?;
            Some((format!("{plan}/{name}"), read(bytes)))
        });
        found.extend(scenarios);
    }
    found
}

/// The title that a file states; nothing where it states none, or cannot be read.
fn title(text: &str) -> String {
    let file = text.parse::<toml_edit::DocumentMut>().ok();
    let stated = file.as_ref().and_then(|file| file.get("title")?.as_str());
    stated.unwrap_or_default().to_string()
}

/// Fills a folder with files; nothing that is there already is touched.
///
/// # Errors
///
/// Why that cannot be, in words.
pub fn fill(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<(), String> {
    if let Some((name, _)) = files.iter().find(|(name, _)| folder.join(name).exists()) {
        let there = folder.join(name);
        return Err(format!(
            "`{}` is there already and was left as it is; name a new folder",
            there.display()
        ));
    }
    std::fs::create_dir_all(folder)
        .map_err(|error| format!("`{}` cannot be made: {error}", folder.display()))?;
    files.iter().try_for_each(|(name, bytes)| super::write(&folder.join(name), bytes))
}

/// Writes an embedded plan's files to a folder that has none of them yet, and opens the plan there.
///
/// # Errors
///
/// Why that cannot be, in words.
pub fn begin(plan: &str, folder: &str) -> Result<Opened, String> {
    let folder = folder.trim();
    if folder.is_empty() {
        return Err("name a new folder for the plan's files".into());
    }
    let files = embedded_files(plan).ok_or_else(|| {
        format!(
            "a plan of your own starts from an embedded one: {}; `{plan}` is none",
            embedded_plans().join(", ")
        )
    })?;
    let files: Vec<_> = files.into_iter().map(|(name, bytes)| (name, bytes.to_vec())).collect();
    fill(Path::new(folder), &files)?;
    open_draft(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn embedded_plans_and_their_scenarios_have_titles() {
        let opened = open_draft("first-steps").expect("a plan");
        let found = shelf(&opened);
        let title =
            |name: &str| found.iter().find(|(own, _)| own == name).map(|(_, title)| &**title);
        assert_eq!(title("first-steps"), Some("First steps (illustrative)"));
        assert!(
            found.iter().all(|(name, title)| !title.is_empty() || name.is_empty()),
            "{found:?}"
        );
        assert!(title("itu-2012-2015/reallocate").is_some());
    }

    #[test]
    fn a_plan_of_ones_own_begins_in_a_folder_without_one() {
        let home = tempfile::tempdir().expect("a folder");
        let folder = home.path().join("mine").display().to_string();
        let opened = begin("first-steps", &folder).expect("a plan");
        assert_eq!(opened.embedded, None);
        assert!(Path::new(&folder).join("cells.csv").is_file());
        assert_eq!(shelf(&opened)[0].0, format!("{folder}/cut-5.scenario.toml"));
        assert!(begin("first-steps", &folder).is_err(), "nothing there is written over");
        assert!(begin("no-such-plan", &folder).is_err());
    }
}
