//! How far an answer moves along a straight line as one bound of the plan moves.
//!
//! While the same rows and lines stay at their bounds, every amount and every multiplier is a
//! straight line in the bound. Two answers that lean on the same set give these lines; the piece
//! ends where the first row, line or multiplier would leave its range.

use super::ActiveSet;
use super::probe::Exact;
use super::problem::Side;
use crate::formulate::{Program, Row};
use crate::units::Amount;

/// The range of a parameter over which an answer moves along a straight line: where it begins and
/// ends, open where nothing ends it.
pub type Piece = (Option<Amount>, Option<Amount>);

/// What has to stay at zero or above: its value at the first and at the second answer.
type Margin = (Amount, Amount);

/// The piece that two answers lie on, found at `at.0 < at.1`; `None` where they lean on different
/// rows or lines.
pub fn piece(first: &Exact, second: &Exact, at: (&Amount, &Amount)) -> Option<Piece> {
    let pair = Two { first, second };
    if !pair.alike() {
        return None;
    }
    let mut ends: Piece = (None, None);
    let width = at.1 - at.0;
    let mut narrow = |margin: &Margin| {
        let slope = &margin.1 - &margin.0;
        if slope.is_zero() {
            return;
        }
        let end = at.0 - &(&(&margin.0 * &width) / &slope);
        if slope.is_negative() {
            if ends.1.as_ref().is_none_or(|known| end < *known) {
                ends.1 = Some(end);
            }
        } else if ends.0.as_ref().is_none_or(|known| end > *known) {
            ends.0 = Some(end);
        }
    };
    pair.rows(&mut narrow);
    pair.columns(&mut narrow);
    pair.pushes(&mut narrow);
    pair.bounds(&mut narrow);
    pair.bends(&mut ends, at);
    Some(ends)
}

struct Two<'a> {
    first: &'a Exact,
    second: &'a Exact,
}

fn same_parts(a: &Row, b: &Row) -> bool {
    a.parts.len() == b.parts.len()
        && a.parts
            .iter()
            .zip(&b.parts)
            .all(|(a, b)| a.coefficient == b.coefficient && a.columns == b.columns)
}

/// The tight rows of an answer, in order.
fn tight(of: &Exact) -> impl Iterator<Item = (&Row, &Amount, Side)> {
    of.active.rows.iter().map(|(row, side)| (&of.straight.rows[*row], &of.y[*row], *side))
}

impl Two<'_> {
    /// Whether both answers lean on the same rows and lines of programmes of one shape.
    fn alike(&self) -> bool {
        let (a, b) = (self.first, self.second);
        let shape = a.rows == b.rows
            && a.columns.len() == b.columns.len()
            && a.stages.len() == b.stages.len()
            && a.straight.curved.len() == b.straight.curved.len();
        let columns = |active: &ActiveSet| active.columns.clone();
        shape
            && columns(&a.active) == columns(&b.active)
            && a.active.rows.len() == b.active.rows.len()
            && tight(a).zip(tight(b)).all(|(a, b)| a.2 == b.2 && same_parts(a.0, b.0))
            && (0..a.rows).all(|row| same_parts(&a.straight.rows[row], &b.straight.rows[row]))
            && a.stages.iter().zip(&b.stages).all(|(a, b)| a.values.len() == b.values.len())
    }

    fn programs(&self) -> (&Program, &Program) {
        (&self.first.straight, &self.second.straight)
    }

    /// Rows that are not tight stay within their bounds.
    fn rows(&self, narrow: &mut dyn FnMut(&Margin)) {
        let (a, b) = self.programs();
        let floats = |of: &Exact| -> Vec<f64> { of.columns.iter().map(Amount::to_f64).collect() };
        let (near, far) = (floats(self.first), floats(self.second));
        let is_tight = |row: usize| self.first.active.rows.iter().any(|(own, _)| *own == row);
        for row in (0..self.first.rows).filter(|row| !is_tight(*row)) {
            let (own, other) = (&a.rows[row], &b.rows[row]);
            let moves = (own.float(&near).0 - other.float(&far).0).abs();
            if moves == 0.0 && own.lower == other.lower && own.upper == other.upper {
                continue;
            }
            let (here, there) = (own.value(&self.first.columns), other.value(&self.second.columns));
            if let (Some(low), Some(lower)) = (&own.lower, &other.lower) {
                narrow(&(&here - low, &there - lower));
            }
            if let (Some(high), Some(higher)) = (&own.upper, &other.upper) {
                narrow(&(high - &here, higher - &there));
            }
        }
    }

    /// Lines that are not at a bound stay within their own.
    fn columns(&self, narrow: &mut dyn FnMut(&Margin)) {
        let (a, b) = self.programs();
        for (place, (own, other)) in a.columns.iter().zip(&b.columns).enumerate() {
            if own.weight.is_zero() {
                continue;
            }
            let (here, there) = (&self.first.columns[place], &self.second.columns[place]);
            if let (Some(low), Some(lower)) = (&own.lower, &other.lower) {
                narrow(&(here - low, there - lower));
            }
            if let (Some(high), Some(higher)) = (&own.upper, &other.upper) {
                narrow(&(high - here, higher - there));
            }
        }
    }

    /// The multipliers of tight rows, and what pushes lines against their bounds, keep their
    /// signs.
    fn pushes(&self, narrow: &mut dyn FnMut(&Margin)) {
        let signed = |side: Side, value: &Amount| match side {
            Side::Lower => Some(value.clone()),
            Side::Upper => Some(-value),
            Side::Equal => None,
        };
        for ((_, here, side), (_, there, _)) in tight(self.first).zip(tight(self.second)) {
            if let (Some(here), Some(there)) = (signed(side, here), signed(side, there)) {
                narrow(&(here, there));
            }
        }
        let own = |of: &Exact| -> Vec<Amount> { of.own_pushes() };
        let (here, there) = (own(self.first), own(self.second));
        for ((_, side), (here, there)) in
            self.first.active.columns.iter().zip(here.iter().zip(&there))
        {
            if let (Some(here), Some(there)) = (signed(*side, here), signed(*side, there)) {
                narrow(&(here, there));
            }
        }
    }

    /// What a stage reached keeps its sign: a loss is a share of its size.
    fn bounds(&self, narrow: &mut dyn FnMut(&Margin)) {
        for (own, other) in self.first.stages.iter().zip(&self.second.stages) {
            for (here, there) in own.values.iter().zip(&other.values) {
                if here.is_negative() {
                    narrow(&(-here, -there));
                } else if here.is_positive() {
                    narrow(&(here.clone(), there.clone()));
                }
            }
        }
    }

    /// Convex rows hold up to the end: where one is broken there, the row that supports it ends
    /// the piece sooner.
    fn bends(&self, ends: &mut Piece, at: (&Amount, &Amount)) {
        let (a, b) = self.programs();
        for (own, other) in a.curved.iter().zip(&b.curved) {
            let along = |from: &Amount, to: &Amount, t: &Amount| {
                let part = &(t - at.0) / &(at.1 - at.0);
                from + &(&part * &(to - from))
            };
            for forwards in [true, false] {
                while let Some(end) = if forwards { ends.1.clone() } else { ends.0.clone() } {
                    let pairs = self.first.columns.iter().zip(&self.second.columns);
                    let there: Vec<Amount> =
                        pairs.map(|(from, to)| along(from, to, &end)).collect();
                    if own.value(&there) <= along(&own.most, &other.most, &end) {
                        break;
                    }
                    let cut = own.cut(&there);
                    let rest = |of: &Exact, most: &Amount, own_most: &Amount| {
                        let upper = cut.upper.clone().unwrap_or_default();
                        &(&upper + &(most - own_most)) - &cut.value(&of.columns)
                    };
                    let here = rest(self.first, &own.most, &own.most);
                    let slope = &rest(self.second, &other.most, &own.most) - &here;
                    if slope.is_zero() {
                        break;
                    }
                    let sooner = at.0 - &(&(&here * &(at.1 - at.0)) / &slope);
                    if forwards {
                        ends.1 = Some(sooner);
                    } else {
                        ends.0 = Some(sooner);
                    }
                }
            }
        }
    }
}

impl Exact {
    /// What pushes each fixed column of the active set against its bound, in its order.
    fn own_pushes(&self) -> Vec<Amount> {
        let mut pulls: std::collections::HashMap<usize, Amount> =
            self.active.columns.iter().map(|(column, _)| (*column, Amount::ZERO)).collect();
        for (row, y) in self.straight.rows.iter().zip(&self.y).filter(|(_, y)| !y.is_zero()) {
            for part in &row.parts {
                let pull = &part.coefficient * y;
                for column in &part.columns {
                    if let Some(sum) = pulls.get_mut(&(*column as usize)) {
                        *sum += &pull;
                    }
                }
            }
        }
        let push = |(column, _): &(usize, Side)| {
            let own = &self.straight.columns[*column];
            if own.weight.is_zero() {
                return Amount::ZERO;
            }
            let change = &self.columns[*column] - &own.baseline;
            let pulled = pulls.get(column).cloned().unwrap_or_default();
            &(&change / &own.weight) - &pulled
        };
        self.active.columns.iter().map(push).collect()
    }
}
