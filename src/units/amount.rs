mod common;
mod mixed;
mod nearest;
mod ops;
mod parse;
mod shared;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};

pub(crate) use common::{denominator, differences, over};
pub use parse::ParseAmountError;
use shared::Shared;
pub(crate) use shared::{Denominator, ratio};

/// An exact rational number: an amount in plan units, a share, a weight or a coefficient.
///
/// Small fractions are kept in two machine words; larger ones move to big integers by themselves,
/// so that arithmetic never rounds and never overflows. The figures of one exact answer share one
/// large denominator, and are brought to lowest terms only where their parts are asked for.
#[derive(Clone)]
pub struct Amount(Repr);

#[derive(Clone)]
enum Repr {
    /// Reduced, with a positive denominator; neither part is `i64::MIN`.
    Small(i64, i64),
    /// Reduced, with at least one part that does not fit `Small`.
    Big(Arc<BigRational>),
    /// Other than zero, over a denominator that is no machine word; not always reduced.
    Shared(Arc<Shared>),
}

impl Amount {
    /// Zero.
    pub const ZERO: Self = Self(Repr::Small(0, 1));
    /// One.
    pub const ONE: Self = Self(Repr::Small(1, 1));

    /// Gives the whole number `value`.
    pub fn whole(value: i64) -> Self {
        Self::reduced(i128::from(value), 1)
    }

    /// Gives `numerator / denominator`.
    ///
    /// # Panics
    ///
    /// If `denominator` is zero.
    pub fn ratio(numerator: i64, denominator: i64) -> Self {
        assert!(denominator != 0, "a ratio has a denominator other than zero");
        Self::reduced(i128::from(numerator), i128::from(denominator))
    }

    /// Gives `numerator / denominator` of big integers.
    ///
    /// # Panics
    ///
    /// If `denominator` is zero.
    pub(crate) fn quotient(numerator: BigInt, denominator: BigInt) -> Self {
        BigRational::new(numerator, denominator).into()
    }

    /// The numerator and the denominator, which is above zero; not always in lowest terms.
    pub(crate) fn parts(&self) -> (Cow<'_, BigInt>, Cow<'_, BigInt>) {
        match &self.0 {
            Repr::Small(n, d) => (Cow::Owned((*n).into()), Cow::Owned((*d).into())),
            Repr::Big(value) => (Cow::Borrowed(value.numer()), Cow::Borrowed(value.denom())),
            Repr::Shared(value) => (Cow::Borrowed(value.over()), Cow::Borrowed(value.under())),
        }
    }

    /// The numerator and the denominator of a number of machine words.
    pub(crate) fn words(&self) -> Option<(i64, i64)> {
        match &self.0 {
            Repr::Small(n, d) => Some((*n, *d)),
            _ => None,
        }
    }

    fn reduced(numerator: i128, denominator: i128) -> Self {
        // Words divide several times faster than pairs of them.
        if let (Ok(n), Ok(d)) = (i64::try_from(numerator), i64::try_from(denominator))
            && n != i64::MIN
            && d > 0
        {
            let common = if d == 1 { 1 } else { n.gcd(&d) };
            return Self(Repr::Small(n / common, d / common));
        }
        let (n, d) = if denominator == 1 {
            (numerator, 1)
        } else {
            let common = numerator.gcd(&denominator);
            let sign = if denominator < 0 { -1 } else { 1 };
            (sign * (numerator / common), sign * (denominator / common))
        };
        match (i64::try_from(n), i64::try_from(d)) {
            (Ok(n), Ok(d)) if n != i64::MIN => Self(Repr::Small(n, d)),
            _ => Self(Repr::Big(Arc::new(BigRational::new_raw(n.into(), d.into())))),
        }
    }

    fn big(&self) -> BigRational {
        match &self.0 {
            Repr::Small(n, d) => BigRational::new_raw((*n).into(), (*d).into()),
            Repr::Big(value) => (**value).clone(),
            Repr::Shared(value) => value.reduced(),
        }
    }

    /// The numerator, in lowest terms; it carries the sign.
    pub fn numerator(&self) -> BigInt {
        match &self.0 {
            Repr::Small(n, _) => (*n).into(),
            Repr::Big(value) => value.numer().clone(),
            Repr::Shared(value) => value.reduced().into_raw().0,
        }
    }

    /// The denominator, in lowest terms; always positive.
    pub fn denominator(&self) -> BigInt {
        match &self.0 {
            Repr::Small(_, d) => (*d).into(),
            Repr::Big(value) => value.denom().clone(),
            Repr::Shared(value) => value.reduced().into_raw().1,
        }
    }

    /// Whether the number is zero.
    pub fn is_zero(&self) -> bool {
        matches!(self.0, Repr::Small(0, _))
    }

    /// Whether the number is above zero.
    pub fn is_positive(&self) -> bool {
        self.signum() > 0
    }

    /// Whether the number is below zero.
    pub fn is_negative(&self) -> bool {
        self.signum() < 0
    }

    /// Whether the number is whole.
    pub fn is_whole(&self) -> bool {
        match &self.0 {
            Repr::Small(_, d) => *d == 1,
            Repr::Big(value) => value.is_integer(),
            Repr::Shared(value) => shared::is_whole(value.over(), value.under()),
        }
    }

    /// -1, 0 or 1.
    pub fn signum(&self) -> i32 {
        match &self.0 {
            Repr::Small(n, _) => i32::try_from(n.signum()).unwrap_or(0),
            Repr::Big(value) => {
                if value.is_negative() {
                    -1
                } else {
                    1
                }
            }
            Repr::Shared(value) => {
                if value.over().is_negative() {
                    -1
                } else {
                    1
                }
            }
        }
    }

    /// The number without its sign.
    #[must_use]
    pub fn abs(&self) -> Self {
        if self.is_negative() { -self } else { self.clone() }
    }

    /// The greatest whole number that is not above this one.
    pub fn floor(&self) -> BigInt {
        match &self.0 {
            Repr::Small(n, d) => Integer::div_floor(n, d).into(),
            Repr::Big(value) => shared::floor(value.numer(), value.denom()),
            Repr::Shared(value) => shared::floor(value.over(), value.under()),
        }
    }

    /// The least whole number that is not below this one.
    pub fn ceil(&self) -> BigInt {
        -(-self).floor()
    }

    /// The least whole number that is not below `self / other`.
    ///
    /// # Panics
    ///
    /// If `other` is zero.
    pub(crate) fn ceil_over(&self, other: &Self) -> BigInt {
        let ((a, b), (c, d)) = (self.parts(), other.parts());
        let (over, under) = (a.as_ref() * d.as_ref(), b.as_ref() * c.as_ref());
        -(-over).div_floor(&under)
    }

    /// The nearest float; for the numeric floors and for drawing only.
    pub fn to_f64(&self) -> f64 {
        match &self.0 {
            Repr::Small(n, 1) => *n as f64,
            Repr::Small(n, d) => *n as f64 / *d as f64,
            Repr::Big(value) => shared::nearest(value.numer(), value.denom()),
            Repr::Shared(value) => value.to_f64(),
        }
    }

    /// The number rounded to `places` decimals, halves away from zero, as plain digits.
    pub fn to_decimal(&self, places: u32) -> String {
        let power = BigInt::from(10).pow(places);
        let (over, under) = self.parts();
        let twice: BigInt = over.abs() * 2 * &power + &*under;
        let rounded = twice.div_floor(&(&*under * 2));
        let sign = if self.is_negative() && !rounded.is_zero() { "-" } else { "" };
        if places == 0 {
            return format!("{sign}{rounded}");
        }
        let (whole, part) = rounded.div_rem(&power);
        format!("{sign}{whole}.{part:0>width$}", width = places as usize)
    }
}

impl From<BigRational> for Amount {
    fn from(value: BigRational) -> Self {
        match (value.numer().to_i64(), value.denom().to_i64()) {
            (Some(n), Some(d)) if n != i64::MIN => Self(Repr::Small(n, d)),
            _ => Self(Repr::Big(Arc::new(value))),
        }
    }
}

impl From<BigInt> for Amount {
    fn from(value: BigInt) -> Self {
        BigRational::from_integer(value).into()
    }
}

impl From<i64> for Amount {
    fn from(value: i64) -> Self {
        Self::whole(value)
    }
}

impl From<&Amount> for BigRational {
    fn from(value: &Amount) -> Self {
        value.big()
    }
}

impl PartialOrd for Amount {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Amount {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Repr::Small(a, b), Repr::Small(c, d)) => {
                (i128::from(*a) * i128::from(*d)).cmp(&(i128::from(*c) * i128::from(*b)))
            }
            (Repr::Small(..), _) => other.cmp(self).reverse(),
            (Repr::Big(a), Repr::Small(n, d)) => shared::against((a.numer(), a.denom()), (*n, *d)),
            (Repr::Shared(a), Repr::Small(n, d)) => {
                shared::against((a.over(), a.under()), (*n, *d))
            }
            (Repr::Shared(a), Repr::Shared(b)) if a.shares(b) => a.over().cmp(b.over()),
            _ => {
                let ((a, b), (c, d)) = (self.parts(), other.parts());
                (a.as_ref() * d.as_ref()).cmp(&(c.as_ref() * b.as_ref()))
            }
        }
    }
}

impl PartialEq for Amount {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Repr::Small(a, b), Repr::Small(c, d)) => a == c && b == d,
            (Repr::Big(a), Repr::Big(b)) => a == b,
            (Repr::Small(..), Repr::Big(_)) | (Repr::Big(_), Repr::Small(..)) => false,
            _ => self.cmp(other) == Ordering::Equal,
        }
    }
}

impl Eq for Amount {}

impl Hash for Amount {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match &self.0 {
            Repr::Small(n, d) => (n, d).hash(state),
            Repr::Big(value) => value.hash(state),
            Repr::Shared(value) => Self::from(value.reduced()).hash(state),
        }
    }
}

impl Default for Amount {
    fn default() -> Self {
        Self::ZERO
    }
}
