//! The schedule of virements that turns the baseline into the allocation.

use std::collections::BTreeMap;

use super::closeness::{Closeness, Crossing};
use super::fewest::{Rest, few};
use super::transport::{Flow, Transport};
use crate::plan::{Axis, Group, Plan, Slice};
use crate::solve::Allocation;
use crate::units::{Amount, CellId, MemberId};

/// Who gives how much to whom, so that every line gets from its baseline to its allocation.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// The lines, in declared member order.
    pub lines: Vec<Line>,
    /// The transfers: those between near lines first.
    pub transfers: Vec<Transfer>,
    /// How near lines are.
    pub closeness: Closeness,
    /// Whether no other schedule moves less across an upper level, and then across the next: shown
    /// by the prices of a transportation problem.
    pub cheapest: bool,
    /// No schedule that is as near has fewer transfers than this; fewer ones are not ruled out
    /// below it.
    pub least: usize,
}

/// A line of the plan: a cell, or all cells that a table adds up.
#[derive(Debug, Clone)]
pub struct Line {
    /// The member of each axis.
    pub key: Vec<MemberId>,
    /// Its cells, ascending.
    pub cells: Vec<CellId>,
    /// Its published amount less its baseline, in plan units.
    pub change: Amount,
}

/// One virement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Who gives.
    pub from: End,
    /// Who receives.
    pub to: End,
    /// How much, in plan units; above zero.
    pub amount: Amount,
    /// The levels that it crosses; `None` where the total is one of its ends.
    pub crosses: Option<Crossing>,
}

/// An end of a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// The line of a place in the schedule's list.
    Line(usize),
    /// The total of the plan, which revenue makes fall or rise.
    Total,
}

/// The most pairs of givers and receivers of one balance period for which the cheapest schedule
/// is sought.
const MOST_PAIRS: usize = 250_000;

/// Finds the schedule of `allocation` between the lines of `axes`; money stays inside a member of
/// a dimension of `first`, of time, and of the other dimensions in declared order, in this order.
///
/// What a balance period has less or more than before is given back to, or received from, the
/// total: money of one balance period pays nothing in another. Where the lines do not tell the
/// balance periods apart, or there is no balance, the plan is one period.
pub fn transfers(plan: &Plan, allocation: &Allocation, axes: &[Axis], first: &[usize]) -> Schedule {
    let groups = plan.groups(&Slice::all(plan.dimensions().len()), axes);
    let lines: Vec<Line> = groups.into_iter().map(|group| line(plan, allocation, group)).collect();
    let moving = lines.iter().filter(|line| !line.change.is_zero());
    let keys: Vec<&[MemberId]> = moving.map(|line| line.key.as_slice()).collect();
    let closeness = Closeness::new(plan, axes, first, &keys);
    let mut schedule =
        Schedule { lines, transfers: Vec::new(), closeness, cheapest: true, least: 0 };
    for period in periods(plan, &schedule.lines) {
        schedule.settle(plan, &period);
    }
    schedule.transfers.sort_by_key(|own| {
        let near = own.crosses.map(|crosses| schedule.closeness.merged(crosses));
        (own.crosses.is_none(), near, own.from, own.to)
    });
    schedule
}

fn line(plan: &Plan, allocation: &Allocation, group: Group) -> Line {
    let change = |cell: &CellId| allocation.amount(plan, *cell) - &plan.cell(*cell).baseline;
    Line { change: group.cells.iter().map(change).sum(), key: group.key, cells: group.cells }
}

/// The lines of each balance period; all of them where a line lies in several.
fn periods(plan: &Plan, lines: &[Line]) -> Vec<Vec<usize>> {
    let mut of_cell = vec![0; plan.cells().len()];
    if plan.balance().is_some() {
        for (place, period) in plan.periods().iter().enumerate() {
            for cell in &period.cells {
                of_cell[cell.index()] = place;
            }
        }
    }
    let mut found: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (place, line) in lines.iter().enumerate() {
        let mut own = line.cells.iter().map(|cell| of_cell[cell.index()]);
        let period = own.next().unwrap_or(0);
        if own.any(|other| other != period) {
            return vec![(0..lines.len()).collect()];
        }
        found.entry(period).or_default().push(place);
    }
    found.into_values().collect()
}

/// Those who give and those who receive, by their place in the schedule's list.
#[derive(Default)]
struct Sides {
    givers: Vec<(End, Amount)>,
    receivers: Vec<(End, Amount)>,
}

impl Schedule {
    /// Adds the transfers between the lines of one balance period.
    fn settle(&mut self, plan: &Plan, period: &[usize]) {
        let mut sides = Sides::default();
        let mut total = Amount::ZERO;
        for place in period {
            let change = &self.lines[*place].change;
            total += change;
            sides.push(End::Line(*place), change);
        }
        sides.push(End::Total, &-&total);
        let addresses: Vec<Vec<MemberId>> =
            self.lines.iter().map(|line| self.closeness.address(plan, &line.key)).collect();
        let crossing = |from: End, to: End| match (from, to) {
            (End::Line(from), End::Line(to)) => {
                Some(Closeness::crossing(&addresses[from], &addresses[to]))
            }
            _ => None,
        };
        let flows = if sides.givers.len() * sides.receivers.len() <= MOST_PAIRS {
            self.nearest(&sides, &crossing)
        } else {
            self.cheapest = false;
            let flows = greedy(&self.closeness, &sides, &addresses);
            self.least += sides.givers.len().max(sides.receivers.len());
            flows
        };
        for flow in flows {
            let (from, to) = (sides.givers[flow.from].0, sides.receivers[flow.to].0);
            let amount = flow.amount;
            self.transfers.push(Transfer { from, to, amount, crosses: crossing(from, to) });
        }
    }

    /// The nearest transfers, and few of them.
    fn nearest(
        &mut self,
        sides: &Sides,
        crossing: &dyn Fn(End, End) -> Option<Crossing>,
    ) -> Vec<Flow> {
        let amounts =
            |side: &[(End, Amount)]| side.iter().map(|(_, amount)| amount.clone()).collect();
        let (supply, demand): (Vec<Amount>, Vec<Amount>) =
            (amounts(&sides.givers), amounts(&sides.receivers));
        let costs: Vec<i128> = sides
            .givers
            .iter()
            .flat_map(|(from, _)| sides.receivers.iter().map(move |(to, _)| (*from, *to)))
            .map(|(from, to)| crossing(from, to).map_or(0, |bits| self.closeness.cost(bits)))
            .collect();
        let cost = |from: usize, to: usize| costs[from * demand.len() + to];
        let transport = Transport { supply: &supply, demand: &demand, cost: &cost };
        let total = |side: &[(End, Amount)]| side.iter().position(|(end, _)| *end == End::Total);
        let rest = match (total(&sides.givers), total(&sides.receivers)) {
            (Some(place), _) => Rest::Gives(place),
            (_, Some(place)) => Rest::Receives(place),
            _ => Rest::Nobody,
        };
        let found = few(&transport, &transport.cheapest(), rest);
        self.least += found.least;
        found.flows
    }

    /// Whether the number of transfers is known to be the least.
    pub fn fewest(&self) -> bool {
        self.cheapest && self.transfers.len() == self.least
    }

    /// What a line gives, and what it receives.
    pub fn sums(&self, line: usize) -> (Amount, Amount) {
        let sum = |end: &dyn Fn(&Transfer) -> End| {
            let own = self.transfers.iter().filter(|own| end(own) == End::Line(line));
            own.map(|own| &own.amount).sum()
        };
        (sum(&|own| own.from), sum(&|own| own.to))
    }

    /// What is given back to the total, and what is received from it.
    pub fn total(&self) -> (Amount, Amount) {
        let sum = |own: &dyn Fn(&Transfer) -> bool| {
            self.transfers.iter().filter(|t| own(t)).map(|t| &t.amount).sum()
        };
        (sum(&|own| own.to == End::Total), sum(&|own| own.from == End::Total))
    }
}

impl Sides {
    fn push(&mut self, end: End, change: &Amount) {
        match change.signum() {
            0 => {}
            1 => self.receivers.push((end, change.clone())),
            _ => self.givers.push((end, -change)),
        }
    }
}

/// Lets near lines pay one another before far ones, without looking back.
fn greedy(closeness: &Closeness, sides: &Sides, addresses: &[Vec<MemberId>]) -> Vec<Flow> {
    let amounts = |side: &[(End, Amount)]| -> Vec<Amount> {
        side.iter().map(|(_, amount)| amount.clone()).collect()
    };
    let (mut supply, mut demand) = (amounts(&sides.givers), amounts(&sides.receivers));
    let mut flows = Vec::new();
    let told = closeness.told();
    for crossed in 0..(1_u64 << told) {
        let key = |end: End| -> Option<Vec<MemberId>> {
            let End::Line(line) = end else { return None };
            let shared = |place: &usize| crossed >> (told - 1 - place) & 1 == 0;
            let last = |place: usize| place + 1 == told;
            let own = (0..told).filter(shared).flat_map(|place| {
                let end = if last(place) { addresses[line].len() } else { place + 1 };
                addresses[line][place..end].iter().copied()
            });
            Some(own.collect())
        };
        pay(sides, &mut supply, &mut demand, &key, &mut flows);
    }
    pay(sides, &mut supply, &mut demand, &|_| Some(Vec::new()), &mut flows);
    flows
}

/// Lets those who share a key pay one another, the first givers the first receivers.
fn pay(
    sides: &Sides,
    supply: &mut [Amount],
    demand: &mut [Amount],
    key: &dyn Fn(End) -> Option<Vec<MemberId>>,
    flows: &mut Vec<Flow>,
) {
    let mut wanting: BTreeMap<Vec<MemberId>, Vec<usize>> = BTreeMap::new();
    for (to, (end, _)) in sides.receivers.iter().enumerate().rev() {
        if let Some(key) = key(*end).filter(|_| demand[to].is_positive()) {
            wanting.entry(key).or_default().push(to);
        }
    }
    for (from, (end, _)) in sides.givers.iter().enumerate() {
        let Some(own) = key(*end).and_then(|key| wanting.get_mut(&key)) else { continue };
        while let Some(to) = own.last().copied().filter(|_| supply[from].is_positive()) {
            let amount = supply[from].clone().min(demand[to].clone());
            supply[from] -= &amount;
            demand[to] -= &amount;
            if demand[to].is_zero() {
                own.pop();
            }
            flows.push(Flow { from, to, amount });
        }
    }
}
