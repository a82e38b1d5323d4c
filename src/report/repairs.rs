//! The table of repairs, and how a screen tells them.

use super::table::{Column, RowKind, Table, Unit, Value};
use crate::explain::{Change, Repair, amount_text};
use crate::plan::Plan;
use crate::units::Amount;

/// Repairs of a conflict, one row a change, the least change of money first.
pub fn repairs(plan: &Plan, repairs: &[Repair]) -> Table {
    let money = || Unit::Money(plan.unit());
    let columns = vec![
        Column::key("repair", "Repair"),
        Column::key("set", "Change"),
        Column::note("where", "For"),
        Column::note("from", "From"),
        Column::note("to", "To"),
        Column::change("money", "Moves", money()),
        Column::figure("cost", "Repair costs", money()),
        Column::note("authority", "Authority"),
        Column::note("approval", "Needs"),
        Column::note("standing", "Standing"),
        Column::note("text", "In words"),
    ];
    let mut table = Table::new("repairs", "Repairs, each checked by solving it", columns);
    for (place, repair) in (1_i64..).zip(repairs) {
        for change in &repair.changes {
            table.push(
                RowKind::Body,
                vec![
                    Value::Number(Amount::whole(place)),
                    Value::text(change.path.clone()),
                    Value::maybe_text(change.cells.clone()),
                    Value::text(change.from.trim_matches('"')),
                    Value::text(change.to().trim_matches('"')),
                    Value::Number(change.moves()),
                    Value::Number(repair.cost()),
                    Value::maybe_text(change.authority.clone()),
                    Value::maybe_text(change.approval.clone()),
                    Value::Flag(change.standing),
                    Value::text(change.text()),
                ],
            );
        }
    }
    table
}

/// The repairs for a screen: what each changes, for how much, and who has to agree.
pub fn repairs_told(
    plan: &Plan,
    (repairs, stuck): (&[Repair], Option<&str>),
    all: bool,
) -> Vec<String> {
    if repairs.is_empty() {
        return vec![if all {
            "No change of the figures that the files state was found to repair it.".into()
        } else {
            "No change of the planner's own figures was found to repair it; --all tries standing limits too."
                .into()
        }];
    }
    let head = "Repairs, each checked by solving it; in brackets, the money by which limits or revenue move:";
    let mut lines = vec![head.to_string()];
    for (place, repair) in (1..).zip(repairs) {
        let (what, each) = repair_words(repair);
        let cost = amount_text(&repair.cost());
        lines.push(format!("  {place}  {what} ({cost} {})", plan.unit()));
        lines.extend(each.iter().map(|own| format!("       {own}")));
        for change in &repair.changes {
            let standing = if change.standing { "a standing limit; " } else { "" };
            if let Some(body) = &change.approval {
                lines.push(format!("     {standing}needs the approval of: {body}"));
            }
        }
    }
    lines.extend(stuck.map(|leave| format!("  {}", no_repair(leave))));
    lines.push(
        "`virement explain` writes one as a scenario: --apply N -o FILE.scenario.toml".into(),
    );
    lines
}

/// That nothing was found which would leave something alone, which all repairs change.
pub fn no_repair(leave: &str) -> String {
    format!("No repair was found that would {leave}.")
}

/// The most changes that one sentence tells.
const IN_A_SENTENCE: usize = 4;

/// What a repair does, in one sentence; where it changes many figures, and the change of each apart.
pub fn repair_words(repair: &Repair) -> (String, Vec<String>) {
    let each: Vec<String> = repair.changes.iter().map(Change::text).collect();
    let many = each.len() > IN_A_SENTENCE;
    let does = if many { format!("change {} figures", each.len()) } else { each.join("; and ") };
    let words: Vec<&str> = repair.leaves.iter().map(String::as_str).chain([&*does]).collect();
    (words.join("; and "), if many { each } else { Vec::new() })
}
