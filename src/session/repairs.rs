//! Repairs that were solved before they are offered, and the scenarios that hold them.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::solve::{Solved, solved_at};
use super::store::Request;
use crate::explain::{Figure, Repair, Search, other_times};
use crate::plan::Plan;
use crate::report;
use crate::scenario::{Files, Resolved};
use crate::solve::Outcome;
use crate::units::{Amount, CellId};

/// How many repairs are offered.
const OFFERED: usize = 4;
/// How many times the cheapest one a repair may cost to be told.
const DEAREST: i64 = 20;
/// How many times the figures of a cheaper one a repair may change to be told.
const MOST_FIGURES: usize = 4;
/// How many candidates are solved to find them.
const TRIED: usize = 12;
/// By how many steps a rounded figure is widened where the rounded ones do not solve.
const WIDEST: i64 = 3;
/// By which part of what they move its figures are widened in the end: many that all just hold leave
/// whole ones no room, and a turnover takes in what every line is rounded by.
const FAR: [(i64, i64); 4] = [(1, 50), (1, 10), (1, 4), (1, 2)];
/// How many scenarios are solved in all.
const MOST_TRIALS: usize = 30;
/// How many candidates, and how many scenarios, are solved thoroughly where no repair was found.
const LAST: usize = 4;
const LAST_TRIALS: usize = 12;
/// How many near figures are tried that leave no room for whole ones.
const TIGHT: usize = 2;
/// The name that a repair has while it is tried.
const TRIAL: &str = "virement-repair-on-trial.scenario.toml";

/// Repairs of an infeasible scenario, the least change of money first. Each was written as a
/// scenario, read back and solved. With `all`, standing limits may change too.
pub fn repairs(request: &Request, solved: &Solved, all: bool) -> Vec<Repair> {
    let files = (&*request.files, request.path.as_str());
    repairs_of(files, &solved.resolved, &solved.outcome, all)
}

/// The same for the scenario at a path of some files.
pub(super) fn repairs_of(
    (files, path): (&dyn Files, &str),
    resolved: &Resolved,
    outcome: &Outcome,
    all: bool,
) -> Vec<Repair> {
    let Outcome::Infeasible(conflict) = outcome else { return Vec::new() };
    let figures = figures(resolved);
    let search = |plan: &Plan, each| Search::new(plan, conflict, &figures, all).take(each);
    let proposed = |lumps: &[CellId]| -> Vec<Repair> {
        let ways = ways(&resolved.plan, lumps);
        let each = TRIED / ways.len().min(3);
        ranked(ways.iter().flat_map(|way| search(way, each)))
    };
    let trial = |trials, thorough| {
        let left = Cell::new(trials);
        Trial { files, path, plan: &resolved.plan, left, thorough }
    };
    let brief = trial(MOST_TRIALS, false);
    let lumps = resolved.plan.lumps();
    let mut found = if conflict.lumps.is_empty() {
        brief.holding(search(&resolved.plan, TRIED), OFFERED)
    } else {
        brief.holding(proposed(&conflict.lumps).into_iter().take(TRIED), OFFERED)
    };
    if found.is_empty() && lumps.is_empty() {
        found = trial(LAST_TRIALS, true).holding(search(&resolved.plan, LAST), 2);
    } else if found.is_empty() {
        // What holds where lines may be taken in part need not hold where they are all or nothing.
        found =
            trial(MOST_TRIALS, false).holding(proposed(&lumps).into_iter().take(TRIED), OFFERED);
    }
    for times in other_times(&resolved.plan, conflict, &figures, all) {
        found.extend(times.into_iter().find(|repair| brief.holds(repair) == Tried::Holds));
    }
    found.sort_by_key(Repair::rank);
    worth_telling(found)
}

/// Whether nobody would have `other` beside `known`: it changes the same and more, or many more figures, for no
/// less money.
fn is_better(known: &Repair, other: &Repair) -> bool {
    let many = || other.changes.len() > MOST_FIGURES * known.changes.len();
    let within = || figures_of(known).is_subset(&figures_of(other));
    known.cost() <= other.cost() && (many() || within())
}

/// The repairs, the cheapest first, without those that change more for more money, and without those that are
/// so dear beside the cheapest that nobody would have them.
fn worth_telling(ranked: Vec<Repair>) -> Vec<Repair> {
    let most = ranked.first().map(|first| &first.cost() * &Amount::whole(DEAREST));
    let mut told: Vec<Repair> = Vec::new();
    for own in ranked {
        let dear = most.as_ref().is_some_and(|most| own.cost() > *most);
        if !dear && !told.iter().any(|known| is_better(known, &own)) {
            told.push(own);
        }
    }
    told.truncate(OFFERED);
    told
}

/// The repairs of several ways, the least money first; of those that change the same figures the cheapest.
fn ranked(all: impl Iterator<Item = Repair>) -> Vec<Repair> {
    let mut ranked: Vec<Repair> = Vec::new();
    for repair in all {
        match ranked.iter_mut().find(|known| figures_of(known) == figures_of(&repair)) {
            Some(known) if repair.cost() < known.cost() => *known = repair,
            Some(_) => {}
            None => ranked.push(repair),
        }
    }
    ranked.sort_by_key(Repair::rank);
    ranked
}

/// The figures that a repair changes.
fn figures_of(repair: &Repair) -> BTreeSet<(&str, Option<&str>)> {
    repair.changes.iter().map(|change| (&*change.path, change.cells.as_deref())).collect()
}

/// How many ways to decide lines of all or nothing are repaired.
const WAYS: usize = 8;

/// A plan with some of the ways to decide `lumps`.
fn ways(plan: &Plan, lumps: &[CellId]) -> Vec<Plan> {
    let decided = |taken: &dyn Fn(usize) -> bool| {
        let lumps = lumps.iter().enumerate();
        let pairs: Vec<(CellId, bool)> = lumps.map(|(at, id)| (*id, taken(at))).collect();
        plan.with_taken(&pairs)
    };
    let count = lumps.len();
    if 1 << count.min(16) <= WAYS {
        return (0..1_usize << count).map(|way| decided(&|at| way >> at & 1 == 1)).collect();
    }
    let one = (0..count).map(|own| decided(&|at| at == own));
    let ends = [decided(&|_| false), decided(&|_| true)];
    ends.into_iter().chain(one).take(WAYS).collect()
}

/// What the files state, and whether a scenario states it.
fn figures(resolved: &Resolved) -> Vec<Figure> {
    let values = resolved.values();
    let plan = values.iter().find(|stated| stated.path == "format");
    let plan = plan.map(|stated| stated.place.file);
    let stated = values.into_iter().filter(|stated| !stated.path.starts_with("cells["));
    stated
        .map(|stated| Figure {
            by_scenario: Some(stated.place.file) != plan,
            path: stated.path,
            value: stated.value,
        })
        .collect()
}

/// Where repairs are tried.
struct Trial<'a> {
    files: &'a dyn Files,
    path: &'a str,
    plan: &'a Plan,
    /// How many more scenarios are solved.
    left: Cell<usize>,
    /// Answers are looked for where a solver does not lead to them at once.
    thorough: bool,
}

/// What a trial shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tried {
    /// There is an answer whose every limit was re-added.
    Holds,
    /// There are amounts, but no whole figures were found, or no proof.
    Tight,
    /// The limits clash.
    Clashes,
}

impl Trial<'_> {
    /// The first of the proposed repairs that solve, at most so many, and none that nobody would have beside
    /// another: that one is not solved, and counts all the same.
    fn holding(&self, proposed: impl Iterator<Item = Repair>, most: usize) -> Vec<Repair> {
        let mut found: Vec<Repair> = Vec::new();
        let mut left = most;
        for own in proposed {
            if found.iter().any(|known| is_better(known, &own)) {
                left -= 1;
            } else if let Some(holds) = self.verified(&own) {
                found.push(holds);
                left -= 1;
            }
            if left == 0 {
                break;
            }
        }
        found
    }

    /// The repair, if need be a little wider, if its scenario solves. An equality may ask for a figure
    /// that is not rounded, and steps of a share may be far below what whole figures need.
    fn verified(&self, repair: &Repair) -> Option<Repair> {
        let near = (0..=WIDEST).map(|steps| repair.widened(steps)).chain(repair.unrounded());
        let mut tight = 0;
        for wider in near {
            match self.holds(&wider) {
                Tried::Holds => return Some(wider),
                Tried::Tight => tight += 1,
                Tried::Clashes => {}
            }
            if tight == TIGHT {
                break;
            }
        }
        let quantum = i64::from(self.plan.quantum().units());
        let further = (1..=2).filter_map(|count| {
            repair.steps(&Amount::whole(count * quantum), WIDEST).map(|steps| repair.widened(steps))
        });
        let parts = FAR.iter().map(|(over, under)| Amount::ratio(*over, *under));
        let far = parts.filter(|_| tight > 0).map(|part| repair.stretched(&part));
        further.chain(far).find(|own| self.holds(own) == Tried::Holds)
    }

    /// Solves the scenario with the repair.
    fn holds(&self, repair: &Repair) -> Tried {
        let Some(left) = self.left.get().checked_sub(1) else { return Tried::Clashes };
        self.left.set(left);
        let text = scenario_text(file_name(self.path), "on trial", repair, "");
        let files = Overlay { below: self.files, path: beside(self.path, TRIAL), text };
        match solved_at(&files, &files.path, self.thorough) {
            Some((resolved, outcome)) => {
                let proof = report::status(&resolved.plan, &outcome).proof;
                let holds = ["feasible", "optimal"].contains(&proof);
                if holds { Tried::Holds } else { Tried::Tight }
            }
            None => Tried::Clashes,
        }
    }
}

/// A plan's files with one more.
struct Overlay<'a> {
    below: &'a dyn Files,
    path: String,
    text: String,
}

impl Files for Overlay<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        if path == self.path { Ok(self.text.clone().into_bytes()) } else { self.below.read(path) }
    }

    fn name(&self, path: &str) -> String {
        self.below.name(path)
    }

    fn list(&self) -> Vec<String> {
        self.below.list()
    }
}

/// The path of a file in the same folder as `path`.
fn beside(path: &str, name: &str) -> String {
    path.rsplit_once('/').map_or_else(|| name.into(), |(folder, _)| format!("{folder}/{name}"))
}

fn file_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// The scenario that makes a repair's changes to `parent`.
fn scenario_text(parent: &str, title: &str, repair: &Repair, note: &str) -> String {
    let mut text = String::new();
    for line in note.lines() {
        text += &format!("# {line}\n");
    }
    text += "format  = \"virement/scenario@1\"\n";
    text += &format!("extends = {}\ntitle   = {}\n", quoted(parent), quoted(title));
    for change in &repair.changes {
        text += &format!("\n[[change]]\nset = {}\n", quoted(&change.path));
        if let Some(cells) = &change.cells {
            text += &format!("where = {cells}\n");
        }
        text += &format!("to  = {}\n", change.to());
        let was = format!("repair: {} (it was {})", change.text(), change.from);
        text += &format!("reason = {}\n", quoted(&was));
    }
    text
}

/// The text as a TOML string.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push(' '),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Writes the scenario of a repair to `output`; gives a remark where it cannot be solved there.
///
/// # Errors
///
/// Why it cannot be written there, in words.
pub fn apply(
    request: &Request,
    solved: &Solved,
    repair: &Repair,
    output: &Path,
) -> Result<Option<String>, String> {
    let name = output.file_name().map(|name| name.to_string_lossy().into_owned());
    if !name.is_some_and(|name| name.ends_with(".scenario.toml")) {
        return Err("-o: a scenario's file ends in .scenario.toml".into());
    }
    if output.exists() {
        return Err(format!("-o: `{}` is there already; name a new file", output.display()));
    }
    let (parent, remark) = parent(request, output)?;
    let title = solved.resolved.plan.scenario().unwrap_or(solved.resolved.plan.title());
    let title = format!("{title}, repaired");
    let note = format!(
        "A repair of `{}`: {} {}.",
        file_name(&request.path),
        crate::explain::amount_text(&repair.cost()),
        solved.resolved.plan.unit()
    );
    let text = scenario_text(&parent, &title, repair, &note);
    super::write(output, text.as_bytes())?;
    Ok(remark)
}

/// How the scenario at `output` names the one that it extends.
fn parent(request: &Request, output: &Path) -> Result<(String, Option<String>), String> {
    let Some(root) = request.files.root() else {
        let remark = format!(
            "it extends `{}`: put it beside the plan's files, which `virement init {} DIR` writes",
            request.path,
            request.name.split('/').next().unwrap_or_default()
        );
        let home = folder_of(output).join(&request.path);
        return Ok((request.path.clone(), (!home.is_file()).then_some(remark)));
    };
    let whole =
        |path: &Path| path.canonicalize().map_err(|error| format!("`{}`: {error}", path.display()));
    let (root, folder) = (whole(&root)?, whole(&folder_of(output))?);
    let Ok(inside) = folder.strip_prefix(&root) else {
        return Err(format!(
            "-o: a scenario lies in the folder of its plan, `{}`, or below it",
            root.display()
        ));
    };
    let up = "../".repeat(inside.components().count());
    Ok((format!("{up}{}", request.path), None))
}

fn folder_of(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.map_or_else(|| PathBuf::from("."), PathBuf::from)
}
