//! Comparisons and bridges: worked by hand, and laws over the shipped scenarios.

use virement::explain::{Bridge, Difference, Method, Step};
use virement::scenario::generate::{Recipe, plan as generated};
use virement::session::{self, Request, Solved, bridge};
use virement::solve::Outcome;
use virement::units::Amount;

use crate::memory::Folder;

const PLAN: &str = r#"
format = "virement/plan@1"
title = "Two lines"
currency = "EUR"
scale = 1
quantum = 1

[[dimension]]
id = "line"
members = [ { id = "x" }, { id = "y" } ]

[cells]
table = "cells.csv"

[[revenue]]
id = "r"
amount = 200

[balance]
spend = "all"

[[limit]]
id = "x-most"
on = { line = "x" }
max = 150
[[limit]]
id = "y-most"
on = { line = "y" }
max = 150
"#;

fn folder() -> Folder {
    let scenario = |parent: &str, more: &str| {
        format!("format = \"virement/scenario@1\"\nextends = \"{parent}\"\n{more}")
    };
    let less = "[[change]]\nset = \"revenue.r.amount\"\nto = 180\n";
    let more = "[[change]]\nset = \"revenue.r.amount\"\nto = 220\n\
                [[hold]]\non = { line = \"x\" }\nat = 120\nreason = \"agreed\"\n";
    let floor = "[[limit]]\nid = \"x-least\"\non = { line = \"x\" }\nmin = 95\n";
    let caps = "[[change]]\nset = \"limit.x-most.max\"\nto = 90\n\
                [[change]]\nset = \"limit.y-most.max\"\nto = 90\n\
                [[change]]\nset = \"revenue.r.amount\"\nto = 180\n";
    Folder::of(&[
        ("plan.toml", PLAN),
        ("cells.csv", "line,baseline\nx,100\ny,100\n"),
        ("less.scenario.toml", &scenario("plan.toml", less)),
        ("more.scenario.toml", &scenario("plan.toml", more)),
        ("child.scenario.toml", &scenario("less.scenario.toml", floor)),
        ("both.scenario.toml", &scenario("plan.toml", &format!("{less}{floor}"))),
        ("caps.scenario.toml", &scenario("plan.toml", caps)),
    ])
}

fn solved(request: &Request) -> Solved {
    let Ok((solved, _)) = session::answer(request) else { panic!("{} is in order", request.name) };
    solved
}

fn bridged(start: &Request, end: &Request, by: &[&str], mean: bool) -> Bridge {
    let by: Vec<String> = by.iter().map(|name| (*name).into()).collect();
    let (first, last) = (solved(start), solved(end));
    bridge(Some((start, &first)), (end, &last), &by, mean).expect("a bridge")
}

fn by_hand(start: &str, end: &str, mean: bool) -> Bridge {
    bridged(&folder().ask(start), &folder().ask(end), &["line"], mean)
}

/// `change: x y`, a step a line.
fn told(bridge: &Bridge) -> Vec<String> {
    let step = |step: &Step| {
        let texts: Vec<&str> = step.changes.iter().map(|own| own.change.as_str()).collect();
        let figures = step.adds.lines.iter().map(|(_, amount)| amount.to_string());
        format!("{}: {}", texts.join(" + "), figures.collect::<Vec<_>>().join(" "))
    };
    bridge.steps.iter().map(step).collect()
}

/// From 90 and 90 back to 100 each, on to 110 each, and with x held at 120, y at 100.
#[test]
fn siblings_are_joined_through_what_both_build_on() {
    let bridge = by_hand("less.scenario.toml", "more.scenario.toml", false);
    assert_eq!(
        told(&bridge),
        [
            "take back: set revenue.r.amount to 180: 10 10",
            "set revenue.r.amount to 220: 10 10",
            "hold line = x at 120: 10 -10",
        ]
    );
    assert_eq!(bridge.steps[2].changes[0].reason.as_deref(), Some("agreed"));
    assert_eq!(bridge.steps[2].changes[0].origin, "more.scenario.toml:6");
    let revenue: Vec<&Amount> = bridge.steps.iter().map(|step| &step.adds.revenue).collect();
    assert_eq!(revenue, [&Amount::whole(20), &Amount::whole(20), &Amount::ZERO]);
}

/// The child keeps its parent's revenue: only its own floor is a step. x rises from 90 to 95.
#[test]
fn a_child_is_joined_by_its_own_changes() {
    let bridge = by_hand("less.scenario.toml", "child.scenario.toml", false);
    assert_eq!(told(&bridge), ["add limit x-least: 5 -5"]);
    let back = by_hand("child.scenario.toml", "less.scenario.toml", false);
    assert_eq!(told(&back), ["take back: add limit x-least: -5 5"]);
}

/// 90 and 150 leave room for 200; 90 and 90 do not, until revenue falls to 180. So the second cap
/// and the fall are one step: x goes from 90 to 90, y from 110 to 90.
#[test]
fn a_step_that_cannot_be_solved_is_taken_with_the_next() {
    let bridge = by_hand("plan.toml", "caps.scenario.toml", false);
    assert_eq!(
        told(&bridge),
        [
            "set limit.x-most.max to 90: -10 10",
            "set limit.y-most.max to 90 + set revenue.r.amount to 180: 0 -20",
        ]
    );
    assert_eq!(bridge.steps[1].why.as_deref(), Some("its limits cannot hold together"));
}

/// Revenue first: -10 -10, then the floor +5 -5. The floor first: nothing, then revenue -5 -15.
/// Means: revenue -7.5 -12.5 (in all -20), the floor 2.5 -2.5 (in all 0). In whole units x loses 5
/// and y 15; what revenue takes adds up to 20 and what the floor moves to 0.
#[test]
fn the_mean_over_both_orders_adds_up_by_line_and_by_change() {
    let bridge = by_hand("plan.toml", "both.scenario.toml", true);
    assert_eq!(bridge.method, Method::Shapley { orders: 2, left_out: 0 });
    let sums: Vec<Amount> = bridge
        .steps
        .iter()
        .map(|step| step.adds.lines.iter().map(|(_, amount)| amount).sum())
        .collect();
    assert_eq!(sums, [Amount::whole(-20), Amount::ZERO]);
    assert_eq!(told(&bridge), ["set revenue.r.amount to 180: -7 -13", "add limit x-least: 2 -2"]);
}

/// Of the six orders only those in which revenue falls before the second of the two caps have an
/// answer at every step: all but the two in which it is last.
#[test]
fn orders_without_an_answer_are_left_out_of_the_mean() {
    let bridge = by_hand("plan.toml", "caps.scenario.toml", true);
    assert_eq!(bridge.method, Method::Shapley { orders: 4, left_out: 2 });
    assert_adds_up(&bridge, "caps");
}

/// At the baseline lines stand at 100; the plan alone leaves them there; then 180 are 90 each.
#[test]
fn the_baseline_is_joined_by_the_plan_itself() {
    let end = folder().ask("less.scenario.toml");
    let last = solved(&end);
    let bridge = bridge(None, (&end, &last), &["line".into()], false).expect("a bridge");
    assert_eq!(
        told(&bridge),
        [
            "the plan itself: its revenue, limits and stages: 0 0",
            "set revenue.r.amount to 180: -10 -10",
        ]
    );
    assert_adds_up(&bridge, "baseline");
}

#[test]
fn a_scenario_and_itself_are_joined_by_nothing() {
    let bridge = by_hand("more.scenario.toml", "more.scenario.toml", false);
    assert!(bridge.steps.is_empty());
    assert_adds_up(&bridge, "the same");
}

fn assert_adds_up(bridge: &Bridge, name: &str) {
    let mut sum = Difference::none(bridge.lines.len());
    for step in &bridge.steps {
        sum.add(&step.adds, &Amount::ONE);
    }
    assert_eq!(sum, bridge.end.above(&bridge.start, &bridge.lines), "{name}");
}

#[test]
fn every_bridge_of_shipped_scenarios_adds_up_to_the_last_unit() {
    for (start, end, by) in [
        ("itu-2012-2015", "itu-2012-2015/two-step", "sector"),
        ("itu-2012-2015/adopted", "itu-2012-2015/move-money", "category"),
        ("itu-2012-2015/draft-318-fifth", "itu-2012-2015/conference-year", "sector"),
        ("itu-2012-2015/language-cap", "itu-2012-2015/draft-325-quarter", "sector"),
        ("first-steps/limits", "first-steps", "priority"),
    ] {
        let ask = |name: &str| session::find(name).expect("an embedded scenario");
        let bridge = bridged(&ask(start), &ask(end), &[by], false);
        assert!(!bridge.steps.is_empty(), "{start} to {end}");
        assert_adds_up(&bridge, end);
        let whole = bridge.steps.iter().flat_map(|step| &step.adds.lines);
        assert!(whole.map(|(_, amount)| amount).all(Amount::is_whole), "{start} to {end}");
    }
}

/// Folders with the same files but other figures have no common ground: one step joins them.
#[test]
fn plans_with_the_same_files_but_other_figures_are_joined_in_one_step() {
    let root = tempfile::tempdir().expect("a folder");
    let ask = |name: &str, cells: &str| {
        let folder = root.path().join(name);
        std::fs::create_dir(&folder).expect("a folder");
        for (file, text) in folder_files() {
            std::fs::write(folder.join(file), text).expect("a file");
        }
        std::fs::write(folder.join("cells.csv"), cells).expect("a file");
        let path = folder.join("less.scenario.toml");
        session::find(&path.display().to_string()).expect("a scenario")
    };
    let first = ask("first", "line,baseline\nx,100\ny,100\n");
    let same = ask("same", "line,baseline\nx,100\ny,100\n");
    let other = ask("other", "line,baseline\nx,50\ny,150\n");
    assert!(bridged(&first, &same, &["line"], false).steps.is_empty());
    let bridge = bridged(&first, &other, &["line"], false);
    assert_eq!(told(&bridge), ["everything: the two scenarios stand on different plans: -45 45"]);
}

fn folder_files() -> Vec<(String, String)> {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    folder().0.into_iter().map(|(name, bytes)| (name, text(bytes))).collect()
}

/// Generated plans, with a limit taken away, a baseline scaled and revenue lowered: the steps add up
/// for every line, in order and on average.
#[test]
fn every_bridge_of_generated_plans_adds_up() {
    let mut seen = 0;
    for seed in 0..8 {
        let files = generated(&Recipe { binding: 0.5, ..Recipe::of(40, seed) });
        let limit =
            files[0].1.split("[[limit]]\nid = \"").nth(1).and_then(|own| own.split('"').next());
        let scenario = format!(
            "format = \"virement/scenario@1\"\nextends = \"plan.toml\"\n\
             [[change]]\nset = \"cells.flexibility\"\nto = 2\nwhere = {{ sector = \"s1\" }}\n\
             [[change]]\nremove = \"limit.{}\"\n\
             [[change]]\nscale = \"revenue.all.amounts\"\nby = \"-0.2%\"\n",
            limit.expect("a limit")
        );
        let files: Vec<(&str, &str)> =
            files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let folder = Folder::of(&files).with("less.scenario.toml", &scenario);
        let (start, end) = (folder.clone().ask("plan.toml"), folder.ask("less.scenario.toml"));
        let (first, last) = (solved(&start), solved(&end));
        if !matches!(last.outcome, Outcome::Optimal(_)) {
            continue;
        }
        seen += 1;
        for mean in [false, true] {
            let by = ["sector".to_string()];
            let bridge = bridge(Some((&start, &first)), (&end, &last), &by, mean);
            assert_adds_up(&bridge.expect("a bridge"), &format!("seed {seed}"));
        }
    }
    assert!(seen >= 2, "{seen} of the scenarios have an answer");
}
