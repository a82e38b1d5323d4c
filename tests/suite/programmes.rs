//! Random programmes for the laws: dependent rows, nearly equal bounds, columns at bounds.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use virement::formulate::{Column, Part, Program, Row};
use virement::units::Amount;

/// What a random programme is like.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) columns: usize,
    pub(crate) rows: usize,
    /// Room between the two bounds of a row, per mille of its level.
    pub(crate) room: u32,
    pub(crate) infeasible: bool,
}

pub(crate) fn random(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// The shape of the programme of place `case`.
pub(crate) fn shape(case: u64, random: &mut impl Rng) -> Shape {
    let columns = match case % 20 {
        0 => random.random_range(150..400),
        1..=4 => random.random_range(30..80),
        _ => random.random_range(3..20),
    };
    Shape {
        columns,
        rows: random.random_range(1..4 + columns.min(60) / 2),
        room: [0, 1, 10, 50][random.random_range(0..4)],
        infeasible: case % 7 == 3,
    }
}

/// A programme around a whole target, so that it is feasible in whole numbers unless its shape says
/// otherwise.
pub(crate) fn programme(shape: Shape, random: &mut impl Rng) -> Program {
    let mut targets = Vec::new();
    let columns = (0..shape.columns).map(|_| {
        let (column, target) = column(random);
        targets.push(target);
        column
    });
    let mut program = Program { columns: columns.collect(), ..Program::default() };
    for _ in 0..shape.rows {
        let row = match random.random_range(0..10) {
            0 if !program.rows.is_empty() => again(&program, random),
            1 => share(&targets, random),
            _ => sum(&targets, shape.room, random),
        };
        program.rows.push(row);
    }
    if shape.infeasible {
        clash(&mut program, &targets, random);
    }
    program
}

fn column(random: &mut impl Rng) -> (Column, i64) {
    let baseline = match random.random_range(0..20) {
        0 => 0,
        1 => -random.random_range(1..200_i64),
        _ => random.random_range(1..2000_i64),
    };
    let flexibility = [1, 1, 1, 2, 0][random.random_range(0..5)];
    if baseline == 0 || flexibility == 0 {
        let fixed = Some(Amount::whole(baseline));
        let column = Column {
            baseline: Amount::whole(baseline),
            weight: Amount::ZERO,
            lower: fixed.clone(),
            upper: fixed,
        };
        return (column, baseline);
    }
    let target = baseline * random.random_range(85..106_i64) / 100;
    let mut lower = (baseline > 0).then_some(0);
    let mut upper = (baseline < 0).then_some(0);
    if random.random_bool(0.3) {
        lower = Some(target - random.random_range(0..3_i64));
    }
    if random.random_bool(0.3) {
        upper = Some(target + random.random_range(0..3_i64));
    }
    let column = Column {
        baseline: Amount::whole(baseline),
        weight: Amount::whole(baseline.abs() * flexibility),
        lower: lower.map(Amount::whole),
        upper: upper.map(Amount::whole),
    };
    (column, target)
}

fn some_columns(count: usize, random: &mut impl Rng) -> Vec<u32> {
    let part = random.random_range(1..=9);
    let mut columns: Vec<u32> =
        (0..count as u32).filter(|_| random.random_range(0..10) < part).collect();
    if columns.is_empty() {
        columns.push(random.random_range(0..count as u32));
    }
    columns
}

fn level(columns: &[u32], targets: &[i64]) -> i64 {
    columns.iter().map(|column| targets[*column as usize]).sum()
}

fn sum(targets: &[i64], room: u32, random: &mut impl Rng) -> Row {
    let columns = some_columns(targets.len(), random);
    let level = level(&columns, targets);
    let wide = level.abs() * i64::from(room) / 1000;
    let below = random.random_range(0..=wide.max(0));
    let above = random.random_range(0..=wide.max(0));
    let hair = Amount::ratio(1, 1_000_000_000_000_000);
    let (mut lower, mut upper) =
        (Some(Amount::whole(level - below)), Some(Amount::whole(level + above)));
    match random.random_range(0..5) {
        0 => lower = None,
        1 => upper = None,
        // Nearly equal: the bounds are a hair apart, around the level.
        2 => upper = lower.as_ref().map(|lower| lower + &hair).max(Some(Amount::whole(level))),
        _ => {}
    }
    Row { parts: vec![Part { coefficient: Amount::ONE, columns }].into(), own: 1, lower, upper }
}

/// `level(own) - s * level(all)`, at least or at most zero.
fn share(targets: &[i64], random: &mut impl Rng) -> Row {
    let own = some_columns(targets.len(), random);
    let all: Vec<u32> = (0..targets.len() as u32).collect();
    let (part, whole) = (level(&own, targets), level(&all, targets));
    let floor = random.random_bool(0.5);
    let exact = if whole == 0 { Amount::ZERO } else { Amount::ratio(part, whole) };
    let step = Amount::ratio(random.random_range(0..3), 1000);
    let share = if (whole > 0) == floor { &exact - &step } else { &exact + &step };
    let mut parts = vec![Part { coefficient: Amount::ONE, columns: own }];
    if !share.is_zero() {
        parts.push(Part { coefficient: -&share, columns: all });
    }
    let zero = Some(Amount::ZERO);
    if floor {
        Row { parts: parts.into(), own: 1, lower: zero, upper: None }
    } else {
        Row { parts: parts.into(), own: 1, lower: None, upper: zero }
    }
}

/// A row that says what another one says, or a part of it.
fn again(program: &Program, random: &mut impl Rng) -> Row {
    let mut row = program.rows[random.random_range(0..program.rows.len())].clone();
    if random.random_bool(0.3) {
        row.lower = None;
    }
    row
}

/// Asks for a little more than there can be.
fn clash(program: &mut Program, targets: &[i64], random: &mut impl Rng) {
    let columns = some_columns(targets.len(), random);
    let level = Amount::whole(level(&columns, targets));
    let step = [Amount::ONE, Amount::ratio(1, 1_000_000_000)][random.random_range(0..2)].clone();
    let row = |lower: Option<Amount>, upper: Option<Amount>| Row {
        own: 1,
        parts: vec![Part { coefficient: Amount::ONE, columns: columns.clone() }].into(),
        lower,
        upper,
    };
    program.rows.push(row(None, Some(level.clone())));
    let place = random.random_range(0..program.rows.len());
    program.rows.insert(place, row(Some(&level + &step), None));
}
