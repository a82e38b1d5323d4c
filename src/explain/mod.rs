//! Explains an allocation: what each limit adds to the change of a line, what stops it, and the
//! virements that lead to it.

mod asked;
mod closeness;
mod contributions;
mod fewest;
mod transfers;
mod transport;

pub use asked::{Asked, asked};
pub use closeness::{Closeness, Crossing};
pub use contributions::{Contribution, Source, contributions, origin_text, pressure, stopped_by};
pub use transfers::{End, Line, Schedule, Transfer, transfers};
