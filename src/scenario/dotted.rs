//! Dotted names of values: `limit."A.1".max`, `limit.moves.tiers.2.up-to`.

use super::problem::Problem;
use super::source::Place;
use super::tree::{Datum, Table};

/// The table that the parts of a dotted name lead to below `table`. An item of a list is named by its
/// place, counted from one.
///
/// # Errors
///
/// Why there is none, in words.
pub(crate) fn below<'a>(table: &'a mut Table, parts: &[String]) -> Result<&'a mut Table, String> {
    let Some((part, rest)) = parts.split_first() else { return Ok(table) };
    let no_table = || format!("`{part}` is no table");
    match &mut table.entries.get_mut(part).ok_or_else(no_table)?.node.datum {
        Datum::Table(inner) => below(inner, rest),
        Datum::List(items) => {
            let count = items.len();
            let (number, rest) = rest.split_first().ok_or_else(no_table)?;
            let place = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            match place.and_then(|place| items.get_mut(place)).map(|node| &mut node.datum) {
                Some(Datum::Table(inner)) => below(inner, rest),
                _ => {
                    Err(format!("`{part}` has items 1 to {count}, and `{number}` is none of them"))
                }
            }
        }
        _ => Err(no_table()),
    }
}

/// Splits `limit."A.1".max` at its dots.
pub(crate) fn dotted(text: &str, place: Place, problems: &mut Vec<Problem>) -> Option<Vec<String>> {
    let mut parts = vec![String::new()];
    let mut quote: Option<char> = None;
    for c in text.chars() {
        match (quote, c) {
            (Some(open), c) if open == c => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '.') => parts.push(String::new()),
            (_, c) => parts.last_mut()?.push(c),
        }
    }
    let parts: Vec<String> = parts.into_iter().map(|part| part.trim().to_string()).collect();
    if quote.is_some() || parts.iter().any(String::is_empty) {
        problems.push(
            Problem::new("target", format!("`{text}` is no target"), place, "this target")
                .help("write section, id and key with dots between: `limit.\"A.1\".max`"),
        );
        return None;
    }
    Some(parts)
}
