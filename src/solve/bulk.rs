//! Proposes a working set in floats, columns at their bounds taken many at a time.

use super::dual::{Run, go_on, run};
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
    let most = 50 * (problem.rows + 10);
    let mut working = Working::firm(problem, start);
    let mut known = None;
    for _ in 0..MOST_ROUNDS {
        let Run::Optimal { active, y } = go_on(&mut working, most) else { break };
        let columns = sides(problem, &y);
        let settled = !working.put(&columns);
        let active = ActiveSet { rows: active.rows, columns, ..ActiveSet::default() };
        if settled {
            return Ok(Proposed { active, y: Some(y) });
        }
        known = Some(active);
    }
    Err(known.unwrap_or_else(|| start.clone()))
}

/// The same with columns taken one by one, which takes its time.
pub(crate) fn one_by_one(problem: &Problem<f64>, start: &ActiveSet) -> Proposed {
    let most = 50 * (problem.rows + 10) + 20 * problem.columns();
    match run(problem, start, most) {
        Run::Optimal { active, y } => Proposed { active, y: Some(y) },
        Run::Infeasible { active, .. } | Run::Stalled(active) => Proposed { active, y: None },
    }
}

/// A proposed working set, and the multipliers of the rows that it was found with.
pub(crate) struct Proposed {
    pub(crate) active: ActiveSet,
    /// `None` where the method found no amounts.
    pub(crate) y: Option<Vec<f64>>,
}

impl Proposed {
    /// The proposed amount of each column; `None` where there are none.
    pub(crate) fn floats(&self, problem: &Problem<f64>) -> Option<Vec<f64>> {
        let y = self.y.as_ref()?;
        let mut sides = vec![None; problem.columns()];
        for (column, side) in &self.active.columns {
            sides[*column] = Some(*side);
        }
        let amount = |(column, side): (usize, &Option<Side>)| match side {
            Some(side) => *problem.bound(column, *side),
            None => problem.baseline[column] + problem.weight[column] * problem.pull(column, y),
        };
        Some(sides.iter().enumerate().map(amount).collect())
    }

    /// The same, near enough to see which convex rows they break.
    pub(crate) fn amounts(&self, problem: &Problem<f64>) -> Option<Vec<Amount>> {
        self.floats(problem)?.into_iter().map(near).collect()
    }
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

/// The sides that columns pass under `y`.
fn sides(problem: &Problem<f64>, y: &[f64]) -> Vec<(usize, Side)> {
    let mut found = Vec::new();
    for column in 0..problem.columns() {
        if problem.pinned[column] {
            found.push((column, Side::Equal));
            continue;
        }
        let baseline = problem.baseline[column];
        let amount = baseline + problem.weight[column] * problem.pull(column, y);
        let noise = 1e-11 * (baseline.abs() + problem.weight[column]);
        if problem.lower[column].is_some_and(|lower| amount < lower - noise) {
            found.push((column, Side::Lower));
        } else if problem.upper[column].is_some_and(|upper| amount > upper + noise) {
            found.push((column, Side::Upper));
        }
    }
    found
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
