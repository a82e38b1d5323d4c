//! What a batch comes to: what each figure alone does, and where totals meet amounts, worked by hand.

use std::path::Path;

use serde_json::Value;

use crate::batches::{first_steps, text, virement};

/// The unit at 18 000 to 20 000 and 48 to 52 units of it, on the plan of `first-steps/limits`: 19 000 x 50
/// is 950.
///
/// Below 925 only the floor of access binds: with p of the balance and f of the floor,
///
///   all lines      1 000 p + 500 f = R - 1 000
///   access           500 p + 500 f = 0            so f = -p, and p = (R - 1 000) / 500
///   radio          = 600 + 600 p + 200 f = 600 + 400 p = 600 + 0.8 (R - 1 000)
///   development    = 400 + 400 p + 300 f = 400 + 100 p = 400 + 0.2 (R - 1 000)
///
/// From 925 to 1 018.75 the ceiling holds development at 385, and radio has the rest.
const VARIED: &str = "
[[vary]]
set = \"driver.unit-value.value\"
from = 18000
to = 20000
steps = 4

[[vary]]
set = \"driver.units.value\"
values = [48, 50, 52]
";

/// The rows of the batch in a folder of their own, as Parquet or CSV.
fn answers(more: &[&str]) -> tempfile::TempDir {
    let plan = first_steps(VARIED);
    let path = text(&plan.path().join("futures.scenario.toml"));
    let out = text(&plan.path().join("answers"));
    let mut words = vec!["batch", &path, "--by", "sector", "-o", &out];
    words.extend(more);
    let output = virement(&words);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    plan
}

/// A summary as JSON, which has the form that its schema states.
fn summary(folder: &Path, more: &[&str]) -> Value {
    let rows = text(&folder.join("answers"));
    let mut words = vec!["summarise", &rows, "--format", "json"];
    words.extend(more);
    let output = virement(&words);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let schema = serde_json::from_str(virement::report::SUMMARY_SCHEMA).expect("a schema");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    assert!(validator.is_valid(&found), "{found:#}");
    let mut wrong = found.clone();
    wrong["unknown-key"] = Value::Null;
    assert!(!validator.is_valid(&wrong), "an unknown key passes");
    found
}

#[test]
fn each_figure_alone_does_what_a_hand_finds() {
    let folder = answers(&[]);
    let rows = |more: &[&str]| summary(folder.path(), more)["tornado"].clone();
    let of = |row: &Value, key: &str| row[key].as_f64().expect("a figure");
    // All cells: 18 x 50 = 900 to 20 x 50 = 1 000, and 19 x 48 = 912 to 19 x 52 = 988.
    let all = rows(&[]);
    let found: Vec<String> = (all.as_array().expect("rows").iter())
        .map(|row| {
            let ends = (of(row, "at_low"), of(row, "base"), of(row, "at_high"), of(row, "swing"));
            format!("{} {} {} {ends:?}", row["figure"], row["low"], row["high"])
        })
        .collect();
    assert_eq!(
        found,
        [
            r#""driver.unit-value.value" "18000" "20000" (900.0, 950.0, 1000.0, 100.0)"#,
            r#""driver.units.value" "48" "52" (912.0, 950.0, 988.0, 76.0)"#,
        ]
    );
    // Radio: 600 - 0.8 x 100 = 520 to 1 000 - 385 = 615, and 600 - 0.8 x 88 = 529.6 to 988 - 385 = 603.
    let radio = rows(&["--table", "tornado", "--of", "sector=radio"]);
    let ends: Vec<(f64, f64, f64)> = (radio.as_array().expect("rows").iter())
        .map(|row| (of(row, "at_low"), of(row, "at_high"), of(row, "swing")))
        .collect();
    assert_eq!(format!("{ends:?}"), "[(520.0, 615.0, 95.0), (529.6, 603.0, 73.4)]");
}

#[test]
fn a_total_meets_an_amount_where_a_hand_finds_it() {
    let folder = answers(&["--csv"]);
    let until = |wish: &str| -> Vec<String> {
        let found = summary(folder.path(), &["--table", "break-even", "--until", wish]);
        let rows = found["break-even"].as_array().expect("rows").clone();
        rows.iter().map(|row| format!("{} {}", row["value"], row["met"])).collect()
    };
    // 590 of radio and 385 of development are 975: 19 500 x 50, or 19 000 x 51.315789...
    assert_eq!(
        until("sector=radio=590"),
        [r#"19500 "from there up""#, r#"51.315789 "from there up""#]
    );
    // 383 of development is 400 + 0.2 (R - 1 000) with R = 915: 18 300 x 50, or 19 000 x 48.157894...
    assert_eq!(
        until("sector=development=383"),
        [r#"18300 "from there up""#, r#"48.157895 "from there up""#]
    );
    // It never has more than its ceiling, and always more than 370.
    assert_eq!(
        until("sector=development=386"),
        [
            "null \"at no value from 18\u{202f}000 to 20\u{202f}000\"",
            r#"null "at no value from 48 to 52""#
        ]
    );
    assert_eq!(until("sector=development=370")[1], r#"null "at every value from 48 to 52""#);
    // Access never falls, by its floor: a share of its baseline is an amount too.
    assert_eq!(until("priority=access=-0%")[1], r#"null "at every value from 48 to 52""#);
}

/// Rows in Parquet and in CSV come to the same, and so does the folder and its file.
#[test]
fn parquet_and_csv_come_to_the_same() {
    let (parquet, csv) = (answers(&[]), answers(&["--csv"]));
    let words = |folder: &Path, name: &str| {
        let output = virement(&["summarise", &text(&folder.join(name)), "--table", "fan"]);
        String::from_utf8(output.stdout).expect("text")
    };
    let first = words(parquet.path(), "answers");
    assert!(first.contains("sector = development"), "{first}");
    assert_eq!(first, words(csv.path(), "answers"));
    assert_eq!(first, words(csv.path(), "answers/batch.csv"));
}

#[test]
fn what_cannot_be_summed_up_is_told() {
    let folder = answers(&[]);
    let rows = text(&folder.path().join("answers"));
    let told = |words: &[&str]| {
        let output = virement(&[&["summarise", &rows], words].concat());
        (output.status.code(), String::from_utf8(output.stderr).expect("text"))
    };
    for (words, message) in [
        (&["--table", "odds"][..], "there is no table `odds`"),
        (&["--table", "break-even"], "no total of the rows has a need; write --until"),
        (&["--until", "sector=moon=5"], "--until: "),
        (&["--until", "sector=radio=+5"], "asks for a change; write the amount"),
        (&["--of", "sector=moon"], "--of: "),
    ] {
        let (code, text) = told(words);
        assert_eq!(code, Some(2), "{words:?}: {text}");
        assert!(text.contains(message), "{words:?}: {text}");
    }
    // The file that the rows are of is gone: what needs no plan is told all the same.
    std::fs::remove_file(folder.path().join("futures.scenario.toml")).expect("a file");
    assert_eq!(told(&[]).0, Some(0));
    let (code, text) = told(&["--table", "tornado"]);
    assert_eq!(code, Some(2));
    assert!(text.contains("which the rows are of, cannot be read"), "{text}");
}

/// A report has the tables of the batch that it is given, with their charts; without a scenario it is of
/// the file that the rows are of.
#[test]
fn a_report_has_what_a_batch_comes_to() {
    let folder = answers(&[]);
    let rows = text(&folder.path().join("answers"));
    let page = folder.path().join("report.html");
    let output = virement(&["report", "--batch", &rows, "-o", &text(&page)]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let html = std::fs::read_to_string(&page).expect("a page");
    for part in [
        "How far each total spreads around its median</title>",
        "What each figure alone does to all cells</title>",
        "Totals along the figure, in percent of the first</title>",
        ">driver.units.value: totals between the bends</h2>",
        "development-ceiling",
        ">18 500</text>".replace(' ', "\u{202f}").as_str(),
    ] {
        assert!(html.contains(part), "{part}");
    }
    let charts: Vec<&str> = html.split("<svg viewBox").skip(1).collect();
    let charts: Vec<String> =
        charts.iter().map(|rest| rest.split("</svg>").next().unwrap_or("").to_string()).collect();
    insta::assert_snapshot!(
        "report_charts",
        charts[charts.len() - 4..].join("\n").replace("><", ">\n<")
    );
    let none = virement(&["report", "--batch", &text(folder.path()), "-o", &text(&page)]);
    assert_eq!(none.status.code(), Some(5));
}
