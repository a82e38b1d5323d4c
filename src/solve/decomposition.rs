//! The decomposition of an allocation into pressures, where there are several: the least one.

use super::affine::{Affine, Condition, Equation};
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
    if independent(problem, amounts, &tight) {
        return unique;
    }
    match at(program, problem, amounts, &tight) {
        Some(multipliers) => Decomposition { multipliers, chosen: true },
        None => unique,
    }
}

/// The multipliers that explain `amounts`, the least ones where there is a choice; whether there
/// is. `None` where the amounts are not the nearest.
pub(crate) fn explain(program: &Program, amounts: &[Amount]) -> Option<Decomposition> {
    let problem = Problem::<Amount>::new(program);
    let tight = tight(program, amounts);
    let chosen = !independent(&problem, amounts, &tight);
    let multipliers = at(program, &problem, amounts, &tight)?;
    Some(Decomposition { multipliers, chosen })
}

fn at(
    program: &Program,
    problem: &Problem<Amount>,
    amounts: &[Amount],
    tight: &[Tight],
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
    let inside = inside_columns(problem, amounts, &places);
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

/// A prime below 2^61, for ranks: full rank modulo it is full rank.
const PRIME: u128 = (1 << 61) - 1;

fn residue(value: &Amount) -> u128 {
    use num_integer::Integer;
    let prime = num_bigint::BigInt::from(PRIME);
    let part = |number: num_bigint::BigInt| -> u128 {
        u128::try_from(number.mod_floor(&prime)).unwrap_or(0)
    };
    part(value.numerator()) * inverse(part(value.denominator())) % PRIME
}

/// The inverse modulo the prime, by Fermat; zero for zero.
fn inverse(value: u128) -> u128 {
    let (mut base, mut power, mut result) = (value % PRIME, PRIME - 2, 1);
    while power > 0 {
        if power & 1 == 1 {
            result = result * base % PRIME;
        }
        base = base * base % PRIME;
        power >>= 1;
    }
    result
}

/// An echelon of vectors modulo the prime.
#[derive(Default)]
struct Echelon {
    rows: Vec<(usize, Vec<u128>)>,
}

impl Echelon {
    /// Adds a vector; tells whether it was independent of those before.
    fn add(&mut self, mut vector: Vec<u128>) -> bool {
        for (pivot, row) in &self.rows {
            let factor = vector[*pivot];
            if factor != 0 {
                for (value, other) in vector.iter_mut().zip(row) {
                    *value = (*value + (PRIME - factor) * other) % PRIME;
                }
            }
        }
        let Some(pivot) = vector.iter().position(|value| *value != 0) else {
            return false;
        };
        let unit = inverse(vector[pivot]);
        for value in &mut vector {
            *value = *value * unit % PRIME;
        }
        self.rows.push((pivot, vector));
        true
    }
}

/// Whether the tight rows are independent over the columns strictly within their bounds.
fn independent(problem: &Problem<Amount>, amounts: &[Amount], tight: &[Tight]) -> bool {
    let mut places = vec![None; problem.rows];
    for (place, (row, _)) in tight.iter().enumerate() {
        places[*row] = Some(place);
    }
    let mut echelon = Echelon::default();
    for column in (0..problem.columns()).filter(|c| is_inside(problem, amounts, *c)) {
        if echelon.rows.len() == tight.len() {
            return true;
        }
        echelon.add(vector(problem, column, &places, tight.len()));
    }
    echelon.rows.len() == tight.len()
}

fn vector(
    problem: &Problem<Amount>,
    column: usize,
    places: &[Option<usize>],
    size: usize,
) -> Vec<u128> {
    let mut vector = vec![0; size];
    for (row, value) in problem.column(column) {
        if let Some(place) = places[row] {
            vector[place] = residue(value);
        }
    }
    vector
}

/// Columns strictly within their bounds, of which each says something new.
fn inside_columns(
    problem: &Problem<Amount>,
    amounts: &[Amount],
    places: &[Option<usize>],
) -> Vec<usize> {
    let size = places.iter().flatten().count();
    let mut echelon = Echelon::default();
    let mut columns = Vec::new();
    for column in (0..problem.columns()).filter(|c| is_inside(problem, amounts, *c)) {
        if echelon.rows.len() == size {
            break;
        }
        if echelon.add(vector(problem, column, places, size)) {
            columns.push(column);
        }
    }
    columns
}
