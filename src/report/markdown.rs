//! Tables as Markdown.

use super::format::shown;
use super::table::{Role, RowKind, Table, Unit};

/// Encodes tables as Markdown: a heading, a table with aligned columns, and notes for each.
pub fn encode(tables: &[Table]) -> String {
    tables.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn one(table: &Table) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let heads = table.columns.iter().map(|column| match &column.unit {
        Unit::Money(unit) => escaped(&format!("{} ({unit})", column.title)),
        _ => escaped(&column.title),
    });
    let marks = table.columns.iter().map(|column| {
        String::from(match column.role {
            Role::Figure | Role::Change => "---:",
            _ => ":---",
        })
    });
    let mut text = format!("## {}\n\n", escaped(&table.title));
    text += &line(heads.collect());
    text += &line(marks.collect());
    for row in &table.rows {
        let cells = row.values.iter().zip(&table.columns).map(|(value, column)| {
            let cell = escaped(&shown(value, column));
            if row.kind == RowKind::Total && !cell.is_empty() {
                format!("**{cell}**")
            } else {
                cell
            }
        });
        text += &line(cells.collect());
    }
    if !table.notes.is_empty() {
        text.push('\n');
    }
    for note in &table.notes {
        text += &format!("- {}\n", escaped(note));
    }
    text
}

/// The text with the signs that Markdown reads made plain.
fn escaped(text: &str) -> String {
    let mut plain = String::new();
    for c in text.chars() {
        match c {
            '\\' | '|' | '*' | '_' | '`' | '[' | ']' => {
                plain.push('\\');
                plain.push(c);
            }
            '<' => plain += "&lt;",
            '>' => plain += "&gt;",
            '&' => plain += "&amp;",
            '\n' | '\r' => plain.push(' '),
            c => plain.push(c),
        }
    }
    plain
}
