//! The calibration: the allocation nearest to the baseline, exactly.

use super::bulk::{is_finite, one_by_one, propose};
use super::decomposition::{Decomposition, decompose, explain};
use super::dual::{Run, run};
use super::elastic::clash;
use super::exact::Common;
use super::farkas::Farkas;
use super::problem::{ActiveSet, Problem, Side};
use super::verified::verified;
use crate::formulate::Program;
use crate::units::Amount;

/// What calibration finds.
#[derive(Debug, Clone)]
pub enum Calibration {
    /// The one allocation nearest to the baseline.
    Optimal(Optimum),
    /// The proof that there is no allocation.
    Infeasible(Farkas),
}

/// The exact solution of a programme.
#[derive(Debug, Clone)]
pub struct Optimum {
    /// The amount of each column, `x_c`.
    pub amounts: Vec<Amount>,
    /// The multiplier of each row, `y_i`: `x_c - b_c = w_c * (sum_i a_ic y_i + beta_c)`.
    pub multipliers: Vec<Amount>,
    /// What each column's own bound adds, `beta_c`; zero for a column that never moves.
    pub reduced: Vec<Amount>,
    /// Several decompositions exist; the one with the least sum of squared pressures was taken.
    pub chosen: bool,
    /// To start the next solve from.
    pub active: ActiveSet,
}

/// Solves `program` exactly, from a start that only saves time.
///
/// Floats propose a working set; the same method, run in rationals from there, decides. The amounts
/// are unique, so the answer depends on neither the start nor the order of the rows.
///
/// # Panics
///
/// If a column of weight zero is not fixed at its baseline: a formulated programme has none.
pub fn calibrate(program: &Program, start: &ActiveSet) -> Calibration {
    let exact = Problem::<Amount>::new(program);
    match nearest(program, &exact, start) {
        Err(farkas) => Calibration::Infeasible(farkas),
        Ok(Nearest { amounts, y, active }) => {
            let Decomposition { multipliers, chosen } = decompose(program, &exact, &amounts, &y);
            let reduced = reduced(&exact, &amounts, &multipliers);
            Calibration::Optimal(Optimum { amounts, multipliers, reduced, chosen, active })
        }
    }
}

/// The optimum with these `amounts`, which are the nearest; `None` where they are not.
pub(crate) fn explained(
    program: &Program,
    amounts: Vec<Amount>,
    active: ActiveSet,
) -> Option<Optimum> {
    let problem = Problem::<Amount>::new(program);
    let Decomposition { multipliers, chosen } = explain(program, &problem, &amounts)?;
    let reduced = reduced(&problem, &amounts, &multipliers);
    Some(Optimum { amounts, multipliers, reduced, chosen, active })
}

/// The nearest amounts, with some multipliers that explain them.
pub(crate) struct Nearest {
    pub(crate) amounts: Vec<Amount>,
    pub(crate) y: Vec<Amount>,
    pub(crate) active: ActiveSet,
}

/// Finds the amounts nearest to the baseline, exactly.
pub(crate) fn nearest(
    program: &Program,
    exact: &Problem<Amount>,
    start: &ActiveSet,
) -> Result<Nearest, Farkas> {
    let floats = exact.floats();
    let proposed = match is_finite(&floats).then(|| propose(&floats, start)) {
        None => start.clone(),
        Some(Ok(proposed)) => proposed.active,
        Some(Err(last)) => match clash(program) {
            Some((farkas, _)) => return Err(farkas),
            None => one_by_one(&floats, &last).active,
        },
    };
    if let Some(found) = verified(program, exact, &proposed) {
        return Ok(found);
    }
    match decided(exact, &proposed) {
        // A start of another programme may lead the method to a clash of nothing.
        Err(farkas) if !farkas.excess(program).is_positive() => {
            decided(exact, &ActiveSet::default())
        }
        found => found,
    }
}

/// Runs the method in rationals from a working set.
fn decided(exact: &Problem<Amount>, start: &ActiveSet) -> Result<Nearest, Farkas> {
    match run(exact, start, usize::MAX) {
        Run::Optimal { active, y } => {
            let amounts = amounts(exact, &active, &y);
            Ok(Nearest { amounts, y, active })
        }
        Run::Infeasible { rows, columns, .. } => {
            let strip = |list: Vec<(usize, Amount)>| {
                let mut list: Vec<_> = list.into_iter().filter(|(_, m)| !m.is_zero()).collect();
                list.sort_by_key(|(place, _)| *place);
                list
            };
            Err(Farkas { rows: strip(rows), columns: strip(columns) })
        }
        Run::Stalled(_) => unreachable!("in rationals every step raises the dual objective"),
    }
}

fn amounts(problem: &Problem<Amount>, active: &ActiveSet, y: &[Amount]) -> Vec<Amount> {
    let common = Common::with(y, &problem.denominator());
    let mut sides = vec![None; problem.columns()];
    for (column, side) in &active.columns {
        sides[*column] = Some(*side);
    }
    let amount = |(column, side): (usize, &Option<Side>)| match side {
        Some(side) => problem.bound(column, *side).clone(),
        None if !problem.moves[column] => problem.baseline[column].clone(),
        None => common.combine(
            &problem.baseline[column],
            &problem.weight[column],
            problem.column(column),
        ),
    };
    sides.iter().enumerate().map(amount).collect()
}

/// What the own bounds of the columns of `program` add to their relative change under multipliers `y`.
pub(super) fn own_bounds(program: &Program, amounts: &[Amount], y: &[Amount]) -> Vec<Amount> {
    reduced(&Problem::<Amount>::new(program), amounts, y)
}

/// What the own bounds of the columns add to their relative change.
fn reduced(problem: &Problem<Amount>, amounts: &[Amount], multipliers: &[Amount]) -> Vec<Amount> {
    let common = Common::with(multipliers, &problem.denominator());
    let own = |column: usize| {
        let bound = problem.lower[column].as_ref() == Some(&amounts[column])
            || problem.upper[column].as_ref() == Some(&amounts[column]);
        if !problem.moves[column] || !bound {
            return Amount::ZERO;
        }
        let change = &amounts[column] - &problem.baseline[column];
        let change = &change / &problem.weight[column];
        common.combine(&change, &Amount::whole(-1), problem.column(column))
    };
    (0..problem.columns()).map(own).collect()
}
