//! The table of revenue.

use super::table::{Column, RowKind, Table, Unit, Value};
use crate::plan::{Plan, Provenance, RevenueLine};
use crate::solve::Allocation;
use crate::units::Amount;

/// Where the money comes from, by line and time member, and what rounding left over.
pub fn revenue(plan: &Plan, allocation: &Allocation) -> Table {
    let money = || Unit::Money(plan.unit());
    let columns = vec![
        Column::key("id", "Line"),
        Column::key("title", "Revenue"),
        Column::key("period", "Period"),
        Column::figure("baseline", "Baseline", money()),
        Column::figure("amount", "Amount", money()),
        Column::figure("min", "At least", money()),
        Column::figure("max", "At most", money()),
        Column::figure("prefer", "Prefers", money()),
        Column::note("provenance", "Provenance"),
    ];
    let mut table = Table::new("revenue", "Revenue", columns);
    let mut total = Amount::ZERO;
    let mut weakest = Provenance::Confirmed;
    for (place, line) in plan.revenue().iter().enumerate() {
        for (entry, stated) in line.entries.iter().enumerate() {
            let amount = published(plan, allocation, place, entry).unwrap_or_default();
            total += &amount;
            weakest = weakest.and(line.provenance);
            let open = |amount: &Amount| Value::maybe(stated.is_decision().then(|| amount.clone()));
            table.push(
                RowKind::Body,
                vec![
                    Value::text(line.id.to_string()),
                    Value::text(line.title.clone()),
                    Value::text(plan.entry_time(stated)),
                    Value::maybe(line.baseline.clone().filter(|_| entry == 0)),
                    Value::Number(amount),
                    open(&stated.min),
                    open(&stated.max),
                    open(&stated.prefer),
                    Value::text(line.provenance.word()),
                ],
            );
        }
    }
    table.push(RowKind::Total, total_row(plan, total, weakest));
    for period in &allocation.revenue {
        if !period.remainder.is_zero() {
            table.notes.push(format!(
                "the exact revenue is {} {} more than what is published",
                crate::units::grouped(&period.remainder, 2),
                plan.unit()
            ));
        }
    }
    table.notes.push(revenue_note(plan, allocation));
    table
}

fn total_row(plan: &Plan, total: Amount, weakest: Provenance) -> Vec<Value> {
    let baseline = plan.revenue().iter().filter_map(|line| line.baseline.as_ref());
    let mut values = vec![Value::Empty; 9];
    values[1] = Value::text("Total");
    values[3] = Value::maybe(baseline.cloned().reduce(|a, b| a + b));
    values[4] = Value::Number(total);
    values[8] = Value::text(weakest.word());
    values
}

fn revenue_note(plan: &Plan, allocation: &Allocation) -> String {
    let of = |wanted: Provenance| -> Amount {
        let lines = plan.revenue().iter().enumerate();
        let matching = lines.filter(|(_, line)| line.provenance == wanted);
        matching.map(|(place, line)| line_total(plan, allocation, place, line)).sum()
    };
    let parts = Provenance::ALL.iter().map(|word| (*word, of(*word)));
    format!("revenue rests on: {}", super::summary::parts(parts, &plan.unit()))
}

pub(super) fn line_total(
    plan: &Plan,
    allocation: &Allocation,
    place: usize,
    line: &RevenueLine,
) -> Amount {
    let entries = 0..line.entries.len();
    entries.filter_map(|entry| published(plan, allocation, place, entry)).sum()
}

/// What an entry of a revenue line brings, published.
pub(super) fn published(
    plan: &Plan,
    allocation: &Allocation,
    line: usize,
    entry: usize,
) -> Option<Amount> {
    allocation.periods.iter().zip(&allocation.revenue).find_map(|(period, revenue)| {
        let place = period.entries.iter().position(|known| *known == (line, entry))?;
        Some(plan.quantum().amount(revenue.published[place]))
    })
}
