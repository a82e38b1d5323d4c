//! Finding lines by their names: shown ones, folded ones, columns, and members that make neither; and
//! what is copied of a line.

use virement::tui::Command;

use crate::planner::Planner;

#[test]
fn a_line_that_is_folded_is_told_while_typing_and_unfolded_with_enter() {
    let mut planner = Planner::open("itu-2024-2027");
    planner.press("[home]/travel");
    let screen = planner.screen();
    assert!(screen.contains("folded: Spectrum use"), "{screen}");
    assert!(screen.contains("▸ 3 Travel on duty; ⏎ unfolds it"), "{screen}");
    assert!(!screen.contains("Staff costs"), "nothing is unfolded before: {screen}");
    planner.press("[enter]");
    let screen = planner.screen();
    assert!(screen.contains("▾ Spectrum use") && screen.contains("3 Travel on duty"), "{screen}");
    planner.press("+");
    assert!(planner.screen().contains("Hold spectrum · travel at"), "{}", planner.screen());
}

#[test]
fn what_is_typed_is_sought_from_where_one_was_and_escape_goes_back_there() {
    let mut planner = Planner::open("itu-2024-2027");
    planner.press("[home]");
    let before = (planner.model.allocation.row, planner.model.allocation.column);
    planner.press("/ITU-T");
    assert_eq!(planner.model.allocation.row, before.0, "`I` alone is in other lines");
    assert_eq!(planner.model.allocation.column, 2, "ITU-T makes the third column");
    planner.press("[esc]");
    assert_eq!((planner.model.allocation.row, planner.model.allocation.column), before);
}

#[test]
fn a_member_that_makes_no_lines_is_told_with_what_to_do() {
    let mut planner = Planner::open("itu-2024-2027");
    planner.press("/2026");
    let screen = planner.screen();
    assert!(screen.contains("which makes no lines here: p, then r on it"), "{screen}");
    planner.press("[esc]/nowhere");
    assert!(planner.screen().contains("no line here has `nowhere` in its name"));
    planner.press("[esc]");
    assert!(!planner.screen().contains("nowhere"), "escape leaves no trace");
}

#[test]
fn a_line_is_copied_as_a_spreadsheet_takes_it() {
    let mut planner = Planner::open("first-steps");
    let copied = |planner: &mut Planner, keys: &str| -> String {
        planner.press(keys);
        match planner.asked.last() {
            Some(Command::Copy(text)) => text.clone(),
            other => panic!("no copy: {other:?}"),
        }
    };
    assert_eq!(copied(&mut planner, "[home]l"), "Spectrum\t400\t100\t500\t500\t0");
    assert!(copied(&mut planner, "[f2]/access[enter]l").contains("\t470\t\t500\t"));
    assert!(copied(&mut planner, "[f3]/value of[enter]l").contains("\t20000\t"));
}

/// The order is that of the column which was chosen when it was asked for, and what is chosen stays so.
#[test]
fn lines_are_sorted_by_any_column_and_the_chosen_line_goes_with_them() {
    let mut planner = Planner::open("first-steps");
    let names = |planner: &Planner| -> Vec<String> {
        planner.model.allocation.grid.lines.iter().map(|line| line.name.clone()).collect()
    };
    assert_eq!(names(&planner), ["Spectrum", "Access", "Total"]);
    // Development gives 100 to spectrum and 300 to access.
    planner.press("[home][left]sss");
    assert_eq!(names(&planner), ["Access", "Spectrum", "Total"]);
    assert_eq!(planner.model.allocation.row, 1, "spectrum is still chosen");
    assert!(planner.screen().contains("by development"), "{}", planner.screen());
    planner.press("[left][right]v");
    assert_eq!(names(&planner), ["Spectrum", "Access", "Total"], "no line has changed");
    planner.press("s");
    assert_eq!(names(&planner), ["Spectrum", "Access", "Total"]);
    assert!(!planner.screen().contains("by development"));
}

#[test]
fn the_list_of_holds_tells_what_each_is_worth() {
    let mut planner = Planner::open("first-steps/cut-5");
    planner.press("[home]480[tab]agreed[enter]H");
    let screen = planner.screen();
    assert!(screen.contains("held at 480   agreed, price: "), "{screen}");
    planner.press("r");
    assert!(!planner.screen().contains("held at 480"));
}

#[test]
fn moves_of_money_are_listed_and_taken_back() {
    let mut planner = Planner::open("first-steps");
    let saved = planner.model.draft.text().clone();
    planner.press("[home][left]m[left]m20[tab]agreed[enter]H");
    let screen = planner.screen();
    assert!(screen.contains("→ 20 from "), "{screen}");
    assert!(screen.contains("moves make it"), "{screen}");
    planner.press("r");
    assert!(planner.screen().contains("take back the move from"), "{}", planner.screen());
    assert_eq!(planner.model.draft.text(), &saved);
}

/// The parts of ITU-T and ITU-D are assumed, those of GS and ITU-R derived; staff in all is confirmed.
#[test]
fn figures_that_rest_on_assumed_ones_are_marked_beside_others() {
    let planner = Planner::open("itu-2012-2015");
    let screen = planner.screen();
    let line = screen.lines().find(|line| line.contains("1 Staff costs")).expect("staff");
    let figures = line.split('│').next().unwrap_or_default();
    let marked = figures.split("  ").map(str::trim).filter(|own| own.starts_with('?')).count();
    assert_eq!(marked, 2, "{screen}");
    assert!(screen.contains("? assumed"), "{screen}");
    let all = Planner::open("first-steps").screen();
    assert!(all.contains("all assumed") && !all.contains("?400"), "{all}");
}
