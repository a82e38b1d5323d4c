//! What the threads that solve share: the newest of what is to be done, and what was found last.

use std::collections::VecDeque;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;

use super::{Request, other, solve_in_steps};
use crate::session::{Desk, Opened};
use crate::tui::answer::Found;
use crate::tui::message::{Answered, Message};

/// The most threads: one that is caught in what takes long, one for what is typed meanwhile, and one more.
const MOST_THREADS: usize = 3;

/// How many cells the answers that are kept may have together.
const MOST_CELLS: usize = 40_000;
/// How many answers are kept: of drafts, to which undo leads back, and of what was only typed.
const MOST_KEPT: [usize; 2] = [32, 8];

/// What is to be solved.
pub(super) struct Job {
    pub(super) revision: u64,
    pub(super) text: Arc<str>,
    pub(super) preview: bool,
}

/// What a thread takes up.
enum Task {
    Solve(Job),
    Other(String),
}

/// What is open, and how often its files were read again.
#[derive(Clone)]
struct Ground {
    opened: Arc<Opened>,
    opening: u64,
    reading: u64,
}

/// What was found for a text.
struct Kept {
    text: Arc<str>,
    found: Found,
    /// It was typed, and is no draft.
    preview: bool,
}

struct State {
    ground: Ground,
    /// The newest draft, and the newest of what is typed.
    slots: [Option<Job>; 2],
    others: VecDeque<String>,
    /// What was found last for which text, the newest at the end.
    kept: Vec<Kept>,
    threads: usize,
    over: bool,
}

/// What the threads that solve share.
pub(super) struct Board {
    state: Mutex<State>,
    changed: Condvar,
}

impl Board {
    pub(super) fn new(opened: &Opened) -> Self {
        let ground = Ground { opened: Arc::new(opened.clone()), opening: 0, reading: 0 };
        Self {
            state: Mutex::new(State {
                ground,
                slots: [None, None],
                others: VecDeque::new(),
                kept: Vec::new(),
                threads: 0,
                over: false,
            }),
            changed: Condvar::new(),
        }
    }

    /// A thread that panicked takes the program down by its own hook: what it left is whole.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Takes a request up; the newest draft and the newest of what is typed win.
    pub(super) fn put(&self, request: Request) {
        let mut state = self.state();
        match request {
            Request::Solve { revision, text, preview } => {
                state.slots[usize::from(preview)] = Some(Job { revision, text, preview });
            }
            Request::Other(path) => state.others.push_back(path),
            Request::Open(opened) => {
                state.ground.opened = Arc::new(*opened);
                state.ground.opening += 1;
                state.kept.clear();
            }
            Request::Forget => {
                state.ground.reading += 1;
                state.kept.clear();
            }
            Request::Ask(_) | Request::Stop => {}
        }
        drop(state);
        self.changed.notify_one();
    }

    /// Whether something waits for a thread, and there may be one more.
    pub(super) fn lacks_a_thread(&self) -> bool {
        let state = self.state();
        state.threads < MOST_THREADS && state.waits()
    }

    /// Ends every thread that has nothing to do.
    pub(super) fn end(&self) {
        self.state().over = true;
        self.changed.notify_all();
    }

    /// Starts another thread, which answers until there is nobody to ask or to answer.
    pub(super) fn start(self: &Arc<Self>, answers: &Sender<Message>) {
        self.state().threads += 1;
        let (board, answers) = (Arc::clone(self), answers.clone());
        thread::spawn(move || board.work(&answers));
    }

    /// Waits for something to do. Nothing where all is over.
    fn next(&self) -> Option<(Task, Ground)> {
        let mut state = self.state();
        loop {
            if state.over {
                return None;
            }
            if let Some(task) = state.take() {
                return Some((task, state.ground.clone()));
            }
            state = self.changed.wait(state).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
    }

    fn work(&self, answers: &Sender<Message>) {
        let mut own: Option<(Desk, Ground)> = None;
        while let Some((task, ground)) = self.next() {
            let desk = match desk(&mut own, &ground) {
                Ok(desk) => desk,
                Err(words) => {
                    let _ = answers.send(Message::Failed(words));
                    continue;
                }
            };
            let message = match task {
                Task::Other(path) => other(desk, &path),
                Task::Solve(job) => self.solved(desk, job, &ground, answers),
            };
            if answers.send(message).is_err() {
                return;
            }
        }
    }

    fn solved(
        &self,
        desk: &mut Desk,
        job: Job,
        ground: &Ground,
        answers: &Sender<Message>,
    ) -> Message {
        let Job { revision, text, preview } = job;
        let known = self.state().known(&text, preview);
        let found = known.unwrap_or_else(|| {
            let found = solve_in_steps(desk, &text, (!preview).then_some((revision, answers)));
            self.state().keep(Kept { text, found: found.clone(), preview }, ground);
            found
        });
        Message::Answered(Answered { revision, preview, found })
    }
}

/// The desk of a thread, on what is open now.
fn desk<'a>(own: &'a mut Option<(Desk, Ground)>, now: &Ground) -> Result<&'a mut Desk, String> {
    match own {
        Some((_, ground)) if ground.opening == now.opening => {}
        _ => *own = Some((Desk::new(&now.opened)?, now.clone())),
    }
    match own {
        Some((desk, ground)) => {
            if ground.reading != now.reading {
                desk.forget();
            }
            *ground = now.clone();
            Ok(desk)
        }
        None => Err(String::new()),
    }
}

impl State {
    fn waits(&self) -> bool {
        self.slots.iter().any(Option::is_some) || !self.others.is_empty()
    }

    /// The draft comes first, then what it is compared with, then what is still typed.
    fn take(&mut self) -> Option<Task> {
        let draft = self.slots[0].take().map(Task::Solve);
        draft
            .or_else(|| self.others.pop_front().map(Task::Other))
            .or_else(|| self.slots[1].take().map(Task::Solve))
    }

    /// What is known for a text; what was typed is a draft from now on, unless it is still typed.
    fn known(&mut self, text: &Arc<str>, preview: bool) -> Option<Found> {
        let own = self.kept.iter_mut().rev().find(|own| own.text == *text)?;
        own.preview &= preview;
        Some(own.found.clone())
    }

    /// Keeps what was found, unless the files have changed since; the oldest makes room.
    fn keep(&mut self, own: Kept, ground: &Ground) {
        let now = &self.ground;
        if (now.opening, now.reading) != (ground.opening, ground.reading) {
            return;
        }
        let preview = own.preview;
        self.kept.push(own);
        let alike = |own: &Kept| own.preview == preview;
        if self.kept.iter().filter(|own| alike(own)).count() > MOST_KEPT[usize::from(preview)]
            && let Some(oldest) = self.kept.iter().position(alike)
        {
            self.kept.remove(oldest);
        }
        let cells = |own: &Kept| match &own.found {
            Found::Allocated(answer) => answer.amounts.len(),
            Found::Infeasible(_) | Found::Refused(_) => 0,
        };
        while self.kept.len() > 1 && self.kept.iter().map(cells).sum::<usize>() > MOST_CELLS {
            self.kept.remove(0);
        }
    }
}
