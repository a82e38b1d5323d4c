//! The form of Decision 5's Annex 1.

use super::revenue::published;
use super::summary::provenance_note;
use super::table::{Column, RowKind, Table, Unit, Value};
use crate::plan::{Axis, ControlOf, Level, Plan, Slice};
use crate::solve::Allocation;
use crate::units::{Amount, CellId, MemberId};

/// Revenue and expenses by period, and expenses by category: what was, what is allocated, and how
/// far that is from a stated (adopted) total where there is one.
pub fn annex1(plan: &Plan, allocation: &Allocation) -> Table {
    let periods = periods(plan);
    let money = || Unit::Money(plan.unit());
    let mut columns = vec![
        Column::key("section", "Section"),
        Column::key("code", "Code"),
        Column::key("line", "Line"),
        Column::figure("baseline", "Baseline", money()),
    ];
    let single = periods.len() == 1;
    for (_, id) in periods.iter().filter(|_| !single) {
        columns.push(Column::figure(id, id, money()));
    }
    columns.extend([
        Column::figure("allocation", "Allocation", money()),
        Column::change("change", "Change", money()),
        Column::figure("stated", "Stated", money()),
        Column::change("distance", "Distance", money()),
    ]);
    let mut form = Form { table: Table::new("annex1", "Revenue and expenses", columns), single };
    revenue(plan, allocation, &periods, &mut form);
    expenses(plan, allocation, &periods, &mut form);
    form.table.notes.push(
        "distance: the allocation less the stated total (an adopted figure, where its control says so)"
            .into(),
    );
    form.table.notes.push(provenance_note(plan, allocation));
    form.table
}

struct Form {
    table: Table,
    single: bool,
}

impl Form {
    fn push(
        &mut self,
        kind: RowKind,
        [section, code, line]: [&str; 3],
        baseline: Option<Amount>,
        amounts: &[Amount],
        stated: Option<Amount>,
    ) {
        let total: Amount = amounts.iter().sum();
        let mut values = vec![
            Value::text(section),
            Value::text(code),
            Value::text(line),
            Value::maybe(baseline.clone()),
        ];
        if !self.single {
            values.extend(amounts.iter().cloned().map(Value::Number));
        }
        values.push(Value::Number(total.clone()));
        values.push(Value::maybe(baseline.map(|baseline| &total - &baseline)));
        values.push(Value::maybe(stated.clone()));
        values.push(Value::maybe(stated.map(|stated| &total - &stated)));
        self.table.push(kind, values);
    }
}

/// The members of the top level of time, with their ids; one without a member where there is none.
fn periods(plan: &Plan) -> Vec<(Option<MemberId>, String)> {
    match plan.time() {
        None => vec![(None, "allocation".into())],
        Some(time) => {
            let dimension = &plan.dimensions()[time];
            let top = dimension.at(Level::Depth(0));
            top.into_iter().map(|m| (Some(m), dimension.member(m).id.to_string())).collect()
        }
    }
}

fn revenue(
    plan: &Plan,
    allocation: &Allocation,
    periods: &[(Option<MemberId>, String)],
    form: &mut Form,
) {
    let mut totals = vec![Amount::ZERO; periods.len()];
    for (place, line) in plan.revenue().iter().enumerate() {
        let amount = |period: Option<MemberId>| -> Amount {
            let entries = line.entries.iter().enumerate();
            let inside = entries.filter(|(_, entry)| match (entry.at, period, plan.time()) {
                (Some(at), Some(period), Some(time)) => plan.lies_under(time, at, period),
                _ => true,
            });
            inside.filter_map(|(entry, _)| published(plan, allocation, place, entry)).sum()
        };
        let amounts: Vec<Amount> = periods.iter().map(|(member, _)| amount(*member)).collect();
        for (total, amount) in totals.iter_mut().zip(&amounts) {
            *total += amount;
        }
        let keys = ["revenue", line.id.as_str(), line.title.as_str()];
        form.push(RowKind::Body, keys, line.baseline.clone(), &amounts, None);
    }
    if !plan.revenue().is_empty() {
        let baseline =
            plan.revenue().iter().filter_map(|line| line.baseline.clone()).reduce(|a, b| a + b);
        let stated = plan.controls().iter().find(|c| c.of == ControlOf::Revenue && c.on.is_all());
        let stated = stated.map(|control| control.equals.clone());
        form.push(RowKind::Total, ["revenue", "", "Total revenue"], baseline, &totals, stated);
    }
}

fn expenses(
    plan: &Plan,
    allocation: &Allocation,
    periods: &[(Option<MemberId>, String)],
    form: &mut Form,
) {
    let all = Slice::all(plan.dimensions().len());
    let mut totals = vec![Amount::ZERO; periods.len()];
    let mut whole = Amount::ZERO;
    let axis = category(plan);
    for group in axis.map(|axis| plan.groups(&all, &[axis])).unwrap_or_default() {
        let Some(axis) = axis else { continue };
        let member = plan.dimensions()[axis.dimension].member(group.key[0]);
        let baseline: Amount = group.cells.iter().map(|id| &plan.cell(*id).baseline).sum();
        let amounts: Vec<Amount> = periods
            .iter()
            .map(|(period, _)| spent(plan, allocation, &group.cells, *period))
            .collect();
        for (total, amount) in totals.iter_mut().zip(&amounts) {
            *total += amount;
        }
        whole += &baseline;
        let keys = ["expenses", member.id.as_str(), member.title.as_str()];
        let stated = stated(plan, &group.slice);
        form.push(RowKind::Body, keys, Some(baseline), &amounts, stated);
    }
    let keys = ["expenses", "", "Total expenses"];
    form.push(RowKind::Total, keys, Some(whole), &totals, stated(plan, &all));
}

fn spent(
    plan: &Plan,
    allocation: &Allocation,
    cells: &[CellId],
    period: Option<MemberId>,
) -> Amount {
    let inside = |id: &&CellId| match (period, plan.time()) {
        (Some(period), Some(time)) => plan.lies_under(time, plan.cell(**id).members[time], period),
        _ => true,
    };
    cells.iter().filter(inside).map(|id| allocation.amount(plan, *id)).sum()
}

fn stated(plan: &Plan, slice: &Slice) -> Option<Amount> {
    let mut controls = plan.controls().iter().filter(|c| c.of == ControlOf::Allocation);
    controls.find(|control| control.on == *slice).map(|control| control.equals.clone())
}

/// The dimension called `category`, else the last one that is not time.
fn category(plan: &Plan) -> Option<Axis> {
    let named = plan.dimensions().iter().position(|dimension| *dimension.id() == *"category");
    let last = plan.dimensions().iter().rposition(|dimension| !dimension.is_time());
    named.or(last).map(|dimension| Axis { dimension, level: Level::Leaves })
}
