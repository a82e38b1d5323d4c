//! Affine functions in floats with a bound on their error, checked for many inputs.

use super::line::{Line, MOST_INPUTS, Step};
use super::twofold::Fine;
use crate::units::Amount;

/// Functions of a step, each with its coefficients as floats and what these may be off.
#[derive(Debug, Clone, Default)]
pub(super) struct Checks {
    at: Vec<f64>,
    off: Vec<f64>,
    /// For each input, the rate of every function, and what it may be off.
    rates: Vec<(Vec<f64>, Vec<f64>)>,
}

/// A coefficient and what it may be off, or a range.
type Near = (f64, f64);

/// A function of a step in floats: its value at the base and its rates, each with what it may be off.
#[derive(Debug, Clone, Copy)]
pub(super) struct Approx {
    parts: [Near; MOST_INPUTS + 1],
    len: usize,
}

/// A sum of functions while it grows.
pub(super) struct Summing {
    sum: Approx,
    sizes: [f64; MOST_INPUTS + 1],
    terms: f64,
}

/// What one rounding leaves out, as a part of its result.
const HALF: f64 = f64::EPSILON / 2.0;

impl Approx {
    /// A constant.
    pub(super) fn constant(value: &Amount, inputs: usize) -> Self {
        let mut parts = [(0.0, 0.0); MOST_INPUTS + 1];
        let near = value.nearest_f64();
        parts[0] = (near, near.abs() * HALF);
        Self { parts, len: inputs + 1 }
    }

    /// A function that is known exactly.
    pub(super) fn of(line: &Line) -> Self {
        Self::from_parts(std::iter::once(&line.at).chain(&line.rates))
    }

    /// The value at the base, then the rates.
    pub(super) fn from_parts<'a>(values: impl Iterator<Item = &'a Amount>) -> Self {
        let mut own = Self { parts: [(0.0, 0.0); MOST_INPUTS + 1], len: 0 };
        for (part, value) in own.parts.iter_mut().zip(values) {
            let near = value.nearest_f64();
            *part = (near, near.abs() * HALF);
            own.len += 1;
        }
        own
    }

    /// A function that is known in twice the digits.
    pub(super) fn fine(own: &Fine) -> Self {
        let mut found = Self { parts: [(0.0, 0.0); MOST_INPUTS + 1], len: own.parts().len() };
        for (part, (value, off)) in found.parts.iter_mut().zip(own.parts()) {
            *part = (value.high, value.low.abs() + off);
        }
        found
    }

    /// Whether no input changes it, as far as floats tell.
    pub(super) fn is_constant(&self) -> bool {
        self.parts[1..self.len].iter().all(|(rate, off)| rate.abs() + off == 0.0)
    }

    /// With the other sign.
    pub(super) fn negated(mut self) -> Self {
        for (value, _) in &mut self.parts {
            *value = -*value;
        }
        self
    }

    /// Whether it is above zero wherever each input steps within its own range.
    pub(super) fn is_positive_within(&self, room: &[Near]) -> bool {
        let (at, off) = self.parts[0];
        let (mut least, mut off, mut size) = (at, off, at.abs());
        for ((rate, error), (low, high)) in self.parts[1..self.len].iter().zip(room) {
            let term = (rate * low).min(rate * high);
            least += term;
            off += error * low.abs().max(high.abs());
            size += term.abs();
        }
        least > off + size * ROUNDING
    }

    /// The value at a step, and what it may be off.
    pub(super) fn value(&self, step: &Step<'_>) -> Near {
        let (mut value, mut off) = self.parts[0];
        let mut size = value.abs();
        for ((rate, error), (by, _)) in self.parts[1..self.len].iter().zip(step.floats()) {
            value += rate * by;
            off += error * by.abs();
            size += (rate * by).abs();
        }
        (value, off + size * ROUNDING)
    }
}

impl Summing {
    pub(super) fn new(inputs: usize) -> Self {
        let sum = Approx { parts: [(0.0, 0.0); MOST_INPUTS + 1], len: inputs + 1 };
        Self { sum, sizes: [0.0; MOST_INPUTS + 1], terms: 0.0 }
    }

    /// Adds `factor` times a function.
    pub(super) fn add(&mut self, factor: f64, other: &Approx) {
        self.terms += 1.0;
        let parts = self.sum.parts.iter_mut().zip(&other.parts).zip(&mut self.sizes);
        for (((value, off), (own, error)), size) in parts.take(self.sum.len) {
            let term = factor * own;
            *value += term;
            *off += factor.abs() * error;
            *size += term.abs();
        }
    }

    /// The sum.
    pub(super) fn done(mut self) -> Approx {
        // Each term is a product of two rounded numbers, and each sum is rounded.
        let part = (self.terms + 4.0) * f64::EPSILON;
        for ((_, off), size) in self.sum.parts.iter_mut().zip(self.sizes) {
            *off += size * part;
        }
        self.sum
    }
}

/// What a value lacks whose terms are added in floats, as a part of their sizes.
const ROUNDING: f64 = 16.0 * f64::EPSILON;

impl Checks {
    /// Every function of a list.
    pub(super) fn all<'a>(lines: impl Iterator<Item = &'a Line>, inputs: usize) -> Self {
        let mut own = Self::new(inputs);
        lines.for_each(|line| own.push(&Approx::of(line)));
        own
    }

    /// No functions, of so many inputs.
    pub(super) fn new(inputs: usize) -> Self {
        Self { rates: vec![(Vec::new(), Vec::new()); inputs], ..Self::default() }
    }

    /// Adds a function times a number above zero, so that sizes do not overflow.
    pub(super) fn push(&mut self, own: &Approx) {
        let rates = &own.parts[1..own.len];
        let scale = rates.iter().fold(0.0_f64, |size, (rate, _)| size.max(rate.abs()));
        let scale = if scale > 0.0 && scale.is_normal() { 1.0 / scale } else { 1.0 };
        let scaled = |(value, off): Near| {
            let value = value * scale;
            (value, off * scale + value.abs() * ROUNDING)
        };
        let (at, off) = scaled(own.parts[0]);
        self.at.push(at);
        self.off.push(off);
        for ((values, offs), part) in self.rates.iter_mut().zip(rates) {
            let (value, off) = scaled(*part);
            values.push(value);
            offs.push(off);
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.at.len()
    }

    /// Adds all functions of another list of the same inputs.
    pub(super) fn append(&mut self, mut other: Self) {
        self.at.append(&mut other.at);
        self.off.append(&mut other.off);
        for (own, mut other) in self.rates.iter_mut().zip(other.rates) {
            own.0.append(&mut other.0);
            own.1.append(&mut other.1);
        }
    }

    /// The value of one at a step, and what it may be off.
    pub(super) fn value(&self, place: usize, step: &Step<'_>) -> Near {
        let (mut value, mut off) = (self.at[place], self.off[place]);
        for ((rates, errors), (by, _)) in self.rates.iter().zip(step.floats()) {
            value += rates[place] * by;
            off += errors[place] * by.abs();
        }
        (value, off)
    }

    /// The functions, among so many from the first, that may be zero or less where each input steps
    /// within its range.
    pub(super) fn open_within(&self, count: usize, room: &[Near]) -> Vec<usize> {
        let open = |place: &usize| {
            let (mut least, mut off) = (self.at[*place], self.off[*place]);
            for ((rates, errors), (low, high)) in self.rates.iter().zip(room) {
                least += (rates[*place] * low).min(rates[*place] * high);
                off += errors[*place] * low.abs().max(high.abs());
            }
            // An endless range leaves what is no number.
            least.is_nan() || off.is_nan() || least <= off
        };
        (0..count).filter(open).collect()
    }

    /// Whether so many from the first are at least zero: in floats where that is clear, and by `exact`
    /// elsewhere.
    pub(super) fn hold(
        &self,
        count: usize,
        step: &Step<'_>,
        exact: impl Fn(usize) -> Amount,
    ) -> bool {
        self.scan(count, step, |place, sign| match sign {
            Some(positive) => positive,
            None => !exact(place).is_negative(),
        })
    }

    /// Shows each of so many functions with its sign where it is clear and not above zero, or is not
    /// clear, until one is refused.
    pub(super) fn scan(
        &self,
        count: usize,
        step: &Step<'_>,
        mut show: impl FnMut(usize, Option<bool>) -> bool,
    ) -> bool {
        const WIDE: usize = 64;
        let mut from = 0;
        while from < count {
            let to = (from + WIDE).min(count);
            let (mut value, mut off) = ([0.0; WIDE], [0.0; WIDE]);
            let width = to - from;
            value[..width].copy_from_slice(&self.at[from..to]);
            off[..width].copy_from_slice(&self.off[from..to]);
            for ((rates, errors), (by, _)) in self.rates.iter().zip(step.floats()) {
                let size = by.abs();
                for (place, rate) in rates[from..to].iter().enumerate() {
                    value[place] += rate * by;
                }
                for (place, error) in errors[from..to].iter().enumerate() {
                    off[place] += error * size;
                }
            }
            let clear = |place: usize| value[place] > off[place];
            if !(0..width).fold(true, |all, place| all & clear(place)) {
                for place in (0..width).filter(|place| !clear(*place)) {
                    let fails = value[place] < -off[place];
                    if !show(from + place, fails.then_some(false)) {
                        return false;
                    }
                }
            }
            from = to;
        }
        true
    }
}

/// Functions of which those that are not above zero are told.
#[derive(Debug, Clone)]
pub struct Marks {
    /// How many functions there are, and the places of those that may not be above zero.
    all: usize,
    places: Vec<usize>,
    lines: Vec<Line>,
    checks: Checks,
}

impl Marks {
    /// Prepares functions of inputs that step within their ranges.
    pub(super) fn new(lines: Vec<Line>, room: &[Near]) -> Self {
        let all = lines.len();
        let may = |line: &Line| !Approx::of(line).is_positive_within(room);
        let kept = lines.into_iter().enumerate().filter(|(_, line)| may(line));
        let (places, lines): (Vec<usize>, Vec<Line>) = kept.unzip();
        Self { all, places, checks: Checks::all(lines.iter(), room.len()), lines }
    }

    /// Marks in `mask` those that are not above zero at a step, by their places: decided exactly.
    pub fn mark(&self, step: &Step<'_>, mask: &mut Vec<u64>) {
        mask.clear();
        mask.resize(self.all.div_ceil(64), 0);
        self.checks.scan(self.checks.len(), step, |own, sign| {
            if !sign.unwrap_or_else(|| self.lines[own].value(step).is_positive()) {
                let place = self.places[own];
                mask[place / 64] |= 1 << (place % 64);
            }
            true
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::line::Point;
    use super::*;

    /// One third and a third of the input less two thirds: zero where the input is one.
    #[test]
    fn what_floats_leave_open_is_decided_exactly() {
        let third = Amount::ratio(1, 3);
        let line = Line::new(-&third, vec![third]);
        let checks = Checks::all(std::iter::once(&line), 1);
        let base = Point::new(vec![Amount::ZERO]);
        for (over, under, holds) in
            [(1, 1, true), (999_999_999, 1_000_000_000, false), (2, 1, true)]
        {
            let at = Point::new(vec![Amount::ratio(over, under)]);
            let step = Step::new(&base, &at);
            assert_eq!(checks.hold(1, &step, |_| line.value(&step)), holds, "{over}/{under}");
        }
    }

    /// The error of a sum is at least what it really lacks.
    #[test]
    fn a_sum_knows_what_it_lacks() {
        let parts: Vec<Amount> = (1..400).map(|n| Amount::ratio(1, n)).collect();
        let mut sum = Summing::new(0);
        for (place, part) in parts.iter().enumerate() {
            let sign = if place % 2 == 0 { 1.0 } else { -1.0 };
            sum.add(sign / 3.0, &Approx::constant(part, 0));
        }
        let exact: Amount = (parts.iter().enumerate())
            .map(|(place, part)| if place % 2 == 0 { part.clone() } else { -part })
            .sum();
        let exact = &exact / &Amount::whole(3);
        let base = Point::new(Vec::new());
        let (value, off) = sum.done().value(&Step::new(&base, &base));
        let lacks = (&exact - &Amount::from_f64(value).expect("a number")).nearest_f64().abs();
        assert!(lacks <= off && off < 1e-12, "{lacks:e} {off:e}");
    }
}
