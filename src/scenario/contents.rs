//! What the tables beside a plan say. Their rows are no values of the plan's own files, and enter its
//! hash all the same: who changes one changes the plan.

use std::collections::HashMap;

use crate::plan::{Aim, Bounds, Dimension, Family, Limit, Plan, Slice, Stage};
use crate::units::MemberId;

/// The rows of all tables but the cells, a line each. Rows that are found by their members are in
/// the order of these, and all others in that of their table.
pub(crate) fn lines(plan: &Plan) -> Vec<String> {
    let mut lines: Vec<String> = plan.dimensions().iter().flat_map(members).collect();
    lines.extend(plan.limits().iter().flat_map(|limit| bounds(plan, limit)));
    for measure in plan.measures() {
        lines.extend(rows(plan, &format!("measure.{}", measure.id), &measure.rows));
    }
    for attribution in plan.attributions() {
        let name = format!("attribution.{}", attribution.id);
        lines.push(format!("{name} to {:?}", attribution.targets));
        lines.extend(rows(plan, &name, &attribution.rows));
    }
    lines.extend(plan.stages().iter().flat_map(|stage| aims(plan, stage)));
    lines
}

fn members(dimension: &Dimension) -> Vec<String> {
    let line = |own: &crate::plan::Member| {
        let parent = own.parent.map(|parent| &dimension.member(parent).id);
        let about = format!("{:?} {parent:?} {:?} {:?}", own.title, own.tags, own.years);
        format!("dimension.{}[{}] {about}", dimension.id(), own.id)
    };
    dimension.members().iter().map(line).collect()
}

/// The rows of a table of bounds, or of the targets of a path.
fn bounds(plan: &Plan, limit: &Limit) -> Vec<String> {
    match &limit.bounds {
        Bounds::Table(rows) => keyed(plan, limit, rows),
        Bounds::Same(Family::Path { targets, .. }) => keyed(plan, limit, targets),
        Bounds::Same(_) => Vec::new(),
    }
}

fn keyed<T: std::fmt::Debug>(
    plan: &Plan,
    limit: &Limit,
    rows: &HashMap<Vec<MemberId>, T>,
) -> Vec<String> {
    let mut rows: Vec<(&Vec<MemberId>, &T)> = rows.iter().collect();
    rows.sort_by_key(|(key, _)| *key);
    let line = |(key, says): (&Vec<MemberId>, &T)| {
        let members = limit.each.iter().zip(key);
        let ids = members
            .map(|(axis, member)| plan.dimensions()[axis.dimension].member(*member).id.as_str());
        format!("limit.{}[{}] {says:?}", limit.id, ids.collect::<Vec<_>>().join(", "))
    };
    rows.into_iter().map(line).collect()
}

fn rows<'a, T: std::fmt::Debug>(
    plan: &'a Plan,
    name: &'a str,
    rows: &'a [(Slice, T)],
) -> impl Iterator<Item = String> + 'a {
    let dimensions = plan.dimensions();
    rows.iter().map(move |(on, says)| format!("{name}[{}] {says:?}", on.text(dimensions)))
}

/// The rows of the returns or the targets of a stage.
fn aims(plan: &Plan, stage: &Stage) -> Vec<String> {
    let name = format!("stage.{}", stage.id);
    match &stage.aim {
        Aim::Value(value) => {
            let returns = value.returns.iter().flatten();
            let line = |own: &crate::plan::Return| {
                format!("{name}[{}] {:?}", own.on.text(plan.dimensions()), own.pieces)
            };
            returns.map(line).collect()
        }
        Aim::Deviation { targets } => rows(plan, &name, targets).collect(),
        _ => Vec::new(),
    }
}
