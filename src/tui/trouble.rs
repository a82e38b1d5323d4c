//! What is done while the scenario has no allocation.

use super::editing;
use super::message::Command;
use super::model::{Model, Trouble};

/// Takes the edit back that made the trouble.
pub(super) fn accept(model: &mut Model) -> Vec<Command> {
    match &model.trouble {
        None => super::update::typing(model, "="),
        Some(_) => editing::undo(model),
    }
}

/// Goes back: out of the trouble that the last edit made, by undoing it.
pub(super) fn cancel(model: &mut Model) -> Vec<Command> {
    match &model.trouble {
        Some(Trouble::Infeasible(_) | Trouble::Refused(_)) if model.draft.last().is_some() => {
            editing::undo(model)
        }
        _ => {
            model.allocation.giver = None;
            Vec::new()
        }
    }
}
