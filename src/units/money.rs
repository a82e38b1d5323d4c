use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub};

use num_bigint::BigInt;
use num_traits::ToPrimitive;

use super::{Amount, display_safe};

/// A published amount: a whole number of quanta. Sums of money are exact and never round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(i128);

impl Money {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// Gives `quanta` whole quanta.
    pub fn new(quanta: i128) -> Self {
        Self(quanta)
    }

    /// The number of quanta.
    pub fn quanta(self) -> i128 {
        self.0
    }

    /// Gives whole quanta from a big integer, or `None` past 38 digits.
    pub fn from_big(quanta: &BigInt) -> Option<Self> {
        quanta.to_i128().map(Self)
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Money {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::ZERO, Add::add)
    }
}

/// The smallest step of a published figure: a whole, positive number of plan units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantum(u32);

impl Quantum {
    /// Gives a quantum of `units` plan units, or `None` for zero.
    pub fn new(units: u32) -> Option<Self> {
        (units > 0).then_some(Self(units))
    }

    /// The quantum in plan units.
    pub fn units(self) -> u32 {
        self.0
    }

    /// The amount of `money`, in plan units.
    pub fn amount(self, money: Money) -> Amount {
        Amount::from(BigInt::from(money.0) * self.0)
    }

    /// `amount` counted in quanta, exactly.
    pub fn count(self, amount: &Amount) -> Amount {
        if self.0 == 1 { amount.clone() } else { amount / &Amount::whole(i64::from(self.0)) }
    }
}

impl fmt::Display for Quantum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&display_safe(&self.0.to_string()))
    }
}
