//! A value of the plan that is walked through, while everything else stays as it is.

use std::sync::Arc;

use crate::report::Stretch;
use crate::scenario::{Amendment, Level};
use crate::units::Amount;

/// A walk along one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sweep {
    /// Its dotted key: `driver.contributory-unit.value`.
    pub target: String,
    /// Whether files write it in percent.
    pub share: bool,
    /// The values, ascending, in the unit of the file; shares as shares.
    pub values: Vec<Amount>,
}

/// What was found at one value.
#[derive(Debug, Clone)]
pub struct Point {
    /// The value.
    pub value: Amount,
    /// The published amount of each cell, in plan units; nothing where it cannot be done.
    pub amounts: Option<Arc<[Amount]>>,
    /// The limits that bind there, by title.
    pub binding: Vec<String>,
}

/// Where totals bend along a value: each stretch in the unit of the walk.
#[derive(Debug, Clone)]
pub struct Bends {
    /// Between two bends every total is a straight line, proven.
    pub exact: bool,
    /// From the least value to the greatest.
    pub stretches: Vec<Stretch>,
}

/// A value at which totals bend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bend {
    /// The value.
    pub at: Amount,
    /// What takes over there, in words.
    pub words: String,
}

impl Bends {
    /// The bends between the ends, ascending, named by what begins or ceases to bind.
    pub fn list(&self) -> Vec<Bend> {
        let pairs = self.stretches.windows(2);
        let bend = |pair: &[Stretch]| {
            let (before, own) = (&pair[0], &pair[1]);
            let words = match (&before.clash, &own.clash) {
                (_, Some(names)) => format!("from here up limits clash: {names}"),
                (Some(names), None) => format!("up to here limits clash: {names}"),
                (None, None) => turn(own),
            };
            Bend { at: own.from.clone(), words }
        };
        if self.exact { pairs.map(bend).collect() } else { Vec::new() }
    }
}

/// What begins and what ceases to bind where a stretch begins.
fn turn(own: &Stretch) -> String {
    let parts = [("binds from here up", &own.begins), ("binds up to here", &own.ceases)];
    let parts = parts.into_iter().filter(|(_, names)| !names.is_empty());
    let parts: Vec<String> =
        parts.map(|(word, names)| format!("{} {word}", names.join("; "))).collect();
    if parts.is_empty() { "the totals bend".into() } else { parts.join(" · ") }
}

/// How many points stand on each side of where the value is.
pub const SIDE: i64 = 10;

impl Sweep {
    /// A walk over `SIDE` round steps each way, together about the share `span` of the value.
    pub fn around(target: &str, share: bool, now: &Amount, span: &Amount) -> Self {
        let wide = &now.abs() * span;
        let wide = if wide.is_zero() { Amount::whole(1000) } else { wide };
        let step = round(&(&wide / &Amount::whole(SIDE)));
        let all = (-SIDE..=SIDE).map(|place| now + &(&step * &Amount::whole(place)));
        let values = all.filter(|value| now.is_negative() || !value.is_negative()).collect();
        Self { target: target.into(), share, values }
    }

    /// The edit that goes to a value.
    pub fn edit(&self, value: &Amount) -> Amendment {
        let to = if self.share {
            let text = (value * &Amount::whole(100)).to_decimal(6);
            let text = text.trim_end_matches('0').trim_end_matches('.');
            Level::Words(format!("{text}%"))
        } else {
            Level::Number(value.clone())
        };
        Amendment::Set { target: self.target.clone(), to }
    }

    /// The least and the greatest value as files write them: shares in percent points.
    pub fn ends(&self) -> Option<(Amount, Amount)> {
        let (first, last) = (self.values.first()?, self.values.last()?);
        Some((first * &self.points(), last * &self.points()))
    }

    /// A stretch between values as files write them, in the unit of the walk.
    pub fn inward(&self, own: Stretch) -> Stretch {
        let points = self.points();
        let values = own.values.into_iter();
        Stretch {
            from: &own.from / &points,
            to: &own.to / &points,
            values: values.map(|(at, slope)| (at, &slope * &points)).collect(),
            ..own
        }
    }

    /// How many of what files write make one.
    fn points(&self) -> Amount {
        Amount::whole(if self.share { 100 } else { 1 })
    }

    /// The place of the value that is solved next: those in the middle first.
    pub fn next(&self, found: &[Point]) -> Option<usize> {
        let middle = self.values.len() / 2;
        let open = |place: &usize| found.iter().all(|point| point.value != self.values[*place]);
        (0..self.values.len()).filter(open).min_by_key(|place| place.abs_diff(middle))
    }
}

/// The largest of 1, 2 and 5 times a power of ten that is not above `wide`, which is above zero.
fn round(wide: &Amount) -> Amount {
    let ten = Amount::whole(10);
    let mut unit = Amount::ONE;
    while &unit * &ten <= *wide {
        unit = &unit * &ten;
    }
    while unit > *wide {
        unit = &unit / &ten;
    }
    let times = |n: i64| &unit * &Amount::whole(n);
    [5, 2].into_iter().map(times).find(|step| step <= wide).unwrap_or(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_stand_on_both_sides_of_where_the_value_is() {
        // A tenth of 318 000 in ten steps is 3 180 each: 2 000 is the next round one.
        let walk =
            Sweep::around("driver.unit", false, &Amount::whole(318_000), &Amount::ratio(1, 10));
        assert_eq!(walk.values.len(), 21);
        assert_eq!(walk.values[0], Amount::whole(298_000));
        assert_eq!(walk.values[11], Amount::whole(320_000));
        // Half of 36 % in ten steps is 1.8 points each: 1 point is the next round one.
        let walk =
            Sweep::around("limit.a.max", true, &Amount::ratio(36, 100), &Amount::ratio(1, 2));
        assert_eq!(walk.values[12], Amount::ratio(38, 100));
        assert!(matches!(walk.edit(&Amount::ratio(345, 1000)),
            Amendment::Set { to: Level::Words(text), .. } if text == "34.5%"));
        // Nothing that is not below zero is walked below it.
        let walk = Sweep::around("limit.a.max", false, &Amount::ZERO, &Amount::ONE);
        assert_eq!(walk.values[0], Amount::ZERO);
    }

    #[test]
    fn the_middle_is_solved_first() {
        let walk = Sweep::around("driver.unit", false, &Amount::whole(100), &Amount::ratio(1, 10));
        assert_eq!(walk.next(&[]), Some(10));
        let point = Point { value: Amount::whole(100), amounts: None, binding: Vec::new() };
        assert_eq!(walk.next(&[point]), Some(9));
    }
}
