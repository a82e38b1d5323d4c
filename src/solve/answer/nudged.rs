//! Moves a revenue decision where its whole figures ask for it.

use super::super::publish::{Proving, Scene, between};
use super::super::settle::{self, Settlement, exactly};
use super::super::{ActiveSet, Farkas, Outcome, SettledPeriod};
use super::{clash, finished, with_revenue};
use crate::formulate::{Formulation, PeriodRevenue, formulate};

/// A formulation whose limits clash, and what proves that by its rows and columns alone.
pub(super) struct Clashing {
    pub(super) formulation: Box<Formulation>,
    pub(super) proof: Option<Farkas>,
}

/// The formulation with settled revenue.
pub(super) fn formulated(scene: Scene<'_>, revenue: &[SettledPeriod]) -> Formulation {
    let Scene { plan, periods, .. } = scene;
    let settled: Vec<PeriodRevenue> = periods
        .iter()
        .zip(revenue)
        .map(|(period, settled)| settled.as_revenue(period, plan.quantum()))
        .collect();
    formulate(plan, periods, &settled)
}

/// The `first` outcome, or one with a decision moved where that one has no whole figures, or where its limits
/// clash: a decision settled where the exact limits hold may leave no room for whole figures. Limits that
/// hold at no whole figure near it, but hold at another, do not clash: then the exact amounts are given. What
/// proved one clash mostly proves the next: nothing is solved there.
pub(super) fn nudged(
    scene: Scene<'_>,
    revenue: &[SettledPeriod],
    first: Result<Outcome, Clashing>,
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
        let proof = first.as_ref().err().and_then(|clashing| clashing.proof.clone());
        let mut proofs: Vec<Farkas> = proof.into_iter().collect();
        for moved in settle::nudged(plan, periods, revenue) {
            let formulation = formulated(scene, &moved);
            if proofs.iter().any(|proof| proof.proves(formulation.program())) {
                continue;
            }
            match with_revenue(scene, (formulation, moved), start, Proving::Later) {
                Ok(next @ Outcome::Optimal(_)) => return next,
                Ok(_) => {}
                Err(clashing) => proofs.extend(clashing.proof),
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
    Outcome::Infeasible(clash(plan, periods, &clashing.formulation))
}
