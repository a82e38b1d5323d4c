use super::{Level, Provenance};
use crate::units::{Amount, Id, MemberId};

/// A named number that revenue lines multiply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Driver {
    /// Its name in files.
    pub id: Id,
    /// What it counts.
    pub unit: DriverUnit,
    /// Its value by time member; one entry without a member where it is the same throughout.
    pub values: Vec<(Option<MemberId>, Amount)>,
    /// The range outside which a value is worth a warning.
    pub plausible: Option<(Amount, Amount)>,
    /// How it came to be known.
    pub provenance: Provenance,
    /// Where it was read.
    pub source: Option<String>,
}

/// What a driver counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DriverUnit {
    /// The currency itself; divided by the plan's scale where it meets plan units.
    Currency,
    /// Plan units.
    Plan,
    /// A number of things.
    Count,
    /// A pure number.
    Ratio,
    /// Years.
    Years,
}

impl DriverUnit {
    /// Whether the unit is money.
    pub fn is_money(self) -> bool {
        matches!(self, Self::Currency | Self::Plan)
    }
}

/// Where money comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevenueLine {
    /// Its name in files.
    pub id: Id,
    /// Its name for people.
    pub title: String,
    /// What it brought before any change, where stated.
    pub baseline: Option<Amount>,
    /// What it brings, by time member.
    pub entries: Vec<RevenueEntry>,
    /// How its figures came to be known: the weakest of its factors for a product.
    pub provenance: Provenance,
    /// Where they were read.
    pub source: Option<String>,
    /// Who may decide it, where it is a decision.
    pub authority: Option<String>,
}

/// What a revenue line brings in one time member, in plan units: a decision where `min < max`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevenueEntry {
    /// The time member it is stated for; `None` without a time dimension.
    pub at: Option<MemberId>,
    /// The least it may be.
    pub min: Amount,
    /// The most it may be.
    pub max: Amount,
    /// Where it stands unless the plan needs it elsewhere.
    pub prefer: Amount,
}

impl RevenueEntry {
    /// Gives an entry that is no decision.
    pub fn fixed(at: Option<MemberId>, amount: Amount) -> Self {
        Self { at, min: amount.clone(), max: amount.clone(), prefer: amount }
    }

    /// Whether the entry is a decision.
    pub fn is_decision(&self) -> bool {
        self.min != self.max
    }
}

/// The rule that ties expenses to revenue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    /// The level of the time dimension at which it holds; `None` without a time dimension.
    pub level: Option<Level>,
    /// Whether all revenue is spent.
    pub spend: Spend,
}

/// How much of the revenue is spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spend {
    /// Expenses equal revenue.
    All,
    /// Expenses are at most revenue.
    UpTo,
}
