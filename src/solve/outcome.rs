//! What is found for a plan, lifted back to its cells and limits.

use super::certificate::Evidence;
use super::{ActiveSet, Farkas, Round, SettledPeriod};
use crate::certify::{Certificate, Refusal};
use crate::formulate::{Formulation, Origin, Program};
use crate::plan::{Measured, Period, Plan, Reading, RevenueLevels, Sense, readings};
use crate::units::{Amount, CellId, Id, Money};

/// What was found for a plan. A result cannot be read where none exists.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// An allocation, exact and published.
    Optimal(Box<Allocation>),
    /// An exact allocation that has no whole quanta within its limits.
    Unrounded(Box<Allocation>, Origin),
    /// Limits that cannot hold together, proven.
    Infeasible(Conflict),
    /// A stage whose objective has no end.
    Unbounded(Id),
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
    /// The revenue decisions that are columns of the programmes, after the cells: each a line and
    /// an entry of it. They stand where `revenue` says.
    pub decisions: Vec<(usize, usize)>,
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
    /// Whether whole figures were found; where not, the exact ones are shown.
    pub whole: bool,
    /// The linear programmes of the stages, each with its optimum.
    pub rounds: Vec<Round>,
    /// The programme of the calibration: the answers that every stage leaves optimal.
    pub face: Program,
    /// What the first rows of the programmes stand for.
    pub origins: Vec<Origin>,
    /// The working set to start the next solve from.
    pub active: ActiveSet,
    /// What proves the answer, for its certificate.
    pub(crate) evidence: Evidence,
    /// The certificate that was accepted, or what did not agree.
    pub proof: Result<Box<Certificate>, Refusal>,
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
    /// The certificate that was accepted, or what did not agree.
    pub proof: Result<Box<Certificate>, Refusal>,
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
    /// The multiplier in the proof: above zero where it asks for more, below where it leaves less.
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

pub(super) fn pressures(formulation: &Formulation, multipliers: &[Amount]) -> Vec<Pressure> {
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
            Some(reading) if reading.measured != Measured::Amount => reading.bound.clone(),
            _ => own,
        },
        authority: found.and_then(|reading| reading.authority.clone()),
        multiplier: multiplier / unit,
        origin,
        sense,
    }
}

/// Names the limits of a proof.
pub(super) fn conflict(
    plan: &Plan,
    periods: &[Period],
    formulation: &Formulation,
    farkas: &Farkas,
) -> Conflict {
    let program = formulation.program();
    let nowhere: Vec<Amount> = vec![Amount::ZERO; plan.cells().len()];
    let revenue =
        RevenueLevels { totals: vec![Amount::ZERO; periods.len()], ..RevenueLevels::default() };
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
        proof: Err(Refusal::File("nothing was judged".into())),
    }
}

impl Allocation {
    /// The published amount of a cell, in plan units; the exact one where no whole figures were found.
    pub fn amount(&self, plan: &Plan, cell: CellId) -> Amount {
        if !self.whole {
            return self.exact[cell.index()].clone();
        }
        plan.quantum().amount(self.published[cell.index()])
    }
}
