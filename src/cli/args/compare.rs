//! The words of comparisons.

use std::path::PathBuf;

use clap::ValueEnum;

use super::Format;

#[derive(Debug, clap::Args)]
pub(crate) struct Compare {
    /// Plans or scenarios: paths, or embedded names; `baseline` may be the first
    #[arg(required = true, num_args = 2.., value_names = ["A", "B"])]
    pub(crate) scenarios: Vec<String>,
    /// The format of the answer
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
    /// Compare the totals of these dimensions or levels
    #[arg(long, value_name = "DIMENSION", value_delimiter = ',')]
    pub(crate) by: Vec<String>,
    /// Attribute to each change the mean of what it adds in all orders; for up to eight changes
    #[arg(long)]
    pub(crate) shapley: bool,
    /// The tables to give, instead of all; CSV takes one, `compare` unless another is named
    #[arg(long = "table", value_enum, value_name = "TABLE")]
    pub(crate) tables: Vec<Compared>,
    /// Write to a file instead of the screen
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// A table of a comparison by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Compared {
    /// The scenarios and their totals
    Scenarios,
    /// The values that differ, each with the line that states it
    Inputs,
    /// The lines that differ
    Compare,
    /// The limits that begin or cease to bind
    Limits,
    /// The revenue that differs
    Revenue,
    /// What the stages reached
    Stages,
    /// What each change adds, from the first scenario to each of the others
    Bridge,
}
