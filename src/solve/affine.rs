//! The solutions of sparse equations as an affine family, and the least of them under conditions.

use std::collections::BTreeMap;

use super::ActiveSet;
use super::calibrate::nearest;
use super::problem::Problem;
use crate::formulate::{Column, Part, Program, Row};
use crate::units::Amount;

/// `sum terms = right` over numbered unknowns.
pub(crate) type Equation = (BTreeMap<usize, Amount>, Amount);

/// A linear condition: the sum is at most the right side if the flag is set, else at least.
pub(crate) type Condition = (Equation, bool);

/// Every solution of some equations: each unknown is a constant and a sum over free parameters.
pub(crate) struct Affine {
    constants: Vec<Amount>,
    /// For each unknown, its coefficient of each parameter that it depends on.
    slopes: Vec<BTreeMap<usize, Amount>>,
    parameters: usize,
}

impl Affine {
    /// Solves independent equations over `unknowns` unknowns; `None` where they contradict.
    pub(crate) fn solve(mut equations: Vec<Equation>, unknowns: usize) -> Option<Self> {
        equations.sort_by_key(|(terms, _)| terms.len());
        // Each pivot: unknown = right - sum terms over unknowns that are no earlier pivots.
        let mut pivots: Vec<(usize, Equation)> = Vec::new();
        let mut place: Vec<Option<usize>> = vec![None; unknowns];
        for (mut terms, mut right) in equations {
            while let Some(known) = terms.keys().copied().find(|own| place[*own].is_some()) {
                let factor = terms.remove(&known)?;
                let (other, value) = &pivots[place[known]?].1;
                right -= &(&factor * value);
                for (unknown, coefficient) in other {
                    let entry = terms.entry(*unknown).or_default();
                    *entry -= &(&factor * coefficient);
                    if entry.is_zero() {
                        terms.remove(unknown);
                    }
                }
            }
            let Some((unknown, lead)) = terms.pop_first() else {
                if right.is_zero() {
                    continue;
                }
                return None;
            };
            let terms = terms.into_iter().map(|(own, value)| (own, &value / &lead)).collect();
            place[unknown] = Some(pivots.len());
            pivots.push((unknown, (terms, &right / &lead)));
        }
        let mut solved = Self {
            constants: vec![Amount::ZERO; unknowns],
            slopes: vec![BTreeMap::new(); unknowns],
            parameters: 0,
        };
        for unknown in (0..unknowns).filter(|unknown| place[*unknown].is_none()) {
            solved.slopes[unknown].insert(solved.parameters, Amount::ONE);
            solved.parameters += 1;
        }
        for (unknown, (terms, right)) in pivots.into_iter().rev() {
            let minus = terms.into_iter().map(|(own, value)| (own, -value)).collect();
            let (slope, constant) = solved.along(&minus);
            solved.constants[unknown] = &right + &constant;
            solved.slopes[unknown] = slope;
        }
        Some(solved)
    }

    /// A sum over the unknowns, as a sum over the parameters and a constant.
    fn along(&self, terms: &BTreeMap<usize, Amount>) -> (BTreeMap<usize, Amount>, Amount) {
        let mut slope: BTreeMap<usize, Amount> = BTreeMap::new();
        let mut constants: Vec<Amount> = Vec::new();
        for (unknown, value) in terms {
            constants.push(value * &self.constants[*unknown]);
            for (parameter, own) in &self.slopes[*unknown] {
                *slope.entry(*parameter).or_default() += &(value * own);
            }
        }
        slope.retain(|_, value| !value.is_zero());
        (slope, constants.iter().sum())
    }

    /// The solution with the least sum of squares that satisfies every condition.
    ///
    /// With `M = L D L'` the matrix of the squares over the parameters, `u = L' z` makes them
    /// separate: what is left is a calibration with one column for each parameter. Conditions come
    /// in as they are broken.
    pub(crate) fn least(&self, conditions: &[Condition]) -> Option<Vec<Amount>> {
        if self.parameters == 0 {
            let holds =
                |(equation, most): &Condition| Self::holds(equation, *most, &self.constants);
            return conditions.iter().all(holds).then(|| self.constants.clone());
        }
        let (lower, diagonal) = self.factor();
        let gradient = self.gradient();
        let start = forward(&lower, gradient);
        let columns = diagonal.iter().zip(&start).map(|(diagonal, start)| Column {
            baseline: start / diagonal,
            weight: &Amount::ONE / diagonal,
            lower: None,
            upper: None,
        });
        let mut program = Program { columns: columns.collect(), ..Program::default() };
        let mut taken = vec![false; conditions.len()];
        loop {
            let problem = Problem::<Amount>::new(&program);
            let found = nearest(&program, &problem, &ActiveSet::default()).ok()?;
            let parameters = backward(&lower, found.amounts);
            let values = self.values(&parameters);
            let broken: Vec<usize> = (0..conditions.len())
                .filter(|place| !taken[*place])
                .filter(|place| {
                    let (equation, most) = &conditions[*place];
                    !Self::holds(equation, *most, &values)
                })
                .take(MOST_AT_ONCE)
                .collect();
            if broken.is_empty() {
                return Some(values);
            }
            for place in broken {
                taken[place] = true;
                let (equation, most) = &conditions[place];
                program.rows.push(self.row(equation, *most, &lower));
            }
        }
    }

    /// Whether `values` satisfy a condition; floats decide where they are clear.
    fn holds((terms, right): &Equation, most: bool, values: &[Amount]) -> bool {
        let (mut sum, mut size) = (-right.to_f64(), right.to_f64().abs());
        for (unknown, value) in terms {
            let term = value.to_f64() * values[*unknown].to_f64();
            sum += term;
            size += term.abs();
        }
        if sum.abs() > 1e-9 * size {
            return (sum < 0.0) == most;
        }
        let exact: Amount = terms.iter().map(|(unknown, value)| value * &values[*unknown]).sum();
        if most { exact <= *right } else { exact >= *right }
    }

    fn values(&self, parameters: &[Amount]) -> Vec<Amount> {
        let value = |(constant, slopes): (&Amount, &BTreeMap<usize, Amount>)| -> Amount {
            let parts = slopes.iter().map(|(parameter, slope)| slope * &parameters[*parameter]);
            constant + &parts.sum::<Amount>()
        };
        self.constants.iter().zip(&self.slopes).map(value).collect()
    }

    /// A condition over the separate parameters.
    fn row(&self, (terms, right): &Equation, most: bool, lower: &[Vec<Amount>]) -> Row {
        let (slope, constant) = self.along(terms);
        let mut coefficients = vec![Amount::ZERO; self.parameters];
        for (parameter, value) in slope {
            coefficients[parameter] = value;
        }
        // slope' z = slope' L'^-1 u = (L^-1 slope)' u
        let coefficients = forward(lower, coefficients);
        let parts = coefficients.into_iter().enumerate().filter(|(_, value)| !value.is_zero());
        let parts: Vec<Part> = parts
            .map(|(column, coefficient)| Part {
                coefficient,
                columns: vec![u32::try_from(column).unwrap_or(u32::MAX)],
            })
            .collect();
        let rest = Some(right - &constant);
        let (least, greatest) = if most { (None, rest) } else { (rest, None) };
        Row { own: parts.len(), parts: parts.into(), lower: least, upper: greatest }
    }

    /// The sum of squares over the parameters as `L D L'`: `L` by rows, below its diagonal of ones.
    fn factor(&self) -> (Vec<Vec<Amount>>, Vec<Amount>) {
        let size = self.parameters;
        let mut matrix = vec![vec![Amount::ZERO; size]; size];
        for slopes in &self.slopes {
            for (i, a) in slopes {
                for (j, b) in slopes.range(..=i) {
                    matrix[*i][*j] += &(a * b);
                }
            }
        }
        let mut lower = vec![Vec::new(); size];
        let mut diagonal: Vec<Amount> = Vec::with_capacity(size);
        for i in 0..size {
            let mut row: Vec<Amount> = Vec::with_capacity(i);
            for j in 0..i {
                let known: Amount =
                    (0..j).map(|k| &(&row[k] * &diagonal[k]) * lower_at(&lower, j, k)).sum();
                row.push(&(&matrix[i][j] - &known) / &diagonal[j]);
            }
            let known: Amount = (0..i).map(|k| &(&row[k] * &row[k]) * &diagonal[k]).sum();
            diagonal.push(&matrix[i][i] - &known);
            lower[i] = row;
        }
        (lower, diagonal)
    }

    /// Where the sum of squares falls fastest at zero.
    fn gradient(&self) -> Vec<Amount> {
        let mut parts: Vec<Vec<Amount>> = vec![Vec::new(); self.parameters];
        for (constant, slopes) in self.constants.iter().zip(&self.slopes) {
            for (parameter, slope) in slopes {
                parts[*parameter].push(-(slope * constant));
            }
        }
        parts.into_iter().map(|parts| parts.iter().sum()).collect()
    }
}

/// How many broken conditions are taken in at once.
const MOST_AT_ONCE: usize = 20;

fn lower_at(lower: &[Vec<Amount>], row: usize, column: usize) -> &Amount {
    &lower[row][column]
}

/// Solves `L x = right`.
fn forward(lower: &[Vec<Amount>], right: Vec<Amount>) -> Vec<Amount> {
    let mut solved: Vec<Amount> = Vec::with_capacity(right.len());
    for (row, right) in lower.iter().zip(right) {
        let known: Amount = row.iter().zip(&solved).map(|(a, x)| a * x).sum();
        solved.push(&right - &known);
    }
    solved
}

/// Solves `L' x = right`.
fn backward(lower: &[Vec<Amount>], right: Vec<Amount>) -> Vec<Amount> {
    let mut solved = right;
    for row in (0..solved.len()).rev() {
        for column in 0..row {
            let step = &lower[row][column] * &solved[row];
            solved[column] -= &step;
        }
    }
    solved
}

#[cfg(test)]
mod tests {
    use super::*;

    fn equation(terms: &[(usize, i64)], right: i64) -> Equation {
        let terms = terms.iter().map(|(unknown, value)| (*unknown, Amount::whole(*value)));
        (terms.collect(), Amount::whole(right))
    }

    /// x + y + z = 6 has the least solution 2, 2, 2; with z at most 1 it is 5/2, 5/2, 1.
    #[test]
    fn the_least_solution_keeps_to_its_conditions() {
        let family =
            Affine::solve(vec![equation(&[(0, 1), (1, 1), (2, 1)], 6)], 3).expect("solvable");
        let two = Amount::whole(2);
        assert_eq!(family.least(&[]).expect("one"), [two.clone(), two.clone(), two]);
        let found = family.least(&[(equation(&[(2, 1)], 1), true)]).expect("one");
        assert_eq!(found, [Amount::ratio(5, 2), Amount::ratio(5, 2), Amount::ONE]);
    }

    #[test]
    fn equations_that_contradict_have_no_solution() {
        let two = vec![equation(&[(0, 1)], 1), equation(&[(0, 2)], 3)];
        assert!(Affine::solve(two, 1).is_none());
    }
}
