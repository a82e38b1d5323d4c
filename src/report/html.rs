//! A report as one HTML file: tables, reasons and charts, nothing from elsewhere, printable.

use super::chart::{PATTERNS, bars};
use super::chart_batch::{fan, tornado};
use super::chart_lines::lines;
use super::exporter::Exporter;
use super::format::shown;
use super::table::{Role, RowKind, Table, Unit};
use super::{ExportError, table::Column};
use crate::units::display_safe;

/// Writes tables as one HTML file, with a chart before each table that has a column `change` and
/// one key, and before what a batch and a sweep come to.
#[derive(Debug, Clone, Default)]
pub struct Html {
    /// What the report is of.
    pub title: String,
    /// What a reader asks first: one paragraph each.
    pub lead: Vec<String>,
}

const STYLE: &str = "\
body{font:14px/1.45 system-ui,sans-serif;color:#1a1a1a;background:#fff;max-width:76rem;margin:2rem auto;padding:0 1rem}\
h1{font-size:1.6rem;margin-bottom:.3rem}h2{font-size:1.15rem;margin-top:2.2rem;border-bottom:2px solid #1a1a1a}\
.lead p{margin:.15rem 0;white-space:pre-wrap}nav ul{columns:2;padding-left:1.2rem}\
.wide{overflow-x:auto}table{border-collapse:collapse;margin:.6rem 0;font-variant-numeric:tabular-nums}\
th,td{padding:.18rem .6rem;text-align:left;vertical-align:top;border-bottom:1px solid #ccc}\
th{border-bottom:1.5px solid #1a1a1a}th.n,td.n{text-align:right;white-space:nowrap}\
tr.total td{font-weight:bold;border-top:1.5px solid #1a1a1a}\
ul.notes{color:#444;font-size:.92em;padding-left:1.2rem}svg text{font:12px system-ui,sans-serif}\
@media print{body{margin:0;max-width:none;font-size:10px}nav{display:none}h2{break-after:avoid}\
tr{break-inside:avoid}thead{display:table-header-group}svg{break-inside:avoid}}";

impl Exporter for Html {
    fn encode(&self, tables: &[Table]) -> Result<Vec<u8>, ExportError> {
        let title = escaped(&self.title);
        let lead: String = self
            .lead
            .iter()
            .map(|line| format!("<p>{}</p>\n", escaped(line)))
            .collect::<Vec<_>>()
            .concat();
        let links = tables.iter().enumerate().map(|(place, table)| {
            format!("<li><a href=\"#t{place}\">{}</a></li>\n", escaped(&table.title))
        });
        let links = links.collect::<Vec<_>>().concat();
        let sections = tables.iter().enumerate().map(|(place, table)| section(place, table));
        let sections = sections.collect::<Vec<_>>().concat();
        let page = format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
             <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{PATTERNS}\n\
             <h1>{title}</h1>\n<div class=\"lead\">\n{lead}</div>\n\
             <nav aria-label=\"Tables\"><ul>\n{links}</ul></nav>\n{sections}</body>\n</html>\n"
        );
        Ok(page.into_bytes())
    }
}

fn section(place: usize, table: &Table) -> String {
    let chart = drawn(table);
    let chart = chart.map_or(String::new(), |svg| format!("<figure>{svg}</figure>\n"));
    let used: Vec<usize> = (0..table.columns.len())
        .filter(|at| {
            let filled = table.rows.iter().any(|row| row.values[*at] != super::Value::Empty);
            filled || table.columns[*at].role == Role::Key
        })
        .collect();
    let head = used.iter().map(|at| {
        let column = &table.columns[*at];
        let text = match &column.unit {
            Unit::Money(unit) => format!("{} ({unit})", column.title),
            _ => column.title.clone(),
        };
        format!("<th scope=\"col\"{}>{}</th>", class(column), escaped(&text))
    });
    let head = head.collect::<Vec<_>>().concat();
    let mut body = String::new();
    for row in &table.rows {
        let kind = if row.kind == RowKind::Total { " class=\"total\"" } else { "" };
        let cells = used.iter().map(|at| {
            let column = &table.columns[*at];
            format!("<td{}>{}</td>", class(column), escaped(&shown(&row.values[*at], column)))
        });
        body += &format!("<tr{kind}>{}</tr>\n", cells.collect::<Vec<_>>().concat());
    }
    let notes = table.notes.iter().map(|note| format!("<li>{}</li>", escaped(note)));
    let notes = notes.collect::<Vec<_>>().concat();
    let notes =
        if notes.is_empty() { notes } else { format!("<ul class=\"notes\">{notes}</ul>\n") };
    format!(
        "<section>\n<h2 id=\"t{place}\">{}</h2>\n{chart}<div class=\"wide\"><table>\n\
         <thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table></div>\n{notes}</section>\n",
        escaped(&table.title)
    )
}

/// The chart that belongs to a table.
fn drawn(table: &Table) -> Option<String> {
    let keys = table.columns.iter().filter(|column| column.role == Role::Key).count();
    match table.id {
        "fan" => fan(table),
        "tornado" => tornado(table),
        "slopes" => lines(table),
        _ if keys == 1 => bars(table),
        _ => None,
    }
}

fn class(column: &Column) -> &'static str {
    match column.role {
        Role::Figure | Role::Change => " class=\"n\"",
        _ => "",
    }
}

/// The text with the signs that HTML reads made plain.
pub(super) fn escaped(text: &str) -> String {
    let mut plain = String::new();
    for c in display_safe(text).chars() {
        match c {
            '&' => plain += "&amp;",
            '<' => plain += "&lt;",
            '>' => plain += "&gt;",
            '"' => plain += "&quot;",
            '\'' => plain += "&#39;",
            c => plain.push(c),
        }
    }
    plain
}
