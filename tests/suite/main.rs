//! The test suite: one binary, so that polars and HiGHS are linked once.

#![expect(
    clippy::cast_possible_truncation,
    clippy::string_slice,
    reason = "a test counts what it made itself"
)]

mod batches;
mod batches_mended;
mod book;
mod books;
mod broken_books;
mod calibration;
mod certificates;
mod clarabel_peer;
mod commands;
mod compare;
mod conflicts;
mod contents;
mod cross_checks;
mod damage;
mod decisions;
mod events;
mod explore;
mod exports;
mod families;
mod faults;
mod floors;
mod foremost;
mod golden;
mod language;
mod laws;
mod linear_peers;
mod lines;
mod lumps;
mod memory;
mod models;
mod nested;
mod notes;
mod pages;
mod picture;
mod planner;
mod prices;
mod programmes;
mod promises;
mod random_limits;
mod random_lumps;
mod random_plans;
mod random_stages;
mod ranges;
mod remembered;
mod repaired;
mod repairs;
mod repairs_earned;
mod repairs_left;
mod repairs_near;
mod reports;
mod rounding;
mod schema;
mod screen_edits;
mod screen_find;
mod screen_limits;
mod screen_tasks;
mod screen_told;
mod screens;
mod sentences;
mod stages;
mod starts;
mod summaries;
mod sweeps;
mod tampered;
mod terminal;
mod ties;
mod transfers;
mod waiting;
mod workbooks;
