//! Where the multipliers of the stages come from, to be proven.

use super::calibrate::Nearest;
use super::curved::{nearest_with_cuts, proposed};
use super::problem::{ActiveSet, Known};
use super::stages::Trouble;
use crate::formulate::Program;

/// Where the multipliers of all stages come from.
#[derive(Clone, Copy)]
pub(crate) enum Trust<'a> {
    /// An earlier solve, where it has some, then a solver; no effort where that fails.
    Earlier(&'a [Known]),
    /// A solver.
    Solver,
    /// Neither: the proximal method.
    Nothing,
    /// An earlier solve, and nothing shows that they are optimal: whoever asks shows it.
    Given(&'a [Known]),
}

/// Where the multipliers of one programme come from.
#[derive(Clone, Copy)]
pub(crate) enum Source<'a> {
    /// An earlier solve, or a solver where it has none; no effort where that fails.
    Earlier(Option<&'a Known>),
    /// A solver.
    Solver,
    /// Neither: the proximal method.
    Nothing,
    /// An earlier solve, and nothing shows that they are optimal.
    Given(&'a Known),
}

impl<'a> Trust<'a> {
    /// The source for the programme of place `place`.
    pub(crate) fn at(self, place: usize) -> Source<'a> {
        match self {
            Self::Earlier(known) => Source::Earlier(known.get(place)),
            Self::Solver => Source::Solver,
            Self::Nothing => Source::Nothing,
            Self::Given(known) => known.get(place).map_or(Source::Earlier(None), Source::Given),
        }
    }

    /// The source for a programme whose rounds depend on which of several duals is taken.
    pub(crate) fn fresh(self) -> Source<'a> {
        self.at(usize::MAX)
    }
}

impl Source<'_> {
    /// Amounts on a face that a stage narrows to; `None` where there are none, so that the dual that
    /// the face is of is not optimal.
    ///
    /// # Errors
    ///
    /// That what was known beforehand does not lead to any.
    pub(crate) fn witness(self, face: &Program) -> Result<Option<Nearest>, Trouble> {
        if matches!(self, Self::Given(_)) {
            return Ok(None);
        }
        let Self::Earlier(known) = self else {
            return Ok(nearest_with_cuts(face, &ActiveSet::default()).ok().map(|(found, _)| found));
        };
        let cold = ActiveSet::default();
        let start = known.and_then(|known| known.witness.as_deref()).unwrap_or(&cold);
        let found = proposed(face, start).ok_or(Trouble::Stale)?;
        Ok(Some(found.0))
    }
}
