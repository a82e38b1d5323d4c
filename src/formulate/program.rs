use super::{Curved, Parts};
use crate::units::Amount;

/// A calibration programme, exact: minimise `1/2 * sum (x_c - b_c)^2 / w_c` over the columns,
/// with each row `lower <= sum a_ic x_c <= upper` and each column within its own bounds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Program {
    /// The columns, in declared order.
    pub columns: Vec<Column>,
    /// The rows, in declared order.
    pub rows: Vec<Row>,
    /// The convex rows, in declared order.
    pub curved: Vec<Curved>,
}

/// One unknown: a cell of the plan, or a revenue decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Where it stands before any change, `b_c`, in plan units.
    pub baseline: Amount,
    /// How readily it moves, `w_c >= 0`; at zero it is fixed, and both bounds equal the baseline.
    pub weight: Amount,
    /// The least it may be, if bounded below.
    pub lower: Option<Amount>,
    /// The most it may be, if bounded above; never below `lower`.
    pub upper: Option<Amount>,
}

/// One linear row over the columns, with a bound on one side or both; equal bounds make an equality.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The coefficients, each shared by many columns. A column in two parts has their sum.
    pub parts: Parts,
    /// How many of the parts, from the first, are the limit's own slice.
    pub own: usize,
    /// The least the row may be, if bounded below.
    pub lower: Option<Amount>,
    /// The most the row may be, if bounded above; never below `lower`.
    pub upper: Option<Amount>,
}

/// Columns of a row that share one coefficient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The coefficient, other than zero.
    pub coefficient: Amount,
    /// Places in `Program::columns`, ascending.
    pub columns: Vec<u32>,
}

impl Column {
    /// A column that never moves.
    pub fn fixed(amount: &Amount) -> Self {
        let bound = Some(amount.clone());
        Self { baseline: amount.clone(), weight: Amount::ZERO, lower: bound.clone(), upper: bound }
    }
}

impl Row {
    /// The value of the row at `amounts`, one for each column.
    pub fn value(&self, amounts: &[Amount]) -> Amount {
        self.parts.iter().map(|part| &part.coefficient * &part.total(amounts)).sum()
    }
}

impl Row {
    /// The value of the row at `amounts` in floats, and the sum of its terms without their signs.
    pub fn float(&self, amounts: &[f64]) -> (f64, f64) {
        let (mut value, mut size) = (0.0, 0.0);
        for part in &self.parts {
            let coefficient = part.coefficient.to_f64();
            for column in &part.columns {
                let term = coefficient * amounts[*column as usize];
                value += term;
                size += term.abs();
            }
        }
        (value, size)
    }
}

impl Part {
    /// The part with its coefficient times `factor`.
    #[must_use]
    pub fn times(&self, factor: &Amount) -> Self {
        Self { coefficient: &self.coefficient * factor, columns: self.columns.clone() }
    }

    /// The sum of `amounts` over the columns of the part.
    pub fn total(&self, amounts: &[Amount]) -> Amount {
        self.columns.iter().map(|column| &amounts[*column as usize]).sum()
    }
}

/// The columns of a form, ascending, each with the sum of its coefficients; zero sums are left out.
pub fn terms(parts: &[Part]) -> Vec<(usize, Amount)> {
    let mut terms: Vec<(usize, Amount)> =
        Vec::with_capacity(parts.iter().map(|part| part.columns.len()).sum());
    for part in parts {
        terms.extend(part.columns.iter().map(|c| (*c as usize, part.coefficient.clone())));
    }
    if let [only] = parts {
        // Its columns ascend.
        return if only.coefficient.is_zero() { Vec::new() } else { terms };
    }
    terms.sort_by_key(|(column, _)| *column);
    terms.dedup_by(|later, first| {
        let same = later.0 == first.0;
        if same {
            first.1 += &later.1;
        }
        same
    });
    terms.retain(|(_, coefficient)| !coefficient.is_zero());
    terms
}
