//! The plans and scenarios that can be opened: found by what is typed, with a short welcome above them
//! at the first start.

use super::lists::moved;
use super::{Ask, Choice, Field, Overlay, Prompt, Purpose};
use crate::tui::keys::{Code, Key};
use crate::tui::message::Command;
use crate::tui::model::Model;
use crate::tui::prompt::Line;

/// A few words for the first start: five keys.
pub const WELCOME: [&str; 9] = [
    "This is a plan that keeps every rule of its own while you type.",
    "",
    "  ↑ ↓ ← →    choose a figure, or a total; space unfolds a line",
    "  12000 ⏎    hold it there: everything else re-balances at once",
    "  u          take the last edit back, as often as you like",
    "  F2, F3     its limits, and where its money comes from",
    "  ?          every key of the screen; : finds an action by its name",
    "",
    "Nothing is written until you save. Esc shows this plan; or open another:",
];

/// The plans and scenarios that can be opened.
#[derive(Debug, Clone)]
pub struct Shelf {
    /// What is typed.
    pub line: Line,
    /// How each is asked for, and its title.
    plans: Vec<(String, String)>,
    /// The chosen one of those that fit.
    pub at: usize,
    /// Whether a few words stand above them.
    pub welcome: bool,
}

impl Shelf {
    /// Those that fit what is typed.
    pub fn found(&self) -> Vec<&(String, String)> {
        let typed = self.line.text().trim().to_lowercase();
        let fits = |(name, title): &&(String, String)| {
            typed.split_whitespace().all(|word| {
                name.to_lowercase().contains(word) || title.to_lowercase().contains(word)
            })
        };
        self.plans.iter().filter(fits).collect()
    }
}

/// The plans and scenarios that can be opened.
pub fn shelf(plans: Vec<(String, String)>) -> Overlay {
    Overlay::Shelf(Shelf { line: Line::default(), plans, at: 0, welcome: false })
}

/// The same at the first start.
pub fn welcome(plans: Vec<(String, String)>) -> Overlay {
    Overlay::Shelf(Shelf { line: Line::default(), plans, at: 0, welcome: true })
}

pub(super) fn key(model: &mut Model, mut shelf: Shelf, key: Key) -> Vec<Command> {
    let found = shelf.found();
    let chosen = found.get(shelf.at).map(|(name, _)| name.clone());
    let vertical = !matches!(key.code, Code::Home | Code::End);
    if let Some(at) = moved(shelf.at, found.len(), key).filter(|_| vertical) {
        model.overlay = Some(Overlay::Shelf(Shelf { at, ..shelf }));
        return Vec::new();
    }
    match key.code {
        Code::Esc => return Vec::new(),
        Code::Char('c') if key.ctrl => return Vec::new(),
        // What none of them fits may be a path.
        Code::Enter => {
            let typed = shelf.line.text().trim().to_string();
            return match chosen.or(Some(typed).filter(|path| !path.is_empty())) {
                Some(name) => open(model, name),
                None => Vec::new(),
            };
        }
        Code::Tab => {
            let plan = chosen.and_then(|name| Some(name.split('/').next()?.to_string()));
            if let Some(plan) = plan {
                begin(model, plan);
                return Vec::new();
            }
        }
        _ => {
            if shelf.line.key(key) {
                shelf.at = 0;
            }
        }
    }
    model.overlay = Some(Overlay::Shelf(shelf));
    Vec::new()
}

/// Opens another in place of this one; asks first where edits would be lost.
fn open(model: &mut Model, name: String) -> Vec<Command> {
    if !model.unsaved() {
        return vec![Command::Open(name)];
    }
    let safe = crate::units::display_safe(&name);
    model.overlay = Some(Overlay::Ask(Ask {
        title: format!("Open {safe} without saving?"),
        lines: crate::tui::diff::lines(&model.saved, model.draft.text()),
        answers: vec![
            ('c', "stay".into(), Choice::Nothing),
            ('n', "open it, and lose the edits".into(), Choice::Open(name)),
        ],
        top: 0,
    }));
    Vec::new()
}

/// Asks for the folder of a plan of one's own.
fn begin(model: &mut Model, plan: String) {
    let title = format!("Start a plan of your own from {plan}: the folder for its files");
    let fields = vec![Field::suggested("folder", "my-plan")];
    model.overlay = Some(Overlay::Prompt(Prompt::new(title, Purpose::Begin { plan }, fields)));
}
