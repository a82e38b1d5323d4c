//! The moves of money that a draft states itself.

use toml_edit::{Item, Table};

use super::Draft;
use super::edit::{Picks, picks_of, slice_value, sorted};
use super::items::{Document, number};
use crate::units::Amount;

/// A move of money, as the file states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Who gives.
    pub from: Picks,
    /// Who receives.
    pub to: Picks,
    /// How much, as it is written.
    pub amount: String,
    /// Why.
    pub reason: Option<String>,
    /// Who moves it.
    pub by: Option<String>,
}

impl Draft {
    /// The moves that this file states, in their order.
    pub fn moves(&self) -> Vec<Move> {
        let Ok(document) = Document::read(self.text()) else { return Vec::new() };
        let text = |item: &Table, name: &str| item.get(name)?.as_str().map(String::from);
        let read = |item: &Table| {
            Some(Move {
                from: picks_of(item.get("from")?),
                to: picks_of(item.get("to")?),
                amount: item.get("amount")?.as_value()?.to_string().trim().into(),
                reason: text(item, "reason"),
                by: text(item, "by"),
            })
        };
        document.items("transfer").filter_map(read).collect()
    }
}

/// Adds a move.
pub(super) fn push(
    document: &mut Document,
    (from, to): (&Picks, &Picks),
    amount: &Amount,
    texts: [(&str, &Option<String>); 2],
) -> Result<(), String> {
    let mut table = Table::new();
    table.insert("from", Item::Value(slice_value(from)));
    table.insert("to", Item::Value(slice_value(to)));
    table.insert("amount", Item::Value(number(amount)));
    for (name, text) in texts {
        if let Some(text) = text {
            table.insert(name, toml_edit::value(text.as_str()));
        }
    }
    document.push("transfer", table)
}

/// Takes back the moves between two slices.
pub(super) fn take_back(document: &mut Document, from: &Picks, to: &Picks) -> Result<(), String> {
    let is = |item: Option<&Item>, picks: &Picks| item.map(picks_of) == Some(sorted(picks));
    let gone =
        document.remove("transfer", |item| is(item.get("from"), from) && is(item.get("to"), to))?;
    if gone == 0 {
        return Err("this scenario moves nothing between these two".into());
    }
    Ok(())
}
