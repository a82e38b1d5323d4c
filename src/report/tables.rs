//! The tables of a solved plan.

use super::approvals::Approvals;
use super::summary::provenance_note;
use super::table::{Column, RowKind, Table, Unit, Value};
use crate::explain::{self, Price, Reach};
use crate::plan::{Axis, Group, MeasureOf, Measured, Plan, Reading, ReadingKind, Sense, Slice};
use crate::solve::Allocation;
use crate::units::{Amount, CellId, grouped};

/// The axes that `by` names, or all leaves: the single cells.
fn axes(plan: &Plan, by: &[Axis]) -> Vec<Axis> {
    if by.is_empty() { plan.leaf_axes() } else { by.to_vec() }
}

pub(super) fn key_columns(plan: &Plan, axes: &[Axis]) -> Vec<Column> {
    let column = |axis: &Axis| {
        let dimension = &plan.dimensions()[axis.dimension];
        Column::key(dimension.id().as_str(), dimension.title())
    };
    axes.iter().map(column).collect()
}

pub(super) fn key_values(plan: &Plan, axes: &[Axis], group: &Group) -> Vec<Value> {
    let ids = axes.iter().zip(&group.key).map(|(axis, member)| {
        let id = &plan.dimensions()[axis.dimension].member(*member).id;
        Value::Text(id.to_string())
    });
    ids.collect()
}

/// `part / whole`, or nothing where the whole is zero.
pub(super) fn ratio(part: &Amount, whole: &Amount) -> Value {
    if whole.is_zero() { Value::Empty } else { Value::Number(part / &whole.abs()) }
}

/// What is asked, allocated and changed, by cell or by the combinations of `by`.
pub fn allocation(plan: &Plan, allocation: &Allocation, by: &[Axis]) -> Table {
    let axes = axes(plan, by);
    let money = || Unit::Money(plan.unit());
    let mut columns = key_columns(plan, &axes);
    columns.extend([
        Column::figure("baseline", "Baseline", money()),
        Column::figure("need", "Need", money()),
        Column::figure("allocation", "Allocation", money()),
        Column::change("change", "Change", money()),
        Column::change("change_pct", "%", Unit::Percent),
        Column::note("stopped_by", "Stopped by"),
        Column::note("provenance", "Baseline is"),
    ]);
    let mut table = Table::new("allocation", "Allocation", columns);
    let all = Slice::all(plan.dimensions().len());
    for group in plan.groups(&all, &axes) {
        let mut values = key_values(plan, &axes, &group);
        values.extend(figures(plan, allocation, &group.cells));
        values.push(Value::text(explain::stopped_by(plan, allocation, &group.cells).join(", ")));
        values.push(provenance(plan, &axes, &group));
        table.push(RowKind::Body, values);
    }
    let cells = plan.select(&all);
    let mut values = vec![Value::Empty; axes.len()];
    if let Some(first) = values.first_mut() {
        *first = Value::text("Total");
    }
    values.extend(figures(plan, allocation, &cells));
    values.push(Value::Empty);
    values.push(Value::text(plan.provenance(&all, &cells).word()));
    table.push(RowKind::Total, values);
    table.notes.push(provenance_note(plan, allocation));
    table
}

/// A group that is one whole slice may be a controlled total.
fn provenance(plan: &Plan, axes: &[Axis], group: &Group) -> Value {
    let mut slice = group.slice.clone();
    for axis in axes {
        let only = plan.dimensions()[axis.dimension].leaves().count() == 1;
        if only {
            slice = slice.with(axis.dimension, None);
        }
    }
    Value::text(plan.provenance(&slice, &group.cells).word())
}

fn figures(plan: &Plan, allocation: &Allocation, cells: &[CellId]) -> Vec<Value> {
    let baseline: Amount = cells.iter().map(|cell| &plan.cell(*cell).baseline).sum();
    let mut needs = cells.iter().filter_map(|cell| plan.cell(*cell).need.as_ref()).peekable();
    let need = if needs.peek().is_some() { Some(needs.sum::<Amount>()) } else { None };
    let amount: Amount = cells.iter().map(|cell| allocation.amount(plan, *cell)).sum();
    let change = &amount - &baseline;
    vec![
        Value::Number(baseline.clone()),
        Value::maybe(need),
        Value::Number(amount),
        Value::Number(change.clone()),
        ratio(&change, &baseline),
    ]
}

/// What each limit adds to the change of each cell or combination.
pub fn contributions(plan: &Plan, allocation: &Allocation, by: &[Axis]) -> Table {
    let axes = axes(plan, by);
    let mut columns = key_columns(plan, &axes);
    columns.extend([
        Column::note("by", "By"),
        Column::change("money", "Adds", Unit::Money(plan.unit())),
        Column::change("percent", "%", Unit::Percent),
        Column::note("authority", "Authority"),
    ]);
    let mut table = Table::new("contributions", "What each limit adds to the change", columns);
    let mut add = |kind: RowKind, keys: &[Value], cells: &[CellId]| {
        let baseline: Amount = cells.iter().map(|cell| &plan.cell(*cell).baseline).sum();
        for part in explain::contributions(plan, allocation, cells) {
            let mut values = keys.to_vec();
            values.push(Value::text(part.by.text()));
            values.push(Value::Number(part.money.clone()));
            values.push(ratio(&part.money, &baseline));
            values.push(Value::maybe_text(part.by.authority(plan)));
            table.push(kind, values);
        }
    };
    let all = Slice::all(plan.dimensions().len());
    for group in plan.groups(&all, &axes) {
        add(RowKind::Body, &key_values(plan, &axes, &group), &group.cells);
    }
    let mut keys = vec![Value::Empty; axes.len()];
    if let Some(first) = keys.first_mut() {
        *first = Value::text("Total");
    }
    add(RowKind::Total, &keys, &plan.select(&all));
    table.notes.push(provenance_note(plan, allocation));
    if allocation.chosen {
        table.notes.push(
            "several splits into pressures exist; the one with the least sum of squares is shown"
                .into(),
        );
    }
    table
}

/// Every limit, hold and balance, where the allocation stands against it, and its pressure.
pub fn limits(plan: &Plan, allocation: &Allocation) -> Table {
    limits_priced(plan, allocation, &[])
}

/// The same with what the limits are worth that have a price.
pub fn limits_priced(plan: &Plan, allocation: &Allocation, prices: &[Price]) -> Table {
    let money = || Unit::Money(plan.unit());
    let columns = vec![
        Column::key("id", "Limit"),
        Column::key("member", "Member"),
        Column::note("measure", "Of"),
        Column::note("sense", ""),
        Column::figure("bound", "Bound", Unit::None),
        Column::figure("level", "Level", Unit::None),
        Column::figure("slack", "Slack", money()),
        Column::note("binding", "Binding"),
        Column::change("pressure", "Pressure", Unit::Percent),
        Column::figure("price", "Price", Unit::None),
        Column::note("price_unit", "Price in"),
        Column::change("price_step", "Step", Unit::None),
        Column::figure("valid_to", "Valid to", Unit::None),
        Column::note("authority", "Authority"),
        Column::note("approval", "Approval by"),
    ];
    let mut table = Table::new("limits", "Limits", columns);
    let approvals = Approvals::new(plan, allocation);
    for reading in &allocation.readings {
        let key = reading.key();
        let price = prices.iter().find(|price| price.reading.key() == key);
        let mut row = limit_row(plan, allocation, reading, price);
        row.push(Value::text(approvals.of(reading).unwrap_or_default()));
        table.push(RowKind::Body, row);
    }
    for (limit, member, net, body) in approvals.reported {
        let mut row = vec![Value::Empty; table.columns.len()];
        row[0] = Value::text(limit.id.to_string());
        row[1] = Value::text(member);
        row[2] = Value::text(match limit.measure {
            MeasureOf::Amount => "move".into(),
            measure => format!("{} move", plan.measure_text(measure)),
        });
        row[5] = Value::Number(net);
        row[7] = Value::Flag(false);
        row[13] = Value::text(limit.authority.clone().unwrap_or_default());
        row[14] = Value::text(body);
        table.push(RowKind::Body, row);
    }
    let lapsed = plan.holds().iter().filter(|hold| hold.lapsed);
    table.notes.extend(lapsed.map(|hold| {
        let until = hold.until.as_deref().unwrap_or_default();
        format!("hold `{}` lapsed on {until} and is not applied", hold.id)
    }));
    table.notes.extend(allocation.relaxed.iter().map(|origin| {
        let text = explain::origin_text(origin);
        format!("`{text}` is no whole number of quanta: it is kept to less than one quantum")
    }));
    table.notes.push(provenance_note(plan, allocation));
    table
}

fn limit_row(
    plan: &Plan,
    allocation: &Allocation,
    reading: &Reading,
    price: Option<&Price>,
) -> Vec<Value> {
    let pressure = pressure(allocation, reading);
    let binding = pressure.is_some() || !reading.slack.is_positive();
    let of = |amount: &Amount| match reading.measured {
        measured if measured.is_share() => Value::Share(amount.clone()),
        _ => Value::Number(amount.clone()),
    };
    let authority = reading.authority.clone().or_else(|| match reading.kind {
        ReadingKind::Hold => Some("planner's hold".into()),
        ReadingKind::Transfer => Some("transfer of this scenario".into()),
        _ => Some("no authority stated".into()),
    });
    let [worth, unit, step, valid_to] = price.map_or_else(
        || [Value::Empty, Value::Empty, Value::Empty, Value::Empty],
        |price| priced(plan, price),
    );
    vec![
        Value::text(reading.id.to_string()),
        Value::text(reading.member.clone()),
        Value::text(measure_text(plan, reading)),
        Value::text(reading.sense.sign()),
        of(&reading.bound),
        of(&reading.level),
        Value::Number(reading.slack.clone()),
        Value::Flag(binding),
        Value::maybe(pressure),
        worth,
        unit,
        step,
        valid_to,
        Value::maybe_text(authority),
    ]
}

/// What relaxing a limit is worth, by its unit: above zero where it helps; the step that was solved
/// again, and up to which bound further steps do the same. Shares are counted in percent points.
fn priced(plan: &Plan, price: &Price) -> [Value; 4] {
    let own = &price.reading;
    let share = own.measured.is_share();
    let of = |value: &Amount| {
        if share { Value::Share(value.clone()) } else { Value::Number(value.clone()) }
    };
    let step = &price.relaxed;
    let Ok(effect) = &step.found else {
        return [Value::Empty, Value::text("no step is possible"), of(&step.by), Value::Empty];
    };
    let stage = effect.first_gain().map_or("distance", |gain| gain.stage.as_str());
    let unit = match (share, own.measure) {
        (true, _) => "point".into(),
        (false, MeasureOf::Weighted(place)) if plan.measures()[place].unit != "plan" => {
            plan.measures()[place].unit.clone()
        }
        _ if own.measured == Measured::Ratio => "1".into(),
        _ => plan.unit(),
    };
    let hundred = Amount::whole(if share { 100 } else { 1 });
    let rate = step.rate().map(|rate| &rate / &hundred);
    let valid_to = match &step.reach {
        Reach::UpTo(to) => of(to),
        Reach::NoEnd | Reach::Short(_) | Reach::Unknown => Value::Empty,
    };
    [Value::maybe(rate), Value::text(format!("{stage} per {unit}")), of(&step.by), valid_to]
}

/// What relaxing a limit is worth, as a figure, and in which unit at which step.
pub fn price_words(plan: &Plan, price: &Price) -> (String, String) {
    let shown = |value: &Amount| {
        let places = (0..=3).find(|places| {
            let shown = Amount::parse(&value.to_decimal(*places));
            shown.is_ok_and(|shown| shown == *value)
        });
        grouped(value, places.unwrap_or(3))
    };
    let [rate, unit, step, _] = priced(plan, price);
    let text = |value: &Value| match value {
        Value::Number(value) => shown(value),
        Value::Share(value) => format!("{} points", shown(&(value * &Amount::whole(100)))),
        Value::Text(text) => text.clone(),
        _ => String::new(),
    };
    match rate {
        Value::Number(_) => {
            let words =
                format!("price: {} {}, at a step of {}", text(&rate), text(&unit), text(&step));
            (text(&rate), words)
        }
        _ => ("–".into(), text(&unit)),
    }
}

/// What a limit bounds: `amount`, `share`, `posts`, `posts step`.
fn measure_text(plan: &Plan, reading: &Reading) -> String {
    let word = reading.measured.word();
    match (reading.measure, word) {
        (MeasureOf::Amount, "") => "amount".into(),
        (MeasureOf::Amount, word) => word.into(),
        (measure, "") => plan.measure_text(measure),
        (measure, word) => format!("{} {word}", plan.measure_text(measure)),
    }
}

fn pressure(allocation: &Allocation, reading: &Reading) -> Option<Amount> {
    let find = |up| explain::pressure(allocation, reading.kind, &reading.id, &reading.member, up);
    match reading.sense {
        Sense::Floor => find(true),
        Sense::Ceiling => find(false),
        Sense::Equal => find(true).or_else(|| find(false)),
    }
}
