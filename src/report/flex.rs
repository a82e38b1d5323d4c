//! The table of where the answer is free.

use super::table::{Column, RowKind, Table, Unit, Value};
use super::tables::{key_columns, key_values};
use crate::explain::{Flex, FlexEnd};
use crate::plan::{Axis, Plan, Slice};
use crate::units::Amount;

/// For each line or combination of `by`: where it stands, and the least and the most that it could be
/// with the same score at every declared stage, before the calibration takes the nearest.
pub fn flex(plan: &Plan, by: &[Axis], flexes: &[Flex]) -> Table {
    let leaves = plan.leaf_axes();
    let axes = if by.is_empty() { leaves } else { by.to_vec() };
    let money = || Unit::Money(plan.unit());
    let mut columns = key_columns(plan, &axes);
    columns.extend([
        Column::figure("allocation", "Stands at", money()),
        Column::figure("least", "Least", money()),
        Column::figure("most", "Most", money()),
        Column::figure("width", "Free", money()),
        Column::note("fixed", "Fixed"),
    ]);
    let mut table = Table::new("flex", "Where the answer is free", columns);
    let end = |end: &FlexEnd| match end {
        FlexEnd::At(value) => Value::Number(value.clone()),
        FlexEnd::Open => Value::Empty,
    };
    let groups = plan.groups(&Slice::all(plan.dimensions().len()), &axes);
    for (group, own) in groups.iter().zip(flexes) {
        let mut values = key_values(plan, &axes, group);
        values.extend([
            Value::Number(own.stands.clone()),
            end(&own.least),
            end(&own.most),
            Value::maybe(width(own)),
            Value::Flag(own.is_fixed()),
        ]);
        table.push(RowKind::Body, values);
    }
    let fixed = flexes.iter().filter(|own| own.is_fixed()).count();
    table.notes.push(format!(
        "{fixed} of {} stand where the declared stages put them; the others were settled pro rata",
        flexes.len()
    ));
    if flexes.iter().any(|own| own.least == FlexEnd::Open || own.most == FlexEnd::Open) {
        table.notes.push("an empty end: nothing stops the line on that side".into());
    }
    table
}

/// The width of a range; none where it is open.
pub(crate) fn width(own: &Flex) -> Option<Amount> {
    match (&own.least, &own.most) {
        (FlexEnd::At(least), FlexEnd::At(most)) => Some(most - least),
        _ => None,
    }
}
