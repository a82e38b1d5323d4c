use std::sync::Arc;

use super::{Lump, Provenance, Slice};
use crate::units::{Amount, CellId, MemberId};

/// One leaf member of each dimension, and the figures a file states for it, in plan units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// One leaf a dimension, in declared order of the dimensions.
    pub members: Vec<MemberId>,
    /// The amount before any change.
    pub baseline: Amount,
    /// The amount asked for.
    pub need: Option<Amount>,
    /// The size that its change is measured against; the absolute baseline unless stated.
    pub reference: Amount,
    /// How readily it moves: 0 never, 1 normally, 2 twice as much.
    pub flexibility: Amount,
    /// The least it may be.
    pub min: Option<Amount>,
    /// The most it may be.
    pub max: Option<Amount>,
    /// Whether it is all or nothing.
    pub lump: Option<Lump>,
    /// How its figures came to be known.
    pub provenance: Provenance,
    /// Where they were read.
    pub source: Option<Arc<str>>,
    /// A remark.
    pub note: Option<Arc<str>>,
}

impl Cell {
    /// How much it moves under a pressure of one: `flexibility * reference`. A lump that starts from
    /// nothing is measured by itself.
    pub fn weight(&self) -> Amount {
        match &self.lump {
            Some(lump) if self.reference.is_zero() => &self.flexibility * &lump.amount.abs(),
            _ => &self.flexibility * &self.reference,
        }
    }

    /// The least it may be: as stated, or zero for a line that starts at zero or above.
    ///
    /// A line that starts below zero has no floor of its own; one of all or nothing lies between zero
    /// and its lump.
    pub fn floor(&self) -> Option<Amount> {
        if let Some(lump) = &self.lump {
            return Some(lump.floor());
        }
        match &self.min {
            Some(min) => Some(min.clone()),
            None if self.baseline.is_negative() => None,
            None => Some(Amount::ZERO),
        }
    }

    /// The most it may be: as stated, or zero for a line that starts below zero.
    pub fn ceiling(&self) -> Option<Amount> {
        if let Some(lump) = &self.lump {
            return Some(lump.ceiling());
        }
        match &self.max {
            Some(max) => Some(max.clone()),
            None if self.baseline.is_negative() => Some(Amount::ZERO),
            None => None,
        }
    }
}

/// A stated total that figures must add up to.
#[derive(Debug, Clone)]
pub struct Control {
    /// The cells it adds; without picks, all of them.
    pub on: Slice,
    /// Which figure of them.
    pub of: ControlOf,
    /// The stated total, in plan units.
    pub equals: Amount,
    /// The difference that the source's own rounding may leave, in plan units.
    pub rounding: Amount,
    /// How it came to be known.
    pub provenance: Provenance,
    /// Where it was read.
    pub source: Option<String>,
}

/// The figure that a control states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ControlOf {
    /// The baseline, checked on loading.
    Baseline,
    /// The allocation, reported only.
    Allocation,
    /// The revenue, reported only.
    Revenue,
}

/// The cells of one combination of `each`, and the slice that selects them.
#[derive(Debug, Clone)]
pub struct Group {
    /// The member of each axis, in the order of `each`.
    pub key: Vec<MemberId>,
    /// The selection, with each axis narrowed to its member.
    pub slice: Slice,
    /// The cells, ascending.
    pub cells: Vec<CellId>,
}
