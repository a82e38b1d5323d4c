//! Words typed become requests, and answers become exit codes.

mod args;
mod batch;
mod certify;
mod check;
mod clash;
mod compare;
mod explain;
mod export;
mod files;
mod misnamed;
mod run;
mod screen;
mod sweep;
mod tables;
mod transfers;
mod tui;

use std::process::ExitCode;

use clap::Parser;

/// Runs the program on the words it was started with.
pub fn main() -> ExitCode {
    let args = args::Args::parse();
    ExitCode::from(run::run(&args) as u8)
}
