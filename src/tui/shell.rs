//! The shell around the screen: it owns terminal, files, threads and the clock.

mod desk;
mod events;
mod input;
mod panic;
mod plain;
mod search;
mod terminal;
mod watch;

use std::path::Path;
use std::process::Command as Program;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Instant;

use desk::Papers;
use input::Reading;
pub use plain::plain;
use search::{Search, advised};
use terminal::Screen;
use watch::LOOK;

use super::Options;
use super::advice::Question;
use super::message::{Command, Message};
use super::model::{Model, Start};
use super::overlay::{Ask, Choice, Overlay};
use super::update::update;
use super::worker::{self, Request};
use crate::scenario::Draft;
use crate::session::{self, Desk, Opened};

/// Runs the screen until it is left.
///
/// # Errors
///
/// Why it cannot run, in words.
pub fn run(opened: &Opened, options: &Options) -> Result<(), String> {
    let mut next = sit(opened, *options)?;
    while let Some(opened) = next {
        next = sit(&opened, Options { welcome: false, ..*options })?;
    }
    Ok(())
}

/// Runs the screen on what was opened; gives what is opened next, where that was asked for.
fn sit(opened: &Opened, options: Options) -> Result<Option<Opened>, String> {
    let others = Desk::new(opened)?.others();
    let (messages, inbox) = channel();
    let (requests, outbox) = channel();
    let (papers, leftover, said) = Papers::new(opened.clone());
    panic::restore(messages.clone());
    // Before the terminal is taken: a signal that comes at once gives it back, too.
    input::watch_signals(messages.clone())?;
    let screen = Screen::enter(options.mouse)?;
    let reading = Reading::default();
    let (to_me, own) = (messages.clone(), reading.clone());
    thread::spawn(move || input::read(&to_me, &own));
    let answers = messages.clone();
    let desk = opened.clone();
    thread::spawn(move || worker::serve(&desk, &outbox, &answers));
    let questions = advised(opened, &messages);
    let [repairs, search] = [(); 2].map(|()| Search::start(opened, &messages));
    let mut model = Model::new(Start {
        draft: Draft::new(&opened.text),
        name: shown_name(opened),
        file: opened.file.clone(),
        suggestion: suggestion(opened),
        size: terminal::size(),
        look: options.look,
        others,
        overlay: leftover
            .map(offer)
            .or_else(|| options.welcome.then(|| super::overlay::welcome(session::shelf(opened)))),
    });
    if let Some(words) = said {
        model.warn(words);
    }
    let watched = watch::start(opened, &messages);
    let mut shell = Shell {
        screen,
        papers,
        requests,
        questions,
        repairs,
        search,
        watched,
        messages,
        reading,
        ended: None,
        next: None,
    };
    let first = Command::Solve { revision: 1, text: model.draft.text().clone(), preview: false };
    shell.run(&mut model, first)?;
    shell.serve(&mut model, &inbox)?;
    let unsaved = model.unsaved();
    let Shell { screen, papers, reading, ended, next, .. } = shell;
    reading.end();
    drop(screen);
    papers.close(ended == Some(Ended::Cut) && unsaved);
    panic::outcome().map(|()| next)
}

/// How the header names what is open.
fn shown_name(opened: &Opened) -> String {
    if opened.file.is_some() || opened.embedded.is_some() && opened.name.contains('/') {
        return opened.name.clone();
    }
    "new scenario".into()
}

/// The name that a new file is asked with.
fn suggestion(opened: &Opened) -> String {
    if opened.embedded.is_some() { "my-plan/scenario".into() } else { String::new() }
}

/// Offers what a program that died had not saved.
fn offer(draft: Draft) -> Overlay {
    let (versions, at) = draft.versions();
    let mut lines: Vec<String> = versions
        .iter()
        .take(at + 1)
        .skip(1)
        .map(|version| crate::units::display_safe(&version.name))
        .collect();
    lines.insert(0, "These edits were not saved when the program ended:".into());
    Overlay::Ask(Ask {
        title: "Edits that were not saved".into(),
        lines,
        answers: vec![
            ('r', "recover them".into(), Choice::Recover(draft)),
            ('g', "give them up".into(), Choice::Discard),
        ],
        top: 0,
    })
}

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// The planner has left.
    Left,
    /// A signal, or the loss of the terminal.
    Cut,
}

struct Shell {
    screen: Screen,
    papers: Papers,
    requests: Sender<Request>,
    questions: Sender<Request>,
    /// Repairs have a thread of their own: they take long, and may have to be found for a draft that is gone.
    repairs: Search,
    search: Search,
    watched: Sender<Opened>,
    messages: Sender<Message>,
    reading: Reading,
    ended: Option<Ended>,
    /// What is opened once this is left.
    next: Option<Opened>,
}

impl Shell {
    /// Takes messages until the end. A frame is drawn once for all that have come.
    fn serve(&mut self, model: &mut Model, inbox: &Receiver<Message>) -> Result<(), String> {
        let mut looked = Instant::now();
        self.screen.draw(|frame| super::view(model, frame))?;
        while self.ended.is_none() {
            let first = match inbox.recv_timeout(LOOK) {
                Ok(message) => Some(message),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            };
            let mut came = first.is_some();
            for message in first.into_iter().chain(inbox.try_iter()) {
                self.take(model, message)?;
                if self.ended.is_some() {
                    return Ok(());
                }
            }
            if looked.elapsed() >= LOOK {
                looked = Instant::now();
                if !terminal::is_there() {
                    self.ended = Some(Ended::Cut);
                    return Ok(());
                }
                if let Some(message) = self.papers.changed() {
                    came = true;
                    self.take(model, message)?;
                }
            }
            if came {
                self.screen.draw(|frame| super::view(model, frame))?;
            }
        }
        Ok(())
    }

    fn take(&mut self, model: &mut Model, message: Message) -> Result<(), String> {
        if matches!(message, Message::Hangup) {
            self.ended = Some(Ended::Cut);
            return Ok(());
        }
        if matches!(message, Message::Continued) {
            return self.screen.lend(|| ());
        }
        if matches!(message, Message::Reread(_)) {
            self.tell_all(|| Request::Forget);
        }
        for command in update(model, message) {
            self.run(model, command)?;
        }
        Ok(())
    }

    /// Sends a request to every thread that solves.
    fn tell_all(&self, request: impl Fn() -> Request) {
        for thread in
            [&self.requests, &self.questions, &self.repairs.requests, &self.search.requests]
        {
            let _ = thread.send(request());
        }
    }

    /// Does what the screen asks.
    fn run(&mut self, model: &mut Model, command: Command) -> Result<(), String> {
        let done = match command {
            Command::Solve { revision, text, preview } => {
                let _ = self.requests.send(Request::Solve { revision, text, preview });
                return Ok(());
            }
            Command::Ask(asked) if matches!(asked.question, Question::Bends { .. }) => {
                self.search.stop();
                self.search.send(Request::Ask(asked));
                return Ok(());
            }
            Command::Ask(asked) if matches!(asked.question, Question::Repairs) => {
                self.repairs.stop();
                self.repairs.send(Request::Ask(asked));
                return Ok(());
            }
            Command::Ask(asked) => {
                let _ = self.questions.send(Request::Ask(asked));
                return Ok(());
            }
            Command::Stop => {
                self.search.stop();
                let _ = self.questions.send(Request::Stop);
                return Ok(());
            }
            Command::Rows(name) => {
                let messages = self.messages.clone();
                thread::spawn(move || {
                    let found = session::batch::spreads(Path::new(&name)).map(Arc::from);
                    let _ = messages.send(Message::Spread(name, found));
                });
                return Ok(());
            }
            Command::Look(text) => {
                let found = session::completions(&text);
                Some(Message::Looked(text, found))
            }
            Command::Compare(path) => {
                let _ = self.requests.send(Request::Other(path));
                return Ok(());
            }
            Command::Note => {
                self.papers.note(&model.draft);
                return Ok(());
            }
            Command::Save { over } => {
                let text = model.draft.text().clone();
                Some(self.papers.save(&text, &model.saved, over))
            }
            Command::SaveAs { name, over } => {
                let text = model.draft.text().clone();
                Some(self.papers.save_as(&name, &text, over))
            }
            Command::Copy(text) => {
                Screen::copy(&text);
                Some(Message::Done(format!("copied {} characters", text.chars().count())))
            }
            Command::Export { name, text } => Some(export(&name, &text)),
            Command::Editor => Some(self.editor(model)?),
            Command::Discard => {
                self.papers.discard();
                None
            }
            Command::Redraw => {
                self.screen.forget();
                None
            }
            Command::Suspend => {
                self.suspend()?;
                None
            }
            Command::Shelf => Some(Message::Shelved(session::shelf(&self.papers.opened))),
            Command::Open(name) => self.leave_for(session::open_draft(&name)),
            Command::Begin { plan, folder } => self.leave_for(session::begin(&plan, &folder)),
            Command::Quit => {
                self.ended = Some(Ended::Left);
                None
            }
        };
        if let Some(message) = done {
            if matches!(message, Message::Saved(_)) {
                let opened = self.papers.opened.clone();
                let _ = self.watched.send(opened.clone());
                self.tell_all(|| Request::Open(Box::new(opened.clone())));
            }
            self.take(model, message)?;
        }
        Ok(())
    }

    /// Leaves for what else was opened; says why it cannot be.
    fn leave_for(&mut self, opened: Result<Opened, String>) -> Option<Message> {
        match opened {
            Ok(opened) => {
                self.next = Some(opened);
                self.ended = Some(Ended::Left);
                None
            }
            Err(words) => Some(Message::Failed(words)),
        }
    }

    /// Lends the terminal to the planner's editor.
    fn editor(&mut self, model: &Model) -> Result<Message, String> {
        self.reading.pause();
        let found = self.screen.lend(|| edited(model.draft.text()));
        self.reading.resume();
        Ok(match found? {
            Ok(text) => Message::Edited(text.into()),
            Err(words) => Message::Failed(words),
        })
    }

    /// Stops until the program is continued.
    fn suspend(&mut self) -> Result<(), String> {
        self.reading.pause();
        self.screen.lend(|| {
            let _ = signal_hook::low_level::raise(signal_hook::consts::SIGSTOP);
        })?;
        self.reading.resume();
        let (width, height) = terminal::size();
        let _ = self.messages.send(Message::Resized(width, height));
        Ok(())
    }
}

/// The text as the planner's editor leaves it.
fn edited(text: &str) -> Result<String, String> {
    let stated = ["VISUAL", "EDITOR"].iter().find_map(|name| std::env::var(name).ok());
    let editor = stated.filter(|words| !words.trim().is_empty()).unwrap_or_else(|| "vi".into());
    session::edit_elsewhere(text, |path| {
        let command = format!("{editor} \"$1\"");
        let arguments = ["-c", &command, "sh"].map(std::ffi::OsString::from);
        let status = Program::new("sh").args(arguments).arg(path).status();
        match status {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("`{editor}` ended with {status}; nothing was changed")),
            Err(error) => Err(format!("`{editor}` cannot be started: {error}")),
        }
    })
}

/// Writes the view to a file that is not there yet.
fn export(name: &str, text: &str) -> Message {
    let path = Path::new(name);
    if path.exists() {
        return Message::Failed(format!("there is a file `{name}` already; name another"));
    }
    match session::write(path, text.as_bytes()) {
        Ok(()) => Message::Done(format!("written to {name}")),
        Err(words) => Message::Failed(words),
    }
}
