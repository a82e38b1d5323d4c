//! The words of plan and scenario files, each on a plan small enough to be worked by hand.
//!
//! Two years; lines `a` and `b` under `north`, `c` under `south`; `a` is tagged `field`. Every year
//! starts from a 100, b 100, c 200, and has a revenue of 400: without a limit nothing moves.

use virement::explain;
use virement::scenario::render;
use virement::session;
use virement::solve::Outcome;
use virement::units::{Amount, CellId};

use crate::memory::Folder;

const PLAN: &str = r#"
format = "virement/plan@1"
title = "Worked by hand"
currency = "EUR"
scale = 1
quantum = 1

[[dimension]]
id = "year"
role = "time"
levels = ["term", "year"]
members = [ { id = "term-1" }, { id = "2024", parent = "term-1" }, { id = "2025", parent = "term-1" } ]

[[dimension]]
id = "line"
levels = ["side", "line"]
members = [
  { id = "north" }, { id = "south" },
  { id = "a", parent = "north", tags = ["field"] },
  { id = "b", parent = "north" },
  { id = "c", parent = "south" },
]

[cells]
table = "cells.csv"

[[revenue]]
id = "grants"
amounts = { "2024" = 400, "2025" = 400 }

[balance]
each = "year"
spend = "all"
"#;

const CELLS: &str = "year,line,baseline
2024,a,100
2024,b,100
2024,c,200
2025,a,100
2025,b,100
2025,c,200
";

fn folder() -> Folder {
    Folder::of(&[("plan.toml", PLAN), ("cells.csv", CELLS)])
}

/// A scenario on the plan, with `text` after its head.
fn scenario(text: &str) -> String {
    format!("format = \"virement/scenario@1\"\nextends = \"plan.toml\"\n{text}")
}

/// The published a, b, c of 2024, then of 2025.
fn figures(folder: Folder, path: &str) -> [i64; 6] {
    let answer = session::answer(&folder.ask(path));
    let (solved, _) = answer.unwrap_or_else(|refused| {
        let style = virement::scenario::Style { colour: false, unicode: true };
        let drawn = refused.problems.iter().map(|p| render(p, &refused.sources, style));
        panic!("{}", drawn.collect::<String>())
    });
    let Outcome::Optimal(found) = &solved.outcome else { panic!("{path} has no answer") };
    let units: Vec<i64> = found
        .published
        .iter()
        .map(|money| {
            let amount = solved.resolved.plan.quantum().amount(*money);
            amount.to_string().parse().expect("a whole figure")
        })
        .collect();
    units.try_into().expect("six cells")
}

fn with(text: &str) -> [i64; 6] {
    figures(folder().with("s.scenario.toml", &scenario(text)), "s.scenario.toml")
}

#[test]
fn nothing_moves_where_nothing_asks_for_it() {
    assert_eq!(figures(folder(), "plan.toml"), [100, 100, 200, 100, 100, 200]);
}

/// a = 90 each year; the 10 go to b and c as 100 to 200: 3 1/3 and 6 2/3.
#[test]
fn a_tag_selects_the_members_that_bear_it() {
    let limit =
        "[[limit]]\nid = \"f\"\non = { line = { tag = \"field\" } }\neach = [\"year\"]\nmax = 90\n";
    assert_eq!(with(limit), [90, 103, 207, 90, 103, 207]);
}

/// b + c = 310 each year: 103 1/3 and 206 2/3; a gives the 10.
#[test]
fn an_exclusion_selects_all_the_others() {
    let limit =
        "[[limit]]\nid = \"f\"\non = { line = { not = [\"a\"] } }\neach = [\"year\"]\nmin = 310\n";
    assert_eq!(with(limit), [90, 103, 207, 90, 103, 207]);
}

/// A parent is all of its children: north 150 of 400 each year, 75 a line; south takes the 50.
#[test]
fn a_member_with_children_selects_all_of_them() {
    let limit = "[[limit]]\nid = \"n\"\non = { line = \"north\" }\neach = [\"year\"]\nmax = 150\n";
    assert_eq!(with(limit), [75, 75, 250, 75, 75, 250]);
}

/// Without `each` the limit is one for both years: 360 for north, 180 a year.
#[test]
fn a_limit_without_each_bounds_the_whole_slice() {
    let limit = "[[limit]]\nid = \"n\"\non = { line = \"north\" }\nmax = 360\n";
    assert_eq!(with(limit), [90, 90, 220, 90, 90, 220]);
}

/// `side` is a level: north over both years has 400 and may rise to 420, south to 420 as well.
/// The term's 800 leave north at least 380; nothing binds until north must take 420.
#[test]
fn each_takes_a_level_by_its_name() {
    let limit = "[[limit]]\nid = \"n\"\neach = [\"side\", \"term\"]\nmax-rise = \"5%\"\n\
                 [[hold]]\non = { line = \"b\", year = \"2024\" }\nat = 130\n";
    // North is 420 over the term with b 130 in 2024. In 2024 the others give 30 as 100 to 200:
    // a 90, c 180; north then has 220 and leaves 2025 as it was. Nothing binds: 420 is the bound.
    assert_eq!(with(limit), [90, 130, 180, 100, 100, 200]);
}

/// max(5 % of 100, 1 % of 800) = 8 for a and b, max(10, 8) = 10 for c: a may fall to 92, c to 190.
#[test]
fn an_expression_is_of_the_limit_s_own_member() {
    let limit = "[[limit]]\nid = \"cap\"\neach = [\"line\", \"year\"]\n\
                 max = \"baseline + max(5% of baseline, 1% of total baseline)\"\n";
    let wrong = folder().with("s.scenario.toml", &scenario(limit));
    assert!(session::check(&wrong.ask("s.scenario.toml")).is_err(), "`baseline` needs `100% of`");
    let limit = limit.replace("\"baseline +", "\"100% of baseline +");
    let hold = "[[hold]]\non = { line = \"c\", year = \"2024\" }\nat-most = 184\n";
    // 2024: c 184 leaves 16 for a and b, 8 each: both at their caps.
    assert_eq!(with(&format!("{limit}{hold}")), [108, 108, 184, 100, 100, 200]);
}

/// a at 120; b and c give 20 as 100 to 200.
#[test]
fn a_hold_pins_its_slice_and_the_rest_pays_in_proportion() {
    assert_eq!(
        with("[[hold]]\non = { line = \"a\", year = \"2024\" }\nat = \"120% of baseline\"\n"),
        [120, 93, 187, 100, 100, 200]
    );
}

#[test]
fn a_hold_lapses_after_its_last_day() {
    let hold = "[[hold]]\non = { line = \"a\", year = \"2024\" }\nat = 120\nuntil = 2024-06-30\n";
    assert_eq!(with(&format!("as-of = 2024-07-01\n{hold}"))[0], 100);
    assert_eq!(with(&format!("as-of = 2024-06-30\n{hold}"))[0], 120);
    assert_eq!(with(hold)[0], 120, "without a day none lapses");
}

#[test]
fn a_child_s_hold_replaces_its_parent_s_on_the_same_slice() {
    let parent = scenario("[[hold]]\non = { line = \"a\", year = \"2024\" }\nat = 120\n");
    let child = "format = \"virement/scenario@1\"\nextends = \"p.scenario.toml\"\n\
                 [[hold]]\non = { year = \"2024\", line = \"a\" }\nat = 80\n";
    let both = folder().with("p.scenario.toml", &parent).with("c.scenario.toml", child);
    assert_eq!(figures(both, "c.scenario.toml")[0], 80);
}

#[test]
fn a_table_gives_one_hold_a_row() {
    let table = "year,line,at,reason\n2024,a,120,agreed\n2025,c,150% of baseline,agreed\n";
    let text = scenario("[[hold]]\ntable = \"holds.csv\"\nby = \"BDT\"\n");
    let files = folder().with("s.scenario.toml", &text).with("holds.csv", table);
    assert_eq!(figures(files, "s.scenario.toml"), [120, 93, 187, 50, 50, 300]);
}

/// b gives 10 to c in 2024; all else keeps the parent's answer to the last unit.
#[test]
fn a_transfer_moves_money_and_leaves_the_rest_alone() {
    let parent = scenario("[[hold]]\non = { line = \"a\", year = \"2024\" }\nat = 120\n");
    let child = "format = \"virement/scenario@1\"\nextends = \"p.scenario.toml\"\n\
                 [[transfer]]\nfrom = { line = \"b\", year = \"2024\" }\n\
                 to = { line = \"c\", year = \"2024\" }\namount = 10\n";
    let both = folder().with("p.scenario.toml", &parent).with("c.scenario.toml", child);
    assert_eq!(figures(both, "c.scenario.toml"), [120, 83, 197, 100, 100, 200]);
}

#[test]
fn who_pays_for_a_hold_can_be_named() {
    let child = "[[hold]]\non = { line = \"a\", year = \"2024\" }\nat = 120\n\
                 paid-by = { line = \"b\", year = \"2024\" }\n";
    assert_eq!(with(child), [120, 80, 200, 100, 100, 200]);
}

/// A cut of 10 % becomes the baseline; c then may rise by 10 % of 180, not of 200.
#[test]
fn another_scenario_s_answer_can_be_the_baseline() {
    let cut = scenario(
        "[[change]]\nset = \"revenue.grants.amounts\"\nto = { \"2024\" = 360, \"2025\" = 360 }\n",
    );
    let again = "format = \"virement/scenario@1\"\nextends = \"plan.toml\"\n\
                 baseline-from = \"cut.scenario.toml\"\n\
                 [[limit]]\nid = \"c\"\non = { line = \"c\" }\neach = [\"year\"]\nmax-rise = \"10%\"\n";
    let both = folder().with("cut.scenario.toml", &cut).with("s.scenario.toml", again);
    // From 90, 90, 180: 400 would be 100, 100, 200, but c stops at 198.
    assert_eq!(figures(both, "s.scenario.toml"), [101, 101, 198, 101, 101, 198]);
}

#[test]
fn scaling_the_baseline_restates_the_point_of_reference() {
    let text = "[[change]]\nscale = \"cells.baseline\"\nwhere = { line = \"c\" }\nby = \"+50%\"\n";
    // 100, 100, 300 of 500, for 400: four fifths of each.
    assert_eq!(with(text), [80, 80, 240, 80, 80, 240]);
}

#[test]
fn a_limit_can_be_added_changed_and_removed() {
    let limit = "[[limit]]\nid = \"n\"\non = { line = \"north\" }\neach = [\"year\"]\nmax = 150\n";
    let parent = scenario(limit);
    let child = |change: &str| {
        let text = format!(
            "format = \"virement/scenario@1\"\nextends = \"p.scenario.toml\"\n[[change]]\n{change}\n"
        );
        folder().with("p.scenario.toml", &parent).with("c.scenario.toml", &text)
    };
    let set = child("set = \"limit.n.max\"\nto = 100");
    assert_eq!(figures(set, "c.scenario.toml"), [50, 50, 300, 50, 50, 300]);
    let scaled = child("scale = \"limit.n.max\"\nby = \"20%\"");
    assert_eq!(figures(scaled, "c.scenario.toml"), [90, 90, 220, 90, 90, 220]);
    let removed = child("remove = \"limit.n\"");
    assert_eq!(figures(removed, "c.scenario.toml"), [100, 100, 200, 100, 100, 200]);
}

#[test]
fn a_parent_that_changed_since_it_was_frozen_is_reported() {
    let parent = scenario("title = \"first\"\n");
    let files = folder().with("p.scenario.toml", &parent);
    let (resolved, _) = session::check(&files.clone().ask("p.scenario.toml")).ok().expect("a plan");
    let child = format!(
        "format = \"virement/scenario@1\"\nextends = \"p.scenario.toml\"\nparent-hash = \"{}\"\n",
        resolved.hash()
    );
    let files = files.with("c.scenario.toml", &child);
    let warnings = |files: Folder| {
        let (resolved, _) = session::check(&files.ask("c.scenario.toml")).ok().expect("a plan");
        resolved.warnings.iter().map(|problem| problem.code).collect::<Vec<_>>()
    };
    assert!(warnings(files.clone()).is_empty());
    let moved = files.with("cells.csv", &CELLS.replace("2024,c,200", "2024,c,201"));
    assert_eq!(warnings(moved), ["stale-parent"]);
}

/// Every table that a plan names is a part of it: a scenario that is frozen on the plan is stale after
/// a change of any row of any of them.
#[test]
fn a_row_of_a_table_that_changed_makes_what_was_frozen_on_the_plan_stale() {
    let files = session::embedded_files("itu-2024-2027").expect("a shipped plan");
    let folder = Folder(files.into_iter().map(|(name, bytes)| (name, bytes.to_vec())).collect());
    let resolved =
        |folder: Folder, name: &str| session::check(&folder.ask(name)).ok().expect("a plan").0;
    let hash = |folder: &Folder| resolved(folder.clone(), "plan.toml").hash();
    let before = hash(&folder);
    let changes = [
        ("categories.csv", "1 Staff costs", "1 Staff"),
        ("digital.csv", "ITU-T,523", "ITU-T,524"),
        ("enabler-people.csv", "staff,0.02", "staff,0.021"),
        (
            "priority-goal.csv",
            "spectrum,connectivity,3/4\nspectrum,transformation,1/4",
            "spectrum,connectivity,1/4\nspectrum,transformation,3/4",
        ),
        ("returns.csv", "spectrum,96069,1", "spectrum,96070,1"),
        ("sector-year.csv", "GS,2024,,32404", "GS,2024,,32405"),
        ("travel.csv", "2024-2025,12300", "2024-2025,12301"),
    ];
    let child = format!(
        "format = \"virement/scenario@1\"\nextends = \"plan.toml\"\nparent-hash = \"{before}\"\n"
    );
    for (name, from, to) in changes {
        let text = String::from_utf8(folder.0[name].clone()).expect("text");
        assert!(text.contains(from), "{name}: {text}");
        let changed = folder.with(name, &text.replacen(from, to, 1));
        assert_ne!(hash(&changed), before, "{name}");
        let changed = changed.with("c.scenario.toml", &child);
        let warnings = resolved(changed, "c.scenario.toml").warnings;
        let warnings: Vec<_> = warnings.iter().map(|problem| problem.code).collect();
        assert!(warnings.contains(&"stale-parent"), "{name}: {warnings:?}");
    }
}

/// c takes twice the change of a and b for its size: 40 less of 400 + 200 in weights of 600.
#[test]
fn flexibility_is_how_readily_a_line_moves() {
    let cells = CELLS
        .replace("baseline\n", "baseline,flexibility\n")
        .replace(",100\n", ",100,1\n")
        .replace(",200\n", ",200,2\n");
    let cut = scenario(
        "[[change]]\nset = \"revenue.grants.amounts\"\nto = { \"2024\" = 340, \"2025\" = 400 }\n",
    );
    let files = folder().with("cells.csv", &cells).with("s.scenario.toml", &cut);
    assert_eq!(figures(files, "s.scenario.toml"), [90, 90, 160, 100, 100, 200]);
}

/// The cut of 40 is the balance's alone for b and c; a has its floor to thank for 5.
#[test]
fn the_contributions_to_a_line_are_those_worked_by_hand() {
    let text = "[[change]]\nset = \"revenue.grants.amounts\"\nto = { \"2024\" = 360, \"2025\" = 400 }\n\
                [[limit]]\nid = \"floor\"\non = { line = \"a\", year = \"2024\" }\nmin = 96\n";
    let files = folder().with("s.scenario.toml", &scenario(text));
    let (solved, _) = session::answer(&files.ask("s.scenario.toml")).ok().expect("an answer");
    let Outcome::Optimal(found) = &solved.outcome else { panic!("it can be met") };
    // b and c share 36 as 100 to 200: -12 and -24; a: -12 from the balance, +8 from its floor.
    let parts = explain::contributions(&solved.resolved.plan, found, &[CellId::new(0)]);
    let parts: Vec<(String, Amount)> =
        parts.into_iter().map(|part| (part.by.text(), part.money)).collect();
    assert_eq!(parts.len(), 2, "{parts:?}");
    assert!(parts.contains(&("balance[2024]".into(), Amount::whole(-12))), "{parts:?}");
    assert!(parts.contains(&("floor".into(), Amount::whole(8))), "{parts:?}");
    assert_eq!(found.exact[1], Amount::whole(88));
    assert_eq!(found.exact[2], Amount::whole(176));
}
