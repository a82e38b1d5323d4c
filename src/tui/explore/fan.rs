//! The rows of a batch: how far each figure spreads.

use std::sync::Arc;

use ratatui::layout::Rect;

use crate::report::{self, Spread, Table};
use crate::tui::action::Action;
use crate::tui::canvas::{Canvas, column};
use crate::tui::message::Command;
use crate::tui::model::{Model, Screen};
use crate::tui::theme::Role;
use crate::units::{Amount, display_safe, grouped};

/// The rows of a batch that are shown.
#[derive(Debug, Clone)]
pub(super) struct Fan {
    /// Where they were read.
    name: String,
    spreads: Arc<[Spread]>,
    /// The chosen figure.
    row: usize,
}

impl Fan {
    /// The figures as a table.
    pub(super) fn table(&self) -> Table {
        report::fan(&self.spreads)
    }
}

/// Shows what was read, or says why it could not be.
pub(in crate::tui) fn spread(
    model: &mut Model,
    name: &str,
    found: Result<Arc<[Spread]>, String>,
) -> Vec<Command> {
    let name = display_safe(name);
    match found {
        Err(words) => {
            model.warn(display_safe(&words));
            Vec::new()
        }
        Ok(spreads) if spreads.is_empty() => {
            model.warn(format!("{name} has no figures"));
            Vec::new()
        }
        Ok(spreads) => {
            // Totals of money first: what varies is told last, without a bar.
            let (totals, others): (Vec<_>, Vec<_>) =
                spreads.iter().cloned().partition(Spread::is_total);
            let spreads = [totals, others].concat().into();
            model.say("Esc goes back to the walk");
            model.explore.fan = Some(Fan { name, spreads, row: 0 });
            if model.screen == Screen::Explore {
                return Vec::new();
            }
            crate::tui::update::show(model, Screen::Explore)
        }
    }
}

/// Does an action while the rows are shown.
pub(super) fn update(model: &mut Model, action: Action) {
    if action == Action::Show {
        model.explore.amounts = !model.explore.amounts;
    }
    if let Some(fan) = &mut model.explore.fan {
        fan.row = action.walks(fan.row, fan.spreads.len().saturating_sub(1));
    }
}

/// A figure from its median, in percent of it; nothing where that is zero.
fn off(value: Option<&Amount>, median: Option<&Amount>) -> Option<Amount> {
    let (value, median) = (value?, median?);
    if median.is_zero() {
        return None;
    }
    Some(&(&(value - median) / &median.abs()) * &Amount::whole(100))
}

/// The percentiles that a bar runs between, and its middle.
const LOW: usize = 1;
const QUARTER: usize = 2;
const MEDIAN: usize = 3;
const THREE_QUARTERS: usize = 4;
const HIGH: usize = 5;

/// Where things stand on a line.
struct Lines {
    name: usize,
    bar: (u16, usize),
    figures: u16,
}

/// Columns of one figure.
const FIGURE: usize = 12;

/// Draws the figures, one a line: a bar from the 5th to the 95th percentile around the median.
pub(super) fn view(model: &Model, fan: &Fan, canvas: &mut Canvas<'_>, body: Rect) {
    let width = usize::from(body.width);
    let count = fan.spreads.iter().map(|own| own.count).max().unwrap_or(0);
    let head = format!("{}: {count} scenarios", fan.name);
    canvas.text(body.x + 1, body.y, width - 2, &head, Role::Strong);
    let lines = columns(fan, width);
    let x = |at: usize| body.x + lines.figures + column(at * FIGURE);
    let heads = ["5 %", "median", "95 %", "at its need"];
    for (at, text) in heads.into_iter().enumerate() {
        canvas.right(x(at), body.y + 1, FIGURE - 1, text, Role::Faint);
    }
    let (low, high) = scale(fan);
    let ends = format!("{} %", grouped(&low, 1));
    let bar = body.x + lines.bar.0;
    canvas.text(bar, body.y + 1, lines.bar.1, &ends, Role::Faint);
    let ends = format!("{} % of the median", grouped(&high, 1));
    if lines.bar.1 > 30 {
        canvas.right(bar, body.y + 1, lines.bar.1, &ends, Role::Faint);
    }
    let room = usize::from(body.height).saturating_sub(4);
    let top = fan.row.saturating_sub(room.saturating_sub(1));
    for (line, (at, own)) in fan.spreads.iter().enumerate().skip(top).take(room).enumerate() {
        let y = body.y + 2 + column(line);
        let role = if at == fan.row { Role::Chosen } else { Role::Plain };
        canvas.text(body.x + 1, y, lines.name, &display_safe(&own.name), role);
        stroke(own, (&low, &high), canvas, (bar, y), lines.bar.1);
        for (place, text) in figures(model, own).into_iter().enumerate() {
            canvas.figure(x(place), y, FIGURE - 1, &text, Role::Plain);
        }
    }
    let y = body.bottom().saturating_sub(1);
    if let Some(own) = fan.spreads.get(fan.row) {
        canvas.text(body.x + 1, y, width - 2, &told(own), Role::Faint);
    }
}

fn columns(fan: &Fan, width: usize) -> Lines {
    let longest = fan.spreads.iter().map(|own| own.name.chars().count()).max().unwrap_or(0);
    let figures = width.saturating_sub(4 * FIGURE + 1);
    let name = longest.clamp(8, (figures / 2).max(8));
    let bar = figures.saturating_sub(name + 4);
    Lines { name, bar: (column(name + 3), bar), figures: column(figures) }
}

/// The widest ends of all bars, in percent of their medians.
fn scale(fan: &Fan) -> (Amount, Amount) {
    let ends = |place: usize| {
        fan.spreads
            .iter()
            .filter(|own| own.is_total())
            .filter_map(move |own| off(own.at(place), own.at(MEDIAN)))
    };
    let low = ends(LOW).min().unwrap_or_default().min(Amount::ZERO);
    let high = ends(HIGH).max().unwrap_or_default().max(Amount::ZERO);
    if low == high { (Amount::whole(-1), Amount::ONE) } else { (low, high) }
}

/// One bar: thin to the 5th and 95th percentile, thick between the quarters, a line at the median.
fn stroke(
    own: &Spread,
    (low, high): (&Amount, &Amount),
    canvas: &mut Canvas<'_>,
    (x, y): (u16, u16),
    width: usize,
) {
    if width < 3 || !own.is_total() {
        return;
    }
    let median = own.at(MEDIAN);
    let place = |value: Option<&Amount>| -> Option<usize> {
        let part = &(&off(value, median)? - low) / &(high - low);
        let at = &part * &Amount::whole(i64::try_from(width - 1).ok()?);
        at.to_decimal(0).parse().ok()
    };
    let ends = [LOW, QUARTER, MEDIAN, THREE_QUARTERS, HIGH].map(|at| place(own.at(at)));
    let [Some(first), Some(quarter), Some(middle), Some(third), Some(last)] = ends else { return };
    let sign = |at: usize| match at {
        at if at == middle => '┃',
        at if (quarter..=third).contains(&at) => '█',
        _ => '─',
    };
    let bar: String = (first..=last).map(sign).collect();
    canvas.text(x + column(first), y, width - first.min(width), &bar, Role::Gain);
    if let Some(need) = place(own.need.as_ref()).filter(|at| *at < width) {
        canvas.text(x + column(need), y, 1, "◆", Role::Held);
    }
}

/// The figures beside a bar.
fn figures(model: &Model, own: &Spread) -> [String; 4] {
    let median = own.at(MEDIAN);
    let text = |value: Option<&Amount>| {
        value.map_or(String::new(), |value| grouped(value, u32::from(!value.is_whole())))
    };
    let share = |value: Option<&Amount>| match off(value, median) {
        Some(part) => format!("{} %", crate::tui::allocation::signed(&part, 1)),
        None => text(value),
    };
    let funded = own
        .funded
        .as_ref()
        .map_or(String::new(), |share| format!("{} %", grouped(&(share * &Amount::whole(100)), 1)));
    let (low, high) = (own.at(LOW), own.at(HIGH));
    if model.explore.amounts {
        return [text(low), text(median), text(high), funded];
    }
    [share(low), text(median), share(high), funded]
}

/// The chosen figure in words.
fn told(own: &Spread) -> String {
    let text = |value: Option<&Amount>| {
        value.map_or("-".into(), |value| grouped(value, u32::from(!value.is_whole())))
    };
    let mut words = format!(
        "least {} · half of the scenarios between {} and {} · most {} · mean {}",
        text(own.at(0)),
        text(own.at(QUARTER)),
        text(own.at(THREE_QUARTERS)),
        text(own.at(6)),
        text(own.mean.as_ref()),
    );
    if let Some(need) = &own.need {
        words += &format!(" · ◆ need {}", text(Some(need)));
    }
    words
}
