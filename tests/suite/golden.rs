//! Every shipped scenario, compared by value with what it gave before.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use virement::report;
use virement::session;
use virement::solve::Outcome;
use virement::units::Amount;

fn scenarios() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut found = Vec::new();
    for plan in std::fs::read_dir(root).expect("the plans") {
        let plan = plan.expect("a plan").path();
        for file in std::fs::read_dir(plan).expect("the files") {
            let file = file.expect("a file").path();
            if file.extension().is_some_and(|end| end == "toml") {
                found.push(file);
            }
        }
    }
    found.sort();
    found
}

/// The whole answer as text: status, every cell, every limit, every revenue line.
fn answer(path: &Path) -> String {
    let request = session::find(&path.display().to_string()).expect("a shipped file");
    let Ok((solved, _)) = session::answer(&request) else {
        panic!("{}: a shipped file has problems", path.display())
    };
    let plan = &solved.resolved.plan;
    let status = report::status(plan, &solved.outcome);
    let mut text = format!("{}, proof {}\n", status.status, status.proof);
    let tables = match &solved.outcome {
        Outcome::Infeasible(conflict) => vec![report::conflict(plan, conflict)],
        Outcome::Unbounded(stage) => panic!("nothing stops stage {stage}"),
        Outcome::Stopped(_) => panic!("the search was stopped"),
        Outcome::Optimal(found) | Outcome::Unrounded(found, _) => {
            for reading in &found.readings {
                let broken = reading.slack.is_negative() && !reading.soft;
                assert!(!broken || reading.slack.abs() < Amount::ONE, "a limit is broken");
            }
            vec![
                report::allocation(plan, found, &[]),
                report::limits(plan, found),
                report::revenue(plan, found),
                report::stages(plan, found),
                report::linkage(plan, found),
            ]
        }
    };
    for table in tables {
        let csv = report::csv::encode(&table).expect("a table");
        let _ = write!(text, "\n{}\n{}", table.id, String::from_utf8_lossy(&csv));
    }
    text
}

/// The answers in the order of the paths, found by two threads: no answer depends on that.
fn in_threads(paths: &[PathBuf]) -> Vec<String> {
    let own = |start: usize| -> Vec<String> {
        paths.iter().skip(start).step_by(2).map(|path| answer(path)).collect()
    };
    let (first, second) = std::thread::scope(|scope| {
        let second = scope.spawn(move || own(1));
        (own(0), second.join().expect("the answers"))
    });
    let mut halves = (first.into_iter(), second.into_iter());
    let mut answers = Vec::new();
    for place in 0..paths.len() {
        let next = if place % 2 == 0 { halves.0.next() } else { halves.1.next() };
        answers.extend(next);
    }
    answers
}

#[test]
fn every_shipped_scenario_gives_what_it_gave() {
    let found = scenarios();
    assert!(found.len() >= 20, "the shipped scenarios were not found");
    let answers = in_threads(&found);
    for (path, answer) in found.iter().zip(answers) {
        let parts: Vec<String> =
            path.iter().rev().take(2).map(|p| p.to_string_lossy().into_owned()).collect();
        let name = format!("{}-{}", parts[1], parts[0].replace(".toml", ""));
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name, answer);
        });
    }
}

fn by(path: &str, dimension: &str) -> Vec<(String, Amount)> {
    let request = session::find(path).expect("an embedded scenario");
    let Ok((solved, _)) = session::answer(&request) else { panic!("{path} has problems") };
    let Outcome::Optimal(found) = &solved.outcome else { panic!("{path} can be met") };
    let plan = &solved.resolved.plan;
    let axis = virement::scenario::find_axis(dimension, plan.dimensions()).expect("a dimension");
    let all = virement::plan::Slice::all(plan.dimensions().len());
    plan.groups(&all, &[axis])
        .into_iter()
        .map(|group| {
            let member = plan.dimensions()[axis.dimension].member(group.key[0]);
            let amount = group.cells.iter().map(|cell| found.amount(plan, *cell)).sum();
            (member.id.to_string(), amount)
        })
        .collect()
}

/// Decision 5 (Rev. Guadalajara, 2010), Annex 1: the nine expense categories of 2012-2015.
#[test]
fn the_adopted_scenario_is_annex_1_line_by_line() {
    let adopted = [
        ("staff", 389_032),
        ("other-staff", 126_519),
        ("travel", 20_734),
        ("contracts", 27_770),
        ("rental", 22_013),
        ("materials", 6_779),
        ("acquisitions", 13_430),
        ("utilities", 11_728),
        ("miscellaneous", 14_002),
    ];
    let found = by("itu-2012-2015/adopted", "category");
    let wanted: Vec<(String, Amount)> =
        adopted.iter().map(|(id, amount)| ((*id).into(), Amount::whole(*amount))).collect();
    assert_eq!(found, wanted);
}

/// The working stands in `scenarios/first-steps/limits.scenario.toml`.
#[test]
fn the_first_steps_give_what_is_worked_by_hand() {
    let cells = |scenario: &str| -> Vec<Amount> {
        by(scenario, "sector").into_iter().map(|(_, amount)| amount).collect()
    };
    assert_eq!(cells("first-steps/cut-5"), [570, 380].map(Amount::whole));
    assert_eq!(cells("first-steps/limits"), [565, 385].map(Amount::whole));
}

#[test]
fn a_scenario_without_limits_cuts_every_line_alike() {
    let request = session::find("itu-2012-2015/cut").expect("an embedded scenario");
    let Ok((solved, _)) = session::answer(&request) else { panic!("no problems") };
    let Outcome::Optimal(found) = &solved.outcome else { panic!("it can be met") };
    for (cell, exact) in solved.resolved.plan.cells().iter().zip(&found.exact) {
        let factor = Amount::ratio(632_007, 655_242);
        assert_eq!(*exact, &cell.baseline * &factor);
    }
}

/// The plan on the structure of 2024-2027 asks for all that the language has: what it says of itself.
#[test]
fn the_illustrative_plan_is_as_demanding_as_it_is_meant_to_be() {
    let solved = |name: &str| {
        let request = session::find(name).expect("an embedded scenario");
        let Ok((solved, _)) = session::answer(&request) else { panic!("no problems") };
        let Outcome::Optimal(found) = solved.outcome else { panic!("it can be met") };
        (solved.resolved.plan, found)
    };
    let (plan, found) = solved("itu-2024-2027");
    assert!((500..=720).contains(&plan.cells().len()) && plan.limits().len() >= 40);
    assert_eq!(plan.stages().iter().filter(|stage| stage.is_linear()).count(), 2);
    let pressing = |found: &virement::solve::Allocation| -> BTreeSet<String> {
        let limits = found.pressures.iter().map(|own| &own.origin);
        limits.map(|origin| format!("{}[{}]", origin.id, origin.member)).collect()
    };
    let missed: BTreeSet<_> = (found.readings.iter())
        .filter(|own| own.soft && own.slack < -Amount::ONE)
        .map(|own| own.id.to_string())
        .collect();
    assert!(pressing(&found).len() >= 12 && missed.len() >= 2, "{missed:?}");
    let stands = |(cell, exact): &(&virement::plan::Cell, &Amount)| {
        [cell.floor(), cell.ceiling()].iter().flatten().any(|bound| bound == *exact)
    };
    assert!(plan.cells().iter().zip(&found.exact).filter(stands).count() >= 50);
    assert!(found.chosen, "a row depends on others: pressures are not unique");
    let (_, fall) = solved("itu-2024-2027/revenue-fall");
    assert_ne!(pressing(&fall), pressing(&found), "what presses changes with revenue");
}
