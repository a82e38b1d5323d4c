//! Lowers a plan to a programme over columns and rows, and lifts answers back to cells and limits.

mod curve;
mod formulation;
mod linear;
mod parts;
mod program;
mod rows;
mod stages;
mod term;

pub use curve::Curve;
pub use formulation::{Formulation, Open, Origin, PeriodRevenue, StageForm, formulate};
pub use linear::{Affine, Hinge, Linear, LinearColumn, LinearRow, Objective};
pub use parts::{Parts, Terms};
pub use program::{Column, Part, Program, Row, terms};
pub use term::{Curved, Near, Term, apart, inside};
