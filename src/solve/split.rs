//! Columns that a linear programme can write as pieces between their kinks.

use crate::formulate::{Hinge, Linear, LinearColumn};
use crate::units::Amount;

/// A column with kinks of its own: `column = base + pieces above - pieces below`.
pub(crate) struct Split {
    /// Where the pieces start.
    pub(crate) base: f64,
    /// The kinks from the base upwards.
    pub(crate) above: Vec<Kink>,
    /// The kinks from the base downwards.
    pub(crate) below: Vec<Kink>,
}

/// A kink of a column.
pub(crate) struct Kink {
    /// Where it is.
    pub(crate) at: f64,
    /// The row that tied the column to its auxiliary.
    pub(crate) row: usize,
    /// The auxiliary: all pieces beyond the kink.
    pub(crate) column: usize,
    /// What the bounds of the column leave of it.
    pub(crate) reach: Reach,
}

/// What the bounds of a column leave of a kink.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The column may stand on either side.
    Both,
    /// It never lies beyond: the auxiliary is idle, and its row does not push.
    Never,
    /// It always lies beyond: the auxiliary is all of the distance, and its row takes all of its cost.
    Always,
}

impl Split {
    /// All its kinks.
    pub(crate) fn kinks(&self) -> impl Iterator<Item = &Kink> {
        self.above.iter().chain(&self.below)
    }
}

/// The split of each column that has one, of its kinks in rows with the column alone.
///
/// They lie to one side of a base, those that measure upwards above it and those that measure downwards
/// below. Which kinks there are does not depend on the bounds of the column, so that a model goes on when
/// these move.
///
/// The auxiliary has a cost, or a coefficient in rows that only ask it to be small, so that at an
/// optimum no more of it is taken than is needed, the pieces nearest to the base are taken first,
/// and the bounds of the column become bounds of the pieces.
pub(crate) fn splits(linear: &Linear) -> Vec<Option<Split>> {
    let mut own: Vec<Vec<&Hinge>> = vec![Vec::new(); linear.columns.len()];
    for hinge in &linear.hinges {
        if let [(column, value), (auxiliary, _)] = &*linear.rows[hinge.row].terms
            && *value == Amount::ONE
            && *auxiliary == hinge.column
        {
            own[*column].push(hinge);
        }
    }
    let pairs = own.into_iter().zip(&linear.columns);
    pairs.map(|(hinges, column)| split(hinges, column)).collect()
}

fn split(mut hinges: Vec<&Hinge>, bounds: &LinearColumn) -> Option<Split> {
    hinges.sort_by(|a, b| a.kink.cmp(&b.kink));
    let least = hinges.iter().find(|hinge| hinge.above);
    let base = least.or(hinges.last()).map(|hinge| hinge.kink.clone())?;
    let kink = |hinge: &&Hinge| Kink {
        at: hinge.kink.to_f64(),
        row: hinge.row,
        column: hinge.column,
        reach: reach(hinge, bounds),
    };
    let below = hinges.iter().rev().filter(|hinge| !hinge.above && hinge.kink <= base);
    Some(Split {
        below: below.map(kink).collect(),
        above: hinges.iter().filter(|hinge| hinge.above).map(kink).collect(),
        base: base.to_f64(),
    })
}

fn reach(hinge: &Hinge, bounds: &LinearColumn) -> Reach {
    let is_above = bounds.lower.as_ref().is_some_and(|lower| *lower > hinge.kink);
    let is_below = bounds.upper.as_ref().is_some_and(|upper| *upper < hinge.kink);
    match (is_above, is_below, hinge.above) {
        (false, false, _) => Reach::Both,
        (true, _, true) | (false, true, false) => Reach::Always,
        (true, _, false) | (false, true, true) => Reach::Never,
    }
}
