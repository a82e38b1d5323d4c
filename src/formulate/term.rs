use std::cmp::Ordering;
use std::sync::Arc;

use super::curve::CLEAR;
use super::{Curve, Origin, Part, Parts};
use crate::units::Amount;

/// A convex piecewise-linear function of a linear form over the columns.
///
/// The form may have convex terms of its own (the miss of a turnover is a function of distances);
/// then the function of it never falls, so that the whole is convex.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The linear form.
    pub parts: Parts,
    /// What is added to the linear form.
    pub inner: Vec<Self>,
    /// The function of its value.
    pub curve: Curve,
    /// The soft limit that it is the miss of, where it is one.
    pub origin: Option<Origin>,
}

/// What parts the places of terms from those of the terms inside them.
const INSIDE: usize = 1 << 24;

/// The place of a term inside the term of place `term`, among all terms of a sum.
pub fn inside(term: usize, inner: usize) -> usize {
    term + (inner + 1) * INSIDE
}

/// The place of a term, and its place inside that one where it is inside one.
pub fn apart(place: usize) -> (usize, Option<usize>) {
    (place % INSIDE, (place / INSIDE).checked_sub(1))
}

/// A convex row: the sum of its terms is at most a bound.
///
/// A turnover is one, and so is what a stage with a `loss` leaves to the stages after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Curved {
    /// What it stands for.
    pub origin: Origin,
    /// The terms.
    pub terms: Arc<[Term]>,
    /// The most that they may add up to.
    pub most: Amount,
}

impl Term {
    /// A function of a linear form.
    pub fn new(parts: impl Into<Parts>, curve: Curve) -> Self {
        Self { parts: parts.into(), inner: Vec::new(), curve, origin: None }
    }

    /// The sum of a linear form and convex terms.
    pub fn sum(parts: &Parts, inner: &[Self]) -> Arc<[Self]> {
        let straight = (!parts.is_empty()).then(|| Self::new(parts.clone(), Curve::identity()));
        straight.into_iter().chain(inner.iter().cloned()).collect()
    }

    /// The value of the form at `amounts`, one a column.
    pub fn form(&self, amounts: &[Amount]) -> Amount {
        let straight = self.parts.iter().map(|part| &part.coefficient * &part.total(amounts));
        straight.chain(self.inner.iter().map(|term| term.value(amounts))).sum()
    }

    /// Adds the parts of a line that supports the term at `amounts`, times `factor`; the constant
    /// of that line comes back. At a kink the slope further from zero is taken.
    fn support(&self, amounts: &[Amount], factor: &Amount, parts: &mut Vec<Part>) -> Amount {
        let (left, right) = self.curve.pieces_at(&self.form(amounts));
        let slopes = self.curve.slopes();
        let piece = if slopes[left].abs() > slopes[right].abs() { left } else { right };
        let mut constant = factor * self.curve.rest(piece);
        let slope = factor * &slopes[piece];
        if !slope.is_zero() {
            parts.extend(self.parts.iter().map(|part| part.times(&slope)));
            constant += &self.inner.iter().map(|term| term.support(amounts, &slope, parts)).sum();
        }
        constant
    }

    /// The slope of the line that supports the term at `amounts`; at a kink the one further from zero.
    fn steepest(&self, amounts: &[Amount]) -> Amount {
        let (left, right) = self.curve.slopes_at(&self.form(amounts));
        if left.abs() > right.abs() { left } else { right }.clone()
    }

    /// The value of the term at `amounts`.
    pub fn value(&self, amounts: &[Amount]) -> Amount {
        self.curve.value(&self.form(amounts))
    }

    /// The value of the term where `near` is, as that of its line at zero and what the form adds: that is
    /// not added up where the curve is clearly flat.
    fn parts_near(&self, near: &Near<'_>) -> (&Amount, Amount) {
        let known = self.piece_near(&near.floats);
        if let Some(piece) = known.filter(|piece| self.curve.slopes()[*piece].is_zero()) {
            return (self.curve.rest(piece), Amount::ZERO);
        }
        let form = self.form(near.amounts);
        let piece = known.unwrap_or_else(|| self.curve.pieces_at(&form).0);
        (self.curve.rest(piece), &self.curve.slopes()[piece] * &form)
    }

    /// Whether the term is worth nothing where `near` is.
    pub fn is_nothing(&self, near: &Near<'_>) -> bool {
        let (rest, more) = self.parts_near(near);
        (rest + &more).is_zero()
    }

    /// The slopes left and right of where `near` is, with the form where they may differ.
    pub fn slopes_near(&self, near: &Near<'_>) -> ((&Amount, &Amount), Option<Amount>) {
        if let Some(piece) = self.piece_near(&near.floats) {
            let slope = &self.curve.slopes()[piece];
            return ((slope, slope), None);
        }
        let form = self.form(near.amounts);
        (self.curve.slopes_at(&form), Some(form))
    }

    /// The piece of the curve that floats near to amounts tell.
    fn piece_near(&self, floats: &[f64]) -> Option<usize> {
        if !self.inner.is_empty() {
            return None;
        }
        self.curve.piece_near(self.form_near(floats))
    }

    /// The value of the term at amounts that floats are near to, and how far off it may be.
    fn value_near(&self, floats: &[f64]) -> (f64, f64) {
        self.curve.value_near(self.form_near(floats))
    }

    /// The value of the form at amounts that floats are near to, and how far off it may be.
    fn form_near(&self, floats: &[f64]) -> (f64, f64) {
        let (mut near, mut size, mut count) = (0.0, 0.0, 2.0);
        for part in &self.parts {
            let coefficient = part.coefficient.to_f64();
            for column in &part.columns {
                let term = coefficient * floats[*column as usize];
                near += term;
                size += term.abs();
                count += 1.0;
            }
        }
        let mut error = size * count * ROUNDING;
        for (value, off) in self.inner.iter().map(|term| term.value_near(floats)) {
            near += value;
            error += off + count * ROUNDING * (value.abs() + near.abs());
        }
        (near, error)
    }
}

/// Rounding of a sum of floats is below this times the sum of its terms' sizes and their number.
const ROUNDING: f64 = 4.0 * f64::EPSILON;

/// Amounts, one a column, with the floats that they are near to.
pub struct Near<'a> {
    /// The amounts.
    pub amounts: &'a [Amount],
    floats: Vec<f64>,
}

impl<'a> Near<'a> {
    /// Takes `amounts`.
    pub fn new(amounts: &'a [Amount]) -> Self {
        Self { amounts, floats: amounts.iter().map(Amount::to_f64).collect() }
    }

    /// The sum of terms there.
    pub fn total(&self, terms: &[Term]) -> Amount {
        let (mut rest, mut more) = (Amount::ZERO, Vec::new());
        for term in terms {
            let (own, lean) = term.parts_near(self);
            rest += own;
            more.push(lean);
        }
        &rest + &more.into_iter().sum()
    }

    /// How the sum of terms there compares with a number: floats tell where they are clear.
    pub fn against(&self, terms: &[Term], other: &Amount) -> Ordering {
        let (mut sum, mut off) = (0.0, 0.0);
        for (value, error) in terms.iter().map(|term| term.value_near(&self.floats)) {
            sum += value;
            off += error + CLEAR * (value.abs() + sum.abs());
        }
        let near = other.to_f64();
        if off.is_finite() && (sum - near).abs() > off + CLEAR * near.abs() {
            return sum.total_cmp(&near);
        }
        self.total(terms).cmp(other)
    }
}

impl Curved {
    /// The sum of the terms at `amounts`, one a column.
    pub fn value(&self, amounts: &[Amount]) -> Amount {
        Near::new(amounts).total(&self.terms)
    }

    /// The slope of each term, and of the terms inside it, in the row that supports the curve at `amounts`.
    pub fn slopes(&self, amounts: &[Amount]) -> Vec<(usize, Amount)> {
        let mut slopes = Vec::new();
        for (place, term) in self.terms.iter().enumerate() {
            let own = term.steepest(amounts);
            for (inner, term) in term.inner.iter().enumerate() {
                slopes.push((inside(place, inner), &own * &term.steepest(amounts)));
            }
            slopes.push((place, own));
        }
        slopes
    }

    /// The row that supports the curve at `amounts`: it holds wherever the curved row holds.
    ///
    /// Its own slice is all of it. At a kink the slope further from zero is taken.
    pub fn cut(&self, amounts: &[Amount]) -> super::Row {
        let mut parts = Vec::new();
        let one = Amount::ONE;
        let constants = self.terms.iter().map(|term| term.support(amounts, &one, &mut parts));
        let rest = &self.most - &constants.sum();
        super::Row { own: parts.len(), parts: parts.into(), lower: None, upper: Some(rest) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(value: i64) -> Amount {
        Amount::whole(value)
    }

    /// A hair is far below what floats tell: 3 times 10^-30 below the floor and above the ceiling.
    #[test]
    fn a_hair_beside_a_kink_counts() {
        let hair = &Amount::ONE / &Amount::from(num_bigint::BigInt::from(10).pow(30));
        let part = Part { coefficient: Amount::ONE, columns: vec![0] };
        let curve = Curve::miss(Some(&whole(10)), Some(&whole(20)), &whole(3));
        let term = Term::new(vec![part], curve);
        let missed = &hair * &whole(3);
        for (at, miss, (left, right)) in [
            (&whole(10) - &hair, missed.clone(), (-3, -3)),
            (whole(10), Amount::ZERO, (-3, 0)),
            (&whole(10) + &hair, Amount::ZERO, (0, 0)),
            (&whole(20) + &hair, missed.clone(), (3, 3)),
        ] {
            let amounts = [at];
            let near = Near::new(&amounts);
            assert_eq!(near.total(std::slice::from_ref(&term)), miss, "{}", amounts[0]);
            assert_eq!(term.slopes_near(&near).0, (&whole(left), &whole(right)), "{}", amounts[0]);
        }
    }

    /// 3 |x - 10| + 2 max(0, |x - 10| - 4) is at most 12 from 6 to 14, and a hair beyond is not.
    #[test]
    fn a_hair_above_a_bound_exceeds_it() {
        let hair = &Amount::ONE / &Amount::from(num_bigint::BigInt::from(10).pow(30));
        let apart = |weight: i64| {
            let part = Part { coefficient: Amount::ONE, columns: vec![0] };
            Term::new(vec![part], Curve::miss(Some(&whole(10)), Some(&whole(10)), &whole(weight)))
        };
        let beyond = Curve::miss(None, Some(&whole(4)), &whole(2));
        let nested = Term { inner: vec![apart(1)], ..Term::new(Vec::new(), beyond) };
        let origin = Origin::stage(&"a".into());
        let curved = Curved { origin, terms: [apart(3), nested].into(), most: whole(12) };
        for (at, exceeds) in [
            (whole(6), false),
            (&whole(6) - &hair, true),
            (whole(10), false),
            (&whole(14) - &hair, false),
            (whole(14), false),
            (&whole(14) + &hair, true),
            (whole(15), true),
            (whole(1_000_000), true),
        ] {
            let amounts = [at];
            let near = Near::new(&amounts);
            let told = near.against(&curved.terms, &curved.most).is_gt();
            assert_eq!(told, exceeds, "{}", amounts[0]);
            assert_eq!(curved.value(&amounts) > curved.most, exceeds, "{}", amounts[0]);
        }
    }
}
