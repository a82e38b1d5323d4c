//! What a planner does on the screens of limits and scenarios, and with what cannot be met.

use virement::scenario::{Amendment, Draft, Hold, Level};
use virement::session;
use virement::tui::overlay::{Ask, Choice};
use virement::tui::{Message, Mouse, Overlay};
use virement::units::Amount;

use crate::foremost;
use crate::planner::Planner;

/// Worked in the files: access has 500 in the plan, 475 after the cut, and 500 here.
#[test]
fn several_scenarios_stand_beside_this_one_and_go_again() {
    let mut planner = Planner::open("first-steps/limits");
    planner.press("[f5]/cut-5[enter][enter]/plan[enter] ");
    let line = |planner: &Planner, name: &str| {
        let screen = planner.screen();
        screen.lines().find(|line| line.contains(name)).expect("a line").to_string()
    };
    let figures =
        |line: &str| line.split_whitespace().skip(1).map(String::from).collect::<Vec<_>>();
    let found = line(&planner, "Access");
    let found = figures(found.split('│').next_back().expect("the figures"));
    assert_eq!(found, ["500", "475", "+25", "500", "0"]);
    // The cut takes the same from the plan as this scenario does: 50 less than 1 000.
    let total = line(&planner, "Total");
    let total = figures(total.split('│').next_back().expect("the figures"));
    assert_eq!(total, ["950", "950", "0", "1", "000", "−50"]);
    planner.press("E");
    assert!(planner.screen().contains("compare.csv"));
    planner.press("[esc]");
    // The bridge is from the scenario under the cursor.
    planner.press("b");
    assert!(planner.screen().contains("from plan.toml to this scenario"), "{}", planner.screen());
    planner.press("/cut-5[enter]");
    assert!(planner.screen().contains("from cut-5.scenario.toml to this"), "{}", planner.screen());
    planner.press("b ");
    assert!(planner.model.compare.with.iter().all(|(name, _)| name == "plan.toml"));
    assert_eq!(planner.model.compare.with.len(), 1);
    // On a narrow screen one stands beside this one at a time.
    planner.press(" ").resize(80, 24);
    assert!(planner.screen().contains("1–1 of 2"), "{}", planner.screen());
    planner.press("[right]");
    let screen = planner.screen();
    assert!(screen.contains("2–2 of 2") && screen.contains("475"), "{screen}");
}

/// From 93 to 94 the ceiling of `g` takes (49 - 36) / 200 off the distance; worked with the limits in
/// `foremost`.
#[test]
fn what_limits_are_worth_stands_beside_them() {
    let home = tempfile::tempdir().expect("a folder");
    for (name, text) in foremost::files() {
        std::fs::write(home.path().join(name), text).expect("a file");
    }
    let opened = session::open_draft(&home.path().display().to_string()).expect("a plan");
    let mut planner = Planner::with(&opened);
    planner.press("[f2]");
    let screen = planner.screen();
    let head = screen.lines().find(|line| line.contains("pressure")).expect("the columns");
    assert!(head.contains("price"), "{screen}");
    let first = screen.lines().find(|line| line.starts_with('●')).expect("what binds");
    assert!(first.contains("0.065"), "{screen}");
    let price = "price: 0.065 distance per EUR, at a step of 1";
    assert!(screen.contains(price), "{screen}");
}

/// Three columns to the right are three hundredths of the ceiling of 385, of 4 each: 397.
#[test]
fn a_bound_is_dragged_along_its_gauge() {
    let mut planner = Planner::open("first-steps/limits");
    planner.press("[f2]");
    let text = planner.model.draft.text().clone();
    let screen = planner.screen();
    let line = |line: &str| line.contains("evelopment") && line.contains('┤');
    let y = screen.lines().position(line).expect("the ceiling of development");
    let ends = screen.lines().nth(y).expect("a line");
    let x = ends.chars().take_while(|c| *c != '┤').count();
    let mouse = |planner: &mut Planner, mouse, x: usize| {
        planner.send(Message::Mouse(mouse, x as u16, y as u16));
    };
    mouse(&mut planner, Mouse::Press, x);
    mouse(&mut planner, Mouse::Drag, x + 3);
    assert!(planner.screen().contains("let go to set it"), "{}", planner.screen());
    assert!(planner.model.preview.is_some(), "who would pay is shown on the way");
    assert_eq!(*planner.model.draft.text(), text, "nothing is written on the way");
    mouse(&mut planner, Mouse::Release, x + 3);
    let now = planner.model.draft.text().clone();
    assert!(now.contains("max = 397"), "{now}");
    planner.press("u");
    assert_eq!(*planner.model.draft.text(), text);
    // A key lets go of it; so does the place where it was taken.
    mouse(&mut planner, Mouse::Press, x);
    mouse(&mut planner, Mouse::Drag, x - 2);
    planner.press("[down]");
    mouse(&mut planner, Mouse::Release, x - 2);
    mouse(&mut planner, Mouse::Press, x);
    mouse(&mut planner, Mouse::Release, x);
    assert_eq!(*planner.model.draft.text(), text);
}

#[test]
fn scenarios_and_values_are_chosen_with_the_mouse() {
    let mut planner = Planner::open("first-steps");
    let rows = [
        ("[f5]", "  limits ", "shows what differs from limits"),
        ("[f6]", "Value of the unit", "Value of the unit: you are here"),
    ];
    for (screen, name, told) in rows {
        planner.press(screen);
        let shown = planner.screen();
        assert!(!shown.contains(told), "{shown}");
        let y = shown.lines().position(|line| line.contains(name)).expect("it is listed");
        planner.send(Message::Mouse(Mouse::Press, 5, u16::try_from(y).expect("a line")));
        assert!(planner.screen().contains(told), "{}", planner.screen());
        planner.send(Message::Mouse(Mouse::Press, 60, 4));
        assert!(planner.screen().contains(told), "what is beside the list chooses nothing");
    }
}

#[test]
fn what_has_no_room_in_the_window_of_a_clash_is_read_on() {
    let mut planner = Planner::open("first-steps/impossible");
    planner.resize(60, 15);
    let first = planner.screen();
    assert!(first.contains("PgDn reads on") && first.contains("a  lower the floor"), "{first}");
    assert!(!first.contains("driver `unit-value`"), "{first}");
    let mut seen = first;
    for _ in 0..6 {
        planner.press("[pagedown]");
        seen += &planner.screen();
    }
    for text in ["ask for", "driver `unit-value`", "whoever sets driver", "PgUp reads back"] {
        assert!(seen.contains(text), "{text}: {seen}");
    }
    planner.press("[pageup][pageup][pageup][pageup][pageup][pageup]");
    assert!(planner.screen().contains("PgDn reads on"), "{}", planner.screen());
}

/// Development cannot have 900 of 950: for a hold that was read back from a journal the nearest figure is
/// found as for one that is typed.
#[test]
fn the_nearest_figure_is_offered_for_a_hold_that_was_read_back() {
    let mut planner = Planner::open("first-steps/limits");
    let mut draft = Draft::new(planner.model.draft.text());
    let on = vec![("sector".to_string(), "development".to_string())];
    let at = Some(Level::Number(Amount::whole(900)));
    let hold = Hold { on: on.clone(), at, ..Hold::default() };
    draft.edit(&Amendment::Hold(hold)).expect("a hold");
    planner.model.overlay = Some(Overlay::Ask(Ask {
        title: "Edits".into(),
        lines: Vec::new(),
        answers: vec![('r', "recover them".into(), Choice::Recover(draft))],
        top: 0,
    }));
    planner.press("r");
    let screen = planner.screen();
    assert!(screen.contains("the nearest figure that can be had is"), "{screen}");
    planner.press("[enter]");
    assert!(planner.model.trouble.is_none(), "{}", planner.screen());
}
