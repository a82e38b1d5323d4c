//! Draws of several figures together. Each draw depends on its own index only.

use num_bigint::BigInt;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::distribution::{Distribution, Split};
use super::shuffle::shuffled;
use crate::units::Amount;

/// Draws of several figures together.
#[derive(Debug, Clone)]
pub(super) struct Draws {
    pub(super) count: u64,
    pub(super) seed: u64,
    /// Each figure takes every one of `count` equally likely slots of its distribution once.
    pub(super) latin: bool,
    pub(super) figures: Vec<Drawn>,
    /// The lower triangle whose square are the correlations; empty where the figures are
    /// independent.
    pub(super) triangle: Vec<Vec<f64>>,
}

/// A figure that is drawn.
#[derive(Debug, Clone)]
pub(super) struct Drawn {
    pub(super) of: Distribution,
    /// To how many decimals it is rounded.
    pub(super) decimals: u32,
}

impl Draws {
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Draw `index`, one value a figure.
    pub(super) fn at(&self, index: u64) -> Vec<Amount> {
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        random.set_stream(index);
        let parts: Vec<f64> = (0..self.figures.len())
            .map(|place| self.slot(place, index, open(random.next_u64())))
            .collect();
        let splits: Vec<Split> = parts.into_iter().map(Split::below).collect();
        let figures = self.figures.iter().enumerate();
        figures
            .map(|(place, drawn)| {
                let split = match self.triangle.get(place) {
                    Some(row) => {
                        Split::normal(row.iter().zip(&splits).map(|(l, s)| l * s.normal).sum())
                    }
                    None => splits[place],
                };
                rounded(drawn.of.at(split), drawn.decimals)
            })
            .collect()
    }

    /// The part below, in the slot that the figure takes in this draw.
    fn slot(&self, place: usize, index: u64, within: f64) -> f64 {
        if !self.latin {
            return within;
        }
        let key = self.seed ^ u64::try_from(place + 1).unwrap_or(1).rotate_left(32);
        let slot = shuffled(index, self.count, key);
        ((slot as f64 + within) / self.count as f64).clamp(f64::MIN_POSITIVE, ONE_BELOW)
    }
}

/// The float below one.
const ONE_BELOW: f64 = 1.0 - f64::EPSILON / 2.0;

/// A number inside 0 and 1, never at either.
fn open(bits: u64) -> f64 {
    ((bits >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
}

/// The figure rounded to decimals, exactly.
#[expect(clippy::cast_possible_truncation, reason = "it saturates")]
fn rounded(figure: f64, decimals: u32) -> Amount {
    let power = 10_f64.powi(i32::try_from(decimals).unwrap_or(0));
    let scaled = (figure * power).round() as i128;
    if let (Ok(over), Some(under)) = (i64::try_from(scaled), 10_i64.checked_pow(decimals)) {
        return Amount::ratio(over, under);
    }
    &Amount::from(BigInt::from(scaled)) / &Amount::from(BigInt::from(10).pow(decimals))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draws(latin: bool, triangle: Vec<Vec<f64>>) -> Draws {
        let of = Distribution::Normal { mean: 0.0, sd: 1.0, ends: (None, None) };
        let drawn = Drawn { of, decimals: 9 };
        let uniform = Drawn { of: Distribution::Uniform { min: 0.0, max: 1.0 }, decimals: 9 };
        let second = if latin { uniform } else { drawn.clone() };
        Draws { count: 4000, seed: 11, latin, figures: vec![drawn, second], triangle }
    }

    fn floats(draws: &Draws) -> Vec<[f64; 2]> {
        (0..draws.count).map(|i| draws.at(i)).map(|d| [d[0].to_f64(), d[1].to_f64()]).collect()
    }

    #[test]
    fn a_latin_design_takes_every_slot_once() {
        let all = floats(&draws(true, Vec::new()));
        let mut slots: Vec<f64> = all.iter().map(|pair| (pair[1] * 4000.0).floor()).collect();
        slots.sort_by(f64::total_cmp);
        assert!(slots.into_iter().map(f64::to_bits).eq((0..4000).map(|n| f64::from(n).to_bits())));
    }

    /// Of 4 000 pairs the correlation is found within five standard errors.
    #[test]
    fn correlated_draws_are_correlated() {
        let all = floats(&draws(false, vec![vec![1.0, 0.0], vec![0.6, 0.8]]));
        let n = all.len() as f64;
        let mean = |f: &dyn Fn(&[f64; 2]) -> f64| all.iter().map(f).sum::<f64>() / n;
        assert!(mean(&|p| p[0]).abs() < 0.08 && mean(&|p| p[1]).abs() < 0.08);
        assert!((mean(&|p| p[1] * p[1]) - 1.0).abs() < 0.12);
        assert!((mean(&|p| p[0] * p[1]) - 0.6).abs() < 0.09);
    }
}
