//! The keys that stages of each objective have a use for.

use super::problem::Problem;
use super::reader::{Reader, as_share};
use crate::plan::Aim;
use crate::units::Amount;

/// How far later stages may move a stage from its optimum; nothing where they may not.
#[expect(clippy::option_option, reason = "a key that cannot be read is not one left out")]
pub(crate) fn loss(reader: &Reader<'_>, problems: &mut Vec<Problem>) -> Option<Option<Amount>> {
    let Some(node) = reader.table.get("loss") else { return Some(None) };
    let loss = as_share(node, "loss", problems)?;
    if loss.is_negative() {
        problems.push(
            Problem::new("loss", "a loss may not be below zero", node.place, "this loss")
                .help("`loss = \"1%\"` lets later stages give up a hundredth of the optimum"),
        );
        return None;
    }
    Some(Some(loss))
}

/// Refuses a key that the objective has no use for: it would be passed over in silence.
pub(crate) fn idle_keys(reader: &Reader<'_>, aim: &Aim, problems: &mut Vec<Problem>) -> Option<()> {
    const KEYS: [&str; 10] =
        ["spread", "on", "limits", "weights", "returns", "each", "of", "targets", "within", "loss"];
    let uses: &[&str] = match aim {
        Aim::ProRata => &["spread"],
        Aim::FewMoves { .. } => &["spread", "on", "loss"],
        Aim::Shortfall { .. } => &["spread", "limits", "on", "loss"],
        Aim::NeedShortfall { .. } => &["spread", "of", "on", "each", "loss"],
        Aim::Value(_) => &["weights", "returns", "on", "loss"],
        Aim::Coverage { .. } => &["on", "each", "loss"],
        Aim::Turnover { .. } => &["on", "within", "loss"],
        Aim::Deviation { .. } => &["targets", "loss"],
        Aim::ReserveUse { .. } | Aim::Measure { .. } | Aim::Revenue { .. } => &["on", "loss"],
    };
    let idle = KEYS.into_iter().find(|key| reader.table.get(key).is_some() && !uses.contains(key));
    let Some(key) = idle else { return Some(()) };
    let known: Vec<String> = uses.iter().map(|key| format!("`{key}`")).collect();
    problems.push(
        Problem::new(
            "idle-key",
            format!("this stage has no use for `{key}`"),
            reader.table.key_place(key).unwrap_or(reader.place),
            "would be passed over",
        )
        .help(format!("leave it out; with this objective go {}", known.join(", "))),
    );
    None
}
