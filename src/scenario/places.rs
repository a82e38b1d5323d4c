//! Adds places to the faults of a plan.

use super::change::Effective;
use super::problem::Problem;
use super::reader::wrong_kind;
use super::source::{Place, Sources};
use super::tree::{Datum, Node, Table};
use crate::plan::{Fault, Site};

/// The fault as a problem, with the places that its sites were stated at. Files are read from the
/// outermost scenario to the plan and its tables, so that what was stated last comes first.
pub(crate) fn problem(fault: &Fault, effective: &Effective, sources: &Sources) -> Problem {
    let labels = fault.sites.iter();
    let mut labels: Vec<(Place, String)> =
        labels.map(|(site, text)| (place(site, effective, sources), text.clone())).collect();
    labels.sort_by_key(|(place, _)| place.file);
    Problem {
        code: fault.code,
        message: fault.message.clone(),
        labels,
        help: fault.help.clone(),
        severity: fault.severity,
    }
}

fn place(site: &Site, effective: &Effective, sources: &Sources) -> Place {
    let root = &effective.root;
    let top = root.entries.values().next().map(|entry| entry.key);
    let found = match site {
        Site::Cell(cell, column) => Some(effective.cells.place(*cell, column, sources)),
        Site::Line(members, column) => {
            let cells = &effective.cells;
            let cell = cells.cells.iter().position(|cell| cell.members == *members);
            cell.map(|cell| cells.place(cell, column, sources))
        }
        Site::Control(place, key) => root
            .items("control")
            .get(*place)
            .map(|(table, own)| table.get(key).map_or(*own, |node| node.place)),
        Site::Top(key) => root.key_place(key),
        Site::Key("balance", _, key) => match root.get("balance") {
            Some(node) => match &node.datum {
                Datum::Table(table) => Some(table.get(key).map_or(node.place, |node| node.place)),
                _ => Some(node.place),
            },
            None => None,
        },
        Site::Key(section, id, key) => item(root, section, id.as_str()).map(|(table, own)| {
            let keys = std::iter::once(key).chain(alternatives(key));
            keys.filter_map(|key| table.get(key)).map(|node| node.place).next().unwrap_or(own)
        }),
        Site::Item(section, id) => item(root, section, id.as_str()).map(|(_, place)| place),
    };
    found.or(top).expect("a plan that was read has at least one key")
}

/// Other keys that state the same thing.
fn alternatives(key: &str) -> &'static [&'static str] {
    match key {
        "min" | "max" => &["equal"],
        "min-share" | "max-share" => &["equal-share"],
        "max-cut" | "max-rise" => &["max-change"],
        "at" => &["at-least", "at-most"],
        "at-least" | "at-most" => &["at"],
        _ => &[],
    }
}

fn item<'a>(root: &'a Table, section: &str, id: &str) -> Option<(&'a Table, Place)> {
    // A stage without an id is named by its objective.
    let named = |table: &Table| match table.text("id") {
        None if section == "stage" => {
            [table.text("minimise"), table.text("maximise")].contains(&Some(id))
        }
        own => own == Some(id),
    };
    root.items(section).into_iter().find(|(table, _)| named(table))
}

/// Refuses sections that are no lists of tables.
pub(crate) fn check_sections(root: &Table, sections: &[&str], problems: &mut Vec<Problem>) {
    for section in sections {
        let Some(node) = root.get(section) else {
            continue;
        };
        let wanted = format!("a list of tables, each under `[[{section}]]`");
        let refused = |node: &Node| {
            let help = match &node.datum {
                Datum::Table(_) => format!("write `[[{section}]]` instead of `[{section}]`"),
                _ => format!("write each one as a table of its own, under `[[{section}]]`"),
            };
            wrong_kind(node, section, &wanted).help(help)
        };
        match &node.datum {
            Datum::List(items) => {
                let stray = items.iter().filter(|item| !matches!(item.datum, Datum::Table(_)));
                problems.extend(stray.map(refused));
            }
            _ => problems.push(refused(node)),
        }
    }
}
