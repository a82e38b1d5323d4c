use super::{Axis, MeasureOf, Slice, Within};
use crate::units::{Amount, Id, MemberId};

/// One objective of a lexicographic order.
#[derive(Debug, Clone)]
pub struct Stage {
    /// Its name in files.
    pub id: Id,
    /// Its name for people.
    pub title: String,
    /// What it is about.
    pub aim: Aim,
    /// How far later stages may move it from its optimum, as a share of it.
    pub loss: Option<Amount>,
}

/// What a stage minimises or maximises.
#[derive(Debug, Clone)]
pub enum Aim {
    /// The weighted misses of soft limits, in plan units.
    Shortfall {
        /// The places of the limits.
        limits: Vec<usize>,
        /// The largest relative miss, then the next, rather than their sum.
        even: bool,
    },
    /// What is missing of need.
    NeedShortfall {
        /// The cells.
        on: Slice,
        /// The members it is judged for one by one; single cells where it is empty.
        each: Vec<Axis>,
        /// The largest relative miss, then the next, rather than their sum.
        even: bool,
    },
    /// Weights times returns, as large as can be.
    Value(Value),
    /// The smallest share of need that is met, then the next.
    Coverage {
        /// The cells.
        on: Slice,
        /// The members it is judged for one by one; single cells where it is empty.
        each: Vec<Axis>,
    },
    /// The sum of absolute changes.
    FewMoves {
        /// The cells.
        on: Slice,
    },
    /// The calibration: always the last.
    ProRata,
    /// Half the sum of absolute changes between members.
    Turnover {
        /// The cells.
        on: Slice,
        /// Between what.
        within: Option<Within>,
    },
    /// The distance from stated targets.
    Deviation {
        /// Slices and the level each should have, in plan units.
        targets: Vec<(Slice, Amount)>,
    },
    /// The revenue of the lines: the first is used up before the next is touched.
    ReserveUse {
        /// The places of the revenue lines.
        lines: Vec<usize>,
    },
    /// A measure of a slice, as small or as large as can be.
    Measure {
        /// What is counted.
        measure: MeasureOf,
        /// The cells.
        on: Slice,
        /// As large as can be.
        maximise: bool,
    },
    /// Revenue lines, as small or as large as can be.
    Revenue {
        /// The places of the lines.
        lines: Vec<usize>,
        /// As large as can be.
        maximise: bool,
    },
}

/// What the cells are worth.
#[derive(Debug, Clone)]
pub struct Value {
    /// The cells.
    pub on: Slice,
    /// For some dimensions, the weight of some leaves; others weigh 1, and dimensions multiply.
    pub weights: Vec<(usize, Vec<(MemberId, Amount)>)>,
    /// What the total of each listed slice returns; without, every cell returns its amount.
    pub returns: Option<Vec<Return>>,
}

/// A concave function of the total of a slice.
#[derive(Debug, Clone)]
pub struct Return {
    /// The slice.
    pub on: Slice,
    /// Up to which total, in plan units, and the rate until there; without an end only the last.
    /// The totals rise and the rates fall. Beyond the last end nothing is earned.
    pub pieces: Vec<(Option<Amount>, Amount)>,
}

impl Value {
    /// The product of the weights of a cell with these leaf members.
    pub fn weight(&self, members: &[MemberId]) -> Amount {
        let mut product = Amount::ONE;
        for (dimension, weights) in &self.weights {
            if let Some((_, weight)) = weights.iter().find(|(m, _)| *m == members[*dimension]) {
                product *= weight;
            }
        }
        product
    }
}

impl Stage {
    /// Whether it is a linear stage, and not the calibration.
    pub fn is_linear(&self) -> bool {
        !matches!(self.aim, Aim::ProRata)
    }
}
