//! The real program: exit codes, streams, and what it writes.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

pub(crate) fn virement(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_virement"))
        .args(words)
        .env("LANG", "C.UTF-8")
        .env("NO_COLOR", "1")
        .env_remove("LC_ALL")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the program runs")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("the program ends by itself")
}

pub(crate) fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

fn json(words: &[&str]) -> Value {
    serde_json::from_str(&out(&virement(words))).expect("JSON")
}

#[test]
fn the_exit_code_says_how_it_went() {
    let folder = tempfile::tempdir().expect("a folder");
    let broken = folder.path().join("plan.toml");
    std::fs::write(&broken, "format = \"virement/plan@1\"\ntitel = 1\n").expect("a file");
    let broken = broken.display().to_string();
    for (words, wanted) in [
        (vec!["solve"], 0),
        (vec!["check", "first-steps"], 0),
        (vec!["solve", &broken], 1),
        (vec!["check", &broken], 1),
        (vec![], 2),
        (vec!["solve", "--by", "colour"], 2),
        (vec!["solve", "--no-such-flag"], 2),
        (vec!["solve", "first-steps/impossible"], 3),
        (vec!["solve", "no-such-plan"], 5),
        (vec!["solve", "-o", "/no/such/folder/x.txt"], 5),
    ] {
        assert_eq!(code(&virement(&words)), wanted, "{words:?}");
    }
}

#[test]
fn the_answer_goes_to_standard_output_and_messages_to_standard_error() {
    let solved = virement(&["solve", "first-steps"]);
    assert!(err(&solved).is_empty(), "{}", err(&solved));
    assert!(out(&solved).contains("Allocation"));
    let unknown = virement(&["solve", "no-such-plan"]);
    assert!(out(&unknown).is_empty());
    assert!(err(&unknown).contains("embedded are first-steps, itu-2012-2015"), "{}", err(&unknown));
}

#[test]
fn every_command_has_help_with_an_example() {
    for command in [
        "solve",
        "explain",
        "check",
        "resolve",
        "export",
        "report",
        "transfers",
        "compare",
        "init",
        "generate",
    ] {
        let help = virement(&[command, "--help"]);
        assert_eq!(code(&help), 0, "{command}");
        assert!(out(&help).contains("Example"), "{command}");
    }
    let names = out(&virement(&["--help"]));
    insta::assert_snapshot!("help", names);
}

#[test]
fn the_json_result_has_every_key_of_its_version() {
    let result = json(&["solve", "first-steps/limits", "--format", "json", "--contributions"]);
    let keys: Vec<&String> = result.as_object().expect("an object").keys().collect();
    assert_eq!(
        keys,
        [
            "format",
            "scenario",
            "hash",
            "status",
            "currency",
            "scale",
            "total",
            "stages",
            "proof",
            "allocation",
            "limits",
            "revenue",
            "linkage",
            "conflict",
            "repairs",
            "provenance"
        ]
    );
    assert_eq!(result["format"], "virement/result@1");
    assert_eq!(result["total"]["allocation"], 950);
    let cell = &result["allocation"][0];
    assert_eq!(cell["allocation"], 362);
    let parts = cell["contributions"].as_array().expect("a list");
    let sum: f64 = parts.iter().filter_map(|part| part["money"].as_f64()).sum();
    assert!((sum - cell["change"].as_f64().expect("a number")).abs() < 1e-9);
}

#[test]
fn an_infeasible_result_names_its_minimal_set() {
    let result = json(&["solve", "first-steps/impossible", "--format", "json"]);
    assert_eq!(result["status"], "infeasible");
    let ids: Vec<&str> = result["conflict"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|c| c["id"].as_str())
        .collect();
    assert_eq!(ids, ["balance", "access-floor", "spectrum-floor"]);
}

#[test]
fn what_init_writes_solves_like_the_embedded_plan() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path().join("mine");
    let home = home.display().to_string();
    assert_eq!(code(&virement(&["init", &home])), 0);
    let again = virement(&["init", &home]);
    assert_eq!(code(&again), 5);
    assert!(err(&again).contains("was left as it is"));
    let mut mine = json(&["solve", &home, "--format", "json"]);
    let mut own = json(&["solve", "--format", "json"]);
    mine["scenario"] = Value::Null;
    own["scenario"] = Value::Null;
    assert_eq!(mine, own);
}

#[test]
fn the_order_of_the_rows_in_a_file_changes_no_byte() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path().join("turned");
    let name = home.display().to_string();
    assert_eq!(code(&virement(&["init", &name])), 0);
    let path = home.join("cells.csv");
    let text = std::fs::read_to_string(&path).expect("the cells");
    let mut lines: Vec<&str> = text.lines().collect();
    lines[1..].reverse();
    std::fs::write(&path, lines.join("\n")).expect("the cells");
    let wanted = virement(&["solve", "--format", "csv"]);
    assert_eq!(virement(&["solve", &name, "--format", "csv"]).stdout, wanted.stdout);
    let hash = |name: &str| json(&["solve", name, "--format", "json"])["hash"].clone();
    assert_eq!(hash(&name), hash("itu-2012-2015"));
}

#[test]
fn a_table_is_written_in_every_format_with_a_manifest() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, begins) in [
        ("a.csv", "sector,"),
        ("a.json", "{"),
        ("a.md", "## Allocation"),
        ("a.parquet", "PAR1"),
        ("a.xlsx", "PK"),
        ("a.html", "<!DOCTYPE html>"),
        ("a.typ", "#set document"),
    ] {
        let path = folder.path().join(name);
        let file = path.display().to_string();
        let words = ["export", "itu-2012-2015", "--by", "sector", "-o", &file];
        assert_eq!(code(&virement(&words)), 0, "{name}");
        let bytes = std::fs::read(&path).expect("a file");
        assert!(bytes.starts_with(begins.as_bytes()), "{name}");
        let manifest =
            std::fs::read_to_string(format!("{file}.manifest.json")).expect("a manifest");
        let manifest: Value = serde_json::from_str(&manifest).expect("JSON");
        assert_eq!(manifest["file"], name);
    }
    let other = virement(&["export", "-o", "a.docx"]);
    assert_eq!(code(&other), 2);
    assert!(err(&other).contains("the file's ending gives the format"));
    assert!(!Path::new(env!("CARGO_MANIFEST_DIR")).join("a.docx").exists());
    assert_eq!(code(&virement(&["report", "-o", "a.csv"])), 2);
}

#[test]
fn what_parquet_holds_reads_back() {
    use polars::prelude::{ParquetReader, SerReader};
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.parquet");
    let words = ["export", "itu-2012-2015", "--by", "sector", "-o", &path.display().to_string()];
    assert_eq!(code(&virement(&words)), 0);
    let file = std::fs::File::open(&path).expect("a file");
    let frame = ParquetReader::new(file).finish().expect("Parquet");
    assert_eq!(frame.height(), 4);
    let amounts = frame.column("allocation").expect("a column").i64().expect("whole amounts");
    assert_eq!(amounts.iter().flatten().sum::<i64>(), 632_007);
}

#[test]
fn without_a_colour_or_utf_8_terminal_the_tables_are_ascii() {
    let plain = virement(&["solve", "first-steps", "--ascii"]);
    assert!(out(&plain).is_ascii());
    let locale = Command::new(env!("CARGO_BIN_EXE_virement"))
        .args(["solve", "first-steps"])
        .env("LC_ALL", "C")
        .output()
        .expect("the program runs");
    assert!(out(&locale).is_ascii());
}

#[test]
fn resolve_names_the_line_of_every_value() {
    let text = out(&virement(&["resolve", "itu-2012-2015/class-drop"]));
    let changed = text.lines().find(|line| line.starts_with("driver.member-state-units.value"));
    let changed = changed.expect("the changed driver");
    assert!(changed.contains("class-drop.scenario.toml:"), "{changed}");
    assert!(text.contains("cells.csv:2"));
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_virement"))
        .args(["solve", "--table", "contributions", "--format", "csv"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("the program runs");
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn transfers_are_printed_and_written() {
    let text = out(&virement(&["transfers", "itu-2024-2027", "--by", "sector,priority"]));
    insta::assert_snapshot!("transfers", text);
    let result = json(&["transfers", "itu-2012-2015/adopted", "--format", "json"]);
    assert_eq!(result["format"], "virement/transfers@1");
    let sum = |rows: &Value, key: &str| -> i64 {
        rows.as_array().expect("rows").iter().filter_map(|row| row[key].as_i64()).sum()
    };
    assert_eq!(sum(&result["lines"], "change"), 632_007 - 655_242);
    assert_eq!(sum(&result["lines"], "gives"), sum(&result["lines"], "receives") + 23_235);
    let csv = virement(&["transfers", "itu-2012-2015/adopted", "--format", "csv"]);
    assert!(out(&csv).starts_with("from,to,amount,crosses,approval,limit,authority\n"));
    let table =
        virement(&["solve", "itu-2012-2015/adopted", "--table", "transfers", "--format", "csv"]);
    assert_eq!(out(&table), out(&csv));
    assert_eq!(code(&virement(&["transfers", "first-steps/impossible"])), 3);
    assert_eq!(code(&virement(&["transfers", "--within", "colour"])), 2);
}

#[test]
fn scenarios_are_compared_and_joined_by_a_bridge() {
    let words = ["compare", "first-steps", "first-steps/limits", "--by", "sector"];
    insta::assert_snapshot!("compare", out(&virement(&words)));
    let words = ["compare", "baseline", "first-steps/cut-5", "first-steps/limits"];
    insta::assert_snapshot!("compare-three", out(&virement(&words)));
    let found = json(&["compare", "first-steps", "first-steps/limits", "--format", "json"]);
    assert_eq!(found["format"], "virement/comparison@1");
    let sum = |key: &str| -> i64 {
        let rows = found["bridge"].as_array().expect("rows").iter();
        rows.filter_map(|row| row[key].as_i64()).sum()
    };
    assert_eq!((sum("revenue"), sum("allocation")), (-50, -50));
    assert_eq!(found["inputs"][0]["origin_2"], "first-steps/cut-5.scenario.toml:19");
    let bridge = ["--table", "bridge", "--format", "csv", "--shapley"];
    let csv = virement(&[&["compare", "first-steps", "first-steps/limits"][..], &bridge].concat());
    assert!(
        out(&csv)
            .starts_with("to,step,change,baseline,revenue,allocation,after,reason,origin,note\n")
    );
}

/// The cut takes 50 of 1 000; the floor and the ceiling after it move money and add none. From the
/// scenario with all three back to the plan 50 are added.
#[test]
fn every_further_scenario_is_joined_to_the_first_by_a_bridge_of_its_own() {
    let three = ["compare", "first-steps/limits", "first-steps", "first-steps/cut-5"];
    let bridge = ["--table", "bridge"];
    insta::assert_snapshot!("bridge-three", out(&virement(&[&three[..], &bridge].concat())));
    let found = json(&[&three[..], &bridge, &["--format", "json"]].concat());
    let adds = |to: &str| -> Vec<i64> {
        let rows = found["bridge"].as_array().expect("rows").iter();
        rows.filter(|row| row["to"] == to).filter_map(|row| row["allocation"].as_i64()).collect()
    };
    assert_eq!((adds("2"), adds("3")), (vec![0, 0, 50], vec![0, 0]));
    let words = ["compare", "first-steps", "first-steps/impossible", "first-steps/limits"];
    let clash = virement(&[&words[..], &bridge].concat());
    assert_eq!(code(&clash), 3);
    let text = out(&clash);
    assert!(text.contains("first-steps to first-steps/limits"), "{text}");
    let why = "there is no bridge to `first-steps/impossible`: the limits of";
    assert!(text.contains(why), "{text}");
    let from = ["compare", "first-steps/impossible", "first-steps", "first-steps/limits"];
    let none = virement(&[&from[..], &bridge].concat());
    assert!(err(&none).contains("the limits of `first-steps/impossible` clash"));
}

#[test]
fn what_cannot_be_compared_says_why() {
    let same = virement(&["compare", "itu-2012-2015", "itu-2012-2015"]);
    assert!(out(&same).contains("the scenarios are the same: nothing differs"));
    assert!(!out(&same).contains("Lines that differ"));
    let clash = virement(&["compare", "first-steps", "first-steps/impossible"]);
    assert_eq!(code(&clash), 3);
    assert!(out(&clash).contains("`virement explain first-steps/impossible` says why"));
    assert!(out(&clash).contains("limit.spectrum-floor.min"));
    let bridge =
        virement(&["compare", "first-steps", "first-steps/impossible", "--table", "bridge"]);
    assert_eq!(code(&bridge), 3);
    assert!(err(&bridge).contains("the limits of `first-steps/impossible` clash"));
    let other = virement(&["compare", "first-steps", "itu-2012-2015"]);
    assert_eq!(code(&other), 2);
    assert!(err(&other).contains("different dimensions"), "{}", err(&other));
    let many = ["compare", "itu-2012-2015", "itu-2012-2015/draft-325-quarter", "--shapley"];
    assert!(err(&virement(&many)).contains("8 changes at most, and there are 25"));
}

#[test]
fn a_stale_parent_is_told_when_scenarios_are_compared() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("plan");
    assert_eq!(code(&virement(&["init", "first-steps", &root.display().to_string()])), 0);
    let frozen = "format = \"virement/scenario@1\"\nextends = \"cut-5.scenario.toml\"\n\
                  parent-hash = \"0000\"\n";
    let path = root.join("frozen.scenario.toml");
    std::fs::write(&path, frozen).expect("a file");
    let path = path.display().to_string();
    let found = virement(&["compare", &root.display().to_string(), &path, "--format", "json"]);
    let result: Value = serde_json::from_slice(&found.stdout).expect("JSON");
    assert_eq!(result["stale"][0], path);
    let text = out(&virement(&["compare", &root.display().to_string(), &path]));
    assert!(text.contains("is stale: what it was frozen on has changed since"), "{text}");
}

/// A file's name says what is in it: nothing is written where it would not be that.
#[test]
fn a_file_is_not_given_the_name_of_another_format() {
    let home = tempfile::tempdir().expect("a folder");
    let path = |name: &str| home.path().join(name).display().to_string();
    let said = |words: &[&str], name: &str| {
        let file = path(name);
        let asked = virement(&[words, &["-o", &file]].concat());
        assert_eq!(code(&asked), 2, "{words:?} {name}: {}", err(&asked));
        assert!(!home.path().join(name).exists(), "{name} was written");
        err(&asked).replace(&file, name)
    };
    assert_eq!(
        said(&["solve", "first-steps"], "a.xlsx"),
        "`a.xlsx`: the answer would be plain text in a .xlsx file; write `virement export \
         first-steps -o a.xlsx`, or name another file\n"
    );
    assert_eq!(
        said(&["solve", "first-steps", "--format", "json"], "a.CSV"),
        "`a.CSV`: the answer would be JSON in a .csv file; add `--format csv`, or name another file\n"
    );
    assert!(
        said(&["transfers", "first-steps/limits"], "a.parquet").contains("as .csv, .json, .md")
    );
    assert!(
        said(&["compare", "first-steps", "first-steps/limits"], "a.md").contains("--format md")
    );
    assert!(said(&["schema", "plan"], "plan.toml").contains("a schema would be JSON"));
    for (words, name) in [
        (&["solve", "first-steps"][..], "a.txt"),
        (&["solve", "first-steps", "--format", "md"], "a.md"),
        (&["schema", "plan"], "plan.schema.json"),
    ] {
        assert_eq!(code(&virement(&[words, &["-o", &path(name)]].concat())), 0, "{name}");
    }
}
