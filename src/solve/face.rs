//! The optimal face of a linear stage, written over the cells alone.
//!
//! By complementary slackness any one optimal dual describes every optimal answer: rows and bounds
//! that push are met, and each term lies on the piece of its curve that the dual names. The
//! auxiliaries are gone: what they measured is the distance of a form from its kink.

use std::collections::HashMap;

use super::proof::Dual;
use super::ties::{Owner, Tie, Ties};
use crate::formulate::{Column, Curved, Hinge, Linear, Part, Parts, Program, Row, Term, inside};
use crate::units::Amount;

/// What the kinks and forms of a programme stand for.
pub(crate) struct Stands<'a> {
    /// For each kink, the sum that it is of, and the term of it; nothing for one inside another.
    pub(crate) kinks: &'a [Option<(Owner, usize)>],
    /// The stage.
    pub(crate) stage: usize,
    /// For each form of a largest-of objective, its place in the stage.
    pub(crate) forms: &'a [usize],
}

/// The answers of `program` that are optimal for `linear`, by its `dual`. What the new rows and
/// bounds stand for is added to `ties`.
pub(crate) fn face(
    program: &Program,
    linear: &Linear,
    dual: &Dual,
    ties: &mut Ties,
    stands: &Stands,
) -> Program {
    let mut face = program.clone();
    for (row, multiplier) in face.rows.iter_mut().zip(&dual.rows) {
        if multiplier.is_positive() {
            row.upper.clone_from(&row.lower);
        } else if multiplier.is_negative() {
            row.lower.clone_from(&row.upper);
        }
    }
    for (place, (column, reduced)) in face.columns.iter_mut().zip(&dual.columns).enumerate() {
        meet(column, ties, (place, reduced));
    }
    let slack = |place: usize| dual.rows[linear.curved[place]].is_zero();
    let straight = Straight { linear, dual, cells: program.columns.len() };
    for (place, row) in linear.curved.iter().enumerate().filter(|(place, _)| !slack(*place)) {
        face.rows.push(straight.row(*row, None, &Amount::ZERO, true));
        let (owner, curved) = (ties.curved[place], &program.curved[place]);
        ties.rows.push(match owner {
            Owner::Nested => Tie::Untold,
            owner => Tie::Slope(owner, slopes(curved, linear, dual, owner, stands)),
        });
    }
    let left = (0..linear.curved.len()).filter(|place| slack(*place));
    (face.curved, ties.curved) =
        left.map(|place| (program.curved[place].clone(), ties.curved[place])).unzip();
    for (hinge, stand) in linear.hinges.iter().zip(stands.kinks) {
        let tie = stand.map_or(Tie::Untold, |(owner, term)| Tie::Kink(owner, term));
        kept_to(&mut face, ties, &tie, hinge, (&straight, stands));
    }
    for (row, form) in linear.largest.iter().zip(stands.forms) {
        straight.at_most(&mut face, ties, *row, (&dual.bound, *form, stands));
    }
    face
}

/// Keeps a form to the side of its kink that the dual names.
fn kept_to(
    face: &mut Program,
    ties: &mut Ties,
    tie: &Tie,
    hinge: &Hinge,
    (straight, stands): (&Straight<'_>, &Stands),
) {
    let met = !straight.dual.rows[hinge.row].is_zero();
    let nothing = !straight.dual.columns[hinge.column].is_zero();
    if !met && !nothing {
        return;
    }
    if let Some(bent) = straight.linear.bent.get(&hinge.row) {
        // The form is told where nothing but other terms is in it.
        let told = hinge.parts.is_empty();
        if met {
            let row = straight.row(hinge.row, Some(hinge.column), &Amount::ZERO, nothing);
            face.rows.push(row);
            ties.rows.push(match tie {
                Tie::Kink(owner, term) if told => {
                    let Straight { linear, dual, .. } = straight;
                    let of = |inner| (*owner, inside(*term, inner));
                    let mut slopes = local(&bent.terms, &of, (linear, dual), stands);
                    slopes.push((*term, Amount::ONE));
                    Tie::Bent(*owner, slopes)
                }
                _ => Tie::Untold,
            });
        } else {
            face.curved.push(bent.clone());
            ties.curved.push(match tie {
                Tie::Kink(Owner::Stage(stage), term) if told => Owner::Term(*stage, *term),
                _ => Owner::Nested,
            });
        }
        return;
    }
    let kink = Some(hinge.kink.clone());
    let (lower, upper) = match (met && nothing, met == hinge.above) {
        (true, _) => (kink.clone(), kink),
        (false, true) => (kink, None),
        (false, false) => (None, kink),
    };
    restrict(face, ties, tie, &hinge.parts, (lower, upper));
}

/// Keeps a column at the bound that its reduced cost pushes it against.
pub(crate) fn meet(column: &mut Column, ties: &mut Ties, (place, reduced): (usize, &Amount)) {
    // Bounds that crossed on the way show that a dual was not optimal: they are left to show it.
    let ends = column.lower.as_ref().zip(column.upper.as_ref());
    if ends.is_some_and(|(lower, upper)| lower > upper) {
        return;
    }
    if reduced.is_positive() {
        column.upper.clone_from(&column.lower);
        same(&ties.lower, &mut ties.upper, place);
    } else if reduced.is_negative() {
        column.lower.clone_from(&column.upper);
        same(&ties.upper, &mut ties.lower, place);
    }
}

/// A bound that is moved to the other one stands for the same.
fn same(from: &HashMap<usize, Tie>, to: &mut HashMap<usize, Tie>, place: usize) {
    match from.get(&place) {
        Some(tie) => to.insert(place, tie.clone()),
        None => to.remove(&place),
    };
}

/// The slope of each term of a convex row that is met, and of those inside them, on the piece that the
/// dual names.
fn slopes(
    curved: &Curved,
    linear: &Linear,
    dual: &Dual,
    owner: Owner,
    stands: &Stands,
) -> Vec<(usize, Amount)> {
    let of = |term| (owner, term);
    let mut slopes = local(&curved.terms, &of, (linear, dual), stands);
    for (place, term) in curved.terms.iter().enumerate() {
        let of = |inner| (owner, inside(place, inner));
        let within = local(&term.inner, &of, (linear, dual), stands);
        let own = slopes[place].1.clone();
        slopes.extend(within.into_iter().map(|(term, slope)| (term, &own * &slope)));
    }
    slopes
}

/// The slope of each of `terms` by itself, on the piece that the dual names; `of` gives the sum that a
/// term is of, and its place there.
fn local(
    terms: &[Term],
    of: &dyn Fn(usize) -> (Owner, usize),
    (linear, dual): (&Linear, &Dual),
    stands: &Stands,
) -> Vec<(usize, Amount)> {
    let slope = |(place, term): (usize, &Term)| {
        let (owner, own) = of(place);
        let mut slope = term.curve.slopes()[term.curve.base()].clone();
        for (hinge, stand) in linear.hinges.iter().zip(stands.kinks) {
            if *stand == Some((owner, own)) && !dual.rows[hinge.row].is_zero() {
                slope += &hinge.bend;
            }
        }
        (own, slope)
    };
    terms.iter().enumerate().map(slope).collect()
}

fn single(column: usize, value: &Amount) -> Part {
    let column = u32::try_from(column).unwrap_or(u32::MAX);
    Part { coefficient: value.clone(), columns: vec![column] }
}

/// Adds a row, or tightens the bounds of a column where the form is that column alone.
pub(crate) fn restrict(
    program: &mut Program,
    ties: &mut Ties,
    tie: &Tie,
    parts: &Parts,
    (lower, upper): (Option<Amount>, Option<Amount>),
) {
    if let Some(column) = alone(parts) {
        tighten(&mut program.columns[column], ties, (column, tie), (lower, upper));
        return;
    }
    program.rows.push(Row { parts: parts.clone(), own: parts.len(), lower, upper });
    ties.rows.push(tie.clone());
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

/// Tightens the bounds of a column; those that move stand for the tie.
pub(crate) fn tighten(
    column: &mut Column,
    ties: &mut Ties,
    (place, tie): (usize, &Tie),
    (lower, upper): (Option<Amount>, Option<Amount>),
) {
    if let Some(lower) = lower
        && column.lower.as_ref().is_none_or(|own| *own < lower)
    {
        column.lower = Some(lower);
        ties.lower.insert(place, tie.clone());
    }
    if let Some(upper) = upper
        && column.upper.as_ref().is_none_or(|own| *own > upper)
    {
        column.upper = Some(upper);
        ties.upper.insert(place, tie.clone());
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
        Row { own: parts.len(), parts: parts.into(), lower: Some(rest), upper }
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
        for (column, value) in &*self.linear.rows[row].terms {
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
    fn at_most(
        &self,
        face: &mut Program,
        ties: &mut Ties,
        row: usize,
        (most, form, stands): (&Amount, usize, &Stands),
    ) {
        let costs = &self.linear.columns;
        let mut terms = self.linear.rows[row].terms.iter().map(|(column, _)| *column);
        let largest = terms.find(|column| !costs[*column].cost.is_zero());
        let pushes = !self.dual.rows[row].is_zero();
        let owner = Owner::Form(stands.stage, form);
        // A form is told where nothing but bent terms is in it.
        let bends = |bent: &Curved| bent.terms.iter().all(|term| !term.curve.kinks().is_empty());
        match self.linear.bent.get(&row) {
            Some(bent) if !pushes => {
                face.curved.push(Curved { most: &bent.most + most, ..bent.clone() });
                ties.curved.push(if bends(bent) { owner } else { Owner::Nested });
            }
            bent => {
                let of = |term| (owner, term);
                ties.rows.push(match bent {
                    Some(bent) if bends(bent) => {
                        let slopes = local(&bent.terms, &of, (self.linear, self.dual), stands);
                        Tie::Slope(owner, slopes)
                    }
                    Some(_) => Tie::Untold,
                    None => Tie::Form(stands.stage, form),
                });
                let exactly = self.row(row, largest, most, true);
                let lower = exactly.lower.filter(|_| pushes);
                face.rows.push(Row { lower, ..exactly });
            }
        }
    }
}
