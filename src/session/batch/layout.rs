//! The columns of the rows of a batch: those of all its files together.

use indexmap::IndexSet;

use super::Options;
use crate::plan::{Group, Plan, Slice};
use crate::scenario::{Resolved, Varied, axis_names, find_axis};
use crate::units::CellId;

/// The columns of the rows of a batch, beside those that every batch has.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    /// The figures that vary.
    pub varied: IndexSet<String>,
    /// The linear stages.
    pub stages: IndexSet<String>,
    /// The slices whose totals are asked for.
    pub slices: IndexSet<String>,
    /// The limits whose pressures are asked for.
    pub pressures: IndexSet<String>,
}

/// A slice that has a column, and its cells.
pub(in crate::session) struct Total {
    pub(in crate::session) name: String,
    pub(in crate::session) cells: Vec<CellId>,
}

impl Layout {
    /// Takes in the columns of a file.
    pub(super) fn take_in(&mut self, resolved: &Resolved, options: &Options) -> Result<(), String> {
        let plan = &resolved.plan;
        self.varied.extend(resolved.design.varied().iter().map(Varied::name));
        let linear = plan.stages().iter().filter(|stage| stage.is_linear());
        self.stages.extend(linear.map(|stage| stage.id.to_string()));
        self.slices.extend(totals(plan, options)?.into_iter().map(|total| total.name));
        if options.pressures {
            self.pressures.extend(limits(plan));
        }
        Ok(())
    }
}

/// The slices that have a column, with their cells.
pub(super) fn totals(plan: &Plan, options: &Options) -> Result<Vec<Total>, String> {
    let mut axes = Vec::new();
    for name in &options.by {
        let axis = find_axis(name.trim(), plan.dimensions()).ok_or_else(|| {
            let known = axis_names(plan.dimensions()).join(", ");
            format!("`{name}` is no dimension or level; there are {known}")
        })?;
        axes.push(axis);
    }
    let all = Slice::all(plan.dimensions().len());
    let named =
        |group: Group| Total { name: group.slice.text(plan.dimensions()), cells: group.cells };
    let mut found: Vec<Total> = Vec::new();
    if !axes.is_empty() {
        found.extend(plan.groups(&all, &axes).into_iter().map(named));
    }
    if options.all_cells {
        found.extend(plan.groups(&all, &plan.leaf_axes()).into_iter().map(named));
    }
    Ok(found)
}

/// What may press, as `id[member]`.
fn limits(plan: &Plan) -> Vec<String> {
    let mut found = Vec::new();
    let time = plan.time().map(|time| &plan.dimensions()[time]);
    for period in plan.periods().iter().filter(|_| plan.balance().is_some()) {
        let member = period.member.zip(time).map(|(at, time)| time.member(at).id.to_string());
        found.push(label("balance", &member.unwrap_or_default()));
    }
    for limit in plan.limits() {
        found.extend(plan.rules(limit).iter().map(|rule| label(limit.id.as_str(), &rule.member)));
    }
    for fund in plan.funds() {
        let periods = plan.fund_periods(fund).into_iter();
        found.extend(periods.map(|(member, ..)| label(fund.id.as_str(), &member)));
    }
    found.extend(plan.holds().iter().map(|hold| hold.id.to_string()));
    found.extend(plan.transfers().levels.iter().map(|level| level.id.to_string()));
    found.extend(plan.stages().iter().map(|stage| stage.id.to_string()));
    found
}

/// A limit and the member of its `each`.
pub(super) fn label(id: &str, member: &str) -> String {
    if member.is_empty() { id.into() } else { format!("{id}[{member}]") }
}
