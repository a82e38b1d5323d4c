use std::cmp::Ordering;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub, SubAssign};

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};

/// An exact rational number: an amount in plan units, a share, a weight or a coefficient.
///
/// Small fractions are kept in two machine words; larger ones move to big integers by themselves,
/// so that arithmetic never rounds and never overflows. Equal numbers are always stored alike.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Amount(Repr);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    /// Reduced, with a positive denominator; neither part is `i64::MIN`.
    Small(i64, i64),
    /// Reduced, with at least one part that does not fit `Small`.
    Big(Box<BigRational>),
}

/// Why a text is not an exact number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParseAmountError {
    /// The text is no decimal number and no fraction.
    #[error("is not a number")]
    NotANumber,
    /// The text is a fraction over zero.
    #[error("divides by zero")]
    DividesByZero,
    /// The number has more than 18 digits before or after its decimal point.
    #[error("has more than 18 digits before or after the decimal point")]
    TooLong,
}

/// Digits that a number read from a file may have on either side of its decimal point.
const MOST_DIGITS: usize = 18;

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

    /// Reads a decimal (`12`, `-0.85`, `1_000`, `1e3`) or a fraction (`1/3`), exactly.
    ///
    /// # Errors
    ///
    /// If the text is neither, divides by zero, or has more than 18 digits on either side of its
    /// decimal point.
    pub fn parse(text: &str) -> Result<Self, ParseAmountError> {
        match text.split_once('/') {
            Some((over, under)) => {
                let under = Self::parse_decimal(under.trim())?;
                if under.is_zero() {
                    return Err(ParseAmountError::DividesByZero);
                }
                Ok(&Self::parse_decimal(over.trim())? / &under)
            }
            None => Self::parse_decimal(text.trim()),
        }
    }

    fn parse_decimal(text: &str) -> Result<Self, ParseAmountError> {
        let (negative, rest) = match text.as_bytes().first() {
            Some(b'-') => (true, text.get(1..).unwrap_or_default()),
            Some(b'+') => (false, text.get(1..).unwrap_or_default()),
            _ => (false, text),
        };
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (
                mantissa,
                exponent.parse::<i32>().ok().filter(|e| e.unsigned_abs() <= 18).ok_or(
                    if exponent.parse::<i128>().is_ok() {
                        ParseAmountError::TooLong
                    } else {
                        ParseAmountError::NotANumber
                    },
                )?,
            ),
            None => (rest, 0),
        };
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let lone_point = mantissa.contains('.') && (whole.is_empty() || part.is_empty());
        let digits: String = [whole, part].concat();
        let stray =
            |text: &str| text.starts_with('_') || text.ends_with('_') || text.contains("__");
        if digits.is_empty() || lone_point || stray(whole) || stray(part) {
            return Err(ParseAmountError::NotANumber);
        }
        let kept: String = digits.chars().filter(|c| *c != '_').collect();
        if !kept.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ParseAmountError::NotANumber);
        }
        let part_digits = part.bytes().filter(|byte| *byte != b'_').count();
        let whole_digits = kept.len() - part_digits;
        if part_digits > MOST_DIGITS || whole_digits > MOST_DIGITS {
            return Err(ParseAmountError::TooLong);
        }
        let value: BigInt = kept.parse().map_err(|_not_digits| ParseAmountError::NotANumber)?;
        let signed = if negative { -value } else { value };
        let places = i64::try_from(part_digits).unwrap_or(0) - i64::from(exponent);
        let power = BigInt::from(10).pow(u32::try_from(places.unsigned_abs()).unwrap_or(0));
        let number = if places >= 0 {
            BigRational::new(signed, power)
        } else {
            BigRational::from_integer(signed * power)
        };
        Ok(number.into())
    }

    fn reduced(numerator: i128, denominator: i128) -> Self {
        let (n, d) = if denominator == 1 {
            (numerator, 1)
        } else {
            let common = numerator.gcd(&denominator);
            let sign = if denominator < 0 { -1 } else { 1 };
            (sign * (numerator / common), sign * (denominator / common))
        };
        match (i64::try_from(n), i64::try_from(d)) {
            (Ok(n), Ok(d)) if n != i64::MIN => Self(Repr::Small(n, d)),
            _ => Self(Repr::Big(Box::new(BigRational::new_raw(n.into(), d.into())))),
        }
    }

    fn big(&self) -> BigRational {
        match &self.0 {
            Repr::Small(n, d) => BigRational::new_raw((*n).into(), (*d).into()),
            Repr::Big(value) => (**value).clone(),
        }
    }

    /// The numerator, in lowest terms; it carries the sign.
    pub fn numerator(&self) -> BigInt {
        match &self.0 {
            Repr::Small(n, _) => (*n).into(),
            Repr::Big(value) => value.numer().clone(),
        }
    }

    /// The denominator, in lowest terms; always positive.
    pub fn denominator(&self) -> BigInt {
        match &self.0 {
            Repr::Small(_, d) => (*d).into(),
            Repr::Big(value) => value.denom().clone(),
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
        }
    }

    /// -1, 0 or 1.
    pub fn signum(&self) -> i32 {
        match &self.0 {
            Repr::Small(n, _) => i32::try_from(n.signum()).unwrap_or(0),
            Repr::Big(value) if value.is_negative() => -1,
            Repr::Big(_) => 1,
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
            Repr::Big(value) => value.numer().div_floor(value.denom()),
        }
    }

    /// The least whole number that is not below this one.
    pub fn ceil(&self) -> BigInt {
        -(-self).floor()
    }

    /// The nearest float; for the numeric floors and for drawing only.
    pub fn to_f64(&self) -> f64 {
        match &self.0 {
            Repr::Small(n, 1) => *n as f64,
            Repr::Small(n, d) => *n as f64 / *d as f64,
            Repr::Big(value) => value.to_f64().unwrap_or(f64::NAN),
        }
    }

    /// The number rounded to `places` decimals, halves away from zero, as plain digits.
    pub fn to_decimal(&self, places: u32) -> String {
        let power = BigInt::from(10).pow(places);
        let scaled = &self.abs() * &Self::from(BigRational::from_integer(power.clone()));
        let rounded = (&scaled + &Self::ratio(1, 2)).floor();
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
            _ => Self(Repr::Big(Box::new(value))),
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

impl Add for &Amount {
    type Output = Amount;
    fn add(self, other: Self) -> Amount {
        match (&self.0, &other.0) {
            (Repr::Small(a, 1), Repr::Small(b, 1)) => {
                Amount::reduced(i128::from(*a) + i128::from(*b), 1)
            }
            (Repr::Small(a, b), Repr::Small(c, d)) => {
                let (a, b, c, d) = (i128::from(*a), i128::from(*b), i128::from(*c), i128::from(*d));
                match (a * d).checked_add(c * b) {
                    Some(n) => Amount::reduced(n, b * d),
                    None => (self.big() + other.big()).into(),
                }
            }
            _ => (self.big() + other.big()).into(),
        }
    }
}

impl Sub for &Amount {
    type Output = Amount;
    fn sub(self, other: Self) -> Amount {
        self + &-other
    }
}

impl Mul for &Amount {
    type Output = Amount;
    fn mul(self, other: Self) -> Amount {
        match (&self.0, &other.0) {
            (Repr::Small(a, b), Repr::Small(c, d)) => {
                Amount::reduced(i128::from(*a) * i128::from(*c), i128::from(*b) * i128::from(*d))
            }
            _ => (self.big() * other.big()).into(),
        }
    }
}

impl Div for &Amount {
    type Output = Amount;
    /// # Panics
    ///
    /// If `other` is zero.
    fn div(self, other: Self) -> Amount {
        assert!(!other.is_zero(), "an amount is never divided by zero");
        match (&self.0, &other.0) {
            (Repr::Small(a, b), Repr::Small(c, d)) => {
                Amount::reduced(i128::from(*a) * i128::from(*d), i128::from(*b) * i128::from(*c))
            }
            _ => (self.big() / other.big()).into(),
        }
    }
}

impl Neg for &Amount {
    type Output = Amount;
    fn neg(self) -> Amount {
        match &self.0 {
            Repr::Small(n, d) => Amount(Repr::Small(-n, *d)),
            Repr::Big(value) => (-(**value).clone()).into(),
        }
    }
}

impl Neg for Amount {
    type Output = Self;
    fn neg(self) -> Self {
        -&self
    }
}

macro_rules! owned {
    ($($trait:ident $method:ident),*) => {$(
        impl $trait for Amount {
            type Output = Self;
            fn $method(self, other: Self) -> Self {
                (&self).$method(&other)
            }
        }
        impl $trait<&Self> for Amount {
            type Output = Self;
            fn $method(self, other: &Self) -> Self {
                (&self).$method(other)
            }
        }
    )*};
}
owned!(Add add, Sub sub, Mul mul, Div div);

impl AddAssign<&Self> for Amount {
    fn add_assign(&mut self, other: &Self) {
        *self = &*self + other;
    }
}

impl SubAssign<&Self> for Amount {
    fn sub_assign(&mut self, other: &Self) {
        *self = &*self - other;
    }
}

impl MulAssign<&Self> for Amount {
    fn mul_assign(&mut self, other: &Self) {
        *self = &*self * other;
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        let mut total = Total::default();
        parts.for_each(|part| total.add(&part));
        total.amount()
    }
}

impl<'a> Sum<&'a Self> for Amount {
    fn sum<I: Iterator<Item = &'a Self>>(parts: I) -> Self {
        let mut total = Total::default();
        parts.for_each(|part| total.add(part));
        total.amount()
    }
}

/// A running sum. Large fractions are brought to lowest terms once, at the end.
#[derive(Default)]
struct Total {
    small: Amount,
    large: Option<(BigInt, BigInt)>,
}

impl Total {
    fn add(&mut self, part: &Amount) {
        let Repr::Big(value) = &part.0 else {
            self.small = &self.small + part;
            return;
        };
        let Some((over, under)) = &mut self.large else {
            self.large = Some((value.numer().clone(), value.denom().clone()));
            return;
        };
        let (times, rest) = under.div_rem(value.denom());
        if rest.is_zero() {
            *over += value.numer() * times;
        } else {
            let common = under.lcm(value.denom());
            *over *= &common / &*under;
            *over += value.numer() * (&common / value.denom());
            *under = common;
        }
    }

    fn amount(self) -> Amount {
        match self.large {
            None => self.small,
            Some((over, under)) => &Amount::from(BigRational::new(over, under)) + &self.small,
        }
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
            _ => self.big().cmp(&other.big()),
        }
    }
}

impl Default for Amount {
    fn default() -> Self {
        Self::ZERO
    }
}

/// The exact number: a terminating decimal of at most 18 places where there is one, else a fraction.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_whole() {
            return write!(f, "{}", self.numerator());
        }
        let mut rest = self.denominator();
        let mut places = 0;
        for prime in [2, 5] {
            let mut count = 0;
            while Zero::is_zero(&(&rest % prime)) && count <= 18 {
                rest /= prime;
                count += 1;
            }
            places = places.max(count);
        }
        if rest == BigInt::from(1) && places <= 18 {
            f.write_str(&self.to_decimal(places))
        } else {
            write!(f, "{}/{}", self.numerator(), self.denominator())
        }
    }
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Amount {
        Amount::parse(text).expect("a number")
    }

    #[test]
    fn decimals_and_fractions_are_read_exactly() {
        assert_eq!(amount("0.85"), Amount::ratio(85, 100));
        assert_eq!(amount("-512/8003"), Amount::ratio(-512, 8003));
        assert_eq!(amount("339.125"), Amount::ratio(2713, 8));
        assert_eq!(amount("1_000"), Amount::whole(1000));
        assert_eq!(amount("1.5e3"), Amount::whole(1500));
        assert_eq!(amount("25e-2"), Amount::ratio(1, 4));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "", "-", ".", "1.", ".5", "1__0", "_1", "1,5", "abc", "1/x", "0x10", "nan", "inf", "1e",
        ] {
            assert_eq!(Amount::parse(text), Err(ParseAmountError::NotANumber), "{text:?}");
        }
        assert_eq!(Amount::parse("1/0"), Err(ParseAmountError::DividesByZero));
        assert_eq!(Amount::parse("1e999999999999"), Err(ParseAmountError::TooLong));
        assert_eq!(Amount::parse("1234567890123456789"), Err(ParseAmountError::TooLong));
    }

    #[test]
    fn a_number_grows_past_machine_words_and_comes_back() {
        let large = Amount::whole(i64::MAX);
        let square = &large * &large;
        assert_eq!(&square / &large, large);
        assert_eq!(&square - &square, Amount::ZERO);
        assert!(square > large && -&square < Amount::ZERO);
    }

    #[test]
    fn decimals_are_rounded_half_away_from_zero() {
        assert_eq!(amount("2.345").to_decimal(2), "2.35");
        assert_eq!(amount("-2.345").to_decimal(2), "-2.35");
        assert_eq!(amount("-0.001").to_decimal(2), "0.00");
        assert_eq!(amount("-7/2").to_decimal(0), "-4");
    }

    #[test]
    fn the_text_of_a_number_reads_back_equal() {
        for text in ["12", "-0.125", "1/3", "-512/8003", "0.000000000000000001"] {
            assert_eq!(amount(text).to_string(), text);
        }
    }

    #[test]
    fn floor_and_ceil_look_down_and_up_on_both_sides_of_zero() {
        assert_eq!(amount("-3.5").floor(), BigInt::from(-4));
        assert_eq!(amount("-3.5").ceil(), BigInt::from(-3));
        assert_eq!(amount("3.5").floor(), BigInt::from(3));
        assert_eq!(amount("3").ceil(), BigInt::from(3));
    }
}
