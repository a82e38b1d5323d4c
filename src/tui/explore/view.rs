//! Draws the walk as a line chart.

use ratatui::layout::{Alignment, Rect};
use ratatui::symbols::Marker;
use ratatui::widgets::{Axis, Chart, Dataset, GraphType, Widget};

use super::{Series, Subject, chosen, points, series, subjects, sum};
use crate::tui::allocation::signed;
use crate::tui::answer::Answer;
use crate::tui::canvas::{Canvas, column};
use crate::tui::model::Model;
use crate::tui::pivot::percent;
use crate::tui::sweep::Point;
use crate::tui::theme::Role;
use crate::units::{Amount, grouped};

/// How the totals look, one after the other; each also has a letter.
const ROLES: [Role; 4] = [Role::Gain, Role::Loss, Role::Held, Role::Strong];

/// A stretch of the chart.
struct Stroke {
    points: Vec<(f64, f64)>,
    marker: Marker,
    kind: GraphType,
    role: Role,
}

/// The number on the chart; only where it is drawn depends on it.
fn place(amount: &Amount) -> f64 {
    amount.to_f64()
}

fn letter(at: usize) -> char {
    (b'a'..=b'z').nth(at).map_or('?', char::from)
}

/// Draws the screen.
pub fn view(model: &Model, canvas: &mut Canvas<'_>, body: Rect) {
    let Some(answer) = &model.answer else { return };
    let all = subjects(model);
    let width = usize::from(body.width);
    let list = (width / 4).clamp(16, 40);
    canvas.text(body.x + 1, body.y, list, "↑↓ what is walked through", Role::Faint);
    let room = usize::from(body.height).saturating_sub(1);
    let top = model.explore.row.saturating_sub(room.saturating_sub(1));
    for (line, (at, own)) in all.iter().enumerate().skip(top).take(room).enumerate() {
        let role = if at == model.explore.row { Role::Chosen } else { Role::Plain };
        canvas.text(body.x + 1, body.y + 1 + column(line), list - 2, &own.title, role);
    }
    for y in body.top()..body.bottom() {
        canvas.text(body.x + column(list), y, 1, "│", Role::Faint);
    }
    let x = body.x + column(list) + 2;
    let area = Rect { x, width: body.right().saturating_sub(x), ..body };
    match all.get(model.explore.row) {
        Some(subject) => chart(model, answer, subject, canvas, area),
        None => {
            canvas.text(x, body.y, width, "the plan states no value to walk through", Role::Faint);
        }
    }
}

fn chart(model: &Model, answer: &Answer, subject: &Subject, canvas: &mut Canvas<'_>, area: Rect) {
    let points = points(model);
    let series = series(model, answer);
    let at = chosen(model).map_or_else(|| subject.now.clone(), |(_, value)| value);
    let found = points.iter().find(|point| point.value == at);
    head(model, subject, &at, &points, canvas, area);
    let table = column(series.len()) + 3;
    let plot = Rect { y: area.y + 2, height: area.height.saturating_sub(2 + table), ..area };
    let with_table = plot.height >= 5;
    let plot =
        if with_table { plot } else { Rect { height: area.height.saturating_sub(2), ..plot } };
    draw(model, (subject, &at), &points, (answer, &series), canvas, plot);
    if with_table {
        let below = Rect { y: plot.bottom(), height: table, ..area };
        legend(model, found, &points, (answer, subject, &series), canvas, below);
    }
}

fn shown(subject: &Subject, value: &Amount) -> String {
    if subject.share {
        let points = value * &Amount::whole(100);
        return format!("{} %", trimmed(&points));
    }
    format!("{} {}", trimmed(value), subject.unit).trim_end().to_string()
}

fn trimmed(value: &Amount) -> String {
    if value.is_whole() {
        return grouped(value, 0);
    }
    grouped(value, 4).trim_end_matches('0').to_string()
}

fn head(
    model: &Model,
    subject: &Subject,
    at: &Amount,
    points: &[Point],
    canvas: &mut Canvas<'_>,
    area: Rect,
) {
    let width = usize::from(area.width);
    let what = if model.explore.amounts {
        let unit = model.answer.as_ref().map_or(String::new(), |answer| answer.plan.unit());
        format!("totals in {unit}")
    } else {
        "totals, in % of what they are here".to_string()
    };
    let text = format!("{}: you are here at {}", subject.title, shown(subject, &subject.now));
    canvas.text(area.x, area.y, width, &text, Role::Strong);
    let count = points.len();
    let left = model.explore.asked.as_ref().map_or(0, |asked| match &asked.question {
        super::Question::Sweep(sweep) => sweep.values.len().saturating_sub(count),
        _ => 0,
    });
    let clashing = points.iter().filter(|point| point.amounts.is_none()).count();
    let cannot = match clashing {
        0 => String::new(),
        1 => " · 1 point cannot be done".into(),
        several => format!(" · {several} points cannot be done"),
    };
    let waiting = if left == 0 { String::new() } else { format!("   {left} points to come…") };
    let text = format!("chosen point {} · {what}{cannot}{waiting}", shown(subject, at));
    canvas.text(area.x, area.y + 1, width, &text, Role::Faint);
}

/// What a total is at a point, on the scale of the chart.
fn height(model: &Model, answer: &Answer, own: &Series, point: &Point) -> Option<Amount> {
    let now = answer.sum(&own.cells);
    let there = sum(point.amounts.as_ref()?, &own.cells);
    if model.explore.amounts {
        return Some(there);
    }
    Some(percent(&(&there - &now), &now).unwrap_or_default())
}

fn strokes(model: &Model, (answer, series): (&Answer, &[Series]), points: &[Point]) -> Vec<Stroke> {
    let mut strokes = Vec::new();
    for (place_in, own) in series.iter().enumerate() {
        let role = ROLES[place_in % ROLES.len()];
        let sign = Marker::Custom(letter(place_in));
        let line = if model.look.ascii { sign } else { Marker::Braille };
        let known =
            |point: &Point| Some((place(&point.value), place(&height(model, answer, own, point)?)));
        // Points that cannot be done part the line.
        for run in points.split(|point| point.amounts.is_none()).filter(|run| !run.is_empty()) {
            let run: Vec<(f64, f64)> = run.iter().filter_map(known).collect();
            let last = run.last().copied().into_iter().collect();
            strokes.push(Stroke { points: run, marker: line, kind: GraphType::Line, role });
            strokes.push(Stroke { points: last, marker: sign, kind: GraphType::Scatter, role });
        }
    }
    strokes
}

fn draw(
    model: &Model,
    (subject, at): (&Subject, &Amount),
    points: &[Point],
    watched: (&Answer, &[Series]),
    canvas: &mut Canvas<'_>,
    area: Rect,
) {
    let Some(values) = model.explore.asked.as_ref().and_then(|asked| match &asked.question {
        super::Question::Sweep(sweep) => Some(&sweep.values),
        _ => None,
    }) else {
        return;
    };
    let (Some(first), Some(last)) = (values.first(), values.last()) else { return };
    let strokes = strokes(model, watched, points);
    let heights: Vec<f64> = strokes.iter().flat_map(|own| &own.points).map(|(_, y)| *y).collect();
    let mut low = heights.iter().copied().fold(f64::INFINITY, f64::min);
    let mut high = heights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if !(low.is_finite() && high.is_finite()) {
        (low, high) = (-1.0, 1.0);
    }
    let room = ((high - low) * 0.05).max(0.01);
    (low, high) = (low - room, high + room);
    let upright = |value: &Amount, sign: char| Stroke {
        points: vec![(place(value), low), (place(value), high)],
        marker: Marker::Custom(sign),
        kind: GraphType::Line,
        role: Role::Faint,
    };
    let mut all = vec![upright(&subject.now, '┊')];
    if *at != subject.now {
        all.push(upright(at, '│'));
    }
    all.extend(strokes);
    let datasets = all.iter().map(|own| {
        let style = canvas.look.style(own.role);
        Dataset::default().data(&own.points).marker(own.marker).graph_type(own.kind).style(style)
    });
    let faint = canvas.look.style(Role::Faint);
    let digits = usize::from(!model.explore.amounts);
    let label = |y: f64| {
        let text = format!("{y:.digits$}").replace('-', "−");
        let zero = text.chars().all(|c| matches!(c, '−' | '0' | '.'));
        let text = if zero { text.trim_start_matches('−').to_string() } else { text };
        if model.explore.amounts { text } else { format!("{text} %") }
    };
    let chart = Chart::new(datasets.collect())
        .x_axis(
            Axis::default()
                .bounds([place(first), place(last)])
                .labels([shown(subject, first), shown(subject, last)])
                .labels_alignment(Alignment::Right)
                .style(faint),
        )
        .y_axis(
            Axis::default()
                .bounds([low, high])
                .labels([label(low), label(f64::midpoint(low, high)), label(high)])
                .style(faint),
        );
    chart.render(area.intersection(canvas.buffer.area), canvas.buffer);
}

/// What each total is here and at the chosen point, and which limits bind there and not here.
fn legend(
    model: &Model,
    found: Option<&Point>,
    points: &[Point],
    (answer, subject, series): (&Answer, &Subject, &[Series]),
    canvas: &mut Canvas<'_>,
    area: Rect,
) {
    let width = usize::from(area.width);
    let name = width.saturating_sub(3 * 13 + 4).clamp(8, 30);
    let x = |at: usize| area.x + column(3 + name + at * 13);
    for (at, text) in ["here", "there", "%"].into_iter().enumerate() {
        canvas.right(x(at), area.y, 12, text, Role::Faint);
    }
    for (at, own) in series.iter().enumerate() {
        let y = area.y + 1 + column(at);
        let role = ROLES[at % ROLES.len()];
        canvas.text(area.x, y, 2, &letter(at).to_string(), role);
        canvas.text(area.x + 2, y, name, &own.name, Role::Plain);
        let now = answer.sum(&own.cells);
        canvas.figure(x(0), y, 12, &grouped(&now, 0), Role::Plain);
        let Some(amounts) = found.and_then(|point| point.amounts.as_ref()) else { continue };
        let there = sum(amounts, &own.cells);
        canvas.figure(x(1), y, 12, &grouped(&there, 0), Role::Strong);
        let share = percent(&(&there - &now), &now).unwrap_or_default();
        canvas.figure(x(2), y, 12, &signed(&share, 1), role);
    }
    let (words, role) = told(model, found, points, subject);
    let y = area.bottom().saturating_sub(2);
    canvas.wrapped((area.x, y), area.bottom(), width, &words, role);
}

fn told(
    model: &Model,
    found: Option<&Point>,
    points: &[Point],
    subject: &Subject,
) -> (String, Role) {
    let here = points.iter().find(|point| point.value == subject.now);
    match (found, here) {
        (Some(point), _) if point.amounts.is_none() => {
            ("‼ this point cannot be done: limits clash there".into(), Role::Loss)
        }
        (Some(point), Some(here)) if model.explore.at != 0 => {
            let less = |a: &Point, b: &Point| -> String {
                let new = a.binding.iter().filter(|name| !b.binding.contains(name));
                new.take(3).cloned().collect::<Vec<_>>().join("; ")
            };
            let parts = [("binds there only", less(point, here)), ("here only", less(here, point))];
            let parts: Vec<String> = parts
                .into_iter()
                .filter(|(_, names)| !names.is_empty())
                .map(|(word, names)| format!("{word}: {names}"))
                .collect();
            let none = "the same limits bind there as here".to_string();
            (if parts.is_empty() { none } else { parts.join(" · ") }, Role::Plain)
        }
        (None, _) => ("solving…".into(), Role::Faint),
        _ => ("← and → choose a point, ⏎ makes it the scenario".into(), Role::Faint),
    }
}
