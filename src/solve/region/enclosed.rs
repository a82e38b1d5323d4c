//! Multipliers in twice the digits of a float, with a bound on their error that is proven.

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

use super::twofold::{Fine, TWOFOLD, Two};
use crate::solve::verified::Set;
use crate::units::Amount;

/// What the rows of a working set push with, as functions of the inputs.
///
/// The Gram matrix of the tight rows is scaled to a diagonal about one. That its least eigenvalue is
/// above a bound is proven by a Cholesky factorisation in floats that runs to its end (Rump 2006):
/// rows then do not depend on each other, and no solution lies further from a refined one than what
/// is left over divided by that bound.
pub(super) struct Enclosed {
    /// Of each tight row, in the order of the set.
    pub(super) pushes: Vec<Fine>,
    factor: Cholesky<f64, Dyn>,
    system: System,
    /// What the matrix was multiplied by.
    times: f64,
}

/// The most steps of refinement.
const STEPS: usize = 8;
/// How far below the estimate the bound on the least eigenvalue is looked for, at each attempt.
const BELOW: [f64; 4] = [0.5, 0.1, 1e-2, 1e-4];

impl Enclosed {
    /// Solves for what the tight rows lack at the base, then for how that changes with one more of each
    /// input; `None` where floats do not tell whether rows depend on each other.
    pub(super) fn new(set: &Set<'_>, sides: &[&[Amount]]) -> Option<Self> {
        let (words, times) = set.matrix()?;
        let system = System::new(&words)?;
        let factor = system.matrix.clone().cholesky()?;
        let least = system.least(&factor)?;
        let solved = |side: &&[Amount]| {
            let pairs = side.iter().zip(&system.scales);
            let right: Vec<Two> =
                pairs.map(|(lack, scale)| scaled(Two::near(&(lack * &times)), *scale)).collect();
            system.refined(&factor, &right, least)
        };
        let solved: Vec<(Vec<Two>, f64)> = sides.iter().map(solved).collect::<Option<_>>()?;
        let push = |(place, scale): (usize, &f64)| {
            let part =
                |(values, off): &(Vec<Two>, f64)| (scaled(values[place], *scale), off * scale);
            Fine::new(solved.iter().map(part).collect())
        };
        let pushes = system.scales.iter().enumerate().map(push).collect();
        Some(Self { pushes, factor, times: times.nearest_f64(), system })
    }

    /// About what multiplies the tight rows so that they gain these amounts.
    pub(super) fn about(&self, gains: &[Two]) -> Vec<f64> {
        /// What is smaller than this part of the largest multiple is nothing.
        const NOTHING: f64 = 1e-12;
        let scales = &self.system.scales;
        let times = Two::of(self.times);
        let pairs = gains.iter().zip(scales);
        let right: Vec<Two> = pairs.map(|(own, scale)| scaled(own.times(times), *scale)).collect();
        let mut found = vec![Two::default(); right.len()];
        for _ in 0..STEPS {
            let (rest, _) = self.system.rest(&right, &found);
            step(&self.factor, &rest, &mut found);
        }
        let most = found.iter().fold(0.0_f64, |most, own| most.max(own.size())) * NOTHING;
        let own =
            |(own, scale): (&Two, &f64)| if own.size() > most { own.high * scale } else { 0.0 };
        found.iter().zip(scales).map(own).collect()
    }
}

/// Adds what a factorisation says of the rest.
fn step(factor: &Cholesky<f64, Dyn>, rest: &[Two], found: &mut [Two]) {
    let highs = DVector::from_iterator(rest.len(), rest.iter().map(|own| own.high));
    for (own, more) in found.iter_mut().zip(factor.solve(&highs).iter()) {
        *own = own.plus(Two::of(*more));
    }
}

/// A number times a power of two.
fn scaled(value: Two, scale: f64) -> Two {
    Two { high: value.high * scale, low: value.low * scale }
}

/// A symmetric matrix with a diagonal about one.
struct System {
    matrix: DMatrix<f64>,
    /// Its entries other than zero, row by row.
    rows: Vec<Vec<(usize, Two)>>,
    scales: Vec<f64>,
}

impl System {
    fn new(words: &[Vec<i128>]) -> Option<Self> {
        let scale = |(place, row): (usize, &Vec<i128>)| {
            let own = row[place];
            (own > 0).then(|| 2.0_f64.powi(-i32::try_from(own.ilog2() / 2).unwrap_or(0)))
        };
        let scales: Vec<f64> = words.iter().enumerate().map(scale).collect::<Option<_>>()?;
        let entry = |(column, word): (usize, &i128), scale: f64| {
            Some((column, scaled(scaled(Two::word(*word)?, scale), scales[column])))
        };
        let row = |(row, scale): (&Vec<i128>, &f64)| {
            let own = row.iter().enumerate().filter(|(_, word)| **word != 0);
            own.map(|pair| entry(pair, *scale)).collect::<Option<Vec<_>>>()
        };
        let rows: Vec<Vec<(usize, Two)>> =
            words.iter().zip(&scales).map(row).collect::<Option<_>>()?;
        let mut matrix = DMatrix::zeros(rows.len(), rows.len());
        for (place, row) in rows.iter().enumerate() {
            for (column, own) in row {
                matrix[(place, *column)] = own.high;
            }
        }
        Some(Self { matrix, rows, scales })
    }

    /// A number that the least eigenvalue is not below.
    fn least(&self, factor: &Cholesky<f64, Dyn>) -> Option<f64> {
        let size = self.scales.len();
        if size == 0 {
            return Some(1.0);
        }
        let trace = self.matrix.trace();
        // What the factorisation, the entries and the shift are rounded by.
        let lost = trace * (size as f64 + 8.0) * f64::EPSILON * 2.0;
        let estimate = estimate(factor, size);
        BELOW.iter().map(|part| estimate * part).take_while(|shift| *shift > lost * 2.0).find_map(
            |shift| {
                let mut shifted = self.matrix.clone();
                for place in 0..size {
                    shifted[(place, place)] -= shift;
                }
                shifted.cholesky().map(|_| shift - lost)
            },
        )
    }

    /// A solution, and by how much any of its numbers may be off.
    fn refined(
        &self,
        factor: &Cholesky<f64, Dyn>,
        right: &[Two],
        least: f64,
    ) -> Option<(Vec<Two>, f64)> {
        let mut found = vec![Two::default(); right.len()];
        let (mut rest, mut sizes) = self.rest(right, &found);
        let mut size = norm(&rest, &sizes);
        let mut best = (found.clone(), size);
        for _ in 0..STEPS {
            if rest.iter().all(|own| own.high == 0.0) {
                break;
            }
            step(factor, &rest, &mut found);
            (rest, sizes) = self.rest(right, &found);
            let next = norm(&rest, &sizes);
            if next < best.1 {
                best = (found.clone(), next);
            }
            if next > size * 0.25 {
                break;
            }
            size = next;
        }
        let off = best.1 / least * (1.0 + 1e-9);
        off.is_finite().then_some((best.0, off))
    }

    /// What the rows lack, and the sizes of what was added up for it.
    fn rest(&self, right: &[Two], found: &[Two]) -> (Vec<Two>, Vec<f64>) {
        let row = |(row, right): (&Vec<(usize, Two)>, &Two)| {
            let (mut rest, mut size) = (*right, right.size());
            for (column, own) in row {
                let term = own.times(found[*column]);
                rest = rest.plus(term.minus());
                size += term.size();
            }
            (rest, size)
        };
        self.rows.iter().zip(right).map(row).unzip()
    }
}

/// A number that the rest is not longer than, its rounding with it.
fn norm(rest: &[Two], sizes: &[f64]) -> f64 {
    let part = (rest.len() as f64 + 4.0) * TWOFOLD * 2.0;
    let sum: f64 =
        rest.iter().zip(sizes).map(|(own, size)| (own.size() + size * part).powi(2)).sum();
    sum.sqrt() * (1.0 + 1e-9)
}

/// About the least eigenvalue, by inverse iteration.
fn estimate(factor: &Cholesky<f64, Dyn>, size: usize) -> f64 {
    let mut vector = DVector::from_iterator(size, (0..size).map(|place| 1.0 + (place % 3) as f64));
    let mut length = vector.norm();
    for _ in 0..4 {
        vector /= length;
        vector = factor.solve(&vector);
        length = vector.norm();
    }
    1.0 / length
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The Hilbert matrix of order 7 in whole numbers: its least eigenvalue is 3.5e-9 parts of its
    /// greatest.
    #[test]
    fn a_solution_lies_within_what_it_may_be_off() {
        let words: Vec<Vec<i128>> =
            (0..7).map(|i| (0..7).map(|j| 360_360 / (i + j + 1)).collect()).collect();
        let system = System::new(&words).expect("a matrix");
        let factor = system.matrix.clone().cholesky().expect("definite");
        let least = system.least(&factor).expect("a bound");
        // The right side of the solution 1, 2, 3 …
        let right: Vec<Two> = (words.iter().zip(&system.scales))
            .map(|(row, scale)| {
                let sum = row.iter().zip(1..).map(|(own, x)| own * x).sum();
                scaled(Two::word(sum).expect("few digits"), *scale)
            })
            .collect();
        let (found, off) = system.refined(&factor, &right, least).expect("solved");
        for ((own, scale), x) in found.iter().zip(&system.scales).zip(1..) {
            let own = scaled(*own, *scale);
            let lacks = (own.high - f64::from(x)) + own.low;
            assert!(lacks.abs() <= off * scale, "{lacks:e} {off:e}");
        }
        assert!(off < 1e-15, "{off:e}");
    }

    #[test]
    fn rows_that_depend_on_each_other_have_no_bound() {
        let words = [vec![4, 2], vec![2, 1]];
        let system = System::new(&words).expect("a matrix");
        let bound = system.matrix.clone().cholesky().and_then(|factor| system.least(&factor));
        assert_eq!(bound, None);
    }
}
