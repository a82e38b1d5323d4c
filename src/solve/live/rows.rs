//! The rows of a programme in floats, and which of them a model that is kept has already.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::super::names::among;

/// The most rows that a model gets more to go on.
const MOST_NEW: usize = 16;
/// The most rows of a model that bound nothing any more, for each eight that do.
const MOST_IDLE: usize = 2;

/// The coefficients, row by row.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Matrix {
    pub(super) columns: usize,
    pub(super) starts: Vec<i32>,
    pub(super) places: Vec<i32>,
    pub(super) values: Vec<f64>,
}

/// A count that fits HiGHS.
pub(super) fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

impl Matrix {
    /// Adds a row over columns, each named once.
    pub(super) fn push(&mut self, terms: impl Iterator<Item = (usize, f64)>) {
        self.starts.push(number(self.places.len()));
        for (column, value) in terms {
            self.places.push(number(column));
            self.values.push(value);
        }
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.starts.len()
    }

    /// The columns of a row, and their coefficients.
    fn row(&self, row: usize) -> (&[i32], &[f64]) {
        let place = |row: usize| {
            let start = self.starts.get(row).copied().unwrap_or(number(self.places.len()));
            usize::try_from(start).unwrap_or(0)
        };
        let own = place(row)..place(row + 1);
        (&self.places[own.clone()], &self.values[own])
    }

    /// Some of the rows.
    pub(super) fn only(&self, rows: &[usize]) -> Self {
        let mut found = Self { columns: self.columns, ..Self::default() };
        for row in rows {
            let (places, values) = self.row(*row);
            found.starts.push(number(found.places.len()));
            found.places.extend_from_slice(places);
            found.values.extend_from_slice(values);
        }
        found
    }

    /// Adds the rows of another.
    pub(super) fn extend(&mut self, other: &Self) {
        let base = number(self.places.len());
        self.starts.extend(other.starts.iter().map(|start| base + start));
        self.places.extend_from_slice(&other.places);
        self.values.extend_from_slice(&other.values);
    }

    fn key(&self, row: usize) -> u64 {
        let (places, values) = self.row(row);
        let mut hasher = DefaultHasher::new();
        places.hash(&mut hasher);
        for value in values {
            value.to_bits().hash(&mut hasher);
        }
        hasher.finish()
    }

    /// Where each row of another programme stands among these, `None` for one that is new; nothing where
    /// too few of them are the same to go on from.
    pub(super) fn shared(&self, to: &Self) -> Option<Vec<Option<usize>>> {
        if self.columns != to.columns {
            return None;
        }
        let (old, new) = (self.rows(), to.rows());
        // Most rows stand where they stood, at the beginning or counted from the end.
        let first = (0..old.min(new)).take_while(|row| self.row(*row) == to.row(*row)).count();
        let most = old.min(new) - first;
        let same = |back: &usize| self.row(old - back) == to.row(new - back);
        let last = (1..=most).take_while(same).count();
        let keys = |of: &Self, rows: usize| -> Vec<u64> {
            (first..rows - last).map(|row| of.key(row)).collect()
        };
        let between = among(&keys(to, new), &keys(self, old)).into_iter().zip(first..);
        let between = between.map(|(place, row)| {
            place.map(|place| first + place).filter(|place| self.row(*place) == to.row(row))
        });
        let start = (0..first).map(Some);
        let end = (old - last..old).map(Some);
        let places: Vec<Option<usize>> = start.chain(between).chain(end).collect();
        let met = places.iter().flatten().count();
        let (more, idle) = (new - met, old - met);
        (more <= MOST_NEW && idle * 8 <= met * MOST_IDLE).then_some(places)
    }
}

#[cfg(test)]
mod tests {
    use super::Matrix;

    fn matrix(rows: &[&[(usize, f64)]]) -> Matrix {
        let mut found = Matrix { columns: 4, ..Matrix::default() };
        for row in rows {
            found.push(row.iter().copied());
        }
        found
    }

    /// Rows are found wherever they stand; of two that are the same each is found once.
    #[test]
    fn rows_are_found_again() {
        let wide: Vec<Vec<(usize, f64)>> =
            (0..8).map(|row| vec![(row % 4, 1.0), (3, f64::from(1 << row))]).collect();
        let mut rows: Vec<&[(usize, f64)]> = wide.iter().map(Vec::as_slice).collect();
        let known = matrix(&rows);
        let more: &[(usize, f64)] = &[(2, 5.0)];
        rows.remove(1);
        rows.insert(4, more);
        rows.push(more);
        let places = known.shared(&matrix(&rows)).expect("most are the same");
        let told = [Some(0), Some(2), Some(3), Some(4), None, Some(5), Some(6), Some(7), None];
        assert_eq!(places, told);
        let mut grown = known.clone();
        grown.extend(&matrix(&rows).only(&[4, 8]));
        let places = grown.shared(&matrix(&rows)).expect("all are there");
        assert_eq!((places[4], places[8], grown.rows()), (Some(8), Some(9), 10));
        assert!(known.shared(&matrix(&[more])).is_none());
    }
}
