//! The numbers that the active-set method runs on: floats to propose, exact rationals to decide.

use nalgebra::DMatrix;

use super::exact;
use crate::units::Amount;

/// The solution of a symmetric positive semidefinite system, one for each right side. Rows that
/// depend on earlier ones are left out, and have a zero in every solution.
pub(crate) struct Solution<S> {
    /// Whether each row was kept.
    pub(crate) kept: Vec<bool>,
    /// One solution for each right side.
    pub(crate) values: Vec<Vec<S>>,
}

/// A number of the active-set method.
pub(crate) trait Field: Clone {
    fn zero() -> Self;
    fn of(amount: &Amount) -> Self;
    fn float(&self) -> f64;
    fn plus(&self, other: &Self) -> Self;
    fn minus(&self, other: &Self) -> Self;
    fn times(&self, other: &Self) -> Self;
    fn over(&self, other: &Self) -> Self;
    /// Whether the number is above zero, beyond what rounding may leave on figures of size `size`.
    fn above(&self, size: f64) -> bool;
    fn less(&self, other: &Self) -> bool;
    /// Solves `matrix * x = right` for every right side.
    fn solve(matrix: &[Vec<Self>], right: &[Vec<Self>]) -> Solution<Self>;

    /// Several numbers, made ready to be summed up often.
    type Common;
    /// Makes `values` ready.
    fn common(values: &[Self]) -> Self::Common;
    /// `start + sum a_i value_i` over pairs of a place and its coefficient.
    fn combine<'a>(
        common: &Self::Common,
        start: &Self,
        terms: impl Iterator<Item = (usize, &'a Self)> + Clone,
    ) -> Self
    where
        Self: 'a;
}

/// What rounding may leave of a figure of size one.
const NOISE: f64 = 1e-11;
/// A pivot below this part of its diagonal belongs to a dependent row.
const DEPENDENT: f64 = 1e-10;

impl Field for f64 {
    fn zero() -> Self {
        0.0
    }
    fn of(amount: &Amount) -> Self {
        amount.to_f64()
    }
    fn float(&self) -> f64 {
        *self
    }
    fn plus(&self, other: &Self) -> Self {
        self + other
    }
    fn minus(&self, other: &Self) -> Self {
        self - other
    }
    fn times(&self, other: &Self) -> Self {
        self * other
    }
    fn over(&self, other: &Self) -> Self {
        self / other
    }
    fn above(&self, size: f64) -> bool {
        *self > NOISE * size
    }
    fn less(&self, other: &Self) -> bool {
        self < other
    }

    /// `L D L'` without pivoting, dependent rows left out.
    fn solve(matrix: &[Vec<Self>], right: &[Vec<Self>]) -> Solution<Self> {
        let size = matrix.len();
        let mut factor = DMatrix::from_fn(size, size, |i, j| matrix[i][j]);
        let mut kept = vec![true; size];
        for k in 0..size {
            if factor[(k, k)] <= DEPENDENT * matrix[k][k] {
                kept[k] = false;
                continue;
            }
            for i in k + 1..size {
                let ratio = factor[(i, k)] / factor[(k, k)];
                if ratio == 0.0 {
                    continue;
                }
                for j in k + 1..=i {
                    let step = ratio * factor[(j, k)];
                    factor[(i, j)] -= step;
                }
            }
        }
        let solve = |right: &Vec<Self>| {
            let mut x = right.clone();
            for k in 0..size {
                if kept[k] {
                    for i in k + 1..size {
                        x[i] -= factor[(i, k)] / factor[(k, k)] * x[k];
                    }
                }
            }
            for k in (0..size).rev() {
                if !kept[k] {
                    x[k] = 0.0;
                    continue;
                }
                x[k] /= factor[(k, k)];
                for i in k + 1..size {
                    if kept[i] {
                        x[k] -= factor[(i, k)] / factor[(k, k)] * x[i];
                    }
                }
            }
            x
        };
        let values = right.iter().map(solve).collect();
        Solution { kept, values }
    }

    type Common = Vec<Self>;
    fn common(values: &[Self]) -> Vec<Self> {
        values.to_vec()
    }
    fn combine<'a>(
        common: &Vec<Self>,
        start: &Self,
        terms: impl Iterator<Item = (usize, &'a Self)> + Clone,
    ) -> Self {
        terms.fold(*start, |sum, (place, coefficient)| sum + coefficient * common[place])
    }
}

impl Field for Amount {
    fn zero() -> Self {
        Self::ZERO
    }
    fn of(amount: &Amount) -> Self {
        amount.clone()
    }
    fn float(&self) -> f64 {
        self.to_f64()
    }
    fn plus(&self, other: &Self) -> Self {
        self + other
    }
    fn minus(&self, other: &Self) -> Self {
        self - other
    }
    fn times(&self, other: &Self) -> Self {
        self * other
    }
    fn over(&self, other: &Self) -> Self {
        self / other
    }
    fn above(&self, _size: f64) -> bool {
        self.is_positive()
    }
    fn less(&self, other: &Self) -> bool {
        self < other
    }
    fn solve(matrix: &[Vec<Self>], right: &[Vec<Self>]) -> Solution<Self> {
        exact::solve(matrix, right)
    }

    type Common = exact::Common;
    fn common(values: &[Self]) -> exact::Common {
        exact::Common::new(values)
    }
    fn combine<'a>(
        common: &exact::Common,
        start: &Self,
        terms: impl Iterator<Item = (usize, &'a Self)> + Clone,
    ) -> Self {
        common.combine(start, &Self::ONE, terms)
    }
}
