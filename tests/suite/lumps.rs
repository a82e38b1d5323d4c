//! Lines of all or nothing: plans worked by hand, and certificates that are altered.

use virement::certify::{self, Certificate, Refusal, Shown};
use virement::plan::Plan;
use virement::session;
use virement::solve::{ActiveSet, Allocation, Outcome, solve};
use virement::units::Amount;

use crate::memory::Folder;

const PLAN: &str = "format = \"virement/plan@1\"\ntitle = \"By hand\"\ncurrency = \"EUR\"\nscale = 1\nquantum = 1\n\n\
    [[dimension]]\nid = \"line\"\nmembers = [ { id = \"a\" }, { id = \"b\" }, { id = \"c\" }, { id = \"d\" } ]\n\n\
    [cells]\ntable = \"cells.csv\"\n\n[balance]\nspend = \"all\"\n";

/// A plan of the lines a, b, c and d with this revenue, these rows of `line,baseline,need,lump`, and more.
fn plan(revenue: i64, rows: &str, more: &str) -> Plan {
    let text = format!("{PLAN}\n[[revenue]]\nid = \"grants\"\namount = {revenue}\n\n{more}");
    let cells = format!("line,baseline,need,lump\n{rows}");
    let folder = Folder::of(&[("plan.toml", &text), ("cells.csv", &cells)]);
    match session::open(&folder.ask("plan.toml")) {
        Ok((resolved, _)) => resolved.plan,
        Err(refused) => {
            panic!("{:?}", refused.problems.iter().map(|p| &p.message).collect::<Vec<_>>())
        }
    }
}

fn solved(plan: &Plan) -> Box<Allocation> {
    match solve(plan, &ActiveSet::default()) {
        Outcome::Optimal(found) => found,
        other => panic!("no answer: {other:?}"),
    }
}

/// The exact amounts of an answer that was proven.
fn amounts(plan: &Plan) -> Vec<String> {
    let found = solved(plan);
    assert!(found.proof.is_ok(), "{:?}", found.proof);
    found.exact.iter().map(ToString::to_string).collect()
}

/// Without a stage as little as can be is moved: 90 must go. Leaving c (80) or d (60) moves as much as
/// taking all of it from a and b, and of equals the one that takes the earlier lines is the answer:
/// both are taken, and a and b give 30 % each.
#[test]
fn of_ways_that_are_as_good_the_one_that_takes_earlier_lines_is_the_answer() {
    let plan = plan(350, "a,100,,\nb,200,,\nc,80,,80\nd,60,,60\n", "");
    assert_eq!(amounts(&plan), ["70", "140", "80", "60"]);
}

/// a and b keep 280 at least: of the 350 that there are 70 are left, which is d and 10 more for a and
/// b; with c they would have to fall to 270.
#[test]
fn a_floor_decides_which_lump_is_left() {
    let floor = "[[limit]]\nid = \"floor\"\non = { line = [\"a\", \"b\"] }\nmin = 280\n";
    let plan = plan(350, "a,100,,\nb,200,,\nc,80,,80\nd,60,,60\n", floor);
    assert_eq!(amounts(&plan), ["290/3", "580/3", "0", "60"]);
}

/// Value 3 a unit for c and 2 for d, 1 for the others, and 100 to spend: c takes 60, and d does not fit
/// beside it (50). c and 40 more are worth 180 + 40; d and 50 more 100 + 50.
#[test]
fn a_stage_of_value_decides() {
    let stage =
        "[[stage]]\nid = \"worth\"\nmaximise = \"value\"\nweights = { line = { c = 3, d = 2 } }\n";
    let plan = plan(100, "a,50,,\nb,50,,\nc,0,,60\nd,0,,50\n", stage);
    assert_eq!(amounts(&plan), ["20", "20", "60", "0"]);
}

/// The smallest share of need met, then the next: of 100, c needs 80 and is 80 or nothing, d needs 40
/// and is 40 or nothing, a needs 100. With c: a has 20 of 100, d none: shares 0, 0.2, 1. With d: c none,
/// a 60: shares 0, 0.6, 1. With neither: 0, 0, 1. So d is taken.
#[test]
fn coverage_decides_by_the_smallest_share_then_the_next() {
    let stage = "[[stage]]\nid = \"needs\"\nmaximise = \"coverage\"\n";
    let plan = plan(100, "a,100,100,\nb,0,,\nc,80,80,80\nd,40,40,40\n", stage);
    assert_eq!(amounts(&plan), ["60", "0", "0", "40"]);
}

/// A hold on a line of all or nothing: at its lump it is taken, elsewhere nothing can be.
#[test]
fn a_hold_decides_or_clashes() {
    let hold = |at: i64| {
        let text = format!("{PLAN}\n[[revenue]]\nid = \"grants\"\namount = 350\n");
        let cells = "line,baseline,lump\na,100,\nb,200,\nc,80,80\nd,60,60\n";
        let scenario = format!(
            "format = \"virement/scenario@1\"\nextends = \"plan.toml\"\ntitle = \"Held\"\n\n\
             [[hold]]\non = {{ line = \"c\" }}\nat = {at}\nby = \"us\"\n"
        );
        let files = [("plan.toml", &*text), ("cells.csv", cells), ("h.scenario.toml", &*scenario)];
        match session::open(&Folder::of(&files).ask("h.scenario.toml")) {
            Ok((resolved, _)) => resolved.plan,
            Err(refused) => panic!("{:?}", refused.problems.first().map(|p| &p.message)),
        }
    };
    assert_eq!(amounts(&hold(0)), ["290/3", "580/3", "0", "60"]);
    assert_eq!(amounts(&hold(80)), ["70", "140", "80", "60"]);
    let plan = hold(50);
    let Outcome::Infeasible(conflict) = solve(&plan, &ActiveSet::default()) else {
        panic!("c is 0 or 80")
    };
    assert!(conflict.proof.is_ok(), "{:?}", conflict.proof);
    assert_eq!(conflict.parts.len(), 1);
    assert_eq!(conflict.lumps.len(), 1);
}

/// A plan with three lumps, a promise, coverage, a value and a revenue decision, and a scenario of it in which
/// limits clash however the lumps are decided.
pub(crate) fn projects() -> Folder {
    let plan = format!(
        "{}\n[[revenue]]\nid = \"grants\"\namount = 300\n\n[[revenue]]\nid = \"draw\"\nmin = 0\nmax = 20\n\n\
         [[limit]]\nid = \"b\"\non = {{ line = \"b\" }}\nmin = 60\nstrength = \"soft\"\n\n\
         [[stage]]\nminimise = \"shortfall\"\n\n\
         [[stage]]\nid = \"cover\"\nmaximise = \"coverage\"\non = {{ line = [\"a\", \"b\", \"c\"] }}\n\n\
         [[stage]]\nmaximise = \"value\"\nweights = {{ line = {{ c = 3, d = 2, e = 2 }} }}\n",
        PLAN.replace("{ id = \"d\" }", "{ id = \"d\" }, { id = \"e\" }")
    );
    let cells = "line,baseline,need,lump\na,100,120,\nb,80,80,\nc,0,90,70\nd,60,,60\ne,0,,50\n";
    let wish = "format = \"virement/scenario@1\"\nextends = \"plan.toml\"\ntitle = \"Wished\"\n\n\
                [[limit]]\nid = \"wish\"\non = { line = [\"d\", \"e\"] }\nmin = 55\nmax = 58\n";
    Folder::of(&[("plan.toml", &plan), ("cells.csv", cells), ("wish.scenario.toml", wish)])
}

/// A certificate of lumps is refused where a case is missing, where it is of another decision, and
/// where the answer is another way that can be met.
#[test]
fn an_altered_list_of_cases_is_refused() {
    let floor = "[[limit]]\nid = \"floor\"\non = { line = [\"a\", \"b\"] }\nmin = 280\n";
    let plan = plan(350, "a,100,,\nb,200,,\nc,80,,80\nd,60,,60\n", floor);
    let Ok(Certificate::Optimal(proof)) = solved(&plan).proof.map(|own| *own) else {
        panic!("a proof")
    };
    let judged =
        |proof: certify::Optimal| certify::judge(&plan, &Certificate::Optimal(Box::new(proof)));
    assert_eq!(judged((*proof).clone()), Ok(()));
    assert!(proof.cases.len() > 1, "{:?}", proof.cases);
    for place in 0..proof.cases.len() {
        let mut less = (*proof).clone();
        less.cases.remove(place);
        assert_eq!(judged(less), Err(Refusal::Uncovered), "without case {place}");
        for own in 0..proof.cases[place].decided.len() {
            let mut other = (*proof).clone();
            other.cases[place].decided[own].1 ^= true;
            assert!(judged(other).is_err(), "case {place}, line {own} the other way");
        }
        let mut claimed = (*proof).clone();
        if claimed.cases[place].shown != Shown::Answer {
            claimed.cases[place].shown = Shown::Answer;
            assert!(judged(claimed).is_err(), "case {place} claimed to be the answer");
        }
    }
    let mut none = (*proof).clone();
    none.cases.clear();
    assert_eq!(judged(none), Err(Refusal::Uncovered));
    let mut part = (*proof).clone();
    part.exact[3] = Amount::whole(50);
    assert!(matches!(judged(part), Err(Refusal::Lump(..))));
}

/// Two lines of all or nothing, both needed for the clash: 30 and 50 are left for lumps of 40 and 60 that
/// have to spend them; a third lump, elsewhere, has no part in it.
#[test]
fn a_clash_names_the_lines_that_it_needs_and_says_so() {
    let limit = "[[limit]]\nid = \"band\"\non = { line = [\"c\", \"d\"] }\nmin = 10\nmax = 30\n\
                 authority = \"statutes\"\n";
    let plan = plan(350, "a,100,,\nb,200,,60\nc,40,,40\nd,60,,60\n", limit);
    let Outcome::Infeasible(conflict) = solve(&plan, &ActiveSet::default()) else {
        panic!("c and d are 0, 40, 60 or 100")
    };
    assert!(conflict.proof.is_ok(), "{:?}", conflict.proof);
    let ids: Vec<&str> = conflict.parts.iter().map(|part| part.origin.id.as_str()).collect();
    assert_eq!(ids, ["band", "band"]);
    assert_eq!(conflict.lumps.iter().map(|id| id.index()).collect::<Vec<_>>(), [2, 3]);
    let told = virement::explain::tell(&plan, &conflict);
    assert_eq!(
        told.sentences,
        [
            "Two lines are all or nothing: c is 0 or 40 and d is 0 or 60.",
            "However they are decided, this cannot hold together: c and d get at least 10 EUR; c and d \
             get at most 30 EUR.",
            "Each one is needed for this: without any one of them, the others can hold together.",
        ]
    );
}

/// c and d have to have 60, and d, which is 0 or 60, no more than 30: what is left is c, which has 40 at most.
pub(crate) fn narrow() -> Folder {
    let text = format!(
        "{PLAN}\n[[revenue]]\nid = \"grants\"\namount = 350\n\n\
         [[limit]]\nid = \"both\"\non = {{ line = [\"c\", \"d\"] }}\nmin = 60\nauthority = \"x\"\n\n\
         [[limit]]\nid = \"few\"\non = {{ line = \"d\" }}\nmax = 30\nauthority = \"x\"\n"
    );
    let cells = "line,baseline,lump\na,100,\nb,200,60\nc,40,40\nd,60,60\n";
    Folder::of(&[("plan.toml", &text), ("cells.csv", cells)])
}

/// What c has at most is named too, and c may be taken in part.
#[test]
fn a_clash_of_lumps_names_what_other_lines_have_at_most() {
    let Ok((solved, _)) = session::answer(&narrow().ask("plan.toml")) else { panic!("a plan") };
    let plan = &solved.resolved.plan;
    let Outcome::Infeasible(conflict) = &solved.outcome else { panic!("c and d have 40 at most") };
    assert!(conflict.proof.is_ok(), "{:?}", conflict.proof);
    assert_eq!(conflict.lumps.iter().map(|id| id.index()).collect::<Vec<_>>(), [3]);
    let told = virement::explain::tell(plan, conflict);
    assert_eq!(
        told.sentences[1],
        "Whether it is taken or left, this cannot hold together: c and d get at least 60 EUR; d gets at most \
         30 EUR; c is all or nothing, at most 40 EUR."
    );
    assert_eq!(
        told.bounds,
        ["c is all or nothing, at most 40 EUR", "d is all or nothing: 0 or 60"]
    );
}

/// As much as can be of 9 001, in lumps of even sizes: 9 000 is soon found, and only all ways to decide
/// would show that 9 001 is not among them.
#[test]
fn a_search_that_is_ended_says_so() {
    let ids: Vec<String> = (0..36).map(|line| format!("l{line}")).collect();
    let members: Vec<String> = ids.iter().map(|id| format!("{{ id = \"{id}\" }}")).collect();
    let text = format!(
        "format = \"virement/plan@1\"\ntitle = \"Many\"\ncurrency = \"EUR\"\nscale = 1\nquantum = 1\n\n\
         [[dimension]]\nid = \"line\"\nmembers = [ {} ]\n\n[cells]\ntable = \"cells.csv\"\n\n\
         [[revenue]]\nid = \"grants\"\namount = 9001\n\n[balance]\nspend = \"up-to\"\n\n\
         [[stage]]\nid = \"worth\"\nmaximise = \"amount\"\n\n\
         [[stage]]\nid = \"little\"\nminimise = \"amount\"\non = {{ line = [\"l0\", \"l1\"] }}\n",
        members.join(", ")
    );
    let sizes = (0..36).map(|line: i64| 400 + 2 * (line * line * 7 % 83));
    let rows: Vec<String> =
        ids.iter().zip(sizes).map(|(id, size)| format!("{id},0,{size}\n")).collect();
    let cells = format!("line,baseline,lump\n{}", rows.concat());
    let folder = Folder::of(&[("plan.toml", &text), ("cells.csv", &cells)]);
    let Ok((resolved, _)) = session::open(&folder.ask("plan.toml")) else { panic!("a plan") };
    let plan = &resolved.plan;
    let outcome = solve(plan, &ActiveSet::default());
    let Outcome::Optimal(found) = &outcome else { panic!("an answer") };
    let Some(left) = &found.left else { panic!("the search has an end") };
    assert_eq!(left.stage.as_str(), "worth");
    assert!(left.bound < found.rounds[0].bound);
    assert!(matches!(found.proof, Err(Refusal::Ended(..))), "{:?}", found.proof);
    let status = virement::report::status(plan, &outcome);
    assert_eq!((status.status, status.proof), ("optimal", "feasible"));
    let table = virement::report::stages(plan, found);
    assert!(table.notes[0].starts_with("the search for the best way"), "{:?}", table.notes);
    // The others have room for all of it, so that nothing of the first two lines is needed. Nothing
    // moves away from a baseline of zero but what is spent: the least distance has a bound as well.
    assert_eq!(left.later, [Amount::ZERO]);
    let at = |row: usize, column: usize| table.rows[row].values[column].clone();
    assert_eq!(at(1, 4), virement::report::Value::Number(Amount::ZERO));
    assert_eq!(at(1, 3), at(1, 5));
    assert!(left.distance.is_some());
}

/// c and d are 0 or 40 and 0 or 60 and have to have 10 to 30: without any of it 10 less has to be asked
/// for, with c 10 more may be had. Each repair was solved before it is offered.
#[test]
fn a_clash_of_lumps_is_repaired() {
    let text = format!(
        "{PLAN}\n[[revenue]]\nid = \"grants\"\namount = 350\n\n\
         [[limit]]\nid = \"floor\"\non = {{ line = [\"c\", \"d\"] }}\nmin = 10\nauthority = \"planner\"\n\n\
         [[limit]]\nid = \"ceiling\"\non = {{ line = [\"c\", \"d\"] }}\nmax = 30\nauthority = \"planner\"\n"
    );
    let cells = "line,baseline,lump\na,100,\nb,200,\nc,40,40\nd,60,60\n";
    let ask = || Folder::of(&[("plan.toml", &*text), ("cells.csv", cells)]).ask("plan.toml");
    let Ok((solved, _)) = session::answer(&ask()) else { panic!("a plan in order") };
    let repairs = session::repairs(&ask(), &solved, false);
    let told: Vec<(String, String)> = repairs
        .iter()
        .map(|repair| (repair.changes[0].text(), repair.cost().to_string()))
        .collect();
    let lower = "lower the floor of c and d (`floor`) from 10 to 0".to_string();
    let raise = "raise the ceiling of c and d (`ceiling`) from 30 to 40".to_string();
    assert_eq!(told, [(lower, "10".into()), (raise, "10".into())]);
}

/// b is 0 or 60 and has to have 50 to 40: in part it could have 40 or 50, but not as it is. The ceiling has to rise
/// to its lump, or the floor to fall to nothing.
#[test]
fn a_repair_leaves_a_line_all_or_nothing() {
    let text = format!(
        "{PLAN}\n[[revenue]]\nid = \"grants\"\namount = 350\n\n\
         [[limit]]\nid = \"floor\"\non = {{ line = \"b\" }}\nmin = 50\nauthority = \"planner\"\n\n\
         [[limit]]\nid = \"ceiling\"\non = {{ line = \"b\" }}\nmax = 40\nauthority = \"planner\"\n"
    );
    let cells = "line,baseline,lump\na,100,\nb,60,60\nc,140,\nd,60,\n";
    let ask = || Folder::of(&[("plan.toml", &*text), ("cells.csv", cells)]).ask("plan.toml");
    let Ok((solved, _)) = session::answer(&ask()) else { panic!("a plan in order") };
    let Outcome::Infeasible(conflict) = &solved.outcome else { panic!("50 is above 40") };
    assert!(conflict.lumps.is_empty());
    let repairs = session::repairs(&ask(), &solved, false);
    let told: Vec<String> = repairs.iter().map(|repair| repair.changes[0].text()).collect();
    assert_eq!(
        told,
        [
            "raise the ceiling of b (`ceiling`) from 40 to 60",
            "lower the floor of b (`floor`) from 50 to 0",
        ]
    );
}

/// A line of all or nothing is typed, wished for and asked about as what it is.
#[test]
fn what_a_line_of_all_or_nothing_can_be_is_said() {
    let home = tempfile::tempdir().expect("a folder");
    for (name, bytes) in projects().0 {
        std::fs::write(home.path().join(name), bytes).expect("a file");
    }
    let run = |words: &[&str], typed: &str| -> String {
        let mut command = assert_cmd::Command::cargo_bin("virement").expect("the program");
        let command = command.args(words).env("LANG", "C.UTF-8").current_dir(home.path());
        let output = command.write_stdin(typed).output().expect("it runs");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let said = run(&["tui", "--plain", "plan.toml"], "hold line=c = 50\nhold line=c = -\nquit\n");
    assert!(said.contains("not done: it is all or nothing: 0 or 70"), "{said}");
    assert!(said.contains("c −70"), "{said}");
    let said = run(&["explain", "plan.toml", "--cell", "line=c", "--why-not", "line=c=30"], "");
    assert!(said.contains("It is all or nothing: taken whole or left."), "{said}");
    assert!(said.contains("It cannot have more: it is all or nothing."), "{said}");
    assert!(said.contains("  c is all or nothing: 0 or 70"), "{said}");
}
