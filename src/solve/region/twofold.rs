//! Numbers of twice the digits of a float, and affine functions of the inputs in them, with what
//! they may be off.

use super::line::{Line, MOST_INPUTS, Step};
use crate::units::Amount;

/// The sum of two floats that do not overlap (Dekker 1971).
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Two {
    pub(super) high: f64,
    pub(super) low: f64,
}

/// What one operation leaves out at most, as a part of its result: twice the bound of Joldes,
/// Muller and Popescu (2017).
pub(super) const TWOFOLD: f64 = f64::EPSILON * f64::EPSILON * 4.0;

impl Two {
    /// One float.
    pub(super) fn of(high: f64) -> Self {
        Self { high, low: 0.0 }
    }

    /// The nearest to an exact number.
    pub(super) fn near(amount: &Amount) -> Self {
        let high = amount.nearest_f64();
        if let Some((over, 1)) = amount.words()
            && over.unsigned_abs() < 1 << 53
        {
            return Self::of(high);
        }
        let exact = Amount::from_f64(high);
        Self { high, low: exact.map_or(0.0, |exact| (amount - &exact).nearest_f64()) }
    }

    /// A whole number, exactly; `None` where it has more digits.
    #[expect(clippy::cast_possible_truncation, reason = "whole floats are whole numbers")]
    pub(super) fn word(value: i128) -> Option<Self> {
        const MOST: u128 = 1 << 120;
        let high = value as f64;
        let rest = value - if value.unsigned_abs() < MOST { high as i128 } else { return None };
        let low = rest as f64;
        (low as i128 == rest).then_some(Self { high, low })
    }

    pub(super) fn plus(self, other: Self) -> Self {
        let (sum, rest) = two_sum(self.high, other.high);
        let (lows, more) = two_sum(self.low, other.low);
        let (sum, rest) = fast_sum(sum, rest + lows);
        let (high, low) = fast_sum(sum, rest + more);
        Self { high, low }
    }

    pub(super) fn times(self, other: Self) -> Self {
        let product = self.high * other.high;
        let rest = self.high.mul_add(other.high, -product);
        let cross = self.low * other.low;
        let cross = self.high.mul_add(other.low, cross);
        let cross = self.low.mul_add(other.high, cross);
        let (high, low) = fast_sum(product, rest + cross);
        Self { high, low }
    }

    pub(super) fn minus(self) -> Self {
        Self { high: -self.high, low: -self.low }
    }

    pub(super) fn size(self) -> f64 {
        self.high.abs()
    }
}

/// Whether a float is the nearest to every number that lies `low` from it, but for `off`.
pub(super) fn is_nearest(high: f64, low: f64, off: f64) -> bool {
    let off = off * 2.0;
    let stays = |low: f64| (high + low).to_bits() == high.to_bits();
    stays(low + off) && stays(low - off)
}

/// The sum of two floats, and what it leaves out (Knuth 1969).
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let back = sum - a;
    (sum, (a - (sum - back)) + (b - back))
}

/// The same where the first is the larger one.
fn fast_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    (sum, b - (sum - a))
}

/// What a sum of so few pairs leaves out at most where their second parts are added as floats, as a
/// part of the sizes of its terms.
const PAIRS: f64 = 1e-29;

/// An affine function of a step: its value at the base and its rates, and what each may be off.
#[derive(Debug, Clone)]
pub(super) struct Fine {
    parts: Vec<(Two, f64)>,
}

impl Fine {
    /// The parts, and what each may be off.
    pub(super) fn new(parts: Vec<(Two, f64)>) -> Self {
        Self { parts }
    }

    /// A function that is known exactly.
    pub(super) fn of(line: &Line) -> Self {
        Self::near(std::iter::once(&line.at).chain(&line.rates))
    }

    /// The function of these parts, which are known exactly.
    pub(super) fn near<'a>(parts: impl Iterator<Item = &'a Amount>) -> Self {
        let part = |value: &Amount| {
            let two = Two::near(value);
            (two, two.size() * TWOFOLD)
        };
        Self { parts: parts.map(part).collect() }
    }

    /// The value at the base, then the rates; each with what it may be off.
    pub(super) fn parts(&self) -> &[(Two, f64)] {
        &self.parts
    }

    /// The value at a step, and what it may be off.
    pub(super) fn value(&self, step: &Step<'_>) -> (Two, f64) {
        let (mut value, mut off) = self.parts[0];
        let mut size = value.size();
        for ((rate, error), (by, less)) in self.parts[1..].iter().zip(step.floats()) {
            let term = rate.times(Two { high: *by, low: *less });
            value = value.plus(term);
            size += term.size();
            off += error * by.abs();
        }
        // What a step is off is below an operation's part of it.
        (value, off * (1.0 + 1e-9) + size * (TWOFOLD * 4.0 * (MOST_INPUTS as f64 + 2.0)))
    }

    /// The float nearest to the value at a step, where these digits tell.
    pub(super) fn nearest(&self, step: &Step<'_>) -> Option<f64> {
        let (start, mut off) = self.parts[0];
        let (mut high, mut low) = (start.high, start.low);
        let mut size = high.abs();
        for ((rate, error), (by, less)) in self.parts[1..].iter().zip(step.floats()) {
            let product = rate.high * by;
            let rest = rate.high.mul_add(*by, -product) + (rate.high * less + rate.low * by);
            let (sum, more) = two_sum(high, product);
            (high, low) = (sum, low + (more + rest));
            size += product.abs();
            off += error * by.abs();
        }
        let (value, rest) = two_sum(high, low);
        if size == 0.0 && off == 0.0 {
            return Some(0.0);
        }
        is_nearest(value, rest, off + size * PAIRS).then_some(value)
    }
}

/// A sum of multiples of functions while it grows.
pub(super) struct Growing {
    parts: Vec<(Two, f64)>,
    sizes: [f64; MOST_INPUTS + 1],
    terms: f64,
}

impl Growing {
    pub(super) fn new(inputs: usize) -> Self {
        let parts = vec![(Two::default(), 0.0); inputs + 1];
        Self { parts, sizes: [0.0; MOST_INPUTS + 1], terms: 0.0 }
    }

    /// Adds a constant that is off by a part of itself at most.
    pub(super) fn constant(&mut self, value: Two) {
        self.terms += 1.0;
        self.sizes[0] += value.size();
        self.parts[0].0 = self.parts[0].0.plus(value);
    }

    /// Adds `factor` times a function.
    pub(super) fn add(&mut self, factor: Two, other: &Fine) {
        self.terms += 1.0;
        let parts = self.parts.iter_mut().zip(&other.parts).zip(&mut self.sizes);
        for (((value, off), (own, error)), size) in parts {
            let term = factor.times(*own);
            *value = value.plus(term);
            *off += factor.size() * error;
            *size += term.size();
        }
    }

    /// The sum.
    pub(super) fn done(mut self) -> Fine {
        // Each term is a product of numbers that were rounded, and each sum is.
        let part = (self.terms + 4.0) * TWOFOLD * 2.0;
        for ((_, off), size) in self.parts.iter_mut().zip(self.sizes) {
            *off = *off * (1.0 + 1e-9) + size * part;
        }
        Fine { parts: self.parts }
    }
}

#[cfg(test)]
mod tests {
    use super::super::line::Point;
    use super::*;

    /// A sum of fractions lies as near to the exact one as it says, and has twice the digits.
    #[test]
    fn a_sum_has_twice_the_digits_of_a_float() {
        let mut sum = Growing::new(0);
        let mut exact = Amount::ZERO;
        for place in 1..400_i64 {
            let part = Amount::ratio(if place % 2 == 0 { 1 } else { -1 }, place);
            let third = Amount::ratio(place, 3);
            sum.add(
                Two::near(&third),
                &Fine::new(vec![(Two::near(&part), part.nearest_f64().abs() * TWOFOLD)]),
            );
            exact += &(&third * &part);
        }
        let base = Point::new(Vec::new());
        let (value, off) = sum.done().value(&Step::new(&base, &base));
        let near = |value: f64| Amount::from_f64(value).expect("a number");
        let lacks = &exact - &(&near(value.high) + &near(value.low));
        assert!(lacks.nearest_f64().abs() <= off && off < 1e-25, "{lacks} {off:e}");
    }

    #[test]
    fn words_are_told_exactly() {
        for value in [0_i128, 7, -(1 << 100) - 5, (1 << 53) + 1, i128::from(i64::MAX)] {
            let two = Two::word(value).expect("few digits");
            let exact = |part: f64| Amount::from_f64(part).expect("a number");
            let word = Amount::from(num_bigint::BigInt::from(value));
            assert_eq!(&exact(two.high) + &exact(two.low), word);
        }
        assert_eq!(Two::word(i128::MAX - 12345), None);
    }
}
