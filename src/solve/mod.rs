//! Solves a formulated plan: calibration, rounding, and the reading of what is published.

mod apportion;
mod bulk;
mod calibrate;
mod decomposition;
mod dual;
mod exact;
mod farkas;
mod field;
mod milp;
mod outcome;
mod problem;
mod rounding;
mod settle;
mod working;

pub use apportion::largest_remainders;
pub use calibrate::{Calibration, Optimum, calibrate};
pub use farkas::Farkas;
pub use outcome::{Allocation, BoundClash, Bounded, Clash, Conflict, Outcome, Pressure, solve};
pub use problem::ActiveSet;
pub use rounding::{Rounding, round};
pub use settle::{SettledPeriod, Settlement, settle};

#[cfg(test)]
mod tests;
