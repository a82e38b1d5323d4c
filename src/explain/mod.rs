//! Explains an allocation: what each limit adds to the change of a line, what stops it, and the
//! virements that lead to it.

mod asked;
mod bridge;
mod circles;
mod closeness;
mod contributions;
mod fewest;
mod figures;
mod tied;
mod transfers;
mod transport;

pub use asked::{Asked, asked};
pub use bridge::{Bridge, Label, MOST_SHAPLEY, Method, Step, in_order, shapley};
pub use closeness::{Closeness, Crossing};
pub use contributions::{Contribution, Source, contributions, origin_text, pressure, stopped_by};
pub use figures::{Difference, Figures};
pub use tied::tied;
pub use transfers::{End, Line, Schedule, Transfer, transfers};
