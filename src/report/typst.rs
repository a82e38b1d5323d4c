//! Tables as Typst source, for print.

use super::exporter::Exporter;
use super::format::shown;
use super::table::{Role, RowKind, Table, Unit, Value};
use super::{ExportError, table::Column};

/// Writes tables as one Typst document: landscape pages, heads that repeat, notes below.
#[derive(Debug, Clone, Default)]
pub struct Typst {
    /// What the document is of.
    pub title: String,
    /// What a reader asks first: one paragraph each.
    pub lead: Vec<String>,
}

impl Exporter for Typst {
    fn encode(&self, tables: &[Table]) -> Result<Vec<u8>, ExportError> {
        let mut text = format!(
            "#set document(title: {0}, date: none)\n\
             #set page(paper: \"a4\", flipped: true, margin: 1.5cm, numbering: \"1 / 1\")\n\
             #set text(size: 8pt)\n\
             #set table(stroke: none, inset: 3pt)\n\
             #show table.cell.where(y: 0): strong\n\
             #text(size: 14pt, weight: \"bold\", {0})\n\n",
            quoted(&self.title)
        );
        for line in &self.lead {
            text += &format!("#text({})\n\n", quoted(line));
        }
        for table in tables {
            text += &section(table);
        }
        Ok(text.into_bytes())
    }
}

fn section(table: &Table) -> String {
    let used: Vec<usize> = (0..table.columns.len())
        .filter(|at| {
            let filled = table.rows.iter().any(|row| row.values[*at] != Value::Empty);
            filled || table.columns[*at].role == Role::Key
        })
        .collect();
    let widths = used.iter().map(|at| match table.columns[*at].role {
        Role::Note => "1fr",
        _ => "auto",
    });
    let sides = used.iter().map(|at| if right(&table.columns[*at]) { "right" } else { "left" });
    let heads = used.iter().map(|at| {
        let column = &table.columns[*at];
        quoted(&match &column.unit {
            Unit::Money(unit) => format!("{} ({unit})", column.title),
            _ => column.title.clone(),
        })
    });
    let list = |parts: Vec<String>| parts.join(", ");
    let mut text = format!(
        "#heading(level: 1, {})\n\n#table(\n  columns: ({},),\n  align: ({},),\n  \
         table.header({}),\n  table.hline(),\n",
        quoted(&table.title),
        widths.collect::<Vec<_>>().join(", "),
        sides.collect::<Vec<_>>().join(", "),
        list(heads.collect())
    );
    for row in &table.rows {
        let cells = used.iter().map(|at| {
            let cell = quoted(&shown(&row.values[*at], &table.columns[*at]));
            if row.kind == RowKind::Total { format!("strong({cell})") } else { cell }
        });
        if row.kind == RowKind::Total {
            text += "  table.hline(stroke: 0.5pt),\n";
        }
        text += &format!("  {},\n", list(cells.collect()));
    }
    text += ")\n\n";
    for note in &table.notes {
        text += &format!("#text(size: 7pt, {})\n\n", quoted(note));
    }
    text
}

fn right(column: &Column) -> bool {
    matches!(column.role, Role::Figure | Role::Change)
}

/// The text as a Typst string, which is shown as it is.
fn quoted(text: &str) -> String {
    let plain = crate::units::display_safe(text);
    format!("\"{}\"", plain.replace('\\', "\\\\").replace('"', "\\\""))
}
