mod batch;
mod compare;

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

pub(crate) use batch::{Batch, Summarise, Sweep};
pub(crate) use compare::{Compare, Compared};

/// The words typed.
#[derive(Debug, Parser)]
#[command(
    name = "virement",
    version,
    about = "Allocates and reallocates a financial plan inside its limits, and explains every figure",
    arg_required_else_help = false,
    after_help = "Examples:\n  virement solve                          the embedded plan of the ITU, 2012-2015\n  virement solve itu-2012-2015/adopted    one of its scenarios\n  virement init my-plan                   its files, to start from\n\nExit codes: 0 solved, or nothing wrong found; 1 a problem in the input; 2 misuse;\n3 infeasible; 4 could not be certified; 5 input or output failed"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// Draw with ASCII characters only
    #[arg(long, global = true)]
    pub(crate) ascii: bool,
}

/// What is asked for.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Allocate a plan or a scenario inside its limits, and print the tables
    #[command(
        after_help = "Examples:\n  virement solve itu-2012-2015/reallocate --by category\n  virement solve my-plan/cut.scenario.toml --format json -o cut.json\n  virement solve --table annex1 --table contributions --by sector,category"
    )]
    Solve(Solve),
    /// Validate files and show every problem with its place; nothing is solved
    #[command(
        after_help = "Examples:\n  virement check my-plan                        the plan and all its scenarios\n  virement check my-plan/cut.scenario.toml"
    )]
    Check {
        /// Plan folders, plan files, scenario files or embedded names
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<String>,
    },
    /// Print the effective plan of a scenario, with the line that states each value
    #[command(after_help = "Example:\n  virement resolve itu-2012-2015/class-drop")]
    Resolve {
        /// A plan or scenario: a path, or an embedded name
        #[arg(value_name = "PLAN|SCENARIO")]
        scenario: Option<String>,
    },
    /// Check an answer again from the files, with no solver
    #[command(
        after_help = "Example:\n  virement solve my-plan --format json -o my.json --certificate my.proof.json\n  virement certify my.json --certificate my.proof.json my-plan"
    )]
    Certify {
        /// The JSON result
        #[arg(value_name = "RESULT")]
        result: PathBuf,
        /// The certificate that `solve` wrote with it
        #[arg(long, value_name = "FILE")]
        certificate: PathBuf,
        /// The plan or scenario that it is of: a path, or an embedded name
        #[arg(value_name = "PLAN|SCENARIO")]
        scenario: Option<String>,
    },
    /// Say in plain words why a figure is what it is, what it would take to change it, and why limits
    /// cannot hold together
    #[command(
        after_help = "Examples:\n  virement explain itu-2012-2015/reallocate\n  virement explain itu-2012-2015/reallocate --cell sector=ITU-D,category=travel\n  virement explain itu-2012-2015/reallocate --limit travel\n  virement explain itu-2012-2015/reallocate --why-not sector=ITU-T=30k\n  virement explain itu-2012-2015/infeasible\n  virement explain my-plan/too-much.scenario.toml --apply 1 -o my-plan/mended.scenario.toml"
    )]
    Explain(Explain),
    /// Write a table of a solved scenario to a file; its ending gives the format
    #[command(
        after_help = "Examples:\n  virement export itu-2012-2015/adopted -o adopted.csv\n  virement export itu-2012-2015 --table annex1 -o annex1.parquet\n  virement export my-plan -o my-plan.xlsx"
    )]
    Export(Export),
    /// Write a report of a solved scenario: all tables, reasons and charts in one HTML file
    #[command(
        after_help = "Examples:\n  virement report itu-2012-2015/adopted -o report.html\n  virement report itu-2024-2027 --by sector,priority -o report.typ"
    )]
    Report(Report),
    /// The schedule of virements that turns the baseline into the allocation
    #[command(
        after_help = "Examples:\n  virement transfers itu-2012-2015/adopted\n  virement transfers itu-2024-2027 --by sector,priority\n  virement transfers my-plan --within priority --format csv -o transfers.csv"
    )]
    Transfers(Transfers),
    /// Compare scenarios: what goes in, what comes out, and which change does what
    #[command(
        after_help = "Examples:\n  virement compare itu-2012-2015/reallocate itu-2012-2015/class-drop --by sector\n  virement compare baseline itu-2012-2015/adopted\n  virement compare a.scenario.toml b.scenario.toml --shapley --format json\n\n`baseline` is the plan before anything is allocated."
    )]
    Compare(Compare),
    /// Solve many scenarios: files, folders, and all that their `[[vary]]` blocks stand for
    #[command(
        after_help = "Examples:\n  virement batch my-plan -o answers                 every scenario file of the folder\n  virement batch my-plan/futures.scenario.toml --by sector,priority -o answers\n  virement batch my-plan/futures.scenario.toml --shard 3/16 -o shard-3\n  virement batch my-plan/futures.scenario.toml --scenario 17 > 17.scenario.toml\n\nThe rows are in answers/batch.parquet. A batch that was stopped goes on where it was."
    )]
    Batch(Batch),
    /// Walk along one figure: where the answer bends, and which limit takes over there
    #[command(
        after_help = "Examples:\n  virement sweep itu-2012-2015/reallocate --vary driver.contributory-unit.value --from 300000 --to 330000\n  virement sweep my-plan --vary limit.travel.max --from 20000 --to 30000 --by sector --format csv"
    )]
    Sweep(Sweep),
    /// What the scenarios of a batch come to: percentiles, odds, how often each limit binds, what each
    /// figure does alone
    #[command(
        after_help = "Examples:\n  virement summarise answers\n  virement summarise answers.parquet --format json\n  virement summarise answers --table tornado --of sector=ITU-D\n  virement summarise answers --table break-even --until sector=ITU-D=180000"
    )]
    Summarise(Summarise),
    /// Join the shards of a batch to one file: .parquet, or .csv
    #[command(after_help = "Example:\n  virement merge shard-1 shard-2 shard-3 -o answers.parquet")]
    Merge {
        /// The folders of the shards
        #[arg(required = true, value_name = "DIR")]
        folders: Vec<PathBuf>,
        /// The file to write
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
    },
    /// Write an embedded plan out as files to start from
    #[command(
        after_help = "Examples:\n  virement init my-plan                 the default plan\n  virement init first-steps my-plan     a plan small enough to solve by hand"
    )]
    Init {
        /// The embedded plan, and the folder to make; the folder alone takes the default plan
        #[arg(required = true, num_args = 1..=2, value_names = ["PLAN", "DIR"])]
        names: Vec<String>,
    },
    /// Edit a scenario on the screen: type a figure, and everything else re-balances
    #[command(
        after_help = "Examples:\n  virement tui itu-2024-2027\n  virement tui my-plan/cut.scenario.toml\n  echo 'hold sector=GS 120000' | virement tui --plain itu-2012-2015/reallocate"
    )]
    Tui(Tui),
    /// Print the JSON Schema of plan files, scenario files, or of what is written as JSON
    #[command(
        after_help = "Examples:\n  virement schema plan -o plan.schema.json\n  virement schema result"
    )]
    Schema {
        /// What the schema is of
        #[arg(value_enum, value_name = "WHAT")]
        of: SchemaOf,
        /// Write to a file instead of the screen
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Write a plan for trials, the same for the same seed
    #[command(
        after_help = "Example:\n  virement generate --cells 1000 --seed 7 trial && virement solve trial"
    )]
    Generate(Generate),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Solve {
    /// A plan or scenario: a path, or an embedded name; the embedded plan where left out
    #[arg(value_name = "PLAN|SCENARIO")]
    pub(crate) scenario: Option<String>,
    /// The format of the answer
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
    /// Add up by these dimensions or levels
    #[arg(long, value_name = "DIMENSION", value_delimiter = ',')]
    pub(crate) by: Vec<String>,
    /// The tables to give, instead of those that fit the format
    #[arg(long = "table", value_enum, value_name = "TABLE")]
    pub(crate) tables: Vec<TableName>,
    /// Price every limit that binds: move its bound a step, solve again, and show what that is worth
    #[arg(long)]
    pub(crate) prices: bool,
    /// Add to each cell of the JSON result what each limit adds to its change
    #[arg(long)]
    pub(crate) contributions: bool,
    /// Write to a file instead of the screen
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Also write a certificate to this file: a proof that can be checked without a solver
    #[arg(long, value_name = "FILE")]
    pub(crate) certificate: Option<PathBuf>,
    /// Also write the programme of each stage to this folder, in free MPS
    #[arg(long, value_name = "DIR")]
    pub(crate) write_model: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Explain {
    /// A plan or scenario: a path, or an embedded name; the embedded plan where left out
    #[arg(value_name = "PLAN|SCENARIO")]
    pub(crate) scenario: Option<String>,
    /// A line or total to explain, like sector=ITU-D,category=travel
    #[arg(long = "cell", value_name = "SLICE")]
    pub(crate) cells: Vec<String>,
    /// A limit or hold to price both ways: its id, or id[member]; `balance` for the revenue
    #[arg(long = "limit", value_name = "ID")]
    pub(crate) limits: Vec<String>,
    /// A figure that is wished for, like sector=ITU-T=30000 (or =30k, =+5%, >=30000)
    #[arg(long, value_name = "SLICE=FIGURE", allow_hyphen_values = true)]
    pub(crate) why_not: Vec<String>,
    /// How far to move a bound to see what it is worth: a percent of the bound, or a number of units (a
    /// bound that is a share moves by 1% of itself then)
    #[arg(long, value_name = "STEP", default_value = "1%")]
    pub(crate) step: String,
    /// How far each aim may fall short when it is asked how far a line could lie elsewhere
    #[arg(long, value_name = "PERCENT")]
    pub(crate) loss: Option<String>,
    /// Price every limit that binds and every promise, not only those that press hardest
    #[arg(long)]
    pub(crate) every: bool,
    /// Where limits clash: offer repairs that change standing limits too
    #[arg(long)]
    pub(crate) all: bool,
    /// Where limits clash: write the scenario that makes this repair, with -o
    #[arg(long, value_name = "N")]
    pub(crate) apply: Option<usize>,
    /// The scenario to write, in the folder of the plan
    #[arg(short, long, value_name = "FILE.scenario.toml", requires = "apply")]
    pub(crate) output: Option<PathBuf>,
    /// The format of the explanation
    #[arg(long, value_enum, default_value_t = ExplainFormat::Text)]
    pub(crate) format: ExplainFormat,
}

/// A format of an explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExplainFormat {
    /// Sentences
    Text,
    /// The versioned explanation, `virement/explanation@1`
    Json,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    /// A plan or scenario: a path, or an embedded name
    #[arg(value_name = "PLAN|SCENARIO")]
    pub(crate) scenario: Option<String>,
    /// The file to write: .csv, .json, .parquet, .xlsx, .md, .html or .typ
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// The table to write; .xlsx, .md, .html and .typ take several
    #[arg(long = "table", value_enum, value_name = "TABLE")]
    pub(crate) tables: Vec<TableName>,
    /// Add up by these dimensions or levels
    #[arg(long, value_name = "DIMENSION", value_delimiter = ',')]
    pub(crate) by: Vec<String>,
}

#[derive(Debug, Default, clap::Args)]
pub(crate) struct Tui {
    /// A plan or scenario: a path, or an embedded name; the embedded plan where left out
    #[arg(value_name = "PLAN|SCENARIO")]
    pub(crate) scenario: Option<String>,
    /// Leave the mouse to the terminal
    #[arg(long)]
    pub(crate) no_mouse: bool,
    /// For light terminals
    #[arg(long)]
    pub(crate) light: bool,
    /// Line by line, without a screen: commands in words, for screen readers and pipes
    #[arg(long)]
    pub(crate) plain: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Report {
    /// A plan or scenario: a path, or an embedded name
    #[arg(value_name = "PLAN|SCENARIO")]
    pub(crate) scenario: Option<String>,
    /// The file to write: .html, or .typ for print
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// Add what a batch comes to: the folder that `batch` has filled, or a file with its rows
    #[arg(long, value_name = "DIR|FILE")]
    pub(crate) batch: Option<PathBuf>,
    /// Add up by these dimensions or levels, instead of by each dimension
    #[arg(long, value_name = "DIMENSION", value_delimiter = ',')]
    pub(crate) by: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Transfers {
    /// A plan or scenario: a path, or an embedded name; the embedded plan where left out
    #[arg(value_name = "PLAN|SCENARIO")]
    pub(crate) scenario: Option<String>,
    /// The format of the answer
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
    /// Keep money within a member of these dimensions before the others
    #[arg(long, value_name = "DIMENSION", value_delimiter = ',')]
    pub(crate) within: Vec<String>,
    /// Move money between the totals of these dimensions or levels, instead of single cells
    #[arg(long, value_name = "DIMENSION", value_delimiter = ',')]
    pub(crate) by: Vec<String>,
    /// Write to a file instead of the screen
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Generate {
    /// How many cells
    #[arg(long)]
    pub(crate) cells: usize,
    /// The seed: the same one gives the same plan
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// The part of the limits that bind, in percent
    #[arg(long, default_value_t = 30, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub(crate) binding: u8,
    /// The part of the cells that stand at a bound of their own, in percent
    #[arg(long, default_value_t = 20, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub(crate) bounded: u8,
    /// The part of all combinations of members that have a cell, in percent
    #[arg(long, default_value_t = 70, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(1..=100))]
    pub(crate) open: u8,
    /// How many limits say what others say already
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub(crate) dependent: usize,
    /// Make the limits clash
    #[arg(long)]
    pub(crate) infeasible: bool,
    /// The folder to make
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
}

/// A format of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Tables for a terminal
    Table,
    /// One object for programs, with its version: `virement/result@1` and the like
    Json,
    /// One table, ids as header
    Csv,
    /// Tables in Markdown
    Md,
}

/// A table by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableName {
    /// What is asked, allocated and changed
    Allocation,
    /// Every limit, where the answer stands against it, and its pressure
    Limits,
    /// Where the money comes from
    Revenue,
    /// Revenue and expenses in the form of Decision 5, Annex 1
    Annex1,
    /// What each limit adds to the change of each line
    Contributions,
    /// What each stage reached, and the bound that proves it
    Stages,
    /// What attributed members receive in each Sector, before and after attribution
    Linkage,
    /// Who gives how much to whom, from the baseline to the allocation
    Transfers,
    /// How far each line, or combination of `--by`, could lie elsewhere with the same score
    Flex,
    /// The limits that cannot hold together, where there is no answer
    Conflict,
    /// What would let them hold together
    Repairs,
}

/// What a JSON Schema is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// A plan file, as a JSON value
    Plan,
    /// A scenario file, as a JSON value
    Scenario,
    /// What `solve --format json` writes
    Result,
    /// What `solve --certificate` writes
    Certificate,
    /// What `explain --format json` writes
    Explanation,
    /// What `transfers --format json` writes
    Transfers,
    /// What `compare --format json` writes
    Comparison,
    /// What `summarise --format json` writes
    Summary,
}
