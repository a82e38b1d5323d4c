//! Numbers from text and back.

use std::fmt;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;

use super::Amount;

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
        let places = i64::try_from(part_digits).unwrap_or(0) - i64::from(exponent);
        if let Ok(value) = kept.parse::<i64>()
            && let Some(power) = u32::try_from(places).ok().and_then(|own| 10_i64.checked_pow(own))
        {
            return Ok(Self::ratio(if negative { -value } else { value }, power));
        }
        let value: BigInt = kept.parse().map_err(|_not_digits| ParseAmountError::NotANumber)?;
        let signed = if negative { -value } else { value };
        let power = BigInt::from(10).pow(u32::try_from(places.unsigned_abs()).unwrap_or(0));
        let number = if places >= 0 {
            BigRational::new(signed, power)
        } else {
            BigRational::from_integer(signed * power)
        };
        Ok(number.into())
    }
}

/// The exact number: a terminating decimal of at most 18 places where there is one, else a fraction.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((whole, 1)) = self.words() {
            return write!(f, "{whole}");
        }
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
