//! Decides in rationals whether a proposed working set is the one that the answer leans on.
//!
//! One exact solve of the tight rows gives the multipliers; every sign and every bound is then
//! compared, in floats with a bound on their error where they are clear, and exactly elsewhere.

use num_bigint::BigInt;
use num_integer::Integer;

use super::calibrate::Nearest;
use super::exact::{Common, integers};
use super::padic;
use super::problem::{ActiveSet, Problem, Side};
use crate::formulate::{Program, Row};
use crate::units::{Amount, Denominator, denominator, over};

/// A comparison of floats that is nearer than this part of its size is made exactly.
const CLEAR: f64 = 1e-12;

/// The nearest amounts, if they lean on `proposed`; `None` says nothing about them.
pub(crate) fn verified(
    program: &Program,
    problem: &Problem<Amount>,
    proposed: &ActiveSet,
) -> Option<Nearest> {
    let set = Set::new(problem, proposed)?;
    let y = set.multipliers()?;
    let signs = set.rows.iter().all(|(row, side)| fits(&y[*row], *side));
    if !signs {
        return None;
    }
    let common = Common::with(&y, &problem.denominator());
    let floats: Vec<f64> = y.iter().map(Amount::to_f64).collect();
    if !(0..problem.columns()).all(|column| set.stays(column, &common, &floats)) {
        return None;
    }
    let amounts: Vec<Amount> =
        (0..problem.columns()).map(|column| set.amount(column, &common)).collect();
    set.within(program, &amounts).then(|| Nearest { amounts, y, active: set.active() })
}

/// Whether a multiplier pushes the way that its side lets it.
fn fits(multiplier: &Amount, side: Side) -> bool {
    match side {
        Side::Lower => !multiplier.is_negative(),
        Side::Upper => !multiplier.is_positive(),
        Side::Equal => true,
    }
}

/// A number of machine words times `common`, a multiple of its denominator.
fn word(value: &Amount, common: i64) -> Option<i64> {
    let (over, under) = value.words()?;
    over.checked_mul(common / under)
}

/// A matrix of whole numbers, and right sides.
type System<W> = (Vec<Vec<W>>, Vec<Vec<BigInt>>);

/// A working set: the tight rows, and the side that each column is fixed at.
pub(super) struct Set<'a> {
    problem: &'a Problem<Amount>,
    rows: Vec<(usize, Side)>,
    fixed: Vec<Option<Side>>,
}

impl<'a> Set<'a> {
    /// `None` where a side has no bound, or pushes either way and may not.
    pub(super) fn new(problem: &'a Problem<Amount>, proposed: &ActiveSet) -> Option<Self> {
        let mut fixed: Vec<Option<Side>> =
            problem.pinned.iter().map(|pinned| pinned.then_some(Side::Equal)).collect();
        for (column, side) in &proposed.columns {
            let bounds = if *side == Side::Upper { &problem.upper } else { &problem.lower };
            bounds.get(*column)?.as_ref()?;
            if *side == Side::Equal && !problem.pinned[*column] {
                return None;
            }
            fixed[*column].get_or_insert(*side);
        }
        let mut rows = Vec::with_capacity(proposed.rows.len());
        for (row, side) in &proposed.rows {
            let equal = *problem.equal.get(*row)?;
            if *side == Side::Equal && !equal {
                return None;
            }
            let side = if equal { Side::Equal } else { *side };
            let bounds = if side == Side::Upper { &problem.most } else { &problem.least };
            bounds[*row].as_ref()?;
            rows.push((*row, side));
        }
        Some(Self { problem, rows, fixed })
    }

    /// The set, in order.
    pub(super) fn active(&self) -> ActiveSet {
        let mut rows = self.rows.clone();
        rows.sort_unstable();
        let columns = self.fixed.iter().enumerate();
        let columns = columns.filter_map(|(column, side)| side.map(|side| (column, side)));
        ActiveSet { rows, columns: columns.collect(), ..ActiveSet::default() }
    }

    /// Where a column stands that no row moves.
    pub(super) fn rest(&self, column: usize) -> &Amount {
        match self.fixed[column] {
            Some(side) => self.problem.bound(column, side),
            None => &self.problem.baseline[column],
        }
    }

    pub(super) fn is_free(&self, column: usize) -> bool {
        self.fixed[column].is_none() && self.problem.moves[column]
    }

    /// The multiplier of each row of the problem at which all tight rows are met.
    fn multipliers(&self) -> Option<Vec<Amount>> {
        self.solved(&self.lacks())
    }

    /// The tight rows.
    pub(super) fn rows(&self) -> &[(usize, Side)] {
        &self.rows
    }

    /// The side that a column is fixed at; `None` for one that is free, or never moves.
    pub(super) fn side(&self, column: usize) -> Option<Side> {
        self.fixed[column]
    }

    /// What each tight row lacks where no row moves a column.
    pub(super) fn lacks(&self) -> Vec<Amount> {
        let bound = |(row, side): &(usize, Side)| self.problem.target(*row, *side);
        let levels = self.levels_in_words().unwrap_or_else(|| self.levels());
        self.rows.iter().zip(levels).map(|(own, level)| bound(own) - &level).collect()
    }

    /// Where each tight row stands where no row moves a column.
    fn levels(&self) -> Vec<Amount> {
        let places = self.places();
        let mut levels = vec![Amount::ZERO; self.rows.len()];
        for column in 0..self.problem.columns() {
            let rest = self.rest(column);
            for (row, value) in self.problem.column(column) {
                if let Some(level) = levels.get_mut(places[row]) {
                    *level += &(value * rest);
                }
            }
        }
        levels
    }

    /// The same in words over one denominator; `None` where it does not fit.
    fn levels_in_words(&self) -> Option<Vec<Amount>> {
        let places = self.places();
        let columns = || 0..self.problem.columns();
        let below = denominator(self.problem.values().iter());
        let under = denominator(columns().map(|column| self.rest(column)));
        let (below, under) = (i64::try_from(&below).ok()?, i64::try_from(&under).ok()?);
        let mut sums = vec![0_i128; self.rows.len()];
        for column in columns() {
            let rest = i128::from(word(self.rest(column), under)?);
            for (row, value) in self.problem.column(column) {
                if let Some(sum) = sums.get_mut(places[row]) {
                    let more = i128::from(word(value, below)?).checked_mul(rest)?;
                    *sum = sum.checked_add(more)?;
                }
            }
        }
        let common = Denominator::new(BigInt::from(below) * under);
        Some(sums.into_iter().map(|sum| common.amount(sum.into())).collect())
    }

    /// The place of each row of the problem among the tight ones.
    fn places(&self) -> Vec<usize> {
        let mut places = vec![usize::MAX; self.problem.rows];
        for (place, (row, _)) in self.rows.iter().enumerate() {
            places[*row] = place;
        }
        places
    }

    /// The multiplier of each row of the problem at which each tight row gains what it `lacks`.
    pub(super) fn solved(&self, lacks: &[Amount]) -> Option<Vec<Amount>> {
        self.solved_all(&[lacks]).and_then(|mut found| found.pop())
    }

    /// The same for several lists of what the tight rows lack.
    pub(super) fn solved_all(&self, lacks: &[&[Amount]]) -> Option<Vec<Vec<Amount>>> {
        let found = if let Some((matrix, rights)) = self.words(lacks) {
            padic::solve_all(&matrix, &rights)?
        } else {
            let (matrix, rights) = whole(&self.gram(), lacks);
            padic::solve_all(&matrix, &rights)?
        };
        // One denominator for all: sums of what they are multiplied into need no common divisor.
        let all = found.iter().fold(BigInt::from(1), |all, own| all.lcm(&own.denominator));
        let denominator = Denominator::new(all);
        let list = |found: padic::Fractions| {
            let times = denominator.number() / &found.denominator;
            let mut y = vec![Amount::ZERO; self.problem.rows];
            for ((row, _), numerator) in self.rows.iter().zip(found.numerators) {
                y[*row] = denominator.amount(numerator * &times);
            }
            y
        };
        Some(found.into_iter().map(list).collect())
    }

    /// The lower half of the Gram matrix of the tight rows over the free columns.
    fn gram(&self) -> Vec<Vec<Amount>> {
        let size = self.rows.len();
        let places = self.places();
        let mut gram = vec![vec![Amount::ZERO; size]; size];
        for column in (0..self.problem.columns()).filter(|column| self.is_free(*column)) {
            let own = self.problem.column(column).map(|(row, value)| (places[row], value));
            let own: Vec<(usize, &Amount)> = own.filter(|(place, _)| *place < size).collect();
            for (i, a) in &own {
                let pull = *a * &self.problem.weight[column];
                for (j, b) in own.iter().filter(|(j, _)| j <= i) {
                    gram[*i][*j] += &(&pull * *b);
                }
            }
        }
        gram
    }

    /// The system of the tight rows in whole numbers of words, and its right sides; `None` where it
    /// does not fit.
    fn words(&self, lacks: &[&[Amount]]) -> Option<System<i128>> {
        let (mut matrix, scale) = self.matrix()?;
        let mut rights = vec![Vec::with_capacity(matrix.len()); lacks.len()];
        for (place, row) in matrix.iter_mut().enumerate() {
            let own: Vec<Amount> = lacks.iter().map(|lacks| &lacks[place] * &scale).collect();
            let times = denominator(own.iter());
            let whole = i128::try_from(&times).ok()?;
            if whole != 1 {
                for entry in row {
                    *entry = entry.checked_mul(whole)?;
                }
            }
            for (right, value) in rights.iter_mut().zip(over(own.iter(), &times)) {
                right.push(value);
            }
        }
        Some((matrix, rights))
    }

    /// The Gram matrix of the tight rows over the free columns in whole numbers of words, and what it
    /// is times; `None` where it does not fit.
    pub(super) fn matrix(&self) -> Option<(Vec<Vec<i128>>, Amount)> {
        let size = self.rows.len();
        let (values, weights) = (self.problem.values(), &self.problem.weight);
        let (below, under) = (denominator(values.iter()), denominator(weights.iter()));
        let (below, under) = (i64::try_from(&below).ok()?, i64::try_from(&under).ok()?);
        let places = self.places();
        let mut matrix = vec![vec![0_i128; size]; size];
        let mut own: Vec<(usize, i64)> = Vec::new();
        for column in (0..self.problem.columns()).filter(|column| self.is_free(*column)) {
            own.clear();
            for (row, value) in self.problem.column(column) {
                if places[row] < size {
                    own.push((places[row], word(value, below)?));
                }
            }
            let weight = word(&weights[column], under)?;
            for (i, a) in &own {
                let pull = a.checked_mul(weight)?;
                let row = &mut matrix[*i];
                for (j, b) in own.iter().filter(|(j, _)| j <= i) {
                    row[*j] = row[*j].checked_add(i128::from(pull) * i128::from(*b))?;
                }
            }
        }
        mirror(&mut matrix);
        Some((matrix, Amount::from(BigInt::from(below) * below * under)))
    }

    /// Whether a fixed column is pushed against its bound, and a free one stays within its own.
    fn stays(&self, column: usize, common: &Common, floats: &[f64]) -> bool {
        let problem = self.problem;
        let side = self.fixed[column];
        if !problem.moves[column] || side == Some(Side::Equal) {
            return true;
        }
        let (pull, error) = problem.pull_float(column, floats);
        let (baseline, weight) =
            (problem.baseline[column].to_f64(), problem.weight[column].to_f64());
        let Some(side) = side else {
            let amount = baseline + weight * pull;
            let error = weight * error + CLEAR * (baseline.abs() + weight * pull.abs());
            let clear = |bound: &Option<Amount>, sign: f64| {
                bound.as_ref().is_none_or(|bound| sign * (amount - bound.to_f64()) > error)
            };
            if clear(&problem.lower[column], 1.0) && clear(&problem.upper[column], -1.0) {
                return true;
            }
            let amount = self.amount(column, common);
            return problem.lower[column].as_ref().is_none_or(|lower| amount >= *lower)
                && problem.upper[column].as_ref().is_none_or(|upper| amount <= *upper);
        };
        let bound = problem.bound(column, side);
        let near = (bound.to_f64() - baseline) / weight - pull;
        let size = (bound.to_f64().abs() + baseline.abs()) / weight + pull.abs();
        if near.abs() > error + CLEAR * size {
            return (near > 0.0) == (side == Side::Lower);
        }
        let change = &(bound - &problem.baseline[column]) / &problem.weight[column];
        fits(&common.combine(&change, &Amount::whole(-1), problem.column(column)), side)
    }

    fn amount(&self, column: usize, common: &Common) -> Amount {
        let rest = self.rest(column);
        if !self.is_free(column) {
            return rest.clone();
        }
        common.combine(rest, &self.problem.weight[column], self.problem.column(column))
    }

    /// Whether every row that is not tight is met.
    fn within(&self, program: &Program, amounts: &[Amount]) -> bool {
        let floats: Vec<f64> = amounts.iter().map(Amount::to_f64).collect();
        let mut tight = vec![false; program.rows.len()];
        for (row, _) in &self.rows {
            tight[*row] = true;
        }
        program.rows.iter().zip(tight).all(|(row, tight)| tight || holds(row, &floats, amounts))
    }
}

/// Whether a row holds at amounts, which are given in floats, too: these tell where they are clear.
pub(super) fn holds(row: &Row, floats: &[f64], amounts: &[Amount]) -> bool {
    let (value, size) = row.float(floats);
    let clear = |bound: &Option<Amount>, sign: f64| {
        bound.as_ref().is_none_or(|bound| {
            let bound = bound.to_f64();
            sign * (value - bound) > CLEAR * (size + bound.abs())
        })
    };
    if clear(&row.lower, 1.0) && clear(&row.upper, -1.0) {
        return true;
    }
    let value = row.value(amounts);
    row.lower.as_ref().is_none_or(|lower| value >= *lower)
        && row.upper.as_ref().is_none_or(|upper| value <= *upper)
}

/// Gives a symmetric matrix its upper half.
fn mirror(matrix: &mut [Vec<i128>]) {
    for i in 0..matrix.len() {
        let (above, below) = matrix.split_at_mut(i + 1);
        for (own, row) in above[i].iter_mut().skip(i + 1).zip(below) {
            *own = row[i];
        }
    }
}

/// A symmetric system, given by its lower half, with several right sides: each row times the least
/// number that makes it whole.
fn whole(gram: &[Vec<Amount>], rights: &[&[Amount]]) -> System<BigInt> {
    let size = gram.len();
    let mut sides = vec![Vec::with_capacity(size); rights.len()];
    let row = |i: usize| {
        let row = (0..size).map(|j| if j <= i { &gram[i][j] } else { &gram[j][i] });
        let rights = rights.iter().map(|right| &right[i]);
        let mut whole = integers(&row.chain(rights).collect::<Vec<_>>());
        for (side, value) in sides.iter_mut().zip(whole.drain(size..)) {
            side.push(value);
        }
        whole
    };
    ((0..size).map(row).collect(), sides)
}
