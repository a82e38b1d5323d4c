//! The doorway to `good_lp` for linear stages: what HiGHS proposes, in floating point.

use good_lp::solvers::highs::{HighsParallelType, HighsPresolveType};
use good_lp::{
    Expression, ProblemVariables, ResolutionError, SolverModel, Variable, constraint, variable,
};

use crate::formulate::{Linear, LinearRow};
use crate::units::Amount;

/// What the solver proposes for a linear programme. Nothing here is believed unchecked.
pub(crate) struct Proposal {
    /// The multiplier of each row, above zero where the row pushes up; scaled to order one.
    pub(crate) rows: Vec<f64>,
    /// The reduced cost of each column; scaled to order one.
    pub(crate) columns: Vec<f64>,
    /// What the scaled multiplier of each row is to be multiplied by.
    pub(crate) row_scale: Vec<f64>,
}

/// Why the solver proposes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It calls the programme unbounded.
    Unbounded,
    /// It calls the programme infeasible, or gives up.
    Other,
}

/// The scaled programme: `amount = near + unit * column`, rows and costs of order one.
struct Scaled {
    unit: f64,
    near: Vec<f64>,
    row: Vec<f64>,
    cost: f64,
}

impl Scaled {
    fn new(linear: &Linear) -> Self {
        let near: Vec<f64> = linear.columns.iter().map(|column| column.near.to_f64()).collect();
        let mut sizes: Vec<f64> = near.iter().map(|n| n.abs()).filter(|n| *n > 0.0).collect();
        sizes.sort_by(f64::total_cmp);
        let unit = sizes.get(sizes.len() / 2).map_or(1.0, |size| size.log2().round().exp2());
        let largest = |values: &mut dyn Iterator<Item = f64>| {
            let largest = values.map(f64::abs).fold(0.0, f64::max);
            if largest > 0.0 { largest } else { 1.0 }
        };
        let row = |row: &LinearRow| largest(&mut row.terms.iter().map(|(_, value)| value.to_f64()));
        Self {
            row: linear.rows.iter().map(row).collect(),
            cost: largest(&mut linear.columns.iter().map(|column| column.cost.to_f64())),
            unit,
            near,
        }
    }

    /// A bound of a column, in scaled units.
    fn column(&self, column: usize, bound: Option<&Amount>, none: f64) -> f64 {
        bound.map_or(none, |bound| (bound.to_f64() - self.near[column]) / self.unit)
    }
}

/// Which side of a row a constraint of the solver stands for, and the sign of its dual.
struct Side {
    row: usize,
    sign: f64,
}

/// Solves `linear` by HiGHS' simplex method, cold and on one thread.
pub(crate) fn propose(linear: &Linear) -> Result<Proposal, Refusal> {
    let scaled = Scaled::new(linear);
    let mut variables = ProblemVariables::new();
    let columns: Vec<Variable> = linear
        .columns
        .iter()
        .enumerate()
        .map(|(place, column)| {
            let least = scaled.column(place, column.lower.as_ref(), f64::NEG_INFINITY);
            let most = scaled.column(place, column.upper.as_ref(), f64::INFINITY);
            variables.add(variable().min(least).max(most))
        })
        .collect();
    let mut objective = Expression::default();
    for (place, column) in linear.columns.iter().enumerate() {
        if !column.cost.is_zero() {
            objective.add_mul(column.cost.to_f64() / scaled.cost, columns[place]);
        }
    }
    let mut model = variables
        .minimise(objective)
        .using(good_lp::highs)
        .set_parallel(HighsParallelType::Off)
        .set_presolve(HighsPresolveType::Off)
        .set_threads(1);
    model.set_verbose(false);
    let sides = constrain(&mut model, linear, &scaled, &columns);
    let solution = model.solve().map_err(|error| match error {
        ResolutionError::Unbounded => Refusal::Unbounded,
        _ => Refusal::Other,
    })?;
    let raw = solution.into_inner();
    let mut rows = vec![0.0; linear.rows.len()];
    for (side, dual) in sides.iter().zip(raw.dual_rows()) {
        rows[side.row] += side.sign * dual;
    }
    Ok(Proposal {
        rows,
        columns: raw.dual_columns().to_vec(),
        row_scale: scaled.row.iter().map(|row| scaled.cost / row).collect(),
    })
}

/// Adds the rows, each side as an upper bound, and tells which is which.
fn constrain(
    model: &mut good_lp::solvers::highs::HighsProblem,
    linear: &Linear,
    scaled: &Scaled,
    columns: &[Variable],
) -> Vec<Side> {
    let mut sides = Vec::new();
    for (place, row) in linear.rows.iter().enumerate() {
        let mut stands = 0.0;
        let mut form = Expression::default();
        for (column, value) in &row.terms {
            let value = value.to_f64() / scaled.row[place];
            stands += value * scaled.near[*column];
            form.add_mul(value, columns[*column]);
        }
        let rest = |bound: &Amount| (bound.to_f64() / scaled.row[place] - stands) / scaled.unit;
        if let (Some(lower), Some(upper)) = (&row.lower, &row.upper)
            && lower == upper
        {
            model.add_constraint(constraint!(form == rest(lower)));
            sides.push(Side { row: place, sign: 1.0 });
            continue;
        }
        if let Some(lower) = &row.lower {
            model.add_constraint(constraint!(-form.clone() <= -rest(lower)));
            sides.push(Side { row: place, sign: -1.0 });
        }
        if let Some(upper) = &row.upper {
            model.add_constraint(constraint!(form <= rest(upper)));
            sides.push(Side { row: place, sign: 1.0 });
        }
    }
    sides
}
