//! A planner at the screen, for tests: keys are pressed, the solver answers at once, frames are read.

use std::sync::Arc;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use virement::scenario::Draft;
use virement::session::{Desk, Opened, open_draft};
use virement::tui::{
    Answered, Code, Colours, Command, Found, Key, Look, Message, Model, Start, solve, update, view,
};

/// A planner at the screen.
pub(crate) struct Planner {
    pub(crate) model: Model,
    desk: Desk,
    /// What the screen asked for, but for solving.
    pub(crate) asked: Vec<Command>,
}

impl Planner {
    /// Opens a plan or scenario on a screen of 120 × 40.
    pub(crate) fn open(name: &str) -> Self {
        Self::with(&open_draft(name).expect("a plan"))
    }

    /// Opens what was opened.
    pub(crate) fn with(opened: &Opened) -> Self {
        let mut planner = Self::unsolved(opened);
        let first = Command::Solve {
            revision: 1,
            text: planner.model.draft.text().clone(),
            preview: false,
        };
        planner.run(vec![first]);
        planner
    }

    fn unsolved(opened: &Opened) -> Self {
        let model = Model::new(Start {
            draft: Draft::new(&opened.text),
            name: opened.name.clone(),
            file: opened.file.clone(),
            suggestion: String::new(),
            size: (120, 40),
            look: Look { colours: Colours::Dark, ascii: false },
            others: Desk::new(opened).expect("a desk").others(),
            overlay: None,
        });
        Self { model, desk: Desk::new(opened).expect("a desk"), asked: Vec::new() }
    }

    /// Sends a message, and solves what it asks to be solved.
    pub(crate) fn send(&mut self, message: Message) -> &mut Self {
        let commands = update(&mut self.model, message);
        self.run(commands);
        self
    }

    fn run(&mut self, commands: Vec<Command>) {
        for command in commands {
            if let Command::Compare(path) = &command {
                let message = virement::tui::other(&mut self.desk, path);
                self.send(message);
                continue;
            }
            if let Command::Ask(asked) = command {
                let advice = virement::tui::advise(&mut self.desk, &asked);
                self.send(Message::Advised(asked, advice));
                continue;
            }
            let Command::Solve { revision, text, preview } = command else {
                self.asked.push(command);
                continue;
            };
            let mut found = solve(&mut self.desk, &text);
            if let Found::Allocated(answer) = &mut found {
                Arc::get_mut(answer).expect("an answer of one's own").took = 400;
            }
            let answered = Answered { revision, preview, found };
            self.send(Message::Answered(answered));
        }
    }

    /// Presses keys: characters, and names in brackets: `[down]`, `[ctrl-z]`, `[enter]`.
    pub(crate) fn press(&mut self, keys: &str) -> &mut Self {
        for key in keys_of(keys) {
            self.send(Message::Key(key));
        }
        self
    }

    /// Makes the screen another size.
    pub(crate) fn resize(&mut self, width: u16, height: u16) -> &mut Self {
        self.send(Message::Resized(width, height))
    }

    /// The frame as it is drawn.
    pub(crate) fn buffer(&self) -> Buffer {
        let (width, height) = self.model.size;
        let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a terminal");
        terminal.draw(|frame| view(&self.model, frame)).expect("a frame");
        terminal.backend().buffer().clone()
    }

    /// The frame as lines of text.
    pub(crate) fn screen(&self) -> String {
        text(&self.buffer())
    }

    /// The sum of what is allocated to the members of a slice: `sector=GS`.
    pub(crate) fn total(&self, slice: &str) -> i64 {
        let answer = self.model.answer.as_ref().expect("an answer");
        let picks = virement::tui::find::picks(&answer.plan, slice).expect("a slice");
        let cells = virement::tui::pivot::cells_of(&answer.plan, &picks);
        answer.sum(&cells).numerator().to_string().parse().expect("a whole figure")
    }
}

/// A buffer as lines of text.
pub(crate) fn text(buffer: &Buffer) -> String {
    let area = buffer.area;
    let line = |y: u16| {
        let mut line = String::new();
        let mut covered = 0;
        for x in area.left()..area.right() {
            let symbol = buffer[(x, y)].symbol();
            if covered == 0 {
                line.push_str(symbol);
                covered = unicode_width::UnicodeWidthStr::width(symbol).max(1);
            }
            covered -= 1;
        }
        line.trim_end().replace('\u{202f}', " ")
    };
    (area.top()..area.bottom()).map(line).collect::<Vec<_>>().join("\n")
}

/// The keys that a text names.
pub(crate) fn keys_of(text: &str) -> Vec<Key> {
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let end = rest.find(']').filter(|_| c == '[');
        let Some(end) = end else {
            keys.push(Key::char(c));
            rest = &rest[c.len_utf8()..];
            continue;
        };
        keys.push(named(&rest[1..end]));
        rest = &rest[end + 1..];
    }
    keys
}

fn named(name: &str) -> Key {
    if let Some(c) = name.strip_prefix("ctrl-") {
        return Key::ctrl(c.chars().next().expect("a character"));
    }
    Key::new(match name {
        "enter" => Code::Enter,
        "esc" => Code::Esc,
        "tab" => Code::Tab,
        "backtab" => Code::BackTab,
        "up" => Code::Up,
        "down" => Code::Down,
        "left" => Code::Left,
        "right" => Code::Right,
        "end" => Code::End,
        "pageup" => Code::PageUp,
        "pagedown" => Code::PageDown,
        "home" => Code::Home,
        "backspace" => Code::Backspace,
        name => Code::F(name.trim_start_matches('f').parse().expect("a key")),
    })
}
