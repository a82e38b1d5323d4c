//! Text put on the screen by place, width and role.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::theme::{Look, Role};

/// The screen's buffer, and how roles look.
pub struct Canvas<'a> {
    /// The buffer.
    pub buffer: &'a mut Buffer,
    /// How roles look.
    pub look: Look,
}

impl Canvas<'_> {
    /// Puts `text` at a place, cut to `width`; gives the column behind it.
    pub fn text(&mut self, x: u16, y: u16, width: usize, text: &str, role: Role) -> u16 {
        let area = self.buffer.area;
        if width == 0 || x >= area.right() || y >= area.bottom() {
            return x;
        }
        // Where there is no sign for Enter, its name stands.
        let named = self.look.ascii && text.contains('⏎');
        let named = named.then(|| text.replace("⏎ ", "Enter ").replace('⏎', "Enter"));
        let cut = cut(named.as_deref().unwrap_or(text), width);
        let style = self.look.style(role);
        self.buffer.set_stringn(x, y, &cut, width, style).0
    }

    /// Puts `text` at the right end of `width` columns that begin at `x`.
    pub fn right(&mut self, x: u16, y: u16, width: usize, text: &str, role: Role) {
        let cut = cut(text, width);
        let pad = width.saturating_sub(cut.width());
        self.text(x.saturating_add(column(pad)), y, width - pad, &cut, role);
    }

    /// Puts a figure at the right end of `width` columns; one that does not fit becomes `###`.
    pub fn figure(&mut self, x: u16, y: u16, width: usize, text: &str, role: Role) {
        if text.width() > width {
            self.right(x, y, width, &"#".repeat(width.min(3)), role);
        } else {
            self.right(x, y, width, text, role);
        }
    }

    /// Gives a stretch of a line the look of a role.
    pub fn paint(&mut self, x: u16, y: u16, width: usize, role: Role) {
        let style = self.look.style(role);
        self.buffer.set_style(Rect::new(x, y, column(width), 1), style);
    }

    /// A rule across `width` columns.
    pub fn rule(&mut self, x: u16, y: u16, width: usize) {
        self.text(x, y, width, &"─".repeat(width), Role::Faint);
    }

    /// Empties an area and draws a frame around it with a title; gives what is inside.
    pub fn window(&mut self, area: Rect, title: &str) -> Rect {
        let area = area.intersection(self.buffer.area);
        for y in area.top()..area.bottom() {
            // A sign of two columns that reaches into the window would cover its frame.
            if area.x > 0 && self.buffer[(area.x - 1, y)].symbol().width() > 1 {
                self.buffer[(area.x - 1, y)].reset();
            }
            for x in area.left()..area.right() {
                self.buffer[(x, y)].reset();
            }
        }
        if area.width < 4 || area.height < 3 {
            return area;
        }
        let width = usize::from(area.width);
        let line = "─".repeat(width - 2);
        self.text(area.x, area.y, width, &format!("┌{line}┐"), Role::Faint);
        self.text(area.x, area.bottom() - 1, width, &format!("└{line}┘"), Role::Faint);
        for y in area.y + 1..area.bottom() - 1 {
            self.text(area.x, y, 1, "│", Role::Faint);
            self.text(area.right() - 1, y, 1, "│", Role::Faint);
        }
        self.text(area.x + 2, area.y, width.saturating_sub(4), &format!(" {title} "), Role::Strong);
        Rect::new(area.x + 2, area.y + 1, area.width - 4, area.height - 2)
    }

    /// Puts `text` in lines of at most `width` columns, from line `y` to before line `end`; gives
    /// the line behind it.
    pub fn wrapped(
        &mut self,
        at: (u16, u16),
        end: u16,
        width: usize,
        text: &str,
        role: Role,
    ) -> u16 {
        let mut y = at.1;
        for line in wrap(text, width) {
            if y >= end {
                return y;
            }
            self.text(at.0, y, width, &line, role);
            y += 1;
        }
        y
    }
}

/// A number of columns as the terminal counts them.
pub fn column(width: usize) -> u16 {
    u16::try_from(width).unwrap_or(u16::MAX)
}

/// The text cut to `width` columns, with an ellipsis where something was cut.
pub fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_string();
    }
    let mut kept = String::new();
    let mut used = 1;
    for c in text.chars() {
        let own = c.width().unwrap_or(0);
        if used + own > width {
            break;
        }
        used += own;
        kept.push(c);
    }
    if width > 0 { kept + "…" } else { kept }
}

/// The text cut to `width` columns; what tells one of several from another at its end stays: a member
/// behind a comma, or a year, and else the beginning of a member.
pub fn ends_kept(text: &str, width: usize) -> String {
    let least = width / 3;
    if text.width() <= width || width < 9 {
        return cut(text, width);
    }
    let room = width - least - 1;
    let member = text.rsplit_once(", ").filter(|(head, _)| head.width() > least);
    let whole = member.filter(|(_, tail)| tail.width() <= room);
    let year = text.rsplit_once(' ');
    let year = year
        .filter(|(_, tail)| tail.width() + 6 < width && tail.chars().any(|c| c.is_ascii_digit()));
    let Some((head, tail)) = whole.or(year).or(member) else { return cut(text, width) };
    let tail = if whole.or(year).is_some() { tail.to_string() } else { cut(tail, room) };
    format!("{} {tail}", cut(head, width - tail.width() - 1))
}

/// The words of a text; a percent sign belongs to the figure before it.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match words.last_mut() {
            Some(figure)
                if word.starts_with('%') && figure.ends_with(|c: char| c.is_ascii_digit()) =>
            {
                figure.push(' ');
                figure.push_str(word);
            }
            _ => words.push(word.to_string()),
        }
    }
    words
}

/// The text in lines of at most `width` columns, broken between words where that can be.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = vec![String::new()];
    for mut word in words(text) {
        while let Some(line) = lines.last_mut() {
            let gap = usize::from(!line.is_empty());
            if line.width() + gap + word.width() <= width {
                if gap == 1 {
                    line.push(' ');
                }
                line.push_str(&word);
                break;
            }
            if line.is_empty() {
                let mut used = 0;
                let head: String = word
                    .chars()
                    .take_while(|c| {
                        used += c.width().unwrap_or(0);
                        used <= width
                    })
                    .collect();
                let rest: String = word.chars().skip(head.chars().count().max(1)).collect();
                line.push_str(&head);
                if rest.is_empty() {
                    break;
                }
                word = rest;
            }
            lines.push(String::new());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_and_wrapped_by_the_columns_it_takes() {
        assert_eq!(cut("abcdef", 4), "abc…");
        assert_eq!(cut("⚓⚓⚓", 5), "⚓⚓…");
        assert_eq!(ends_kept("Associates and Academia 2024", 16), "Associates… 2024");
        assert_eq!(ends_kept("floor of this and that", 12), "floor of th…");
        assert_eq!(ends_kept("What each gives away, ITU-R", 16), "What each… ITU-R");
        assert_eq!(ends_kept("What each gives away, Development Sector", 18), "What … Developmen…");
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("", 3), [""]);
        assert_eq!(wrap("it is 0.0 % of it", 9), ["it is", "0.0 % of", "it"]);
    }
}
