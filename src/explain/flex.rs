//! Where the answer is free: how far a line could lie elsewhere with the same score.

use super::Footing;
use crate::plan::{Axis, Plan, Slice};
use crate::solve::{Exact, NoAnswer, exact};
use crate::units::{Amount, CellId};

pub use crate::solve::End;

/// How far a line or total could lie elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flex {
    /// The slice.
    pub slice: Slice,
    /// Where it stands, exactly.
    pub stands: Amount,
    /// The least that it could be.
    pub least: End,
    /// The most that it could be.
    pub most: End,
    /// The share of its optimum by which each aim may fall short of it, where one was asked for.
    pub loss: Option<Amount>,
}

impl Flex {
    /// Whether the declared stages leave it no choice.
    pub fn is_fixed(&self) -> bool {
        self.least == self.most && self.least != End::Open
    }
}

/// What ranges are looked for on.
#[derive(Debug, Clone)]
pub struct Freedom {
    exact: Exact,
    loss: Option<Amount>,
}

impl Freedom {
    /// The answers that the declared stages leave, each of which may fall short of its optimum by
    /// `loss`, a share of it; without, by no more than the stage itself says.
    ///
    /// # Errors
    ///
    /// Why there are none.
    pub fn new(footing: &Footing<'_>, loss: Option<&Amount>) -> Result<Self, NoAnswer> {
        let Some(loss) = loss else {
            return Ok(Self { exact: footing.exact.clone(), loss: None });
        };
        let mut stages = footing.plan.stages().to_vec();
        for stage in &mut stages {
            let own = stage.loss.clone().unwrap_or_default();
            stage.loss = Some(own.max(loss.clone()));
        }
        let plan = footing.plan.with_stages(stages);
        let exact = exact(&plan, &crate::solve::ActiveSet::default())?;
        Ok(Self { exact, loss: Some(loss.clone()) })
    }

    /// How far the sum of `cells` could lie elsewhere.
    pub fn of(&self, footing: &Footing<'_>, slice: &Slice, cells: &[CellId]) -> Flex {
        let (least, most) = self.exact.range(cells);
        let stands = cells.iter().map(|cell| &footing.exact.amounts[cell.index()]).sum();
        Flex { slice: slice.clone(), stands, least, most, loss: self.loss.clone() }
    }
}

/// The slices that ranges are told of: every combination of `by`, or every line.
pub fn flex_slices(plan: &Plan, by: &[Axis]) -> Vec<(Slice, Vec<CellId>)> {
    let leaves = plan.leaf_axes();
    let axes = if by.is_empty() { &leaves } else { by };
    let all = Slice::all(plan.dimensions().len());
    plan.groups(&all, axes).into_iter().map(|group| (group.slice, group.cells)).collect()
}
