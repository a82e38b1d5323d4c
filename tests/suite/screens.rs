//! The screens: what keys do to them, and how they look.

use virement::session::{Opened, open_draft};
use virement::tui::{Colours, Command, Message};

use super::planner::Planner;

const REAL: &str = "itu-2012-2015/reallocate";

/// The unit at 19 000 gives 950, worked in `cut-5.scenario.toml`: access keeps 475 of its 500.
#[test]
fn a_value_is_walked_through_and_a_point_becomes_the_scenario() {
    let mut planner = Planner::open("first-steps");
    planner.press("[f3]/Value of the unit[enter][f6]");
    let screen = planner.screen();
    assert!(screen.contains("Value of the unit: you are here at 20 000 CHF"), "{screen}");
    planner.press("[left]");
    assert!(planner.screen().contains("chosen point 19 800 CHF"), "{}", planner.screen());
    planner.press("[left][left][left][left]");
    let screen = planner.screen();
    let line = screen.lines().find(|line| line.contains("Total  ")).expect("a total");
    for figure in ["1 000", "950", "−5.0"] {
        assert!(line.contains(figure), "{line}");
    }
    planner.press("[left][left][left][left][left]");
    assert!(planner.screen().contains("chosen point 18 000 CHF"), "the walk ends there");
    planner.press("[right][right][right][right][right][enter]");
    assert_eq!((planner.total(""), planner.total("access")), (950, 475));
    assert!(planner.screen().contains("you are here at 19 000 CHF"), "{}", planner.screen());
    planner.press("u");
    assert!(!planner.model.unsaved());
    // The widths go round: 10, 20, 50 and 5 %.
    planner.press("+++");
    assert!(planner.screen().contains("chosen point 20 000 CHF"), "{}", planner.screen());
    planner.press("v[down]E");
    assert!(planner.screen().contains("explore.csv"));
}

#[test]
fn why_a_figure_stands_there_and_what_a_limit_is_worth_are_told_at_length() {
    let mut planner = Planner::open("first-steps/limits");
    planner.press("[home]w");
    let screen = planner.screen();
    assert!(screen.contains("Spectrum") && screen.contains("has 450 kCHF"), "{screen}");
    assert!(screen.contains("What the limits on it are worth"), "{screen}");
    planner.press("[esc][f2]w");
    assert!(planner.screen().contains("asks for"), "{}", planner.screen());
    assert!(planner.asked.is_empty());
}

#[test]
fn a_driver_and_a_limit_are_changed_on_their_screens() {
    let mut planner = Planner::open("first-steps");
    planner.press("[f3]/Value of the unit[enter]19000[enter]");
    assert_eq!(planner.total(""), 950, "50 units of 19 000 CHF");
    planner.press("[f2]/access[enter]500[enter]");
    assert_eq!(planner.total("access"), 500, "the floor of `limits.scenario.toml`, worked there");
    planner.press("x");
    assert_eq!(planner.total("access"), 475, "switched off, access is cut by 5 % as all are");
    assert!(planner.screen().contains("switched off"));
    planner.press("[end]x");
    assert!(
        planner.screen().contains("put Access keeps at least this much back"),
        "{}",
        planner.screen()
    );
    assert_eq!(planner.total("access"), 475, "its plan's floor of 470 is back");
}

#[test]
fn money_is_moved_between_two_marked_figures() {
    let mut planner = Planner::open("first-steps");
    let [spectrum, access] = ["spectrum", "access"].map(|slice| planner.total(slice));
    planner.press("[home]m[down]m30[enter]");
    assert_eq!(planner.total("spectrum"), spectrum - 30);
    assert_eq!(planner.total("access"), access + 30);
}

#[test]
fn another_scenario_is_compared_line_by_line() {
    let mut planner = Planner::open("first-steps/limits");
    // Worked in the two files: access has 475 there and 500 here.
    planner.press("[f5]/cut-5[enter][enter]");
    let screen = planner.screen();
    let line = screen.lines().find(|line| line.contains("Access")).expect("the line of access");
    for figure in ["475", "500", "+25", "+5.3"] {
        assert!(line.contains(figure), "{line}");
    }
    planner.press("[f1]dddv");
    assert!(planner.screen().contains("+25"), "{}", planner.screen());
}

/// Worked in the files: `limits` takes nothing from the revenue of `cut-5`, and moves 25 to access.
#[test]
fn the_bridge_to_another_scenario_adds_up_change_by_change() {
    let mut planner = Planner::open("first-steps/limits");
    planner.press("[f5]/cut-5[enter][enter]b");
    let screen = planner.screen();
    assert!(screen.contains("begins at") && screen.contains("ends at"), "{screen}");
    let ends = |screen: &str, word: &str| {
        let line = screen.lines().find(|line| line.contains(word)).expect("a line").to_string();
        line.rsplit("  ").next().unwrap_or_default().trim().to_string()
    };
    assert_eq!(
        (ends(&screen, "begins at"), ends(&screen, "ends at")),
        ("950".into(), "950".into())
    );
    // From all of it to radio and to development, the columns of F1.
    planner.press("[right]");
    let screen = planner.screen();
    let radio = planner.total("radio").to_string();
    assert!(screen.contains("radio, kCHF"), "{screen}");
    assert_eq!(ends(&screen, "ends at"), radio);
    planner.press("b");
    assert!(planner.screen().contains("difference"));
}

#[test]
fn who_gives_and_who_receives_is_shown_and_filtered() {
    let mut planner = Planner::open("first-steps/limits");
    planner.press("[f4]");
    let screen = planner.screen();
    // Spectrum gives 50 to the total, which is 50 less; radio's access receives 3 of its own.
    assert!(screen.contains("radio") && screen.contains("the total"), "{screen}");
    planner.press("[right]");
    // Spectrum of radio falls from 400 to 362, and access of radio rises from 200 to 203.
    let screen = planner.screen();
    assert!(screen.contains("only radio: gives 38, receives 3"), "{screen}");
}

#[test]
fn what_is_saved_and_read_again_is_the_same() {
    let mut planner = Planner::open(REAL);
    planner.press("[left][end]184k[enter][home]+[enter][f2][down]x");
    let text = planner.model.draft.text().to_string();
    let opened = open_draft(REAL).expect("a plan");
    let again = Planner::with(&Opened { text: text.clone(), ..opened });
    assert_eq!(&**again.model.draft.text(), text);
    let amounts = |planner: &Planner| planner.model.answer.as_ref().map(|own| own.amounts.clone());
    assert_eq!(amounts(&again), amounts(&planner));
}

#[test]
fn quitting_asks_where_something_is_not_saved() {
    let mut planner = Planner::open(REAL);
    planner.press("q");
    assert_eq!(planner.asked.pop(), Some(Command::Quit));
    planner.press("hq");
    assert!(planner.screen().contains("Quit without saving?"));
    assert!(planner.screen().contains("+ [[hold]]"), "{}", planner.screen());
    planner.press("n");
    assert_eq!(planner.asked.pop(), Some(Command::Quit));
}

#[test]
fn a_file_that_changed_on_disk_is_read_again_or_asked_about() {
    let mut planner = Planner::open(REAL);
    let other = |text: &str| Message::Changed(format!("{text}# a remark\n").into());
    let text = planner.model.draft.text().to_string();
    planner.send(other(&text));
    assert!(planner.model.draft.text().contains("# a remark"));
    planner.press("h");
    planner.send(other(&format!("{text}# another\n")));
    assert!(planner.screen().contains("has changed on disk"));
    assert!(planner.screen().contains("+ # another"), "{}", planner.screen());
}

#[test]
fn every_key_in_help_does_what_it_says_or_says_why_not() {
    let screens = ["[f1]", "[f2]", "[f3]", "[f4]", "[f5]", "[f6]"];
    for screen in screens {
        let bindings = virement::tui::BINDINGS;
        for binding in bindings {
            for key in binding.keys {
                let mut planner = Planner::open("first-steps");
                planner.press(screen);
                planner.send(Message::Key(*key));
                planner.buffer();
            }
        }
    }
}

#[test]
fn help_and_palette_do_what_is_chosen() {
    let mut planner = Planner::open(REAL);
    planner.press(":limits");
    assert!(planner.screen().contains("screen: limits"));
    planner.press("[enter]");
    assert!(planner.screen().contains("limits bind"), "{}", planner.screen());
    planner.press("?");
    assert!(planner.screen().contains("Keys of this screen"));
    planner.press("[enter]");
    let screen = planner.screen();
    assert!(
        screen.contains("the balance is the plan's own"),
        "the first key was pressed: {screen}"
    );
}

#[test]
fn a_narrow_screen_keeps_the_plan_all_screens_and_the_way_to_help() {
    let mut planner = Planner::open(REAL);
    planner.press("[left][end]184000[enter]");
    for (width, name) in [(80, "Financial plan of"), (60, "Financial")] {
        planner.resize(width, 15);
        for screen in 1..=7 {
            planner.press(&format!("[f{screen}]"));
            let screen = planner.screen();
            let lines: Vec<&str> = screen.lines().collect();
            assert!(lines[0].contains(name) && lines[0].contains("▸ reallocate"), "{screen}");
            assert!(lines[0].contains('*') && lines[0].contains("balanced"), "{screen}");
            assert!((1..=7).all(|tab| lines[1].contains(&format!("F{tab}"))), "{screen}");
            let footer = lines.last().expect("a footer");
            assert!(footer.contains("u undo") && footer.contains("? all keys"), "{screen}");
        }
    }
}

#[test]
fn lines_that_have_no_room_beside_another_scenario_are_scrolled_to() {
    let mut planner = Planner::open(REAL);
    planner.resize(80, 15).press("[f5]/adopted[enter][enter]");
    let screen = planner.screen();
    assert!(screen.contains("PgUp PgDn more lines") && screen.contains("1 Staff"), "{screen}");
    assert!(!screen.contains("9 Audit"), "{screen}");
    planner.press("[pagedown]");
    let screen = planner.screen();
    assert!(screen.contains("9 Audit") && screen.contains("Total"), "{screen}");
}

#[test]
fn holds_of_a_clash_are_listed_and_released() {
    let mut planner = Planner::open("first-steps");
    planner.press("[home]520[enter][down]490[enter]");
    assert!(planner.model.trouble.is_some());
    planner.press("H");
    let screen = planner.screen();
    assert!(screen.contains("⚓ spectrum") && screen.contains("⚓ access"));
    planner.press("r");
    assert!(planner.model.trouble.is_none(), "{}", planner.screen());
    assert_eq!(planner.total("access"), 490);
}

#[test]
fn what_is_filtered_sorted_or_counted_from_elsewhere_says_so() {
    let mut planner = Planner::open(REAL);
    planner.press("[left][end]184000[enter]dsF");
    let screen = planner.screen();
    let head = screen.lines().nth(3).expect("the heading");
    for word in ["only moved", "by amount", "Δ against last edit"] {
        assert!(head.contains(word), "{head}");
    }
}

#[test]
fn plans_and_scenarios_are_found_by_what_is_typed() {
    let mut planner = Planner::open("first-steps");
    let plans = ["first-steps", "itu-2012-2015", "itu-2012-2015/cut"];
    let plans = plans.map(|name| (name.to_string(), format!("Title of {name}")));
    let shelf = || Message::Shelved(plans.to_vec());
    planner.press("O");
    assert_eq!(planner.asked.pop(), Some(Command::Shelf));
    planner.send(shelf()).press("2015 cut[enter]");
    assert_eq!(planner.asked.pop(), Some(Command::Open("itu-2012-2015/cut".into())));
    planner.send(shelf()).press("mine/a.toml[enter]");
    assert_eq!(planner.asked.pop(), Some(Command::Open("mine/a.toml".into())));
    planner.send(shelf()).press("[down][tab]own[enter]");
    let begin = Command::Begin { plan: "itu-2012-2015".into(), folder: "own".into() };
    assert_eq!(planner.asked.pop(), Some(begin));
    // What is not saved is asked about.
    planner.press("[home]520[enter]");
    planner.asked.clear();
    planner.send(shelf()).press("cut[enter]");
    assert!(planner.asked.is_empty(), "{:?}", planner.asked);
    planner.press("n");
    assert_eq!(planner.asked.pop(), Some(Command::Open("itu-2012-2015/cut".into())));
}

#[test]
fn the_pivot_is_turned_and_filtered() {
    let mut planner = Planner::open("itu-2024-2027");
    planner.press("p");
    assert!(planner.screen().contains("Rows, columns and filters"));
    // The period, the first dimension, makes columns: years, and on another press biennia.
    planner.press("c[enter]");
    assert!(planner.screen().contains("2024"), "{}", planner.screen());
    planner.press("pc[enter]");
    assert!(planner.screen().contains("2026-2027"), "{}", planner.screen());
    planner.press("x[home] ");
    assert!(planner.screen().contains("▾"), "{}", planner.screen());
}

#[test]
fn what_makes_rows_comes_to_the_front_and_is_taken_out_by_another_key() {
    let mut planner = Planner::open("itu-2024-2027");
    planner.press("p[end][down][down][down]r");
    let rows = |planner: &Planner, words: &str| {
        let screen = planner.screen();
        let line = screen.lines().find(|line| line.contains("Category of expense   "));
        assert!(line.is_some_and(|line| line.contains(words)), "{screen}");
    };
    rows(&planner, "rows, 1 of 2");
    planner.press("r");
    rows(&planner, "rows, 1 of 2");
    planner.press("f");
    rows(&planner, "filter");
}

#[test]
fn names_that_command_a_terminal_are_made_visible() {
    let mut planner = Planner::open(REAL);
    planner.model.name = "a\u{1b}[2J\u{202e}b".into();
    assert!(planner.screen().contains("a\u{fffd}[2J\u{fffd}b"));
}

#[test]
fn the_screens_look_as_they_did() {
    for (name, keys) in [
        ("allocation", "[home] "),
        ("allocation_held", "[left][end]184000[enter]"),
        ("limits", "[f2]"),
        ("revenue", "[f3]"),
        ("transfers", "[f4]"),
        ("compare", "[f5][enter]"),
        ("help", "?"),
        ("typing", "[left][end]184000"),
        ("infeasible", "[left][end]90000[enter]"),
        ("explore", "[f3]/value of the[enter][f6][left][left][left]"),
    ] {
        for (width, height) in [(80, 24), (120, 40), (200, 60)] {
            let mut planner = Planner::open(REAL);
            planner.resize(width, height).press(keys);
            insta::assert_snapshot!(format!("{name}_{width}x{height}"), planner.screen());
        }
    }
    let mut planner = Planner::open("itu-2024-2027");
    planner.press("[f7]");
    insta::assert_snapshot!("linkage_120x40", planner.screen());
}

#[test]
fn ascii_and_no_colour_leave_no_trace_of_either() {
    let mut planner = Planner::open(REAL);
    planner.press("[left][end]184000[enter]");
    planner.model.look.ascii = true;
    planner.model.look.colours = Colours::None;
    for keys in ["", "[f2]", "[f3]", "[f4]", "[f5]", "[f6]", "[f7]", "?"] {
        planner.press(keys);
        let buffer = planner.buffer();
        assert!(planner.screen().is_ascii(), "{}", planner.screen());
        let plain = |cell: &ratatui::buffer::Cell| {
            cell.fg == ratatui::style::Color::Reset && cell.bg == ratatui::style::Color::Reset
        };
        assert!(buffer.content().iter().all(plain));
    }
    planner.press("[esc][f1]");
    insta::assert_snapshot!("ascii_80x24", planner.resize(80, 24).screen());
}

#[test]
fn a_small_terminal_is_told_so_and_the_smallest_that_will_do_is_used() {
    let mut planner = Planner::open(REAL);
    planner.resize(59, 15);
    assert!(planner.screen().contains("virement needs 60 × 15"), "{}", planner.screen());
    planner.resize(60, 15);
    insta::assert_snapshot!("allocation_60x15", planner.screen());
}
