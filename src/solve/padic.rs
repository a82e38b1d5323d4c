//! Exact solution of integer systems by p-adic lifting (Dixon 1982).
//!
//! One factorisation modulo a prime of one machine word turns each further digit of the solution
//! into products of words; the fractions are read back by rational reconstruction and then
//! checked, so that the method can give up but never be wrong.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, Zero};

use super::factor::Factor;
use super::lifting::{Cut, PRIME_BITS, Rest};
use super::prime::PRIME;

/// The solution `numerators / denominator`, with the denominator above zero.
pub(crate) struct Fractions {
    /// One an unknown.
    pub(crate) numerators: Vec<BigInt>,
    /// Shared by all.
    pub(crate) denominator: BigInt,
}

/// A whole number of a matrix.
pub(crate) trait Whole {
    /// Whether it is below zero.
    fn is_below(&self) -> bool;
    /// Its size in words, the lowest first.
    fn size(&self) -> impl DoubleEndedIterator<Item = u64> + ExactSizeIterator;
    /// The number.
    fn big(&self) -> BigInt;
}

impl Whole for BigInt {
    fn is_below(&self) -> bool {
        self.is_negative()
    }
    fn size(&self) -> impl DoubleEndedIterator<Item = u64> + ExactSizeIterator {
        self.magnitude().iter_u64_digits()
    }
    fn big(&self) -> BigInt {
        self.clone()
    }
}

impl Whole for i128 {
    fn is_below(&self) -> bool {
        *self < 0
    }
    #[expect(clippy::cast_possible_truncation, reason = "words of a number")]
    fn size(&self) -> impl DoubleEndedIterator<Item = u64> + ExactSizeIterator {
        let size = self.unsigned_abs();
        let words = [size as u64, (size >> 64) as u64];
        let count = words.iter().rposition(|word| *word != 0).map_or(0, |last| last + 1);
        words.into_iter().take(count)
    }
    fn big(&self) -> BigInt {
        BigInt::from(*self)
    }
}

/// The digits after which the fractions are read back for the first time.
const FIRST: usize = 4;
/// The digits after which the method gives up.
const MOST: usize = 1200;

/// Solves `matrix * x = right` for each of several right sides; `None` where the matrix has no
/// inverse modulo the prime, or the fractions are too long.
pub(crate) fn solve_all<W: Whole, R: AsRef<[BigInt]>>(
    matrix: &[Vec<W>],
    rights: &[R],
) -> Option<Vec<Fractions>> {
    let factor = Factor::new(matrix)?;
    let cut = Cut::new(matrix);
    let mut powers = Powers::default();
    let lift = |right: &R| lifted(matrix, (&factor, &cut), right.as_ref(), &mut powers);
    rights.iter().map(lift).collect()
}

/// The solution for one right side, digit by digit.
fn lifted<W: Whole>(
    matrix: &[Vec<W>],
    (factor, cut): (&Factor, &Cut),
    right: &[BigInt],
    powers: &mut Powers,
) -> Option<Fractions> {
    let mut rest = Rest::new(right, cut);
    let mut digits: Vec<Vec<u64>> = vec![Vec::new(); matrix.len()];
    let mut next = FIRST;
    for count in 1..=MOST {
        let digit = factor.solve(&rest.residues());
        for (known, digit) in digits.iter_mut().zip(&digit) {
            known.push(*digit);
        }
        rest.lower(cut, &digit);
        if count == next {
            next += (next / 4).max(2);
            if let Some(found) = read_back(matrix, right, (&digits, cut), powers) {
                return Some(found);
            }
        }
    }
    None
}

/// Powers of the prime, and numbers from their digits.
#[derive(Default)]
struct Powers(Vec<BigInt>);

impl Powers {
    /// The prime to the power of two to the power of `level`.
    fn at(&mut self, level: usize) -> &BigInt {
        if self.0.is_empty() {
            self.0.push(BigInt::from(PRIME));
        }
        while self.0.len() <= level {
            let last = &self.0[self.0.len() - 1];
            self.0.push(last * last);
        }
        &self.0[level]
    }

    fn power(&mut self, count: usize) -> BigInt {
        let levels = (0..usize::BITS as usize).filter(|level| count >> level & 1 == 1);
        levels.fold(BigInt::one(), |product, level| product * self.at(level))
    }

    /// The number with these digits, the lowest first.
    fn number(&mut self, digits: &[u64]) -> BigInt {
        match digits {
            [] => BigInt::zero(),
            [digit] => BigInt::from(*digit),
            _ => {
                let level = (usize::BITS - 1 - (digits.len() - 1).leading_zeros()) as usize;
                let (low, high) = digits.split_at(1 << level);
                let (low, high) = (self.number(low), self.number(high));
                low + high * self.at(level)
            }
        }
    }
}

/// The fractions over one denominator that have these digits and solve the system, if there are short ones.
///
/// A mixture of the unknowns has the denominator of all, but for bad luck, and is as long as any: one run of
/// Euclid tells whether there are enough digits. The numerators are shorter, and so are the numbers that give them.
fn read_back<W: Whole>(
    matrix: &[Vec<W>],
    right: &[BigInt],
    (digits, cut): (&[Vec<u64>], &Cut),
    powers: &mut Powers,
) -> Option<Fractions> {
    let count = digits.first().map_or(0, Vec::len);
    let modulus = powers.power(count);
    let most = most_of(&modulus);
    let mixed = powers.number(&mixture(digits)).mod_floor(&modulus);
    let (over, denominator) = fraction(mixed, &modulus, &most)?;
    let bits = (cut.bits() + over.bits()).max(largest(right) + denominator.bits());
    let short = usize::try_from(bits / PRIME_BITS + 2).map_or(count, |short| short.min(count));
    let less = powers.power(short);
    let near = |own: &Vec<u64>| nearest(&(powers.number(&own[..short]) * &denominator), &less);
    let found = Fractions { numerators: digits.iter().map(near).collect(), denominator };
    if is_short((cut, right), &found, &less) {
        return Some(found);
    }
    let found = each(digits, found.denominator, &modulus, powers)?;
    holds(matrix, right, &found, (cut, &modulus)).then_some(found)
}

/// The digits of a sum of multiples of the unknowns.
fn mixture(digits: &[Vec<u64>]) -> Vec<u64> {
    const TIMES: [u64; 7] = [40_503, 9_973, 58_111, 23_209, 7_919, 50_021, 31_337];
    let count = digits.first().map_or(0, Vec::len);
    let prime = u128::from(PRIME);
    let mut carry = 0;
    let digit = |place: usize| {
        let terms = digits.iter().zip(TIMES.iter().cycle());
        let sum: u128 = terms.map(|(own, times)| u128::from(own[place]) * u128::from(*times)).sum();
        let digit = (sum + carry) % prime;
        carry = (sum + carry) / prime;
        u64::try_from(digit).unwrap_or(0)
    };
    (0..count).map(digit).collect()
}

/// The largest power of two whose square, doubled, is below `modulus`.
fn most_of(modulus: &BigInt) -> BigInt {
    BigInt::one() << (modulus.bits().saturating_sub(2) / 2)
}

/// The number of least size that is `value` modulo `modulus`.
fn nearest(value: &BigInt, modulus: &BigInt) -> BigInt {
    let rest = value.mod_floor(modulus);
    if rest.bits() + 1 < modulus.bits() || &rest * 2_u8 <= *modulus { rest } else { rest - modulus }
}

/// Fractions that have these digits, one unknown after the other; their denominator is a multiple of the one
/// that is given.
fn each(
    digits: &[Vec<u64>],
    mut denominator: BigInt,
    modulus: &BigInt,
    powers: &mut Powers,
) -> Option<Fractions> {
    let most = most_of(modulus);
    let mut numerators: Vec<BigInt> = Vec::with_capacity(digits.len());
    for own in digits {
        let near = nearest(&(powers.number(own) * &denominator), modulus);
        if near.magnitude() <= most.magnitude() {
            numerators.push(near);
            continue;
        }
        let (over, under) = fraction(near.mod_floor(modulus), modulus, &most)?;
        for known in &mut numerators {
            *known *= &under;
        }
        denominator *= &under;
        if denominator > most {
            return None;
        }
        numerators.push(over);
    }
    Some(Fractions { numerators, denominator })
}

/// The fraction with parts of at most `most` that is `value` modulo `modulus`, by Euclid (Wang 1981).
fn fraction(value: BigInt, modulus: &BigInt, most: &BigInt) -> Option<(BigInt, BigInt)> {
    let (mut high, mut low) = (modulus.clone(), value);
    let (mut before, mut now) = (BigInt::zero(), BigInt::one());
    while low > *most {
        if low.bits() > most.bits() + 64
            && let Some(steps) = Steps::of(&high, &low)
        {
            (high, low) = steps.apply(&high, &low);
            (before, now) = steps.apply(&before, &now);
            continue;
        }
        let (quotient, rest) = high.div_rem(&low);
        high = std::mem::replace(&mut low, rest);
        let next = &before - quotient * &now;
        before = std::mem::replace(&mut now, next);
    }
    if now.magnitude() > most.magnitude() || now.is_zero() {
        return None;
    }
    Some(if now.is_negative() { (-low, -now) } else { (low, now) })
}

/// Several steps of Euclid at once, found from leading words (Lehmer 1938, Collins 1980): the next
/// pair is `(a high + b low, c high + d low)`.
struct Steps {
    a: i64,
    b: i64,
    c: i64,
    d: i64,
}

impl Steps {
    /// `None` where the leading words decide no step.
    fn of(high: &BigInt, low: &BigInt) -> Option<Self> {
        const BITS: u64 = 62;
        const LARGEST: i64 = 1 << 30;
        let shift = high.bits().checked_sub(BITS)?;
        let lead = |value: &BigInt| i64::try_from(value >> shift).ok();
        let (mut x, mut y) = (lead(high)?, lead(low)?);
        let (mut a, mut b, mut c, mut d) = (1_i64, 0_i64, 0_i64, 1_i64);
        while y + c != 0 && y + d != 0 {
            let quotient = (x + a) / (y + c);
            if quotient != (x + b) / (y + d) || quotient > LARGEST {
                break;
            }
            let (next, last) = (a - quotient * c, b - quotient * d);
            if next.abs() > LARGEST || last.abs() > LARGEST {
                break;
            }
            (a, c) = (c, next);
            (b, d) = (d, last);
            (x, y) = (y, x - quotient * y);
        }
        (b != 0).then_some(Self { a, b, c, d })
    }

    fn apply(&self, high: &BigInt, low: &BigInt) -> (BigInt, BigInt) {
        (high * self.a + low * self.b, high * self.c + low * self.d)
    }
}

/// The bits of the largest of some numbers.
fn largest(values: &[BigInt]) -> u64 {
    values.iter().map(BigInt::bits).max().unwrap_or(0)
}

/// Whether neither side of the system can be as large as half of `modulus`: what solves it modulo that
/// solves it.
fn is_short((cut, right): (&Cut, &[BigInt]), found: &Fractions, modulus: &BigInt) -> bool {
    let left = cut.bits() + largest(&found.numerators);
    let side = largest(right) + found.denominator.bits();
    left.max(side) + 2 < modulus.bits()
}

/// Whether the fractions solve the system. They do so modulo `modulus`.
fn holds<W: Whole>(
    matrix: &[Vec<W>],
    right: &[BigInt],
    found: &Fractions,
    (cut, modulus): (&Cut, &BigInt),
) -> bool {
    let sum = |row: &[W]| -> BigInt {
        let terms = row.iter().zip(&found.numerators).filter(|(entry, _)| entry.size().len() > 0);
        terms.map(|(entry, own)| entry.big() * own).sum()
    };
    is_short((cut, right), found, modulus)
        || matrix.iter().zip(right).all(|(row, right)| sum(row) == right * &found.denominator)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn solve<W: Whole>(matrix: &[Vec<W>], right: &[BigInt]) -> Option<Fractions> {
        solve_all(matrix, &[right]).and_then(|mut found| found.pop())
    }

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

    /// The same system, given in words.
    #[test]
    fn words_are_numbers_too() {
        let found = solve(&[vec![2_i128, 1], vec![1, 3]], &big(&[1, 0])).expect("regular");
        assert_eq!((found.denominator, found.numerators), (BigInt::from(5), big(&[3, -1])));
        for value in [0_i128, -7, 1 << 64, -(1 << 100) - 5] {
            let (own, same) = (value.size().collect::<Vec<_>>(), value.big());
            assert_eq!(own, same.size().collect::<Vec<_>>(), "{value}");
            assert_eq!(value.is_below(), same.is_below());
        }
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
        for (row, right) in rows.iter().zip(&right) {
            let sum: BigInt = row.iter().zip(&found.numerators).map(|(a, x)| a * x).sum();
            assert_eq!(sum, right * &found.denominator);
        }
    }
}
