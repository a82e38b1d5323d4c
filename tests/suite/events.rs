//! Random events: whatever a planner's hands do, nothing stops the screen.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use virement::scenario::Draft;
use virement::tui::{Code, Key, Message, Mouse};

use super::planner::{Planner, keys_of};

/// A message that a planner's hands could send.
fn message() -> impl Strategy<Value = Message> {
    let keys = "0123456789.,%+-=khmfcrpxvdsewbBF/uSRyYEToHRm?:n <>";
    let codes = vec![
        Code::Enter,
        Code::Enter,
        Code::Esc,
        Code::Tab,
        Code::BackTab,
        Code::Backspace,
        Code::Delete,
        Code::Up,
        Code::Down,
        Code::Left,
        Code::Right,
        Code::PageUp,
        Code::PageDown,
        Code::Home,
        Code::End,
        Code::F(1),
        Code::F(2),
        Code::F(3),
        Code::F(4),
        Code::F(5),
        Code::F(6),
        Code::F(7),
    ];
    let mouse = prop_oneof![
        3 => Just(Mouse::Press),
        2 => Just(Mouse::Drag),
        1 => Just(Mouse::Release),
        1 => Just(Mouse::WheelUp),
        1 => Just(Mouse::WheelDown)
    ];
    prop_oneof![
        6 => proptest::sample::select(keys_of(keys)).prop_map(Message::Key),
        4 => proptest::sample::select(codes).prop_map(|code| Message::Key(Key::new(code))),
        1 => proptest::sample::select(vec!['z', 'y', 'r', 's', 'u']).prop_map(|c| Message::Key(Key::ctrl(c))),
        1 => (mouse, 0..300_u16, 0..100_u16).prop_map(|(mouse, x, y)| Message::Mouse(mouse, x, y)),
        1 => (1..300_u16, 1..100_u16).prop_map(|(width, height)| Message::Resized(width, height)),
        1 => "[ -~é⚓\u{202e}]{0,20}".prop_map(Message::Paste),
    ]
}

/// How many events are sent; more where the environment says so (docs/screen.md).
fn events() -> usize {
    std::env::var("VIREMENT_EVENTS").ok().and_then(|text| text.parse().ok()).unwrap_or(2_000)
}

/// After how many events a planner begins again, so that no history grows without end.
const LEG: usize = 200;

#[test]
fn no_sequence_of_events_stops_it_and_undo_leads_back_to_the_saved_text() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut next = || message().new_tree(&mut runner).expect("a message").current();
    let plans = ["first-steps", "first-steps/limits", "first-steps/impossible"];
    let mut sent = 0;
    for plan in plans.into_iter().cycle() {
        let mut planner = Planner::open(plan);
        let saved = planner.model.draft.text().clone();
        for _ in 0..LEG {
            planner.send(next());
            planner.buffer();
            planner.asked.clear();
        }
        let mut draft: Draft = planner.model.draft.clone();
        let text = draft.text().clone();
        let mut undone = 0;
        while draft.undo().is_some() {
            undone += 1;
        }
        assert_eq!(draft.text(), &saved, "undo leads back");
        (0..undone).for_each(|_| assert!(draft.redo().is_some()));
        assert_eq!(draft.text(), &text, "redo leads forth");
        sent += LEG;
        if sent >= events() {
            return;
        }
    }
}
