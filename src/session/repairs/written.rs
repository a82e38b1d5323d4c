//! Repairs as scenarios of their own.

use std::path::{Path, PathBuf};

use crate::explain::Repair;
use crate::session::solve::Solved;
use crate::session::store::Request;

pub(super) fn file_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// The scenario that makes a repair's changes to `parent`.
pub(super) fn scenario_text(parent: &str, title: &str, repair: &Repair, note: &str) -> String {
    let mut text = String::new();
    for line in note.lines() {
        text += &format!("# {line}\n");
    }
    text += "format  = \"virement/scenario@1\"\n";
    text += &format!("extends = {}\ntitle   = {}\n", quoted(parent), quoted(title));
    for change in &repair.changes {
        text += &format!("\n[[change]]\nset = {}\n", quoted(&change.path));
        if let Some(cells) = &change.cells {
            text += &format!("where = {cells}\n");
        }
        text += &format!("to  = {}\n", change.to());
        let was = format!("repair: {} (it was {})", change.text(), change.from);
        text += &format!("reason = {}\n", quoted(&was));
    }
    text
}

/// The text as a TOML string.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push(' '),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Writes the scenario of a repair to `output`; gives a remark where it cannot be solved there.
///
/// # Errors
///
/// Why it cannot be written there, in words.
pub fn apply(
    request: &Request,
    solved: &Solved,
    repair: &Repair,
    output: &Path,
) -> Result<Option<String>, String> {
    let name = output.file_name().map(|name| name.to_string_lossy().into_owned());
    if !name.is_some_and(|name| name.ends_with(".scenario.toml")) {
        return Err("-o: a scenario's file ends in .scenario.toml".into());
    }
    if output.exists() {
        return Err(format!("-o: `{}` is there already; name a new file", output.display()));
    }
    let (parent, remark) = parent(request, output)?;
    let title = solved.resolved.plan.scenario().unwrap_or(solved.resolved.plan.title());
    let title = format!("{title}, repaired");
    let note = format!(
        "A repair of `{}`: {} {}.",
        file_name(&request.path),
        crate::explain::amount_text(&repair.cost()),
        solved.resolved.plan.unit()
    );
    let text = scenario_text(&parent, &title, repair, &note);
    crate::session::write(output, text.as_bytes())?;
    Ok(remark)
}

/// How the scenario at `output` names the one that it extends.
fn parent(request: &Request, output: &Path) -> Result<(String, Option<String>), String> {
    let Some(root) = request.files.root() else {
        let remark = format!(
            "it extends `{}`: put it beside the plan's files, which `virement init {} DIR` writes",
            request.path,
            request.name.split('/').next().unwrap_or_default()
        );
        let home = folder_of(output).join(&request.path);
        return Ok((request.path.clone(), (!home.is_file()).then_some(remark)));
    };
    let whole =
        |path: &Path| path.canonicalize().map_err(|error| format!("`{}`: {error}", path.display()));
    let (root, folder) = (whole(&root)?, whole(&folder_of(output))?);
    let Ok(inside) = folder.strip_prefix(&root) else {
        return Err(format!(
            "-o: a scenario lies in the folder of its plan, `{}`, or below it",
            root.display()
        ));
    };
    let up = "../".repeat(inside.components().count());
    Ok((format!("{up}{}", request.path), None))
}

fn folder_of(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.map_or_else(|| PathBuf::from("."), PathBuf::from)
}
