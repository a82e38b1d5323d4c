//! Break-even values: where a total that moves with one figure meets an amount.

use std::collections::HashMap;

use super::Options;
use super::below::Below;
use super::layout::{Total, totals};
use super::origin::Origin;
use super::sweep::along;
use crate::plan::Plan;
use crate::report::{Even, Stretch, Swept, Turn};
use crate::scenario::{Wish, WishLevel, wish_of};
use crate::units::Amount;

/// A total, and the amount that it is to meet.
pub(super) struct Goal {
    total: Total,
    amount: Amount,
}

/// The goals that were typed: `sector=radio=590`.
///
/// # Errors
///
/// What cannot be read, and what to write instead.
pub(super) fn typed(plan: &Plan, texts: &[String]) -> Result<Vec<Goal>, String> {
    let goal = |text: &String| -> Result<Goal, String> {
        let Wish { on, level, .. } =
            wish_of(text, plan.dimensions()).map_err(|fault| format!("--until: {fault}"))?;
        let cells = plan.select(&on);
        if cells.is_empty() {
            return Err(format!("--until: the plan has no line in `{text}`"));
        }
        let baseline: Amount = cells.iter().map(|cell| &plan.cell(*cell).baseline).sum();
        let amount = match level {
            WishLevel::Amount(amount) => amount,
            WishLevel::OfBaseline(share) => &baseline + &(&baseline * &share),
            WishLevel::Change(_) => {
                return Err(format!(
                    "--until: `{text}` asks for a change; write the amount, or +5% of the baseline"
                ));
            }
        };
        Ok(Goal { total: Total { name: on.text(plan.dimensions()), cells }, amount })
    };
    texts.iter().map(goal).collect()
}

/// The needs of slices as goals, in the order of the columns.
pub(super) fn needed(
    plan: &Plan,
    columns: &[String],
    needs: &HashMap<String, Amount>,
) -> Vec<Goal> {
    let mut goals = Vec::new();
    for name in columns {
        let Some(amount) = needs.get(name) else { continue };
        let found = super::summarise::sets(plan).into_iter().find_map(|by| {
            let options = Options { by, ..Options::default() };
            let totals = totals(plan, &options).ok()?;
            totals.into_iter().find(|total| total.name == *name)
        });
        goals.extend(found.map(|total| Goal { total, amount: amount.clone() }));
    }
    goals
}

/// Where each total meets its amount, as one figure after the other moves over the values that it takes
/// in the rows, all else as the file has it.
///
/// # Errors
///
/// A file that cannot be read.
pub(super) fn even(origin: &Origin, goals: &[Goal]) -> Result<Vec<Even>, String> {
    let mut found = Vec::new();
    for range in origin.ranges.iter().filter(|range| range.ends.0 < range.ends.1) {
        let (below, resolved) = Below::open(&origin.name)?;
        let totals = goals
            .iter()
            .map(|goal| Total { name: goal.total.name.clone(), cells: goal.total.cells.clone() });
        let (from, to) = &range.ends;
        let swept =
            along(below, &resolved.plan, range.varied.clone(), (from, to), totals.collect())?;
        for (place, goal) in goals.iter().enumerate() {
            found.push(Even {
                figure: swept.target.clone(),
                range: range.ends.clone(),
                slice: goal.total.name.clone(),
                amount: goal.amount.clone(),
                exact: swept.exact,
                turns: turns(&swept, place, &goal.amount),
                met_first: met_first(&swept, place, &goal.amount),
            });
        }
    }
    Ok(found)
}

/// How far a total is above an amount at both ends of a stretch; nothing where limits clash.
fn ends(own: &Stretch, place: usize, amount: &Amount) -> Option<(Amount, Amount)> {
    let (at, slope) = own.values.get(place)?;
    let first = at - amount;
    let last = &first + &(slope * &(&own.to - &own.from));
    Some((first, last))
}

/// Whether the amount is met at the least value.
fn met_first(swept: &Swept, place: usize, amount: &Amount) -> bool {
    let first = swept.stretches.first().and_then(|own| ends(own, place, amount));
    first.is_some_and(|(first, _)| !first.is_negative())
}

/// The values at which a total begins or ceases to meet an amount.
fn turns(swept: &Swept, place: usize, amount: &Amount) -> Vec<Turn> {
    let mut found: Vec<Turn> = Vec::new();
    let mut met = met_first(swept, place, amount);
    let mut before = swept.stretches.first().map(|own| own.from.clone()).unwrap_or_default();
    for own in &swept.stretches {
        let at = ends(own, place, amount);
        let (first, last) = match &at {
            Some((first, last)) => (!first.is_negative(), !last.is_negative()),
            None => (false, false),
        };
        if first != met {
            // Between two samples, or where limits begin or cease to clash.
            let clash = at.is_none() || !swept.exact && before < own.from;
            let value = if clash { before.clone() } else { own.from.clone() };
            found.push(Turn { value, until: clash.then(|| own.from.clone()), up: first });
        }
        if let Some((from, to)) = at.filter(|_| first != last) {
            let width = &own.to - &own.from;
            let part = &from / &(&from - &to);
            found.push(Turn { value: &own.from + &(&width * &part), until: None, up: last });
        }
        met = last;
        before = own.to.clone();
    }
    found
}
