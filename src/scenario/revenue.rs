//! Reads `[[driver]]`, `[[revenue]]` and `[balance]`.

use super::problem::Problem;
use super::reader::{Reader, as_number, as_text, with_help, wrong_kind};
use super::schema;
use super::slices::{axis, member};
use super::source::Place;
use super::suggest::suggest;
use super::tree::{Datum, Node, Table};
use crate::plan::{
    Balance, Dimension, Driver, DriverUnit, Level, Provenance, RevenueEntry, RevenueLine, Spend,
};
use crate::units::{Amount, Id, MemberId};

/// What the revenue of a plan is read against.
pub(crate) struct Terms<'a> {
    pub(crate) dimensions: &'a [Dimension],
    pub(crate) scale: u32,
}

impl Terms<'_> {
    fn time(&self) -> Option<&Dimension> {
        self.dimensions.iter().find(|dimension| dimension.is_time())
    }

    /// A number, or a table of numbers by time member.
    fn by_time(
        &self,
        node: &Node,
        key: &str,
        problems: &mut Vec<Problem>,
    ) -> Option<Vec<(Option<MemberId>, Amount)>> {
        let Datum::Table(table) = &node.datum else {
            return Some(vec![(None, as_number(node, key, problems)?)]);
        };
        let Some(time) = self.time() else {
            problems.push(
                wrong_kind(node, key, "a number")
                    .help("a table is by time member: give one dimension `role = \"time\"`"),
            );
            return None;
        };
        let mut values = Vec::new();
        for (id, entry) in &table.entries {
            let member = member(id, entry.key, time, problems)?;
            values.push((Some(member), as_number(&entry.node, key, problems)?));
        }
        values.sort_by_key(|(member, _)| *member);
        Some(values)
    }

    /// The value in `values` for a time leaf: its own, or that of the member it lies under.
    fn at<'v>(
        &self,
        values: &'v [(Option<MemberId>, Amount)],
        leaf: Option<MemberId>,
    ) -> Option<&'v Amount> {
        let above = std::iter::successors(leaf, |member| self.time()?.member(*member).parent);
        let own =
            above.clone().find_map(|member| values.iter().find(|(at, _)| *at == Some(member)));
        own.or_else(|| values.iter().find(|(at, _)| at.is_none())).map(|(_, value)| value)
    }

    fn leaves(&self) -> Vec<Option<MemberId>> {
        match self.time() {
            Some(time) => time.leaves().map(Some).collect(),
            None => vec![None],
        }
    }
}

/// The drivers of the plan.
pub(crate) fn drivers(root: &Table, terms: &Terms<'_>, problems: &mut Vec<Problem>) -> Vec<Driver> {
    let mut found = Vec::new();
    for (table, place) in root.items("driver") {
        let reader = Reader::new(table, place, &schema::DRIVER, problems);
        found.extend(driver(&reader, terms, problems));
    }
    found
}

fn driver(reader: &Reader<'_>, terms: &Terms<'_>, problems: &mut Vec<Problem>) -> Option<Driver> {
    let id = reader.id(problems)?;
    let value = reader.needed("value", problems)?;
    let word = reader.needed_text("unit", problems)?;
    let unit = match word {
        "CHF" | "currency" => DriverUnit::Currency,
        "plan" => DriverUnit::Plan,
        "count" => DriverUnit::Count,
        "ratio" => DriverUnit::Ratio,
        "years" => DriverUnit::Years,
        _ => {
            let place = reader.table.get("unit").map_or(reader.place, |node| node.place);
            let problem = Problem::new(
                "driver-unit",
                format!("`{word}` is no unit of a driver"),
                place,
                "unknown",
            );
            let units = ["CHF", "currency", "plan", "count", "ratio", "years"];
            problems.push(with_help(problem, suggest(word, units)));
            return None;
        }
    };
    let plausible = match reader.table.get("plausible").map(|node| (node, &node.datum)) {
        Some((_, Datum::List(ends))) if ends.len() == 2 => Some((
            as_number(&ends[0], "plausible", problems)?,
            as_number(&ends[1], "plausible", problems)?,
        )),
        Some((node, _)) => {
            problems.push(wrong_kind(node, "plausible", "two numbers, like [250000, 400000]"));
            None
        }
        None => None,
    };
    Some(Driver {
        id,
        unit,
        values: terms.by_time(value, "value", problems)?,
        plausible,
        provenance: reader.provenance(problems),
        source: reader.owned("source", problems),
    })
}

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
    let ways = ["product", "amount", "amounts", "min"];
    let stated: Vec<&str> =
        ways.into_iter().filter(|key| reader.table.get(key).is_some()).collect();
    let mut provenance = None;
    let entries = match stated.as_slice() {
        ["product"] => {
            let node = reader.table.get("product")?;
            let (entries, weakest) = product(node, drivers, terms, problems)?;
            provenance = Some(weakest);
            entries
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
    let mut factors: Vec<&Driver> = Vec::new();
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

/// The balance of the plan, where it has one.
pub(crate) fn balance(
    root: &Table,
    terms: &Terms<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Balance> {
    let node = root.get("balance")?;
    let Datum::Table(table) = &node.datum else {
        problems.push(wrong_kind(node, "balance", "a table"));
        return None;
    };
    let reader = Reader::new(table, node.place, &schema::BALANCE, problems);
    let spend = match reader.text("spend", problems) {
        None | Some("all") => Spend::All,
        Some("up-to") => Spend::UpTo,
        Some(other) => {
            let place = table.get("spend").map_or(node.place, |node| node.place);
            let problem =
                Problem::new("spend", format!("`{other}` is no way to spend"), place, "unknown");
            problems.push(with_help(problem, suggest(other, ["all", "up-to"])));
            return None;
        }
    };
    let level = match reader.text("each", problems) {
        None => terms.time().map(|_| Level::Depth(0)),
        Some(name) => {
            let place = table.get("each").map_or(node.place, |node| node.place);
            let axis = axis(name, place, terms.dimensions, problems)?;
            if !terms.dimensions[axis.dimension].is_time() {
                problems.push(
                    Problem::new(
                        "balance-level",
                        format!("`{name}` is no level of the time dimension"),
                        place,
                        "this level",
                    )
                    .help(
                        "name a level of the dimension with `role = \"time\"`, or leave `each` out",
                    ),
                );
                return None;
            }
            Some(axis.level)
        }
    };
    Some(Balance { level, spend })
}

/// The ids of drivers and lines that stand twice.
pub(crate) fn twice(root: &Table, section: &'static str, problems: &mut Vec<Problem>) {
    let mut seen: Vec<(Id, Place)> = Vec::new();
    for (table, place) in root.items(section) {
        let Some(id) = table.text("id") else { continue };
        let place = table.get("id").map_or(place, |node| node.place);
        if let Some((_, earlier)) = seen.iter().find(|(known, _)| *known == *id) {
            problems.push(
                Problem::new(
                    "id-twice",
                    format!("{section} `{id}` is stated twice"),
                    place,
                    "again",
                )
                .also(*earlier, "first here")
                .help("a scenario changes an existing one with `[[change]]`; two need two ids"),
            );
        }
        seen.push((Id::from(id), place));
    }
}
