//! What a model that is kept does with the next programme.

use super::*;

/// The least of `cost * x + 2 y` with `x + y >= 3` and `0 <= x <= most`, `0 <= y <= 9`.
fn least(cost: f64, most: f64, start: Start<'_>) -> Ended {
    let mut floats = Floats::default();
    let (x, y) = (floats.column(0.0, most), floats.column(0.0, 9.0));
    floats.cost(x, cost);
    floats.cost(y, 2.0);
    floats.row(3.0, f64::INFINITY, [(x, 1.0), (y, 1.0)].into_iter());
    solve(floats, start)
}

fn found(ended: Ended) -> (Vec<f64>, f64, bool) {
    let Ended::Optimal(found) = ended else { panic!("an optimum") };
    let rounded = found.values.iter().map(|value| value.round()).collect();
    (rounded, found.multipliers[0].round(), found.hot)
}

/// Worked by hand: x at 1 costs less than y at 2, and is taken up to its bound; what is still lacking
/// has the price of the one that fills it. A programme with other coefficients starts afresh.
#[test]
fn a_model_goes_on_where_figures_change_only() {
    assert_eq!(found(least(1.0, 2.0, Start::Last)), (vec![2.0, 1.0], 2.0, false));
    assert_eq!(found(least(1.0, 5.0, Start::Last)), (vec![3.0, 0.0], 1.0, true));
    assert_eq!(found(least(4.0, 5.0, Start::Last)), (vec![0.0, 3.0], 2.0, true));
    assert_eq!(found(least(4.0, 5.0, Start::Cold)), (vec![0.0, 3.0], 2.0, false));
    assert_eq!(found(least(1.0, 2.0, Start::Afresh)), (vec![2.0, 1.0], 2.0, false));
    assert_eq!(found(least(1.0, 1.0, Start::Last)), (vec![1.0, 2.0], 2.0, true));
    assert!(matches!(least(-1.0, f64::INFINITY, Start::Last), Ended::Unbounded));
    assert!(matches!(least(1.0, -1.0, Start::Last), Ended::Other));
    assert_eq!(found(least(1.0, 2.0, Start::Last)), (vec![2.0, 1.0], 2.0, true));
}

/// The least of `sum (i + 1) x_i` over ten columns from 0 to 9 with `x_i + x_(i+1) >= 3`, where the rows
/// in `caps`, `x_i <= cap`, are added: its value, and whether it was found from an earlier basis.
fn capped(caps: &[(usize, f64)], start: Start<'_>) -> (f64, bool) {
    let (value, found) = capped_from(caps, start);
    (value, found.hot)
}

/// The same, with all that was found.
fn capped_from(caps: &[(usize, f64)], start: Start<'_>) -> (f64, Found) {
    let mut floats = Floats::default();
    for place in 0..10 {
        let column = floats.column(0.0, 9.0);
        floats.cost(column, f64::from(place) + 1.0);
    }
    let pairs = (0..9).map(|first| vec![(first, 1.0), (first + 1, 1.0)]);
    let rows: Vec<Vec<(usize, f64)>> =
        pairs.chain(caps.iter().map(|(column, _)| vec![(*column, 1.0)])).collect();
    for (place, row) in rows.iter().enumerate() {
        let cap = place.checked_sub(9).map(|place| caps[place].1);
        let least = if cap.is_some() { f64::NEG_INFINITY } else { 3.0 };
        floats.row(least, cap.unwrap_or(f64::INFINITY), row.iter().copied());
    }
    let costs = floats.costs.clone();
    let Ended::Optimal(found) = solve(floats, start) else { panic!("an optimum") };
    // Each multiplier belongs to its own row: costs are what rows and bounds make up for.
    let mut left = costs.clone();
    for (row, multiplier) in rows.iter().zip(&found.multipliers) {
        for (column, value) in row {
            left[*column] -= value * multiplier;
        }
    }
    assert!(left.iter().zip(&found.reduced).all(|(a, b)| (a - b).abs() < 1e-6), "{caps:?}");
    let value: f64 = costs.iter().zip(&found.values).map(|(cost, value)| cost * value).sum();
    (value.round(), found)
}

/// A model goes on when rows come and go.
#[test]
fn a_model_goes_on_where_rows_come_and_go() {
    let none: &[(usize, f64)] = &[];
    let steps =
        [none, &[(0, 1.0)], none, &[(0, 2.0), (4, 1.0)], &[(4, 1.0), (0, 0.0)], &[(2, 1.0)]];
    for (step, caps) in steps.into_iter().enumerate() {
        let (value, _) = capped(caps, Start::Cold);
        assert_eq!(capped(caps, Start::Last), (value, step > 0), "{caps:?}");
    }
}

/// What cannot be met is told at once, and the model goes on from there: `x + y >= 3` with both at most 1.
#[test]
fn a_model_goes_on_where_there_was_no_answer() {
    let both = |most: f64, start: Start<'_>| {
        let mut floats = Floats::default();
        let (x, y) = (floats.column(0.0, most), floats.column(0.0, most));
        floats.cost(x, 1.0);
        floats.cost(y, 2.0);
        floats.row(3.0, f64::INFINITY, [(x, 1.0), (y, 1.0)].into_iter());
        solve(floats, start)
    };
    assert!(matches!(both(1.0, Start::Cold), Ended::Infeasible));
    assert_eq!(found(both(2.0, Start::Last)), (vec![2.0, 1.0], 2.0, false));
    assert!(matches!(both(1.0, Start::Last), Ended::Infeasible));
    assert_eq!(found(both(2.0, Start::Last)), (vec![2.0, 1.0], 2.0, true));
}

/// Where an earlier programme ended is gone on from: by a model that has solved others since, and by one that
/// has solved none, as on another thread. A row that is new is in no basis, and one of too many columns fits
/// none.
#[test]
fn a_basis_is_gone_on_from_elsewhere() {
    let ended = |start: Start<'_>, most: f64| match least(1.0, most, start) {
        Ended::Optimal(found) => found,
        _ => panic!("an optimum"),
    };
    let known = ended(Start::Last, 2.0).basis.expect("a basis");
    assert_eq!(ended(Start::Last, 5.0).values, [3.0, 0.0]);
    let near = ended(Start::Near(&known), 2.5);
    assert!(near.hot && near.values == [2.5, 0.5], "{:?}", near.values);
    KEPT.with_borrow_mut(Vec::clear);
    let near = ended(Start::Near(&known), 1.5);
    assert!(near.hot && near.values == [1.5, 1.5], "{:?}", near.values);
    assert_eq!(capped(&[], Start::Near(&known)), (capped(&[], Start::Cold).0, false));
    let known = capped_from(&[], Start::Cold).1.basis.expect("a basis");
    let wanted = capped(&[(2, 1.0)], Start::Cold).0;
    assert_eq!(capped(&[(2, 1.0)], Start::Near(&known)), (wanted, true));
}
