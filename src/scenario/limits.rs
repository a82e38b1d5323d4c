//! Reads `[[limit]]` and `[[hold]]`.

use super::expressions::expression;
use super::families::{Context, FamilyReader, pair, unknown_word};
use super::measures::Counted;
use super::problem::Problem;
use super::reader::{Reader, as_number, wrong_kind};
use super::schema;
use super::slices::{axes, slice};
use super::source::Sources;
use super::tree::{Datum, Table};
use crate::plan::{Dimension, Hold, Limit, MeasureOf, Slice, Strength};
use crate::units::{Amount, Id};

/// The limits of the plan.
pub(crate) fn limits(
    root: &Table,
    context: &Context<'_>,
    counted: Counted<'_>,
    sources: &mut Sources,
    problems: &mut Vec<Problem>,
) -> Vec<Limit> {
    let mut found = Vec::new();
    for (table, place) in root.items("limit") {
        let reader = Reader::new(table, place, &schema::LIMIT, problems);
        found.extend(limit(&reader, context, counted, sources, problems));
    }
    found
}

fn limit(
    reader: &Reader<'_>,
    context: &Context<'_>,
    counted: Counted<'_>,
    sources: &mut Sources,
    problems: &mut Vec<Problem>,
) -> Option<Limit> {
    let id = reader.id(problems)?;
    let strength = strength(reader, problems);
    let dimensions = context.dimensions;
    let on = match reader.table.get("on") {
        Some(node) => slice(node, dimensions, problems)?,
        None => Slice::all(dimensions.len()),
    };
    let each = match reader.table.get("each") {
        Some(node) => axes(node, dimensions, problems)?,
        None => Vec::new(),
    };
    let measure = match reader.table.get("measure") {
        Some(node) => counted.read(node, problems)?,
        None => MeasureOf::Amount,
    };
    let own = FamilyReader {
        reader,
        id: &id,
        each: &each,
        context,
        reserve: measure == MeasureOf::Reserve,
    };
    let before = problems.len();
    let bounds = own.bounds(sources, problems);
    if reader.is_partial() && problems.get(before).is_some_and(|last| last.code == "no-bound") {
        problems.truncate(before);
    }
    let bounds = bounds?;
    let tiers = own.tiers(problems)?;
    Some(Limit {
        title: reader.owned("title", problems).unwrap_or_else(|| id.to_string()),
        authority: reader.owned("authority", problems),
        approval: reader.owned("approval", problems),
        strength: strength?,
        id,
        measure,
        on,
        each,
        bounds,
        tiers,
    })
}

fn strength(reader: &Reader<'_>, problems: &mut Vec<Problem>) -> Option<Strength> {
    let place = reader.table.get("strength").map_or(reader.place, |node| node.place);
    let soft = match reader.text("strength", problems) {
        None | Some("hard") => false,
        Some("soft") => true,
        Some(word) => {
            problems.push(unknown_word("strength", word, "strength", place, &["hard", "soft"]));
            return None;
        }
    };
    let weight =
        match reader.table.get("weight") {
            None => Amount::ONE,
            Some(node) => {
                let weight = as_number(node, "weight", problems)?;
                if !soft || !weight.is_positive() {
                    let why =
                        if soft { "a weight is above zero" } else { "a hard limit has no weight" };
                    problems.push(Problem::new("weight", why, node.place, "this weight").help(
                        "a weight says how much a unit of miss counts beside other soft limits",
                    ));
                    return None;
                }
                weight
            }
        };
    Some(if soft { Strength::Soft { weight } } else { Strength::Hard })
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
    let keys = ["at", "at-least", "at-most"];
    let (min, max) = pair(reader, keys, problems, |key, problems| {
        expression(reader.table.get(key)?, key, dimensions, problems)
    })?;
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
