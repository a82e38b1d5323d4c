//! Schedules of virements: worked by hand, and laws over generated plans.

use virement::explain::{self, End, Schedule, Transfer};
use virement::plan::{Axis, Plan};
use virement::report::{self, Table, Value};
use virement::scenario::generate::{Recipe, plan as generated};
use virement::session;
use virement::solve::{Allocation, Outcome};
use virement::units::Amount;

use crate::memory::Folder;

/// Two Sectors, two priorities, two categories: eight lines of 100.
const PLAN: &str = r#"
format = "virement/plan@1"
title = "Worked by hand"
currency = "EUR"
scale = 1
quantum = 1

[[dimension]]
id = "sector"
members = [ { id = "a" }, { id = "b" } ]
[[dimension]]
id = "priority"
members = [ { id = "p" }, { id = "q" } ]
[[dimension]]
id = "category"
members = [ { id = "s" }, { id = "t" } ]

[cells]
table = "cells.csv"
"#;

const SCENARIO: &str = "format = \"virement/scenario@1\"\nextends = \"plan.toml\"\n\
                        [[hold]]\ntable = \"levels.csv\"\n";

/// The plan with its lines pinned to these amounts.
fn pinned(amounts: [i64; 8]) -> (Plan, Allocation) {
    let keys = ["a,p,s", "a,p,t", "a,q,s", "a,q,t", "b,p,s", "b,p,t", "b,q,s", "b,q,t"];
    let cells = keys.map(|key| format!("{key},100\n")).concat();
    let pairs = keys.iter().zip(amounts);
    let levels: Vec<String> = pairs.map(|(key, amount)| format!("{key},{amount}\n")).collect();
    let (head, levels) = ("sector,priority,category", levels.concat());
    let folder = Folder::of(&[
        ("plan.toml", PLAN),
        ("pinned.scenario.toml", SCENARIO),
        ("cells.csv", &format!("{head},baseline\n{cells}")),
        ("levels.csv", &format!("{head},at\n{levels}")),
    ]);
    solved(folder, "pinned.scenario.toml")
}

fn solved(folder: Folder, path: &str) -> (Plan, Allocation) {
    let Ok((solved, _)) = session::answer(&folder.ask(path)) else { panic!("in order") };
    let Outcome::Optimal(found) = solved.outcome else { panic!("it can be met") };
    (solved.resolved.plan, *found)
}

/// `from -> to amount (crosses)`, a transfer a line.
fn told(plan: &Plan, found: &Allocation, schedule: &Schedule) -> Vec<String> {
    let table = report::transfers(plan, found, &plan.leaf_axes(), schedule);
    rows(&table, &["from", "to", "amount", "crosses"])
}

fn rows(table: &Table, names: &[&str]) -> Vec<String> {
    let places: Vec<usize> = names
        .iter()
        .map(|name| table.columns.iter().position(|own| own.id == *name).expect("a column"))
        .collect();
    let text = |value: &Value| match value {
        Value::Text(text) => text.clone(),
        Value::Number(amount) => amount.to_string(),
        _ => "-".into(),
    };
    let row = |row: &report::Row| {
        places.iter().map(|place| text(&row.values[*place])).collect::<Vec<_>>().join(" | ")
    };
    table.body().map(row).collect()
}

fn changes() -> (Plan, Allocation) {
    pinned([90, 104, 103, 100, 101, 100, 100, 98])
}

/// a/p/s falls by 10, a/p/t rises by 4, a/q/s by 3, b/p/s by 1, b/q/t falls by 2; in all -4.
///
/// Inside a and p, s pays t 4. Inside a, p pays q 3. Inside b, q pays p 1, although a/p/s is of the
/// same priority and category: the Sector comes first. What is left, 3 and 1, goes back. Two
/// givers, three receivers and the total are six ends; no set of the ends of a Sector balances
/// (10 or 4, 3; 2 and 1), so 6 - 1 = 5 transfers are the fewest.
#[test]
fn money_stays_within_a_sector_first_then_within_a_priority() {
    let (plan, found) = changes();
    let schedule = explain::transfers(&plan, &found, &plan.leaf_axes(), &[]);
    assert_eq!(
        told(&plan, &found, &schedule),
        [
            "a/p/s | a/p/t | 4 | category",
            "a/p/s | a/q/s | 3 | priority",
            "b/q/t | b/p/s | 1 | priority, category",
            "a/p/s | the total | 3 | the total",
            "b/q/t | the total | 1 | the total",
        ]
    );
    assert!(schedule.cheapest && schedule.fewest());
    assert_eq!(schedule.total(), (Amount::whole(4), Amount::ZERO));
}

/// The priority first: p pays p (4 to a/p/t, 1 to b/p/s), q pays q (2 to a/q/s); what q still lacks,
/// 1, comes from p, inside a. Then 4 are left of the 10.
#[test]
fn a_dimension_that_is_named_comes_before_the_others() {
    let (plan, found) = changes();
    let schedule = explain::transfers(&plan, &found, &plan.leaf_axes(), &[1]);
    assert_eq!(
        told(&plan, &found, &schedule),
        [
            "a/p/s | a/p/t | 4 | category",
            "a/p/s | b/p/s | 1 | sector",
            "b/q/t | a/q/s | 2 | sector, category",
            "a/p/s | a/q/s | 1 | priority",
            "a/p/s | the total | 4 | the total",
        ]
    );
    assert!(schedule.cheapest && schedule.fewest());
}

/// By Sector, a falls by 3 and b by 1: both give back what they lose, and nothing moves between them.
#[test]
fn totals_move_money_too() {
    let (plan, found) = changes();
    let sector = Axis { dimension: 0, level: virement::plan::Level::Leaves };
    let schedule = explain::transfers(&plan, &found, &[sector], &[]);
    let table = report::transfers(&plan, &found, &[sector], &schedule);
    assert_eq!(rows(&table, &["from", "to", "amount"]), ["a | the total | 3", "b | the total | 1"]);
}

/// Nothing changes: there is nothing to move.
#[test]
fn a_plan_that_stands_still_has_no_transfers() {
    let (plan, found) = pinned([100; 8]);
    let schedule = explain::transfers(&plan, &found, &plan.leaf_axes(), &[]);
    assert!(schedule.transfers.is_empty() && schedule.fewest());
}

const YEARS: &str = r#"
format = "virement/plan@1"
title = "Two years"
currency = "EUR"
scale = 1
quantum = 1

[[dimension]]
id = "year"
role = "time"
members = [ { id = "2024" }, { id = "2025" } ]
[[dimension]]
id = "sector"
members = [ { id = "a" }, { id = "b" } ]

[cells]
table = "cells.csv"
"#;

const BALANCE: &str = "[[revenue]]\nid = \"r\"\namounts = { \"2024\" = 190, \"2025\" = 205 }\n\
                       [balance]\neach = \"year\"\nspend = \"all\"\n";

fn years(balance: &str) -> Vec<String> {
    let folder = Folder::of(&[
        ("plan.toml", &format!("{YEARS}{balance}")),
        ("pinned.scenario.toml", SCENARIO),
        ("cells.csv", "year,sector,baseline\n2024,a,100\n2024,b,100\n2025,a,100\n2025,b,100\n"),
        ("levels.csv", "year,sector,at\n2024,a,88\n2024,b,102\n2025,a,100\n2025,b,105\n"),
    ]);
    let (plan, found) = solved(folder, "pinned.scenario.toml");
    let schedule = explain::transfers(&plan, &found, &plan.leaf_axes(), &[]);
    assert!(schedule.cheapest && schedule.fewest());
    told(&plan, &found, &schedule)
}

/// 2024 falls by 10 and 2025 rises by 5. Each year is paid by its own revenue, so neither pays the
/// other: 2024 gives 10 back, and 2025 receives 5.
#[test]
fn money_of_one_balance_period_pays_nothing_in_another() {
    assert_eq!(
        years(BALANCE),
        [
            "2024/a | 2024/b | 2 | sector",
            "2024/a | the total | 10 | the total",
            "the total | 2025/b | 5 | the total",
        ]
    );
}

/// Without a balance the 5 are moved on from the year before.
#[test]
fn without_a_balance_money_crosses_a_year_when_it_must() {
    assert_eq!(
        years(""),
        [
            "2024/a | 2024/b | 2 | sector",
            "2024/a | 2025/b | 5 | year, sector",
            "2024/a | the total | 5 | the total",
        ]
    );
}

/// East receives 5, west gives 3, so the total rises by 2. East's move is past the 10 % that the
/// Secretary-General may approve (4 of 40), west's is not (5 of 50).
#[test]
fn a_transfer_names_who_has_to_approve_it() {
    let limits = r#"
[[limit]]
id = "virement"
each = ["section"]
tiers = [
  { up-to = "10% of baseline", authority = "Secretary-General" },
  { up-to = "20% of baseline", authority = "Council" },
]
authority = "Article 11"
[[limit]]
id = "between"
within = "section"
max-turnover = 8
tiers = [ { up-to = 8, authority = "Finance Committee" } ]
[[limit]]
id = "east"
on = { section = "east" }
equal = 45
[[limit]]
id = "west"
on = { section = "west" }
equal = 47
"#;
    let plan = PLAN.replace("sector", "section");
    let plan = plan.split("[[dimension]]\nid = \"priority\"").next().expect("the head");
    let plan =
        plan.replace("{ id = \"a\" }, { id = \"b\" }", "{ id = \"east\" }, { id = \"west\" }");
    let folder = Folder::of(&[
        ("plan.toml", &format!("{plan}[cells]\ntable = \"cells.csv\"\n{limits}")),
        ("cells.csv", "section,baseline\neast,40\nwest,50\n"),
    ]);
    let (plan, found) = solved(folder, "plan.toml");
    let axes = plan.leaf_axes();
    let schedule = explain::transfers(&plan, &found, &axes, &[]);
    let table = report::transfers(&plan, &found, &axes, &schedule);
    assert_eq!(
        rows(&table, &["from", "to", "amount", "approval", "limit", "authority"]),
        [
            "west | east | 3 | Council; Secretary-General; Finance Committee | \
             virement[east]; virement[west]; between | Article 11",
            "the total | east | 2 | Council; Finance Committee | virement[east]; between | Article 11",
        ]
    );
    let table = report::approvals(&plan, &found, &schedule);
    assert_eq!(
        rows(&table, &["limit", "member", "what", "moved", "approval", "transfers"]),
        [
            "virement | east | net move | 5 | Council | 2",
            "virement | west | net move | -3 | Secretary-General | 1",
            "between | - | turnover | 4 | Finance Committee | 2",
        ]
    );
}

fn generated_plan(recipe: &Recipe) -> (Plan, Allocation) {
    let files = generated(recipe);
    let files: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    solved(Folder::of(&files), "plan.toml")
}

/// What crosses the border of each member of a dimension, out and in; the total counts as outside.
fn across(schedule: &Schedule, axis: usize, fixed: Option<usize>) -> Vec<(Amount, Amount)> {
    let of = |end: End| match end {
        End::Line(line) => {
            let key = &schedule.lines[line].key;
            Some((fixed.map(|fixed| key[fixed]), key[axis]))
        }
        End::Total => None,
    };
    let mut found = std::collections::BTreeMap::<_, (Amount, Amount)>::new();
    for Transfer { from, to, amount, .. } in &schedule.transfers {
        if of(*from) == of(*to) {
            continue;
        }
        if let Some(member) = of(*from) {
            found.entry(member).or_default().0 += amount;
        }
        if let Some(member) = of(*to) {
            found.entry(member).or_default().1 += amount;
        }
    }
    found.into_values().collect()
}

#[test]
fn every_line_moves_by_its_change_and_nobody_gives_and_receives_without_need() {
    for seed in 0..24 {
        let (plan, found) =
            generated_plan(&Recipe { binding: 0.6, bounded: 0.4, ..Recipe::of(70, seed) });
        let axes = plan.leaf_axes();
        let schedule = explain::transfers(&plan, &found, &axes, &[]);
        assert!(schedule.cheapest && schedule.least <= schedule.transfers.len(), "seed {seed}");
        for (place, line) in schedule.lines.iter().enumerate() {
            let (gives, receives) = schedule.sums(place);
            assert_eq!(&receives - &gives, line.change, "seed {seed}");
            assert!(gives.is_zero() || receives.is_zero(), "seed {seed}");
        }
        assert!(schedule.transfers.iter().all(|own| own.amount.is_positive()), "seed {seed}");
        let change: Amount = schedule.lines.iter().map(|line| &line.change).sum();
        let (back, received) = schedule.total();
        assert_eq!(&received - &back, change, "seed {seed}");
        let time = plan.time();
        let first = (0..axes.len()).find(|axis| Some(*axis) != time).expect("a dimension");
        for (out, into) in across(&schedule, first, time) {
            assert!(out.is_zero() || into.is_zero(), "seed {seed}: a Sector gives and receives");
        }
    }
}

/// 1 200 lines, too many to seek the nearest schedule: near lines pay one another first, nothing is
/// called proven, and the sums hold all the same.
#[test]
fn a_schedule_of_many_lines_says_what_it_did_not_prove() {
    let members = |count: usize| -> String {
        let one = |place: usize| format!("{{ id = \"m{place}\" }}, ");
        (0..count).map(one).collect::<Vec<_>>().concat()
    };
    let plan = PLAN
        .replace("{ id = \"a\" }, { id = \"b\" }", &members(3))
        .replace("{ id = \"p\" }, { id = \"q\" }", &members(20))
        .replace("{ id = \"s\" }, { id = \"t\" }", &members(20));
    let mut cells = String::from("sector,priority,category,baseline,min,max\n");
    for place in 0..1_200 {
        let level = 95 + place * 7 % 11;
        let (sector, priority, category) = (place / 400, place / 20 % 20, place % 20);
        cells += &format!("m{sector},m{priority},m{category},100,{level},{level}\n");
    }
    let folder = Folder::of(&[("plan.toml", &plan), ("cells.csv", &cells)]);
    let (plan, found) = solved(folder, "plan.toml");
    let axes = plan.leaf_axes();
    let schedule = explain::transfers(&plan, &found, &axes, &[]);
    let table = report::transfers(&plan, &found, &axes, &schedule);
    assert!(!schedule.cheapest && !schedule.fewest());
    assert!(table.notes.iter().any(|note| note.contains("too many lines to prove")));
    let checked = "sums checked: all 1\u{202f}200 lines change";
    assert!(table.notes.iter().any(|note| note.starts_with(checked)), "{:?}", table.notes);
}
