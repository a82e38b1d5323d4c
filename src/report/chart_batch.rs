//! Charts of a batch as inline SVG: how far each total spreads, and what each figure alone does.

use std::fmt::Write;

use super::fan::is_total;
use super::html::escaped;
use super::table::{Row, Table, Value};
use crate::units::{Amount, grouped};

const ROW: u32 = 24;
const LABEL: u32 = 230;
const WIDE: u32 = 460;
const FIGURE: u32 = 110;

/// A place on a chart.
struct Scale {
    low: Amount,
    width: Amount,
}

impl Scale {
    /// From `low` to `high`; `None` where they are the same.
    fn new(low: &Amount, high: &Amount) -> Option<Self> {
        let width = high - low;
        width.is_positive().then(|| Self { low: low.clone(), width })
    }

    /// The column of a value, in tenths.
    fn at(&self, value: &Amount) -> String {
        let part = &(value - &self.low) / &self.width;
        (&(&part * &Amount::whole(i64::from(WIDE))) + &Amount::whole(i64::from(LABEL)))
            .to_decimal(1)
    }
}

/// The number in a column of a row.
fn number<'a>(table: &Table, row: &'a Row, id: &str) -> Option<&'a Amount> {
    let at = table.columns.iter().position(|column| column.id == id)?;
    match row.values.get(at)? {
        Value::Number(number) => Some(number),
        _ => None,
    }
}

/// The text in a column of a row.
fn text<'a>(table: &Table, row: &'a Row, id: &str) -> &'a str {
    let at = table.columns.iter().position(|column| column.id == id);
    match at.and_then(|at| row.values.get(at)) {
        Some(Value::Text(text)) => text,
        _ => "",
    }
}

fn begin(title: &str, rows: usize) -> Option<String> {
    let height = ROW * u32::try_from(rows).ok()? + ROW + 8;
    let width = LABEL + WIDE + FIGURE;
    let title = escaped(title);
    Some(format!(
        "<svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" \
         aria-label=\"{title}\"><title>{title}</title>"
    ))
}

fn shown(value: &Amount) -> String {
    escaped(&grouped(value, u32::from(!value.is_whole())))
}

/// A total whose spread is drawn, in percent of its median.
struct Bar<'a> {
    name: &'a str,
    median: &'a Amount,
    /// The percentiles 5, 25, 75 and 95.
    ends: [Amount; 4],
    need: Option<Amount>,
}

/// How far each total spreads around its median: thin from the 5th to the 95th percentile, a box between
/// the quarters, a diamond at the need. `None` where no total spreads.
pub(super) fn fan(table: &Table) -> Option<String> {
    let bars: Vec<Bar<'_>> = table.body().filter_map(|row| bar(table, row)).collect();
    let low = bars.iter().map(|own| &own.ends[0]).min()?.min(&Amount::ZERO).clone();
    let high = bars.iter().map(|own| &own.ends[3]).max()?.max(&Amount::ZERO).clone();
    let scale = Scale::new(&low, &high)?;
    let mut svg = begin("How far each total spreads around its median", bars.len())?;
    for (place, own) in (0_u32..).zip(&bars) {
        spread(&mut svg, &scale, place * ROW + 6, own);
    }
    let y = ROW * u32::try_from(bars.len()).ok()? + 20;
    let ends = [(&low, "start", LABEL), (&high, "end", LABEL + WIDE)];
    for (end, anchor, x) in ends {
        let sign = if end.is_positive() { "+" } else { "" };
        let text = shown(end);
        let _ =
            write!(svg, "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{sign}{text} %</text>");
    }
    Some(svg + "</svg>")
}

fn bar<'a>(table: &Table, row: &'a Row) -> Option<Bar<'a>> {
    let name = text(table, row, "figure");
    let median = number(table, row, "p50").filter(|median| !median.is_zero())?;
    if !is_total(name) {
        return None;
    }
    let off = |value: &Amount| &(&(value - median) / &median.abs()) * &Amount::whole(100);
    let end = |id: &str| number(table, row, id).map(off);
    let ends = [end("p5")?, end("p25")?, end("p75")?, end("p95")?];
    Some(Bar { name, median, ends, need: number(table, row, "need").map(off) })
}

fn spread(svg: &mut String, scale: &Scale, y: u32, own: &Bar<'_>) {
    let [low, quarter, _, high] = own.ends.each_ref().map(|end| scale.at(end));
    let (name, middle, base) = (escaped(own.name), y + 8, y + 12);
    let (median, figure) = (scale.at(&Amount::ZERO), LABEL + WIDE + 8);
    let box_wide = &own.ends[2] - &own.ends[1];
    let wide = &(&box_wide / &scale.width) * &Amount::whole(i64::from(WIDE));
    let (wide, end, text) = (wide.to_decimal(1), y + 16, shown(own.median));
    let _ = write!(
        svg,
        "<text x=\"0\" y=\"{base}\">{name}</text>\
         <line x1=\"{low}\" y1=\"{middle}\" x2=\"{high}\" y2=\"{middle}\" stroke=\"#222\"/>\
         <rect x=\"{quarter}\" y=\"{y}\" width=\"{wide}\" height=\"16\" fill=\"#9db4c8\" stroke=\"#222\" stroke-width=\"0.7\"/>\
         <line x1=\"{median}\" y1=\"{y}\" x2=\"{median}\" y2=\"{end}\" stroke=\"#222\" stroke-width=\"2\"/>\
         <text x=\"{figure}\" y=\"{base}\">{text}</text>"
    );
    let inside = |need: &&Amount| **need >= scale.low && **need <= &scale.low + &scale.width;
    if let Some(need) = own.need.as_ref().filter(inside) {
        let x = scale.at(need);
        let _ = write!(
            svg,
            "<rect x=\"-5\" y=\"-5\" width=\"10\" height=\"10\" fill=\"#fff\" stroke=\"#222\" \
             transform=\"translate({x} {middle}) rotate(45)\"/>"
        );
    }
}

/// What each figure alone does to a total: hatched at its low value, filled at its high one. `None` where
/// nothing does anything.
pub(super) fn tornado(table: &Table) -> Option<String> {
    let rows: Vec<(&Row, &Amount, &Amount)> = table
        .body()
        .filter_map(|row| {
            Some((row, number(table, row, "at_low")?, number(table, row, "at_high")?))
        })
        .collect();
    let base = number(table, rows.first()?.0, "base")?;
    let low = rows.iter().flat_map(|(_, a, b)| [*a, *b]).min()?.min(base);
    let high = rows.iter().flat_map(|(_, a, b)| [*a, *b]).max()?.max(base);
    let scale = Scale::new(low, high)?;
    let mut svg = begin(&table.title, rows.len())?;
    for (place, (row, at_low, at_high)) in (0_u32..).zip(&rows) {
        let y = place * ROW + 6;
        let name = escaped(text(table, row, "figure"));
        let _ = write!(svg, "<text x=\"0\" y=\"{}\">{name}</text>", y + 12);
        for (value, fill) in [(at_low, "url(#fall)"), (at_high, "#3b5b7a")] {
            let (from, to) = if value < &base { (*value, base) } else { (base, *value) };
            let wide = &(&(to - from) / &scale.width) * &Amount::whole(i64::from(WIDE));
            let _ = write!(
                svg,
                "<rect x=\"{}\" y=\"{y}\" width=\"{}\" height=\"16\" fill=\"{fill}\" stroke=\"#222\" stroke-width=\"0.7\"/>",
                scale.at(from),
                wide.to_decimal(1)
            );
        }
        let ends = format!("{} … {}", text(table, row, "low"), text(table, row, "high"));
        let _ = write!(
            svg,
            "<text x=\"{}\" y=\"{}\">{}</text>",
            LABEL + WIDE + 8,
            y + 12,
            escaped(&ends)
        );
    }
    let (x, y) = (scale.at(base), ROW * u32::try_from(rows.len()).ok()? + 4);
    let _ = write!(
        svg,
        "<line x1=\"{x}\" y1=\"2\" x2=\"{x}\" y2=\"{y}\" stroke=\"#222\"/>\
         <text x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{}</text>\
         <text x=\"{LABEL}\" y=\"{}\">{}</text><text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text></svg>",
        y + 16,
        shown(base),
        y + 16,
        shown(low),
        LABEL + WIDE,
        y + 16,
        shown(high)
    );
    Some(svg)
}
