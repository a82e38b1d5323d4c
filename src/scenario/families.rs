//! Reads what a limit says: the keys of its family, or a table of them.

use std::collections::HashMap;

use super::Files;
use super::expressions::{self, expression};
use super::problem::Problem;
use super::reader::{Reader, as_number, as_share, share, with_help, wrong_kind};
use super::schema;
use super::slices::{axis, find_axis, slice_and_whole};
use super::source::{Place, Sources};
use super::suggest::suggest;
use super::table_file::TableFile;
use super::tree::{Datum, Node};
use crate::plan::{Axis, Bounds, Dimension, Expression, Family, Level, ShareOf, Tier, Within};
use crate::units::{Amount, Id, MemberId};

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
            return self.table(node, sources, problems).map(Bounds::Table);
        }
        let family = match self.which(problems)? {
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

    fn key(&self, key: &str) -> Option<&Node> {
        self.reader.table.get(key)
    }

    fn place(&self, key: &str) -> Place {
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
    fn share_of(&self, key: &str, problems: &mut Vec<Problem>) -> Option<ShareOf> {
        let Some(node) = self.key(key) else { return Some(ShareOf::SameTime) };
        let (slice, whole) = slice_and_whole(node, self.context.dimensions, problems)?;
        Some(ShareOf::Slice { slice, whole })
    }

    /// The bounds of the reserve: shares of expenses, whose period is always written, or amounts.
    fn reserve(&self, problems: &mut Vec<Problem>) -> Option<Family> {
        let dimensions = self.context.dimensions;
        let time = dimensions.iter().position(Dimension::is_time);
        let refuse = |place: Place, problems: &mut Vec<Problem>| {
            problems.push(
                Problem::new(
                    "reserve",
                    format!("limit `{}` does not say against which expenses", self.id),
                    place,
                    "the reserve against what?",
                )
                .help("write `min-share = \"6%\"` with `of = { expenses = \"year\" }`, a level of the time dimension"),
            );
        };
        let keys = ["equal-share", "min-share", "max-share"];
        let (min, max) = self.shares(keys, problems)?;
        if min.is_none() && max.is_none() {
            let number = |key: &str, problems: &mut Vec<Problem>| self.reader.number(key, problems);
            let (min, max) = (number("min", problems), number("max", problems));
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

    fn movement(&self, problems: &mut Vec<Problem>) -> Option<Family> {
        let read = |key: &str, problems: &mut Vec<Problem>| match self.key(key) {
            Some(node) => expression(node, key, self.context.dimensions, problems).map(Some),
            None => Some(None),
        };
        let most_in = read("max-in", problems);
        let most_out = read("max-out", problems);
        let turnover = read("max-turnover", problems);
        let (mut most_in, mut most_out, mut turnover) = (most_in?, most_out?, turnover?);
        let within = match self.key("within") {
            None => None,
            Some(node) => Some(self.within(node, problems)?),
        };
        if let Some(last) = self.tiers(problems)?.last() {
            let bound = Some(last.up_to.clone());
            match [&most_in, &most_out, &turnover].map(Option::is_some) {
                [false, false, false] => (most_in, most_out) = (bound.clone(), bound),
                [true, false, false] => most_in = bound,
                [false, true, false] => most_out = bound,
                [false, false, true] => turnover = bound,
                _ => {
                    problems.push(
                        Problem::new(
                            "tiers",
                            format!("the tiers of limit `{}` qualify one bound", self.id),
                            self.place("tiers"),
                            "which of them?",
                        )
                        .help("make two limits of it, each with its tiers"),
                    );
                    return None;
                }
            }
        }
        if turnover.is_some() && within.is_none() {
            problems.push(
                Problem::new(
                    "within",
                    format!("limit `{}` bounds a turnover between nothing", self.id),
                    self.place("max-turnover"),
                    "between what?",
                )
                .help("add `within`: a dimension, a level or \"cells\""),
            );
            return None;
        }
        Some(Family::Movement { most_in, most_out, turnover, within })
    }

    fn within(&self, node: &Node, problems: &mut Vec<Problem>) -> Option<Within> {
        within(node, self.context.dimensions, problems)
    }

    /// The tiers of the limit, in order.
    pub(crate) fn tiers(&self, problems: &mut Vec<Problem>) -> Option<Vec<Tier>> {
        let Some(node) = self.key("tiers") else { return Some(Vec::new()) };
        let Datum::List(items) = &node.datum else {
            problems.push(wrong_kind(node, "tiers", "a list of tiers"));
            return None;
        };
        let mut tiers = Vec::new();
        for item in items {
            let Datum::Table(table) = &item.datum else {
                problems.push(wrong_kind(
                    item,
                    "tiers",
                    "a table, like { up-to = 500, authority = \"Council\" }",
                ));
                return None;
            };
            let reader = Reader::new(table, item.place, &schema::TIER, problems);
            let authority = reader.needed_text("authority", problems)?.to_string();
            let up_to = reader.needed("up-to", problems)?;
            let up_to = expression(up_to, "up-to", self.context.dimensions, problems)?;
            tiers.push(Tier { up_to, authority });
        }
        Some(tiers)
    }

    fn path(&self, sources: &mut Sources, problems: &mut Vec<Problem>) -> Option<Family> {
        let node = self.key("phase-in")?;
        let Datum::Table(table) = &node.datum else {
            problems.push(wrong_kind(
                node,
                "phase-in",
                "a table, like { to = \"target.csv\", over = 3 }",
            ));
            return None;
        };
        let reader = Reader::new(table, node.place, &schema::PHASE_IN, problems);
        reader.needed("over", problems)?;
        let over = reader.number("over", problems)?;
        if !over.is_positive() {
            let place = table.get("over").map_or(node.place, |node| node.place);
            problems.push(
                Problem::new(
                    "phase-in",
                    "a path takes at least one step",
                    place,
                    format!("this is {over}"),
                )
                .help("state over how many time members the target is reached, like `over = 3`"),
            );
            return None;
        }
        let name = reader.needed("to", problems)?;
        let rows = self.keyed(name, &["amount"], sources, problems)?;
        let targets = rows.into_iter().filter_map(|(key, fields, place)| {
            let text = fields.into_iter().flatten().next()?;
            match Amount::parse(&text) {
                Ok(amount) => Some((key, amount)),
                Err(fault) => {
                    problems.push(super::tree::number_problem(&text, place, fault));
                    None
                }
            }
        });
        Some(Family::Path { targets: targets.collect(), over })
    }

    fn table(
        &self,
        node: &Node,
        sources: &mut Sources,
        problems: &mut Vec<Problem>,
    ) -> Option<HashMap<Vec<MemberId>, Family>> {
        const KEYS: [&str; 10] = [
            "min",
            "max",
            "equal",
            "min-share",
            "max-share",
            "equal-share",
            "max-cut",
            "max-rise",
            "max-step-up",
            "max-step-down",
        ];
        let of = self.share_of("of", problems)?;
        let rows = self.keyed(node, &KEYS, sources, problems)?;
        let mut found = HashMap::new();
        for (key, fields, place) in rows {
            let stated: Vec<(&str, String)> = KEYS
                .into_iter()
                .zip(fields)
                .filter_map(|(name, text)| text.map(|text| (name, text)))
                .collect();
            if stated.is_empty() {
                continue;
            }
            match self.row(&stated, &of) {
                Ok(family) => {
                    found.insert(key, family);
                }
                Err(fault) => problems.push(
                    Problem::new(
                        "bounds-row",
                        format!("this row of limit `{}` cannot be read: {fault}", self.id),
                        place,
                        "this row",
                    )
                    .help("give each row the columns of one family, like `min` and `max`"),
                ),
            }
        }
        Some(found)
    }

    /// One row of a table of bounds.
    fn row(&self, stated: &[(&str, String)], of: &ShareOf) -> Result<Family, String> {
        let text = |key: &str| stated.iter().find(|(name, _)| *name == key).map(|(_, text)| text);
        let family = |keys: &[&str]| stated.iter().all(|(name, _)| keys.contains(name));
        let amount = |key: &str| {
            text(key).map(|text| expressions::parse(text, self.context.dimensions)).transpose()
        };
        let part = |key: &str| text(key).map(|text| share(text.trim())).transpose();
        if family(&["min", "max", "equal"]) {
            let equal = amount("equal")?;
            return Ok(Family::Amount {
                min: equal.clone().or(amount("min")?),
                max: equal.or(amount("max")?),
            });
        }
        if family(&["min-share", "max-share", "equal-share"]) {
            let equal = part("equal-share")?;
            return Ok(Family::Share {
                min: equal.clone().or(part("min-share")?),
                max: equal.or(part("max-share")?),
                of: of.clone(),
                ratio: false,
            });
        }
        if family(&["max-cut", "max-rise"]) {
            return Ok(Family::Change { cut: part("max-cut")?, rise: part("max-rise")? });
        }
        if family(&["max-step-up", "max-step-down"]) {
            return Ok(Family::Step { down: part("max-step-down")?, up: part("max-step-up")? });
        }
        Err("it states bounds of two families".into())
    }

    /// The rows of a table that has the columns of `each`, and some of `columns`.
    fn keyed(
        &self,
        node: &Node,
        columns: &[&str],
        sources: &mut Sources,
        problems: &mut Vec<Problem>,
    ) -> Option<Vec<KeyedRow>> {
        let file = TableFile::named(node, "table", problems)?;
        let sheet = file.open(self.context.files, self.context.path, sources, problems)?;
        let names: Vec<&str> = self.each.iter().map(|axis| self.axis_name(*axis)).collect();
        let known: Vec<&str> = names
            .iter()
            .copied()
            .chain(columns.iter().copied())
            .chain(["note", "source"])
            .collect();
        sheet.check_columns(&known, &[], problems);
        let keys: Vec<Option<usize>> =
            names.iter().map(|name| sheet.needed(name, problems)).collect();
        let keys: Vec<usize> = keys.into_iter().collect::<Option<_>>()?;
        let mut rows = Vec::new();
        for row in 0..sheet.len() {
            let mut members = Vec::new();
            for (axis, column) in self.each.iter().zip(&keys) {
                let dimension = &self.context.dimensions[axis.dimension];
                let place = sheet.place(row, *column, sources);
                let text = sheet.field(row, *column).to_string();
                members.extend(super::slices::member(&text, place, dimension, problems));
            }
            if members.len() != self.each.len() {
                continue;
            }
            let place = sheet.place(row, keys.first().copied().unwrap_or(0), sources);
            let fields = columns.iter().map(|name| {
                let text = sheet.column(name).map(|column| sheet.field(row, column).to_string());
                text.filter(|text| !text.is_empty())
            });
            rows.push((members, fields.collect(), place));
        }
        Some(rows)
    }

    fn axis_name(&self, axis: Axis) -> &str {
        let dimension = &self.context.dimensions[axis.dimension];
        let own = find_axis(dimension.id().as_str(), self.context.dimensions);
        if own == Some(axis) {
            return dimension.id().as_str();
        }
        let levels = dimension.levels().iter().map(Id::as_str);
        levels
            .into_iter()
            .find(|name| find_axis(name, self.context.dimensions) == Some(axis))
            .unwrap_or(dimension.id().as_str())
    }
}

/// The members of a row, the texts of its columns, and its place.
type KeyedRow = (Vec<MemberId>, Vec<Option<String>>, Place);

/// The members between which money moves: a dimension, a level or single cells.
pub(crate) fn within(
    node: &Node,
    dimensions: &[Dimension],
    problems: &mut Vec<Problem>,
) -> Option<Within> {
    let name = super::reader::as_text(node, "within", problems)?;
    if name == "cells" {
        return Some(Within::Cells);
    }
    axis(name, node.place, dimensions, problems).map(Within::Axis)
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
