//! Says why the scenario cannot be done, over the last plan.

use ratatui::layout::Rect;

use crate::tui::canvas::{Canvas, column};
use crate::tui::model::{Model, Trouble};
use crate::tui::theme::Role;
use crate::units::display_safe;

/// Draws the trouble, where there is one.
pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>, body: Rect) {
    let Some(trouble) = &model.trouble else { return };
    let width = usize::from(body.width).saturating_sub(4).min(110);
    let mut lines: Vec<(String, Role)> = Vec::new();
    let title = match trouble {
        Trouble::Infeasible(clashes) => {
            for part in &clashes.parts {
                lines.push((
                    format!("{}   {}   {}", part.name, part.asks, part.authority),
                    Role::Strong,
                ));
            }
            lines.push((clashes.excess.clone(), Role::Plain));
            "‼ These cannot hold together".to_string()
        }
        Trouble::Refused(words) => {
            lines.extend(words.iter().map(|line| (line.clone(), Role::Plain)));
            "‼ The scenario cannot be read".to_string()
        }
    };
    let help = if model.draft.last().is_some() {
        "The figures behind are those of the last plan. Esc or u takes the edit back."
    } else {
        "Open the file with o, or switch a limit off on the screen of limits."
    };
    lines.push((help.into(), Role::Faint));
    let wrapped: Vec<(String, Role)> = lines
        .iter()
        .flat_map(|(line, role)| {
            let safe = display_safe(line);
            crate::tui::canvas::wrap(&safe, width.saturating_sub(4))
                .into_iter()
                .map(|line| (line, *role))
        })
        .collect();
    let height = (column(wrapped.len()) + 2).min(body.height);
    let y = body.bottom().saturating_sub(height);
    let inside = canvas.window(Rect::new(body.x + 2, y, column(width), height), &title);
    for (at, (line, role)) in wrapped.iter().enumerate() {
        let y = inside.y + column(at);
        if y < inside.bottom() {
            canvas.text(inside.x, y, usize::from(inside.width), line, *role);
        }
    }
}
