//! From one patch straight to the one that has a point: what its amounts lean on is proposed in floats.

use super::face::Straight;
use super::frame::Frame;
use super::line::{Point, Step};
use super::patch::Patch;
use crate::solve::bulk::propose;
use crate::solve::problem::{ActiveSet, Problem};

/// Where a jump leads.
pub enum Jump {
    /// To the patch that has the point.
    To(Box<Patch>),
    /// Nowhere, as far as floats tell: no amounts stand on the face there, or none are soon found.
    Nowhere,
    /// Floats do not tell.
    Unclear,
}

impl Frame {
    /// The patch of a face that has a point, looked for from one that is near: floats propose the
    /// working set, which is then proven as any other.
    pub fn jump(&self, face: usize, near: &Patch, point: &Point) -> Jump {
        let (straight, known) = (near.straight(), near.active());
        let start = ActiveSet {
            rows: known.rows.clone(),
            columns: known.columns.clone(),
            ..ActiveSet::default()
        };
        let Ok(proposed) = propose(&straight.near(&self.step(point)), &start) else {
            return Jump::Nowhere;
        };
        let active = ActiveSet { cuts: known.cuts.clone(), ..proposed.active };
        self.patch(face, (&active, Some(near)), point)
            .map_or(Jump::Unclear, |patch| Jump::To(Box::new(patch)))
    }
}

impl Straight {
    /// The programme at a step from the base, in floats.
    fn near(&self, step: &Step<'_>) -> Problem<f64> {
        let mut own = self.floats.clone();
        for (shifts, (by, _)) in self.shifts.iter().zip(step.floats()) {
            for (row, (least, most)) in shifts.iter().enumerate() {
                for (bound, shift) in [(&mut own.least[row], least), (&mut own.most[row], most)] {
                    if let (Some(bound), Some(shift)) = (bound, shift) {
                        *bound += shift.to_f64() * by;
                    }
                }
            }
        }
        own
    }
}
