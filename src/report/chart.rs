//! Charts as inline SVG: changes as bars left and right of a line, told apart without colour.

use std::fmt::Write;

use super::html::escaped;
use super::table::{Table, Value};
use crate::units::{Amount, grouped};

const ROW: u32 = 22;
const LABEL: u32 = 190;
const HALF: u32 = 210;
const FIGURE: u32 = 80;

/// Bars of the column `change` of the body rows, labelled by the first column: falls are hatched,
/// rises are filled, and each figure stands at its bar. `None` where nothing changes.
pub(super) fn bars(table: &Table) -> Option<String> {
    let at = table.columns.iter().position(|column| column.id == "change")?;
    let rows: Vec<(String, &Amount)> = table
        .body()
        .filter_map(|row| match (&row.values[0], &row.values[at]) {
            (Value::Text(label), Value::Number(change)) => Some((label.clone(), change)),
            _ => None,
        })
        .collect();
    let most = rows.iter().map(|(_, change)| change.abs()).max().filter(Amount::is_positive)?;
    let height = ROW * u32::try_from(rows.len()).ok()? + 8;
    let width = LABEL + 2 * (HALF + FIGURE);
    let axis = LABEL + FIGURE + HALF;
    let title = escaped(&format!("Change by {}", table.columns[0].title));
    let mut svg = format!(
        "<svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" \
         aria-label=\"{title}\"><title>{title}</title>"
    );
    for (place, (label, change)) in (0_u32..).zip(&rows) {
        let y = place * ROW + 6;
        bar(&mut svg, (axis, y), label, change, &most);
    }
    let _ = write!(
        svg,
        "<line x1=\"{axis}\" y1=\"2\" x2=\"{axis}\" y2=\"{}\" stroke=\"#222\"/></svg>",
        height - 2
    );
    Some(svg)
}

fn bar(svg: &mut String, (axis, y): (u32, u32), label: &str, change: &Amount, most: &Amount) {
    let share = &(&change.abs() / most) * &Amount::whole(i64::from(HALF));
    let long = share.to_decimal(1);
    let fall = change.is_negative();
    let end = share.to_decimal(0).parse::<u32>().unwrap_or(0);
    let (start, figure, anchor) =
        if fall { (axis - end, axis - end - 6, "end") } else { (axis, axis + end + 6, "start") };
    let fill = if fall { "url(#fall)" } else { "#3b5b7a" };
    let sign = if change.is_positive() { "+" } else { "" };
    let text = escaped(&format!("{sign}{}", grouped(change, u32::from(!change.is_whole()) * 2)));
    let label = escaped(label);
    let (middle, height) = (y + 11, ROW - 8);
    let _ = write!(
        svg,
        "<text x=\"0\" y=\"{middle}\">{label}</text>\
         <rect x=\"{start}\" y=\"{y}\" width=\"{long}\" height=\"{height}\" fill=\"{fill}\" \
         stroke=\"#222\" stroke-width=\"0.7\"/>\
         <text x=\"{figure}\" y=\"{middle}\" text-anchor=\"{anchor}\">{text}</text>"
    );
}

/// The hatching that falls are drawn with, once a page.
pub(super) const PATTERNS: &str = "<svg width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>\
<pattern id=\"fall\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" \
patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" fill=\"#fff\"/>\
<line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\" stroke=\"#a3421f\" stroke-width=\"3\"/></pattern></defs></svg>";
