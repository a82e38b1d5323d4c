//! The working set of the active-set method: which rows and columns are tight.

use super::field::Field;
use super::formed::Formed;
use super::problem::{ActiveSet, Problem, Side};

/// A working set over a problem.
pub(crate) struct Working<'a, S: Field> {
    pub(crate) problem: &'a Problem<S>,
    /// The tight rows, in the order they came.
    pub(crate) rows: Vec<(usize, Side)>,
    /// What the columns come to.
    pub(crate) formed: Formed<S>,
    /// The columns stand as they do: none is fixed or freed for what it misses.
    pub(crate) firm: bool,
}

/// The tight rows of a working set, and what its columns come to.
pub(crate) type Kept<S> = (Vec<(usize, Side)>, Formed<S>);

/// The multipliers of a working set.
pub(crate) struct Pair<S> {
    /// One a row of the problem, zero where the row is not tight.
    pub(crate) y: Vec<S>,
}

impl<'a, S: Field> Working<'a, S> {
    /// Starts from a set of sides; those without a bound here are passed over, as are those that
    /// push either way and may not here.
    pub(crate) fn new(problem: &'a Problem<S>, start: &ActiveSet) -> Self {
        let formed = Formed::new(problem, &start.columns);
        let mut working = Self { problem, rows: Vec::new(), formed, firm: false };
        let mut tight = vec![false; problem.rows];
        for (row, side) in &start.rows {
            let bound = match side {
                Side::Upper => problem.most.get(*row),
                _ => problem.least.get(*row),
            };
            let side = if problem.equal.get(*row) == Some(&true) { Side::Equal } else { *side };
            let known =
                bound.is_some_and(Option::is_some) && (side == Side::Equal) == problem.equal[*row];
            if known && !std::mem::replace(&mut tight[*row], true) {
                working.rows.push((*row, side));
            }
        }
        working.rows.sort_by_key(|(row, side)| (*side != Side::Equal, *row));
        working
    }

    /// The same, with columns that stand as they do.
    pub(crate) fn firm(problem: &'a Problem<S>, start: &ActiveSet) -> Self {
        Self { firm: true, ..Self::new(problem, start) }
    }

    /// Goes on where an earlier one ended, over a problem with the same columns: bounds of rows may be others.
    pub(crate) fn resumed(problem: &'a Problem<S>, (rows, formed): Kept<S>) -> Self {
        Self { problem, rows, formed, firm: true }
    }

    /// What another one may go on from.
    pub(crate) fn kept(self) -> Kept<S> {
        (self.rows, self.formed)
    }

    /// The columns that the method may fix and free.
    pub(crate) fn loose(&self) -> std::ops::Range<usize> {
        0..if self.firm { 0 } else { self.problem.columns() }
    }

    /// The side that a column is fixed at; `None` where it is free.
    pub(crate) fn fixed(&self, column: usize) -> Option<Side> {
        self.formed.fixed[column]
    }

    /// Fixes a free column at a bound, frees a fixed one, or moves it to its other bound.
    pub(crate) fn set(&mut self, column: usize, side: Option<Side>) {
        self.formed.set(self.problem, column, side);
    }

    /// `sum w a_i a_j` over the free columns.
    pub(crate) fn gram(&self, i: usize, j: usize) -> &S {
        self.formed.gram(i, j)
    }

    /// The level of a row where no row pushes.
    pub(crate) fn rest(&self, row: usize) -> &S {
        self.formed.rest(row)
    }

    /// Solves the tight rows for several right sides; dependent rows leave the set.
    pub(crate) fn solve(&mut self, right: &[Vec<S>]) -> Vec<Vec<S>> {
        let places: Vec<usize> = self.rows.iter().map(|(row, _)| *row).collect();
        let solution = self.formed.solve(&places, right);
        if solution.kept.iter().all(|kept| *kept) {
            return solution.values;
        }
        let keep = |place: usize| solution.kept[place];
        let mut place = 0;
        self.rows.retain(|_| {
            place += 1;
            keep(place - 1)
        });
        let strip = |values: Vec<S>| {
            values
                .into_iter()
                .enumerate()
                .filter(|(place, _)| keep(*place))
                .map(|(_, v)| v)
                .collect()
        };
        solution.values.into_iter().map(strip).collect()
    }

    /// What each tight row still lacks where no row pushes.
    pub(crate) fn lacks(&self) -> Vec<S> {
        let lack =
            |(row, side): &(usize, Side)| self.problem.target(*row, *side).minus(self.rest(*row));
        self.rows.iter().map(lack).collect()
    }

    /// The values of the tight rows, spread over all rows.
    pub(crate) fn spread(&self, values: &[S]) -> Vec<S> {
        let mut y = vec![S::zero(); self.problem.rows];
        for ((row, _), value) in self.rows.iter().zip(values) {
            y[*row] = value.clone();
        }
        y
    }

    /// Drops what pushes the wrong way until nothing does: the set and its multipliers then solve
    /// the problem that has these rows and columns alone.
    pub(crate) fn settle(&mut self) -> Pair<S> {
        loop {
            let values = self.solve(&[self.lacks()]);
            let values = values.into_iter().next().unwrap_or_default();
            let y = self.spread(&values);
            let wrong = |side: Side, value: &S, size: f64| match side {
                Side::Lower => S::zero().minus(value).above(size),
                Side::Upper => value.above(size),
                Side::Equal => false,
            };
            let before = self.rows.len();
            self.rows.retain(|(row, side)| !wrong(*side, &y[*row], 1e-3));
            let mut changed = self.rows.len() != before;
            let floats: Vec<f64> = y.iter().map(S::float).collect();
            for column in self.loose() {
                let Some(side @ (Side::Lower | Side::Upper)) = self.fixed(column) else {
                    continue;
                };
                let (push, error) = self.push_float(column, &floats);
                let right = if side == Side::Lower { push > error } else { push < -error };
                if !right && wrong(side, &self.push(column, &y), 1e-3) {
                    self.set(column, None);
                    changed = true;
                }
            }
            if !changed {
                return Pair { y };
            }
        }
    }

    /// The multiplier of a fixed column: `(bound - baseline) / weight - sum a_i y_i`.
    pub(crate) fn push(&self, column: usize, y: &[S]) -> S {
        let Some(side) = self.fixed(column) else {
            return S::zero();
        };
        if !self.problem.moves[column] {
            return S::zero();
        }
        let step = self.problem.bound(column, side).minus(&self.problem.baseline[column]);
        step.over(&self.problem.weight[column]).minus(&self.problem.pull(column, y))
    }

    fn push_float(&self, column: usize, y: &[f64]) -> (f64, f64) {
        let Some(side) = self.fixed(column) else {
            return (0.0, 0.0);
        };
        let (pull, error) = self.problem.pull_float(column, y);
        let bound = self.problem.bound(column, side).float();
        let baseline = self.problem.baseline[column].float();
        let weight = self.problem.weight[column].float();
        let size = (bound.abs() + baseline.abs()) / weight;
        ((bound - baseline) / weight - pull, error + 1e-13 * size)
    }

    /// The amount of a column under `y`.
    pub(crate) fn amount(&self, column: usize, y: &[S]) -> S {
        match self.fixed(column) {
            Some(side) => self.problem.bound(column, side).clone(),
            None if !self.problem.moves[column] => self.problem.baseline[column].clone(),
            None => self.problem.baseline[column]
                .plus(&self.problem.weight[column].times(&self.problem.pull(column, y))),
        }
    }

    /// The set as a start for another solve.
    pub(crate) fn active(&self) -> ActiveSet {
        let columns = self.formed.fixed.iter().enumerate();
        let mut rows = self.rows.clone();
        rows.sort_unstable();
        ActiveSet {
            rows,
            columns: columns.filter_map(|(c, side)| side.map(|side| (c, side))).collect(),
            ..ActiveSet::default()
        }
    }
}
