//! The words of batches and sweeps.

use std::path::PathBuf;

use super::Format;

#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(crate) struct Batch {
    /// Scenario files, folders of them, plans, or embedded names
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<String>,
    /// The folder for the rows
    #[arg(short, long, value_name = "DIR", required_unless_present = "scenario")]
    pub(crate) output: Option<PathBuf>,
    /// Give the total of each combination of these dimensions or levels
    #[arg(long, value_name = "DIMENSION", value_delimiter = ',')]
    pub(crate) by: Vec<String>,
    /// Give every cell
    #[arg(long)]
    pub(crate) all_cells: bool,
    /// Give published amounts, in whole quanta; otherwise they are exact, each as the nearest float
    #[arg(long)]
    pub(crate) rounded: bool,
    /// Give the pressure of every limit
    #[arg(long)]
    pub(crate) pressures: bool,
    /// Solve every scenario by itself, and answer none from its neighbours; the rows are the same
    #[arg(long)]
    pub(crate) alone: bool,
    /// How many threads solve; all that the machine has, where left out
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<usize>,
    /// Solve part I of N only, to be joined by `merge`
    #[arg(long, value_name = "I/N")]
    pub(crate) shard: Option<String>,
    /// Go on where an earlier run was stopped; a batch always does
    #[arg(long, conflicts_with = "force")]
    pub(crate) resume: bool,
    /// Forget what the folder holds, and solve everything again
    #[arg(long)]
    pub(crate) force: bool,
    /// Write the rows as CSV, and not as Parquet
    #[arg(long)]
    pub(crate) csv: bool,
    /// Solve nothing: print scenario N of the batch as a scenario file
    #[arg(long, value_name = "N", conflicts_with = "output")]
    pub(crate) scenario: Option<u64>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Summarise {
    /// The folder of a batch, or the Parquet or CSV file with its rows
    #[arg(value_name = "DIR|FILE")]
    pub(crate) rows: PathBuf,
    /// The table to give: outcomes, fan, binding, clashes, tornado or break-even; all but the last
    /// where left out
    #[arg(long = "table", value_name = "TABLE")]
    pub(crate) tables: Vec<String>,
    /// Rank the figures by what they do to this slice, like sector=ITU-D, instead of to all cells
    #[arg(long, value_name = "SLICE")]
    pub(crate) of: Option<String>,
    /// Find the value of each figure at which a total meets an amount, like sector=ITU-D=180000
    #[arg(long, value_name = "SLICE=AMOUNT")]
    pub(crate) until: Vec<String>,
    /// The format of the answer
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
    /// Write to a file instead of the screen
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Sweep {
    /// A plan or scenario: a path, or an embedded name; the embedded plan where left out
    #[arg(value_name = "PLAN|SCENARIO")]
    pub(crate) scenario: Option<String>,
    /// The figure: what a change would `set`
    #[arg(long, value_name = "TARGET")]
    pub(crate) vary: String,
    /// The least value: a number, or a percentage where the file has one
    #[arg(long, value_name = "A", allow_hyphen_values = true)]
    pub(crate) from: String,
    /// The greatest value
    #[arg(long, value_name = "B", allow_hyphen_values = true)]
    pub(crate) to: String,
    /// Give the total of each combination of these dimensions or levels too
    #[arg(long, value_name = "DIMENSION", value_delimiter = ',')]
    pub(crate) by: Vec<String>,
    /// The format of the answer
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
    /// Write to a file instead of the screen
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}
