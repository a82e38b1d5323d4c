//! Tables of an answer, on a plan small enough to be worked by hand.
//!
//! Two sections, the bureau (`gs`) and two services; two aims. The bureau's cost is carried to the
//! services as 1 to 2. Aims serve the causes `near` and `far`: the first 1/3 and 2/3, the second all
//! near.

use virement::report::{self, Table, Value};
use virement::session;
use virement::solve::Outcome;
use virement::units::Amount;

use crate::memory::Folder;

const PLAN: &str = r#"
format = "virement/plan@1"
title = "Worked by hand"
currency = "EUR"
scale = 1
quantum = 1

[[dimension]]
id = "section"
levels = ["office"]
members = [ { id = "gs" }, { id = "east" }, { id = "west" } ]

[[dimension]]
id = "aim"
members = [ { id = "one" }, { id = "two" } ]

[cells]
table = "cells.csv"

[[attribution]]
id = "support"
from = { section = "gs" }
to = "bearer"
table = "support.csv"

[[attribution]]
id = "cause"
from = { dimension = "aim" }
to = "cause"
table = "cause.csv"
"#;

const CELLS: &str = "section,aim,baseline\ngs,one,10\ngs,two,20\neast,one,40\nwest,two,50\n";

fn folder(more: &str) -> Folder {
    Folder::of(&[
        ("plan.toml", &format!("{PLAN}{more}")),
        ("cells.csv", CELLS),
        ("support.csv", "section,bearer,share\ngs,east,1/3\ngs,west,2/3\n"),
        ("cause.csv", "aim,cause,share\none,near,1/3\none,far,2/3\ntwo,near,1\n"),
        ("bounds.csv", "office,max-in,max-out\neast,5,0\nwest,,7\n"),
    ])
}

fn table(
    folder: Folder,
    of: fn(&virement::plan::Plan, &virement::solve::Allocation) -> Table,
) -> Table {
    let Ok((solved, _)) = session::answer(&folder.ask("plan.toml")) else { panic!("in order") };
    let Outcome::Optimal(found) = &solved.outcome else { panic!("it can be met") };
    of(&solved.resolved.plan, found)
}

/// The columns `names` of the body rows, as text.
fn rows(table: &Table, names: &[&str]) -> Vec<String> {
    let places: Vec<usize> = names
        .iter()
        .map(|name| table.columns.iter().position(|own| own.id == *name).expect("a column"))
        .collect();
    let text = |value: &Value| match value {
        Value::Text(text) => text.clone(),
        Value::Number(amount) | Value::Share(amount) => amount.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Empty => "-".into(),
    };
    let row = |row: &report::Row| {
        places.iter().map(|place| text(&row.values[*place])).collect::<Vec<_>>().join(" ")
    };
    table.body().map(row).collect()
}

/// The bureau's 10 for aim one go to east and west as 3 1/3 and 6 2/3, its 20 for aim two as
/// 6 2/3 and 13 1/3. East bears 10 and west 20 of it in all. Rounded, one: 3 and 7, two: 7 and 13
/// (columns 10 and 20). Near has a third of one and all of two: 86 2/3 of 120, so 87; of it the
/// bureau has 23 1/3, east 13 1/3 and west 50, and the tie for the last unit goes to the first.
#[test]
fn cost_is_carried_and_margins_tie() {
    let found = table(folder(""), report::linkage);
    assert_eq!(
        rows(&found, &["dimension", "member", "column", "before", "after"]),
        [
            "aim one gs 10 0",
            "aim one east 40 43",
            "aim one west 0 7",
            "aim two gs 20 0",
            "aim two east 0 7",
            "aim two west 50 63",
            "cause near gs 24 0",
            "cause near east 13 21",
            "cause near west 50 66",
            "cause far gs 6 0",
            "cause far east 27 29",
            "cause far west 0 4",
        ]
    );
}

/// Whatever the plan, each margin is the sum of its figures, before and after, in every block.
#[test]
fn the_blocks_of_a_linkage_have_the_same_columns() {
    for name in ["itu-2024-2027", "itu-2024-2027/revenue-fall", "itu-2024-2027/transfer"] {
        let Ok((solved, _)) = session::answer(&session::find(name).expect("embedded")) else {
            panic!("in order")
        };
        let Outcome::Optimal(found) = &solved.outcome else { panic!("it can be met") };
        let plan = &solved.resolved.plan;
        let linkage = report::linkage(plan, found);
        let total: Amount = (0..plan.cells().len())
            .map(|place| found.amount(plan, virement::units::CellId::new(place)))
            .sum();
        let mut blocks: Vec<(String, Vec<Amount>)> = Vec::new();
        for row in linkage.body() {
            let Value::Text(block) = &row.values[0] else { panic!("a block") };
            let figures = row.values[3..5].iter().map(|value| match value {
                Value::Number(amount) => amount.clone(),
                other => panic!("no figure: {other:?}"),
            });
            let figures: Vec<Amount> = figures.collect();
            assert!(figures.iter().all(|amount| plan.quantum().count(amount).is_whole()), "{name}");
            if blocks.last().is_none_or(|(known, _)| known != block) {
                blocks.push((block.clone(), vec![Amount::ZERO; 2]));
            }
            let (_, sums) = blocks.last_mut().expect("a block");
            for (sum, amount) in sums.iter_mut().zip(figures) {
                *sum += &amount;
            }
        }
        assert_eq!(blocks.len(), 2, "{name}");
        assert!(blocks.iter().all(|(_, sums)| sums.iter().all(|sum| *sum == total)), "{name}");
        let margins = |block: &str| -> Vec<Vec<Value>> {
            let own = Value::text(block);
            let of = |row: &&report::Row| row.values[0] == own && row.values[1] == Value::Empty;
            linkage.rows.iter().filter(of).map(|row| row.values[2..].to_vec()).collect()
        };
        assert_eq!(margins("priority"), margins("goal"), "{name}");
        assert_eq!(margins("goal").len(), 5, "four Sectors and their sum: {name}");
        let corner = margins("goal").pop().expect("a margin");
        let all = Value::Number(total.clone());
        assert_eq!(corner[..3], [Value::Empty, all.clone(), all], "{name}");
    }
}

/// East receives 5 from the bureau (the ceiling) and west gives 7. The Secretary-General may move
/// 10 % of a line (4 of east's 40, 5 of west's 50), the Council 20 %.
#[test]
fn the_tier_that_a_move_reached_is_reported() {
    let more = r#"
[[limit]]
id = "virement"
each = ["section"]
tiers = [
  { up-to = "10% of baseline", authority = "Secretary-General" },
  { up-to = "20% of baseline", authority = "Council" },
]

[[limit]]
id = "told"
on = { section = ["east", "west"] }
each = ["section"]
approval = "Finance Committee"

[[limit]]
id = "pinned-east"
on = { section = "east" }
equal = 45
[[limit]]
id = "pinned-west"
on = { section = "west" }
equal = 47
"#;
    let found = table(folder(more), report::limits);
    let told = rows(&found, &["id", "member", "sense", "level", "approval"]);
    assert_eq!(
        told[..8],
        [
            "virement gs >= 0 -",
            "virement gs <= 0 -",
            "virement east >= 5 -",
            "virement east <= 5 Council",
            "virement west >= -3 Secretary-General",
            "virement west <= -3 -",
            "pinned-east - = 45 -",
            "pinned-west - = 47 -",
        ]
    );
    assert_eq!(told[8..], ["told east - 5 Finance Committee", "told west - -3 Finance Committee"]);
}

/// A table of bounds may call the leaf level by its own name, and bound moves.
#[test]
fn bounds_from_a_table_go_by_the_name_of_a_level() {
    let more = "[[limit]]\nid = \"m\"\neach = [\"section\"]\nbounds = \"bounds.csv\"\n\
                [[limit]]\nid = \"e\"\non = { section = \"east\" }\nmin = 45\n";
    let found = table(folder(more), report::limits);
    assert_eq!(
        rows(&found, &["id", "member", "measure", "sense", "bound", "level"]),
        ["m east move >= 0 5", "m east move <= 5 5", "m west move >= -7 0", "e - amount >= 45 45",]
    );
}

/// One round of a linear stage, then the calibration: each has its model and its bound.
#[test]
fn each_stage_is_a_row() {
    let more = "[[limit]]\nid = \"p\"\non = { section = \"east\" }\nmin = 45\nstrength = \"soft\"\n\
                [[limit]]\nid = \"c\"\non = { section = \"east\" }\nmax = 43\n\
                [[stage]]\nid = \"promises\"\nminimise = \"shortfall\"\n";
    let found = table(folder(more), report::stages);
    assert_eq!(
        rows(&found, &["stage", "model", "linear", "value", "gap"]),
        ["promises 01-promises.mps true 2 0", "change 02-change.mps false 0.1125 0"]
    );
}
