//! What must hold of the parts of a plan, section by section.

use std::collections::HashMap;

use super::{
    Bounds, ControlOf, Expression, Family, Fault, Group, MeasureOf, Plan, PlanParts, Site, Slice,
};
use crate::units::{Amount, CellId, Id, MemberId};

pub(super) fn cells(parts: &PlanParts) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut first: HashMap<&[MemberId], usize> = HashMap::with_capacity(parts.cells.len());
    let mut fixed = Vec::new();
    for (place, cell) in parts.cells.iter().enumerate() {
        if let Some(earlier) = first.insert(&cell.members, place) {
            faults.push(
                Fault::error(
                    "cell-twice",
                    "two rows state the same cell",
                    Site::Cell(place, "baseline"),
                    "this row",
                )
                .also(Site::Cell(earlier, "baseline"), "is the same cell as this")
                .help("remove one of them, or add them up in one row"),
            );
        }
        for (value, column) in [(&cell.flexibility, "flexibility"), (&cell.reference, "reference")]
        {
            if value.is_negative() {
                faults.push(
                    Fault::error(
                        "negative-weight",
                        format!("`{column}` may not be below zero"),
                        Site::Cell(place, column),
                        format!("is {value}"),
                    )
                    .help("0 keeps the line where it is, 1 moves it as others move"),
                );
            }
        }
        if let (Some(min), Some(max)) = (cell.floor(), cell.ceiling())
            && min > max
        {
            faults.push(cell_bounds(place, &min, &max, cell.max.is_some()));
        } else if cell.weight().is_zero() {
            fixed.push(place);
            faults.extend(fixed_outside(place, cell));
        }
    }
    if let Some(place) = fixed.first() {
        let count = fixed.len();
        let lines = if count == 1 { "one line is".into() } else { format!("{count} lines are") };
        faults.push(
            Fault::error(
                "fixed-line",
                format!("{lines} fixed: without a baseline or with flexibility 0 nothing moves"),
                Site::Cell(*place, "baseline"),
                if count == 1 { "this line" } else { "the first of them" },
            )
            .help("state a `reference` to let such a line move")
            .warning(),
        );
    }
    faults
}

fn cell_bounds(place: usize, min: &Amount, max: &Amount, stated: bool) -> Fault {
    let (column, other) = if stated { ("max", "min") } else { ("min", "baseline") };
    Fault::error(
        "cell-bounds",
        format!("a line must be at least {min} but may be at most {max}"),
        Site::Cell(place, column),
        "this bound",
    )
    .also(Site::Cell(place, other), "leaves it no room")
    .help(format!("lower the floor to {max}, or raise the ceiling to {min}"))
}

fn fixed_outside(place: usize, cell: &super::Cell) -> Option<Fault> {
    let below = cell.floor().is_some_and(|min| cell.baseline < min);
    let above = cell.ceiling().is_some_and(|max| cell.baseline > max);
    (below || above).then(|| {
        let column = if below { "min" } else { "max" };
        Fault::error(
            "fixed-outside",
            format!("a fixed line stands at {}, outside its own bounds", cell.baseline),
            Site::Cell(place, column),
            "this bound",
        )
        .also(Site::Cell(place, "baseline"), "cannot be met from here")
        .help("state a `reference`, so that the line can move, or change the bound")
    })
}

pub(super) fn controls(plan: &Plan) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (place, control) in plan.controls().iter().enumerate() {
        let cells = plan.select(&control.on);
        if cells.is_empty() && control.of != ControlOf::Revenue {
            faults.push(empty_slice(plan, &control.on, Site::Control(place, "on")));
            continue;
        }
        if control.of != ControlOf::Baseline {
            continue;
        }
        let stated = plan.stated_baselines();
        let sum: Amount = cells.iter().map(|cell| &stated[cell.index()]).sum();
        let gap = &sum - &control.equals;
        if gap.is_zero() {
            continue;
        }
        let fault = Fault::error(
            "control",
            format!(
                "the baseline of {} adds up to {sum}, not to the stated {}",
                control.on.text(plan.dimensions()),
                control.equals
            ),
            Site::Control(place, "equals"),
            format!("is {} away", gap.abs()),
        );
        let bounded = gap.abs() <= control.rounding;
        faults.push(if bounded {
            fault.help("within the rounding that the control allows").warning()
        } else {
            fault.help(
                "correct the cells or the stated total; a source's own rounding is `rounding = 1`",
            )
        });
    }
    faults
}

pub(super) fn revenue(plan: &Plan) -> Vec<Fault> {
    let mut faults = Vec::new();
    for driver in plan.drivers() {
        let Some((low, high)) = &driver.plausible else {
            continue;
        };
        for (_, value) in &driver.values {
            if value < low || value > high {
                faults.push(
                    Fault::error(
                        "implausible",
                        format!("driver `{}` is {value}, outside its plausible range", driver.id),
                        Site::Key("driver", driver.id.clone(), "value"),
                        "this value",
                    )
                    .also(
                        Site::Key("driver", driver.id.clone(), "plausible"),
                        format!("{low} to {high} was expected"),
                    )
                    .warning(),
                );
            }
        }
    }
    for line in plan.revenue() {
        for entry in &line.entries {
            if entry.min > entry.max {
                faults.push(
                    Fault::error(
                        "revenue-bounds",
                        format!(
                            "revenue `{}` must be at least {} but may be at most {}",
                            line.id, entry.min, entry.max
                        ),
                        Site::Key("revenue", line.id.clone(), "min"),
                        "this floor",
                    )
                    .also(Site::Key("revenue", line.id.clone(), "max"), "is above this ceiling")
                    .help(format!("raise `max` to {}, or lower `min`", entry.min)),
                );
            } else if entry.prefer < entry.min || entry.prefer > entry.max {
                faults.push(
                    Fault::error(
                        "prefer-outside",
                        format!(
                            "revenue `{}` prefers {}, which it may not be",
                            line.id, entry.prefer
                        ),
                        Site::Key("revenue", line.id.clone(), "prefer"),
                        "this preference",
                    )
                    .help(format!("choose an amount from {} to {}", entry.min, entry.max)),
                );
            }
        }
    }
    faults.extend(balance(plan));
    faults
}

fn balance(plan: &Plan) -> Option<Fault> {
    plan.balance()?;
    if plan.revenue().is_empty() {
        return Some(
            Fault::error(
                "no-revenue",
                "a balance needs revenue",
                Site::Top("balance"),
                "stands alone",
            )
            .help("add a `[[revenue]]` line, or leave `[balance]` out"),
        );
    }
    let counted: usize = plan.periods().iter().map(|period| period.entries.len()).sum();
    let lines = plan.revenue();
    if counted == lines.iter().map(|line| line.entries.len()).sum::<usize>() {
        return None;
    }
    let reached = |line: usize, entry: usize| {
        plan.periods().iter().any(|period| period.entries.contains(&(line, entry)))
    };
    let line = (0..lines.len())
        .find(|line| (0..lines[*line].entries.len()).any(|entry| !reached(*line, entry)))?;
    Some(
        Fault::error(
            "balance-finer",
            format!("the balance is finer than revenue `{}`", lines[line].id),
            Site::Key("balance", Id::from("balance"), "each"),
            "this level",
        )
        .also(
            Site::Item("revenue", lines[line].id.clone()),
            "is stated for a longer time than one balance",
        )
        .help("state the revenue by the members of that level, or balance at a higher one"),
    )
}

fn empty_slice(plan: &Plan, slice: &Slice, site: Site) -> Fault {
    Fault::error(
        "no-cell",
        format!("no cell lies in {}", slice.text(plan.dimensions())),
        site,
        "selects nothing",
    )
    .help("the cell table has no row for it: add one, or choose another slice")
}

pub(super) fn limits(plan: &Plan) -> Vec<Fault> {
    let mut faults = Vec::new();
    for limit in plan.limits() {
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
                    .help("choose a base that has cells"),
                );
            }
        }
        faults.extend(groups.iter().find_map(|group| limit_bounds(plan, limit, group)));
    }
    faults
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
        Family::Share { min, max, .. } => (min.clone(), max.clone(), "min-share", "max-share"),
        Family::Change { cut, rise } => {
            let baseline: Amount = group.cells.iter().map(|id| &plan.cell(*id).baseline).sum();
            if baseline.is_zero() {
                return Some(
                    Fault::error(
                        "change-of-nothing",
                        format!("limit `{}` is a percentage of a baseline{whose} that is 0", limit.id),
                        Site::Item("limit", limit.id.clone()),
                        "has nothing to be a percentage of",
                    )
                    .help("state the limit in plan units with `min` and `max`, or leave these cells out"),
                );
            }
            let (min, max) = plan.change_bounds(cut.as_ref(), rise.as_ref(), limit.measure, group);
            (min, max, "max-cut", "max-rise")
        }
        Family::Step { down, up } => {
            let floor = down.as_ref().map(|down| -down);
            (floor, up.clone(), "max-step-down", "max-step-up")
        }
        Family::Reserve { min, max, .. } => (min.clone(), max.clone(), "min-share", "max-share"),
        Family::Movement { .. } | Family::Path { .. } => return None,
    };
    let (min, max) = (min?, max?);
    (min > max).then(|| {
        Fault::error(
            "limit-bounds",
            format!("limit `{}`{whose} must be at least {min} but may be at most {max}", limit.id),
            site(low),
            "this floor",
        )
        .also(site(high), "is above this ceiling")
        .help(format!("raise the ceiling to {min}, or lower the floor to {max}"))
    })
}

pub(super) fn holds(plan: &Plan) -> Vec<Fault> {
    let mut faults = Vec::new();
    for hold in plan.holds() {
        let site = |key| Site::Key("hold", hold.id.clone(), key);
        let groups = plan.groups(&hold.on, &[]);
        let Some(group) = groups.first() else {
            faults.push(empty_slice(plan, &hold.on, site("on")));
            continue;
        };
        let value = |bound: &Expression| bound.value(plan, group, MeasureOf::Amount);
        let (min, max) = (hold.min.as_ref().map(value), hold.max.as_ref().map(value));
        if let (Some(min), Some(max)) = (&min, &max)
            && min > max
        {
            faults.push(
                Fault::error(
                    "hold-bounds",
                    format!("hold `{}` asks for at least {min} and at most {max}", hold.id),
                    site("at-least"),
                    "this floor",
                )
                .also(site("at-most"), "is above this ceiling")
                .help(format!("raise `at-most` to {min}, or lower `at-least` to {max}")),
            );
        }
        faults.extend(fixed_hold(plan, group, min.as_ref(), max.as_ref(), site("at")));
    }
    faults
}

fn fixed_hold(
    plan: &Plan,
    group: &Group,
    min: Option<&Amount>,
    max: Option<&Amount>,
    site: Site,
) -> Option<Fault> {
    let fixed = |id: &CellId| plan.cell(*id).weight().is_zero();
    if !group.cells.iter().all(fixed) {
        return None;
    }
    let level: Amount = group.cells.iter().map(|id| &plan.cell(*id).baseline).sum();
    let kept = min.is_none_or(|min| *min <= level) && max.is_none_or(|max| *max >= level);
    (!kept).then(|| {
        Fault::error(
            "hold-on-fixed",
            format!("a hold asks for more than fixed lines can do: they stand at {level}"),
            site,
            "every line below this hold is fixed",
        )
        .help("state a `reference` for these lines in the cell table, so that they can move")
    })
}
