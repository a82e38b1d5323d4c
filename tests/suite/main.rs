//! The test suite: one binary, so that polars and HiGHS are linked once.

#![expect(
    clippy::cast_possible_truncation,
    clippy::string_slice,
    reason = "a test counts what it made itself"
)]

mod books;
mod broken_books;
mod calibration;
mod clarabel_peer;
mod commands;
mod damage;
mod faults;
mod floors;
mod golden;
mod language;
mod laws;
mod memory;
mod models;
mod pages;
mod programmes;
mod reports;
mod rounding;
mod schema;
mod stages;
mod transfers;
mod workbooks;
