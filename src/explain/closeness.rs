use crate::plan::{Axis, Level, Plan};
use crate::units::MemberId;

/// How near two lines are: which levels of which dimensions a move between them crosses.
///
/// Time comes first, then the other dimensions in declared order: a move that stays in its period
/// is nearer than one that leaves it, whatever else they cross; of two that stay, the one inside a
/// Sector; and so on. In a dimension with levels the upper ones come first: biennium, then year.
#[derive(Debug, Clone)]
pub struct Closeness {
    rungs: Vec<Rung>,
    order: Vec<usize>,
}

/// One level of one dimension, at which lines have different members.
#[derive(Debug, Clone)]
struct Rung {
    /// The place of its axis among those of the lines.
    axis: usize,
    dimension: usize,
    depth: usize,
}

/// The levels that a move crosses, the nearest in the lowest bit.
pub type Crossing = u64;

/// The most levels that are told apart in a cost; those below them count as one.
pub(super) const MOST_RUNGS: usize = 9;
/// What a level costs more than the one below it: above twice the arcs of any path.
const STEP: i128 = 1 << 13;

impl Closeness {
    /// The levels of `axes` at which the lines with these `keys` differ. The dimensions in `first`
    /// stand before the others; time stands before them unless it is one of them.
    pub fn new(plan: &Plan, axes: &[Axis], first: &[usize], keys: &[&[MemberId]]) -> Self {
        let has_axis = |dimension: &usize| axes.iter().any(|axis| axis.dimension == *dimension);
        let order: Vec<usize> = order(plan, first).into_iter().filter(has_axis).collect();
        let mut rungs = Vec::new();
        for dimension in &order {
            let Some(axis) = axes.iter().position(|axis| axis.dimension == *dimension) else {
                continue;
            };
            let own = &plan.dimensions()[*dimension];
            let deepest = own.members().iter().map(crate::plan::Member::depth).max().unwrap_or(0);
            let last = match axes[axis].level {
                Level::Leaves => deepest,
                Level::Depth(depth) => depth,
            };
            for depth in 0..=last {
                let mut members = keys.iter().map(|key| own.above(key[axis], Level::Depth(depth)));
                let first = members.next();
                if members.any(|member| Some(member) != first) {
                    rungs.push(Rung { axis, dimension: *dimension, depth });
                }
            }
        }
        rungs.truncate(Crossing::BITS as usize);
        Self { rungs, order }
    }

    /// The dimensions in order: money stays inside a member of an earlier one first.
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// Where a line stands on each level.
    pub(super) fn address(&self, plan: &Plan, key: &[MemberId]) -> Vec<MemberId> {
        let at = |rung: &Rung| {
            plan.dimensions()[rung.dimension].above(key[rung.axis], Level::Depth(rung.depth))
        };
        self.rungs.iter().map(at).collect()
    }

    /// The levels that a move between two addresses crosses.
    pub(super) fn crossing(a: &[MemberId], b: &[MemberId]) -> Crossing {
        a.iter().zip(b).fold(0, |bits, (a, b)| bits << 1 | Crossing::from(a != b))
    }

    /// How many levels a cost tells apart.
    pub(super) fn told(&self) -> usize {
        self.rungs.len().min(MOST_RUNGS)
    }

    /// The crossing with the levels below those that are told apart merged into one.
    pub(super) fn merged(&self, crossing: Crossing) -> Crossing {
        let below = self.rungs.len() - self.told();
        if below == 0 {
            return crossing;
        }
        let rest = crossing & ((1 << (below + 1)) - 1);
        crossing >> (below + 1) << 1 | Crossing::from(rest != 0)
    }

    /// The cost of moving one unit: what crosses an upper level costs more than any path of moves
    /// that do not.
    pub(super) fn cost(&self, crossing: Crossing) -> i128 {
        let bits = self.merged(crossing);
        (0..self.told()).rev().fold(0, |cost, bit| cost * STEP + i128::from(bits >> bit & 1))
    }

    /// The dimensions that a move crosses, each by the name of the uppermost level it leaves.
    pub fn text(&self, plan: &Plan, crossing: Crossing) -> String {
        let mut names: Vec<&str> = Vec::new();
        let mut known = Vec::new();
        for (place, rung) in self.rungs.iter().enumerate() {
            let bit = crossing >> (self.rungs.len() - 1 - place) & 1;
            if bit == 1 && !known.contains(&rung.dimension) {
                known.push(rung.dimension);
                let dimension = &plan.dimensions()[rung.dimension];
                let level = dimension.levels().get(rung.depth);
                names.push(level.unwrap_or(dimension.id()).as_str());
            }
        }
        names.join(", ")
    }
}

fn order(plan: &Plan, first: &[usize]) -> Vec<usize> {
    let mut order = Vec::new();
    let all = 0..plan.dimensions().len();
    for dimension in plan.time().into_iter().filter(|time| !first.contains(time)) {
        order.push(dimension);
    }
    for dimension in first.iter().copied().chain(all) {
        if !order.contains(&dimension) {
            order.push(dimension);
        }
    }
    order
}
