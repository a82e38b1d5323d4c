//! Solves a formulated plan: calibration, rounding, and the check of what is published.

mod bulk;
mod calibrate;
mod decomposition;
mod dual;
mod exact;
mod farkas;
mod field;
mod problem;
mod working;

pub use calibrate::{Calibration, Optimum, calibrate};
pub use farkas::Farkas;
pub use problem::ActiveSet;

#[cfg(test)]
mod tests;
