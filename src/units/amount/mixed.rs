//! A large fraction with a small one: no common divisor of two large numbers is ever needed.

use std::sync::Arc;

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::ToPrimitive;

use super::{Amount, Repr};

/// The greatest common divisor of a large number and a small one other than zero.
pub(super) fn common(large: &BigInt, small: i64) -> i64 {
    if small.abs() == 1 {
        return 1;
    }
    let rest = i64::try_from(remainder(large, small.unsigned_abs())).unwrap_or(0);
    // Both are below 2^63 in size, and `small` is not zero, so that the divisor is too.
    i64::try_from(i128::from(rest).gcd(&i128::from(small))).unwrap_or(1)
}

/// What is left of the size of a large number after division by a small one other than zero.
fn remainder(large: &BigInt, small: u64) -> u64 {
    if u32::try_from(small).is_ok() {
        let digits = large.magnitude().iter_u32_digits().rev();
        return digits.fold(0, |rest, digit| (rest << 32 | u64::from(digit)) % small);
    }
    (large.magnitude() % small).to_u64().unwrap_or(0)
}

/// The fraction `over / under`, which is in lowest terms already, with `under` above zero.
pub(super) fn lowest(over: BigInt, under: BigInt) -> Amount {
    match (over.to_i64(), under.to_i64()) {
        (Some(n), Some(d)) if n != i64::MIN => Amount(Repr::Small(n, d)),
        _ => Amount(Repr::Big(Arc::new(BigRational::new_raw(over, under)))),
    }
}

/// `large + n / d`, with `n / d` in lowest terms and `d` above zero (Knuth, volume 2, 4.5.1).
pub(super) fn add(large: &BigRational, n: i64, d: i64) -> Amount {
    let (over, under) = (large.numer(), large.denom());
    if d == 1 {
        return lowest(over + under * n, under.clone());
    }
    let shared = common(under, d);
    if shared == 1 {
        return lowest(over * d + under * n, under * d);
    }
    let sum = over * (d / shared) + under / shared * n;
    let rest = common(&sum, shared);
    lowest(sum / rest, under / shared * (d / rest))
}

/// `large * n / d`, with `n / d` in lowest terms, `n` other than zero and `d` above zero.
pub(super) fn times(large: &BigRational, n: i64, d: i64) -> Amount {
    let (over, under) = (large.numer(), large.denom());
    let (cross, across) = (common(under, n), common(over, d));
    if (cross, across) == (1, 1) {
        return lowest(over * n, under * d);
    }
    lowest(over / across * (n / cross), under / cross * (d / across))
}
