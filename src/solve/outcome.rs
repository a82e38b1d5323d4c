//! What is found for a plan, lifted back to its cells and limits.

use super::certificate::Evidence;
use super::{ActiveSet, Conflict, Round, SettledPeriod};
use crate::certify::{Certificate, Refusal};
use crate::formulate::{Formulation, Origin, Program};
use crate::plan::{Period, Plan, Reading};
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
    /// Lines of all or nothing of which so many partial decisions were looked at without an answer.
    Stopped(usize),
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
    /// Where the search for the best way to decide lines of all or nothing was ended early: what no way
    /// can pass.
    pub left: Option<Left>,
    /// What proves the answer, where no certificate was written yet.
    pub(crate) evidence: Option<Evidence>,
    /// The certificate that was accepted, or what did not agree.
    pub proof: Result<Box<Certificate>, Refusal>,
}

/// What is known of ways to decide lines of all or nothing that were not looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// The first stage that may come out better.
    pub stage: Id,
    /// What it cannot pass.
    pub bound: Amount,
    /// What the sums after it cannot pass where those before them do no worse than here, in order.
    pub later: Vec<Amount>,
    /// What the distance of the calibration cannot pass where no stage does worse; nothing where not
    /// all of them are sums.
    pub distance: Option<Amount>,
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

impl Allocation {
    /// The published amount of a cell, in plan units; the exact one where no whole figures were found.
    pub fn amount(&self, plan: &Plan, cell: CellId) -> Amount {
        if !self.whole {
            return self.exact[cell.index()].clone();
        }
        plan.quantum().amount(self.published[cell.index()])
    }
}
