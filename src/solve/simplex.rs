//! The doorway to `good_lp` for linear stages: what HiGHS proposes, in floating point.

use good_lp::solvers::highs::{HighsParallelType, HighsPresolveType, HighsProblem};
use good_lp::{
    Expression, ProblemVariables, ResolutionError, SolverModel, Variable, constraint, variable,
};

use super::split::{Split, splits};
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
    fn new(linear: &Linear, splits: &[Option<Split>]) -> Self {
        let near = linear.columns.iter().zip(splits);
        let near: Vec<f64> = near
            .map(|(column, split)| split.as_ref().map_or(column.near.to_f64(), |split| split.kink))
            .collect();
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

/// Which row a constraint of the solver stands for, and the sign of its dual.
struct Side {
    row: usize,
    sign: f64,
}

/// What a column is for the solver: one unknown, or the first less the second.
#[derive(Clone, Copy)]
enum Unknown {
    One(Variable),
    Less(Variable, Variable),
}

impl Unknown {
    fn add_to(self, form: &mut Expression, coefficient: f64) {
        match self {
            Self::One(variable) => form.add_mul(coefficient, variable),
            Self::Less(above, below) => {
                form.add_mul(coefficient, above);
                form.add_mul(-coefficient, below);
            }
        }
    }
}

/// Solves `linear` by HiGHS' simplex method, cold and on one thread.
///
/// A column whose own kink has a row to itself is written as what lies above the kink less what
/// lies below it: the same programme with that row gone.
pub(crate) fn propose(linear: &Linear) -> Result<Proposal, Refusal> {
    let splits = splits(linear);
    let scaled = Scaled::new(linear, &splits);
    let mut variables = ProblemVariables::new();
    let columns = unknowns(&mut variables, linear, &scaled, &splits);
    let mut objective = Expression::default();
    for (place, column) in linear.columns.iter().enumerate() {
        if !column.cost.is_zero() {
            columns[place].add_to(&mut objective, column.cost.to_f64() / scaled.cost);
        }
    }
    let mut model = variables
        .minimise(objective)
        .using(good_lp::highs)
        .set_parallel(HighsParallelType::Off)
        .set_presolve(HighsPresolveType::Off)
        .set_threads(1);
    model.set_verbose(false);
    let sides = constrain(&mut model, linear, &scaled, &columns, &splits);
    let solution = model.solve().map_err(|error| match error {
        ResolutionError::Unbounded => Refusal::Unbounded,
        _ => Refusal::Other,
    })?;
    let raw = solution.into_inner();
    let mut rows = vec![0.0; linear.rows.len()];
    for (side, dual) in sides.iter().zip(raw.dual_rows()) {
        rows[side.row] += side.sign * dual;
    }
    let row_scale: Vec<f64> = scaled.row.iter().map(|row| scaled.cost / row).collect();
    let columns = lifted(linear, &splits, &row_scale, scaled.cost, &mut rows);
    Ok(Proposal { rows, columns, row_scale })
}

/// The unknowns of the solver, column by column.
fn unknowns(
    variables: &mut ProblemVariables,
    linear: &Linear,
    scaled: &Scaled,
    splits: &[Option<Split>],
) -> Vec<Unknown> {
    let mut columns: Vec<Unknown> = Vec::with_capacity(linear.columns.len());
    let mut measured: Vec<Option<Variable>> = vec![None; linear.columns.len()];
    for (place, column) in linear.columns.iter().enumerate() {
        let least = scaled.column(place, column.lower.as_ref(), f64::NEG_INFINITY);
        let most = scaled.column(place, column.upper.as_ref(), f64::INFINITY);
        let Some(split) = &splits[place] else {
            let own = measured[place];
            let own = own.unwrap_or_else(|| variables.add(variable().min(least).max(most)));
            columns.push(Unknown::One(own));
            continue;
        };
        let above = variables.add(variable().min(least.max(0.0)).max(most.max(0.0)));
        let below = variables.add(variable().min((-most).max(0.0)).max((-least).max(0.0)));
        measured[split.hinge_column] = Some(if split.above { above } else { below });
        columns.push(Unknown::Less(above, below));
    }
    columns
}

/// Adds the rows that are left, each side as an upper bound, and tells which is which.
fn constrain(
    model: &mut HighsProblem,
    linear: &Linear,
    scaled: &Scaled,
    columns: &[Unknown],
    splits: &[Option<Split>],
) -> Vec<Side> {
    let mut gone = vec![false; linear.rows.len()];
    for split in splits.iter().flatten() {
        gone[split.row] = true;
    }
    let mut sides = Vec::new();
    for (place, row) in linear.rows.iter().enumerate().filter(|(place, _)| !gone[*place]) {
        let mut stands = 0.0;
        let mut form = Expression::with_capacity(2 * row.terms.len());
        for (column, value) in &row.terms {
            let value = value.to_f64() / scaled.row[place];
            stands += value * scaled.near[*column];
            columns[*column].add_to(&mut form, value);
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

/// The reduced costs of all columns, and the multipliers of the rows that were split away, from
/// those of the rows that the solver saw. All are scaled to costs of order one.
///
/// With `t` what is left of the cost of the column, the row of its kink takes as much of it as the
/// cost of its auxiliary lets it, and the column's own bounds the rest.
fn lifted(
    linear: &Linear,
    splits: &[Option<Split>],
    row_scale: &[f64],
    cost: f64,
    rows: &mut [f64],
) -> Vec<f64> {
    let mut left: Vec<f64> = linear.columns.iter().map(|c| c.cost.to_f64() / cost).collect();
    for (place, row) in linear.rows.iter().enumerate().filter(|(place, _)| rows[*place] != 0.0) {
        for (column, value) in &row.terms {
            left[*column] -= value.to_f64() * rows[place] * row_scale[place] / cost;
        }
    }
    for (column, split) in splits.iter().enumerate() {
        let Some(split) = split else { continue };
        let own = left[split.hinge_column].max(0.0);
        let own =
            if split.above { left[column].clamp(-own, 0.0) } else { left[column].clamp(0.0, own) };
        left[column] -= own;
        left[split.hinge_column] -= if split.above { -own } else { own };
        rows[split.row] = own * cost / row_scale[split.row];
    }
    left
}
