//! The chart of a walk: totals as lines, bends and the chosen point as upright ones.

use ratatui::layout::{Alignment, Rect};
use ratatui::symbols::Marker;
use ratatui::widgets::{Axis, Chart, Dataset, GraphType, Widget};

use super::curve::Curve;
use super::view::{Walk, shown};
use super::{curve, list, searching};
use crate::tui::canvas::Canvas;
use crate::tui::model::Model;
use crate::tui::pivot::percent;
use crate::tui::theme::Role;
use crate::units::Amount;

/// How the totals look, one after the other; each also has a letter.
pub(super) const ROLES: [Role; 4] = [Role::Gain, Role::Loss, Role::Held, Role::Strong];

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

pub(super) fn letter(at: usize) -> char {
    (b'a'..=b'z').nth(at).map_or('?', char::from)
}

/// The lines of a curve; all faint where it is one that no longer holds.
fn strokes(model: &Model, walk: &Walk<'_>, curve: &Curve, faint: bool) -> Vec<Stroke> {
    let mut strokes = Vec::new();
    for (place_in, own) in walk.series.iter().enumerate() {
        let role = if faint { Role::Faint } else { ROLES[place_in % ROLES.len()] };
        let sign = Marker::Custom(letter(place_in));
        let line = if model.look.ascii { sign } else { Marker::Braille };
        let now = walk.answer.sum(&own.cells);
        let height = |total: &Amount| {
            if model.explore.amounts {
                return place(total);
            }
            place(&percent(&(total - &now), &now).unwrap_or_default())
        };
        for run in &curve.runs {
            let knots = run
                .iter()
                .filter_map(|knot| Some((place(&knot.at), height(knot.totals.get(place_in)?))));
            let points: Vec<(f64, f64)> = knots.collect();
            let last = points.last().copied().into_iter().collect();
            strokes.push(Stroke { points, marker: line, kind: GraphType::Line, role });
            if !faint {
                strokes.push(Stroke { points: last, marker: sign, kind: GraphType::Scatter, role });
            }
        }
    }
    strokes
}

/// What is known of the walk; before it the last curve of the same value while more is to come.
fn all_strokes(model: &Model, walk: &Walk<'_>) -> Vec<Stroke> {
    let mut all = Vec::new();
    if let Some((target, last)) = &model.explore.last
        && *target == walk.subject.target
        && searching(model)
    {
        all.extend(strokes(model, walk, last, true));
    }
    all.extend(strokes(model, walk, &curve(model), false));
    all
}

/// How far the chart reaches, upright.
fn reach(strokes: &[Stroke]) -> (f64, f64) {
    let heights = strokes.iter().flat_map(|own| &own.points).map(|(_, y)| *y);
    let start = (f64::INFINITY, f64::NEG_INFINITY);
    let (mut low, mut high) = heights.fold(start, |(low, high), y| (low.min(y), high.max(y)));
    if !(low.is_finite() && high.is_finite()) {
        (low, high) = (-1.0, 1.0);
    }
    let room = ((high - low) * 0.05).max(0.01);
    (low - room, high + room)
}

pub(super) fn draw(model: &Model, walk: &Walk<'_>, canvas: &mut Canvas<'_>, area: Rect) {
    let Some(values) = model.explore.asked.as_ref().and_then(|asked| match &asked.question {
        super::Question::Sweep(sweep) => Some(&sweep.values),
        _ => None,
    }) else {
        return;
    };
    let (Some(first), Some(last)) = (values.first(), values.last()) else { return };
    let strokes = all_strokes(model, walk);
    let (low, high) = reach(&strokes);
    let upright = |value: &Amount, sign: char| Stroke {
        points: vec![(place(value), low), (place(value), high)],
        marker: Marker::Custom(sign),
        kind: GraphType::Line,
        role: Role::Faint,
    };
    let mut all: Vec<Stroke> = list(model).iter().map(|bend| upright(&bend.at, '╎')).collect();
    all.push(upright(&walk.subject.now, '┊'));
    if walk.at != walk.subject.now {
        all.push(upright(&walk.at, '│'));
    }
    all.extend(strokes);
    let datasets = all.iter().map(|own| {
        let style = canvas.look.style(own.role);
        Dataset::default().data(&own.points).marker(own.marker).graph_type(own.kind).style(style)
    });
    let faint = canvas.look.style(Role::Faint);
    let label = |y: f64| label(model, y);
    let chart = Chart::new(datasets.collect())
        .x_axis(
            Axis::default()
                .bounds([place(first), place(last)])
                .labels([shown(walk.subject, first), shown(walk.subject, last)])
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

fn label(model: &Model, y: f64) -> String {
    let digits = usize::from(!model.explore.amounts);
    let text = format!("{y:.digits$}").replace('-', "−");
    let zero = text.chars().all(|c| matches!(c, '−' | '0' | '.'));
    let text = if zero { text.trim_start_matches('−').to_string() } else { text };
    if model.explore.amounts { text } else { format!("{text} %") }
}
