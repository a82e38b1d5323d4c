//! The doorway to `good_lp` for linear stages: what HiGHS proposes, in floating point.

use good_lp::solvers::highs::{HighsParallelType, HighsPresolveType, HighsProblem};
use good_lp::{
    Expression, ProblemVariables, ResolutionError, SolverModel, Variable, constraint, variable,
};

use super::split::{Kink, Split, splits};
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
            .map(|(column, split)| split.as_ref().map_or(column.near.to_f64(), |split| split.base))
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

/// What a column is for the solver: a sum of unknowns.
#[derive(Default)]
struct Unknown(Vec<(f64, Variable)>);

impl Unknown {
    fn add_to(&self, form: &mut Expression, coefficient: f64) {
        for (sign, variable) in &self.0 {
            form.add_mul(coefficient * sign, variable);
        }
    }
}

/// Solves `linear` by HiGHS' simplex method, cold and on one thread.
///
/// A column whose own kinks have rows to themselves is written as pieces between the kinks: the
/// same programme with those rows gone.
pub(crate) fn propose(linear: &Linear) -> Result<Proposal, Refusal> {
    let splits = splits(linear);
    let scaled = Scaled::new(linear, &splits);
    let mut variables = ProblemVariables::new();
    let columns = unknowns(&mut variables, linear, &scaled, &splits);
    let levels = levels(&mut variables, linear, &scaled);
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
    // Costs are tied by the dozen in a plan: moved this much more apart, a third of the steps do.
    model = model.set_option("dual_simplex_cost_perturbation_multiplier", 30.0);
    let sides = constrain(&mut model, linear, &scaled, (&columns, &levels), &splits);
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
    let mut measured: Vec<Option<Unknown>> = Vec::new();
    measured.resize_with(linear.columns.len(), || None);
    for (place, column) in linear.columns.iter().enumerate() {
        let least = scaled.column(place, column.lower.as_ref(), f64::NEG_INFINITY);
        let most = scaled.column(place, column.upper.as_ref(), f64::INFINITY);
        let Some(split) = &splits[place] else {
            let own = measured[place].take();
            columns.push(own.unwrap_or_else(|| {
                Unknown(vec![(1.0, variables.add(variable().min(least).max(most)))])
            }));
            continue;
        };
        let mut own = Unknown::default();
        for (sign, kinks, end) in [(1.0, &split.above, most), (-1.0, &split.below, -least)] {
            pieces(
                variables,
                (sign, end),
                (split.base, kinks, scaled.unit),
                &mut own,
                &mut |kink, beyond| {
                    measured[kink.column] = Some(beyond);
                },
            );
        }
        columns.push(own);
    }
    columns
}

/// The pieces of a column on one side of its base, up to `end`, each between two kinks; they are
/// added to `own`. Each kink is told with the pieces beyond it.
fn pieces(
    variables: &mut ProblemVariables,
    (sign, end): (f64, f64),
    (base, kinks, unit): (f64, &[Kink], f64),
    own: &mut Unknown,
    tell: &mut dyn FnMut(&Kink, Unknown),
) {
    let starts: Vec<f64> = kinks.iter().map(|kink| sign * (kink.at - base) / unit).collect();
    let mut places = Vec::new();
    let mut from = 0.0;
    for start in &starts {
        if *start > from {
            own.0.push((sign, variables.add(variable().min(0.0).max(start - from))));
            from = *start;
        }
        places.push(own.0.len());
    }
    own.0.push((sign, variables.add(variable().min(0.0).max((end - from).max(0.0)))));
    for (kink, place) in kinks.iter().zip(places) {
        let beyond = own.0.iter().skip(place).map(|(_, variable)| (1.0, *variable));
        tell(kink, Unknown(beyond.collect()));
    }
}

/// The level of each row between two bounds: one equation with a column, not two rows.
fn levels(
    variables: &mut ProblemVariables,
    linear: &Linear,
    scaled: &Scaled,
) -> Vec<Option<Variable>> {
    let level = |(place, row): (usize, &LinearRow)| match (&row.lower, &row.upper) {
        (Some(lower), Some(upper)) if lower != upper => {
            let bound = |bound: &Amount| bound.to_f64() / scaled.row[place] / scaled.unit;
            Some(variables.add(variable().min(bound(lower)).max(bound(upper))))
        }
        _ => None,
    };
    linear.rows.iter().enumerate().map(level).collect()
}

/// Adds the rows that are left, and tells which is which.
fn constrain(
    model: &mut HighsProblem,
    linear: &Linear,
    scaled: &Scaled,
    (columns, levels): (&[Unknown], &[Option<Variable>]),
    splits: &[Option<Split>],
) -> Vec<Side> {
    let mut gone = vec![false; linear.rows.len()];
    for kink in splits.iter().flatten().flat_map(Split::kinks) {
        gone[kink.row] = true;
    }
    let mut sides = Vec::new();
    for (place, row) in linear.rows.iter().enumerate().filter(|(place, _)| !gone[*place]) {
        let mut stands = 0.0;
        let mut form = Expression::with_capacity(2 * row.terms.len());
        for (column, value) in &*row.terms {
            let value = value.to_f64() / scaled.row[place];
            stands += value * scaled.near[*column];
            columns[*column].add_to(&mut form, value);
        }
        let rest = |bound: &Amount| (bound.to_f64() / scaled.row[place] - stands) / scaled.unit;
        let (constraint, sign) = match (&row.lower, &row.upper, levels[place]) {
            (_, _, Some(level)) => (constraint!(form - level == -stands / scaled.unit), 1.0),
            (Some(lower), Some(_), None) => (constraint!(form == rest(lower)), 1.0),
            (Some(lower), None, None) => (constraint!(-form <= -rest(lower)), -1.0),
            (None, Some(upper), None) => (constraint!(form <= rest(upper)), 1.0),
            (None, None, None) => continue,
        };
        model.add_constraint(constraint);
        sides.push(Side { row: place, sign });
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
        for (column, value) in &*row.terms {
            left[*column] -= value.to_f64() * rows[place] * row_scale[place] / cost;
        }
    }
    for (column, split) in splits.iter().enumerate() {
        let Some(split) = split else { continue };
        let above = split.above.iter().map(|kink| (kink, -1.0));
        for (kink, sign) in above.chain(split.below.iter().map(|kink| (kink, 1.0))) {
            // The kinks nearest to the base take what is left first, each up to its own cost.
            let most = left[kink.column].max(0.0);
            let own = (sign * left[column]).clamp(0.0, most);
            left[column] -= sign * own;
            left[kink.column] -= own;
            rows[kink.row] = sign * own * cost / row_scale[kink.row];
        }
    }
    left
}
