use super::*;
use crate::formulate::{Column, Part, Program, Row};
use crate::units::Amount;

fn column(baseline: i64) -> Column {
    Column {
        baseline: Amount::whole(baseline),
        weight: Amount::whole(baseline.abs()),
        lower: Some(Amount::ZERO),
        upper: None,
    }
}

fn sum(columns: &[u32], lower: Option<Amount>, upper: Option<Amount>) -> Row {
    Row {
        parts: vec![Part { coefficient: Amount::ONE, columns: columns.to_vec() }].into(),
        own: 1,
        lower,
        upper,
    }
}

#[expect(clippy::unnecessary_wraps, reason = "bounds are optional")]
fn whole(value: i64) -> Option<Amount> {
    Some(Amount::whole(value))
}

fn optimum(program: &Program) -> Optimum {
    match calibrate(program, &ActiveSet::default()) {
        Calibration::Optimal(optimum) => optimum,
        Calibration::Infeasible(farkas) => panic!("infeasible: {farkas:?}"),
    }
}

#[test]
fn a_cut_of_five_percent_cuts_every_line_by_five_percent() {
    let columns = vec![column(100), column(300), column(600)];
    let program = Program {
        columns,
        rows: vec![sum(&[0, 1, 2], whole(950), whole(950))],
        ..Program::default()
    };
    let found = optimum(&program);
    let wanted = [95, 285, 570].map(Amount::whole);
    assert_eq!(found.amounts, wanted);
    assert_eq!(found.multipliers, [Amount::ratio(-1, 20)]);
    assert!(!found.chosen);
}

/// Cut 1000 to 900 with a floor of 98 on the first line: it gives 2, the others share 98 in
/// proportion to 300 and 600.
#[test]
fn a_line_at_its_floor_leaves_the_rest_to_others() {
    let mut first = column(100);
    first.lower = whole(98);
    let columns = vec![first, column(300), column(600)];
    let program = Program {
        columns,
        rows: vec![sum(&[0, 1, 2], whole(900), whole(900))],
        ..Program::default()
    };
    let found = optimum(&program);
    let pressure = Amount::ratio(-98, 900);
    assert_eq!(found.multipliers, std::slice::from_ref(&pressure));
    assert_eq!(found.amounts[1], Amount::whole(300) + &(&pressure * &Amount::whole(300)));
    assert_eq!(found.reduced[0], Amount::ratio(-2, 100) - &pressure);
}

#[test]
fn a_dependent_row_that_agrees_is_no_conflict_and_shares_the_pressure() {
    let columns = vec![column(100), column(100)];
    let rows = vec![sum(&[0, 1], whole(180), whole(180)), sum(&[0, 1], whole(180), whole(180))];
    let found = optimum(&Program { columns, rows, ..Program::default() });
    assert_eq!(found.amounts, [90, 90].map(Amount::whole));
    assert!(found.chosen);
    assert_eq!(found.multipliers, [Amount::ratio(-1, 20), Amount::ratio(-1, 20)]);
}

#[test]
fn rows_that_clash_by_a_hair_are_proven_to_clash() {
    let columns = vec![column(100), column(100)];
    let hair = Amount::whole(180) + &Amount::parse("0.000000000000001").expect("a number");
    let rows =
        vec![sum(&[0, 1], whole(180), whole(180)), sum(&[0, 1], Some(hair.clone()), Some(hair))];
    let program = Program { columns, rows, ..Program::default() };
    let Calibration::Infeasible(farkas) = calibrate(&program, &ActiveSet::default()) else {
        panic!("a clash")
    };
    assert!(farkas.proves(&program));
}

#[test]
fn floors_that_ask_for_more_than_there_is_are_proven_to_clash() {
    let mut columns = vec![column(100), column(100)];
    columns[0].upper = whole(110);
    columns[1].upper = whole(110);
    let program =
        Program { columns, rows: vec![sum(&[0, 1], whole(230), None)], ..Program::default() };
    let Calibration::Infeasible(farkas) = calibrate(&program, &ActiveSet::default()) else {
        panic!("a clash")
    };
    assert!(farkas.proves(&program));
    assert_eq!(farkas.rows, [(0, Amount::ONE)]);
    assert_eq!(farkas.columns.len(), 2);
}

fn rounded(program: &Program, exact: &[Amount]) -> Vec<i128> {
    let quantum = crate::units::Quantum::new(1).expect("a quantum");
    match round(program, exact, quantum) {
        Rounding::Published { cells, .. } => cells.iter().map(|money| money.quanta()).collect(),
        Rounding::Unrounded { row } => panic!("row {row} stands in the way"),
    }
}

/// Three thirds of 1 and a total of 1: every choice costs the same, so the first gets it.
#[test]
fn a_tie_goes_to_the_first_in_declared_order() {
    let columns = vec![column(1), column(1), column(1)];
    let program =
        Program { columns, rows: vec![sum(&[0, 1, 2], whole(1), whole(1))], ..Program::default() };
    let third = Amount::ratio(1, 3);
    assert_eq!(rounded(&program, &[third.clone(), third.clone(), third]), [1, 0, 0]);
}

/// 1.5 + 2.5 = 4 with a ceiling of 1 on the first line: it may not be rounded up.
#[test]
fn a_ceiling_is_kept_on_the_published_figures() {
    let columns = vec![column(2), column(2)];
    let half = |n: i64| Amount::ratio(n, 2);
    let rows = vec![sum(&[0, 1], whole(4), whole(4)), sum(&[0], None, Some(half(3)))];
    assert_eq!(
        rounded(&Program { columns, rows, ..Program::default() }, &[half(3), half(5)]),
        [1, 3]
    );
}

/// An equality on 5/2 cannot be met in whole quanta: 2 and 3 are both less than one away.
#[test]
fn an_equality_that_is_not_whole_is_kept_to_less_than_a_quantum() {
    let columns = vec![column(2), column(2)];
    let half = |n: i64| Amount::ratio(n, 2);
    let rows = vec![sum(&[0, 1], whole(4), whole(4)), sum(&[0], Some(half(5)), Some(half(5)))];
    let program = Program { columns, rows, ..Program::default() };
    let quantum = crate::units::Quantum::new(1).expect("a quantum");
    let found = round(&program, &[half(5), half(3)], quantum);
    let cells = [3, 1].map(crate::units::Money::new).to_vec();
    assert_eq!(found, Rounding::Published { cells, relaxed: vec![1] });
}
