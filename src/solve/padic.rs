//! Exact solution of integer systems by p-adic lifting (Dixon 1982).
//!
//! One inverse modulo a prime of one machine word turns each further digit of the solution into a
//! product of words; the fractions are read back by rational reconstruction and then checked, so
//! that the method can give up but never be wrong.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// The solution `numerators / denominator`, with the denominator above zero.
pub(crate) struct Fractions {
    /// One an unknown.
    pub(crate) numerators: Vec<BigInt>,
    /// Shared by all.
    pub(crate) denominator: BigInt,
}

/// A prime below 2^61.
const PRIME: u64 = (1 << 61) - 1;
/// The digits after which the fractions are read back for the first time.
const FIRST: usize = 6;
/// The digits after which the method gives up.
const MOST: usize = 600;

/// Solves `matrix * x = right`; `None` where the matrix has no inverse modulo the prime, or the
/// fractions are too long.
pub(crate) fn solve(matrix: &[Vec<BigInt>], right: &[BigInt]) -> Option<Fractions> {
    let size = matrix.len();
    let inverse = invert(matrix)?;
    let prime = BigInt::from(PRIME);
    let mut rest: Vec<BigInt> = right.to_vec();
    let mut value = vec![BigInt::zero(); size];
    let mut power = BigInt::one();
    let mut next = FIRST;
    for digits in 1..=MOST {
        let words: Vec<u64> = rest.iter().map(residue).collect();
        let digit: Vec<u64> = inverse.iter().map(|row| dot(row, &words)).collect();
        for (value, digit) in value.iter_mut().zip(&digit) {
            *value += &power * *digit;
        }
        power *= &prime;
        for (rest, row) in rest.iter_mut().zip(matrix) {
            for (entry, digit) in row.iter().zip(&digit) {
                if !entry.is_zero() {
                    *rest -= entry * *digit;
                }
            }
            *rest /= &prime;
        }
        if digits == next {
            next += next / 2;
            if let Some(found) = read_back(&value, &power)
                && holds(matrix, right, &found)
            {
                return Some(found);
            }
        }
    }
    None
}

fn residue(value: &BigInt) -> u64 {
    value.mod_floor(&BigInt::from(PRIME)).to_u64().unwrap_or(0)
}

fn times(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b) % u128::from(PRIME);
    u64::try_from(product).unwrap_or(0)
}

fn dot(row: &[u64], words: &[u64]) -> u64 {
    // Each product is below 2^122, so that 32 of them fit beside one another.
    let mut sum = 0_u128;
    for (rows, words) in row.chunks(32).zip(words.chunks(32)) {
        let part: u128 = rows.iter().zip(words).map(|(a, b)| u128::from(*a) * u128::from(*b)).sum();
        sum += part % u128::from(PRIME);
    }
    u64::try_from(sum % u128::from(PRIME)).unwrap_or(0)
}

/// The inverse modulo the prime, by Gauss and Jordan.
fn invert(matrix: &[Vec<BigInt>]) -> Option<Vec<Vec<u64>>> {
    let size = matrix.len();
    let mut rows: Vec<Vec<u64>> = matrix
        .iter()
        .enumerate()
        .map(|(place, row)| {
            let unit = (0..size).map(|other| u64::from(other == place));
            row.iter().map(residue).chain(unit).collect()
        })
        .collect();
    for k in 0..size {
        let pivot = (k..size).find(|row| rows[*row][k] != 0)?;
        rows.swap(k, pivot);
        let unit = power(rows[k][k], PRIME - 2);
        for value in &mut rows[k][k..] {
            *value = times(*value, unit);
        }
        let lead = rows[k].clone();
        for (place, row) in rows.iter_mut().enumerate() {
            let factor = row[k];
            if place == k || factor == 0 {
                continue;
            }
            for (value, other) in row[k..].iter_mut().zip(&lead[k..]) {
                let sum = u128::from(*value) + u128::from(PRIME - factor) * u128::from(*other);
                *value = u64::try_from(sum % u128::from(PRIME)).unwrap_or(0);
            }
        }
    }
    Some(rows.into_iter().map(|row| row[size..].to_vec()).collect())
}

fn power(mut base: u64, mut exponent: u64) -> u64 {
    let mut result = 1;
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = times(result, base);
        }
        base = times(base, base);
        exponent >>= 1;
    }
    result
}

/// Fractions over one denominator that are `value` modulo `modulus`, if there are short ones.
fn read_back(value: &[BigInt], modulus: &BigInt) -> Option<Fractions> {
    let most = (modulus / 2_u8).sqrt();
    let mut denominator = BigInt::one();
    let mut numerators: Vec<BigInt> = Vec::with_capacity(value.len());
    for own in value {
        let scaled = (own * &denominator).mod_floor(modulus);
        let near = if &scaled * 2_u8 > *modulus { &scaled - modulus } else { scaled.clone() };
        if near.abs() <= most {
            numerators.push(near);
            continue;
        }
        let (over, under) = fraction(&scaled, modulus, &most)?;
        for known in &mut numerators {
            *known *= &under;
        }
        denominator *= &under;
        numerators.push(over);
    }
    (denominator.abs() <= most).then_some(Fractions { numerators, denominator })
}

/// The fraction with parts of at most `most` that is `value` modulo `modulus`, by Euclid (Wang 1981).
fn fraction(value: &BigInt, modulus: &BigInt, most: &BigInt) -> Option<(BigInt, BigInt)> {
    let (mut high, mut low) = (modulus.clone(), value.clone());
    let (mut before, mut now) = (BigInt::zero(), BigInt::one());
    while low > *most {
        let (quotient, rest) = high.div_rem(&low);
        high = std::mem::replace(&mut low, rest);
        let next = &before - &quotient * &now;
        before = std::mem::replace(&mut now, next);
    }
    if now.abs() > *most || now.is_zero() {
        return None;
    }
    Some(if now.is_negative() { (-low, -now) } else { (low, now) })
}

fn holds(matrix: &[Vec<BigInt>], right: &[BigInt], found: &Fractions) -> bool {
    matrix.iter().zip(right).all(|(row, right)| {
        let terms = row.iter().zip(&found.numerators).filter(|(entry, _)| !entry.is_zero());
        terms.map(|(entry, own)| entry * own).sum::<BigInt>() == right * &found.denominator
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn big(values: &[i64]) -> Vec<BigInt> {
        values.iter().map(|value| BigInt::from(*value)).collect()
    }

    /// 2x + y = 1, x + 3y = 0 has x = 3/5 and y = -1/5.
    #[test]
    fn fractions_share_their_denominator() {
        let found = solve(&[big(&[2, 1]), big(&[1, 3])], &big(&[1, 0])).expect("regular");
        assert_eq!(found.denominator, BigInt::from(5));
        assert_eq!(found.numerators, big(&[3, -1]));
    }

    #[test]
    fn a_singular_system_is_left_to_others() {
        assert!(solve(&[big(&[1, 2]), big(&[2, 4])], &big(&[1, 2])).is_none());
    }

    /// The Hilbert matrix of order 12, scaled: its inverse has entries of twelve digits.
    #[test]
    fn long_fractions_are_found_and_checked() {
        let scale: i64 = (1..=23).fold(1, |all, n| all.lcm(&n));
        let rows: Vec<Vec<BigInt>> =
            (0..12).map(|i| (0..12).map(|j| BigInt::from(scale / (i + j + 1))).collect()).collect();
        let right: Vec<BigInt> = (0..12).map(|i| BigInt::from(i * i - 7)).collect();
        let found = solve(&rows, &right).expect("regular");
        assert!(holds(&rows, &right, &found));
    }
}
