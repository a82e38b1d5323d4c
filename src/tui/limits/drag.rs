//! A bound that is dragged along its gauge: a column of the screen is a hundredth of it.

use super::rows::Side;
use super::{moved, view};
use crate::plan::Sense;
use crate::scenario::Amendment;
use crate::tui::editing;
use crate::tui::message::{Command, Mouse};
use crate::tui::model::Model;

/// A bound that is held with the mouse.
#[derive(Debug, Clone)]
pub struct Grab {
    side: Side,
    title: String,
    /// The column where it was taken.
    x: u16,
    /// How many columns it was dragged.
    by: i64,
}

/// Takes hold of the bound at the end of the gauge that is nearer.
pub(super) fn take(model: &mut Model, x: u16) {
    let Some((first, width)) = view::gauge_at(model) else { return };
    let Some(row) = model.limits.rows.get(model.limits.row) else { return };
    if row.off || x < first || x >= first + width {
        return;
    }
    let near = if x < first + width / 2 { Sense::Floor } else { Sense::Ceiling };
    let own = row.sides.iter().find(|side| side.sense == near).or_else(|| row.side());
    model.limits.grab =
        own.map(|side| Grab { side: side.clone(), title: row.title.clone(), x, by: 0 });
}

impl Grab {
    /// Where it is dragged to, in words.
    pub(super) fn words(&self) -> String {
        let to = moved(&self.side, self.by).words();
        format!("{} of {}: {to}; let go to set it", self.side.word, self.title)
    }

    /// The edit that it comes to; nothing where it is where it was.
    fn edit(&self) -> Option<Amendment> {
        let to = moved(&self.side, self.by);
        (self.by != 0).then(|| Amendment::Set { target: self.side.target.clone(), to })
    }
}

/// Moves the bound that is held, and lets go of it.
pub(in crate::tui) fn dragged(model: &mut Model, mouse: Mouse, x: u16) -> Vec<Command> {
    let Some(mut grab) = model.limits.grab.take() else { return Vec::new() };
    if mouse == Mouse::Release {
        return grab.edit().map_or_else(Vec::new, |edit| editing::edit(model, &edit));
    }
    let by = i64::from(x) - i64::from(grab.x);
    if by == grab.by {
        model.limits.grab = Some(grab);
        return Vec::new();
    }
    grab.by = by;
    let commands = if let Some(edit) = grab.edit() {
        editing::preview(model, &edit)
    } else {
        model.preview = None;
        Vec::new()
    };
    model.limits.grab = Some(grab);
    commands
}
