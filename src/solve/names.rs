//! What the rows of a formulation stand for: a start finds its rows in another formulation by it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::problem::{ActiveSet, Known, Side, Witness};
use crate::formulate::Formulation;

/// What each row stands for, as numbers that tell it from others. Two that fall together cost time only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Names(Arc<Vec<u64>>);

impl Names {
    pub(crate) fn of(formulation: &Formulation) -> Self {
        let name = |origin: &crate::formulate::Origin| {
            let mut hasher = DefaultHasher::new();
            origin.hash(&mut hasher);
            hasher.finish()
        };
        Self(Arc::new(formulation.origins().iter().map(name).collect()))
    }

    /// Where each row stands among others.
    fn among(&self, others: &Self) -> Vec<Option<usize>> {
        among(&self.0, &others.0)
    }
}

/// Where each of some keys stands among others: those that are the same, one after the other.
pub(super) fn among(keys: &[u64], others: &[u64]) -> Vec<Option<usize>> {
    let mut left: HashMap<u64, Vec<usize>> = HashMap::new();
    for (place, key) in others.iter().enumerate().rev() {
        left.entry(*key).or_default().push(place);
    }
    keys.iter().map(|key| left.get_mut(key)?.pop()).collect()
}

/// Where rows went. Those that stages and convex rows add come after the others, in the same order.
struct Moves {
    places: Vec<Option<usize>>,
    now: usize,
}

impl Moves {
    fn of(&self, row: usize) -> Option<usize> {
        match row.checked_sub(self.places.len()) {
            None => self.places[row],
            Some(more) => Some(self.now + more),
        }
    }

    fn sides(&self, rows: &[(usize, Side)]) -> Vec<(usize, Side)> {
        rows.iter().filter_map(|(row, side)| Some((self.of(*row)?, *side))).collect()
    }

    fn known(&self, known: &Known) -> Known {
        let rows = known.rows.iter();
        let rows = rows.filter_map(|(row, own)| Some((self.of(*row)?, own.clone())));
        let over = |own: &Witness| Witness { active: self.set(&own.active), ..own.clone() };
        let witness = known.witness.as_deref().map(over).map(Box::new);
        Known { rows: rows.collect(), witness, ..known.clone() }
    }

    fn set(&self, set: &ActiveSet) -> ActiveSet {
        let stages = set.stages.iter().map(|own| self.known(own)).collect();
        ActiveSet { rows: self.sides(&set.rows), stages, ..set.clone() }
    }
}

impl ActiveSet {
    /// The same over the rows of a formulation that may have more, or fewer, or others.
    pub(crate) fn over(&self, formulation: &Formulation) -> Cow<'_, Self> {
        if self.names.0.is_empty() {
            return Cow::Borrowed(self);
        }
        let names = Names::of(formulation);
        if names == self.names {
            return Cow::Borrowed(self);
        }
        let moves = Moves { places: self.names.among(&names), now: names.0.len() };
        Cow::Owned(Self { names, ..moves.set(self) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows that stand for the same are found in their order; those after them keep theirs.
    #[test]
    fn a_start_finds_its_rows_again() {
        let names = |list: &[u64]| Names(Arc::new(list.to_vec()));
        let (before, after) = (names(&[1, 2, 2, 3]), names(&[2, 9, 1, 2]));
        let moves = Moves { places: before.among(&after), now: 4 };
        let sides = |rows: &[usize]| rows.iter().map(|row| (*row, Side::Lower)).collect::<Vec<_>>();
        assert_eq!(moves.sides(&sides(&[0, 1, 2, 3, 4, 6])), sides(&[2, 0, 3, 4, 6]));
        let fewer = Moves { places: before.among(&names(&[3])), now: 1 };
        assert_eq!(fewer.sides(&sides(&[0, 3, 4])), sides(&[0, 1]));
    }
}
