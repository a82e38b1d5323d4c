//! Ties provoked on purpose: random plans with stages, whose figures tie and whose rows depend on
//! one another, have the same bytes whatever order their rows and limits stand in, and on however
//! many threads they are solved.

use rand::seq::SliceRandom;
use serde_json::Value as Json;
use virement::plan::Plan;
use virement::report::{self, Identity};
use virement::session;
use virement::solve::{ActiveSet, solve};

use crate::memory::Folder;
use crate::programmes::random;
use crate::random_plans::plan;

/// How many plans are looked at; those without stages, and those refused, are passed over.
const CASES: u64 = 160;

fn opened(folder: Folder) -> Option<(Plan, String)> {
    let (resolved, _) = session::open(&folder.ask("plan.toml")).ok()?;
    let hash = resolved.hash();
    Some((resolved.plan, hash))
}

/// The plans with stages that have an answer, by number.
fn tied() -> Vec<(u64, Plan, String)> {
    let known = (0..CASES).filter_map(|case| {
        let (plan, hash) = opened(plan(case))?;
        (!plan.stages().is_empty()).then_some((case, plan, hash))
    });
    known.collect()
}

/// The result as JSON, with contributions.
fn cold(plan: &Plan, hash: &str) -> Json {
    let outcome = solve(plan, &ActiveSet::default());
    let identity = Identity { scenario: "tied".into(), hash: hash.into() };
    report::result(plan, &outcome, &identity, &[], true, report::Findings::default())
}

/// The files with the rows of the cell table in another order.
fn turned_rows(folder: &Folder, case: u64) -> Folder {
    let text = String::from_utf8(folder.0["cells.csv"].clone()).expect("text");
    let mut lines: Vec<&str> = text.lines().collect();
    lines[1..].shuffle(&mut random(case));
    folder.with("cells.csv", &(lines.join("\n") + "\n"))
}

/// The files with the limits in another order.
fn turned_limits(folder: &Folder, case: u64) -> Folder {
    let text = String::from_utf8(folder.0["plan.toml"].clone()).expect("text");
    let blocks: Vec<&str> = text.split("\n[[").collect();
    let is_limit = |block: &&str| block.starts_with("limit]]");
    let mut limits: Vec<&str> = blocks.iter().copied().filter(is_limit).collect();
    limits.shuffle(&mut random(case));
    let mut limits = limits.into_iter();
    let turn = |block: &str| {
        if is_limit(&block) {
            limits.next().expect("as many limits").to_string()
        } else {
            block.into()
        }
    };
    let turned: Vec<String> = blocks.into_iter().map(turn).collect();
    folder.with("plan.toml", &turned.join("\n[["))
}

/// The result with what stands in the order of the limits in the order of its text, and no hash.
fn without_order(json: &Json) -> Json {
    match json {
        Json::Object(map) => {
            let entries = map.iter().filter(|(key, _)| *key != "hash").map(|(key, value)| {
                let mut value = without_order(value);
                match (&mut value, key.as_str()) {
                    (Json::Array(rows), "limits" | "conflict" | "contributions") => {
                        rows.sort_by_key(ToString::to_string);
                    }
                    (Json::String(text), "stopped_by") => {
                        let mut stops: Vec<&str> = text.split(", ").collect();
                        stops.sort_unstable();
                        *text = stops.join(", ");
                    }
                    _ => {}
                }
                (key.clone(), value)
            });
            Json::Object(entries.collect())
        }
        Json::Array(rows) => Json::Array(rows.iter().map(without_order).collect()),
        other => other.clone(),
    }
}

#[test]
fn the_order_of_the_cells_changes_no_byte() {
    for (case, own, hash) in tied() {
        let (turned, same) = opened(turned_rows(&plan(case), case)).expect("the same plan");
        assert_eq!(same, hash, "plan {case}");
        let (one, other) = (cold(&own, &hash).to_string(), cold(&turned, &same).to_string());
        assert_eq!(one, other, "plan {case}");
    }
}

#[test]
fn the_order_of_the_limits_changes_nothing_but_their_order() {
    let mut turned_ones = 0;
    for (case, own, hash) in tied() {
        let (turned, other) = opened(turned_limits(&plan(case), case)).expect("the same plan");
        turned_ones += u32::from(other != hash);
        let (one, two) = (cold(&own, &hash), cold(&turned, &other));
        if one["status"] == "infeasible" {
            // Another minimal clash may be found first.
            assert_eq!(two["status"], "infeasible", "plan {case}");
            continue;
        }
        let (one, two) = (without_order(&one).to_string(), without_order(&two).to_string());
        assert_eq!(one, two, "plan {case}");
    }
    assert!(turned_ones > 20, "{turned_ones} plans have several limits");
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let plans = tied();
    let solved = |(_, plan, hash): &(u64, Plan, String)| cold(plan, hash).to_string();
    let alone: Vec<String> = plans.iter().map(solved).collect();
    let together = std::thread::scope(|scope| {
        let part = |place: usize| {
            let own = plans.iter().skip(place).step_by(4);
            scope.spawn(move || own.map(solved).collect::<Vec<String>>())
        };
        let threads: Vec<_> = (0..4).map(part).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect::<Vec<_>>()
    });
    for (place, text) in alone.iter().enumerate() {
        assert_eq!(*text, together[place % 4][place / 4], "plan {}", plans[place].0);
    }
}
