//! What is asked beside the solving of the draft. It may take long, nothing waits for it, and of
//! each kind of question only the newest is answered.

use std::mem::discriminant;
use std::sync::Arc;

use super::message::Command;
use super::model::Model;
use super::sweep::{Bends, Point, Sweep};
use crate::plan::ReadingKind;
use crate::scenario::{Amendment, Picks};
use crate::units::{Amount, CellId};

/// A question about the scenario with one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The scenario's text.
    pub text: Arc<str>,
    /// What is asked about it.
    pub question: Question,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Which figures a slice can take, whatever a hold on it says.
    Range(Picks),
    /// What comes of one value as it is walked through.
    Sweep(Sweep),
    /// Where the totals of some cells bend as one value moves over its walk, exactly.
    Bends {
        /// The value, and how far it goes.
        sweep: Sweep,
        /// The totals, by name.
        totals: Vec<(String, Vec<CellId>)>,
    },
    /// What each change adds between another scenario and this one.
    Bridge {
        /// The other scenario's file.
        other: String,
        /// The dimension of the lines, where there are several.
        by: Option<String>,
    },
    /// What would let the limits hold together.
    Repairs,
    /// What a step of each limit is worth that the answer leans on.
    Prices,
    /// Why a figure stands where it does, what one more would cost, what its limits are worth.
    Figure(Picks),
    /// What a limit is worth, both ways.
    Limit {
        /// What kind of rule it is.
        kind: ReadingKind,
        /// Its id.
        id: String,
        /// The members of `each`, joined by `/`.
        member: String,
    },
}

/// What was found.
#[derive(Debug, Clone)]
pub enum Advice {
    /// The least and the greatest figure in whole quanta, in plan units; nothing where there is none.
    Range(Option<(Amount, Amount)>),
    /// Repairs, each checked by solving it, the least change of money first.
    Repairs {
        /// Those that are known so far.
        found: Arc<[Remedy]>,
        /// What none of them leaves alone, in words.
        stuck: Option<String>,
        /// Nobody looks for more.
        whole: bool,
    },
    /// The points of a walk that are known so far, in the order in which they were found.
    Points(Arc<[Point]>),
    /// Where totals bend; why they are not known where they are not.
    Bends(Result<Arc<Bends>, String>),
    /// What each change adds.
    Bridge(Arc<Waterfall>),
    /// What limits are worth, as far as it is known.
    Prices(Arc<[PriceTag]>),
    /// Sentences.
    Told(Vec<String>),
}

/// What each change adds between two scenarios, in plan units, line by line.
#[derive(Debug)]
pub struct Waterfall {
    /// The names of the lines; one without a name where it is of all.
    pub lines: Vec<String>,
    /// Where each line begins.
    pub start: Vec<Amount>,
    /// The changes in words, and what each adds to each line: exactly the whole difference.
    pub steps: Vec<(String, Vec<Amount>)>,
}

/// What a limit is worth, for a column and in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceTag {
    /// What kind of rule it is.
    pub kind: ReadingKind,
    /// Its id.
    pub id: String,
    /// The members of `each`, joined by `/`.
    pub member: String,
    /// Whether its bound is a share.
    pub share: bool,
    /// What a unit is worth: a figure, or a sign.
    pub rate: String,
    /// What it is counted in, and the step that was solved again.
    pub words: String,
}

/// A repair that can be applied.
#[derive(Debug, Clone)]
pub struct Remedy {
    /// What it does, in words.
    pub words: String,
    /// The changes apart, where they are too many for a sentence.
    pub each: Vec<String>,
    /// The money by which bounds move, in plan units.
    pub cost: Amount,
    /// Whose approval it needs.
    pub approvals: Vec<String>,
    /// The edit.
    pub edit: Amendment,
}

/// How many answers are kept.
const KEPT: usize = 32;

/// What was asked, and what was found where it is known.
#[derive(Debug, Default)]
pub struct Notebook {
    entries: Vec<(Asked, Option<Advice>)>,
}

impl Notebook {
    /// What was found; nothing where it is not known yet.
    pub fn find(&self, asked: &Asked) -> Option<&Advice> {
        let entry = self.entries.iter().find(|(known, _)| known == asked);
        entry.and_then(|(_, advice)| advice.as_ref())
    }

    /// Writes a question down; whether it is to be asked.
    fn open(&mut self, asked: &Asked) -> bool {
        if self.entries.iter().any(|(known, _)| known == asked) {
            return false;
        }
        // A newer question of the same kind overtakes those that are still open.
        let kind = |asked: &Asked| discriminant(&asked.question);
        let answered = |advice: &Option<Advice>| {
            !matches!(advice, None | Some(Advice::Repairs { whole: false, .. }))
        };
        self.entries.retain(|(known, advice)| answered(advice) || kind(known) != kind(asked));
        if self.entries.len() >= KEPT {
            self.entries.remove(0);
        }
        self.entries.push((asked.clone(), None));
        true
    }

    /// Whether nothing is known yet of what was asked.
    pub fn is_open(&self, asked: &Asked) -> bool {
        self.entries.iter().any(|(known, advice)| known == asked && advice.is_none())
    }

    /// Gives up a question that has no whole answer yet; what is known of it stays.
    pub fn give_up(&mut self, asked: &Asked) {
        self.entries.retain(|(known, advice)| known != asked || advice.is_some());
    }

    /// Writes an answer down, unless its question was overtaken.
    pub fn close(&mut self, asked: &Asked, advice: Advice) {
        if let Some(entry) = self.entries.iter_mut().find(|(known, _)| known == asked) {
            entry.1 = Some(advice);
        }
    }
}

/// Asks about the draft as it stands, unless it was asked already.
pub(super) fn ask(model: &mut Model, question: Question) -> (Asked, Vec<Command>) {
    let asked = Asked { text: model.draft.text().clone(), question };
    let commands =
        if model.notebook.open(&asked) { vec![Command::Ask(asked.clone())] } else { Vec::new() };
    (asked, commands)
}

/// The figures that a slice can take, where they are known: for the figure that was last typed.
pub(super) fn range(model: &Model, picks: &Picks) -> Option<(Amount, Amount)> {
    match ranged(model, picks) {
        Ranged::Between(least, most) => Some((least, most)),
        Ranged::Open | Ranged::Unknown => None,
    }
}

/// What is known of the figures that a slice can take.
pub(super) enum Ranged {
    /// It is still being found.
    Open,
    /// It was not asked, or there is none.
    Unknown,
    /// The least and the greatest.
    Between(Amount, Amount),
}

/// What is known of the figures that a slice can take.
pub(super) fn ranged(model: &Model, picks: &Picks) -> Ranged {
    let Some(asked) = &model.ranged else { return Ranged::Unknown };
    match (&asked.question, model.notebook.find(asked)) {
        (Question::Range(own), _) if own != picks => Ranged::Unknown,
        (Question::Range(_), None) => Ranged::Open,
        (_, Some(Advice::Range(Some((least, most))))) => {
            Ranged::Between(least.clone(), most.clone())
        }
        _ => Ranged::Unknown,
    }
}

/// The end of the range of a slice that is nearest to a figure which lies outside it.
pub(super) fn nearest(model: &Model, picks: &Picks, level: &Amount) -> Option<Amount> {
    let (least, most) = range(model, picks)?;
    if *level < least {
        return Some(least);
    }
    (*level > most).then_some(most)
}

/// The repairs of the draft, where some are known, and whether these are all.
pub(super) fn remedies(model: &Model) -> Option<(Arc<[Remedy]>, bool)> {
    match repairs(model)? {
        Advice::Repairs { found, whole, .. } => Some((found.clone(), *whole)),
        _ => None,
    }
}

/// What none of the repairs of the draft leaves alone, in words.
pub(super) fn stuck(model: &Model) -> Option<String> {
    match repairs(model)? {
        Advice::Repairs { stuck, .. } => stuck.clone(),
        _ => None,
    }
}

fn repairs(model: &Model) -> Option<&Advice> {
    let asked = Asked { text: model.draft.text().clone(), question: Question::Repairs };
    model.notebook.find(&asked)
}
