//! Sums of curves at an answer, as the straight rows that they are there.

use super::face::{alone, tighten};
use super::ties::{Owner, Tie, Ties};
use crate::formulate::{Formulation, Near, Origin, Part, Row, Term, inside};
use crate::units::Amount;

/// The slope of a sum there as one row, and one row for each term that stands at a kink.
pub(crate) fn sum_rows(
    explained: &mut Formulation,
    ties: &mut Ties,
    (owner, of): (Owner, &Origin),
    terms: &[Term],
    near: &Near<'_>,
) {
    let mut line = Line::default();
    for (place, term) in terms.iter().enumerate() {
        slope(explained, ties, (of, owner, place), (term, &Amount::ONE), near, &mut line);
    }
    let Line { parts, slopes } = line;
    if !parts.is_empty() {
        let level: Amount =
            parts.iter().map(|part| &part.coefficient * &part.total(near.amounts)).sum();
        let own = parts.len();
        let row = Row { parts: parts.into(), own, lower: None, upper: Some(level) };
        explained.add(of.clone(), row);
        ties.rows.push(match owner {
            Owner::Nested => Tie::Untold,
            owner => Tie::Slope(owner, slopes),
        });
    }
}

/// A straight line: its parts, and the slope of each term that they are of.
#[derive(Default)]
struct Line {
    parts: Vec<Part>,
    slopes: Vec<(usize, Amount)>,
}

/// Adds the slope of a term there, times a factor, to `line`, and its kink as a row.
fn slope(
    explained: &mut Formulation,
    ties: &mut Ties,
    (of, owner, place): (&Origin, Owner, usize),
    (term, factor): (&Term, &Amount),
    near: &Near<'_>,
    line: &mut Line,
) {
    let ((left, right), form) = term.slopes_near(near);
    let nearer = if left.abs() < right.abs() { left } else { right };
    let straddles = left.is_negative() && right.is_positive();
    let times = factor * nearer;
    if !straddles && !times.is_zero() {
        line.parts.extend(term.parts.iter().map(|part| part.times(&times)));
        line.slopes.push((place, times.clone()));
        for (inner, own) in term.inner.iter().enumerate() {
            let at = (of, owner, inside(place, inner));
            slope(explained, ties, at, (own, &times), near, line);
        }
    }
    let Some(form) = form.filter(|_| left != right) else { return };
    let origin = term.origin.clone().unwrap_or_else(|| of.clone());
    if !term.inner.is_empty() {
        let terms = Term::sum(&term.parts, &term.inner);
        let owner = match owner {
            Owner::Stage(stage) if term.parts.is_empty() => Owner::Term(stage, place),
            _ => Owner::Nested,
        };
        sum_rows(explained, ties, (owner, &origin), &terms, near);
        return;
    }
    let kink = term.curve.kink_at(&form).cloned().or(Some(form));
    let (lower, upper) = match (straddles, nearer == left) {
        (true, _) => (kink.clone(), kink),
        (false, true) => (None, kink),
        (false, false) => (kink, None),
    };
    let tie = if owner == Owner::Nested { Tie::Untold } else { Tie::Kink(owner, place) };
    match alone(&term.parts) {
        Some(column) if term.origin.is_none() => {
            tighten(explained.column(column), ties, (column, &tie), (lower, upper));
        }
        _ => {
            let own = term.parts.len();
            explained.add(origin, Row { parts: term.parts.clone(), own, lower, upper });
            ties.rows.push(tie);
        }
    }
}
