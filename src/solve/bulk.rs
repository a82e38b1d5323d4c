//! Proposes a working set in floats, columns at their bounds taken many at a time.

use super::dual::{Run, run};
use super::problem::{ActiveSet, Problem, Side};
use super::working::Working;

/// Rounds after which columns are taken one at a time.
const MOST_ROUNDS: usize = 30;

/// Proposes the working set that the answer leans on.
///
/// The rows are solved with the fixed columns as they are; then every column that passes a bound is
/// fixed there and every fixed one that would come back is freed, until nothing changes. Where that
/// goes round in circles, or too many fixed columns make the rows clash, the columns are taken one
/// by one. The proposal need not be right: it is decided in rationals.
pub(crate) fn propose(problem: &Problem<f64>, start: &ActiveSet) -> ActiveSet {
    let most = 50 * (problem.rows + 10);
    let mut active = start.clone();
    for _ in 0..MOST_ROUNDS {
        let loose = Loose::new(problem, &active);
        match run(&loose.problem, &loose.active, most) {
            Run::Optimal { active: rows, y } => {
                let columns = sides(problem, &y);
                let settled = columns == active.columns;
                active = ActiveSet { rows: rows.rows, columns };
                if settled {
                    return active;
                }
            }
            Run::Infeasible { .. } | Run::Stalled(_) => break,
        }
    }
    match run(problem, &active, most + 20 * problem.columns()) {
        Run::Optimal { active, .. } | Run::Infeasible { active, .. } | Run::Stalled(active) => {
            active
        }
    }
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

/// The problem with the columns of a set pinned at their bounds, and no bounds on the others.
struct Loose {
    problem: Problem<f64>,
    active: ActiveSet,
}

impl Loose {
    fn new(problem: &Problem<f64>, active: &ActiveSet) -> Self {
        let mut loose = problem.clone();
        let mut fixed = vec![None; problem.columns()];
        for (column, side) in &active.columns {
            let bounds = if *side == Side::Upper { &problem.upper } else { &problem.lower };
            // A start may come from another programme.
            if bounds.get(*column).is_some_and(Option::is_some) {
                fixed[*column] = Some(*side);
            }
        }
        for (column, side) in fixed.into_iter().enumerate() {
            if problem.pinned[column] {
                continue;
            }
            let bound = side.map(|side| *problem.bound(column, side));
            loose.lower[column] = bound;
            loose.upper[column] = bound;
            loose.pinned[column] = bound.is_some();
        }
        let active = ActiveSet { rows: active.rows.clone(), columns: Vec::new() };
        Self { problem: loose, active }
    }
}

/// Whether the floats of a programme can be told from one another at all.
pub(crate) fn is_finite(problem: &Problem<f64>) -> bool {
    let levels = Working::new(problem, &ActiveSet::default());
    levels.rest.iter().all(|level| level.is_finite())
}
