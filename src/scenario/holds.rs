//! Gathers `[[hold]]`: single ones and whole tables of them.

use super::change::list;
use super::dimensions::OpenSheet;
use super::problem::Problem;
use super::reader::{Reader, as_text};
use super::rows::{self, Columns};
use super::schema;
use super::slices::slice;
use super::source::{Place, Sources};
use super::tree::{Datum, Entry, Node, Table};
use crate::plan::{Dimension, Slice};

/// The columns of a table of holds.
const COLUMNS: Columns = Columns {
    needs: &["at", "at-least", "at-most"],
    numbers: &["at", "at-least", "at-most"],
    texts: &[("reason", "reason"), ("source", "reason")],
    unread: &["provenance", "note"],
};

/// What an item that names a table states for all rows of it.
const DEFAULTS: [&str; 4] = ["reason", "by", "until", "paid-by"];

/// The holds of one scenario, each as an item with an id; a table gives one a row.
pub(crate) fn expand(
    root: &Table,
    dimensions: &[Dimension],
    sources: &mut Sources,
    open: &mut OpenSheet<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<Node> {
    let mut found = Vec::new();
    for (table, place) in root.items("hold") {
        Reader::new(table, place, &schema::HOLD, problems);
        if !rows::names_a_table(table, problems) {
            found.push(Node { datum: Datum::Table(table.clone()), place });
            continue;
        }
        for key in ["on", "at", "at-least", "at-most", "id"] {
            if let Some(key_place) = table.key_place(key) {
                problems.push(
                    Problem::new(
                        "hold-table",
                        format!("a table of holds states `{key}` itself"),
                        key_place,
                        "and here",
                    )
                    .also(table.get("table").map_or(place, |node| node.place), "the table")
                    .help(format!("leave `{key}` out, or write a hold without a table")),
                );
            }
        }
        let tables = (&mut *open, &mut *sources);
        found.extend(rows::expand(table, &COLUMNS, &DEFAULTS, dimensions, tables, problems));
    }
    found
}

/// Adds the holds of a scenario to those of its parents. One on the same slice replaces a
/// parent's; two in one scenario are a problem.
pub(crate) fn merge(
    root: &mut Table,
    found: Vec<Node>,
    dimensions: &[Dimension],
    problems: &mut Vec<Problem>,
) {
    let mut own: Vec<(Option<Slice>, Place, String)> = Vec::new();
    for mut node in found {
        let Datum::Table(table) = &mut node.datum else {
            continue;
        };
        let read = table.get("on").map(|on| (slice(on, dimensions, &mut Vec::new()), on.place));
        let (on, place) = read.unwrap_or((None, node.place));
        if table.get("id").is_none()
            && let Some(on) = &on
        {
            let id = Node { datum: Datum::Text(on.text(dimensions)), place };
            table.entries.insert("id".into(), Entry { key: place, node: id });
        }
        let id = table.get("id").and_then(|id| as_text(id, "id", problems)).unwrap_or_default();
        let same = |slice: &Option<Slice>| slice.is_some() && *slice == on;
        let twin = own.iter().find(|(slice, _, known)| same(slice) || known == id);
        if let Some((slice, earlier, _)) = twin {
            problems.push(hold_twice(id, same(slice), place, *earlier));
            continue;
        }
        own.push((on.clone(), place, id.to_string()));
        replace(root, &on, dimensions);
        if list(root, "hold").is_none() {
            let empty = Node { datum: Datum::List(Vec::new()), place: node.place };
            root.entries.insert("hold".into(), Entry { key: node.place, node: empty });
        }
        if let Some(items) = list(root, "hold") {
            items.push(node);
        }
    }
}

fn hold_twice(id: &str, same: bool, place: Place, earlier: Place) -> Problem {
    let (message, help) = if same {
        (
            "two holds on the same slice".into(),
            "keep one; a floor and a ceiling fit in one hold, as `at-least` and `at-most`",
        )
    } else {
        (format!("two slices are held under one id, `{id}`"), "give one of the holds another id")
    };
    Problem::new("hold-twice", message, place, "again").also(earlier, "first here").help(help)
}

fn replace(root: &mut Table, on: &Option<Slice>, dimensions: &[Dimension]) {
    let (Some(items), Some(on)) = (list(root, "hold"), on) else {
        return;
    };
    items.retain(|item| {
        let Datum::Table(table) = &item.datum else {
            return true;
        };
        let known = table.get("on").and_then(|on| slice(on, dimensions, &mut Vec::new()));
        known.as_ref() != Some(on)
    });
}
