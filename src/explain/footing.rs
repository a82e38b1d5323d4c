//! What questions about a changed plan start from.

use std::collections::HashMap;

use super::price::{StepSize, step_of};
use crate::plan::{Plan, Reading, ReadingKind, RevenueLevels, readings};
use crate::solve::{Allocation, Exact, NoAnswer, exact};
use crate::units::Amount;

/// A solved plan with its exact answer: what questions about a changed plan start from.
#[derive(Debug, Clone)]
pub struct Footing<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// What was published for it.
    pub allocation: &'a Allocation,
    /// Its exact answer.
    pub exact: Exact,
    /// Every limit, hold and balance, read against the exact answer.
    pub readings: Vec<Reading>,
}

impl<'a> Footing<'a> {
    /// Solves the plan once more, exactly.
    ///
    /// # Errors
    ///
    /// Why there is no answer: a plan that has an allocation has one.
    pub fn new(plan: &'a Plan, allocation: &'a Allocation) -> Result<Self, NoAnswer> {
        let exact = exact(plan, &allocation.active)?;
        let readings = readings(plan, &exact.amounts, &levels(plan, allocation));
        Ok(Self { plan, allocation, exact, readings })
    }

    /// Whether what the final working set says of the range of a bound is all there is to say: no
    /// stage leaves a part of its optimum to others, and no revenue is still to be decided.
    pub(super) fn is_straight(&self) -> bool {
        let lossy = self.plan.stages().iter().any(|stage| stage.loss.is_some());
        let mut entries = self.plan.revenue().iter().flat_map(|line| &line.entries);
        !lossy && !entries.any(crate::plan::RevenueEntry::is_decision)
    }

    /// The readings whose bound a step could be worth something: those that are met exactly, or
    /// missed. Transfers are left out: what one slice gives another receives, so that neither moves
    /// alone.
    pub fn binding(&self) -> impl Iterator<Item = &Reading> {
        self.readings
            .iter()
            .filter(|reading| reading.kind != ReadingKind::Transfer && !reading.slack.is_positive())
    }

    /// The same, those first that press hardest: on the earliest stage, then on the next. What does
    /// not press comes last: a small step of it changes nothing.
    pub fn by_pressure(&self, size: &StepSize) -> Vec<&Reading> {
        let mut binding: Vec<&Reading> = self.binding().collect();
        binding.sort_by_cached_key(|reading| std::cmp::Reverse(press(self, reading, size)));
        binding
    }
}

/// Bounds by what can be said of a step of them.
#[derive(Debug, Default)]
pub struct Parted<'r> {
    /// Those that are met or missed: a step may be worth something.
    pub binding: Vec<&'r Reading>,
    /// Those that leave room: a step changes nothing.
    pub free: Vec<&'r Reading>,
    /// Levels of transfers: what one slice gives another receives, so that neither moves alone.
    pub ends: Vec<&'r Reading>,
}

impl<'r> Parted<'r> {
    /// Parts them, each in the order in which they come.
    pub fn new(readings: impl IntoIterator<Item = &'r Reading>) -> Self {
        let mut parted = Self::default();
        for own in readings {
            match own.kind {
                ReadingKind::Transfer => parted.ends.push(own),
                _ if own.slack.is_positive() => parted.free.push(own),
                _ => parted.binding.push(own),
            }
        }
        parted
    }
}

/// How hard a step of one bound presses, for the order in which bounds are worth a price: what a step
/// of it adds at most to each linear stage in order, and to the calibration last.
pub(super) fn press(footing: &Footing<'_>, reading: &Reading, size: &StepSize) -> Vec<Amount> {
    let of = footing.exact.presses.of(reading.kind, &reading.id, &reading.member);
    let step = (&step_of(footing.plan, reading, size) * &reading.base).abs();
    of.unwrap_or_default().iter().map(|by| by * &step).collect()
}

/// The published revenue that readings are made against.
fn levels(plan: &Plan, allocation: &Allocation) -> RevenueLevels {
    let quantum = plan.quantum();
    let mut entries: HashMap<(usize, usize), Amount> = HashMap::new();
    for (period, settled) in allocation.periods.iter().zip(&allocation.revenue) {
        for (entry, money) in period.entries.iter().zip(&settled.published) {
            entries.insert(*entry, quantum.amount(*money));
        }
    }
    let totals = allocation.revenue.iter().map(|period| quantum.amount(period.total)).collect();
    RevenueLevels { totals, entries }
}
