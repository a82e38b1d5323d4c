//! What the inputs of scenarios differ in.

use indexmap::IndexMap;

use crate::report::{Column, RowKind, Table, Value};
use crate::scenario::{Resolved, Sources, Stated};

/// A scenario's effective plan, and the files that state its values.
pub type InputSide<'a> = (&'a Resolved, &'a Sources);

/// The title of a scenario says nothing that its figures depend on.
const TITLE: &str = "scenario-title";

/// Every value that is not the same in all scenarios, with the line that states it in each.
pub fn inputs(sides: &[InputSide<'_>]) -> Table {
    let mut columns = vec![Column::key("path", "Value")];
    for place in 1..=sides.len() {
        columns.push(Column::note(&format!("value_{place}"), &format!("In {place}")));
        columns.push(Column::note(&format!("origin_{place}"), &format!("Stated in {place} at")));
    }
    let mut table = Table::new("inputs", "Inputs that differ", columns);
    let listed: Vec<Vec<Stated>> = sides.iter().map(|(resolved, _)| resolved.values()).collect();
    let mut values: IndexMap<&str, Vec<Option<(&str, String)>>> = IndexMap::new();
    for (place, (own, (_, sources))) in listed.iter().zip(sides).enumerate() {
        for stated in own.iter().filter(|stated| stated.path != TITLE) {
            let own = values.entry(&stated.path).or_insert_with(|| vec![None; sides.len()]);
            own[place] = Some((&stated.value, sources.line(stated.place)));
        }
    }
    for (path, own) in values {
        let value = |place: usize| own[place].as_ref().map(|(value, _)| *value);
        if (1..own.len()).all(|place| value(place) == value(0)) {
            continue;
        }
        let mut row = vec![Value::text(path)];
        for side in own {
            let (value, origin) = side.map_or((String::new(), String::new()), |(value, origin)| {
                (value.to_string(), origin)
            });
            row.extend([Value::text(value), Value::text(origin)]);
        }
        table.push(RowKind::Body, row);
    }
    table
}
