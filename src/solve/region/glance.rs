//! What rows are read from on one patch, in twice the digits of a float: no long fraction is found.

use super::checks::{Approx, Checks};
use super::frame::Frame;
use super::lean::{Key, Lean};
use super::line::{Line, Step};
use super::patch::Patch;
use super::slack::{Slack, Slacks};
use super::twofold::{Fine, Growing, Two};
use crate::plan::Reading;
use crate::solve::verified::Set;
use crate::units::{Amount, CellId};

/// The functions that the rows of a patch are read from. Each value is the float nearest to the exact
/// one, or not given: then exact functions have to tell.
pub struct Glance {
    decisions: Vec<Told>,
    sums: Vec<Fine>,
    /// The slacks that are above zero nowhere, as bits.
    always: Vec<u64>,
    /// Those that may be above zero or not.
    places: Vec<usize>,
    slacks: Vec<Told>,
    checks: Checks,
}

/// A function of the inputs.
enum Told {
    Exactly(Line, Fine),
    Nearly(Fine),
}

impl Glance {
    /// The functions of the main patch of a frame: the sums of some lists of cells among them. `None`
    /// where a limit is no affine function there, or floats leave something open throughout.
    pub fn new(frame: &Frame, main: &Patch, totals: &[&[CellId]]) -> Option<Self> {
        let (straight, inputs) = (main.straight(), frame.base().inputs().len());
        let set = Set::new(&straight.problem, main.active())?;
        let lean = Lean::new(straight, &set, inputs)?;
        let amounts = lean.amounts();
        let cells = frame.cells();
        let decision =
            |column: usize| match lean.told(&Key::Column(column), &[(column, Amount::ONE)]) {
                Some(line) => Told::exactly(line),
                None => Told::Nearly(amounts[column].clone()),
            };
        let sum = |cells: &&[CellId]| {
            let mut sum = Growing::new(inputs);
            for cell in *cells {
                sum.add(Two::of(1.0), &amounts[cell.index()]);
            }
            sum.done()
        };
        let slacks = frame.slacks()?;
        let mut own = Self {
            decisions: (cells..amounts.len()).map(decision).collect(),
            sums: totals.iter().map(sum).collect(),
            always: vec![0; slacks.own.len().div_ceil(64)],
            places: Vec::new(),
            slacks: Vec::new(),
            checks: Checks::new(inputs),
        };
        let home = Step::new(main.base(), main.home());
        for (place, slack) in slacks.own.iter().enumerate() {
            let told =
                if slack.equal { None } else { Some(read(slack, place, &lean, &amounts, &home)?) };
            own.sort(place, told, frame.room());
        }
        Some(own)
    }

    /// Sorts out the slacks that are never above zero, and those that always are.
    fn sort(&mut self, place: usize, told: Option<Told>, room: &[(f64, f64)]) {
        let constant = match &told {
            Some(Told::Exactly(line, _)) if line.is_constant() => Some(line.at.is_positive()),
            None => Some(false),
            _ => None,
        };
        let above = constant.or_else(|| {
            let own = Approx::fine(told.as_ref()?.fine());
            let below = own.negated().is_positive_within(room).then_some(false);
            below.or_else(|| own.is_positive_within(room).then_some(true))
        });
        match (above, told) {
            (Some(false), _) => self.always[place / 64] |= 1 << (place % 64),
            (None, Some(told)) => {
                self.checks.push(&Approx::fine(told.fine()));
                self.places.push(place);
                self.slacks.push(told);
            }
            _ => {}
        }
    }

    /// Between which amounts each open revenue decision stands.
    pub fn decided(&self, step: &Step<'_>) -> Option<Vec<(Amount, Amount)>> {
        let own = |told: &Told| match told {
            Told::Exactly(line, _) => {
                let value = line.value(step);
                Some((value.clone(), value))
            }
            Told::Nearly(fine) => {
                let (value, off) = fine.value(step);
                let near = &Amount::from_f64(value.high)? + &Amount::from_f64(value.low)?;
                let off = Amount::from_f64(off)?;
                Some((&near - &off, &near + &off))
            }
        };
        self.decisions.iter().map(own).collect()
    }

    /// Whether what the decisions add up to is known exactly, and its function.
    pub fn added(&self, inputs: usize) -> Option<Line> {
        let lines = self.decisions.iter().map(|told| match told {
            Told::Exactly(line, _) => Some(line),
            Told::Nearly(_) => None,
        });
        let lines: Vec<&Line> = lines.collect::<Option<_>>()?;
        Some(Line::sum(lines.into_iter(), inputs))
    }

    /// The sums.
    pub fn sums(&self, step: &Step<'_>) -> Option<Vec<f64>> {
        self.sums.iter().map(|sum| sum.nearest(step)).collect()
    }

    /// The slacks that may be zero or less where each input steps within its range.
    pub fn open_within(&self, room: &[(f64, f64)]) -> Vec<usize> {
        self.checks.open_within(self.checks.len(), room)
    }

    /// Marks in `mask` the readings whose slack is not above zero, by their places, where these slacks
    /// may be. `None` where digits do not tell.
    pub fn mark(&self, slacks: &[usize], step: &Step<'_>, mask: &mut Vec<u64>) -> Option<()> {
        mask.clear();
        mask.extend_from_slice(&self.always);
        for own in slacks {
            let (value, off) = self.checks.value(*own, step);
            let clear = (value.abs() > off).then_some(value > 0.0);
            if !clear.or_else(|| self.slacks[*own].is_positive(step))? {
                let place = self.places[*own];
                mask[place / 64] |= 1 << (place % 64);
            }
        }
        Some(())
    }
}

impl Told {
    fn exactly(line: Line) -> Self {
        let fine = Fine::of(&line);
        Self::Exactly(line, fine)
    }

    fn fine(&self) -> &Fine {
        match self {
            Self::Exactly(_, fine) | Self::Nearly(fine) => fine,
        }
    }

    /// Whether it is above zero at a step; `None` where these digits do not tell.
    fn is_positive(&self, step: &Step<'_>) -> Option<bool> {
        match self {
            Self::Exactly(line, _) => Some(line.value(step).is_positive()),
            Self::Nearly(fine) => {
                let (value, off) = fine.value(step);
                (value.size() > off * 2.0).then_some(value.high > 0.0)
            }
        }
    }
}

/// A slack on a patch; `None` where digits do not tell what it is.
fn read(
    slack: &Slack,
    place: usize,
    lean: &Lean<'_>,
    amounts: &[Fine],
    home: &Step<'_>,
) -> Option<Told> {
    let mut changes = Vec::with_capacity(slack.turns.len());
    for (at, own) in slack.changes(amounts).into_iter().enumerate() {
        let (value, off) = own.value(home);
        if value.size() > off * 2.0 {
            changes.push((if value.high > 0.0 { 1 } else { -1 }, own));
            continue;
        }
        // It stays where it starts, or its sign is not known.
        let (form, less) = &slack.turns[at];
        let told = lean.told(&Key::Change(place, at), form)?;
        if !told.is_constant() || told.at != *less {
            return None;
        }
        changes.push((0, own));
    }
    let fine = slack.fine(amounts, &changes);
    if fine.parts().iter().any(|(value, off)| value.size() > off * 2.0) {
        return Some(Told::Nearly(fine));
    }
    let signs: Vec<i8> = changes.iter().map(|(sign, _)| *sign).collect();
    let (terms, line) = slack.signed(&signs);
    let told = lean.told(&Key::Slack(place, signs), &terms)?;
    Some(Told::exactly(Line::sum([&told, &line].into_iter(), slack.inputs())))
}

impl Frame {
    /// Every limit as it is read at the base, in the order of marks; `None` where slacks are no forms.
    pub fn readings(&self) -> Option<&[Reading]> {
        self.slacks().map(|own: &Slacks| own.readings.as_slice())
    }
}
