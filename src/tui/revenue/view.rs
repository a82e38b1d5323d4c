//! Draws drivers and revenue lines.

use ratatui::layout::Rect;

use super::Row;
use crate::tui::canvas::{Canvas, column};
use crate::tui::model::Model;
use crate::tui::theme::Role;

/// The first row that is shown.
fn top(model: &Model, room: usize) -> usize {
    model.revenue.row.saturating_sub(room.saturating_sub(1))
}

/// Draws the screen.
pub fn view(model: &Model, canvas: &mut Canvas<'_>, body: Rect) {
    let width = usize::from(body.width);
    let state = model.answer.as_ref();
    let state = state.map_or("no allocation yet".into(), |own| crate::tui::view::balance(own));
    let head = format!(" {state}   ✎ can be changed");
    canvas.text(body.x, body.y, width, &head, Role::Faint);
    let room = usize::from(body.height.saturating_sub(1));
    let first = top(model, room);
    for (line, (at, row)) in
        model.revenue.rows.iter().enumerate().skip(first).take(room).enumerate()
    {
        self::row(model, canvas, (body, body.y + 1 + column(line)), row, at == model.revenue.row);
    }
}

fn row(model: &Model, canvas: &mut Canvas<'_>, (body, y): (Rect, u16), row: &Row, chosen: bool) {
    let width = usize::from(body.width);
    let role = match (chosen, row.heading || row.total, model.solving()) {
        (true, ..) => Role::Chosen,
        (_, true, _) => Role::Strong,
        (_, _, true) => Role::Faint,
        _ => Role::Plain,
    };
    if chosen {
        canvas.paint(body.x, y, width, Role::Chosen);
    }
    if row.heading {
        canvas.text(body.x + 1, y, width, &row.title, role);
        return;
    }
    let sign = if row.target.is_some() { "✎" } else { " " };
    canvas.text(body.x + 1, y, 2, sign, role);
    let title = (width * 2 / 5).clamp(18, 48);
    let text = if row.title.is_empty() { String::new() } else { row.title.clone() };
    canvas.text(body.x + 3, y, title, &text, role);
    let mut x = body.x + 4 + column(title);
    canvas.text(x, y, 10, &row.period, role);
    x += 10;
    if width >= 100 {
        canvas.figure(x, y, 11, &row.baseline, role);
        x += 11;
    }
    canvas.figure(x, y, 12, &row.shown, role);
    x = canvas.text(x + 13, y, 6, &row.unit, role).max(x + 18);
    let left = usize::from(body.right().saturating_sub(x + 1));
    canvas.text(x + 1, y, left, &row.remark, if chosen { role } else { Role::Faint });
}

/// The row at a line of the screen.
pub(super) fn row_at(model: &Model, y: u16) -> Option<usize> {
    let body = crate::tui::view::own_body(model);
    let room = usize::from(body.height.saturating_sub(1));
    let line = usize::from(y.checked_sub(body.y + 1)?);
    let at = top(model, room) + line;
    (line < room && at < model.revenue.rows.len()).then_some(at)
}
