//! Laws of the calibration on random programmes, and its agreement with Clarabel.

use clarabel::solver::SolverStatus;
use rand::RngExt;
use rand::seq::SliceRandom;
use virement::formulate::Program;
use virement::solve::{ActiveSet, Calibration, Optimum, calibrate};
use virement::units::Amount;

use super::clarabel_peer::Peer;
use super::programmes::{programme, random, shape};

const CASES: u64 = 3000;

/// The conditions of optimality, checked in rationals from the programme alone.
fn assert_optimal(program: &Program, found: &Optimum, case: u64) {
    let mut pull = vec![Amount::ZERO; program.columns.len()];
    for (row, multiplier) in program.rows.iter().zip(&found.multipliers) {
        let value = row.value(&found.amounts);
        assert_within(&row.lower, &value, &row.upper, case);
        assert_sign(&row.lower, &value, &row.upper, multiplier, case);
        for part in &row.parts {
            for column in &part.columns {
                pull[*column as usize] += &(&part.coefficient * multiplier);
            }
        }
    }
    for (place, column) in program.columns.iter().enumerate() {
        let amount = &found.amounts[place];
        assert_within(&column.lower, amount, &column.upper, case);
        if column.weight.is_zero() {
            assert_eq!(amount, &column.baseline, "case {case}");
            continue;
        }
        let own = &found.reduced[place];
        assert_sign(&column.lower, amount, &column.upper, own, case);
        // Every line's change is the sum of its contributions.
        let contributions = &column.weight * &(&pull[place] + own);
        assert_eq!(amount - &column.baseline, contributions, "case {case}");
    }
}

fn assert_within(lower: &Option<Amount>, value: &Amount, upper: &Option<Amount>, case: u64) {
    assert!(lower.as_ref().is_none_or(|lower| value >= lower), "case {case}: below a floor");
    assert!(upper.as_ref().is_none_or(|upper| value <= upper), "case {case}: above a ceiling");
}

/// A floor only lifts, a ceiling only lowers, and neither acts where it is not met.
fn assert_sign(
    lower: &Option<Amount>,
    value: &Amount,
    upper: &Option<Amount>,
    multiplier: &Amount,
    case: u64,
) {
    if multiplier.is_positive() {
        assert_eq!(lower.as_ref(), Some(value), "case {case}: lifted, and not at its floor");
    }
    if multiplier.is_negative() {
        assert_eq!(upper.as_ref(), Some(value), "case {case}: lowered, and not at its ceiling");
    }
}

#[test]
fn every_answer_is_optimal_or_a_proven_clash_and_agrees_with_clarabel() {
    let mut solved = 0;
    let mut proven = 0;
    let mut compared = 0;
    for case in 0..CASES {
        let mut random = random(case);
        let shape = shape(case, &mut random);
        let program = programme(shape, &mut random);
        let (status, amounts) = Peer::new(&program).solve(&program);
        match calibrate(&program, &ActiveSet::default()) {
            Calibration::Optimal(found) => {
                solved += 1;
                assert!(!shape.infeasible, "case {case}: a clash was not seen");
                assert_optimal(&program, &found, case);
                if status == SolverStatus::Solved {
                    compared += 1;
                    for (place, (ours, theirs)) in found.amounts.iter().zip(&amounts).enumerate() {
                        let size = 1.0 + program.columns[place].weight.to_f64();
                        let gap = (ours.to_f64() - theirs).abs();
                        assert!(gap < 2e-3 * size, "case {case}: column {place} is {gap} away");
                    }
                }
            }
            Calibration::Infeasible(farkas) => {
                proven += 1;
                assert!(farkas.proves(&program), "case {case}: no proof");
            }
        }
    }
    assert!(solved > CASES / 2 && proven >= CASES / 7, "{solved} solved, {proven} proven");
    assert!(compared > solved * 9 / 10, "Clarabel solved {compared} of {solved}");
}

#[test]
fn the_answer_depends_on_neither_the_start_nor_the_order_of_the_rows() {
    for case in 0..600 {
        let mut random = random(10_000 + case);
        let mut shape = shape(case, &mut random);
        shape.infeasible = false;
        let program = programme(shape, &mut random);
        let Calibration::Optimal(cold) = calibrate(&program, &ActiveSet::default()) else {
            panic!("case {case}: feasible by construction")
        };
        // A start from a programme with other bounds.
        let mut other = program.clone();
        for row in &mut other.rows {
            row.lower = None;
        }
        if let Calibration::Optimal(elsewhere) = calibrate(&other, &ActiveSet::default()) {
            let Calibration::Optimal(warm) = calibrate(&program, &elsewhere.active) else {
                panic!("case {case}: feasible by construction")
            };
            assert_eq!(warm.amounts, cold.amounts, "case {case}");
            assert_eq!(warm.multipliers, cold.multipliers, "case {case}");
            assert_eq!(warm.reduced, cold.reduced, "case {case}");
        }
        let mut order: Vec<usize> = (0..program.rows.len()).collect();
        order.shuffle(&mut random);
        let rows = order.iter().map(|row| program.rows[*row].clone()).collect();
        let turned = Program { columns: program.columns.clone(), rows, ..Program::default() };
        let Calibration::Optimal(turned) = calibrate(&turned, &ActiveSet::default()) else {
            panic!("case {case}: feasible by construction")
        };
        assert_eq!(turned.amounts, cold.amounts, "case {case}");
        let back: Vec<&Amount> = order.iter().map(|row| &cold.multipliers[*row]).collect();
        assert_eq!(turned.multipliers.iter().collect::<Vec<_>>(), back, "case {case}");
    }
}

#[test]
fn doubling_all_money_doubles_the_answer() {
    for case in 0..200 {
        let mut random = random(20_000 + case);
        let mut shape = shape(case + 5, &mut random);
        shape.infeasible = false;
        let program = programme(shape, &mut random);
        let two = Amount::whole(random.random_range(2..9));
        let mut double = program.clone();
        let scale = |amount: &mut Option<Amount>| {
            *amount = amount.as_ref().map(|amount| amount * &two);
        };
        for column in &mut double.columns {
            column.baseline = &column.baseline * &two;
            column.weight = &column.weight * &two;
            scale(&mut column.lower);
            scale(&mut column.upper);
        }
        for row in &mut double.rows {
            scale(&mut row.lower);
            scale(&mut row.upper);
        }
        let found = [&program, &double].map(|p| calibrate(p, &ActiveSet::default()));
        let [Calibration::Optimal(one), Calibration::Optimal(other)] = found else {
            panic!("case {case}: feasible by construction")
        };
        for (single, double) in one.amounts.iter().zip(&other.amounts) {
            assert_eq!(&(single * &two), double, "case {case}");
        }
        assert_eq!(one.multipliers, other.multipliers, "case {case}");
    }
}
