use std::path::Path;

use super::args::{Generate, SchemaOf};
use super::run::{Exit, failed, misuse};
use super::screen::Screen;
use crate::scenario::generate::{Recipe, plan};
use crate::session;

/// Writes an embedded plan out as files.
pub(super) fn init(screen: &Screen, names: &[String]) -> Exit {
    let (plan, folder) = match names {
        [folder] => (session::DEFAULT_PLAN, folder),
        [plan, folder] => (plan.as_str(), folder),
        _ => return misuse(screen, "name a plan and a folder"),
    };
    let Some(files) = session::embedded_files(plan) else {
        let known = session::embedded_plans().join(", ");
        return misuse(screen, &format!("there is no embedded plan `{plan}`; there are {known}"));
    };
    let files: Vec<_> = files.into_iter().map(|(name, bytes)| (name, bytes.to_vec())).collect();
    fill(screen, Path::new(folder), &files)
}

/// Writes a plan for trials.
pub(super) fn generate(screen: &Screen, asked: &Generate) -> Exit {
    let most = 5_000_000;
    if asked.cells == 0 || asked.cells > most {
        return misuse(screen, &format!("--cells takes a number from 1 to {most}"));
    }
    let recipe = Recipe {
        cells: asked.cells,
        seed: asked.seed,
        open: f64::from(asked.open) / 100.0,
        binding: f64::from(asked.binding) / 100.0,
        bounded: f64::from(asked.bounded) / 100.0,
        dependent: asked.dependent,
        infeasible: asked.infeasible,
    };
    let files: Vec<_> =
        plan(&recipe).into_iter().map(|(name, text)| (name, text.into_bytes())).collect();
    fill(screen, &asked.folder, &files)
}

/// Prints a JSON Schema, or writes it to a file.
pub(super) fn schema(screen: &Screen, of: SchemaOf, output: Option<&Path>) -> Exit {
    let text = match of {
        SchemaOf::Plan => crate::scenario::PLAN_SCHEMA,
        SchemaOf::Scenario => crate::scenario::SCENARIO_SCHEMA,
        SchemaOf::Result => crate::report::RESULT_SCHEMA,
        SchemaOf::Explanation => crate::report::EXPLANATION_SCHEMA,
        SchemaOf::Transfers => crate::report::TRANSFERS_SCHEMA,
        SchemaOf::Comparison => crate::report::COMPARISON_SCHEMA,
        SchemaOf::Summary => crate::report::SUMMARY_SCHEMA,
        SchemaOf::Certificate => crate::report::CERTIFICATE_SCHEMA,
    };
    let written = match output {
        Some(path) => session::write(path, text.as_bytes()),
        None => Screen::print(text),
    };
    written.map_or_else(|message| failed(screen, &message), |()| Exit::Fine)
}

/// Fills a new folder; nothing that is there already is touched.
fn fill(screen: &Screen, folder: &Path, files: &[(String, Vec<u8>)]) -> Exit {
    if let Err(message) = session::fill(folder, files) {
        return failed(screen, &message);
    }
    screen.say(&format!("wrote {} files; try: virement solve {}", files.len(), folder.display()));
    Exit::Fine
}
