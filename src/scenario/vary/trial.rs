//! Each value of a block, to be tried alone on the plan: all else stays as the file has it.

use super::Varied;
use crate::scenario::source::Place;
use crate::scenario::tree::{Datum, Entry, Node, Table};
use crate::units::Amount;

/// The most values of one figure that are tried: its least and its greatest are among them.
const MOST: usize = 200;

/// A change of one figure to one value.
pub(crate) struct Trial {
    /// As an item of `[[change]]`.
    pub(crate) change: Table,
    /// Where the value is stated.
    pub(crate) place: Place,
}

impl Trial {
    pub(super) fn new(
        varied: &Varied,
        (target, on): (&Node, Option<&Node>),
        (value, place): &(Amount, Place),
    ) -> Self {
        let (verb, key) = if varied.scaled { ("scale", "by") } else { ("set", "to") };
        let text = varied.stated(value);
        let datum = match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
            Some(text) => Datum::Text(text.into()),
            None => Datum::Number(value.clone()),
        };
        let entry = |node: Node| Entry { key: target.place, node };
        let mut change = Table::default();
        change.entries.insert(verb.into(), entry(target.clone()));
        change.entries.insert(key.into(), entry(Node { datum, place: *place }));
        if let Some(on) = on {
            change.entries.insert("where".into(), entry(on.clone()));
        }
        Self { change, place: *place }
    }
}

/// The values that are tried: all, or where they are many the first of them and both ends.
pub(super) fn chosen(values: &[(Amount, Place)]) -> impl Iterator<Item = &(Amount, Place)> {
    let order = |a: &&(Amount, Place), b: &&(Amount, Place)| a.0.cmp(&b.0);
    let rest = values.get(MOST..).unwrap_or_default();
    let ends = [rest.iter().min_by(order), rest.iter().max_by(order)];
    values.iter().take(MOST).chain(ends.into_iter().flatten())
}
