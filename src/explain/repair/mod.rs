//! Repairs of a conflict: typed changes that let the limits hold together, cheapest first.

mod change;
mod knob;
mod limits;
mod money;
mod search;
mod tables;

pub use change::{Change, Figure, Repair};
pub use search::Search;
