//! How values read: for people, and for programs.

use super::table::{Column, Role, Unit, Value};
use crate::units::{Amount, display_safe, grouped};

/// The value for people.
pub(super) fn shown(value: &Value, column: &Column) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Text(text) => display_safe(text),
        Value::Flag(flag) => if *flag { "yes" } else { "" }.into(),
        Value::Share(share) => percent(share, column.role),
        Value::Number(number) if is_share(column) => percent(number, column.role),
        Value::Number(number) => {
            let places = if number.is_whole() { 0 } else { 2 };
            signed(grouped(number, places), number, column.role)
        }
    }
}

fn percent(share: &Amount, role: Role) -> String {
    let points = share * &Amount::whole(100);
    format!("{} %", signed(grouped(&points, 1), share, role))
}

/// The figure with a plus where it is a rise that shows.
fn signed(text: String, number: &Amount, role: Role) -> String {
    let shows = text.contains(|c: char| ('1'..='9').contains(&c));
    if role == Role::Change && number.is_positive() && shows { format!("+{text}") } else { text }
}

/// The number for programs: whole where it is whole, else with at most six decimals; shares in
/// percent points with four.
pub(super) fn plain(number: &Amount, share: bool) -> String {
    let (number, places) =
        if share { (number * &Amount::whole(100), 4) } else { (number.clone(), 6) };
    if number.is_whole() {
        return number.numerator().to_string();
    }
    let text = number.to_decimal(places);
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// Whether the numbers of a column are shares.
pub(super) fn is_share(column: &Column) -> bool {
    column.unit == Unit::Percent
}
