//! What the screen tells of edits: who gained and who lost, by names that a planner knows.

use virement::tui::{Command, Message, Mouse, Screen};

use crate::planner::Planner;

const REAL: &str = "itu-2012-2015";
const ATTRIBUTED: &str = "itu-2024-2027";

#[test]
fn who_gained_and_who_lost_is_listed_in_full() {
    let mut planner = Planner::open(REAL);
    planner.press("[left][end]184000[enter]");
    let screen = planner.screen();
    assert!(screen.contains("more: g"), "{screen}");
    planner.press("g");
    let screen = planner.screen();
    let moved = planner.model.allocation.movers.len();
    assert!(moved > 20 && screen.contains("Who gained and who lost"), "{screen}");
    let listed = screen.lines().filter(|line| line.contains(" ▲ ") || line.contains(" ▼ ")).count();
    assert!(listed >= moved, "{screen}");
    planner.press("[esc]");
    assert!(!planner.screen().contains("Who gained"));
}

/// Spectrum and access share 1 000: access cannot have 490 beside 520.
#[test]
fn an_edit_that_cannot_be_met_is_not_told_with_what_another_moved() {
    let mut planner = Planner::open("first-steps");
    planner.press("[home]520[enter]");
    assert!(planner.screen().contains('▲'));
    planner.press("[down]490[enter]");
    let screen = planner.screen();
    assert!(screen.contains("hold access at 490"), "{screen}");
    assert!(!screen.contains('▲') && !screen.contains('▼'), "{screen}");
}

#[test]
fn edits_are_told_by_the_names_that_screens_have() {
    let mut planner = Planner::open("first-steps");
    planner.press("[f3]/Value of the unit[enter][enter]21000[enter]");
    assert!(
        planner.screen().contains("set Value of the unit from 20 000 to 21 000"),
        "{}",
        planner.screen()
    );
    planner.press("u");
    assert!(planner.screen().contains("undid: set Value of the unit from 20 000"));
    planner.press("[f1][home]520[enter]H");
    assert!(planner.screen().contains("⚓ spectrum   held at 520"), "{}", planner.screen());
    planner.press("[esc][end]f");
    assert!(
        planner.screen().contains("hold the whole plan at least 1 000"),
        "{}",
        planner.screen()
    );
    planner.press("H");
    assert!(
        planner.screen().contains("⚓ the whole plan   held at least 1 000"),
        "{}",
        planner.screen()
    );
}

#[test]
fn what_is_filtered_on_f4_is_what_is_copied() {
    let mut planner = Planner::open(REAL);
    planner.press("[f4][right]");
    let shown = planner.screen().lines().filter(|line| line.contains('→')).count();
    planner.press("Y");
    let Some(Command::Copy(text)) = planner.asked.last().cloned() else { panic!("a copy") };
    let rows: Vec<&str> = text.lines().skip(1).collect();
    assert!(rows.iter().all(|row| row.contains("GS/") || row.contains("GS\t")), "{text}");
    assert!(!rows.is_empty() && rows.len() + 1 >= shown, "{text}");
    planner.press("[left]Y");
    let Some(Command::Copy(all)) = planner.asked.last().cloned() else { panic!("a copy") };
    assert!(all.lines().count() > text.lines().count());
}

#[test]
fn lines_of_transfers_and_of_the_linkage_are_chosen_with_the_mouse() {
    let mut planner = Planner::open(ATTRIBUTED);
    let click = |planner: &mut Planner, y: usize| {
        planner.send(Message::Mouse(Mouse::Press, 5, u16::try_from(y).expect("a line")));
    };
    planner.press("[f4]");
    let screen = planner.screen();
    let y = screen.lines().position(|line| line.contains("→ ")).expect("a move");
    click(&mut planner, y + 2);
    assert_eq!(planner.model.transfers.row, 2, "{screen}");
    click(&mut planner, 39);
    assert_eq!(planner.model.transfers.row, 2, "the footer is no line");
    planner.press("[f7]");
    let screen = planner.screen();
    let y = screen.lines().position(|line| line.trim_start().starts_with("goal")).expect("goals");
    click(&mut planner, y);
    assert_eq!(planner.model.linkage.row, 0, "a heading is no line");
    click(&mut planner, y + 1);
    let line = planner.model.linkage.line().expect("a line");
    assert!(screen.lines().nth(y + 1).expect("a line").contains(&line[0]), "{line:?}");
}

#[test]
fn reading_back_begins_at_once_at_the_end_of_an_explanation() {
    let mut planner = Planner::open(REAL);
    planner.resize(80, 15).press("w[end]");
    let end = planner.screen();
    planner.press("[up]");
    assert_ne!(planner.screen(), end, "one line back");
    planner.press("[home]");
    assert!(planner.screen().contains("before:"), "{}", planner.screen());
}

#[test]
fn the_name_of_a_file_is_echoed_with_its_ending() {
    let mut planner = Planner::open("first-steps");
    planner.press("Scut");
    assert!(planner.screen().contains("= cut.scenario.toml"), "{}", planner.screen());
    planner.press("[esc]E");
    assert!(planner.screen().contains(".csv, .md or .txt"), "{}", planner.screen());
}

/// The plan clashes as it is opened: its values are changed all the same, until it can be done.
#[test]
fn values_are_changed_where_a_plan_clashes_from_the_start() {
    let mut planner = Planner::open("first-steps/impossible");
    assert!(planner.model.answer.is_none() && planner.model.trouble.is_some());
    for size in [(80, 24), (120, 40)] {
        planner.resize(size.0, size.1).press("[f3]");
        let screen = planner.screen();
        assert!(
            screen.contains("Value of the unit") && screen.contains("hold together"),
            "{screen}"
        );
        planner.press("[f2]");
        let screen = planner.screen();
        assert!(screen.contains("Access keeps at least this much"), "{screen}");
        assert!(screen.contains("no allocation yet") && screen.contains("floor "), "{screen}");
    }
    planner.press("/access[enter]x");
    assert!(planner.model.trouble.is_none(), "{}", planner.screen());
}

#[test]
fn the_palette_has_the_actions_of_other_screens_and_goes_there() {
    let mut planner = Planner::open("first-steps");
    planner.press("[f7]:sort lines");
    assert!(planner.screen().contains("F1 s  "), "{}", planner.screen());
    planner.press("[enter]");
    assert_eq!(planner.model.screen, Screen::Allocation);
    assert!(planner.screen().contains("by amount"), "{}", planner.screen());
    // What can be done here comes before, and stands once.
    planner.press(":type a figure");
    assert_eq!(planner.screen().matches("type a figure").count(), 2, "{}", planner.screen());
}

#[test]
fn the_wheel_nudges_the_figure_that_is_chosen_and_moves_elsewhere() {
    let mut planner = Planner::open("first-steps");
    planner.press("[home]");
    let wheel = |planner: &mut Planner, mouse, (x, y): (usize, usize)| {
        let at = |place| u16::try_from(place).expect("a place");
        planner.send(Message::Mouse(mouse, at(x), at(y)));
    };
    let screen = planner.screen();
    let y = screen.lines().position(|line| line.contains("Spectrum")).expect("the chosen line");
    let head = screen.lines().find(|line| line.contains("Total")).expect("the columns");
    let x = head.chars().collect::<String>().find("Total").expect("the chosen column") + 2;
    wheel(&mut planner, Mouse::WheelDown, (2, y));
    assert_eq!(planner.model.allocation.row, 1, "beside the figure the wheel walks");
    wheel(&mut planner, Mouse::WheelUp, (2, y));
    wheel(&mut planner, Mouse::WheelUp, (x, y));
    wheel(&mut planner, Mouse::WheelUp, (x, y));
    assert!(planner.screen().contains("figure   ++"), "{}", planner.screen());
    planner.press("[esc]");
    assert!(!planner.model.unsaved(), "nothing is made of it before Enter");
}

#[test]
fn changes_are_counted_from_another_scenario_only_where_there_is_one() {
    let mut planner = Planner::open("first-steps/cut-5");
    planner.press("ddd");
    assert!(planner.screen().contains("Δ against baseline"), "{}", planner.screen());
    planner.press("[f5]/limits[enter][enter][f1]ddd");
    assert!(planner.screen().contains("Δ against the scenario chosen"), "{}", planner.screen());
}

#[test]
fn who_pays_for_a_hold_is_told_with_what_all_else_keeps() {
    let mut planner = Planner::open("first-steps/cut-5");
    planner.press("[home]480");
    assert!(!planner.screen().contains("all else keeps"));
    planner.press("[tab][tab]sector=radio");
    assert!(
        planner.screen().contains("all else keeps what it has in plan.toml"),
        "{}",
        planner.screen()
    );
}

#[test]
fn a_limit_of_ones_own_has_a_name_without_one_being_typed() {
    let mut planner = Planner::open("first-steps");
    planner.press("[home][f2]n480[enter]");
    assert!(planner.model.trouble.is_none(), "{}", planner.screen());
    assert_eq!(planner.total("spectrum"), 480);
    assert!(planner.model.draft.text().contains("id = \"own-spectrum\""));
    planner.press("n");
    assert!(planner.screen().contains("own-spectrum-2"), "{}", planner.screen());
}
