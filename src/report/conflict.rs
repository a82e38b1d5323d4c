//! The table of a conflict.

use super::table::{Column, RowKind, Table, Unit, Value};
use crate::explain;
use crate::plan::{Plan, Sense};
use crate::solve::{BoundClash, Bounded, Conflict, Own};
use crate::units::CellId;

/// The limits that cannot hold together, exactly the minimal set; the notes tell it in words.
pub fn conflict(plan: &Plan, conflict: &Conflict) -> Table {
    let mut table = no_conflict();
    for part in &conflict.parts {
        let bound = part.bound.clone();
        table.push(
            RowKind::Body,
            vec![
                Value::text(part.origin.id.to_string()),
                Value::text(part.origin.member.clone()),
                Value::text(part.origin.kind.word()),
                Value::text(part.sense.sign()),
                if part.is_share() { Value::Share(bound) } else { Value::Number(bound) },
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
    for cell in &conflict.lumps {
        let lump = plan.cell(*cell).lump.as_ref().map(|lump| lump.amount.clone());
        table.push(
            RowKind::Body,
            vec![
                Value::text(cell_text(plan, *cell)),
                Value::text(String::new()),
                Value::text("cell"),
                Value::text(Sense::Equal.sign()),
                Value::maybe(lump),
                Value::text("all or nothing"),
            ],
        );
    }
    table.notes.extend(explain::tell(plan, conflict).sentences);
    table
}

/// The table of a conflict with nothing in it.
pub fn no_conflict() -> Table {
    let columns = vec![
        Column::key("id", "Limit"),
        Column::key("member", "Member"),
        Column::note("kind", "Kind"),
        Column::note("sense", ""),
        Column::figure("bound", "Bound", Unit::None),
        Column::note("authority", "Authority"),
    ];
    Table::new("conflict", "These cannot hold together", columns)
}

/// What the own bound of a line is called: id, member, kind and authority.
fn own_bound(plan: &Plan, bound: &BoundClash) -> [String; 4] {
    match bound.of {
        Bounded::Cell(cell) => {
            let why = match bound.why {
                Own::Stated => "",
                Own::Sign => "a line keeps its sign",
                Own::Fixed => "a line without flexibility or size stays",
                Own::Kept => "not moved by this scenario",
                Own::Lump => "all or nothing",
            };
            [cell_text(plan, cell), String::new(), "cell".into(), why.into()]
        }
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

/// The conflict for a screen: what each limit asks, with who set it. Of many lines that only keep
/// their sign or stay as they are, the number is told.
pub fn told(plan: &Plan, conflict: &Conflict) -> Vec<String> {
    let told = explain::tell(plan, conflict);
    let mut lines = Vec::new();
    for (part, statement) in conflict.parts.iter().zip(&told.limits) {
        let name = match &statement.title {
            Some(title) => format!("{title} (`{}`)", part.origin.id),
            None => format!("`{}`", part.origin.id),
        };
        let set = part.authority.as_deref().unwrap_or("no authority stated");
        lines.push(format!("{name}: {}. Set by: {set}.", statement.says));
    }
    lines.extend(told.bounds.iter().map(|text| format!("{text}.")));
    lines
}
