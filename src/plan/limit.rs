use std::collections::HashMap;

use super::{Axis, Expression, Level, MeasureOf, Slice};
use crate::units::{Amount, Id, MemberId};

/// A bound on a measure of a slice, once for each combination of members in `each`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// Its name in files.
    pub id: Id,
    /// Its name for people.
    pub title: String,
    /// Who set it; a limit without one is reported so.
    pub authority: Option<String>,
    /// What it bounds.
    pub measure: MeasureOf,
    /// The cells it bounds.
    pub on: Slice,
    /// The members it holds for one by one.
    pub each: Vec<Axis>,
    /// What it says of them.
    pub bounds: Bounds,
    /// Whether it must hold.
    pub strength: Strength,
    /// From which bodies on a move needs approval.
    pub tiers: Vec<Tier>,
    /// Who must approve every move, where the limit only reports.
    pub approval: Option<String>,
}

/// What a limit says, for all combinations alike or for each its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bounds {
    /// The same words for all.
    Same(Family),
    /// A table: a combination without a row has no bound.
    Table(HashMap<Vec<MemberId>, Family>),
}

/// Whether a limit must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Strength {
    /// It must.
    Hard,
    /// It may be missed, at the stage that takes it in.
    Soft {
        /// What a unit of miss weighs.
        weight: Amount,
    },
}

/// How far a body may move money by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tier {
    /// The move up to which it may.
    pub up_to: Expression,
    /// The body.
    pub authority: String,
}

/// What a limit says of the level of its slice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Family {
    /// The level lies between two constants, in plan units.
    Amount {
        /// The floor.
        min: Option<Expression>,
        /// The ceiling; equal to the floor for an `equal`.
        max: Option<Expression>,
    },
    /// The level lies between two shares, or multiples, of the level of another slice.
    Share {
        /// The least share.
        min: Option<Amount>,
        /// The greatest share; equal to the least for an `equal-share`.
        max: Option<Amount>,
        /// What the share is taken of.
        of: ShareOf,
        /// It was written as a ratio.
        ratio: bool,
    },
    /// The change against the baseline lies within shares of the absolute baseline.
    Change {
        /// The greatest cut, as a share; negative where a rise is asked for.
        cut: Option<Amount>,
        /// The greatest rise, as a share; negative where a cut is asked for.
        rise: Option<Amount>,
    },
    /// The change against the previous time member lies within shares of its level.
    Step {
        /// The greatest step down, as a share.
        down: Option<Amount>,
        /// The greatest step up, as a share.
        up: Option<Amount>,
    },
    /// Net moves against the baseline are bounded.
    Movement {
        /// The most that a member may receive.
        most_in: Option<Expression>,
        /// The most that a member may give.
        most_out: Option<Expression>,
        /// The most that may move between members: half the sum of absolute net changes.
        turnover: Option<Expression>,
        /// The members whose net changes count; the slice itself where none are named.
        within: Option<Within>,
    },
    /// The reserve at the end of each time member, against its expenses or in plan units.
    Reserve {
        /// The least.
        min: Option<Amount>,
        /// The most.
        max: Option<Amount>,
        /// The level of the time dimension that it is judged at.
        at: Level,
        /// Whether the bounds are shares of the expenses of the member.
        share: bool,
    },
    /// The level goes from the baseline to a target in equal steps.
    Path {
        /// The target of each combination, in plan units.
        targets: HashMap<Vec<MemberId>, Amount>,
        /// How many time members it takes.
        over: Amount,
    },
}

/// The members between which money moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// Single cells.
    Cells,
    /// The members of a dimension or of one of its levels.
    Axis(Axis),
}

/// What a share limit's share is taken of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShareOf {
    /// All cells with the same time members.
    SameTime,
    /// A slice. A dimension of `each` that is neither picked nor named in `whole` takes the
    /// member of the combination.
    Slice {
        /// The picks that were written.
        slice: Slice,
        /// Dimensions written `"*"`: all of them.
        whole: Vec<usize>,
    },
}

/// A planner's pin on the level of a slice.
#[derive(Debug, Clone)]
pub struct Hold {
    /// Its name in files; the canonical text of its slice where none was stated.
    pub id: Id,
    /// The cells it pins.
    pub on: Slice,
    /// The least level.
    pub min: Option<Expression>,
    /// The greatest level; the same expression as `min` for an `at`.
    pub max: Option<Expression>,
    /// Who set it.
    pub by: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The day it ends, as it was written.
    pub until: Option<String>,
    /// Its day is over: it is shown, and not applied.
    pub lapsed: bool,
}

/// A level that transfers leave a slice at, relative to the parent's published answer.
#[derive(Debug, Clone)]
pub struct TransferLevel {
    /// The slice in words, and which way money moved.
    pub id: Id,
    /// The slice that gave or received.
    pub on: Slice,
    /// Its level after all transfers, in plan units.
    pub level: Amount,
    /// Why.
    pub reason: Option<String>,
}

/// One transfer, as a scenario states it.
#[derive(Debug, Clone)]
pub struct Move {
    /// Who gives.
    pub from: Slice,
    /// Who receives.
    pub to: Slice,
    /// How much, in plan units.
    pub amount: Amount,
    /// Who moves it.
    pub by: Option<String>,
}

/// The transfers of a scenario, settled against its parent's published answer.
#[derive(Debug, Clone, Default)]
pub struct Transfers {
    /// What gives to what, in the order of the file.
    pub moves: Vec<Move>,
    /// The level of each slice that gave or received.
    pub levels: Vec<TransferLevel>,
    /// For each cell, the amount of the parent's answer that it keeps; empty where none keeps.
    pub kept: Vec<Option<Amount>>,
}
