//! All that the screen knows. It is changed by `update` alone and read by `view`.

use std::path::PathBuf;
use std::sync::Arc;

use super::action::Place;
use super::advice::{Asked, Notebook};
use super::allocation::Allocation;
use super::answer::{Answer, Calibrated, Clashes, Found};
use super::compare::Compare;
use super::explore::Explore;
use super::limits::Limits;
use super::linkage::Linkage;
use super::overlay::Overlay;
use super::revenue::Revenue;
use super::theme::Look;
use super::transfers::Transfers;
use crate::plan::Plan;
use crate::scenario::{Amendment, Draft};

/// The screens, in the order of their tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// The pivot of the allocation.
    Allocation,
    /// Every limit as a gauge.
    Limits,
    /// Drivers, revenue lines, the balance and the reserve.
    Revenue,
    /// Who gives and who receives.
    Transfers,
    /// This scenario beside another one.
    Compare,
    /// One value walked through, and totals along the way.
    Explore,
    /// What the attributed members receive.
    Linkage,
}

impl Screen {
    /// All screens.
    pub const ALL: [Self; 7] = [
        Self::Allocation,
        Self::Limits,
        Self::Revenue,
        Self::Transfers,
        Self::Compare,
        Self::Explore,
        Self::Linkage,
    ];

    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Allocation => "Allocation",
            Self::Limits => "Limits",
            Self::Revenue => "Revenue",
            Self::Transfers => "Transfers",
            Self::Compare => "Compare",
            Self::Explore => "Explore",
            Self::Linkage => "Linkage",
        }
    }

    /// Its name where seven stand beside one another on a narrow screen.
    pub fn short(self) -> &'static str {
        match self {
            Self::Allocation => "Alloc.",
            Self::Transfers => "Transf.",
            other => other.word(),
        }
    }

    /// Where its own keys have a meaning.
    pub fn place(self) -> Place {
        match self {
            Self::Allocation => Place::Allocation,
            Self::Limits => Place::Limits,
            Self::Revenue => Place::Revenue,
            Self::Transfers => Place::Transfers,
            Self::Compare => Place::Compare,
            Self::Explore => Place::Explore,
            Self::Linkage => Place::Linkage,
        }
    }
}

/// Why the draft has no allocation.
#[derive(Debug, Clone)]
pub enum Trouble {
    /// Its limits cannot hold together.
    Infeasible(Arc<Clashes>),
    /// Its text cannot be used.
    Refused(Vec<String>),
}

/// What waits for whole figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Waiting {
    /// The view is put on the clipboard.
    Copy,
    /// The view is written to a file of this name.
    Export(String),
}

/// What is said in the line above the footer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Note {
    /// The words.
    pub text: String,
    /// Whether something could not be done.
    pub alarm: bool,
}

/// All that the screen knows.
#[derive(Debug)]
pub struct Model {
    /// The screen that is shown.
    pub screen: Screen,
    /// The columns and lines of the terminal.
    pub size: (u16, u16),
    /// How it is drawn.
    pub look: Look,
    /// The scenario.
    pub draft: Draft,
    /// The text that the file has, as far as is known.
    pub saved: Arc<str>,
    /// How the header names the scenario.
    pub name: String,
    /// The file that it is saved to, where it has one.
    pub file: Option<PathBuf>,
    /// What a new file's name is asked with.
    pub suggestion: String,
    /// Counts the versions that were sent to the solver.
    pub revision: u64,
    /// The revision of the last answer.
    pub answered: u64,
    /// The last allocation.
    pub answer: Option<Arc<Answer>>,
    /// The exact amounts of the newest draft, while its whole figures are still being found.
    pub calibrated: Option<Arc<Calibrated>>,
    /// What is done once there are whole figures.
    pub waiting: Option<Waiting>,
    /// The allocation before the last edit.
    pub before: Option<Arc<Answer>>,
    /// The allocation that was saved or opened.
    pub at_save: Option<Arc<Answer>>,
    /// Why the draft has no allocation of its own.
    pub trouble: Option<Trouble>,
    /// The first line of what is said of it that is shown.
    pub trouble_top: usize,
    /// The last edit, where its text is the one that stands.
    pub attempt: Option<Amendment>,
    /// What was asked beside the draft's own answer, and what was found.
    pub notebook: Notebook,
    /// Which range was asked for, for the figure that was last typed.
    pub ranged: Option<Asked>,
    /// What was found for the figure that is being typed.
    pub preview: Option<Found>,
    /// Counts what was typed, so that late previews are dropped.
    pub typed: u64,
    /// What lies over the screen.
    pub overlay: Option<Overlay>,
    /// Whether the program ends once the scenario is saved.
    pub quits_when_saved: bool,
    /// What is said in the line above the footer.
    pub note: Note,
    /// What was last searched for.
    pub sought: String,
    /// The allocation screen.
    pub allocation: Allocation,
    /// The limits screen.
    pub limits: Limits,
    /// The revenue screen.
    pub revenue: Revenue,
    /// The transfers screen.
    pub transfers: Transfers,
    /// The compare screen.
    pub compare: Compare,
    /// The explore screen.
    pub explore: Explore,
    /// The linkage screen.
    pub linkage: Linkage,
}

/// What the screen begins with.
#[derive(Debug, Clone)]
pub struct Start {
    /// The scenario.
    pub draft: Draft,
    /// How the header names it.
    pub name: String,
    /// The file that it is saved to, where it has one.
    pub file: Option<PathBuf>,
    /// What a new file's name is asked with.
    pub suggestion: String,
    /// The size of the terminal.
    pub size: (u16, u16),
    /// How it is drawn.
    pub look: Look,
    /// The other scenarios in the plan's folder.
    pub others: Vec<String>,
    /// What is shown first.
    pub overlay: Option<Overlay>,
}

impl Model {
    /// The screen before anything has happened.
    pub fn new(start: Start) -> Self {
        Self {
            screen: Screen::Allocation,
            size: start.size,
            look: start.look,
            saved: start.draft.text().clone(),
            draft: start.draft,
            name: start.name,
            file: start.file,
            suggestion: start.suggestion,
            revision: 1,
            answered: 0,
            answer: None,
            calibrated: None,
            waiting: None,
            before: None,
            at_save: None,
            trouble: None,
            trouble_top: 0,
            attempt: None,
            notebook: Notebook::default(),
            ranged: None,
            preview: None,
            typed: 0,
            overlay: start.overlay,
            quits_when_saved: false,
            note: Note::default(),
            sought: String::new(),
            allocation: Allocation::default(),
            limits: Limits::default(),
            revenue: Revenue::default(),
            transfers: Transfers::default(),
            compare: Compare::new(start.others),
            explore: Explore::default(),
            linkage: Linkage::default(),
        }
    }

    /// Whether the draft differs from the file.
    pub fn unsaved(&self) -> bool {
        *self.saved != **self.draft.text()
    }

    /// Whether the newest draft is not answered yet.
    pub fn solving(&self) -> bool {
        self.answered < self.revision
    }

    /// The plan of the last answer; where there is none, that of the limits that clash.
    pub fn plan(&self) -> Option<&Plan> {
        match (&self.answer, &self.trouble) {
            (Some(answer), _) => Some(&answer.plan),
            (None, Some(Trouble::Infeasible(clashes))) => Some(&clashes.plan),
            _ => None,
        }
    }

    /// The places whose keys have a meaning now, nearest first.
    pub fn places(&self) -> Vec<Place> {
        let trouble = if self.trouble.is_some() {
            Some(Place::Trouble)
        } else {
            super::trouble::is_out_of_reach(self).then_some(Place::OutOfReach)
        };
        trouble.into_iter().chain([self.screen.place()]).collect()
    }

    /// Says something in the line above the footer.
    pub fn say(&mut self, text: impl Into<String>) {
        self.note = Note { text: text.into(), alarm: false };
    }

    /// Says what could not be done.
    pub fn warn(&mut self, text: impl Into<String>) {
        self.note = Note { text: text.into(), alarm: true };
    }
}
