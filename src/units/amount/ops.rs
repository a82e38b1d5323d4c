//! Exact arithmetic.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub, SubAssign};

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::Zero;

use super::shared::Shared;
use super::{Amount, Repr, mixed};

impl Add for &Amount {
    type Output = Amount;
    fn add(self, other: Self) -> Amount {
        match (&self.0, &other.0) {
            (_, Repr::Small(0, _)) => self.clone(),
            (Repr::Small(0, _), _) => other.clone(),
            (Repr::Small(a, 1), Repr::Small(b, 1)) => {
                Amount::reduced(i128::from(*a) + i128::from(*b), 1)
            }
            (Repr::Small(a, b), Repr::Small(c, d)) => {
                let (a, b, c, d) = (i128::from(*a), i128::from(*b), i128::from(*c), i128::from(*d));
                match (a * d).checked_add(c * b) {
                    Some(n) => Amount::reduced(n, b * d),
                    None => (self.big() + other.big()).into(),
                }
            }
            (Repr::Big(large), Repr::Small(n, d)) | (Repr::Small(n, d), Repr::Big(large)) => {
                mixed::add(large, *n, *d)
            }
            (Repr::Shared(a), Repr::Shared(b)) => a.plus(b),
            (Repr::Shared(own), Repr::Small(n, d)) | (Repr::Small(n, d), Repr::Shared(own)) => {
                own.plus_words(*n, *d)
            }
            (Repr::Big(a), Repr::Big(b)) => (&**a + &**b).into(),
            (Repr::Shared(own), Repr::Big(large)) | (Repr::Big(large), Repr::Shared(own)) => {
                own.plus(&Shared::of(large))
            }
        }
    }
}

impl Sub for &Amount {
    type Output = Amount;
    fn sub(self, other: Self) -> Amount {
        match (&self.0, &other.0) {
            (_, Repr::Small(0, _)) => self.clone(),
            (Repr::Shared(a), Repr::Shared(b)) if a.shares(b) => a.minus(b),
            _ => self + &-other,
        }
    }
}

impl Mul for &Amount {
    type Output = Amount;
    fn mul(self, other: Self) -> Amount {
        match (&self.0, &other.0) {
            (Repr::Small(a, b), Repr::Small(c, d)) => {
                Amount::reduced(i128::from(*a) * i128::from(*c), i128::from(*b) * i128::from(*d))
            }
            (_, Repr::Small(0, _)) | (Repr::Small(0, _), _) => Amount::ZERO,
            (_, Repr::Small(1, 1)) => self.clone(),
            (Repr::Small(1, 1), _) => other.clone(),
            (Repr::Big(large), Repr::Small(n, d)) | (Repr::Small(n, d), Repr::Big(large)) => {
                mixed::times(large, *n, *d)
            }
            (Repr::Shared(own), Repr::Small(n, d)) | (Repr::Small(n, d), Repr::Shared(own)) => {
                own.times_words(*n, *d)
            }
            (Repr::Big(a), Repr::Big(b)) => (&**a * &**b).into(),
            _ => (self.big() * other.big()).into(),
        }
    }
}

impl Div for &Amount {
    type Output = Amount;
    /// # Panics
    ///
    /// If `other` is zero.
    fn div(self, other: Self) -> Amount {
        assert!(!other.is_zero(), "an amount is never divided by zero");
        match (&self.0, &other.0) {
            (Repr::Small(a, b), Repr::Small(c, d)) => {
                Amount::reduced(i128::from(*a) * i128::from(*d), i128::from(*b) * i128::from(*c))
            }
            (Repr::Big(large), Repr::Small(n, d)) => mixed::times(large, d * n.signum(), n.abs()),
            (Repr::Shared(own), Repr::Small(n, d)) => own.times_words(d * n.signum(), n.abs()),
            (Repr::Shared(a), Repr::Shared(b)) if a.shares(b) => {
                Amount::quotient(a.over().clone(), b.over().clone())
            }
            _ => (self.big() / other.big()).into(),
        }
    }
}

impl Neg for &Amount {
    type Output = Amount;
    fn neg(self) -> Amount {
        match &self.0 {
            Repr::Small(n, d) => Amount(Repr::Small(-n, *d)),
            Repr::Big(value) => (-(**value).clone()).into(),
            Repr::Shared(value) => value.negated(),
        }
    }
}

impl Neg for Amount {
    type Output = Self;
    fn neg(self) -> Self {
        -&self
    }
}

macro_rules! owned {
    ($($trait:ident $method:ident),*) => {$(
        impl $trait for Amount {
            type Output = Self;
            fn $method(self, other: Self) -> Self {
                (&self).$method(&other)
            }
        }
        impl $trait<&Self> for Amount {
            type Output = Self;
            fn $method(self, other: &Self) -> Self {
                (&self).$method(other)
            }
        }
    )*};
}
owned!(Add add, Sub sub, Mul mul, Div div);

impl AddAssign<&Self> for Amount {
    fn add_assign(&mut self, other: &Self) {
        *self = &*self + other;
    }
}

impl SubAssign<&Self> for Amount {
    fn sub_assign(&mut self, other: &Self) {
        *self = &*self - other;
    }
}

impl MulAssign<&Self> for Amount {
    fn mul_assign(&mut self, other: &Self) {
        *self = &*self * other;
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(mut parts: I) -> Self {
        let Some(first) = parts.next() else { return Self::ZERO };
        let Some(second) = parts.next() else { return first };
        let mut total = Total::default();
        total.add(&first);
        total.add(&second);
        parts.for_each(|part| total.add(&part));
        total.amount()
    }
}

impl<'a> Sum<&'a Self> for Amount {
    fn sum<I: Iterator<Item = &'a Self>>(mut parts: I) -> Self {
        let Some(first) = parts.next() else { return Self::ZERO };
        let Some(second) = parts.next() else { return first.clone() };
        let mut total = Total::default();
        total.add(first);
        total.add(second);
        parts.for_each(|part| total.add(part));
        total.amount()
    }
}

/// A running sum. Large fractions are brought to lowest terms once, at the end.
#[derive(Default)]
struct Total {
    whole: i128,
    small: Amount,
    large: Option<(BigInt, BigInt)>,
    shared: Option<Shared>,
}

impl Total {
    fn add(&mut self, part: &Amount) {
        let value = match &part.0 {
            Repr::Small(n, 1) => {
                self.whole += i128::from(*n);
                return;
            }
            Repr::Small(..) => {
                self.small += part;
                return;
            }
            Repr::Shared(value) => {
                match &mut self.shared {
                    None => self.shared = Some((**value).clone()),
                    Some(shared) if shared.shares(value) => shared.grow(value),
                    Some(shared) => {
                        let sum = shared.plus(value);
                        self.shared = None;
                        self.add(&sum);
                    }
                }
                return;
            }
            Repr::Big(value) => value,
        };
        let Some((over, under)) = &mut self.large else {
            self.large = Some((value.numer().clone(), value.denom().clone()));
            return;
        };
        let (times, rest) = under.div_rem(value.denom());
        if rest.is_zero() {
            *over += value.numer() * times;
        } else {
            let common = under.lcm(value.denom());
            *over *= &common / &*under;
            *over += value.numer() * (&common / value.denom());
            *under = common;
        }
    }

    fn amount(self) -> Amount {
        let small = &Amount::reduced(self.whole, 1) + &self.small;
        let rest = match self.shared {
            None => small,
            Some(shared) => &shared.amount() + &small,
        };
        match self.large {
            None => rest,
            Some((over, under)) => &Amount::quotient(over, under) + &rest,
        }
    }
}
