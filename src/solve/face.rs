//! The optimal face of a linear stage, written over the cells alone.
//!
//! By complementary slackness any one optimal dual describes every optimal answer: rows and bounds
//! that push are met, and each term lies on the piece of its curve that the dual names. The
//! auxiliaries are gone: what they measured is the distance of a form from its kink.

use super::proof::Dual;
use crate::formulate::{Column, Hinge, Linear, Part, Program, Row};
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
    for hinge in &linear.hinges {
        let met = !dual.rows[hinge.row].is_zero();
        let nothing = !dual.columns[hinge.column].is_zero();
        let beyond = met && !nothing;
        let short = nothing && !met;
        let kink = Some(hinge.kink.clone());
        let (lower, upper) = match (met && nothing, beyond == hinge.above) {
            (true, _) => (kink.clone(), kink),
            (false, true) if beyond || short => (kink, None),
            (false, false) if beyond || short => (None, kink),
            _ => continue,
        };
        restrict(&mut face, &hinge.parts, lower, upper);
    }
    let mut place = 0;
    face.curved.retain(|_| {
        place += 1;
        dual.rows[linear.curved[place - 1]].is_zero()
    });
    for row in linear.curved.iter().filter(|row| !dual.rows[**row].is_zero()) {
        face.rows.push(straightened(linear, dual, *row, program.columns.len()));
    }
    for row in &linear.largest {
        let largest = linear.rows[*row].terms.last().map(|(column, _)| *column);
        let terms = linear.rows[*row].terms.iter().filter(|(column, _)| Some(*column) != largest);
        let parts: Vec<Part> = terms.map(|(column, value)| single(*column, value)).collect();
        let bound = linear.rows[*row].upper.as_ref().map(|upper| upper + &dual.bound);
        let lower = if dual.rows[*row].is_zero() { None } else { bound.clone() };
        face.rows.push(Row { own: parts.len(), parts, lower, upper: bound });
    }
    face
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

/// A convex row that is met, with what its auxiliaries measure on the face put in their place.
fn straightened(linear: &Linear, dual: &Dual, row: usize, cells: usize) -> Row {
    let source = &linear.rows[row];
    let mut parts = Vec::new();
    let mut rest = source.upper.clone().unwrap_or_default();
    for (column, value) in &source.terms {
        if *column < cells {
            parts.push(single(*column, value));
            continue;
        }
        let hinge = linear.hinges.iter().find(|hinge| hinge.column == *column);
        let Some(hinge) = hinge.filter(|hinge: &&Hinge| !dual.rows[hinge.row].is_zero()) else {
            continue;
        };
        let sign = if hinge.above { value.clone() } else { -value };
        rest += &(&sign * &hinge.kink);
        parts.extend(hinge.parts.iter().map(|part| Part {
            coefficient: &sign * &part.coefficient,
            columns: part.columns.clone(),
        }));
    }
    Row { own: parts.len(), parts, lower: Some(rest.clone()), upper: Some(rest) }
}
