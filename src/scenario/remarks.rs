//! Gathers `[[remark]]`: what planners note about slices. Nothing is computed from it.

use super::change::list;
use super::problem::Problem;
use super::reader::{Reader, as_text};
use super::schema;
use super::slices::slice;
use super::source::Place;
use super::tree::{Datum, Entry, Node, Table};
use crate::plan::{Dimension, Plan, Slice};

/// What a planner notes about a slice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The slice.
    pub on: Slice,
    /// The words.
    pub text: String,
    /// Who wrote them.
    pub by: Option<String>,
}

/// Adds the remarks of a scenario to those of its parents. One on the same slice replaces a parent's, one
/// without words takes it away; two in one scenario are a problem.
pub(crate) fn merge(
    root: &mut Table,
    from: &Table,
    dimensions: &[Dimension],
    problems: &mut Vec<Problem>,
) {
    let mut own: Vec<(Slice, Place)> = Vec::new();
    for (table, place) in from.items("remark") {
        let reader = Reader::new(table, place, &schema::REMARK, problems);
        let (on, text) = (reader.needed("on", problems), reader.needed_text("text", problems));
        reader.text("by", problems);
        let (Some(on), Some(text)) = (on, text) else { continue };
        let Some(picked) = slice(on, dimensions, problems) else { continue };
        if let Some((_, earlier)) = own.iter().find(|(known, _)| *known == picked) {
            problems.push(
                Problem::new("remark-twice", "two remarks on the same slice", on.place, "again")
                    .also(*earlier, "first here")
                    .help("write both in one `text`"),
            );
            continue;
        }
        own.push((picked.clone(), on.place));
        if let Some(items) = list(root, "remark") {
            items.retain(|item| on_of(item, dimensions).as_ref() != Some(&picked));
        } else {
            let node = Node { datum: Datum::List(Vec::new()), place };
            root.entries.insert("remark".into(), Entry { key: place, node });
        }
        if let Some(items) = list(root, "remark").filter(|_| !text.trim().is_empty()) {
            items.push(Node { datum: Datum::Table(table.clone()), place });
        }
    }
}

fn on_of(item: &Node, dimensions: &[Dimension]) -> Option<Slice> {
    let Datum::Table(table) = &item.datum else { return None };
    slice(table.get("on")?, dimensions, &mut Vec::new())
}

/// The remarks that were gathered; one on a slice without cells is a problem.
pub(crate) fn read(root: &Table, plan: &Plan, problems: &mut Vec<Problem>) -> Vec<Remark> {
    let mut found = Vec::new();
    for (table, _) in root.items("remark") {
        let Some(node) = table.get("on") else { continue };
        let Some(on) = slice(node, plan.dimensions(), problems) else { continue };
        if plan.select(&on).is_empty() {
            let message = format!("no cell lies in {}", on.text(plan.dimensions()));
            let help = "choose a slice that has rows in the cell table";
            problems
                .push(Problem::new("no-cell", message, node.place, "selects nothing").help(help));
            continue;
        }
        let mut words = |key: &str| Some(as_text(table.get(key)?, key, problems)?.to_string());
        let (text, by) = (words("text").unwrap_or_default(), words("by"));
        found.push(Remark { on, text, by });
    }
    found
}
