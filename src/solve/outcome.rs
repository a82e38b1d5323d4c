//! Solves a plan: settles revenue, calibrates, rounds, and checks what is to be published.

use super::{
    ActiveSet, Calibration, Farkas, Optimum, Rounding, SettledPeriod, Settlement, calibrate, round,
    settle,
};
use crate::formulate::{Formulation, Origin, PeriodRevenue, formulate};
use crate::plan::{Measured, Period, Plan, Reading, Sense, readings};
use crate::units::{Amount, CellId, Money};

/// What was found for a plan. A result cannot be read where none exists.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// An allocation, exact and published.
    Optimal(Box<Allocation>),
    /// An exact allocation that has no whole quanta within its limits.
    Unrounded(Box<Allocation>, Origin),
    /// Limits that cannot hold together, proven.
    Infeasible(Conflict),
}

/// The answer: an amount for every cell, additive in every direction.
#[derive(Debug, Clone)]
pub struct Allocation {
    /// The exact amounts, one a cell.
    pub exact: Vec<Amount>,
    /// The published amounts, one a cell; the exact ones rounded down where none could be found.
    pub published: Vec<Money>,
    /// The balance rows, in time order.
    pub periods: Vec<Period>,
    /// Their revenue.
    pub revenue: Vec<SettledPeriod>,
    /// The multiplier of each limit that presses, with what it presses on.
    pub pressures: Vec<Pressure>,
    /// The pressure of each cell's own bounds, or of the amount it keeps; zero where it is free.
    pub own: Vec<Amount>,
    /// Several decompositions into pressures exist: the one of least norm was taken.
    pub chosen: bool,
    /// Equalities that are kept to less than one quantum, and not exactly.
    pub relaxed: Vec<Origin>,
    /// Every limit read against the published amounts.
    pub readings: Vec<Reading>,
    /// The working set to start the next solve from.
    pub active: ActiveSet,
}

/// A limit's pressure: the relative change that it adds to the lines of its own slice.
#[derive(Debug, Clone)]
pub struct Pressure {
    /// The limit.
    pub origin: Origin,
    /// The multiplier of the row, above zero where it lifts.
    pub multiplier: Amount,
    /// The coefficient of each cell in the row.
    pub cells: Vec<(CellId, Amount)>,
    /// The cells of the limit's own slice, ascending.
    pub own: Vec<CellId>,
    /// The largest coefficient on the limit's own slice.
    pub scale: Amount,
}

impl Pressure {
    /// The multiplier of the row normalised so that its largest coefficient is 1: the relative
    /// change that the limit adds to a line of its own slice.
    pub fn normalised(&self) -> Amount {
        &self.multiplier * &self.scale
    }
}

/// Limits that cannot hold together.
#[derive(Debug, Clone)]
pub struct Conflict {
    /// The limits of the proof, each with the side that clashes.
    pub parts: Vec<Clash>,
    /// The revenue decisions' and cells' own bounds that the proof leans on.
    pub bounds: Vec<BoundClash>,
    /// By how much they clash, in plan units of the first limit.
    pub excess: Amount,
}

/// One limit of a conflict.
#[derive(Debug, Clone)]
pub struct Clash {
    /// The limit.
    pub origin: Origin,
    /// Which side of it clashes.
    pub sense: Sense,
    /// Its bound: plan units, or a share.
    pub bound: Amount,
    /// Who set it.
    pub authority: Option<String>,
    /// The multiplier in the proof, above zero.
    pub multiplier: Amount,
}

/// A line that has bounds of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bounded {
    /// A cell.
    Cell(CellId),
    /// A revenue decision: the place of the line, and of the entry in it.
    Revenue(usize, usize),
}

/// The own bound of a line that a conflict leans on.
#[derive(Debug, Clone)]
pub struct BoundClash {
    /// The line that it bounds.
    pub of: Bounded,
    /// Which side of it clashes.
    pub sense: Sense,
    /// The bound, in plan units.
    pub bound: Amount,
}

/// Solves `plan`, starting from `start`: the answer does not depend on it, only the time does.
pub fn solve(plan: &Plan, start: &ActiveSet) -> Outcome {
    let periods = plan.periods();
    let revenue = match settle(plan, &periods) {
        Settlement::Settled(revenue) => revenue,
        Settlement::Infeasible(proof) => {
            return Outcome::Infeasible(conflict(plan, &periods, &proof.0, &proof.1));
        }
    };
    let settled: Vec<PeriodRevenue> = revenue
        .iter()
        .map(|period| PeriodRevenue {
            settled: plan.quantum().amount(period.total),
            open: Vec::new(),
        })
        .collect();
    let formulation = formulate(plan, &periods, &settled);
    let optimum = match calibrate(formulation.program(), start) {
        Calibration::Optimal(optimum) => optimum,
        Calibration::Infeasible(farkas) => {
            return Outcome::Infeasible(conflict(plan, &periods, &formulation, &farkas));
        }
    };
    publish(plan, periods, revenue, &formulation, optimum)
}

fn publish(
    plan: &Plan,
    periods: Vec<Period>,
    revenue: Vec<SettledPeriod>,
    formulation: &Formulation,
    optimum: Optimum,
) -> Outcome {
    let quantum = plan.quantum();
    let (published, relaxed, obstacle) =
        match round(formulation.program(), &optimum.amounts, quantum) {
            Rounding::Published { cells, relaxed } => (cells, relaxed, None),
            Rounding::Unrounded { row } => {
                let down = |amount: &Amount| {
                    Money::from_big(&quantum.count(amount).floor()).unwrap_or_default()
                };
                (optimum.amounts.iter().map(down).collect(), Vec::new(), Some(row))
            }
        };
    let amounts: Vec<Amount> = match obstacle {
        None => published.iter().map(|money| quantum.amount(*money)).collect(),
        Some(_) => optimum.amounts.clone(),
    };
    let totals: Vec<Amount> = revenue.iter().map(|period| quantum.amount(period.total)).collect();
    let origin = |row: usize| formulation.origins()[row].clone();
    let allocation = Box::new(Allocation {
        readings: readings(plan, &amounts, &totals),
        pressures: pressures(formulation, &optimum.multipliers),
        own: optimum.reduced,
        chosen: optimum.chosen,
        relaxed: relaxed.into_iter().map(origin).collect(),
        active: optimum.active,
        exact: optimum.amounts,
        published,
        periods,
        revenue,
    });
    match obstacle {
        None => Outcome::Optimal(allocation),
        Some(row) => Outcome::Unrounded(allocation, origin(row)),
    }
}

fn pressures(formulation: &Formulation, multipliers: &[Amount]) -> Vec<Pressure> {
    let rows = formulation.program().rows.iter().zip(formulation.origins()).zip(multipliers);
    rows.filter(|(_, multiplier)| !multiplier.is_zero())
        .map(|((row, origin), multiplier)| {
            let mut cells: Vec<(CellId, Amount)> = Vec::new();
            for part in &row.parts {
                let known = part.columns.iter().filter_map(|c| formulation.cell(*c as usize));
                cells.extend(known.map(|cell| (cell, part.coefficient.clone())));
            }
            cells.sort_by_key(|(cell, _)| *cell);
            cells.dedup_by(|later, first| {
                let same = later.0 == first.0;
                if same {
                    first.1 += &later.1;
                }
                same
            });
            let columns = row.parts.iter().take(row.own).flat_map(|part| &part.columns);
            let mut own: Vec<CellId> =
                columns.filter_map(|c| formulation.cell(*c as usize)).collect();
            own.sort_unstable();
            own.dedup();
            let is_own = |cell: &CellId| own.binary_search(cell).is_ok();
            let largest = cells.iter().filter(|(cell, _)| is_own(cell)).map(|(_, a)| a.abs()).max();
            Pressure {
                scale: largest.unwrap_or(Amount::ONE),
                origin: origin.clone(),
                multiplier: multiplier.clone(),
                own,
                cells,
            }
        })
        .collect()
}

/// The limit of a row of a proof, as the plan's own readings state it.
fn row_clash(
    formulation: &Formulation,
    read: &[Reading],
    row: usize,
    multiplier: &Amount,
    unit: &Amount,
) -> Clash {
    let origin = formulation.origins()[row].clone();
    let bounds = &formulation.program().rows[row];
    let equal = bounds.lower.is_some() && bounds.lower == bounds.upper;
    let lower = multiplier.is_positive();
    let sense = match (equal, lower) {
        (true, _) => Sense::Equal,
        (false, true) => Sense::Floor,
        (false, false) => Sense::Ceiling,
    };
    let same = |reading: &&Reading| {
        (reading.kind, &reading.id, &reading.member) == (origin.kind, &origin.id, &origin.member)
            && reading.sense == sense
    };
    let found = read.iter().find(same);
    let side = if lower { &bounds.lower } else { &bounds.upper };
    let own = side.clone().unwrap_or_default();
    Clash {
        bound: match found {
            Some(reading) if reading.measured == Measured::Share => reading.bound.clone(),
            _ => own,
        },
        authority: found.and_then(|reading| reading.authority.clone()),
        multiplier: &multiplier.abs() / unit,
        origin,
        sense,
    }
}

/// Names the limits of a proof.
fn conflict(
    plan: &Plan,
    periods: &[Period],
    formulation: &Formulation,
    farkas: &Farkas,
) -> Conflict {
    let program = formulation.program();
    let nowhere: Vec<Amount> = vec![Amount::ZERO; plan.cells().len()];
    let revenue = vec![Amount::ZERO; periods.len()];
    let read = readings(plan, &nowhere, &revenue);
    let unit = farkas.rows.iter().map(|(_, multiplier)| multiplier.abs()).max();
    let unit = unit.filter(|unit| !unit.is_zero()).unwrap_or(Amount::ONE);
    let clash = |(row, multiplier): &(usize, Amount)| {
        row_clash(formulation, &read, *row, multiplier, &unit)
    };
    let parts = farkas.rows.iter().map(clash);
    let bounds = farkas.columns.iter().map(|(column, multiplier)| {
        let own = &program.columns[*column];
        let lower = multiplier.is_positive();
        let bound = if lower { &own.lower } else { &own.upper };
        let of = match (formulation.cell(*column), formulation.revenue(*column)) {
            (Some(cell), _) => Bounded::Cell(cell),
            (None, Some((line, entry))) => Bounded::Revenue(line, entry),
            (None, None) => unreachable!("a column is a cell or a decision"),
        };
        BoundClash {
            of,
            sense: if lower { Sense::Floor } else { Sense::Ceiling },
            bound: bound.clone().unwrap_or_default(),
        }
    });
    Conflict {
        parts: parts.collect(),
        bounds: bounds.collect(),
        excess: &farkas.excess(program) / &unit,
    }
}

impl Allocation {
    /// The published amount of a cell, in plan units.
    pub fn amount(&self, plan: &Plan, cell: CellId) -> Amount {
        plan.quantum().amount(self.published[cell.index()])
    }
}
