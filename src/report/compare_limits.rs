//! Limits that bind in one scenario and not in another.

use indexmap::IndexMap;

use super::compare::Side;
use super::table::{Column, RowKind, Table, Unit, Value};
use crate::solve::Outcome;

/// What a limit is in one scenario: bound, level, whether it binds, pressure.
type Stand = [Value; 4];

/// The limits that do not bind in all scenarios or in none: those that begin to bind, or cease.
pub fn compare_limits(sides: &[Side<'_>]) -> Table {
    let mut columns = vec![
        Column::key("id", "Limit"),
        Column::key("member", "Member"),
        Column::note("measure", "Of"),
        Column::note("sense", ""),
        Column::note("what", "What"),
    ];
    for place in 1..=sides.len() {
        let id = |name: &str| format!("{name}_{place}");
        columns.push(Column::figure(&id("bound"), &format!("Bound in {place}"), Unit::None));
        columns.push(Column::figure(&id("level"), &format!("Level in {place}"), Unit::None));
        columns.push(Column::change(
            &id("pressure"),
            &format!("Pressure in {place}"),
            Unit::Percent,
        ));
    }
    columns.push(Column::note("authority", "Authority"));
    let mut table = Table::new("limits", "Limits that begin or cease to bind", columns);
    for (key, (stands, authority)) in found(sides) {
        let binds = |stand: &Option<Stand>| {
            stand.as_ref().is_some_and(|stand| stand[2] == Value::Flag(true))
        };
        let where_it: Vec<bool> = stands.iter().map(binds).collect();
        let known = sides.iter().zip(&where_it).filter(|(side, _)| side.has_figures());
        let mut known = known.map(|(_, binds)| *binds);
        let first = known.next();
        if known.all(|binds| Some(binds) == first) {
            continue;
        }
        let mut row: Vec<Value> = key.into_iter().collect();
        let before = sides.first().is_some_and(|side| side.outcome.is_none());
        let what = if before { "binds".into() } else { what(&where_it, &stands) };
        row.push(Value::text(what));
        for stand in stands {
            let [bound, level, _, pressure] = stand.unwrap_or([const { Value::Empty }; 4]);
            row.extend([bound, level, pressure]);
        }
        row.push(authority);
        table.push(RowKind::Body, row);
    }
    table
}

/// Every limit of any scenario, with how it stands in each, and who set it.
fn found(sides: &[Side<'_>]) -> IndexMap<[Value; 4], (Vec<Option<Stand>>, Value)> {
    let mut found: IndexMap<[Value; 4], (Vec<Option<Stand>>, Value)> = IndexMap::new();
    for (place, side) in sides.iter().enumerate() {
        let Some(Outcome::Optimal(own) | Outcome::Unrounded(own, _)) = side.outcome else {
            continue;
        };
        let table = super::limits(side.plan, own);
        let at = |name: &str| table.columns.iter().position(|column| column.id == name);
        let of = |row: &super::Row, name: &str| {
            at(name).map_or(Value::Empty, |at| row.values[at].clone())
        };
        for row in table.body() {
            let key = ["id", "member", "measure", "sense"].map(|name| of(row, name));
            let stand = ["bound", "level", "binding", "pressure"].map(|name| of(row, name));
            let authority = of(row, "authority");
            let entry = found.entry(key).or_insert_with(|| (vec![None; sides.len()], authority));
            entry.0[place] = Some(stand);
        }
    }
    found
}

/// What happens to a limit on the way from the first scenario to the last.
fn what(binds: &[bool], stands: &[Option<Stand>]) -> String {
    match (binds, stands) {
        ([_, true], [None, _]) => "is new and binds".into(),
        ([false, true], _) => "begins to bind".into(),
        ([true, _], [_, None]) => "bound, and is gone".into(),
        ([true, false], _) => "ceases to bind".into(),
        _ => {
            let own = binds.iter().enumerate().filter(|(_, binds)| **binds);
            let places: Vec<String> = own.map(|(place, _)| (place + 1).to_string()).collect();
            format!("binds in {}", places.join(", "))
        }
    }
}
