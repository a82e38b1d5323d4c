//! The terminal: taken over, drawn on, and given back whatever happens.

use std::io::{BufWriter, IsTerminal, Stdout, Write, stdin, stdout};
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::cursor::{Hide, Show};
use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::execute;
use crossterm::style::ResetColor;
use crossterm::terminal::{
    Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;

/// Whether the program has the terminal; here so that a panic can give it back.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal while the program has it.
pub(super) struct Screen {
    inner: Terminal<CrosstermBackend<BufWriter<Stdout>>>,
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
        let inner = Terminal::new(CrosstermBackend::new(writer));
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
        // Not `clear`, which would ask the terminal where its cursor is and wait for the answer.
        let (width, height) = size();
        let _ = self.inner.resize(Rect::new(0, 0, width, height));
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
    match crossterm::terminal::size() {
        Ok((width, height)) if width > 0 && height > 0 => (width, height),
        _ => (80, 24),
    }
}

/// Whether the terminal is still there: a window that was closed is none any more.
pub(super) fn is_there() -> bool {
    stdin().is_terminal()
}

/// Takes the terminal over.
fn take(mouse: bool) -> Result<(), String> {
    if !is_there() {
        return Err("this is no terminal to draw on".into());
    }
    let fault = |error: std::io::Error| {
        give_back();
        format!("this is no terminal to draw on: {error}")
    };
    enable_raw_mode().map_err(fault)?;
    TAKEN.store(true, Ordering::SeqCst);
    let mut out = stdout();
    execute!(out, EnterAlternateScreen, Hide, EnableBracketedPaste, Clear(ClearType::All))
        .map_err(fault)?;
    if mouse {
        execute!(out, EnableMouseCapture).map_err(fault)?;
    }
    Ok(())
}

/// Gives the terminal back as it was; a second time does nothing.
pub(super) fn give_back() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = stdout();
    let _ = execute!(out, DisableMouseCapture, DisableBracketedPaste, ResetColor, Show);
    let _ = execute!(out, LeaveAlternateScreen);
    let _ = disable_raw_mode();
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
