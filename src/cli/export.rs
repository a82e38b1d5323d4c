use std::path::Path;

use super::args::{Export, Report, TableName};
use super::clash::mended;
use super::run::{Exit, answer, ending, failed, json, misuse};
use super::screen::Screen;
use super::tables;
use crate::explain::Repairs;
use crate::plan::Axis;
use crate::report::{self, ExportError, Exporter, Findings, Html, Typst};
use crate::session::{self, Solved, batch};
use crate::solve::Outcome;

/// The formats that hold several tables.
const SEVERAL: [&str; 4] = ["xlsx", "md", "html", "typ"];

/// Writes tables of a solved scenario to a file, and a manifest beside it.
pub(super) fn export(screen: &Screen, asked: &Export) -> Exit {
    let format = match export_format(&asked.output) {
        Ok(format) => format,
        Err(message) => return misuse(screen, &message),
    };
    if asked.tables.len() > 1 && !SEVERAL.contains(&format.as_str()) {
        let several = SEVERAL.map(|format| format!(".{format}")).join(", ");
        return misuse(screen, &format!(".{format} takes one --table; {several} take several"));
    }
    write(screen, asked.scenario.as_deref(), &asked.by, &asked.output, |solved, by| {
        encoded(solved, asked, &format, by)
    })
}

/// Writes every table of a solved scenario, with reasons and charts, as one document.
pub(super) fn report(screen: &Screen, asked: &Report) -> Exit {
    let format = match export_format(&asked.output) {
        Ok(format) if matches!(format.as_str(), "html" | "typ") => format,
        _ => return misuse(screen, "a report is an .html file, or a .typ file for print"),
    };
    let (more, of) = match beside(asked) {
        Ok(found) => found,
        Err(message) => return failed(screen, &message),
    };
    let scenario = asked.scenario.as_deref().or(of.as_deref());
    write(screen, scenario, &asked.by, &asked.output, |solved, by| {
        let plan = &solved.resolved.plan;
        let mut tables = match &solved.outcome {
            Outcome::Optimal(found) | Outcome::Unrounded(found, _) => {
                tables::whole(plan, found, by)
            }
            outcome => {
                let names = [TableName::Conflict, TableName::Repairs];
                let mended = mended(scenario, solved);
                tables::asked(
                    plan,
                    outcome,
                    &names,
                    by,
                    Findings { mended: &mended, ..Findings::default() },
                )
            }
        };
        tables.extend(more);
        document(solved, &format, &tables)
    })
}

/// What a batch comes to, and the file that its rows are of, where a report is to have them.
fn beside(asked: &Report) -> Result<(Vec<report::Table>, Option<String>), String> {
    let Some(rows) = &asked.batch else { return Ok((Vec::new(), None)) };
    let of = batch::file_of(rows)?;
    let mut more = batch::told(rows, &along(&asked.by, of.as_deref()))?;
    if let (Some(first), Some(of)) = (more.first_mut(), &of) {
        first.notes.push(format!("the scenarios of {of}"));
    }
    Ok((more, of))
}

/// The totals that are followed along each figure: those of the first dimension but time, where none are
/// asked for.
fn along(by: &[String], of: Option<&str>) -> Vec<String> {
    if !by.is_empty() {
        return by.to_vec();
    }
    let request = of.and_then(|of| session::find(of).ok());
    let Some((resolved, _)) = request.and_then(|request| session::check(&request).ok()) else {
        return Vec::new();
    };
    let axes = resolved.plan.dimensions().iter().enumerate();
    let first =
        axes.filter(|(place, _)| Some(*place) != resolved.plan.time()).map(|(_, axis)| axis);
    first.take(1).map(|axis| axis.id().to_string()).collect()
}

/// Solves, encodes, writes the file and its manifest, and ends as the answer says.
fn write(
    screen: &Screen,
    scenario: Option<&str>,
    by: &[String],
    output: &Path,
    encode: impl FnOnce(&Solved, &[Axis]) -> Result<Vec<u8>, ExportError>,
) -> Exit {
    let solved = match answer(screen, scenario) {
        Ok(solved) => solved,
        Err(exit) => return exit,
    };
    let by = match tables::axes(&solved.resolved.plan, by) {
        Ok(by) => by,
        Err(message) => return misuse(screen, &message),
    };
    let bytes = match encode(&solved, &by) {
        Ok(bytes) => bytes,
        Err(error) => return failed(screen, &error.to_string()),
    };
    let manifest = json(&session::manifest(&solved, output, &bytes));
    let mut beside = output.to_path_buf().into_os_string();
    beside.push(".manifest.json");
    let written = session::write(output, &bytes)
        .and_then(|()| session::write(Path::new(&beside), manifest.as_bytes()));
    match written {
        Ok(()) => ending(screen, &solved, true),
        Err(message) => failed(screen, &message),
    }
}

fn encoded(
    solved: &Solved,
    asked: &Export,
    format: &str,
    by: &[Axis],
) -> Result<Vec<u8>, ExportError> {
    let plan = &solved.resolved.plan;
    let names = asked.tables.as_slice();
    let wants = format == "json" || names.contains(&TableName::Repairs);
    let mended = if wants { mended(asked.scenario.as_deref(), solved) } else { Repairs::default() };
    let findings = Findings { mended: &mended, ..Findings::default() };
    let found = tables::asked(plan, &solved.outcome, names, by, findings);
    match format {
        "csv" => found.first().map_or(Ok(Vec::new()), report::csv::encode),
        "parquet" => found.first().map_or(Ok(Vec::new()), report::parquet::encode),
        "md" => Ok(report::markdown::encode(&found).into_bytes()),
        "xlsx" => {
            let book = match &solved.outcome {
                Outcome::Optimal(own) | Outcome::Unrounded(own, _) if names.is_empty() => {
                    let mut whole = tables::whole(plan, own, by);
                    let apart = by.is_empty();
                    whole.retain(|table| table.id != "allocation" || !apart);
                    report::workbook(plan, own, &solved.identity, &whole)
                }
                _ => report::tables_book(plan, &found),
            };
            report::xlsx::encode(&book)
        }
        "html" | "typ" => document(solved, format, &found),
        _ => {
            let identity = &solved.identity;
            let result = report::result(plan, &solved.outcome, identity, by, true, findings);
            Ok(json(&result).into_bytes())
        }
    }
}

/// The tables as a document that says first what it is of.
fn document(
    solved: &Solved,
    format: &str,
    tables: &[report::Table],
) -> Result<Vec<u8>, ExportError> {
    let plan = &solved.resolved.plan;
    let mut lead = report::headline(plan, &solved.outcome);
    let title = if lead.is_empty() { plan.title().to_string() } else { lead.remove(0) };
    let program = concat!("virement ", env!("CARGO_PKG_VERSION"));
    let identity = &solved.identity;
    lead.push(format!("{program}, {}, input {}", identity.scenario, identity.hash));
    if format == "typ" {
        Typst { title, lead }.encode(tables)
    } else {
        Html { title, lead }.encode(tables)
    }
}

/// The format that the file's ending names, where it is supported.
fn export_format(path: &Path) -> Result<String, String> {
    let format = path.extension().map(|end| end.to_string_lossy().to_lowercase());
    match format.as_deref() {
        Some(known @ ("csv" | "json" | "parquet" | "xlsx" | "md" | "html" | "typ")) => {
            Ok(known.to_string())
        }
        _ => Err(
            "the file's ending gives the format: .csv, .json, .parquet, .xlsx, .md, .html or .typ"
                .into(),
        ),
    }
}
