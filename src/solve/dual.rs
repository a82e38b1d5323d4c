//! The dual active-set method of Goldfarb and Idnani (1983) in the space of the limits.
//!
//! The unknowns are the multipliers of the tight rows. A column at its own bound leaves the Gram
//! matrix, so there are never more unknowns than rows. The method runs in floats to propose a
//! working set, and in rationals, where every comparison is exact, to decide.

use super::field::Field;
use super::problem::{ActiveSet, Problem, Side};
use super::working::{Pair, Working};
use crate::units::Amount;

/// How a run of the method ended.
pub(crate) enum Run<S> {
    /// Every row and column is within its bounds.
    Optimal {
        /// The set it leans on.
        active: ActiveSet,
        /// The multiplier of each row.
        y: Vec<S>,
    },
    /// The rows and columns of the set clash: no amounts satisfy them all.
    Infeasible {
        /// The set it leans on.
        active: ActiveSet,
        /// The multiplier of each row and column in the proof, above zero at a lower bound.
        rows: Vec<(usize, S)>,
        columns: Vec<(usize, S)>,
    },
    /// It took too long: floats only.
    Stalled(ActiveSet),
}

/// A bound that is not met.
#[derive(Clone, Copy)]
struct Violated {
    what: What,
    /// The bound that is not met.
    side: Side,
    /// Whether it has to be pushed up.
    up: bool,
}

/// What a bound is on.
#[derive(Clone, Copy)]
enum What {
    Row(usize),
    Column(usize),
}

/// What blocks a step of the multipliers.
enum Block {
    Row(usize),
    Column(usize),
}

/// The step of the multipliers as the one of a violated bound grows by one.
struct Direction<S> {
    /// For every row; zero where it is not tight.
    d: Vec<S>,
    /// How much the violation shrinks.
    gain: S,
    /// The size of `gain` had no row been tight.
    full: f64,
}

/// How the method left a working set.
enum Ended<S> {
    /// Every row and column that it may push is within its bounds.
    Rest(Pair<S>),
    /// A bound that nothing gives way to.
    Clash(Violated, Direction<S>),
    Stalled,
}

/// Runs the method from `start`, for at most `most` steps.
pub(crate) fn run<S: Field>(problem: &Problem<S>, start: &ActiveSet, most: usize) -> Run<S> {
    let mut working = Working::new(problem, start);
    match go_on(&mut working, most) {
        Ended::Rest(pair) => Run::Optimal { active: working.active(), y: pair.y },
        Ended::Clash(violated, direction) => infeasible(&working, violated, &direction),
        Ended::Stalled => Run::Stalled(working.active()),
    }
}

/// The multipliers under which a working set comes to rest, after at most `most` steps; `None` where bounds
/// clash, or it takes more.
pub(crate) fn rest<S: Field>(working: &mut Working<'_, S>, most: usize) -> Option<Vec<S>> {
    match go_on(working, most) {
        Ended::Rest(pair) => Some(pair.y),
        Ended::Clash(..) | Ended::Stalled => None,
    }
}

/// Goes on from a working set, for at most `most` steps.
fn go_on<S: Field>(working: &mut Working<'_, S>, most: usize) -> Ended<S> {
    let mut pair = working.settle();
    let mut steps = 0;
    while let Some(violated) = most_violated(working, &pair) {
        let (mut pushed, mut begun) = (S::zero(), false);
        loop {
            steps += 1;
            if steps > most {
                return Ended::Stalled;
            }
            let direction = direction(working, violated);
            if std::mem::replace(&mut begun, true) {
                pair = at(working, violated, &direction, &pushed);
            }
            let lack = lack(working, violated, &pair, &pushed);
            let blocked = block(working, violated, &pair, &direction);
            let dependent = !direction.gain.above(direction.full * 10.0);
            let whole = if dependent { None } else { Some(lack.over(&direction.gain)) };
            match (whole, blocked) {
                (None, None) => return Ended::Clash(violated, direction),
                (Some(whole), blocked)
                    if blocked.as_ref().is_none_or(|(step, _)| !step.less(&whole)) =>
                {
                    add(working, violated);
                    break;
                }
                (_, Some((step, block))) => {
                    pushed = pushed.plus(&step);
                    match block {
                        Block::Row(row) => working.rows.retain(|(known, _)| *known != row),
                        Block::Column(column) => working.set(column, None),
                    }
                }
                (Some(_), None) => unreachable!("a step without a block is taken whole"),
            }
        }
        pair = refresh(working);
    }
    Ended::Rest(pair)
}

fn refresh<S: Field>(working: &mut Working<'_, S>) -> Pair<S> {
    let values = working.solve(&[working.lacks()]);
    Pair { y: working.spread(values.first().map_or(&[][..], Vec::as_slice)) }
}

/// The bound that is missed by most, rows before columns and equalities before all.
fn most_violated<S: Field>(working: &Working<'_, S>, pair: &Pair<S>) -> Option<Violated> {
    let problem = working.problem;
    let mut worst = Worst(None);
    let mut tight = vec![false; problem.rows];
    for (row, _) in &working.rows {
        tight[*row] = true;
    }
    let common = S::common(&pair.y);
    for row in (0..problem.rows).filter(|row| !tight[*row]) {
        let terms = working.rows.iter().map(|(other, _)| (*other, working.gram(row, *other)));
        let level = S::combine(&common, working.rest(row), terms);
        let size = problem.size[row];
        let equal = problem.equal[row];
        let violated = |side, up| {
            let side = if equal { Side::Equal } else { side };
            Violated { what: What::Row(row), side, up }
        };
        if let Some(least) = &problem.least[row] {
            let by = least.minus(&level);
            if by.above(size) {
                worst.offer(equal, by.float() / size, violated(Side::Lower, true));
            }
        }
        if let Some(most) = &problem.most[row] {
            let by = level.minus(most);
            if by.above(size) {
                worst.offer(equal, by.float() / size, violated(Side::Upper, false));
            }
        }
    }
    if let Some((_, _, violated)) = worst.0 {
        return Some(violated);
    }
    if working.firm {
        return None;
    }
    let floats: Vec<f64> = pair.y.iter().map(S::float).collect();
    for column in (0..problem.columns()).filter(|c| working.fixed(*c).is_none()) {
        if let Some((by, side)) = column_lack(working, column, pair, &floats) {
            let up = side == Side::Lower;
            worst.offer(false, by, Violated { what: What::Column(column), side, up });
        }
    }
    worst.0.map(|(_, _, violated)| violated)
}

/// The bound that is missed by most so far: whether it is an equality, and by how much.
struct Worst(Option<(bool, f64, Violated)>);

impl Worst {
    fn offer(&mut self, equal: bool, by: f64, violated: Violated) {
        if self.0.as_ref().is_none_or(|(e, b, _)| (equal, by) > (*e, *b)) {
            self.0 = Some((equal, by, violated));
        }
    }
}

/// By how much of its size a free column passes one of its bounds.
fn column_lack<S: Field>(
    working: &Working<'_, S>,
    column: usize,
    pair: &Pair<S>,
    floats: &[f64],
) -> Option<(f64, Side)> {
    let problem = working.problem;
    if !problem.moves[column] {
        return None;
    }
    let (pull, error) = problem.pull_float(column, floats);
    let weight = problem.weight[column].float();
    let baseline = problem.baseline[column].float();
    let amount = baseline + weight * pull;
    let error = error * weight + 1e-13 * (baseline.abs() + weight);
    let clear = |bound: &Option<S>, sign: f64| {
        bound.as_ref().is_none_or(|bound| sign * (amount - bound.float()) > error)
    };
    if clear(&problem.lower[column], 1.0) && clear(&problem.upper[column], -1.0) {
        return None;
    }
    let size = weight + baseline.abs();
    let amount = working.amount(column, &pair.y);
    if let Some(lower) = &problem.lower[column] {
        let by = lower.minus(&amount);
        if by.above(size) {
            return Some((by.float() / size, Side::Lower));
        }
    }
    let by = amount.minus(problem.upper[column].as_ref()?);
    by.above(size).then(|| (by.float() / size, Side::Upper))
}

fn signed<S: Field>(value: &S, up: bool) -> S {
    if up { value.clone() } else { S::zero().minus(value) }
}

/// How the multipliers of the tight rows give way as the violated bound pushes.
fn direction<S: Field>(working: &mut Working<'_, S>, violated: Violated) -> Direction<S> {
    let solved = working.solve(&[pulls(working, violated)]);
    let d = working.spread(solved.first().map_or(&[][..], Vec::as_slice));
    let own = match violated.what {
        What::Row(row) => working.gram(row, row).clone(),
        What::Column(column) => working.problem.weight[column].clone(),
    };
    let mut gain = own.clone();
    // Dependent rows may have left the set.
    for ((row, _), pull) in working.rows.iter().zip(pulls(working, violated)) {
        gain = gain.minus(&pull.times(&d[*row]));
    }
    Direction { d, gain, full: own.float() }
}

/// The Gram products of the violated bound with every tight row.
fn pulls<S: Field>(working: &Working<'_, S>, violated: Violated) -> Vec<S> {
    let (problem, up) = (working.problem, violated.up);
    let rows = working.rows.iter().map(|(row, _)| *row);
    match violated.what {
        What::Row(row) => rows.map(|other| signed(working.gram(row, other), up)).collect(),
        What::Column(column) => {
            let mut pull = vec![S::zero(); problem.rows];
            for (row, value) in problem.column(column) {
                pull[row] = signed(&problem.weight[column].times(value), up);
            }
            rows.map(|row| pull[row].clone()).collect()
        }
    }
}

/// The multipliers while the violated bound pushes with `pushed`.
fn at<S: Field>(
    working: &mut Working<'_, S>,
    violated: Violated,
    direction: &Direction<S>,
    pushed: &S,
) -> Pair<S> {
    let mut pair = refresh(working);
    for (row, _) in &working.rows {
        pair.y[*row] = pair.y[*row].minus(&direction.d[*row].times(pushed));
    }
    if let What::Row(row) = violated.what {
        pair.y[row] = signed(pushed, violated.up);
    }
    pair
}

/// What the violated bound still lacks.
fn lack<S: Field>(working: &Working<'_, S>, violated: Violated, pair: &Pair<S>, pushed: &S) -> S {
    let problem = working.problem;
    let gap = match violated.what {
        What::Row(row) => {
            let own = working.gram(row, row).times(&pair.y[row]);
            let mut level = working.rest(row).plus(&own);
            for (other, _) in &working.rows {
                level = level.plus(&working.gram(row, *other).times(&pair.y[*other]));
            }
            problem.target(row, violated.side).minus(&level)
        }
        What::Column(column) => {
            let own = problem.weight[column].times(&signed(pushed, violated.up));
            problem.bound(column, violated.side).minus(&working.amount(column, &pair.y).plus(&own))
        }
    };
    signed(&gap, violated.up)
}

/// How much the pull on a fixed column changes as the violated bound pushes by one.
fn give<S: Field>(
    working: &Working<'_, S>,
    violated: Violated,
    direction: &Direction<S>,
    column: usize,
) -> S {
    let up = violated.up;
    let mut sum = S::zero();
    for (row, value) in working.problem.column(column) {
        sum = sum.minus(&value.times(&direction.d[row]));
        if let What::Row(own) = violated.what
            && own == row
        {
            sum = sum.plus(&signed(value, up));
        }
    }
    if let What::Column(own) = violated.what
        && own == column
    {
        sum = sum.plus(&signed(&S::of(&Amount::ONE), up));
    }
    sum
}

/// The first multiplier that reaches zero, and after which step.
fn block<S: Field>(
    working: &Working<'_, S>,
    violated: Violated,
    pair: &Pair<S>,
    direction: &Direction<S>,
) -> Option<(S, Block)> {
    let mut first: Option<(S, Block)> = None;
    let mut offer = |side: Side, value: S, shrinks: S, block: Block| {
        let (value, shrinks) = match side {
            Side::Lower => (value, shrinks),
            Side::Upper => (S::zero().minus(&value), S::zero().minus(&shrinks)),
            Side::Equal => return,
        };
        if !shrinks.above(0.1) {
            return;
        }
        let value = if value.above(0.0) { value } else { S::zero() };
        let step = value.over(&shrinks);
        if first.as_ref().is_none_or(|(known, _)| step.less(known)) {
            first = Some((step, block));
        }
    };
    for (row, side) in &working.rows {
        offer(*side, pair.y[*row].clone(), direction.d[*row].clone(), Block::Row(*row));
    }
    for column in working.loose() {
        let Some(side @ (Side::Lower | Side::Upper)) = working.fixed(column) else {
            continue;
        };
        let shrinks = give(working, violated, direction, column);
        offer(side, working.push(column, &pair.y), shrinks, Block::Column(column));
    }
    first
}

fn add<S: Field>(working: &mut Working<'_, S>, violated: Violated) {
    match violated.what {
        What::Row(row) => working.rows.push((row, violated.side)),
        What::Column(column) => working.set(column, Some(violated.side)),
    }
}

/// The combination of the set that no amounts satisfy.
fn infeasible<S: Field>(
    working: &Working<'_, S>,
    violated: Violated,
    direction: &Direction<S>,
) -> Run<S> {
    let one = signed(&S::of(&Amount::ONE), violated.up);
    let mut rows: Vec<(usize, S)> = Vec::new();
    if let What::Row(row) = violated.what {
        rows.push((row, one.clone()));
    }
    for (row, _) in &working.rows {
        rows.push((*row, S::zero().minus(&direction.d[*row])));
    }
    let mut columns: Vec<(usize, S)> = Vec::new();
    for column in 0..working.problem.columns() {
        if let What::Column(own) = violated.what
            && own == column
        {
            columns.push((column, one.clone()));
        } else if working.fixed(column).is_some() || !working.problem.moves[column] {
            columns.push((column, S::zero().minus(&give(working, violated, direction, column))));
        }
    }
    Run::Infeasible { active: working.active(), rows, columns }
}
