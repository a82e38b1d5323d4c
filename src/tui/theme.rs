//! Roles of what is drawn, and how each looks. Colour says nothing that a sign does not say too.

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};

use crate::report;

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Ordinary text.
    Plain,
    /// The name of the plan, headings, totals.
    Strong,
    /// Remarks, units, what is not answered yet.
    Faint,
    /// The figure or line that keys act on.
    Chosen,
    /// More than before.
    Gain,
    /// Less than before.
    Loss,
    /// Held by a planner.
    Held,
    /// What cannot be done, or is not saved.
    Alarm,
    /// What is as it should be.
    Good,
    /// A key.
    Key,
    /// A bar of the screen.
    Bar,
}

/// A set of colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colours {
    /// For dark terminals.
    Dark,
    /// For light terminals.
    Light,
    /// None at all.
    None,
}

/// How the screen is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// The colours.
    pub colours: Colours,
    /// With ASCII characters only.
    pub ascii: bool,
}

impl Colours {
    /// The next set.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Dark => Self::Light,
            Self::Light => Self::None,
            Self::None => Self::Dark,
        }
    }

    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Dark => "colours for a dark terminal",
            Self::Light => "colours for a light terminal",
            Self::None => "no colours",
        }
    }
}

impl Look {
    /// The style of a role: blue and amber, which all eyes tell apart.
    pub fn style(self, role: Role) -> Style {
        let plain = Style::new();
        let shaped = match role {
            Role::Plain | Role::Gain | Role::Loss | Role::Good => plain,
            Role::Strong | Role::Key | Role::Held => plain.add_modifier(Modifier::BOLD),
            Role::Faint => plain.add_modifier(Modifier::DIM),
            Role::Chosen | Role::Bar => plain.add_modifier(Modifier::REVERSED),
            Role::Alarm => plain.add_modifier(Modifier::BOLD | Modifier::REVERSED),
        };
        let dark = self.colours == Colours::Dark;
        let colour = match (self.colours, role) {
            (Colours::None, _) => None,
            (_, Role::Gain) => Some(if dark { Color::LightBlue } else { Color::Blue }),
            (_, Role::Loss | Role::Alarm) => Some(if dark { Color::Yellow } else { Color::Red }),
            (_, Role::Held | Role::Key | Role::Good) => {
                Some(if dark { Color::LightCyan } else { Color::Blue })
            }
            _ => None,
        };
        colour.map_or(shaped, |colour| shaped.fg(colour))
    }
}

/// Replaces what ASCII lacks, sign by sign.
pub fn to_ascii(buffer: &mut Buffer) {
    let area = buffer.area;
    for y in area.top()..area.bottom() {
        for x in area.left()..area.right() {
            let cell = &mut buffer[(x, y)];
            if cell.symbol().is_ascii() {
                continue;
            }
            let first = cell.symbol().chars().next().unwrap_or('?');
            cell.set_char(ascii(first));
        }
    }
}

fn ascii(c: char) -> char {
    const SIGNS: [(char, &str); 18] = [
        (' ', "\u{202f}\u{2009}\u{a0}"),
        ('-', "−─–—"),
        ('|', "│┃▕▏├┤▐▌┊╎"),
        ('+', "┌┐└┘┼"),
        ('#', "█"),
        ('O', "■"),
        ('v', "▾↓▼"),
        ('>', "▸→≥"),
        ('<', "≤◂←"),
        ('@', "⚓"),
        ('&', "¶"),
        ('^', "┬↑▲"),
        ('_', "┴"),
        ('.', "·"),
        ('*', "●✎✓◆"),
        ('o', "◐○"),
        ('!', "‼"),
        ('~', "…"),
    ];
    let found = SIGNS.iter().find(|(_, signs)| signs.contains(c));
    match (found, c) {
        (Some((sign, _)), _) => *sign,
        (_, 'Δ') => 'd',
        _ => report::ascii_sign(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accented_letters_become_their_base_letters() {
        let mut buffer = Buffer::with_lines(["Ñandú Zürich e\u{301}té ⚓ 語"]);
        to_ascii(&mut buffer);
        let text: String = buffer.content().iter().map(ratatui::buffer::Cell::symbol).collect();
        assert!(text.starts_with("Nandu Zurich ete @"), "{text}");
        assert!(text.contains('?') && text.is_ascii(), "{text}");
    }
}
