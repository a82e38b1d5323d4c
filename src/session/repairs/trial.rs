//! Tries repairs: each is written as a scenario, read back and solved.

use std::cell::Cell;
use std::sync::atomic::Ordering;

use super::written::{file_name, scenario_text};
use super::{MOST_FIGURES, Watch, is_better};
use crate::explain::Repair;
use crate::plan::Plan;
use crate::report;
use crate::scenario::Files;
use crate::session::solve::solved_at;
use crate::units::Amount;

/// By how many steps a rounded figure is widened where the rounded ones do not solve.
const WIDEST: i64 = 3;
/// By which part of what they move its figures are widened in the end: many that all just hold leave
/// whole ones no room, and a turnover takes in what every line is rounded by.
const FAR: [(i64, i64); 4] = [(1, 50), (1, 10), (1, 4), (1, 2)];
/// The same where what is asked for is no least change, but what could give.
const LOOSE: [(i64, i64); 4] = [(0, 1), (1, 10), (1, 4), (1, 2)];
/// How many near figures are tried that leave no room for whole ones.
const TIGHT: usize = 2;
/// The name that a repair has while it is tried.
const TRIAL: &str = "virement-repair-on-trial.scenario.toml";

/// Where repairs are tried.
pub(super) struct Trial<'a> {
    files: &'a dyn Files,
    path: &'a str,
    plan: &'a Plan,
    /// How many more scenarios are solved.
    left: Cell<usize>,
    /// Answers are looked for where a solver does not lead to them at once.
    thorough: bool,
    watch: Watch<'a>,
}

/// What a trial shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tried {
    /// There is an answer whose every limit was re-added.
    Holds,
    /// There are amounts, but no whole figures were found, or no proof.
    Tight,
    /// The limits clash.
    Clashes,
}

impl<'a> Trial<'a> {
    pub(super) fn new(
        (files, path): (&'a dyn Files, &'a str),
        plan: &'a Plan,
        (trials, thorough): (usize, bool),
        watch: Watch<'a>,
    ) -> Self {
        Self { files, path, plan, left: Cell::new(trials), thorough, watch }
    }

    /// The first of the proposed repairs that solve, at most so many, and none that nobody would have beside
    /// another: that one is not solved, and counts all the same.
    pub(super) fn holding(
        &self,
        proposed: impl Iterator<Item = Repair>,
        most: usize,
    ) -> Vec<Repair> {
        let mut found: Vec<Repair> = Vec::new();
        let mut left = most;
        for own in proposed {
            if found.iter().any(|known| is_better(known, &own)) {
                left -= 1;
            } else if let Some(holds) = self.verified(&own) {
                found.push(holds);
                (self.watch.found)(&found);
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

    /// The repair, where it changes many figures with all of them further out than the least: whole ones have
    /// no room where many just hold, and nobody asks for each to a hair.
    pub(super) fn loosened(&self, repair: &Repair) -> Option<Repair> {
        if repair.changes.len() <= MOST_FIGURES {
            return self.verified(repair);
        }
        if self.holds(repair) == Tried::Holds {
            return Some(repair.clone());
        }
        let parts = LOOSE.iter().map(|(over, under)| Amount::ratio(*over, *under));
        let looser = parts.map(|part| repair.loosened(&part));
        looser.into_iter().find(|own| self.holds(own) == Tried::Holds)
    }

    /// Solves the scenario with the repair.
    pub(super) fn holds(&self, repair: &Repair) -> Tried {
        let left = self.left.get().checked_sub(1);
        let left = left.filter(|_| !self.watch.stop.load(Ordering::Relaxed));
        let Some(left) = left else { return Tried::Clashes };
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
