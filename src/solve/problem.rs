//! A programme by columns, in floats or in rationals.

use std::sync::Arc;

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::One;

use super::calibrate::Nearest;
use super::field::Field;
use super::live::Basis;
use super::lumps::Covering;
use super::names::Names;
use crate::formulate::Program;
use crate::units::Amount;

/// Where a row or a column stands while the method runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Side {
    Lower,
    Upper,
    /// Both bounds are one: it may push either way, and is never dropped.
    Equal,
}

/// The rows and columns that an answer leans on, and the multipliers that proved its stages. Any
/// set is a valid start for a solve.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActiveSet {
    pub(crate) rows: Vec<(usize, Side)>,
    pub(crate) columns: Vec<(usize, Side)>,
    /// What is known of each linear programme of the stages, in order.
    pub(crate) stages: Vec<Known>,
    /// The rows after those of the programme: the convex row that each supports, and at which
    /// amounts.
    pub(crate) cuts: Vec<(usize, Arc<[Amount]>)>,
    /// How lines of all or nothing were decided.
    pub(crate) lumps: Option<Arc<Covering>>,
    /// The programme has moved since: what it leans on is more likely another set than this one.
    pub(crate) moved: bool,
    /// One of many solves on all cores, none of which states its proof: nothing is to be done beside it, and
    /// whatever amounts reach the value of a stage will do.
    pub(crate) crowded: bool,
    /// What the rows of the formulation stood for, in their order.
    pub(crate) names: Names,
}

impl ActiveSet {
    /// What it says to a plan in which a bound has moved.
    #[must_use]
    pub(crate) fn moved(&self) -> Self {
        let known = |own: &Known| {
            let moved = |own: &Witness| Witness { active: own.active.moved(), ..own.clone() };
            Known { witness: own.witness.as_deref().map(moved).map(Box::new), ..own.clone() }
        };
        Self { stages: self.stages.iter().map(known).collect(), moved: true, ..self.clone() }
    }

    /// The same for one of many solves on all cores, none of which states its proof.
    #[must_use]
    pub(crate) fn crowded(self) -> Self {
        Self { crowded: true, ..self }
    }

    /// What it says to a plan in which a soft limit asks for nothing any more: multipliers of stages are
    /// looked for anew.
    #[must_use]
    pub(crate) fn loosened(&self) -> Self {
        let mut loosened = self.moved();
        loosened.stages.iter_mut().for_each(|own| own.stale = true);
        loosened
    }

    /// What it says to a plan whose rows are others: how lines of all or nothing were decided.
    #[must_use]
    pub fn elsewhere(&self) -> Self {
        let lumps = self.lumps.as_ref().map(|own| Arc::new(own.bare()));
        Self { lumps, ..Self::default() }
    }
}

/// What is known of a linear programme that was solved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Known {
    /// The multipliers of its rows other than zero.
    pub(crate) rows: Vec<(usize, Amount)>,
    /// The rows say nothing any more.
    pub(crate) stale: bool,
    /// Where a solver ended that proposed them.
    pub(crate) basis: Option<Basis>,
    /// Amounts that reach its value, where later stages may give up some of it.
    pub(crate) witness: Option<Box<Witness>>,
}

/// Amounts that reach the value of a linear programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Witness {
    /// What they lean on.
    pub(crate) active: ActiveSet,
    /// The amount of each column, in plan units.
    pub(crate) amounts: Arc<[Amount]>,
}

impl From<Nearest> for Witness {
    fn from(nearest: Nearest) -> Self {
        Self { active: nearest.active, amounts: nearest.amounts.into() }
    }
}

/// A programme by columns.
#[derive(Clone)]
pub(crate) struct Problem<S> {
    pub(crate) rows: usize,
    pub(crate) baseline: Vec<S>,
    pub(crate) weight: Vec<S>,
    /// Whether the weight is above zero.
    pub(crate) moves: Vec<bool>,
    pub(crate) lower: Vec<Option<S>>,
    pub(crate) upper: Vec<Option<S>>,
    /// Whether both bounds of the column are one.
    pub(crate) pinned: Vec<bool>,
    start: Vec<u32>,
    row: Vec<u32>,
    value: Vec<S>,
    pub(crate) least: Vec<Option<S>>,
    pub(crate) most: Vec<Option<S>>,
    /// Whether both bounds of the row are one.
    pub(crate) equal: Vec<bool>,
    /// The size of the figures of each row, to judge rounding by.
    pub(crate) size: Vec<f64>,
}

impl<S: Field> Problem<S> {
    /// Turns the rows of `program` into columns.
    pub(crate) fn new(program: &Program) -> Self {
        let count = program.columns.len();
        let mut start = vec![0_u32; count + 1];
        for (column, _) in program.rows.iter().flat_map(|row| row.parts.terms().iter()) {
            start[column + 1] += 1;
        }
        for column in 0..count {
            start[column + 1] += start[column];
        }
        let entries = start[count] as usize;
        let (mut next, mut rows) = (start.clone(), vec![0_u32; entries]);
        let mut values: Vec<S> = vec![S::zero(); entries];
        for (row, own) in program.rows.iter().enumerate() {
            for (column, value) in own.parts.terms().iter() {
                let place = next[*column] as usize;
                rows[place] = u32::try_from(row).unwrap_or(u32::MAX);
                values[place] = S::of(value);
                next[*column] += 1;
            }
        }
        let mut problem = Self {
            rows: program.rows.len(),
            baseline: program.columns.iter().map(|c| S::of(&c.baseline)).collect(),
            weight: program.columns.iter().map(|c| S::of(&c.weight)).collect(),
            moves: program.columns.iter().map(|c| c.weight.is_positive()).collect(),
            lower: program.columns.iter().map(|c| c.lower.as_ref().map(S::of)).collect(),
            upper: program.columns.iter().map(|c| c.upper.as_ref().map(S::of)).collect(),
            pinned: program
                .columns
                .iter()
                .map(|c| c.lower.is_some() && c.lower == c.upper)
                .collect(),
            start,
            row: rows,
            value: values,
            least: program.rows.iter().map(|r| r.lower.as_ref().map(S::of)).collect(),
            most: program.rows.iter().map(|r| r.upper.as_ref().map(S::of)).collect(),
            equal: program.rows.iter().map(|r| r.lower.is_some() && r.lower == r.upper).collect(),
            size: vec![0.0; program.rows.len()],
        };
        for column in 0..count {
            let weight = problem.weight[column].float() + problem.baseline[column].float().abs();
            for place in problem.start[column] as usize..problem.start[column + 1] as usize {
                let row = problem.row[place] as usize;
                problem.size[row] += problem.value[place].float().abs() * weight;
            }
        }
        for size in &mut problem.size {
            *size = size.max(1e-9);
        }
        problem
    }

    /// The number of columns.
    pub(crate) fn columns(&self) -> usize {
        self.baseline.len()
    }

    /// The rows that a column is in, with its coefficients.
    pub(crate) fn column(&self, column: usize) -> impl Iterator<Item = (usize, &S)> + Clone {
        let (rows, values) = self.entries(column);
        rows.iter().map(|row| *row as usize).zip(values)
    }

    /// The rows that a column is in, ascending, and its coefficients there.
    pub(crate) fn entries(&self, column: usize) -> (&[u32], &[S]) {
        let range = self.start[column] as usize..self.start[column + 1] as usize;
        (&self.row[range.clone()], &self.value[range])
    }

    /// All coefficients.
    pub(crate) fn values(&self) -> &[S] {
        &self.value
    }

    /// The bound of a column on one side.
    ///
    /// # Panics
    ///
    /// If the column has none there: a side is only ever given to a bound that exists.
    pub(crate) fn bound(&self, column: usize, side: Side) -> &S {
        let bound = if side == Side::Upper { &self.upper } else { &self.lower };
        bound[column].as_ref().expect("a side is given to a bound that exists")
    }

    /// The bound of a row on one side.
    ///
    /// # Panics
    ///
    /// If the row has none there: a side is only ever given to a bound that exists.
    pub(crate) fn target(&self, row: usize, side: Side) -> &S {
        let bound = if side == Side::Upper { &self.most } else { &self.least };
        bound[row].as_ref().expect("a side is given to a bound that exists")
    }

    /// `sum a_i y_i` over the rows of a column.
    pub(crate) fn pull(&self, column: usize, y: &[S]) -> S {
        let mut sum = S::zero();
        for (row, value) in self.column(column) {
            sum = sum.plus(&value.times(&y[row]));
        }
        sum
    }

    /// `sum a_i y_i` in floats, and a bound on its error.
    pub(crate) fn pull_float(&self, column: usize, y: &[f64]) -> (f64, f64) {
        let mut sum = 0.0;
        let mut size = 0.0;
        for (row, value) in self.column(column) {
            let term = value.float() * y[row];
            sum += term;
            size += term.abs();
        }
        (sum, size * 1e-14)
    }
}

impl Problem<Amount> {
    /// The same in floats.
    pub(crate) fn floats(&self) -> Problem<f64> {
        let all = |values: &[Amount]| values.iter().map(Amount::to_f64).collect();
        let bounds = |values: &[Option<Amount>]| -> Vec<Option<f64>> {
            values.iter().map(|value| value.as_ref().map(Amount::to_f64)).collect()
        };
        Problem {
            rows: self.rows,
            baseline: all(&self.baseline),
            weight: all(&self.weight),
            moves: self.moves.clone(),
            lower: bounds(&self.lower),
            upper: bounds(&self.upper),
            pinned: self.pinned.clone(),
            start: self.start.clone(),
            row: self.row.clone(),
            value: all(&self.value),
            least: bounds(&self.least),
            most: bounds(&self.most),
            equal: self.equal.clone(),
            size: self.size.clone(),
        }
    }

    /// A common denominator of all coefficients, weights, baselines and bounds of columns; one where
    /// there is none of a machine word.
    pub(crate) fn denominator(&self) -> BigInt {
        let bounds = self.lower.iter().chain(&self.upper).flatten();
        let levels = self.baseline.iter().chain(&self.weight).chain(bounds);
        let mut common = 1_i64;
        for value in self.value.iter().chain(levels) {
            let Some((_, under)) = value.words() else { return BigInt::one() };
            if common % under != 0 {
                match (common / common.gcd(&under)).checked_mul(under) {
                    Some(next) => common = next,
                    None => return BigInt::one(),
                }
            }
        }
        // A weight and a coefficient may both leave their denominators in an amount.
        BigInt::from(common) * common
    }
}
