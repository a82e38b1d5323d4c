//! The doorway to HiGHS for linear programmes: models that are kept and changed in place.
//!
//! A programme that differs from an earlier one in bounds and costs only goes on from the basis that
//! solved that one. Nothing here is believed unchecked, so that only time tells whether it did.
#![expect(unsafe_code, reason = "HiGHS is a C library; this is the only module that calls it")]

mod basis;
mod rows;

use std::cell::RefCell;
use std::ffi::{CStr, c_void};
use std::ptr::NonNull;
use std::sync::Arc;

use highs_sys as highs;

pub(crate) use basis::Basis;
use rows::{Matrix, number};

/// A linear programme in floats: rows over columns, each within bounds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Floats {
    costs: Vec<f64>,
    columns: Bounds,
    rows: Bounds,
    matrix: Matrix,
    /// How far costs are moved apart while they are tied, against what HiGHS does by itself.
    spread: Option<f64>,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Bounds {
    least: Vec<f64>,
    most: Vec<f64>,
}

/// Where a solve goes on from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start<'a> {
    /// Nothing.
    Cold,
    /// Nothing, and the model is kept.
    Afresh,
    /// Where a programme like it was solved, and else as from the last one.
    Near(&'a Basis),
    /// The basis that solved the last programme on this thread that most rows of this one were in, where
    /// there is one.
    Last,
}

/// How a solve ended.
pub(crate) enum Ended {
    /// With the best values, as far as floats go.
    Optimal(Found),
    /// The objective falls without end.
    Unbounded,
    /// There are no values within all bounds, as far as floats go.
    Infeasible,
    /// None was found.
    Other,
}

/// What a solve found.
pub(crate) struct Found {
    /// The value of each column.
    pub(crate) values: Vec<f64>,
    /// The reduced cost of each column.
    pub(crate) reduced: Vec<f64>,
    /// The multiplier of each row, above zero where it pushes up.
    pub(crate) multipliers: Vec<f64>,
    /// Whether an earlier basis led there.
    pub(crate) hot: bool,
    /// Where it was solved.
    pub(crate) basis: Option<Basis>,
}

impl Floats {
    /// Adds a column.
    pub(crate) fn column(&mut self, least: f64, most: f64) -> usize {
        self.costs.push(0.0);
        self.columns.least.push(least);
        self.columns.most.push(most);
        self.costs.len() - 1
    }

    /// Moves costs apart `times` as far as HiGHS does by itself.
    pub(crate) fn spread(&mut self, times: f64) {
        self.spread = Some(times);
    }

    /// Adds to the cost of a column.
    pub(crate) fn cost(&mut self, column: usize, more: f64) {
        self.costs[column] += more;
    }

    /// Adds a row over columns, each named once.
    pub(crate) fn row(&mut self, least: f64, most: f64, terms: impl Iterator<Item = (usize, f64)>) {
        self.matrix.push(terms);
        self.rows.least.push(least);
        self.rows.most.push(most);
    }
}

/// A model that stays. Its rows are those of all programmes that it solved; those of earlier ones that
/// the last one has not are there without bounds.
struct Model {
    highs: NonNull<c_void>,
    matrix: Arc<Matrix>,
    columns: Bounds,
    rows: Bounds,
    /// Where each row of the last programme stands.
    places: Vec<usize>,
}

/// The simplex methods of HiGHS, by its numbers for them.
const DUAL: i32 = 1;
const PRIMAL: i32 = 4;

/// The most models that a thread keeps.
const MOST: usize = 8;
/// The most coefficients of one that is kept: some 40 MB.
const MOST_COEFFICIENTS: usize = 1 << 20;

thread_local! {
    /// The last models of this thread, the latest last.
    static KEPT: RefCell<Vec<Model>> = const { RefCell::new(Vec::new()) };
}

/// Solves a programme by the simplex method, on one thread.
pub(crate) fn solve(mut floats: Floats, start: Start<'_>) -> Ended {
    floats.matrix.columns = floats.costs.len();
    if i32::try_from(floats.matrix.places.len()).is_err() {
        return Ended::Other;
    }
    let known = taken(&floats, start);
    // A hot start may end wrongly (ERGO-Code/HiGHS#3294): where it gives up, all starts afresh. That there is no
    // answer is decided in rationals by whoever asks.
    let mut left = None;
    if let Some((model, places)) = known
        && let Some(model) = model.change(&floats, &places)
    {
        if let Start::Near(basis) = start {
            model.stand(basis);
        }
        let ended = model.run(true);
        if matches!(ended, Ended::Optimal(_) | Ended::Infeasible) {
            keep(model);
            return ended;
        }
        left = Some(model);
    }
    let Some(model) = Model::new(floats) else { return Ended::Other };
    let ended = match start {
        Start::Near(basis) if left.is_none() && model.stand(basis) => model.run(true),
        _ => model.run(false),
    };
    if start != Start::Cold && matches!(ended, Ended::Optimal(_)) {
        keep(model);
    } else if let Some(left) = left {
        // It did not end wrongly. From where it stands there is a way back.
        keep(left);
    }
    ended
}

/// A model that has most rows of a programme, and where: it leaves the list, and goes on, or another
/// takes its place. The last one of the very same rows is taken before one that lacks some.
fn taken(floats: &Floats, start: Start<'_>) -> Option<(Model, Vec<Option<usize>>)> {
    if start == Start::Cold {
        return None;
    }
    KEPT.with_borrow_mut(|kept| {
        let same = kept.iter().rposition(|own| *own.matrix == floats.matrix);
        let (place, places) = match same {
            Some(place) => (place, (0..floats.matrix.rows()).map(Some).collect()),
            None => (0..kept.len())
                .rev()
                .find_map(|place| Some((place, kept[place].matrix.shared(&floats.matrix)?)))?,
        };
        let model = kept.remove(place);
        (start != Start::Afresh).then_some((model, places))
    })
}

/// Keeps a model for the next programme of its shape, where it is no larger than it should be.
fn keep(model: Model) {
    if model.matrix.values.len() > MOST_COEFFICIENTS {
        return;
    }
    KEPT.with_borrow_mut(|kept| {
        if kept.len() == MOST {
            kept.remove(0);
        }
        kept.push(model);
    });
}

impl Model {
    /// A model of a programme; `None` where HiGHS does not take it.
    fn new(floats: Floats) -> Option<Self> {
        // SAFETY: `Highs_create` has no condition.
        let highs = NonNull::new(unsafe { highs::Highs_create() })?;
        let Floats { costs, columns, rows, matrix, spread } = floats;
        let spread = spread.unwrap_or(1.0);
        let places = (0..matrix.rows()).collect();
        let model = Self { highs, matrix: Arc::new(matrix), columns, rows, places };
        let all = model.option(c"output_flag", false)
            && model.option(c"log_to_console", false)
            && model.text(c"presolve", c"off")
            && model.text(c"parallel", c"off")
            && model.count(c"threads", 1)
            && model.float(c"dual_simplex_cost_perturbation_multiplier", spread);
        let (Matrix { starts, places, values, .. }, columns, rows) =
            (&*model.matrix, &model.columns, &model.rows);
        // SAFETY: the arrays have one entry a column, a row or a coefficient, as their counts say.
        let status = unsafe {
            highs::Highs_passLp(
                highs.as_ptr(),
                number(costs.len()),
                number(starts.len()),
                number(values.len()),
                highs::MATRIX_FORMAT_ROW_WISE,
                highs::OBJECTIVE_SENSE_MINIMIZE,
                0.0,
                costs.as_ptr(),
                columns.least.as_ptr(),
                columns.most.as_ptr(),
                rows.least.as_ptr(),
                rows.most.as_ptr(),
                starts.as_ptr(),
                places.as_ptr(),
                values.as_ptr(),
            )
        };
        (all && status != highs::STATUS_ERROR).then_some(model)
    }

    fn option(&self, name: &CStr, value: bool) -> bool {
        // SAFETY: the model lives, and the name ends in a zero.
        let status = unsafe {
            highs::Highs_setBoolOptionValue(self.highs.as_ptr(), name.as_ptr(), value.into())
        };
        status == highs::STATUS_OK
    }

    fn text(&self, name: &CStr, value: &CStr) -> bool {
        // SAFETY: the model lives, and both texts end in a zero.
        let status = unsafe {
            highs::Highs_setStringOptionValue(self.highs.as_ptr(), name.as_ptr(), value.as_ptr())
        };
        status == highs::STATUS_OK
    }

    fn count(&self, name: &CStr, value: i32) -> bool {
        // SAFETY: the model lives, and the name ends in a zero.
        let status =
            unsafe { highs::Highs_setIntOptionValue(self.highs.as_ptr(), name.as_ptr(), value) };
        status == highs::STATUS_OK
    }

    fn float(&self, name: &CStr, value: f64) -> bool {
        // SAFETY: the model lives, and the name ends in a zero.
        let status =
            unsafe { highs::Highs_setDoubleOptionValue(self.highs.as_ptr(), name.as_ptr(), value) };
        status == highs::STATUS_OK
    }

    /// Takes the costs and bounds of a programme whose rows stand at `places`, and those of its rows that
    /// are new; the basis stays. Where costs alone change, it still is one of an answer, and the primal
    /// method goes on from there.
    fn change(mut self, to: &Floats, places: &[Option<usize>]) -> Option<Self> {
        let known = self.matrix.rows();
        let mut rows =
            Bounds { least: vec![f64::NEG_INFINITY; known], most: vec![f64::INFINITY; known] };
        for (row, place) in places.iter().enumerate() {
            if let Some(place) = place {
                (rows.least[*place], rows.most[*place]) = (to.rows.least[row], to.rows.most[row]);
            }
        }
        let new: Vec<usize> = (0..places.len()).filter(|row| places[*row].is_none()).collect();
        let same = self.columns == to.columns && self.rows == rows && new.is_empty();
        if !self.count(c"simplex_strategy", if same { PRIMAL } else { DUAL }) {
            return None;
        }
        let (highs, columns) = (self.highs.as_ptr(), number(to.costs.len()));
        // SAFETY: the arrays have one entry a column or a row of the model.
        let statuses = unsafe {
            [
                highs::Highs_changeColsCostByRange(highs, 0, columns - 1, to.costs.as_ptr()),
                highs::Highs_changeColsBoundsByRange(
                    highs,
                    0,
                    columns - 1,
                    to.columns.least.as_ptr(),
                    to.columns.most.as_ptr(),
                ),
                highs::Highs_changeRowsBoundsByRange(
                    highs,
                    0,
                    number(known) - 1,
                    rows.least.as_ptr(),
                    rows.most.as_ptr(),
                ),
            ]
        };
        (self.columns, self.rows) = (to.columns.clone(), rows);
        let mut next = known..;
        let place = |place: &Option<usize>| place.or_else(|| next.next()).unwrap_or_default();
        self.places = places.iter().map(place).collect();
        let taken = statuses.iter().all(|status| *status != highs::STATUS_ERROR);
        (taken && self.grow(to, &new)).then_some(self)
    }

    /// Adds rows of a programme; whether that was done.
    fn grow(&mut self, of: &Floats, new: &[usize]) -> bool {
        if new.is_empty() {
            return true;
        }
        let more = of.matrix.only(new);
        let pick = |from: &[f64]| new.iter().map(|row| from[*row]).collect::<Vec<_>>();
        let (least, most) = (pick(&of.rows.least), pick(&of.rows.most));
        // SAFETY: the arrays have one entry a new row or a coefficient, as their counts say.
        let status = unsafe {
            highs::Highs_addRows(
                self.highs.as_ptr(),
                number(new.len()),
                least.as_ptr(),
                most.as_ptr(),
                number(more.values.len()),
                more.starts.as_ptr(),
                more.places.as_ptr(),
                more.values.as_ptr(),
            )
        };
        Arc::make_mut(&mut self.matrix).extend(&more);
        self.rows.least.extend(least);
        self.rows.most.extend(most);
        status != highs::STATUS_ERROR
    }

    fn run(&self, hot: bool) -> Ended {
        let highs = self.highs.as_ptr();
        let (columns, rows) = (self.matrix.columns, self.matrix.rows());
        let (mut values, mut reduced) = (vec![0.0; columns], vec![0.0; columns]);
        let (mut levels, mut pushes) = (vec![0.0; rows], vec![0.0; rows]);
        // SAFETY: the model lives, and each array has one entry a column or a row.
        let (ran, status) = unsafe {
            let ran = highs::Highs_run(highs);
            let read = highs::Highs_getSolution(
                highs,
                values.as_mut_ptr(),
                reduced.as_mut_ptr(),
                levels.as_mut_ptr(),
                pushes.as_mut_ptr(),
            );
            let failed = [ran, read].contains(&highs::STATUS_ERROR);
            (!failed, highs::Highs_getModelStatus(highs))
        };
        if !ran {
            return Ended::Other;
        }
        match status {
            highs::MODEL_STATUS_OPTIMAL => {
                let multipliers = self.places.iter().map(|place| pushes[*place]).collect();
                Ended::Optimal(Found { values, reduced, multipliers, hot, basis: self.basis() })
            }
            highs::MODEL_STATUS_UNBOUNDED => Ended::Unbounded,
            highs::MODEL_STATUS_INFEASIBLE => Ended::Infeasible,
            _ => Ended::Other,
        }
    }
}

impl Drop for Model {
    fn drop(&mut self) {
        // SAFETY: the pointer came from `Highs_create`, and is given back once.
        unsafe { highs::Highs_destroy(self.highs.as_ptr()) }
    }
}

#[cfg(test)]
mod tests;
