//! Reads `[[control]]`: single ones and whole tables of them.

use super::dimensions::OpenSheet;
use super::problem::Problem;
use super::reader::{Reader, with_help};
use super::rows::{self, Columns};
use super::schema;
use super::slices::slice;
use super::source::Sources;
use super::suggest::suggest;
use super::tree::{Datum, Table};
use crate::plan::{Control, ControlOf, Dimension, Slice};

/// The columns of a table of controls.
const COLUMNS: Columns = Columns {
    needs: &["equals"],
    numbers: &["equals", "rounding"],
    texts: &[("of", "of"), ("provenance", "provenance"), ("source", "source"), ("title", "title")],
    unread: &["note"],
};

/// What an item that names a table states for all rows that do not.
const DEFAULTS: [&str; 7] = ["on", "equals", "rounding", "of", "provenance", "source", "title"];

/// Puts one control a row in the place of each that names a table.
pub(crate) fn expand(
    root: &mut Table,
    dimensions: &[Dimension],
    open: &mut OpenSheet<'_>,
    sources: &mut Sources,
    problems: &mut Vec<Problem>,
) {
    let Some(entry) = root.entries.get_mut("control") else {
        return;
    };
    let Datum::List(items) = &mut entry.node.datum else {
        return;
    };
    let mut found = Vec::new();
    for item in std::mem::take(items) {
        match &item.datum {
            Datum::Table(table) if rows::names_a_table(table, problems) => {
                Reader::new(table, item.place, &schema::CONTROL, problems);
                let tables = (&mut *open, &mut *sources);
                found
                    .extend(rows::expand(table, &COLUMNS, &DEFAULTS, dimensions, tables, problems));
            }
            _ => found.push(item),
        }
    }
    *items = found;
}

/// The controls of the plan.
pub(crate) fn controls(
    root: &Table,
    dimensions: &[Dimension],
    problems: &mut Vec<Problem>,
) -> Vec<Control> {
    let mut found = Vec::new();
    for (table, place) in root.items("control") {
        let reader = Reader::new(table, place, &schema::CONTROL, problems);
        found.extend(control(&reader, dimensions, problems));
    }
    found
}

fn control(
    reader: &Reader<'_>,
    dimensions: &[Dimension],
    problems: &mut Vec<Problem>,
) -> Option<Control> {
    let on = match reader.table.get("on") {
        Some(node) => slice(node, dimensions, problems)?,
        None => Slice::all(dimensions.len()),
    };
    let of = match reader.text("of", problems) {
        None | Some("baseline") => ControlOf::Baseline,
        Some("allocation") => ControlOf::Allocation,
        Some("revenue") => ControlOf::Revenue,
        Some(other) => {
            let place = reader.table.get("of").map_or(reader.place, |node| node.place);
            let message = format!("a control cannot be of `{other}`");
            let problem = Problem::new("control-of", message, place, "unknown");
            let known = ["baseline", "allocation", "revenue"];
            problems.push(with_help(problem, suggest(other, known)));
            return None;
        }
    };
    reader.needed("equals", problems)?;
    Some(Control {
        on,
        of,
        equals: reader.number("equals", problems)?,
        rounding: reader.number("rounding", problems).unwrap_or_default(),
        provenance: reader.provenance(problems),
        source: reader.owned("source", problems),
    })
}
