//! The float that is nearest to a rational, whatever its size.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Float;

use super::Amount;

/// Numbers of a machine word up to here are floats exactly.
const EXACT: u64 = 1 << 53;

impl Amount {
    /// The float nearest to the number, the even one of two: the same on every machine, and for
    /// equal numbers whatever they were computed from.
    pub fn nearest_f64(&self) -> f64 {
        if let Some((over, under)) = self.words()
            && over.unsigned_abs() <= EXACT
            && under.unsigned_abs() <= EXACT
        {
            return over as f64 / under as f64;
        }
        let (over, under) = self.parts();
        super::shared::nearest(&over, &under)
    }

    /// The number that a float is, exactly; `None` where it is none.
    pub fn from_f64(value: f64) -> Option<Self> {
        if !value.is_finite() {
            return None;
        }
        let (digits, exponent, sign) = Float::integer_decode(value);
        if digits == 0 {
            return Some(Self::ZERO);
        }
        // An odd number and a power of two have nothing in common.
        let even = digits.trailing_zeros();
        let odd = BigInt::from(digits >> even) * sign;
        let exponent = i64::from(exponent) + i64::from(even);
        Some(if exponent >= 0 {
            Self::from(odd << exponent)
        } else {
            BigRational::new_raw(odd, BigInt::from(1) << -exponent).into()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_float_is_found() {
        let thirds: f64 = "3".repeat(40).parse().expect("a number");
        let third = &Amount::from(BigInt::from(10).pow(40)) / &Amount::from(BigInt::from(3));
        assert_eq!(third.nearest_f64().to_bits(), thirds.to_bits());
        assert_eq!((-third).nearest_f64().to_bits(), (-thirds).to_bits());
        // Half-way between two floats: the even one.
        let half = Amount::from(BigInt::from((1_i64 << 53) + 1));
        assert_eq!(half.nearest_f64().to_bits(), (9_007_199_254_740_992.0_f64).to_bits());
        // A hair above half-way: the upper one.
        let hair = &half + &(&Amount::ONE / &Amount::from(BigInt::from(10).pow(30)));
        assert_eq!(hair.nearest_f64().to_bits(), (9_007_199_254_740_994.0_f64).to_bits());
        assert_eq!(Amount::ratio(1, 10).nearest_f64().to_bits(), (0.1_f64).to_bits());
        let tiny = &Amount::ONE / &Amount::from(BigInt::from(10).pow(300));
        assert_eq!(tiny.nearest_f64().to_bits(), (1e-300_f64).to_bits());
    }

    #[test]
    fn a_float_is_the_number_that_it_is() {
        let floats = [0.1, -0.75, 3.0, 6_000.0, 1e300, -1e-300, 5e-324, f64::MAX, 0.0, -0.0];
        for value in floats {
            let own = Amount::from_f64(value).expect("a number");
            let known = BigRational::from_float(value).expect("a number");
            assert_eq!((own.numerator(), own.denominator()), known.into_raw(), "{value}");
        }
        assert!(Amount::from_f64(f64::NAN).is_none() && Amount::from_f64(f64::INFINITY).is_none());
    }
}
