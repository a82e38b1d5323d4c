//! A square matrix factored modulo a prime.

use super::padic::Whole;
use super::prime::{dot, inverse, minus, reduce, residue_of_words, times};

/// `matrix = lower * upper` modulo the prime, the columns in the order of their pivots.
pub(crate) struct Factor {
    /// For each row its multiples of earlier ones, negated.
    lower: Vec<Vec<u64>>,
    /// For each row what is right of its pivot, negated.
    upper: Vec<Vec<u64>>,
    /// The inverse of each pivot.
    pivot: Vec<u64>,
    /// The column of each pivot.
    order: Vec<usize>,
}

/// How many products may be added to a residue before it is reduced.
const AT_ONCE: usize = 31;

impl Factor {
    /// Factors `matrix`, row by row; `None` where it is singular modulo the prime.
    pub(crate) fn new<W: Whole>(matrix: &[Vec<W>]) -> Option<Self> {
        let size = matrix.len();
        let mut found = Self {
            lower: Vec::with_capacity(size),
            upper: Vec::with_capacity(size),
            pivot: Vec::with_capacity(size),
            order: (0..size).collect(),
        };
        for (place, row) in matrix.iter().enumerate() {
            let own: Vec<u64> =
                row.iter().map(|value| residue_of_words(value.size(), value.is_below())).collect();
            let mut sums: Vec<u128> = found.order.iter().map(|c| u128::from(own[*c])).collect();
            found.eliminate(&mut sums);
            let values: Vec<u64> = sums[place..].iter().map(|sum| reduce(*sum)).collect();
            let lead = values.iter().position(|value| *value != 0)?;
            found.push(values, lead);
        }
        Some(found)
    }

    /// Takes multiples of the earlier rows off, and notes them.
    fn eliminate(&mut self, sums: &mut [u128]) {
        let mut multiples = Vec::with_capacity(self.pivot.len());
        let mut pending = 0;
        for (place, (row, pivot)) in self.upper.iter().zip(&self.pivot).enumerate() {
            let value = reduce(sums[place]);
            if value == 0 {
                multiples.push(0);
                continue;
            }
            let factor = times(value, *pivot);
            // The rows are stored with their signs turned, so that what is taken off is added.
            for (sum, other) in sums[place + 1..].iter_mut().zip(row) {
                *sum += u128::from(factor) * u128::from(*other);
            }
            multiples.push(minus(factor));
            pending += 1;
            if pending == AT_ONCE {
                pending = 0;
                for sum in &mut sums[place + 1..] {
                    *sum = u128::from(reduce(*sum));
                }
            }
        }
        self.lower.push(multiples);
    }

    /// Adds a row, given from the place of its pivot on, with its pivot at `lead` of that.
    fn push(&mut self, mut values: Vec<u64>, lead: usize) {
        let place = self.pivot.len();
        if lead != 0 {
            values.swap(0, lead);
            self.order.swap(place, place + lead);
            for (row, own) in self.upper.iter_mut().enumerate() {
                let first = place - row - 1;
                own.swap(first, first + lead);
            }
        }
        self.pivot.push(inverse(values[0]));
        self.upper.push(values[1..].iter().map(|value| minus(*value)).collect());
    }

    /// The residues `x` with `matrix * x = right`.
    pub(crate) fn solve(&self, right: &[u64]) -> Vec<u64> {
        let size = self.pivot.len();
        let mut values: Vec<u64> = Vec::with_capacity(size);
        for (row, right) in self.lower.iter().zip(right) {
            values.push(dot(*right, row, &values));
        }
        for place in (0..size).rev() {
            let sum = dot(values[place], &self.upper[place], &values[place + 1..]);
            values[place] = times(sum, self.pivot[place]);
        }
        let mut solved = vec![0; size];
        for (column, value) in self.order.iter().zip(values) {
            solved[*column] = value;
        }
        solved
    }
}
