use std::sync::Arc;

use super::{Dimension, Level};
use crate::units::MemberId;

/// A selection of leaf members, by dimension; a dimension without a pick means all of it.
///
/// Its canonical text names the picks in declared order of the dimensions: `sector = GS,
/// category = [staff, travel]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    /// One entry for each dimension; `None` is all of it.
    picks: Vec<Option<Arc<Pick>>>,
}

/// The leaves picked of one dimension, and the words they were picked by.
#[derive(Debug, Clone)]
pub struct Pick {
    /// Whether each member of the dimension, by place, is a picked leaf.
    mask: Vec<bool>,
    text: String,
}

impl PartialEq for Pick {
    fn eq(&self, other: &Self) -> bool {
        self.mask == other.mask
    }
}

impl Eq for Pick {}

impl Pick {
    /// Picks the leaves below each of `members`; `text` is how a file would write the pick.
    pub fn new(dimension: &Dimension, members: &[MemberId], text: String) -> Self {
        let mut mask = vec![false; dimension.members().len()];
        for leaf in members.iter().flat_map(|m| dimension.member(*m).leaves()) {
            mask[leaf.index()] = true;
        }
        Self { mask, text }
    }

    /// Picks every leaf that `self` does not.
    #[must_use]
    pub fn complement(&self, dimension: &Dimension, text: String) -> Self {
        let mut mask = vec![false; self.mask.len()];
        for leaf in dimension.leaves().filter(|leaf| !self.mask[leaf.index()]) {
            mask[leaf.index()] = true;
        }
        Self { mask, text }
    }

    /// Whether the leaf is picked.
    pub fn has(&self, leaf: MemberId) -> bool {
        self.mask[leaf.index()]
    }

    /// How a file would write the pick.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl Slice {
    /// The slice that selects everything in a plan of `dimensions` dimensions.
    pub fn all(dimensions: usize) -> Self {
        Self { picks: vec![None; dimensions] }
    }

    /// The same slice with `pick` for `dimension`.
    #[must_use]
    pub fn with(&self, dimension: usize, pick: Option<Pick>) -> Self {
        let mut picks = self.picks.clone();
        picks[dimension] = pick.map(Arc::new);
        Self { picks }
    }

    /// Gives it `pick` for `dimension`.
    pub(super) fn put(&mut self, dimension: usize, pick: Arc<Pick>) {
        self.picks[dimension] = Some(pick);
    }

    /// The pick of a dimension, or `None` for all of it.
    pub fn pick(&self, dimension: usize) -> Option<&Pick> {
        self.picks[dimension].as_deref()
    }

    /// Whether the slice selects everything.
    pub fn is_all(&self) -> bool {
        self.picks.iter().all(Option::is_none)
    }

    /// Whether all that it selects is selected by `other`, dimension by dimension.
    pub fn is_within(&self, other: &Self) -> bool {
        self.picks.iter().zip(&other.picks).all(|(own, other)| match (own, other) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(own), Some(other)) => {
                own.mask.iter().zip(&other.mask).all(|(own, other)| !own || *other)
            }
        })
    }

    /// Whether a cell with these leaf members, one a dimension, is selected.
    pub fn has(&self, members: &[MemberId]) -> bool {
        self.picks
            .iter()
            .zip(members)
            .all(|(pick, member)| pick.as_ref().is_none_or(|pick| pick.has(*member)))
    }

    /// The canonical text; `all` where everything is selected.
    pub fn text(&self, dimensions: &[Dimension]) -> String {
        let parts: Vec<String> = dimensions
            .iter()
            .zip(&self.picks)
            .filter_map(|(dimension, pick)| {
                pick.as_ref().map(|pick| format!("{} = {}", dimension.id(), pick.text))
            })
            .collect();
        if parts.is_empty() { "all".into() } else { parts.join(", ") }
    }
}

/// One dimension of `each`, at one of its levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Axis {
    /// The place of the dimension.
    pub dimension: usize,
    /// The level whose members are taken one by one.
    pub level: Level,
}
