//! The rows of the revenue screen.

use crate::plan::{DriverUnit, Plan};
use crate::report;
use crate::tui::answer::Answer;
use crate::tui::view_text::{table_rows, value_text};
use crate::units::{Amount, display_safe, grouped};

/// One row.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Whether it heads those below it.
    pub heading: bool,
    /// Whether it adds up others.
    pub total: bool,
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// The time member that it is of.
    pub period: String,
    /// What it was before any change.
    pub baseline: String,
    /// What it is.
    pub shown: String,
    /// What that counts.
    pub unit: String,
    /// How it came to be known, or what else to know.
    pub remark: String,
    /// What a change would name; `None` where it follows from others.
    pub target: Option<String>,
    /// The number to begin with where it is changed.
    pub value: Option<Amount>,
}

/// Drivers, lines, the balance and the reserve.
pub(super) fn rows(answer: &Answer) -> Vec<Row> {
    let mut rows = vec![heading("Drivers")];
    rows.extend(drivers(&answer.plan, &answer.stated));
    rows.push(heading("Revenue lines"));
    rows.extend(lines(answer));
    rows.push(heading("Balance"));
    rows.extend(balance(answer));
    rows
}

/// Dotted keys and values, as a file writes them.
type Stated = [(String, String)];

/// Drivers, and the lines that state amounts, of a plan that has no allocation.
pub(super) fn stated_rows(plan: &Plan, values: &Stated) -> Vec<Row> {
    let mut rows = vec![heading("Drivers")];
    rows.extend(drivers(plan, values));
    rows.push(heading("Revenue lines"));
    for line in plan.revenue() {
        let own = format!("revenue.{}.amount", key(line.id.as_str()));
        let inside = format!("{own}s.");
        let amounts = values.iter().filter(|(path, _)| *path == own || path.starts_with(&inside));
        rows.extend(amounts.map(|(path, value)| {
            let value = Amount::parse(value.trim_matches('"')).ok();
            let period = path.strip_prefix(&inside).unwrap_or_default();
            Row {
                id: display_safe(line.id.as_str()),
                title: display_safe(&line.title),
                period: display_safe(period.trim_matches('"')),
                shown: value.as_ref().map_or(String::new(), number),
                unit: plan.unit(),
                remark: line.provenance.word().into(),
                target: Some(path.clone()),
                value,
                ..Row::default()
            }
        }));
    }
    rows
}

fn heading(title: &str) -> Row {
    Row { heading: true, title: title.into(), ..Row::default() }
}

fn stated<'a>(values: &'a Stated, path: &str) -> Option<&'a str> {
    let found = values.iter().find(|(own, _)| own == path);
    found.map(|(_, value)| value.trim_matches('"'))
}

fn key(id: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    if id.chars().all(plain) { id.into() } else { format!("{id:?}") }
}

fn drivers(plan: &Plan, values: &Stated) -> Vec<Row> {
    let mut rows = Vec::new();
    for driver in plan.drivers() {
        let own = format!("driver.{}", key(driver.id.as_str()));
        let title = stated(values, &format!("{own}.title")).unwrap_or(driver.id.as_str());
        let unit = match driver.unit {
            DriverUnit::Currency => plan.currency().to_string(),
            DriverUnit::Plan => plan.unit(),
            DriverUnit::Count => String::new(),
            DriverUnit::Ratio => "ratio".into(),
            DriverUnit::Years => "years".into(),
        };
        let base = Row {
            id: display_safe(driver.id.as_str()),
            title: display_safe(title),
            unit,
            remark: driver.provenance.word().into(),
            ..Row::default()
        };
        let prefix = format!("{own}.value");
        let inside = format!("{prefix}.");
        let found = values.iter().filter(|(path, _)| *path == prefix || path.starts_with(&inside));
        let found: Vec<(&String, &str)> =
            found.map(|(path, value)| (path, value.trim_matches('"'))).collect();
        let several = found.len() > 1;
        if several {
            let first = Amount::parse(found[0].1).ok();
            let same = found.iter().all(|(_, value)| Amount::parse(value).ok() == first);
            let shown = if same { first.as_ref().map(number) } else { None };
            rows.push(Row {
                target: Some(prefix.clone()),
                period: "all".into(),
                shown: shown.unwrap_or_else(|| "several".into()),
                value: first,
                ..base.clone()
            });
        }
        rows.extend(found.into_iter().map(|(path, value)| {
            let value = Amount::parse(value).ok();
            Row {
                target: Some(path.clone()),
                period: path
                    .strip_prefix(&inside)
                    .map_or(String::new(), |own| display_safe(own.trim_matches('"'))),
                shown: value.as_ref().map_or(String::new(), number),
                value,
                title: if several { String::new() } else { base.title.clone() },
                ..base.clone()
            }
        }));
    }
    rows
}

fn number(amount: &Amount) -> String {
    if amount.is_whole() {
        return grouped(amount, 0);
    }
    let text = grouped(amount, 4);
    text.trim_end_matches('0').to_string()
}

fn lines(answer: &Answer) -> Vec<Row> {
    let plan = &answer.plan;
    let table = report::revenue(plan, &answer.allocation);
    let mut rows = Vec::new();
    for (total, texts, values) in table_rows(&table) {
        let [id, title, period, baseline, amount, least, most, _, provenance] = texts.as_slice()
        else {
            continue;
        };
        let own = format!("revenue.{}", key(value_text(&values[0])));
        let period_key = key(value_text(&values[2]));
        let target = [
            format!("{own}.amount"),
            format!("{own}.amounts.{period_key}"),
            format!("{own}.amounts.{:?}", value_text(&values[2])),
        ]
        .into_iter()
        .find(|path| stated(&answer.stated, path).is_some());
        let value =
            target.as_ref().and_then(|path| Amount::parse(stated(&answer.stated, path)?).ok());
        let decided = if least.is_empty() {
            provenance.clone()
        } else {
            format!("decided between {least} and {most}")
        };
        rows.push(Row {
            total,
            id: id.clone(),
            title: title.clone(),
            period: period.clone(),
            baseline: baseline.clone(),
            shown: amount.clone(),
            unit: plan.unit(),
            remark: decided,
            target,
            value,
            ..Row::default()
        });
    }
    rows
}

/// Expenses against revenue, and where reserves stand.
fn balance(answer: &Answer) -> Vec<Row> {
    use crate::plan::{MeasureOf, ReadingKind};
    let plan = &answer.plan;
    let unit = plan.unit();
    let mut rows = Vec::new();
    for reading in &answer.allocation.readings {
        let reserve = reading.measure == MeasureOf::Reserve;
        if reading.kind != ReadingKind::Balance && !reserve {
            continue;
        }
        let shown = |amount: &Amount| {
            if reading.measured.is_share() {
                format!("{} %", grouped(&(amount * &Amount::whole(100)), 1))
            } else {
                grouped(amount, 0)
            }
        };
        let title = if reserve { "Reserve" } else { "Expenses" };
        let against = if reserve { "limit" } else { "revenue" };
        rows.push(Row {
            id: display_safe(reading.id.as_str()),
            title: title.into(),
            period: display_safe(&reading.member),
            shown: shown(&reading.level),
            unit: if reading.measured.is_share() { String::new() } else { unit.clone() },
            remark: format!("{} {} {against}", reading.sense.sign(), shown(&reading.bound)),
            ..Row::default()
        });
    }
    rows
}
