//! Proposes a working set in floats, columns at their bounds taken many at a time.

use super::beside::both;
use super::dual::{Run, rest, run};
use super::formed::MANY;
use super::problem::{ActiveSet, Problem, Side};
use super::working::Working;
use crate::units::Amount;

/// Rounds after which columns are taken one at a time.
const MOST_ROUNDS: usize = 30;

/// Proposes the working set that the answer leans on.
///
/// The rows are solved with the fixed columns as they are; then every column that passes a bound is
/// fixed there and every fixed one that would come back is freed, until nothing changes. The proposal
/// need not be right: it is decided in rationals.
///
/// # Errors
///
/// The last set, where that goes round in circles, or where the rows clash: because they do, or because
/// too many columns are fixed.
pub(crate) fn propose(problem: &Problem<f64>, start: &ActiveSet) -> Result<Proposed, ActiveSet> {
    let mut working = Working::firm(problem, start);
    match press(&mut working) {
        Ok(amounts) => Ok(Proposed { active: working.active(), amounts: Some(amounts) }),
        Err(known) => Err(known.unwrap_or_else(|| start.clone())),
    }
}

/// The amount of each column where a working set comes to rest: rows first, with the columns as they stand, and
/// then every column where these rows put it, until none moves any more.
///
/// # Errors
///
/// The last set at which rows were met, where there was one.
pub(crate) fn press(working: &mut Working<'_, f64>) -> Result<Vec<f64>, Option<ActiveSet>> {
    let most = 50 * (working.problem.rows + 10);
    let (mut amounts, mut known) = (vec![0.0; working.problem.columns()], None);
    for _ in 0..MOST_ROUNDS {
        let Some(y) = rest(working, most) else { break };
        if put(working, &y, &mut amounts) {
            return Ok(amounts);
        }
        known = Some(working.active());
    }
    Err(known)
}

/// The same as [`propose`] with columns taken one by one, which takes its time.
pub(crate) fn one_by_one(problem: &Problem<f64>, start: &ActiveSet) -> Proposed {
    let most = 50 * (problem.rows + 10) + 20 * problem.columns();
    match run(problem, start, most) {
        Run::Optimal { active, y } => {
            let amounts = standing(problem, &active, &y);
            Proposed { active, amounts: Some(amounts) }
        }
        Run::Infeasible { active, .. } | Run::Stalled(active) => Proposed { active, amounts: None },
    }
}

/// A proposed working set.
pub(crate) struct Proposed {
    pub(crate) active: ActiveSet,
    /// The proposed amount of each column; `None` where there are none.
    amounts: Option<Vec<f64>>,
}

impl Proposed {
    /// The proposed amounts, near enough to see which convex rows they break.
    pub(crate) fn amounts(&self) -> Option<Vec<Amount>> {
        self.amounts.as_ref()?.iter().map(|amount| near(*amount)).collect()
    }
}

/// Puts every column that passes a bound under `y` there, and frees every other; whether all stood so before.
fn put(working: &mut Working<'_, f64>, y: &[f64], amounts: &mut [f64]) -> bool {
    let (problem, fixed) = (working.problem, &working.formed.fixed);
    let half = amounts.len() / 2;
    let mut moved = if amounts.len() < MANY {
        stand(problem, (0, fixed), y, amounts)
    } else {
        let (first, second) = amounts.split_at_mut(half);
        let (mut first, second) = both(
            || stand(problem, (0, &fixed[..half]), y, first),
            || stand(problem, (half, &fixed[half..]), y, second),
        );
        first.extend(second);
        first
    };
    let settled = moved.is_empty();
    for (column, side) in moved.drain(..) {
        working.set(column, side);
    }
    settled
}

/// The amounts of columns from the `first` on under `y`, and those that are not `fixed` at the side that they
/// pass, with that.
fn stand(
    problem: &Problem<f64>,
    (first, fixed): (usize, &[Option<Side>]),
    y: &[f64],
    amounts: &mut [f64],
) -> Vec<(usize, Option<Side>)> {
    let mut moved = Vec::new();
    for (column, (amount, fixed)) in (first..).zip(amounts.iter_mut().zip(fixed)) {
        let (baseline, weight) = (problem.baseline[column], problem.weight[column]);
        let (lower, upper) = (problem.lower[column], problem.upper[column]);
        let free = baseline + weight * problem.pull(column, y);
        let noise = 1e-11 * (baseline.abs() + weight);
        let (side, stands) = match (lower, upper) {
            (Some(lower), _) if problem.pinned[column] => (Some(Side::Equal), lower),
            (Some(lower), _) if free < lower - noise => (Some(Side::Lower), lower),
            (_, Some(upper)) if free > upper + noise => (Some(Side::Upper), upper),
            _ => (None, free),
        };
        *amount = stands;
        if *fixed != side {
            moved.push((column, side));
        }
    }
    moved
}

/// The amount of each column of a set under `y`.
fn standing(problem: &Problem<f64>, active: &ActiveSet, y: &[f64]) -> Vec<f64> {
    let free =
        |column: usize| problem.baseline[column] + problem.weight[column] * problem.pull(column, y);
    let mut amounts: Vec<f64> = (0..problem.columns()).map(free).collect();
    for (column, side) in &active.columns {
        amounts[*column] = *problem.bound(*column, *side);
    }
    amounts
}

/// The fraction of a power of two next to `value`; `None` where it is too large.
fn near(value: f64) -> Option<Amount> {
    const PARTS: i32 = 1 << 20;
    let parts = (value * f64::from(PARTS)).round();
    if parts.is_nan() || parts.abs() >= 2_f64.powi(62) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "it is below 2^62")]
    let parts = parts as i64;
    Some(Amount::ratio(parts, i64::from(PARTS)))
}

/// Whether the floats of a programme can be told from one another at all.
pub(crate) fn is_finite(problem: &Problem<f64>) -> bool {
    let mut rest = vec![0.0; problem.rows];
    for column in 0..problem.columns() {
        for (row, value) in problem.column(column) {
            rest[row] += value * problem.baseline[column];
        }
    }
    rest.iter().all(|level| level.is_finite())
}
