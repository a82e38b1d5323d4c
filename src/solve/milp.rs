//! Small linear programmes, and the doorway to `good_lp` for mixed-integer ones: cold and on one thread.

use good_lp::solvers::highs::{HighsParallelType, HighsPresolveType, HighsProblem};
use good_lp::{
    Expression, ProblemVariables, ResolutionError, Solution, SolverModel, Variable, constraint,
    variable,
};

use super::live::{Ended, Floats, Found, Start, solve};

/// A programme over few columns: minimise `cost * x` within bounds and rows.
pub(crate) struct Milp {
    /// The cost of each column.
    pub(crate) cost: Vec<f64>,
    /// The bounds of each column.
    pub(crate) bounds: Vec<(f64, f64)>,
    /// Whether the columns take whole numbers only.
    pub(crate) integer: bool,
    /// The rows.
    pub(crate) rows: Vec<MilpRow>,
}

/// `least <= sum terms <= most`; infinite where there is no bound.
#[derive(PartialEq, PartialOrd)]
pub(crate) struct MilpRow {
    /// Columns and their coefficients.
    pub(crate) terms: Vec<(usize, f64)>,
    /// The least value.
    pub(crate) least: f64,
    /// The greatest value.
    pub(crate) most: f64,
}

/// What a short search for whole values comes to, as far as the solver's word goes.
pub(crate) enum Any {
    /// The first that were found.
    Values(Vec<f64>),
    /// There are none.
    Nothing,
    /// It was given up.
    Unknown,
}

/// The nodes of the tree after which a short search is given up.
const MOST_NODES: i32 = 200;

impl MilpRow {
    /// Whether it has two bounds that differ.
    fn is_between(&self) -> bool {
        let both = self.least.is_finite() && self.most.is_finite();
        both && (self.most - self.least).abs() >= f64::EPSILON
    }

    /// Whether no values within the bounds of the columns come near either bound.
    pub(crate) fn is_idle(&self, bounds: &[(f64, f64)]) -> bool {
        let (mut low, mut high) = (0.0, 0.0);
        for (column, value) in &self.terms {
            let (one, other) = (value * bounds[*column].0, value * bounds[*column].1);
            low += one.min(other);
            high += one.max(other);
        }
        low > self.least + 1e-3 && high < self.most - 1e-3
    }
}

impl Milp {
    /// The best values, as far as the solver's word goes; `None` where it finds none.
    ///
    /// Whoever uses them checks them: a solver's word is never enough.
    pub(crate) fn solve(&self) -> Option<Vec<f64>> {
        if self.integer { self.whole() } else { self.relaxed().map(|(values, _)| values) }
    }

    /// The best values where columns need not be whole, with the reduced cost of each column.
    pub(crate) fn relaxed(&self) -> Option<(Vec<f64>, Vec<f64>)> {
        let mut floats = Floats::default();
        for ((least, most), cost) in self.bounds.iter().zip(&self.cost) {
            let column = floats.column(*least, *most);
            floats.cost(column, *cost);
        }
        let level = |row: &MilpRow| row.is_between().then(|| floats.column(row.least, row.most));
        let levels: Vec<Option<usize>> = self.rows.iter().map(level).collect();
        for (MilpRow { terms, least, most }, level) in self.rows.iter().zip(levels) {
            let own = terms.iter().copied();
            match level {
                Some(level) => floats.row(0.0, 0.0, own.chain([(level, -1.0)])),
                None if least.is_finite() && most.is_finite() => floats.row(*least, *least, own),
                None => floats.row(*least, *most, own),
            }
        }
        match solve(floats, Start::Cold) {
            Ended::Optimal(Found { mut values, reduced, .. }) => {
                values.truncate(self.bounds.len());
                Some((values, reduced))
            }
            Ended::Unbounded | Ended::Infeasible | Ended::Other => None,
        }
    }

    /// The best values that a short search comes upon; `None` where it finds none.
    pub(crate) fn briefly(&self) -> Option<Vec<f64>> {
        let (model, columns) = self.model()?;
        let solution = model.set_option("mip_max_nodes", MOST_NODES).solve().ok()?;
        Some(columns.iter().map(|column| solution.value(*column)).collect())
    }

    /// The first whole values that the solver comes upon.
    pub(crate) fn any(&self) -> Any {
        let Some((model, columns)) = self.model() else { return Any::Unknown };
        let model = model.set_option("mip_max_nodes", MOST_NODES);
        match model.set_option("mip_max_improving_sols", 1).solve() {
            Ok(found) => Any::Values(columns.iter().map(|column| found.value(*column)).collect()),
            Err(ResolutionError::Infeasible) => Any::Nothing,
            Err(_) => Any::Unknown,
        }
    }

    fn whole(&self) -> Option<Vec<f64>> {
        let (model, columns) = self.model()?;
        let solution = model.solve().ok()?;
        Some(columns.iter().map(|column| solution.value(*column)).collect())
    }

    /// The programme in the solver's terms, and its columns.
    fn model(&self) -> Option<(HighsProblem, Vec<Variable>)> {
        let mut variables = ProblemVariables::new();
        let columns: Vec<Variable> = self
            .bounds
            .iter()
            .map(|(least, most)| variables.add(variable().min(*least).max(*most).integer()))
            .collect();
        // A row between two bounds is one equation with its level as a column, not two rows.
        let levels: Vec<Option<Variable>> = self
            .rows
            .iter()
            .map(|row| {
                row.is_between().then(|| variables.add(variable().min(row.least).max(row.most)))
            })
            .collect();
        let sum = |terms: &mut dyn Iterator<Item = (usize, f64)>| {
            let mut expression = Expression::default();
            for (place, coefficient) in terms {
                expression.add_mul(coefficient, columns[place]);
            }
            expression
        };
        let objective = sum(&mut self.cost.iter().copied().enumerate());
        let mut model = variables
            .minimise(objective)
            .using(good_lp::highs)
            .set_parallel(HighsParallelType::Off)
            .set_presolve(HighsPresolveType::On)
            .set_threads(1)
            .set_mip_rel_gap(0.0)
            .ok()?
            .set_mip_abs_gap(0.0)
            .ok()?;
        model.set_verbose(false);
        model = model.set_option("random_seed", 0);
        model = model.set_option("mip_heuristic_run_feasibility_jump", false);
        for (MilpRow { terms, least, most }, level) in self.rows.iter().zip(levels) {
            let row = sum(&mut terms.iter().copied());
            model.add_constraint(match level {
                Some(level) => constraint!(row == level),
                None if (most - least).abs() < f64::EPSILON => constraint!(row == *least),
                None if least.is_finite() => constraint!(row >= *least),
                None => constraint!(row <= *most),
            });
        }
        Some((model, columns))
    }
}
