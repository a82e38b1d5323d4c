use std::path::Path;

use super::args::{Format, Transfers};
use super::run::{Exit, answer, ending, failed, json, misuse};
use super::screen::Screen;
use super::tables;
use crate::explain;
use crate::plan::Plan;
use crate::report::{self, Findings, Table};
use crate::session::{self, Solved};
use crate::solve::{Allocation, Outcome};

/// From how many transfers a list is long.
const LONG: usize = 40;

/// Prints who gives how much to whom, or why there is no answer that money could move to.
pub(super) fn transfers(screen: &Screen, asked: &Transfers) -> Exit {
    let solved = match answer(screen, asked.scenario.as_deref()) {
        Ok(solved) => solved,
        Err(exit) => return exit,
    };
    let (Outcome::Optimal(found) | Outcome::Unrounded(found, _)) = &solved.outcome else {
        let tables =
            tables::asked(&solved.resolved.plan, &solved.outcome, &[], &[], Findings::default());
        let name = &solved.identity.scenario;
        screen.say(&format!(
            "there are no transfers: the scenario has no answer; `virement explain {name}` says what \
             would give it one"
        ));
        let text = in_format(screen, asked.format, &tables, asked.output.is_some());
        return text.map_or_else(
            |message| misuse(screen, &message),
            |text| out(screen, &text, asked.output.as_deref(), || ending(screen, &solved, true)),
        );
    };
    match text(screen, asked, &solved, found) {
        Ok(text) => {
            let aloud = asked.format != Format::Table || asked.output.is_some();
            out(screen, &text, asked.output.as_deref(), || ending(screen, &solved, aloud))
        }
        Err(message) => misuse(screen, &message),
    }
}

/// The schedule in the format that was asked for.
fn text(
    screen: &Screen,
    asked: &Transfers,
    solved: &Solved,
    found: &Allocation,
) -> Result<String, String> {
    let plan = &solved.resolved.plan;
    let by = tables::axes(plan, &asked.by)?;
    let axes = if by.is_empty() { plan.leaf_axes() } else { by };
    let within = tables::named_axes(plan, &asked.within, "--within")?;
    let within: Vec<usize> = within.iter().map(|axis| axis.dimension).collect();
    let schedule = explain::transfers(plan, found, &axes, &within);
    if asked.format == Format::Json {
        let identity = &solved.identity;
        return Ok(json(&report::transfers_json(plan, found, &axes, &schedule, identity)));
    }
    let mut tables = vec![report::transfers(plan, found, &axes, &schedule)];
    if asked.format != Format::Csv {
        let approvals = report::approvals(plan, found, &schedule);
        let more = [report::reach(plan, &schedule), approvals];
        tables.extend(more.into_iter().filter(|table| !table.rows.is_empty()));
        shorten(&mut tables[0], asked, plan);
    }
    in_format(screen, asked.format, &tables, asked.output.is_some())
}

/// The list for people: who set a limit stands with the approvals, and a long list says how to get a
/// shorter one.
fn shorten(list: &mut Table, asked: &Transfers, plan: &Plan) {
    list.drop_column("authority");
    if asked.by.is_empty() && list.body().count() > LONG {
        let ids: Vec<&str> = plan.dimensions().iter().map(|own| own.id().as_str()).collect();
        list.notes.push(format!(
            "for a shorter list, --by moves money between totals: of {}, or of several of them",
            ids.join(", ")
        ));
    }
}

/// The tables as text; CSV takes the first of them.
///
/// # Errors
///
/// Why they cannot be written so.
pub(super) fn in_format(
    screen: &Screen,
    format: Format,
    tables: &[Table],
    to_file: bool,
) -> Result<String, String> {
    match format {
        Format::Table => Ok(report::draw(tables, screen.look(to_file))),
        Format::Md => Ok(report::markdown::encode(tables)),
        Format::Csv => {
            let bytes = tables.first().map_or(Ok(Vec::new()), report::csv::encode);
            let bytes = bytes.map_err(|error| error.to_string())?;
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        }
        Format::Json => {
            let named = tables.iter().map(|table| (table.id.into(), report::json::rows(table)));
            Ok(json(&serde_json::Value::Object(named.collect())))
        }
    }
}

/// Prints the text or writes it to a file, and ends as `ending` says.
pub(super) fn out(
    screen: &Screen,
    text: &str,
    output: Option<&Path>,
    ending: impl FnOnce() -> Exit,
) -> Exit {
    let written = match output {
        Some(path) => session::write(path, text.as_bytes()),
        None => Screen::print(text),
    };
    written.map_or_else(|message| failed(screen, &message), |()| ending())
}
