//! Linear programmes as other solvers are given them: microlp from the programme itself, HiGHS from
//! the written model.

use std::collections::HashMap;

use good_lp::solvers::highs::HighsPresolveType;
use good_lp::{
    Expression, ProblemVariables, ResolutionError, Solution, SolverModel, Variable, constraint,
    variable,
};
use microlp::{ComparisonOp, OptimizationDirection, Problem};
use virement::formulate::Linear;
use virement::units::Amount;

/// What another solver says of a programme.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Says {
    /// Its optimum.
    Optimum(f64),
    /// Nothing satisfies its rows.
    Infeasible,
    /// Its objective has no end.
    Unbounded,
    /// It gives up.
    Nothing,
}

/// What microlp says, in floating point.
pub(crate) fn microlp(linear: &Linear) -> Says {
    let mut problem = Problem::new(OptimizationDirection::Minimize);
    let bound = |bound: &Option<Amount>, none: f64| bound.as_ref().map_or(none, Amount::to_f64);
    let columns: Vec<_> = linear
        .columns
        .iter()
        .map(|column| {
            let lower = bound(&column.lower, f64::NEG_INFINITY);
            let upper = bound(&column.upper, f64::INFINITY);
            problem.add_var(column.cost.to_f64(), (lower, upper))
        })
        .collect();
    for row in &linear.rows {
        let terms: Vec<_> =
            row.terms.iter().map(|(column, value)| (columns[*column], value.to_f64())).collect();
        let (lower, upper) = (row.lower.as_ref(), row.upper.as_ref());
        if lower.is_some() && lower == upper {
            let right = lower.map_or(0.0, Amount::to_f64);
            problem.add_constraint(terms.as_slice(), ComparisonOp::Eq, right);
            continue;
        }
        if let Some(lower) = lower {
            problem.add_constraint(terms.as_slice(), ComparisonOp::Ge, lower.to_f64());
        }
        if let Some(upper) = upper {
            problem.add_constraint(terms.as_slice(), ComparisonOp::Le, upper.to_f64());
        }
    }
    match problem.solve() {
        Ok(outcome) => outcome.solution().map_or(Says::Nothing, |solution| {
            Says::Optimum(solution.objective() + linear.constant.to_f64())
        }),
        Err(microlp::Error::Infeasible) => Says::Infeasible,
        Err(microlp::Error::Unbounded) => Says::Unbounded,
        Err(_) => Says::Nothing,
    }
}

/// A row of a written model, as far as it has been read.
struct WrittenRow {
    kind: char,
    form: Expression,
    right: f64,
    range: Option<f64>,
}

/// A written model, read back: the free MPS that the program writes, and no more of that language.
pub(crate) struct Written {
    rows: Vec<WrittenRow>,
    columns: Vec<(f64, f64)>,
    /// Costs by column.
    costs: Vec<f64>,
    entries: Vec<(usize, usize, f64)>,
    /// The columns that are whole numbers.
    whole: Vec<usize>,
}

impl Written {
    /// Reads the text of a model.
    pub(crate) fn read(text: &str) -> Self {
        let mut model = Self {
            rows: Vec::new(),
            columns: Vec::new(),
            costs: Vec::new(),
            entries: Vec::new(),
            whole: Vec::new(),
        };
        let mut whole = false;
        let mut rows: HashMap<&str, usize> = HashMap::new();
        let mut columns: HashMap<&str, usize> = HashMap::new();
        let mut section = "";
        for line in text.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            if !line.starts_with(' ') {
                section = words[0];
                continue;
            }
            let number = || words[words.len() - 1].parse::<f64>().expect("a number");
            match (section, words.as_slice()) {
                ("ROWS", [kind, name]) if *name != "objective" => {
                    rows.insert(name, model.rows.len());
                    let kind = kind.chars().next().expect("a kind");
                    let form = Expression::default();
                    model.rows.push(WrittenRow { kind, form, right: 0.0, range: None });
                }
                ("ROWS", _) => {}
                ("COLUMNS", [_, "'MARKER'", kind]) => whole = *kind == "'INTORG'",
                ("COLUMNS", [column, row, _]) => {
                    let column = *columns.entry(column).or_insert_with(|| {
                        if whole {
                            model.whole.push(model.columns.len());
                        }
                        model.columns.push((0.0, f64::INFINITY));
                        model.costs.push(0.0);
                        model.columns.len() - 1
                    });
                    match rows.get(row) {
                        Some(row) => model.entries.push((*row, column, number())),
                        None => model.costs[column] += number(),
                    }
                }
                ("RHS", [_, row, _]) => model.rows[rows[row]].right = number(),
                ("RANGES", [_, row, _]) => model.rows[rows[row]].range = Some(number()),
                ("BOUNDS", [kind, _, column, ..]) => {
                    let own = &mut model.columns[columns[column]];
                    match *kind {
                        "FR" => *own = (f64::NEG_INFINITY, f64::INFINITY),
                        "MI" => own.0 = f64::NEG_INFINITY,
                        "LO" => own.0 = number(),
                        "UP" => own.1 = number(),
                        "FX" => *own = (number(), number()),
                        other => panic!("a bound of kind {other}"),
                    }
                }
                _ => panic!("{section}: {line}"),
            }
        }
        model
    }

    /// What HiGHS says of it.
    pub(crate) fn highs(mut self) -> Says {
        let mut variables = ProblemVariables::new();
        let columns: Vec<Variable> = self
            .columns
            .iter()
            .enumerate()
            .map(|(place, (lower, upper))| {
                let own = variable().min(*lower).max(*upper);
                let whole = self.whole.contains(&place);
                variables.add(if whole { own.integer() } else { own })
            })
            .collect();
        let mut objective = Expression::default();
        for (column, cost) in columns.iter().zip(&self.costs) {
            objective.add_mul(*cost, *column);
        }
        for (row, column, value) in &self.entries {
            self.rows[*row].form.add_mul(*value, columns[*column]);
        }
        let mut model = variables
            .minimise(objective.clone())
            .using(good_lp::highs)
            .set_presolve(HighsPresolveType::Off)
            .set_threads(1);
        model.set_verbose(false);
        for row in self.rows {
            let (form, right) = (row.form, row.right);
            match row.kind {
                'E' => drop(model.add_constraint(constraint!(form == right))),
                'L' => drop(model.add_constraint(constraint!(form <= right))),
                'G' => {
                    model.add_constraint(constraint!(form.clone() >= right));
                    if let Some(range) = row.range {
                        model.add_constraint(constraint!(form <= right + range));
                    }
                }
                _ => {}
            }
        }
        match model.solve() {
            Ok(solution) => Says::Optimum(solution.eval(&objective)),
            Err(ResolutionError::Infeasible) => Says::Infeasible,
            Err(ResolutionError::Unbounded) => Says::Unbounded,
            Err(_) => Says::Nothing,
        }
    }
}

/// The value of a programme at an answer, with each auxiliary as small as its row lets it be.
pub(crate) fn value(model: &Linear, answer: &[Amount]) -> Result<Amount, String> {
    let mut at = answer.to_vec();
    at.resize(model.columns.len(), Amount::ZERO);
    let form = |at: &[Amount], row: usize, but: usize| -> Amount {
        let terms = model.rows[row].terms.iter().filter(|(column, _)| *column != but);
        terms.map(|(column, value)| value * &at[*column]).sum()
    };
    for hinge in &model.hinges {
        let row = &model.rows[hinge.row];
        let form = form(&at, hinge.row, hinge.column);
        let side = if hinge.above { &row.upper } else { &row.lower };
        let beyond = &form - side.as_ref().expect("a kink");
        let beyond = if hinge.above { beyond } else { -&beyond };
        at[hinge.column] = beyond.max(Amount::ZERO);
    }
    for row in &model.largest {
        let own = |column: &usize| !model.columns[*column].cost.is_zero();
        let terms = model.rows[*row].terms.iter().map(|(column, _)| *column);
        let largest = terms.clone().find(own).expect("the column of the largest");
        let upper = model.rows[*row].upper.as_ref().expect("a bound");
        let needs = &form(&at, *row, largest) - upper;
        at[largest] = needs.max(at[largest].clone());
    }
    let within = |value: &Amount, lower: &Option<Amount>, upper: &Option<Amount>| {
        lower.as_ref().is_none_or(|lower| value >= lower)
            && upper.as_ref().is_none_or(|upper| value <= upper)
    };
    for (place, row) in model.rows.iter().enumerate() {
        let value = form(&at, place, usize::MAX);
        if !within(&value, &row.lower, &row.upper) {
            return Err(format!("row {place} is {value}"));
        }
    }
    for (place, column) in model.columns.iter().enumerate() {
        if !within(&at[place], &column.lower, &column.upper) {
            return Err(format!("column {place} is {}", at[place]));
        }
    }
    let costs = model.columns.iter().zip(&at).map(|(column, at)| &column.cost * at);
    Ok(&model.constant + &costs.sum::<Amount>())
}
