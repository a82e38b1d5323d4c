//! What the columns of a programme come to in its rows: the level of each row, and the Gram matrix of the
//! rows over the columns that are free. Neither changes with the bounds of the rows.

use std::ops::Range;

use super::beside::both;
use super::field::{Field, Half, Matrix, Solution};
use super::problem::{Problem, Side};

/// So many columns are worth a second thread.
pub(crate) const MANY: usize = 20_000;

/// What some columns at bounds and the others free come to.
pub(crate) struct Formed<S: Field> {
    /// The side that each column is fixed at; `None` where it is free.
    pub(crate) fixed: Vec<Option<Side>>,
    sums: Sums<S>,
    /// What is known of the Gram matrix of the tight rows.
    factor: S::Factor,
}

impl<S: Field> Formed<S> {
    /// Fixes columns at their `sides`; those without a bound here are passed over, and those whose bounds are
    /// one stand there.
    pub(crate) fn new(problem: &Problem<S>, sides: &[(usize, Side)]) -> Self {
        let mut fixed: Vec<Option<Side>> =
            problem.pinned.iter().map(|pinned| pinned.then_some(Side::Equal)).collect();
        for (column, side) in sides {
            let bound = match side {
                Side::Upper => problem.upper.get(*column),
                _ => problem.lower.get(*column),
            };
            let known = bound.is_some_and(Option::is_some) && *side != Side::Equal;
            if known && !problem.pinned[*column] {
                fixed[*column] = Some(*side);
            }
        }
        let (count, half) = (fixed.len(), fixed.len() / 2);
        let sums = if count < MANY {
            Sums::of(problem, &fixed, 0..count)
        } else {
            let (first, mut second) = both(
                || Sums::of(problem, &fixed, 0..half),
                || Sums::of(problem, &fixed, half..count),
            );
            second.add(&first);
            second
        };
        Self { fixed, sums, factor: S::Factor::default() }
    }

    /// `sum w a_i a_j` over the free columns.
    pub(crate) fn gram(&self, i: usize, j: usize) -> &S {
        self.sums.gram.at(i, j)
    }

    /// The level of a row where no row pushes.
    pub(crate) fn rest(&self, row: usize) -> &S {
        &self.sums.rest[row]
    }

    /// Fixes a free column at a bound, frees a fixed one, or moves it to its other bound.
    pub(crate) fn set(&mut self, problem: &Problem<S>, column: usize, side: Option<Side>) {
        let before = std::mem::replace(&mut self.fixed[column], side);
        let step = level(problem, column, side).minus(level(problem, column, before));
        self.sums.raise(problem, column, &step);
        if before.is_none() != side.is_none() && problem.moves[column] {
            self.factor = S::Factor::default();
            let weight = &problem.weight[column];
            let sign = if side.is_none() { weight.clone() } else { S::zero().minus(weight) };
            self.sums.weigh(problem, column, &sign);
        }
    }

    /// Solves the rows in these places for several right sides.
    pub(crate) fn solve(&mut self, places: &[usize], right: &[Vec<S>]) -> Solution<S> {
        S::solve(&mut self.factor, &Matrix { places, whole: &self.sums.gram }, right)
    }
}

/// Where a column stands that no row moves.
fn level<S: Field>(problem: &Problem<S>, column: usize, side: Option<Side>) -> &S {
    match side {
        Some(side) => problem.bound(column, side),
        None => &problem.baseline[column],
    }
}

/// Sums over columns.
struct Sums<S> {
    /// `sum w a_i a_j` over the free columns, for `j` up to `i`.
    gram: Half<S>,
    /// The level of each row where no row pushes.
    rest: Vec<S>,
}

impl<S: Field> Sums<S> {
    /// The sums over some columns, with those that are `fixed` at their sides.
    fn of(problem: &Problem<S>, fixed: &[Option<Side>], columns: Range<usize>) -> Self {
        let mut sums = Self { gram: Half::new(problem.rows), rest: vec![S::zero(); problem.rows] };
        for column in columns {
            sums.raise(problem, column, level(problem, column, fixed[column]));
            if fixed[column].is_none() && problem.moves[column] {
                sums.weigh(problem, column, &problem.weight[column]);
            }
        }
        sums
    }

    /// Raises a column by so much.
    fn raise(&mut self, problem: &Problem<S>, column: usize, by: &S) {
        let (rows, values) = problem.entries(column);
        for (row, value) in rows.iter().zip(values) {
            let rest = &mut self.rest[*row as usize];
            *rest = rest.plus(&value.times(by));
        }
    }

    /// Adds a column with so much weight to the Gram matrix.
    fn weigh(&mut self, problem: &Problem<S>, column: usize, weight: &S) {
        let (rows, values) = problem.entries(column);
        for (place, (i, a)) in rows.iter().zip(values).enumerate() {
            let pull = weight.times(a);
            let line = self.gram.line_mut(*i as usize);
            // The rows of a column ascend.
            for (j, b) in rows[..=place].iter().zip(values) {
                let entry = &mut line[*j as usize];
                *entry = entry.plus(&pull.times(b));
            }
        }
    }

    /// Adds the sums over other columns.
    fn add(&mut self, other: &Self) {
        self.gram.add(&other.gram);
        for (own, other) in self.rest.iter_mut().zip(&other.rest) {
            *own = own.plus(other);
        }
    }
}
