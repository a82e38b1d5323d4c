//! Laws of the published figures on random programmes.

use rand::RngExt;
use rand::seq::SliceRandom;
use virement::formulate::{Column, Part, Program, Row};
use virement::solve::{ActiveSet, Calibration, Rounding, calibrate, round};
use virement::units::{Amount, Money, Quantum};

use super::programmes::{Shape, programme, random, shape};

fn one() -> Quantum {
    Quantum::new(1).expect("a quantum")
}

fn amounts(cells: &[Money]) -> Vec<Amount> {
    cells.iter().map(|money| one().amount(*money)).collect()
}

/// Every ceiling and floor exactly; an equality exactly where it can be whole, else to less than a
/// quantum.
fn assert_kept(program: &Program, cells: &[Money], relaxed: &[usize], case: u64) {
    let amounts = amounts(cells);
    for (place, row) in program.rows.iter().enumerate() {
        let value = row.value(&amounts);
        let whole = row.parts.iter().all(|part| part.coefficient.is_whole())
            && row.lower.as_ref().is_none_or(Amount::is_whole);
        if row.lower.is_some() && row.lower == row.upper && !whole {
            let off = row.lower.as_ref().map(|bound| (&value - bound).abs());
            assert!(off < Some(Amount::ONE), "case {case}: row {place} is a quantum off");
            assert!(relaxed.contains(&place), "case {case}: row {place} is not reported");
            continue;
        }
        assert!(!relaxed.contains(&place), "case {case}: row {place} is whole");
        assert!(row.lower.as_ref().is_none_or(|lower| value >= *lower), "case {case}: {place}");
        assert!(row.upper.as_ref().is_none_or(|upper| value <= *upper), "case {case}: {place}");
    }
    for (column, amount) in program.columns.iter().zip(&amounts) {
        assert!(column.lower.as_ref().is_none_or(|lower| amount >= lower), "case {case}");
        assert!(column.upper.as_ref().is_none_or(|upper| amount <= upper), "case {case}");
    }
}

#[test]
fn every_limit_holds_on_the_published_figures() {
    let mut published = 0;
    let cases = 2000;
    for case in 0..cases {
        let mut random = random(30_000 + case);
        let shape = Shape { infeasible: false, ..shape(case, &mut random) };
        let program = programme(shape, &mut random);
        let Calibration::Optimal(found) = calibrate(&program, &ActiveSet::default()) else {
            panic!("case {case}: feasible by construction")
        };
        // A target in whole numbers satisfies every row, but it may be far from the exact answer.
        let Rounding::Published { cells, relaxed } = round(&program, &found.amounts, one()) else {
            continue;
        };
        published += 1;
        assert_kept(&program, &cells, &relaxed, case);
        for (amount, exact) in amounts(&cells).iter().zip(&found.amounts) {
            assert!((amount - exact).abs() <= Amount::whole(4), "case {case}: far away");
        }
    }
    assert!(published > cases * 97 / 100, "{published} of {cases} could be published");
}

#[test]
fn what_is_whole_already_is_published_as_it_is() {
    for case in 0..200 {
        let mut random = random(40_000 + case);
        let count = random.random_range(1..30);
        let exact: Vec<Amount> =
            (0..count).map(|_| Amount::whole(random.random_range(-50..5000))).collect();
        let columns = exact
            .iter()
            .map(|amount| Column {
                baseline: amount.clone(),
                weight: Amount::ONE,
                lower: None,
                upper: None,
            })
            .collect();
        let program = Program { columns, ..Program::default() };
        let Rounding::Published { cells, .. } = round(&program, &exact, one()) else {
            panic!("case {case}: nothing stands in the way")
        };
        assert_eq!(amounts(&cells), exact, "case {case}");
    }
}

#[test]
fn the_order_of_the_rows_does_not_move_a_published_figure() {
    for case in 0..300 {
        let mut random = random(50_000 + case);
        let shape = Shape { infeasible: false, ..shape(case, &mut random) };
        let program = programme(shape, &mut random);
        let Calibration::Optimal(found) = calibrate(&program, &ActiveSet::default()) else {
            panic!("case {case}: feasible by construction")
        };
        let mut turned = program.clone();
        turned.rows.shuffle(&mut random);
        let cells =
            [&program, &turned].map(|program| match round(program, &found.amounts, one()) {
                Rounding::Published { cells, .. } => Some(cells),
                Rounding::Unrounded { .. } => None,
            });
        assert_eq!(cells[0], cells[1], "case {case}");
    }
}

/// Four years of a part and the rest: the part has at least 34.5 % of each year, and what it has over all
/// years and what two and two years come to is held.
fn four_years(part: i64) -> (Program, Vec<Amount>) {
    const CELLS: u32 = 36;
    let column = Column { baseline: Amount::ONE, weight: Amount::ONE, lower: None, upper: None };
    let of = |year: u32, rest: u32| {
        let first = (2 * year + rest) * CELLS;
        first..first + CELLS
    };
    let held = |columns: Vec<u32>, amount: i64| {
        let bound = Some(Amount::whole(amount));
        let parts = vec![Part { coefficient: Amount::ONE, columns }];
        Row { parts: parts.into(), own: 1, lower: bound.clone(), upper: bound }
    };
    let share = |year: u32| {
        let part = |coefficient: i64, rest: u32| Part {
            coefficient: Amount::whole(coefficient),
            columns: of(year, rest).collect(),
        };
        let parts = vec![part(131, 0), part(-69, 1)];
        Row { parts: parts.into(), own: 1, lower: Some(Amount::ZERO), upper: None }
    };
    let mut rows = vec![
        held((0..4 * CELLS).collect(), 1_001),
        held((4 * CELLS..8 * CELLS).collect(), 1_001),
        held((0..4).flat_map(|year| of(year, 0)).collect(), part),
    ];
    rows.extend((0..4).map(share));
    let program = Program { columns: vec![column; 8 * CELLS as usize], rows, ..Program::default() };
    let Calibration::Optimal(found) = calibrate(&program, &ActiveSet::default()) else {
        panic!("real amounts meet all shares")
    };
    (program, found.amounts)
}

/// 34.5 % of 2 002 is 690.69. In whole quanta it takes 346 of each 1 001 in two years: 691 of the part leave
/// none, however wide the boxes are, and 692 do.
#[test]
fn shares_that_only_fractions_meet_are_told_and_others_are_met() {
    let (program, exact) = four_years(691);
    assert!(matches!(round(&program, &exact, one()), Rounding::Unrounded { .. }));
    let (program, exact) = four_years(692);
    let Rounding::Published { cells, relaxed } = round(&program, &exact, one()) else {
        panic!("692 leave whole years")
    };
    assert_kept(&program, &cells, &relaxed, 692);
}
