//! How many scenarios a second a batch solves on one core, and what it writes.
//!
//! `cargo bench --bench batches` runs all; a word after `--` picks the cases whose name has it.
//! `docs/benchmarks.md` holds the figures and says how they were taken.

#![expect(clippy::print_stdout, reason = "it prints a table")]

use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::Instant;

use virement::session;
use virement::session::batch::{Batch, Options, Progress, Run, Shard, run};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A batch to measure.
struct Case {
    name: &'static str,
    plan: &'static str,
    /// What the drawn scenario stands on.
    extends: &'static str,
    vary: &'static str,
    options: Options,
    counts: &'static [u64],
}

const UNIT_OF_FIRST_STEPS: &str = "set = \"driver.unit-value.value\"\ndraw = \"normal\"\n\
                                   mean = 19000\nsd = 400\ndecimals = 0\n";
const CONTRIBUTORY_UNIT: &str = "set = \"driver.contributory-unit.value\"\ndraw = \"normal\"\n\
                                 mean = 318000\nsd = 2500\ndecimals = 0\n";

fn cases() -> Vec<Case> {
    let by = || Options { by: vec!["sector".into(), "priority".into()], ..Options::default() };
    let ours = |name, options, counts| Case {
        name,
        plan: "itu-2024-2027",
        extends: "plan.toml",
        vary: CONTRIBUTORY_UNIT,
        options,
        counts,
    };
    let small = Case {
        name: "first-steps",
        plan: "first-steps",
        extends: "limits.scenario.toml",
        vary: UNIT_OF_FIRST_STEPS,
        options: Options { by: vec!["sector".into(), "priority".into()], ..Options::default() },
        counts: &[1000, 1_000_000],
    };
    vec![
        small,
        ours("itu-2024-2027", by(), &[100, 10_000, 100_000, 1_000_000]),
        ours("itu-2024-2027-alone", Options { alone: true, ..by() }, &[50]),
        ours(
            "itu-2024-2027-all-cells",
            Options { all_cells: true, ..Options::default() },
            &[10_000, 100_000],
        ),
    ]
}

fn main() {
    let asked: Vec<String> =
        std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    println!("one core; each row is a run from an empty folder");
    println!(
        "{:<26}{:>11}{:>11}{:>9}{:>14}{:>12}{:>10}",
        "batch", "scenarios", "seconds", "regions", "a second", "microseconds", "MB/s"
    );
    for case in cases() {
        if asked.is_empty() || asked.iter().any(|word| case.name.contains(word.as_str())) {
            for count in case.counts {
                measure(&case, *count);
            }
        }
    }
}

fn measure(case: &Case, count: u64) {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in session::embedded_files(case.plan).expect("an embedded plan") {
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    let text = format!(
        "format = \"virement/scenario@1\"\nextends = \"{}\"\ntitle = \"Drawn\"\n\n\
         [[vary]]\n{}count = {count}\nseed = 1\n",
        case.extends, case.vary
    );
    let scenario = folder.path().join("drawn.scenario.toml");
    std::fs::write(&scenario, text).expect("a file");
    let batch = Batch::open(&[scenario.display().to_string()], case.options.clone());
    let batch = batch.expect("a batch in order");
    let output = folder.path().join("rows");
    let how =
        Run { folder: output.clone(), shard: Shard::WHOLE, jobs: 1, force: false, csv: false };
    let (progress, since) = (Progress::default(), Instant::now());
    let counts = run(&batch, &how, &progress).expect("a batch that runs");
    let seconds = since.elapsed().as_secs_f64();
    assert_eq!(counts.solved + counts.infeasible, count, "every scenario is proven");
    let bytes = size(&output.join("batch.parquet"));
    let (rows, regions) = (count as f64, progress.regions.load(Ordering::Relaxed));
    println!(
        "{:<26}{count:>11}{seconds:>11.2}{regions:>9}{:>14.0}{:>12.2}{:>10.1}",
        case.name,
        rows / seconds,
        seconds / rows * 1e6,
        bytes / seconds / 1e6
    );
}

fn size(path: &Path) -> f64 {
    std::fs::metadata(path).map_or(0.0, |data| data.len() as f64)
}
