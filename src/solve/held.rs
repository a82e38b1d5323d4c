//! What holds an answer on the face that its stages leave.
//!
//! Pressures are the split of the changes with the least squares, and where several exist that one may push
//! from the wrong side of a bend. The multipliers of the face itself push from the right one.

use super::calibrate::own_bounds;
use super::curved::Cut;
use super::ties::{Ties, Told};
use crate::formulate::Program;
use crate::units::Amount;

/// The multipliers of a calibration on a face.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    /// What the rows and bounds of the face stand for.
    pub(crate) ties: Ties,
    /// One a row of the face, then one for each support of a convex row.
    pub(crate) y: Vec<Amount>,
    /// Those supports.
    pub(crate) cuts: Vec<Cut>,
}

impl Held {
    /// The multipliers told in terms of the plan, for the amounts on `face` that they hold.
    pub(crate) fn told(&self, face: &Program, amounts: &[Amount]) -> Told {
        let supports = self.cuts.iter().map(|cut| cut.row.clone());
        let whole = Program {
            columns: face.columns.clone(),
            rows: face.rows.iter().cloned().chain(supports).collect(),
            curved: Vec::new(),
        };
        let mut y = self.y.clone();
        y.resize(whole.rows.len(), Amount::ZERO);
        let own = own_bounds(&whole, amounts, &y);
        let (rows, supports) = y.split_at(face.rows.len());
        let mut told = self.ties.tell(rows, &own);
        for (cut, multiplier) in self.cuts.iter().zip(supports).filter(|(_, own)| !own.is_zero()) {
            let owner = self.ties.curved[cut.curved];
            let size = multiplier.abs();
            told.lean(owner, &size);
            for (term, slope) in &cut.slopes {
                told.bend(owner, *term, &(slope * &size));
            }
        }
        told
    }
}
