//! Calibration under convex rows: straight rows that support them are added until none is broken.

use super::Farkas;
use super::calibrate::{Nearest, nearest};
use super::problem::{ActiveSet, Problem};
use crate::formulate::{Curved, Origin, Program, Row};
use crate::units::Amount;

/// A row that supports a convex row: what that one stands for, and the row.
pub(crate) type Cut = (Origin, Row);

/// Finds the amounts nearest to the baseline under all rows of `program`, with the cuts it took.
///
/// A convex piecewise-linear row has finitely many supports, so that this ends.
///
/// # Errors
///
/// The proof that there are none, over the rows and then the cuts.
pub(crate) fn nearest_with_cuts(
    program: &Program,
    start: &ActiveSet,
) -> Result<(Nearest, Vec<Cut>), (Farkas, Vec<Cut>)> {
    let mut straight = Program {
        columns: program.columns.clone(),
        rows: program.rows.clone(),
        curved: Vec::new(),
    };
    let mut cuts: Vec<Cut> = Vec::new();
    let mut start = start.clone();
    loop {
        let problem = Problem::<Amount>::new(&straight);
        let found = match nearest(&straight, &problem, &start) {
            Ok(found) => found,
            Err(farkas) => return Err((farkas, cuts)),
        };
        let is_broken = |curved: &&Curved| curved.value(&found.amounts) > curved.most;
        let broken: Vec<&Curved> = program.curved.iter().filter(is_broken).collect();
        if broken.is_empty() {
            return Ok((found, cuts));
        }
        for curved in broken {
            let row = curved.cut(&found.amounts);
            straight.rows.push(row.clone());
            cuts.push((curved.origin.clone(), row));
        }
        start = found.active;
    }
}

/// What proves that a programme has no amounts.
#[derive(Debug, Clone)]
pub struct Leans {
    /// The columns whose own bounds the proof leans on, with their multipliers.
    pub columns: Vec<(usize, Amount)>,
    /// By how much the bounds clash.
    pub excess: Amount,
}

/// The amounts of `program` nearest to the baseline.
///
/// # Errors
///
/// What proves that there are none.
pub fn nearest_amounts(program: &Program) -> Result<Vec<Amount>, Leans> {
    match nearest_with_cuts(program, &ActiveSet::default()) {
        Ok((found, _)) => Ok(found.amounts),
        Err((farkas, cuts)) => {
            let rows = program.rows.iter().cloned().chain(cuts.into_iter().map(|(_, row)| row));
            let columns = program.columns.clone();
            let whole = Program { columns, rows: rows.collect(), curved: Vec::new() };
            Err(Leans { excess: farkas.excess(&whole), columns: farkas.columns })
        }
    }
}
