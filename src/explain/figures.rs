use indexmap::IndexMap;

use crate::plan::{Axis, Plan, Slice};
use crate::solve::Allocation;
use crate::units::{Amount, CellId, Id};

/// What a scenario comes to, line by line and in all, in plan units: what bridges are made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// For each line its baseline and its published amount, by the ids of its members.
    pub lines: IndexMap<Vec<Id>, (Amount, Amount)>,
    /// The published revenue.
    pub revenue: Amount,
}

/// How much the figures of a scenario are above those of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Of the baseline and of the published amount of each line.
    pub lines: Vec<(Amount, Amount)>,
    /// Of the revenue.
    pub revenue: Amount,
}

impl Figures {
    /// The figures of an allocation, for the lines of `axes`: the whole plan where there are none.
    pub fn new(plan: &Plan, allocation: &Allocation, axes: &[Axis]) -> Self {
        let published = |cell: CellId| allocation.amount(plan, cell);
        let quantum = plan.quantum();
        let revenue = allocation.revenue.iter().map(|period| quantum.amount(period.total)).sum();
        Self { lines: lines(plan, axes, &published), revenue }
    }

    /// The figures before anything is allocated: every line at its baseline, and the revenue that
    /// is stated for the time before, nothing where none is.
    pub fn before(plan: &Plan, axes: &[Axis]) -> Self {
        let baseline = |cell: CellId| plan.cell(cell).baseline.clone();
        let stated = plan.revenue().iter().filter_map(|line| line.baseline.as_ref());
        Self { lines: lines(plan, axes, &baseline), revenue: stated.sum() }
    }

    /// What is above `other`, for the lines of `keys`; a line that one has not is nothing there.
    pub fn above(&self, other: &Self, keys: &[Vec<Id>]) -> Difference {
        let none = (Amount::ZERO, Amount::ZERO);
        let line = |key: &Vec<Id>| {
            let (own, before) = (self.lines.get(key), other.lines.get(key));
            let (own, before) = (own.unwrap_or(&none), before.unwrap_or(&none));
            (&own.0 - &before.0, &own.1 - &before.1)
        };
        Difference {
            lines: keys.iter().map(line).collect(),
            revenue: &self.revenue - &other.revenue,
        }
    }
}

fn lines(
    plan: &Plan,
    axes: &[Axis],
    amount: &dyn Fn(CellId) -> Amount,
) -> IndexMap<Vec<Id>, (Amount, Amount)> {
    let groups = plan.groups(&Slice::all(plan.dimensions().len()), axes);
    let line = |group: crate::plan::Group| {
        let pairs = axes.iter().zip(&group.key);
        let ids = pairs
            .map(|(axis, member)| plan.dimensions()[axis.dimension].member(*member).id.clone());
        let baseline = group.cells.iter().map(|cell| &plan.cell(*cell).baseline).sum();
        (ids.collect(), (baseline, group.cells.iter().map(|cell| amount(*cell)).sum()))
    };
    groups.into_iter().map(line).collect()
}

impl Difference {
    /// Nothing, for `lines` lines.
    pub fn none(lines: usize) -> Self {
        Self { lines: vec![(Amount::ZERO, Amount::ZERO); lines], revenue: Amount::ZERO }
    }

    /// Adds `times` the other.
    pub fn add(&mut self, other: &Self, times: &Amount) {
        for (own, more) in self.lines.iter_mut().zip(&other.lines) {
            own.0 += &(&more.0 * times);
            own.1 += &(&more.1 * times);
        }
        self.revenue += &(&other.revenue * times);
    }

    /// Whether nothing differs.
    pub fn is_none(&self) -> bool {
        self.revenue.is_zero() && self.lines.iter().all(|(b, a)| b.is_zero() && a.is_zero())
    }
}
