//! Certificates: what the solver finds is judged from the plan alone, and nothing altered passes.

use serde_json::{Value as Json, json};
use virement::report;
use virement::scenario::generate::{Recipe, plan};
use virement::session::{self, Request, Solved, Uncertified};
use virement::solve::Outcome;

use crate::decisions;
use crate::lumps;
use crate::memory::Folder;

/// A scenario that was solved, and how to ask for it again.
pub(crate) struct Case {
    solved: Solved,
    ask: Box<dyn Fn() -> Request>,
}

fn case(ask: impl Fn() -> Request + 'static) -> Case {
    match session::answer(&ask()) {
        Ok((solved, _)) => Case { solved, ask: Box::new(ask) },
        Err(refused) => panic!("{:?}", refused.problems.first().map(|p| p.message.clone())),
    }
}

pub(crate) fn shipped(name: &str) -> Case {
    let name = name.to_string();
    case(move || session::find(&name).expect("a shipped scenario"))
}

/// What was not accepted of an outcome.
fn refusal(outcome: &Outcome) -> Option<String> {
    match outcome {
        Outcome::Unbounded(stage) => Some(format!("unbounded {stage}")),
        outcome => Some(report::unproven(outcome)).filter(|why| !why.is_empty()),
    }
}

/// The result and the certificate of an answer.
pub(crate) fn files(case: &Case) -> (Json, Json) {
    let solved = &case.solved;
    let plan = &solved.resolved.plan;
    let result = report::result(
        plan,
        &solved.outcome,
        &solved.identity,
        &[],
        true,
        report::Findings::default(),
    );
    (
        result,
        session::certificate(solved, report::Findings::default())
            .unwrap_or_else(|why| panic!("{why}")),
    )
}

pub(crate) fn judge(case: &Case, result: &Json, certificate: &Json) -> Result<(), String> {
    match session::judge(&(case.ask)(), result, certificate) {
        Ok(_) => Ok(()),
        Err(Uncertified::Refusal(refusal)) => Err(refusal.to_string()),
        Err(Uncertified::Unread(why)) => panic!("{why}"),
        Err(Uncertified::Refused(refused)) => panic!("{:?}", refused.problems.first()),
    }
}

/// Golden answers hold that every shipped scenario is proven; here its files are judged again.
#[test]
fn the_files_of_shipped_scenarios_are_certified() {
    let names = [
        "first-steps",
        "first-steps/impossible",
        "itu-2012-2015",
        "itu-2012-2015/infeasible",
        "itu-2012-2015/language-cap",
        "itu-2012-2015/move-money",
        "itu-2012-2015/two-step",
        "itu-2024-2027/needs-first",
        "itu-2024-2027/infeasible",
    ];
    for name in names {
        let case = shipped(name);
        assert_eq!(refusal(&case.solved.outcome), None, "{name}");
        let (result, certificate) = files(&case);
        assert_eq!(judge(&case, &result, &certificate), Ok(()), "{name}");
    }
}

/// Plans for trials are proven, those that clash too.
#[test]
fn generated_plans_are_proven() {
    for seed in 0..24 {
        let mut recipe = Recipe::of(20 + 4 * usize::try_from(seed).expect("small"), seed);
        recipe.infeasible = seed % 6 == 5;
        recipe.binding = 0.6;
        let files: Vec<(String, String)> = plan(&recipe);
        let named: Vec<(&str, &str)> = files.iter().map(|(n, t)| (&**n, &**t)).collect();
        let folder = Folder::of(&named);
        let case = case(move || folder.clone().ask("plan.toml"));
        assert_eq!(refusal(&case.solved.outcome), None, "seed {seed}");
        let (result, certificate) = self::files(&case);
        assert_eq!(judge(&case, &result, &certificate), Ok(()), "seed {seed}");
    }
}

/// A plan with every kind of stage, worked nowhere: it is there to be tampered with.
fn staged() -> Case {
    let plan = r#"
format = "virement/plan@1"
title = "To be tampered with"
currency = "EUR"
scale = 1
quantum = 1
[[dimension]]
id = "line"
members = [ { id = "a" }, { id = "b" }, { id = "c" }, { id = "d" } ]
[cells]
table = "cells.csv"
[balance]
spend = "all"
[[revenue]]
id = "grants"
amount = 480
[[revenue]]
id = "reserve"
min = 0
max = 40
prefer = 0
[[limit]]
id = "a"
on = { line = "a" }
min = 120
strength = "soft"
[[limit]]
id = "c"
on = { line = "c" }
min = 195
strength = "soft"
[[limit]]
id = "turn"
max-turnover = 60
within = "line"
[[limit]]
id = "share"
on = { line = "d" }
max-share = "19%"
of = {}
[[stage]]
minimise = "shortfall"
[[stage]]
id = "cover"
maximise = "coverage"
[[stage]]
maximise = "value"
weights = { line = { a = 2 } }
loss = "1%"
"#;
    let cells = "line,baseline,need\na,100,180\nb,100,100\nc,200,210\nd,100,110\n";
    let folder = Folder::of(&[("plan.toml", plan), ("cells.csv", cells)]);
    case(move || folder.clone().ask("plan.toml"))
}

/// Every leaf of a JSON value, by its pointer.
fn leaves(json: &Json, at: &str, found: &mut Vec<String>) {
    match json {
        Json::Object(fields) => {
            for (key, value) in fields {
                let key = key.replace('~', "~0").replace('/', "~1");
                leaves(value, &format!("{at}/{key}"), found);
            }
        }
        Json::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                leaves(item, &format!("{at}/{place}"), found);
            }
        }
        _ => found.push(at.into()),
    }
}

/// Other values that a leaf could be altered to.
fn altered(leaf: &Json) -> Vec<Json> {
    match leaf {
        Json::Number(number) => {
            let text = number.to_string();
            let more: f64 = text.parse().expect("a number");
            let written = |text: String| serde_json::from_str(&text).expect("a number");
            let step = if text.contains('.') { 0.000_1 } else { 1.0 };
            [more + step, more - step, -more - 1.0].map(|v| written(format!("{v}"))).into()
        }
        Json::String(text) => match text.split_once('/').unwrap_or((text, "1")) {
            (over, under) if over.parse::<i128>().is_ok() && under.parse::<i128>().is_ok() => {
                let (over, under): (i128, i128) =
                    (over.parse().expect("a number"), under.parse().expect("a number"));
                [(over + 1, under), (-over - 1, under), (over + under, under), (over, under + 1)]
                    .map(|(over, under)| json!(lowest(over, under)))
                    .into()
            }
            _ => vec![json!(format!("{text}x")), json!("")],
        },
        Json::Bool(flag) => vec![json!(!flag)],
        _ => vec![json!(1)],
    }
}

fn lowest(over: i128, under: i128) -> String {
    let (mut a, mut b) = (over.abs(), under);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let (over, under) = (over / a.max(1), under / a.max(1));
    if under == 1 { over.to_string() } else { format!("{over}/{under}") }
}

/// Seals a certificate again, as someone would who knows how.
pub(crate) fn sealed(mut certificate: Json, result: &Json) -> Json {
    certificate["result"] = json!(report::result_digest(result));
    let fields = certificate.as_object_mut().expect("an object");
    fields.shift_remove("sha256");
    let sum = report::digest(&certificate);
    certificate["sha256"] = json!(sum);
    certificate
}

/// The answer that a certificate proves: all that is not a multiplier.
pub(crate) fn answer_of(certificate: &Json) -> Vec<Json> {
    let proof = &certificate["proof"];
    let values = proof["stages"].as_array().cloned().unwrap_or_default();
    let values = values.iter().map(|stage| json!([stage["stage"], stage["round"], stage["value"]]));
    let mut answer: Vec<Json> = values.collect();
    answer.extend([proof["exact"].clone(), proof["decisions"].clone(), proof["revenue"].clone()]);
    answer
}

/// A plan of 90 with a floor for its line b, and what its line a has beside a baseline.
fn short(floor: &str, a: &str) -> Folder {
    let text = format!(
        "format = \"virement/plan@1\"\ntitle = \"Short\"\ncurrency = \"EUR\"\nscale = 1\nquantum = 1\n\n\
         [[dimension]]\nid = \"line\"\nmembers = [ {{ id = \"a\" }}, {{ id = \"b\" }}, {{ id = \"c\" }} ]\n\n\
         [cells]\ntable = \"cells.csv\"\n\n[[revenue]]\nid = \"grants\"\namount = 90\n\n[balance]\n\n\
         [[limit]]\nid = \"floor\"\non = {{ line = \"b\" }}\n{floor}\nauthority = \"x\"\n"
    );
    let cells = format!("line,baseline,flexibility,min\na,{a}\nb,60,1,\nc,10,1,\n");
    Folder::of(&[("plan.toml", &text), ("cells.csv", &cells)])
}

/// The cases that are tampered with, and each how many-th of their figures.
pub(crate) fn cases() -> Vec<(&'static str, Case, usize)> {
    vec![
        ("limits", shipped("first-steps/limits"), 1),
        ("impossible", shipped("first-steps/impossible"), 1),
        ("staged", staged(), 1),
        ("two-step", shipped("itu-2012-2015/two-step"), 41),
        ("decisions", case(|| decisions::folder().ask("plan.toml")), 1),
        ("lumps", case(|| lumps::projects().ask("plan.toml")), 1),
        ("undecidable", case(|| lumps::projects().ask("wish.scenario.toml")), 1),
        ("narrow", case(|| lumps::narrow().ask("plan.toml")), 1),
        ("fixed", case(|| short("min = 50", "60,0,").ask("plan.toml")), 1),
        ("sign", case(|| short("min = 95", "60,1,5").ask("plan.toml")), 1),
    ]
}

#[test]
fn an_altered_certificate_is_refused() {
    for (name, case, every) in cases() {
        let (result, certificate) = files(&case);
        assert_eq!(judge(&case, &result, &certificate), Ok(()), "{name}");
        let mut found = Vec::new();
        leaves(&certificate, "", &mut found);
        let (mut tried, mut other_proofs) = (0, 0);
        for leaf in found.iter().step_by(every) {
            let old = certificate.pointer(leaf).expect("a leaf").clone();
            for new in altered(&old).into_iter().filter(|new| *new != old) {
                let mut file = certificate.clone();
                *file.pointer_mut(leaf).expect("a leaf") = new.clone();
                tried += 1;
                let judged = judge(&case, &result, &file);
                assert!(judged.is_err(), "{name}{leaf}: {old} -> {new} passed");
                // Whoever seals the file again may only have written another true proof.
                if judge(&case, &result, &sealed(file.clone(), &result)).is_ok() {
                    let harmless = ["/result", "/sha256"];
                    let multiplier = leaf.contains("/multipliers/")
                        || leaf.contains("/own/")
                        || leaf.contains("/calibration/")
                        || leaf.contains("/pressures/")
                        || leaf.contains("/witness")
                        || (leaf.contains("/cases/") && leaf.contains("/amounts/"));
                    assert!(
                        multiplier || harmless.contains(&leaf.as_str()),
                        "{name}{leaf}: {old} -> {new} passed when sealed"
                    );
                    assert_eq!(answer_of(&file), answer_of(&certificate), "{name}{leaf}");
                    other_proofs += usize::from(multiplier);
                }
            }
        }
        assert!(tried >= 20 && other_proofs * 10 < tried, "{name}: {other_proofs} of {tried}");
    }
}

/// Words that describe, and are no figures: their truth is not part of a proof.
const WORDS: [&str; 10] = [
    "scenario",
    "model",
    "stopped_by",
    "provenance",
    "measure",
    "authority",
    "approval",
    "title",
    "price_unit",
    "kind",
];

#[test]
fn an_altered_result_is_refused() {
    for (name, case, every) in cases() {
        let (result, certificate) = files(&case);
        let mut found = Vec::new();
        leaves(&result, "", &mut found);
        for leaf in found.iter().step_by(every) {
            let old = result.pointer(leaf).expect("a leaf").clone();
            let key = leaf.rsplit('/').next().expect("a key");
            for new in altered(&old).into_iter().filter(|new| *new != old) {
                let mut file = result.clone();
                *file.pointer_mut(leaf).expect("a leaf") = new.clone();
                let judged = judge(&case, &file, &certificate);
                assert!(judged.is_err(), "{name}{leaf}: {old} -> {new} passed");
                let price = key.starts_with("price") || key == "valid_to";
                if WORDS.contains(&key) || price {
                    continue;
                }
                let judged = judge(&case, &file, &sealed(certificate.clone(), &file));
                assert!(judged.is_err(), "{name}{leaf}: {old} -> {new} passed when sealed");
            }
        }
    }
}

#[test]
fn a_certificate_of_other_files_is_refused() {
    let (one, other) = (shipped("first-steps/limits"), shipped("first-steps/cut-5"));
    let (result, certificate) = files(&one);
    let judged = judge(&other, &result, &certificate);
    assert_eq!(judged, Err("the certificate is of another input than these files".into()));
    let (foreign, _) = files(&other);
    let judged = judge(&one, &foreign, &certificate).expect_err("a foreign result");
    assert_eq!(judged, "the result is of another input than these files");
}

/// What each ending of `certify` looks like from outside.
#[test]
fn certify_says_what_did_not_agree() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |words: &[&str]| {
        let mut command = assert_cmd::Command::cargo_bin("virement").expect("the program");
        let output = command.current_dir(folder.path()).args(words).output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned() + &said)
    };
    let words = [
        "solve",
        "first-steps/limits",
        "--format",
        "json",
        "-o",
        "r.json",
        "--certificate",
        "c.json",
    ];
    assert_eq!(run(&words).0, Some(0));
    let certify = ["certify", "r.json", "--certificate", "c.json", "first-steps/limits"];
    let (code, said) = run(&certify);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with("certified: optimal, proven"), "{said}");
    let certificate = std::fs::read_to_string(folder.path().join("c.json")).expect("a file");
    let altered = certificate.replace("\"11/100\"", "\"12/100\"");
    std::fs::write(folder.path().join("c.json"), altered).expect("a file");
    let (code, said) = run(&certify);
    assert_eq!(code, Some(4));
    assert!(said.contains("its own hash does not agree"), "{said}");
    let other = ["certify", "r.json", "--certificate", "c.json", "first-steps/cut-5"];
    assert_eq!(run(&other).0, Some(4));
    let missing = ["certify", "none.json", "--certificate", "c.json", "first-steps/limits"];
    assert_eq!(run(&missing).0, Some(5));
    std::fs::write(folder.path().join("plan.toml"), "format = 1\n").expect("a file");
    std::fs::write(folder.path().join("c.json"), certificate).expect("a file");
    let broken = ["certify", "r.json", "--certificate", "c.json", "plan.toml"];
    assert_eq!(run(&broken).0, Some(1));
}
