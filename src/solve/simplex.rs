//! Linear stages in floating point: what HiGHS proposes.

use super::live::{Basis, Ended, Floats, Start, solve};
use super::split::{Kink, Reach, Split, splits};
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
    /// Whether the basis of an earlier solve led there.
    pub(crate) hot: bool,
    /// Where the solver ended.
    pub(crate) basis: Option<Basis>,
}

/// Why the solver proposes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It calls the programme unbounded.
    Unbounded,
    /// It calls the programme infeasible.
    Infeasible,
    /// It gives up.
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

/// What a column is for the solver: a sum of unknowns.
#[derive(Default)]
struct Unknown(Vec<(f64, usize)>);

/// A programme as the solver has it.
struct Written {
    floats: Floats,
    splits: Vec<Option<Split>>,
    scaled: Scaled,
    /// What each column is for the solver.
    columns: Vec<Unknown>,
    /// The row that each of its rows is.
    places: Vec<usize>,
}

/// Writes `linear` for the solver.
///
/// A column whose own kinks have rows to themselves is written as pieces between the kinks: the
/// same programme with those rows gone.
fn written(linear: &Linear) -> Written {
    let splits = splits(linear);
    let scaled = Scaled::new(linear, &splits);
    let mut floats = Floats::default();
    // Costs are tied by the dozen in a plan: moved this much more apart, a third of the steps do.
    floats.spread(30.0);
    let columns = unknowns(&mut floats, linear, &scaled, &splits);
    for (place, column) in linear.columns.iter().enumerate() {
        if !column.cost.is_zero() {
            let cost = column.cost.to_f64() / scaled.cost;
            for (sign, unknown) in &columns[place].0 {
                floats.cost(*unknown, sign * cost);
            }
        }
    }
    let places = constrain(&mut floats, linear, &scaled, &columns, &splits);
    Written { floats, splits, scaled, columns, places }
}

/// Solves `linear` by HiGHS' simplex method, on one thread.
pub(crate) fn propose(linear: &Linear, start: Start<'_>) -> Result<Proposal, Refusal> {
    let Written { floats, splits, scaled, places, .. } = written(linear);
    let found = match solve(floats, start) {
        Ended::Optimal(found) => found,
        Ended::Unbounded => return Err(Refusal::Unbounded),
        Ended::Infeasible => return Err(Refusal::Infeasible),
        Ended::Other => return Err(Refusal::Other),
    };
    let mut rows = vec![0.0; linear.rows.len()];
    for (place, dual) in places.into_iter().zip(found.multipliers) {
        rows[place] = dual;
    }
    let row_scale: Vec<f64> = scaled.row.iter().map(|row| scaled.cost / row).collect();
    let columns = lifted(linear, &splits, &row_scale, scaled.cost, &mut rows);
    Ok(Proposal { rows, columns, row_scale, hot: found.hot, basis: found.basis })
}

/// The columns of `linear` at an optimum, as far as floats go; `None` where none was found.
pub(crate) fn columns(linear: &Linear, start: Start<'_>) -> Option<Vec<f64>> {
    let Written { floats, scaled, columns, .. } = written(linear);
    let Ended::Optimal(found) = solve(floats, start) else { return None };
    let value = |(own, near): (&Unknown, &f64)| {
        let sum: f64 = own.0.iter().map(|(sign, unknown)| sign * found.values[*unknown]).sum();
        near + scaled.unit * sum
    };
    Some(columns.iter().zip(&scaled.near).map(value).collect())
}

/// The unknowns of the solver, column by column.
fn unknowns(
    floats: &mut Floats,
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
            columns.push(own.unwrap_or_else(|| Unknown(vec![(1.0, floats.column(least, most))])));
            continue;
        };
        let mut own = Unknown::default();
        let sides = [(1.0, &split.above, (least, most)), (-1.0, &split.below, (-most, -least))];
        for (sign, kinks, ends) in sides {
            pieces(
                floats,
                (sign, ends),
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

/// The pieces of a column on one side of its base, each between two kinks; they are added to `own`. The column
/// ends at `least` and `most` on that side. Each kink is told with the pieces beyond it.
fn pieces(
    floats: &mut Floats,
    (sign, (least, most)): (f64, (f64, f64)),
    (base, kinks, unit): (f64, &[Kink], f64),
    own: &mut Unknown,
    tell: &mut dyn FnMut(&Kink, Unknown),
) {
    let starts: Vec<f64> = kinks.iter().map(|kink| sign * (kink.at - base) / unit).collect();
    let mut count = own.0.len();
    let mut piece = |from: f64, to: f64| {
        let within = |end: f64| end.clamp(from, to) - from;
        own.0.push((sign, floats.column(within(least), within(most))));
        own.0.len()
    };
    let mut places = Vec::new();
    let mut from = 0.0;
    for start in &starts {
        if *start > from {
            count = piece(from, *start);
            from = *start;
        }
        places.push(count);
    }
    piece(from, f64::INFINITY);
    for (kink, place) in kinks.iter().zip(places) {
        let beyond = own.0.iter().skip(place).map(|(_, unknown)| (1.0, *unknown));
        tell(kink, Unknown(beyond.collect()));
    }
}

/// Adds the rows that are left, and tells which is which.
fn constrain(
    floats: &mut Floats,
    linear: &Linear,
    scaled: &Scaled,
    columns: &[Unknown],
    splits: &[Option<Split>],
) -> Vec<usize> {
    let mut gone = vec![false; linear.rows.len()];
    for kink in splits.iter().flatten().flat_map(Split::kinks) {
        gone[kink.row] = true;
    }
    let mut places = Vec::new();
    let mut terms = Sparse::default();
    for (place, row) in linear.rows.iter().enumerate().filter(|(place, _)| !gone[*place]) {
        let mut stands = 0.0;
        for (column, value) in &*row.terms {
            let value = value.to_f64() / scaled.row[place];
            stands += value * scaled.near[*column];
            for (sign, unknown) in &columns[*column].0 {
                terms.add(*unknown, value * sign);
            }
        }
        let rest = |bound: &Amount| (bound.to_f64() / scaled.row[place] - stands) / scaled.unit;
        let least = row.lower.as_ref().map_or(f64::NEG_INFINITY, rest);
        let most = row.upper.as_ref().map_or(f64::INFINITY, rest);
        floats.row(least, most, terms.take());
        places.push(place);
    }
    places
}

/// A row while it is added up.
#[derive(Default)]
struct Sparse {
    values: Vec<f64>,
    touched: Vec<usize>,
}

impl Sparse {
    fn add(&mut self, place: usize, value: f64) {
        if self.values.len() <= place {
            self.values.resize(place + 1, 0.0);
        }
        if self.values[place] == 0.0 {
            self.touched.push(place);
        }
        self.values[place] += value;
    }

    /// The terms other than zero, in the order in which they were first added to; none is left.
    fn take(&mut self) -> impl Iterator<Item = (usize, f64)> {
        // One that fell to zero on the way may be there twice, and has nothing left the second time.
        let values = &mut self.values;
        let own = self.touched.drain(..);
        own.map(|place| (place, std::mem::take(&mut values[place]))).filter(|(_, v)| *v != 0.0)
    }
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
            let own = match kink.reach {
                Reach::Both => (sign * left[column]).clamp(0.0, most),
                Reach::Never => 0.0,
                Reach::Always => most,
            };
            left[column] -= sign * own;
            left[kink.column] -= own;
            rows[kink.row] = sign * own * cost / row_scale[kink.row];
        }
    }
    left
}
