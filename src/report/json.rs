//! Tables as JSON.

use serde_json::{Map, Number, Value as Json};

use super::format::{is_share, plain};
use super::table::{Role, Table, Value};
use crate::units::Amount;

/// The body rows of a table as objects, keyed by column ids. Numbers are exact where they are
/// whole, else decimals with at most six places; shares are in percent points.
pub fn rows(table: &Table) -> Json {
    let row = |row: &super::table::Row| {
        let pairs = row.values.iter().zip(&table.columns).map(|(value, column)| {
            let json = match value {
                Value::Empty if column.role == Role::Key => Json::String(String::new()),
                Value::Empty => Json::Null,
                Value::Text(text) => Json::String(text.clone()),
                Value::Number(amount) => literal(&plain(amount, is_share(column))),
                Value::Share(share) => literal(&plain(share, true)),
                Value::Flag(flag) => Json::Bool(*flag),
            };
            (column.id.clone(), json)
        });
        Json::Object(pairs.collect::<Map<_, _>>())
    };
    Json::Array(table.body().map(row).collect())
}

/// The number with these digits.
fn literal(digits: &str) -> Json {
    digits.parse::<Number>().map_or(Json::Null, Json::Number)
}

/// An amount of plan units.
pub fn number(amount: &Amount) -> Json {
    literal(&plain(amount, false))
}
