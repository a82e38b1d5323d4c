//! The bridge between two scenarios as a table.

use super::table::{Column, RowKind, Table, Unit, Value};
use crate::explain::{Bridge, Difference, Method, Step};
use crate::plan::{Axis, Plan};
use crate::units::Amount;

/// What each change adds to the totals, or to the lines of `axes`; each block ends with its total.
/// The first row is where the bridge begins, and the last where it ends.
pub fn bridge(plan: &Plan, axes: &[Axis], names: [&str; 2], bridge: &Bridge) -> Table {
    let money = || Unit::Money(plan.unit());
    let mut columns = vec![Column::key("step", "Step"), Column::key("change", "Change")];
    columns.extend(axes.iter().map(|axis| {
        let dimension = &plan.dimensions()[axis.dimension];
        Column::key(dimension.id().as_str(), dimension.title())
    }));
    columns.extend([
        Column::change("baseline", "Baseline", money()),
        Column::change("revenue", "Revenue", money()),
        Column::change("allocation", "Allocation", money()),
        Column::figure("after", "Stands at", money()),
        Column::note("reason", "Reason"),
        Column::note("origin", "Stated at"),
        Column::note("note", "Note"),
    ]);
    let title = match bridge.method {
        Method::InOrder => "Bridge, change by change",
        Method::Shapley { .. } => "Bridge, mean over the orders of the changes",
    };
    let mut table = Table::new("bridge", format!("{title}: {} to {}", names[0], names[1]), columns);
    let stands = bridge.lines.iter().map(|key| bridge.start.lines.get(key));
    let stands = stands.map(|own| own.map_or(Amount::ZERO, |(_, amount)| amount.clone()));
    let stands = stands.collect();
    let mut writer = Writer { table: &mut table, bridge, width: axes.len(), stands };
    writer.start(names[0]);
    let mut number = 0;
    for step in &bridge.steps {
        writer.step(&mut number, step);
    }
    writer.end(names[1]);
    table.notes = notes(bridge);
    table
}

struct Writer<'a> {
    table: &'a mut Table,
    bridge: &'a Bridge,
    width: usize,
    /// Where each line stands after the steps that are written.
    stands: Vec<Amount>,
}

impl Writer<'_> {
    /// Where the bridge begins: one row without lines, one a line with them.
    fn start(&mut self, name: &str) {
        for (line, key) in self.keys().iter().enumerate() {
            let ids = key.iter().map(|id| Value::text(id.as_str())).collect();
            let after = self.stands[line].clone();
            self.row(RowKind::Body, ["0", name], ids, [const { Value::Empty }; 3], after);
        }
    }

    fn keys(&self) -> Vec<Vec<crate::units::Id>> {
        self.bridge.lines.clone()
    }

    fn step(&mut self, number: &mut usize, step: &Step) {
        let first = *number + 1;
        *number += step.changes.len();
        let place = if first == *number { first.to_string() } else { format!("{first}-{number}") };
        let texts: Vec<&str> = step.changes.iter().map(|own| own.change.as_str()).collect();
        let text = texts.join("; then ");
        let whole = self.width == 0;
        let mut written = 0;
        for (line, key) in self.keys().iter().enumerate() {
            let (baseline, amount) = &step.adds.lines[line];
            self.stands[line] += amount;
            if !whole && baseline.is_zero() && amount.is_zero() {
                continue;
            }
            let ids = key.iter().map(|id| Value::text(id.as_str())).collect();
            let revenue =
                if whole { Value::Number(step.adds.revenue.clone()) } else { Value::Empty };
            let figures = [Value::Number(baseline.clone()), revenue, Value::Number(amount.clone())];
            let after = self.stands[line].clone();
            self.row(RowKind::Body, [&place, &text], ids, figures, after);
            written += 1;
        }
        if !whole {
            let (baseline, amount) = sums(&step.adds);
            let figures = [baseline, step.adds.revenue.clone(), amount].map(Value::Number);
            let (ids, after) = (vec![Value::Empty; self.width], self.stands.iter().sum());
            self.row(RowKind::Total, [&place, &text], ids, figures, after);
            written += 1;
        }
        let rows = self.table.rows.len();
        for row in &mut self.table.rows[rows - written..] {
            remarks(step, &mut row.values);
        }
    }

    /// The whole difference, and where the bridge ends.
    fn end(&mut self, name: &str) {
        let all = self.bridge.end.above(&self.bridge.start, &self.bridge.lines);
        let (baseline, amount) = sums(&all);
        let after: Amount = self.bridge.end.lines.values().map(|(_, amount)| amount).sum();
        let figures = [baseline, all.revenue, amount].map(Value::Number);
        let ids = vec![Value::Empty; self.width];
        self.row(RowKind::Total, ["", name], ids, figures, after);
    }

    fn row(
        &mut self,
        kind: RowKind,
        [step, change]: [&str; 2],
        ids: Vec<Value>,
        figures: [Value; 3],
        after: Amount,
    ) {
        let mut values = vec![Value::text(step), Value::text(change)];
        values.extend(ids);
        values.extend(figures);
        values.push(Value::Number(after));
        values.extend([const { Value::Empty }; 3]);
        self.table.push(kind, values);
    }
}

/// The bridge for people: the reasons and places of its changes in a table of their own.
pub fn apart(mut table: Table, bridge: &Bridge) -> [Table; 2] {
    let mut changes = Table::new(
        "changes",
        "Changes on the way",
        vec![
            Column::key("step", "Step"),
            Column::note("change", "Change"),
            Column::note("reason", "Reason"),
            Column::note("origin", "Stated at"),
        ],
    );
    for (place, own) in bridge.steps.iter().flat_map(|step| &step.changes).enumerate() {
        let texts =
            [own.change.clone(), own.reason.clone().unwrap_or_default(), own.origin.clone()];
        let values = std::iter::once((place + 1).to_string()).chain(texts).map(Value::text);
        changes.push(RowKind::Body, values.collect());
    }
    for id in ["reason", "origin", "note"] {
        table.drop_column(id);
    }
    [changes, table]
}

/// Bridges to several scenarios in one table: `to` is the number of the scenario that each leads to.
pub fn bridges(tables: Vec<(usize, Table)>) -> Option<Table> {
    let mut all: Option<Table> = None;
    for (to, mut table) in tables {
        table.columns.insert(0, Column::key("to", "To"));
        for row in &mut table.rows {
            row.values.insert(0, Value::text(to.to_string()));
        }
        match &mut all {
            None => all = Some(table),
            Some(all) => {
                all.rows.append(&mut table.rows);
                all.notes.append(&mut table.notes);
            }
        }
    }
    all
}

/// Why a step was made, where it is stated, and what stands against taking it apart.
fn remarks(step: &Step, values: &mut [Value]) {
    let join = |texts: Vec<String>| Value::text(texts.join("; "));
    let at = values.len() - 3;
    let reasons = step.changes.iter().filter_map(|own| own.reason.clone());
    values[at] = join(reasons.collect());
    values[at + 1] = join(step.changes.iter().map(|own| own.origin.clone()).collect());
    if let Some(why) = &step.why {
        values[at + 2] =
            Value::text(format!("one step: before its last change there is no answer ({why})"));
    }
}

fn sums(adds: &Difference) -> (Amount, Amount) {
    let baseline = adds.lines.iter().map(|(baseline, _)| baseline).sum();
    (baseline, adds.lines.iter().map(|(_, amount)| amount).sum())
}

fn notes(bridge: &Bridge) -> Vec<String> {
    let all = bridge.end.above(&bridge.start, &bridge.lines);
    let mut sum = Difference::none(bridge.lines.len());
    for step in &bridge.steps {
        sum.add(&step.adds, &Amount::ONE);
    }
    let lines = bridge.lines.len();
    let of = if lines == 1 { "in all".into() } else { format!("for each of {lines} lines") };
    let mut notes = vec![if sum == all {
        format!("checked: the steps add up to the difference, {of}")
    } else {
        format!("CHECK FAILED: the steps do not add up to the difference, {of}")
    }];
    let idle = bridge.steps.iter().filter(|step| step.adds.is_none()).count();
    if idle > 0 {
        let noun = if idle == 1 { "step moves" } else { "steps move" };
        let what = if lines == 1 { "total; --by shows what moves inside it" } else { "figure" };
        notes.push(format!("{idle} {noun} no {what}"));
    }
    let mut number = 0;
    for step in &bridge.steps {
        let first = number + 1;
        number += step.changes.len();
        if let Some(why) = &step.why {
            notes.push(format!(
                "steps {first} to {number} are taken as one: before the last of them there is no answer \
                 ({why})"
            ));
        }
    }
    if let Method::Shapley { orders, left_out } = bridge.method {
        let mut text = format!(
            "each change counts with the mean of what it adds over {orders} orders of the changes, in \
             whole figures that add up"
        );
        if left_out > 0 {
            let (orders, pass) =
                if left_out == 1 { ("order", "passes") } else { ("orders", "pass") };
            text += &format!(
                "; {left_out} more {orders} {pass} through a scenario without an answer, and did not count"
            );
        }
        notes.push(text);
    }
    notes
}
