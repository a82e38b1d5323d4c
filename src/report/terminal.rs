use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_width::UnicodeWidthStr;

use super::format::shown;
use super::table::{Role, RowKind, Table, Unit};
use crate::units::display_safe;

/// How a table is drawn on a terminal.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// The most columns of characters a line may take; keys and remarks are shortened to fit.
    pub width: usize,
    /// Beyond ASCII: thin spaces, a real minus sign, rules.
    pub unicode: bool,
    /// Headings and totals in bold.
    pub bold: bool,
}

/// Draws tables as a planner would show them.
pub fn draw(tables: &[Table], look: Look) -> String {
    let drawn: Vec<String> = tables.iter().map(|table| draw_one(table, look)).collect();
    drawn.join("\n")
}

fn draw_one(table: &Table, look: Look) -> String {
    let mut cells: Vec<Vec<String>> = table
        .rows
        .iter()
        .map(|row| row.values.iter().zip(&table.columns).map(|(v, c)| shown(v, c)).collect())
        .collect();
    let heads: Vec<String> = table
        .columns
        .iter()
        .map(|column| match &column.unit {
            Unit::Money(unit) => format!("{} {unit}", display_safe(&column.title)),
            _ => display_safe(&column.title),
        })
        .collect();
    let empty = |place: usize| cells.iter().all(|row| row[place].is_empty());
    let used: Vec<usize> = (0..heads.len())
        .filter(|place| {
            table.rows.is_empty() || table.columns[*place].role == Role::Key || !empty(*place)
        })
        .collect();
    let mut widths: Vec<usize> = used
        .iter()
        .map(|place| {
            let longest = cells.iter().map(|row| row[*place].width()).max().unwrap_or(0);
            longest.max(heads[*place].width())
        })
        .collect();
    shrink(table, &used, &mut widths, look.width);
    for row in &mut cells {
        for (place, width) in used.iter().zip(&widths) {
            row[*place] = shorten(&row[*place], *width);
        }
    }
    let line = |texts: &[String]| drawn_line(table, &used, &widths, texts);
    let bold = |text: String| {
        if look.bold { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text }
    };
    let total: usize = widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1);
    let rule = "─".repeat(total.min(look.width));
    let mut text = vec![bold(display_safe(&table.title)), bold(line(&heads)), rule.clone()];
    let mut before = RowKind::Body;
    for (row, cells) in table.rows.iter().zip(&cells) {
        if row.kind == RowKind::Total && before == RowKind::Body {
            text.push(rule.clone());
        }
        before = row.kind;
        let drawn = line(cells);
        text.push(if row.kind == RowKind::Total { bold(drawn) } else { drawn });
    }
    text.extend(table.notes.iter().map(|note| format!("  {}", display_safe(note))));
    let text = text.join("\n") + "\n";
    if look.unicode { text } else { ascii(&text) }
}

/// One line of the table: figures to the right of their columns, words to the left.
fn drawn_line(table: &Table, used: &[usize], widths: &[usize], texts: &[String]) -> String {
    let padded: Vec<String> = used
        .iter()
        .zip(widths)
        .map(|(place, width)| {
            let text = shorten(&texts[*place], *width);
            let pad = " ".repeat(width.saturating_sub(text.width()));
            match table.columns[*place].role {
                Role::Figure | Role::Change => format!("{pad}{text}"),
                _ => format!("{text}{pad}"),
            }
        })
        .collect();
    padded.join("  ").trim_end().to_string()
}

/// Takes width from the widest remark, and then from the widest key or remark, until the line fits.
fn shrink(table: &Table, used: &[usize], widths: &mut [usize], most: usize) {
    const LEAST: usize = 8;
    const REMARK: usize = 20;
    loop {
        let total: usize = widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1);
        if total <= most {
            return;
        }
        let over = |place: &usize, role: Role, least: usize| {
            table.columns[used[*place]].role == role && widths[*place] > least
        };
        let widest = |found: &dyn Fn(&usize) -> bool| {
            (0..widths.len()).filter(|place| found(place)).max_by_key(|place| widths[*place])
        };
        let remark = widest(&|place| over(place, Role::Note, REMARK));
        let any =
            || widest(&|place| over(place, Role::Key, LEAST) || over(place, Role::Note, LEAST));
        let least = if remark.is_some() { REMARK } else { LEAST };
        let Some(widest) = remark.or_else(any) else { return };
        widths[widest] -= (total - most).min(widths[widest] - least).min(1.max((total - most) / 2));
    }
}

/// The text cut to `width`, with an ellipsis where something was cut.
fn shorten(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_string();
    }
    let mut kept = String::new();
    for c in text.chars() {
        if format!("{kept}{c}").width() + 1 > width {
            break;
        }
        kept.push(c);
    }
    kept + "…"
}

/// The text in ASCII: an accented letter becomes its base letter, and what has no counterpart `?`.
pub fn ascii(text: &str) -> String {
    // A mark of its own behind a letter is a part of it.
    text.chars().filter(|c| !is_combining_mark(*c)).map(ascii_sign).collect()
}

/// The sign in ASCII that stands for `c`; `?` where there is none.
pub fn ascii_sign(c: char) -> char {
    match c {
        c if c.is_ascii() => c,
        '\u{202f}' | '\u{2009}' | '\u{a0}' => ' ',
        '\u{2212}' | '─' | '–' | '—' => '-',
        '…' => '~',
        '●' => '*',
        '≥' => '>',
        '≤' => '<',
        '×' => 'x',
        '’' | '‘' => '\'',
        '“' | '”' | '„' => '"',
        _ => std::iter::once(c).nfd().next().filter(char::is_ascii).unwrap_or('?'),
    }
}
