//! Cells by the members of some dimensions.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Axis, Group, Pick, Plan, Slice};
use crate::units::MemberId;

impl Plan {
    /// The cells of `slice`, one group for each combination of members in `each` that has a cell,
    /// in declared member order.
    pub fn groups(&self, slice: &Slice, each: &[Axis]) -> Vec<Group> {
        let mut places: HashMap<Vec<MemberId>, usize> = HashMap::new();
        let mut groups: Vec<Group> = Vec::new();
        let mut key: Vec<MemberId> = Vec::with_capacity(each.len());
        // Neighbours are in one group more often than not.
        let mut last = usize::MAX;
        for id in self.select(slice) {
            let members = &self.cell(id).members;
            key.clear();
            key.extend(each.iter().map(|axis| {
                self.dimensions()[axis.dimension].above(members[axis.dimension], axis.level)
            }));
            if groups.get(last).is_none_or(|group| group.key != key) {
                last = places.get(key.as_slice()).copied().unwrap_or(groups.len());
                if last == groups.len() {
                    places.insert(key.clone(), last);
                    let (key, slice) = (key.clone(), slice.clone());
                    groups.push(Group { key, slice, cells: Vec::new() });
                }
            }
            groups[last].cells.push(id);
        }
        groups.sort_by(|a, b| a.key.cmp(&b.key));
        self.narrow(slice, each, &mut groups);
        groups
    }

    /// Narrows the slice of each group to its members of `each`: groups of one member share their pick.
    fn narrow(&self, slice: &Slice, each: &[Axis], groups: &mut [Group]) {
        let mut known: HashMap<(usize, MemberId), Arc<Pick>> = HashMap::new();
        for group in groups {
            for (place, (axis, member)) in each.iter().zip(&group.key).enumerate() {
                let dimension = axis.dimension;
                if each[..place].iter().any(|other| other.dimension == dimension) {
                    group.slice = self.narrowed(&group.slice, dimension, *member);
                    continue;
                }
                let own = || Arc::new(self.pick_under(slice.pick(dimension), dimension, *member));
                let pick = known.entry((dimension, *member)).or_insert_with(own);
                group.slice.put(dimension, Arc::clone(pick));
            }
        }
    }

    /// `slice` with one dimension narrowed to what lies under `member` and is picked already.
    pub fn narrowed(&self, slice: &Slice, dimension: usize, member: MemberId) -> Slice {
        let pick = self.pick_under(slice.pick(dimension), dimension, member);
        slice.with(dimension, Some(pick))
    }

    /// What lies under `member`, and is in `pick`.
    fn pick_under(&self, pick: Option<&Pick>, dimension: usize, member: MemberId) -> Pick {
        let axis = &self.dimensions()[dimension];
        let under = axis.member(member).leaves().iter().copied();
        let kept: Vec<MemberId> = match pick {
            Some(pick) => under.filter(|leaf| pick.has(*leaf)).collect(),
            None => under.collect(),
        };
        Pick::new(axis, &kept, axis.member(member).id.to_string())
    }

    /// The members of a group's key, joined by `/`; empty without `each`.
    pub fn key_text(&self, each: &[Axis], group: &Group) -> String {
        let ids: Vec<&str> = each
            .iter()
            .zip(&group.key)
            .map(|(axis, member)| self.dimensions()[axis.dimension].member(*member).id.as_str())
            .collect();
        ids.join("/")
    }
}
