//! An exact optimal dual of a linear programme: from what a solver proposes, or from scratch.
//!
//! A dual is a proof by itself: its value is a bound that no feasible answer can beat, and by
//! complementary slackness it describes every optimal answer.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Farkas;
use super::calibrate::nearest;
use super::live::Basis;
use super::problem::{ActiveSet, Problem};
use super::simplex::Proposal;
use crate::formulate::{Column, Linear, LinearRow, Part, Program, Row};
use crate::units::Amount;

/// Exact multipliers of a linear programme, with the right signs.
pub(crate) struct Dual {
    /// One a row, above zero where its lower bound pushes up.
    pub(crate) rows: Vec<Amount>,
    /// The reduced cost of each column, above zero where its lower bound pushes up.
    pub(crate) columns: Vec<Amount>,
    /// The value of the dual: no feasible answer is below it.
    pub(crate) bound: Amount,
    /// Where the solver ended that proposed it.
    pub(crate) basis: Option<Basis>,
}

impl Dual {
    /// The multipliers of the rows other than zero.
    pub(crate) fn pushes(&self) -> Vec<(usize, Amount)> {
        let rows = self.rows.iter().cloned().enumerate();
        rows.filter(|(_, multiplier)| !multiplier.is_zero()).collect()
    }
}

/// The dual with the row multipliers of another one, where they have the right signs here.
pub(crate) fn again(linear: &Linear, known: &[(usize, Amount)]) -> Option<Dual> {
    let mut rows = vec![Amount::ZERO; linear.rows.len()];
    for (row, multiplier) in known {
        rows.get_mut(*row)?.clone_from(multiplier);
    }
    dual(linear, rows, &|_| false)
}

/// Multipliers of order one below this are proposed to be zero.
const NOTHING: f64 = 1e-7;

/// Makes the proposed multipliers exact, where those that are not zero decide them.
pub(crate) fn exact(linear: &Linear, proposal: &Proposal) -> Option<Dual> {
    let pushes: Vec<usize> =
        (0..linear.rows.len()).filter(|row| proposal.rows[*row].abs() > NOTHING).collect();
    let free = |column: usize| {
        let own = &linear.columns[column];
        let pinned = own.lower.is_some() && own.lower == own.upper;
        !pinned && proposal.columns[column].abs() <= NOTHING
    };
    let mut guess = vec![Amount::ZERO; linear.rows.len()];
    for row in &pushes {
        guess[*row] = simple(proposal.rows[*row] * proposal.row_scale[*row]);
    }
    let dual = match dual(linear, guess, &free) {
        Some(dual) => dual,
        None => dual(linear, eliminate(linear, &pushes, &free)?, &free)?,
    };
    Some(Dual { basis: proposal.basis.clone(), ..dual })
}

/// The dual with these row multipliers: reduced costs, signs and value, all exact. `None` where a
/// column that should be free is not, or a multiplier has no bound to push from.
fn dual(linear: &Linear, rows: Vec<Amount>, free: &dyn Fn(usize) -> bool) -> Option<Dual> {
    let mut columns: Vec<Amount> =
        linear.columns.iter().map(|column| column.cost.clone()).collect();
    let mut bound = linear.constant.clone();
    for (row, multiplier) in linear.rows.iter().zip(&rows) {
        if multiplier.is_zero() {
            continue;
        }
        let side = if multiplier.is_positive() { &row.lower } else { &row.upper };
        bound += &(multiplier * side.as_ref()?);
        for (column, value) in &*row.terms {
            columns[*column] -= &(value * multiplier);
        }
    }
    for (place, reduced) in columns.iter().enumerate() {
        if reduced.is_zero() {
            continue;
        }
        if free(place) {
            return None;
        }
        let own = &linear.columns[place];
        let side = if reduced.is_positive() { &own.lower } else { &own.upper };
        bound += &(reduced * side.as_ref()?);
    }
    Some(Dual { rows, columns, bound, basis: None })
}

/// The fraction with a small denominator next to `value` (continued fractions).
fn simple(value: f64) -> Amount {
    const LARGEST: f64 = 1e6;
    let (mut low, mut high) = ((0.0, 1.0), (1.0, 0.0));
    let mut rest = value;
    for _ in 0..24 {
        let whole = rest.floor();
        let next = (whole * high.0 + low.0, whole * high.1 + low.1);
        if next.1.abs() > LARGEST || next.0.abs() > 1e15 {
            break;
        }
        low = high;
        high = next;
        let error = (value - high.0 / high.1).abs();
        if error <= 1e-9 * (1.0 + value.abs()) || (rest - whole).abs() < 1e-12 {
            break;
        }
        rest = 1.0 / (rest - whole);
    }
    #[expect(clippy::cast_possible_truncation, reason = "both parts are below 1e15")]
    let (over, under) = (high.0 as i64, high.1 as i64);
    if under == 0 { Amount::ZERO } else { Amount::ratio(over, under) }
}

/// One equation: unknowns by row, and the right side.
type Equation = (BTreeMap<usize, Amount>, Amount);

/// Solves `sum a_ic y_i = cost_c` over the free columns for the rows that push, by elimination.
fn eliminate(
    linear: &Linear,
    pushes: &[usize],
    free: &dyn Fn(usize) -> bool,
) -> Option<Vec<Amount>> {
    let mut by_column: HashMap<usize, BTreeMap<usize, Amount>> = HashMap::new();
    for row in pushes {
        for (column, value) in &*linear.rows[*row].terms {
            by_column.entry(*column).or_default().insert(*row, value.clone());
        }
    }
    let mut seen = HashSet::new();
    let mut equations: Vec<Equation> = (0..linear.columns.len())
        .filter(|column| free(*column))
        .map(|column| {
            let cost = linear.columns[column].cost.clone();
            (by_column.remove(&column).unwrap_or_default(), cost)
        })
        .filter(|equation| seen.insert(equation.clone()))
        .collect();
    equations.sort_by_key(|(terms, _)| terms.len());
    let mut pivots: Vec<(usize, Equation)> = Vec::new();
    let mut place: HashMap<usize, usize> = HashMap::new();
    for (mut terms, mut right) in equations {
        while let Some(row) = terms.keys().find(|row| place.contains_key(row)).copied() {
            let factor = terms.remove(&row)?;
            substitute(&mut terms, &mut right, &factor, &pivots[place[&row]].1);
        }
        let Some((row, lead)) = terms.pop_first() else {
            if right.is_zero() {
                continue;
            }
            return None;
        };
        // y_row = right / lead - sum (terms / lead) y
        let terms = terms.into_iter().map(|(other, value)| (other, &value / &lead)).collect();
        place.insert(row, pivots.len());
        pivots.push((row, (terms, &right / &lead)));
    }
    let mut values = vec![Amount::ZERO; linear.rows.len()];
    for (row, (terms, right)) in pivots.iter().rev() {
        let rest: Amount = terms.iter().map(|(other, value)| value * &values[*other]).sum();
        values[*row] = right - &rest;
    }
    Some(values)
}

fn substitute(
    terms: &mut BTreeMap<usize, Amount>,
    right: &mut Amount,
    factor: &Amount,
    pivot: &Equation,
) {
    *right -= &(factor * &pivot.1);
    for (other, value) in &pivot.0 {
        let entry = terms.entry(*other).or_default();
        *entry -= &(factor * value);
        if entry.is_zero() {
            terms.remove(other);
        }
    }
}

/// How far one step of the proximal method may carry, against the size of the costs.
const STEP: i64 = 1_000_000;
/// The most steps that it takes before the programme is called unbounded.
const STEPS: usize = 60;

/// Why there is no dual.
pub(crate) enum NoDual {
    /// Nothing satisfies the rows.
    Infeasible(Farkas),
    /// The objective falls without end.
    Unbounded,
}

/// Finds an exact dual with no solver's help, starting near `start`.
///
/// The proximal point method (Rockafellar 1976): each step is a calibration towards the last
/// answer moved down the costs. On a linear programme it stands still after finitely many steps,
/// and the multipliers of the step that stands still are an optimal dual, exactly.
pub(crate) fn proximal(linear: &Linear, start: &[Amount]) -> Result<Dual, NoDual> {
    let costs = linear.columns.iter().map(|column| column.cost.abs()).max();
    let largest = costs.filter(|cost| !cost.is_zero()).unwrap_or(Amount::ONE);
    let step = &Amount::whole(STEP) / &largest;
    let mut at: Vec<Amount> = start.to_vec();
    let rows: Vec<Row> = linear.rows.iter().map(plain).collect();
    let mut active = ActiveSet::default();
    for _ in 0..STEPS {
        let columns = linear.columns.iter().zip(&at).map(|(column, at)| {
            let pinned = column.lower.is_some() && column.lower == column.upper;
            let weight = if pinned { Amount::ZERO } else { Amount::ONE };
            let baseline = match &column.lower {
                Some(lower) if pinned => lower.clone(),
                _ => at - &(&step * &column.cost),
            };
            Column { baseline, weight, lower: column.lower.clone(), upper: column.upper.clone() }
        });
        let program =
            Program { columns: columns.collect(), rows: rows.clone(), ..Program::default() };
        let problem = Problem::<Amount>::new(&program);
        let found = nearest(&program, &problem, &active).map_err(NoDual::Infeasible)?;
        if found.amounts == at {
            let multipliers = found.y.iter().map(|y| y / &step).collect();
            return dual(linear, multipliers, &|_| false).ok_or(NoDual::Unbounded);
        }
        at = found.amounts;
        active = found.active;
    }
    Err(NoDual::Unbounded)
}

fn plain(row: &LinearRow) -> Row {
    let parts = row.terms.iter().map(|(column, value)| Part {
        coefficient: value.clone(),
        columns: vec![u32::try_from(*column).unwrap_or(u32::MAX)],
    });
    Row { parts: parts.collect(), own: 1, lower: row.lower.clone(), upper: row.upper.clone() }
}
