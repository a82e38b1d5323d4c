//! The table of a conflict.

use super::table::{Column, RowKind, Table, Unit, Value};
use crate::plan::{Plan, Sense};
use crate::solve::{BoundClash, Bounded, Conflict};
use crate::units::CellId;

/// The limits that cannot hold together.
pub fn conflict(plan: &Plan, conflict: &Conflict) -> Table {
    let columns = vec![
        Column::key("id", "Limit"),
        Column::key("member", "Member"),
        Column::note("kind", "Kind"),
        Column::note("sense", ""),
        Column::figure("bound", "Bound", Unit::None),
        Column::note("authority", "Authority"),
    ];
    let mut table = Table::new("conflict", "These cannot hold together", columns);
    for part in &conflict.parts {
        let bound = part.bound.clone();
        table.push(
            RowKind::Body,
            vec![
                Value::text(part.origin.id.to_string()),
                Value::text(part.origin.member.clone()),
                Value::text(part.origin.kind.word()),
                Value::text(part.sense.sign()),
                if part.origin.share { Value::Share(bound) } else { Value::Number(bound) },
                Value::maybe_text(part.authority.clone()),
            ],
        );
    }
    for bound in &conflict.bounds {
        let [id, member, kind, authority] = own_bound(plan, bound);
        table.push(
            RowKind::Body,
            vec![
                Value::text(id),
                Value::text(member),
                Value::text(kind),
                Value::text(bound.sense.sign()),
                Value::Number(bound.bound.clone()),
                Value::text(authority),
            ],
        );
    }
    table.notes.push(format!(
        "taken together they miss one another by {} {}",
        crate::units::grouped(&conflict.excess, u32::from(!conflict.excess.is_whole())),
        plan.unit()
    ));
    table
}

/// What the own bound of a line is called: id, member, kind and authority.
fn own_bound(plan: &Plan, bound: &BoundClash) -> [String; 4] {
    match bound.of {
        Bounded::Cell(cell) => [cell_text(plan, cell), String::new(), "cell".into(), String::new()],
        Bounded::Revenue(place, entry) => {
            let line = &plan.revenue()[place];
            let key = if bound.sense == Sense::Floor { "min" } else { "max" };
            [
                format!("revenue.{}.{key}", line.id),
                plan.entry_time(&line.entries[entry]).into(),
                "limit".into(),
                line.authority.clone().unwrap_or_default(),
            ]
        }
    }
}

/// The ids of a cell's members, joined by `/`.
fn cell_text(plan: &Plan, cell: CellId) -> String {
    let members = plan.dimensions().iter().zip(&plan.cell(cell).members);
    let ids: Vec<&str> = members.map(|(axis, m)| axis.member(*m).id.as_str()).collect();
    ids.join("/")
}
