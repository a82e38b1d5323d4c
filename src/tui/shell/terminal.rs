//! The terminal: taken over, drawn on, and given back whatever happens.

use std::io::{BufWriter, Stdout, Write, stdin, stdout};
use std::sync::Mutex;

use ratatui::Terminal;
use ratatui::backend::TermionBackend;
use rustix::termios::{
    OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcgetwinsize, tcsetattr,
};

/// How the terminal was before it was taken over; here so that a panic can give it back.
static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

/// The other screen, no cursor, pastes in brackets.
const ENTER: &str = "\x1b[?1049h\x1b[?25l\x1b[?2004h\x1b[2J";
/// Clicks and the wheel, with places in digits.
const MOUSE: &str = "\x1b[?1000h\x1b[?1006h";
/// All of it back.
const LEAVE: &str = "\x1b[?1006l\x1b[?1000l\x1b[?2004l\x1b[0m\x1b[?25h\x1b[?1049l";

/// The terminal while the program has it.
pub(super) struct Screen {
    inner: Terminal<TermionBackend<BufWriter<Stdout>>>,
    mouse: bool,
}

impl Screen {
    /// Takes the terminal over.
    ///
    /// # Errors
    ///
    /// Why it cannot be taken over, in words.
    pub(super) fn enter(mouse: bool) -> Result<Self, String> {
        take(mouse)?;
        let writer = BufWriter::with_capacity(1 << 16, stdout());
        let inner = Terminal::new(TermionBackend::new(writer));
        let inner = inner.map_err(|error| {
            give_back();
            format!("the terminal cannot be drawn on: {error}")
        })?;
        Ok(Self { inner, mouse })
    }

    /// Draws a frame.
    ///
    /// # Errors
    ///
    /// Why it cannot be drawn, in words.
    pub(super) fn draw(
        &mut self,
        view: impl FnOnce(&mut ratatui::Frame<'_>),
    ) -> Result<(), String> {
        let drawn = self.inner.draw(view).map(|_| ());
        drawn.map_err(|error| format!("the terminal cannot be drawn on: {error}"))
    }

    /// Forgets what is on the screen, so that the next frame is drawn whole.
    pub(super) fn forget(&mut self) {
        let _ = self.inner.clear();
    }

    /// Gives the terminal back while something else runs, and takes it over again.
    ///
    /// # Errors
    ///
    /// Why it cannot be taken over again, in words.
    pub(super) fn lend<T>(&mut self, run: impl FnOnce() -> T) -> Result<T, String> {
        give_back();
        let found = run();
        take(self.mouse)?;
        self.forget();
        Ok(found)
    }

    /// Puts text on the clipboard of the terminal (OSC 52).
    pub(super) fn copy(text: &str) {
        let mut out = stdout();
        let _ = write!(out, "\x1b]52;c;{}\x07", base64(text.as_bytes()));
        let _ = out.flush();
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

/// The columns and lines of the terminal.
pub(super) fn size() -> (u16, u16) {
    match tcgetwinsize(stdout()) {
        Ok(size) if size.ws_col > 0 && size.ws_row > 0 => (size.ws_col, size.ws_row),
        _ => (80, 24),
    }
}

/// Takes the terminal over: keys one by one, a read waits a tenth of a second at most.
fn take(mouse: bool) -> Result<(), String> {
    let fault = |error: rustix::io::Errno| format!("this is no terminal to draw on: {error}");
    let before = tcgetattr(stdin()).map_err(fault)?;
    let mut raw = before.clone();
    raw.make_raw();
    raw.special_codes[SpecialCodeIndex::VMIN] = 0;
    raw.special_codes[SpecialCodeIndex::VTIME] = 1;
    tcsetattr(stdin(), OptionalActions::Flush, &raw).map_err(fault)?;
    if let Ok(mut kept) = BEFORE.lock() {
        kept.get_or_insert(before);
    }
    let mut out = stdout();
    let _ = write!(out, "{ENTER}{}", if mouse { MOUSE } else { "" });
    let _ = out.flush();
    Ok(())
}

/// Gives the terminal back as it was; a second time does nothing.
pub(super) fn give_back() {
    let Ok(mut kept) = BEFORE.lock() else { return };
    let Some(before) = kept.take() else { return };
    let mut out = stdout();
    let _ = write!(out, "{LEAVE}");
    let _ = out.flush();
    let _ = tcsetattr(stdin(), OptionalActions::Now, &before);
}

/// Sees to it that a panic gives the terminal back before it speaks.
pub(super) fn restore_on_panic() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        give_back();
        before(panic);
    }));
}

/// Bytes as base 64 with padding (RFC 4648).
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let part = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let all = part(0) << 16 | part(1) << 8 | part(2);
        for place in 0..4 {
            if place <= chunk.len() {
                let digit = (all >> (18 - 6 * place)) & 63;
                text.push(char::from(DIGITS[digit as usize]));
            } else {
                text.push('=');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn the_examples_of_rfc_4648_hold() {
        let pairs =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")];
        for (plain, coded) in pairs {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }
}
