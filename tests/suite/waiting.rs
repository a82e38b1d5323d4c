//! What a planner waits for: nothing that was overtaken, and exact amounts before whole figures.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use virement::scenario::generate::{Recipe, plan as generated};
use virement::session::{Opened, open_draft};
use virement::tui::{
    Answered, Command, Found, Key, Message, Request, Screen, calibrated, serve, update,
};

use super::planner::{Planner, keys_of};

/// How long an answer may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

fn served(opened: &Opened) -> (Sender<Request>, Receiver<Message>) {
    let (requests, asked) = channel();
    let (answers, inbox) = channel();
    let opened = opened.clone();
    std::thread::spawn(move || serve(&opened, &asked, &answers));
    (requests, inbox)
}

fn large(home: &std::path::Path) -> Opened {
    for (name, text) in generated(&Recipe::of(2_100, 1)) {
        std::fs::write(home.join(name), text).expect("a file");
    }
    open_draft(&home.display().to_string()).expect("a plan")
}

fn allocated(message: Message) -> (u64, Arc<virement::tui::Answer>) {
    match message {
        Message::Answered(Answered { revision, found: Found::Allocated(answer), .. }) => {
            (revision, answer)
        }
        other => panic!("an answer, and not {other:?}"),
    }
}

/// The balance holds for both, and no whole figure is further than the widest box from its exact amount.
#[test]
fn exact_amounts_come_before_the_whole_figures_of_a_large_plan() {
    let home = tempfile::tempdir().expect("a folder");
    let opened = large(home.path());
    let (requests, inbox) = served(&opened);
    let text: Arc<str> = opened.text.into();
    let solve = |revision, preview| Request::Solve { revision, text: text.clone(), preview };
    requests.send(solve(7, false)).expect("a solver");
    let first = inbox.recv_timeout(PATIENCE).expect("exact amounts");
    let Message::Calibrated(7, exact) = first else { panic!("exact amounts, and not {first:?}") };
    let (revision, answer) = allocated(inbox.recv_timeout(PATIENCE).expect("an answer"));
    assert_eq!((revision, answer.status), (7, "optimal"));
    assert_eq!(exact.revenue, answer.revenue());
    assert_eq!(exact.amounts.iter().sum::<virement::units::Amount>(), answer.amounts.iter().sum());
    let far = exact.amounts.iter().zip(&answer.amounts).map(|(a, b)| (a - b).abs()).max();
    let widest = virement::units::Amount::whole(4 * i64::from(answer.plan.quantum().units()));
    assert!(far.expect("cells") <= widest);
    assert!(exact.amounts.iter().any(|amount| !amount.is_whole()), "they are exact");
    // The same text again, and what is only typed, go without.
    requests.send(solve(8, true)).expect("a solver");
    let again = allocated(inbox.recv_timeout(PATIENCE).expect("an answer"));
    assert!(again.0 == 8 && Arc::ptr_eq(&again.1, &answer), "what is known is not solved again");
    requests.send(Request::Forget).expect("a solver");
    requests.send(solve(9, true)).expect("a solver");
    let afresh = allocated(inbox.recv_timeout(PATIENCE).expect("an answer"));
    assert!(afresh.0 == 9 && !Arc::ptr_eq(&afresh.1, &answer), "files may have changed");
    assert_eq!(afresh.1.amounts, answer.amounts);
}

/// A small plan is answered at once.
#[test]
fn a_small_plan_goes_without_exact_amounts() {
    let opened = open_draft("first-steps").expect("a plan");
    let (requests, inbox) = served(&opened);
    let solve = Request::Solve { revision: 1, text: opened.text.into(), preview: false };
    requests.send(solve).expect("a solver");
    assert_eq!(allocated(inbox.recv_timeout(PATIENCE).expect("an answer")).0, 1);
}

/// As where Enter follows the last digit at once: the draft waits for what was begun for the digit.
#[test]
fn what_is_being_solved_is_not_solved_twice() {
    let opened = open_draft("itu-2024-2027").expect("a plan");
    let (requests, inbox) = served(&opened);
    let text: Arc<str> = opened.text.into();
    for (revision, preview) in [(4, true), (9, false)] {
        requests.send(Request::Solve { revision, text: text.clone(), preview }).expect("a solver");
    }
    let mut told = [(); 2].map(|()| allocated(inbox.recv_timeout(PATIENCE).expect("an answer")));
    told.sort_by_key(|(revision, _)| *revision);
    assert_eq!(told.each_ref().map(|(revision, _)| *revision), [4, 9]);
    assert!(Arc::ptr_eq(&told[0].1, &told[1].1), "both wait for one solve");
}

/// Lines of a frame that show an allocated amount: those of the grid.
fn grid(screen: &str) -> Vec<&str> {
    screen
        .lines()
        .filter(|line| line.contains('▸') && line.contains('%') || line.contains("Total "))
        .collect()
}

#[test]
fn exact_amounts_are_marked_and_never_mixed_with_whole_ones() {
    let home = tempfile::tempdir().expect("a folder");
    let opened = large(home.path());
    let mut planner = Planner::with(&opened);
    let published = planner.screen();
    assert!(!published.contains('~'), "{published}");
    let exact = calibrated(&opened, planner.model.draft.text()).expect("exact amounts");
    let exact = Arc::new(exact);
    // An edit is asked to be solved, and its exact amounts come first.
    let answer = planner.model.answer.clone().expect("an answer");
    planner.model.revision += 1;
    let revision = planner.model.revision;
    planner.send(Message::Calibrated(revision - 1, exact.clone()));
    assert_eq!(planner.screen().matches('~').count(), 0, "what was overtaken is not shown");
    planner.send(Message::Calibrated(revision, exact));
    let screen = planner.screen();
    assert!(screen.contains("~balanced") && screen.contains("whole figures"), "{screen}");
    let total =
        screen.lines().find(|line| line.trim_start().starts_with("Total ")).expect("totals");
    let figures = total.split_whitespace().filter(|word| word.starts_with('~')).count();
    assert!(figures >= 4, "{total}");
    // Holding takes a whole figure, and so do the clipboard and files.
    let asked = |planner: &mut Planner, keys: &str| -> Vec<Command> {
        let keys = keys_of(keys).into_iter();
        keys.flat_map(|key: Key| update(&mut planner.model, Message::Key(key))).collect()
    };
    let text = planner.model.draft.text().clone();
    assert!(asked(&mut planner, "hy").is_empty());
    assert_eq!(*planner.model.draft.text(), text);
    assert!(planner.screen().contains("press it again when ~ is gone"), "{}", planner.screen());
    assert!(asked(&mut planner, "Y").is_empty());
    // Going about and unfolding keep to the exact ones; other screens show the last answer.
    asked(&mut planner, "[home] [down]");
    assert!(planner.screen().contains("~balanced"), "{}", planner.screen());
    asked(&mut planner, "[f3]");
    assert_eq!(planner.model.screen, Screen::Revenue);
    assert!(!planner.screen().contains('~'), "{}", planner.screen());
    let answered = Answered { revision, preview: false, found: Found::Allocated(answer) };
    let commands = update(&mut planner.model, Message::Answered(answered));
    let copied = commands.iter().find_map(|command| match command {
        Command::Copy(text) => Some(text.clone()),
        _ => None,
    });
    let copied = copied.expect("the view is copied once it is whole");
    let whole: virement::units::Amount =
        planner.model.answer.iter().flat_map(|own| &own.amounts).sum();
    assert!(copied.contains(&format!("\t{}\t", whole.numerator())), "{copied}");
    assert!(!copied.contains('~'), "{copied}");
    asked(&mut planner, "[f1]");
    assert!(!planner.screen().contains('~'), "{}", planner.screen());
    assert!(grid(&planner.screen()).len() > 2);
}

/// Where the draft turns out to clash, the last answer comes back.
#[test]
fn exact_amounts_go_where_there_is_no_answer() {
    let home = tempfile::tempdir().expect("a folder");
    let opened = large(home.path());
    let mut planner = Planner::with(&opened);
    let exact = calibrated(&opened, planner.model.draft.text()).expect("exact amounts");
    planner.model.revision += 1;
    let revision = planner.model.revision;
    planner.send(Message::Calibrated(revision, Arc::new(exact)));
    assert!(planner.screen().contains("~balanced"));
    let found = Found::Refused(vec!["it cannot be read".into()]);
    planner.send(Message::Answered(Answered { revision, preview: false, found }));
    assert!(!planner.screen().contains('~'), "{}", planner.screen());
}

/// Spectrum can be anything up to 530 (worked in `plan.toml`): nothing is solved for more.
#[test]
fn a_figure_out_of_reach_is_told_without_a_solve() {
    let mut planner = Planner::open("first-steps");
    planner.press("[home]60");
    assert!(planner.model.preview.is_some());
    planner.press("0");
    assert!(planner.model.preview.is_none());
    assert!(planner.screen().contains("‼ cannot be: 530 is the most it can have"));
    planner.press("[backspace]");
    assert!(planner.model.preview.is_some(), "{}", planner.screen());
}

/// Between Enter and the answer Esc takes the edit back, as it does in what comes of it.
#[test]
fn an_edit_that_is_being_solved_can_be_taken_back() {
    let mut planner = Planner::open("first-steps");
    let text = planner.model.draft.text().clone();
    let pressed = |planner: &mut Planner, keys: &str| -> Vec<Command> {
        let keys = keys_of(keys).into_iter();
        keys.flat_map(|key: Key| update(&mut planner.model, Message::Key(key))).collect()
    };
    pressed(&mut planner, "[home]60[enter]");
    assert!(planner.model.solving() && *planner.model.draft.text() != text);
    let commands = pressed(&mut planner, "[esc]");
    assert_eq!(*planner.model.draft.text(), text);
    assert!(planner.model.note.text.starts_with("undid: "), "{}", planner.model.note.text);
    let solves = |command: &Command| matches!(command, Command::Solve { preview: false, .. });
    assert!(commands.iter().any(solves), "the plan of before comes back");
    // What was taken back is not taken back twice.
    pressed(&mut planner, "[esc][esc]");
    assert_eq!(*planner.model.draft.text(), text);
}

/// What was told of an edit goes with it: the next Esc is not for the edit before.
#[test]
fn a_clash_that_was_taken_back_is_not_shown_and_no_more_is_taken_back() {
    let mut planner = Planner::open("first-steps");
    planner.press("[home]60[enter]");
    let text = planner.model.draft.text().clone();
    planner.press("[home]600[enter]");
    assert!(planner.model.trouble.is_some());
    for _ in 0..2 {
        for key in keys_of("[esc]") {
            update(&mut planner.model, Message::Key(key));
        }
        assert!(planner.model.trouble.is_none() && planner.model.solving());
        assert_eq!(*planner.model.draft.text(), text);
    }
}
