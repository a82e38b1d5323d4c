//! A line that is being typed.

use unicode_width::UnicodeWidthStr;

use super::keys::{Code, Key};
use crate::units::display_safe;

/// A line of text with a cursor in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    text: String,
    /// The byte that the cursor stands before.
    at: usize,
    /// Whether the text is a suggestion: what is typed first takes its place.
    suggested: bool,
}

/// The most characters of a line.
const LONGEST: usize = 400;

impl Line {
    /// A line with the cursor behind its text.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { at: text.len(), text, suggested: false }
    }

    /// A line with a text that stands unless another is typed; any other key goes on with it.
    pub fn suggested(text: impl Into<String>) -> Self {
        Self { suggested: true, ..Self::new(text) }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text as it is shown: what turns the direction of a line can be seen.
    pub fn shown(&self) -> String {
        display_safe(&self.text)
    }

    /// How many columns of the terminal stand before the cursor.
    pub fn column(&self) -> usize {
        display_safe(self.text.get(..self.at).unwrap_or_default()).width()
    }

    /// Puts text in at the cursor; what commands a terminal is left out.
    pub fn insert(&mut self, text: &str) {
        if std::mem::take(&mut self.suggested) {
            *self = Self::default();
        }
        for c in text.chars().filter(|c| !c.is_control()) {
            if self.text.chars().count() >= LONGEST {
                return;
            }
            self.text.insert(self.at, c);
            self.at += c.len_utf8();
        }
    }

    /// Does what a key does in a line; whether it does anything.
    pub fn key(&mut self, key: Key) -> bool {
        let types = matches!((key.code, key.ctrl || key.alt), (Code::Char(_), false));
        self.suggested &= types;
        match (key.code, key.ctrl) {
            (Code::Char('u'), true) => *self = Self::default(),
            (Code::Char('a'), true) | (Code::Home, _) => self.at = 0,
            (Code::Char('e'), true) | (Code::End, _) => self.at = self.text.len(),
            (Code::Char('w'), true) => {
                let kept = self.before().trim_end().rfind(' ').map_or(0, |space| space + 1);
                self.text.replace_range(kept..self.at, "");
                self.at = kept;
            }
            (Code::Char(c), false) if !key.alt => self.insert(c.encode_utf8(&mut [0; 4])),
            (Code::Backspace, _) => {
                if let Some(c) = self.before().chars().last() {
                    self.at -= c.len_utf8();
                    self.text.remove(self.at);
                }
            }
            (Code::Delete, _) => {
                if self.at < self.text.len() {
                    self.text.remove(self.at);
                }
            }
            (Code::Left, _) => {
                self.at -= self.before().chars().last().map_or(0, char::len_utf8);
            }
            (Code::Right, _) => {
                let after = self.text.get(self.at..).unwrap_or_default();
                self.at += after.chars().next().map_or(0, char::len_utf8);
            }
            _ => return false,
        }
        true
    }

    fn before(&self) -> &str {
        self.text.get(..self.at).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_edited_at_its_cursor() {
        let mut line = Line::new("12é");
        for key in [Key::new(Code::Left), Key::new(Code::Backspace), Key::char('0')] {
            assert!(line.key(key));
        }
        assert_eq!((line.text(), line.column()), ("10é", 2));
        line.key(Key::new(Code::Delete));
        line.key(Key::new(Code::Home));
        line.key(Key::new(Code::Left));
        line.insert("a\u{1b}b");
        assert_eq!((line.text(), line.column()), ("ab10", 2));
        line.key(Key::ctrl('u'));
        assert_eq!(line.text(), "");
        assert!(!line.key(Key::new(Code::Esc)));
    }

    #[test]
    fn what_is_typed_takes_the_place_of_a_suggestion() {
        let mut line = Line::suggested("my-plan/scenario");
        line.key(Key::char('c'));
        line.key(Key::char('u'));
        assert_eq!(line.text(), "cu");
        let mut line = Line::suggested("my-plan/");
        line.key(Key::new(Code::End));
        line.key(Key::char('a'));
        assert_eq!(line.text(), "my-plan/a");
    }

    #[test]
    fn a_word_is_taken_out_at_once() {
        let mut line = Line::new("90% of baseline");
        line.key(Key::ctrl('w'));
        assert_eq!(line.text(), "90% of ");
        line.key(Key::ctrl('w'));
        assert_eq!(line.text(), "90% ");
    }
}
