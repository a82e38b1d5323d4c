//! Repairs whole steps that miss some rows by a few, then makes them cheaper, move by move.
//!
//! One column moves by one step at a time, the one that brings the rows nearest to where they hold.
//! Where no move does, the rows that still fail weigh more (Morris 1993, the breakout method). Once
//! all hold, single moves and pairs of moves that cost less, or cost the same and give the earlier
//! column more, are made until there are none. Every comparison is of whole numbers, and ties go to
//! the first column, so that the order of the rows changes nothing.

use super::search::Search;

/// The moves after which a repair is given up.
const MOST_MOVES: usize = 2_000;
/// The passes over all columns that look for cheaper steps.
const MOST_PASSES: usize = 20;
/// A row that is missed by its largest coefficient is missed by this.
const WHOLE_MISS: i128 = 1 << 20;

/// Whole steps near `start` that satisfy every row of `search`; `None` where none were found.
pub(crate) fn repair(search: &Search, start: Vec<i64>) -> Option<Vec<i64>> {
    let mut repair = Repair::new(search, start);
    repair.mend().then(|| {
        repair.cheapen();
        repair.values
    })
}

/// The same steps made cheaper, where they satisfy every row of `search`.
pub(crate) fn cheapened(search: &Search, values: Vec<i64>) -> Vec<i64> {
    let mut repair = Repair::new(search, values);
    if repair.failing().is_empty() {
        repair.cheapen();
    }
    repair.values
}

/// A column, and the steps that it goes up.
type Move = (usize, i64);

struct Repair<'a> {
    search: &'a Search,
    /// For each column the rows it is in, with its coefficients.
    rows: Vec<Vec<(usize, i128)>>,
    /// The largest coefficient of each row.
    units: Vec<i128>,
    weights: Vec<i128>,
    levels: Vec<i128>,
    values: Vec<i64>,
}

impl<'a> Repair<'a> {
    fn new(search: &'a Search, values: Vec<i64>) -> Self {
        let mut rows = vec![Vec::new(); search.cost.len()];
        let (mut units, mut levels) = (Vec::new(), Vec::new());
        for (place, row) in search.rows.iter().enumerate() {
            let (mut unit, mut level) = (1, 0);
            for (column, value) in &row.terms {
                rows[*column].push((place, i128::from(*value)));
                unit = unit.max(i128::from(value.unsigned_abs()));
                level += i128::from(*value) * i128::from(values[*column]);
            }
            units.push(unit);
            levels.push(level);
        }
        let weights = vec![1; search.rows.len()];
        Self { search, rows, units, weights, levels, values }
    }

    /// By how much a row that stands at `level` is missed.
    fn missed(&self, row: usize, level: i128) -> i128 {
        let own = &self.search.rows[row];
        (own.least - level).max(level - own.most).max(0)
    }

    /// What a miss counts for.
    fn counts(&self, row: usize, level: i128) -> i128 {
        let missed = self.missed(row, level);
        if missed == 0 {
            return 0;
        }
        let size = missed.saturating_mul(WHOLE_MISS) / self.units[row];
        size.max(1).saturating_mul(self.weights[row])
    }

    /// What a move adds to what the misses count for.
    fn adds(&self, (column, step): Move) -> i128 {
        let change = |(row, value): &(usize, i128)| {
            let level = self.levels[*row];
            let next = level + value * i128::from(step);
            self.counts(*row, next) - self.counts(*row, level)
        };
        self.rows[column].iter().map(change).sum()
    }

    fn allows(&self, (column, step): Move) -> bool {
        let (least, most) = self.search.bounds[column];
        (least..=most).contains(&(self.values[column] + step))
    }

    fn cost(&self, (column, step): Move) -> i128 {
        i128::from(self.search.cost[column]) * i128::from(step)
    }

    fn make(&mut self, (column, step): Move) {
        self.values[column] += step;
        for (row, value) in &self.rows[column] {
            self.levels[*row] += value * i128::from(step);
        }
    }

    fn failing(&self) -> Vec<usize> {
        let fails = |row: &usize| self.missed(*row, self.levels[*row]) > 0;
        (0..self.levels.len()).filter(fails).collect()
    }

    /// The moves of columns in a row that bring it nearer to where it holds.
    fn helping(&self, row: usize) -> impl Iterator<Item = Move> + '_ {
        let own = &self.search.rows[row];
        let up = self.levels[row] < own.least;
        let moves = own.terms.iter().filter(|(_, value)| *value != 0);
        let moves = moves.map(move |(column, value)| {
            let step = if (*value > 0) == up { 1 } else { -1 };
            (*column, step)
        });
        moves.filter(|own| self.allows(*own))
    }

    /// Makes moves until every row holds.
    fn mend(&mut self) -> bool {
        // A step of one column adds what one of any column of its kind does.
        let kinds = self.search.alike();
        let mut known = vec![[None; 2]; self.values.len()];
        for _ in 0..MOST_MOVES {
            let failing = self.failing();
            if failing.is_empty() {
                return true;
            }
            let moves = failing.iter().flat_map(|row| self.helping(*row));
            known.fill([None; 2]);
            let best = moves.map(|own| {
                let known = &mut known[kinds[own.0]][usize::from(own.1 > 0)];
                (*known.get_or_insert_with(|| self.adds(own)), self.cost(own), own)
            });
            match best.min() {
                Some((adds, _, own)) if adds < 0 => self.make(own),
                Some(_) => failing.iter().for_each(|row| self.weights[*row] += 1),
                None => return false,
            }
        }
        false
    }

    /// Makes moves that leave every row as it holds and cost less, until there are none.
    fn cheapen(&mut self) {
        for _ in 0..MOST_PASSES {
            let mut changed = false;
            for column in 0..self.values.len() {
                for step in [1, -1] {
                    let own = (column, step);
                    if self.allows(own) && self.cost(own) <= 0 {
                        changed |= self.better(own);
                    }
                }
            }
            if !changed {
                return;
            }
        }
    }

    /// Makes a move, with another one where it needs one, if both together are better than none.
    fn better(&mut self, own: Move) -> bool {
        self.make(own);
        let fails = |(row, _): &&(usize, i128)| self.missed(*row, self.levels[*row]) > 0;
        let first = self.rows[own.0].iter().find(fails).map(|(row, _)| *row);
        let Some(row) = first else {
            if improves(self.cost(own), &[own]) {
                return true;
            }
            self.make((own.0, -own.1));
            return false;
        };
        let others = self.helping(row).filter(|other| other.0 != own.0);
        let fits = others.filter(|other| {
            improves(self.cost(own) + self.cost(*other), &[own, *other]) && self.mends(own, *other)
        });
        let best = fits.map(|other| (self.cost(other), std::cmp::Reverse(other))).min();
        match best {
            Some((_, std::cmp::Reverse(other))) => self.make(other),
            None => self.make((own.0, -own.1)),
        }
        best.is_some()
    }

    /// Whether every row that either move touches holds once the `other` is made too.
    fn mends(&self, own: Move, other: Move) -> bool {
        let moved = &self.rows[other.0];
        let after = |row: usize| {
            let place = moved.binary_search_by_key(&row, |(row, _)| *row);
            let by = place.map_or(0, |place| moved[place].1 * i128::from(other.1));
            self.missed(row, self.levels[row] + by) == 0
        };
        moved.iter().chain(&self.rows[own.0]).all(|(row, _)| after(*row))
    }
}

/// Whether moves of this cost are better than none: they cost less, or the same and give the first
/// of their columns more.
fn improves(cost: i128, moves: &[Move]) -> bool {
    let first = moves.iter().min_by_key(|(column, _)| *column);
    cost < 0 || (cost == 0 && first.is_some_and(|(_, step)| *step > 0))
}

#[cfg(test)]
mod tests {
    use super::super::search::SearchRow;
    use super::*;

    fn row(terms: &[(usize, i64)], least: i128, most: i128) -> SearchRow {
        SearchRow { terms: terms.to_vec(), least, most }
    }

    /// Two of four go up. The first two are the cheapest; the start has one of the dear ones.
    #[test]
    fn a_start_that_misses_is_mended_and_made_cheap() {
        let rows = vec![row(&[(0, 1), (1, 1), (2, 1), (3, 1)], 2, 2)];
        let search = Search { cost: vec![-3, -2, 1, 4], bounds: vec![(0, 1); 4], rows };
        assert_eq!(repair(&search, vec![0, 0, 0, 1]), Some(vec![1, 1, 0, 0]));
    }

    /// Of equal costs the first column goes up.
    #[test]
    fn ties_go_to_the_first_column() {
        let rows = vec![row(&[(0, 1), (1, 1), (2, 1)], 1, 1)];
        let search = Search { cost: vec![5; 3], bounds: vec![(0, 1); 3], rows };
        assert_eq!(repair(&search, vec![0, 0, 1]), Some(vec![1, 0, 0]));
    }

    /// No whole steps make an even sum odd.
    #[test]
    fn what_cannot_be_mended_is_given_up() {
        let rows = vec![row(&[(0, 2), (1, 2)], 1, 1)];
        let search = Search { cost: vec![0, 0], bounds: vec![(0, 1); 2], rows };
        assert_eq!(repair(&search, vec![0, 0]), None);
    }

    /// Whatever the start and the rows, what is found holds, and the order of the rows is nothing.
    #[test]
    fn what_is_found_holds_and_does_not_depend_on_the_order_of_rows() {
        let mut found = 0;
        for seed in 0..300_i64 {
            let draw = |place: i64, size: i64| (seed * 7919 + place * 104_729) % size;
            let terms = |from: i64| -> Vec<(usize, i64)> {
                (0..8).map(|at| (at, draw(from + i64::try_from(at).unwrap_or(0), 7) - 3)).collect()
            };
            let bound = |place: i64| {
                let least = i128::from(draw(place, 5) - 3);
                (least, least + i128::from(draw(place + 1, 3)))
            };
            let own = |place: i64| {
                let (least, most) = bound(40 + 2 * place);
                row(&terms(8 * place), least, most)
            };
            let cost: Vec<i64> = (0..8).map(|place| draw(60 + place, 9) - 4).collect();
            let search = |places: [i64; 3]| Search {
                cost: cost.clone(),
                bounds: vec![(-1, 1); 8],
                rows: places.iter().map(|place| own(*place)).collect(),
            };
            let (one, other) = (search([0, 1, 2]), search([2, 0, 1]));
            let values = repair(&one, vec![0; 8]);
            assert_eq!(values, repair(&other, vec![0; 8]));
            let Some(values) = values else { continue };
            found += 1;
            for row in &one.rows {
                let level: i128 =
                    row.terms.iter().map(|(c, v)| i128::from(*v) * i128::from(values[*c])).sum();
                assert!(level >= row.least && level <= row.most);
            }
        }
        assert!(found > 100, "{found}");
    }
}
