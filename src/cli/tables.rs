//! Which tables an answer is given in.

use super::args::TableName;
use crate::explain::{Footing, Freedom, Price};
use crate::plan::{Axis, Plan};
use crate::report::{self, Findings, Look, RowKind, Table, Value};
use crate::scenario::{axis_names, find_axis};
use crate::solve::{Allocation, BoundClash, Conflict, Outcome, Own};

/// Above this many cells, a screen shows totals by dimension rather than every cell.
pub(super) const MANY_CELLS: usize = 24;

/// The axes that `--by` names.
///
/// # Errors
///
/// A name that is neither a dimension nor a level, or a dimension named twice.
pub(super) fn axes(plan: &Plan, names: &[String]) -> Result<Vec<Axis>, String> {
    named_axes(plan, names, "--by")
}

/// The axes that a flag names.
///
/// # Errors
///
/// A name that is neither a dimension nor a level, or a dimension named twice.
pub(super) fn named_axes(plan: &Plan, names: &[String], flag: &str) -> Result<Vec<Axis>, String> {
    let mut found: Vec<Axis> = Vec::new();
    for name in names {
        let Some(axis) = find_axis(name.trim(), plan.dimensions()) else {
            let known = axis_names(plan.dimensions()).join(", ");
            return Err(format!(
                "{flag}: `{name}` is neither a dimension nor a level; there are {known}"
            ));
        };
        if found.iter().any(|known| known.dimension == axis.dimension) {
            return Err(format!("{flag}: `{name}` names a dimension that was named already"));
        }
        found.push(axis);
    }
    Ok(found)
}

/// The tables named, or the single `fallback`.
pub(super) fn named(
    plan: &Plan,
    allocation: &Allocation,
    names: &[TableName],
    by: &[Axis],
    prices: &[Price],
    fallback: TableName,
) -> Vec<Table> {
    let names = if names.is_empty() { &[fallback] } else { names };
    names
        .iter()
        .map(|name| match name {
            TableName::Allocation => report::allocation(plan, allocation, by),
            TableName::Limits => report::limits_priced(plan, allocation, prices),
            TableName::Revenue => report::revenue(plan, allocation),
            TableName::Stages => report::stages(plan, allocation),
            TableName::Linkage => report::linkage(plan, allocation),
            TableName::Conflict => report::no_conflict(),
            TableName::Repairs => report::repairs(plan, &[]),
            TableName::Annex1 => report::annex1(plan, allocation),
            TableName::Contributions => report::contributions(plan, allocation, by),
            TableName::Transfers => transfers(plan, allocation, by),
            TableName::Flex => flex(plan, allocation, by),
        })
        .collect()
}

/// How far each cell, or combination of `by`, could lie elsewhere; nothing where the exact answer is
/// not found again.
fn flex(plan: &Plan, allocation: &Allocation, by: &[Axis]) -> Table {
    let found = Footing::new(plan, allocation).and_then(|footing| {
        let freedom = Freedom::new(&footing, None)?;
        let slices = crate::explain::flex_slices(plan, by);
        Ok(crate::session::flexes(&footing, &freedom, &slices))
    });
    report::flex(plan, by, &found.unwrap_or_default())
}

/// The schedule of virements between cells, or between the combinations of `by`.
fn transfers(plan: &Plan, allocation: &Allocation, by: &[Axis]) -> Table {
    let axes = if by.is_empty() { plan.leaf_axes() } else { by.to_vec() };
    let schedule = crate::explain::transfers(plan, allocation, &axes, &[]);
    report::transfers(plan, allocation, &axes, &schedule)
}

/// The tables that were asked for, or the conflict and its repairs where there is no answer.
pub(super) fn asked(
    plan: &Plan,
    outcome: &Outcome,
    names: &[TableName],
    by: &[Axis],
    findings: Findings<'_>,
) -> Vec<Table> {
    match outcome {
        Outcome::Infeasible(conflict) => {
            let repairs = names.contains(&TableName::Repairs);
            let clash = !repairs || names.iter().any(|name| *name != TableName::Repairs);
            let mut tables = Vec::new();
            if clash {
                tables.push(report::conflict(plan, conflict));
            }
            if repairs {
                tables.push(report::repairs(plan, findings.mended));
            }
            tables
        }
        Outcome::Unbounded(_) | Outcome::Stopped(_) => Vec::new(),
        Outcome::Optimal(found) | Outcome::Unrounded(found, _) => {
            named(plan, found, names, by, findings.prices, TableName::Allocation)
        }
    }
}

/// The whole answer for a screen.
pub(super) fn screen(
    plan: &Plan,
    outcome: &Outcome,
    names: &[TableName],
    by: &[Axis],
    findings: Findings<'_>,
    look: Look,
) -> String {
    let mut text = String::new();
    for line in report::headline(plan, outcome) {
        text += &crate::units::display_safe(&line);
        text.push('\n');
    }
    let tables = match outcome {
        Outcome::Infeasible(conflict) if names.is_empty() => vec![short(plan, conflict)],
        Outcome::Infeasible(_) => asked(plan, outcome, names, by, findings),
        Outcome::Unbounded(_) | Outcome::Stopped(_) => Vec::new(),
        Outcome::Optimal(found) | Outcome::Unrounded(found, _) => {
            if names.is_empty() {
                overview(plan, found, by, findings.prices)
            } else {
                named(plan, found, names, by, findings.prices, TableName::Allocation)
            }
        }
    };
    text.push('\n');
    text += &report::draw(&tables, look);
    if let Outcome::Infeasible(_) = outcome
        && names.is_empty()
    {
        text.push('\n');
        for line in report::repairs_told(plan, (findings.mended, findings.stuck), false) {
            text += &crate::units::display_safe(&line);
            text.push('\n');
        }
    }
    if look.unicode { text } else { report::ascii(&text) }
}

/// How many lines of a conflict are shown that only keep their sign or stay as they are.
const FEW_LINES: usize = 6;

/// The conflict for a screen: many lines that only keep their sign are told by their number.
fn short(plan: &Plan, conflict: &Conflict) -> Table {
    let mut table = report::conflict(plan, conflict);
    let limits = conflict.parts.len();
    let own = |own: &&BoundClash| own.why != Own::Stated;
    if conflict.bounds.iter().filter(own).count() > FEW_LINES {
        let mut place = 0;
        table.rows.retain(|_| {
            place += 1;
            place <= limits || conflict.bounds[place - 1 - limits].why == Own::Stated
        });
        let told = crate::explain::tell(plan, conflict).bounds;
        table.notes.extend(told.into_iter().map(|text| format!("{text}.")));
    }
    table
}

/// What answers a planner's first questions: what moved, what holds it, where the money comes from.
fn overview(plan: &Plan, found: &Allocation, by: &[Axis], prices: &[Price]) -> Vec<Table> {
    let mut tables = Vec::new();
    if !by.is_empty() || plan.cells().len() <= MANY_CELLS {
        tables.push(report::allocation(plan, found, by));
    } else {
        for axis in plan.leaf_axes() {
            let dimension = &plan.dimensions()[axis.dimension];
            if dimension.leaves().count() > 1 {
                let mut table = report::allocation(plan, found, &[axis]);
                table.title = format!("Allocation by {}", dimension.title());
                tables.push(table);
            }
        }
    }
    let stated = plan.controls().iter().any(|c| c.of == crate::plan::ControlOf::Allocation);
    if stated && by.is_empty() {
        tables.push(report::annex1(plan, found));
    }
    tables.push(binding(report::limits_priced(plan, found, prices)));
    if !stated && !plan.revenue().is_empty() && by.is_empty() {
        tables.push(report::revenue(plan, found));
    }
    tables
}

/// Every table of an answer, the totals first: for a report or a workbook.
pub(super) fn whole(plan: &Plan, found: &Allocation, by: &[Axis]) -> Vec<Table> {
    let mut tables = Vec::new();
    let leaves = plan.leaf_axes();
    let several = |axis: &&Axis| plan.dimensions()[axis.dimension].leaves().count() > 1;
    let axes: Vec<Axis> = leaves.iter().filter(several).copied().collect();
    let groups: Vec<Vec<Axis>> = if by.is_empty() {
        axes.iter().map(|axis| vec![*axis]).collect()
    } else {
        vec![by.to_vec()]
    };
    let names = |axes: &[Axis]| -> String {
        let name = |axis: &Axis| plan.dimensions()[axis.dimension].title().to_string();
        axes.iter().map(name).collect::<Vec<_>>().join(", ")
    };
    for own in &groups {
        let mut table = report::allocation(plan, found, own);
        table.title = format!("Allocation by {}", names(own));
        tables.push(table);
    }
    if plan.controls().iter().any(|c| c.of == crate::plan::ControlOf::Allocation) {
        tables.push(report::annex1(plan, found));
    }
    tables.push(binding(report::limits(plan, found)));
    for own in &groups {
        let mut table = report::contributions(plan, found, own);
        table.title = format!("Reasons by {}: what each limit adds", names(own));
        tables.push(table);
    }
    tables.push(report::revenue(plan, found));
    let between: Vec<Axis> = if by.is_empty() {
        axes.iter().filter(|axis| Some(axis.dimension) != plan.time()).take(2).copied().collect()
    } else {
        by.to_vec()
    };
    let between = if between.is_empty() { leaves } else { between };
    let schedule = crate::explain::transfers(plan, found, &between, &[]);
    tables.push(report::transfers(plan, found, &between, &schedule));
    tables.push(report::approvals(plan, found, &schedule));
    tables.push(report::linkage(plan, found));
    tables.push(report::stages(plan, found));
    tables.push(report::limits(plan, found));
    tables.push(report::allocation(plan, found, &[]));
    tables.retain(|table| !table.rows.is_empty());
    tables
}

/// The limits that bind.
fn binding(mut table: Table) -> Table {
    let all = table.rows.len();
    let place = table.columns.iter().position(|column| column.id == "binding");
    if let Some(place) = place {
        table.rows.retain(|row| {
            row.kind != RowKind::Body || row.values.get(place) == Some(&Value::Flag(true))
        });
    }
    table.title = "Limits that bind".into();
    table
        .notes
        .insert(0, format!("{} of {all} limits bind; --table limits shows all", table.rows.len()));
    table
}
