//! What is done while the scenario has no allocation.

use super::advice::{self, Question, Remedy};
use super::editing;
use super::message::Command;
use super::model::{Model, Trouble};
use crate::scenario::{Amendment, Hold, Level, Picks, names_slice};
use crate::units::{Amount, grouped};

/// The nearest that can be had to what was last edited.
pub(super) enum Nearest {
    /// A figure: the hold at it, and the figure.
    Figure(Hold, Amount),
    /// The repair that changes nothing but the value that was edited.
    Value(Remedy),
}

impl Nearest {
    /// What it is, in words.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Figure(_, level) => {
                format!("the nearest figure that can be had is {}", grouped(level, 0))
            }
            Self::Value(remedy) => format!("the nearest that can be had: {}", remedy.words),
        }
    }
}

/// The nearest that can be had, where it is known.
pub(super) fn nearest(model: &Model) -> Option<Nearest> {
    if !matches!(model.trouble, Some(Trouble::Infeasible(_))) && !is_out_of_reach(model) {
        return None;
    }
    match model.attempt.as_ref()? {
        Amendment::Hold(hold) => {
            let (least, most) = advice::range(model, &hold.on)?;
            let Some(Level::Number(wanted)) = &hold.at else { return None };
            let level = repaired(model, &hold.on);
            let level = level.unwrap_or_else(|| wanted.clone().max(least).min(most));
            Some(Nearest::Figure(
                Hold { at: Some(Level::Number(level.clone())), ..hold.clone() },
                level,
            ))
        }
        Amendment::Set { target, .. } => {
            let only = |remedy: &&Remedy| match &remedy.edit {
                Amendment::Repair { fixes, .. } => {
                    matches!(fixes.as_slice(), [fix] if fix.path == *target && fix.rows.is_none())
                }
                _ => false,
            };
            advice::remedies(model)?.0.iter().find(only).cloned().map(Nearest::Value)
        }
        _ => None,
    }
}

/// The level at which a repair moves the hold on a slice, and nothing else: it was solved, and what can be had
/// at the very edge need not leave room for whole figures.
fn repaired(model: &Model, on: &Picks) -> Option<Amount> {
    let level = |remedy: &Remedy| match &remedy.edit {
        Amendment::Repair { fixes, .. } => match fixes.as_slice() {
            [fix] if is_level_of(&fix.path, on) => Amount::parse(&fix.to).ok(),
            _ => None,
        },
        _ => None,
    };
    advice::remedies(model)?.0.iter().find_map(level)
}

/// Whether a dotted key is the level of the hold on a slice: `hold."sector = ITU-D".at`.
fn is_level_of(path: &str, on: &Picks) -> bool {
    let id = path.strip_prefix("hold.").and_then(|rest| rest.strip_suffix(".at"));
    id.is_some_and(|id| names_slice(id.trim_matches(['"', '\'']), on))
}

/// Whether the last edit is a figure that is known to be out of reach, and which limits forbid it is
/// still being found.
pub(super) fn is_out_of_reach(model: &Model) -> bool {
    let Some(Amendment::Hold(hold)) = model.attempt.as_ref().filter(|_| model.solving()) else {
        return false;
    };
    let Some(Level::Number(wanted)) = &hold.at else { return false };
    advice::nearest(model, &hold.on, wanted).is_some()
}

/// What is to be worked out for a scenario whose limits clash.
pub(super) fn study(model: &mut Model) -> Vec<Command> {
    let mut commands = advice::ask(model, Question::Repairs).1;
    // While a figure is typed its range is asked for; a hold that was read back has none yet.
    if let Some(Amendment::Hold(hold)) = model.attempt.clone() {
        let own = |asked: &advice::Asked| asked.question == Question::Range(hold.on.clone());
        if !model.ranged.as_ref().is_some_and(own) {
            let (asked, more) = advice::ask(model, Question::Range(hold.on));
            model.ranged = Some(asked);
            commands.extend(more);
        }
    }
    model.trouble_top = 0;
    commands
}

/// Reads on in what is said of the trouble, or back.
pub(super) fn read_on(model: &mut Model, on: bool) {
    let (lines, room) = super::view::trouble_lines(model);
    let page = room.saturating_sub(1).max(1);
    let top = if on { model.trouble_top + page } else { model.trouble_top.saturating_sub(page) };
    model.trouble_top = top.min(lines.saturating_sub(room));
}

/// Takes the nearest that can be had; where there is none, the first repair.
pub(super) fn accept(model: &mut Model) -> Vec<Command> {
    if model.trouble.is_none() && !is_out_of_reach(model) {
        return super::update::typing(model, "=");
    }
    match nearest(model) {
        Some(Nearest::Figure(hold, _)) => {
            model.draft.undo();
            editing::edit(model, &Amendment::Hold(hold))
        }
        Some(Nearest::Value(remedy)) => editing::edit(model, &remedy.edit),
        None => apply(model, 0),
    }
}

/// Applies a repair.
pub(super) fn apply(model: &mut Model, place: usize) -> Vec<Command> {
    if !matches!(model.trouble, Some(Trouble::Infeasible(_))) {
        model.say("nothing here needs a repair");
        return Vec::new();
    }
    let Some((found, _)) = advice::remedies(model) else {
        model.say("the repairs are still being worked out");
        return Vec::new();
    };
    let Some(remedy) = found.get(place) else {
        model.say("there is no such repair; Esc takes the last edit back");
        return Vec::new();
    };
    editing::edit(model, &remedy.edit)
}

/// Goes back: out of the trouble that the last edit made, or from an edit that is still being solved, by undoing it.
pub(super) fn cancel(model: &mut Model) -> Vec<Command> {
    match &model.trouble {
        // What is shown may be of a draft that was taken back already.
        _ if model.solving() && model.attempt.is_some() => editing::undo(model),
        Some(_) if !model.solving() && model.draft.last().is_some() => editing::undo(model),
        _ => {
            model.allocation.giver = None;
            Vec::new()
        }
    }
}
