//! Exact solution of small symmetric systems, by fraction-free elimination.

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Zero};

use super::field::Solution;
use super::padic;
use super::prime::{inverse, minus, reduce, residue, times};
use crate::units::{Amount, Denominator, denominator, over};

/// Solves a symmetric positive semidefinite system in rationals.
///
/// Rows are scaled to integers and eliminated without fractions (Bareiss 1968): every division is
/// exact, so numbers grow no faster than the determinants they are. A zero pivot belongs to a row
/// that depends on earlier ones, because the matrix is semidefinite: it is left out.
///
/// A large one is lifted from its residues: elimination would take minutes over some hundred rows.
pub(crate) fn solve(matrix: &[Vec<Amount>], right: &[Vec<Amount>]) -> Solution<Amount> {
    let size = matrix.len();
    let mut rows: Vec<Vec<BigInt>> = (0..size)
        .map(|i| {
            let row = matrix[i].iter().chain(right.iter().map(|side| &side[i]));
            integers(&row.collect::<Vec<_>>())
        })
        .collect();
    let width = size + right.len();
    if size >= LARGE
        && let Some(solution) = lifted(&rows, size)
    {
        return solution;
    }
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

/// The rows from which a system is lifted.
const LARGE: usize = 24;

/// The solution of rows of whole numbers, with the right sides after the `size` columns of the matrix, from
/// its residues; `None` where a row that seems to depend on others does not.
fn lifted(rows: &[Vec<BigInt>], size: usize) -> Option<Solution<Amount>> {
    let kept = independent(rows, size);
    let places = |own: bool| (0..size).filter(|place| kept[*place] == own).collect::<Vec<_>>();
    let (inside, left) = (places(true), places(false));
    if inside.is_empty() {
        return None;
    }
    let pick = |row: usize, columns: &[usize]| -> Vec<BigInt> {
        columns.iter().map(|column| rows[row][*column].clone()).collect()
    };
    let matrix: Vec<Vec<BigInt>> = inside.iter().map(|row| pick(*row, &inside)).collect();
    let sides = (size..rows.first()?.len()).chain(left.iter().copied());
    let rights: Vec<Vec<BigInt>> =
        sides.map(|side| inside.iter().map(|row| rows[*row][side].clone()).collect()).collect();
    let mut found = padic::solve_all(&matrix, &rights)?;
    // A row that depends on the others leaves nothing of its own diagonal entry.
    let own = found.split_off(found.len() - left.len());
    for (row, own) in left.iter().zip(own) {
        let terms = inside.iter().zip(&own.numerators);
        let sum: BigInt = terms.map(|(column, value)| &rows[*row][*column] * value).sum();
        if sum != &rows[*row][*row] * &own.denominator {
            return None;
        }
    }
    let spread = |own: padic::Fractions| {
        let denominator = Denominator::new(own.denominator);
        let mut values = vec![Amount::ZERO; size];
        for (place, numerator) in inside.iter().zip(own.numerators) {
            values[*place] = denominator.amount(numerator);
        }
        values
    };
    Some(Solution { values: found.into_iter().map(spread).collect(), kept })
}

/// Which rows do not depend on earlier ones, modulo the prime: a zero pivot belongs to one that does.
fn independent(rows: &[Vec<BigInt>], size: usize) -> Vec<bool> {
    let mut residues: Vec<Vec<u64>> =
        rows.iter().map(|row| row[..size].iter().map(residue).collect()).collect();
    let mut kept = vec![true; size];
    for k in 0..size {
        if residues[k][k] == 0 {
            kept[k] = false;
            continue;
        }
        let (above, below) = residues.split_at_mut(k + 1);
        let (pivot, unit) = (&above[k], inverse(above[k][k]));
        for row in below.iter_mut().filter(|row| row[k] != 0) {
            let factor = u128::from(minus(times(row[k], unit)));
            for (value, own) in row[k..].iter_mut().zip(&pivot[k..]) {
                *value = reduce(u128::from(*value) + factor * u128::from(*own));
            }
        }
    }
    kept
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

    /// A Gram matrix of thirty rows over twenty columns: ten of them depend on others. Both ways leave out
    /// the same, and solve the rest alike.
    #[test]
    fn a_large_system_is_lifted_to_what_elimination_finds() {
        let entry = |i: i64, j: i64| Amount::ratio((i * 7 + j * j * 5) % 11 - 4, 3);
        let vector = |i: i64| -> Vec<Amount> {
            match i % 3 {
                2 => (0..20).map(|j| &entry(i - 1, j) + &entry(i - 2, j)).collect(),
                _ => (0..20).map(|j| entry(i, j)).collect(),
            }
        };
        let rows: Vec<Vec<Amount>> = (0..30).map(vector).collect();
        let product =
            |a: &[Amount], b: &[Amount]| -> Amount { a.iter().zip(b).map(|(a, b)| a * b).sum() };
        let gram: Vec<Vec<Amount>> =
            rows.iter().map(|a| rows.iter().map(|b| product(a, b)).collect()).collect();
        // What a combination of the rows asks for can be met.
        let right: Vec<Amount> = gram.iter().map(|row| &row[0] + &row[4]).collect();
        let found = solve(&gram, std::slice::from_ref(&right));
        assert!(found.kept.iter().filter(|kept| !**kept).count() >= 10);
        for (row, right) in gram.iter().zip(&right) {
            assert_eq!(product(row, &found.values[0]), *right);
        }
    }
}
