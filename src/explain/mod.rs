//! Explains an allocation: what each limit adds to the change of a line, and what stops it.

mod contributions;

pub use contributions::{Contribution, Source, contributions, origin_text, pressure, stopped_by};
