//! Draws the limits as gauges.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::Row;
use super::prices::tag;
use crate::plan::{Plan, ReadingKind};
use crate::tui::allocation::signed;
use crate::tui::canvas::{Canvas, column, cut};
use crate::tui::model::Model;
use crate::tui::theme::Role;
use crate::units::{Amount, display_safe, grouped};

/// The columns of a gauge between its ends: fewer where the screen has no room for prices beside it.
fn gauge_width(width: usize) -> usize {
    if width >= 140 { 20 } else { 12 }
}

/// The columns of the name of a limit.
fn name_width(width: usize) -> usize {
    (width / 4).clamp(16, 60)
}

/// Where the gauges begin, and how wide they are with their ends.
pub(super) fn gauge_at(model: &Model) -> Option<(u16, u16)> {
    model.answer.as_ref()?;
    let body = crate::tui::view::own_body(model);
    let width = usize::from(body.width);
    let first = body.x + 2 + column(name_width(width) + 1 + figure_width(model, body)) + 1;
    Some((first, column(gauge_width(width) + 2)))
}

/// The columns of a name below which members stand without brackets.
const SHORT: usize = 30;

/// The columns of prices and of pressures.
const PRICE: usize = 8;
const PRESSURE: usize = 9;

/// The columns of a bound: as many as the longest of those that are shown needs.
fn figure_width(model: &Model, body: Rect) -> usize {
    let room = usize::from(body.height.saturating_sub(AROUND));
    let rows = model.limits.rows.iter().skip(top(model, room)).take(room);
    let figures = rows.flat_map(|row| {
        let bounds = [row.least.as_ref(), row.most.as_ref(), Some(&row.level)];
        let bounds = bounds.into_iter().flatten().map(|bound| shown(bound, row).width());
        bounds.chain([grouped(&row.slack, 0).width()])
    });
    figures.max().unwrap_or(0).clamp(6, 12) + 1
}

/// How many lines of the screen stand above and below the rows.
const AROUND: u16 = 5;

/// The first row that is shown.
fn top(model: &Model, room: usize) -> usize {
    model.limits.row.saturating_sub(room.saturating_sub(1))
}

/// Draws the screen.
pub fn view(model: &Model, canvas: &mut Canvas<'_>, body: Rect) {
    let width = usize::from(body.width);
    let Some(answer) = &model.answer else {
        unsolved(model, canvas, body);
        return;
    };
    let (name, gauge) = (name_width(width), gauge_width(width));
    let binding = model.limits.rows.iter().filter(|row| row.binds).count();
    let count = model.limits.rows.len();
    let head = format!(" {binding} of {count} limits bind · {}", answer.plan.unit());
    canvas.text(body.x, body.y, width, &head, Role::Faint);
    let y = body.y + 1;
    canvas.text(body.x + 2, y, name, "limit", Role::Strong);
    let mut x = body.x + 2 + column(name + 1);
    let own = figure_width(model, body);
    let columns = [
        ("least", own),
        ("", gauge + 4),
        ("most", own),
        ("level", own),
        ("slack", own),
        ("price", PRICE),
        ("pressure", PRESSURE),
    ];
    for (text, own) in columns {
        if x + column(own) <= body.right() {
            canvas.right(x, y, own, text, Role::Strong);
        }
        x += column(own);
    }
    canvas.text(x + 2, y, 20, "authority", Role::Strong);
    let room = usize::from(body.height.saturating_sub(AROUND));
    let first = top(model, room);
    for (line, (at, row)) in model.limits.rows.iter().enumerate().skip(first).take(room).enumerate()
    {
        let place = (body, y + 1 + column(line));
        self::row(model, canvas, place, (name, own), row, at == model.limits.row);
    }
    if let Some(row) = model.limits.rows.get(model.limits.row) {
        detail(model, row, canvas, body);
    }
}

/// The limits of a plan that has no allocation: what they say, and who set them.
fn unsolved(model: &Model, canvas: &mut Canvas<'_>, body: Rect) {
    let width = usize::from(body.width);
    let count = model.limits.rows.len();
    let unit = model.plan().map_or(String::new(), Plan::unit);
    let head = format!(" {count} limits, no allocation yet · {unit}");
    canvas.text(body.x, body.y, width, &head, Role::Faint);
    let room = usize::from(body.height.saturating_sub(AROUND));
    let rows = model.limits.rows.iter().enumerate().skip(top(model, room)).take(room);
    for ((at, row), y) in rows.zip(body.y + 2..) {
        let chosen = at == model.limits.row;
        let role = if chosen { Role::Chosen } else { Role::Plain };
        if chosen {
            canvas.paint(body.x, y, width, role);
        }
        let name = width / 2;
        canvas.text(body.x, y, 2, if row.off { "○ " } else { "  " }, role);
        canvas.text(body.x + 2, y, name.saturating_sub(3), &row.title, role);
        let says = if row.off { "switched off".into() } else { row.says() };
        let parts: Vec<&str> =
            [says.as_str(), &row.authority].into_iter().filter(|own| !own.is_empty()).collect();
        canvas.text(body.x + column(name), y, width - name, &parts.join(" · "), role);
    }
    if let Some(row) = model.limits.rows.get(model.limits.row) {
        detail(model, row, canvas, body);
    }
}

fn row(
    model: &Model,
    canvas: &mut Canvas<'_>,
    (body, y): (Rect, u16),
    (name, own): (usize, usize),
    row: &Row,
    chosen: bool,
) {
    let width = usize::from(body.width);
    let role = match (chosen, row.off || model.solving()) {
        (true, _) => Role::Chosen,
        (_, true) => Role::Faint,
        _ => Role::Plain,
    };
    if chosen {
        canvas.paint(body.x, y, width, Role::Chosen);
    }
    let sign = match (row.off, row.binds, row.kind) {
        (true, ..) => "○ ",
        (_, true, _) => "● ",
        (_, _, ReadingKind::Hold) => "⚓",
        _ => "  ",
    };
    canvas.text(body.x, y, 2, sign, role);
    let tail = match (row.member.is_empty(), name < SHORT) {
        (true, _) => String::new(),
        (_, true) => format!(" {}", row.member),
        (_, false) => format!(" [{}]", row.member),
    };
    let tail = display_safe(&tail);
    // The member tells one row of a limit from another.
    let room = name.saturating_sub(tail.width().min(name * 2 / 3));
    let title = cut(if tail.is_empty() { &row.title } else { &row.bare }, room);
    canvas.text(body.x + 2, y, name, &format!("{title}{tail}"), role);
    let mut x = body.x + 2 + column(name + 1);
    if row.off {
        canvas.text(x, y, 40, "switched off", role);
        return;
    }
    let bound =
        |bound: &Option<Amount>| bound.as_ref().map_or(String::new(), |bound| shown(bound, row));
    canvas.figure(x, y, own, &bound(&row.least), role);
    x += column(own);
    let wide = gauge_width(width);
    canvas.text(x + 1, y, wide + 2, &gauge(row, wide), role);
    x += column(wide + 4);
    let price = tag(model, row).map_or("", |tag| tag.rate.as_str());
    let figures = [
        (bound(&row.most), own),
        (shown(&row.level, row), own),
        (grouped(&row.slack, 0), own),
        (price.to_string(), PRICE),
        (pressure(row), PRESSURE),
    ];
    for (text, own) in figures {
        if x + column(own) <= body.right() {
            canvas.figure(x, y, own, &text, role);
        }
        x += column(own);
    }
    let left = usize::from(body.right().saturating_sub(x + 2));
    let soft = if row.soft { "may be missed · " } else { "" };
    canvas.text(x + 2, y, left, &format!("{soft}{}", row.authority), role);
}

fn pressure(row: &Row) -> String {
    row.pressure.as_ref().map_or("–".into(), |pressure| {
        format!("{} %", signed(&(pressure * &Amount::whole(100)), 1))
    })
}

fn shown(amount: &Amount, of: &Row) -> String {
    if of.share {
        format!("{} %", grouped(&(amount * &Amount::whole(100)), 1))
    } else {
        grouped(amount, if of.ratio { 3 } else { 0 })
    }
}

/// The level between its bounds; where one is missing, between nothing and twice the other.
fn gauge(row: &Row, width: usize) -> String {
    let zero = Amount::ZERO;
    let (least, most) = match (&row.least, &row.most) {
        (Some(least), Some(most)) => (least.clone(), most.clone()),
        (Some(least), None) => (least.clone(), least + &least.abs()),
        (None, Some(most)) if most.is_negative() => (most + most, most.clone()),
        (None, Some(most)) => (zero, most.clone()),
        (None, None) => (zero, Amount::ONE),
    };
    let wide = &most - &least;
    let cells = i64::try_from(width - 1).unwrap_or(1);
    let place = if wide.is_positive() {
        let part = &(&row.level - &least) / &wide;
        (1..=cells)
            .filter(|n| &part * &Amount::whole(cells) >= Amount::whole(*n))
            .count()
            .min(width - 1)
    } else {
        width / 2
    };
    let left = if row.least.is_some() { "├" } else { " " };
    let right = if row.most.is_some() { "┤" } else { " " };
    format!("{left}{}■{}{right}", "─".repeat(place), "─".repeat(width - 1 - place))
}

fn detail(model: &Model, row: &Row, canvas: &mut Canvas<'_>, body: Rect) {
    if let Some(grab) = &model.limits.grab {
        let words = format!(" {}", grab.words());
        canvas.text(body.x, body.bottom() - 1, usize::from(body.width), &words, Role::Strong);
        return;
    }
    let price = tag(model, row).map_or(String::new(), |tag| tag.words.clone());
    let narrow = body.width < 100 && row.pressure.is_some();
    let pressed = if narrow { format!("pressure {}", pressure(row)) } else { String::new() };
    let parts = [row.title.clone(), row.tag(), row.says(), price, pressed, row.authority.clone()];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let at = (body.x + 1, body.bottom() - 2);
    let width = usize::from(body.width).saturating_sub(2);
    canvas.wrapped(at, body.bottom(), width, &parts.join(" · "), Role::Faint);
}

/// The row at a line of the screen.
pub(super) fn row_at(model: &Model, y: u16) -> Option<usize> {
    let body = crate::tui::view::own_body(model);
    let room = usize::from(body.height.saturating_sub(AROUND));
    let line = usize::from(y.checked_sub(body.y + 2)?);
    let at = top(model, room) + line;
    (line < room && at < model.limits.rows.len()).then_some(at)
}
