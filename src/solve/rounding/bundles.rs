//! Columns that every row counts alike, decided as one: the rows know no more than their sum.
//!
//! Most columns of a large plan are alike to the few rows that stand near a bound. A programme over
//! their sums is much smaller, and has no ties among them: where it has no whole numbers, the columns
//! have none either. Where it has some, each sum goes to the cheapest columns first.

use num_traits::ToPrimitive;

use super::super::milp::{Any, Milp, MilpRow};
use super::super::search::{Search, SearchRow};

/// The columns of a programme in bundles.
pub(super) struct Bundles<'a> {
    search: &'a Search,
    /// The columns of each bundle, the cheapest first.
    columns: Vec<Vec<usize>>,
    /// The bundle of each column.
    kinds: Vec<usize>,
}

/// What is found over bundles.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Sums {
    /// A whole value for each column.
    Shared(Vec<i64>),
    /// There are none.
    Nothing,
    /// It would take long to tell.
    Unknown,
}

/// Beyond the bound of any row that has one.
const FAR: f64 = 1e30;

impl<'a> Bundles<'a> {
    pub(super) fn of(search: &'a Search) -> Self {
        let kinds = search.alike();
        let count = kinds.iter().max().map_or(0, |last| last + 1);
        let mut columns = vec![Vec::new(); count];
        for (column, kind) in kinds.iter().enumerate() {
            columns[*kind].push(column);
        }
        for own in &mut columns {
            own.sort_by_key(|column| (search.cost[*column], *column));
        }
        Self { search, columns, kinds }
    }

    /// Whole values that meet every row as far as floats tell. `near` the values of the linear
    /// programme they cost little; without these any will do.
    pub(super) fn decided(&self, near: Option<&[f64]>) -> Sums {
        let bounds = self.columns.iter().map(|own| {
            let bounds = own.iter().map(|column| self.search.bounds[*column]);
            let (least, most) = bounds.fold((0, 0), |sum, own| (sum.0 + own.0, sum.1 + own.1));
            (least.to_f64().unwrap_or(-FAR), most.to_f64().unwrap_or(FAR))
        });
        let cost = self.columns.iter().map(|own| near.map_or(0.0, |near| self.price(own, near)));
        let mut rows: Vec<MilpRow> = self.search.rows.iter().map(|row| self.row(row)).collect();
        rows.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
        rows.dedup();
        let (cost, bounds) = (cost.collect(), bounds.collect());
        match (Milp { cost, bounds, integer: true, rows }).any() {
            Any::Values(sums) => Sums::Shared(self.shared(&sums)),
            Any::Nothing => Sums::Nothing,
            Any::Unknown => Sums::Unknown,
        }
    }

    /// What one more step costs where the sum of a bundle stands in the linear programme.
    fn price(&self, columns: &[usize], near: &[f64]) -> f64 {
        let least = |column: &usize| self.search.bounds[*column].0.to_f64().unwrap_or(0.0);
        let mut left: f64 = columns.iter().map(|column| near[*column] - least(column)).sum();
        let mut last = 0;
        for column in columns {
            last = self.search.cost[*column];
            let (least, most) = self.search.bounds[*column];
            left -= (most - least).to_f64().unwrap_or(FAR);
            if left < 1e-6 {
                break;
            }
        }
        last.to_f64().unwrap_or(0.0) / 1e6
    }

    /// A row over the sums, in units of its largest coefficient.
    fn row(&self, row: &SearchRow) -> MilpRow {
        let largest = row.terms.iter().map(|(_, value)| value.unsigned_abs()).max();
        let unit = largest.unwrap_or(1).max(1).to_f64().unwrap_or(1.0);
        let first = |(column, value): &(usize, i64)| {
            let kind = self.kinds[*column];
            let own = self.columns[kind].first() == Some(column) && *value != 0;
            own.then(|| (kind, value.to_f64().unwrap_or(0.0) / unit))
        };
        let bound = |bound: i128| {
            let bound = bound.to_f64().unwrap_or(0.0);
            if bound.abs() > FAR { bound * f64::INFINITY } else { bound / unit }
        };
        MilpRow {
            terms: row.terms.iter().filter_map(first).collect(),
            least: bound(row.least),
            most: bound(row.most),
        }
    }

    /// Gives each sum to the cheapest columns of its bundle first.
    fn shared(&self, sums: &[f64]) -> Vec<i64> {
        let mut values: Vec<i64> = self.search.bounds.iter().map(|(least, _)| *least).collect();
        for (own, sum) in self.columns.iter().zip(sums) {
            let least: i64 = own.iter().map(|column| values[*column]).sum();
            let mut left = sum.round().to_i64().unwrap_or(least) - least;
            for column in own {
                let (least, most) = self.search.bounds[*column];
                let taken = left.clamp(0, most - least);
                values[*column] += taken;
                left -= taken;
            }
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(terms: &[(usize, i64)], least: i128, most: i128) -> SearchRow {
        SearchRow { terms: terms.to_vec(), least, most }
    }

    /// Four columns are two bundles. Three steps of the first go to its cheaper column as far as that
    /// reaches.
    #[test]
    fn a_sum_goes_to_the_cheapest_columns_first() {
        let rows = vec![row(&[(0, 1), (1, 1)], 3, 3), row(&[(2, 2), (3, 2)], -2, -2)];
        let search =
            Search { cost: vec![5, 1, 2, 2], bounds: vec![(0, 2), (0, 2), (-1, 1), (-1, 1)], rows };
        let bundles = Bundles::of(&search);
        assert_eq!(bundles.columns, vec![vec![1, 0], vec![2, 3]]);
        assert_eq!(bundles.decided(Some(&[1.0, 2.0, 0.0, -1.0])), Sums::Shared(vec![1, 2, 0, -1]));
    }

    /// The linear programme has half a step; no whole steps make an even sum odd.
    #[test]
    fn bundles_without_whole_sums_are_told() {
        let rows = vec![row(&[(0, 2), (1, 2), (2, 4)], 3, 3)];
        let search = Search { cost: vec![0; 3], bounds: vec![(0, 1); 3], rows };
        assert_eq!(Bundles::of(&search).decided(None), Sums::Nothing);
    }
}
