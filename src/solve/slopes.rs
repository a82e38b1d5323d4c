//! Sums of curves at an answer, as the straight rows that they are there.

use super::face::{alone, tighten};
use super::ties::{Owner, Tie, Ties};
use crate::formulate::{Formulation, Origin, Part, Row, Term};
use crate::units::Amount;

/// The slope of a sum at `amounts` as one row, and one row for each term that stands at a kink.
pub(crate) fn sum_rows(
    explained: &mut Formulation,
    ties: &mut Ties,
    (owner, of): (Owner, &Origin),
    terms: &[Term],
    amounts: &[Amount],
) {
    let mut parts: Vec<Part> = Vec::new();
    let mut slopes = vec![Amount::ZERO; terms.len()];
    let mut told = owner != Owner::Nested;
    for (place, term) in terms.iter().enumerate() {
        let count = parts.len();
        let tie = if told { Tie::Kink(owner, place) } else { Tie::Untold };
        slope(explained, ties, (of, &tie), (term, &Amount::ONE), amounts, &mut parts);
        if parts.len() > count {
            let (left, right) = term.curve.slopes_at(&term.form(amounts));
            slopes[place] = if left.abs() < right.abs() { left } else { right }.clone();
            told &= term.inner.is_empty();
        }
    }
    if !parts.is_empty() {
        let level: Amount = parts.iter().map(|part| &part.coefficient * &part.total(amounts)).sum();
        let own = parts.len();
        let row = Row { parts, own, lower: None, upper: Some(level) };
        explained.add(of.clone(), row);
        ties.rows.push(if told { Tie::Slope(owner, slopes) } else { Tie::Untold });
    }
}

/// Adds the slope of a term at `amounts`, times a factor, to `parts`, and its kink as a row.
fn slope(
    explained: &mut Formulation,
    ties: &mut Ties,
    (of, tie): (&Origin, &Tie),
    (term, factor): (&Term, &Amount),
    amounts: &[Amount],
    parts: &mut Vec<Part>,
) {
    let form = term.form(amounts);
    let (left, right) = term.curve.slopes_at(&form);
    let nearer = if left.abs() < right.abs() { left } else { right };
    let straddles = left.is_negative() && right.is_positive();
    let times = factor * nearer;
    if !straddles && !times.is_zero() {
        parts.extend(term.parts.iter().map(|part| part.times(&times)));
        for inner in &term.inner {
            slope(explained, ties, (of, &Tie::Untold), (inner, &times), amounts, parts);
        }
    }
    if left == right {
        return;
    }
    let origin = term.origin.clone().unwrap_or_else(|| of.clone());
    if !term.inner.is_empty() {
        let terms = Term::sum(&term.parts, &term.inner);
        sum_rows(explained, ties, (Owner::Nested, &origin), &terms, amounts);
        return;
    }
    let kink = term.curve.kink_at(&form).cloned().or(Some(form));
    let (lower, upper) = match (straddles, nearer == left) {
        (true, _) => (kink.clone(), kink),
        (false, true) => (None, kink),
        (false, false) => (kink, None),
    };
    match alone(&term.parts) {
        Some(column) if term.origin.is_none() => {
            tighten(explained.column(column), ties, (column, tie), (lower, upper));
        }
        _ => {
            let own = term.parts.len();
            explained.add(origin, Row { parts: term.parts.clone(), own, lower, upper });
            ties.rows.push(tie.clone());
        }
    }
}
