//! Solves a formulated plan: calibration, rounding, and the reading of what is published.

mod affine;
mod answer;
mod apportion;
mod beside;
mod bulk;
mod calibrate;
mod certificate;
mod certificate_cases;
mod claim;
mod conflict;
mod curved;
mod decide;
mod decomposition;
mod dual;
mod elastic;
mod exact;
mod face;
mod factor;
mod farkas;
mod field;
mod formed;
mod grid_row;
mod held;
mod in_play;
mod kernel;
mod lifted;
mod lifting;
mod live;
mod lump_clash;
mod lumps;
mod milp;
mod minimal;
mod names;
mod outcome;
mod padic;
mod piece;
mod presses;
mod prime;
mod probe;
mod problem;
mod proof;
mod publish;
mod range;
mod region;
mod repair;
mod rounding;
mod search;
mod settle;
mod simplex;
mod slopes;
mod split;
mod stages;
mod ties;
mod trust;
mod verified;
mod working;

pub use answer::{solve, solve_briefly, solve_exactly};
pub use apportion::largest_remainders;
pub use calibrate::{Calibration, Optimum, calibrate};
pub use conflict::{BoundClash, Bounded, Clash, Conflict, Own};
pub use farkas::Farkas;
pub use kernel::Kernel;
pub use lumps::most_cases;
pub use outcome::{Allocation, Left, Outcome, Pressure};
pub use piece::{Piece, piece};
pub use presses::Presses;
pub use probe::{
    Exact, NoAnswer, StageLevel, at_once, calibrated, exact, may_hold, stepped, without,
};
pub use problem::ActiveSet;
pub use range::End;
pub use region::{
    Bend, Frame, Glance, Input, Jump, Line, MOST_INPUTS, Map, Marks, On, Patch, Point, Standing,
    Step, Sum,
};
pub use rounding::{Rounding, round};
pub use settle::{Decisions, SettledPeriod, open};
pub use stages::{Begin, Round, least_in_floats};

#[cfg(test)]
mod tests;
