//! What a working set leaves of a form: nothing but right sides, where the form depends on tight
//! rows.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::enclosed::Enclosed;
use super::face::Straight;
use super::line::Line;
use super::patch::{lacking, multipliers};
use super::twofold::{Fine, Growing, Two};
use crate::solve::problem::Side;
use crate::solve::verified::Set;
use crate::units::Amount;

/// A working set with the multipliers of its rows in twice the digits of a float.
pub(super) struct Lean<'a> {
    pub(super) straight: &'a Straight,
    pub(super) set: &'a Set<'a>,
    inputs: usize,
    /// Of each tight row, in the order of the set.
    pub(super) pushes: Vec<Fine>,
    /// `None` where the multipliers had to be found exactly.
    enclosed: Option<Enclosed>,
    /// The side of each tight row.
    tight: Vec<Option<Side>>,
}

/// Which form is meant, among those of one programme.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// A row of the programme.
    Row(usize),
    /// A form of convex rows or of turnovers.
    Form(usize),
    /// The slack of a reading, with the signs of the net changes in it.
    Slack(usize, Vec<i8>),
    /// A net change in the slack of a reading.
    Change(usize, usize),
    /// One column.
    Column(usize),
}

/// A form as a sum of multiples of rows, and of what is left in some columns. It is an identity:
/// where those rows are tight and those columns fixed, the form is what their bounds say.
pub(super) struct Depends {
    rows: Vec<(usize, Amount)>,
    left: Vec<(usize, Amount)>,
}

/// The dependencies that were found in one programme.
pub(super) type Known = HashMap<Key, Vec<Arc<Depends>>>;

/// A form: columns with their coefficients.
pub(super) type Terms<'a> = &'a [(usize, Amount)];

impl<'a> Lean<'a> {
    /// `None` where rows depend on each other.
    pub(super) fn new(straight: &'a Straight, set: &'a Set<'a>, inputs: usize) -> Option<Self> {
        let sides = lacking(straight, set, inputs);
        let sides: Vec<&[Amount]> = sides.iter().map(Vec::as_slice).collect();
        let enclosed = Enclosed::new(set, &sides);
        let pushes = match &enclosed {
            Some(enclosed) => enclosed.pushes.clone(),
            None => exactly(set, &multipliers(straight, set, inputs)?),
        };
        let mut tight = vec![None; straight.rows.len()];
        for (row, side) in set.rows() {
            tight[*row] = Some(*side);
        }
        Some(Self { straight, set, inputs, pushes, enclosed, tight })
    }

    /// Whether a row is tight.
    pub(super) fn is_tight(&self, row: usize) -> bool {
        self.tight[row].is_some()
    }

    /// A form as an exact function of the inputs, where it depends on tight rows and fixed columns
    /// alone.
    pub(super) fn told(&self, key: &Key, terms: Terms<'_>) -> Option<Line> {
        let mut known = self.straight.known.lock().ok()?;
        let own = known.entry(key.clone()).or_default();
        if let Some(depends) = own.iter().find(|depends| self.has(depends)) {
            return Some(self.line(depends));
        }
        let depends = Arc::new(self.depends(terms)?);
        own.push(Arc::clone(&depends));
        Some(self.line(&depends))
    }

    fn has(&self, depends: &Depends) -> bool {
        depends.rows.iter().all(|(row, _)| self.tight[*row].is_some())
            && depends.left.iter().all(|(column, _)| !self.set.is_free(*column))
    }

    fn line(&self, depends: &Depends) -> Line {
        let left = depends.left.iter().map(|(column, own)| own * self.set.rest(*column));
        let mut line = Line::new(left.sum(), vec![Amount::ZERO; self.inputs]);
        for (row, factor) in &depends.rows {
            let upper = self.tight[*row] == Some(Side::Upper);
            let Some(bound) = self.straight.bound(*row, upper) else { continue };
            line.at += &(factor * &bound.at);
            for (rate, more) in line.rates.iter_mut().zip(&bound.rates) {
                if !more.is_zero() {
                    *rate += &(factor * more);
                }
            }
        }
        line
    }

    /// The multiples of tight rows that a form is on the free columns: guessed in floats as the nearest
    /// ones, and then taken off exactly.
    fn depends(&self, terms: Terms<'_>) -> Option<Depends> {
        let problem = &self.straight.problem;
        let mut places = vec![usize::MAX; self.tight.len()];
        for (place, (row, _)) in self.set.rows().iter().enumerate() {
            places[*row] = place;
        }
        let mut gains = vec![Two::default(); self.pushes.len()];
        for (column, own) in terms.iter().filter(|(column, _)| self.set.is_free(*column)) {
            let pull = Two::near(own).times(Two::near(&problem.weight[*column]));
            for (row, value) in problem.column(*column) {
                if let Some(gain) = gains.get_mut(places[row]) {
                    *gain = gain.plus(Two::near(value).times(pull));
                }
            }
        }
        let about = self.enclosed.as_ref()?.about(&gains);
        let mut left: BTreeMap<usize, Amount> = BTreeMap::new();
        for (column, own) in terms {
            *left.entry(*column).or_default() += own;
        }
        let mut rows = Vec::new();
        for ((row, _), about) in self.set.rows().iter().zip(about) {
            let factor = simple(about)?;
            if factor.is_zero() {
                continue;
            }
            for (column, value) in self.straight.rows[*row].parts.terms().iter() {
                *left.entry(*column).or_default() -= &(&factor * value);
            }
            rows.push((*row, factor));
        }
        let left: Vec<(usize, Amount)> =
            left.into_iter().filter(|(_, own)| !own.is_zero()).collect();
        let found = Depends { rows, left };
        self.has(&found).then_some(found)
    }

    /// The amount of each column.
    pub(super) fn amounts(&self) -> Vec<Fine> {
        let problem = &self.straight.problem;
        let mut pushes: Vec<Option<&Fine>> = vec![None; self.tight.len()];
        for ((row, _), push) in self.set.rows().iter().zip(&self.pushes) {
            pushes[*row] = Some(push);
        }
        let amount = |column: usize| {
            let mut sum = Growing::new(self.inputs);
            sum.constant(Two::near(self.set.rest(column)));
            if self.set.is_free(column) {
                let weight = Two::near(&problem.weight[column]);
                for (row, value) in problem.column(column) {
                    if let Some(push) = pushes[row] {
                        sum.add(Two::near(value).times(weight), push);
                    }
                }
            }
            sum.done()
        };
        (0..problem.columns()).map(amount).collect()
    }
}

/// Exact multipliers in twice the digits of a float.
fn exactly(set: &Set<'_>, multipliers: &[Vec<Amount>]) -> Vec<Fine> {
    let own = |(row, _): &(usize, Side)| Fine::near(multipliers.iter().map(|values| &values[*row]));
    set.rows().iter().map(own).collect()
}

/// The simplest fraction that a float may stand for, by continued fractions; `None` where there is no
/// simple one.
#[expect(clippy::cast_possible_truncation, reason = "terms are below what a word holds")]
fn simple(value: f64) -> Option<Amount> {
    const NEAR: f64 = 1e-13;
    /// Fractions with larger parts lie nearer to each other than that.
    const MOST: f64 = 1e12;
    if value < 0.0 {
        return simple(-value).map(|own| -own);
    }
    let near = NEAR * value;
    let (mut before, mut now) = ((0.0, 1.0), (1.0, 0.0));
    let mut rest = value;
    for _ in 0..40 {
        let term = rest.floor();
        let next: (f64, f64) = (term * now.0 + before.0, term * now.1 + before.1);
        (before, now) = (now, next);
        if now.0 * now.1 > MOST {
            return None;
        }
        if (now.0 / now.1 - value).abs() <= near {
            return Some(Amount::ratio(now.0 as i64, now.1 as i64));
        }
        rest = 1.0 / (rest - term);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simple_fractions_are_found() {
        for (over, under) in
            [(0, 1), (1, 3), (-7, 8), (1001, 400), (-3, 1), (123, 9973), (-1, 819_195_000)]
        {
            let exact = Amount::ratio(over, under);
            assert_eq!(simple(exact.to_f64()), Some(exact));
        }
        assert_eq!(simple(std::f64::consts::PI), None);
        assert_eq!(simple(f64::NAN), None);
    }
}
