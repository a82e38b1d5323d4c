//! A proof that limits clash, from the linear programme that misses them by as little as can be.
//!
//! Its exact dual is the proof: what no amounts within the bounds of the columns can miss by less. The
//! method that decides in rationals would find one too, but over hundreds of limits it takes its time.

use super::Farkas;
use super::curved::{Cut, Nowhere};
use super::live::Start;
use super::proof::Dual;
use super::stages::proposed;
use super::trust::Source;
use crate::formulate::{Curve, Curved, Hinge, Linear, Objective, Program, Row, Term};
use crate::units::Amount;

/// A proof that the rows of `program` clash, over its straight rows and then a support of each convex one
/// that pushes; `None` says nothing about them.
pub(super) fn clash(program: &Program) -> Option<Nowhere> {
    let bounded = |row: &Row| row.lower.is_some() || row.upper.is_some();
    let rows = || program.rows.iter().enumerate().filter(|(_, row)| bounded(row));
    let terms = rows().map(|(_, row)| {
        let miss = Curve::miss(row.lower.as_ref(), row.upper.as_ref(), &Amount::ONE);
        Term::new(row.parts.clone(), miss)
    });
    let (columns, curved) = (program.columns.clone(), program.curved.clone());
    let bare = Program { columns, rows: Vec::new(), curved };
    let linear = Linear::new(&bare, &Objective::Sum(terms.collect()));
    let dual = proposed(&linear, Source::Solver(None), Start::Cold).ok()?;
    if !dual.bound.is_positive() {
        return None;
    }
    let mut farkas = Farkas { rows: Vec::new(), columns: Vec::new() };
    let mut hinges = linear.hinges.iter();
    let mut cuts = Vec::new();
    let mut pushing = Vec::new();
    for (place, curved) in program.curved.iter().enumerate() {
        let multiplier = &dual.rows[linear.curved[place]];
        let cut = support((place, curved), multiplier, &dual, &mut hinges)?;
        if !multiplier.is_zero() {
            pushing.push((program.rows.len() + cuts.len(), multiplier.clone()));
            cuts.push(cut);
        }
    }
    // Every bound of a row has a hinge, in their order.
    for (place, row) in rows() {
        let sides = usize::from(row.lower.is_some()) + usize::from(row.upper.is_some());
        let own = hinges.by_ref().take(sides).map(|hinge| &dual.rows[hinge.row]);
        let multiplier: Amount = own.sum();
        if !multiplier.is_zero() {
            farkas.rows.push((place, multiplier));
        }
    }
    farkas.rows.extend(pushing);
    let reduced = dual.columns.into_iter().take(bare.columns.len()).enumerate();
    farkas.columns = reduced.filter(|(_, multiplier)| !multiplier.is_zero()).collect();
    let mut whole = Program { curved: Vec::new(), ..program.clone() };
    whole.rows.extend(cuts.iter().map(|cut| cut.row.clone()));
    farkas.proves(&whole).then_some((farkas, cuts))
}

/// The row that supports a convex one by the slopes that the dual gives its terms: `y` times the slope of the base,
/// and what the rows of its kinks push. It takes their hinges, which come in their order; `None` where terms have
/// terms of their own.
fn support<'h>(
    (place, curved): (usize, &Curved),
    y: &Amount,
    dual: &Dual,
    hinges: &mut impl Iterator<Item = &'h Hinge>,
) -> Option<Cut> {
    let (mut parts, mut slopes, mut rest) = (Vec::new(), Vec::new(), curved.most.clone());
    for (at, term) in curved.terms.iter().enumerate() {
        if !term.inner.is_empty() {
            return None;
        }
        let (base, own) = (term.curve.base(), term.curve.slopes());
        let mut slope = own[base].clone();
        rest -= term.curve.rest(base);
        for (piece, kink) in term.curve.kinks().iter().enumerate() {
            if own[piece] == own[piece + 1] {
                continue;
            }
            let hinge = hinges.next()?;
            if !y.is_zero() {
                let more = &dual.rows[hinge.row] / y;
                rest += &(&more * kink);
                slope += &more;
            }
        }
        if !slope.is_zero() {
            parts.extend(term.parts.iter().map(|part| part.times(&slope)));
        }
        slopes.push((at, slope));
    }
    let row = Row { own: parts.len(), parts: parts.into(), lower: None, upper: Some(rest) };
    Some(Cut { curved: place, origin: curved.origin.clone(), row, slopes })
}
