use std::cmp::Ordering;

use super::figure::flattest;
use super::point::ROUNDING;
use crate::units::Amount;

/// A convex function of one number with straight pieces:
/// `constant + slope * t + sum bend * max(0, t - kink)`, every bend above zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Curve {
    constant: Amount,
    slope: Amount,
    /// Where it bends upwards and by how much, ascending.
    bends: Vec<(Amount, Amount)>,
}

impl Curve {
    /// The straight line `slope * t`.
    pub(crate) fn line(slope: Amount) -> Self {
        Self { constant: Amount::ZERO, slope, bends: Vec::new() }
    }

    /// How far a number lies outside its bounds, times `weight`.
    pub(crate) fn miss(least: Option<&Amount>, most: Option<&Amount>, weight: &Amount) -> Self {
        let mut curve = Self::line(Amount::ZERO);
        if let Some(least) = least {
            curve.constant = weight * least;
            curve.slope = -weight;
            curve.bend(least.clone(), weight.clone());
        }
        if let Some(most) = most {
            curve.bend(most.clone(), weight.clone());
        }
        curve
    }

    /// Minus `weight` times what a total earns: up to each end its rate, from zero on.
    pub(crate) fn cost(pieces: &[(Option<Amount>, Amount)], weight: &Amount) -> Self {
        let rate = |place: usize| pieces.get(place).map(|(_, rate)| rate * weight);
        let mut curve = Self::line(-rate(0).unwrap_or_default());
        for (place, (end, _)) in pieces.iter().enumerate() {
            let falls = rate(place).unwrap_or_default() - rate(place + 1).unwrap_or_default();
            if let Some(end) = end {
                curve.bend(end.clone(), falls);
            }
        }
        curve.constant = -curve.value(&Amount::ZERO);
        curve
    }

    /// The curve times `factor`, which is not below zero.
    pub(crate) fn times(&self, factor: &Amount) -> Self {
        let bends = self.bends.iter().map(|(kink, by)| (kink.clone(), by * factor));
        Self {
            constant: &self.constant * factor,
            slope: &self.slope * factor,
            bends: bends.collect(),
        }
    }

    fn bend(&mut self, kink: Amount, by: Amount) {
        if !by.is_zero() {
            self.bends.push((kink, by));
        }
    }

    /// Where the curve bends upwards, ascending.
    pub fn kinks(&self) -> impl Iterator<Item = &Amount> {
        self.bends.iter().map(|(kink, _)| kink)
    }

    /// The value at `t`: that of the line of its piece, `constant + slope * t`.
    pub fn value(&self, t: &Amount) -> Amount {
        let (mut constant, mut slope) = (self.constant.clone(), self.slope.clone());
        for (kink, by) in self.bends.iter().take_while(|(kink, _)| kink < t) {
            constant -= &(by * kink);
            slope += by;
        }
        &constant + &(&slope * t)
    }

    /// The slopes left and right of `t`: they differ where the curve bends.
    pub fn slopes(&self, t: &Amount) -> (Amount, Amount) {
        let (mut left, mut right) = (self.slope.clone(), self.slope.clone());
        for (kink, by) in &self.bends {
            match kink.cmp(t) {
                Ordering::Less => left += by,
                Ordering::Equal => {}
                Ordering::Greater => break,
            }
            right += by;
        }
        (left, right)
    }

    /// The slope at `t` that is nearest to zero.
    pub fn flattest(&self, t: &Amount) -> Amount {
        let (left, right) = self.slopes(t);
        flattest((&left, &right))
    }

    /// The line of the piece that a number lies on, as its value at zero and its slope, where a float and
    /// a bound on its error tell which piece that is.
    pub(crate) fn line_near(&self, (near, error): (f64, f64)) -> Option<(Amount, Amount)> {
        if !error.is_finite() {
            return None;
        }
        let (mut constant, mut slope) = (self.constant.clone(), self.slope.clone());
        for (kink, by) in &self.bends {
            let own = kink.to_f64();
            if (own - near).abs() <= error + ROUNDING * own.abs() {
                return None;
            }
            if own > near {
                break;
            }
            constant -= &(by * kink);
            slope += by;
        }
        Some((constant, slope))
    }

    /// The most that `slope * t` exceeds the curve by, over all `t` (Fenchel 1949); `None` where
    /// there is no most: no tangent has that slope.
    pub(crate) fn conjugate(&self, slope: &Amount) -> Option<Amount> {
        let mut reached = self.slope.clone();
        if slope == &reached && self.bends.is_empty() {
            return Some(-&self.constant);
        }
        for (kink, by) in &self.bends {
            let next = &reached + by;
            if *slope >= reached && *slope <= next {
                return Some(&(slope * kink) - &self.value(kink));
            }
            reached = next;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(value: i64) -> Amount {
        Amount::whole(value)
    }

    #[test]
    fn a_miss_is_nothing_between_its_bounds() {
        let curve = Curve::miss(Some(&whole(10)), Some(&whole(20)), &whole(3));
        let values = [8, 10, 15, 20, 21].map(|t| curve.value(&whole(t)));
        assert_eq!(values, [6, 0, 0, 0, 3].map(whole));
        assert_eq!(curve.slopes(&whole(10)), (whole(-3), whole(0)));
        assert_eq!(curve.slopes(&whole(20)), (whole(0), whole(3)));
        assert_eq!(curve.flattest(&whole(7)), whole(-3));
    }

    #[test]
    fn what_is_earned_rises_less_and_less() {
        let pieces = [(Some(whole(5)), whole(3)), (Some(whole(9)), whole(1))];
        let curve = Curve::cost(&pieces, &whole(1));
        let values = [0, 5, 7, 9, 50].map(|t| curve.value(&whole(t)));
        assert_eq!(values, [0, -15, -17, -19, -19].map(whole));
    }

    /// The tangent of slope -2 touches at 5: `-2 * 5 - (-15) = 5`.
    #[test]
    fn a_tangent_lies_below_the_curve() {
        let pieces = [(Some(whole(5)), whole(3)), (Some(whole(9)), whole(1))];
        let curve = Curve::cost(&pieces, &whole(1));
        assert_eq!(curve.conjugate(&whole(-2)), Some(whole(5)));
        assert_eq!(curve.conjugate(&whole(-4)), None);
        assert_eq!(Curve::line(whole(2)).conjugate(&whole(2)), Some(whole(0)));
    }
}
