//! Repairs of a conflict: typed changes that let the limits hold together, cheapest first.

mod change;
mod closer;
mod earned;
mod knob;
mod limits;
mod money;
mod moves;
mod paths;
mod programme;
mod search;
mod tables;

pub use change::{Change, Figure, Repair, Repairs};
pub use paths::other_times;
pub use search::{Search, Stays};
