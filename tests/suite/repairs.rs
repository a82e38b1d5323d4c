//! Repairs of moves and of paths, each plan worked by hand: what is offered, what it costs, that its
//! scenario solves, and what comes of it.

use virement::explain::{self, Repair};
use virement::scenario::{Amendment, Draft, Fix};
use virement::session::{self, Solved};
use virement::solve::Outcome;
use virement::units::CellId;

use crate::memory::Folder;

/// Two lines of 100 and a revenue of 200.
pub(crate) const PLAN: &str = r#"
format = "virement/plan@1"
title = "Worked by hand"
currency = "EUR"
scale = 1
quantum = 1

[[dimension]]
id = "line"
members = [ { id = "a", title = "Roads" }, { id = "b", title = "Schools" } ]

[cells]
table = "cells.csv"

[[revenue]]
id = "grants"
amount = 200

[balance]
spend = "all"
"#;

/// Its cells.
pub(crate) const CELLS: &str = "line,baseline\na,100\nb,100\n";

fn scenario(parent: &str, more: &str) -> String {
    format!("format = \"virement/scenario@1\"\nextends = \"{parent}\"\n{more}")
}

pub(crate) fn folder(plan: &str, more: &str) -> Folder {
    let own = scenario("plan.toml", more);
    Folder::of(&[
        ("plan.toml", &(PLAN.to_string() + plan)),
        ("cells.csv", CELLS),
        ("own.scenario.toml", &own),
    ])
}

pub(crate) fn solved(folder: &Folder, path: &str) -> Solved {
    match session::answer(&folder.clone().ask(path)) {
        Ok((solved, _)) => solved,
        Err(refused) => panic!("{:?}", refused.problems),
    }
}

/// What is offered, in words with its cost, and the repairs.
pub(crate) fn offered(folder: &Folder, all: bool) -> (Vec<String>, Vec<Repair>) {
    let request = folder.clone().ask("own.scenario.toml");
    let found = solved(folder, "own.scenario.toml");
    assert!(matches!(found.outcome, Outcome::Infeasible(_)), "{:?}", found.outcome);
    let repairs = session::repairs(&request, &found, all);
    let words = |repair: &Repair| {
        let texts: Vec<String> = repair.changes.iter().map(explain::Change::text).collect();
        format!("{}: {}", texts.join("; and "), repair.cost())
    };
    (repairs.iter().map(words).collect(), repairs.found)
}

/// The amounts once a repair is made by a scenario on top, and once it is made in the scenario
/// itself, as the screen does: they are the same.
pub(crate) fn repaired(folder: &Folder, repair: &Repair) -> Vec<String> {
    let fix = |change: &explain::Change| Fix {
        path: change.path.clone(),
        rows: change.cells.clone(),
        to: change.to(),
        reason: "repair".into(),
    };
    let fixes: Vec<Fix> = repair.changes.iter().map(fix).collect();
    let set = |fix: &Fix| {
        let rows = fix.rows.as_ref().map(|rows| format!("where = {rows}\n")).unwrap_or_default();
        format!("[[change]]\nset = '{}'\n{rows}to = {}\n", fix.path, fix.to)
    };
    let more: String = fixes.iter().map(set).collect();
    let above = folder.with("above.scenario.toml", &scenario("own.scenario.toml", &more));
    let text = String::from_utf8(folder.0["own.scenario.toml"].clone()).expect("text");
    let mut draft = Draft::new(&text);
    draft.edit(&Amendment::Repair { name: "repair".into(), fixes }).expect("it is written");
    let inside = folder.with("own.scenario.toml", draft.text());
    let one = amounts(&solved(&above, "above.scenario.toml"));
    assert_eq!(one, amounts(&solved(&inside, "own.scenario.toml")), "{}", draft.text());
    one
}

fn amounts(solved: &Solved) -> Vec<String> {
    let Outcome::Optimal(found) = &solved.outcome else { panic!("{:?}", solved.outcome) };
    let plan = &solved.resolved.plan;
    let cells = (0..plan.cells().len()).map(CellId::new);
    cells.map(|cell| found.amount(plan, cell).to_string()).collect()
}

const MOVE: &str = "[[transfer]]\nfrom = { line = \"a\" }\nto = { line = \"b\" }\namount = 40\n\
                    by = \"treasurer\"\n";

/// 40 more would give schools 140; 125 are allowed: 15 less are moved, or the ceiling rises by 15.
#[test]
fn a_transfer_gives_way_to_a_ceiling() {
    let cap = "[[limit]]\nid = \"cap\"\non = { line = \"b\" }\nmax = 125\n";
    let folder = folder(cap, MOVE);
    let (told, repairs) = offered(&folder, false);
    assert_eq!(
        told,
        [
            "raise the ceiling of Schools (`cap`) from 125 to 140: 15",
            "lower the transfer from Roads to Schools from 40 to 25: 15",
        ]
    );
    assert_eq!(repairs[1].changes[0].approval.as_deref(), Some("treasurer"));
    assert_eq!(repaired(&folder, &repairs[0]), ["60", "140"]);
    assert_eq!(repaired(&folder, &repairs[1]), ["75", "125"]);
}

/// Schools are to have 150 at least from here on: 10 more are moved, or 10 less will do.
#[test]
fn a_transfer_gives_way_to_a_floor() {
    let floor = "[[limit]]\nid = \"floor\"\non = { line = \"b\" }\nmin = 150\n";
    let folder = folder("", &format!("{floor}{MOVE}"));
    let (told, repairs) = offered(&folder, false);
    assert_eq!(
        told,
        [
            "lower the floor of Schools (`floor`) from 150 to 140: 10",
            "raise the transfer from Roads to Schools from 40 to 50: 10",
        ]
    );
    assert_eq!(repaired(&folder, &repairs[0]), ["60", "140"]);
    assert_eq!(repaired(&folder, &repairs[1]), ["50", "150"]);
}

/// Of what the first moves to schools the second takes 10 back: schools have 130, 120 are allowed.
/// 10 less come, or 10 more go back.
#[test]
fn of_several_transfers_each_is_named_by_its_place() {
    let cap = "[[limit]]\nid = \"cap\"\non = { line = \"b\" }\nmax = 120\n\
               authority = \"the council\"\n";
    let back = "[[transfer]]\nfrom = { line = \"b\" }\nto = { line = \"a\" }\namount = 10\n";
    let folder = folder(cap, &format!("{MOVE}{back}"));
    let (told, repairs) = offered(&folder, false);
    assert_eq!(
        told,
        [
            "raise the transfer from Schools to Roads from 10 to 20: 10",
            "lower the transfer from Roads to Schools from 40 to 30: 10",
        ]
    );
    assert_eq!(repairs[0].changes[0].path, "transfer.2.amount");
    for repair in &repairs {
        assert_eq!(repaired(&folder, repair), ["80", "120"]);
    }
}

/// A scenario on top changes a transfer, scales it and takes it out; what is not there is refused.
#[test]
fn transfers_are_changed_by_scenarios_on_top() {
    let folder = folder("", MOVE);
    let with = |change: &str| {
        let text = scenario("own.scenario.toml", &format!("[[change]]\n{change}\n"));
        folder.with("top.scenario.toml", &text)
    };
    let found = |change: &str| amounts(&solved(&with(change), "top.scenario.toml"));
    assert_eq!(found("set = \"transfer.1.amount\"\nto = 7"), ["93", "107"]);
    assert_eq!(found("scale = \"transfer.1.amount\"\nby = \"+50%\""), ["40", "160"]);
    assert_eq!(found("remove = \"transfer.1\""), ["100", "100"]);
    for (change, why) in [
        ("set = \"transfer.2.amount\"\nto = 7", "there is no transfer `2`"),
        ("set = \"transfer.1.amount\"\nto = -7", "a transfer moves more than nothing"),
        ("set = \"transfer.1.colour\"\nto = 7", "a transfer has no key `colour`"),
    ] {
        let Err(refused) = session::answer(&with(change).ask("top.scenario.toml")) else {
            panic!("{change} is refused")
        };
        let told = refused.problems.iter().any(|own| own.message.contains(why));
        assert!(told, "{change}: {:?}", refused.problems);
    }
}

/// Roads are held at 115, a move of 15; the last tier allows 10 each way. Both lines move by 5 more.
#[test]
fn the_last_tier_of_a_limit_is_raised() {
    let tiers = "tiers = [ { up-to = \"5% of baseline\", authority = \"Director\" },\n\
                 { up-to = \"10% of baseline\", authority = \"Board\" } ]\n";
    let hold = "[[hold]]\nid = \"roads\"\non = { line = \"a\" }\nat = 115\nby = \"works\"\n";
    let limit = format!("[[limit]]\nid = \"moves\"\nwithin = \"line\"\n{tiers}");
    for (bound, more) in [("", ""), ("max-in = \"10% of baseline\"\n", "both")] {
        // The limit stands in the plan, or in the scenario itself.
        for own in [false, true] {
            let limit = format!("{limit}{bound}");
            let (plan, extra) = if own { ("", limit.as_str()) } else { (limit.as_str(), "") };
            let folder = folder(plan, &format!("{extra}{hold}"));
            let (told, repairs) = offered(&folder, false);
            let lower = "lower the hold on Roads (`roads`) from 115 to 110: 5";
            assert_eq!(told[0], lower);
            let raised = "raise the last tier of moves of each line (`moves`) by 5 (10% of \
                          baseline plus 5): 10";
            let received = "raise the most that is received by each line (`moves`) by 5 (10% of \
                            baseline plus 5); and ";
            let told_both = format!("{received}{raised}");
            assert_eq!(told[1], if more.is_empty() { raised } else { &told_both });
            assert_eq!(repairs[1].changes.last().expect("one").path, "limit.moves.tiers.2.up-to");
            assert_eq!(repaired(&folder, &repairs[1]), ["115", "85"]);
        }
    }
}

const YEARS: &str = r#"
[[dimension]]
id = "year"
role = "time"
members = [ { id = "2026" }, { id = "2027" } ]
"#;

/// Roads go from 100 to 160 in two years: 130, 160. Schools keep 60 of 200 at least, so that 140 are
/// left in 2027. In three steps roads have 120 and 140: 10 and 20 less; and so they have in two steps to
/// a target of 140. Or the floor falls by 20 in that year and is needed by 10 less in none: it holds
/// for each year, 20 and 20.
#[test]
fn a_path_takes_more_steps_to_its_target() {
    let plan = PLAN
        .replace("[[dimension]]\nid = \"line\"", &format!("{YEARS}[[dimension]]\nid = \"line\""));
    let plan = plan.replace("amount = 200", "amounts = { \"2026\" = 200, \"2027\" = 200 }");
    let plan = plan.replace("[balance]\n", "[balance]\neach = \"year\"\n");
    let path = "[[limit]]\nid = \"path\"\non = { line = \"a\" }\neach = [\"line\"]\n\
                phase-in = { to = \"target.csv\", over = 2 }\n";
    let floor = "[[limit]]\nid = \"floor\"\non = { line = \"b\" }\neach = [\"year\"]\nmin = 60\n";
    for own in [false, true] {
        let (below, above) = if own { ("", path) } else { (path, "") };
        let folder = Folder::of(&[
            ("plan.toml", &format!("{plan}{below}{floor}")),
            ("cells.csv", "year,line,baseline\n2026,a,100\n2026,b,100\n2027,a,100\n2027,b,100\n"),
            ("target.csv", "line,amount\na,160\n"),
            ("own.scenario.toml", &scenario("plan.toml", above)),
        ]);
        let (told, repairs) = offered(&folder, false);
        let slower = "raise the number of steps in which Roads reaches its target (`path`) from 2 \
                      to 3: 30";
        let lower = "lower the target of Roads (`path`) from 160 to 140: 30";
        assert_eq!(told[..2], [lower, slower], "{told:?}");
        assert_eq!(repaired(&folder, &repairs[1]), ["120", "80", "140", "60"]);
        assert!(told[2].starts_with("lower the floor of Schools"), "{told:?}");
        let target = &repairs[0].changes[0];
        assert_eq!(target.path, "limit.path.phase-in.amount");
        assert_eq!(target.cells.as_deref(), Some("{ line = \"a\" }"));
        // A row of a limit of the scenario itself is changed by one on top.
        if !own {
            assert_eq!(repaired(&folder, &repairs[0]), ["120", "80", "140", "60"]);
        }
        // A path that the council set is left alone unless standing limits are asked for.
        if !own {
            let set =
                plan.clone() + &path.replace("phase-in", "authority = \"the council\"\nphase-in");
            let folder = folder.with("plan.toml", &format!("{set}{floor}"));
            let (few, all) = (offered(&folder, false).0, offered(&folder, true).0);
            for word in ["steps", "the target"] {
                assert!(few.iter().all(|told| !told.contains(word)), "{few:?}");
                assert!(all.iter().any(|told| told.contains(word)), "{all:?}");
            }
        }
    }
}

/// Roads have at least 40 of 200, and Schools are to have 230: 70 is missing. Nothing below nothing can be
/// taken from Roads, so that their floor alone does not do.
#[test]
fn the_floor_of_a_line_does_not_give_way_below_nothing() {
    let limit = "[[limit]]\nid = \"schools\"\non = { line = \"b\" }\nmin = 230\n\
                 authority = \"planner's assumption\"\n";
    let own = scenario("plan.toml", limit);
    let folder = Folder::of(&[
        ("plan.toml", PLAN),
        ("cells.csv", "line,baseline,min\na,100,40\nb,100,0\n"),
        ("own.scenario.toml", &own),
    ]);
    let (texts, _) = offered(&folder, true);
    assert_eq!(texts[0], "lower the floor of Schools (`schools`) from 230 to 160: 70");
    assert!(texts.iter().all(|text| !text.contains("to -") && !text.contains("to −")), "{texts:?}");
    assert!(
        !texts
            .iter()
            .any(|text| text.starts_with("lower the line's own floor of Roads from 40 to 0: "))
    );
}

/// Schools have 30.25 % of 200, which is 60.5, so that 139.5 are left for roads, and not 150. No whole
/// figure will do; the share may fall to 25 % too, which is 50.
#[test]
fn an_equality_may_need_a_figure_that_is_not_whole() {
    let fixed = "[[limit]]\nid = \"fixed\"\non = { line = \"a\" }\nequal = 150\n";
    let share = "[[limit]]\nid = \"share\"\non = { line = \"b\" }\nequal-share = \"30.25%\"\n";
    let folder = folder("", &format!("{fixed}{share}"));
    let (mut told, repairs) = offered(&folder, false);
    for repair in &repairs {
        assert_eq!(repaired(&folder, repair).len(), 2);
    }
    told.sort_unstable();
    assert_eq!(
        told,
        [
            "lower the fixed amount of Roads (`fixed`) from 150 to 139.50: 10.5",
            "lower the fixed share of Schools (`share`) from 30.25 % to 25 %: 10.5",
        ]
    );
}

/// Shares of 60 % and 45.25 % of 200 are 120 and 90.5: 10.5 too much. At 54.75 % roads have 109.5, and in whole
/// figures 110 and 91 are one too much: half a percent more makes room for it. Schools at 40 % have 80.
#[test]
fn a_share_gives_way_as_far_as_whole_figures_need() {
    let share = |id: &str, line: &str, share: &str| {
        format!(
            "[[limit]]\nid = \"{id}\"\non = {{ line = \"{line}\" }}\nmin-share = \"{share}%\"\n"
        )
    };
    let folder = folder("", &format!("{}{}", share("r", "a", "60"), share("s", "b", "45.25")));
    let (told, repairs) = offered(&folder, false);
    assert_eq!(
        told,
        [
            "lower the least share of Schools (`s`) from 45.25 % to 40 %: 10.5",
            "lower the least share of Roads (`r`) from 60 % to 54.25 %: 11.5",
        ]
    );
    assert_eq!(repaired(&folder, &repairs[0]), ["120", "80"]);
    assert_eq!(repaired(&folder, &repairs[1]), ["109", "91"]);
}

/// Roads are held at 80, and may give 10 away by their row of the table: 10 more, or a hold of 90.
#[test]
fn a_row_of_moves_gives_way() {
    let moves = "[[limit]]\nid = \"moves\"\neach = [\"line\"]\nbounds = \"moves.csv\"\n";
    let hold = "[[hold]]\nid = \"roads\"\non = { line = \"a\" }\nat = 80\n";
    let folder = folder(moves, hold).with("moves.csv", "line,max-out\na,10\nb,50\n");
    let (told, repairs) = offered(&folder, false);
    assert_eq!(
        told,
        [
            "raise the most that is given away by Roads (`moves`) from 10 to 20: 10",
            "raise the hold on Roads (`roads`) from 80 to 90: 10",
        ]
    );
    assert_eq!(repaired(&folder, &repairs[0]), ["80", "120"]);
    assert_eq!(repaired(&folder, &repairs[1]), ["90", "110"]);
}

/// Roads may grow by 10 % and by 5 % a year, by their rows of the table; a floor asks for more in 2027.
#[test]
fn a_row_of_steps_gives_way() {
    let plan = PLAN
        .replace("[[dimension]]\nid = \"line\"", &format!("{YEARS}[[dimension]]\nid = \"line\""));
    let plan = plan.replace("amount = 200", "amounts = { \"2026\" = 200, \"2027\" = 200 }");
    let plan = plan.replace("[balance]\n", "[balance]\neach = \"year\"\n");
    let steps = "[[limit]]\nid = \"steps\"\neach = [\"line\"]\nbounds = \"steps.csv\"\n";
    let own = "[[hold]]\nid = \"now\"\non = { year = \"2026\", line = \"a\" }\nat = 100\n\
               [[hold]]\nid = \"then\"\non = { year = \"2027\", line = \"a\" }\nat = 120\n";
    let folder = Folder::of(&[
        ("plan.toml", &format!("{plan}{steps}")),
        ("cells.csv", "year,line,baseline\n2026,a,100\n2026,b,100\n2027,a,100\n2027,b,100\n"),
        ("steps.csv", "line,max-step-up,max-step-down\na,10%,5%\nb,5%,50%\n"),
        ("own.scenario.toml", &scenario("plan.toml", own)),
    ]);
    let (told, repairs) = offered(&folder, false);
    let raised = "raise the greatest step up of Roads (`steps`) from 10 % to 20 %: 10";
    let place = told.iter().position(|told| told == raised);
    let place = place.unwrap_or_else(|| panic!("{told:?}"));
    assert_eq!(repaired(&folder, &repairs[place]), ["100", "100", "120", "80"]);
}

/// Two shares of more than the whole clash at any revenue but none at all: no repair asks for that, and a
/// driver without a plausible range falls to half at most.
#[test]
fn a_driver_is_not_lowered_to_nothing() {
    let text = "format = \"virement/scenario@1\"\nextends = \"cut-5.scenario.toml\"\n\
                [[limit]]\nid = \"r\"\non = { sector = \"radio\" }\nmin-share = \"70%\"\n\
                [[limit]]\nid = \"d\"\non = { sector = \"development\" }\nmin-share = \"35%\"\n";
    let files = session::embedded_files("first-steps").expect("an embedded plan");
    let texts: Vec<(String, String)> = files
        .into_iter()
        .map(|(name, text)| (name, String::from_utf8_lossy(text).into_owned()))
        .chain([("own.scenario.toml".to_string(), text.to_string())])
        .collect();
    let pairs: Vec<(&str, &str)> = texts.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let (told, _) = offered(&Folder::of(&pairs), true);
    assert!(told.len() > 1, "{told:?}");
    assert!(told.iter().all(|told| !told.contains("19\u{202f}000 to 0")), "{told:?}");
}
