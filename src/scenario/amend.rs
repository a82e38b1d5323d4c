//! Changes of single rows of a limit's table of bounds, or of its targets: `set` with `where`.

use super::change::{Effective, Target, list};
use super::families::FamilyReader;
use super::problem::Problem;
use super::slices::slice;
use super::source::Place;
use super::tree::{Datum, Entry, Node, Table};
use crate::plan::Slice;
use crate::units::MemberId;

/// The key of a limit's `bounds` under which changes of its rows are kept until it is read.
pub(crate) const AMENDED: &str = "set";

/// A change of some rows: where, the key, and its new text.
pub(crate) struct Amendment {
    on: Slice,
    pub(crate) key: String,
    pub(crate) value: String,
    place: Place,
}

impl Effective {
    /// Whether the target is a key of a limit whose bounds are in a table, or the amount of its targets.
    pub(crate) fn amends(&mut self, path: &[String]) -> bool {
        matches!(path, [section, ..] if section == "limit") && self.bounds_of(path).is_some()
    }

    fn bounds_of(&mut self, path: &[String]) -> Option<&mut Node> {
        let (id, keys): (_, &[&str]) = match path {
            [_, id, _] => (id, &["bounds"]),
            [_, id, path, key] if path == "phase-in" && key == "amount" => {
                (id, &["phase-in", "to"])
            }
            _ => return None,
        };
        let mut item =
            list(&mut self.root, "limit")?.iter_mut().find_map(|node| match &mut node.datum {
                Datum::Table(table) if table.text("id") == Some(id) => Some(table),
                _ => None,
            })?;
        let (last, above) = keys.split_last()?;
        for key in above {
            let Datum::Table(inner) = &mut item.entries.get_mut(*key)?.node.datum else {
                return None;
            };
            item = inner;
        }
        item.entries.get_mut(*last).map(|entry| &mut entry.node)
    }

    /// Notes the change beside the table; it is made when the table is read.
    pub(crate) fn amend(
        &mut self,
        target: &Target<'_>,
        change: &Table,
        on: &Node,
        problems: &mut Vec<Problem>,
    ) {
        let (path, place) = (target.path, target.place);
        let (Some(to), Some(key)) = (change.get("to"), path.last()) else { return };
        let value = match &to.datum {
            Datum::Number(number) => number.to_string(),
            Datum::Text(text) => text.clone(),
            _ => {
                problems.push(super::reader::wrong_kind(to, "to", "a number or words in quotes"));
                return;
            }
        };
        let Some(bounds) = self.bounds_of(path) else { return };
        if matches!(bounds.datum, Datum::Text(_)) {
            let node = bounds.clone();
            let entries = [("table".to_string(), Entry { key: node.place, node: node.clone() })];
            let table = Table { unread: false, entries: entries.into_iter().collect() };
            bounds.datum = Datum::Table(table);
        }
        let Datum::Table(table) = &mut bounds.datum else { return };
        let text = |text: String| Node { datum: Datum::Text(text), place: to.place };
        let entries = [("where", on.clone()), ("key", text(key.clone())), ("to", text(value))];
        let entries = entries.map(|(key, node)| (key.to_string(), Entry { key: place, node }));
        let item = Table { unread: false, entries: entries.into_iter().collect() };
        let item = Node { datum: Datum::Table(item), place };
        let empty = Node { datum: Datum::List(Vec::new()), place };
        let all = table.entries.entry(AMENDED.into()).or_insert(Entry { key: place, node: empty });
        if let Datum::List(items) = &mut all.node.datum {
            items.push(item);
        }
    }
}

impl FamilyReader<'_, '_> {
    /// The file of a table of bounds, and the changes of its rows.
    pub(crate) fn amended<'n>(
        &self,
        node: &'n Node,
        problems: &mut Vec<Problem>,
    ) -> Option<(&'n Node, Vec<Amendment>)> {
        let Datum::Table(table) = &node.datum else { return Some((node, Vec::new())) };
        let mut found = Vec::new();
        for (item, place) in table.items(AMENDED) {
            let on = slice(item.get("where")?, self.context.dimensions, problems)?;
            let (key, value) = (item.text("key")?.to_string(), item.text("to")?.to_string());
            found.push(Amendment { on, key, value, place });
        }
        Some((table.get("table")?, found))
    }
}

impl Amendment {
    /// Whether it is for the row of these members, one an axis of `each`.
    pub(crate) fn is_for(&self, reader: &FamilyReader<'_, '_>, key: &[MemberId]) -> bool {
        let dimensions = reader.context.dimensions;
        (0..dimensions.len()).all(|dimension| {
            let Some(pick) = self.on.pick(dimension) else { return true };
            let own = reader.each.iter().zip(key).find(|(axis, _)| axis.dimension == dimension);
            own.is_some_and(|(_, member)| {
                dimensions[dimension].member(*member).leaves().iter().all(|leaf| pick.has(*leaf))
            })
        })
    }

    /// The problem of a change that is for no row.
    pub(crate) fn for_none(&self, reader: &FamilyReader<'_, '_>) -> Problem {
        let on = self.on.text(reader.context.dimensions);
        let message = format!("the bounds of limit `{}` have no row for {on}", reader.id);
        Problem::new("no-target", message, self.place, "this change")
            .help("let `where` pick members of the limit's `each` that have a row in its table")
    }
}
