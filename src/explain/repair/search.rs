//! Looks for repairs: linear programmes in which stated figures may give way, at a price in money.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, Figure, Repair, Style};
use super::knob::Knob;
use super::limits::Stated;
use super::money::opened;
use super::programme::program;
use crate::formulate::{Column, Curve, Objective, Part, Program, Row, Term};
use crate::plan::Plan;
use crate::solve::{Begin, Conflict, least_in_floats, open};
use crate::units::Amount;

/// How many programmes are solved at most, beside those of one figure alone.
const MOST_PROGRAMMES: usize = 60;
/// How many figures of one repair are spared one by one, those that move most first.
const MOST_SPARED: usize = 6;
/// Money below this is what floats leave.
pub(super) const NOTHING: f64 = 1e-6;

/// Proposes repairs of a conflict, one after the other: the least change of money first, then the least of
/// one figure alone, then the least that touches other figures.
///
/// The money by which figures move are unknowns beside those of the plan, in a programme that floats
/// solve. A proposal proves nothing: whoever offers it solves the plan with it.
pub struct Search {
    pub(super) plan: Plan,
    /// The columns of the plan, and after them one for each knob, in money.
    pub(super) program: Program,
    /// How many columns are the plan's.
    pub(super) first: usize,
    pub(super) knobs: Vec<Knob>,
    /// What is still to be proposed.
    nodes: Vec<Node>,
    /// The repair by one figure alone that comes next.
    single: Option<Node>,
    /// What was forbidden already.
    tried: BTreeSet<BTreeSet<String>>,
    /// The figures of each repair that was given, and its money.
    given: Vec<(BTreeSet<String>, f64)>,
}

/// The cheapest repair without some figures.
#[derive(Clone)]
pub(super) struct Node {
    pub(super) forbidden: BTreeSet<String>,
    pub(super) cost: f64,
    /// The columns of the plan.
    pub(super) amounts: Vec<f64>,
    /// What each knob moves, in money.
    pub(super) money: Vec<f64>,
}

impl Search {
    /// Begins the search. With `all`, standing limits may give way too.
    pub fn new(plan: &Plan, conflict: &Conflict, figures: &[Figure], all: bool) -> Self {
        let lines = Stated::ranges(plan, figures);
        let wide = opened(plan, &lines);
        let formulation = open(&wide);
        let stated = Stated { plan, formulation: &formulation, figures };
        let mut knobs = stated.limits();
        knobs.extend(stated.rows_of_tables());
        knobs.extend(stated.holds());
        knobs.extend(stated.transfers());
        knobs.extend(stated.revenue(&lines));
        knobs.extend(stated.drivers());
        knobs.extend(stated.amounts());
        knobs.extend(stated.cells(conflict));
        knobs.extend(stated.spending());
        knobs.retain(|knob| all || !knob.change.standing);
        knobs.sort_by_key(|knob| (knob.change.standing, knob.change.approval.is_some()));
        let whole = formulation.program();
        let mut search = Self {
            plan: plan.clone(),
            program: program(whole, &knobs),
            first: whole.columns.len(),
            nodes: Vec::new(),
            single: None,
            knobs,
            tried: BTreeSet::new(),
            given: Vec::new(),
        };
        search.spare(BTreeSet::new());
        search
    }

    /// Adds the cheapest repair without these figures, where there is one.
    fn spare(&mut self, forbidden: BTreeSet<String>) {
        if self.tried.len() < MOST_PROGRAMMES && self.tried.insert(forbidden.clone()) {
            let moves = |knob: &Knob| !forbidden.contains(&key(&knob.change));
            let found = self.cheapest(&moves, &[], Begin::Cold);
            self.nodes.extend(found.map(|found| Node { forbidden, ..found }));
        }
    }

    /// The least money at which limits hold where some knobs may move; of several ways the one by the
    /// figures that stand first. Money in many small parts would be no help to anybody.
    /// Those that are `fixed` move by the money that is said.
    pub(super) fn cheapest(
        &self,
        moves: &dyn Fn(&Knob) -> bool,
        fixed: &[(usize, Amount)],
        begin: Begin,
    ) -> Option<Node> {
        let mut program = self.program.clone();
        for (column, knob) in program.columns.iter_mut().skip(self.first).zip(&self.knobs) {
            if moves(knob) {
                *column = knob.movable();
            }
        }
        for (place, money) in fixed {
            program.columns[self.first + place] = Column::fixed(money);
        }
        let least = self.costs(&|_, cost| cost.clone());
        let mut found = least_in_floats(&program, &sum(least.clone()), begin)?;
        let knobs = found.iter().skip(self.first).zip(&least);
        let cost: f64 = knobs.map(|(money, part)| money * part.coefficient.to_f64()).sum();
        if !fixed.is_empty() {
            let money = found.split_off(self.first);
            return Some(Node { forbidden: BTreeSet::new(), cost, amounts: found, money });
        }
        let ranked = |rank, cost: &Amount| cost.max(&Amount::ratio(1, 1000)) * &Amount::whole(rank);
        let ranked = sum(self.costs(&ranked));
        let upper = Amount::from_f64(cost + NOTHING);
        program.rows.push(Row { own: least.len(), parts: least.into(), lower: None, upper });
        found = least_in_floats(&program, &ranked, Begin::Cold).unwrap_or(found);
        let money = found.split_off(self.first);
        Some(Node { forbidden: BTreeSet::new(), cost, amounts: found, money })
    }

    /// A form of the money of all knobs: the coefficient of each from its rank and what its money costs.
    fn costs(&self, by: &dyn Fn(i64, &Amount) -> Amount) -> Vec<Part> {
        let places = (self.first..).map(|place| u32::try_from(place).unwrap_or(u32::MAX));
        let knobs = (1..).zip(&self.knobs).zip(places);
        let part = |((rank, knob), column): ((i64, &Knob), u32)| Part {
            coefficient: by(rank, &(&knob.change.worth / &knob.money())),
            columns: vec![column],
        };
        knobs.map(part).collect()
    }

    /// The cheapest repair by one figure alone that is no line's own: the least that it has to move.
    fn alone(&self) -> Option<Node> {
        let limits = self.knobs.iter().filter(|knob| !knob.is_of_line());
        let keys: BTreeSet<String> = limits.map(|knob| key(&knob.change)).collect();
        let own = |own: &String| self.cheapest(&|knob| key(&knob.change) == *own, &[], Begin::Last);
        keys.iter().filter_map(own).min_by(|a, b| a.cost.total_cmp(&b.cost))
    }

    /// The knobs that a node moves, with the money of each.
    pub(super) fn moved<'a>(&'a self, node: &'a Node) -> impl Iterator<Item = (&'a Knob, f64)> {
        let all = self.knobs.iter().zip(node.money.iter().copied());
        all.filter(|(_, money)| *money > NOTHING)
    }

    /// Goes on without each of the figures that a node moves, and without all that are lines' own.
    fn branch(&mut self, node: &Node) {
        let mut by_key: BTreeMap<String, f64> = BTreeMap::new();
        let mut of_lines = 0;
        for (knob, money) in self.moved(node) {
            *by_key.entry(key(&knob.change)).or_default() += money;
            of_lines += usize::from(knob.is_of_line());
        }
        let mut by_money: Vec<(String, f64)> = by_key.into_iter().collect();
        by_money.sort_by(|a, b| b.1.total_cmp(&a.1));
        let mut sets: Vec<BTreeSet<String>> = Vec::new();
        if of_lines > 1 {
            let lines = self.knobs.iter().filter(|knob| knob.is_of_line());
            sets.push(lines.map(|knob| key(&knob.change)).collect());
        }
        sets.extend(by_money.into_iter().take(MOST_SPARED).map(|(own, _)| BTreeSet::from([own])));
        for set in sets {
            self.spare(&node.forbidden | &set);
        }
    }

    /// The cheapest repair that leaves some figures alone.
    pub fn leaving(&self, stays: &Stays) -> Option<Repair> {
        let node = self.cheapest(&|knob| !stays.contains(&of(&knob.change)), &[], Begin::Cold)?;
        Some(Repair { leaves: self.left(stays), ..self.repair(&node)? })
    }

    /// That some figures stay, in words.
    pub fn left(&self, stays: &Stays) -> Vec<String> {
        let kept = self.knobs.iter().filter(|knob| stays.contains(&of(&knob.change)));
        let words: BTreeSet<String> = kept.map(|knob| knob.change.left()).collect();
        words.into_iter().collect()
    }

    /// The changes of figures that a node stands for.
    fn repair(&self, node: &Node) -> Option<Repair> {
        let node = &self.settled(node);
        let amounts = self.closer(node);
        let amounts: Option<Vec<Amount>> =
            amounts.iter().map(|amount| Amount::from_f64(*amount)).collect();
        let amounts = amounts?;
        let mut repair = Repair::default();
        for (knob, money) in self.moved(node) {
            let units = &Amount::from_f64(money)? / &knob.money();
            let (change, exact) = knob.turned(&self.plan, &units, &amounts);
            let same = |known: &Change| key(known) == key(&change);
            let (new, figure) = (change.new.clone(), exact.clone());
            if let Some(place) = repair.changes.iter().position(same) {
                if merge(&mut repair.changes[place], &change) {
                    repair.exact[place] = exact;
                }
            } else {
                repair.changes.push(change);
                repair.exact.push(exact);
            }
            if let Some(also) = knob.also.clone() {
                repair.changes.push(Change { new, ..also });
                repair.exact.push(figure);
            }
        }
        Some(repair)
    }
}

impl Iterator for Search {
    type Item = Repair;

    fn next(&mut self) -> Option<Repair> {
        loop {
            let node = if let Some(node) = self.single.take() {
                node
            } else {
                let cost = |place: &usize| self.nodes[*place].cost;
                let all = 0..self.nodes.len();
                let node = all.min_by(|a, b| cost(a).total_cmp(&cost(b)))?;
                let node = self.nodes.remove(node);
                self.branch(&node);
                node
            };
            let Some(repair) = self.repair(&node) else { continue };
            let keys: BTreeSet<String> = repair.changes.iter().map(key).collect();
            let no_dearer = |(own, cost): &(BTreeSet<String>, f64)| {
                own.is_subset(&keys) && *cost <= node.cost + NOTHING
            };
            if keys.is_empty() || self.given.iter().any(no_dearer) {
                continue;
            }
            if self.given.is_empty() && keys.len() > 1 {
                self.single = self.alone();
            }
            self.given.push((keys, node.cost));
            return Some(repair);
        }
    }
}

/// An objective without bends.
pub(super) fn sum(parts: Vec<Part>) -> Objective {
    Objective::Sum([Term::new(parts, Curve::line(Amount::ONE))].into())
}

/// Figures, each a path and the cells that it is of.
pub type Stays = BTreeSet<(String, Option<String>)>;

/// Which figure a change is of.
fn of(change: &Change) -> (String, Option<String>) {
    (change.path.clone(), change.cells.clone())
}

/// What tells one figure from another.
pub(super) fn key(change: &Change) -> String {
    format!("{} {}", change.path, change.cells.as_deref().unwrap_or_default())
}

/// Two moves of one figure are one, the further of both; what is left unspent adds up. Whether the
/// other was taken.
fn merge(known: &mut Change, other: &Change) -> bool {
    if matches!(known.style, Style::Word(_)) {
        known.new += &other.new;
        return false;
    }
    let further = |change: &Change| (&change.new - &change.old).abs();
    let taken = further(other) > further(known);
    if taken {
        known.new = other.new.clone();
    }
    taken
}
