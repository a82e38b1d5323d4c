use std::sync::Arc;

use super::{Origin, Part, Parts};
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

/// A convex piecewise-linear function of one number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Curve {
    /// Where the slope changes, ascending.
    kinks: Vec<Amount>,
    /// The slope left of the first kink, between kinks, and right of the last; ascending.
    slopes: Vec<Amount>,
    /// What the straight line of each piece is worth at zero.
    rests: Vec<Amount>,
}

impl Curve {
    /// The curve with `slopes` between `kinks` through `anchor`.
    ///
    /// # Panics
    ///
    /// If there is not one slope more than kinks, or either does not ascend.
    pub fn new(kinks: Vec<Amount>, slopes: Vec<Amount>, anchor: (Amount, Amount)) -> Self {
        assert_eq!(slopes.len(), kinks.len() + 1, "one slope more than kinks");
        assert!(kinks.is_sorted() && slopes.is_sorted(), "a convex curve bends upwards only");
        // Lines of neighbouring pieces meet at the kink between them, from that of the anchor on.
        let (at, level) = anchor;
        let known = kinks.partition_point(|kink| *kink < at);
        let mut rests = vec![&level - &(&slopes[known] * &at); slopes.len()];
        let falls = |place: usize| &kinks[place] * &(&slopes[place + 1] - &slopes[place]);
        for place in known..kinks.len() {
            rests[place + 1] = &rests[place] - &falls(place);
        }
        for place in (0..known).rev() {
            rests[place] = &rests[place + 1] + &falls(place);
        }
        Self { kinks, slopes, rests }
    }

    /// The straight line `slope * t`.
    pub fn line(slope: Amount) -> Self {
        Self::new(Vec::new(), vec![slope], (Amount::ZERO, Amount::ZERO))
    }

    /// What it is given.
    pub fn identity() -> Self {
        Self::line(Amount::ONE)
    }

    /// The distance to the interval between two bounds, times `weight`.
    pub fn miss(least: Option<&Amount>, most: Option<&Amount>, weight: &Amount) -> Self {
        let mut kinks = Vec::new();
        let mut slopes = vec![Amount::ZERO];
        if let Some(least) = least {
            kinks.push(least.clone());
            slopes.insert(0, -weight);
        }
        if let Some(most) = most {
            kinks.push(most.clone());
            slopes.push(weight.clone());
        }
        let inside = least.or(most).cloned().unwrap_or_default();
        Self::new(kinks, slopes, (inside, Amount::ZERO))
    }

    /// The curve times `factor`, which is not below zero.
    #[must_use]
    pub fn times(&self, factor: &Amount) -> Self {
        Self {
            kinks: self.kinks.clone(),
            slopes: self.slopes.iter().map(|slope| slope * factor).collect(),
            rests: self.rests.iter().map(|rest| rest * factor).collect(),
        }
    }

    /// Where the slope changes, ascending.
    pub fn kinks(&self) -> &[Amount] {
        &self.kinks
    }

    /// The slopes between the kinks, ascending, one more than kinks.
    pub fn slopes(&self) -> &[Amount] {
        &self.slopes
    }

    /// The place of the slope nearest to zero: a term is written as this line and its bends.
    pub fn base(&self) -> usize {
        (0..self.slopes.len()).min_by_key(|piece| self.slopes[*piece].abs()).unwrap_or(0)
    }

    /// The slopes left and right of `t`; they differ at a kink.
    pub fn slopes_at(&self, t: &Amount) -> (&Amount, &Amount) {
        let (left, right) = self.pieces_at(t);
        (&self.slopes[left], &self.slopes[right])
    }

    /// The pieces left and right of `t`; they differ at a kink. Floats decide where they are clear.
    fn pieces_at(&self, t: &Amount) -> (usize, usize) {
        let near = t.to_f64();
        let against = |kink: &Amount| {
            let own = kink.to_f64();
            if (own - near).abs() > CLEAR * (own.abs() + near.abs()) {
                own.total_cmp(&near)
            } else {
                kink.cmp(t)
            }
        };
        let left = self.kinks.partition_point(|kink| against(kink).is_lt());
        let at = self.kinks[left..].partition_point(|kink| against(kink).is_eq());
        (left, left + at)
    }

    /// The piece that a number lies on, no nearer to a kink than the error of the float that it is near to.
    fn piece_near(&self, (near, error): (f64, f64)) -> Option<usize> {
        if !error.is_finite() {
            return None;
        }
        let mut piece = 0;
        for kink in &self.kinks {
            let own = kink.to_f64();
            if (own - near).abs() <= error + CLEAR * own.abs() {
                return None;
            }
            piece += usize::from(own < near);
        }
        Some(piece)
    }

    /// The kink that `t` is, where it is one.
    pub fn kink_at(&self, t: &Amount) -> Option<&Amount> {
        let (left, right) = self.pieces_at(t);
        self.kinks.get(left).filter(|_| left < right)
    }

    /// The value at `t`.
    pub fn value(&self, t: &Amount) -> Amount {
        let piece = self.pieces_at(t).0;
        &self.rests[piece] + &(&self.slopes[piece] * t)
    }

    /// What the straight line of a piece is worth at zero; pieces count as their slopes.
    pub(super) fn rest(&self, piece: usize) -> &Amount {
        &self.rests[piece]
    }
}

/// Floats this far apart, as a part of their sizes, are of numbers that are.
const CLEAR: f64 = 1e-14;

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
        if let Some(piece) = known.filter(|piece| self.curve.slopes[*piece].is_zero()) {
            return (self.curve.rest(piece), Amount::ZERO);
        }
        let form = self.form(near.amounts);
        let piece = known.unwrap_or_else(|| self.curve.pieces_at(&form).0);
        (self.curve.rest(piece), &self.curve.slopes[piece] * &form)
    }

    /// Whether the term is worth nothing where `near` is.
    pub fn is_nothing(&self, near: &Near<'_>) -> bool {
        let (rest, more) = self.parts_near(near);
        (rest + &more).is_zero()
    }

    /// The slopes left and right of where `near` is, with the form where they may differ.
    pub fn slopes_near(&self, near: &Near<'_>) -> ((&Amount, &Amount), Option<Amount>) {
        if let Some(piece) = self.piece_near(&near.floats) {
            let slope = &self.curve.slopes[piece];
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
        self.curve.piece_near((near, size * count * ROUNDING))
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

    #[test]
    fn a_miss_is_the_weighted_distance_to_the_interval() {
        let curve = Curve::miss(Some(&whole(10)), Some(&whole(20)), &whole(3));
        let at = |t: i64| curve.value(&whole(t));
        assert_eq!(
            [at(8), at(10), at(15), at(20), at(21)].map(|v| v.to_string()),
            ["6", "0", "0", "0", "3"]
        );
        assert_eq!(curve.slopes_at(&whole(10)), (&whole(-3), &Amount::ZERO));
    }

    #[test]
    fn a_line_with_bends_adds_its_pieces() {
        let slopes = vec![whole(-3), whole(-1), whole(0)];
        let curve = Curve::new(vec![whole(5), whole(9)], slopes, (Amount::ZERO, Amount::ZERO));
        let at = |t: i64| curve.value(&whole(t));
        assert_eq!(
            [at(0), at(5), at(7), at(9), at(50)].map(|v| v.to_string()),
            ["0", "-15", "-17", "-19", "-19"]
        );
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
}
