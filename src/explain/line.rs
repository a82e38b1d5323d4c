//! Why one line or total stands where it does.

use super::contributions::{Contribution, contributions};
use crate::formulate::Origin;
use crate::plan::{Plan, ReadingKind, Slice, Spend};
use crate::solve::{Allocation, Pressure};
use crate::units::{Amount, CellId};

/// Why one line or total stands where it does.
#[derive(Debug, Clone)]
pub struct Why {
    /// The slice that was asked for.
    pub slice: Slice,
    /// Its cells, ascending.
    pub cells: Vec<CellId>,
    /// Where it stood before, in plan units.
    pub baseline: Amount,
    /// What was asked for, where any of its cells states a need.
    pub need: Option<Amount>,
    /// Where it is published to stand.
    pub amount: Amount,
    /// What each limit, stage and bound adds to its change; the parts add up to it, exactly.
    pub parts: Vec<Contribution>,
    /// What stops it.
    pub stop: Stop,
    /// How much of it could not move, and why.
    pub room: Room,
    /// Several ways of splitting the change exist; the one with the least squares was taken.
    pub chosen: bool,
}

/// What stops a line or total from moving as others do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// No line of it can move: flexibility 0, or nothing to measure a change by.
    Fixed,
    /// Others pay for what this scenario holds: it keeps the answer of the parent scenario.
    Kept,
    /// Every line of it is all or nothing.
    Lump,
    /// Planners hold it.
    Held {
        /// The holds and transfers.
        by: Vec<Origin>,
        /// Whether one of them is on it alone, and not on others as well.
        alone: bool,
    },
    /// Every line of it stands at its own floor.
    Floor,
    /// Every line of it stands at its own ceiling.
    Ceiling,
    /// These limits press on all of it.
    Limits(Vec<Origin>),
    /// It is the whole plan, and all revenue is spent.
    Revenue,
    /// It stands where these stages put it.
    Aims(Vec<Origin>),
    /// Nothing but the revenue: it moved by the same percentage as these other cells.
    ProRata(Vec<CellId>),
    /// No one limit is on all of it: its parts are stopped by different ones.
    Parts(Vec<Origin>),
    /// It did not have to move.
    Still,
}

/// How much of a total stands where, in published plan units.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Room {
    /// In lines that cannot move.
    pub fixed: Amount,
    /// In lines that keep their parent's answer.
    pub kept: Amount,
    /// In lines of all or nothing.
    pub lumps: Amount,
    /// In lines at their own floor.
    pub floor: Amount,
    /// In lines at their own ceiling.
    pub ceiling: Amount,
    /// In lines under a hold.
    pub held: Amount,
    /// In all other lines.
    pub free: Amount,
}

/// How many times a line or its change a part of the change may be before it says nothing by itself.
const FAR: i64 = 3;

/// The parts of a change as they are told.
#[derive(Debug)]
pub struct Parts<'a> {
    /// Those that are told one by one.
    pub limits: Vec<&'a Contribution>,
    /// What the revenue, the stages and the promises add where stages share out the revenue: one part
    /// together. Alone they are large and cancel one another, as a stage gives what it takes from the
    /// revenue.
    pub aims: Vec<&'a Contribution>,
    /// What stands against one another, near the edge of what can be had: one part together. Alone they
    /// are many times the line.
    pub against: Vec<&'a Contribution>,
}

/// Says why `slice` stands where it does; `None` where it has no cell.
pub fn why(plan: &Plan, allocation: &Allocation, slice: &Slice) -> Option<Why> {
    let cells = plan.select(slice);
    if cells.is_empty() {
        return None;
    }
    let mut needs = cells.iter().filter_map(|cell| plan.cell(*cell).need.as_ref()).peekable();
    let need = if needs.peek().is_some() { Some(needs.sum::<Amount>()) } else { None };
    Some(Why {
        slice: slice.clone(),
        baseline: cells.iter().map(|cell| &plan.cell(*cell).baseline).sum(),
        need,
        amount: cells.iter().map(|cell| allocation.amount(plan, *cell)).sum(),
        parts: contributions(plan, allocation, &cells),
        stop: stop(plan, allocation, &cells),
        room: room(plan, allocation, &cells),
        chosen: allocation.chosen,
        cells,
    })
}

impl Why {
    /// The change against the baseline.
    pub fn change(&self) -> Amount {
        &self.amount - &self.baseline
    }

    /// The parts as they are told.
    pub fn told(&self, plan: &Plan) -> Parts<'_> {
        let shares = self.parts.iter().any(|part| part.by.is_kind(ReadingKind::Stage));
        let aims = |part: &&Contribution| {
            shares
                && (part.by.is_kind(ReadingKind::Stage)
                    || part.by.is_kind(ReadingKind::Balance)
                    || part.by.is_soft(plan))
        };
        let (aims, limits): (Vec<_>, Vec<_>) = self.parts.iter().partition(aims);
        let size = self.change().abs().max(self.baseline.abs());
        let shared: Amount = aims.iter().map(|part| &part.money).sum();
        let far = &size * &Amount::whole(FAR);
        if shared.abs() <= far && limits.iter().all(|part| part.money.abs() <= far) {
            return Parts { limits, aims, against: Vec::new() };
        }
        let (mut against, limits): (Vec<_>, Vec<_>) =
            limits.into_iter().partition(|part| part.money.abs() > size);
        let aims = if shared.abs() > size {
            against.extend(aims);
            Vec::new()
        } else {
            aims
        };
        Parts { limits, aims, against }
    }

    /// `part` as a share of the baseline; `None` where that is nothing.
    pub fn share(&self, part: &Amount) -> Option<Amount> {
        (!self.baseline.is_zero()).then(|| part / &self.baseline.abs())
    }
}

fn is_kept(plan: &Plan, cell: CellId) -> bool {
    plan.transfers().kept.get(cell.index()).is_some_and(Option::is_some)
}

fn covers(pressure: &Pressure, cell: CellId) -> bool {
    pressure.own.binary_search(&cell).is_ok()
}

fn room(plan: &Plan, allocation: &Allocation, cells: &[CellId]) -> Room {
    let holds: Vec<&Pressure> = allocation
        .pressures
        .iter()
        .filter(|pressure| pressure.origin.kind == ReadingKind::Hold)
        .collect();
    let mut room = Room::default();
    for cell in cells {
        let amount = allocation.amount(plan, *cell);
        let own = &allocation.own[cell.index()];
        let place = if is_kept(plan, *cell) {
            &mut room.kept
        } else if plan.cell(*cell).lump.is_some() {
            &mut room.lumps
        } else if plan.cell(*cell).weight().is_zero() {
            &mut room.fixed
        } else if holds.iter().any(|hold| covers(hold, *cell)) {
            &mut room.held
        } else if own.is_positive() {
            &mut room.floor
        } else if own.is_negative() {
            &mut room.ceiling
        } else {
            &mut room.free
        };
        *place += &amount;
    }
    room
}

/// What stops `cells`: what cannot move at all first, then holds, own bounds and limits.
pub fn stop(plan: &Plan, allocation: &Allocation, cells: &[CellId]) -> Stop {
    let all = |test: &dyn Fn(CellId) -> bool| cells.iter().all(|cell| test(*cell));
    if all(&|cell| is_kept(plan, cell)) {
        return Stop::Kept;
    }
    if all(&|cell| plan.cell(cell).weight().is_zero()) {
        return Stop::Fixed;
    }
    let pressing = |kind: &dyn Fn(ReadingKind) -> bool| -> Vec<&Pressure> {
        let own = |pressure: &&Pressure| {
            kind(pressure.origin.kind) && all(&|cell| covers(pressure, cell))
        };
        allocation.pressures.iter().filter(own).collect()
    };
    let on_all = |kind: &dyn Fn(ReadingKind) -> bool| -> Vec<Origin> {
        distinct(pressing(kind).into_iter().map(|pressure| &pressure.origin))
    };
    let holds = pressing(&|kind| matches!(kind, ReadingKind::Hold | ReadingKind::Transfer));
    if !holds.is_empty() {
        let alone = holds.iter().any(|pressure| pressure.cells.len() == cells.len());
        let by = distinct(holds.into_iter().map(|pressure| &pressure.origin));
        return Stop::Held { by, alone };
    }
    if all(&|cell| plan.cell(cell).lump.is_some()) {
        return Stop::Lump;
    }
    if all(&|cell| allocation.own[cell.index()].is_positive()) {
        return Stop::Floor;
    }
    if all(&|cell| allocation.own[cell.index()].is_negative()) {
        return Stop::Ceiling;
    }
    let limits = on_all(&|kind| kind == ReadingKind::Limit);
    if !limits.is_empty() {
        return Stop::Limits(limits);
    }
    if cells.len() == plan.cells().len()
        && plan.balance().is_some_and(|own| own.spend == Spend::All)
    {
        return Stop::Revenue;
    }
    let aims = on_all(&|kind| kind == ReadingKind::Stage);
    if !aims.is_empty() {
        return Stop::Aims(aims);
    }
    unstopped(plan, allocation, cells)
}

/// What moves `cells` where nothing is on all of them alone.
fn unstopped(plan: &Plan, allocation: &Allocation, cells: &[CellId]) -> Stop {
    let is_balance = |pressure: &&Pressure| pressure.origin.kind == ReadingKind::Balance;
    let (balances, limits): (Vec<_>, Vec<_>) = allocation.pressures.iter().partition(is_balance);
    let touches = |pressure: &&&Pressure| {
        cells
            .iter()
            .any(|cell| pressure.cells.binary_search_by_key(cell, |(known, _)| *known).is_ok())
    };
    let others = distinct(limits.iter().filter(touches).map(|pressure| &pressure.origin));
    let bounded = cells
        .iter()
        .any(|cell| !allocation.own[cell.index()].is_zero() || plan.cell(*cell).weight().is_zero());
    if !others.is_empty() || bounded {
        return Stop::Parts(others);
    }
    let signature = |cell: CellId| -> Vec<(usize, Amount)> {
        let under = balances.iter().enumerate().filter_map(|(place, pressure)| {
            let found = pressure.cells.binary_search_by_key(&cell, |(known, _)| *known).ok()?;
            Some((place, &pressure.cells[found].1 * &readiness(plan, cell)))
        });
        under.collect()
    };
    let own = signature(cells[0]);
    if own.is_empty() {
        return Stop::Still;
    }
    if cells.iter().any(|cell| signature(*cell) != own) {
        return Stop::Parts(Vec::new());
    }
    let mut touched = vec![false; plan.cells().len()];
    for (cell, _) in limits.iter().flat_map(|pressure| &pressure.cells) {
        touched[cell.index()] = true;
    }
    let all = (0..plan.cells().len()).map(CellId::new);
    let alike = all.filter(|cell| {
        !touched[cell.index()]
            && cells.binary_search(cell).is_err()
            && allocation.own[cell.index()].is_zero()
            && !plan.cell(*cell).weight().is_zero()
            && signature(*cell) == own
    });
    Stop::ProRata(alike.collect())
}

/// The relative change of a cell under a pressure of one.
fn readiness(plan: &Plan, cell: CellId) -> Amount {
    let own = plan.cell(cell);
    if own.baseline.is_zero() { own.weight() } else { &own.weight() / &own.baseline.abs() }
}

fn distinct<'a>(origins: impl Iterator<Item = &'a Origin>) -> Vec<Origin> {
    let mut found: Vec<Origin> = Vec::new();
    for origin in origins {
        let same = |known: &Origin| {
            (known.kind, &known.id, &known.member) == (origin.kind, &origin.id, &origin.member)
        };
        if !found.iter().any(same) {
            found.push(origin.clone());
        }
    }
    found
}
