//! Repairs that leave alone what a scenario has just stated: what else could give.

use std::cell::RefCell;
use std::sync::atomic::AtomicBool;

use virement::explain::Change;
use virement::report;
use virement::session::{self, Desk, Watch, open_draft};
use virement::units::Amount;

use crate::memory::Folder;
use crate::repairs::{offered, repaired, solved};

/// Two lines of 300, and a grant of 600.
const PLAN: &str = r#"
format = "virement/plan@1"
title = "Worked by hand"
currency = "EUR"
scale = 1
quantum = 1

[[dimension]]
id = "line"
members = [ { id = "a" }, { id = "b" } ]

[cells]
table = "cells.csv"

[[driver]]
id = "grant"
value = 600
unit = "plan"

[[revenue]]
id = "grants"
product = ["grant"]

[balance]
spend = "all"
"#;

const CELLS: &str = "line,baseline\na,300\nb,300\n";

/// A grant of 300 stands against six floors of 570, each of all lines.
const OWN: &str = "format = \"virement/scenario@1\"\nextends = \"plan.toml\"\n\n\
                   [[change]]\nset = \"driver.grant.value\"\nto = 300\n";

fn folder() -> Folder {
    let floor = |place: usize| format!("\n[[limit]]\nid = \"floor-{place}\"\nmin = 570\n");
    let floors: String = (1..=6).map(floor).collect();
    Folder::of(&[
        ("plan.toml", &(PLAN.to_string() + &floors)),
        ("cells.csv", CELLS),
        ("own.scenario.toml", OWN),
    ])
}

/// Either the grant rises by 270, or each of six floors falls by as much. Nobody would have six figures beside
/// one; but who has just lowered the grant asks for nothing else.
#[test]
fn what_else_could_give_is_told_beside_what_was_just_stated() {
    let folder = folder();
    let (words, repairs) = offered(&folder, false);
    assert_eq!(words.len(), 2, "{words:?}");
    assert_eq!(words[0], "raise driver `grant` (EUR, of grants) from 300 to 570: 270");
    assert!(repairs[0].leaves.is_empty());
    let left = &repairs[1];
    assert_eq!(left.leaves, ["leave driver `grant` (EUR, of grants) at 300"]);
    assert_eq!((left.changes.len(), left.cost()), (6, Amount::whole(1_620)));
    assert_eq!(repaired(&folder, left), ["150", "150"]);
}

/// Where nothing else can give, that is said.
#[test]
fn that_nothing_else_can_give_is_told() {
    let least = "\n[[limit]]\nid = \"least\"\nmin = 570\nauthority = \"Conference\"\n";
    let folder = Folder::of(&[
        ("plan.toml", &(PLAN.to_string() + least)),
        ("cells.csv", CELLS),
        ("own.scenario.toml", OWN),
    ]);
    let request = folder.clone().ask("own.scenario.toml");
    let found = session::repairs(&request, &solved(&folder, "own.scenario.toml"), false);
    assert_eq!(found.len(), 1);
    let leave = "leave driver `grant` (EUR, of grants) at 300";
    assert_eq!(found.stuck.as_deref(), Some(leave));
    let plan = &solved(&folder, "own.scenario.toml").resolved.plan;
    let told = report::repairs_told(plan, (&found, found.stuck.as_deref()), false).join("\n");
    assert!(told.contains(&format!("No repair was found that would {leave}.")), "{told}");
}

/// A quarter more than 270 is 337.5; floors that fall by two digits of that stand at 230.
#[test]
fn looser_figures_are_round() {
    let (_, repairs) = offered(&folder(), false);
    let looser = repairs[1].loosened(&Amount::ratio(1, 4));
    let to: Vec<String> = looser.changes.iter().map(Change::to).collect();
    assert_eq!(to, ["230"; 6]);
    assert_eq!(looser.leaves, repairs[1].leaves);
}

/// Who waits is told of each repair as it is found, and no search goes on for nobody.
#[test]
fn repairs_are_told_as_they_are_found() {
    let folder = folder();
    let home = tempfile::tempdir().expect("a folder");
    for (file, bytes) in &folder.0 {
        std::fs::write(home.path().join(file), bytes).expect("a file");
    }
    let name = home.path().join("own.scenario.toml").display().to_string();
    let opened = open_draft(&name).expect("a scenario");
    let mut desk = Desk::new(&opened).expect("a desk");
    let told = RefCell::new(Vec::new());
    let tell = |found: &[virement::explain::Repair]| told.borrow_mut().push(found.len());
    let never = AtomicBool::new(false);
    let found = desk.repairs(&opened.text, Watch { found: &tell, stop: &never });
    assert_eq!(found.len(), 2);
    assert_eq!(told.borrow().first(), Some(&1));
    let gone = AtomicBool::new(true);
    assert!(desk.repairs(&opened.text, Watch { found: &|_| (), stop: &gone }).is_empty());
}
