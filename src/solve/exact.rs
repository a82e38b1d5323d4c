//! Exact solution of small symmetric systems, by fraction-free elimination.

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Zero};

use super::field::Solution;
use crate::units::{Amount, Denominator, denominator, over};

/// Solves a symmetric positive semidefinite system in rationals.
///
/// Rows are scaled to integers and eliminated without fractions (Bareiss 1968): every division is
/// exact, so numbers grow no faster than the determinants they are. A zero pivot belongs to a row
/// that depends on earlier ones, because the matrix is semidefinite: it is left out.
pub(crate) fn solve(matrix: &[Vec<Amount>], right: &[Vec<Amount>]) -> Solution<Amount> {
    let size = matrix.len();
    let mut rows: Vec<Vec<BigInt>> = (0..size)
        .map(|i| {
            let row = matrix[i].iter().chain(right.iter().map(|side| &side[i]));
            integers(&row.collect::<Vec<_>>())
        })
        .collect();
    let width = size + right.len();
    let mut kept = vec![true; size];
    let mut previous = BigInt::one();
    for k in 0..size {
        if rows[k][k].is_zero() {
            kept[k] = false;
            continue;
        }
        let pivot_row = rows[k].clone();
        for row in rows.iter_mut().skip(k + 1) {
            let factor = row[k].clone();
            for j in k + 1..width {
                let product = &row[j] * &pivot_row[k] - &factor * &pivot_row[j];
                row[j] = product / &previous;
            }
            row[k] = BigInt::zero();
        }
        previous.clone_from(&pivot_row[k]);
    }
    let values = (0..right.len()).map(|side| back(&rows, &kept, size + side, &previous)).collect();
    Solution { kept, values }
}

/// Back substitution over the common denominator `determinant`, the last pivot.
fn back(rows: &[Vec<BigInt>], kept: &[bool], side: usize, determinant: &BigInt) -> Vec<Amount> {
    let size = kept.len();
    let mut numerators = vec![BigInt::zero(); size];
    for k in (0..size).rev().filter(|k| kept[*k]) {
        let mut rest = &rows[k][side] * determinant;
        for j in (k + 1..size).filter(|j| kept[*j]) {
            rest -= &rows[k][j] * &numerators[j];
        }
        numerators[k] = rest / &rows[k][k];
    }
    numerators
        .into_iter()
        .map(|numerator| BigRational::new(numerator, determinant.clone()).into())
        .collect()
}

/// The row times the least number that makes all of it whole.
pub(crate) fn integers(row: &[&Amount]) -> Vec<BigInt> {
    over(row.iter().copied(), &denominator(row.iter().copied()))
}

/// Numbers over one denominator, so that their sums need no common divisor.
pub(crate) struct Common {
    numerators: Vec<BigInt>,
    denominator: Denominator,
}

impl Common {
    /// Puts `values` over a common denominator.
    pub(crate) fn new(values: &[Amount]) -> Self {
        Self::with(values, &BigInt::one())
    }

    /// Puts `values` over a common denominator that is a multiple of `factor`, so that sums with
    /// other numbers over `factor` stay over it.
    pub(crate) fn with(values: &[Amount], factor: &BigInt) -> Self {
        let common = denominator(values.iter()) * factor;
        let numerators = over(values.iter(), &common);
        Self { numerators, denominator: Denominator::new(common) }
    }

    /// `start + factor * sum a_i value_i` over pairs of a place and its coefficient.
    pub(crate) fn combine<'a>(
        &self,
        start: &Amount,
        factor: &Amount,
        terms: impl Iterator<Item = (usize, &'a Amount)> + Clone,
    ) -> Amount {
        let parts = denominator(terms.clone().map(|(_, coefficient)| coefficient));
        let words = i64::try_from(&parts).ok();
        let times = |(over, under): (i64, i64)| over.checked_mul(words? / under);
        let mut sum = BigInt::zero();
        for (place, coefficient) in terms {
            let numerator = &self.numerators[place];
            if numerator.is_zero() {
                continue;
            }
            match coefficient.words().and_then(times) {
                Some(1) => sum += numerator,
                Some(times) => sum += numerator * times,
                None => {
                    let (over, under) = coefficient.parts();
                    sum += numerator * (&*over * (&parts / &*under));
                }
            }
        }
        if sum.is_zero() {
            return start.clone();
        }
        let step = if parts.is_one() { factor.clone() } else { factor / &Amount::from(parts) };
        let (over, under) = scaled(sum, &step);
        match (over, under) {
            (over, None) => self.plus(start, over),
            (over, Some(under)) => {
                start + &Amount::quotient(over, under * self.denominator.number())
            }
        }
    }

    /// `start` and `over` parts of the common denominator.
    fn plus(&self, start: &Amount, over: BigInt) -> Amount {
        let common = self.denominator.number();
        if let Some((own, 1)) = start.words() {
            return self.denominator.amount(over + common * own);
        }
        let (own, under) = start.parts();
        if own.is_zero() {
            return self.denominator.amount(over);
        }
        let (times, rest) = common.div_rem(&under);
        if rest.is_zero() {
            return self.denominator.amount(over + &*own * times);
        }
        start + &self.denominator.amount(over)
    }
}

/// `sum * factor`, with what is left of the denominator of `factor`.
fn scaled(sum: BigInt, factor: &Amount) -> (BigInt, Option<BigInt>) {
    let (over, under) = factor.parts();
    let product = if over.is_one() { sum } else { sum * &*over };
    if under.is_one() {
        return (product, None);
    }
    let (whole, rest) = product.div_rem(&under);
    if rest.is_zero() { (whole, None) } else { (product, Some(under.into_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(rows: &[&[i64]]) -> Vec<Vec<Amount>> {
        rows.iter().map(|row| row.iter().map(|v| Amount::whole(*v)).collect()).collect()
    }

    #[test]
    fn a_small_system_is_solved_in_fractions() {
        let found = solve(&matrix(&[&[2, 1], &[1, 3]]), &matrix(&[&[1, 0]]));
        assert_eq!(found.values[0], [Amount::ratio(3, 5), Amount::ratio(-1, 5)]);
    }

    #[test]
    fn a_dependent_row_is_left_out() {
        let found = solve(&matrix(&[&[4, 2, 2], &[2, 1, 1], &[2, 1, 3]]), &matrix(&[&[4, 2, 4]]));
        assert_eq!(found.kept, [true, false, true]);
        let half = Amount::ratio(1, 2);
        assert_eq!(found.values[0], [half, Amount::ZERO, Amount::ONE]);
    }
}
