//! Lowers a plan to a programme over columns and rows, and lifts answers back to cells and limits.

mod program;

pub use program::{Column, Part, Program, Row};
