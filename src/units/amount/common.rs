//! Amounts over one denominator: sums of their numerators need no common divisor.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::One;

use super::Amount;
use super::shared::{Denominator, ratio};

/// A common denominator of `values`; the least one, where each is in lowest terms.
pub(crate) fn denominator<'a>(values: impl Iterator<Item = &'a Amount>) -> BigInt {
    let (mut small, mut last) = (1_i64, 1);
    let mut large: Option<BigInt> = None;
    for value in values {
        if let Some((_, under)) = value.words() {
            if under == 1 || std::mem::replace(&mut last, under) == under || small % under == 0 {
                continue;
            }
            match (small / small.gcd(&under)).checked_mul(under) {
                Some(common) => small = common,
                None => large = Some(join(large, &under.into())),
            }
            continue;
        }
        let (_, under) = value.parts();
        large = Some(join(large, &under));
    }
    match large {
        None => small.into(),
        large => join(large, &small.into()),
    }
}

/// A multiple of both.
fn join(known: Option<BigInt>, under: &BigInt) -> BigInt {
    match known {
        None => under.clone(),
        Some(known) if known == *under || known.is_multiple_of(under) => known,
        Some(known) if under.is_multiple_of(&known) => under.clone(),
        Some(known) => match ratio(&known, under) {
            Some((_, others)) => known * others,
            None => known.lcm(under),
        },
    }
}

/// The values times `common`, a multiple of their denominators.
pub(crate) fn over<'a>(values: impl Iterator<Item = &'a Amount>, common: &BigInt) -> Vec<BigInt> {
    let one = common.is_one();
    let words = i64::try_from(common).ok();
    let whole = |value: &Amount| {
        if let (Some(common), Some((over, under))) = (words, value.words()) {
            return (i128::from(over) * i128::from(common / under)).into();
        }
        let (over, under) = value.parts();
        if one || *under == *common { over.into_owned() } else { &*over * (common / &*under) }
    };
    values.map(whole).collect()
}

/// What each of some amounts is more than another, over one denominator.
pub(crate) fn differences(after: &[Amount], before: &[Amount]) -> Vec<Amount> {
    let common = denominator(after.iter().chain(before));
    let pairs = over(after.iter(), &common).into_iter().zip(over(before.iter(), &common));
    let pairs: Vec<BigInt> = pairs.map(|(new, own)| new - own).collect();
    let common = Denominator::new(common);
    pairs.into_iter().map(|over| common.amount(over)).collect()
}
