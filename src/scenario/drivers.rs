//! Reads `[[driver]]`, and numbers that may be stated by time member.

use super::problem::Problem;
use super::reader::{Reader, as_number, with_help, wrong_kind};
use super::schema;
use super::slices::member;
use super::suggest::suggest;
use super::tree::{Datum, Node, Table};
use crate::plan::{Dimension, Driver, DriverUnit};
use crate::units::{Amount, MemberId};

/// What the revenue of a plan is read against.
pub(crate) struct Terms<'a> {
    pub(crate) dimensions: &'a [Dimension],
    pub(crate) scale: u32,
}

impl Terms<'_> {
    pub(crate) fn time(&self) -> Option<&Dimension> {
        self.dimensions.iter().find(|dimension| dimension.is_time())
    }

    /// A number, or a table of numbers by time member.
    pub(crate) fn by_time(
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
    pub(crate) fn at<'v>(
        &self,
        values: &'v [(Option<MemberId>, Amount)],
        leaf: Option<MemberId>,
    ) -> Option<&'v Amount> {
        let above = std::iter::successors(leaf, |member| self.time()?.member(*member).parent);
        let own =
            above.clone().find_map(|member| values.iter().find(|(at, _)| *at == Some(member)));
        own.or_else(|| values.iter().find(|(at, _)| at.is_none())).map(|(_, value)| value)
    }

    pub(crate) fn leaves(&self) -> Vec<Option<MemberId>> {
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
    let plausible = plausible(reader, problems);
    Some(Driver {
        id,
        unit,
        values: terms.by_time(value, "value", problems)?,
        plausible,
        provenance: reader.provenance(problems),
        source: reader.owned("source", problems),
    })
}

/// The range in which a value is expected.
fn plausible(reader: &Reader<'_>, problems: &mut Vec<Problem>) -> Option<(Amount, Amount)> {
    let node = reader.table.get("plausible")?;
    let Datum::List(ends) = &node.datum else {
        problems.push(wrong_kind(node, "plausible", "two numbers, like [250000, 400000]"));
        return None;
    };
    let [low, high] = ends.as_slice() else {
        problems.push(wrong_kind(node, "plausible", "two numbers, like [250000, 400000]"));
        return None;
    };
    let low = as_number(low, "plausible", problems);
    let high = as_number(high, "plausible", problems);
    let (low, high) = (low?, high?);
    if low > high {
        problems.push(
            Problem::new(
                "plausible",
                "`plausible` states its greater end first",
                node.place,
                "this range",
            )
            .help(format!("write `plausible = [{high}, {low}]`")),
        );
        return None;
    }
    Some((low, high))
}
