//! What happens to the screen, and what it asks to be done.

use std::path::PathBuf;
use std::sync::Arc;

use super::advice::{Advice, Asked};
use super::answer::{Answer, Calibrated, Found};
use super::keys::Key;
use crate::report::Spread;

/// What happens: everything arrives on one channel.
#[derive(Debug, Clone)]
pub enum Message {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted.
    Paste(String),
    /// The mouse was used, at a column and a line counted from zero.
    Mouse(Mouse, u16, u16),
    /// The terminal has another size.
    Resized(u16, u16),
    /// The solver has answered.
    Answered(Answered),
    /// The exact amounts of the draft of a revision, while its whole figures are still being found.
    Calibrated(u64, Arc<Calibrated>),
    /// A question was answered.
    Advised(Asked, Advice),
    /// The rows of a batch were read, or why they cannot be; by the name that was typed.
    Spread(String, Result<Arc<[Spread]>, String>),
    /// What lies where a path that was typed leads, and what was typed.
    Looked(String, Vec<String>),
    /// Another scenario was solved, to be compared.
    Compared(String, Arc<Answer>),
    /// The scenario was saved.
    Saved(Saved),
    /// The scenario could not be saved, or something else failed; why.
    Failed(String),
    /// Something was done; what, in words.
    Done(String),
    /// The file on disk has another text than when it was read.
    Changed(Arc<str>),
    /// The other scenarios of the plan's folder.
    Listed(Vec<String>),
    /// Another file of the plan's folder has changed on disk; its name.
    Reread(String),
    /// The plans and scenarios that can be opened: how each is asked for, and its title.
    Shelved(Vec<(String, String)>),
    /// The scenario was to be saved, and its file has another text than is known.
    Clash(Arc<str>),
    /// The scenario was to be saved under a name that a file has already.
    Exists(String),
    /// The editor has given the scenario this text.
    Edited(Arc<str>),
    /// The terminal is to be given back: a signal asked for it.
    Hangup,
    /// The program was stopped from outside, and goes on.
    Continued,
}

/// What the mouse did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mouse {
    /// The left button went down.
    Press,
    /// The mouse moved with the left button down.
    Drag,
    /// The left button went up.
    Release,
    /// The wheel, upwards.
    WheelUp,
    /// The wheel, downwards.
    WheelDown,
}

/// An answer of the solver.
#[derive(Debug, Clone)]
pub struct Answered {
    /// The revision of the draft that it answers.
    pub revision: u64,
    /// Whether it answers a figure that is still being typed.
    pub preview: bool,
    /// What was found.
    pub found: Found,
}

/// Where a scenario was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// The text that was written.
    pub text: Arc<str>,
    /// How the header names it.
    pub name: String,
    /// The file.
    pub file: PathBuf,
}

/// What the screen asks to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Solve this text.
    Solve {
        /// The revision that the answer is to carry.
        revision: u64,
        /// The scenario's text.
        text: Arc<str>,
        /// It is still being typed.
        preview: bool,
    },
    /// Answer a question beside the draft's own answer.
    Ask(Asked),
    /// Answer no question any more that takes long.
    Stop,
    /// Read the rows of a batch.
    Rows(String),
    /// Look where a path that is being typed leads.
    Look(String),
    /// Solve another scenario of the plan's folder, to be compared.
    Compare(String),
    /// Write the draft down in the journal.
    Note,
    /// Save the scenario to its own file.
    Save {
        /// Even where the file has changed on disk.
        over: bool,
    },
    /// Save the scenario under a name that was typed.
    SaveAs {
        /// The name.
        name: String,
        /// Even where there is such a file.
        over: bool,
    },
    /// Put text on the clipboard.
    Copy(String),
    /// Write text to a file.
    Export {
        /// The name that was typed.
        name: String,
        /// The bytes.
        text: String,
    },
    /// Look which plans and scenarios can be opened.
    Shelf,
    /// Open another plan or scenario in place of this one.
    Open(String),
    /// Write an embedded plan's files to a new folder, and open it in place of this one.
    Begin {
        /// The embedded plan.
        plan: String,
        /// The folder.
        folder: String,
    },
    /// Open the scenario in an editor.
    Editor,
    /// Give up what a program that died had left over.
    Discard,
    /// Draw everything anew.
    Redraw,
    /// Stop, and wait to be continued.
    Suspend,
    /// End.
    Quit,
}
