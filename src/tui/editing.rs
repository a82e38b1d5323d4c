//! Edits of the draft, and what they ask to be done.

use std::sync::Arc;

use super::message::Command;
use super::model::Model;
use super::overlay::{Ask, Choice, Field, Overlay, Prompt, Purpose};
use super::{explore, pivot};
use crate::scenario::{Amendment, Picks};

/// Makes a typed change and has it solved.
pub(super) fn edit(model: &mut Model, edit: &Amendment) -> Vec<Command> {
    let name = named(model, edit);
    if let Err(words) = model.draft.edit_as(edit, name.clone()) {
        model.warn(words);
        return Vec::new();
    }
    model.say(name);
    let commands = noted(model);
    model.attempt = Some(edit.clone());
    commands
}

/// What an edit does, by the names that the screens have for figures and values.
fn named(model: &Model, edit: &Amendment) -> String {
    let Some(plan) = model.plan() else { return edit.words() };
    let on = |picks: &Picks| pivot::title(plan, picks);
    let value = |target: &str| {
        let known = model.limits.rows.iter().find(|row| row.target().as_deref() == Some(target));
        known.map(|row| row.bare.clone()).or_else(|| explore::titled(model, target))
    };
    edit.told(&on, &|target| value(target).unwrap_or_else(|| target.to_string()))
}

/// Takes a whole new text, and has it solved.
pub(super) fn replace(model: &mut Model, name: &str, text: &Arc<str>) -> Vec<Command> {
    model.draft.replace(name.into(), text);
    model.say(name);
    noted(model)
}

/// Undoes the last edit.
pub(super) fn undo(model: &mut Model) -> Vec<Command> {
    match model.draft.undo().map(|name| format!("undid: {name}")) {
        None => {
            model.say("nothing to undo");
            Vec::new()
        }
        Some(words) => {
            model.say(words);
            turned(model)
        }
    }
}

/// Redoes what was undone.
pub(super) fn redo(model: &mut Model) -> Vec<Command> {
    match model.draft.redo().map(|name| format!("redid: {name}")) {
        None => {
            model.say("nothing to redo");
            Vec::new()
        }
        Some(words) => {
            model.say(words);
            turned(model)
        }
    }
}

/// Has a draft of before solved: why the last one had no allocation is of no interest any more.
fn turned(model: &mut Model) -> Vec<Command> {
    if model.answer.is_some() {
        model.trouble = None;
    }
    noted(model)
}

fn noted(model: &mut Model) -> Vec<Command> {
    // The solver starts first: the journal is written while it works, before its answer is shown.
    let mut commands = solve(model);
    commands.push(Command::Note);
    commands
}

/// Has the draft solved as it stands.
pub(super) fn solve(model: &mut Model) -> Vec<Command> {
    model.revision += 1;
    model.preview = None;
    model.attempt = None;
    let text = model.draft.text().clone();
    vec![Command::Solve { revision: model.revision, text, preview: false }]
}

/// Has an edit solved without making it.
pub(super) fn preview(model: &mut Model, edit: &Amendment) -> Vec<Command> {
    model.typed += 1;
    let mut draft = model.draft.clone();
    if draft.edit(edit).is_err() {
        model.preview = None;
        return Vec::new();
    }
    let text = draft.text().clone();
    vec![Command::Solve { revision: model.typed, text, preview: true }]
}

/// Saves the scenario, under its own name where it has one.
pub(super) fn save(model: &mut Model) -> Vec<Command> {
    if model.file.is_none() {
        return save_as(model);
    }
    if !model.unsaved() {
        model.say("nothing to save");
        model.quits_when_saved = false;
        return Vec::new();
    }
    vec![Command::Save { over: false }]
}

/// Asks for a name to save under.
pub(super) fn save_as(model: &mut Model) -> Vec<Command> {
    let field = Field::suggested("name", &model.suggestion);
    model.overlay =
        Some(Overlay::Prompt(Prompt::new("Save the scenario as", Purpose::SaveAs, vec![field])));
    Vec::new()
}

/// Asks before what is not saved is lost.
pub(super) fn revert(model: &mut Model) -> Vec<Command> {
    if !model.unsaved() {
        model.say("nothing differs from what is saved");
        return Vec::new();
    }
    model.overlay = Some(Overlay::Ask(Ask {
        title: "Go back to what is saved?".into(),
        lines: super::diff::lines(model.draft.text(), &model.saved),
        answers: vec![
            ('g', "go back (u undoes it)".into(), Choice::Revert),
            ('k', "keep the edits".into(), Choice::Nothing),
        ],
        top: 0,
    }));
    Vec::new()
}

/// Quits, or asks first where something is not saved.
pub(super) fn quit(model: &mut Model) -> Vec<Command> {
    if !model.unsaved() {
        return vec![Command::Quit];
    }
    model.overlay = Some(Overlay::Ask(Ask {
        title: "Quit without saving?".into(),
        lines: super::diff::lines(&model.saved, model.draft.text()),
        answers: vec![
            ('s', "save and quit".into(), Choice::SaveAndQuit),
            ('n', "quit, and lose the edits".into(), Choice::QuitUnsaved),
            ('c', "stay".into(), Choice::Nothing),
        ],
        top: 0,
    }));
    Vec::new()
}
