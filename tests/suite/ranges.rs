//! Wishes and ranges, on plans worked by hand.

use virement::explain::{FlexEnd, Footing, Freedom, Verdict, Wished, contributions, why_not};
use virement::plan::{Pick, Plan, ReadingKind, Slice};
use virement::session;
use virement::solve::{ActiveSet, Allocation, Outcome, solve};
use virement::units::{Amount, CellId};

use crate::memory::Folder;

fn plan(text: &str) -> Plan {
    let plan = format!(
        "format = \"virement/plan@1\"\ntitle = \"By hand\"\ncurrency = \"EUR\"\nscale = 1\nquantum = 1\n\
         [[dimension]]\nid = \"line\"\nmembers = [ {{ id = \"a\" }}, {{ id = \"b\" }}, {{ id = \"c\" }} ]\n\
         [cells]\ntable = \"cells.csv\"\n[balance]\nspend = \"all\"\n\
         [[revenue]]\nid = \"grants\"\namount = 400\n{text}"
    );
    let folder =
        Folder::of(&[("plan.toml", &plan), ("cells.csv", "line,baseline\na,100\nb,100\nc,200\n")]);
    let Ok((resolved, _)) = session::open(&folder.ask("plan.toml")) else { panic!("problems") };
    resolved.plan
}

fn solved(plan: &Plan) -> Box<Allocation> {
    let Outcome::Optimal(found) = solve(plan, &ActiveSet::default()) else { panic!("no answer") };
    found
}

fn on(plan: &Plan, line: &str) -> Slice {
    let axis = &plan.dimensions()[0];
    let member = axis.find(line).expect("a member");
    Slice::all(1).with(0, Some(Pick::new(axis, &[member], line.into())))
}

fn at(plan: &Plan, line: &str, level: i64) -> Wished {
    let level = Some(Amount::whole(level));
    Wished { on: on(plan, line), min: level.clone(), max: level }
}

const FLOORS: &str = "[[limit]]\nid = \"floors\"\neach = [\"line\"]\nmin = \"90% of baseline\"\n";

/// a at 110: b and c give 10 as 100 to 200.
#[test]
fn a_wish_that_can_be_had_is_paid_pro_rata() {
    let plan = plan(FLOORS);
    let allocation = solved(&plan);
    let footing = Footing::new(&plan, &allocation).expect("an answer");
    let found = why_not(&footing, &at(&plan, "a", 110)).expect("a line");
    let Verdict::Possible(effect) = found.found else { panic!("{found:?}") };
    assert_eq!(effect.moves(), [Amount::whole(10), Amount::ratio(-10, 3), Amount::ratio(-20, 3)]);
    let found = why_not(&footing, &at(&plan, "a", 100)).expect("a line");
    assert!(matches!(found.found, Verdict::Granted));
}

/// b and c keep 90 and 180, so a has at most 130: 150 clashes with both floors and the revenue.
#[test]
fn a_wish_that_cannot_be_had_names_what_forbids_it_and_the_nearest_that_can() {
    let plan = plan(FLOORS);
    let allocation = solved(&plan);
    let footing = Footing::new(&plan, &allocation).expect("an answer");
    let found = why_not(&footing, &at(&plan, "a", 150)).expect("a line");
    let Verdict::Forbidden { conflict, nearest } = found.found else { panic!("{found:?}") };
    let mut by: Vec<String> = conflict
        .parts
        .iter()
        .map(|part| format!("{}{}", part.origin.id, part.origin.member))
        .collect();
    by.sort();
    assert_eq!(by, ["balance", "floorsb", "floorsc"]);
    let (level, effect) = nearest.expect("a nearest");
    assert_eq!(level, Amount::whole(130));
    assert_eq!(effect.moves(), [30, -10, -20].map(Amount::whole));
}

/// The floors alone let a lie from 90 to 130, as b + c is at least 270; where a stage wants as much of a
/// as can be, it has 130 and no choice; a loss of 10 % of a's 130 leaves it down to 117.
#[test]
fn a_range_is_what_the_limits_and_the_aims_leave() {
    let free = plan(FLOORS);
    let allocation = solved(&free);
    let footing = Footing::new(&free, &allocation).expect("an answer");
    let range = |footing: &Footing<'_>, loss: Option<Amount>| {
        let freedom = Freedom::new(footing, loss.as_ref()).expect("an answer");
        let slice = on(footing.plan, "a");
        let flex = freedom.of(footing, &slice, &footing.plan.select(&slice));
        (flex.least, flex.most)
    };
    let end = |value: i64| FlexEnd::At(Amount::whole(value));
    assert_eq!(range(&footing, None), (end(90), end(130)));
    let aimed =
        plan(&format!("{FLOORS}[[stage]]\nmaximise = \"amount\"\non = {{ line = \"a\" }}\n"));
    let allocation = solved(&aimed);
    let footing = Footing::new(&aimed, &allocation).expect("an answer");
    assert_eq!(range(&footing, None), (end(130), end(130)));
    assert_eq!(range(&footing, Some(Amount::ratio(1, 10))), (end(117), end(130)));
}

/// Without a balance nothing stops a line from above.
#[test]
fn a_line_that_nothing_stops_has_an_open_end() {
    let text = "format = \"virement/plan@1\"\ntitle = \"Open\"\ncurrency = \"EUR\"\nscale = 1\nquantum = 1\n\
                [[dimension]]\nid = \"line\"\nmembers = [ { id = \"a\" } ]\n[cells]\ntable = \"cells.csv\"\n";
    let folder = Folder::of(&[("plan.toml", text), ("cells.csv", "line,baseline\na,100\n")]);
    let Ok((resolved, _)) = session::open(&folder.ask("plan.toml")) else { panic!("problems") };
    let plan = resolved.plan;
    let allocation = solved(&plan);
    let footing = Footing::new(&plan, &allocation).expect("an answer");
    let freedom = Freedom::new(&footing, None).expect("an answer");
    let flex = freedom.of(&footing, &Slice::all(1), &plan.select(&Slice::all(1)));
    assert_eq!((flex.least, flex.most), (FlexEnd::At(Amount::ZERO), FlexEnd::Open));
}

/// Every line and every total of plans with stages, convex rows and kept lines is the sum of its parts.
#[test]
fn the_parts_of_every_line_and_total_add_up_to_its_change() {
    for name in [
        "itu-2012-2015/reallocate",
        "itu-2012-2015/move-money",
        "itu-2012-2015/two-step",
        "itu-2024-2027",
        "itu-2024-2027/field-presence",
        "itu-2024-2027/transfer",
    ] {
        let request = session::find(name).expect(name);
        let Ok((solved, _)) = session::answer(&request) else { panic!("{name} has problems") };
        let plan = &solved.resolved.plan;
        let (Outcome::Optimal(own) | Outcome::Unrounded(own, _)) = &solved.outcome else {
            panic!("{name} has no answer")
        };
        let adds_up = |cells: &[CellId]| {
            let parts = contributions(plan, own, cells);
            let sum: Amount = parts.iter().map(|part| &part.money).sum();
            let change: Amount =
                cells.iter().map(|c| &own.amount(plan, *c) - &plan.cell(*c).baseline).sum();
            assert_eq!(sum, change, "{name}");
        };
        (0..plan.cells().len()).for_each(|cell| adds_up(&[CellId::new(cell)]));
        let all = Slice::all(plan.dimensions().len());
        for axis in plan.leaf_axes() {
            plan.groups(&all, &[axis]).iter().for_each(|group| adds_up(&group.cells));
        }
        assert!(own.pressures.iter().any(|own| own.origin.kind != ReadingKind::Balance), "{name}");
    }
}
