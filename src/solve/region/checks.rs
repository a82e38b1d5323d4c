//! Conditions of a region, checked for many inputs.

use std::collections::HashMap;

use super::line::{Line, Step};
use crate::units::Amount;

/// Conditions, each at least zero inside, with their coefficients as floats beside them.
#[derive(Debug, Clone, Default)]
pub(super) struct Checks {
    lines: Vec<Line>,
    at: Vec<f64>,
    /// For each input, the rate of every condition.
    rates: Vec<Vec<f64>>,
}

/// A value clearer than this part of the sizes of its terms has its sign.
const CLEAR: f64 = 16.0 * f64::EPSILON;

impl Checks {
    /// Every function as it is, to be marked.
    pub(super) fn all(lines: &[Line]) -> Self {
        let inputs = lines.first().map_or(0, |line| line.rates.len());
        let rates = |input: usize| -> Vec<f64> {
            lines.iter().map(|line| line.rates[input].nearest_f64()).collect()
        };
        Self {
            at: lines.iter().map(|line| line.at.nearest_f64()).collect(),
            rates: (0..inputs).map(rates).collect(),
            lines: lines.to_vec(),
        }
    }

    /// Each condition once, with the largest of its floats one: their sizes do not overflow.
    pub(super) fn new(lines: Vec<Line>) -> Self {
        let inputs = lines.first().map_or(0, |line| line.rates.len());
        let mut own = Self { lines: Vec::new(), at: Vec::new(), rates: vec![Vec::new(); inputs] };
        let mut seen: HashMap<Vec<u64>, usize> = HashMap::new();
        for line in lines {
            let floats: Vec<f64> = line.rates.iter().map(Amount::nearest_f64).collect();
            let at = line.at.nearest_f64();
            let scale = floats.iter().fold(0.0_f64, |size, rate| size.max(rate.abs()));
            let scale = if scale > 0.0 { 1.0 / scale } else { 1.0 };
            // Only what has these very floats can be the same condition.
            let key: Vec<u64> = floats.iter().chain([&at]).map(|own| own.to_bits()).collect();
            let known = *seen.entry(key).or_insert(own.lines.len());
            if own.lines.get(known).is_some_and(|known| *known == line) {
                continue;
            }
            own.at.push(at * scale);
            for (list, rate) in own.rates.iter_mut().zip(floats) {
                list.push(rate * scale);
            }
            own.lines.push(line);
        }
        own
    }

    pub(super) fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Whether all hold: in floats where they are clear, and exactly elsewhere.
    pub(super) fn hold(&self, step: &Step<'_>) -> bool {
        self.scan(step, |place, sign| match sign {
            Some(positive) => positive,
            None => !self.lines[place].value(step).is_negative(),
        })
    }

    /// Marks in `mask` those that are not above zero.
    pub(super) fn mark(&self, step: &Step<'_>, mask: &mut Vec<u64>) {
        mask.clear();
        mask.resize(self.at.len().div_ceil(64), 0);
        self.scan(step, |place, sign| {
            let positive = sign.unwrap_or_else(|| self.lines[place].value(step).is_positive());
            if !positive {
                mask[place / 64] |= 1 << (place % 64);
            }
            true
        });
    }

    /// Shows each condition with its sign where it is clear and not above zero, or is not clear,
    /// until one is refused.
    fn scan(&self, step: &Step<'_>, mut show: impl FnMut(usize, Option<bool>) -> bool) -> bool {
        const WIDE: usize = 64;
        let mut from = 0;
        while from < self.at.len() {
            let to = (from + WIDE).min(self.at.len());
            let (mut value, mut size) = ([0.0; WIDE], [0.0; WIDE]);
            let width = to - from;
            for (place, at) in self.at[from..to].iter().enumerate() {
                value[place] = *at;
                size[place] = at.abs();
            }
            for (rates, (by, _)) in self.rates.iter().zip(step.floats()) {
                for (place, rate) in rates[from..to].iter().enumerate() {
                    let term = rate * by;
                    value[place] += term;
                    size[place] += term.abs();
                }
            }
            let clear = |place: usize| value[place] > CLEAR * size[place];
            if !(0..width).fold(true, |all, place| all & clear(place)) {
                for place in (0..width).filter(|place| !clear(*place)) {
                    let fails = value[place] < -CLEAR * size[place];
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
