//! A limit that is typed in, as a file writes it.

use super::Prompt;
use crate::scenario::{Amendment, Level, Picks};
use crate::tui::typed;
use crate::units::Amount;

/// A limit as a file writes it.
pub(super) fn new_limit(picks: &Picks, prompt: &Prompt) -> Result<Amendment, String> {
    let text = prompt.text(0).trim();
    let (key, rest) = match text.chars().next() {
        Some('<' | '≤') => ("max", text.trim_start_matches(['<', '≤', '='])),
        Some('>' | '≥') => ("min", text.trim_start_matches(['>', '≥', '='])),
        _ => return Err("write <= 12000 for a ceiling or >= 12000 for a floor".into()),
    };
    let level = typed::level(rest, &Amount::ZERO, 1)?;
    let id = prompt.stated(1).ok_or("name the limit in the second line (Tab)")?;
    let quoted = |text: &str| format!("{text:?}");
    let on: Vec<String> = picks.iter().map(|(d, m)| format!("{d} = {}", quoted(m))).collect();
    let bound = match &level {
        Level::Number(amount) => plain(amount),
        Level::Words(words) => quoted(words),
    };
    let authority = prompt.stated(2).unwrap_or_else(|| "planner's assumption".into());
    let text = format!(
        "[[limit]]\nid = {}\non = {{ {} }}\n{key} = {bound}\nauthority = {}\n",
        quoted(&id),
        on.join(", "),
        quoted(&authority)
    );
    Ok(Amendment::Items { name: format!("add limit {id}"), text })
}

/// The number as a file writes it.
pub(super) fn plain(amount: &Amount) -> String {
    if amount.is_whole() {
        return amount.numerator().to_string();
    }
    amount.to_decimal(6).trim_end_matches('0').trim_end_matches('.').to_string()
}
