use std::collections::HashMap;

use crate::units::{Amount, Id, MemberId};

/// An axis of the plan: a tree of members, of which the leaves label cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dimension {
    id: Id,
    title: String,
    time: bool,
    levels: Vec<Id>,
    members: Vec<Member>,
    index: HashMap<Id, MemberId>,
}

/// A member of a dimension. A parent stands for all the leaves below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its name in files.
    pub id: Id,
    /// Its name for people; the id where none was stated.
    pub title: String,
    /// The member above it.
    pub parent: Option<MemberId>,
    /// Labels that slices select by; a parent's tags cover its descendants.
    pub tags: Vec<Id>,
    /// Years that it lasts, for a time dimension: a parent lasts as long as its children together.
    pub years: Amount,
    depth: usize,
    leaves_are_self: bool,
    leaves: Vec<MemberId>,
}

/// A member as a file states it, before its tree is known.
#[derive(Debug, Clone)]
pub struct MemberDraft {
    /// Its name in files.
    pub id: Id,
    /// Its name for people.
    pub title: Option<String>,
    /// The name of the member above it, declared before or after.
    pub parent: Option<Id>,
    /// Its own labels.
    pub tags: Vec<Id>,
    /// Years it lasts; one where not stated.
    pub years: Option<Amount>,
}

/// What keeps members from making a tree; each names the member at fault by its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TreeFault {
    /// The dimension has no member.
    Empty,
    /// A member bears the name of an earlier one: (member, earlier).
    Twice(usize, usize),
    /// A member's parent is no member of the dimension.
    UnknownParent(usize),
    /// A member is its own ancestor.
    Circle(usize),
    /// A leaf lies at another depth than the first leaf: the levels cannot be named.
    Uneven(usize),
    /// The number of level names is not the depth of the tree: (named, deep).
    Levels(usize, usize),
}

impl Member {
    /// Whether it labels cells itself.
    pub fn is_leaf(&self) -> bool {
        self.leaves_are_self
    }

    /// The leaves it stands for, in declared order; itself for a leaf.
    pub fn leaves(&self) -> &[MemberId] {
        &self.leaves
    }

    /// How many members stand above it.
    pub fn depth(&self) -> usize {
        self.depth
    }
}

impl Dimension {
    /// Builds the tree of `drafts`, in declared order.
    ///
    /// `levels` names the levels from the top, or is empty; a named tree has all its leaves at one
    /// depth.
    ///
    /// # Errors
    ///
    /// Every [`TreeFault`] found.
    pub fn new(
        id: Id,
        title: String,
        time: bool,
        levels: Vec<Id>,
        drafts: Vec<MemberDraft>,
    ) -> Result<Self, Vec<TreeFault>> {
        if drafts.is_empty() {
            return Err(vec![TreeFault::Empty]);
        }
        let mut faults = Vec::new();
        let mut index: HashMap<Id, MemberId> = HashMap::new();
        for (place, draft) in drafts.iter().enumerate() {
            if let Some(earlier) = index.get(&draft.id) {
                faults.push(TreeFault::Twice(place, earlier.index()));
            } else {
                index.insert(draft.id.clone(), MemberId::new(place));
            }
        }
        let parents = parents(&drafts, &index, &mut faults);
        if !faults.is_empty() {
            return Err(faults);
        }
        let depths: Vec<usize> =
            (0..drafts.len()).map(|m| ancestors(&parents, m).count()).collect();
        let leaves = leaves(&parents);
        check_levels(&levels, &depths, &leaves, &mut faults);
        if !faults.is_empty() {
            return Err(faults);
        }
        let tags: Vec<Vec<Id>> = (0..drafts.len())
            .map(|m| {
                std::iter::once(m)
                    .chain(ancestors(&parents, m))
                    .flat_map(|above| drafts[above].tags.iter().cloned())
                    .collect()
            })
            .collect();
        let own_years: Vec<Amount> =
            drafts.iter().map(|d| d.years.clone().unwrap_or(Amount::ONE)).collect();
        let members = drafts
            .into_iter()
            .zip(tags)
            .enumerate()
            .map(|(place, (draft, tags))| Member {
                title: draft.title.unwrap_or_else(|| draft.id.to_string()),
                id: draft.id,
                parent: parents[place].map(MemberId::new),
                tags,
                years: leaves[place].iter().map(|leaf| &own_years[leaf.index()]).sum(),
                depth: depths[place],
                leaves_are_self: leaves[place] == [MemberId::new(place)],
                leaves: leaves[place].clone(),
            })
            .collect();
        Ok(Self { id, title, time, levels, members, index })
    }

    /// Its name in files.
    pub fn id(&self) -> &Id {
        &self.id
    }

    /// Its name for people.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Whether its members follow one another in time.
    pub fn is_time(&self) -> bool {
        self.time
    }

    /// Its members in declared order; a [`MemberId`] is a place in this list.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// The member of place `id`.
    pub fn member(&self, id: MemberId) -> &Member {
        &self.members[id.index()]
    }

    /// The member named `id`.
    pub fn find(&self, id: &str) -> Option<MemberId> {
        self.index.get(id).copied()
    }

    /// The members that label cells, in declared order.
    pub fn leaves(&self) -> impl Iterator<Item = MemberId> {
        (0..self.members.len()).map(MemberId::new).filter(|m| self.member(*m).is_leaf())
    }

    /// The depth that `name` stands for: a level's name, or the dimension's own id for the leaves.
    pub fn level(&self, name: &str) -> Option<Level> {
        if self.id == *name || self.levels.last().is_some_and(|leaf| *leaf == *name) {
            return Some(Level::Leaves);
        }
        self.levels.iter().position(|level| *level == *name).map(Level::Depth)
    }

    /// The names of the levels from the top; empty where none were stated.
    pub fn levels(&self) -> &[Id] {
        &self.levels
    }

    /// The members of a level, in declared order.
    pub fn at(&self, level: Level) -> Vec<MemberId> {
        match level {
            Level::Leaves => self.leaves().collect(),
            Level::Depth(depth) => (0..self.members.len())
                .map(MemberId::new)
                .filter(|m| self.member(*m).depth == depth)
                .collect(),
        }
    }

    /// The member of `level` that `leaf` lies under, or is.
    pub fn above(&self, leaf: MemberId, level: Level) -> MemberId {
        let Level::Depth(depth) = level else {
            return leaf;
        };
        let mut member = leaf;
        while self.member(member).depth > depth {
            let Some(parent) = self.member(member).parent else {
                return member;
            };
            member = parent;
        }
        member
    }
}

/// A level of a dimension's tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// The members that label cells.
    Leaves,
    /// The members with this many above them.
    Depth(usize),
}

fn parents(
    drafts: &[MemberDraft],
    index: &HashMap<Id, MemberId>,
    faults: &mut Vec<TreeFault>,
) -> Vec<Option<usize>> {
    let parents: Vec<Option<usize>> = drafts
        .iter()
        .enumerate()
        .map(|(place, draft)| {
            let name = draft.parent.as_ref()?;
            let parent = index.get(name).map(|member| member.index());
            if parent.is_none() {
                faults.push(TreeFault::UnknownParent(place));
            }
            parent
        })
        .collect();
    for place in 0..drafts.len() {
        if ancestors(&parents, place).take(drafts.len() + 1).any(|above| above == place) {
            faults.push(TreeFault::Circle(place));
        }
    }
    parents
}

fn ancestors(parents: &[Option<usize>], member: usize) -> impl Iterator<Item = usize> + '_ {
    std::iter::successors(parents[member], |above| parents[*above])
}

fn leaves(parents: &[Option<usize>]) -> Vec<Vec<MemberId>> {
    let mut has_children = vec![false; parents.len()];
    for parent in parents.iter().flatten() {
        has_children[*parent] = true;
    }
    let mut leaves = vec![Vec::new(); parents.len()];
    for member in (0..parents.len()).filter(|m| !has_children[*m]) {
        leaves[member].push(MemberId::new(member));
        for above in ancestors(parents, member) {
            leaves[above].push(MemberId::new(member));
        }
    }
    leaves
}

fn check_levels(
    levels: &[Id],
    depths: &[usize],
    leaves: &[Vec<MemberId>],
    faults: &mut Vec<TreeFault>,
) {
    if levels.is_empty() {
        return;
    }
    let is_leaf = |member: usize| leaves[member] == [MemberId::new(member)];
    let deepest = depths.iter().max().copied().unwrap_or(0);
    if levels.len() != deepest + 1 {
        faults.push(TreeFault::Levels(levels.len(), deepest + 1));
    } else if let Some(uneven) = (0..depths.len()).find(|m| is_leaf(*m) && depths[*m] != deepest) {
        faults.push(TreeFault::Uneven(uneven));
    }
}
