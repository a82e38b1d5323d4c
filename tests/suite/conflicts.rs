//! Limits that cannot hold together: minimal as the files stand, told in words, and repaired.

use virement::certify::Certificate;
use virement::explain;
use virement::session::{self, Solved};
use virement::solve::{Conflict, Outcome};
use virement::units::Amount;

use crate::memory::Folder;

const HEAD: &str = r#"
format = "virement/plan@1"
title = "Worked by hand"
currency = "EUR"
scale = 1
quantum = 1

[[dimension]]
id = "line"
members = [ { id = "a", title = "Roads" }, { id = "b", title = "Schools" }, { id = "c", title = "Parks" } ]

[[dimension]]
id = "kind"
members = [ { id = "staff" }, { id = "other" } ]

[cells]
table = "cells.csv"

[[revenue]]
id = "grants"
amount = 400
"#;

const BALANCE: &str = "[balance]\nspend = \"all\"\n";

const CELLS: &str = "line,kind,baseline\na,staff,60\na,other,40\nb,staff,70\nb,other,30\n\
                     c,staff,100\nc,other,100\n";

fn folder(parts: &[&str]) -> Folder {
    let plan = HEAD.to_string() + &parts.concat();
    Folder::of(&[("plan.toml", &plan), ("cells.csv", CELLS)])
}

fn solved(folder: &Folder) -> Solved {
    match session::answer(&folder.clone().ask("plan.toml")) {
        Ok((solved, _)) => solved,
        Err(refused) => panic!("{:?}", refused.problems),
    }
}

fn conflict(folder: &Folder) -> (Solved, Conflict) {
    let solved = solved(folder);
    let Outcome::Infeasible(conflict) = solved.outcome.clone() else { panic!("no clash") };
    (solved, conflict)
}

fn limit(id: &str, rest: &str) -> String {
    format!("[[limit]]\nid = \"{id}\"\n{rest}\n")
}

/// A stream of numbers from a seed (Knuth's multiplier).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len() as u64) as usize]
    }
}

/// A limit of a random family on a random slice.
fn any_limit(id: &str, numbers: &mut Numbers) -> String {
    let on = numbers.pick(&[
        "on = { line = \"a\" }",
        "on = { line = [\"a\", \"b\"] }",
        "on = { line = \"c\" }",
        "on = { kind = \"staff\" }",
        "on = { line = \"b\", kind = \"other\" }",
        "each = [\"line\"]",
        "each = [\"kind\"]",
    ]);
    let size = 20 + 10 * numbers.below(24);
    let percent = 5 + 5 * numbers.below(14);
    let bound = match numbers.below(9) {
        0 => format!("min = {size}"),
        1 => format!("max = {size}"),
        2 => format!("min-share = \"{percent}%\""),
        3 => format!("max-share = \"{percent}%\""),
        4 => format!("max-cut = \"{}%\"", percent / 5),
        5 => format!("max-rise = \"{}%\"", percent / 5),
        6 => format!("at-least-ratio = {}.{}\nto = {{ line = \"c\" }}", numbers.below(2), percent),
        7 => format!("max-in = {}", percent / 5),
        _ => format!("within = \"line\"\nmax-turnover = {}", percent / 5),
    };
    limit(id, &format!("{on}\n{bound}"))
}

/// A hundred plans of seven limits: what a clash names clashes by itself in the files, and no
/// longer without any one of them.
#[test]
fn a_conflict_is_minimal_in_the_files() {
    let (mut clashes, mut sizes) = (0, [0; 12]);
    for seed in 0..100 {
        let mut numbers = Numbers(seed);
        let ids: Vec<String> = (0..7).map(|place| format!("l{place}")).collect();
        let blocks: Vec<String> = ids.iter().map(|id| any_limit(id, &mut numbers)).collect();
        let text = blocks.concat();
        let Ok((solved, _)) = session::answer(&folder(&[BALANCE, &text]).ask("plan.toml")) else {
            continue;
        };
        let Outcome::Infeasible(conflict) = &solved.outcome else { continue };
        assert!(conflict.proof.is_ok(), "seed {seed}: {:?}", conflict.proof);
        let named: Vec<&str> = conflict.parts.iter().map(|part| part.origin.id.as_str()).collect();
        let kept = |left_out: &str| -> bool {
            let has = |id: &str| id != left_out && named.contains(&id);
            let own = ids.iter().zip(&blocks).filter(|(id, _)| has(id));
            let mut parts: Vec<&str> = own.map(|(_, block)| block.as_str()).collect();
            parts.insert(0, if has("balance") { BALANCE } else { "" });
            let (plan, _) = session::answer(&folder(&parts).ask("plan.toml"))
                .unwrap_or_else(|_| panic!("seed {seed}: fewer limits are in order"));
            matches!(plan.outcome, Outcome::Infeasible(_))
        };
        assert!(kept(""), "seed {seed}: {named:?} do not clash alone");
        for id in &named {
            assert!(!kept(id), "seed {seed}: {named:?} clash without {id}");
        }
        clashes += 1;
        sizes[named.len().min(11)] += 1;
        let told = explain::tell(&solved.resolved.plan, conflict);
        assert_eq!(told.limits.len(), named.len());
    }
    assert!(clashes > 40, "only {clashes} clash");
    assert!(sizes.iter().filter(|count| **count > 0).count() > 2, "{sizes:?}");
}

/// Repairs are in order of their money, and each solves when it is read from a file on disk.
#[test]
fn repairs_are_ranked_by_money_and_each_of_them_solves() {
    let mut mended = 0;
    for seed in 0..24 {
        let mut numbers = Numbers(seed);
        let blocks: Vec<String> =
            (0..6).map(|place| any_limit(&format!("l{place}"), &mut numbers)).collect();
        let home = tempfile::tempdir().expect("a folder");
        let plan = HEAD.to_string() + BALANCE + &blocks.concat();
        std::fs::write(home.path().join("plan.toml"), plan).expect("a file");
        std::fs::write(home.path().join("cells.csv"), CELLS).expect("a file");
        let name = home.path().display().to_string();
        let request = session::find(&name).expect("a plan");
        let Ok((solved, _)) = session::answer(&request) else { continue };
        let repairs = session::repairs(&request, &solved, false);
        // One of fewer figures may cost a tenth more than what it is told before.
        for pair in repairs.windows(2) {
            let (one, two) = (pair[0].cost(), pair[1].cost());
            let plainer = pair[0].changes.len() < pair[1].changes.len();
            let nearly = plainer && one <= &two * &Amount::ratio(11, 10);
            assert!(one <= two || nearly, "seed {seed}: {one}, {two}");
        }
        for (place, repair) in repairs.iter().enumerate() {
            let path = home.path().join(format!("mended-{place}.scenario.toml"));
            session::apply(&request, &solved, repair, &path).expect("written");
            let request = session::find(&path.display().to_string()).expect("a scenario");
            let Ok((again, _)) = session::answer(&request) else {
                panic!("seed {seed}: a problem")
            };
            assert!(matches!(again.outcome, Outcome::Optimal(_)), "seed {seed}: repair {place}");
            mended += 1;
        }
    }
    assert!(mended > 12, "only {mended} repairs were found");
}

fn sentences(parts: &[&str]) -> Vec<String> {
    let (solved, conflict) = conflict(&folder(parts));
    explain::tell(&solved.resolved.plan, &conflict).sentences
}

/// 230 + 190 = 420, and the revenue is 400.
#[test]
fn floors_are_added_up_against_the_revenue() {
    let a = limit("a", "on = { line = \"a\" }\nmin = 230\nauthority = \"Council\"");
    let b = limit("b", "on = { line = \"b\" }\nmin = 190");
    let told = sentences(&[BALANCE, &a, &b]);
    assert_eq!(
        told,
        [
            "The floors of Roads and Schools together ask for 420; the revenue leaves 400.",
            "That is 20 EUR short.",
            "Each one is needed for this: without any one of them, the others can hold together."
        ]
    );
}

/// 60 % of 400 is 240; with 180 that is 420.
#[test]
fn a_share_is_taken_of_the_revenue_before_it_is_added() {
    let a = limit("a", "on = { line = \"a\" }\nmin-share = \"60%\"");
    let b = limit("b", "on = { line = \"b\" }\nmin = 180");
    let told = sentences(&[BALANCE, &a, &b]);
    assert_eq!(told[0], "60 % of 400 is 240, for Roads.");
    assert_eq!(
        told[1],
        "The floor of Schools and the least share of Roads together ask for 420; the revenue \
         leaves 400."
    );
}

/// All ceilings together leave room for 300 of the 400 that are to be spent.
#[test]
fn revenue_without_room_is_told_from_its_side() {
    let each = limit("each", "each = [\"line\"]\nmax = 100");
    let told = sentences(&[BALANCE, &each]);
    assert_eq!(
        told[0],
        "The revenue to be spent is 400; the ceilings of Roads, Schools and Parks together leave \
         300."
    );
    assert_eq!(told[1], "That is 100 EUR with no room for it.");
}

/// Parks may be cut by 10 % of 200, so they get at least 180; the ceiling is 170.
#[test]
fn a_percentage_is_told_with_what_it_is_of() {
    let cut = limit("steady", "on = { line = \"c\" }\nmax-cut = \"10%\"");
    let most = limit("most", "on = { line = \"c\" }\nmax = 170");
    let (solved, conflict) = conflict(&folder(&[BALANCE, &cut, &most]));
    let told = explain::tell(&solved.resolved.plan, &conflict);
    assert_eq!(
        told.sentences[0],
        "The floor of Parks asks for 180; the ceiling of Parks leaves 170."
    );
    assert_eq!(
        told.limits[0].says,
        "Parks gets at least 180 EUR (10 % below its baseline of 200 EUR)"
    );
}

/// Roads at 130 are 30 more than they had, which others give: the turnover is 30, and may be 20. The proof names
/// the slope of each line's distance: 1/2 for Roads, which rise, and -1/2 for the others, which fall.
#[test]
fn a_clash_through_a_turnover_is_proven() {
    let floor = limit("roads", "on = { line = \"a\" }\nmin = 130");
    let turnover = limit("turn", "within = \"line\"\nmax-turnover = 20");
    let (_, conflict) = conflict(&folder(&[BALANCE, &floor, &turnover]));
    let names: Vec<&str> = conflict.parts.iter().map(|part| part.origin.id.as_str()).collect();
    assert_eq!(names, ["balance", "roads", "turn"]);
    let Ok(proof) = conflict.proof else { panic!("{:?}", conflict.proof) };
    let Certificate::Infeasible(clash) = *proof else { panic!("a clash") };
    let (_, lean) = &clash.sums[0];
    let slopes = lean.slopes.iter().map(|(_, slope)| (slope / &lean.multiplier).to_string());
    assert_eq!(slopes.collect::<Vec<_>>(), ["0.5", "-0.5", "-0.5"]);
    assert_eq!((&clash.excess / &lean.multiplier).to_string(), "10");
}

/// 300 and no more than 40 of the reserve are 60 less than before, of which half has to move: 30, and not 20. What
/// is listed adds up to what is said of it, the range of the reserve too.
#[test]
fn the_range_of_a_decision_is_weighed_with_the_limits() {
    let plan = HEAD.replace("amount = 400", "amount = 300")
        + "[[revenue]]\nid = \"reserve\"\ntitle = \"Reserve\"\nmin = 0\nmax = 40\nprefer = 0\n"
        + BALANCE;
    let told = |more: &str| {
        let files = Folder::of(&[("plan.toml", &(plan.clone() + more)), ("cells.csv", CELLS)]);
        let (solved, conflict) = conflict(&files);
        explain::tell(&solved.resolved.plan, &conflict).sentences
    };
    assert_eq!(
        told(&limit("turn", "within = \"line\"\nmax-turnover = 20"))[1..5],
        [
            "0.5 times: expenses equal the revenue, 300 EUR, which leaves 150.",
            "Once: no more than 20 EUR moves within all lines together, which asks for 180 (half of what its \
             lines had, 200, less the 20 that may move).",
            "0.5 times: Reserve is at most 40 EUR, which leaves 20.",
            "Added up, 180 is asked for and 170 is left: 10 EUR short.",
        ]
    );
    assert_eq!(
        told(&limit("floor", "on = { line = \"c\" }\nmin = 350"))[0],
        "The floor of Parks asks for 350; the revenue and the ceiling of Reserve together leave 340."
    );
}

/// Roads at least twice Parks, Parks at least 150, Roads at most 200: 2 x 150 = 300.
#[test]
fn what_needs_weights_is_told_with_them() {
    let ratio = limit("twice", "on = { line = \"a\" }\nat-least-ratio = 2\nto = { line = \"c\" }");
    let floor = limit("parks", "on = { line = \"c\" }\nmin = 150");
    let most = limit("roads", "on = { line = \"a\" }\nmax = 200");
    let (solved, conflict) = conflict(&folder(&[BALANCE, &ratio, &floor, &most]));
    let told = explain::tell(&solved.resolved.plan, &conflict);
    assert!(!told.plain);
    let text = told.sentences.join(" ");
    assert!(text.contains("Parks gets at least 150"), "{text}");
    assert!(text.contains("Roads is at least 2 times Parks"), "{text}");
    assert_eq!(conflict.parts.len(), 3);
}

/// Ways to set a row of a table of bounds: for some members only, and for none it has.
#[test]
fn a_row_of_a_table_of_bounds_can_be_set() {
    let plan =
        HEAD.to_string() + BALANCE + &limit("table", "each = [\"line\"]\nbounds = \"bounds.csv\"");
    let files = Folder::of(&[
        ("plan.toml", &plan),
        ("cells.csv", CELLS),
        ("bounds.csv", "line,min,max\na,,90\nb,,90\n"),
    ]);
    let scenario = |place: &str| {
        format!(
            "format = \"virement/scenario@1\"\nextends = \"plan.toml\"\n\n[[change]]\n\
             set = \"limit.table.max\"\nwhere = {{ line = \"{place}\" }}\nto = 95\n"
        )
    };
    let ask = |place: &str| files.with("s.scenario.toml", &scenario(place)).ask("s.scenario.toml");
    let Ok((solved, _)) = session::answer(&ask("a")) else { panic!("in order") };
    let Outcome::Optimal(found) = solved.outcome else { panic!("an answer") };
    let bounds: Vec<String> = found
        .readings
        .iter()
        .filter(|reading| reading.id == *"table")
        .map(|reading| format!("{} {}", reading.member, reading.bound))
        .collect();
    assert_eq!(bounds, ["a 95", "b 90"]);
    assert!(session::answer(&ask("c")).is_err());
}

/// Hundreds of limits of the large plan stand beside the two that clash, and the proof names no other: the
/// floor asks for a tenth more staff in 2026 than the baseline, which 596 posts leave no room for.
#[test]
fn two_limits_of_hundreds_are_found_to_clash() {
    let mut files: Vec<(String, String)> = session::embedded_files("itu-2024-2027")
        .expect("an embedded plan")
        .into_iter()
        .map(|(name, bytes)| (name, String::from_utf8_lossy(bytes).into_owned()))
        .collect();
    let scenario = "format = \"virement/scenario@1\"\nextends = \"plan.toml\"\ntitle = \"More staff\"\n\n\
                    [[limit]]\nid = \"more-staff\"\non = { period = \"2026\", category = \"staff\" }\n\
                    min = 108177\nauthority = \"planner's assumption\"\n";
    files.push(("more.scenario.toml".into(), scenario.into()));
    let pairs: Vec<(&str, &str)> = files.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let solved = match session::answer(&Folder::of(&pairs).ask("more.scenario.toml")) {
        Ok((solved, _)) => solved,
        Err(refused) => panic!("{:?}", refused.problems),
    };
    let Outcome::Infeasible(conflict) = &solved.outcome else { panic!("no clash") };
    let mut names: Vec<&str> = conflict.parts.iter().map(|own| own.origin.id.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["more-staff", "posts-ceiling"]);
    assert!(matches!(conflict.proof.as_deref(), Ok(Certificate::Infeasible(_))));
}

/// The lines below numbering have floors of their own, which together are more than 12 000 as well;
/// what a planner has to know is the limit that says how much numbering needs.
#[test]
fn a_limit_is_named_before_the_bounds_of_single_lines() {
    let folder = tempfile::tempdir().expect("a folder");
    let plan = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/itu-2024-2027");
    for entry in std::fs::read_dir(plan).expect("the plan's folder") {
        let path = entry.expect("an entry").path();
        std::fs::copy(&path, folder.path().join(path.file_name().expect("a name")))
            .expect("a copy");
    }
    let file = folder.path().join("less.scenario.toml");
    let text = "format = \"virement/scenario@1\"\nextends = \"plan.toml\"\n\n[[hold]]\n\
                on = { priority = \"numbering\" }\nat = 12000\n";
    std::fs::write(&file, text).expect("a scenario");
    let request = virement::session::find(&file.display().to_string()).expect("a scenario");
    let Ok((solved, _)) = virement::session::answer(&request) else { panic!("in order") };
    let virement::solve::Outcome::Infeasible(conflict) = &solved.outcome else { panic!("a clash") };
    let ids: Vec<&str> = conflict.parts.iter().map(|part| part.origin.id.as_str()).collect();
    assert_eq!(ids, ["numbering-base", "priority = numbering"]);
}
