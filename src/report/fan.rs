//! What many scenarios come to: percentiles, odds, and how often each limit binds.

use std::collections::BTreeMap;

use super::table::{Column, RowKind, Table, Unit, Value};
use crate::units::Amount;

/// The percentiles that are shown.
const PERCENTILES: [u32; 7] = [0, 5, 25, 50, 75, 95, 100];

/// What the figures of one column come to.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// The column.
    pub name: String,
    /// How many figures there are.
    pub count: usize,
    /// Their mean.
    pub mean: Option<Amount>,
    /// The least, then the figures that 5, 25, 50, 75 and 95 percent do not exceed, then the greatest.
    pub percentiles: [Option<Amount>; 7],
    /// The need of the slice, in the same unit, where it is known.
    pub need: Option<Amount>,
    /// The share of the figures that reach it.
    pub funded: Option<Amount>,
}

impl Spread {
    /// What some figures, given ascending, come to.
    pub fn of(name: String, sorted: &[f64], need: Option<Amount>) -> Self {
        let count = sorted.len();
        let mean = sorted.iter().sum::<f64>() / count as f64;
        let reached = |need: &Amount| {
            let short = sorted.partition_point(|value| *value < need.nearest_f64());
            share(u64::try_from(count - short).unwrap_or(0), count)
        };
        Self {
            name,
            count,
            mean: Amount::from_f64(mean).filter(|_| count > 0),
            percentiles: PERCENTILES
                .map(|percent| percentile(sorted, percent).and_then(Amount::from_f64)),
            funded: need.as_ref().and_then(reached),
            need,
        }
    }

    /// Whether it is a total of money, and not a figure that varies or what a stage reached.
    pub fn is_total(&self) -> bool {
        is_total(&self.name)
    }

    /// The figure that so many of its percentiles lie below, counted from the least.
    pub fn at(&self, place: usize) -> Option<&Amount> {
        self.percentiles.get(place).and_then(Option::as_ref)
    }
}

/// Whether a column has a total of money: a target has a dot where a slice has its first dimension.
pub(super) fn is_total(column: &str) -> bool {
    let slice = column.split_once(" = ").is_some_and(|(axis, _)| !axis.contains(['.', ' ']));
    slice || matches!(column, "allocation" | "revenue")
}

/// How the scenarios ended: each status with its count.
pub fn outcomes(counts: &BTreeMap<String, u64>, rows: usize) -> Table {
    counted(("outcomes", "How the scenarios end"), ("status", "Status"), counts, rows)
}

/// How often each limit binds.
pub fn binding(counts: &BTreeMap<String, u64>, solved: usize) -> Table {
    let mut table =
        counted(("binding", "How often each limit binds"), ("limit", "Limit"), counts, solved);
    table.notes.push("of the scenarios that have an answer; equalities are left out".into());
    table
}

/// What could not hold together.
pub fn clashes(counts: &BTreeMap<String, u64>, rows: usize) -> Table {
    counted(("clashes", "What cannot hold together"), ("limit", "Limit"), counts, rows)
}

/// How often each key stands in the rows, most often first.
fn counted(
    (id, title): (&'static str, &str),
    (key, heading): (&str, &str),
    counts: &BTreeMap<String, u64>,
    of: usize,
) -> Table {
    let columns = vec![
        Column::key(key, heading),
        Column::figure("scenarios", "Scenarios", Unit::None),
        Column::figure("share", "Share", Unit::Percent),
    ];
    let mut table = Table::new(id, title, columns);
    let mut sorted: Vec<(&String, &u64)> = counts.iter().collect();
    sorted.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    for (name, count) in sorted {
        let share = Value::maybe(share(*count, of));
        table.push(RowKind::Body, vec![Value::text(name.clone()), whole(*count), share]);
    }
    table
}

/// The percentiles of each column: the least figure that at least so many percent do not exceed.
/// Where a slice has a need, the share of the scenarios that reach it.
pub fn fan(spreads: &[Spread]) -> Table {
    let mut columns = vec![Column::key("figure", "Figure")];
    columns.push(Column::figure("scenarios", "Scenarios", Unit::None));
    columns.push(Column::figure("mean", "Mean", Unit::None));
    for percent in PERCENTILES {
        let title = match percent {
            0 => "Least".to_string(),
            50 => "Median".into(),
            100 => "Most".into(),
            _ => format!("{percent} %"),
        };
        columns.push(Column::figure(&format!("p{percent}"), &title, Unit::None));
    }
    columns.push(Column::figure("need", "Need", Unit::None));
    columns.push(Column::figure("funded", "At its need", Unit::Percent));
    let mut table = Table::new("fan", "What each figure comes to", columns);
    for own in spreads {
        let mut row = vec![Value::text(own.name.clone())];
        row.push(whole(u64::try_from(own.count).unwrap_or(u64::MAX)));
        row.push(Value::maybe(own.mean.clone()));
        row.extend(own.percentiles.iter().cloned().map(Value::maybe));
        row.push(Value::maybe(own.need.clone()));
        row.push(Value::maybe(own.funded.clone()));
        table.push(RowKind::Body, row);
    }
    table
}

/// The least of some figures, given ascending, that at least so many percent do not exceed.
pub fn percentile(sorted: &[f64], percent: u32) -> Option<f64> {
    let rank = (sorted.len() * percent as usize).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

fn whole(count: u64) -> Value {
    Value::Number(Amount::whole(i64::try_from(count).unwrap_or(i64::MAX)))
}

fn share(count: u64, of: usize) -> Option<Amount> {
    let (count, of) = (i64::try_from(count).ok()?, i64::try_from(of).ok()?);
    (of > 0).then(|| Amount::ratio(count, of))
}

#[cfg(test)]
mod tests {
    use super::{is_total, percentile};

    #[test]
    fn totals_are_told_from_what_varies() {
        for name in ["allocation", "revenue", "sector = radio, priority = access"] {
            assert!(is_total(name), "{name}");
        }
        let others = ["driver.a.value", "cells.max { sector = \"radio\" }", "stage.value"];
        assert!(others.iter().all(|name| !is_total(name)));
    }

    #[test]
    fn a_percentile_is_a_figure_that_is_there() {
        let ten: Vec<f64> = (1..=10).map(f64::from).collect();
        let at = |percent: u32| percentile(&ten, percent).map(f64::to_bits);
        for (percent, figure) in [(0, 1.0), (5, 1.0), (25, 3.0), (50, 5.0), (95, 10.0), (100, 10.0)]
        {
            assert_eq!(at(percent), Some(f64::to_bits(figure)), "{percent}");
        }
        assert_eq!(percentile(&[], 50), None);
    }
}
