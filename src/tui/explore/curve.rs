//! Totals along a value, straight between knots.

use super::{Series, sum};
use crate::tui::sweep::{Bends, Point};
use crate::units::Amount;

/// What is known of totals along a value.
#[derive(Debug, Clone, Default)]
pub(super) struct Curve {
    /// Runs of knots, ascending; between two runs there is no answer.
    pub(super) runs: Vec<Vec<Knot>>,
}

/// The totals at one value.
#[derive(Debug, Clone)]
pub(super) struct Knot {
    pub(super) at: Amount,
    pub(super) totals: Vec<Amount>,
}

impl Curve {
    /// The totals at solved points.
    pub(super) fn of_points(points: &[Point], series: &[Series]) -> Self {
        let runs = points.split(|point| point.amounts.is_none());
        let knot = |point: &Point| {
            let amounts = point.amounts.as_ref()?;
            let totals = series.iter().map(|own| sum(amounts, &own.cells)).collect();
            Some(Knot { at: point.value.clone(), totals })
        };
        let runs = runs.map(|run| run.iter().filter_map(knot).collect::<Vec<Knot>>());
        Self { runs: runs.filter(|run| !run.is_empty()).collect() }
    }

    /// The totals between bends.
    pub(super) fn of_bends(bends: &Bends) -> Self {
        let runs = bends.stretches.split(|own| own.clash.is_some());
        let runs = runs.map(|run| {
            let ends = |own: &crate::report::Stretch| {
                let width = &own.to - &own.from;
                let first = own.values.iter().map(|(at, _)| at.clone()).collect();
                let last = own.values.iter().map(|(at, slope)| at + &(slope * &width)).collect();
                let knot = |at: &Amount, totals| Knot { at: at.clone(), totals };
                [knot(&own.from, first), knot(&own.to, last)]
            };
            let mut knots: Vec<Knot> = run.iter().flat_map(ends).collect();
            knots.dedup_by(|a, b| a.at == b.at && a.totals == b.totals);
            knots
        });
        Self { runs: runs.filter(|run| !run.is_empty()).collect() }
    }

    /// The totals at a value; nothing where none are known there.
    pub(super) fn at(&self, value: &Amount) -> Option<Vec<Amount>> {
        let inside = |run: &&Vec<Knot>| {
            let ends = run.first().zip(run.last());
            ends.is_some_and(|(first, last)| first.at <= *value && *value <= last.at)
        };
        let run = self.runs.iter().find(inside)?;
        let after = run.iter().position(|knot| knot.at >= *value)?;
        let (next, before) = (&run[after], &run[after.saturating_sub(1)]);
        let width = &next.at - &before.at;
        if next.at == *value || width.is_zero() {
            return Some(next.totals.clone());
        }
        let part = &(value - &before.at) / &width;
        let pairs = before.totals.iter().zip(&next.totals);
        Some(pairs.map(|(from, to)| from + &(&(to - from) * &part)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Stretch;

    #[test]
    fn totals_lie_on_straight_lines_between_bends_and_nowhere_where_limits_clash() {
        let whole = Amount::whole;
        let stretch = |from: i64, to: i64, at: i64, slope: i64| Stretch {
            values: vec![(whole(at), whole(slope))],
            clash: None,
            ..Stretch::clash(&whole(from), &whole(to), "")
        };
        let stretches = vec![
            Stretch::clash(&whole(0), &whole(10), "a"),
            stretch(10, 20, 5, 1),
            stretch(20, 30, 15, 0),
        ];
        let curve = Curve::of_bends(&Bends { exact: true, stretches });
        let at = |value: i64| curve.at(&whole(value)).map(|totals| totals[0].clone());
        assert_eq!((at(9), at(31)), (None, None));
        assert_eq!([at(10), at(13), at(20), at(25)], [5, 8, 15, 15].map(|n| Some(whole(n))));
        assert_eq!(curve.runs.len(), 1);
        assert_eq!(curve.runs[0].len(), 3);
    }
}
