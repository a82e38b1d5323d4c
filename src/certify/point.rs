//! Where amounts stand against every condition.

use super::Refusal;
use super::figure::{Figure, Near};
use super::statement::{Column, Part, Row, Statement, value};
use crate::plan::{Plan, Sense};
use crate::units::Amount;

/// Amounts that satisfy every condition, and which of them they meet exactly.
pub(crate) struct Point<'a> {
    pub(crate) amounts: &'a [Amount],
    pub(crate) near: Near<'a>,
    /// Where the terms of each sum of curves stand.
    pub(crate) sums: Vec<Vec<Figure>>,
    rows: Vec<Meets>,
    columns: Vec<Meets>,
    /// Whether each sum of curves stands at its bound.
    met: Vec<bool>,
}

/// Whether a bound is met exactly.
#[derive(Clone, Copy, Default)]
struct Meets {
    lower: bool,
    upper: bool,
}

/// Rounding of a sum of floats is below this times the sum of its terms' sizes and their number.
pub(super) const ROUNDING: f64 = 4.0 * f64::EPSILON;

impl<'a> Point<'a> {
    /// Places `amounts`, one a column.
    ///
    /// # Errors
    ///
    /// The first condition that is broken.
    pub(crate) fn new(
        plan: &Plan,
        statement: &Statement,
        amounts: &'a [Amount],
    ) -> Result<Self, Refusal> {
        let known = statement.columns.len();
        if amounts.len() != known {
            return Err(Refusal::Count { what: "amounts", stated: amounts.len(), known });
        }
        let mut columns = Vec::with_capacity(known);
        for (place, (column, amount)) in statement.columns.iter().zip(amounts).enumerate() {
            let meets = between(amount, &column.lower, &column.upper);
            columns.push(meets.map_err(|bound| Refusal::Broken {
                what: format!("the bound of {}", statement.column_text(plan, place)),
                level: amount.to_string(),
                bound: bound.to_string(),
            })?);
        }
        let near = Near::new(amounts);
        let rows = statement.rows.iter().map(|row| level(row, &near));
        let rows = rows.collect::<Result<_, _>>()?;
        let (mut sums, mut met) = (Vec::new(), Vec::new());
        for sum in &statement.sums {
            let figures: Vec<Figure> = sum.terms.iter().map(|term| term.figure(&near)).collect();
            let level: Amount = figures.iter().map(|own| &own.value).sum();
            if level > sum.most {
                return Err(broken(sum.name.to_string(), &level, &sum.most));
            }
            sums.push(figures);
            met.push(level == sum.most);
        }
        Ok(Self { amounts, near, sums, rows, columns, met })
    }

    /// Whether the row stands at its bound of that side.
    pub(crate) fn meets(&self, row: usize, side: Sense) -> bool {
        match side {
            Sense::Floor => self.rows[row].lower,
            Sense::Ceiling => self.rows[row].upper,
            Sense::Equal => self.rows[row].lower && self.rows[row].upper,
        }
    }

    /// Whether the sum of curves stands at its bound.
    pub(crate) fn meets_sum(&self, sum: usize) -> bool {
        self.met[sum]
    }

    /// Whether the column may lean on its lower (above zero) or upper (below) bound that way.
    pub(crate) fn may_lean(&self, column: usize, sign: i32) -> bool {
        let meets = self.columns[column];
        sign == 0 || (sign > 0 && meets.lower) || (sign < 0 && meets.upper)
    }
}

pub(crate) fn broken(what: String, level: &Amount, bound: &Amount) -> Refusal {
    Refusal::Broken { what, level: level.to_string(), bound: bound.to_string() }
}

/// Whether `amount` meets its bounds; the bound that it breaks as an error.
fn between<'b>(
    amount: &Amount,
    lower: &'b Option<Amount>,
    upper: &'b Option<Amount>,
) -> Result<Meets, &'b Amount> {
    let mut meets = Meets::default();
    if let Some(lower) = lower {
        match amount.cmp(lower) {
            std::cmp::Ordering::Less => return Err(lower),
            order => meets.lower = order.is_eq(),
        }
    }
    if let Some(upper) = upper {
        match amount.cmp(upper) {
            std::cmp::Ordering::Greater => return Err(upper),
            order => meets.upper = order.is_eq(),
        }
    }
    Ok(meets)
}

/// Where a row stands. A row that is far inside its bounds, beyond all rounding of floats, is not
/// added up exactly.
fn level(row: &Row, near: &Near<'_>) -> Result<Meets, Refusal> {
    let (sum, error) = float(&row.parts, &near.floats);
    let inside = |bound: &Option<Amount>, sign: f64| {
        bound.as_ref().is_none_or(|bound| {
            let bound = bound.to_f64();
            sign * (sum - bound) > error + ROUNDING * bound.abs()
        })
    };
    if inside(&row.lower, 1.0) && inside(&row.upper, -1.0) {
        return Ok(Meets::default());
    }
    let exact = value(&row.parts, near.amounts);
    between(&exact, &row.lower, &row.upper)
        .map_err(|bound| broken(row.name.to_string(), &exact, bound))
}

/// A weighted sum in floats, and a bound on its error.
pub(super) fn float(parts: &[Part], floats: &[f64]) -> (f64, f64) {
    let (mut sum, mut size, mut count) = (0.0, 0.0, 2.0);
    for part in parts {
        let coefficient = part.coefficient.to_f64();
        for column in &part.columns {
            let term = coefficient * floats[*column as usize];
            sum += term;
            size += term.abs();
            count += 1.0;
        }
    }
    (sum, size * count * ROUNDING)
}

/// Whether a column never moves.
pub(crate) fn is_fixed(column: &Column) -> bool {
    column.lower.is_some() && column.lower == column.upper
}
