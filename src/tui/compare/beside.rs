//! Several scenarios beside this one: what each allocates, and what this one has more.

use ratatui::layout::Rect;

use super::NAME;
use crate::tui::allocation::signed;
use crate::tui::answer::Answer;
use crate::tui::canvas::{Canvas, column};
use crate::tui::model::Model;
use crate::tui::theme::Role;
use crate::units::{display_safe, grouped};

/// Draws the lines of the allocation screen in every scenario, as many as have room.
pub(super) fn draw(model: &Model, answer: &Answer, canvas: &mut Canvas<'_>, area: Rect) {
    let width = usize::from(area.width);
    // One more column than the amount, that figures do not touch.
    let cell = if width < NAME + 3 * 13 { 9 } else { 13 };
    let with = &model.compare.with;
    let room = (width.saturating_sub(NAME) / cell).saturating_sub(1) / 2;
    let count = room.clamp(1, with.len());
    let left = model.compare.left.min(with.len() - count);
    let shown = &with[left..left + count];
    let lines = &model.allocation.grid.lines;
    let kept = super::lines_shown(model, area.height);
    let mut head = super::head(answer, kept.len() < lines.len());
    if count < with.len() {
        head = format!("{}–{} of {} · ← → others · {head}", left + 1, left + count, with.len());
    }
    canvas.text(area.x, area.y, width, &head, Role::Faint);
    let first = width.saturating_sub((1 + 2 * count) * cell).clamp(NAME, 44);
    let place = |at: usize| area.x + column(first + at * cell);
    canvas.right(place(0), area.y + 1, cell - 1, "this", Role::Strong);
    for (at, (name, _)) in shown.iter().enumerate() {
        let title = display_safe(name.trim_end_matches(".scenario.toml"));
        canvas.right(place(1 + 2 * at), area.y + 1, cell - 1, &title, Role::Strong);
        canvas.right(place(2 + 2 * at), area.y + 1, cell - 1, "this less it", Role::Faint);
    }
    for (line, at) in kept.into_iter().enumerate() {
        let y = area.y + 2 + column(line);
        let own = &lines[at];
        let strong = if own.path.is_empty() { Role::Strong } else { Role::Plain };
        canvas.text(area.x, y, first, &format!("{}{}", "  ".repeat(own.depth), own.name), strong);
        let now = answer.sum(&own.cells);
        canvas.figure(place(0), y, cell - 1, &grouped(&now, 0), strong);
        for (at, (_, other)) in shown.iter().enumerate() {
            let before = other.sum(&own.cells);
            let change = &now - &before;
            let role = match change.signum() {
                1 => Role::Gain,
                -1 => Role::Loss,
                _ => Role::Faint,
            };
            canvas.figure(place(1 + 2 * at), y, cell - 1, &grouped(&before, 0), Role::Plain);
            canvas.figure(place(2 + 2 * at), y, cell - 1, &signed(&change, 0), role);
        }
    }
}
