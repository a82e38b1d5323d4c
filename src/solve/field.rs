//! The numbers that the active-set method runs on: floats to propose, exact rationals to decide.

use nalgebra::DVectorView;

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

/// A symmetric matrix, stored by its lower half.
pub(crate) struct Half<S>(Vec<S>);

impl<S: Field> Half<S> {
    /// A matrix of zeros.
    pub(crate) fn new(size: usize) -> Self {
        let count = size * (size + 1) / 2;
        let mut entries = Vec::with_capacity(count);
        // Written at once: memory that the system gives as zeros is copied when it is written later, page by
        // page, and both threads stop for each.
        entries.resize_with(count, S::zero);
        Self(entries)
    }

    fn place(i: usize, j: usize) -> usize {
        let (high, low) = (i.max(j), i.min(j));
        high * (high + 1) / 2 + low
    }

    pub(crate) fn at(&self, i: usize, j: usize) -> &S {
        &self.0[Self::place(i, j)]
    }

    /// Adds another one of the same size.
    pub(crate) fn add(&mut self, other: &Self) {
        for (own, other) in self.0.iter_mut().zip(&other.0) {
            *own = own.plus(other);
        }
    }

    /// The entries of a row, up to the diagonal.
    pub(crate) fn line_mut(&mut self, i: usize) -> &mut [S] {
        let start = Self::place(i, 0);
        &mut self.0[start..=start + i]
    }
}

/// Some rows and columns, in order, of a symmetric matrix.
pub(crate) struct Matrix<'a, S> {
    pub(crate) places: &'a [usize],
    pub(crate) whole: &'a Half<S>,
}

impl<'a, S: Field> Matrix<'a, S> {
    fn at(&self, i: usize, j: usize) -> &'a S {
        self.whole.at(self.places[i], self.places[j])
    }
}

/// A number of the active-set method.
pub(crate) trait Field: Clone + Send + Sync {
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
    /// What is known of a matrix from solves before.
    type Factor: Default;
    /// Solves `matrix * x = right` for every right side; `known` is of rows and columns of the same
    /// matrix, in an order that may have gone on or changed since.
    fn solve(
        known: &mut Self::Factor,
        matrix: &Matrix<'_, Self>,
        right: &[Vec<Self>],
    ) -> Solution<Self>;

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

/// `L D L'` without pivoting, dependent rows left out: row by row, so that rows may be added.
#[derive(Default)]
pub(crate) struct Lower {
    places: Vec<usize>,
    /// The rows of `L D`, up to the diagonal.
    rows: Vec<Vec<f64>>,
    kept: Vec<bool>,
}

/// The product of two vectors, as far as the shorter one goes.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let size = a.len().min(b.len());
    DVectorView::from_slice(&a[..size], size).dot(&DVectorView::from_slice(&b[..size], size))
}

impl Lower {
    /// Keeps the first rows that are those of `matrix`, and adds the others.
    fn follow(&mut self, matrix: &Matrix<'_, f64>) {
        let same = self.places.iter().zip(matrix.places).take_while(|(a, b)| a == b).count();
        self.places.truncate(same);
        self.rows.truncate(same);
        self.kept.truncate(same);
        for place in same..matrix.places.len() {
            self.places.push(matrix.places[place]);
            self.add(matrix, place);
        }
    }

    fn add(&mut self, matrix: &Matrix<'_, f64>, i: usize) {
        let mut row: Vec<f64> = (0..=i).map(|j| *matrix.at(i, j)).collect();
        let mut ratios: Vec<f64> = Vec::with_capacity(i);
        for (j, (value, other)) in row.iter_mut().zip(&self.rows).enumerate() {
            *value -= dot(&ratios, other);
            ratios.push(if self.kept[j] { *value / other[j] } else { 0.0 });
        }
        let known = dot(&ratios, &row);
        row[i] -= known;
        self.kept.push(row[i] > DEPENDENT * matrix.at(i, i));
        self.rows.push(row);
    }

    fn solve(&self, right: &[f64]) -> Vec<f64> {
        let mut x = right.to_vec();
        // L z = right, with z in units of D.
        for (i, row) in self.rows.iter().enumerate() {
            let known = dot(&row[..i], &x);
            x[i] = if self.kept[i] { (x[i] - known) / row[i] } else { 0.0 };
        }
        // L' x = z, where L has the rows in units of D: what later unknowns take is summed up before it is divided.
        let mut taken = vec![0.0; right.len()];
        for (i, row) in self.rows.iter().enumerate().rev() {
            x[i] = if self.kept[i] { x[i] - taken[i] / row[i] } else { 0.0 };
            for (taken, value) in taken.iter_mut().zip(&row[..i]) {
                *taken += value * x[i];
            }
        }
        x
    }
}

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

    type Factor = Lower;
    fn solve(known: &mut Lower, matrix: &Matrix<'_, Self>, right: &[Vec<Self>]) -> Solution<Self> {
        known.follow(matrix);
        let values = right.iter().map(|right| known.solve(right)).collect();
        Solution { kept: known.kept.clone(), values }
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
    type Factor = ();
    fn solve((): &mut (), matrix: &Matrix<'_, Self>, right: &[Vec<Self>]) -> Solution<Self> {
        let places = 0..matrix.places.len();
        let row = |i| places.clone().map(|j| matrix.at(i, j).clone()).collect();
        exact::solve(&places.clone().map(row).collect::<Vec<_>>(), right)
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
