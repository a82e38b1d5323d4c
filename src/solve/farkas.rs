use crate::formulate::Program;
use crate::units::Amount;

/// A proof that the rows and columns of a programme clash (Farkas 1902).
///
/// Each multiplier leans on a bound: the lower one where it is above zero, the upper one where it
/// is below. Over the columns the combination is zero, coefficient by coefficient, and yet the
/// bounds add up to more than zero: no amounts can satisfy them all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Farkas {
    /// Rows and their multipliers, other than zero.
    pub rows: Vec<(usize, Amount)>,
    /// Columns and the multipliers of their own bounds, other than zero.
    pub columns: Vec<(usize, Amount)>,
}

impl Farkas {
    /// What the bounds add up to; `None` where a multiplier leans on a bound, a row or a column that is not
    /// there.
    fn sum(&self, program: &Program) -> Option<Amount> {
        let lean = |multiplier: &Amount, lower: &Option<Amount>, upper: &Option<Amount>| {
            let bound = if multiplier.is_positive() { lower } else { upper };
            bound.as_ref().map(|bound| multiplier * bound)
        };
        let mut sum = Amount::ZERO;
        for (row, multiplier) in &self.rows {
            let row = program.rows.get(*row)?;
            sum += &lean(multiplier, &row.lower, &row.upper)?;
        }
        for (column, multiplier) in &self.columns {
            let column = program.columns.get(*column)?;
            sum += &lean(multiplier, &column.lower, &column.upper)?;
        }
        Some(sum)
    }

    /// By how much the bounds clash: above zero for a proof.
    pub fn excess(&self, program: &Program) -> Amount {
        self.sum(program).unwrap_or_default()
    }

    /// Whether this proves that `program` has no solution, re-added exactly.
    pub fn proves(&self, program: &Program) -> bool {
        if !self.sum(program).is_some_and(|sum| sum.is_positive()) {
            return false;
        }
        let mut combined = vec![Amount::ZERO; program.columns.len()];
        for (row, multiplier) in &self.rows {
            for part in &program.rows[*row].parts {
                let step = multiplier * &part.coefficient;
                for column in &part.columns {
                    combined[*column as usize] += &step;
                }
            }
        }
        for (column, multiplier) in &self.columns {
            combined[*column] += multiplier;
        }
        combined.iter().all(Amount::is_zero)
    }

    /// The same proof, every multiplier times `factor`, which is above zero.
    #[must_use]
    pub fn scaled(&self, factor: &Amount) -> Self {
        let scale = |list: &[(usize, Amount)]| {
            list.iter().map(|(place, multiplier)| (*place, multiplier * factor)).collect()
        };
        Self { rows: scale(&self.rows), columns: scale(&self.columns) }
    }

    /// Two proofs added up; multipliers that cancel are left out.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let add = |a: &[(usize, Amount)], b: &[(usize, Amount)]| {
            let mut sum: Vec<(usize, Amount)> = a.to_vec();
            for (place, multiplier) in b {
                match sum.iter_mut().find(|(known, _)| known == place) {
                    Some((_, known)) => *known += multiplier,
                    None => sum.push((*place, multiplier.clone())),
                }
            }
            sum.retain(|(_, multiplier)| !multiplier.is_zero());
            sum.sort_by_key(|(place, _)| *place);
            sum
        };
        Self { rows: add(&self.rows, &other.rows), columns: add(&self.columns, &other.columns) }
    }
}
