//! Reads what a limit says: the keys of its family, or a table of them.

use super::Files;
use super::expressions::expression;
use super::problem::Problem;
use super::reader::{Reader, as_number, as_share, with_help};
use super::slices::{axis, slice_and_whole};
use super::source::{Place, Sources};
use super::suggest::suggest;
use super::tree::{Datum, Node};
use crate::plan::{Axis, Bounds, Dimension, Expression, Family, Level, ShareOf};
use crate::units::{Amount, Id};

/// The keys of each family; a limit uses those of one.
const FAMILIES: [(&str, &[&str]); 7] = [
    ("amount", &["min", "max", "equal"]),
    ("share", &["min-share", "max-share", "equal-share"]),
    ("change", &["max-cut", "max-rise", "max-change"]),
    ("step", &["max-step-up", "max-step-down"]),
    ("moves", &["max-in", "max-out", "max-turnover", "tiers", "approval"]),
    ("ratio", &["at-most-ratio", "at-least-ratio"]),
    ("path", &["phase-in"]),
];

/// What tables and slices are read against.
pub(crate) struct Context<'a> {
    pub(crate) dimensions: &'a [Dimension],
    pub(crate) files: &'a dyn Files,
    /// The file whose folder tables are named from.
    pub(crate) path: &'a str,
}

/// Reads one limit's bounds.
pub(crate) struct FamilyReader<'a, 'b> {
    pub(crate) reader: &'a Reader<'b>,
    pub(crate) id: &'a Id,
    pub(crate) each: &'a [Axis],
    pub(crate) context: &'a Context<'a>,
    /// The limit bounds the reserve.
    pub(crate) reserve: bool,
}

impl FamilyReader<'_, '_> {
    /// The bounds of the limit, in its own keys or in a table.
    pub(crate) fn bounds(
        &self,
        sources: &mut Sources,
        problems: &mut Vec<Problem>,
    ) -> Option<Bounds> {
        if let Some(node) = self.reader.table.get("bounds") {
            if self.reserve {
                self.refuse_reserve(node.place, problems);
                return None;
            }
            return self.table(node, sources, problems).map(Bounds::Table);
        }
        let word = self.which(problems)?;
        self.companions(word, problems)?;
        let family = match word {
            _ if self.reserve => self.reserve(problems)?,
            "amount" => {
                let (min, max) = self.amounts(["equal", "min", "max"], problems)?;
                Family::Amount { min, max }
            }
            "share" => {
                let (min, max) =
                    self.shares(["equal-share", "min-share", "max-share"], problems)?;
                Family::Share { min, max, of: self.share_of("of", problems)?, ratio: false }
            }
            "change" => {
                let (cut, rise) = self.shares(["max-change", "max-cut", "max-rise"], problems)?;
                Family::Change { cut, rise }
            }
            "step" => {
                let (down, up) = self.shares(["", "max-step-down", "max-step-up"], problems)?;
                Family::Step { down, up }
            }
            "ratio" => self.ratio(problems)?,
            "path" => self.path(sources, problems)?,
            _ => self.movement(problems)?,
        };
        Some(Bounds::Same(family))
    }

    pub(crate) fn key(&self, key: &str) -> Option<&Node> {
        self.reader.table.get(key)
    }

    pub(crate) fn place(&self, key: &str) -> Place {
        self.reader.table.key_place(key).unwrap_or(self.reader.place)
    }

    /// The family whose keys the limit uses.
    fn which(&self, problems: &mut Vec<Problem>) -> Option<&'static str> {
        let stated = |(name, keys): &(&'static str, &'static [&'static str])| {
            keys.iter().find(|key| self.key(key).is_some()).map(|key| (*name, *key))
        };
        let used: Vec<(&str, &str)> = FAMILIES.iter().filter_map(stated).collect();
        match used.as_slice() {
            [(name, _)] => Some(name),
            [] => {
                problems.push(
                    Problem::new(
                        "no-bound",
                        format!("limit `{}` bounds nothing", self.id),
                        self.reader.place,
                        "states no bound",
                    )
                    .help("add `min`, `max` or `equal`, a share (`max-share`) or a change (`max-cut`)"),
                );
                None
            }
            [(first, one), (second, other), ..] => {
                problems.push(
                    Problem::new(
                        "two-families",
                        format!("limit `{}` bounds both {first} and {second}", self.id),
                        self.place(one),
                        format!("bounds the {first}"),
                    )
                    .also(self.place(other), format!("bounds the {second}"))
                    .help("make two limits of it"),
                );
                None
            }
        }
    }

    /// Refuses the key that says of what, between what or against what, where the family of the
    /// limit has no use for it: it would be passed over in silence.
    fn companions(&self, word: &str, problems: &mut Vec<Problem>) -> Option<()> {
        let uses =
            [("of", "share", "a share"), ("to", "ratio", "a ratio"), ("within", "moves", "moves")];
        for (key, family, what) in uses {
            if self.key(key).is_none() || word == family || (self.reserve && key == "of") {
                continue;
            }
            problems.push(
                Problem::new(
                    "idle-key",
                    format!("limit `{}` has no use for `{key}`", self.id),
                    self.place(key),
                    format!("is for a limit on {what}"),
                )
                .help(format!("leave it out, or bound {what}")),
            );
            return None;
        }
        Some(())
    }

    /// The expressions that `[equal, least, most]` state.
    fn amounts(
        &self,
        keys: [&str; 3],
        problems: &mut Vec<Problem>,
    ) -> Option<(Option<Expression>, Option<Expression>)> {
        pair(self.reader, keys, problems, |key, problems| {
            expression(self.key(key)?, key, self.context.dimensions, problems)
        })
    }

    fn shares(
        &self,
        keys: [&str; 3],
        problems: &mut Vec<Problem>,
    ) -> Option<(Option<Amount>, Option<Amount>)> {
        pair(self.reader, keys, problems, |key, problems| as_share(self.key(key)?, key, problems))
    }

    /// The slice that a share or a ratio is taken of.
    pub(crate) fn share_of(&self, key: &str, problems: &mut Vec<Problem>) -> Option<ShareOf> {
        let Some(node) = self.key(key) else { return Some(ShareOf::SameTime) };
        let (slice, whole) = slice_and_whole(node, self.context.dimensions, problems)?;
        Some(ShareOf::Slice { slice, whole })
    }

    /// The bounds of the reserve: shares of expenses, whose period is always written, or amounts.
    fn reserve(&self, problems: &mut Vec<Problem>) -> Option<Family> {
        let dimensions = self.context.dimensions;
        let time = dimensions.iter().position(Dimension::is_time);
        let refuse = |place, problems: &mut Vec<Problem>| self.refuse_reserve(place, problems);
        let keys = ["equal-share", "min-share", "max-share"];
        let (min, max) = self.shares(keys, problems)?;
        if min.is_none() && max.is_none() {
            let (min, max) =
                pair(self.reader, ["equal", "min", "max"], problems, |key, problems| {
                    self.reader.number(key, problems)
                })?;
            if min.is_none() && max.is_none() {
                refuse(self.reader.place, problems);
                return None;
            }
            return Some(Family::Reserve { min, max, at: Level::Leaves, share: false });
        }
        let expenses = match self.key("of").map(|node| (&node.datum, node.place)) {
            Some((Datum::Table(table), _)) => table.get("expenses"),
            _ => None,
        };
        let Some(node) = expenses else {
            refuse(self.place("of"), problems);
            return None;
        };
        let name = super::reader::as_text(node, "expenses", problems)?;
        let found = axis(name, node.place, dimensions, problems)?;
        if Some(found.dimension) != time {
            refuse(node.place, problems);
            return None;
        }
        Some(Family::Reserve { min, max, at: found.level, share: true })
    }

    fn refuse_reserve(&self, place: Place, problems: &mut Vec<Problem>) {
        problems.push(
            Problem::new(
                "reserve",
                format!("limit `{}` does not say against which expenses", self.id),
                place,
                "the reserve against what?",
            )
            .help("write `min = 500`, or `min-share = \"6%\"` with `of = { expenses = \"year\" }`, a level of the time dimension"),
        );
    }

    fn ratio(&self, problems: &mut Vec<Problem>) -> Option<Family> {
        let keys = ["", "at-least-ratio", "at-most-ratio"];
        let (min, max) = pair(self.reader, keys, problems, |key, problems| {
            let node = self.key(key)?;
            match &node.datum {
                Datum::Text(text) if text.trim().ends_with('%') => as_share(node, key, problems),
                _ => as_number(node, key, problems),
            }
        })?;
        self.reader.needed("to", problems)?;
        Some(Family::Share { min, max, of: self.share_of("to", problems)?, ratio: true })
    }
}

/// The pair of bounds that `[equal, least, most]` state; an equal is both. A blank key is never
/// stated.
pub(crate) fn pair<T: Clone>(
    reader: &Reader<'_>,
    keys: [&str; 3],
    problems: &mut Vec<Problem>,
    mut read: impl FnMut(&str, &mut Vec<Problem>) -> Option<T>,
) -> Option<(Option<T>, Option<T>)> {
    let [equal, least, most] = keys;
    if reader.table.get(equal).is_some() {
        if let Some(key) = [least, most].into_iter().find(|key| reader.table.get(key).is_some()) {
            let place = |key: &str| reader.table.key_place(key).unwrap_or(reader.place);
            problems.push(
                Problem::new(
                    "two-bounds",
                    format!("`{equal}` leaves nothing for `{key}` to say"),
                    place(key),
                    "this bound",
                )
                .also(place(equal), "says all")
                .help(format!("keep `{equal}`, or use `{least}` and `{most}`")),
            );
            return None;
        }
        let value = read(equal, problems)?;
        return Some((Some(value.clone()), Some(value)));
    }
    let mut stated = |key: &str, problems: &mut Vec<Problem>| match reader.table.get(key) {
        Some(_) => read(key, problems).map(Some),
        None => Some(None),
    };
    let least = stated(least, problems);
    let most = stated(most, problems);
    Some((least?, most?))
}

/// The help for a word that is none of `known`.
pub(crate) fn unknown_word(
    code: &'static str,
    word: &str,
    what: &str,
    place: Place,
    known: &[&str],
) -> Problem {
    let problem = Problem::new(code, format!("`{word}` is no {what}"), place, "unknown");
    with_help(problem, suggest(word, known.iter().copied()))
}
