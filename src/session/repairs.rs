//! Repairs that were solved before they are offered, and the scenarios that hold them.

mod trial;
mod written;

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

use super::solve::Solved;
use super::store::Request;
use crate::explain::{Figure, Repair, Repairs, Search, Stays, other_times};
use crate::plan::Plan;
use crate::scenario::{Files, Resolved};
use crate::solve::Outcome;
use crate::units::{Amount, CellId};
use trial::{Trial, Tried};
pub use written::apply;

/// How many repairs are offered.
const OFFERED: usize = 4;
/// How many times the cheapest one a repair may cost to be told.
const DEAREST: i64 = 20;
/// How many times the figures of a cheaper one a repair may change to be told.
const MOST_FIGURES: usize = 4;
/// What part of the money of another a repair of fewer figures may cost to be told before it.
const NEARLY: (i64, i64) = (11, 10);
/// How many candidates are solved to find them.
const TRIED: usize = 12;
/// How many scenarios are solved in all.
const MOST_TRIALS: usize = 30;
/// How many candidates, and how many scenarios, are solved thoroughly where no repair was found.
const LAST: usize = 4;
const LAST_TRIALS: usize = 12;
/// How many scenarios are solved to find one that leaves alone what the others change.
const LEAVING_TRIALS: usize = 8;

/// Somebody who waits for repairs.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// Is told what is known, whenever there is more of it.
    pub found: &'a dyn Fn(&[Repair]),
    /// Set once nobody waits any longer.
    pub stop: &'a AtomicBool,
}

/// Repairs of an infeasible scenario, the least change of money first. Each was written as a
/// scenario, read back and solved. With `all`, standing limits may change too.
pub fn repairs(request: &Request, solved: &Solved, all: bool) -> Repairs {
    let files = (&*request.files, request.path.as_str());
    let watch = Watch { found: &|_| (), stop: &AtomicBool::new(false) };
    repairs_of(files, (&solved.resolved, &solved.outcome), all, watch)
}

/// The same for the scenario at a path of some files. Where nobody waits any longer, what is known.
pub(super) fn repairs_of(
    files: (&dyn Files, &str),
    (resolved, outcome): (&Resolved, &Outcome),
    all: bool,
    watch: Watch<'_>,
) -> Repairs {
    let Outcome::Infeasible(conflict) = outcome else { return Repairs::default() };
    let figures = figures(resolved);
    let search = |plan: &Plan| Search::new(plan, conflict, &figures, all);
    let proposed = |lumps: &[CellId]| -> Vec<Repair> {
        let ways = ways(&resolved.plan, lumps);
        let each = TRIED / ways.len().min(3);
        ranked(ways.iter().flat_map(|way| search(way).take(each)))
    };
    let trial = |trials, thorough| Trial::new(files, &resolved.plan, (trials, thorough), watch);
    let brief = trial(MOST_TRIALS, false);
    let lumps = resolved.plan.lumps();
    let mut whole = conflict.lumps.is_empty().then(|| search(&resolved.plan));
    let mut found = match &mut whole {
        Some(search) => brief.holding(search.take(TRIED), OFFERED),
        None => brief.holding(proposed(&conflict.lumps).into_iter().take(TRIED), OFFERED),
    };
    if found.is_empty() && lumps.is_empty() {
        found = trial(LAST_TRIALS, true).holding(search(&resolved.plan).take(LAST), 2);
    } else if found.is_empty() {
        // What holds where lines may be taken in part need not hold where they are all or nothing.
        found =
            trial(MOST_TRIALS, false).holding(proposed(&lumps).into_iter().take(TRIED), OFFERED);
    }
    for times in other_times(&resolved.plan, conflict, &figures, all) {
        found.extend(times.into_iter().find(|repair| brief.holds(repair) == Tried::Holds));
    }
    found.sort_by_key(Repair::rank);
    let mut told = plainest_first(worth_telling(found));
    (watch.found)(&told);
    let stays = stated_by_all(&told, &figures);
    let whole = whole.filter(|_| lumps.is_empty() && !stays.is_empty());
    let Some(search) = whole else { return Repairs { found: told, stuck: None } };
    let leaving = search.leaving(&stays);
    if let Some(own) = leaving.and_then(|own| trial(LEAVING_TRIALS, false).loosened(&own)) {
        told.truncate(OFFERED - 1);
        told.push(own);
        return Repairs { found: told, stuck: None };
    }
    Repairs { found: told, stuck: Some(search.left(&stays).join("; and ")) }
}

/// The repairs with those of fewer figures before others that cost nearly as much: nobody changes three figures to
/// spare a little of one.
fn plainest_first(ranked: Vec<Repair>) -> Vec<Repair> {
    let most = Amount::ratio(NEARLY.0, NEARLY.1);
    let mut told: Vec<Repair> = Vec::new();
    for own in ranked {
        let cost = own.cost();
        let goes_before = |known: &&Repair| {
            own.changes.len() < known.changes.len() && cost <= &known.cost() * &most
        };
        let after = told.iter().rev().take_while(goes_before).count();
        told.insert(told.len() - after, own);
    }
    told
}

/// The figures that a scenario states and every one of the repairs changes: whoever wrote the scenario would
/// like to know what else could give.
fn stated_by_all(told: &[Repair], figures: &[Figure]) -> Stays {
    let stated = |path: &str| figures.iter().any(|own| own.by_scenario && own.path == path);
    let mut sets = told.iter().map(figures_of);
    let first = sets.next().unwrap_or_default();
    let common = sets.fold(first, |known, own| &known & &own);
    let own = common.into_iter().filter(|(path, _)| stated(path));
    own.map(|(path, cells)| (path.into(), cells.map(String::from))).collect()
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
