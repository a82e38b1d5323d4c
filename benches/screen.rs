//! How long a planner waits: from a key to the frame that answers it.
//!
//! The real update, solver thread and view are driven, and frames are written as a terminal takes them,
//! into a sink. `cargo bench --bench screen` prints percentiles; `docs/benchmarks.md` holds the figures.

#![expect(clippy::print_stdout, reason = "a benchmark says what it measured")]

use std::io::{Sink, sink};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use virement::scenario::Draft;
use virement::scenario::generate::{Recipe, plan as generated};
use virement::session::{Desk, Opened, open_draft};
use virement::tui::{
    Asked, Code, Colours, Command, Key, Look, Message, Model, Question, Request, Screen, Start,
    advise, serve, update, view,
};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The columns and lines of the terminal.
const SIZE: (u16, u16) = (160, 50);

/// How often each thing is done.
const EDITS: usize = 200;

/// How long an answer may take before the run is given up.
const PATIENCE: Duration = Duration::from_mins(1);

/// A planner at the screen.
struct Desktop {
    model: Model,
    requests: Sender<Request>,
    questions: Sender<Asked>,
    /// The preview that was asked for last.
    asked: u64,
    inbox: Receiver<Message>,
    terminal: Terminal<CrosstermBackend<Sink>>,
    /// When the last frame with calibrated figures was drawn.
    calibrated: Option<Instant>,
}

impl Desktop {
    fn open(name: &str) -> Self {
        let opened = open_draft(name).unwrap_or_else(|words| panic!("{name}: {words}"));
        let (requests, asked) = channel();
        let (answers, inbox) = channel();
        let own: Opened = opened.clone();
        let told = answers.clone();
        thread::spawn(move || serve(&own, &asked, &answers));
        let questions = adviser(opened.clone(), told);
        let model = Model::new(Start {
            draft: Draft::new(&opened.text),
            name: opened.name.clone(),
            file: opened.file.clone(),
            suggestion: String::new(),
            size: SIZE,
            look: Look { colours: Colours::Dark, ascii: false },
            others: Desk::new(&opened).map(|desk| desk.others()).unwrap_or_default(),
            overlay: None,
        });
        let viewport = Viewport::Fixed(Rect::new(0, 0, SIZE.0, SIZE.1));
        let options = TerminalOptions { viewport };
        let terminal = Terminal::with_options(CrosstermBackend::new(sink()), options);
        let terminal = terminal.expect("a terminal");
        let mut desktop =
            Self { model, requests, questions, asked: 0, inbox, terminal, calibrated: None };
        let text = desktop.model.draft.text().clone();
        desktop.run(vec![Command::Solve { revision: 1, text, preview: false }]);
        desktop.published();
        desktop
    }

    fn draw(&mut self) {
        let model = &self.model;
        self.terminal.draw(|frame| view(model, frame)).expect("a frame");
    }

    fn send(&mut self, message: Message) {
        let commands = update(&mut self.model, message);
        self.run(commands);
    }

    fn run(&mut self, commands: Vec<Command>) {
        for command in commands {
            match command {
                Command::Solve { revision, text, preview } => {
                    if preview {
                        self.asked = revision;
                    }
                    let asked = Request::Solve { revision, text, preview };
                    self.requests.send(asked).expect("a solver");
                }
                Command::Ask(asked) if matches!(asked.question, Question::Range(_)) => {
                    self.questions.send(asked).expect("an adviser");
                }
                _ => {}
            }
        }
    }

    fn press(&mut self, keys: &str) {
        keys.chars().for_each(|c| self.send(Message::Key(Key::char(c))));
    }

    fn code(&mut self, code: Code) {
        self.send(Message::Key(Key::new(code)));
    }

    /// Takes one message, and draws.
    fn take(&mut self) {
        let message = self.inbox.recv_timeout(PATIENCE).expect("an answer");
        let calibrated = matches!(message, Message::Calibrated(..));
        self.send(message);
        self.draw();
        if calibrated {
            self.calibrated = Some(Instant::now());
        }
    }

    /// Takes answers until the newest draft has its published one.
    fn published(&mut self) {
        self.draw();
        self.calibrated = None;
        while self.model.solving() {
            self.take();
        }
    }

    /// Takes answers until it is known what the figure can be that is being typed, and what would come
    /// of it.
    fn previewed(&mut self) {
        self.draw();
        let known = |model: &Model| {
            model.ranged.as_ref().is_none_or(|asked| model.notebook.find(asked).is_some())
        };
        while !known(&self.model) || self.asked == self.model.typed && self.model.preview.is_none()
        {
            self.take();
        }
    }

    /// Chooses a figure of the grid, and says another amount for it.
    fn chosen(&mut self, random: &mut impl Rng) -> String {
        loop {
            let grid = &self.model.allocation.grid;
            let (lines, columns) = (grid.lines.len(), grid.columns.len());
            self.code(Code::Home);
            (0..random.random_range(0..lines.min(40))).for_each(|_| self.code(Code::Down));
            (0..columns).for_each(|_| self.code(Code::Left));
            (0..random.random_range(0..columns)).for_each(|_| self.code(Code::Right));
            let Some(figure) = self.model.allocation.chosen() else { continue };
            let now = figure.amount.to_f64();
            if !figure.cells.is_empty() && now >= 100.0 {
                let by = f64::from(random.random_range(-30..=30));
                return format!("{:.0}", now * (1.0 + by / 1000.0));
            }
        }
    }
}

/// Says what figures can be, on a thread of its own; the prices and bends that the screen asks for
/// besides are left out.
fn adviser(opened: Opened, messages: Sender<Message>) -> Sender<Asked> {
    let (questions, asked) = channel::<Asked>();
    thread::spawn(move || {
        let mut desk = Desk::new(&opened).expect("a desk");
        for asked in asked {
            let advice = advise(&mut desk, &asked);
            if messages.send(Message::Advised(asked, advice)).is_err() {
                return;
            }
        }
    });
    questions
}

/// Times of one kind, in milliseconds.
#[derive(Default)]
struct Times(Vec<f64>);

impl Times {
    fn since(&mut self, start: Instant) {
        self.0.push(start.elapsed().as_secs_f64() * 1000.0);
    }

    /// Says the median, the 90th and the 99th percentile and the longest.
    fn say(mut self, plan: &str, what: &str) {
        self.0.sort_by(f64::total_cmp);
        let count = self.0.len();
        if count == 0 {
            return;
        }
        let at = |part: usize| self.0[(count * part / 100).min(count - 1)];
        println!(
            "{plan:<16} {what:<44} {count:>5} times   p50 {:>8.2} ms   p90 {:>8.2} ms   p99 {:>8.2} ms   most {:>8.2} ms",
            at(50),
            at(90),
            at(99),
            self.0[count - 1]
        );
    }
}

/// Figures typed into random cells and totals, each taken back again.
fn edits(desktop: &mut Desktop, plan: &str, count: usize) {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let [mut typed, mut entered, mut undone, mut about] = [const { Times(Vec::new()) }; 4];
    let mut clashes = 0;
    for edit in 0..count {
        let text = desktop.chosen(&mut random);
        let (head, last) = text.split_at(text.len() - 1);
        desktop.press(head);
        desktop.previewed();
        // Every other time Enter follows the last digit at once, as when one types fast.
        let mut start = Instant::now();
        desktop.press(last);
        if edit % 2 == 1 {
            desktop.previewed();
            start = Instant::now();
        }
        desktop.code(Code::Enter);
        desktop.published();
        if desktop.model.trouble.is_some() {
            clashes += 1;
            desktop.code(Code::Esc);
            desktop.published();
            continue;
        }
        let times = if edit % 2 == 1 { &mut entered } else { &mut typed };
        times.since(start);
        about.0.extend(desktop.calibrated.map(|end| (end - start).as_secs_f64() * 1000.0));
        let start = Instant::now();
        desktop.press("u");
        desktop.published();
        undone.since(start);
    }
    about.say(plan, "last digit and Enter to calibrated figures");
    typed.say(plan, "last digit and Enter to published figures");
    entered.say(plan, "Enter to published figures");
    undone.say(plan, "undo to published figures");
    println!("{plan:<16} of {count} edits {clashes} could not be met");
}

/// Bounds moved a hundredth, one key each: there is no preview of them.
fn bounds(desktop: &mut Desktop, plan: &str, count: usize) {
    let (mut moved, mut about) = (Times::default(), Times::default());
    desktop.code(Code::F(2));
    let lines = desktop.model.limits.rows.len().max(1);
    for place in 0..count {
        desktop.code(Code::Home);
        (0..place * 7 % lines).for_each(|_| desktop.code(Code::Down));
        let start = Instant::now();
        let before = desktop.model.revision;
        desktop.code(if place % 3 == 0 { Code::Left } else { Code::Right });
        if desktop.model.revision == before {
            continue;
        }
        desktop.published();
        if desktop.model.trouble.is_some() {
            desktop.code(Code::Esc);
        } else {
            moved.since(start);
            about.0.extend(desktop.calibrated.map(|end| (end - start).as_secs_f64() * 1000.0));
            desktop.press("u");
        }
        desktop.published();
    }
    desktop.code(Code::F(1));
    about.say(plan, "a bound moved to calibrated figures");
    moved.say(plan, "a bound moved to published figures");
}

/// Keys that solve nothing, on every screen.
fn frames(desktop: &mut Desktop, plan: &str) {
    for (place, screen) in Screen::ALL.into_iter().enumerate() {
        let mut times = Times::default();
        let keys = [Code::Down, Code::Down, Code::Down, Code::Right, Code::PageDown, Code::Home];
        let number = u8::try_from(place + 1).expect("seven screens");
        let shown = Instant::now();
        desktop.code(Code::F(number));
        desktop.draw();
        times.since(shown);
        let keys = if screen == Screen::Limits { &keys[..3] } else { &keys };
        for key in keys.iter().cycle().take(EDITS) {
            let start = Instant::now();
            desktop.code(*key);
            desktop.draw();
            times.since(start);
        }
        times.say(plan, &format!("a key without a solve, {}", screen.word()));
    }
    desktop.code(Code::F(1));
    let mut times = Times::default();
    for key in "  vvvvvvxxssFF  FF".chars().cycle().take(EDITS) {
        let start = Instant::now();
        desktop.press(&key.to_string());
        desktop.draw();
        times.since(start);
    }
    times.say(plan, "unfolding, other figures, order, filters");
}

fn measured(plan: &str, name: &str, count: usize) {
    let mut desktop = Desktop::open(name);
    edits(&mut desktop, plan, count);
    bounds(&mut desktop, plan, count / 2);
    frames(&mut desktop, plan);
}

/// Writes a generated plan.
fn written(home: &Path, cells: usize) -> String {
    for (name, text) in generated(&Recipe::of(cells, 1)) {
        std::fs::write(home.join(name), text).expect("a file");
    }
    home.display().to_string()
}

fn main() {
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let asked = |plan: &str| wanted.is_empty() || wanted.iter().any(|word| plan.contains(&**word));
    for plan in ["itu-2012-2015", "itu-2024-2027"] {
        if asked(plan) {
            measured(plan, plan, EDITS);
        }
    }
    let home = tempfile::tempdir().expect("a folder");
    if asked("generated-10000") {
        measured("generated-10000", &written(home.path(), 10_000), EDITS);
    }
}
