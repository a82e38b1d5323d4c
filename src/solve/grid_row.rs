//! A row over whole steps from the quantum below each exact amount.

use num_bigint::BigInt;
use num_traits::ToPrimitive;

use crate::formulate::{Row, Terms};
use crate::units::{Amount, Quantum, denominator};

/// `least <= sum terms <= most` over steps.
pub(super) struct GridRow {
    /// The row of the programme.
    pub(super) place: usize,
    pub(super) terms: Terms,
    pub(super) least: Option<Amount>,
    pub(super) most: Option<Amount>,
    /// The bounds are kept strictly: they stand one quantum off an equality.
    pub(super) strict: bool,
    words: Option<Words>,
}

/// The same row times a number that leaves nothing but whole numbers, both bounds kept.
pub(super) struct Words {
    pub(super) terms: Vec<(usize, i64)>,
    pub(super) least: i128,
    pub(super) most: i128,
}

/// Beyond what any row of machine words reaches.
const FAR: i128 = 1 << 120;

impl GridRow {
    pub(super) fn new(place: usize, row: &Row, below: &[BigInt], quantum: Quantum) -> Self {
        let terms = row.parts.terms().clone();
        let scaled = scaled(&terms);
        let exact = scaled.as_ref().and_then(|(times, scaled)| {
            Some(Amount::quotient(level(scaled, below)?.into(), (*times).into()))
        });
        let stands = exact.unwrap_or_else(|| {
            let level =
                |(column, value): &(usize, Amount)| value * &Amount::from(below[*column].clone());
            terms.iter().map(level).sum()
        });
        let whole = terms.iter().all(|(_, coefficient)| coefficient.is_whole());
        let equal = row.lower.is_some() && row.lower == row.upper;
        let rest = |bound: &Amount| &quantum.count(bound) - &stands;
        let (mut least, mut most) = (row.lower.as_ref().map(rest), row.upper.as_ref().map(rest));
        let strict = equal && !(whole && least.as_ref().is_some_and(Amount::is_whole));
        if strict {
            least = least.map(|bound| &bound - &Amount::ONE);
            most = most.map(|bound| &bound + &Amount::ONE);
        }
        let words = scaled.and_then(|(times, terms)| {
            let (least, most) = within(times, (&least, &most), strict)?;
            Some(Words { terms, least, most })
        });
        Self { place, terms, least, most, strict, words }
    }

    /// The row in machine words, where it fits them.
    pub(super) fn words(&self) -> Option<&Words> {
        self.words.as_ref()
    }

    fn value(&self, steps: &[i64]) -> Amount {
        let moved = self.terms.iter().filter(|(column, _)| steps[*column] != 0);
        moved.map(|(column, coefficient)| coefficient * &Amount::whole(steps[*column])).sum()
    }

    /// Whether `steps` meet an equality exactly: its bounds are kept one quantum off it.
    pub(super) fn is_met(&self, steps: &[i64]) -> bool {
        let exactly = |least: &Amount| self.value(steps) == least + &Amount::ONE;
        self.least.as_ref().is_some_and(exactly)
    }

    pub(super) fn holds(&self, steps: &[i64]) -> bool {
        if let Some(words) = &self.words {
            let terms = words.terms.iter();
            let level: i128 =
                terms.map(|(c, value)| i128::from(*value) * i128::from(steps[*c])).sum();
            return level >= words.least && level <= words.most;
        }
        let value = self.value(steps);
        let above = self
            .least
            .as_ref()
            .is_none_or(|least| if self.strict { value > *least } else { value >= *least });
        let below = self
            .most
            .as_ref()
            .is_none_or(|most| if self.strict { value < *most } else { value <= *most });
        above && below
    }
}

/// The terms times the least number that makes them whole, and that number.
fn scaled(terms: &[(usize, Amount)]) -> Option<(i64, Vec<(usize, i64)>)> {
    let times = denominator(terms.iter().map(|(_, value)| value)).to_i64()?;
    let whole = terms.iter().map(|(column, value)| {
        let (over, under) = value.words()?;
        let value = over.checked_mul(times / under)?;
        // Sums of a million such terms, each over a million steps, stay far within two words.
        (value.unsigned_abs() < 1 << 60).then_some((*column, value))
    });
    Some((times, whole.collect::<Option<_>>()?))
}

/// The sum of the terms over the quanta below the exact amounts.
fn level(terms: &[(usize, i64)], below: &[BigInt]) -> Option<i128> {
    let mut sum = 0_i128;
    for (column, value) in terms {
        sum = sum.checked_add(i128::from(*value) * i128::from(below[*column].to_i64()?))?;
    }
    Some(sum)
}

/// The bounds times `times`, as the first and the last whole number within them.
fn within(
    times: i64,
    (least, most): (&Option<Amount>, &Option<Amount>),
    strict: bool,
) -> Option<(i128, i128)> {
    let times = Amount::whole(times);
    let least = match least {
        None => -FAR,
        Some(bound) if strict => (bound * &times).floor().to_i128()? + 1,
        Some(bound) => (bound * &times).ceil().to_i128()?,
    };
    let most = match most {
        None => FAR,
        Some(bound) if strict => (bound * &times).ceil().to_i128()? - 1,
        Some(bound) => (bound * &times).floor().to_i128()?,
    };
    (least.abs() <= FAR && most.abs() <= FAR).then_some((least, most))
}
