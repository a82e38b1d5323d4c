//! Convex piecewise-linear functions of one number.

use crate::units::Amount;

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
    pub(super) fn pieces_at(&self, t: &Amount) -> (usize, usize) {
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
    pub(super) fn piece_near(&self, (near, error): (f64, f64)) -> Option<usize> {
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

    /// The value at a number that a float is near to, as a float and how far off it may be.
    pub(super) fn value_near(&self, (near, error): (f64, f64)) -> (f64, f64) {
        let piece = self.kinks.partition_point(|kink| kink.to_f64() < near);
        let (slope, rest) = (self.slopes[piece].to_f64(), self.rests[piece].to_f64());
        // Slopes ascend: the steepest is the first or the last. On the wrong side of a kink the line is as
        // far off as that lets it be.
        let ends = self.slopes.first().zip(self.slopes.last());
        let steepest = ends.map_or(0.0, |(a, b)| a.to_f64().abs().max(b.to_f64().abs()));
        let size = rest.abs() + (slope * near).abs();
        (rest + slope * near, 2.0 * steepest * error + CLEAR * size)
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
    pub fn rest(&self, piece: usize) -> &Amount {
        &self.rests[piece]
    }
}

/// Floats this far apart, as a part of their sizes, are of numbers that are.
pub(super) const CLEAR: f64 = 1e-14;

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
}
