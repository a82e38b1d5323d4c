//! Adds up what pushes on every column, over one denominator.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

use crate::units::Amount;

/// What pushes on columns: amounts, each on several of them.
#[derive(Default)]
pub(crate) struct Force<'a> {
    parts: Vec<(Amount, &'a [u32])>,
}

/// The sum of what pushes on each column.
pub(crate) struct Pushes {
    numerators: Numerators,
    denominator: BigInt,
}

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
        let denominator = self.parts.iter().fold(BigInt::one(), |common, (amount, _)| {
            if amount.is_whole() { common } else { common.lcm(&amount.denominator()) }
        });
        let scaled = |amount: &Amount| amount.numerator() * (&denominator / amount.denominator());
        let whole: Vec<BigInt> = self.parts.iter().map(|(amount, _)| scaled(amount)).collect();
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
        Pushes { numerators, denominator }
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
        Amount::quotient(self.numerator(column), self.denominator.clone())
    }

    fn numerator(&self, column: usize) -> BigInt {
        match &self.numerators {
            Numerators::Words(sums) => sums[column].into(),
            Numerators::Big(sums) => sums[column].clone(),
        }
    }

    /// The direction of `from + weight * sum - to` on a column; no common divisors are sought.
    pub(crate) fn compare(
        &self,
        column: usize,
        from: &Amount,
        weight: &Amount,
        to: &Amount,
    ) -> i32 {
        // from + weight * s / d - to, times all denominators: every one is above zero.
        let (from_over, from_under) = (from.numerator(), from.denominator());
        let (weight_over, weight_under) = (weight.numerator(), weight.denominator());
        let (to_over, to_under) = (to.numerator(), to.denominator());
        let moved = &to_over * &from_under - &from_over * &to_under;
        let pushed = weight_over * self.numerator(column) * from_under * to_under;
        let sign = (pushed - moved * weight_under * &self.denominator).signum();
        sign.to_i32().unwrap_or(0)
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
}
