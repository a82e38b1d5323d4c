//! Affine functions of the inputs, exact, and their values as the nearest floats.

use super::twofold::is_nearest;
use crate::units::Amount;

/// An affine function of the inputs: its value at the base, and its change for one more of each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The value at the base.
    pub at: Amount,
    /// The change for one more of each input.
    pub rates: Vec<Amount>,
}

/// The most inputs that a region may have.
pub const MOST_INPUTS: usize = 8;

/// Inputs, as they stand.
#[derive(Debug, Clone)]
pub struct Point {
    inputs: Vec<Amount>,
    /// The inputs as floats, where each is one exactly and so are their differences.
    floats: Option<[f64; MOST_INPUTS]>,
}

impl Point {
    /// The point where the inputs have these values.
    pub fn new(inputs: Vec<Amount>) -> Self {
        /// Differences of whole floats up to here are exact.
        const EXACT: i64 = 1 << 52;
        let mut floats = [0.0; MOST_INPUTS];
        let exact = floats.iter_mut().zip(&inputs).all(|(own, input)| {
            let whole = input.words().filter(|(over, under)| *under == 1 && over.abs() < EXACT);
            if let Some((over, _)) = whole {
                *own = over as f64;
            }
            whole.is_some()
        });
        let floats = (exact && inputs.len() <= MOST_INPUTS).then_some(floats);
        Self { inputs, floats }
    }

    /// The values.
    pub fn inputs(&self) -> &[Amount] {
        &self.inputs
    }

    /// How far another point lies, in floats: the sum over the inputs.
    pub fn distance(&self, other: &Self) -> f64 {
        let pairs = self.inputs.iter().zip(&other.inputs);
        pairs.map(|(own, other)| (own.to_f64() - other.to_f64()).abs()).sum()
    }

    /// The point at a part of the way to another; `None` where the part is no number.
    pub fn toward(&self, other: &Self, part: f64) -> Option<Self> {
        let part = Amount::from_f64(part)?;
        let pairs = self.inputs.iter().zip(&other.inputs);
        Some(Self::new(pairs.map(|(own, other)| own + &(&part * &(other - own))).collect()))
    }
}

/// How far a point lies from the base of a region.
#[derive(Debug, Clone)]
pub struct Step<'a> {
    base: &'a [Amount],
    point: &'a [Amount],
    /// The difference of each input as a float, and what that float leaves out as another.
    floats: [(f64, f64); MOST_INPUTS],
}

impl<'a> Step<'a> {
    /// From `base` to `point`, which have as many inputs, at most [`MOST_INPUTS`].
    pub fn new(base: &'a Point, point: &'a Point) -> Self {
        let mut floats = [(0.0, 0.0); MOST_INPUTS];
        if let (Some(base), Some(point)) = (&base.floats, &point.floats) {
            for (own, (base, point)) in floats.iter_mut().zip(base.iter().zip(point)) {
                own.0 = point - base;
            }
        } else {
            let pairs = base.inputs.iter().zip(&point.inputs);
            for (own, (base, point)) in floats.iter_mut().zip(pairs) {
                *own = pair(&(point - base));
            }
        }
        Self { base: &base.inputs, point: &point.inputs, floats }
    }

    /// The differences as floats.
    pub(super) fn floats(&self) -> &[(f64, f64)] {
        &self.floats[..self.base.len().min(MOST_INPUTS)]
    }
}

impl Line {
    /// A function with these rates.
    pub fn new(at: Amount, rates: Vec<Amount>) -> Self {
        Self { at, rates }
    }

    /// Whether no input changes it.
    pub fn is_constant(&self) -> bool {
        self.rates.iter().all(Amount::is_zero)
    }

    /// The function with the other sign.
    #[must_use]
    pub fn negated(&self) -> Self {
        Self { at: -&self.at, rates: self.rates.iter().map(|rate| -rate).collect() }
    }

    /// The value where one input is one more; at the base where none is.
    pub fn raised(&self, input: Option<usize>) -> Amount {
        match input.and_then(|place| self.rates.get(place)) {
            Some(rate) => &self.at + rate,
            None => self.at.clone(),
        }
    }

    /// The value at a step from the base.
    pub fn value(&self, step: &Step<'_>) -> Amount {
        let steps = step.base.iter().zip(step.point).map(|(base, point)| point - base);
        let terms = self.rates.iter().zip(steps);
        let moving = terms.filter(|(rate, step)| !rate.is_zero() && !step.is_zero());
        &self.at + &moving.map(|(rate, step)| rate * &step).sum()
    }

    /// The sum of functions of the same inputs.
    pub fn sum<'a>(lines: impl Iterator<Item = &'a Self>, inputs: usize) -> Self {
        let zero = Self { at: Amount::ZERO, rates: vec![Amount::ZERO; inputs] };
        lines.fold(zero, |mut sum, line| {
            sum.at += &line.at;
            for (own, rate) in sum.rates.iter_mut().zip(&line.rates) {
                *own += rate;
            }
            sum
        })
    }
}

/// A function that is read often: each value is the float nearest to the exact one.
#[derive(Debug, Clone)]
pub struct Sum {
    line: Line,
    at: (f64, f64),
    rates: Vec<(f64, f64)>,
}

impl Sum {
    /// Prepares a function.
    pub fn new(line: Line) -> Self {
        let (at, rates) = (pair(&line.at), line.rates.iter().map(pair).collect());
        Self { line, at, rates }
    }

    /// The float nearest to the value at a step from the base.
    ///
    /// Sums of pairs of floats (Dekker 1971) hold twice the digits; where even those leave open
    /// which float is the nearest, the exact value decides.
    pub fn nearest(&self, step: &Step<'_>) -> f64 {
        let (mut high, mut low) = self.at;
        let mut size = high.abs();
        for (rate, by) in self.rates.iter().zip(step.floats()) {
            let product = rate.0 * by.0;
            let rest = rate.0.mul_add(by.0, -product) + (rate.0 * by.1 + rate.1 * by.0);
            size += product.abs();
            let sum = high + product;
            let back = sum - high;
            low += ((high - (sum - back)) + (product - back)) + rest;
            high = sum;
        }
        let value = high + low;
        let rest = low - (value - high);
        if value != 0.0 && is_nearest(value, rest, size * PAIR_ERROR) {
            return value;
        }
        self.line.value(step).nearest_f64()
    }
}

/// What a sum of pairs leaves out at most, as a part of the sizes of its terms.
const PAIR_ERROR: f64 = 1e-29;

/// The number as a float, and what that float leaves out as another.
fn pair(amount: &Amount) -> (f64, f64) {
    let high = amount.nearest_f64();
    let exact = Amount::from_f64(high);
    (high, exact.map_or(0.0, |exact| (amount - &exact).nearest_f64()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_the_float_nearest_to_the_exact_one() {
        for place in 1..2000_i64 {
            let rates = vec![Amount::ratio(place, 3 * 7919), Amount::ratio(-1, place)];
            let line = Line::new(Amount::ratio(1_000_003, place), rates);
            let base = Point::new(vec![Amount::ZERO, Amount::ZERO]);
            let at = Point::new(vec![Amount::whole(place * 37), Amount::ratio(place, 11)]);
            let step = Step::new(&base, &at);
            let exact = line.value(&step).nearest_f64();
            assert_eq!(Sum::new(line).nearest(&step).to_bits(), exact.to_bits(), "{place}");
        }
    }

    /// What cancels leaves the exact zero, and a hair of it leaves the hair.
    #[test]
    fn what_cancels_is_exact() {
        let third = Amount::ratio(1, 3);
        let line = Line::new(-&third, vec![third.clone()]);
        let base = Point::new(vec![Amount::ZERO]);
        let at = Point::new(vec![Amount::ONE]);
        let step = Step::new(&base, &at);
        assert_eq!(Sum::new(line.clone()).nearest(&step).to_bits(), 0.0_f64.to_bits());
        let small = Amount::ratio(1, 1_000_000_000_000_000_000);
        let hair = &Amount::ONE + &(&small * &small);
        let at = Point::new(vec![hair]);
        let step = Step::new(&base, &at);
        let exact = line.value(&step).nearest_f64();
        assert_eq!(Sum::new(line).nearest(&step).to_bits(), exact.to_bits());
    }
}
