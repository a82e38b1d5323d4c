//! Adds up what pushes on every column, over one denominator.

use std::cell::RefCell;
use std::cmp::Ordering;

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive, Zero};

use crate::units::{Amount, Denominator, denominator, over};

/// What pushes on columns: amounts, each on several of them.
#[derive(Default)]
pub(crate) struct Force<'a> {
    parts: Vec<(Amount, &'a [u32])>,
}

/// The sum of what pushes on each column.
pub(crate) struct Pushes {
    numerators: Numerators,
    denominator: Denominator,
    /// The last denominator that was compared with, and its ratio to the one here.
    last: RefCell<Option<(BigInt, Ratio)>>,
}

/// The ratio of two denominators, where it is one of words.
type Ratio = Option<(i64, i64)>;

/// Numbers over the denominator, in words where they fit.
enum Numerators {
    Words(Vec<i128>),
    Big(Vec<BigInt>),
}

impl<'a> Force<'a> {
    /// Adds `amount` on each of `columns`.
    pub(crate) fn push(&mut self, amount: Amount, columns: &'a [u32]) {
        if !amount.is_zero() {
            self.parts.push((amount, columns));
        }
    }

    /// Adds `factor` times a weighted sum.
    pub(crate) fn parts(&mut self, factor: &Amount, parts: &'a [super::statement::Part]) {
        if !factor.is_zero() {
            for part in parts {
                self.push(factor * &part.coefficient, &part.columns);
            }
        }
    }

    /// Adds everything up, for each of `columns` columns.
    pub(crate) fn total(&self, columns: usize) -> Pushes {
        let amounts = || self.parts.iter().map(|(amount, _)| amount);
        let denominator = denominator(amounts());
        let whole = over(amounts(), &denominator);
        let words: Option<Vec<i64>> = whole.iter().map(BigInt::to_i64).collect();
        let numerators = if let Some(words) = words {
            let mut sums = vec![0_i128; columns];
            for (word, (_, columns)) in words.iter().zip(&self.parts) {
                columns.iter().for_each(|c| sums[*c as usize] += i128::from(*word));
            }
            Numerators::Words(sums)
        } else {
            let mut sums = vec![BigInt::zero(); columns];
            for (whole, (_, columns)) in whole.iter().zip(&self.parts) {
                columns.iter().for_each(|c| sums[*c as usize] += whole);
            }
            Numerators::Big(sums)
        };
        Pushes { numerators, denominator: Denominator::new(denominator), last: RefCell::default() }
    }
}

impl Pushes {
    /// -1, 0 or 1: the direction of the sum on a column.
    pub(crate) fn sign(&self, column: usize) -> i32 {
        let sign = match &self.numerators {
            Numerators::Words(sums) => sums[column].signum().to_i32(),
            Numerators::Big(sums) => sums[column].signum().to_i32(),
        };
        sign.unwrap_or(0)
    }

    /// The sum on a column.
    pub(crate) fn on(&self, column: usize) -> Amount {
        self.denominator.amount(self.numerator(column))
    }

    fn numerator(&self, column: usize) -> BigInt {
        match &self.numerators {
            Numerators::Words(sums) => sums[column].into(),
            Numerators::Big(sums) => sums[column].clone(),
        }
    }

    /// The direction of `from + weight * sum - to` on a column.
    pub(crate) fn compare(
        &self,
        column: usize,
        from: &Amount,
        weight: &Amount,
        to: &Amount,
    ) -> i32 {
        if let Some(sign) = self.over_one(column, (from, weight, to)) {
            return sign;
        }
        let pulled = from + &(weight * &self.on(column));
        match pulled.cmp(to) {
            Ordering::Less => -1,
            Ordering::Equal => 0,
            Ordering::Greater => 1,
        }
    }

    /// The same over one denominator, where that of `to` is a short multiple of the one here, or the
    /// other way round.
    fn over_one(
        &self,
        column: usize,
        (from, weight, to): (&Amount, &Amount, &Amount),
    ) -> Option<i32> {
        if to.words().is_some() {
            return None;
        }
        let ((f, under), (w, of)) = (from.words()?, weight.words()?);
        let (over, denominator) = to.parts();
        let (long, short) = self.ratio(&denominator)?;
        // With D here and E there, E : D = long : short: f/under + w n/(of D) - over short/(long D).
        let times = |a: i64, b: i64, c: i64| a.checked_mul(b)?.checked_mul(c);
        let whole = times(f, of, long)?;
        let own = times(w, under, long)?;
        let other = times(short, under, of)?;
        let mut sum = self.numerator(column) * own - &*over * other;
        if whole != 0 {
            sum += self.denominator.number() * whole;
        }
        sum.signum().to_i32()
    }

    /// The ratio of a denominator to the one here, where it is one of words; the last one is known.
    fn ratio(&self, other: &BigInt) -> Ratio {
        let mut last = self.last.borrow_mut();
        if last.as_ref().is_none_or(|(known, _)| known != other) {
            let found = crate::units::ratio(other, self.denominator.number());
            let words = found.and_then(|(long, short)| Some((long.to_i64()?, short.to_i64()?)));
            *last = Some((other.clone(), words));
        }
        last.as_ref().and_then(|(_, found)| *found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1/3 and 1/6 on the first column, 1/6 on the second: 10 + 4 * 1/2 is 12.
    #[test]
    fn pushes_add_up_over_one_denominator() {
        let mut force = Force::default();
        force.push(Amount::ratio(1, 3), &[0]);
        force.push(Amount::ratio(1, 6), &[0, 1]);
        let total = force.total(3);
        assert_eq!([0, 1, 2].map(|c| total.on(c).to_string()), ["0.5", "1/6", "0"]);
        let (ten, four) = (Amount::whole(10), Amount::whole(4));
        let compared = [11, 12, 13].map(|to| total.compare(0, &ten, &four, &Amount::whole(to)));
        assert_eq!(compared, [1, 0, -1]);
    }

    /// The sum is 1/3 of a long denominator; 10 + 3/2 of it is compared with figures a hair around it.
    #[test]
    fn long_figures_are_compared_over_one_denominator() {
        let long: BigInt = BigInt::from(10).pow(40) + 1;
        let part = |over: i64, times: i64| Amount::quotient(over.into(), &long * times);
        let mut force = Force::default();
        force.push(part(1, 3), &[0]);
        let total = force.total(1);
        let (ten, half) = (Amount::whole(10), Amount::ratio(3, 2));
        let to = |hair: i64| &ten + &part(3 + hair, 6);
        let compared = [-1, 0, 1].map(|hair| total.compare(0, &ten, &half, &to(hair)));
        assert_eq!(compared, [1, 0, -1]);
        assert_eq!(total.compare(0, &ten, &half, &ten), 1);
    }
}
