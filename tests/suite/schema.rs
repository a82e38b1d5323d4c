//! The JSON Schemas of plans, scenarios and results.

use std::path::{Path, PathBuf};

use jsonschema::Validator;
use serde_json::{Value as Json, json};
use virement::{report, scenario, session};

fn validator(text: &str) -> Validator {
    let schema: Json = serde_json::from_str(text).expect("a JSON text");
    jsonschema::meta::validate(&schema).unwrap_or_else(|fault| panic!("no schema: {fault}"));
    jsonschema::validator_for(&schema).expect("a schema")
}

/// The shipped files whose names end in `ending`.
fn shipped(ending: &str) -> Vec<PathBuf> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let folders = std::fs::read_dir(home).expect("a folder").flatten();
    let files = folders.flat_map(|folder| std::fs::read_dir(folder.path()).into_iter().flatten());
    let named = |path: &PathBuf| path.to_string_lossy().ends_with(ending);
    let mut found: Vec<PathBuf> = files.flatten().map(|file| file.path()).filter(named).collect();
    found.sort();
    found
}

fn read(path: &Path) -> Json {
    let text = std::fs::read_to_string(path).expect("a file");
    let value: toml::Value = toml::from_str(&text).expect("a TOML text");
    as_json(value)
}

/// A TOML value as JSON; a date is a text.
fn as_json(value: toml::Value) -> Json {
    match value {
        toml::Value::String(text) => json!(text),
        toml::Value::Integer(number) => json!(number),
        toml::Value::Float(number) => json!(number),
        toml::Value::Boolean(flag) => json!(flag),
        toml::Value::Datetime(day) => json!(day.to_string()),
        toml::Value::Array(items) => items.into_iter().map(as_json).collect(),
        toml::Value::Table(table) => {
            Json::Object(table.into_iter().map(|(key, value)| (key, as_json(value))).collect())
        }
    }
}

fn assert_valid(validator: &Validator, value: &Json, what: &str) {
    let faults: Vec<String> = validator
        .iter_errors(value)
        .map(|fault| format!("{}: {fault}", fault.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{what}: {}", faults.join("; "));
}

#[test]
fn every_shipped_file_is_valid() {
    let (plan, change) = (validator(scenario::PLAN_SCHEMA), validator(scenario::SCENARIO_SCHEMA));
    let (plans, scenarios) = (shipped("plan.toml"), shipped(".scenario.toml"));
    assert!(plans.len() >= 3 && scenarios.len() >= 20, "the shipped files were not found");
    for path in plans {
        assert_valid(&plan, &read(&path), &path.display().to_string());
    }
    for path in scenarios {
        assert_valid(&change, &read(&path), &path.display().to_string());
    }
}

fn result(name: &str, by: &[&str], contributions: bool) -> Json {
    let request = session::find(name).expect("embedded");
    let Ok((solved, _)) = session::answer(&request) else { panic!("{name} is in order") };
    let plan = &solved.resolved.plan;
    let axis = |id: &&str| scenario::find_axis(id, plan.dimensions()).expect("an axis");
    let axes: Vec<_> = by.iter().map(axis).collect();
    let mended = session::repairs(&request, &solved, false);
    let findings = report::Findings { mended: &mended, ..report::Findings::default() };
    report::result(plan, &solved.outcome, &solved.identity, &axes, contributions, findings)
}

#[test]
fn every_result_is_valid() {
    let validator = validator(report::RESULT_SCHEMA);
    let asked: [(&str, &[&str], bool); 7] = [
        ("itu-2012-2015", &[], false),
        ("itu-2012-2015/adopted", &["sector", "category"], true),
        ("itu-2012-2015/infeasible", &[], false),
        ("first-steps", &["sector"], true),
        ("itu-2024-2027", &["biennium"], true),
        ("itu-2024-2027/revenue-fall", &[], false),
        ("itu-2024-2027/infeasible", &[], false),
    ];
    for (name, by, contributions) in asked {
        assert_valid(&validator, &result(name, by, contributions), name);
    }
}

#[test]
fn every_certificate_is_valid() {
    let validator = validator(report::CERTIFICATE_SCHEMA);
    let embedded = ["first-steps/limits", "itu-2012-2015/two-step", "itu-2012-2015/infeasible"];
    let lumps = ["plan.toml", "wish.scenario.toml"];
    let embedded = embedded.map(|name| (name, session::find(name).expect("embedded")));
    let lumps = lumps.map(|name| (name, crate::lumps::projects().ask(name)));
    let decided = [("decisions", crate::decisions::folder().ask("plan.toml"))];
    for (name, request) in embedded.into_iter().chain(lumps).chain(decided) {
        let Ok((solved, _)) = session::answer(&request) else { panic!("{name} is in order") };
        let file = session::certificate(&solved, report::Findings::default())
            .unwrap_or_else(|why| panic!("{name}: {why}"));
        assert_valid(&validator, &file, name);
        let mut wrong = file.clone();
        wrong["proof"]["limits-of"] = json!([]);
        assert!(!validator.is_valid(&wrong), "{name}: an unknown key passes");
    }
}

/// Each place is made wrong in turn: an unknown key, a wrong type, an unknown word.
#[test]
fn what_the_loader_refuses_the_schemas_refuse() {
    let plan = validator(scenario::PLAN_SCHEMA);
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/itu-2024-2027/plan.toml");
    let good = read(&home);
    let sections = [
        "",
        "/cells",
        "/balance",
        "/dimension/0",
        "/dimension/0/members/0",
        "/control/0",
        "/driver/0",
        "/revenue/0",
        "/limit/0",
        "/stage/0",
        "/fund/0",
        "/measure/0",
        "/attribution/0",
    ];
    for section in sections {
        let mut wrong = good.clone();
        wrong.pointer_mut(section).expect("a section")["unknown-key"] = json!(1);
        assert!(!plan.is_valid(&wrong), "an unknown key of {section} passes");
    }
    let faults = [
        ("/currency", json!(7)),
        ("/dimension", json!({})),
        ("/dimension/0/role", json!("space")),
        ("/balance/spend", json!("some")),
        ("/revenue/0/provenance", json!("guessed")),
        ("/limit/0/each", json!("year")),
        ("/limit/0/strength", json!("firm")),
        ("/stage/0/spread", json!("wide")),
        ("/fund/0/only", json!("yes")),
    ];
    for (place, value) in faults {
        let mut wrong = good.clone();
        let (parent, key) = place.rsplit_once('/').expect("a place");
        wrong.pointer_mut(parent).expect("a section")[key] = value;
        assert!(!plan.is_valid(&wrong), "{place} passes");
    }
    let change = validator(scenario::SCENARIO_SCHEMA);
    let good = json!({
        "format": "virement/scenario@1", "extends": "plan.toml",
        "change": [{ "set": "scale", "to": 1 }],
    });
    assert!(change.is_valid(&good));
    for wrong in [
        json!({ "format": "virement/scenario@1" }),
        json!({ "format": "virement/scenario@2", "extends": "plan.toml" }),
        json!({ "format": "virement/scenario@1", "extends": "plan.toml", "change": [{ "to": 1 }] }),
        json!({ "format": "virement/scenario@1", "extends": "plan.toml", "hold": [{ "an": 1 }] }),
    ] {
        assert!(!change.is_valid(&wrong), "{wrong} passes");
    }
}

#[test]
fn a_result_with_a_key_missing_is_refused() {
    let validator = validator(report::RESULT_SCHEMA);
    let good = result("first-steps", &[], false);
    for key in ["format", "hash", "status", "proof", "stages", "allocation", "conflict"] {
        let mut wrong = good.clone();
        wrong.as_object_mut().expect("an object").remove(key);
        assert!(!validator.is_valid(&wrong), "{key} is not missed");
    }
}

/// What `command` writes as JSON.
fn written(words: &[&str]) -> Json {
    let mut command = assert_cmd::Command::cargo_bin("virement").expect("the program");
    let output = command.args(words).args(["--format", "json"]).output().expect("it runs");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|fault| panic!("{words:?}: {fault}"))
}

/// Explanations of answers, figures, limits, wishes and clashes; schedules; comparisons.
#[test]
fn every_document_is_valid() {
    let documents: [(&str, &[&[&str]]); 3] = [
        (
            report::EXPLANATION_SCHEMA,
            &[
                &["explain", "itu-2012-2015/reallocate"],
                &[
                    "explain",
                    "itu-2012-2015/reallocate",
                    "--cell",
                    "sector=ITU-D",
                    "--limit",
                    "balance",
                ],
                &["explain", "itu-2012-2015/reallocate", "--why-not", "category=travel>=21 000"],
                &["explain", "itu-2012-2015/reallocate", "--why-not", "sector=ITU-T=110k"],
                &["explain", "first-steps/limits", "--every"],
                &["explain", "first-steps/impossible"],
            ],
        ),
        (
            report::TRANSFERS_SCHEMA,
            &[&["transfers", "itu-2012-2015/adopted"], &["transfers", "first-steps/limits"]],
        ),
        (
            report::COMPARISON_SCHEMA,
            &[
                &[
                    "compare",
                    "itu-2012-2015/reallocate",
                    "itu-2012-2015/class-drop",
                    "--by",
                    "sector",
                ],
                &["compare", "baseline", "first-steps/limits"],
                &["compare", "first-steps", "first-steps/limits", "first-steps/impossible"],
            ],
        ),
    ];
    for (schema, asked) in documents {
        let validator = validator(schema);
        for words in asked {
            let document = written(words);
            assert_valid(&validator, &document, &words.join(" "));
            let mut wrong = document.clone();
            wrong["unknown-key"] = json!(1);
            assert!(!validator.is_valid(&wrong), "{words:?}: an unknown key passes");
        }
    }
}
