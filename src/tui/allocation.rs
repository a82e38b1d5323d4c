//! The allocation screen: a pivot of any dimensions in which figures are typed and held.

mod beside;
mod grid;
mod heading;
mod movers;
mod ordering;
mod panel;
mod pivoting;
mod seeking;
pub mod update;
mod view;

use std::sync::Arc;

pub use grid::{Figure, Grid, Mark};

pub use panel::{Explained, signed};
pub use pivoting::{key as pivot_key, lines as pivot_lines};
pub use seeking::{elsewhere, unfold};
pub use view::{shown_text, view};

use super::answer::{Answer, Calibrated, Seen};
use super::model::Model;
use super::pivot::Pivot;
use crate::plan::Plan;
use crate::scenario::Picks;
use crate::units::{Amount, CellId};

/// What is said where whole figures are needed that are still being found.
pub(super) const WAIT: &str = "whole figures are still being found: press it again when ~ is gone";

/// What the columns of members show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shown {
    /// The allocation.
    #[default]
    Amount,
    /// Its change.
    Change,
    /// Its change in percent.
    Percent,
    /// The baseline.
    Baseline,
    /// What was asked for.
    Need,
    /// The part of it that is met, in percent.
    Coverage,
}

/// What changes are counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Against {
    /// The baseline.
    #[default]
    Baseline,
    /// The answer before the last edit.
    LastEdit,
    /// The answer when the scenario was opened or last saved.
    LastSave,
    /// Another scenario.
    Other,
}

/// The order of lines below one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// As the plan declares them.
    #[default]
    Declared,
    /// The largest allocation first.
    Amount,
    /// The largest loss first.
    Change,
    /// The largest figure of the column first that was chosen when this order was.
    Column,
}

/// The lines that are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kept {
    /// All.
    #[default]
    All,
    /// Those that moved.
    Moved,
    /// Those with a hold in them.
    Held,
    /// Those that rest on assumed figures.
    Assumed,
}

macro_rules! cycle {
    ($($kind:ident { $($name:ident: $words:literal),* })*) => {$(
        impl $kind {
            const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The next one, round and round.
            #[must_use]
            pub fn next(self) -> Self {
                let at = Self::ALL.iter().position(|own| *own == self).unwrap_or(0);
                Self::ALL[(at + 1) % Self::ALL.len()]
            }

            /// Its name on the screen.
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $words),* }
            }
        }
    )*};
}

impl Shown {
    /// Whether it shows what was found, and not what was stated.
    fn is_found(self) -> bool {
        !matches!(self, Self::Baseline | Self::Need)
    }
}

cycle! {
    Shown { Amount: "allocation", Change: "change", Percent: "change in %", Baseline: "baseline",
        Need: "need", Coverage: "need met in %" }
    Against { Baseline: "baseline", LastEdit: "last edit", LastSave: "last save",
        Other: "the scenario chosen on F5" }
    Order { Declared: "as declared", Amount: "by amount", Change: "by change",
        Column: "by the chosen column" }
    Kept { All: "all lines", Moved: "moved", Held: "held", Assumed: "assumed" }
}

/// What the allocation screen knows.
#[derive(Debug, Default)]
pub struct Allocation {
    /// What makes rows and columns; nothing before the first answer.
    pub pivot: Option<Pivot>,
    /// What the columns of members show.
    pub shown: Shown,
    /// What changes are counted from.
    pub against: Against,
    /// The order of lines.
    pub order: Order,
    /// The column that lines are ordered by, where they are ordered by one.
    pub by: usize,
    /// The lines that are shown.
    pub kept: Kept,
    /// The chosen line.
    pub row: usize,
    /// The chosen column; the last one is that of totals.
    pub column: usize,
    /// The first line and the first column that are shown.
    pub top: (usize, usize),
    /// Whether the explanation beside the grid is hidden.
    pub alone: bool,
    /// Whether the explanation takes the place of the grid, on a narrow terminal.
    pub panel: bool,
    /// The figures.
    pub grid: Grid,
    /// Why the chosen figure is what it is.
    pub explained: Option<Explained>,
    /// What is explained: its members and its cells, until the amounts change.
    explains: Option<(Picks, Vec<CellId>)>,
    /// The figure that is to give money, once marked.
    pub giver: Option<Picks>,
    /// Who gained and who lost most by the last edit: name and change.
    pub movers: Vec<(String, Amount)>,
}

/// Who would gain and who would lose most between two answers.
pub fn movers(screen: &Allocation, before: &Answer, now: &Answer) -> Vec<(String, Amount)> {
    movers::movers(screen.pivot.as_ref(), before, &now.into())
}

/// The answers that an answer is counted from.
struct Beside {
    before: Option<Arc<Answer>>,
    save: Option<Arc<Answer>>,
    other: Option<Arc<Answer>>,
}

impl Beside {
    fn of(model: &Model) -> Self {
        Self {
            before: model.before.clone(),
            save: model.at_save.clone(),
            other: model.compare.with.first().map(|(_, answer)| answer.clone()),
        }
    }
}

/// Takes over a new answer.
pub(super) fn answer(model: &mut Model, answer: &Arc<Answer>) {
    let beside = Beside::of(model);
    model.allocation.answer(&(&**answer).into(), &beside);
}

/// Takes over exact amounts whose whole figures are still being found. The last edit is theirs: they
/// are counted from the last answer.
pub(super) fn calibrated(model: &mut Model, found: &Calibrated) {
    let beside = Beside { before: model.answer.clone(), ..Beside::of(model) };
    model.allocation.answer(&found.into(), &beside);
}

/// Computes the grid again, of the newest amounts that are known.
pub(super) fn refresh(model: &mut Model) {
    if let Some(found) = model.calibrated.clone() {
        let beside = Beside { before: model.answer.clone(), ..Beside::of(model) };
        model.allocation.refresh(&(&*found).into(), &beside);
    } else if let Some(answer) = model.answer.clone() {
        let beside = Beside::of(model);
        model.allocation.refresh(&(&*answer).into(), &beside);
    }
}

/// Computes the grid and what it explains again: other amounts are the newest now.
pub(super) fn renew(model: &mut Model) {
    model.allocation.explains = None;
    refresh(model);
}

/// Explains the chosen figure.
pub(super) fn explain(model: &mut Model) {
    if let Some(found) = &model.calibrated {
        model.allocation.explain(&(&**found).into());
    } else if let Some(answer) = &model.answer {
        model.allocation.explain(&(&**answer).into());
    }
}

impl Allocation {
    /// Takes over new amounts.
    fn answer(&mut self, answer: &Seen<'_>, beside: &Beside) {
        let fits = self.pivot.as_ref().is_some_and(|pivot| pivot.fits(answer.plan));
        if !fits {
            let pivot = Pivot::new(answer.plan);
            self.column = pivot.column_members(answer.plan).len();
            self.pivot = Some(pivot);
        }
        let before = beside.before.as_ref();
        self.movers = before
            .map_or_else(Vec::new, |before| movers::movers(self.pivot.as_ref(), before, answer));
        self.explains = None;
        self.refresh(answer, beside);
    }

    /// Computes the grid again.
    fn refresh(&mut self, answer: &Seen<'_>, beside: &Beside) {
        let Some(pivot) = &self.pivot else { return };
        let other = match self.against {
            Against::Baseline => None,
            Against::LastEdit => beside.before.as_ref(),
            Against::LastSave => beside.save.as_ref(),
            Against::Other => beside.other.as_ref(),
        };
        let fits = |other: &&Arc<Answer>| other.amounts.len() == answer.amounts.len();
        let choice = grid::Choice {
            against: other.filter(fits),
            before: beside.before.as_ref().filter(fits),
            from_baseline: self.against == Against::Baseline,
            order: self.order,
            by: (self.by, self.shown),
            kept: self.kept,
        };
        let chosen = self.grid.lines.get(self.row).map(|line| line.path.clone());
        self.grid = grid::grid(pivot, answer, &choice);
        // The chosen line stays chosen wherever it goes.
        let found = chosen.and_then(|path| self.grid.lines.iter().position(|own| own.path == path));
        self.row = found.unwrap_or(self.row);
        self.row = self.row.min(self.grid.lines.len().saturating_sub(1));
        self.column = self.column.min(self.grid.columns.len().saturating_sub(1));
        self.explain(answer);
    }

    /// Explains the chosen figure.
    fn explain(&mut self, answer: &Seen<'_>) {
        let picks = self.picks(answer.plan);
        let chosen = self.chosen().map(|figure| (picks, figure.cells.clone()));
        if self.explains.is_none() || self.explains != chosen {
            let explained = self.chosen().zip(chosen.as_ref());
            let explained =
                explained.map(|(figure, (picks, _))| panel::explain(answer, picks, figure));
            (self.explained, self.explains) = (explained, chosen);
        }
    }

    /// The chosen figure.
    pub fn chosen(&self) -> Option<&Figure> {
        self.grid.figures.get(self.row)?.get(self.column)
    }

    /// The cells of the chosen figure.
    pub fn cells(&self) -> &[CellId] {
        self.chosen().map_or(&[], |figure| &figure.cells)
    }

    /// The members that lead to the chosen figure.
    pub fn picks(&self, plan: &Plan) -> Picks {
        let (Some(pivot), Some(line)) = (&self.pivot, self.grid.lines.get(self.row)) else {
            return Picks::new();
        };
        let column = self.grid.columns.get(self.column).copied().flatten();
        pivot.picks(plan, &line.path, column)
    }
}
