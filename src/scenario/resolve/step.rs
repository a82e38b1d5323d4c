//! One scenario of a chain, applied to the values that those before it have left.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Answers, fails};
use crate::plan::Dimension;
use crate::scenario::change::{Effective, list};
use crate::scenario::holds;
use crate::scenario::load::{Document, inside};
use crate::scenario::problem::Problem;
use crate::scenario::reader::as_text;
use crate::scenario::remarks;
use crate::scenario::source::{Files, Sources};
use crate::scenario::table_file::TableFile;
use crate::scenario::transfer::{self, Movements};
use crate::scenario::tree::{Datum, Entry, Node, Table};
use crate::units::Id;

/// One scenario of the chain, while it is applied.
pub(super) struct Step<'a> {
    pub(super) document: &'a Document,
    pub(super) parent: &'a Document,
    pub(super) dimensions: &'a [Dimension],
    pub(super) files: &'a dyn Files,
}

impl Step<'_> {
    pub(super) fn apply(
        &mut self,
        effective: &mut Effective,
        sources: &mut Sources,
        problems: &mut Vec<Problem>,
    ) {
        let root = &self.document.root;
        for (table, place) in root.items("change") {
            effective.change(table, place, self.dimensions, problems);
        }
        for section in ["limit", "stage"] {
            append(&mut effective.root, section, root);
        }
        effective.read_as_of(root, problems);
        for key in ["title"] {
            if let Some(entry) = root.entries.get(key) {
                effective.root.entries.insert(format!("scenario-{key}"), entry.clone());
            }
        }
        let found = {
            let mut open =
                |file: TableFile<'_>, sources: &mut Sources, problems: &mut Vec<Problem>| {
                    file.open(self.files, &self.document.path, sources, problems)
                };
            holds::expand(root, self.dimensions, sources, &mut open, problems)
        };
        holds::merge(&mut effective.root, found, self.dimensions, problems);
        remarks::merge(&mut effective.root, root, self.dimensions, problems);
    }

    pub(super) fn rebase(
        &self,
        effective: &mut Effective,
        answers: &mut dyn Answers,
        problems: &mut Vec<Problem>,
    ) {
        let Some(node) = self.document.root.get("baseline-from") else {
            return;
        };
        let Some(name) = as_text(node, "baseline-from", problems) else {
            return;
        };
        let place = Some(node.place);
        let Some(path) = inside(&self.document.path, name, place, problems) else {
            return;
        };
        if fails(problems) {
            return;
        }
        let answer = match answers.answer(&path) {
            Ok(answer) => answer,
            Err(reason) => {
                problems.push(
                    Problem::new(
                        "no-answer",
                        format!("`{name}` gives no baseline: {reason}"),
                        node.place,
                        "is asked for its allocation",
                    )
                    .help(format!("run `virement solve {name}` to see why")),
                );
                return;
            }
        };
        let ids = |members: &[crate::units::MemberId]| -> Vec<Id> {
            let pairs = self.dimensions.iter().zip(members);
            pairs.map(|(dimension, member)| dimension.member(*member).id.clone()).collect()
        };
        let mut baselines = HashMap::new();
        for cell in &effective.cells.cells {
            if let Some(amount) = answer.cells.get(&ids(&cell.members)) {
                baselines.insert(cell.members.clone(), amount.clone());
            }
        }
        if baselines.len() != effective.cells.cells.len() || baselines.len() != answer.cells.len() {
            problems.push(
                Problem::new(
                    "other-cells",
                    format!("`{name}` has other cells than this scenario"),
                    node.place,
                    "is asked for its allocation",
                )
                .help("take the baseline from a scenario of the same plan"),
            );
            return;
        }
        Arc::make_mut(&mut effective.cells).rebase(&baselines, node.place);
    }

    pub(super) fn movements(&self, problems: &mut Vec<Problem>) -> Movements {
        transfer::read(&self.document.root, &self.parent.path, self.dimensions, problems)
    }
}

/// Adds the items of a scenario's section to the plan's.
fn append(root: &mut Table, section: &str, from: &Table) {
    let Some(entry) = from.entries.get(section) else {
        return;
    };
    let Datum::List(items) = &entry.node.datum else {
        return;
    };
    if list(root, section).is_none() {
        let node = Node { datum: Datum::List(Vec::new()), place: entry.node.place };
        root.entries.insert(section.into(), Entry { key: entry.key, node });
    }
    if let Some(all) = list(root, section) {
        all.extend(items.iter().cloned());
    }
}
