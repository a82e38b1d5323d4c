//! The decomposition of an allocation into pressures, where there are several: the least one.

use super::affine::{Affine, Condition, Equation};
use super::prime::{inverse, minus, reduce, residue_of, times};
use super::problem::Problem;
use crate::formulate::{Program, Row};
use crate::units::Amount;

/// Multipliers of the rows that explain an allocation.
pub(crate) struct Decomposition {
    pub(crate) multipliers: Vec<Amount>,
    pub(crate) chosen: bool,
}

/// Gives the multipliers `y`, or the least ones where the tight rows leave a choice.
///
/// The multipliers are unique where the tight rows are independent over the columns strictly within
/// their bounds. Elsewhere the sum of squares of the pressures (multipliers of the rows normalised
/// on their own slice) is minimised over all multipliers of the right signs, exactly: that is a
/// small calibration with the pressures as its columns, and one row for each column of the plan
/// that says something new.
pub(crate) fn decompose(
    program: &Program,
    problem: &Problem<Amount>,
    amounts: &[Amount],
    y: &[Amount],
) -> Decomposition {
    let tight = tight(program, amounts);
    let unique = Decomposition { multipliers: y.to_vec(), chosen: false };
    let inside = inside_columns(problem, amounts, &tight);
    if inside.len() == tight.len() {
        return unique;
    }
    match at(program, problem, amounts, (&tight, inside)) {
        Some(multipliers) => Decomposition { multipliers, chosen: true },
        None => unique,
    }
}

/// The multipliers that explain `amounts`, the least ones where there is a choice; whether there
/// is. `None` where the amounts are not the nearest.
pub(crate) fn explain(
    program: &Program,
    problem: &Problem<Amount>,
    amounts: &[Amount],
) -> Option<Decomposition> {
    let tight = tight(program, amounts);
    let inside = inside_columns(problem, amounts, &tight);
    let chosen = inside.len() != tight.len();
    let multipliers = at(program, problem, amounts, (&tight, inside))?;
    Some(Decomposition { multipliers, chosen })
}

fn at(
    program: &Program,
    problem: &Problem<Amount>,
    amounts: &[Amount],
    (tight, inside): (&[Tight], Vec<usize>),
) -> Option<Vec<Amount>> {
    let scales: Vec<Amount> = tight.iter().map(|(row, _)| scale(&program.rows[*row])).collect();
    let mut places = vec![None; problem.rows];
    for (place, (row, _)) in tight.iter().enumerate() {
        places[*row] = Some(place);
    }
    let equation = |column: usize| -> Equation {
        let change = &amounts[column] - &problem.baseline[column];
        let terms = problem.column(column).filter_map(|(row, value)| {
            let place = places[row].filter(|_| !value.is_zero())?;
            Some((place, value / &scales[place]))
        });
        (terms.collect(), &change / &problem.weight[column])
    };
    let affine = Affine::solve(inside.into_iter().map(equation).collect(), tight.len())?;
    let signs = tight.iter().enumerate().flat_map(|(place, (_, (below, above)))| {
        let own: Equation = ([(place, Amount::ONE)].into(), Amount::ZERO);
        let floor = (!below).then(|| (own.clone(), false));
        floor.into_iter().chain((!above).then_some((own, true)))
    });
    let bounds = at_bounds(problem, amounts).map(|(column, upper)| (equation(column), !upper));
    let conditions: Vec<Condition> = signs.chain(bounds).collect();
    let pressures = affine.least(&conditions)?;
    let mut multipliers = vec![Amount::ZERO; problem.rows];
    for ((place, (row, _)), pressure) in tight.iter().enumerate().zip(&pressures) {
        multipliers[*row] = pressure / &scales[place];
    }
    Some(multipliers)
}

/// A row that meets a bound, and whether its multiplier may be below and above zero.
type Tight = (usize, (bool, bool));

/// The rows that meet a bound, and the signs their multipliers may have: (below zero, above zero).
///
/// Rows that are far from both bounds in floats are not added up exactly.
fn tight(program: &Program, amounts: &[Amount]) -> Vec<Tight> {
    let floats: Vec<f64> = amounts.iter().map(Amount::to_f64).collect();
    let near = |row: &Row| {
        let (value, size) = row.float(&floats);
        let size = 1.0 + size;
        let meets = |bound: &Option<Amount>| {
            bound.as_ref().is_some_and(|bound| (bound.to_f64() - value).abs() < 1e-9 * size)
        };
        meets(&row.lower) || meets(&row.upper)
    };
    let meets = |(place, row): (usize, &Row)| {
        if !near(row) {
            return None;
        }
        let value = row.value(amounts);
        let lower = row.lower.as_ref() == Some(&value);
        let upper = row.upper.as_ref() == Some(&value);
        (lower || upper).then_some((place, (upper, lower)))
    };
    program.rows.iter().enumerate().filter_map(meets).collect()
}

/// The largest coefficient of a row on its own slice, without its sign.
fn scale(row: &Row) -> Amount {
    if let [only] = &*row.parts
        && row.own == 1
    {
        let size = only.coefficient.abs();
        return if size.is_positive() && !only.columns.is_empty() { size } else { Amount::ONE };
    }
    let inside = |column: &u32| -> Amount {
        let parts = row.parts.iter().filter(|part| part.columns.binary_search(column).is_ok());
        parts.map(|part| &part.coefficient).sum()
    };
    let own = row.parts.iter().take(row.own).flat_map(|part| &part.columns);
    let largest = own.map(|column| inside(column).abs()).max();
    largest.filter(Amount::is_positive).unwrap_or(Amount::ONE)
}

fn is_inside(problem: &Problem<Amount>, amounts: &[Amount], column: usize) -> bool {
    problem.moves[column]
        && problem.lower[column].as_ref() != Some(&amounts[column])
        && problem.upper[column].as_ref() != Some(&amounts[column])
}

/// The moving columns at exactly one of their bounds, and whether it is the upper one.
fn at_bounds<'a>(
    problem: &'a Problem<Amount>,
    amounts: &'a [Amount],
) -> impl Iterator<Item = (usize, bool)> + 'a {
    (0..problem.columns()).filter(|column| problem.moves[*column]).filter_map(|column| {
        let lower = problem.lower[column].as_ref() == Some(&amounts[column]);
        let upper = problem.upper[column].as_ref() == Some(&amounts[column]);
        (lower != upper).then_some((column, upper))
    })
}

/// An echelon of vectors modulo the prime: full rank there is full rank.
#[derive(Default)]
struct Echelon {
    rows: Vec<(usize, Vec<u64>)>,
}

impl Echelon {
    /// Adds a vector; tells whether it was independent of those before.
    fn add(&mut self, vector: &[u64]) -> bool {
        let mut sums: Vec<u128> = vector.iter().map(|value| u128::from(*value)).collect();
        let mut pending = 0;
        for (pivot, row) in &self.rows {
            let factor = u128::from(minus(reduce(sums[*pivot])));
            if factor == 0 {
                continue;
            }
            // Nothing of a row is before its pivot.
            for (sum, other) in sums[*pivot..].iter_mut().zip(&row[*pivot..]) {
                *sum += factor * u128::from(*other);
            }
            pending += 1;
            if pending == AT_ONCE {
                pending = 0;
                for sum in &mut sums {
                    *sum = u128::from(reduce(*sum));
                }
            }
        }
        let mut vector: Vec<u64> = sums.into_iter().map(reduce).collect();
        let Some(pivot) = vector.iter().position(|value| *value != 0) else {
            return false;
        };
        let unit = inverse(vector[pivot]);
        for value in &mut vector[pivot..] {
            *value = times(*value, unit);
        }
        self.rows.push((pivot, vector));
        true
    }
}

/// How many products may be added to a residue before it is reduced.
const AT_ONCE: usize = 31;

/// The coefficients of a column in the tight rows, modulo the prime. Most columns of a row share one: the
/// `last` of each row is known.
fn vector(
    problem: &Problem<Amount>,
    column: usize,
    places: &[Option<usize>],
    last: &mut [((i64, i64), u64)],
) -> Vec<u64> {
    let mut vector = vec![0; last.len()];
    for (row, value) in problem.column(column) {
        let Some(place) = places[row] else { continue };
        vector[place] = match value.words() {
            Some(words) if words == last[place].0 => last[place].1,
            Some(words) => {
                last[place] = (words, residue_of(value));
                last[place].1
            }
            None => residue_of(value),
        };
    }
    vector
}

/// Columns strictly within their bounds, of which each says something new about the tight rows:
/// as many as these where they are independent.
fn inside_columns(problem: &Problem<Amount>, amounts: &[Amount], tight: &[Tight]) -> Vec<usize> {
    let mut places = vec![None; problem.rows];
    for (place, (row, _)) in tight.iter().enumerate() {
        places[*row] = Some(place);
    }
    let mut echelon = Echelon::default();
    let mut columns = Vec::new();
    let mut last = vec![((0, 1), 0); tight.len()];
    for column in (0..problem.columns()).filter(|c| is_inside(problem, amounts, *c)) {
        if echelon.rows.len() == tight.len() {
            break;
        }
        if echelon.add(&vector(problem, column, &places, &mut last)) {
            columns.push(column);
        }
    }
    columns
}
