//! A conflict that lines of all or nothing are in, told in words.

use super::statement::Statement;
use super::words;
use crate::plan::Plan;
use crate::solve::Conflict;

/// The lines of all or nothing of a conflict, each with its lump.
fn lines(plan: &Plan, conflict: &Conflict) -> Vec<(String, String)> {
    let line = |cell: &crate::units::CellId| {
        let own = plan.cell(*cell);
        let members = plan.dimensions().iter().zip(&own.members);
        let titles: Vec<String> = members.map(|(axis, m)| axis.member(*m).title.clone()).collect();
        let lump = own.lump.as_ref().map(|lump| words::amount(&lump.amount)).unwrap_or_default();
        (titles.join(", "), lump)
    };
    conflict.lumps.iter().map(line).collect()
}

/// What the lines of all or nothing of a conflict can be, one sentence each, without its full stop.
pub fn lumps_told(plan: &Plan, conflict: &Conflict) -> Vec<String> {
    let lines = lines(plan, conflict).into_iter();
    lines.map(|(name, lump)| format!("{name} is all or nothing: 0 or {lump}")).collect()
}

/// Says which lines are all or nothing, and what cannot hold beside them however they are decided: limits, and
/// the own bounds of other lines.
pub(super) fn told(
    plan: &Plan,
    conflict: &Conflict,
    (limits, bounds): (&[Statement], &[String]),
) -> Vec<String> {
    let lines = lines(plan, conflict);
    let (first, however) = match lines.as_slice() {
        [(name, lump)] => (
            format!("{name} is all or nothing: 0 or {lump}."),
            "Whether it is taken or left, this cannot hold".to_string(),
        ),
        many => {
            let each: Vec<String> =
                many.iter().map(|(name, lump)| format!("{name} is 0 or {lump}")).collect();
            let all = if many.len() == 2 { "Two" } else { "Several" };
            (
                format!("{all} lines are all or nothing: {}.", words::listed(&each)),
                "However they are decided, this cannot hold".to_string(),
            )
        }
    };
    let limits = limits.iter().map(|limit| limit.says.clone());
    let says: Vec<String> = limits.chain(bounds.iter().cloned()).collect();
    let together = if says.len() > 1 { " together" } else { "" };
    vec![first, format!("{however}{together}: {}.", says.join("; "))]
}
