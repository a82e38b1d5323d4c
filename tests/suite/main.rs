//! The test suite: one binary, so that polars and HiGHS are linked once.

mod calibration;
mod commands;
mod floors;
mod golden;
mod laws;
mod programmes;
mod rounding;
