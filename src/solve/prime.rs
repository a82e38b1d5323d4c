//! Arithmetic modulo the Mersenne prime `2^61 - 1`, in machine words.

use num_bigint::{BigInt, Sign};

use crate::units::Amount;

/// The prime.
pub(crate) const PRIME: u64 = (1 << 61) - 1;

/// How many products of two residues may be added up before their sum is reduced.
const AT_ONCE: usize = 32;

/// The residue of any number of two words.
#[expect(clippy::cast_possible_truncation, reason = "each part is masked to 61 bits")]
pub(crate) fn reduce(value: u128) -> u64 {
    let mask = u128::from(PRIME);
    let sum = (value & mask) as u64 + ((value >> 61) & mask) as u64 + (value >> 122) as u64;
    let sum = (sum & PRIME) + (sum >> 61);
    if sum >= PRIME { sum - PRIME } else { sum }
}

/// The product of two residues.
pub(crate) fn times(a: u64, b: u64) -> u64 {
    reduce(u128::from(a) * u128::from(b))
}

/// `start` and the sum of the products of two lists of residues.
pub(crate) fn dot(start: u64, a: &[u64], b: &[u64]) -> u64 {
    let mut sum = u128::from(start);
    for (a, b) in a.chunks(AT_ONCE).zip(b.chunks(AT_ONCE)) {
        let part: u128 = a.iter().zip(b).map(|(a, b)| u128::from(*a) * u128::from(*b)).sum();
        sum += u128::from(reduce(part));
    }
    reduce(sum)
}

/// The residue whose sum with `value` is zero.
pub(crate) fn minus(value: u64) -> u64 {
    if value == 0 { 0 } else { PRIME - value }
}

/// The inverse of a residue, by Fermat; zero for zero.
pub(crate) fn inverse(value: u64) -> u64 {
    let (mut base, mut power, mut result) = (value, PRIME - 2, 1);
    while power > 0 {
        if power & 1 == 1 {
            result = times(result, base);
        }
        base = times(base, base);
        power >>= 1;
    }
    result
}

/// The residue of a whole number.
pub(crate) fn residue(value: &BigInt) -> u64 {
    residue_of_words(value.magnitude().iter_u64_digits(), value.sign() == Sign::Minus)
}

/// The residue of a whole number of this size, its lowest word first.
pub(crate) fn residue_of_words(size: impl DoubleEndedIterator<Item = u64>, is_below: bool) -> u64 {
    let size = size.rev().fold(0, |high, low| reduce(u128::from(high) << 64 | u128::from(low)));
    if is_below { minus(size) } else { size }
}

/// The residue of a fraction whose denominator the prime does not divide.
pub(crate) fn residue_of(value: &Amount) -> u64 {
    if let Some((over, 1)) = value.words() {
        let size = over.unsigned_abs() % PRIME;
        return if over < 0 { minus(size) } else { size };
    }
    let (over, under) = value.parts();
    times(residue(&over), inverse(residue(&under)))
}
