//! Questions with a few answers.

use std::sync::Arc;

use super::Overlay;
use crate::scenario::Draft;
use crate::tui::editing;
use crate::tui::keys::{Code, Key};
use crate::tui::message::Command;
use crate::tui::model::Model;

/// A question with a few answers.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The question.
    pub title: String,
    /// What to know before answering.
    pub lines: Vec<String>,
    /// A key for each answer, and its words; Esc gives none.
    pub answers: Vec<(char, String, Choice)>,
    /// The first line that is shown.
    pub top: usize,
}

/// An answer to a question.
#[derive(Debug, Clone)]
pub enum Choice {
    /// Quit, and lose what is not saved.
    QuitUnsaved,
    /// Save, and quit then.
    SaveAndQuit,
    /// Save although the file has changed on disk.
    SaveOver,
    /// Save under a name that another file has.
    SaveAsOver(String),
    /// Take what the file says now.
    Reload(Arc<str>),
    /// Keep what is on the screen; the file's new text is known from now on.
    KeepMine(Arc<str>),
    /// Go back to what is saved.
    Revert,
    /// Take up what a program that died had not saved.
    Recover(Draft),
    /// Give that up.
    Discard,
    /// Open another plan or scenario, and lose what is not saved.
    Open(String),
    /// Nothing.
    Nothing,
}

pub(super) fn key(model: &mut Model, mut ask: Ask, key: Key) -> Vec<Command> {
    match key.code {
        Code::Down => ask.top = (ask.top + 1).min(ask.lines.len().saturating_sub(1)),
        Code::Up => ask.top = ask.top.saturating_sub(1),
        Code::Esc => return Vec::new(),
        Code::Char(c) => {
            let c = c.to_ascii_lowercase();
            let found = ask.answers.iter().find(|(own, _, _)| *own == c && !key.ctrl);
            if let Some((_, _, choice)) = found {
                return choose(model, choice.clone());
            }
        }
        Code::Enter => {
            if let Some((_, _, choice)) = ask.answers.first() {
                return choose(model, choice.clone());
            }
        }
        _ => {}
    }
    model.overlay = Some(Overlay::Ask(ask));
    Vec::new()
}

fn choose(model: &mut Model, choice: Choice) -> Vec<Command> {
    match choice {
        Choice::Nothing => Vec::new(),
        Choice::QuitUnsaved => vec![Command::Quit],
        Choice::SaveAndQuit => {
            model.quits_when_saved = true;
            editing::save(model)
        }
        Choice::SaveOver => vec![Command::Save { over: true }],
        Choice::SaveAsOver(name) => vec![Command::SaveAs { name, over: true }],
        Choice::Reload(text) => {
            model.saved = text.clone();
            editing::replace(model, "read the file again", &text)
        }
        Choice::KeepMine(text) => {
            model.saved = text;
            model.say("kept: saving will write over the file's new text");
            Vec::new()
        }
        Choice::Revert => {
            let saved = model.saved.clone();
            editing::replace(model, "go back to what is saved", &saved)
        }
        Choice::Recover(draft) => {
            model.draft = draft;
            model.say("the edits that were not saved are back; u undoes them one by one");
            let mut commands = vec![Command::Discard, Command::Note];
            commands.extend(editing::solve(model));
            model.attempt = model.draft.last_edit();
            commands
        }
        Choice::Open(name) => vec![Command::Open(name)],
        Choice::Discard => vec![Command::Discard],
    }
}

/// Asks whether a file that is there may be written over.
pub(crate) fn over(model: &mut Model, name: &str) {
    model.overlay = Some(Overlay::Ask(Ask {
        title: format!("There is a file `{}` already", crate::units::display_safe(name)),
        lines: Vec::new(),
        answers: vec![
            ('w', "write over it".into(), Choice::SaveAsOver(name.into())),
            ('c', "do not".into(), Choice::Nothing),
        ],
        top: 0,
    }));
}
