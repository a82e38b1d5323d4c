//! Sentences that are read aloud by somebody who never saw a linear programme: figures with their units,
//! one thing said once, and nothing said of nothing.

use super::commands::{out, virement};
use super::repairs::{CELLS, PLAN};

fn said(words: &[&str]) -> String {
    out(&virement(&[&["explain"], words].concat()))
}

#[test]
fn a_total_that_is_held_in_whole_has_no_rest_that_can_move() {
    let text = said(&["itu-2012-2015/adopted"]);
    assert!(text.contains("\nAll of this total is held.\n"), "{text}");
}

#[test]
fn a_transfer_is_named_once() {
    let text = said(&["itu-2012-2015/move-money"]);
    assert!(!text.contains("transfer: "), "{text}");
    assert!(text.contains("the level that transfers set for General Secretariat\n"), "{text}");
}

/// A hold is named by its lines, wherever it is told of; a member by its title.
#[test]
fn holds_and_members_are_named_by_titles() {
    let text = said(&["itu-2012-2015/adopted", "--every"]);
    assert!(text.contains("the hold on 1 Staff costs (Plenipotentiary"), "{text}");
    assert!(!text.contains("category = "), "{text}");
    let text = said(&["itu-2024-2027", "--limit", "sector-year[ITU-D/2024]"]);
    assert!(text.contains("”, Telecommunication Development Sector, 2024 ("), "{text}");
}

/// An aim of many rounds is named once.
#[test]
fn an_aim_that_is_served_in_rounds_is_named_once() {
    let text = said(&["itu-2024-2027/needs-first"]);
    let line = text.lines().find(|line| line.contains("the revenue, shared out by"));
    let line = line.unwrap_or_else(|| panic!("{text}"));
    assert_eq!(line.matches("No Sector's priority is left behind").count(), 1, "{line}");
    assert!(text.contains("A weighted kCHF counts by the weights that the plan states"), "{text}");
}

/// Where rounding to whole figures moves a total by a quantum or more, both figures are told.
#[test]
fn a_range_tells_the_whole_figure_that_tables_show() {
    let text = said(&["itu-2012-2015/reallocate", "--cell", "sector=ITU-D"]);
    let both = "put it at 183\u{202f}829 kCHF (183\u{202f}831 in whole figures).";
    assert!(text.contains(both), "{text}");
}

#[test]
fn a_line_that_others_pay_for_says_why_it_has_no_more() {
    let text = said(&["itu-2012-2015/move-money", "--cell", "sector=ITU-R"]);
    let why = "It cannot have more: it keeps its earlier answer, because others pay.";
    assert!(text.contains(why), "{text}");
}

/// What a promise was missed by is no gain of the others; misses of several weights are weighted.
#[test]
fn what_is_weighted_says_so_and_a_promise_is_not_counted_for_itself() {
    let text = said(&["itu-2024-2027"]);
    assert!(text.contains("weighted kCHF less is missed of what was promised"), "{text}");
    let without = text.lines().find(|line| line.contains("Without “Each Sector keeps close"));
    let without = without.unwrap_or_else(|| panic!("{text}"));
    assert!(without.contains("less is missed of what else was promised"), "{without}");
    assert!(text.contains(" earns 6\u{202f}642.30 weighted kCHF more"), "{text}");
    assert!(!text.contains(" 0 from "), "{text}");
}

/// The nearest figure is the one that the total has, but for parts of a quantum.
#[test]
fn a_wish_that_ends_where_the_total_stands_moves_nothing() {
    let text = said(&["itu-2024-2027", "--why-not", "priority=numbering=12000"]);
    assert!(text.contains("The nearest that can be had is 26\u{202f}508 kCHF"), "{text}");
    assert!(text.contains("Nothing has to move for it but what rounding"), "{text}");
    assert!(!text.contains("would be paid by"), "{text}");
}

#[test]
fn what_a_limit_asks_of_a_clash_has_its_unit() {
    let text = said(&["itu-2024-2027/infeasible"]);
    assert!(text.contains("gets at most 45\u{202f}587 kCHF. Set by"), "{text}");
    let text = said(&["itu-2024-2027", "--why-not", "category=travel=+2%"]);
    assert!(text.contains("): exactly 24\u{202f}700 kCHF\n"), "{text}");
}

/// Two limits that all but say the same stand against one another: 100 and 100 become 110 and 90, as 1 and 1.001 times
/// them have to come to 200.09. Their pressures are 200 times the lines, and only their sum is told.
#[test]
fn near_the_edge_of_what_can_be_had_the_net_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let tilt = r#"
[[measure]]
id = "weight"
unit = "points"
table = "weights.csv"
[[limit]]
id = "tilt"
measure = "weight"
equal = 200.09
"#;
    let path = folder.path().join("plan.toml");
    std::fs::write(&path, format!("{PLAN}{tilt}")).expect("a file");
    std::fs::write(folder.path().join("cells.csv"), CELLS).expect("a file");
    std::fs::write(folder.path().join("weights.csv"), "line,weight\na,1\nb,1.001\n")
        .expect("a file");
    let text = said(&[&path.display().to_string(), "--cell", "line=a"]);
    let one = text.lines().find(|line| line.contains("stand against one another"));
    let one = one.unwrap_or_else(|| panic!("{text}"));
    assert!(
        one.contains("+10.0  +10.0 %") && one.contains("the revenue") && one.contains("tilt"),
        "{text}"
    );
    assert!(text.contains("only its sum says something"), "{text}");
    assert!(!text.contains("000.0 %"), "{text}");
}
