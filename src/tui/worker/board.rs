//! What the threads that solve share: the newest of what is to be done, and what was found last.

use std::collections::VecDeque;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;

use super::{Request, other, solve_in_steps};
use crate::session::{Desk, Opened};
use crate::tui::answer::{Answer, Found};
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
    Solve(Arc<str>),
    Other(String),
}

/// A text that a thread is solving, and who waits for it: the newest draft, and the newest of what is typed.
struct Run {
    text: Arc<str>,
    reading: (u64, u64),
    waiting: [Option<Job>; 2],
}

impl Run {
    /// Whether this text is being solved, on what is open now.
    fn is_of(&self, text: &Arc<str>, ground: &Ground) -> bool {
        self.text == *text && self.reading == ground.reading()
    }
}

/// What is open, and how often its files were read again.
#[derive(Clone)]
struct Ground {
    opened: Arc<Opened>,
    opening: u64,
    reading: u64,
    /// What was found last for a draft: all that is typed next is near it.
    footing: Option<Arc<Answer>>,
}

impl Ground {
    /// How often something was opened, and its files were read again.
    fn reading(&self) -> (u64, u64) {
        (self.opening, self.reading)
    }
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
    /// What threads are solving.
    runs: Vec<Run>,
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
        let opened = Arc::new(opened.clone());
        let ground = Ground { opened, opening: 0, reading: 0, footing: None };
        Self {
            state: Mutex::new(State {
                ground,
                slots: [None, None],
                runs: Vec::new(),
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

    /// Takes a request up; the newest draft and the newest of what is typed win. What is being solved
    /// already, as where Enter follows the last digit, is not solved once more.
    pub(super) fn put(&self, request: Request) {
        let mut state = self.state();
        match request {
            Request::Solve { revision, text, preview } => {
                let job = Job { revision, text, preview };
                let left = state.join(job);
                state.slots[usize::from(preview)] = left;
            }
            Request::Other(path) => state.others.push_back(path),
            Request::Open(opened) => {
                state.ground.opened = Arc::new(*opened);
                state.ground.opening += 1;
                state.ground.footing = None;
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
            let told = match (desk(&mut own, &ground), task) {
                (Ok(desk), Task::Other(path)) => answers.send(other(desk, &path)).is_ok(),
                (Ok(desk), Task::Solve(text)) => self.solve(desk, text, &ground, answers),
                (Err(words), task) => {
                    if let Task::Solve(text) = task {
                        self.state().end_run(&text, &ground);
                    }
                    answers.send(Message::Failed(words)).is_ok()
                }
            };
            if !told {
                return;
            }
        }
    }

    /// Solves a text, and tells all who wait for it; whether anybody still listens. What made room for it
    /// goes once they are told.
    fn solve(
        &self,
        desk: &mut Desk,
        text: Arc<str>,
        ground: &Ground,
        answers: &Sender<Message>,
    ) -> bool {
        let known = self.state().known(&text);
        let found = known.unwrap_or_else(|| {
            if let Some(footing) = &ground.footing {
                desk.start_from(&footing.allocation.active);
            }
            let draft = || Some((self.state().draft(&text, ground)?, answers));
            solve_in_steps(desk, &text, draft)
        });
        let (waiting, gone) = {
            let mut state = self.state();
            let waiting = state.end_run(&text, ground);
            let own = Kept { text, found: found.clone(), preview: waiting[0].is_none() };
            (waiting, state.keep(own, ground))
        };
        let tell = |job: Job| {
            Message::Answered(Answered {
                revision: job.revision,
                preview: job.preview,
                found: found.clone(),
            })
        };
        let told = waiting.into_iter().flatten().all(|job| answers.send(tell(job)).is_ok());
        drop(gone);
        told
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
        let other = |state: &mut Self| state.others.pop_front().map(Task::Other);
        self.begin_run(0).or_else(|| other(self)).or_else(|| self.begin_run(1))
    }

    /// Takes up what waits in a slot, unless it can wait for another.
    fn begin_run(&mut self, slot: usize) -> Option<Task> {
        let waits = self.slots[slot].take()?;
        let job = self.join(waits)?;
        let text = job.text.clone();
        let mut waiting = [None, None];
        waiting[slot] = Some(job);
        self.runs.push(Run { text: text.clone(), reading: self.ground.reading(), waiting });
        Some(Task::Solve(text))
    }

    /// Lets a job wait for the thread that is solving its text already; it comes back where there is none.
    fn join(&mut self, job: Job) -> Option<Job> {
        match self.runs.iter_mut().find(|run| run.is_of(&job.text, &self.ground)) {
            Some(run) => {
                let slot = usize::from(job.preview);
                run.waiting[slot] = Some(job);
                None
            }
            None => Some(job),
        }
    }

    /// The revision of the draft that waits for a text.
    fn draft(&self, text: &Arc<str>, ground: &Ground) -> Option<u64> {
        let run = self.runs.iter().find(|run| run.is_of(text, ground))?;
        run.waiting[0].as_ref().map(|job| job.revision)
    }

    /// Forgets that a text is being solved; who waited for it.
    fn end_run(&mut self, text: &Arc<str>, ground: &Ground) -> [Option<Job>; 2] {
        let place = self.runs.iter().position(|run| run.is_of(text, ground));
        place.map_or_else(Default::default, |place| self.runs.swap_remove(place).waiting)
    }

    /// What is known for a text.
    fn known(&self, text: &Arc<str>) -> Option<Found> {
        self.kept.iter().rev().find(|own| own.text == *text).map(|own| own.found.clone())
    }

    /// Keeps what was found, unless the files have changed since; what made room is given back. What was typed is
    /// a draft from the time on that one waits for it.
    fn keep(&mut self, mut own: Kept, ground: &Ground) -> Vec<Kept> {
        let mut gone = Vec::new();
        if self.ground.reading() != ground.reading() {
            return gone;
        }
        if let Some(place) = self.kept.iter().position(|kept| kept.text == own.text) {
            let known = self.kept.remove(place);
            own.preview &= known.preview;
            gone.push(known);
        }
        let preview = own.preview;
        if let (Found::Allocated(answer), false) = (&own.found, preview) {
            self.ground.footing = Some(answer.clone());
        }
        self.kept.push(own);
        let alike = |own: &Kept| own.preview == preview;
        if self.kept.iter().filter(|own| alike(own)).count() > MOST_KEPT[usize::from(preview)]
            && let Some(oldest) = self.kept.iter().position(alike)
        {
            gone.push(self.kept.remove(oldest));
        }
        let cells = |own: &Kept| match &own.found {
            Found::Allocated(answer) => answer.amounts.len(),
            Found::Infeasible(_) | Found::Refused(_) => 0,
        };
        while self.kept.len() > 1 && self.kept.iter().map(cells).sum::<usize>() > MOST_CELLS {
            gone.push(self.kept.remove(0));
        }
        gone
    }
}
