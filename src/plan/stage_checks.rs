//! What must hold of the stages of a plan.

use super::checks::empty_slice;
use super::{Aim, Fault, Plan, Return, Site, Slice, Stage, Value};
use crate::units::CellId;

pub(super) fn stages(plan: &Plan) -> Vec<Fault> {
    plan.stages().iter().flat_map(|stage| of_stage(plan, stage)).collect()
}

fn of_stage(plan: &Plan, stage: &Stage) -> Vec<Fault> {
    let empty = |on: &Slice, key| {
        let site = Site::Key("stage", stage.id.clone(), key);
        plan.select(on).is_empty().then(|| empty_slice(plan, on, site))
    };
    match &stage.aim {
        Aim::FewMoves { on }
        | Aim::Coverage { on, .. }
        | Aim::NeedShortfall { on, .. }
        | Aim::Turnover { on, .. }
        | Aim::Measure { on, .. } => empty(on, "on").into_iter().collect(),
        Aim::Deviation { targets } => {
            targets.iter().find_map(|(on, _)| empty(on, "targets")).into_iter().collect()
        }
        Aim::Value(value) => {
            let rows = value.returns.iter().flatten();
            let idle = rows.clone().find_map(|row| empty(&row.on, "returns"));
            let unlike = rows.clone().find_map(|row| unlike_weights(plan, stage, value, row));
            [empty(&value.on, "on"), idle, unlike].into_iter().flatten().collect()
        }
        Aim::ProRata | Aim::Shortfall { .. } | Aim::ReserveUse { .. } | Aim::Revenue { .. } => {
            Vec::new()
        }
    }
}

/// A return is one function of a total, so that the lines of it weigh the same.
fn unlike_weights(plan: &Plan, stage: &Stage, value: &Value, row: &Return) -> Option<Fault> {
    let weight = |cell: &CellId| value.weight(&plan.cell(*cell).members);
    let inside = |cell: &CellId| value.on.has(&plan.cell(*cell).members);
    let cells: Vec<CellId> = plan.select(&row.on).into_iter().filter(inside).collect();
    let first = weight(cells.first()?);
    let other = cells.iter().map(weight).find(|weight| *weight != first)?;
    let text = if row.on.is_all() {
        "all lines".into()
    } else {
        format!("the lines of {}", row.on.text(plan.dimensions()))
    };
    Some(
        Fault::error(
            "unlike-weights",
            format!("{text} weigh {first} and {other}, and share one return"),
            Site::Key("stage", stage.id.clone(), "weights"),
            "weighs them apart",
        )
        .also(Site::Key("stage", stage.id.clone(), "returns"), "has one row for them")
        .help("give each weight a row of its own, or the rates what the weights say"),
    )
}
