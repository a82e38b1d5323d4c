//! Moves a revenue decision where its whole figures ask for it.

use super::super::publish::{Proving, Scene, between};
use super::super::settle::{self, Settlement, exactly};
use super::super::{ActiveSet, Outcome, SettledPeriod};
use super::{clash, finished, with_revenue};
use crate::formulate::Formulation;

/// The `first` outcome, or one with a decision moved where that one has no whole figures, or where its limits
/// clash: a decision settled where the exact limits hold may leave no room for whole figures. Limits that
/// hold at no whole figure near it, but hold at another, do not clash: then the exact amounts are given.
pub(super) fn nudged(
    scene: Scene<'_>,
    revenue: &[SettledPeriod],
    first: Result<Outcome, Box<Formulation>>,
    start: &ActiveSet,
    wholly: bool,
) -> Outcome {
    let Scene { plan, periods, .. } = scene;
    let decides = plan
        .revenue()
        .iter()
        .flat_map(|line| &line.entries)
        .any(crate::plan::RevenueEntry::is_decision);
    let lacks = wholly && matches!(first, Ok(Outcome::Unrounded(..)));
    if decides && (first.is_err() || lacks) {
        for moved in settle::nudged(plan, periods, revenue) {
            let next = with_revenue(scene, moved, start, Proving::Later);
            if let Ok(next @ Outcome::Optimal(_)) = next {
                return next;
            }
        }
    }
    let clashing = match first {
        Ok(first) => return first,
        Err(clashing) => clashing,
    };
    if decides && let Settlement::Reached(revenue, reached) = exactly(plan, periods) {
        let between = between(plan, periods, &revenue, &reached.0);
        if let Some(found) = finished(scene, revenue, *reached, between, Proving::Later) {
            return found;
        }
    }
    Outcome::Infeasible(clash(plan, periods, &clashing))
}
