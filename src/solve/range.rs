//! The least and the greatest value of a sum of cells on the answers that every stage leaves.

use super::probe::Exact;
use super::stages::{Trouble, optimum};
use crate::formulate::{Curve, Objective, Part, Program, Term};
use crate::units::{Amount, CellId, Id};

/// What ends the range of a sum on one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// This value, exactly.
    At(Amount),
    /// Nothing.
    Open,
}

impl Exact {
    /// The least and the greatest value of the sum of `cells` among all answers that the declared
    /// stages leave optimal, before the calibration takes the nearest: two linear programmes, each
    /// proven by an exact dual. A sum whose cells the stages fix takes none, and one that equalities fix
    /// takes one.
    pub fn range(&self, cells: &[CellId]) -> (End, End) {
        let program = &self.straight;
        let free = |cell: &&CellId| {
            let own = &program.columns[cell.index()];
            own.lower.is_none() || own.lower != own.upper
        };
        if !cells.iter().any(|cell| free(&cell)) {
            let sum: Amount = cells.iter().map(|cell| &self.amounts[cell.index()]).sum();
            return (End::At(sum.clone()), End::At(sum));
        }
        let (least, fixed) = end(program, cells, false);
        let most = if fixed { least.clone() } else { end(program, cells, true).0 };
        (least, most)
    }
}

/// One end of the range of a sum, and whether it is the other one as well.
fn end(program: &Program, cells: &[CellId], greatest: bool) -> (End, bool) {
    let columns = cells.iter().map(|cell| u32::try_from(cell.index()).unwrap_or(u32::MAX));
    let part = Part { coefficient: Amount::ONE, columns: columns.collect() };
    let slope = Amount::whole(if greatest { -1 } else { 1 });
    let term = Term::new(vec![part], Curve::line(slope));
    let objective = Objective::Sum([term].into());
    match optimum(program, &Id::from("range"), &objective) {
        Ok((value, fixed)) => (End::At(if greatest { -value } else { value }), fixed),
        Err(Trouble::Unbounded(_)) => (End::Open, false),
        Err(Trouble::Infeasible(..) | Trouble::Stale) => {
            unreachable!("an answer was found among those that the stages leave")
        }
    }
}
