//! Files whose name says another format than what would be in them.

use std::path::Path;

use super::args::{Command, Format};

/// The endings that say a format.
const KNOWN: [&str; 8] = ["csv", "json", "md", "xlsx", "parquet", "html", "typ", "toml"];

/// Says what to write instead, where the ending of a file that `command` is to write is not that of its
/// format. Other endings, like .txt, say nothing.
pub(super) fn misnamed(command: &Command) -> Option<String> {
    let (format, output) = match command {
        Command::Solve(asked) => {
            let proof = asked.certificate.as_deref();
            if let Some(message) = proof.and_then(|path| told(path, Format::Json, "a certificate"))
            {
                return Some(message);
            }
            (asked.format, &asked.output)
        }
        Command::Transfers(asked) => (asked.format, &asked.output),
        Command::Compare(asked) => (asked.format, &asked.output),
        Command::Summarise(asked) => (asked.format, &asked.output),
        Command::Sweep(asked) => (asked.format, &asked.output),
        Command::Schema { output, .. } => {
            return told(output.as_deref()?, Format::Json, "a schema");
        }
        _ => return None,
    };
    let path = output.as_deref()?;
    let message = told(path, format, "the answer")?;
    let ending = ending(path)?;
    let more = match (command, ending.as_str()) {
        (_, "csv" | "json" | "md") => format!("add `--format {ending}`"),
        (Command::Solve(asked), "xlsx" | "parquet" | "html" | "typ") => {
            let scenario = asked.scenario.as_deref().map(|name| format!("{name} "));
            let scenario = scenario.unwrap_or_default();
            format!("write `virement export {scenario}-o {}`", path.display())
        }
        (Command::Solve(_), _) => "`virement explain … --apply` writes scenarios".into(),
        _ => "it is written as .csv, .json, .md or plain text".into(),
    };
    Some(format!("{message}; {more}, or name another file"))
}

fn ending(path: &Path) -> Option<String> {
    path.extension().map(|end| end.to_string_lossy().to_lowercase())
}

/// What would be in the file, where its ending says otherwise.
fn told(path: &Path, format: Format, what: &str) -> Option<String> {
    let own = match format {
        Format::Table => None,
        Format::Json => Some("json"),
        Format::Csv => Some("csv"),
        Format::Md => Some("md"),
    };
    let ending = ending(path)?;
    if own == Some(&*ending) || !KNOWN.contains(&&*ending) {
        return None;
    }
    let held = own.map_or_else(|| "plain text".into(), str::to_uppercase);
    let held = if own == Some("md") { "Markdown".into() } else { held };
    Some(format!("`{}`: {what} would be {held} in a .{ending} file", path.display()))
}
