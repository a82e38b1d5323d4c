//! Allocates and reallocates a financial plan inside its limits, and explains every figure.

pub mod units;

pub mod certify;
pub mod cli;
pub mod explain;
pub mod formulate;
pub mod plan;
pub mod report;
pub mod scenario;
pub mod session;
pub mod solve;
pub mod tui;
