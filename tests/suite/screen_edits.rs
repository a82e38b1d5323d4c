//! Figures, bounds and repairs entered on the screen, by what a planner sees.

use super::planner::Planner;
use virement::tui::{Code, Key, Message};

const REAL: &str = "itu-2012-2015/reallocate";

#[test]
fn a_figure_typed_into_a_total_is_held_and_everything_else_re_balances() {
    let mut planner = Planner::open(REAL);
    let (before, all) = (planner.total("ITU-D"), planner.total(""));
    // From the column of totals to that of ITU-D, then down to the line of totals.
    planner.press("[left][end]184000[enter]");
    assert_eq!(planner.total("ITU-D"), 184_000);
    assert_eq!(planner.total(""), all, "the plan still balances");
    assert_ne!(before, 184_000);
    assert!(planner.screen().contains("⚓"), "the hold is marked");
    assert!(planner.screen().contains("hold ITU-D at 184 000"));
    planner.press("u");
    assert_eq!(planner.total("ITU-D"), before);
    assert!(planner.screen().contains("undid: hold ITU-D at 184 000"));
    planner.press("[ctrl-r]");
    assert_eq!(planner.total("ITU-D"), 184_000);
}

#[test]
fn figures_are_typed_as_changes_too() {
    let mut planner = Planner::open(REAL);
    let before = planner.total("ITU-D");
    planner.press("[left][end]+++-[enter]");
    let step = (before + 50) / 100;
    assert_eq!(planner.total("ITU-D"), before + 2 * step);
    planner.press("-1k[enter]");
    assert_eq!(planner.total("ITU-D"), before + 2 * step - 1_000);
    planner.press("r");
    assert_eq!(planner.total("ITU-D"), before, "released, it stands where it stood");
    assert!(!planner.model.unsaved(), "nothing is left in the file");
}

#[test]
fn what_is_typed_is_solved_before_it_is_held_and_esc_leaves_no_trace() {
    let mut planner = Planner::open(REAL);
    let text = planner.model.draft.text().clone();
    planner.press("[left][end]184000");
    let screen = planner.screen();
    assert!(screen.contains("can be done") && screen.contains("would move:"), "{screen}");
    planner.press("[esc]");
    assert_eq!(planner.model.draft.text(), &text);
    planner.press("12,5");
    assert!(planner.screen().contains("does `12,5` mean 125 or 12.5?"));
    planner.press("[enter]");
    assert!(planner.model.overlay.is_some(), "the line stays until it can be read");
}

#[test]
fn an_edit_that_cannot_be_met_keeps_the_last_plan_and_names_what_forbids_it() {
    let mut planner = Planner::open(REAL);
    let before = planner.total("ITU-D");
    planner.press("[left][end]90000");
    assert!(planner.screen().contains("‼ cannot be:"), "{}", planner.screen());
    planner.press("[enter]");
    let screen = planner.screen();
    assert!(screen.contains("These cannot hold together"), "{screen}");
    assert!(screen.contains("hold ITU-D") && screen.contains("infeasible"), "{screen}");
    assert_eq!(planner.total("ITU-D"), before, "the last plan is shown");
    planner.press("[esc]");
    assert!(planner.model.trouble.is_none());
    assert!(!planner.model.unsaved());
}

/// Spectrum and access share 1 000, and access has at least 470 (worked in `plan.toml`): spectrum
/// can be anything up to 530.
#[test]
fn what_a_figure_can_be_is_said_while_typing_and_the_nearest_is_taken_with_enter() {
    let mut planner = Planner::open("first-steps");
    planner.press("[home]600");
    let screen = planner.screen();
    assert!(screen.contains("it can be anything from 0 to 530"), "{screen}");
    assert!(screen.contains("‼ cannot be: "), "{screen}");
    planner.press("[enter]");
    let screen = planner.screen();
    assert!(screen.contains("the nearest figure that can be had is 530"), "{screen}");
    let footer = screen.lines().last().expect("a footer");
    assert_eq!(footer.matches('⏎').count(), 1, "{footer}");
    planner.press("[enter]");
    assert!(planner.model.trouble.is_none());
    assert_eq!(planner.total("spectrum"), 530);
    planner.press("u");
    assert!(!planner.model.unsaved(), "the figure that could not be had leaves no trace");
    // What a held figure can be does not depend on where it is held.
    planner.press("520[enter]1");
    assert!(planner.screen().contains("it can be anything from 0 to 530"));
}

/// Nobody has to wait for the limits to be named: the nearest figure is known before.
#[test]
fn the_nearest_is_taken_and_the_edit_taken_back_before_the_limits_are_named() {
    let mut planner = Planner::open("first-steps");
    planner.press("[home]600");
    let unanswered = |planner: &mut Planner| {
        let enter = Message::Key(Key::new(Code::Enter));
        virement::tui::update(&mut planner.model, enter);
        let screen = planner.screen();
        let footer = screen.lines().last().expect("a footer");
        assert!(footer.contains("⏎ take the nearest   Esc take the edit back"), "{screen}");
    };
    unanswered(&mut planner);
    planner.press("[enter]");
    assert_eq!(planner.total("spectrum"), 530);
    planner.press("u600");
    unanswered(&mut planner);
    planner.press("[esc]");
    assert!(!planner.model.unsaved(), "the edit is taken back");
}

#[test]
fn a_repair_is_applied_with_one_key_and_undone_like_any_edit() {
    let mut planner = Planner::open("first-steps");
    planner.press("[home]600[enter]");
    let before = planner.model.draft.text().clone();
    for key in ["a", "b"] {
        let screen = planner.screen();
        assert!(screen.contains(&format!("{key}  ")), "{screen}");
        planner.press(key);
        assert!(planner.model.trouble.is_none(), "{}", planner.screen());
        assert!(planner.screen().contains("repair: "), "{}", planner.screen());
        planner.press("u");
        assert_eq!(planner.model.draft.text(), &before);
        assert!(planner.model.trouble.is_some());
    }
}

/// Access has at least 470 and at most what spectrum's hold of 520 leaves, 480.
#[test]
fn a_bound_that_cannot_be_met_is_moved_to_the_nearest_that_can() {
    let mut planner = Planner::open("first-steps");
    planner.press("[home]520[enter][f2]/access[enter]490[enter]");
    let screen = planner.screen();
    assert!(screen.contains("the nearest that can be had: lower the floor of"), "{screen}");
    planner.press("[enter]");
    assert!(planner.model.trouble.is_none());
    assert_eq!(planner.total("access"), 480);
    assert!(
        planner.model.draft.text().contains("to  = 480")
            || planner.model.draft.text().contains("to = 480")
    );
}

#[test]
fn a_limit_of_ones_own_is_edited_where_it_stands() {
    let mut planner = Planner::open("first-steps");
    planner.press("[home][f2]n[backspace][backspace][backspace]>= 510[tab]mine[enter]");
    assert_eq!(planner.total("spectrum"), 510);
    planner.press("/mine[enter]520[enter]");
    assert_eq!(planner.total("spectrum"), 520);
    assert!(!planner.model.draft.text().contains("[[change]]"), "{}", planner.model.draft.text());
}

/// Nothing is offered that would do nothing: there is no edit to take back, and no figure to type.
#[test]
fn a_plan_that_clashes_from_the_start_has_its_name_and_what_can_be_done() {
    let mut planner = Planner::open("first-steps/impossible");
    let screen = planner.screen();
    assert!(screen.contains("First steps (illustrative) ▸"), "{screen}");
    assert!(screen.contains("from 500 to 470 (30 kCHF)"), "{screen}");
    assert!(screen.contains("Apply a repair, or open the file with o."), "{screen}");
    let footer = screen.lines().last().expect("a footer").to_string();
    assert!(footer.contains("a–c apply a repair") && !footer.contains("Esc"), "{footer}");
    assert!(!footer.contains("nudge"), "{footer}");
    planner.press("a");
    assert_eq!(planner.total("access"), 470);
    assert!(planner.screen().lines().last().is_some_and(|footer| footer.contains("nudge")));
}

/// A hundredth a key, in whole units: 470, 465, 460, 455, and back; 20 000, 19 800, 19 602, 19 406.
#[test]
fn keys_that_come_faster_than_answers_add_up() {
    let mut planner = Planner::open("first-steps");
    let keys = |planner: &mut Planner, code: Code| {
        for _ in 0..3 {
            virement::tui::update(&mut planner.model, Message::Key(Key::new(code)));
        }
        planner.model.draft.text().to_string()
    };
    planner.press("[f2]/access[enter]");
    let text = keys(&mut planner, Code::Left);
    assert!(text.ends_with("\nto = 455\n"), "{text}");
    let text = keys(&mut planner, Code::Right);
    assert!(text.ends_with("\nto = 470\n"), "{text}");
    planner.press("[f3]/value[enter]");
    let text = keys(&mut planner, Code::Left);
    assert!(text.ends_with("\nto = 19406\n"), "{text}");
}

/// The window of a clash may turn up between two keys.
#[test]
fn a_figure_can_be_typed_while_limits_clash() {
    let mut planner = Planner::open("first-steps");
    planner.press("[home]600[enter]");
    assert!(planner.model.trouble.is_some());
    planner.press("[down]120[enter]");
    let text = planner.model.draft.text();
    assert!(text.contains("at = 600") && text.contains("at = 120"), "{text}");
}

/// At the very edge of what numbering can have there are no whole figures: what was solved is offered.
#[test]
fn the_nearest_that_is_offered_has_whole_figures() {
    let mut planner = Planner::open("itu-2024-2027");
    planner.press("[home][down]120000[enter]");
    let screen = planner.screen();
    assert!(screen.contains("the nearest figure that can be had is"), "{screen}");
    planner.press("[enter]");
    assert!(planner.model.trouble.is_none());
    assert!(planner.screen().contains("● proven"), "{}", planner.screen());
}
