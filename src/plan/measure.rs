use std::collections::HashMap;

use super::{Plan, Slice};
use crate::units::{Amount, CellId, Id};

/// A linear form over the cells: posts per plan unit, the share that is marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// Its name in files.
    pub id: Id,
    /// Its name for people.
    pub title: String,
    /// What it counts.
    pub unit: String,
    /// The weight of each listed slice. A cell has the weight of the last row that selects it, and
    /// none where no row does.
    pub rows: Vec<(Slice, Amount)>,
}

/// A conserving family of measures: shares that carry cost from cells to the members of a derived
/// dimension. The shares of every cell sum to one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribution {
    /// Its name in files.
    pub id: Id,
    /// Its name for people.
    pub title: String,
    /// The cells whose cost it carries.
    pub from: Slice,
    /// The derived dimension.
    pub to: Id,
    /// Its members, in the order that the table names them first.
    pub targets: Vec<Id>,
    /// For each listed slice, the share of each target, in the order of `targets`.
    pub rows: Vec<(Slice, Vec<Amount>)>,
}

/// Revenue that is earmarked: it is spent on a slice.
#[derive(Debug, Clone)]
pub struct Fund {
    /// Its name in files.
    pub id: Id,
    /// Its name for people.
    pub title: String,
    /// The places of its revenue lines.
    pub revenue: Vec<usize>,
    /// The slice that it is spent on.
    pub on: Slice,
    /// Nothing but the fund may be spent there.
    pub only: bool,
    /// Who earmarked it.
    pub authority: Option<String>,
}

/// What a limit bounds or a stage counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum MeasureOf {
    /// Money.
    #[default]
    Amount,
    /// The measure of a place in the plan's list.
    Weighted(usize),
    /// The attribution of a place in the plan's list, to the target of a place in its list.
    Attributed(usize, usize),
    /// What a balance leaves unspent.
    Reserve,
}

/// A linear form over the cells: cells that share a coefficient.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// Coefficients other than zero, each with its cells, ascending.
    pub parts: Vec<(Amount, Vec<CellId>)>,
}

impl Form {
    /// The sum of `cells`.
    pub fn sum(cells: &[CellId]) -> Self {
        Self { parts: vec![(Amount::ONE, cells.to_vec())] }
    }

    /// The value at `amounts`, one a cell.
    pub fn value(&self, amounts: &[Amount]) -> Amount {
        let part = |(coefficient, cells): &(Amount, Vec<CellId>)| {
            let sum: Amount = cells.iter().map(|cell| &amounts[cell.index()]).sum();
            coefficient * &sum
        };
        self.parts.iter().map(part).sum()
    }
}

/// What a fund is about in one balance period: the member, the cells, and the revenue entries.
pub type FundPeriod = (String, Vec<CellId>, Vec<(usize, usize)>);

impl Plan {
    /// The balance periods of a fund: its cells and its revenue entries in each.
    pub fn fund_periods(&self, fund: &Fund) -> Vec<FundPeriod> {
        let own = self.select(&fund.on);
        let period = |period: super::Period| {
            let member = period
                .member
                .zip(self.time())
                .map(|(member, time)| self.dimensions()[time].member(member).id.to_string());
            let inside = |cell: &CellId| period.cells.binary_search(cell).is_ok();
            let cells: Vec<CellId> = own.iter().filter(|cell| inside(cell)).copied().collect();
            let entries =
                period.entries.into_iter().filter(|(line, _)| fund.revenue.contains(line));
            (member.unwrap_or_default(), cells, entries.collect())
        };
        self.periods().into_iter().map(period).collect()
    }

    /// How much of `measure` one plan unit of the cell is.
    pub fn weight(&self, measure: MeasureOf, cell: CellId) -> Amount {
        let members = &self.cell(cell).members;
        match measure {
            MeasureOf::Amount | MeasureOf::Reserve => Amount::ONE,
            MeasureOf::Weighted(place) => {
                let rows = self.measures()[place].rows.iter().rev();
                let own = rows.into_iter().find(|(slice, _)| slice.has(members));
                own.map(|(_, weight)| weight.clone()).unwrap_or_default()
            }
            MeasureOf::Attributed(place, target) => {
                let attribution = &self.attributions()[place];
                if !attribution.from.has(members) {
                    return Amount::ZERO;
                }
                let own = attribution.rows.iter().find(|(slice, _)| slice.has(members));
                own.map(|(_, shares)| shares[target].clone()).unwrap_or_default()
            }
        }
    }

    /// `measure` of the cells, as a linear form.
    pub fn form(&self, measure: MeasureOf, cells: &[CellId]) -> Form {
        if matches!(measure, MeasureOf::Amount | MeasureOf::Reserve) {
            return Form::sum(cells);
        }
        let mut places: HashMap<Amount, usize> = HashMap::new();
        let mut form = Form::default();
        for cell in cells {
            let weight = self.weight(measure, *cell);
            if weight.is_zero() {
                continue;
            }
            let place = *places.entry(weight.clone()).or_insert_with(|| {
                form.parts.push((weight, Vec::new()));
                form.parts.len() - 1
            });
            form.parts[place].1.push(*cell);
        }
        form
    }

    /// How files and tables name a measure: `amount`, `posts`, `goal.connectivity`.
    pub fn measure_text(&self, measure: MeasureOf) -> String {
        match measure {
            MeasureOf::Amount => "amount".into(),
            MeasureOf::Reserve => "reserve".into(),
            MeasureOf::Weighted(place) => self.measures()[place].id.to_string(),
            MeasureOf::Attributed(place, target) => {
                let attribution = &self.attributions()[place];
                format!("{}.{}", attribution.id, attribution.targets[target])
            }
        }
    }
}
