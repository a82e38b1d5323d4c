//! Every value of an effective plan, with the line that stated it.

use std::fmt::{self, Debug, Formatter, Write};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::cells::FIGURES;
use super::change::Effective;
use super::contents;
use super::source::{Place, Sources};
use super::tree::{Datum, Node, Table};
use crate::plan::Plan;
use crate::units::Amount;

/// One value of an effective plan.
#[derive(Debug, Clone)]
pub struct Stated {
    /// Its dotted name: `limit.languages.max`, `cells[GS, staff].baseline`.
    pub path: String,
    /// The value, as a file would write it.
    pub value: String,
    /// Where it was stated last.
    pub place: Place,
}

/// What the values of a plan were read from. They are listed where they are asked for: a planner who types
/// asks for few of them.
#[derive(Clone)]
pub(crate) struct Origins(Arc<(Effective, Sources)>);

impl Origins {
    pub(crate) fn new(effective: Effective, sources: Sources) -> Self {
        Self(Arc::new((effective, sources)))
    }

    /// All values, in declared order, the cells in declared member order.
    pub(crate) fn values(&self, plan: &Plan) -> Vec<Stated> {
        values(plan, &self.0.0, &self.0.1)
    }

    /// The values of some sections of the files, in declared order; those of cells are in none.
    pub(crate) fn within(&self, sections: &[&str]) -> Vec<Stated> {
        let mut lister = Lister { found: Vec::new() };
        let entries = self.0.0.root.entries.iter();
        for (key, entry) in entries.filter(|(key, _)| sections.contains(&key.as_str())) {
            lister.node(&quoted(key), &entry.node);
        }
        lister.found
    }
}

impl Debug for Origins {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Origins").finish_non_exhaustive()
    }
}

/// All values, in declared order, the cells in declared member order.
pub(crate) fn values(plan: &Plan, effective: &Effective, sources: &Sources) -> Vec<Stated> {
    let mut lister = Lister { found: Vec::new() };
    lister.table("", &effective.root);
    let mut order: Vec<usize> = (0..effective.cells.cells.len()).collect();
    order.sort_by(|a, b| effective.cells.cells[*a].members.cmp(&effective.cells.cells[*b].members));
    for (place, cell) in order.into_iter().zip(plan.cells()) {
        let pairs = plan.dimensions().iter().zip(&cell.members);
        let ids: Vec<&str> = pairs.map(|(axis, member)| axis.member(*member).id.as_str()).collect();
        let figures: [Option<&Amount>; 7] = [
            Some(&cell.baseline),
            cell.need.as_ref(),
            Some(&cell.reference),
            Some(&cell.flexibility),
            cell.min.as_ref(),
            cell.max.as_ref(),
            cell.lump.as_ref().map(|lump| &lump.amount),
        ];
        for (name, figure) in FIGURES.into_iter().zip(figures) {
            let Some(figure) = figure.filter(|_| effective.cells.is_stated(place, name)) else {
                continue;
            };
            lister.found.push(Stated {
                path: format!("cells[{}].{name}", ids.join(", ")),
                value: figure.to_string(),
                place: effective.cells.place(place, name, sources),
            });
        }
    }
    lister.found
}

struct Lister {
    found: Vec<Stated>,
}

impl Lister {
    fn table(&mut self, path: &str, table: &Table) {
        for (key, entry) in &table.entries {
            let key = quoted(key);
            let path = if path.is_empty() { key } else { format!("{path}.{key}") };
            self.node(&path, &entry.node);
        }
    }

    fn node(&mut self, path: &str, node: &Node) {
        match &node.datum {
            Datum::Table(table) if !inline(path) => self.table(path, table),
            Datum::List(items)
                if items.iter().any(|item| matches!(item.datum, Datum::Table(_)))
                    && !inline(path) =>
            {
                for (place, item) in items.iter().enumerate() {
                    let id = match &item.datum {
                        Datum::Table(table) => table.text("id").map(quoted),
                        _ => None,
                    };
                    let path = format!("{path}.{}", id.unwrap_or_else(|| (place + 1).to_string()));
                    self.node(&path, item);
                }
            }
            _ => self.push(path, node),
        }
    }

    fn push(&mut self, path: &str, node: &Node) {
        self.found.push(Stated { path: path.into(), value: show(node), place: node.place });
    }
}

/// Whether the value at `path` is a slice, which reads best on one line.
fn inline(path: &str) -> bool {
    let key = path.rsplit('.').next().unwrap_or_default();
    matches!(key, "on" | "of" | "from" | "to" | "paid-by" | "members" | "where")
}

fn quoted(key: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    if !key.is_empty() && key.chars().all(plain) { key.into() } else { format!("{key:?}") }
}

/// The value as TOML writes it.
pub(crate) fn show(node: &Node) -> String {
    match &node.datum {
        Datum::Text(text) => format!("{text:?}"),
        Datum::Number(number) => number.to_string(),
        Datum::Flag(flag) => flag.to_string(),
        Datum::Date(date) => date.clone(),
        Datum::List(items) => {
            format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(", "))
        }
        Datum::Table(table) => {
            let pairs = table.entries.iter();
            let pairs: Vec<String> = pairs
                .map(|(key, entry)| format!("{} = {}", quoted(key), show(&entry.node)))
                .collect();
            format!("{{ {} }}", pairs.join(", "))
        }
    }
}

/// SHA-256 over all values, the rows of all tables, and what transfers made of them; neither origins
/// nor remarks enter.
pub(crate) fn hash(values: &[Stated], plan: &Plan) -> String {
    let mut digest = Sha256::new();
    for stated in values.iter().filter(|stated| !stated.path.starts_with("remark.")) {
        digest.update(stated.path.as_bytes());
        digest.update(b" = ");
        digest.update(stated.value.as_bytes());
        digest.update(b"\n");
    }
    for line in contents::lines(plan) {
        digest.update(line.as_bytes());
        digest.update(b"\n");
    }
    for level in &plan.transfers().levels {
        digest.update(format!("{} = {}\n", level.id, level.level).as_bytes());
    }
    for (place, kept) in plan.transfers().kept.iter().enumerate() {
        if let Some(kept) = kept {
            digest.update(format!("kept {place} = {kept}\n").as_bytes());
        }
    }
    digest.finalize().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
