//! Totals along one figure as lines in inline SVG, told apart by their strokes and their names.

use std::fmt::Write;

use indexmap::IndexMap;

use super::html::escaped;
use super::table::{Row, Table, Value};
use crate::units::{Amount, grouped};

const WIDE: i64 = 520;
const HIGH: i64 = 240;
const LEFT: i64 = 70;
const STROKES: [&str; 5] = ["", "7 3", "2 3", "9 3 2 3", "12 4"];

/// A line: the figure and the total, from bend to bend.
type Knots = Vec<(Amount, Amount)>;

/// The totals of the table `slopes`, each in percent of what it is at the least value. `None` where there
/// are none.
pub(super) fn lines(table: &Table) -> Option<String> {
    let mut all: IndexMap<&str, Knots> = IndexMap::new();
    let mut bends: Vec<&Amount> = Vec::new();
    for row in table.body() {
        let number = |id: &str| number(table, row, id);
        let at = table.columns.iter().position(|column| column.id == "slice")?;
        let Value::Text(name) = &row.values[at] else { continue };
        let (from, to) = (number("from")?, number("to")?);
        let knots = all.entry(name.as_str()).or_default();
        knots.push((from.clone(), number("at_from")?.clone()));
        knots.push((to.clone(), number("at_to")?.clone()));
        bends.push(from);
    }
    bends.sort();
    bends.dedup();
    let all: Vec<(&str, Knots)> =
        all.into_iter().filter_map(|(name, knots)| Some((name, percent(&knots)?))).collect();
    let knots = || all.iter().flat_map(|(_, knots)| knots);
    let (left, right) = (knots().map(|k| &k.0).min()?, knots().map(|k| &k.0).max()?);
    let (low, high) = (knots().map(|k| &k.1).min()?, knots().map(|k| &k.1).max()?);
    let x = axis((left, right), (LEFT, LEFT + WIDE))?;
    let y = axis((low, high), (HIGH, 10))?;
    let (width, height) = (LEFT + WIDE + 240, HIGH + 40);
    let title = escaped("Totals along the figure, in percent of the first");
    let mut svg = format!(
        "<svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" \
         aria-label=\"{title}\"><title>{title}</title>\
         <path d=\"M{LEFT} 10V{HIGH}H{}\" fill=\"none\" stroke=\"#222\"/>",
        LEFT + WIDE
    );
    for bend in bends.into_iter().filter(|bend| *bend > left && *bend < right) {
        upright(&mut svg, &x(bend), bend);
    }
    for (place, (name, knots)) in all.iter().enumerate() {
        stroke(&mut svg, place, name, knots, (&x, &y));
    }
    let ends = [(LEFT, HIGH + 16, "middle", left), (LEFT + WIDE, HIGH + 16, "middle", right)];
    for (at, base, anchor, value) in ends {
        let text = shown(value);
        let _ = write!(svg, "<text x=\"{at}\" y=\"{base}\" text-anchor=\"{anchor}\">{text}</text>");
    }
    for (base, value) in [(HIGH, low), (18, high)] {
        let text = shown(value);
        let _ = write!(
            svg,
            "<text x=\"{}\" y=\"{base}\" text-anchor=\"end\">{text} %</text>",
            LEFT - 6
        );
    }
    Some(svg + "</svg>")
}

/// The totals in percent of the first; `None` where that is zero.
fn percent(knots: &Knots) -> Option<Knots> {
    let first = knots.first().map(|(_, total)| total.clone()).filter(|first| !first.is_zero())?;
    let hundred = Amount::whole(100);
    let part = |total: &Amount| &(total / &first) * &hundred;
    Some(knots.iter().map(|(at, total)| (at.clone(), part(total))).collect())
}

/// Where values of a range stand; `None` where there is no range.
fn axis(
    (low, high): (&Amount, &Amount),
    (from, to): (i64, i64),
) -> Option<impl Fn(&Amount) -> String + use<>> {
    let (low, width) = (low.clone(), high - low);
    if !width.is_positive() {
        return None;
    }
    Some(move |value: &Amount| {
        let part = &(value - &low) / &width;
        (&Amount::whole(from) + &(&part * &Amount::whole(to - from))).to_decimal(1)
    })
}

fn stroke(
    svg: &mut String,
    place: usize,
    name: &str,
    knots: &Knots,
    (x, y): (&impl Fn(&Amount) -> String, &impl Fn(&Amount) -> String),
) {
    let points: Vec<String> =
        knots.iter().map(|(at, total)| format!("{},{}", x(at), y(total))).collect();
    let dash = STROKES[place % STROKES.len()];
    let base = 20 + 18 * i64::try_from(place).unwrap_or(0);
    let (line, text) = (LEFT + WIDE + 14, LEFT + WIDE + 50);
    let name = escaped(name);
    let _ = write!(
        svg,
        "<polyline points=\"{}\" fill=\"none\" stroke=\"#3b5b7a\" stroke-width=\"2\" stroke-dasharray=\"{dash}\"/>\
         <path d=\"M{line} {}h30\" stroke=\"#3b5b7a\" stroke-width=\"2\" stroke-dasharray=\"{dash}\"/>\
         <text x=\"{text}\" y=\"{base}\">{name}</text>",
        points.join(" "),
        base - 4
    );
}

/// A bend, with its value below.
fn upright(svg: &mut String, x: &str, bend: &Amount) {
    let text = shown(bend);
    let _ = write!(
        svg,
        "<path d=\"M{x} 10V{HIGH}\" stroke=\"#888\" stroke-dasharray=\"3 3\"/>\
         <text x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{text}</text>",
        HIGH + 32
    );
}

fn shown(value: &Amount) -> String {
    escaped(&grouped(value, u32::from(!value.is_whole())))
}

fn number<'a>(table: &Table, row: &'a Row, id: &str) -> Option<&'a Amount> {
    let at = table.columns.iter().position(|column| column.id == id)?;
    match row.values.get(at)? {
        Value::Number(number) => Some(number),
        _ => None,
    }
}
