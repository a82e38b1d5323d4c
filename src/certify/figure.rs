//! Where curves stand at a point: what they are worth there, and how they slope.

use super::point::float;
use super::statement::Term;
use crate::units::Amount;

/// Amounts, one a column, with the floats that they are near to.
pub struct Near<'a> {
    pub(crate) amounts: &'a [Amount],
    pub(crate) floats: Vec<f64>,
}

impl<'a> Near<'a> {
    /// Takes `amounts`.
    pub fn new(amounts: &'a [Amount]) -> Self {
        Self { amounts, floats: amounts.iter().map(Amount::to_f64).collect() }
    }
}

/// What a term is worth at a point, and the slopes of its curve left and right of it.
pub(crate) struct Figure {
    pub(crate) value: Amount,
    pub(crate) slopes: (Amount, Amount),
}

impl Term {
    /// Where the term stands. Its weighted sum is not added up exactly where floats tell the piece of its
    /// curve beyond all rounding, and that piece is flat.
    pub(crate) fn figure(&self, near: &Near<'_>) -> Figure {
        if let Some((constant, slope)) = self.line(near) {
            let value = if slope.is_zero() {
                constant
            } else {
                &constant + &(&slope * &self.form(near.amounts))
            };
            return Figure { value, slopes: (slope.clone(), slope) };
        }
        let form = self.form(near.amounts);
        Figure { value: self.curve.value(&form), slopes: self.curve.slopes(&form) }
    }

    /// The slopes of its curve left and right of where the term stands.
    pub fn slopes(&self, near: &Near<'_>) -> (Amount, Amount) {
        match self.line(near) {
            Some((_, slope)) => (slope.clone(), slope),
            None => self.curve.slopes(&self.form(near.amounts)),
        }
    }

    fn line(&self, near: &Near<'_>) -> Option<(Amount, Amount)> {
        if !self.inner.is_empty() {
            return None;
        }
        self.curve.line_near(float(&self.parts, &near.floats))
    }
}

/// The slope nearest to zero of those between two.
pub fn flattest((left, right): (&Amount, &Amount)) -> Amount {
    if right.is_negative() {
        right.clone()
    } else if left.is_positive() {
        left.clone()
    } else {
        Amount::ZERO
    }
}
