//! Reads `[[revenue]]`.

use std::collections::{HashMap, HashSet};

use super::drivers::Terms;
use super::problem::Problem;
use super::reader::{Reader, as_text, with_help, wrong_kind};
use super::schema;
use super::source::Place;
use super::suggest::suggest;
use super::tree::{Datum, Node, Table};
use crate::plan::{Driver, DriverUnit, Provenance, RevenueEntry, RevenueLine};
use crate::units::{Amount, Id, MemberId};

/// The revenue lines of the plan.
pub(crate) fn lines(
    root: &Table,
    drivers: &[Driver],
    terms: &Terms<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<RevenueLine> {
    let mut found = Vec::new();
    for (table, place) in root.items("revenue") {
        let reader = Reader::new(table, place, &schema::REVENUE, problems);
        found.extend(line(&reader, drivers, terms, problems));
    }
    found
}

fn line(
    reader: &Reader<'_>,
    drivers: &[Driver],
    terms: &Terms<'_>,
    problems: &mut Vec<Problem>,
) -> Option<RevenueLine> {
    let id = reader.id(problems)?;
    let (entries, provenance) = entries(reader, &id, drivers, terms, problems)?;
    let stated_provenance = reader.provenance(problems);
    let own = reader.table.get("provenance").map(|_| stated_provenance);
    Some(RevenueLine {
        title: reader.owned("title", problems).unwrap_or_else(|| id.to_string()),
        baseline: reader.number("baseline", problems),
        provenance: match (provenance, own) {
            (Some(weakest), Some(own)) => weakest.and(own),
            (Some(weakest), None) => weakest,
            (None, _) => stated_provenance,
        },
        source: reader.owned("source", problems),
        authority: reader.owned("authority", problems),
        id,
        entries,
    })
}

/// What a line brings, and for a product the weakest provenance of its factors.
fn entries(
    reader: &Reader<'_>,
    id: &Id,
    drivers: &[Driver],
    terms: &Terms<'_>,
    problems: &mut Vec<Problem>,
) -> Option<(Vec<RevenueEntry>, Option<Provenance>)> {
    let ways = ["product", "amount", "amounts", "min"];
    let stated: Vec<&str> =
        ways.into_iter().filter(|key| reader.table.get(key).is_some()).collect();
    let entries = match stated.as_slice() {
        ["product"] => {
            let node = reader.table.get("product")?;
            let (entries, weakest) = product(node, drivers, terms, problems)?;
            return Some((entries, Some(weakest)));
        }
        [key @ ("amount" | "amounts")] => {
            let node = reader.table.get(key)?;
            let values = terms.by_time(node, key, problems)?;
            spread(values, terms, node.place, problems)?
                .into_iter()
                .map(|(at, amount)| RevenueEntry::fixed(at, amount))
                .collect()
        }
        [_] => decision(reader, terms, problems)?,
        [] => {
            problems.push(
                Problem::new(
                    "revenue-amount",
                    format!("revenue `{id}` has no amount"),
                    reader.place,
                    "this line",
                )
                .help("state `product`, `amount`, `amounts`, or `min`, `max` and `prefer`"),
            );
            return None;
        }
        [_, second, ..] => {
            let place = reader.table.key_place(second).unwrap_or(reader.place);
            problems.push(
                Problem::new(
                    "revenue-amount",
                    format!("revenue `{id}` states its amount twice"),
                    place,
                    "and here",
                )
                .help("keep one of `product`, `amount`, `amounts`, or `min` with `max`"),
            );
            return None;
        }
    };
    Some((entries, None))
}

/// An amount without a time member is that of the only leaf, or has no time dimension to be of.
fn spread(
    values: Vec<(Option<MemberId>, Amount)>,
    terms: &Terms<'_>,
    place: Place,
    problems: &mut Vec<Problem>,
) -> Option<Vec<(Option<MemberId>, Amount)>> {
    let leaves = terms.leaves();
    if leaves.len() > 1 && values.iter().any(|(at, _)| at.is_none()) {
        problems.push(
            Problem::new(
                "whose-amount",
                "one amount for several time members",
                place,
                "is it for each, or for all?",
            )
            .help("write a table by time member, like { \"2024\" = 1200, \"2025\" = 1200 }"),
        );
        return None;
    }
    let only = leaves.first().copied().flatten();
    Some(values.into_iter().map(|(at, amount)| (at.or(only), amount)).collect())
}

fn decision(
    reader: &Reader<'_>,
    terms: &Terms<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Vec<RevenueEntry>> {
    let node = reader.table.get("min")?;
    let mins = terms.by_time(node, "min", problems)?;
    let max = reader.needed("max", problems)?;
    let maxs = terms.by_time(max, "max", problems)?;
    let prefers = match reader.table.get("prefer") {
        Some(node) => terms.by_time(node, "prefer", problems)?,
        None => mins.clone(),
    };
    let mut entries = Vec::new();
    for at in terms.leaves() {
        let found = (terms.at(&mins, at), terms.at(&maxs, at), terms.at(&prefers, at));
        let (Some(min), Some(max), Some(prefer)) = found else {
            problems.push(
                Problem::new(
                    "decision",
                    "a revenue decision lacks a time member",
                    node.place,
                    "in one of these tables",
                )
                .help("state `min`, `max` and `prefer` for the same time members"),
            );
            return None;
        };
        entries.push(RevenueEntry {
            at,
            min: min.clone(),
            max: max.clone(),
            prefer: prefer.clone(),
        });
    }
    Some(entries)
}

/// Multiplies drivers for each time leaf; exactly one factor is money, and `years` is built in.
fn product(
    node: &Node,
    drivers: &[Driver],
    terms: &Terms<'_>,
    problems: &mut Vec<Problem>,
) -> Option<(Vec<RevenueEntry>, Provenance)> {
    let Datum::List(nodes) = &node.datum else {
        problems.push(wrong_kind(node, "product", "a list of drivers"));
        return None;
    };
    let (factors, years) = factors(nodes, drivers, problems)?;
    let money = factors.iter().filter(|driver| driver.unit.is_money()).count();
    if money != 1 {
        problems.push(
            Problem::new(
                "product-unit",
                format!("a product needs exactly one factor that is money, and has {money}"),
                node.place,
                "these factors",
            )
            .help("give one of the drivers the unit \"CHF\" or \"plan\", the others \"count\" or \"ratio\""),
        );
        return None;
    }
    let mut entries = Vec::new();
    for at in terms.leaves() {
        let mut amount = Amount::ONE;
        for driver in &factors {
            let Some(value) = terms.at(&driver.values, at) else {
                problems.push(
                    Problem::new(
                        "driver-member",
                        format!("driver `{}` has no value for a time member", driver.id),
                        node.place,
                        "is multiplied here",
                    )
                    .help("state its value for every time member, or once for all"),
                );
                return None;
            };
            amount *= value;
            if driver.unit == DriverUnit::Currency {
                amount = &amount / &Amount::whole(i64::from(terms.scale));
            }
        }
        if let (true, Some(at), Some(time)) = (years, at, terms.time()) {
            amount *= &time.member(at).years;
        }
        entries.push(RevenueEntry::fixed(at, amount));
    }
    let weakest = factors.iter().map(|driver| driver.provenance).max();
    Some((entries, weakest.unwrap_or(Provenance::Assumed)))
}

/// The drivers that a product names, and whether it multiplies by `years`.
fn factors<'d>(
    nodes: &[Node],
    drivers: &'d [Driver],
    problems: &mut Vec<Problem>,
) -> Option<(Vec<&'d Driver>, bool)> {
    let mut factors: Vec<&'d Driver> = Vec::new();
    let mut years = false;
    for node in nodes {
        let id = as_text(node, "product", problems)?;
        if id == "years" {
            years = true;
        } else if let Some(driver) = drivers.iter().find(|driver| driver.id == *id) {
            factors.push(driver);
        } else {
            let problem = Problem::new(
                "unknown-driver",
                format!("the plan has no driver `{id}`"),
                node.place,
                "unknown",
            );
            let known = drivers.iter().map(|driver| driver.id.as_str()).chain(["years"]);
            problems.push(with_help(problem, suggest(id, known)));
            return None;
        }
    }
    Some((factors, years))
}

/// The ids of items that stand twice in a section.
pub(crate) fn twice(root: &Table, section: &'static str, problems: &mut Vec<Problem>) {
    let mut seen: HashMap<&str, Place> = HashMap::new();
    for (table, place) in root.items(section) {
        let Some(id) = table.text("id") else { continue };
        let place = table.get("id").map_or(place, |node| node.place);
        if let Some(earlier) = seen.get(id) {
            problems.push(
                Problem::new(
                    "id-twice",
                    format!("{section} `{id}` is stated twice"),
                    place,
                    "again",
                )
                .also(*earlier, "first here")
                .help(if section == "hold" {
                    "a hold takes the place of a parent's only on the same slice: give this one another id"
                } else {
                    "a scenario changes an existing one with `[[change]]`; two need two ids"
                }),
            );
        }
        seen.entry(id).or_insert(place);
    }
}

/// The first item of each id: later ones have been reported, and are not looked at.
pub(crate) fn first_of_each<T>(items: Vec<T>, id: impl Fn(&T) -> &Id) -> Vec<T> {
    let mut seen = HashSet::new();
    items.into_iter().filter(|item| seen.insert(id(item).clone())).collect()
}
