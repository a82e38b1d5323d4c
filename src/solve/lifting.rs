//! What a p-adic solution still has to explain: wide whole numbers in words, two's complement.

use num_bigint::{BigInt, BigUint, Sign};

use super::padic::Whole;
use super::prime::{PRIME, minus, reduce};

/// Bits of one digit of a coefficient: products with residues add up in two words.
const DIGIT: u32 = 48;

/// A matrix of whole numbers, row by row, cut into digits.
pub(crate) struct Cut {
    /// For each row, for each digit, the columns that have one: place and signed digit.
    rows: Vec<Vec<Vec<(usize, i64)>>>,
    /// The bits of the largest sum of a row without its signs.
    bits: u64,
}

impl Cut {
    pub(crate) fn new<W: Whole>(matrix: &[Vec<W>]) -> Self {
        let mut bits = 0;
        let rows = matrix.iter().map(|row| {
            let sum = row.iter().fold(0_u128, |sum, value| {
                let mut words = value.size();
                let (low, high) = (words.next().unwrap_or(0), words.next().unwrap_or(0));
                let own = if words.len() > 0 {
                    u128::MAX
                } else {
                    u128::from(high) << 64 | u128::from(low)
                };
                sum.saturating_add(own)
            });
            let own = if sum == u128::MAX {
                row.iter().map(|value| value.big().magnitude().clone()).sum::<BigUint>().bits()
            } else {
                u64::from(128 - sum.leading_zeros())
            };
            bits = bits.max(own);
            digits(row)
        });
        let rows = rows.collect();
        Self { rows, bits }
    }

    /// The bits of the largest sum of a row without its signs.
    pub(crate) fn bits(&self) -> u64 {
        self.bits
    }
}

fn digits<W: Whole>(row: &[W]) -> Vec<Vec<(usize, i64)>> {
    let mut planes: Vec<Vec<(usize, i64)>> = Vec::new();
    for (column, value) in row.iter().enumerate() {
        let mut words = value.size();
        let (mut held, mut count, mut plane) = (0_u128, 0_u32, 0);
        loop {
            if count < DIGIT
                && let Some(word) = words.next()
            {
                held |= u128::from(word) << count;
                count += 64;
            }
            if held == 0 && words.len() == 0 {
                break;
            }
            let digit = i64::try_from(held & ((1 << DIGIT) - 1)).unwrap_or(0);
            held >>= DIGIT;
            count = count.saturating_sub(DIGIT);
            if planes.len() == plane {
                planes.push(Vec::new());
            }
            if digit != 0 {
                let signed = if value.is_below() { -digit } else { digit };
                planes[plane].push((column, signed));
            }
            plane += 1;
        }
    }
    planes
}

/// One wide number for each row, all of one width.
pub(crate) struct Rest {
    words: Vec<u64>,
    /// The words of each number, and how many of them are in use.
    stride: usize,
    width: usize,
    /// The bits that the largest of them may have.
    bits: u64,
    /// The bits that a step adds at most, before it divides.
    step: u64,
}

/// The bits of the prime.
pub(crate) const PRIME_BITS: u64 = 61;

fn words_for(bits: u64) -> usize {
    usize::try_from(bits / 64 + 1).unwrap_or(usize::MAX)
}

impl Rest {
    pub(crate) fn new(right: &[BigInt], matrix: &Cut) -> Self {
        let bits = right.iter().map(BigInt::bits).max().unwrap_or(0);
        let step = matrix.bits() + PRIME_BITS;
        // A sign, and a bit for the sum of two numbers.
        let stride = words_for(bits.max(step) + 2);
        let mut words = Vec::with_capacity(stride * right.len());
        for value in right {
            let start = words.len();
            words.extend(value.magnitude().iter_u64_digits());
            words.resize(start + stride, 0);
            if value.sign() == Sign::Minus {
                negate(&mut words[start..]);
            }
        }
        Self { words, stride, width: stride, bits, step }
    }

    /// The residues of the numbers.
    pub(crate) fn residues(&self) -> Vec<u64> {
        self.words.chunks(self.stride).map(|own| residue(&own[..self.width])).collect()
    }

    /// Takes off `matrix` times `digit`, which leaves multiples of the prime, and divides by it.
    pub(crate) fn lower(&mut self, matrix: &Cut, digit: &[u64]) {
        for (own, row) in self.words.chunks_mut(self.stride).zip(&matrix.rows) {
            let own = &mut own[..self.width];
            for (plane, entries) in row.iter().enumerate() {
                let sum: i128 = entries
                    .iter()
                    .map(|(column, value)| i128::from(*value) * i128::from(digit[*column]))
                    .sum();
                take(own, sum, plane * DIGIT as usize);
            }
            divide(own);
        }
        self.bits = (self.bits.max(self.step) + 1).saturating_sub(PRIME_BITS - 1);
        self.width = self.width.min(words_for(self.bits.max(self.step) + 2));
    }
}

fn negate(words: &mut [u64]) {
    let mut carry = true;
    for word in words {
        let (value, over) = (!*word).overflowing_add(u64::from(carry));
        (*word, carry) = (value, over);
    }
}

fn is_negative(words: &[u64]) -> bool {
    words.last().is_some_and(|word| word >> 63 == 1)
}

fn residue(words: &[u64]) -> u64 {
    let value =
        words.iter().rev().fold(0, |high, low| reduce(u128::from(high) << 64 | u128::from(*low)));
    if !is_negative(words) {
        return value;
    }
    // 2^61 is one modulo the prime.
    let power = 1_u64 << ((64 * words.len()) % 61);
    reduce(u128::from(value) + u128::from(minus(power % PRIME)))
}

/// `words - value * 2^shift`.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "words of a number")]
fn take(words: &mut [u64], value: i128, shift: usize) {
    let (first, bits) = (shift / 64, shift % 64);
    let low = (value as u128) << bits;
    let high = if bits == 0 { value >> 127 } else { value >> (128 - bits) };
    let sign = (value >> 127) as u64;
    let parts = [low as u64, (low >> 64) as u64, high as u64];
    let mut borrow = false;
    for (place, word) in words[first..].iter_mut().enumerate() {
        let part = parts.get(place).copied().unwrap_or(sign);
        let (value, under) = word.overflowing_sub(part);
        let (value, again) = value.overflowing_sub(u64::from(borrow));
        *word = value;
        borrow = under || again;
    }
}

/// The inverse of the prime modulo a word: `-(1 + 2^61)`, as `(2^61 - 1)(2^61 + 1)` is `-1` there.
const INVERSE: u64 = 0_u64.wrapping_sub((1 << 61) + 1);

/// Divides a multiple of the prime by it, from its lowest word (Jebelean 1993).
fn divide(words: &mut [u64]) {
    let mut carry = 0_u64;
    for word in words {
        let (value, under) = word.overflowing_sub(carry);
        let quotient = value.wrapping_mul(INVERSE);
        *word = quotient;
        carry = ((u128::from(quotient) * u128::from(PRIME)) >> 64) as u64 + u64::from(under);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(value: &BigInt, count: usize) -> Vec<u64> {
        let mut words: Vec<u64> = value.magnitude().iter_u64_digits().collect();
        words.resize(count, 0);
        if value.sign() == Sign::Minus {
            negate(&mut words);
        }
        words
    }

    #[test]
    fn words_count_as_the_numbers_that_they_are() {
        let big = |text: &str| text.parse::<BigInt>().expect("digits");
        let prime = BigInt::from(PRIME);
        for text in ["0", "1", "-1", "98765432109876543210987654321", "-98765432109876543210987"] {
            let value = big(text);
            let mut own = words(&(&value * &prime), 3);
            divide(&mut own);
            assert_eq!(own, words(&value, 3), "{text}");
            let mut rest = words(&value, 4);
            take(&mut rest, -12_345_678_901_234_567_890_123, 48);
            let step = big("12345678901234567890123") * (BigInt::from(1) << 48);
            assert_eq!(rest, words(&(&value + step), 4), "{text}");
            assert_eq!(residue(&words(&value, 3)), super::super::prime::residue(&value), "{text}");
        }
    }

    #[test]
    fn a_large_coefficient_is_cut_into_digits() {
        let value = "-98765432109876543210987654321".parse::<BigInt>().expect("digits");
        let planes = digits(std::slice::from_ref(&value));
        let sum: BigInt = planes
            .iter()
            .enumerate()
            .flat_map(|(plane, own)| own.iter().map(move |(_, digit)| (plane, digit)))
            .map(|(plane, digit)| BigInt::from(*digit) << (48 * plane))
            .sum();
        assert_eq!(sum, value);
    }
}
