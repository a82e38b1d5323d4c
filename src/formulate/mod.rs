//! Lowers a plan to a programme over columns and rows, and lifts answers back to cells and limits.

mod formulation;
mod program;
mod term;

pub use formulation::{Formulation, Open, Origin, PeriodRevenue, formulate};
pub use program::{Column, Part, Program, Row};
pub use term::{Curve, Curved, Term};
