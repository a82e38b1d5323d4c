//! What each message makes of the model, and what is to be done then.

use std::sync::Arc;

use super::action::Action;
use super::answer::Found;
use super::keys::{Code, Key, lookup};
use super::message::{Answered, Command, Message, Mouse, Saved};
use super::model::{Model, Screen, Trouble};
use super::overlay::{self, Ask, Choice, Field, Overlay, Prompt, Purpose};
use super::prompt::Line;
use super::{
    allocation, compare, editing, explore, export, find, limits, linkage, revenue, transfers,
};

/// Applies one message. Pure but for `model`: no terminal, no clock, no thread, no file.
pub fn update(model: &mut Model, message: Message) -> Vec<Command> {
    match message {
        Message::Key(key) => pressed(model, key),
        Message::Paste(text) => overlay::paste(model, &text),
        Message::Mouse(mouse, x, y) => moused(model, mouse, x, y),
        Message::Resized(width, height) => {
            model.size = (width, height);
            Vec::new()
        }
        Message::Answered(answered) => answer(model, answered),
        Message::Calibrated(revision, found) => {
            if revision == model.revision && model.solving() && model.answer.is_some() {
                allocation::calibrated(model, &found);
                model.calibrated = Some(found);
            }
            Vec::new()
        }
        Message::Advised(asked, advice) => {
            let ranged = matches!(asked.question, super::advice::Question::Range(_));
            model.notebook.close(&asked, advice);
            if ranged { overlay::again(model) } else { Vec::new() }
        }
        Message::Spread(name, found) => explore::spread(model, &name, found),
        Message::Looked(text, found) => overlay::looked(model, &text, found),
        Message::Compared(path, answer) => compare::compared(model, &path, answer),
        Message::Saved(saved) => saved_as(model, saved),
        Message::Failed(words) => {
            model.quits_when_saved = false;
            model.warn(words);
            Vec::new()
        }
        Message::Done(words) => {
            model.say(words);
            Vec::new()
        }
        Message::Changed(text) => changed(model, text),
        Message::Listed(others) => {
            model.compare.list(others);
            Vec::new()
        }
        Message::Reread(name) => {
            model.say(format!("{name} has changed on disk: everything is read again"));
            model.notebook = super::advice::Notebook::default();
            let mut commands = editing::solve(model);
            commands.extend(compare::again(model));
            commands
        }
        Message::Shelved(plans) => {
            model.overlay = Some(overlay::shelf(plans));
            Vec::new()
        }
        Message::Clash(text) => clash(model, text),
        Message::Exists(name) => {
            overlay::over(model, &name);
            Vec::new()
        }
        Message::Edited(text) => {
            if *text == **model.draft.text() {
                model.say("the editor changed nothing");
                return Vec::new();
            }
            editing::replace(model, "edit the file by hand", &text)
        }
        Message::Hangup => vec![Command::Quit],
        Message::Continued => vec![Command::Redraw],
    }
}

fn pressed(model: &mut Model, key: Key) -> Vec<Command> {
    if let Some(overlay) = model.overlay.take() {
        return overlay::key(model, overlay, key);
    }
    model.note = super::model::Note::default();
    if model.limits.grab.take().is_some() {
        model.preview = None;
    }
    if let Some(action) = lookup(key, &model.places()) {
        return act(model, action);
    }
    match key {
        Key { code: Code::Char(c), ctrl: false, alt: false } if starts_figure(c) => {
            typing(model, &c.to_string())
        }
        _ => Vec::new(),
    }
}

fn starts_figure(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '.' | '<' | '>')
}

/// Begins to type a figure where the screen has one to type in.
pub(super) fn typing(model: &mut Model, first: &str) -> Vec<Command> {
    match model.screen {
        Screen::Allocation => allocation::update::type_figure(model, first),
        Screen::Limits => limits::type_bound(model, first),
        Screen::Revenue => revenue::type_driver(model, first),
        Screen::Transfers | Screen::Compare | Screen::Explore | Screen::Linkage => Vec::new(),
    }
}

/// Does an action.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Command> {
    match action {
        Action::Undo => editing::undo(model),
        Action::Redo => editing::redo(model),
        Action::Save => editing::save(model),
        Action::SaveAs => editing::save_as(model),
        Action::Revert => editing::revert(model),
        Action::Quit => editing::quit(model),
        Action::Accept => super::trouble::accept(model),
        Action::FirstRepair => super::trouble::apply(model, 0),
        Action::SecondRepair => super::trouble::apply(model, 1),
        Action::ThirdRepair => super::trouble::apply(model, 2),
        Action::FourthRepair => super::trouble::apply(model, 3),
        Action::NextScreen => turn(model, 1),
        Action::LastScreen => turn(model, Screen::ALL.len() - 1),
        Action::Allocation => show(model, Screen::Allocation),
        Action::Limits => show(model, Screen::Limits),
        Action::Revenue => show(model, Screen::Revenue),
        Action::Transfers => show(model, Screen::Transfers),
        Action::Compare => show(model, Screen::Compare),
        Action::Explore => show(model, Screen::Explore),
        Action::Linkage => show(model, Screen::Linkage),
        Action::Help => over(model, Overlay::Help { at: 0 }),
        Action::Palette => over(model, Overlay::Palette { line: Line::default(), at: 0 }),
        Action::Movers => over(model, Overlay::Movers { at: 0 }),
        Action::Holds => {
            model.overlay = Some(Overlay::Holds { at: 0 });
            limits::ask(model)
        }
        Action::Find => {
            let title = if model.sought.is_empty() {
                "Find a line".to_string()
            } else {
                format!("Find a line (⏎ finds the next `{}`)", model.sought)
            };
            let fields = vec![Field::new("name", "")];
            let purpose = Purpose::Find { from: find::place(model) };
            over(model, Overlay::Prompt(Prompt::new(title, purpose, fields)))
        }
        Action::Export => {
            let fields = vec![Field::suggested("file", export::suggestion(model))];
            over(model, Overlay::Prompt(Prompt::new("Write this view to", Purpose::Export, fields)))
        }
        Action::Copy | Action::CopyLine if export::waits(model) => {
            model.warn(allocation::WAIT);
            Vec::new()
        }
        Action::Copy => vec![Command::Copy(export::figure(model))],
        Action::CopyLine => vec![Command::Copy(export::line(model))],
        Action::CopyView => export::copy(model),
        Action::Editor => vec![Command::Editor],
        Action::Open => vec![Command::Shelf],
        Action::Theme => {
            model.look.colours = model.look.colours.next();
            model.say(model.look.colours.word());
            Vec::new()
        }
        Action::Redraw => vec![Command::Redraw],
        Action::Suspend => vec![Command::Suspend],
        Action::OpenBatch => overlay::open_rows(model),
        Action::Cancel => match explore::cancel(model) {
            Some(commands) => commands,
            None => super::trouble::cancel(model),
        },
        Action::PageUp | Action::PageDown if model.trouble.is_some() => {
            super::trouble::read_on(model, action == Action::PageDown);
            Vec::new()
        }
        _ => match model.screen {
            Screen::Allocation => allocation::update::update(model, action),
            Screen::Limits => limits::update(model, action),
            Screen::Revenue => revenue::update(model, action),
            Screen::Transfers => transfers::update(model, action),
            Screen::Compare => compare::update(model, action),
            Screen::Explore => explore::update(model, action),
            Screen::Linkage => linkage::update(model, action),
        },
    }
}

fn over(model: &mut Model, overlay: Overlay) -> Vec<Command> {
    model.overlay = Some(overlay);
    Vec::new()
}

pub(super) fn show(model: &mut Model, screen: Screen) -> Vec<Command> {
    let from = std::mem::replace(&mut model.screen, screen);
    fill(model);
    match screen {
        Screen::Explore => explore::shown(model, from),
        Screen::Compare => compare::shown(model),
        Screen::Limits => limits::ask(model),
        _ => Vec::new(),
    }
}

/// Fills the screen that is shown: what others show is made once they are.
fn fill(model: &mut Model) {
    let Some(answer) = model.answer.clone() else { return };
    match model.screen {
        Screen::Limits | Screen::Explore => {
            model.limits.answer(&answer, &model.draft.removed());
        }
        Screen::Transfers => model.transfers.answer(&answer, model.allocation.pivot.as_ref()),
        Screen::Linkage => model.linkage.answer(&answer),
        _ => {}
    }
}

fn turn(model: &mut Model, by: usize) -> Vec<Command> {
    let at = Screen::ALL.iter().position(|own| *own == model.screen).unwrap_or(0);
    show(model, Screen::ALL[(at + by) % Screen::ALL.len()])
}

/// Goes to a line of the screen.
pub(super) fn go_to(model: &mut Model, at: usize) -> Vec<Command> {
    match model.screen {
        Screen::Allocation => {
            model.allocation.row = at;
            allocation::explain(model);
        }
        Screen::Limits => model.limits.row = at,
        Screen::Revenue => model.revenue.row = at,
        Screen::Transfers => model.transfers.row = at,
        Screen::Compare => model.compare.row = at,
        Screen::Explore => {
            model.explore.row = at;
            return explore::walk(model);
        }
        Screen::Linkage => model.linkage.row = at,
    }
    Vec::new()
}

fn moused(model: &mut Model, mouse: Mouse, x: u16, y: u16) -> Vec<Command> {
    if let Some(overlay) = &mut model.overlay {
        let key = match mouse {
            Mouse::WheelUp => Code::Up,
            Mouse::WheelDown => Code::Down,
            Mouse::Press | Mouse::Drag | Mouse::Release => return Vec::new(),
        };
        if let Overlay::Prompt(prompt) = overlay {
            let nudge = if mouse == Mouse::WheelUp { "+" } else { "-" };
            let signs = prompt.text(0).chars().all(|c| matches!(c, '+' | '-'));
            if matches!(prompt.purpose, Purpose::Figure { .. }) && signs {
                return overlay::paste(model, nudge);
            }
            return Vec::new();
        }
        return pressed(model, Key::new(key));
    }
    let nudges = model.screen == Screen::Allocation && allocation::update::is_chosen(model, x, y);
    match mouse {
        Mouse::WheelUp if nudges => act(model, Action::NudgeUp),
        Mouse::WheelDown if nudges => act(model, Action::NudgeDown),
        Mouse::WheelUp => act(model, Action::Up),
        Mouse::WheelDown => act(model, Action::Down),
        Mouse::Press if y == 1 => match super::view::tab_at(model, x) {
            Some(screen) => show(model, screen),
            None => Vec::new(),
        },
        Mouse::Press => match model.screen {
            Screen::Allocation => allocation::update::clicked(model, x, y),
            Screen::Limits => limits::clicked(model, x, y),
            Screen::Revenue => revenue::clicked(model, y),
            Screen::Transfers | Screen::Compare | Screen::Explore | Screen::Linkage => {
                super::view::listed_at(model, x, y).map_or_else(Vec::new, |at| go_to(model, at))
            }
        },
        Mouse::Drag | Mouse::Release => limits::dragged(model, mouse, x),
    }
}

fn answer(model: &mut Model, answered: Answered) -> Vec<Command> {
    if answered.preview {
        let typing =
            matches!(model.overlay, Some(Overlay::Prompt(_))) || model.limits.grab.is_some();
        if answered.revision == model.typed && typing {
            model.preview = Some(answered.found);
        }
        return Vec::new();
    }
    if answered.revision != model.revision {
        return Vec::new();
    }
    model.answered = answered.revision;
    let calibrated = model.calibrated.take().is_some();
    if calibrated && !matches!(answered.found, Found::Allocated(_)) {
        model.waiting = None;
        allocation::renew(model);
    }
    match answered.found {
        Found::Allocated(answer) => {
            model.trouble = None;
            let fits =
                |other: &Arc<super::answer::Answer>| other.amounts.len() == answer.amounts.len();
            model.before = model.answer.take().filter(fits);
            if model.at_save.is_none() {
                model.at_save = Some(answer.clone());
            }
            allocation::answer(model, &answer);
            model.revenue.answer(&answer);
            model.answer = Some(answer);
            fill(model);
            let mut commands = export::waited(model);
            commands.extend(overlay::renew(model));
            commands.extend(match model.screen {
                Screen::Explore => explore::walk(model),
                Screen::Compare => compare::ask(model),
                Screen::Limits => limits::ask(model),
                _ => Vec::new(),
            });
            return commands;
        }
        Found::Infeasible(clashes) => {
            if model.note.alarm {
                let name = model.draft.name().to_string();
                model.say(name);
            }
            if model.answer.is_none() {
                model.limits.clash(&clashes, &model.draft.removed());
                model.revenue.clash(&clashes);
            }
            model.trouble = Some(Trouble::Infeasible(clashes));
            return super::trouble::study(model);
        }
        Found::Refused(lines) => {
            model.trouble = Some(Trouble::Refused(lines));
            model.trouble_top = 0;
        }
    }
    Vec::new()
}

fn saved_as(model: &mut Model, saved: Saved) -> Vec<Command> {
    model.saved = saved.text;
    model.name = saved.name;
    model.file = Some(saved.file);
    model.say(format!("saved as {}", model.name));
    // What is still being solved is what was saved: the next answer is counted from.
    model.at_save = model.answer.clone().filter(|_| !model.solving());
    if model.quits_when_saved { vec![Command::Quit] } else { Vec::new() }
}

fn changed(model: &mut Model, text: Arc<str>) -> Vec<Command> {
    if text == model.saved {
        return Vec::new();
    }
    if !model.unsaved() {
        model.saved = text.clone();
        return editing::replace(model, "read the file again: it has changed on disk", &text);
    }
    model.overlay = Some(Overlay::Ask(Ask {
        title: "The file has changed on disk, and this screen has edits of its own".into(),
        lines: super::diff::lines(model.draft.text(), &text),
        answers: vec![
            ('k', "keep the edits".into(), Choice::KeepMine(text.clone())),
            ('r', "read the file (u brings the edits back)".into(), Choice::Reload(text)),
        ],
        top: 0,
    }));
    Vec::new()
}

fn clash(model: &mut Model, text: Arc<str>) -> Vec<Command> {
    model.quits_when_saved = false;
    model.overlay = Some(Overlay::Ask(Ask {
        title: "The file has changed on disk since it was read".into(),
        lines: super::diff::lines(&text, model.draft.text()),
        answers: vec![
            ('c', "do not save now".into(), Choice::Nothing),
            ('w', "write over it".into(), Choice::SaveOver),
            ('r', "read the file (u brings the edits back)".into(), Choice::Reload(text)),
        ],
        top: 0,
    }));
    Vec::new()
}
