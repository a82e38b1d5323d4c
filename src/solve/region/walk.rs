//! From one working set to the next: what a straight walk through the inputs meets on its way.

use super::frame::Frame;
use super::line::{Line, Point, Step};
use super::patch::{Event, Patch};
use crate::solve::problem::ActiveSet;
use crate::units::Amount;

/// How far beyond a bend the next map is looked for, as a part of the walk.
const BEYOND: f64 = 1e-6;
/// Bends nearer to each other than this part of the walk are crossed at once.
const TOGETHER: f64 = 1e-12;

/// Where a straight walk leaves a patch.
pub struct Bend {
    /// The part of the walk that is behind.
    pub part: f64,
    /// A point a hair beyond.
    pub beyond: Point,
    /// What the amounts lean on there.
    active: ActiveSet,
    events: Vec<Event>,
}

impl Bend {
    /// Whether two walks leave a patch by the same rows and bounds.
    pub fn is_same(&self, other: &Self) -> bool {
        self.events == other.events
    }
}

impl Frame {
    /// Where the walk from `start` straight to `end` leaves a patch that it is on after its part
    /// `since`: the working set takes or leaves the row or the bound that the bend is named by
    /// (Best 1996, the parametric active-set method). `None` where a convex row is met, or the
    /// patch is not left.
    pub fn bend(&self, patch: &Patch, (start, end): (&Point, &Point), since: f64) -> Option<Bend> {
        let (part, events) = patch.next(&self.step(start), &self.step(end), since)?;
        let active = patch.crossed(&events)?;
        let beyond = start.toward(end, part + BEYOND * (1.0 - part))?;
        let events = events.into_iter().cloned().collect();
        Some(Bend { part, beyond, active, events })
    }

    /// The patch of a face beyond the bend where another ends; `None` where rows come to depend on each other, or there
    /// is no answer.
    pub fn beyond(&self, face: usize, from: &Patch, bend: &Bend) -> Option<Patch> {
        self.patch(face, (&bend.active, Some(from)), &bend.beyond)
    }
}

impl Frame {
    /// Between which values of `t` the patches are the optimum on the line from `origin` to `next`
    /// and beyond, where `t` is zero at the one and one at the other; exact.
    pub fn ends<'a>(
        &self,
        patches: impl Iterator<Item = &'a Patch>,
        origin: &Point,
        next: &Point,
    ) -> (Option<Amount>, Option<Amount>) {
        let (origin, next) = (self.step(origin), self.step(next));
        let (mut low, mut high) = (End::new(-1.0), End::new(1.0));
        for patch in patches {
            patch.ends((&origin, &next), &mut low, &mut high);
        }
        for line in self.signs() {
            low.bound(line, (&origin, &next));
            high.bound(line, (&origin, &next));
        }
        (low.at, high.at)
    }
}

impl Patch {
    /// The first bend of the walk from `origin` to `target` after its part `since`, and what happens
    /// there.
    fn next(&self, origin: &Step<'_>, target: &Step<'_>, since: f64) -> Option<(f64, Vec<&Event>)> {
        let mut found: Vec<(f64, usize)> = Vec::new();
        let mut least = f64::INFINITY;
        for place in 0..self.checks.len() {
            let (end, off) = self.checks.value(place, target);
            if end > off {
                continue;
            }
            let (start, _) = self.checks.value(place, origin);
            if start <= end {
                continue;
            }
            let part = (start / (start - end)).max(since);
            if part <= least + TOGETHER {
                found.push((part, place));
                least = least.min(part);
            }
        }
        found.retain(|(part, _)| *part <= least + TOGETHER);
        let events = found.iter().map(|(_, place)| &self.events[*place]).collect();
        (least < 1.0).then_some((least, events))
    }

    /// The working set beyond a bend.
    fn crossed(&self, events: &[&Event]) -> Option<ActiveSet> {
        let mut next = self.active.clone();
        for event in events {
            match event {
                Event::Slack(row) => next.rows.retain(|(own, _)| own != row),
                Event::Meets(column, side) => next.columns.push((*column, *side)),
                Event::Leaves(column) => next.columns.retain(|(own, _)| own != column),
                Event::Tight(row, side) => next.rows.push((*row, *side)),
                Event::Kink(_) => {}
                Event::Full(_) => return None,
            }
        }
        Some(next)
    }

    /// Lets the conditions move the ends of a part of a line: those exactly that may be the nearest.
    fn ends(&self, (origin, next): (&Step<'_>, &Step<'_>), low: &mut End, high: &mut End) {
        for end in [low, high] {
            let zeros: Vec<(f64, f64)> =
                (0..self.enough).map(|place| self.zero(place, (origin, next), end.sign)).collect();
            let most = zeros.iter().fold(f64::INFINITY, |most, (_, latest)| most.min(*latest));
            let may = |place: &usize| zeros[*place].0.is_finite() && zeros[*place].0 <= most;
            let places: Vec<usize> = (0..zeros.len()).filter(may).collect();
            for line in self.lines(&places) {
                end.bound(&line, (origin, next));
            }
        }
    }

    /// How far on one side a condition ceases to hold: at the earliest and at the latest.
    fn zero(&self, place: usize, (origin, next): (&Step<'_>, &Step<'_>), sign: f64) -> (f64, f64) {
        let (value, off) = self.checks.value(place, origin);
        let (more, more_off) = self.checks.value(place, next);
        let (fall, doubt) = ((value - more) * sign, off + more_off);
        let after = |value: f64, fall: f64| {
            if fall > 0.0 { value.max(0.0) / fall } else { f64::INFINITY }
        };
        (after(value - off, fall + doubt), after(value + off, fall - doubt))
    }
}

/// The last value on one side at which all conditions looked at hold.
struct End {
    /// Below zero for the lower end.
    sign: f64,
    at: Option<Amount>,
}

impl End {
    fn new(sign: f64) -> Self {
        Self { sign, at: None }
    }

    /// Lets a condition move the end, exactly.
    fn bound(&mut self, line: &Line, (origin, next): (&Step<'_>, &Step<'_>)) {
        let value = line.value(origin);
        let slope = &line.value(next) - &value;
        if slope.is_zero() || slope.is_positive() != (self.sign < 0.0) {
            return;
        }
        let zero = -&(&value / &slope);
        let nearer = |known: &Amount| {
            if self.sign < 0.0 { zero > *known } else { zero < *known }
        };
        if self.at.as_ref().is_none_or(nearer) {
            self.at = Some(zero);
        }
    }
}
