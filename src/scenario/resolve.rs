//! Turns a scenario into its effective plan.

mod step;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::cells::CellTable;
use super::change::Effective;
use super::dimensions::{OpenSheet, dimensions};
use super::load::{Document, Scenario};
use super::memo;
use super::origin::{self, Origins, Stated};
use super::plan_parts::parts;
use super::problem::Problem;
use super::reader::{Reader, as_text, wrong_kind};
use super::remarks::{self, Remark};
use super::source::{Files, Place, Sources};
use super::table_file::TableFile;
use super::transfer::{self, Movements};
use super::tree::Datum;
use super::vary::{self, Design, Trial};
use super::{controls, places, revenue, schema};
use crate::plan::{Dimension, Plan, Severity};
use crate::units::{Amount, Id};
use step::Step;

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
    /// What planners note about slices of it.
    pub remarks: Vec<Remark>,
    /// What scenarios have taken out: its dotted name, and its title.
    pub gone: Vec<(String, String)>,
    /// The scenarios that the `[[vary]]` blocks of the file stand for.
    pub design: Design,
    origins: Origins,
}

impl Resolved {
    /// Every value of the plan, with its origin, in declared order; they are listed anew each time.
    pub fn values(&self) -> Vec<Stated> {
        self.origins.values(&self.plan)
    }

    /// The same of some sections of the files, like `driver` and `limit`.
    pub fn values_within(&self, sections: &[&str]) -> Vec<Stated> {
        self.origins.within(sections)
    }

    /// SHA-256 of the values: equal inputs have equal hashes, whatever their layout.
    pub fn hash(&self) -> String {
        origin::hash(&self.values(), &self.plan)
    }
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
    settle(scenario, files, answers, sources, false)
}

/// Resolves `scenario`, and tries every value that its `[[vary]]` blocks state: each alone, with all
/// else as the file has it.
///
/// # Errors
///
/// All problems of all its files, warnings included; those of a value where it is stated.
pub fn resolve_throughout(
    scenario: &Scenario,
    files: &dyn Files,
    answers: &mut dyn Answers,
    sources: &mut Sources,
) -> Result<Resolved, Vec<Problem>> {
    settle(scenario, files, answers, sources, true)
}

fn settle(
    scenario: &Scenario,
    files: &dyn Files,
    answers: &mut dyn Answers,
    sources: &mut Sources,
    throughout: bool,
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
            let now = now.ok().map(|now| {
                let values = origin::values(&now.plan, &effective, sources);
                origin::hash(&values, &now.plan)
            });
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
        trials: Vec::new(),
    };
    let (design, trials) = vary::design(&parent.root, reading);
    let settled = Settled { effective: &effective, dimensions: &dimensions, movements: &movements };
    let Finished { plan: found, mut warnings, remarks } =
        finish(plan, &settled, files, answers, sources, problems)?;
    if throughout {
        let faults = tried(plan, &settled, &trials, files, answers, sources);
        if !faults.is_empty() {
            warnings.extend(faults);
            return Err(warnings);
        }
    }
    let gone = effective.gone.clone();
    let origins = Origins::new(effective, sources.clone());
    Ok(Resolved { plan: found, warnings, remarks, gone, design, origins })
}

/// What is wrong with values that vary, once for each place.
fn tried(
    document: &Document,
    settled: &Settled<'_>,
    trials: &[Trial],
    files: &dyn Files,
    answers: &mut dyn Answers,
    sources: &mut Sources,
) -> Vec<Problem> {
    let mut faults: Vec<Problem> = Vec::new();
    let mut known: HashSet<(&'static str, Place)> = HashSet::new();
    for Trial { change, place } in trials {
        let mut effective = settled.effective.clone();
        let mut problems = Vec::new();
        effective.change(change, *place, settled.dimensions, &mut problems);
        if !fails(&problems) {
            let settled = Settled { effective: &effective, ..*settled };
            let found = made(document, &settled, files, answers, sources, problems);
            problems = found.err().unwrap_or_default();
        }
        for problem in problems {
            if problem.severity != Severity::Error || !known.insert((problem.code, *place)) {
                continue;
            }
            let shown = problem.labels.iter().any(|(at, _)| at == place);
            faults.push(if shown { problem } else { problem.also(*place, "is this value") });
        }
    }
    faults
}

/// What the changes of a chain have left.
#[derive(Clone, Copy)]
struct Settled<'a> {
    effective: &'a Effective,
    dimensions: &'a [Dimension],
    movements: &'a Movements,
}

/// The plan of the values that the changes of a chain have left, and what is said about it.
struct Finished {
    plan: Plan,
    warnings: Vec<Problem>,
    remarks: Vec<Remark>,
}

/// Makes the plan of the values that the changes have left, and reads what is noted about it.
fn finish(
    document: &Document,
    settled: &Settled<'_>,
    files: &dyn Files,
    answers: &mut dyn Answers,
    sources: &mut Sources,
    problems: Vec<Problem>,
) -> Result<Finished, Vec<Problem>> {
    let (plan, mut warnings) = made(document, settled, files, answers, sources, problems)?;
    let remarks = remarks::read(&settled.effective.root, &plan, &mut warnings);
    if fails(&warnings) {
        return Err(warnings);
    }
    Ok(Finished { plan, warnings, remarks })
}

/// Makes the plan of the values that the changes have left.
fn made(
    document: &Document,
    settled: &Settled<'_>,
    files: &dyn Files,
    answers: &mut dyn Answers,
    sources: &mut Sources,
    mut problems: Vec<Problem>,
) -> Result<(Plan, Vec<Problem>), Vec<Problem>> {
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
    match transfer::settle(&plan, movements, answers, &mut problems) {
        Some(transfers) => Ok((plan.with_transfers(transfers), problems)),
        None => Err(problems),
    }
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
    let cells = cells.unwrap_or_else(|| CellTable::empty(plan.file).into());
    let mut root = plan.root.clone();
    controls::expand(&mut root, &dimensions, &mut open, sources, problems);
    Some((dimensions, Effective { root, cells, whole_cells, as_of: None, gone: Vec::new() }))
}

/// Reads the plan's cells.
fn cells(
    plan: &Document,
    dimensions: &[Dimension],
    sources: &mut Sources,
    open: &mut OpenSheet<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Arc<CellTable>> {
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
    let read =
        |problems: &mut Vec<Problem>| CellTable::read(sheet.clone(), dimensions, sources, problems);
    let cells = memo::cells((&sheet, dimensions), problems, read)?;
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
