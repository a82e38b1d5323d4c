//! Reads `[[limit]]`, `[[control]]`, `[[hold]]` and `[[stage]]`.

use super::expressions::expression;
use super::problem::Problem;
use super::reader::{Reader, as_share, later, with_help, wrong_kind};
use super::schema;
use super::slices::{axes, slice, slice_and_whole};
use super::source::Place;
use super::suggest::suggest;
use super::tree::{Datum, Table};
use crate::plan::{Control, ControlOf, Dimension, Expression, Family, Hold, Limit, ShareOf, Slice};
use crate::units::{Amount, Id};

/// The keys of each family; a limit uses those of one.
const FAMILIES: [(&str, &[&str]); 3] = [
    ("amount", &["min", "max", "equal"]),
    ("share", &["min-share", "max-share", "equal-share", "of"]),
    ("change", &["max-cut", "max-rise", "max-change"]),
];

/// The limits of the plan.
pub(crate) fn limits(
    root: &Table,
    dimensions: &[Dimension],
    problems: &mut Vec<Problem>,
) -> Vec<Limit> {
    let mut found = Vec::new();
    for (table, place) in root.items("limit") {
        let reader = Reader::new(table, place, &schema::LIMIT, problems);
        found.extend(limit(&reader, dimensions, problems));
    }
    found
}

fn limit(
    reader: &Reader<'_>,
    dimensions: &[Dimension],
    problems: &mut Vec<Problem>,
) -> Option<Limit> {
    let id = reader.id(problems)?;
    if let Some(word) = reader.text("strength", problems)
        && word != "hard"
    {
        let place = reader.table.get("strength").map_or(reader.place, |node| node.place);
        if word == "soft" {
            problems.push(later("a soft limit", place));
        } else {
            let problem =
                Problem::new("strength", format!("`{word}` is no strength"), place, "unknown");
            problems.push(with_help(problem, suggest(word, ["hard", "soft"])));
        }
    }
    let on = match reader.table.get("on") {
        Some(node) => slice(node, dimensions, problems)?,
        None => Slice::all(dimensions.len()),
    };
    let each = match reader.table.get("each") {
        Some(node) => axes(node, dimensions, problems)?,
        None => Vec::new(),
    };
    let before = problems.len();
    let family = family(reader, &id, dimensions, problems);
    if reader.is_partial() && problems.get(before).is_some_and(|last| last.code == "no-bound") {
        problems.truncate(before);
    }
    let family = family?;
    Some(Limit {
        title: reader.owned("title", problems).unwrap_or_else(|| id.to_string()),
        authority: reader.owned("authority", problems),
        id,
        on,
        each,
        family,
    })
}

fn family(
    reader: &Reader<'_>,
    id: &Id,
    dimensions: &[Dimension],
    problems: &mut Vec<Problem>,
) -> Option<Family> {
    let used: Vec<(&str, &str)> = FAMILIES
        .iter()
        .filter_map(|(name, keys)| {
            let bound = keys.iter().filter(|key| **key != "of");
            bound.copied().find(|key| reader.table.get(key).is_some()).map(|key| (*name, key))
        })
        .collect();
    match used.as_slice() {
        [("amount", _)] => amounts(reader, ["equal", "min", "max"], dimensions, problems)
            .map(|(min, max)| Family::Amount { min, max }),
        [("share", _)] => shares(reader, dimensions, problems),
        [_] => changes(reader, problems),
        [] => {
            let later = schema::LIMIT.later.iter().any(|key| reader.table.get(key).is_some());
            if !later {
                problems.push(
                    Problem::new("no-bound", format!("limit `{id}` bounds nothing"), reader.place, "states no bound")
                        .help("add `min`, `max` or `equal`, a share (`max-share`) or a change (`max-cut`)"),
                );
            }
            None
        }
        [(first, one), (second, other), ..] => {
            let place = |key: &str| reader.table.key_place(key).unwrap_or(reader.place);
            problems.push(
                Problem::new(
                    "two-families",
                    format!("limit `{id}` bounds both {first} and {second}"),
                    place(one),
                    format!("bounds the {first}"),
                )
                .also(place(other), format!("bounds the {second}"))
                .help("make two limits of it"),
            );
            None
        }
    }
}

/// The pair of bounds that `[equal, least, most]` state; an equal is both.
fn pair<T: Clone>(
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

fn amounts(
    reader: &Reader<'_>,
    keys: [&str; 3],
    dimensions: &[Dimension],
    problems: &mut Vec<Problem>,
) -> Option<(Option<Expression>, Option<Expression>)> {
    pair(reader, keys, problems, |key, problems| {
        expression(reader.table.get(key)?, key, dimensions, problems)
    })
}

fn read_share(reader: &Reader<'_>, key: &str, problems: &mut Vec<Problem>) -> Option<Amount> {
    as_share(reader.table.get(key)?, key, problems)
}

fn shares(
    reader: &Reader<'_>,
    dimensions: &[Dimension],
    problems: &mut Vec<Problem>,
) -> Option<Family> {
    let keys = ["equal-share", "min-share", "max-share"];
    let (min, max) =
        pair(reader, keys, problems, |key, problems| read_share(reader, key, problems))?;
    let of = match reader.table.get("of") {
        None => ShareOf::SameTime,
        Some(node) => {
            let (slice, whole) = slice_and_whole(node, dimensions, problems)?;
            ShareOf::Slice { slice, whole }
        }
    };
    Some(Family::Share { min, max, of })
}

fn changes(reader: &Reader<'_>, problems: &mut Vec<Problem>) -> Option<Family> {
    let keys = ["max-change", "max-cut", "max-rise"];
    let (cut, rise) =
        pair(reader, keys, problems, |key, problems| read_share(reader, key, problems))?;
    Some(Family::Change { cut, rise })
}

/// The controls of the plan.
pub(crate) fn controls(
    root: &Table,
    dimensions: &[Dimension],
    problems: &mut Vec<Problem>,
) -> Vec<Control> {
    let mut found = Vec::new();
    for (table, place) in root.items("control") {
        let reader = Reader::new(table, place, &schema::CONTROL, problems);
        found.extend(control(&reader, dimensions, problems));
    }
    found
}

fn control(
    reader: &Reader<'_>,
    dimensions: &[Dimension],
    problems: &mut Vec<Problem>,
) -> Option<Control> {
    let on = match reader.table.get("on") {
        Some(node) => slice(node, dimensions, problems)?,
        None => Slice::all(dimensions.len()),
    };
    let of = match reader.text("of", problems) {
        None | Some("baseline") => ControlOf::Baseline,
        Some("allocation") => ControlOf::Allocation,
        Some("revenue") => ControlOf::Revenue,
        Some(other) => {
            let place = reader.table.get("of").map_or(reader.place, |node| node.place);
            let message = format!("a control cannot be of `{other}`");
            let problem = Problem::new("control-of", message, place, "unknown");
            let known = ["baseline", "allocation", "revenue"];
            problems.push(with_help(problem, suggest(other, known)));
            return None;
        }
    };
    reader.needed("equals", problems)?;
    Some(Control {
        on,
        of,
        equals: reader.number("equals", problems)?,
        rounding: reader.number("rounding", problems).unwrap_or_default(),
        provenance: reader.provenance(problems),
        source: reader.owned("source", problems),
    })
}

/// The holds of the scenario; those whose day is over by `as_of` are lapsed.
pub(crate) fn holds(
    root: &Table,
    dimensions: &[Dimension],
    as_of: Option<&str>,
    problems: &mut Vec<Problem>,
) -> Vec<Hold> {
    let mut found = Vec::new();
    for (table, place) in root.items("hold") {
        let reader = Reader::quiet(table, place, &schema::HOLD);
        found.extend(hold(&reader, dimensions, as_of, problems));
    }
    found
}

fn hold(
    reader: &Reader<'_>,
    dimensions: &[Dimension],
    as_of: Option<&str>,
    problems: &mut Vec<Problem>,
) -> Option<Hold> {
    let on = slice(reader.needed("on", problems)?, dimensions, problems)?;
    let (min, max) = amounts(reader, ["at", "at-least", "at-most"], dimensions, problems)?;
    if min.is_none() && max.is_none() && reader.is_partial() {
        return None;
    }
    if min.is_none() && max.is_none() {
        problems.push(
            Problem::new("no-bound", "a hold holds nothing", reader.place, "states no level")
                .help("add `at`, `at-least` or `at-most`"),
        );
        return None;
    }
    let until = match reader.table.get("until") {
        None => None,
        Some(node) => Some(date(node, "until", problems)?),
    };
    let id = reader.text("id", problems).map_or_else(|| Id::from(on.text(dimensions)), Id::from);
    Some(Hold {
        id,
        lapsed: until.as_deref().zip(as_of).is_some_and(|(until, as_of)| until < as_of),
        on,
        min,
        max,
        by: reader.owned("by", problems),
        reason: reader.owned("reason", problems),
        until,
    })
}

/// The day that a node states, as `2027-12-31`.
pub(crate) fn date(
    node: &super::tree::Node,
    key: &str,
    problems: &mut Vec<Problem>,
) -> Option<String> {
    match &node.datum {
        Datum::Date(text) if text.len() == 10 => Some(text.clone()),
        _ => {
            problems.push(wrong_kind(node, key, "a day without quotes, like 2027-12-31"));
            None
        }
    }
}

/// Checks the stages: pro-rata calibration is the only one so far, and always the last.
pub(crate) fn stages(root: &Table, problems: &mut Vec<Problem>) {
    let mut change: Option<Place> = None;
    for (table, place) in root.items("stage") {
        let reader = Reader::new(table, place, &schema::STAGE, problems);
        let objective = reader.text("minimise", problems);
        let spread = reader.text("spread", problems);
        let at = |key: &str| table.get(key).map_or(place, |node| node.place);
        match (objective, spread) {
            (Some("change"), None | Some("pro-rata")) => {
                if let Some(earlier) = change.replace(place) {
                    problems.push(
                        Problem::new(
                            "stage-twice",
                            "the pro-rata stage stands twice",
                            place,
                            "again",
                        )
                        .also(earlier, "first here")
                        .help("keep one: it is always the last stage"),
                    );
                }
            }
            (Some("change"), Some("few-moves")) => {
                problems.push(later("`few-moves`", at("spread")));
            }
            (Some("change"), Some(other)) => {
                let problem = Problem::new(
                    "spread",
                    format!("`{other}` is no spread"),
                    at("spread"),
                    "unknown",
                );
                problems.push(with_help(problem, suggest(other, ["pro-rata", "few-moves"])));
            }
            (
                Some(known @ ("shortfall" | "turnover" | "deviation" | "reserve-use" | "amount")),
                _,
            ) => {
                problems.push(later(&format!("the stage `{known}`"), at("minimise")));
            }
            (Some(other), _) => {
                let problem = Problem::new(
                    "objective",
                    format!("`{other}` is no objective"),
                    at("minimise"),
                    "unknown",
                );
                let known = ["change", "shortfall", "turnover", "deviation", "reserve-use"];
                problems.push(with_help(problem, suggest(other, known)));
            }
            (None, _) if table.get("maximise").is_some() => {}
            (None, _) => {
                reader.needed("minimise", problems);
            }
        }
    }
}
