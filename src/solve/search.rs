//! An exact search over a few columns in whole steps.

use std::collections::HashMap;

/// A programme over few columns: minimise `cost * x` in whole numbers, ties to the
/// lexicographically greatest.
pub(crate) struct Search {
    /// The cost of each column.
    pub(crate) cost: Vec<i64>,
    /// The bounds of each column.
    pub(crate) bounds: Vec<(i64, i64)>,
    /// The rows.
    pub(crate) rows: Vec<SearchRow>,
}

/// `least <= sum terms <= most`.
pub(crate) struct SearchRow {
    /// Columns, ascending, and their coefficients.
    pub(crate) terms: Vec<(usize, i64)>,
    /// The least value.
    pub(crate) least: i128,
    /// The greatest value.
    pub(crate) most: i128,
}

/// How a search ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// The best values.
    Best(Vec<i64>),
    /// There are none: every case was looked at.
    Nothing,
    /// It took too many steps to tell.
    Unknown,
}

/// The values that are tried before the search gives up.
const MOST_STEPS: usize = 20_000;

impl Search {
    /// Looks at all values, column by column, and leaves those that a row or a better answer rules
    /// out.
    pub(crate) fn run(&self) -> Found {
        let mut walk = Walk::new(self);
        if self.rows.iter().zip(&walk.left).any(|(row, left)| !row.admits(0, left[0])) {
            return Found::Nothing;
        }
        walk.descend(0, 0);
        match walk.best {
            _ if walk.steps > MOST_STEPS => Found::Unknown,
            Some((_, values)) => Found::Best(values),
            None => Found::Nothing,
        }
    }

    /// The kind of each column, in the order of their first columns: those of one kind have the same
    /// coefficients in every row.
    pub(crate) fn alike(&self) -> Vec<usize> {
        let mut rows = vec![Vec::new(); self.cost.len()];
        for (place, row) in self.rows.iter().enumerate() {
            for (column, value) in row.terms.iter().filter(|(_, value)| *value != 0) {
                rows[*column].push((place, *value));
            }
        }
        let mut kinds = HashMap::new();
        let kind = |own: Vec<(usize, i64)>| {
            let next = kinds.len();
            *kinds.entry(own).or_insert(next)
        };
        rows.into_iter().map(kind).collect()
    }
}

impl SearchRow {
    /// Whether no values within the bounds of the columns break it.
    pub(crate) fn is_idle(&self, bounds: &[(i64, i64)]) -> bool {
        let spans = self.terms.iter().map(|(c, value)| span(i128::from(*value), bounds[*c]));
        let (low, high) = spans.fold((0, 0), |sum, own| (sum.0 + own.0, sum.1 + own.1));
        low >= self.least && high <= self.most
    }

    /// Whether a sum that stands at `level` can end within the bounds.
    fn admits(&self, level: i128, (least, most): (i128, i128)) -> bool {
        level + least <= self.most && level + most >= self.least
    }
}

struct Walk<'a> {
    search: &'a Search,
    /// For each column the rows it is in, with its coefficients.
    rows: Vec<Vec<(usize, i128)>>,
    /// For each row and column: the least and the most that this and later columns add.
    left: Vec<Vec<(i128, i128)>>,
    /// The least cost of each column and later ones.
    cheapest: Vec<i128>,
    levels: Vec<i128>,
    values: Vec<i64>,
    best: Option<(i128, Vec<i64>)>,
    steps: usize,
}

impl<'a> Walk<'a> {
    fn new(search: &'a Search) -> Self {
        let size = search.cost.len();
        let mut rows = vec![Vec::new(); size];
        let mut left = vec![vec![(0, 0); size + 1]; search.rows.len()];
        for (place, row) in search.rows.iter().enumerate() {
            let mut coefficients = vec![0_i128; size];
            for (column, value) in &row.terms {
                rows[*column].push((place, i128::from(*value)));
                coefficients[*column] = i128::from(*value);
            }
            for column in (0..size).rev() {
                let (least, most) = span(coefficients[column], search.bounds[column]);
                let (low, high) = left[place][column + 1];
                left[place][column] = (low + least, high + most);
            }
        }
        let mut cheapest = vec![0; size + 1];
        for column in (0..size).rev() {
            let own = span(i128::from(search.cost[column]), search.bounds[column]).0;
            cheapest[column] = cheapest[column + 1] + own;
        }
        Self {
            levels: vec![0; search.rows.len()],
            values: Vec::with_capacity(size),
            best: None,
            steps: 0,
            search,
            rows,
            left,
            cheapest,
        }
    }

    fn descend(&mut self, column: usize, cost: i128) {
        let Some((least, most)) = self.search.bounds.get(column).copied() else {
            self.best = Some((cost, self.values.clone()));
            return;
        };
        let own = i128::from(self.search.cost[column]);
        let upwards = own > 0;
        for place in 0..=most - least {
            self.steps += 1;
            if self.steps > MOST_STEPS {
                return;
            }
            let value = if upwards { least + place } else { most - place };
            let cost = cost + own * i128::from(value);
            self.values.push(value);
            if self.promises(column, cost) {
                self.shift(column, i128::from(value));
                if self.fits(column) {
                    self.descend(column + 1, cost);
                }
                self.shift(column, -i128::from(value));
            }
            self.values.pop();
        }
    }

    /// Whether what comes after `column` may still be better than the best known.
    fn promises(&self, column: usize, cost: i128) -> bool {
        let Some((known, values)) = &self.best else { return true };
        let least = cost + self.cheapest[column + 1];
        least < *known || (least == *known && self.values.as_slice() >= &values[..=column])
    }

    fn shift(&mut self, column: usize, value: i128) {
        for (row, coefficient) in &self.rows[column] {
            self.levels[*row] += coefficient * value;
        }
    }

    fn fits(&self, column: usize) -> bool {
        self.rows[column].iter().all(|(row, _)| {
            self.search.rows[*row].admits(self.levels[*row], self.left[*row][column + 1])
        })
    }
}

/// The least and the most that a coefficient makes of a column within its bounds.
fn span(coefficient: i128, (least, most): (i64, i64)) -> (i128, i128) {
    let (a, b) = (coefficient * i128::from(least), coefficient * i128::from(most));
    (a.min(b), a.max(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(terms: &[(usize, i64)], least: i128, most: i128) -> SearchRow {
        SearchRow { terms: terms.to_vec(), least, most }
    }

    /// Two of three columns go up. The second and the third cost 1 each, the first 2; of the equal
    /// sums 1, 1, 0 and 1, 0, 1 there is none as cheap as 0, 1, 1.
    #[test]
    fn the_cheapest_values_within_the_rows_are_found() {
        let rows = vec![row(&[(0, 1), (1, 1), (2, 1)], 2, 2)];
        let search = Search { cost: vec![2, 1, 1], bounds: vec![(0, 1); 3], rows };
        assert_eq!(search.run(), Found::Best(vec![0, 1, 1]));
    }

    #[test]
    fn equal_costs_go_to_the_lexicographically_greatest() {
        let rows = vec![row(&[(0, 1), (1, 1), (2, 1)], 1, 1)];
        let search = Search { cost: vec![5, 5, 5], bounds: vec![(0, 1); 3], rows };
        assert_eq!(search.run(), Found::Best(vec![1, 0, 0]));
    }

    #[test]
    fn rows_that_no_whole_steps_meet_are_told() {
        let rows = vec![row(&[(0, 2), (1, 2)], 1, 1)];
        let search = Search { cost: vec![0, 0], bounds: vec![(0, 1); 2], rows };
        assert_eq!(search.run(), Found::Nothing);
    }

    /// Every case of a small programme, one by one, gives the same answer.
    #[test]
    fn the_search_agrees_with_counting() {
        for seed in 0..200_i64 {
            let draw = |place: i64, size: i64| (seed * 7919 + place * 104_729) % size;
            let cost: Vec<i64> = (0..5).map(|place| draw(place, 5) - 2).collect();
            let terms: Vec<(usize, i64)> = (0..5).zip((5..10).map(|at| draw(at, 7) - 3)).collect();
            let (least, most) = (i128::from(draw(11, 4) - 2), i128::from(draw(12, 3)));
            let rows = vec![row(&terms, least, most)];
            let mut best: Option<(i64, Vec<i64>)> = None;
            for case in 0..3_i64.pow(5) {
                let values: Vec<i64> =
                    (0..5).map(|place| case / 3_i64.pow(place) % 3 - 1).collect();
                let sum: i64 = terms.iter().map(|(at, value)| value * values[*at]).sum();
                if i128::from(sum) < least || i128::from(sum) > most {
                    continue;
                }
                let own: i64 = cost.iter().zip(&values).map(|(cost, value)| cost * value).sum();
                let better = best.as_ref().is_none_or(|(known, other)| {
                    own < *known || (own == *known && values > *other)
                });
                if better {
                    best = Some((own, values));
                }
            }
            let found = Search { cost, bounds: vec![(-1, 1); 5], rows }.run();
            assert_eq!(found, best.map_or(Found::Nothing, |(_, values)| Found::Best(values)));
        }
    }
}
