//! Large fractions over one denominator, which is not brought to lowest terms.
//!
//! The greatest common divisor of two numbers of thousands of digits costs more than all else that
//! is done with them. Sums over one denominator need none.

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
        let (whole, rest) = over.div_rem(&self.0);
        if rest.is_zero() { Amount::from(whole) } else { amount(over, self.0.clone()) }
    }
}

fn amount(over: BigInt, under: Arc<BigInt>) -> Amount {
    if over.is_zero() {
        return Amount::ZERO;
    }
    Amount(Repr::Shared(Box::new(Shared { over, under })))
}

impl Shared {
    /// The same number as `value`.
    pub(super) fn of(value: &BigRational) -> Self {
        Self { over: value.numer().clone(), under: Arc::new(value.denom().clone()) }
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
        let raw = BigRational::new_raw(self.over.clone(), (*self.under).clone());
        raw.to_f64().unwrap_or(f64::NAN)
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

    /// The sum with `n / d`, which is in lowest terms with `d` above zero.
    pub(super) fn plus_words(&self, n: i64, d: i64) -> Amount {
        if n == 0 {
            return amount(self.over.clone(), self.under.clone());
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
        let across = common(&self.over, d);
        let (over, rest) = (&self.over / across * n, d / across);
        let under = if rest == 1 { self.under.clone() } else { Arc::new(&*self.under * rest) };
        amount(over, under)
    }
}

/// The ratio of two numbers above zero in lowest terms, where it is one of short numbers: Euclid
/// ends soon there.
pub(super) fn ratio(first: &BigInt, second: &BigInt) -> Option<(BigInt, BigInt)> {
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
