//! Solves a plan with lines of all or nothing: they are decided, and then the plan is solved as it
//! is with them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::answer::unproven;
use super::curved::nearest_with_cuts;
use super::lumps::{Covering, Decided, Verdict, search};
use super::probe::distance;
use super::publish::Proving;
use super::settle::wished;
use super::stages::optimum;
use super::{ActiveSet, Allocation, Left, Outcome};
use crate::formulate::{Curved, Formulation, Linear, Objective, Origin, PeriodRevenue, formulate};
use crate::plan::{Period, Plan};
use crate::units::{Amount, CellId};

/// How often lumps are decided again with revenue as it is published.
const ROUNDS: usize = 4;

/// Solves `plan`; the lumps are decided over the amounts that revenue decisions may be, and again
/// with revenue as published where those do not stand in whole quanta.
pub(super) fn solve(plan: &Plan, start: &ActiveSet) -> Outcome {
    let periods = plan.periods();
    let mut formulation = wished(plan, &periods);
    let mut known: Option<Vec<PeriodRevenue>> = None;
    let mut last = None;
    for _ in 0..ROUNDS {
        let decided = match search(plan, &formulation, None) {
            Verdict::Decided(decided) => decided,
            Verdict::Clash(cases) => {
                return last.unwrap_or_else(|| {
                    super::lump_clash::outcome(plan, &periods, &formulation, cases)
                });
            }
            Verdict::Unbounded(stage) => return Outcome::Unbounded(stage),
            Verdict::Stopped(looked) => return last.unwrap_or(Outcome::Stopped(looked)),
        };
        let mut outcome = unproven(&plan.with_lumps(&decided.taken), start, Proving::Later);
        let Some(found) = allocation(&mut outcome) else { return outcome };
        let open = !formulation.decisions().is_empty();
        let revenue = published(plan, &periods, found);
        let same = known.as_ref().is_some_and(|known| alike(known, &revenue));
        let settled = plan.revenue().iter().flat_map(|line| &line.entries);
        let decides = settled.into_iter().any(crate::plan::RevenueEntry::is_decision);
        if !decides || (open && !found.decisions.is_empty()) || same {
            found.write(plan, &formulation);
            found.active.lumps = Some(decided.covering.clone());
            found.keep(plan, &formulation, decided);
            return outcome;
        }
        formulation = formulate(plan, &periods, &revenue);
        known = Some(revenue);
        last = Some(outcome);
    }
    last.unwrap_or_else(|| unreachable!("a search gives what it finds"))
}

/// The plan with its lumps decided, and how, from what is known of a plan that is nearly the same; what
/// it has no answer by, where there is none.
pub(super) fn decided(
    plan: &Plan,
    known: Option<&Covering>,
) -> Result<(Plan, Arc<Covering>), super::NoAnswer> {
    let formulation = wished(plan, &plan.periods());
    match search(plan, &formulation, known) {
        Verdict::Decided(found) => Ok((plan.with_lumps(&found.taken), found.covering)),
        Verdict::Clash(_) | Verdict::Stopped(_) => Err(super::NoAnswer::Infeasible),
        Verdict::Unbounded(stage) => Err(super::NoAnswer::Unbounded(stage)),
    }
}

fn allocation(outcome: &mut Outcome) -> Option<&mut Allocation> {
    match outcome {
        Outcome::Optimal(found) | Outcome::Unrounded(found, _) => Some(found),
        _ => None,
    }
}

/// The revenue of an answer as the balance meets it.
fn published(plan: &Plan, periods: &[Period], found: &Allocation) -> Vec<PeriodRevenue> {
    let pairs = periods.iter().zip(&found.revenue);
    pairs.map(|(period, settled)| settled.as_revenue(period, plan.quantum())).collect()
}

fn alike(first: &[PeriodRevenue], second: &[PeriodRevenue]) -> bool {
    let same =
        |(a, b): (&PeriodRevenue, &PeriodRevenue)| a.settled == b.settled && a.entries == b.entries;
    first.iter().zip(second).all(same)
}

impl Allocation {
    /// Writes the programmes of the first stages with the lumps as whole numbers: up to the first that is
    /// no sum, and with the first that may be given up in part. Those after it stay programmes with the
    /// lumps as they were decided.
    fn write(&mut self, plan: &Plan, formulation: &Formulation) {
        let amount = |id: CellId| {
            let lump = plan.cell(id).lump.as_ref().map(|lump| lump.amount.clone());
            (id.index(), lump.unwrap_or_default())
        };
        let whole: BTreeMap<usize, Amount> = plan.lumps().into_iter().map(amount).collect();
        let mut program = formulation.program().clone();
        for (stage, round) in formulation.stages().iter().zip(&mut self.rounds) {
            let Objective::Sum(terms) = &stage.objective else { return };
            round.model = Linear::new(&program, &stage.objective);
            round.model.whole.clone_from(&whole);
            if stage.loss.is_some() {
                return;
            }
            let origin = Origin::stage(&stage.id);
            let (terms, most) = (terms.clone(), round.bound.clone());
            program.curved.push(Curved { origin, terms, most });
        }
    }

    /// What the sums after a stage, and the calibration, cannot pass where those before them do no worse
    /// than here, whatever is decided: the lines may be taken in part.
    fn bounds(
        &self,
        plan: &Plan,
        formulation: &Formulation,
        first: usize,
    ) -> (Vec<Amount>, Option<Amount>) {
        let mut program = formulation.program().clone();
        let mut later = Vec::new();
        for (place, (stage, round)) in formulation.stages().iter().zip(&self.rounds).enumerate() {
            let Objective::Sum(terms) = &stage.objective else { return (later, None) };
            if stage.loss.is_some() {
                return (later, None);
            }
            if place > first {
                let Ok((bound, _)) = optimum(&program, &stage.id, &stage.objective) else {
                    return (later, None);
                };
                later.push(bound);
            }
            let origin = Origin::stage(&stage.id);
            let (terms, most) = (terms.clone(), round.bound.clone());
            program.curved.push(Curved { origin, terms, most });
        }
        let nearest = nearest_with_cuts(&program, &ActiveSet::default()).ok();
        let distance = nearest.map(|(own, _)| distance(plan, formulation.cells(&own.amounts)));
        (later, distance)
    }

    /// Keeps what shows that the lumps are decided as they should be.
    fn keep(&mut self, plan: &Plan, formulation: &Formulation, decided: Decided) {
        self.left = decided.left.map(|(stage, bound)| {
            let id = formulation.stages()[stage].id.clone();
            let (later, distance) = self.bounds(plan, formulation, stage);
            Left { stage: id, bound, later, distance }
        });
        if let Some(evidence) = &mut self.evidence {
            evidence.cases = decided.cases;
        }
    }
}
