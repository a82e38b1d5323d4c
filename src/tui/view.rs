//! Draws the model. It changes nothing.

mod bars;
mod overlays;
mod trouble;

pub(super) use overlays::last_top;
pub(super) use trouble::lines as trouble_lines;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::model::{Model, Screen};
use super::theme::{Role, to_ascii};
use super::{allocation, compare, explore, limits, linkage, revenue, transfers};

pub(crate) use bars::{balance, tab_at};

/// The least columns and lines that the screens need.
pub(crate) const LEAST: (u16, u16) = (60, 15);

/// Draws the whole screen.
pub fn view(model: &Model, frame: &mut Frame<'_>) {
    let area = frame.area();
    let mut cursor = None;
    {
        let mut canvas = Canvas { buffer: frame.buffer_mut(), look: model.look };
        if area.width < LEAST.0 || area.height < LEAST.1 {
            small(&mut canvas, area, model);
        } else {
            bars::draw(model, &mut canvas, area);
            let body = body(area);
            let values = matches!(model.screen, Screen::Limits | Screen::Revenue);
            if model.answer.is_some() || values && model.plan().is_some() {
                let body = trouble::beside(model, body);
                match model.screen {
                    Screen::Allocation => allocation::view(model, &mut canvas, body),
                    Screen::Limits => limits::view(model, &mut canvas, body),
                    Screen::Revenue => revenue::view(model, &mut canvas, body),
                    Screen::Transfers => transfers::view(model, &mut canvas, body),
                    Screen::Compare => compare::view(model, &mut canvas, body),
                    Screen::Explore => explore::view(model, &mut canvas, body),
                    Screen::Linkage => linkage::view(model, &mut canvas, body),
                }
            } else if model.trouble.is_none() {
                canvas.text(2, body.y + 1, 40, "solving…", Role::Faint);
            }
            trouble::draw(model, &mut canvas, body);
            cursor = overlays::draw(model, &mut canvas, area);
        }
    }
    if model.look.ascii {
        to_ascii(frame.buffer_mut());
    }
    if let Some(place) = cursor {
        frame.set_cursor_position(place);
    }
}

/// What is left for a screen between title and footer.
pub(crate) fn body(area: Rect) -> Rect {
    Rect::new(area.x, area.y + 3, area.width, area.height.saturating_sub(6))
}

/// What is left for the screen that is shown.
pub(crate) fn own_body(model: &Model) -> Rect {
    trouble::beside(model, body(Rect::new(0, 0, model.size.0, model.size.1)))
}

/// The first line of a list at the left of a screen that is shown, where `chosen` has to be.
pub(crate) fn list_top(body: Rect, chosen: usize) -> usize {
    let room = usize::from(body.height).saturating_sub(1);
    chosen.saturating_sub(room.saturating_sub(1))
}

/// The line of F4 or F7, or of the list at the left of F5 or F6, that is at a place of the screen.
pub(crate) fn listed_at(model: &Model, x: u16, y: u16) -> Option<usize> {
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    if area.width < LEAST.0 || area.height < LEAST.1 {
        return None;
    }
    let body = body(area);
    if y >= body.bottom() {
        return None;
    }
    let (count, chosen) = match model.screen {
        Screen::Transfers => return transfers::row_at(model, body, y),
        Screen::Linkage => return linkage::row_at(model, body, y),
        Screen::Compare => (model.compare.others.len(), model.compare.row),
        Screen::Explore if !explore::shows_rows(model) => {
            (explore::names(model).len(), model.explore.row)
        }
        _ => return None,
    };
    let line = y.checked_sub(body.y + 1)?;
    let at = list_top(body, chosen) + usize::from(line);
    (at < count && x < area.width / 4).then_some(at)
}

/// The plain notice on a terminal that is too small.
fn small(canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
    let words = format!(
        "virement needs {} × {} characters; this terminal has {} × {}. Make it larger, or run `virement tui --plain`. {}",
        LEAST.0,
        LEAST.1,
        area.width,
        area.height,
        if model.unsaved() { "Nothing is lost. " } else { "" }
    );
    canvas.wrapped(
        (area.x, area.y),
        area.bottom(),
        usize::from(area.width),
        words.trim(),
        Role::Plain,
    );
}
