//! Draws the explanation beside the grid.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::panel::{Explained, MOST, signed};
use crate::tui::canvas::{Canvas, ends_kept, wrap};
use crate::tui::model::Model;
use crate::tui::pivot::percent;
use crate::tui::theme::Role;
use crate::units::{Amount, grouped};

fn whole(amount: &Amount) -> String {
    grouped(amount, 0)
}

/// Draws the explanation of the chosen figure.
pub(super) fn panel(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let (Some(found), Some(answer)) = (&model.allocation.explained, &model.answer) else { return };
    let width = usize::from(area.width);
    let mut y = canvas.wrapped((area.x, area.y), area.bottom(), width, &found.title, Role::Strong);
    let change = &found.amount - &found.baseline;
    let share = percent(&change, &found.baseline)
        .map_or(String::new(), |share| format!("  {} %", signed(&share, 1)));
    let about = if model.allocation.grid.exact { "~" } else { "" };
    let text = format!(
        "{about}{} {}   was {}   {about}{}{share}",
        whole(&found.amount),
        answer.plan.unit(),
        whole(&found.baseline),
        signed(&change, 0)
    );
    y = canvas.wrapped((area.x, y), area.bottom(), width, &text, Role::Plain);
    if let Some(need) = &found.need {
        let met = percent(&found.amount, need)
            .map_or(String::new(), |share| format!(", {} % met", grouped(&share, 1)));
        let text = format!("asked for {}{met}", whole(need));
        y = canvas.wrapped((area.x, y), area.bottom(), width, &text, Role::Plain);
    }
    if let Some(note) = &found.note {
        y = canvas.wrapped((area.x, y), area.bottom(), width, note, Role::Strong);
    }
    y = parts(
        found,
        canvas,
        Rect { y: y + 1, height: area.bottom().saturating_sub(y + 1), ..area },
    );
    y = canvas.wrapped((area.x, y), area.bottom(), width, &found.sentence, Role::Plain);
    for remark in &found.remarks {
        y = canvas.wrapped((area.x, y), area.bottom(), width, remark, Role::Faint);
    }
}

/// The text in at most two lines of `width` columns, the second one cut.
fn two_lines(text: &str, width: usize) -> Vec<String> {
    let mut lines = wrap(text, width);
    if lines.len() > 2 {
        let rest = lines.split_off(1).join(" ");
        lines.push(ends_kept(&rest, width));
    }
    lines
}

/// What each limit adds, as bars.
fn parts(found: &Explained, canvas: &mut Canvas<'_>, area: Rect) -> u16 {
    let width = usize::from(area.width);
    let most = found.parts.iter().map(|part| part.money.abs()).max().unwrap_or_default();
    let mut y = area.y;
    for part in found.parts.iter().take(MOST) {
        if y + 2 >= area.bottom() {
            return y;
        }
        let role = if part.money.is_positive() { Role::Gain } else { Role::Loss };
        let number = part
            .percent
            .as_ref()
            .map_or_else(|| signed(&part.money, 0), |share| format!("{} %", signed(share, 1)));
        canvas.right(area.x, y, 9, &number, role);
        let eighth =
            |n: usize| &(&most * &Amount::whole(i64::try_from(n).unwrap_or(0))) / &Amount::whole(8);
        // What is less than an eighth of the largest has a sliver.
        let length = (1..=8_usize).filter(|n| eighth(*n) <= part.money.abs()).count();
        let bar = if length == 0 { "▏".into() } else { "█".repeat(length) };
        canvas.text(area.x + 10, y, length.max(1), &bar, role);
        if part.name.width() <= width.saturating_sub(19) {
            canvas.text(area.x + 19, y, width.saturating_sub(19), &part.name, Role::Strong);
            y += 1;
        } else {
            let room = width.saturating_sub(10);
            for line in two_lines(&part.name, room) {
                y += 1;
                canvas.text(area.x + 10, y, room, &line, Role::Strong);
            }
            y += 1;
        }
        if !part.authority.is_empty() {
            canvas.text(area.x + 10, y, width.saturating_sub(10), &part.authority, Role::Faint);
            y += 1;
        }
    }
    y + 1
}
