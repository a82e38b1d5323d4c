//! Linear stages, soft limits and the further families, on plans worked by hand.
//!
//! Lines a 100, b 100, c 200; a revenue of 400 unless a test says otherwise.

use virement::explain;
use virement::scenario::{Style, render};
use virement::session;
use virement::solve::{Allocation, Outcome};
use virement::units::{Amount, CellId};

use crate::memory::Folder;

pub(crate) const PLAN: &str = r#"
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

const CELLS: &str = "line,baseline,need\na,100,200\nb,100,100\nc,200,200\n";

pub(crate) fn folder(revenue: i64, text: &str) -> Folder {
    let plan = format!("{PLAN}\n[[revenue]]\nid = \"grants\"\namount = {revenue}\n{text}");
    Folder::of(&[("plan.toml", &plan), ("cells.csv", CELLS)])
}

fn outcome(folder: Folder) -> (virement::plan::Plan, Outcome) {
    let answer = session::answer(&folder.ask("plan.toml"));
    let (solved, _) = answer.unwrap_or_else(|refused| {
        let style = Style { colour: false, unicode: true };
        let drawn = refused.problems.iter().map(|p| render(p, &refused.sources, style));
        panic!("{}", drawn.collect::<String>())
    });
    (solved.resolved.plan, solved.outcome)
}

pub(crate) fn allocation(folder: Folder) -> (virement::plan::Plan, Box<Allocation>) {
    match outcome(folder) {
        (plan, Outcome::Optimal(found)) => (plan, found),
        (_, other) => panic!("no answer: {other:?}"),
    }
}

/// The exact amounts, as texts; every line's change is the sum of its contributions.
pub(crate) fn exact(folder: Folder) -> Vec<String> {
    let (plan, found) = allocation(folder);
    for place in 0..plan.cells().len() {
        let cell = CellId::new(place);
        let parts = explain::contributions(&plan, &found, &[cell]);
        let sum: Amount = parts.iter().map(|part| &part.money).sum();
        assert_eq!(sum, &found.amount(&plan, cell) - &plan.cell(cell).baseline, "{parts:?}");
    }
    found.exact.iter().map(ToString::to_string).collect()
}

pub(crate) fn limit(id: &str, rest: &str) -> String {
    format!("[[limit]]\nid = \"{id}\"\n{rest}\n")
}

pub(crate) const SHORTFALL: &str = "[[stage]]\nminimise = \"shortfall\"\n";

/// a 100, b 90 and c 195 ask for 385 of 360. b keeps its 90; a and c share 270 as 100 to 200: they
/// miss 10 and 15, which is the least there is to miss.
#[test]
fn equal_misses_are_shared_in_proportion() {
    let text = limit("a", "on = { line = \"a\" }\nmin = 100\nstrength = \"soft\"")
        + &limit("b", "on = { line = \"b\" }\nmin = 90")
        + &limit("c", "on = { line = \"c\" }\nmin = 195\nstrength = \"soft\"")
        + SHORTFALL;
    assert_eq!(exact(folder(360, &text)), ["90", "90", "180"]);
    let (_, found) = allocation(folder(360, &text));
    assert_eq!(found.rounds[0].bound, Amount::whole(25));
}

/// A miss of a weighs twice: a has its 100, c what is left.
#[test]
fn the_heavier_promise_is_kept_first() {
    let text = limit("a", "on = { line = \"a\" }\nmin = 100\nstrength = \"soft\"\nweight = 2")
        + &limit("b", "on = { line = \"b\" }\nmin = 90")
        + &limit("c", "on = { line = \"c\" }\nmin = 195\nstrength = \"soft\"")
        + SHORTFALL;
    assert_eq!(exact(folder(360, &text)), ["100", "90", "170"]);
}

/// Promised 120, 100 and 240 of 400 beside b: misses of one sixth each of 120 and 240 are 20 and 40.
#[test]
fn an_even_spread_makes_the_largest_relative_miss_least() {
    let text = limit("a", "on = { line = \"a\" }\nmin = 120\nstrength = \"soft\"")
        + &limit("b", "on = { line = \"b\" }\nmin = 100")
        + &limit("c", "on = { line = \"c\" }\nmin = 240\nstrength = \"soft\"")
        + "[[stage]]\nminimise = \"shortfall\"\nspread = \"even\"\n";
    assert_eq!(exact(folder(400, &text)), ["100", "100", "200"]);
}

/// a is worth twice as much, up to its ceiling of 150; b and c share the rest as 100 to 200.
#[test]
fn value_goes_where_it_weighs_most() {
    let text = limit("a", "on = { line = \"a\" }\nmax = 150")
        + "[[stage]]\nmaximise = \"value\"\nweights = { line = { a = 2 } }\n";
    assert_eq!(exact(folder(400, &text)), ["150", "250/3", "500/3"]);
}

/// The first 120 of a earn 3, all of b earns 2, c nothing: c keeps its floor.
#[test]
fn returns_fall_as_totals_rise() {
    let text = limit("c", "on = { line = \"c\" }\nmin = 100")
        + "[[stage]]\nmaximise = \"value\"\nreturns = \"returns.csv\"\n";
    let returns = "line,up-to,rate\na,120,3\na,,1\nb,,2\n";
    assert_eq!(exact(folder(400, &text).with("returns.csv", returns)), ["120", "180", "100"]);
    let (_, found) = allocation(folder(400, &text).with("returns.csv", returns));
    assert_eq!(found.rounds[0].bound, Amount::whole(-(120 * 3 + 180 * 2)));
}

/// The best value is 550 (a at its 150). A loss of 2 % lets it fall to 539: a may give up 11, and
/// the calibration takes all of it back towards 100.
#[test]
fn a_loss_leaves_room_to_the_later_stages() {
    let text = limit("a", "on = { line = \"a\" }\nmax = 150")
        + "[[stage]]\nmaximise = \"value\"\nweights = { line = { a = 2 } }\nloss = \"2%\"\n";
    assert_eq!(exact(folder(400, &text)), ["139", "87", "174"]);
}

/// All at 80 % of their need; where a stops at 120, the others reach 280/300.
#[test]
fn coverage_lifts_the_least_covered_first() {
    let stage = "[[stage]]\nmaximise = \"coverage\"\n";
    assert_eq!(exact(folder(400, stage)), ["160", "80", "160"]);
    let text = limit("a", "on = { line = \"a\" }\nmax = 120") + stage;
    assert_eq!(exact(folder(400, &text)), ["120", "280/3", "560/3"]);
}

/// 10 must go; taking them from c alone or from all moves as much, so calibration decides; with a
/// floor under a and b only c can give.
#[test]
fn few_moves_leaves_the_split_of_equal_moves_to_calibration() {
    let stage = "[[stage]]\nid = \"few\"\nminimise = \"change\"\nspread = \"few-moves\"\n";
    assert_eq!(exact(folder(390, stage)), ["97.5", "97.5", "195"]);
    let text = limit("a", "on = { line = \"a\" }\nmin = 104") + stage;
    // a rises by 4 in any case; moving b up would move more.
    assert_eq!(exact(folder(390, &text)), ["104", "286/3", "572/3"]);
}

/// a would like 120, but at most 10 may move: b and c give them as 100 to 200.
#[test]
fn a_turnover_bounds_half_of_all_moves() {
    let text = limit("a", "on = { line = \"a\" }\nmin = 120\nstrength = \"soft\"")
        + &limit("turn", "max-turnover = 10\nwithin = \"line\"")
        + SHORTFALL;
    assert_eq!(exact(folder(400, &text)), ["110", "290/3", "580/3"]);
}

/// The least turnover that gives a its 120 is 20, whoever pays.
#[test]
fn a_stage_can_make_the_turnover_least() {
    let text = limit("a", "on = { line = \"a\" }\nmin = 120")
        + "[[stage]]\nminimise = \"turnover\"\nwithin = \"line\"\n";
    let (_, found) = allocation(folder(400, &text));
    assert_eq!(found.rounds[0].bound, Amount::whole(20));
    assert_eq!(exact(folder(400, &text)), ["120", "280/3", "560/3"]);
}

/// max(5 % of the receiving line, 1 % of the total) is 5 for a and b: c wants to give 30 and can
/// give 10.
#[test]
fn what_a_line_receives_is_capped() {
    let text = limit("c", "on = { line = \"c\" }\nmax = 170\nstrength = \"soft\"")
        + &limit(
            "cap",
            "max-in = \"max(5% of baseline, 1% of total baseline)\"\nwithin = \"line\"",
        )
        + SHORTFALL;
    assert_eq!(exact(folder(400, &text)), ["105", "105", "190"]);
}

/// b may give 4 at most, so that c gives 16 of the 20 that a receives.
#[test]
fn what_a_line_gives_is_capped() {
    let text = limit("a", "on = { line = \"a\" }\nmin = 120")
        + &limit("cap", "on = { line = \"b\" }\nmax-out = 4\nwithin = \"line\"");
    assert_eq!(exact(folder(400, &text)), ["120", "96", "184"]);
}

/// a is at most 0.4 of c: the limit pulls a down by pi and c up by 0.4 pi.
#[test]
fn a_ratio_ties_two_slices() {
    let text = limit("r", "on = { line = \"a\" }\nat-most-ratio = \"40%\"\nto = { line = \"c\" }");
    let (_, found) = allocation(folder(400, &text));
    let [a, _, c] = found.exact.as_slice() else { panic!("three lines") };
    assert_eq!(*a, c * &Amount::ratio(2, 5));
    // x - b = w (row pi + lambda): a 100 (pi + l), b 100 l, c 200 (l - 0.4 pi), adding to nothing,
    // and a - 0.4 c = 0: 20 + 132 pi + 20 l = 0, 20 pi + 400 l = 0.
    let pi = &Amount::whole(-20) / &Amount::whole(131);
    let l = &pi * &Amount::ratio(-1, 20);
    assert_eq!(*a, &Amount::whole(100) + &(&Amount::whole(100) * &(&pi + &l)));
    exact(folder(400, &text));
}

/// Worked in the comment of the test: 9 pi + 50 l = -5 and 50 pi + 400 l = 0.
#[test]
fn a_limit_can_bound_a_measure() {
    let text = "[[measure]]\nid = \"posts\"\nunit = \"posts\"\ntable = \"posts.csv\"\n".to_string()
        + &limit("posts-cap", "measure = \"posts\"\nmax = 45");
    let files = folder(400, &text).with("posts.csv", "line,weight\na,0.1\nc,0.2\n");
    assert_eq!(exact(files), ["1150/11", "1350/11", "1900/11"]);
}

/// a + b/2 at least 180: 125 pi + 150 l = 30 and 150 pi + 400 l = 0.
#[test]
fn a_limit_can_bound_what_a_goal_receives() {
    let text = "[[attribution]]\nid = \"goal\"\nfrom = { dimension = \"line\" }\nto = \"goal\"\n\
                table = \"goal.csv\"\n"
        .to_string()
        + &limit("g", "measure = { goal = \"one\" }\nmin = 180");
    let shares = "line,goal,share\na,one,1\nb,one,50%\nb,two,1/2\nc,two,1\n";
    let files = folder(400, &text).with("goal.csv", shares);
    assert_eq!(exact(files), ["1400/11", "1160/11", "1840/11"]);
}

#[test]
fn earmarked_revenue_is_spent_on_its_slice() {
    let text = "[[revenue]]\nid = \"gift\"\namount = 150\n[[fund]]\nid = \"gift\"\n\
                revenue = [\"gift\"]\non = { line = \"a\" }\n";
    // 150 for a; b and c share the 250 that are left.
    assert_eq!(exact(folder(250, text)), ["150", "250/3", "500/3"]);
    let only = format!("{text}only = true\n") + &limit("b", "on = { line = \"b\" }\nmax = 50");
    assert_eq!(exact(folder(250, &only)), ["150", "50", "200"]);
}

/// The floor of 190 under c, and 100 under the others, ask for 30 of the reserve.
#[test]
fn a_reserve_is_used_only_where_a_stage_needs_it() {
    let text = "[[revenue]]\nid = \"reserve\"\nmin = 0\nmax = 50\nprefer = 0\n".to_string()
        + &limit("a", "on = { line = \"a\" }\nmin = 100\nstrength = \"soft\"")
        + &limit("b", "on = { line = \"b\" }\nmin = 100\nstrength = \"soft\"")
        + &limit("c", "on = { line = \"c\" }\nmin = 190\nstrength = \"soft\"");
    let first = format!("{text}{SHORTFALL}");
    assert_eq!(exact(folder(360, &first)), ["100", "100", "190"]);
    let saved = format!(
        "{text}[[stage]]\nminimise = \"reserve-use\"\non = {{ revenue = [\"reserve\"] }}\n{SHORTFALL}"
    );
    let (_, found) = allocation(folder(360, &saved));
    assert_eq!(found.exact.iter().sum::<Amount>(), Amount::whole(360));
}

/// Of 400 and 0.4 the gift is published as nothing, so that nothing has to be spent on a.
#[test]
fn a_gift_is_earmarked_as_it_is_published_beside_a_decision() {
    let text = "[[revenue]]\nid = \"reserve\"\nmin = 0\nmax = 50\nprefer = 0\n\
                [[revenue]]\nid = \"gift\"\namount = 0.4\n[[fund]]\nid = \"gift\"\n\
                revenue = [\"gift\"]\non = { line = \"a\" }\n"
        .to_string()
        + &limit("a", "on = { line = \"a\" }\nmax = 0")
        + &limit("c", "on = { line = \"c\" }\nmin = 250\nstrength = \"soft\"")
        + SHORTFALL;
    assert_eq!(exact(folder(400, &text)), ["0", "400/3", "800/3"]);
}

#[test]
fn targets_are_approached_as_near_as_money_allows() {
    let text = "[[stage]]\nminimise = \"deviation\"\ntargets = \"t.csv\"\n".to_string()
        + &limit("c", "on = { line = \"c\" }\nmin = 180");
    let files = folder(400, &text).with("t.csv", "line,amount\na,150\nb,60\n");
    assert_eq!(exact(files), ["150", "60", "190"]);
}

#[test]
fn a_measure_can_be_made_least() {
    let text = "[[stage]]\nid = \"small\"\nminimise = \"amount\"\non = { line = \"c\" }\n"
        .to_string()
        + &limit("c", "on = { line = \"c\" }\nmin = 150");
    assert_eq!(exact(folder(400, &text)), ["125", "125", "150"]);
}

#[test]
fn a_stage_that_nothing_stops_is_called_unbounded() {
    let plan = PLAN.replace("[balance]\nspend = \"all\"\n", "");
    let text = format!("{plan}[[stage]]\nid = \"more\"\nmaximise = \"amount\"\n");
    let files = Folder::of(&[("plan.toml", &text), ("cells.csv", CELLS)]);
    let (_, outcome) = outcome(files);
    assert!(matches!(outcome, Outcome::Unbounded(_)), "{outcome:?}");
}

#[test]
fn clashing_limits_are_named_with_stages_as_without() {
    let text = limit("a", "on = { line = \"a\" }\nmin = 300")
        + &limit("b", "on = { line = \"b\" }\nmin = 200")
        + "[[stage]]\nmaximise = \"value\"\n";
    let (_, outcome) = outcome(folder(400, &text));
    let Outcome::Infeasible(conflict) = outcome else { panic!("{outcome:?}") };
    let ids: Vec<&str> = conflict.parts.iter().map(|part| part.origin.id.as_str()).collect();
    assert_eq!(ids, ["balance", "a", "b"]);
}

/// 2025 may be at most 5 % above 2024. With u more for c in 2024 and the balances of 400 and 440:
/// 8.41 u = 42.
#[test]
fn a_step_is_against_the_level_of_the_year_before() {
    let plan = PLAN.replace(
        "[[dimension]]\nid = \"line\"",
        "[[dimension]]\nid = \"year\"\nrole = \"time\"\nmembers = [ { id = \"2024\" }, { id = \"2025\" } ]\n\n[[dimension]]\nid = \"line\"",
    );
    let cells = "year,line,baseline\n2024,a,100\n2024,b,100\n2024,c,200\n2025,a,100\n2025,b,100\n2025,c,200\n";
    let text = format!(
        "{plan}\n[[revenue]]\nid = \"grants\"\namounts = {{ \"2024\" = 400, \"2025\" = 440 }}\n{}",
        limit("s", "on = { line = \"c\" }\nmax-step-up = \"5%\"")
    );
    let files = Folder::of(&[("plan.toml", &text), ("cells.csv", cells)]);
    let found = exact(files);
    let u = &Amount::whole(4200) / &Amount::whole(841);
    assert_eq!(found[2], (&Amount::whole(200) + &u).to_string());
    assert_eq!(found[5], (&Amount::whole(210) + &(&u * &Amount::ratio(21, 20))).to_string());
    // In two years c goes half of the way, then all of it, from 200 to 230.
    let path = text.replace("max-step-up = \"5%\"", "phase-in = { to = \"t.csv\", over = 2 }");
    let files =
        Folder::of(&[("plan.toml", &path), ("cells.csv", cells), ("t.csv", "amount\n230\n")]);
    let found = exact(files);
    assert_eq!((found[2].as_str(), found[5].as_str()), ("215", "230"));
}

/// Making c small comes first only where it is put before the value of c.
#[test]
fn a_stage_can_be_put_before_another() {
    let text = limit("c", "on = { line = \"c\" }\nmin = 150\nmax = 220")
        + "[[stage]]\nid = \"worth\"\nmaximise = \"value\"\nweights = { line = { c = 2 } }\n\
           [[stage]]\nid = \"small\"\nminimise = \"amount\"\non = { line = \"c\" }\n";
    assert_eq!(exact(folder(400, &text)), ["90", "90", "220"]);
    let before = format!("{text}before = \"worth\"\n");
    assert_eq!(exact(folder(400, &before)), ["125", "125", "150"]);
}

#[test]
fn bounds_can_come_from_a_table() {
    let text = limit("t", "each = [\"line\"]\nbounds = \"b.csv\"");
    let files = folder(400, &text).with("b.csv", "line,min,max\na,130,\nb,,90\n");
    // a 130, b 90 at most: b and c give 30 as 100 to 200, b at its cap either way.
    assert_eq!(exact(files), ["130", "90", "180"]);
}
