//! Columns that a linear programme can write as what lies above a kink less what lies below it.

use crate::formulate::Linear;
use crate::units::Amount;

/// A column with a kink of its own: `column = kink + above - below`.
pub(crate) struct Split {
    /// The kink.
    pub(crate) kink: f64,
    /// The row that tied the column to its auxiliary.
    pub(crate) row: usize,
    /// The auxiliary, which is one of the two parts.
    pub(crate) hinge_column: usize,
    /// Whether the auxiliary is the part above.
    pub(crate) above: bool,
}

/// The split of each column that has one: its first kink in a row with the column alone.
///
/// The kink is one that the column can reach: elsewhere the auxiliary is idle or all of the
/// distance, and the two ways of writing it have different multipliers.
///
/// The auxiliary has a cost, or a coefficient in rows that only ask it to be small, so that at an
/// optimum no more of it is taken than is needed, and the bounds of the column become bounds of
/// the two parts.
pub(crate) fn splits(linear: &Linear) -> Vec<Option<Split>> {
    let mut splits: Vec<Option<Split>> = Vec::new();
    splits.resize_with(linear.columns.len(), || None);
    for hinge in &linear.hinges {
        let [(column, value), (auxiliary, _)] = linear.rows[hinge.row].terms.as_slice() else {
            continue;
        };
        let own = &linear.columns[*column];
        let reached = own.lower.as_ref().is_none_or(|lower| *lower <= hinge.kink)
            && own.upper.as_ref().is_none_or(|upper| *upper >= hinge.kink);
        let one = *value == Amount::ONE && *auxiliary == hinge.column;
        if one && reached && splits[*column].is_none() {
            splits[*column] = Some(Split {
                kink: hinge.kink.to_f64(),
                row: hinge.row,
                hinge_column: hinge.column,
                above: hinge.above,
            });
        }
    }
    splits
}
