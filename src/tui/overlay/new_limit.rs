//! A limit that is typed in, as a file writes it.

use super::Prompt;
use crate::scenario::{Amendment, Level, Picks};
use crate::tui::typed;
use crate::units::Amount;

/// The limit that the lines of a prompt ask for.
pub(super) fn new_limit(picks: &Picks, prompt: &Prompt) -> Result<Amendment, String> {
    let id = prompt.stated(1);
    // What cannot be read in the first line is said before what is missing in the second.
    let edit = bound(picks, prompt.text(0).trim(), id.as_deref().unwrap_or("?"), prompt.stated(2))?;
    id.map(|_| edit).ok_or_else(|| "name the limit in the second line (Tab)".into())
}

/// A limit as a file writes it: `<= 12000` or `>= 12000` on a slice.
///
/// # Errors
///
/// What cannot be read, and what to write instead.
pub fn bound(
    picks: &Picks,
    text: &str,
    id: &str,
    authority: Option<String>,
) -> Result<Amendment, String> {
    let (key, rest) = match text.chars().next() {
        Some('<' | '≤') => ("max", text.trim_start_matches(['<', '≤', '='])),
        Some('>' | '≥') => ("min", text.trim_start_matches(['>', '≥', '='])),
        _ => return Err("write <= 12000 for a ceiling or >= 12000 for a floor".into()),
    };
    let level = typed::level(rest, &Amount::ZERO, 1)?;
    let quoted = |text: &str| format!("{text:?}");
    let on: Vec<String> = picks.iter().map(|(d, m)| format!("{d} = {}", quoted(m))).collect();
    let bound = match &level {
        Level::Number(amount) => plain(amount),
        Level::Words(words) => quoted(words),
    };
    let authority = authority.unwrap_or_else(|| "planner's assumption".into());
    let text = format!(
        "[[limit]]\nid = {}\non = {{ {} }}\n{key} = {bound}\nauthority = {}\n",
        quoted(id),
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
