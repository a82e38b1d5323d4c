//! What crossterm reads, as messages. Anything the screen has no use for is passed over.

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

use crate::tui::keys::{Code, Key};
use crate::tui::message::{Message, Mouse};

/// The longest paste, in bytes.
const LONGEST_PASTE: usize = 1 << 20;

/// The message of an event; none where the screen has no use for it.
pub(super) fn message(event: Event) -> Option<Message> {
    match event {
        Event::Key(key) => pressed(key).map(Message::Key),
        Event::Mouse(mouse) => moused(mouse),
        Event::Paste(text) => (text.len() <= LONGEST_PASTE).then_some(Message::Paste(text)),
        Event::Resize(..) => {
            let (width, height) = super::terminal::size();
            Some(Message::Resized(width, height))
        }
        Event::FocusGained | Event::FocusLost => None,
    }
}

/// A key that went down, or that is held down; letting go of one says nothing.
fn pressed(event: KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let has = |modifier: KeyModifiers| event.modifiers.contains(modifier);
    let (ctrl, alt) = (has(KeyModifiers::CONTROL), has(KeyModifiers::ALT));
    let code = match event.code {
        // A raw terminal sends the line feed and the backspace of old keyboards as these.
        KeyCode::Char('j') if ctrl && !alt => return Some(Key::new(Code::Enter)),
        KeyCode::Char('h') if ctrl && !alt => return Some(Key::new(Code::Backspace)),
        KeyCode::Char(c) if ctrl => Code::Char(c.to_ascii_lowercase()),
        KeyCode::Char(c) => Code::Char(c),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab if has(KeyModifiers::SHIFT) => Code::BackTab,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::F(n) => Code::F(n),
        _ => return None,
    };
    Some(Key { code, ctrl, alt })
}

fn moused(event: MouseEvent) -> Option<Message> {
    let mouse = match event.kind {
        MouseEventKind::Down(MouseButton::Left) => Mouse::Press,
        MouseEventKind::Drag(MouseButton::Left) => Mouse::Drag,
        MouseEventKind::Up(MouseButton::Left) => Mouse::Release,
        MouseEventKind::ScrollUp => Mouse::WheelUp,
        MouseEventKind::ScrollDown => Mouse::WheelDown,
        _ => return None,
    };
    event.modifiers.is_empty().then_some(Message::Mouse(mouse, event.column, event.row))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(code: KeyCode, modifiers: KeyModifiers) -> String {
        pressed(KeyEvent::new(code, modifiers)).map_or("nothing".into(), Key::text)
    }

    #[test]
    fn keys_keep_their_control_and_alt() {
        let (none, ctrl, alt) = (KeyModifiers::NONE, KeyModifiers::CONTROL, KeyModifiers::ALT);
        assert_eq!(key(KeyCode::Char('a'), none), "a");
        assert_eq!(key(KeyCode::Char('H'), KeyModifiers::SHIFT), "H");
        assert_eq!(key(KeyCode::Char('z'), ctrl), "Ctrl-Z");
        assert_eq!(key(KeyCode::Char('Z'), ctrl | KeyModifiers::SHIFT), "Ctrl-Z");
        assert_eq!(key(KeyCode::Char('2'), alt), "Alt-2");
        assert_eq!(key(KeyCode::Right, ctrl), "Ctrl-→");
        assert_eq!(key(KeyCode::F(12), none), "F12");
        assert_eq!(key(KeyCode::BackTab, KeyModifiers::SHIFT), "Shift-Tab");
        assert_eq!(key(KeyCode::Tab, KeyModifiers::SHIFT), "Shift-Tab");
        assert_eq!(key(KeyCode::CapsLock, none), "nothing");
    }

    #[test]
    fn the_line_feed_and_the_backspace_of_old_keyboards_are_understood() {
        assert_eq!(key(KeyCode::Char('j'), KeyModifiers::CONTROL), "⏎");
        assert_eq!(key(KeyCode::Char('h'), KeyModifiers::CONTROL), "Backspace");
    }

    #[test]
    fn a_key_held_down_repeats_and_letting_go_says_nothing() {
        let (up, none) = (KeyCode::Up, KeyModifiers::NONE);
        let event = |kind| pressed(KeyEvent::new_with_kind(up, none, kind));
        assert_eq!(event(KeyEventKind::Repeat), Some(Key::new(Code::Up)));
        assert_eq!(event(KeyEventKind::Release), None);
    }

    #[test]
    fn the_mouse_moves_in_vain_and_a_paste_has_bounds() {
        let mouse = |kind| {
            let event = MouseEvent { kind, column: 10, row: 4, modifiers: KeyModifiers::NONE };
            format!("{:?}", message(Event::Mouse(event)))
        };
        assert_eq!(mouse(MouseEventKind::Down(MouseButton::Left)), "Some(Mouse(Press, 10, 4))");
        assert_eq!(mouse(MouseEventKind::ScrollUp), "Some(Mouse(WheelUp, 10, 4))");
        assert_eq!(mouse(MouseEventKind::Drag(MouseButton::Left)), "Some(Mouse(Drag, 10, 4))");
        assert_eq!(mouse(MouseEventKind::Up(MouseButton::Left)), "Some(Mouse(Release, 10, 4))");
        assert_eq!(mouse(MouseEventKind::Up(MouseButton::Right)), "None");
        assert_eq!(mouse(MouseEventKind::Moved), "None");
        assert!(message(Event::Paste("12 000".into())).is_some());
        assert!(message(Event::Paste("1".repeat(LONGEST_PASTE + 1))).is_none());
    }
}
