//! Explore: bends of a walk, and the rows of a batch.

use virement::report::Spread;
use virement::tui::{Code, Colours, Command, Key, Message, update};
use virement::units::Amount;

use super::planner::Planner;

const REAL: &str = "itu-2012-2015/reallocate";
const WALK: &str = "[f3]/value of the[enter][f6]";

/// Worked in `limits.scenario.toml`: development meets its ceiling where revenue is 925, at a unit of
/// 18 500; there it has 385, and radio the other 540.
#[test]
fn a_bend_is_named_and_becomes_the_scenario() {
    let mut planner = Planner::open("first-steps/limits");
    planner.press(WALK);
    let screen = planner.screen();
    assert!(screen.contains("bends at 18 500"), "{screen}");
    planner.press("b");
    let screen = planner.screen();
    assert!(screen.contains("chosen point 18 500 CHF · 1 bend"), "{screen}");
    assert!(
        screen.contains("bend: Development has at most this much binds from here up"),
        "{screen}"
    );
    planner.press("E[esc][enter]");
    assert_eq!((planner.total(""), planner.total("radio")), (925, 540));
    assert!(planner.screen().contains("you are here at 18 500 CHF"), "{}", planner.screen());
}

/// A bend between two points is stepped on too; its totals are exact and not rounded.
#[test]
fn points_and_bends_are_stepped_through_in_their_order() {
    let mut planner = Planner::open(REAL);
    planner.press(WALK);
    assert!(planner.screen().contains("bends at 304 797.4558"), "{}", planner.screen());
    // Points stand 2 000 apart, a bend between the first two above.
    planner.press("[right]");
    assert!(planner.screen().contains("chosen point 320 000 CHF"), "{}", planner.screen());
    planner.press("[right]");
    let screen = planner.screen();
    assert!(screen.contains("chosen point 320 486.2576 CHF") && screen.contains('~'), "{screen}");
    planner.press("[right]");
    assert!(planner.screen().contains("chosen point 322 000 CHF"), "{}", planner.screen());
    planner.press("[left][left][left]");
    assert!(planner.screen().contains("chosen point 318 000 CHF"), "{}", planner.screen());
    // The last bend is followed by the first, below which limits clash.
    planner.press("bbb");
    let screen = planner.screen();
    assert!(screen.contains("up to here limits clash: the revenue, 2012-2015"), "{screen}");
    planner.press("[left][enter]");
    assert!(
        planner.screen().contains("cannot be done: limits clash there"),
        "{}",
        planner.screen()
    );
}

/// What is not answered yet is stopped with Esc; an answer that comes late changes nothing.
#[test]
fn a_search_is_stopped_and_begun_again() {
    let mut planner = Planner::open("first-steps/limits");
    planner.press("[f3]");
    let asked = update(&mut planner.model, Message::Key(Key::new(Code::F(6))));
    assert_eq!(asked.iter().filter(|own| matches!(own, Command::Ask(_))).count(), 2);
    assert!(planner.screen().contains("searching, Esc stops"), "{}", planner.screen());
    planner.press("b");
    assert!(planner.screen().contains("the bends are still being found"), "{}", planner.screen());
    planner.press("[esc]");
    assert_eq!(planner.asked, [Command::Stop]);
    assert!(planner.screen().contains("stopped"), "{}", planner.screen());
    for command in asked {
        let Command::Ask(asked) = command else { continue };
        let late = virement::tui::Advice::Bends(Err("late".into()));
        planner.send(Message::Advised(asked, late));
    }
    assert!(planner.screen().contains("stopped"), "{}", planner.screen());
    planner.press("[down]");
    assert!(planner.screen().contains("1 bend"), "{}", planner.screen());
}

/// A figure of ten rows, 1 to 10 times `step` above `from`.
fn spread(name: &str, from: i64, step: i64, need: Option<i64>) -> Spread {
    let sorted: Vec<f64> =
        (1..=10).map(|n| f64::from(i32::try_from(from + n * step).expect("small"))).collect();
    Spread::of(name.into(), &sorted, need.map(Amount::whole))
}

fn rows() -> Message {
    let spreads = vec![
        spread("driver.unit.value", 18_000, 100, None),
        spread("allocation", 900, 10, None),
        spread("sector = radio", 500, 10, Some(555)),
        spread("sector = development", 380, 1, Some(400)),
        spread("stage.value", 0, 100, None),
    ];
    Message::Spread("answers".into(), Ok(spreads.into()))
}

/// Ten rows: the fifth is the median, the first the 5th percentile, the last the 95th.
#[test]
fn the_rows_of_a_batch_are_charted_and_left_again() {
    let mut planner = Planner::open("first-steps/limits");
    planner.send(rows());
    let screen = planner.screen();
    assert!(screen.contains("answers: 10 scenarios"), "{screen}");
    let line = screen.lines().find(|line| line.contains("sector = radio")).expect("a line");
    // 550 is the median; 510 and 600 are 7.3 % below and 9.1 % above it; 5 of 10 reach 555.
    for part in ["−7.3 %", "550", "+9.1 %", "50.0 %", "┃", "◆"] {
        assert!(line.contains(part), "{part}: {line}");
    }
    let varied = screen.lines().find(|line| line.contains("driver.unit.value")).expect("a line");
    assert!(!varied.contains('┃'), "{varied}");
    planner.press("v[down]");
    assert!(planner.screen().contains("510"), "{}", planner.screen());
    planner.press("E");
    assert!(planner.screen().contains("explore.csv"), "{}", planner.screen());
    planner.press("[esc][esc]");
    assert!(planner.screen().contains("you are here at"), "{}", planner.screen());
    planner.send(Message::Spread("x".into(), Err("`x` cannot be read".into())));
    assert!(planner.screen().contains("`x` cannot be read"), "{}", planner.screen());
}

#[test]
fn a_path_is_completed_and_opened_from_any_screen() {
    let mut planner = Planner::open("first-steps/limits");
    planner.press("Ban");
    let look = |text: &str| Command::Look(text.into());
    assert_eq!(planner.asked, [look(""), look("a"), look("an")]);
    let found = vec!["answers/".to_string(), "answers-2/".into()];
    planner.send(Message::Looked("a".into(), vec!["late".into()]));
    planner.send(Message::Looked("an".into(), found.clone()));
    assert!(planner.screen().contains("answers-2/"), "{}", planner.screen());
    planner.press("[tab]");
    assert!(planner.screen().contains("> answers"), "{}", planner.screen());
    planner.send(Message::Looked("answers".into(), found));
    planner.press("[down][tab][enter]");
    assert_eq!(planner.asked.last(), Some(&Command::Rows("answers-2".into())));
    assert!(planner.model.overlay.is_none());
    planner.press("B[enter]");
    assert!(planner.screen().contains("name a folder"), "{}", planner.screen());
    planner.press(":rows of a batch[enter]");
    assert!(planner.screen().contains("Rows of a batch"), "{}", planner.screen());
}

#[test]
fn bends_and_rows_look_as_they_did() {
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
        let mut planner = Planner::open(REAL);
        planner.resize(width, height).press(WALK).press("b");
        insta::assert_snapshot!(format!("bends_{width}x{height}"), planner.screen());
        let mut planner = Planner::open("first-steps/limits");
        planner.resize(width, height).send(rows());
        insta::assert_snapshot!(format!("rows_{width}x{height}"), planner.screen());
    }
    let mut planner = Planner::open(REAL);
    planner.model.look.ascii = true;
    planner.model.look.colours = Colours::None;
    planner.resize(80, 24).press(WALK).press("b");
    insta::assert_snapshot!("bends_ascii", planner.screen());
    planner.send(rows());
    assert!(planner.screen().is_ascii(), "{}", planner.screen());
    insta::assert_snapshot!("rows_ascii", planner.screen());
}
