//! What must hold of the parts of a plan, section by section.

use super::cell_checks::cause;
use super::limit_checks::rests_on_cells;
use super::{Control, ControlOf, Expression, Fault, Group, MeasureOf, Plan, Site, Slice};
use crate::units::{Amount, CellId, Id};

pub(super) fn controls(plan: &Plan) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (place, control) in plan.controls().iter().enumerate() {
        faults.extend(rounding(place, control));
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
        let whole = control.on.is_all();
        let of = if whole { "all lines".into() } else { control.on.text(plan.dimensions()) };
        let fault = Fault::error(
            "control",
            format!("the baseline of {of} adds up to {sum}, not to the stated {}", control.equals),
            Site::Control(place, "equals"),
            format!("is {} away", gap.abs()),
        )
        .also(line(plan, &cells, "baseline"), first_of(&cells))
        .of_cells();
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

/// The site of the first of `cells`.
pub(super) fn line(plan: &Plan, cells: &[CellId], column: &'static str) -> Site {
    let members = cells.first().map(|cell| plan.cell(*cell).members.clone());
    Site::Line(members.unwrap_or_default(), column)
}

/// "the first of 4 lines", or "the only line".
pub(super) fn first_of(cells: &[CellId]) -> String {
    match cells.len() {
        1 => "the only line".into(),
        count => format!("the first of {count} lines"),
    }
}

fn rounding(place: usize, control: &Control) -> Option<Fault> {
    let site = Site::Control(place, "rounding");
    if control.rounding.is_negative() {
        return Some(
            Fault::error(
                "rounding",
                "the rounding that a control allows may not be below zero",
                site,
                format!("is {}", control.rounding),
            )
            .help(format!("write `rounding = {}`, or leave it out", control.rounding.abs())),
        );
    }
    let unused = !control.rounding.is_zero() && control.of != ControlOf::Baseline;
    unused.then(|| {
        Fault::error(
            "rounding",
            "`rounding` has an effect only on a control of the baseline",
            site,
            "changes nothing here",
        )
        .help("leave it out: this control is reported, and nothing is held to it")
        .warning()
    })
}

/// Drivers outside the range that was expected of them.
fn implausible(plan: &Plan) -> Vec<Fault> {
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
                    .help("check the value and its unit, or widen `plausible`")
                    .warning(),
                );
            }
        }
    }
    faults
}

pub(super) fn revenue(plan: &Plan) -> Vec<Fault> {
    let mut faults = implausible(plan);
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
                    .also(Site::Key("revenue", line.id.clone(), "max"), "this ceiling")
                    .help(format!("raise `max` to {}, or lower `min`", entry.min)),
                );
            } else if entry.prefer < entry.min || entry.prefer > entry.max {
                let above = entry.prefer > entry.max;
                let (bound, label) = if above {
                    ("max", "the most it may be")
                } else {
                    ("min", "the least it may be")
                };
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
                    .also(Site::Key("revenue", line.id.clone(), bound), label)
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
        return without_revenue(plan);
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

/// Times that have a balance of their own, and no revenue.
fn without_revenue(plan: &Plan) -> Option<Fault> {
    let time = &plan.dimensions()[plan.time()?];
    let periods = plan.periods();
    let bare =
        periods.iter().filter(|period| period.entries.is_empty() && !period.cells.is_empty());
    let names: Vec<String> = bare
        .filter_map(|period| Some(format!("`{}`", time.member(period.member?).id)))
        .take(5)
        .collect();
    let first = plan.revenue().first()?;
    (!names.is_empty()).then(|| {
        Fault::error(
            "no-revenue",
            format!("no revenue is stated for {}, so nothing can be spent then", names.join(", ")),
            Site::Key("balance", Id::from("balance"), "each"),
            "each of these has a balance of its own",
        )
        .also(Site::Item("revenue", first.id.clone()), "states other times")
        .help("state an amount for it, and 0 where there is none")
        .warning()
    })
}

pub(super) fn empty_slice(plan: &Plan, slice: &Slice, site: Site) -> Fault {
    Fault::error(
        "no-cell",
        format!("no cell lies in {}", slice.text(plan.dimensions())),
        site,
        "selects nothing",
    )
    .help("the cell table has no row for it: add one, or choose another slice")
    .of_cells()
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
        if hold.lapsed {
            continue;
        }
        let value = |bound: &Expression| bound.value(plan, group, MeasureOf::Amount);
        let (min, max) = (hold.min.as_ref().map(value), hold.max.as_ref().map(value));
        if let (Some(min), Some(max)) = (&min, &max)
            && min > max
        {
            let fault = Fault::error(
                "hold-bounds",
                format!("hold `{}` asks for at least {min} and at most {max}", hold.id),
                site("at-least"),
                "this floor",
            )
            .also(site("at-most"), "this ceiling")
            .help(format!("raise `at-most` to {min}, or lower `at-least` to {max}"));
            let rests = rests_on_cells([&hold.min, &hold.max]);
            faults.push(if rests { fault.of_cells() } else { fault });
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
    let (column, label, what) = cause(plan.cell(*group.cells.first()?));
    (!kept).then(|| {
        Fault::error(
            "hold-on-fixed",
            format!("a hold asks for another level than {level}, where its fixed lines stand"),
            site,
            "every line below this hold is fixed",
        )
        .also(line(plan, &group.cells, column), label)
        .help(format!("{what}, so that the line can move, or hold it at {level}"))
        .of_cells()
    })
}
