//! Moves a revenue decision where its whole figures ask for it.

use super::super::publish::{Proving, Scene, between};
use super::super::settle::{self, Settlement, exactly};
use super::super::{ActiveSet, Outcome, SettledPeriod};
use super::{finished, with_revenue};

/// The `first` outcome, or one with a decision moved where that one has no whole figures: a
/// decision settled where the exact limits hold may leave no room for them. Limits that hold at
/// no whole figure near it, but hold at another, do not clash: then the exact amounts are given.
pub(super) fn nudged(
    scene: Scene<'_>,
    revenue: &[SettledPeriod],
    first: Outcome,
    start: &ActiveSet,
    wholly: bool,
) -> Outcome {
    let Scene { plan, periods, .. } = scene;
    let decides = plan
        .revenue()
        .iter()
        .flat_map(|line| &line.entries)
        .any(crate::plan::RevenueEntry::is_decision);
    let clashes = matches!(first, Outcome::Infeasible(_));
    let lacks = wholly && matches!(first, Outcome::Unrounded(..));
    if !decides || !(clashes || lacks) {
        return first;
    }
    for moved in settle::nudged(plan, periods, revenue) {
        let next = with_revenue(scene, moved, start, Proving::Later);
        if matches!(next, Outcome::Optimal(_)) {
            return next;
        }
    }
    if clashes && let Settlement::Reached(revenue, reached) = exactly(plan, periods) {
        let between = between(plan, periods, &revenue, &reached.0);
        let found = finished(scene, revenue, *reached, between, Proving::Later);
        return found.unwrap_or(first);
    }
    first
}
