//! Solves a formulated plan: calibration, rounding, and the reading of what is published.

mod affine;
mod answer;
mod apportion;
mod bulk;
mod calibrate;
mod certificate;
mod conflict;
mod curved;
mod decomposition;
mod dual;
mod exact;
mod face;
mod factor;
mod farkas;
mod field;
mod grid_row;
mod in_play;
mod lifted;
mod lifting;
mod milp;
mod minimal;
mod outcome;
mod padic;
mod piece;
mod prime;
mod probe;
mod problem;
mod proof;
mod publish;
mod range;
mod rounding;
mod search;
mod settle;
mod simplex;
mod split;
mod stages;
mod ties;
mod verified;
mod working;

pub use answer::solve;
pub use apportion::largest_remainders;
pub use calibrate::{Calibration, Optimum, calibrate};
pub use conflict::{BoundClash, Bounded, Clash, Conflict, Own};
pub use curved::{Leans, nearest_amounts};
pub use farkas::Farkas;
pub use outcome::{Allocation, Outcome, Pressure};
pub use piece::{Piece, piece};
pub use probe::{Exact, NoAnswer, StageLevel, exact};
pub use problem::ActiveSet;
pub use range::End;
pub use rounding::{Rounding, round};
pub use settle::{SettledPeriod, open};
pub use stages::{Round, least};

#[cfg(test)]
mod tests;
