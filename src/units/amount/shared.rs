//! Large fractions over one denominator, which is not brought to lowest terms.
//!
//! The greatest common divisor of two numbers of thousands of digits costs more than all else that
//! is done with them. Sums over one denominator need none.

use std::cmp::Ordering;
use std::sync::Arc;

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};

use super::mixed::common;
use super::{Amount, Repr};

/// A fraction other than zero over a denominator above zero.
#[derive(Clone)]
pub(super) struct Shared {
    over: BigInt,
    under: Arc<BigInt>,
}

/// A denominator for many amounts.
#[derive(Clone)]
pub(crate) struct Denominator(Arc<BigInt>);

impl Denominator {
    /// Takes `under`, which is above zero.
    pub(crate) fn new(under: BigInt) -> Self {
        Self(Arc::new(under))
    }

    /// The number.
    pub(crate) fn number(&self) -> &BigInt {
        &self.0
    }

    /// The amount `over` of these parts.
    pub(crate) fn amount(&self, over: BigInt) -> Amount {
        if over.is_zero() {
            return Amount::ZERO;
        }
        if self.0.to_i64().is_some() {
            return Amount::quotient(over, (*self.0).clone());
        }
        if between(&over, &self.0).is_some() {
            return amount(over, self.0.clone());
        }
        let (whole, rest) = over.div_rem(&self.0);
        if rest.is_zero() { Amount::from(whole) } else { amount(over, self.0.clone()) }
    }
}

fn amount(over: BigInt, under: Arc<BigInt>) -> Amount {
    if over.is_zero() {
        return Amount::ZERO;
    }
    Amount(Repr::Shared(Arc::new(Shared { over, under })))
}

impl Shared {
    /// The same number as `value`.
    pub(super) fn of(value: &BigRational) -> Self {
        Self { over: value.numer().clone(), under: Arc::new(value.denom().clone()) }
    }

    /// Adds another over the same denominator; the sum may be zero.
    pub(super) fn grow(&mut self, other: &Self) {
        self.over += &other.over;
    }

    /// The fraction, which may be zero.
    pub(super) fn amount(self) -> Amount {
        amount(self.over, self.under)
    }

    pub(super) fn over(&self) -> &BigInt {
        &self.over
    }

    pub(super) fn under(&self) -> &BigInt {
        &self.under
    }

    /// Whether both have one denominator.
    pub(super) fn shares(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.under, &other.under) || self.under == other.under
    }

    /// The fraction in lowest terms.
    pub(super) fn reduced(&self) -> BigRational {
        BigRational::new(self.over.clone(), (*self.under).clone())
    }

    pub(super) fn to_f64(&self) -> f64 {
        nearest(&self.over, &self.under)
    }

    pub(super) fn negated(&self) -> Amount {
        amount(-&self.over, self.under.clone())
    }

    pub(super) fn plus(&self, other: &Self) -> Amount {
        if self.shares(other) {
            return amount(&self.over + &other.over, self.under.clone());
        }
        let Some((own, others)) = ratio(&self.under, &other.under) else {
            return (self.reduced() + other.reduced()).into();
        };
        // own : others = under : other.under, in lowest terms.
        let over = &self.over * &others + &other.over * &own;
        let under = if others == BigInt::from(1) {
            self.under.clone()
        } else if own == BigInt::from(1) {
            other.under.clone()
        } else {
            Arc::new(&*self.under * others)
        };
        amount(over, under)
    }

    /// The difference to another over the same denominator.
    pub(super) fn minus(&self, other: &Self) -> Amount {
        amount(&self.over - &other.over, self.under.clone())
    }

    /// The sum with `n / d`, which is in lowest terms with `d` above zero.
    pub(super) fn plus_words(&self, n: i64, d: i64) -> Amount {
        if n == 0 {
            return amount(self.over.clone(), self.under.clone());
        }
        if d == 1 {
            return amount(&self.over + &*self.under * n, self.under.clone());
        }
        let both = common(&self.under, d);
        if both == d {
            return amount(&self.over + &*self.under / d * n, self.under.clone());
        }
        let rest = d / both;
        let over = &self.over * rest + &*self.under / both * n;
        amount(over, Arc::new(&*self.under * rest))
    }

    /// The product with `n / d`, which is in lowest terms with `d` above zero and `n` other than zero.
    pub(super) fn times_words(&self, n: i64, d: i64) -> Amount {
        if d == 1 {
            return amount(&self.over * n, self.under.clone());
        }
        let across = common(&self.over, d);
        let (over, rest) = match across {
            1 => (&self.over * n, d),
            _ => (&self.over / across * n, d / across),
        };
        let under = if rest == 1 { self.under.clone() } else { Arc::new(&*self.under * rest) };
        amount(over, under)
    }
}

/// The float nearest to `over / under`, with `under` above zero: of two as near, the even one.
pub(super) fn nearest(over: &BigInt, under: &BigInt) -> f64 {
    quickly(over, under).unwrap_or_else(|| slowly(over, under))
}

/// Compares a large fraction with a small one; floats decide where they are clear.
pub(super) fn against((over, under): (&BigInt, &BigInt), (n, d): (i64, i64)) -> Ordering {
    const CLEAR: f64 = 1e-14;
    let (large, small) = (nearest(over, under), n as f64 / d as f64);
    if (large - small).abs() > CLEAR * (large.abs() + small.abs()) {
        return large.total_cmp(&small);
    }
    (over * d).cmp(&(under * n))
}

/// The greatest whole number below `over / under`, where a float tells that it is between two.
#[expect(clippy::cast_possible_truncation, reason = "a whole number of thirty bits")]
fn between(over: &BigInt, under: &BigInt) -> Option<i64> {
    const MOST: f64 = (1_u64 << 30) as f64;
    const CLEAR: f64 = 1.0 / (1_u64 << 20) as f64;
    let quotient = nearest(over, under);
    let clear = quotient.abs() < MOST && (quotient - quotient.round()).abs() > CLEAR;
    clear.then(|| quotient.floor() as i64)
}

/// The greatest whole number that is not above `over / under`.
pub(super) fn floor(over: &BigInt, under: &BigInt) -> BigInt {
    between(over, under).map_or_else(|| over.div_floor(under), BigInt::from)
}

/// Whether `over / under` is whole.
pub(super) fn is_whole(over: &BigInt, under: &BigInt) -> bool {
    between(over, under).is_none() && over.is_multiple_of(under)
}

/// The nearest float, where the leading words decide it.
fn quickly(over: &BigInt, under: &BigInt) -> Option<f64> {
    let ((high, raised), (low, lowered)) = (leading(over)?, leading(under)?);
    // Both words may lack less than one: the quotient, of 64 or 65 bits, is less than five off.
    let quotient = (u128::from(high) << 64) / u128::from(low);
    let more = 64 - quotient.leading_zeros() + 11;
    let (kept, rest) = (u64::try_from(quotient >> more).ok()?, quotient & ((1 << more) - 1));
    let half = 1_u128 << (more - 1);
    if rest.abs_diff(half) <= 5 {
        return None;
    }
    let power = raised - lowered - 64 + i64::from(more);
    let bits = u64::try_from(power + 1023).ok().filter(|bits| (64..1982).contains(bits))?;
    let size = (kept + u64::from(rest > half)) as f64 * f64::from_bits(bits << 52);
    Some(if over.is_negative() { -size } else { size })
}

/// The 64 leading bits of a number, and how many bits follow them; nothing for zero.
fn leading(value: &BigInt) -> Option<(u64, i64)> {
    let mut words = value.magnitude().iter_u64_digits();
    let count = i64::try_from(words.len()).ok()?;
    let high = words.next_back()?;
    let free = high.leading_zeros();
    let next = words.next_back().unwrap_or(0);
    let low = if free == 0 { 0 } else { next >> (64 - free) };
    Some(((high << free) | low, 64 * (count - 1) - i64::from(free)))
}

fn slowly(over: &BigInt, under: &BigInt) -> f64 {
    const BITS: i64 = 66;
    let length = |value: &BigInt| i64::try_from(value.bits()).unwrap_or(i64::MAX);
    let shift = BITS + length(under) - length(over);
    // A quotient of at least 66 bits, and a bit for what is left of it: one rounding follows.
    let (quotient, rest) = if shift >= 0 {
        (over.magnitude() << shift).div_rem(under.magnitude())
    } else {
        over.magnitude().div_rem(&(under.magnitude() << -shift))
    };
    let float = quotient.to_u128().map(|whole| (whole | u128::from(!rest.is_zero())) as f64);
    let power = i32::try_from(-shift).ok().filter(|power| power.abs() < 900);
    match (float, power) {
        (Some(float), Some(power)) => {
            let size = float * 2.0_f64.powi(power);
            if over.is_negative() { -size } else { size }
        }
        _ => BigRational::new_raw(over.clone(), under.clone()).to_f64().unwrap_or(f64::NAN),
    }
}

/// The ratio of two numbers above zero in lowest terms, where it is one of short numbers: Euclid
/// ends soon there.
pub(crate) fn ratio(first: &BigInt, second: &BigInt) -> Option<(BigInt, BigInt)> {
    const MOST_STEPS: usize = 60;
    let (mut high, mut low) = (first.clone(), second.clone());
    for _ in 0..MOST_STEPS {
        let rest = &high % &low;
        high = std::mem::replace(&mut low, rest);
        if low.is_zero() {
            let divisor = high.abs();
            return Some((first / &divisor, second / divisor));
        }
    }
    None
}
