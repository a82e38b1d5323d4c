//! What each stage reached, and what proves that nothing reaches further.

use num_bigint::BigInt;

use super::table::{Column, RowKind, Table, Unit, Value};
use crate::plan::Plan;
use crate::solve::Allocation;
use crate::units::Amount;

/// The linear programmes of the stages, then the calibration: the value that each reached, as a
/// minimisation, the bound that nothing is below, and the gap between the two.
pub fn stages(plan: &Plan, allocation: &Allocation) -> Table {
    let mut table = Table::new(
        "stages",
        "Stages",
        vec![
            Column::key("stage", "Stage"),
            Column::note("model", "Model"),
            Column::note("linear", "Linear"),
            Column::figure("value", "Value", Unit::None),
            Column::figure("bound", "Bound", Unit::None),
            Column::figure("gap", "Gap", Unit::None),
        ],
    );
    let mut names = super::mps::names(allocation).into_iter();
    let mut push = |stage: &str, linear: bool, value: Amount, bound: Option<Amount>| {
        let model = Value::maybe_text(names.next());
        let gap = bound.as_ref().map(|bound| &value - bound);
        let figures = [Value::Number(value), Value::maybe(bound), Value::maybe(gap)];
        let keys = [Value::text(stage), model, Value::Flag(linear)];
        table.push(RowKind::Body, keys.into_iter().chain(figures).collect());
    };
    // Where the search for the best way to decide lines of all or nothing was ended, the first stage
    // that may come out better has a gap; those after it are bounded where it does no worse.
    let mut ended = false;
    let left = allocation.left.as_ref();
    let mut later = left.into_iter().flat_map(|left| left.later.iter().cloned());
    for round in &allocation.rounds {
        let own = left.filter(|left| left.stage == round.stage && !ended);
        let bound = match own {
            Some(left) => Some(left.bound.clone()),
            None if ended => later.next(),
            None => Some(round.bound.clone()),
        };
        ended |= own.is_some();
        push(round.stage.as_str(), true, round.bound.clone(), bound);
    }
    let value = distance(plan, allocation);
    let bound = match left {
        Some(left) => left.distance.as_ref().map(|least| six_decimals(least).min(value.clone())),
        None => Some(value.clone()),
    };
    push("change", false, value, bound);
    if ended {
        table.notes.push(
            "the search for the best way to decide the lines of all or nothing was ended: no way \
             passes the bound of the first stage with a gap, and none that does no worse there and in \
             between passes that of a later one"
                .into(),
        );
    }
    table.notes.push("a stage that maximises is stated as the minimisation of its negative".into());
    table
}

/// The amount rounded down to six decimals.
fn six_decimals(amount: &Amount) -> Amount {
    let million = Amount::whole(1_000_000);
    &Amount::from((amount * &million).floor()) / &million
}

/// `1/2 * sum (x - b)^2 / w` at the exact answer, to six decimals: every term is taken to the
/// thirtieth, so that the sum needs no common denominator.
fn distance(plan: &Plan, allocation: &Allocation) -> Amount {
    let cells = plan.cells().iter().zip(&allocation.exact);
    let moving = cells.filter(|(cell, _)| !cell.weight().is_zero());
    let fine = BigInt::from(10).pow(30);
    let term = |(cell, amount): (&crate::plan::Cell, &Amount)| {
        let change = amount - &cell.baseline;
        (&(&(&change * &change) / &cell.weight()) * &Amount::from(fine.clone())).floor()
    };
    let twice: BigInt = moving.map(term).sum();
    let half = &Amount::from(twice) / &Amount::from(fine * 2);
    Amount::parse(&half.to_decimal(6)).unwrap_or_default()
}
