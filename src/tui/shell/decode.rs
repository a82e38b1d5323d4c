//! What a terminal sends, as keys, pastes and uses of the mouse. Anything it does not know is passed
//! over: no input may stop the program.

use crate::tui::keys::{Code, Key};
use crate::tui::message::{Message, Mouse};

/// Reads bytes as they come; a sequence may arrive in pieces.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    pending: Vec<u8>,
}

/// The longest sequence, but for a paste.
const LONGEST: usize = 64;
/// The longest paste.
const LONGEST_PASTE: usize = 1 << 20;
const PASTE: &[u8] = b"\x1b[200~";
const PASTED: &[u8] = b"\x1b[201~";

impl Decoder {
    /// What the bytes say, with those that came before.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Vec<Message> {
        self.pending.extend_from_slice(bytes);
        let mut found = Vec::new();
        let mut at = 0;
        while let Some((message, length)) = step(&self.pending[at..]) {
            found.extend(message);
            at += length;
        }
        self.pending.drain(..at);
        found
    }

    /// What is left once nothing more has come for a while: an escape stands for itself.
    pub(super) fn flush(&mut self) -> Vec<Message> {
        if self.pending.starts_with(PASTE) {
            return Vec::new();
        }
        let alone = self.pending == [0x1b];
        self.pending.clear();
        if alone { vec![Message::Key(Key::new(Code::Esc))] } else { Vec::new() }
    }
}

/// The first message and how many bytes it takes; nothing where more bytes have to come.
fn step(bytes: &[u8]) -> Option<(Option<Message>, usize)> {
    match *bytes.first()? {
        0x1b => escape(bytes),
        b'\r' | b'\n' => Some(key(Key::new(Code::Enter), 1)),
        b'\t' => Some(key(Key::new(Code::Tab), 1)),
        0x7f | 0x08 => Some(key(Key::new(Code::Backspace), 1)),
        byte @ 0x01..=0x1a => Some(key(Key::ctrl(char::from(byte - 1 + b'a')), 1)),
        0x00..=0x1f => Some((None, 1)),
        _ => {
            let (c, length) = utf8(bytes)?;
            Some((c.map(|c| Message::Key(Key::char(c))), length))
        }
    }
}

fn key(key: Key, length: usize) -> (Option<Message>, usize) {
    (Some(Message::Key(key)), length)
}

/// A character; nothing where its bytes are not all there, no character where they are none.
fn utf8(bytes: &[u8]) -> Option<(Option<char>, usize)> {
    let first = *bytes.first()?;
    let length = match first {
        0x00..=0x7f => 1,
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return Some((None, 1)),
    };
    let stop = bytes.iter().skip(1).take(length - 1).position(|byte| !(0x80..0xc0).contains(byte));
    if let Some(stop) = stop {
        return Some((None, stop + 1));
    }
    let own = bytes.get(..length)?;
    Some((std::str::from_utf8(own).ok().and_then(|text| text.chars().next()), length))
}

fn escape(bytes: &[u8]) -> Option<(Option<Message>, usize)> {
    match *bytes.get(1)? {
        b'[' if bytes.starts_with(PASTE) => paste(bytes),
        b'[' => sequence(bytes),
        b'O' => {
            let code = match *bytes.get(2)? {
                byte @ b'P'..=b'S' => Code::F(byte - b'P' + 1),
                byte => arrow(byte).unwrap_or(Code::Esc),
            };
            Some(key(Key::new(code), 3))
        }
        0x1b => Some(key(Key::new(Code::Esc), 1)),
        byte if byte < 0x20 || byte == 0x7f => Some(key(Key::new(Code::Esc), 1)),
        _ => {
            let (c, length) = utf8(bytes.get(1..)?)?;
            Some((c.map(|c| Message::Key(Key::alt(c))), length + 1))
        }
    }
}

fn paste(bytes: &[u8]) -> Option<(Option<Message>, usize)> {
    let rest = bytes.get(PASTE.len()..)?;
    let end = rest.windows(PASTED.len()).position(|window| window == PASTED);
    let Some(end) = end else {
        return (rest.len() > LONGEST_PASTE).then_some((None, bytes.len()));
    };
    let text = String::from_utf8_lossy(rest.get(..end)?).into_owned();
    Some((Some(Message::Paste(text)), PASTE.len() + end + PASTED.len()))
}

fn arrow(byte: u8) -> Option<Code> {
    Some(match byte {
        b'A' => Code::Up,
        b'B' => Code::Down,
        b'C' => Code::Right,
        b'D' => Code::Left,
        b'H' => Code::Home,
        b'F' => Code::End,
        b'Z' => Code::BackTab,
        _ => return None,
    })
}

/// A control sequence: `ESC [`, parameters, a last byte.
fn sequence(bytes: &[u8]) -> Option<(Option<Message>, usize)> {
    let body = bytes.get(2..)?;
    if body.first() == Some(&b'[') {
        let last = *body.get(1)?;
        let code = (b'A'..=b'E').contains(&last).then(|| Code::F(last - b'A' + 1));
        return Some((code.map(|code| Message::Key(Key::new(code))), 4));
    }
    if body.first() == Some(&b'M') {
        // The mouse of old terminals: three bytes follow.
        return (body.len() >= 4).then_some((None, 6));
    }
    let end = body.iter().position(|byte| (0x40..=0x7e).contains(byte));
    let Some(end) = end else {
        return (body.len() > LONGEST).then_some((None, bytes.len()));
    };
    let text = std::str::from_utf8(body.get(..end)?).unwrap_or_default();
    Some((meaning(text, *body.get(end)?), end + 3))
}

fn meaning(parameters: &str, last: u8) -> Option<Message> {
    if let Some(mouse) = parameters.strip_prefix('<') {
        return moused(mouse, last);
    }
    let numbers: Vec<u32> =
        parameters.split(';').map(|number| number.parse().unwrap_or(0)).collect();
    let held = numbers.get(1).copied().unwrap_or(1).saturating_sub(1);
    let code = match last {
        b'~' => match numbers.first()? {
            1 | 7 => Code::Home,
            3 => Code::Delete,
            4 | 8 => Code::End,
            5 => Code::PageUp,
            6 => Code::PageDown,
            n @ 11..=15 => Code::F(u8::try_from(n - 10).ok()?),
            n @ 17..=21 => Code::F(u8::try_from(n - 11).ok()?),
            n @ 23..=24 => Code::F(u8::try_from(n - 12).ok()?),
            _ => return None,
        },
        b'P'..=b'S' => Code::F(last - b'P' + 1),
        byte => arrow(byte)?,
    };
    Some(Message::Key(Key { code, alt: held & 2 != 0, ctrl: held & 4 != 0 }))
}

fn moused(parameters: &str, last: u8) -> Option<Message> {
    let mut numbers = parameters.split(';').map(|number| number.parse::<u16>().ok());
    let (button, x, y) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let mouse = match (button, last) {
        (0, b'M') => Mouse::Press,
        (64, b'M') => Mouse::WheelUp,
        (65, b'M') => Mouse::WheelDown,
        _ => return None,
    };
    Some(Message::Mouse(mouse, x.saturating_sub(1), y.saturating_sub(1)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(bytes: &[u8]) -> String {
        let mut decoder = Decoder::default();
        let mut found = decoder.feed(bytes);
        found.extend(decoder.flush());
        let texts = found.into_iter().map(|message| match message {
            Message::Key(key) => key.text(),
            Message::Paste(text) => format!("paste {text}"),
            Message::Mouse(mouse, x, y) => format!("{mouse:?} {x} {y}"),
            other => format!("{other:?}"),
        });
        texts.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn keys_are_read_in_all_their_spellings() {
        assert_eq!(read(b"a1\r\t\x7f\x1a"), "a 1 ⏎ Tab Backspace Ctrl-Z");
        assert_eq!(read("é⚓".as_bytes()), "é ⚓");
        assert_eq!(read(b"\x1b[A\x1bOB\x1b[1;5C\x1b[1;3D\x1b[Z"), "↑ ↓ Ctrl-→ Alt-← Shift-Tab");
        assert_eq!(read(b"\x1bOP\x1b[12~\x1b[[C\x1b[24~"), "F1 F2 F3 F12");
        assert_eq!(read(b"\x1b[3~\x1b[H\x1b[4~\x1b[5~"), "Del Home End PgUp");
        assert_eq!(read(b"\x1b2\x1b\x1b[B\x1b"), "Alt-2 Esc ↓ Esc");
    }

    #[test]
    fn the_mouse_and_pastes_are_read() {
        assert_eq!(read(b"\x1b[<0;11;5M\x1b[<0;11;5m\x1b[<64;1;1M"), "Press 10 4 WheelUp 0 0");
        assert_eq!(read(b"\x1b[200~12 000\x1b[201~x"), "paste 12 000 x");
    }

    #[test]
    fn a_sequence_may_come_in_pieces() {
        let mut decoder = Decoder::default();
        assert!(decoder.feed(b"\x1b").is_empty());
        assert!(decoder.feed(b"[1;").is_empty());
        assert!(matches!(decoder.feed(b"5A").as_slice(), [Message::Key(key)] if key.ctrl));
    }

    proptest! {
        #[test]
        fn no_bytes_stop_it_and_none_are_read_twice(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut decoder = Decoder::default();
            let mut count = 0;
            for byte in &bytes {
                count += decoder.feed(&[*byte]).len();
            }
            count += decoder.flush().len();
            prop_assert!(count <= bytes.len());
        }
    }
}
