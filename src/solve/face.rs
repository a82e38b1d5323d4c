//! The optimal face of a linear stage, written over the cells alone.
//!
//! By complementary slackness any one optimal dual describes every optimal answer: rows and bounds
//! that push are met, and each term lies on the piece of its curve that the dual names. The
//! auxiliaries are gone: what they measured is the distance of a form from its kink.

use super::proof::Dual;
use crate::formulate::{Column, Curved, Hinge, Linear, Part, Program, Row};
use crate::units::Amount;

/// The answers of `program` that are optimal for `linear`, by its `dual`.
pub(crate) fn face(program: &Program, linear: &Linear, dual: &Dual) -> Program {
    let mut face = program.clone();
    for (row, multiplier) in face.rows.iter_mut().zip(&dual.rows) {
        if multiplier.is_positive() {
            row.upper.clone_from(&row.lower);
        } else if multiplier.is_negative() {
            row.lower.clone_from(&row.upper);
        }
    }
    for (column, reduced) in face.columns.iter_mut().zip(&dual.columns) {
        if reduced.is_positive() {
            column.upper.clone_from(&column.lower);
        } else if reduced.is_negative() {
            column.lower.clone_from(&column.upper);
        }
    }
    let mut place = 0;
    face.curved.retain(|_| {
        place += 1;
        dual.rows[linear.curved[place - 1]].is_zero()
    });
    let straight = Straight { linear, dual, cells: program.columns.len() };
    for row in linear.curved.iter().filter(|row| !dual.rows[**row].is_zero()) {
        face.rows.push(straight.row(*row, None, &Amount::ZERO, true));
    }
    for hinge in &linear.hinges {
        kept_to(&mut face, hinge, &straight);
    }
    for row in &linear.largest {
        straight.at_most(&mut face, *row, &dual.bound);
    }
    face
}

/// Keeps a form to the side of its kink that the dual names.
fn kept_to(face: &mut Program, hinge: &Hinge, straight: &Straight<'_>) {
    let met = !straight.dual.rows[hinge.row].is_zero();
    let nothing = !straight.dual.columns[hinge.column].is_zero();
    if !met && !nothing {
        return;
    }
    if let Some(bent) = straight.linear.bent.get(&hinge.row) {
        if met {
            let row = straight.row(hinge.row, Some(hinge.column), &Amount::ZERO, nothing);
            face.rows.push(row);
        } else {
            face.curved.push(bent.clone());
        }
        return;
    }
    let kink = Some(hinge.kink.clone());
    let (lower, upper) = match (met && nothing, met == hinge.above) {
        (true, _) => (kink.clone(), kink),
        (false, true) => (kink, None),
        (false, false) => (None, kink),
    };
    restrict(face, &hinge.parts, lower, upper);
}

fn single(column: usize, value: &Amount) -> Part {
    let column = u32::try_from(column).unwrap_or(u32::MAX);
    Part { coefficient: value.clone(), columns: vec![column] }
}

/// Adds a row, or tightens the bounds of a column where the form is that column alone.
pub(crate) fn restrict(
    program: &mut Program,
    parts: &[Part],
    lower: Option<Amount>,
    upper: Option<Amount>,
) {
    if let Some(column) = alone(parts) {
        tighten(&mut program.columns[column], lower, upper);
        return;
    }
    program.rows.push(Row { parts: parts.to_vec(), own: parts.len(), lower, upper });
}

/// The column that a form is, where it is one alone with the coefficient 1.
pub(crate) fn alone(parts: &[Part]) -> Option<usize> {
    match parts {
        [Part { coefficient, columns }] if *coefficient == Amount::ONE => {
            match columns.as_slice() {
                [column] => Some(*column as usize),
                _ => None,
            }
        }
        _ => None,
    }
}

pub(crate) fn tighten(column: &mut Column, lower: Option<Amount>, upper: Option<Amount>) {
    if let Some(lower) = lower
        && column.lower.as_ref().is_none_or(|own| *own < lower)
    {
        column.lower = Some(lower);
    }
    if let Some(upper) = upper
        && column.upper.as_ref().is_none_or(|own| *own > upper)
    {
        column.upper = Some(upper);
    }
}

/// Rows with what their auxiliaries measure on the face put in their place.
struct Straight<'a> {
    linear: &'a Linear,
    dual: &'a Dual,
    cells: usize,
}

impl Straight<'_> {
    /// The row over the cells, without the column `but`, at least its bound and `more`; exactly
    /// that where it is `met`.
    fn row(&self, row: usize, but: Option<usize>, more: &Amount, met: bool) -> Row {
        let mut parts = Vec::new();
        let mut rest = self.bound(row) + more;
        self.add(row, but, &Amount::ONE, &mut parts, &mut rest);
        let upper = met.then(|| rest.clone());
        Row { own: parts.len(), parts, lower: Some(rest), upper }
    }

    /// The side that a row has; one of an auxiliary or a convex row has one.
    fn bound(&self, row: usize) -> Amount {
        let row = &self.linear.rows[row];
        row.upper.as_ref().or(row.lower.as_ref()).cloned().unwrap_or_default()
    }

    /// Adds what a row holds, times `factor`, to `parts`, and takes constants off `rest`.
    fn add(
        &self,
        row: usize,
        but: Option<usize>,
        factor: &Amount,
        parts: &mut Vec<Part>,
        rest: &mut Amount,
    ) {
        for (column, value) in &self.linear.rows[row].terms {
            if Some(*column) == but {
                continue;
            }
            let value = factor * value;
            if *column < self.cells {
                parts.push(single(*column, &value));
                continue;
            }
            let hinge = self.linear.hinges.iter().find(|hinge| hinge.column == *column);
            let met = |hinge: &&Hinge| !self.dual.rows[hinge.row].is_zero();
            let Some(hinge) = hinge.filter(met) else { continue };
            // The column is how far the form of its row lies from the bound of that row.
            let sign = if hinge.above { value } else { -value };
            *rest += &(&sign * &self.bound(hinge.row));
            self.add(hinge.row, Some(hinge.column), &sign, parts, rest);
        }
    }

    /// A form of a largest-of objective is at most `most`; exactly that where its row pushes.
    fn at_most(&self, face: &mut Program, row: usize, most: &Amount) {
        let costs = &self.linear.columns;
        let mut terms = self.linear.rows[row].terms.iter().map(|(column, _)| *column);
        let largest = terms.find(|column| !costs[*column].cost.is_zero());
        let pushes = !self.dual.rows[row].is_zero();
        match self.linear.bent.get(&row) {
            Some(bent) if !pushes => {
                face.curved.push(Curved { most: &bent.most + most, ..bent.clone() });
            }
            _ => {
                let exactly = self.row(row, largest, most, true);
                let lower = exactly.lower.filter(|_| pushes);
                face.rows.push(Row { lower, ..exactly });
            }
        }
    }
}
