//! Judges published figures: whole quanta next to the exact amounts that still keep every rule.

use super::point::{broken, is_fixed};
use super::statement::{Row, Statement, total, value};
use super::{Optimal, Refusal};
use crate::plan::Plan;
use crate::units::{Amount, Money};

/// What published figures keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// How many quanta beyond the whole number below or above its exact amount a figure stands at
    /// most: 0 where every one is rounded down or up.
    pub widened: usize,
    /// Equalities that have no whole solution by their form: they are kept to less than a quantum.
    pub relaxed: Vec<String>,
}

/// How far beyond its exact amount, rounded down or up, a figure may be published.
const WIDEST: usize = 3;

/// Judges the published figures of the cells against the exact amounts of a proof and every
/// condition of its statement.
///
/// # Errors
///
/// The first figure or condition that does not agree.
pub fn published(
    plan: &Plan,
    statement: &Statement,
    proof: &Optimal,
    cells: &[Money],
) -> Result<Published, Refusal> {
    figures(plan, statement, &proof.columns(), cells)
}

/// Judges the published figures of the cells against exact amounts, one a column.
///
/// # Errors
///
/// The first figure or condition that does not agree.
pub fn figures(
    plan: &Plan,
    statement: &Statement,
    exact: &[Amount],
    cells: &[Money],
) -> Result<Published, Refusal> {
    let known = statement.cells;
    for (stated, known) in [(exact.len(), statement.columns.len()), (cells.len(), known)] {
        if stated != known {
            return Err(Refusal::Count { what: "published figures", stated, known });
        }
    }
    let quantum = plan.quantum();
    let mut amounts: Vec<Amount> = cells.iter().map(|money| quantum.amount(*money)).collect();
    let mut widened = 0;
    for (place, money) in cells.iter().enumerate() {
        let far = || Refusal::Far(statement.column_text(plan, place));
        let count = quantum.count(&exact[place]);
        let beyond = if is_next(&count, money.quanta()) {
            Amount::ZERO
        } else {
            let step = Amount::from(num_bigint::BigInt::from(money.quanta()));
            let (down, up) = (Amount::from(count.floor()), Amount::from(count.ceil()));
            if step < down { &down - &step } else { &step - &up }
        };
        let column = &statement.columns[place];
        if beyond.is_positive() {
            let beyond = usize::try_from(beyond.floor()).ok().filter(|far| *far <= WIDEST);
            widened = widened.max(beyond.ok_or_else(far)?);
        }
        let own = &amounts[place];
        let outside = column.lower.as_ref().is_some_and(|lower| own < lower)
            || column.upper.as_ref().is_some_and(|upper| own > upper);
        if outside && (beyond.is_positive() || !is_fixed(column)) {
            return Err(far());
        }
    }
    amounts.extend(super::largest::decided(plan, &exact[known..]));
    let mut relaxed = Vec::new();
    for row in &statement.rows {
        if keeps(plan, row, &amounts)? {
            relaxed.push(row.name.to_string());
        }
    }
    for sum in &statement.sums {
        let level = total(&sum.terms, &amounts);
        if level > sum.most {
            return Err(broken(sum.name.to_string(), &level, &sum.most));
        }
    }
    Ok(Published { widened, relaxed })
}

/// Whether a whole number is clearly less than one off, and so the one above or below: floats have less
/// error than what is left.
fn is_next(count: &Amount, step: i128) -> bool {
    let (count, step) = (count.to_f64(), step as f64);
    (count - step).abs() + 4.0 * f64::EPSILON * (count.abs() + step.abs()) < 1.0
}

/// Whether a row is kept to less than a quantum only, which an equality of fractions may be.
fn keeps(plan: &Plan, row: &Row, amounts: &[Amount]) -> Result<bool, Refusal> {
    let quantum = plan.quantum();
    let level = value(&row.parts, amounts);
    let fails = |bound: &Amount| broken(row.name.to_string(), &level, bound);
    if let (Some(lower), Some(upper)) = (&row.lower, &row.upper)
        && lower == upper
    {
        let whole = row.parts.iter().all(|part| part.coefficient.is_whole())
            && quantum.count(lower).is_whole();
        let off = quantum.count(&(&level - lower)).abs();
        if off >= Amount::ONE || (whole && !off.is_zero()) {
            return Err(fails(lower));
        }
        return Ok(!off.is_zero());
    }
    if let Some(lower) = row.lower.as_ref().filter(|lower| level < **lower) {
        return Err(fails(lower));
    }
    if let Some(upper) = row.upper.as_ref().filter(|upper| level > **upper) {
        return Err(fails(upper));
    }
    Ok(false)
}

/// What each revenue entry is published to bring when the decisions stand at `decisions`: for each
/// balance period its total, and its entries in the order of the period.
pub fn published_revenue(plan: &Plan, decisions: &[Amount]) -> Vec<(Money, Vec<Money>)> {
    let periods = super::largest::published(plan, decisions).into_iter();
    periods.map(|period| (period.total, period.entries)).collect()
}
