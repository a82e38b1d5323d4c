//! Walks along one figure: bends that a hand finds, and what solves say on both sides of them.

use serde_json::Value;

use crate::batches::{column, rows, virement};

/// The plan of `first-steps` with its floor and ceiling, worked by hand in its comment: below 925
/// the floor of access binds; at 925 the ceiling of development does too; above 1 018.75 the
/// floor no longer does.
#[test]
fn a_sweep_finds_the_bends_that_a_hand_finds() {
    let words = ["sweep", "first-steps/limits", "--vary", "driver.unit-value.value"];
    let more = ["--from", "15000", "--to", "22000", "--by", "priority", "--format", "json"];
    let output = virement(&[&words[..], &more[..]].concat());
    assert_eq!(output.status.code(), Some(0));
    let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let bends = found["sweep"].as_array().expect("rows");
    let ends: Vec<f64> = bends.iter().map(|row| row["to"].as_f64().expect("a figure")).collect();
    assert_eq!(format!("{ends:?}"), "[18500.0, 20375.0, 22000.0]");
    assert_eq!(bends[1]["begins"], "development-ceiling");
    assert_eq!(bends[2]["ceases"], "access-floor");
    // 50 units: a unit worth one more brings 0.05 thousand more, all of it to spectrum at first.
    let slopes = found["slopes"].as_array().expect("rows");
    let of = |slice: &str| -> Vec<String> {
        let own = slopes.iter().filter(|row| row["slice"] == slice);
        own.map(|row| row["slope"].to_string()).collect()
    };
    assert_eq!(of("priority = spectrum")[..2], ["0.05", "0.05"]);
    assert_eq!(of("priority = access")[..2], ["0", "0"]);
}

/// On both sides of a bend of the real plan the exact answers are on the lines that a sweep gives;
/// where limits clash it says so; what is no right side is sampled.
#[test]
fn a_sweep_says_what_solves_say() {
    let sweep = |scenario: &str, target: &str, from: &str, to: &str| -> (Option<i32>, Value) {
        let words = ["sweep", scenario, "--vary", target, "--from", from, "--to", to];
        let output = virement(&[&words[..], &["--by", "sector", "--format", "json"]].concat());
        let found = serde_json::from_slice(&output.stdout).unwrap_or_default();
        (output.status.code(), found)
    };
    let (code, found) =
        sweep("itu-2012-2015/reallocate", "driver.contributory-unit.value", "300000", "330000");
    assert_eq!(code, Some(0));
    let bends = found["sweep"].as_array().expect("rows");
    assert_eq!(bends.len(), 4, "{bends:?}");
    assert!(bends[0]["clash"].as_str().expect("a clash").contains("balance[2012-2015]"));
    for row in found["slopes"].as_array().expect("rows") {
        let number = |key: &str| row[key].as_f64().expect("a figure");
        let at = f64::midpoint(number("from"), number("to"));
        let at = (at / 100.0).round() * 100.0;
        let body = format!(
            "format = \"virement/scenario@1\"\nextends = \"reallocate.scenario.toml\"\ntitle = \"At\"\n[[vary]]\nset = \"driver.contributory-unit.value\"\nvalues = [{at}]\n"
        );
        let folder = tempfile::tempdir().expect("a folder");
        for (name, bytes) in virement::session::embedded_files("itu-2012-2015").expect("a plan") {
            std::fs::write(folder.path().join(name), bytes).expect("a file");
        }
        let file = folder.path().join("at.scenario.toml");
        std::fs::write(&file, body).expect("a file");
        let (header, solved) = rows(&file, &["--by", "sector", "--alone"]);
        let slice = row["slice"].as_str().expect("a slice");
        let exact: f64 = column(&header, &solved, slice)[0].parse().expect("a figure");
        let line = number("at_from") + number("slope") * (at - number("from"));
        // Revenue is rounded down to a quantum there, and not in a sweep.
        assert!((exact - line).abs() < 1.0, "{slice} at {at}: {exact} and {line}");
    }
    let (code, found) = sweep("first-steps", "cells.baseline", "100", "200");
    assert_eq!(code, Some(0));
    assert_eq!(found["sweep"].as_array().expect("rows").len(), 21);
    assert_eq!(sweep("first-steps", "driver.no-such.value", "1", "2").0, Some(2));
    assert_eq!(sweep("first-steps", "driver.unit-value.value", "2", "1").0, Some(2));
}
