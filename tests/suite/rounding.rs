//! Laws of the published figures on random programmes.

use rand::RngExt;
use rand::seq::SliceRandom;
use virement::formulate::Program;
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
            .map(|amount| virement::formulate::Column {
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
