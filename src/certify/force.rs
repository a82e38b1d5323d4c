//! Adds up what pushes on every column, over one denominator.

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
        Pushes { numerators, denominator: Denominator::new(denominator) }
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
        let pulled = from + &(weight * &self.on(column));
        match pulled.cmp(to) {
            Ordering::Less => -1,
            Ordering::Equal => 0,
            Ordering::Greater => 1,
        }
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
