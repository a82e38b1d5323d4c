//! The rows of a report's table as texts for a screen.

use crate::report::{Column, RowKind, Table, Unit, Value};
use crate::units::{Amount, display_safe, grouped};

/// For each row: whether it is a total, its texts, and its values.
pub(super) fn table_rows(table: &Table) -> Vec<(bool, Vec<String>, Vec<Value>)> {
    let row = |row: &crate::report::Row| {
        let texts =
            row.values.iter().zip(&table.columns).map(|(value, column)| text(value, column));
        (row.kind == RowKind::Total, texts.collect(), row.values.clone())
    };
    table.rows.iter().map(row).collect()
}

/// The text of a value; empty for a number.
pub(super) fn value_text(value: &Value) -> &str {
    match value {
        Value::Text(text) => text,
        _ => "",
    }
}

/// How a value reads.
pub(super) fn text(value: &Value, column: &Column) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Text(text) => display_safe(text),
        Value::Flag(flag) => if *flag { "yes" } else { "" }.into(),
        Value::Share(share) => points(share),
        Value::Number(number) if column.unit == Unit::Percent => points(number),
        Value::Number(number) => grouped(number, if number.is_whole() { 0 } else { 2 }),
    }
}

fn points(share: &Amount) -> String {
    format!("{} %", grouped(&(share * &Amount::whole(100)), 1))
}
