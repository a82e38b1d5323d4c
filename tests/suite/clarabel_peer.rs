//! The calibration as Clarabel is given it: an interior-point solver in floating point.

use clarabel::algebra::CscMatrix;
use clarabel::solver::{
    DefaultSettingsBuilder, DefaultSolver, IPSolver, SolverStatus, SupportedConeT,
};
use virement::formulate::{Linear, Objective, Program};
use virement::units::Amount;

/// A programme in Clarabel's form: changes relative to the weight, rows relative to their size, so
/// that all are of order one; equalities first. A convex row brings auxiliaries, which cost nothing.
pub(crate) struct Peer {
    objective: CscMatrix<f64>,
    matrix: CscMatrix<f64>,
    right: Vec<f64>,
    equal: usize,
    moving: Vec<usize>,
}

/// Terms by column, right side, and whether it is an equality.
type Scaled = (Vec<(usize, f64)>, f64, bool);

impl Peer {
    /// Writes `program` for Clarabel.
    pub(crate) fn new(program: &Program) -> Self {
        let linear = Linear::new(program, &Objective::Sum([].into()));
        let weight = |column: usize| program.columns.get(column).map(|own| own.weight.to_f64());
        let moving: Vec<usize> =
            (0..linear.columns.len()).filter(|c| weight(*c) != Some(0.0)).collect();
        let scales: Vec<f64> = moving.iter().map(|c| weight(*c).unwrap_or(100.0)).collect();
        let rows = scaled_rows(&linear, &moving, &scales);
        let (mut at, mut of, mut values) = (Vec::new(), Vec::new(), Vec::new());
        for (place, (terms, _, _)) in rows.iter().enumerate() {
            for (column, value) in terms {
                at.push(place);
                of.push(*column);
                values.push(*value);
            }
        }
        let mut objective = CscMatrix::identity(moving.len());
        objective.nzval =
            moving.iter().map(|c| weight(*c).map_or(0.0, |weight| weight / 1000.0)).collect();
        Self {
            objective,
            matrix: CscMatrix::new_from_triplets(rows.len(), moving.len(), at, of, values),
            right: rows.iter().map(|(_, right, _)| *right).collect(),
            equal: rows.iter().filter(|(_, _, equal)| *equal).count(),
            moving,
        }
    }

    /// How it ended, and the amount of every column of the programme.
    pub(crate) fn solve(&self, program: &Program) -> (SolverStatus, Vec<f64>) {
        let cones = [
            SupportedConeT::ZeroConeT(self.equal),
            SupportedConeT::NonnegativeConeT(self.right.len() - self.equal),
        ];
        let settings = DefaultSettingsBuilder::default().verbose(false).build();
        let settings = settings.expect("the settings are in order");
        let q = vec![0.0; self.moving.len()];
        let mut solver =
            DefaultSolver::new(&self.objective, &q, &self.matrix, &self.right, &cones, settings)
                .expect("the problem is in order");
        solver.solve();
        let mut amounts: Vec<f64> = program.columns.iter().map(|c| c.baseline.to_f64()).collect();
        for (column, change) in self.moving.iter().zip(&solver.solution.x) {
            if let Some(own) = program.columns.get(*column) {
                amounts[*column] += change * own.weight.to_f64();
            }
        }
        (solver.solution.status, amounts)
    }
}

fn scaled_rows(linear: &Linear, moving: &[usize], scales: &[f64]) -> Vec<Scaled> {
    let mut rows: Vec<Scaled> = Vec::new();
    let mut push =
        |terms: Vec<(usize, f64)>, lower: Option<f64>, upper: Option<f64>, equal: bool| {
            if equal {
                rows.push((terms, upper.unwrap_or(0.0), true));
                return;
            }
            if let Some(upper) = upper {
                rows.push((terms.clone(), upper, false));
            }
            if let Some(lower) = lower {
                rows.push((terms.into_iter().map(|(c, t)| (c, -t)).collect(), -lower, false));
            }
        };
    let mut place = vec![usize::MAX; linear.columns.len()];
    for (at, column) in moving.iter().enumerate() {
        place[*column] = at;
    }
    for row in &linear.rows {
        let moving = row.terms.iter().filter(|(c, _)| place[*c] != usize::MAX);
        let mut terms: Vec<(usize, f64)> =
            moving.map(|(c, value)| (place[*c], value.to_f64() * scales[place[*c]])).collect();
        let size = terms.iter().map(|(_, t)| t.abs()).fold(1e-9, f64::max);
        for (_, t) in &mut terms {
            *t /= size;
        }
        let stands = row.terms.iter().map(|(column, value)| value * &linear.columns[*column].near);
        let stands: Amount = stands.sum();
        let rest = |bound: &Amount| (bound - &stands).to_f64() / size;
        let equal = row.lower.is_some() && row.lower == row.upper;
        push(terms, row.lower.as_ref().map(rest), row.upper.as_ref().map(rest), equal);
    }
    for ((at, column), scale) in moving.iter().enumerate().zip(scales) {
        let own = &linear.columns[*column];
        let rest = |bound: &Amount| (bound - &own.near).to_f64() / scale;
        let equal = own.lower.is_some() && own.lower == own.upper;
        push(vec![(at, 1.0)], own.lower.as_ref().map(rest), own.upper.as_ref().map(rest), equal);
    }
    rows.sort_by_key(|(_, _, equal)| !equal);
    rows
}
