//! The schedule of virements as tables.

use serde_json::{Value as Json, json};

use super::json::rows;
use super::result::Identity;
use super::table::{Column, RowKind, Table, Unit, Value};
use crate::explain::{Asked, End, Schedule, Transfer, asked};
use crate::plan::{Axis, MeasureOf, Plan};
use crate::solve::Allocation;
use crate::units::{Amount, grouped};

/// How tables name the total of the plan as an end of a transfer.
const TOTAL: &str = "the total";

/// Who gives how much to whom, near lines first, with the approvals that limits ask for.
pub fn transfers(
    plan: &Plan,
    allocation: &Allocation,
    axes: &[Axis],
    schedule: &Schedule,
) -> Table {
    let approvals = asked(plan, allocation);
    let mut table = Table::new(
        "transfers",
        "Transfers from the baseline to the allocation",
        vec![
            Column::key("from", "From"),
            Column::key("to", "To"),
            Column::figure("amount", "Amount", Unit::Money(plan.unit())),
            Column::note("crosses", "Crosses"),
            Column::note("approval", "Approval by"),
            Column::note("limit", "Asked by"),
            Column::note("authority", "Authority"),
        ],
    );
    for own in &schedule.transfers {
        let crosses = own.crosses.map(|crosses| schedule.closeness.text(plan, crosses));
        let counted: Vec<&Asked> =
            approvals.iter().filter(|asked| asked.counts(schedule, own)).collect();
        let joined = |of: &dyn Fn(&Asked) -> Option<String>| {
            let mut texts: Vec<String> = counted.iter().filter_map(|asked| of(asked)).collect();
            let mut seen = std::collections::HashSet::new();
            texts.retain(|text| seen.insert(text.clone()));
            Value::text(texts.join("; "))
        };
        let values = vec![
            Value::text(end_text(plan, axes, schedule, own.from)),
            Value::text(end_text(plan, axes, schedule, own.to)),
            Value::Number(own.amount.clone()),
            Value::text(crosses.unwrap_or_else(|| TOTAL.into())),
            joined(&|asked| Some(asked.body.clone())),
            joined(&|asked| Some(origin(asked))),
            joined(&|asked| asked.authority.clone()),
        ];
        table.push(RowKind::Body, values);
    }
    sums(&mut table, schedule);
    table.notes = notes(plan, schedule);
    table
}

fn origin(asked: &Asked) -> String {
    let member = Some(&asked.member).filter(|member| !member.is_empty());
    member.map_or(asked.limit.to_string(), |member| format!("{}[{member}]", asked.limit))
}

fn end_text(plan: &Plan, axes: &[Axis], schedule: &Schedule, end: End) -> String {
    let End::Line(line) = end else { return TOTAL.into() };
    line_text(plan, axes, schedule, line)
}

fn line_text(plan: &Plan, axes: &[Axis], schedule: &Schedule, line: usize) -> String {
    let members = axes.iter().zip(&schedule.lines[line].key);
    let ids = members.map(|(axis, id)| plan.dimensions()[axis.dimension].member(*id).id.as_str());
    ids.collect::<Vec<_>>().join("/")
}

/// What moves between lines, what goes back to the total and comes from it, and what that leaves.
fn sums(table: &mut Table, schedule: &Schedule) {
    let all: Amount = schedule.transfers.iter().map(|own| &own.amount).sum();
    let (back, received) = schedule.total();
    let between = &(&all - &back) - &received;
    let mut push = |text: &str, amount: Amount| {
        let mut values = vec![Value::Empty; table.columns.len()];
        values[0] = Value::text(text);
        values[2] = Value::Number(amount);
        table.push(RowKind::Total, values);
    };
    push("Between lines", between);
    push("Received from the total", received.clone());
    push("Given back to the total", back.clone());
    push("Change of the total", &received - &back);
}

fn notes(plan: &Plan, schedule: &Schedule) -> Vec<String> {
    let names: Vec<String> = schedule
        .closeness
        .order()
        .iter()
        .map(|d| format!("within one {}", plan.dimensions()[*d].id()))
        .collect();
    let mut notes = Vec::new();
    if !names.is_empty() {
        notes.push(format!("where it can, money stays {}", names.join(", then ")));
    }
    notes.push(proven(schedule));
    let right = |(_, gives, receives, change): &(usize, Amount, Amount, &Amount)| {
        receives - gives == **change
    };
    let count = lines(schedule).filter(right).count();
    let all = counted(schedule.lines.len(), "line", "lines");
    let checked = match schedule.lines.len() - count {
        0 => format!("all {all} change"),
        wrong => format!("all but {wrong} of {all} change"),
    };
    let change: Amount = schedule.lines.iter().map(|line| &line.change).sum();
    let (back, received) = schedule.total();
    let sign = if change.is_positive() { "+" } else { "" };
    let figure = grouped(&change, if change.is_whole() { 0 } else { 2 });
    let same = if &received - &back == change { "as the total" } else { "and the total does NOT" };
    notes.push(format!(
        "sums checked: {checked} by what they receive less what they give; in all by {sign}{figure} {}, \
         {same}",
        plan.unit(),
    ));
    let total = |own: &Transfer| own.from == End::Total || own.to == End::Total;
    if schedule.transfers.iter().any(total) {
        notes.push(format!(
            "{TOTAL} is the whole plan: a fall is given back to it, a rise is received from it"
        ));
    }
    notes
}

/// `1 line`, `12 lines`.
fn counted(number: usize, one: &str, many: &str) -> String {
    let shown = grouped(&Amount::whole(i64::try_from(number).unwrap_or(i64::MAX)), 0);
    format!("{shown} {}", if number == 1 { one } else { many })
}

/// How many transfers there are, and what is proven of them.
fn proven(schedule: &Schedule) -> String {
    let number = schedule.transfers.len();
    if number == 0 {
        return "nothing is transferred: every line keeps its baseline".into();
    }
    let least = counted(schedule.least, "transfer", "transfers");
    let count = counted(number, "transfer", "transfers");
    match (schedule.cheapest, schedule.fewest()) {
        (true, true) => format!(
            "{count}; no other list keeps money nearer, and none that keeps it as near is shorter \
             (proven)"
        ),
        (true, false) => format!(
            "{count}; no other list keeps money nearer (proven); a shorter one may keep it as near, but \
             it takes at least {least} (proven)"
        ),
        (false, _) => format!(
            "{count}, near lines first; there are too many lines to prove that no other list keeps \
             money nearer; any list takes at least {least} (proven)"
        ),
    }
}

/// Each line with what it gives, receives, and changes by.
fn lines(schedule: &Schedule) -> impl Iterator<Item = (usize, Amount, Amount, &Amount)> {
    let mut sums = vec![(Amount::ZERO, Amount::ZERO); schedule.lines.len()];
    for Transfer { from, to, amount, .. } in &schedule.transfers {
        if let End::Line(line) = from {
            sums[*line].0 += amount;
        }
        if let End::Line(line) = to {
            sums[*line].1 += amount;
        }
    }
    let lines = schedule.lines.iter().zip(sums).enumerate();
    lines.map(|(place, (line, (gives, receives)))| (place, gives, receives, &line.change))
}

/// How much moves how far.
pub fn reach(plan: &Plan, schedule: &Schedule) -> Table {
    let columns = vec![
        Column::key("crosses", "Crosses"),
        Column::figure("transfers", "Transfers", Unit::None),
        Column::figure("amount", "Amount", Unit::Money(plan.unit())),
    ];
    let mut table = Table::new("reach", "How far money moves", columns);
    let mut found: indexmap::IndexMap<String, (i64, Amount)> = indexmap::IndexMap::new();
    for own in &schedule.transfers {
        let crosses = own.crosses.map(|crosses| schedule.closeness.text(plan, crosses));
        let (count, amount) = found.entry(crosses.unwrap_or_else(|| TOTAL.into())).or_default();
        *count += 1;
        *amount += &own.amount;
    }
    for (crosses, (count, amount)) in found {
        let figures = [Amount::whole(count), amount].map(Value::Number);
        table.push(RowKind::Body, std::iter::once(Value::text(crosses)).chain(figures).collect());
    }
    table
}

/// What each line gives and receives, and the change that this adds up to.
pub fn movers(plan: &Plan, axes: &[Axis], schedule: &Schedule) -> Table {
    let money = || Unit::Money(plan.unit());
    let columns = vec![
        Column::key("line", "Line"),
        Column::figure("gives", "Gives", money()),
        Column::figure("receives", "Receives", money()),
        Column::change("change", "Change", money()),
    ];
    let mut table = Table::new("movers", "Who gives, who receives", columns);
    for (place, gives, receives, change) in lines(schedule) {
        let figures = [gives, receives, change.clone()].map(Value::Number);
        let key = Value::text(line_text(plan, axes, schedule, place));
        table.push(RowKind::Body, std::iter::once(key).chain(figures).collect());
    }
    table
}

/// The approvals that limits ask for, with the transfers that are a part of each move.
pub fn approvals(plan: &Plan, allocation: &Allocation, schedule: &Schedule) -> Table {
    let asked = asked(plan, allocation);
    let money = |own: &Asked| {
        let limit = plan.limits().iter().find(|limit| limit.id == own.limit);
        limit.is_some_and(|limit| limit.measure == MeasureOf::Amount)
    };
    let unit = if asked.iter().all(money) { Unit::Money(plan.unit()) } else { Unit::None };
    let columns = vec![
        Column::key("limit", "Limit"),
        Column::key("member", "Member"),
        Column::note("what", "What moves"),
        Column::change("moved", "Moved", unit),
        Column::note("approval", "Approval by"),
        Column::figure("transfers", "Transfers", Unit::None),
        Column::note("authority", "Authority"),
    ];
    let mut table = Table::new("approvals", "Approvals that these moves need", columns);
    let mut hidden = false;
    for own in asked {
        let count = schedule.transfers.iter().filter(|t| own.counts(schedule, t)).count();
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        hidden |= count == 0;
        let values = vec![
            Value::text(own.limit.as_str()),
            Value::text(own.member.clone()),
            Value::text(if own.turnover { "turnover" } else { "net move" }),
            Value::Number(own.moved.clone()),
            Value::text(own.body.clone()),
            Value::maybe((count > 0).then(|| Amount::whole(count))),
            Value::text(own.authority.clone().unwrap_or_else(|| "no authority stated".into())),
        ];
        table.push(RowKind::Body, values);
    }
    table.notes.push(
        "a net move below zero gives money away on balance, one above zero receives it; a turnover \
         is what changes place inside"
            .into(),
    );
    if hidden {
        table.notes.push(
            "a move without a number of transfers lies inside the lines of this list; a finer --by \
             shows the transfers that make it up"
                .into(),
        );
    }
    table
}

/// The schedule as one JSON object, `virement/transfers@1`.
pub fn transfers_json(
    plan: &Plan,
    allocation: &Allocation,
    axes: &[Axis],
    schedule: &Schedule,
    identity: &Identity,
) -> Json {
    let order: Vec<&str> =
        schedule.closeness.order().iter().map(|d| plan.dimensions()[*d].id().as_str()).collect();
    json!({
        "format": "virement/transfers@1",
        "scenario": identity.scenario,
        "hash": identity.hash,
        "currency": plan.currency(),
        "scale": plan.scale(),
        "order": order,
        "proof": {
            "nearest": schedule.cheapest,
            "fewest": schedule.fewest(),
            "transfers": schedule.transfers.len(),
            "least": schedule.least,
        },
        "transfers": rows(&transfers(plan, allocation, axes, schedule)),
        "lines": rows(&movers(plan, axes, schedule)),
        "approvals": rows(&approvals(plan, allocation, schedule)),
    })
}
