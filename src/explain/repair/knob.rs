//! What a repair may change: one stated figure, and the rows that it eases.

use super::change::{Change, Style, outwards};
use crate::formulate::Column;
use crate::plan::{Form, Plan};
use crate::units::Amount;

/// A stated figure that may move one way, by some number of its units.
#[derive(Debug, Clone)]
pub(super) struct Knob {
    /// What it is, with the figure as it stands.
    pub(super) change: Change,
    /// The figure grows as the limit is eased.
    pub(super) up: bool,
    /// The rows that one unit eases.
    pub(super) rows: Vec<Ease>,
    /// The convex rows that one unit eases, by place, and by how much.
    pub(super) curved: Vec<(usize, Amount)>,
    /// Columns whose own bound it moves, one for one: the upper with `up`, else the lower.
    pub(super) columns: Vec<usize>,
    /// For a share of a level that varies: the forms, with what is taken off the multiple.
    pub(super) shares: Vec<(Form, Form)>,
    /// For a share that a reserve has to keep of a level.
    pub(super) reserves: Vec<Kept>,
    /// What is taken off a multiple where it is shown: one for a step.
    pub(super) less: Amount,
    /// The figure is the multiple negated: the greatest step down.
    pub(super) mirrored: bool,
    /// Another figure that has to say the same.
    pub(super) also: Option<Change>,
    /// The most units it may move.
    pub(super) most: Option<Amount>,
}

/// How one unit of a figure eases a row.
#[derive(Debug, Clone)]
pub(super) struct Ease {
    /// The row.
    pub(super) row: usize,
    /// The bound falls, and not rises.
    pub(super) lower: bool,
    /// By how much.
    pub(super) by: Amount,
}

/// What a reserve keeps, as a share of a level.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    /// What it keeps without open decisions.
    pub(super) left: Amount,
    /// The columns of the decisions that draw on it.
    pub(super) draws: Vec<usize>,
    /// The level.
    pub(super) base: Form,
}

impl Knob {
    /// The money of one unit; one where it moves none.
    pub(super) fn money(&self) -> Amount {
        if self.change.worth.is_positive() { self.change.worth.clone() } else { Amount::ONE }
    }

    /// Whether it is the own bound of one line.
    pub(super) fn is_of_line(&self) -> bool {
        !self.columns.is_empty() && self.change.cells.is_some()
    }

    /// The column of a programme that may move it, in money.
    pub(super) fn movable(&self) -> Column {
        Column {
            baseline: Amount::ZERO,
            weight: Amount::ONE,
            lower: Some(Amount::ZERO),
            upper: self.most.as_ref().map(|most| most * &self.money()),
        }
    }

    /// The change by `units` at these amounts, the figure rounded outwards, and the figure as it is.
    pub(super) fn turned(
        &self,
        plan: &Plan,
        units: &Amount,
        amounts: &[Amount],
    ) -> (Change, Amount) {
        let mut change = self.change.clone();
        let exact = self
            .needed(plan, amounts)
            .unwrap_or_else(|| if self.up { &change.old + units } else { &change.old - units });
        // What floats are off by is no reason for another step.
        let hair = &change.step * &Amount::ratio(1, 10_000);
        let near = if self.up { &exact - &hair } else { &exact + &hair };
        change.new = match change.style {
            Style::Word(_) => written(units, 6),
            _ => outwards(&near, &change.step, self.up),
        };
        if change.new == change.old {
            let step = change.step.clone();
            change.new = if self.up { &change.old + &step } else { &change.old - &step };
        }
        let digits = if change.style == Style::Percent { 8 } else { 6 };
        (change, written(&exact, digits))
    }

    /// Whether it is the bound of a share of a level that varies.
    pub(super) fn is_share(&self) -> bool {
        !self.shares.is_empty() && !self.change.is_equality()
    }

    /// The share that the amounts need, where the figure is one of a level that varies.
    pub(super) fn needed(&self, plan: &Plan, amounts: &[Amount]) -> Option<Amount> {
        let cells = amounts.get(..plan.cells().len())?;
        let share = |(own, base): &(Form, Form)| {
            let base = base.value(cells);
            let share = base.is_positive().then(|| &(&own.value(cells) / &base) - &self.less)?;
            Some(if self.mirrored { -share } else { share })
        };
        let kept = |own: &Kept| {
            let drawn: Amount = own.draws.iter().filter_map(|draw| amounts.get(*draw)).sum();
            let base = own.base.value(cells);
            base.is_positive().then(|| &(&own.left - &drawn) / &base)
        };
        let shares = self.shares.iter().filter_map(share);
        let found = shares.chain(self.reserves.iter().filter_map(kept));
        if self.up { found.max() } else { found.min() }
    }
}

/// The number to so many decimals: what a file has room for.
fn written(number: &Amount, digits: u32) -> Amount {
    let unit = Amount::ratio(1, 10_i64.pow(digits));
    let half = &(number / &unit) + &Amount::ratio(1, 2);
    &Amount::from(half.floor()) * &unit
}
