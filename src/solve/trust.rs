//! Where the multipliers of the stages come from, to be proven.

use super::curved::{holds, nearest_with_cuts, proposed};
use super::live::Basis;
use super::problem::{ActiveSet, Known, Witness};
use super::stages::Trouble;
use crate::formulate::Program;

/// Where the multipliers of all stages come from.
#[derive(Clone, Copy)]
pub(crate) enum Trust<'a> {
    /// An earlier solve, where it has some, then a solver; no effort where that fails.
    Earlier(&'a [Known]),
    /// A solver, from where an earlier solve ended; open decisions are taken to stand where they would
    /// rather, with no more effort where that fails.
    Wishes(&'a [Known]),
    /// A solver, from where an earlier solve ended.
    Solver(&'a [Known]),
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
    /// A solver, from where an earlier solve ended.
    Solver(Option<&'a Known>),
    /// Neither: the proximal method.
    Nothing,
    /// An earlier solve, and nothing shows that they are optimal.
    Given(&'a Known),
}

/// A face of a stage with a `loss`, on which amounts are still to be found: they reach its value.
pub(crate) struct Pending {
    /// The place of the programme among all.
    pub(crate) place: usize,
    pub(crate) face: Program,
    /// Such amounts of an earlier solve.
    pub(crate) start: Option<Witness>,
}

impl Pending {
    /// The nearest amounts on each face, as [`Trust::witness`] finds them, or `any` that are known.
    pub(crate) fn found(
        of: &[Self],
        trust: Trust<'_>,
        any: bool,
    ) -> Result<Vec<Option<Witness>>, Trouble> {
        let known = |own: &Self| {
            let known = own.start.as_ref().filter(|_| any)?;
            holds(&own.face, &known.amounts).then(|| known.clone())
        };
        let found = |own: &Self| match known(own) {
            Some(known) => Ok(Some(known)),
            None => trust.witness(&own.face, own.start.as_ref().map(|start| &start.active)),
        };
        of.iter().map(found).collect()
    }
}

impl<'a> Trust<'a> {
    /// The source for the programme of place `place`.
    pub(crate) fn at(self, place: usize) -> Source<'a> {
        match self {
            Self::Earlier(known) => Source::Earlier(known.get(place)),
            Self::Wishes(known) | Self::Solver(known) => Source::Solver(known.get(place)),
            Self::Nothing => Source::Nothing,
            Self::Given(known) => known.get(place).map_or(Source::Earlier(None), Source::Given),
        }
    }

    /// Whether the wish of place `place` is taken to be granted: nothing has to push for it.
    pub(crate) fn grants(self, place: usize) -> bool {
        match self {
            Self::Earlier(known) | Self::Given(known) => {
                known.get(place).is_some_and(|own| own.rows.is_empty())
            }
            Self::Wishes(_) => true,
            Self::Solver(_) | Self::Nothing => false,
        }
    }

    /// The source for a programme whose rounds depend on which of several duals is taken.
    pub(crate) fn fresh(self) -> Source<'a> {
        self.at(usize::MAX)
    }

    /// Amounts on a face that a stage narrows to; `None` where there are none.
    ///
    /// # Errors
    ///
    /// There are none, so that the dual that was proposed is not optimal.
    pub(crate) fn witness(
        self,
        face: &Program,
        start: Option<&ActiveSet>,
    ) -> Result<Option<Witness>, Trouble> {
        let cold = ActiveSet::default();
        let start = start.unwrap_or(&cold);
        let found = match self {
            Self::Earlier(_) | Self::Given(_) => proposed(face, start),
            _ => nearest_with_cuts(face, start).ok(),
        };
        match (found, self) {
            (Some((found, _)), _) => Ok(Some(found.into())),
            (None, Self::Nothing) => Ok(None),
            (None, _) => Err(Trouble::Stale),
        }
    }
}

impl<'a> Source<'a> {
    /// Amounts that reached the value of the programme in an earlier solve.
    pub(crate) fn witness(self) -> Option<&'a Witness> {
        match self {
            Self::Earlier(known) => known.and_then(|known| known.witness.as_deref()),
            Self::Given(known) => known.witness.as_deref(),
            Self::Solver(_) | Self::Nothing => None,
        }
    }

    /// Where a solver ended in an earlier solve.
    pub(crate) fn basis(self) -> Option<&'a Basis> {
        match self {
            Self::Earlier(known) | Self::Solver(known) => known.and_then(|own| own.basis.as_ref()),
            Self::Given(_) | Self::Nothing => None,
        }
    }
}
