//! Scenarios side by side: what they come to, line by line, and what binds in them.

use indexmap::IndexMap;

use super::summary::status;
use super::table::{Column, RowKind, Table, Unit, Value};
use crate::explain::Figures;
use crate::plan::{Axis, Plan};
use crate::solve::{Allocation, Outcome};
use crate::units::{Amount, Id};

/// One of the scenarios that are compared.
pub struct Side<'a> {
    /// How it was asked for.
    pub name: String,
    /// Its effective plan.
    pub plan: &'a Plan,
    /// What was found for it; `None` for the baseline, before anything is allocated.
    pub outcome: Option<&'a Outcome>,
}

impl Side<'_> {
    pub(super) fn found(&self) -> Option<&Allocation> {
        match self.outcome {
            Some(Outcome::Optimal(found) | Outcome::Unrounded(found, _)) => Some(found),
            _ => None,
        }
    }

    /// Whether it has figures that can be compared.
    pub fn has_figures(&self) -> bool {
        self.outcome.is_none() || self.found().is_some()
    }

    fn figures(&self, axes: &[Axis]) -> Option<Figures> {
        match (self.outcome, self.found()) {
            (None, _) => Some(Figures::before(self.plan, axes)),
            (_, found) => found.map(|found| Figures::new(self.plan, found, axes)),
        }
    }
}

/// The scenarios, and their totals.
pub fn scenarios(sides: &[Side<'_>]) -> Table {
    let money = || Unit::Money(sides.first().map_or(String::new(), |side| side.plan.unit()));
    let columns = vec![
        Column::key("place", "No."),
        Column::key("scenario", "Scenario"),
        Column::note("title", "Title"),
        Column::note("status", "Status"),
        Column::figure("baseline", "Baseline", money()),
        Column::figure("revenue", "Revenue", money()),
        Column::figure("allocation", "Allocation", money()),
        Column::change("change", "Against 1", money()),
    ];
    let mut table = Table::new("scenarios", "Scenarios", columns);
    let figures: Vec<Option<Figures>> = sides.iter().map(|side| side.figures(&[])).collect();
    let total = |figures: &Figures| figures.lines.values().map(|(_, own)| own).sum::<Amount>();
    let first = figures.first().and_then(Option::as_ref).map(total);
    for (place, (side, own)) in sides.iter().zip(&figures).enumerate() {
        let baseline: Amount = side.plan.cells().iter().map(|cell| &cell.baseline).sum();
        let amount = own.as_ref().map(total);
        let change = match (&first, &amount) {
            (Some(first), Some(amount)) if place > 0 => Some(amount - first),
            _ => None,
        };
        let word = side.outcome.map_or("baseline", |outcome| status(side.plan, outcome).status);
        table.push(
            RowKind::Body,
            vec![
                Value::text((place + 1).to_string()),
                Value::text(side.name.clone()),
                Value::text(match side.outcome {
                    Some(_) => side.plan.scenario().unwrap_or(side.plan.title()),
                    None => "before anything is allocated",
                }),
                Value::text(word),
                Value::Number(baseline),
                Value::maybe(own.as_ref().map(|own| own.revenue.clone())),
                Value::maybe(amount),
                Value::maybe(change),
            ],
        );
    }
    table
}

/// The lines whose amounts are not the same in all scenarios: `axes` are those of each plan.
pub fn compare(sides: &[Side<'_>], axes: &[Vec<Axis>]) -> Table {
    let first = sides.first().zip(axes.first());
    let unit = first.map_or(String::new(), |(side, _)| side.plan.unit());
    let keys: Vec<Column> = first.map_or(Vec::new(), |(side, axes)| {
        let column = |axis: &Axis| {
            let dimension = &side.plan.dimensions()[axis.dimension];
            Column::key(dimension.id().as_str(), dimension.title())
        };
        axes.iter().map(column).collect()
    });
    let width = keys.len();
    let mut lines: IndexMap<Vec<Id>, Vec<Option<Amount>>> = IndexMap::new();
    let mut known = vec![false; sides.len()];
    for (place, (side, axes)) in sides.iter().zip(axes).enumerate() {
        let Some(figures) = side.figures(axes) else { continue };
        known[place] = true;
        for (key, (_, amount)) in figures.lines {
            lines.entry(key).or_insert_with(|| vec![None; sides.len()])[place] = Some(amount);
        }
    }
    let mut table = Table::new("compare", "Lines that differ", amounts(keys, sides.len(), &unit));
    let mut total: Vec<Option<Amount>> = known.iter().map(|k| k.then(|| Amount::ZERO)).collect();
    let all = lines.len();
    for (key, own) in lines {
        for (sum, amount) in total.iter_mut().zip(&own) {
            if let (Some(sum), Some(amount)) = (sum, amount) {
                *sum += amount;
            }
        }
        let own: Vec<Option<Amount>> =
            own.into_iter().zip(&known).map(|(a, k)| k.then(|| a.unwrap_or_default())).collect();
        if own.iter().flatten().any(|amount| Some(amount) != own.iter().flatten().next()) {
            let keys = key.iter().map(|id| Value::text(id.as_str()));
            table.push(RowKind::Body, keys.chain(values(&own)).collect());
        }
    }
    let count = table.rows.len();
    let mut keys = vec![Value::Empty; width];
    if let Some(first) = keys.first_mut() {
        *first = Value::text("Total");
    }
    table.push(RowKind::Total, keys.into_iter().chain(values(&total)).collect());
    table.notes.push(format!("{count} of {all} lines differ; the total is of all"));
    table
}

/// The columns of an amount in each scenario, and of what it is above the first.
fn amounts(keys: Vec<Column>, sides: usize, unit: &str) -> Vec<Column> {
    let money = || Unit::Money(unit.into());
    let mut columns = keys;
    for place in 1..=sides {
        columns.push(Column::figure(&format!("amount_{place}"), &format!("In {place}"), money()));
    }
    for place in 2..=sides {
        let title = format!("{place} less 1");
        columns.push(Column::change(&format!("change_{place}"), &title, money()));
        columns.push(Column::change(&format!("change_pct_{place}"), "%", Unit::Percent));
    }
    columns
}

fn values(amounts: &[Option<Amount>]) -> Vec<Value> {
    let mut values: Vec<Value> = amounts.iter().cloned().map(Value::maybe).collect();
    let first = amounts.first().cloned().flatten();
    for amount in amounts.iter().skip(1) {
        match (&first, amount) {
            (Some(first), Some(amount)) => {
                let change = amount - first;
                values.push(Value::Number(change.clone()));
                values.push(super::tables::ratio(&change, first));
            }
            _ => values.extend([Value::Empty, Value::Empty]),
        }
    }
    values
}

/// The revenue lines that are not the same in all scenarios.
pub fn compare_revenue(sides: &[Side<'_>]) -> Table {
    let unit = sides.first().map_or(String::new(), |side| side.plan.unit());
    let keys = vec![Column::key("id", "Line"), Column::key("title", "Revenue")];
    let mut lines: IndexMap<String, (String, Vec<Option<Amount>>)> = IndexMap::new();
    let known: Vec<bool> = sides.iter().map(Side::has_figures).collect();
    for (place, side) in sides.iter().enumerate() {
        for (at, line) in side.plan.revenue().iter().enumerate() {
            let amount = match (side.outcome, side.found()) {
                (None, _) => line.baseline.clone(),
                (_, Some(found)) => Some(super::revenue::line_total(side.plan, found, at, line)),
                _ => None,
            };
            let (_, own) = lines
                .entry(line.id.to_string())
                .or_insert_with(|| (line.title.clone(), vec![None; sides.len()]));
            own[place] = amount;
        }
    }
    let mut table =
        Table::new("revenue", "Revenue that differs", amounts(keys, sides.len(), &unit));
    for (id, (title, own)) in lines {
        let own: Vec<Option<Amount>> =
            own.into_iter().zip(&known).map(|(a, k)| k.then(|| a.unwrap_or_default())).collect();
        if own.iter().flatten().any(|amount| Some(amount) != own.iter().flatten().next()) {
            let keys = [Value::text(id), Value::text(title)];
            table.push(RowKind::Body, keys.into_iter().chain(values(&own)).collect());
        }
    }
    table
}
