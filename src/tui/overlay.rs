//! What lies over a screen: a line to type in, a question, a list to choose from.

mod ask;
mod lists;
mod new_limit;
mod opening;
mod shelf;
mod typing;

pub(crate) use ask::over;
pub use ask::{Ask, Choice};
pub use lists::{filtered_actions, held, held_lines, help_bindings, screen_of};
pub use new_limit::bound;
pub(crate) use opening::{looked, open_rows};
pub use shelf::{Shelf, WELCOME, shelf, welcome};
pub use typing::{Field, Prompt, Purpose, whole};

use super::advice::{Asked, Question};
use super::keys::Key;
use super::message::Command;
use super::model::Model;
use super::prompt::Line;

/// What lies over a screen.
#[derive(Debug, Clone)]
pub enum Overlay {
    /// Something is typed.
    Prompt(Prompt),
    /// A question with a few answers.
    Ask(Ask),
    /// All keys of the screen; the chosen one can be done.
    Help {
        /// The chosen line.
        at: usize,
    },
    /// All actions, found by what is typed.
    Palette {
        /// What is typed.
        line: Line,
        /// The chosen line.
        at: usize,
    },
    /// What makes rows, columns and filters.
    Pivot {
        /// The chosen dimension.
        at: usize,
    },
    /// The holds and transfers.
    Holds {
        /// The chosen one.
        at: usize,
    },
    /// Who gained and who lost by the last edit.
    Movers {
        /// The chosen line.
        at: usize,
    },
    /// What was asked, and its answer once it is known.
    Study {
        /// What it is about.
        title: String,
        /// What was asked.
        asked: Asked,
        /// The first line that is shown.
        top: usize,
    },
    /// The path of the rows of a batch is typed.
    Opening {
        /// What is typed.
        line: Line,
        /// What lies where it leads.
        found: Vec<String>,
        /// The chosen one.
        at: usize,
    },
    /// The plans and scenarios that can be opened.
    Shelf(Shelf),
}

/// Does what a key does in the overlay.
pub fn key(model: &mut Model, overlay: Overlay, key: Key) -> Vec<Command> {
    match overlay {
        Overlay::Prompt(prompt) => typing::key(model, prompt, key),
        Overlay::Ask(ask) => ask::key(model, ask, key),
        Overlay::Help { at } => lists::help(model, at, key),
        Overlay::Palette { line, at } => lists::palette(model, line, at, key),
        Overlay::Pivot { at } => super::allocation::pivot_key(model, at, key),
        Overlay::Holds { at } => lists::holds(model, at, key),
        Overlay::Movers { at } => lists::movers(model, at, key),
        Overlay::Opening { line, found, at } => opening::key(model, (line, found, at), key),
        Overlay::Study { title, asked, top } => lists::study(model, (title, asked, top), key),
        Overlay::Shelf(shelf) => shelf::key(model, shelf, key),
    }
}

/// Asks a question, and shows its answer once it is known.
pub fn study(model: &mut Model, title: String, question: Question) -> Vec<Command> {
    let (asked, commands) = super::advice::ask(model, question);
    model.overlay = Some(Overlay::Study { title, asked, top: 0 });
    commands
}

/// Takes over where the figure stands now that is being typed.
pub fn renew(model: &mut Model) -> Vec<Command> {
    let Some(answer) = model.answer.clone() else { return Vec::new() };
    let Some(Overlay::Prompt(prompt)) = &mut model.overlay else { return Vec::new() };
    let Purpose::Figure { picks, now, .. } = &mut prompt.purpose else { return Vec::new() };
    let stands = answer.sum(&super::pivot::cells_of(&answer.plan, picks));
    if *now == stands {
        return Vec::new();
    }
    *now = stands;
    typing::typed(model)
}

/// Looks at what is being typed again: what it can be is known now, or where it stands.
pub fn again(model: &mut Model) -> Vec<Command> {
    match &model.overlay {
        Some(Overlay::Prompt(Prompt { purpose: Purpose::Figure { .. }, .. })) => {
            typing::typed(model)
        }
        _ => Vec::new(),
    }
}

/// Puts pasted text into the line that is being typed.
pub fn paste(model: &mut Model, text: &str) -> Vec<Command> {
    match &mut model.overlay {
        Some(Overlay::Prompt(prompt)) => {
            prompt.insert(text);
            typing::typed(model)
        }
        Some(Overlay::Palette { line, .. }) => {
            line.insert(text);
            Vec::new()
        }
        Some(Overlay::Shelf(shelf)) => {
            shelf.line.insert(text);
            shelf.at = 0;
            Vec::new()
        }
        Some(Overlay::Opening { line, .. }) => {
            line.insert(text);
            vec![Command::Look(line.text().into())]
        }
        _ => Vec::new(),
    }
}
