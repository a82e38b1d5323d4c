//! Which limits are given a price first, and that a start from an answer changes none.

use std::process::Command;

use virement::explain::{Footing, StepSize, step_of};
use virement::plan::{Limit, Plan, ReadingKind, Strength};
use virement::session;
use virement::solve::{ActiveSet, Allocation, Exact, Outcome, exact, solve, stepped, without};

use crate::{memory::Folder, random_plans};

/// Seven lines of 100, each under a ceiling of its own: from 99 for `a` down to 93 for `g`.
pub(crate) fn files() -> [(&'static str, String); 2] {
    let mut plan = String::from(
        "format = \"virement/plan@1\"\ntitle = \"Seven ceilings\"\ncurrency = \"EUR\"\nscale = 1\nquantum = 1\n\n\
         [[dimension]]\nid = \"line\"\nmembers = [ { id = \"a\" }, { id = \"b\" }, { id = \"c\" }, { id = \"d\" }, \
         { id = \"e\" }, { id = \"f\" }, { id = \"g\" } ]\n\n[cells]\ntable = \"cells.csv\"\n",
    );
    let mut cells = String::from("line,baseline\n");
    for (line, max) in ["a", "b", "c", "d", "e", "f", "g"].iter().zip((93..100).rev()) {
        plan += &format!(
            "\n[[limit]]\nid = \"under-{line}\"\non = {{ line = \"{line}\" }}\nmax = {max}\nauthority = \"planner\"\n"
        );
        cells += &format!("{line},100\n");
    }
    [("plan.toml", plan), ("cells.csv", cells)]
}

fn solved(plan: &Plan) -> Box<Allocation> {
    match solve(plan, &ActiveSet::default()) {
        Outcome::Optimal(found) => found,
        other => panic!("no answer: {other:?}"),
    }
}

/// The deeper a ceiling cuts, the more a step of it is worth: from 93 to 94 the distance falls by
/// (49 - 36) / 200, from 99 to 100 by 1 / 200.
#[test]
fn the_limits_that_press_hardest_are_priced_first() {
    let [plan, cells] = files();
    let folder = Folder::of(&[(plan.0, &plan.1), (cells.0, &cells.1)]);
    let Ok((resolved, _)) = session::open(&folder.ask("plan.toml")) else { panic!("a plan") };
    let allocation = solved(&resolved.plan);
    let footing = Footing::new(&resolved.plan, &allocation).expect("an answer");
    let size = StepSize::default();
    let (prices, left) = session::foremost(&footing, &size, false);
    let ids: Vec<&str> = prices.iter().map(|price| price.reading.id.as_str()).collect();
    assert_eq!(ids, ["under-g", "under-f", "under-e", "under-d", "under-c"]);
    let worth: Vec<String> = prices.iter().map(|price| price.worth().to_string()).collect();
    assert_eq!(worth, ["0.065", "0.055", "0.045", "0.035", "0.025"]);
    assert_eq!(left.iter().map(|own| own.id.as_str()).collect::<Vec<_>>(), ["under-b", "under-a"]);
    let (all, none) = session::foremost(&footing, &size, true);
    assert!(none.is_empty());
    assert_eq!((all.len(), all[6].worth().to_string()), (7, "0.005".into()));
    let (promises, left) = session::promises(&footing, false);
    assert_eq!((promises.len(), left, promises[0].id.as_str()), (5, 2, "under-g"));
}

/// The command says which limits it left without a price, and prices all where it is asked to.
#[test]
fn an_overview_names_the_limits_that_it_did_not_price() {
    let home = tempfile::tempdir().expect("a folder");
    for (name, text) in files() {
        std::fs::write(home.path().join(name), text).expect("a file");
    }
    let explain = |more: &[&str]| {
        let out = Command::new(env!("CARGO_BIN_EXE_virement"))
            .args(["explain", "plan.toml"])
            .args(more)
            .env("LANG", "C.UTF-8")
            .current_dir(home.path())
            .output()
            .expect("the program runs");
        String::from_utf8(out.stdout).expect("text")
    };
    let text = explain(&[]);
    let told = "  2 limits bind as well, but press less on the answer; what a step of them is worth was not \
                worked out: “under-b” (planner) and “under-a” (planner). `--every` does it for all.";
    assert!(text.lines().any(|line| line == told), "{text}");
    assert!(text.contains("  2 more press less and were not tried"), "{text}");
    assert!(!explain(&["--every"]).contains("not worked out"));
    let json = |more: &[&str]| -> serde_json::Value {
        serde_json::from_str(&explain(&[&["--format", "json"], more].concat())).expect("JSON")
    };
    let count = |json: &serde_json::Value, key: &str| json[key].as_array().expect("a list").len();
    let (few, all) = (json(&[]), json(&["--every"]));
    assert_eq!((count(&few, "prices"), count(&few, "unpriced")), (5, 2));
    assert_eq!((count(&all, "prices"), count(&all, "unpriced")), (7, 0));
    assert_eq!(few["unpriced"][0]["id"], "under-b");
    assert_eq!((&few["promises_left"], &all["promises_left"]), (&2.into(), &0.into()));
}

/// An exact answer is the same from what an earlier one proved, stages and all.
#[test]
fn an_exact_answer_does_not_depend_on_its_start() {
    let mut staged = 0;
    for case in 0..120 {
        let Ok((resolved, _)) = session::open(&random_plans::plan(case).ask("plan.toml")) else {
            continue;
        };
        let Ok(cold) = exact(&resolved.plan, &ActiveSet::default()) else { continue };
        let hot = exact(&resolved.plan, &cold.active).expect("the same answer");
        assert_eq!(hot.amounts, cold.amounts, "plan {case}");
        assert_eq!((&hot.stages, &hot.distance), (&cold.stages, &cold.distance), "plan {case}");
        staged += usize::from(!cold.stages.is_empty());
    }
    assert!(staged > 20, "{staged}");
}

/// What an answer without a promise comes to is the same whether its rule is loosened, and the solve goes on
/// from what the answer leaned on, or it is taken out of the plan.
#[test]
fn a_loosened_promise_asks_for_nothing() {
    let (mut hard, mut soft) = (0, 0);
    for case in 0..150 {
        let Ok((resolved, _)) = session::open(&random_plans::plan(case).ask("plan.toml")) else {
            continue;
        };
        let plan = &resolved.plan;
        let Ok(found) = exact(plan, &ActiveSet::default()) else { continue };
        for Limit { id, strength, .. } in plan.limits() {
            let loosened = without(plan, (ReadingKind::Limit, id), &found);
            let gone = exact(&plan.without(ReadingKind::Limit, id), &ActiveSet::default());
            let (Ok(loosened), Ok(gone)) = (&loosened, &gone) else {
                assert_eq!(loosened.err(), gone.err(), "plan {case} without {id}");
                continue;
            };
            assert_eq!(loosened.amounts, gone.amounts, "plan {case} without {id}");
            assert_eq!(loosened.stages, gone.stages, "plan {case} without {id}");
            assert_eq!(loosened.revenue, gone.revenue, "plan {case} without {id}");
            match strength {
                Strength::Hard => hard += 1,
                Strength::Soft { .. } => soft += 1,
            }
        }
    }
    assert!(hard > 100 && soft > 50, "{hard} {soft}");
}

/// What a step of a bound comes to does not depend on the answer that it is taken from: amounts that reached
/// the value of a stage before are taken only where they still do.
#[test]
fn a_step_comes_to_the_same_from_an_answer_and_from_nothing() {
    let (mut steps, mut lossy) = (0, 0);
    for case in 0..150 {
        let Ok((resolved, _)) = session::open(&random_plans::plan(case).ask("plan.toml")) else {
            continue;
        };
        let plan = &resolved.plan;
        let Outcome::Optimal(found) = solve(plan, &ActiveSet::default()) else { continue };
        let footing = Footing::new(plan, &found).expect("an answer");
        let has_loss = plan.stages().iter().any(|stage| stage.loss.is_some());
        for reading in footing.binding().take(4) {
            let step = step_of(plan, reading, &StepSize::default());
            for by in [step.clone(), -&step] {
                let Some(moved) = plan.nudged(&reading.key(), &by) else { continue };
                let told = |found: Exact| (found.stages, found.amounts, found.distance);
                let hot = stepped(&moved, &footing.exact.active).map(told);
                let cold = exact(&moved, &ActiveSet::default()).map(told);
                assert_eq!(hot, cold, "plan {case}, {} by {by}", reading.id);
                steps += 1;
                lossy += usize::from(has_loss);
            }
        }
    }
    assert!(steps > 300 && lossy > 50, "{steps} {lossy}");
}
