//! A typed change of one stated figure, as a scenario file holds it.

use num_bigint::BigInt;

use super::super::words;
use crate::units::{Amount, grouped};

/// A figure that a file states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Its dotted name: `limit.languages.max`.
    pub path: String,
    /// The value, as the file writes it.
    pub value: String,
    /// A scenario states it, and not the plan.
    pub by_scenario: bool,
}

impl Figure {
    /// The number that it is, in quotes or not; nothing where it is none.
    pub(super) fn number(&self) -> Option<Amount> {
        Amount::parse(plain(&self.value).trim()).ok()
    }
}

/// Changes that let the limits hold together.
#[derive(Debug, Clone, Default)]
pub struct Repair {
    /// The changes, in the order of the files.
    pub changes: Vec<Change>,
    /// The figures that it was to leave alone, in words, where others change them.
    pub leaves: Vec<String>,
    /// Their figures before they were rounded.
    pub(super) exact: Vec<Amount>,
}

/// Repairs of a conflict, and what none of them leaves alone.
#[derive(Debug, Clone, Default)]
pub struct Repairs {
    /// The repairs, the least change of money first.
    pub found: Vec<Repair>,
    /// What a scenario states and all of them change, where nothing was found that would leave it: `leave the value
    /// of the unit at 290 000`.
    pub stuck: Option<String>,
}

impl std::ops::Deref for Repairs {
    type Target = [Repair];

    fn deref(&self) -> &[Repair] {
        &self.found
    }
}

/// How a figure is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Style {
    /// A number.
    Number,
    /// A percentage in quotes; the figure is a share.
    Percent,
    /// The words of a bound, less or plus a number: the figure is that number.
    Words,
    /// A word that takes the place of another.
    Word(&'static str),
}

/// A typed change of one figure.
#[derive(Debug, Clone)]
pub struct Change {
    /// Its dotted name: what `set` names.
    pub path: String,
    /// The cells that it is changed for, as a file writes the slice; nothing for all.
    pub cells: Option<String>,
    /// What it is, as the file writes it.
    pub from: String,
    /// What it is of, in words.
    pub about: String,
    /// Who set it.
    pub authority: Option<String>,
    /// Whose approval the change needs.
    pub approval: Option<String>,
    /// It is a standing limit, and not the planner's.
    pub standing: bool,
    pub(super) style: Style,
    pub(super) verb: &'static str,
    /// The figure before and after, rounded outwards.
    pub(super) old: Amount,
    pub(super) new: Amount,
    /// The step that figures are rounded to.
    pub(super) step: Amount,
    /// The money of one unit of the figure.
    pub(super) worth: Amount,
}

impl Repair {
    /// The money by which its limits move, in plan units.
    pub fn cost(&self) -> Amount {
        self.changes.iter().map(Change::cost).sum()
    }

    /// By what repairs are ranked: the money, then whether standing limits change, then whether what
    /// tables say of single lines does, then how many figures change.
    pub fn rank(&self) -> (Amount, bool, bool, usize) {
        let standing = self.changes.iter().any(|change| change.standing);
        let lines = self.changes.iter().any(|change| change.path.starts_with("cells."));
        (self.cost(), standing, lines, self.changes.len())
    }

    /// The same repair with every figure `steps` further out: whole figures may need a little room.
    #[must_use]
    pub fn widened(&self, steps: i64) -> Self {
        self.eased(|change| {
            let way = if change.new < change.old { -steps } else { steps };
            &change.new + &(&change.step * &Amount::whole(way))
        })
    }

    /// The same repair with every figure further out by a `part` of what it moves.
    #[must_use]
    pub fn stretched(&self, part: &Amount) -> Self {
        self.eased(|change| {
            let moved = &change.new - &change.old;
            outwards(&(&change.new + &(&moved * part)), &change.step, moved.is_positive())
        })
    }

    /// The same repair with every figure further out by a `part` of what it moves, in two digits of that.
    #[must_use]
    pub fn loosened(&self, part: &Amount) -> Self {
        self.eased(|change| {
            let moved = &change.new - &change.old;
            let far = &change.new + &(&moved * part);
            let mut step = change.step.clone();
            while &step * &Amount::whole(100) <= moved.abs() {
                step = &step * &Amount::whole(10);
            }
            outwards(&far, &step, moved.is_positive())
        })
    }

    /// The same with other figures. What is fixed gives no room where it moves on, unless nothing else
    /// moves: then it is tried.
    fn eased(&self, further: impl Fn(&Change) -> Amount) -> Self {
        let gives = self.changes.iter().any(|change| !change.is_equality());
        let wider = |change: &Change| {
            let stays = gives && change.is_equality();
            let new = if stays { change.new.clone() } else { further(change) };
            Change { new, ..change.clone() }
        };
        Self { changes: self.changes.iter().map(wider).collect(), ..self.clone() }
    }

    /// How many steps further out its figures are `room` of money further out, all together: a hundredth
    /// of a percent may be less than whole figures need. None where that is `least` steps or fewer.
    pub fn steps(&self, room: &Amount, least: i64) -> Option<i64> {
        const MOST: i64 = 10_000;
        let money = self.changes.iter().map(|change| &change.step * &change.worth).max()?;
        let steps = money.is_positive().then(|| (room / &money).ceil())?;
        i64::try_from(&steps).ok().filter(|steps| (least + 1..=MOST).contains(steps))
    }

    /// The same with equalities and drivers that are not rounded, where they can be written: what is equal may
    /// hold nowhere else. Nothing where they are the rounded ones.
    pub fn unrounded(&self) -> Option<Self> {
        let mut changes = self.changes.clone();
        for (change, exact) in changes.iter_mut().zip(&self.exact) {
            let figure = match change.style {
                Style::Percent => exact * &Amount::whole(100),
                _ => exact.clone(),
            };
            if !(change.is_equality() || change.is_of_driver()) {
                continue;
            }
            if Amount::parse(&decimal(&figure)).ok()? != figure {
                return None;
            }
            change.new.clone_from(exact);
        }
        let differs = changes.iter().zip(&self.changes).any(|(own, known)| own.new != known.new);
        differs.then(|| Self { changes, ..self.clone() })
    }
}

impl Change {
    /// Whether it fixes a figure, so that more is no ease of it.
    pub(super) fn is_equality(&self) -> bool {
        matches!(self.verb, "amount" | "hold" | "share") || self.path.ends_with(".phase-in.amount")
    }

    /// Whether it is of a driver of the revenue, and of no limit.
    fn is_of_driver(&self) -> bool {
        self.path.starts_with("driver.")
    }

    /// The money by which the limit moves, in plan units.
    pub fn cost(&self) -> Amount {
        self.moves().abs()
    }

    /// The same with its sign: below zero where the figure falls.
    pub fn moves(&self) -> Amount {
        &(&self.new - &self.old) * &self.worth
    }

    /// The new value, as the file writes it.
    pub fn to(&self) -> String {
        match &self.style {
            Style::Number => decimal(&self.new),
            Style::Percent => format!("\"{}%\"", decimal(&(&self.new * &Amount::whole(100)))),
            Style::Words => {
                let sign = if self.new.is_negative() { '-' } else { '+' };
                let words = self.from.trim_matches('"');
                format!("\"{words} {sign} {}\"", decimal(&self.new.abs()))
            }
            Style::Word(word) => format!("{word:?}"),
        }
    }

    /// That it stays, in words: `leave the floor of ITU-D at 45 700`.
    pub(super) fn left(&self) -> String {
        let verb = self.verb();
        let what = verb.split_once(' ').map_or("", |(_, what)| what);
        let of = [what, &self.about].join(" ");
        let of = of.trim_start();
        match &self.style {
            Style::Words | Style::Word(_) => format!("leave {of} as it is"),
            Style::Percent => format!("leave {of} at {}", words::percent(&self.old)),
            Style::Number => format!("leave {of} at {}", number(&self.old)),
        }
    }

    /// What is done to which figure: `lower the floor of`.
    fn verb(&self) -> &'static str {
        match (self.verb, self.new < self.old) {
            ("amount", true) => "lower the fixed amount of",
            ("amount", false) => "raise the fixed amount of",
            ("hold", true) => "lower the hold on",
            ("hold", false) => "raise the hold on",
            ("share", true) => "lower the fixed share of",
            ("share", false) => "raise the fixed share of",
            ("figure", true) => "lower",
            ("figure", false) => "raise",
            (verb, _) => verb,
        }
    }

    /// What is done, in words: `lower the floor of ITU-D from 45 700 to 45 587`.
    pub fn text(&self) -> String {
        let lower = self.new < self.old;
        let verb = self.verb();
        let figure = |value: &Amount| match self.style {
            Style::Percent => words::percent(value),
            _ => number(value),
        };
        match &self.style {
            Style::Words => {
                let way = if lower { "less" } else { "plus" };
                let size = number(&self.new.abs());
                format!("{verb} {} by {size} ({} {way} {size})", self.about, plain(&self.from))
            }
            Style::Word(_) => format!("{verb} {}", self.about),
            _ => {
                format!("{verb} {} from {} to {}", self.about, figure(&self.old), figure(&self.new))
            }
        }
    }
}

/// A figure for a sentence, with all the decimals that a file has room for.
fn number(value: &Amount) -> String {
    grouped(value, words::decimals(value, &[0, 2, 3, 4, 5, 6]))
}

/// The words of a file without their quotes.
fn plain(text: &str) -> &str {
    text.trim_matches('"')
}

/// The number with no more decimals than it has, and at most six.
fn decimal(value: &Amount) -> String {
    if value.is_whole() {
        return value.to_decimal(0);
    }
    value.to_decimal(6).trim_end_matches('0').trim_end_matches('.').to_string()
}

/// The multiple of `step` at or beyond `value`: above it with `up`, else below.
pub(super) fn outwards(value: &Amount, step: &Amount, up: bool) -> Amount {
    let steps = value / step;
    let whole: BigInt = if up { steps.ceil() } else { steps.floor() };
    &Amount::from(whole) * step
}
