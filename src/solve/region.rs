//! Critical regions: where the answer is one affine map of what the right sides are made of.
//!
//! The multipliers that prove a stage do not depend on the right sides, and neither does the
//! working set of a calibration while its signs and bounds hold. A frame holds what one set of
//! multipliers leaves to calibrate, for all inputs; a patch is the map of one working set on it.
//! The amounts are affine in the inputs there, and so is every condition under which they stay the
//! answer: a region is the set of inputs where all conditions hold (Gal and Nedoma 1972;
//! Bemporad, Morari, Dua and Pistikopoulos 2002). No map is written in long fractions unless it has
//! to be: multipliers are solved for in twice the digits of a float, with a bound on their error that
//! is proven, and what they do not tell is either an identity of rows and columns, which is found
//! exactly, or told by exact multipliers, which are found then. That inputs lie inside is decided in
//! floats with a bound on their error where it is clear, and exactly elsewhere.

mod bends;
mod checks;
mod conditions;
mod enclosed;
mod face;
mod frame;
mod glance;
mod jump;
mod lean;
mod line;
mod moving;
mod patch;
mod scene;
mod slack;
mod twofold;
mod walk;

pub use checks::Marks;
pub use frame::{Frame, Map, On};
pub use glance::Glance;
pub use jump::Jump;
pub use line::{Line, MOST_INPUTS, Point, Step, Sum};
pub use patch::Patch;
pub use scene::{Input, Standing};
pub use walk::Bend;
