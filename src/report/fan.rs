//! What many scenarios come to: percentiles, odds, and how often each limit binds.

use std::collections::BTreeMap;

use super::table::{Column, RowKind, Table, Unit, Value};
use crate::units::Amount;

/// The percentiles that are shown.
const PERCENTILES: [u32; 7] = [0, 5, 25, 50, 75, 95, 100];

/// The figures of one column, ascending, and what was asked for where that is known.
#[derive(Debug, Clone)]
pub struct Fan {
    /// The column.
    pub name: String,
    /// Its figures, ascending.
    pub sorted: Vec<f64>,
    /// The need of the slice, in the same unit.
    pub need: Option<Amount>,
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
pub fn fan(fans: &[Fan]) -> Table {
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
    for own in fans {
        let count = own.sorted.len();
        let mut row = vec![Value::text(own.name.clone())];
        row.push(whole(u64::try_from(count).unwrap_or(u64::MAX)));
        let mean = own.sorted.iter().sum::<f64>() / count as f64;
        row.push(figure(if count == 0 { None } else { Some(mean) }));
        for percent in PERCENTILES {
            row.push(figure(percentile(&own.sorted, percent)));
        }
        row.push(Value::maybe(own.need.clone()));
        let reached = own.need.as_ref().map(|need| {
            let need = need.nearest_f64();
            let short = own.sorted.partition_point(|value| *value < need);
            u64::try_from(count - short).unwrap_or(0)
        });
        row.push(Value::maybe(reached.and_then(|reached| share(reached, count))));
        table.push(RowKind::Body, row);
    }
    table
}

/// The least figure that at least so many percent do not exceed.
fn percentile(sorted: &[f64], percent: u32) -> Option<f64> {
    let rank = (sorted.len() * percent as usize).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

fn figure(value: Option<f64>) -> Value {
    Value::maybe(value.and_then(Amount::from_f64))
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
    use super::percentile;

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
