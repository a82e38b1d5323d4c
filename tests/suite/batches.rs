//! Batches: what `[[vary]]` stands for, rows that agree with single solves, and what a kill, a cut
//! or a bad file leaves.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::Value;
use virement::session::batch::{Batch, Options, Progress, Run, Shard, run};

use crate::random_plans;

fn program(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_virement"));
    command.args(words).env("LANG", "C.UTF-8").env("NO_COLOR", "1").env_remove("LC_ALL");
    command
}

pub(crate) fn virement(words: &[&str]) -> Output {
    program(words).output().expect("the program runs")
}

pub(crate) fn text(path: &Path) -> String {
    path.display().to_string()
}

/// A copy of the embedded plan `first-steps` with a scenario file of this body.
pub(crate) fn first_steps(body: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let files = virement::session::embedded_files("first-steps").expect("a plan");
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).expect("a file");
    }
    let head = "format = \"virement/scenario@1\"\nextends = \"limits.scenario.toml\"\ntitle = \"Futures\"\n";
    std::fs::write(folder.path().join("futures.scenario.toml"), format!("{head}{body}"))
        .expect("a file");
    folder
}

const DRAWS: &str = "
[[vary]]
set = \"driver.unit-value.value\"
draw = \"normal\"
mean = 19000
sd = 900
decimals = 0
count = 200
seed = 7

[[vary]]
set = \"driver.units.value\"
values = [46, 50, 52]
";

/// The rows of a batch as CSV: header and fields.
pub(crate) fn rows(path: &Path, more: &[&str]) -> (Vec<String>, Vec<Vec<String>>) {
    let out = tempfile::tempdir().expect("a folder");
    let folder = text(&out.path().join("out"));
    let path = text(path);
    let mut words = vec!["batch", &path, "--csv", "-o", &folder];
    words.extend(more);
    let output = virement(&words);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    table(&Path::new(&folder).join("batch.csv"))
}

fn table(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_path(path).expect("a table");
    let header = reader.headers().expect("a header").iter().map(String::from).collect();
    let record = |record: csv::Result<csv::StringRecord>| {
        record.expect("a row").iter().map(String::from).collect()
    };
    (header, reader.records().map(record).collect())
}

pub(crate) fn column<'a>(header: &[String], rows: &'a [Vec<String>], name: &str) -> Vec<&'a str> {
    let place = header.iter().position(|own| own == name).unwrap_or_else(|| panic!("{name}"));
    rows.iter().map(|row| row[place].as_str()).collect()
}

/// Two axes, the first of which changes slowest; then each figure alone, after none; then a table.
#[test]
fn blocks_stand_for_the_scenarios_that_the_guide_says() {
    let grid = first_steps(
        "[[vary]]\nset = \"driver.units.value\"\nvalues = [48, 50]\n[[vary]]\nset = \"driver.unit-value.value\"\nfrom = 18000\nto = 19000\nsteps = 2\n",
    );
    let (header, found) = rows(&grid.path().join("futures.scenario.toml"), &[]);
    let units = column(&header, &found, "driver.units.value");
    assert_eq!(units, ["48.0", "48.0", "48.0", "50.0", "50.0", "50.0"]);
    let values = column(&header, &found, "driver.unit-value.value");
    assert_eq!(values, ["18000.0", "18500.0", "19000.0", "18000.0", "18500.0", "19000.0"]);
    // Revenue is units times value: 48 x 18 = 864, 48 x 18.5 = 888, 48 x 19 = 912.
    let revenue = column(&header, &found, "revenue");
    assert_eq!(revenue, ["864.0", "888.0", "912.0", "900.0", "925.0", "950.0"]);

    let alone = first_steps(
        "[[vary]]\nset = \"driver.units.value\"\nvalues = [48, 49]\none-at-a-time = true\n[[vary]]\nset = \"driver.unit-value.value\"\nvalues = [18000]\none-at-a-time = true\n",
    );
    let (header, found) = rows(&alone.path().join("futures.scenario.toml"), &[]);
    assert_eq!(column(&header, &found, "driver.units.value"), ["", "48.0", "49.0", ""]);
    assert_eq!(column(&header, &found, "driver.unit-value.value"), ["", "", "", "18000.0"]);

    let listed = first_steps("[[vary]]\ntable = \"futures.csv\"\n");
    let rows_of = "driver.units.value,driver.unit-value.value\n50,19000\n1/2,1840000\n";
    std::fs::write(listed.path().join("futures.csv"), rows_of).expect("a table");
    let (header, found) = rows(&listed.path().join("futures.scenario.toml"), &[]);
    assert_eq!(column(&header, &found, "revenue"), ["950.0", "920.0"]);
}

/// A row has the figures of `solve` on the scenario file that it stands for: published ones with
/// `--rounded`, and the exact ones as the nearest floats without.
#[test]
fn a_row_is_what_solve_says_of_its_scenario() {
    let plan = first_steps(DRAWS);
    let path = plan.path().join("futures.scenario.toml");
    let (header, exact) = rows(&path, &["--by", "sector,priority"]);
    let (_, whole) = rows(&path, &["--by", "sector,priority", "--rounded"]);
    assert_eq!(exact.len(), 600);
    for index in [0, 17, 311, 599] {
        let file = virement(&["batch", &text(&path), "--scenario", &index.to_string()]);
        let own = plan.path().join("own.scenario.toml");
        std::fs::write(&own, &file.stdout).expect("a file");
        let solved = virement(&["solve", &text(&own), "--format", "json"]);
        let found: Value = serde_json::from_slice(&solved.stdout).expect("JSON");
        for line in found["allocation"].as_array().expect("lines") {
            let name = format!(
                "sector = {}, priority = {}",
                line["sector"].as_str().expect("an id"),
                line["priority"].as_str().expect("an id")
            );
            let stands = |rows: &[Vec<String>]| -> f64 {
                column(&header, rows, &name)[index].parse().expect("a figure")
            };
            let published = line["allocation"].as_f64().expect("a figure");
            assert!((stands(&whole) - published).abs() < 1e-9, "scenario {index}, {name}");
            assert!((stands(&exact) - published).abs() < 1.0, "scenario {index}, {name}");
        }
    }
    let said = virement(&["solve", &text(&path)]);
    assert!(String::from_utf8_lossy(&said.stderr).contains("stands for 600 scenarios"));
    let said = virement(&["batch", &text(&path), "--scenario", "600"]);
    assert_eq!(said.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&said.stderr).contains("numbered from 0"));
}

/// Runs a batch in this process; gives its file.
fn bytes(path: &Path, options: Options, jobs: usize) -> (Vec<u8>, u64) {
    let out = tempfile::tempdir().expect("a folder");
    let batch = Batch::open(&[text(path)], options).expect("a batch");
    assert!(batch.faulty.is_empty(), "{}", batch.faulty[0].told());
    let folder = out.path().to_path_buf();
    let how = Run { folder, shard: Shard::WHOLE, jobs, force: false, csv: false };
    let progress = Progress::default();
    run(&batch, &how, &progress).expect("it runs");
    let reused = progress.reused.load(Ordering::Relaxed);
    (std::fs::read(out.path().join("batch.parquet")).expect("a file"), reused)
}

/// Rows answered from regions are those of solves, byte by byte: on random plans of every family
/// whose revenue varies.
#[test]
fn a_row_from_a_region_is_the_row_of_a_solve() {
    let options = |alone| Options { by: vec!["line".into()], alone, ..Options::default() };
    let (mut tried, mut reused) = (0, 0);
    for case in 0..160 {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, bytes) in &random_plans::plan(case).0 {
            std::fs::write(folder.path().join(name), bytes).expect("a file");
        }
        let plan = text(&folder.path().join("plan.toml"));
        let request = virement::session::find(&plan).expect("a plan");
        let Ok((resolved, _)) = virement::session::open(&request) else { continue };
        let lines = resolved.plan.revenue().iter();
        let targets = lines
            .flat_map(|line| ["amount", "amounts"].map(|key| format!("revenue.{}.{key}", line.id)));
        for target in targets {
            let body = format!(
                "format = \"virement/scenario@1\"\nextends = \"plan.toml\"\ntitle = \"Futures\"\n[[vary]]\nscale = \"{target}\"\nfrom = \"-6%\"\nto = \"6%\"\nsteps = 16\n"
            );
            let file = folder.path().join("futures.scenario.toml");
            std::fs::write(&file, body).expect("a file");
            let request = virement::session::find(&text(&file)).expect("a scenario");
            if virement::session::check(&request).is_err() {
                continue;
            }
            tried += 1;
            let (own, none) = bytes(&file, options(true), 2);
            let (found, count) = bytes(&file, options(false), 1);
            assert!(found == own && none == 0, "plan {case}, {target}");
            reused += count;
        }
        if tried >= 30 {
            break;
        }
    }
    assert!(tried >= 30 && reused > 100, "{tried} plans, {reused} rows from regions");
}

/// Scenarios with the same right sides share a row, whole figures and pressures as well: it is that of each.
#[test]
fn a_row_that_is_shared_is_the_row_of_each() {
    let plan = first_steps(DRAWS);
    let path = plan.path().join("futures.scenario.toml");
    for rounded in [false, true] {
        let options = |alone| {
            let by = vec!["sector".into()];
            Options { by, rounded, pressures: true, alone, ..Options::default() }
        };
        let (own, shared) = (bytes(&path, options(true), 2), bytes(&path, options(false), 1));
        assert!(own == shared && own.1 == 0, "rounded: {rounded}");
    }
}

/// Killed over and over, a batch goes on and ends with the bytes of one that was left alone.
#[test]
fn a_batch_that_was_killed_goes_on_to_the_same_bytes() {
    let plan = first_steps(DRAWS);
    let path = text(&plan.path().join("futures.scenario.toml"));
    let out = tempfile::tempdir().expect("a folder");
    let [whole, killed] = ["whole", "killed"].map(|name| text(&out.path().join(name)));
    let batch = |folder: &str| {
        let mut command =
            program(&["batch", &path, "--alone", "--by", "priority", "--jobs", "2", "-o", folder]);
        command.stderr(Stdio::null());
        command
    };
    assert!(batch(&whole).status().expect("it runs").success());
    let count = || {
        let parts = std::fs::read_dir(Path::new(&killed).join("parts"));
        parts.map_or(0, Iterator::count)
    };
    for round in 0..4 {
        let before = count();
        let mut child = batch(&killed).spawn().expect("it runs");
        // Files are written in pairs; an odd number of rounds waits for half of one.
        while count() <= before + 3 + round && child.try_wait().expect("a child").is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
        let _ = child.kill();
        let _ = child.wait();
        assert!(count() > before, "nothing was kept of what was killed");
    }
    assert!(batch(&killed).status().expect("it runs").success());
    let [one, two] = [&whole, &killed]
        .map(|folder| std::fs::read(Path::new(folder).join("batch.parquet")).expect("a file"));
    assert!(one == two);
    // What is finished is not solved again, and another batch does not go over it.
    assert!(batch(&killed).status().expect("it runs").success());
    let other = virement(&["batch", &path, "--by", "sector", "-o", &killed]);
    assert_eq!(other.status.code(), Some(5));
    assert!(String::from_utf8_lossy(&other.stderr).contains("--force"));
}

#[test]
fn shards_join_to_the_whole_whatever_the_cut() {
    let plan = first_steps(DRAWS);
    let path = text(&plan.path().join("futures.scenario.toml"));
    let out = tempfile::tempdir().expect("a folder");
    let at = |name: &str| text(&out.path().join(name));
    let done = |words: &[&str]| {
        let output = virement(words);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    };
    done(&["batch", &path, "-o", &at("whole")]);
    let whole = std::fs::read(out.path().join("whole/batch.parquet")).expect("a file");
    for of in [1, 3, 7] {
        let folders: Vec<String> = (1..=of).map(|number| at(&format!("{of}-{number}"))).collect();
        for (number, folder) in folders.iter().enumerate() {
            done(&["batch", &path, "-o", folder, "--shard", &format!("{}/{of}", number + 1)]);
        }
        if of == 1 {
            continue;
        }
        let joined = at(&format!("{of}.parquet"));
        let mut words = vec!["merge", "-o", &joined];
        words.extend(folders.iter().rev().map(String::as_str));
        done(&words);
        assert!(std::fs::read(&joined).expect("a file") == whole, "{of}");
    }
    for (words, wanted) in [
        (vec!["3-1", "3-3"], "scenarios 200 to 399 are in none"),
        (vec!["3-1", "3-2", "3-2", "3-3"], "scenarios 200 to 399 are both in"),
        (vec!["3-1", "3-2", "7-7", "3-3"], "are both in"),
        (vec!["3-1", "7-7"], "is shard 7/7: take all of them from one cut"),
        (vec!["3-1", "no-such"], "holds no batch"),
    ] {
        let folders: Vec<String> = words.iter().map(|name| at(name)).collect();
        let joined = at("no.parquet");
        let mut words = vec!["merge", "-o", &joined];
        words.extend(folders.iter().map(String::as_str));
        let output = virement(&words);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(5), "{said}");
        assert!(said.contains(wanted), "{said}");
    }
    // A part that is not what was written, and one of another batch.
    done(&["batch", &path, "--by", "sector", "-o", &at("foreign"), "--shard", "2/3"]);
    let output =
        virement(&["merge", &at("3-1"), &at("foreign"), &at("3-3"), "-o", &at("no.parquet")]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("of another batch"));
    let part: PathBuf = std::fs::read_dir(out.path().join("3-1/parts"))
        .expect("parts")
        .map(|entry| entry.expect("an entry").path())
        .find(|path| path.extension().is_some_and(|end| end == "parquet"))
        .expect("rows");
    let mut rows = std::fs::read(&part).expect("rows");
    rows[200] ^= 1;
    std::fs::write(&part, rows).expect("a file");
    let output = virement(&["merge", &at("3-1"), &at("3-2"), &at("3-3"), "-o", &at("no.parquet")]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("is not what was written"));
    assert!(!out.path().join("no.parquet").exists());
}

/// One bad file does not stop the others, and an infeasible scenario is a row with its conflict.
#[test]
fn a_bad_file_stops_nothing_and_a_clash_is_a_row() {
    let plan = first_steps("[[vary]]\nset = \"driver.units.vallue\"\nvalues = [48]\n");
    let out = tempfile::tempdir().expect("a folder");
    let folder = text(&out.path().join("out"));
    let output = virement(&["batch", &text(plan.path()), "--csv", "-o", &folder]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("futures.scenario.toml:5:7"), "{said}");
    let (header, found) = table(&Path::new(&folder).join("batch.csv"));
    let files = column(&header, &found, "file");
    assert_eq!(files.len(), 3);
    let place = files.iter().position(|file| file.ends_with("impossible.scenario.toml"));
    let place = place.expect("a row");
    assert_eq!(column(&header, &found, "status")[place], "infeasible");
    assert_eq!(column(&header, &found, "proof")[place], "infeasible");
    assert!(!column(&header, &found, "remark")[place].is_empty());
    assert_eq!(column(&header, &found, "allocation")[place], "");
    let manifest = std::fs::read_to_string(Path::new(&folder).join("manifest.json")).expect("one");
    let manifest: Value = serde_json::from_str(&manifest).expect("JSON");
    assert_eq!(manifest["counts"]["infeasible"], 1);
    assert!(
        manifest["problems"][0]["name"]
            .as_str()
            .expect("a name")
            .ends_with("futures.scenario.toml")
    );
}

/// Fans, odds and bindings of a grid whose every row can be worked by hand: revenue of 900, 925 and
/// 950 over the floor of 500 for access, whose need is stated as its baseline of 500.
#[test]
fn a_summary_adds_up_what_the_rows_say() {
    let plan = first_steps(
        "[[vary]]\nset = \"driver.unit-value.value\"\nfrom = 18000\nto = 19000\nsteps = 2\n",
    );
    let out = tempfile::tempdir().expect("a folder");
    let folder = text(&out.path().join("out"));
    let file = text(&plan.path().join("futures.scenario.toml"));
    let table = plan.path().join("cells.csv");
    let cells = std::fs::read_to_string(&table).expect("a table");
    let cells: Vec<String> = cells
        .lines()
        .enumerate()
        .map(|(place, line)| match (place, line.contains("access")) {
            (0, _) => format!("{line},need"),
            (_, true) => format!("{line},{}", if line.contains("radio") { 200 } else { 300 }),
            (_, false) => format!("{line},1000"),
        })
        .collect();
    std::fs::write(&table, cells.join("\n")).expect("a table");
    assert!(virement(&["batch", &file, "--by", "priority", "-o", &folder]).status.success());
    let found = virement(&["summarise", &folder, "--format", "json"]);
    assert_eq!(found.status.code(), Some(0), "{}", String::from_utf8_lossy(&found.stderr));
    let found: Value = serde_json::from_slice(&found.stdout).expect("JSON");
    let of = |figure: &str| -> Value {
        let fans = found["fan"].as_array().expect("rows");
        fans.iter().find(|row| row["figure"] == figure).cloned().expect("a row")
    };
    let revenue = of("revenue");
    assert_eq!([&revenue["p0"], &revenue["p50"], &revenue["p100"]], [900, 925, 950]);
    assert_eq!(revenue["mean"], 925);
    // The floor gives access what it needs in every scenario; spectrum never has 2 000.
    assert_eq!(
        (&of("priority = access")["need"], &of("priority = access")["funded"]),
        (&500.into(), &100.into())
    );
    assert_eq!(of("priority = spectrum")["funded"], 0);
    let binding = found["binding"].as_array().expect("rows");
    assert_eq!(
        (&binding[0]["limit"], &binding[0]["scenarios"]),
        (&"access-floor".into(), &3.into())
    );
    assert_eq!(found["outcomes"][0]["scenarios"], 3);
    // A finished batch that is run again is still finished.
    assert!(virement(&["batch", &file, "--by", "priority", "-o", &folder]).status.success());
    assert!(virement(&["summarise", &folder]).status.success());
    let other = virement(&["summarise", &text(plan.path())]);
    assert_eq!(other.status.code(), Some(5));
}
