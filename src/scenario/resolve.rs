//! Turns a scenario into its effective plan.

use std::collections::HashMap;

use super::cells::CellTable;
use super::change::{Effective, list};
use super::dimensions::{OpenSheet, dimensions};
use super::load::{Document, Scenario, inside};
use super::origin::{self, Stated};
use super::plan_parts::parts;
use super::problem::Problem;
use super::reader::{Reader, as_text, wrong_kind};
use super::source::{Files, Place, Sources};
use super::table_file::TableFile;
use super::transfer::{self, Movements};
use super::tree::{Datum, Entry, Node, Table};
use super::vary::{self, Design};
use super::{controls, holds, places, revenue, schema};
use crate::plan::{Dimension, Plan, Severity};
use crate::units::{Amount, Id};

/// The published allocation of a scenario, for those that build on it.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The amount of each cell, by the ids of its members, in plan units.
    pub cells: HashMap<Vec<Id>, Amount>,
}

/// Solves the scenarios that another one builds on.
pub trait Answers {
    /// The published allocation of the scenario at `path`.
    ///
    /// # Errors
    ///
    /// Why there is none, in words.
    fn answer(&mut self, path: &str) -> Result<Answer, String>;
}

/// A scenario's effective plan, and how it came about.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// The effective plan.
    pub plan: Plan,
    /// Problems that do not keep it from being used.
    pub warnings: Vec<Problem>,
    /// Every value of it, with its origin.
    pub values: Vec<Stated>,
    /// SHA-256 of the values: equal inputs have equal hashes, whatever their layout.
    pub hash: String,
    /// The scenarios that the `[[vary]]` blocks of the file stand for.
    pub design: Design,
}

/// Resolves `scenario` to its effective plan.
///
/// # Errors
///
/// All problems of all its files, warnings included.
pub fn resolve(
    scenario: &Scenario,
    files: &dyn Files,
    answers: &mut dyn Answers,
    sources: &mut Sources,
) -> Result<Resolved, Vec<Problem>> {
    let mut problems = Vec::new();
    let Some((plan, rest)) = scenario.documents.split_first() else {
        return Err(problems);
    };
    let Some((dimensions, mut effective)) = start(plan, files, sources, &mut problems) else {
        keys(scenario, &mut problems);
        return Err(problems);
    };
    let mut movements = Movements::default();
    let mut parent = plan;
    for document in rest {
        if let Some(node) = document.root.get("parent-hash")
            && let Some(frozen) = as_text(node, "parent-hash", &mut problems)
            && !fails(&problems)
        {
            let now = {
                let settled = Settled {
                    effective: &effective,
                    dimensions: &dimensions,
                    movements: &movements,
                };
                finish(plan, &settled, files, answers, sources, Vec::new())
            };
            let now = now.ok().map(|now| now.hash);
            problems.extend(now.and_then(|now| stale(frozen, &now, node.place, parent.place())));
        }
        let mut step = Step { document, parent, dimensions: &dimensions, files };
        step.apply(&mut effective, sources, &mut problems);
        step.rebase(&mut effective, answers, &mut problems);
        let own = step.movements(&mut problems);
        if !own.is_empty() {
            effective.move_money(&document.root);
            movements = own;
        } else if transfer::changes(&document.root) {
            movements.read_again(&effective.root, &dimensions, &mut problems);
        }
        parent = document;
    }
    let mut open = |file: TableFile<'_>, sources: &mut Sources, problems: &mut Vec<Problem>| {
        file.open(files, &parent.path, sources, problems)
    };
    let reading = vary::Reading {
        effective: &effective,
        dimensions: &dimensions,
        open: &mut open,
        sources,
        problems: &mut problems,
    };
    let design = vary::design(&parent.root, reading);
    let settled = Settled { effective: &effective, dimensions: &dimensions, movements: &movements };
    let found = finish(plan, &settled, files, answers, sources, problems)?;
    Ok(Resolved { design, ..found })
}

/// What the changes of a chain have left.
struct Settled<'a> {
    effective: &'a Effective,
    dimensions: &'a [Dimension],
    movements: &'a Movements,
}

/// Makes the plan of the values that the changes have left.
fn finish(
    document: &Document,
    settled: &Settled<'_>,
    files: &dyn Files,
    answers: &mut dyn Answers,
    sources: &mut Sources,
    mut problems: Vec<Problem>,
) -> Result<Resolved, Vec<Problem>> {
    let Settled { effective, dimensions, movements } = *settled;
    let parts = parts(document, effective, dimensions.to_vec(), (files, sources), &mut problems);
    let (plan, faults) = match parts.map(Plan::new) {
        Some(Ok((plan, faults))) => (Some(plan), faults),
        Some(Err(faults)) => (None, faults),
        None => (None, Vec::new()),
    };
    let told = faults.iter().filter(|fault| effective.whole_cells || !fault.of_cells);
    problems.extend(told.map(|fault| places::problem(fault, effective, sources)));
    let Some(plan) = plan.filter(|_| !fails(&problems)) else {
        return Err(problems);
    };
    let plan = match transfer::settle(&plan, movements, answers, &mut problems) {
        Some(transfers) => plan.with_transfers(transfers),
        None => return Err(problems),
    };
    let values = origin::values(&plan, effective, sources);
    let hash = origin::hash(&values, &plan);
    Ok(Resolved { plan, warnings: problems, values, hash, design: Design::default() })
}

fn fails(problems: &[Problem]) -> bool {
    problems.iter().any(|problem| problem.severity == Severity::Error)
}

fn stale(frozen: &str, now: &str, place: Place, parent: Place) -> Option<Problem> {
    (frozen != now).then(|| {
        Problem::new(
            "stale-parent",
            "the parent has changed since this scenario was frozen on it",
            place,
            "is the hash of the parent as it was",
        )
        .also(parent, "is the parent, or stands on what has changed")
        .warning()
        .help(format!("look at what changed, then write parent-hash = \"{now}\""))
    })
}

/// Reads the plan's dimensions and cells.
fn start(
    plan: &Document,
    files: &dyn Files,
    sources: &mut Sources,
    problems: &mut Vec<Problem>,
) -> Option<(Vec<Dimension>, Effective)> {
    let mut open = |file: TableFile<'_>, sources: &mut Sources, problems: &mut Vec<Problem>| {
        file.open(files, &plan.path, sources, problems)
    };
    let dimensions = dimensions(&plan.root, plan.place(), sources, &mut open, problems)?;
    let before = problems.len();
    let cells = cells(plan, &dimensions, sources, &mut open, problems);
    let whole_cells = !fails(problems.get(before..).unwrap_or_default());
    let cells = cells.unwrap_or_else(|| CellTable::empty(plan.file));
    let mut root = plan.root.clone();
    controls::expand(&mut root, &dimensions, &mut open, sources, problems);
    Some((dimensions, Effective { root, cells, whole_cells, as_of: None }))
}

/// Reads the plan's cells.
fn cells(
    plan: &Document,
    dimensions: &[Dimension],
    sources: &mut Sources,
    open: &mut OpenSheet<'_>,
    problems: &mut Vec<Problem>,
) -> Option<CellTable> {
    let Some(node) = plan.root.get("cells") else {
        problems.push(
            Problem::new("missing-key", "a plan needs `[cells]`", plan.place(), "is missing it")
                .help("add `[cells]` with `table = \"cells.csv\"`"),
        );
        return None;
    };
    let before = problems.len();
    let Datum::Table(table) = &node.datum else {
        let wanted = "a table, like `[cells]` with `table = \"cells.csv\"`";
        problems.push(wrong_kind(node, "cells", wanted));
        return None;
    };
    let reader = Reader::new(table, node.place, &schema::CELLS, problems);
    reader.needed("table", problems)?;
    let file = TableFile::read(table, ["table", "sheet"], problems)?;
    let sheet = open(file, sources, problems)?;
    let cells = CellTable::read(sheet, dimensions, sources, problems)?;
    if cells.cells.is_empty() && !fails(problems.get(before..).unwrap_or_default()) {
        problems.push(
            Problem::new("no-cells", "the plan has no cells", file.place, "this table has no rows")
                .help("add one row for each line of the plan"),
        );
    }
    Some(cells)
}

/// Looks at the keys of every item, where the dimensions are at fault and no more can be read.
fn keys(scenario: &Scenario, problems: &mut Vec<Problem>) {
    for document in &scenario.documents {
        for (section, schema) in schema::ITEMS {
            for (table, place) in document.root.items(section) {
                Reader::new(table, place, schema, problems);
            }
            revenue::twice(&document.root, section, problems);
        }
    }
}

/// One scenario of the chain, while it is applied.
struct Step<'a> {
    document: &'a Document,
    parent: &'a Document,
    dimensions: &'a [Dimension],
    files: &'a dyn Files,
}

impl Step<'_> {
    fn apply(
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
    }

    fn rebase(
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
        effective.cells.rebase(&baselines, node.place);
    }

    fn movements(&self, problems: &mut Vec<Problem>) -> Movements {
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
