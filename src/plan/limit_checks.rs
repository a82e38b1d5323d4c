//! What must hold of the limits of a plan.

use super::checks::{empty_slice, first_of, line};
use super::{Bounds, Expression, Family, Fault, Group, Plan, Site};
use crate::units::Amount;

pub(super) fn limits(plan: &Plan) -> Vec<Fault> {
    let mut faults = Vec::new();
    let stand = |(place, _): &(usize, &super::Limit)| !plan.memo.is_sound(*place);
    for (_, limit) in plan.limits().iter().enumerate().filter(stand) {
        let key = |key| Site::Key("limit", limit.id.clone(), key);
        let groups = plan.groups(&limit.on, &limit.each);
        if matches!(limit.bounds, Bounds::Same(Family::Reserve { .. }))
            && plan.opening_reserve().is_none()
        {
            faults.push(
                Fault::error(
                    "no-reserve",
                    format!("limit `{}` bounds a reserve that has no beginning", limit.id),
                    key("measure"),
                    "what stood there before?",
                )
                .help("add a driver with `id = \"reserve\"`, its value and its unit"),
            );
        }
        if groups.is_empty() {
            faults.push(empty_slice(plan, &limit.on, key("on")));
        }
        if let Bounds::Same(Family::Share { of, .. }) = &limit.bounds {
            let empty = |group: &&Group| plan.share_base(of, &limit.each, group).is_empty();
            if let Some(group) = groups.iter().find(empty) {
                let member = plan.key_text(&limit.each, group);
                faults.push(
                    Fault::error(
                        "no-cell",
                        format!("limit `{}` is a share of no cell {member}", limit.id),
                        key("of"),
                        "selects nothing",
                    )
                    .help("choose a base that has cells")
                    .of_cells(),
                );
            }
        }
        faults.extend(idle_row(plan, limit, &groups));
        faults.extend(groups.iter().find_map(|group| limit_bounds(plan, limit, group)));
    }
    faults
}

/// A row of a limit's table that is about no cell.
fn idle_row(plan: &Plan, limit: &super::Limit, groups: &[Group]) -> Option<Fault> {
    let (keys, key): (Vec<_>, _) = match &limit.bounds {
        Bounds::Table(rows) => (rows.keys().collect(), "bounds"),
        Bounds::Same(Family::Path { targets, .. }) => (targets.keys().collect(), "phase-in"),
        Bounds::Same(_) => return None,
    };
    let idle =
        keys.into_iter().filter(|key| !groups.iter().any(|group| group.key == **key)).min()?;
    let ids = limit
        .each
        .iter()
        .zip(idle)
        .map(|(axis, member)| plan.dimensions()[axis.dimension].member(*member).id.to_string());
    let member = ids.collect::<Vec<_>>().join("/");
    Some(
        Fault::error(
            "idle-row",
            format!(
                "the table of limit `{}` has a row for {member}, which the limit has no cell of",
                limit.id
            ),
            Site::Key("limit", limit.id.clone(), key),
            "in this table",
        )
        .help("leave the row out, or let `on` and the cell table cover it")
        .of_cells(),
    )
}

fn limit_bounds(plan: &Plan, limit: &super::Limit, group: &Group) -> Option<Fault> {
    let site = |key| Site::Key("limit", limit.id.clone(), key);
    let member = plan.key_text(&limit.each, group);
    let whose = if member.is_empty() { String::new() } else { format!(" of {member}") };
    let (min, max, low, high) = match limit.family(&group.key)? {
        Family::Amount { min, max } => {
            let value = |bound: &Expression| bound.value(plan, group, limit.measure);
            (min.as_ref().map(value), max.as_ref().map(value), "min", "max")
        }
        Family::Share { min, max, .. } | Family::Reserve { min, max, .. } => {
            (min.clone(), max.clone(), "min-share", "max-share")
        }
        Family::Change { cut, rise } => {
            return change_bounds(plan, limit, group, (cut.as_ref(), rise.as_ref()));
        }
        Family::Step { down, up } => {
            let floor = down.as_ref().map(|down| -down);
            (floor, up.clone(), "max-step-down", "max-step-up")
        }
        Family::Movement { .. } | Family::Path { .. } => return None,
    };
    let (min, max) = (min?, max?);
    let show = |bound: &Amount| if low == "min" { bound.to_string() } else { percent(bound) };
    (min > max).then(|| {
        let (least, most) = (show(&min), show(&max));
        let fault = Fault::error(
            "limit-bounds",
            format!(
                "limit `{}`{whose} must be at least {least} but may be at most {most}",
                limit.id
            ),
            site(low),
            "this floor",
        )
        .also(site(high), "this ceiling")
        .help(format!("raise the ceiling to {least}, or lower the floor to {most}"));
        match limit.family(&group.key) {
            Some(Family::Amount { min, max }) if rests_on_cells([min, max]) => fault.of_cells(),
            _ => fault,
        }
    })
}

/// Whether one of the bounds is a percentage of cells.
pub(super) fn rests_on_cells(bounds: [&Option<Expression>; 2]) -> bool {
    bounds.into_iter().flatten().any(|bound| !matches!(bound, Expression::Number(_)))
}

fn percent(share: &Amount) -> String {
    format!("{}%", share * &Amount::whole(100))
}

fn change_bounds(
    plan: &Plan,
    limit: &super::Limit,
    group: &Group,
    (cut, rise): (Option<&Amount>, Option<&Amount>),
) -> Option<Fault> {
    let site = |key| Site::Key("limit", limit.id.clone(), key);
    let member = plan.key_text(&limit.each, group);
    let whose = if member.is_empty() { String::new() } else { format!(" of {member}") };
    let baseline: Amount = group.cells.iter().map(|id| &plan.cell(*id).baseline).sum();
    if baseline.is_zero() {
        return Some(
            Fault::error(
                "change-of-nothing",
                format!("limit `{}` is a percentage of a baseline{whose} that is 0", limit.id),
                site(if cut.is_some() { "max-cut" } else { "max-rise" }),
                "has nothing to be a percentage of",
            )
            .also(line(plan, &group.cells, "baseline"), first_of(&group.cells))
            .help("state the limit in plan units with `min` and `max`, or leave these cells out")
            .of_cells(),
        );
    }
    let (cut, rise) = (cut?, rise?);
    let words = |share: &Amount, allowed: &str, asked: &str| {
        if share.is_negative() {
            format!("asks for a {asked} of at least {}", percent(&share.abs()))
        } else {
            format!("allows a {allowed} of at most {}", percent(share))
        }
    };
    (-cut > *rise).then(|| {
        Fault::error(
            "limit-bounds",
            format!("limit `{}`{whose} leaves no change that it would allow", limit.id),
            site("max-cut"),
            words(cut, "cut", "rise"),
        )
        .also(site("max-rise"), words(rise, "rise", "cut"))
        .help(format!(
            "raise `max-rise` to {}, or `max-cut` to {}",
            percent(&-cut),
            percent(&-rise)
        ))
    })
}
