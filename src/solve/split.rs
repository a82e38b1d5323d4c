//! Columns that a linear programme can write as pieces between their kinks.

use crate::formulate::{Hinge, Linear};
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
}

impl Split {
    /// All its kinks.
    pub(crate) fn kinks(&self) -> impl Iterator<Item = &Kink> {
        self.above.iter().chain(&self.below)
    }
}

/// The split of each column that has one, of its kinks in rows with the column alone.
///
/// The kinks are ones that the column can reach: elsewhere the auxiliary is idle or all of the
/// distance, and the two ways of writing it have different multipliers. They lie to one side of a
/// base, those that measure upwards above it and those that measure downwards below.
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
            let bounds = &linear.columns[*column];
            let reached = bounds.lower.as_ref().is_none_or(|lower| *lower <= hinge.kink)
                && bounds.upper.as_ref().is_none_or(|upper| *upper >= hinge.kink);
            if reached {
                own[*column].push(hinge);
            }
        }
    }
    own.into_iter().map(split).collect()
}

fn split(mut hinges: Vec<&Hinge>) -> Option<Split> {
    hinges.sort_by(|a, b| a.kink.cmp(&b.kink));
    let least = hinges.iter().find(|hinge| hinge.above);
    let base = least.or(hinges.last()).map(|hinge| hinge.kink.clone())?;
    let kink =
        |hinge: &&Hinge| Kink { at: hinge.kink.to_f64(), row: hinge.row, column: hinge.column };
    let below = hinges.iter().rev().filter(|hinge| !hinge.above && hinge.kink <= base);
    Some(Split {
        below: below.map(kink).collect(),
        above: hinges.iter().filter(|hinge| hinge.above).map(kink).collect(),
        base: base.to_f64(),
    })
}
