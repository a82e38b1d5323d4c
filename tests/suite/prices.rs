//! What a step of a limit is worth: worked by hand, and every family, side and strength by editing files.

use virement::explain::{Effect, Footing, Gain, NoStep, Price, Reach, StepSize};
use virement::explain::{price, promise, promises};
use virement::plan::{Plan, Reading};
use virement::session;
use virement::solve::{ActiveSet, Allocation, Outcome, exact, solve};
use virement::units::Amount;

use crate::memory::Folder;

const PLAN: &str = r#"
format = "virement/plan@1"
title = "Worked by hand"
currency = "EUR"
scale = 1
quantum = 1

[[dimension]]
id = "line"
members = [ { id = "a" }, { id = "b" }, { id = "c" } ]

[cells]
table = "cells.csv"

[balance]
spend = "all"
"#;

const CELLS: &str = "line,baseline\na,100\nb,100\nc,200\n";

/// Two years of two lines; no balance, so that only the limits move anything.
const YEARS: &str = r#"
format = "virement/plan@1"
title = "Two years"
currency = "EUR"
scale = 1
quantum = 1

[[dimension]]
id = "year"
role = "time"
members = [ { id = "1" }, { id = "2" } ]

[[dimension]]
id = "line"
members = [ { id = "a" }, { id = "b" } ]

[cells]
table = "cells.csv"
"#;

const YEAR_CELLS: &str = "year,line,baseline\n1,a,100\n1,b,100\n2,a,100\n2,b,200\n";

fn plan_of(folder: Folder) -> Plan {
    match session::open(&folder.ask("plan.toml")) {
        Ok((resolved, _)) => resolved.plan,
        Err(refused) => {
            panic!("{:?}", refused.problems.iter().map(|p| &p.message).collect::<Vec<_>>())
        }
    }
}

fn plan(revenue: i64, text: &str) -> Plan {
    let plan = format!("{PLAN}\n[[revenue]]\nid = \"grants\"\namount = {revenue}\n{text}");
    plan_of(Folder::of(&[("plan.toml", &plan), ("cells.csv", CELLS)]))
}

fn years(text: &str) -> Plan {
    let plan = format!("{YEARS}\n{text}");
    plan_of(Folder::of(&[("plan.toml", &plan), ("cells.csv", YEAR_CELLS), ("target.csv", TARGET)]))
}

const TARGET: &str = "line,amount\na,120\n";

fn solved(plan: &Plan) -> Box<Allocation> {
    match solve(plan, &ActiveSet::default()) {
        Outcome::Optimal(found) | Outcome::Unrounded(found, _) => found,
        other => panic!("no answer: {other:?}"),
    }
}

fn found<'a>(footing: &'a Footing<'_>, id: &str) -> &'a Reading {
    footing.readings.iter().find(|own| own.id == *id).expect("the limit")
}

fn limit(rest: &str) -> String {
    format!("[[limit]]\nid = \"it\"\n{rest}\n")
}

fn number(text: &str) -> Amount {
    Amount::parse(text).expect("a number")
}

/// The price of the limit `it`, with steps of `step`.
fn priced(plan: &Plan, step: &StepSize) -> Price {
    let allocation = solved(plan);
    let footing = Footing::new(plan, &allocation).expect("an answer");
    let price = price(&footing, found(&footing, "it"), step, true);
    drop(footing);
    price
}

/// All that an effect tells.
fn told(of: &Effect) -> (&[Gain], &Amount, Vec<Amount>) {
    (&of.gains, &of.nearer, of.moves())
}

/// What the answer of one plan is against that of another.
fn between(before: &Plan, after: &Plan) -> Effect {
    let of = |plan: &Plan| exact(plan, &ActiveSet::default()).expect("an answer");
    Effect::between(&of(before), &of(after))
}

/// a asks for 110 of 400: b and c share 290 as 100 to 200, so b has 290/3 and c 580/3.
///
/// Distance: 1/2 (10²/100 + (10/3)²/100 + (20/3)²/200) = 1/2 (1 + 1/9 + 2/9) = 2/3; with a step of t
/// in the floor it is 2/3 (1 + t/10)². A step down of 1 brings it to 2/3 · 81/100 = 27/50.
#[test]
fn a_floor_that_is_lowered_brings_the_plan_nearer_by_what_was_worked_by_hand() {
    let own = plan(400, &limit("on = { line = \"a\" }\nmin = 110"));
    let price = priced(&own, &StepSize::default());
    assert_eq!(price.relaxed.by, Amount::whole(-1));
    let effect = price.relaxed.found.as_ref().expect("an answer");
    assert_eq!(effect.nearer, &Amount::ratio(2, 3) - &Amount::ratio(27, 50));
    assert_eq!(effect.moves(), [number("-1"), number("1/3"), number("2/3")]);
    // It does the same down to 100, where the floor leaves off.
    assert_eq!(price.relaxed.reach, Reach::UpTo(Amount::whole(100)));
    // Raised, it costs 2/3 (121/100 - 1), up to 400, where b and c are at zero.
    let effect = price.tightened.found.as_ref().expect("an answer");
    assert_eq!(effect.nearer, -&(&Amount::ratio(2, 3) * &Amount::ratio(21, 100)));
    assert_eq!(price.tightened.reach, Reach::UpTo(Amount::whole(400)));
}

/// 50 are missed of the 150 that a was promised, as nothing more than 100 may go there. Each unit off
/// the promise is a unit less missed, down to 100; each unit more for the ceiling is worth the same, and
/// half as much again where the miss weighs 3/2.
#[test]
fn a_promise_and_the_limit_in_its_way_have_the_price_of_its_weight() {
    let promise = "[[limit]]\nid = \"promise\"\non = { line = \"a\" }\nmin = 150\nstrength = \"soft\"\nweight = \"3/2\"\n";
    let ceiling = limit("on = { line = \"a\" }\nmax = 100");
    let own = plan(400, &format!("{promise}{ceiling}[[stage]]\nminimise = \"shortfall\"\n"));
    let price = priced(&own, &StepSize::Units(Amount::whole(4)));
    let effect = price.relaxed.found.as_ref().expect("an answer");
    assert_eq!(effect.first_gain().map(|gain| gain.gain.clone()), Some(Amount::whole(6)));
    assert_eq!(price.relaxed.rate(), Some(Amount::ratio(3, 2)));
    assert_eq!(price.relaxed.reach, Reach::UpTo(Amount::whole(150)));
    let effect = price.tightened.found.as_ref().expect("an answer");
    assert_eq!(effect.first_gain().map(|gain| gain.gain.clone()), Some(Amount::whole(-6)));
}

/// Two ceilings of 90 on the same line: moving one alone up changes nothing, as the other stays.
#[test]
fn where_two_limits_say_the_same_moving_one_alone_up_changes_nothing() {
    let twin = "[[limit]]\nid = \"twin\"\non = { line = \"a\" }\nmax = 90\n";
    let own = plan(400, &(limit("on = { line = \"a\" }\nmax = 90") + twin));
    let price = priced(&own, &StepSize::default());
    assert!(price.relaxed.found.as_ref().is_ok_and(Effect::is_nothing));
    assert!(price.tightened.found.as_ref().is_ok_and(|effect| effect.nearer.is_negative()));
}

/// A bound whose step would pass the other side of its own limit, and one that nothing can meet.
#[test]
fn a_step_that_cannot_be_taken_says_why() {
    let own = plan(400, &limit("on = { line = \"a\" }\nmin = 110\nmax = 111"));
    let found = priced(&own, &StepSize::Units(Amount::whole(2))).tightened.found;
    assert_eq!(found.err(), Some(NoStep::Crosses));
    let others = "[[limit]]\nid = \"rest\"\non = { line = [\"b\", \"c\"] }\nmin = 290\n";
    let own = plan(400, &(limit("on = { line = \"a\" }\nmin = 110") + others));
    let found = priced(&own, &StepSize::default()).tightened.found;
    assert_eq!(found.err(), Some(NoStep::Infeasible));
}

/// A limit whose key takes a figure: the keys before and after it, the figure, and the same with one
/// step taken that relaxes it. `revenue` makes it bind.
struct Case {
    text: &'static str,
    figure: &'static str,
    relaxed: &'static str,
    revenue: i64,
    more: &'static str,
}

const VALUE: &str = "[[stage]]\nmaximise = \"value\"\nweights = { line = { a = 2 } }\n";

const CASES: [Case; 16] = [
    Case {
        text: "on = { line = \"a\" }\nmin = {}",
        figure: "110",
        relaxed: "109",
        revenue: 400,
        more: "",
    },
    Case {
        text: "on = { line = \"a\" }\nmax = {}",
        figure: "90",
        relaxed: "91",
        revenue: 400,
        more: "",
    },
    Case {
        text: "on = { line = \"a\" }\nequal = {}",
        figure: "110",
        relaxed: "109",
        revenue: 400,
        more: "",
    },
    Case {
        text: "on = { line = \"a\" }\nequal = {}",
        figure: "90",
        relaxed: "91",
        revenue: 400,
        more: "",
    },
    Case {
        text: "on = { line = \"a\" }\nmin-share = \"{}\"\nof = {}",
        figure: "30%",
        relaxed: "29.7%",
        revenue: 400,
        more: "",
    },
    Case {
        text: "on = { line = \"a\" }\nmax-share = \"{}\"\nof = {}",
        figure: "20%",
        relaxed: "20.2%",
        revenue: 400,
        more: "",
    },
    Case {
        text: "on = { line = \"a\" }\nequal-share = \"{}\"\nof = {}",
        figure: "20%",
        relaxed: "20.2%",
        revenue: 400,
        more: "",
    },
    Case {
        text: "on = { line = \"a\" }\nmax-cut = \"{}\"",
        figure: "5%",
        relaxed: "6%",
        revenue: 360,
        more: "",
    },
    Case {
        text: "on = { line = \"a\" }\nmax-rise = \"{}\"",
        figure: "5%",
        relaxed: "6%",
        revenue: 440,
        more: "",
    },
    Case {
        text: "on = { line = \"a\" }\nmax-change = \"{}\"",
        figure: "5%",
        relaxed: "6%",
        revenue: 360,
        more: "",
    },
    Case {
        text: "on = { line = \"a\" }\nmax-in = {}",
        figure: "5",
        relaxed: "6",
        revenue: 440,
        more: "",
    },
    Case {
        text: "on = { line = \"a\" }\nmax-out = {}",
        figure: "5",
        relaxed: "6",
        revenue: 360,
        more: "",
    },
    Case {
        text: "max-turnover = {}\nwithin = \"cells\"",
        figure: "15",
        relaxed: "16",
        revenue: 400,
        more: VALUE,
    },
    Case {
        text: "on = { line = \"a\" }\nat-most-ratio = {}\nto = { line = \"b\" }",
        figure: "0.8",
        relaxed: "0.808",
        revenue: 400,
        more: "",
    },
    Case {
        text: "on = { line = \"a\" }\nat-least-ratio = {}\nto = { line = \"b\" }",
        figure: "1.2",
        relaxed: "1.188",
        revenue: 400,
        more: "",
    },
    Case {
        text: "on = { line = \"a\" }\nmin = {}",
        figure: "\"110% of baseline\"",
        relaxed: "109",
        revenue: 400,
        more: "",
    },
];

/// With the key's figure edited in the file, the plan changes as the step said: every family, side
/// and strength, and relaxing never hurts.
#[test]
fn a_step_does_what_editing_the_file_does_for_every_family_side_and_strength() {
    for case in &CASES {
        for soft in [false, true] {
            if soft && case.text.contains("turnover") {
                continue;
            }
            // Alone a promise is kept; with its line pinned it is missed.
            let pin = "[[limit]]\nid = \"pin\"\non = { line = \"a\" }\nequal = 100\n";
            let missed = soft && case.revenue == 400 && !case.text.contains("ratio");
            let text = |figure: &str| {
                let strength = if soft { "\nstrength = \"soft\"\n" } else { "\n" };
                let stage =
                    if soft { "[[stage]]\nid = \"s\"\nminimise = \"shortfall\"\n" } else { "" };
                let pin = if missed { pin } else { "" };
                limit(&(case.text.replacen("{}", figure, 1) + strength)) + pin + stage + case.more
            };
            let (own, edited) =
                (plan(case.revenue, &text(case.figure)), plan(case.revenue, &text(case.relaxed)));
            let price = priced(&own, &StepSize::default());
            let name = format!("{} soft {soft} at {}", case.text, case.figure);
            let effect =
                price.relaxed.found.as_ref().unwrap_or_else(|none| panic!("{name}: {none:?}"));
            assert_eq!(told(effect), told(&between(&own, &edited)), "{name}");
            assert!(effect.worth().is_positive(), "{name}: {effect:?}");
            if missed {
                assert!(effect.first_gain().is_some_and(|gain| gain.stage == *"s"), "{name}");
            }
            if let Ok(effect) = &price.tightened.found {
                assert!(!effect.worth().is_positive(), "{name}: {effect:?}");
            }
        }
    }
}

#[test]
fn a_step_of_a_path_and_of_a_step_in_time_does_what_editing_the_file_does() {
    let text = |up: &str| limit(&format!("on = {{ line = \"b\" }}\nmax-step-up = \"{up}\""));
    let (own, edited) = (years(&text("50%")), years(&text("50.5%")));
    let price = priced(&own, &StepSize::default());
    let effect = price.relaxed.found.as_ref().expect("an answer");
    assert_eq!(told(effect), told(&between(&own, &edited)));
    assert!(effect.nearer.is_positive());
    assert_eq!(price.relaxed.reach, Reach::Unknown);
    // a goes from 100 to 120 in two years: 110 and 120. A step down of 1 is nearer by
    // 1/2 (10² - 9²) / 100 = 19/200, and does the same down to 100.
    let own = years(&limit("each = [\"line\"]\nphase-in = { to = \"target.csv\", over = 2 }"));
    let price = priced(&own, &StepSize::default());
    let effect = price.relaxed.found.as_ref().expect("an answer");
    assert_eq!(
        (price.relaxed.by.clone(), effect.nearer.clone()),
        (Amount::whole(-1), Amount::ratio(19, 200))
    );
}

/// Holds and the revenue are priced alike.
#[test]
fn the_revenue_and_a_hold_are_worth_what_editing_them_does() {
    let (own, edited) = (plan(360, ""), plan(363, ""));
    let allocation = solved(&own);
    let footing = Footing::new(&own, &allocation).expect("an answer");
    let price = price(&footing, found(&footing, "balance"), &StepSize::default(), true);
    assert_eq!(price.relaxed.by, Amount::whole(3));
    assert_eq!(price.relaxed.found.as_ref().map(told), Ok(told(&between(&own, &edited))));
    assert_eq!(price.relaxed.reach, Reach::NoEnd);
    let hold = |level: &str| {
        let scenario = format!(
            "format = \"virement/scenario@1\"\nextends = \"plan.toml\"\n[[hold]]\nid = \"it\"\non = {{ line = \"a\" }}\nat = {level}\n"
        );
        let plan = format!("{PLAN}\n[[revenue]]\nid = \"grants\"\namount = 400\n");
        let folder = Folder::of(&[("plan.toml", &plan), ("cells.csv", CELLS)]);
        let folder = folder.with("held.scenario.toml", &scenario);
        let Ok((resolved, _)) = session::open(&folder.ask("held.scenario.toml")) else {
            panic!("problems")
        };
        resolved.plan
    };
    let (own, edited) = (hold("120"), hold("119"));
    let price = priced(&own, &StepSize::default());
    assert_eq!(price.relaxed.found.as_ref().map(told), Ok(told(&between(&own, &edited))));
}

/// Without the ceiling of 90 on a nothing is asked: the plan is its baseline. Without the floor of 80
/// nothing changes, and it is not asked about.
#[test]
fn a_promise_costs_what_the_plan_without_it_gains() {
    let text = limit("on = { line = \"a\" }\nmax = 90\nauthority = \"planner\"")
        + "[[limit]]\nid = \"loose\"\non = { line = \"b\" }\nmin = 80\nauthority = \"planner\"\n";
    let own = plan(400, &text);
    let allocation = solved(&own);
    let footing = Footing::new(&own, &allocation).expect("an answer");
    let open = promises(&footing);
    assert_eq!(open.iter().map(|(_, id, _)| id.as_str()).collect::<Vec<_>>(), ["it"]);
    let own = promise(&footing, open[0].clone());
    let effect = own.found.expect("an answer");
    assert_eq!(effect.nearer, footing.exact.distance);
    assert_eq!(effect.moves(), [number("10"), number("-10/3"), number("-20/3")]);
}
