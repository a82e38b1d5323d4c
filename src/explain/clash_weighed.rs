//! A conflict told by the general method: each limit is counted a number of times, so that every line
//! cancels out.

use super::clash::unit;
use super::statement::{self, Statement};
use super::words;
use crate::plan::Plan;
use crate::solve::{BoundClash, Clash, Conflict};
use crate::units::{Amount, CellId};

/// How many own bounds of lines are weighed one by one.
const FEW: usize = 4;

/// Tells the conflict by weights, and adds them up.
pub(super) fn told(plan: &Plan, conflict: &Conflict, limits: &[Statement]) -> Vec<String> {
    let mut sentences = vec![
        "These limits tie lines to one another, so they are weighed before they are added up: \
         with these weights, every line of the plan cancels out."
            .to_string(),
    ];
    for (clash, statement) in conflict.parts.iter().zip(limits) {
        let (times, effect) = (times(&clash.multiplier), effect(&clash.adds));
        let how = turned(plan, clash).map(|how| format!(" ({how})")).unwrap_or_default();
        sentences.push(format!("{times}: {}, {effect}{how}.", statement.says));
    }
    sentences.extend(own(plan, &conflict.bounds));
    let side = |up: bool| -> Amount {
        let parts = conflict.parts.iter().map(|part| &part.adds);
        let all = parts.chain(conflict.bounds.iter().map(|bound| &bound.adds));
        all.filter(|adds| adds.is_positive() == up).map(Amount::abs).sum()
    };
    let unit = unit(plan, conflict).unwrap_or_else(|| "in all".into());
    sentences.push(format!(
        "Added up, {} is asked for and {} is left: {} {unit} short.",
        words::amount(&side(true)),
        words::amount(&side(false)),
        words::amount(&conflict.excess)
    ));
    sentences
}

/// The own bounds of lines that add something: few one by one, many of one side together.
fn own(plan: &Plan, bounds: &[BoundClash]) -> Vec<String> {
    let counted: Vec<&BoundClash> = bounds.iter().filter(|own| !own.adds.is_zero()).collect();
    if counted.len() <= FEW {
        let line = |own: &&BoundClash| {
            let says = statement::of_bound(plan, own).says;
            format!("{}: {says}, {}.", times(&own.multiplier), effect(&own.adds))
        };
        return counted.iter().map(line).collect();
    }
    let side = |up: bool| {
        let own = counted.iter().filter(|own| own.adds.is_positive() == up);
        let (count, adds) = (own.clone().count(), own.map(|own| &own.adds).sum::<Amount>());
        let lines = if count == 1 { "line" } else { "lines" };
        let told = format!(
            "The own bounds of {count} {lines}, weighed in the same way, {}.",
            act(&adds, true)
        );
        (count > 0).then_some(told)
    };
    [true, false].into_iter().filter_map(side).collect()
}

fn times(multiplier: &Amount) -> String {
    let times = multiplier.abs();
    if times == Amount::ONE { "Once".into() } else { format!("{} times", decimal(&times)) }
}

fn effect(adds: &Amount) -> String {
    format!("which {}", act(adds, false))
}

fn act(adds: &Amount, many: bool) -> String {
    let figure = words::amount(&adds.abs());
    match (adds.is_zero(), adds.is_positive(), many) {
        (true, ..) => "adds nothing of its own".into(),
        (false, true, false) => format!("asks for {figure}"),
        (false, true, true) => format!("ask for {figure}"),
        (false, false, false) => format!("leaves {figure}"),
        (false, false, true) => format!("leave {figure}"),
    }
}

/// How the figure of a turnover comes about: moves are counted from what its lines had.
fn turned(plan: &Plan, clash: &Clash) -> Option<String> {
    let may = &clash.bound * &clash.multiplier.abs();
    let had = &clash.adds + &may;
    if clash.slopes.is_empty() || had.is_zero() {
        return None;
    }
    let cells = clash.reading.as_ref().map(|reading| reading.cells.as_slice()).unwrap_or_default();
    let baseline = |cell: &CellId| plan.cell(*cell).baseline.clone();
    let whole: Amount = cells.iter().map(baseline).sum();
    let half = &(&whole / &Amount::whole(2)) * &clash.multiplier.abs();
    let what = if had.abs() == half.abs() {
        format!("half of what its lines had, {}", words::amount(&had.abs()))
    } else {
        format!(
            "what its lines had, weighed by which way each moves, {}",
            words::amount(&had.abs())
        )
    };
    let may = words::amount(&may);
    Some(match (had.is_positive(), clash.adds.is_positive()) {
        (true, true) => format!("{what}, less the {may} that may move"),
        (true, false) => format!("the {may} that may move, less {what}"),
        (false, _) => format!("the {may} that may move, and {what}"),
    })
}

/// A weight with up to four decimals.
fn decimal(value: &Amount) -> String {
    value.to_decimal(words::decimals(value, &[0, 1, 2, 3, 4]))
}
