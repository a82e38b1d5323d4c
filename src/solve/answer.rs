//! Solves a plan: settles revenue, runs the stages and calibrates.

use super::calibrate::Nearest;
use super::certificate::Evidence;
use super::conflict::{Conflict, conflict};
use super::curved::{Cut, nearest_with_cuts, proposed};
use super::held::Held;
use super::publish::{between, publish};
use super::settle::{Settlement, exactly, settle};
use super::stages::{Enough, Staged, Trouble, run};
use super::ties::{Step, Ties};
use super::trust::Trust;
use super::{ActiveSet, Calibration, Farkas, Optimum, Outcome, Round, SettledPeriod, calibrate};
use crate::formulate::{Formulation, PeriodRevenue, Program, formulate};
use crate::plan::{Period, Plan};
use crate::units::Amount;

/// Solves `plan`, starting from `start`: the answer does not depend on it, only the time does. The
/// answer goes with a certificate, where one was accepted.
pub fn solve(plan: &Plan, start: &ActiveSet) -> Outcome {
    let mut outcome = if plan.lumps().is_empty() {
        unproven(plan, start)
    } else {
        super::decide::solve(plan, start)
    };
    super::certificate::prove(plan, &mut outcome);
    outcome
}

/// Solves `plan` for its exact amounts: no revenue decision is moved for the sake of whole figures
/// where there are none with the decisions as the limits and stages put them.
pub fn solve_exactly(plan: &Plan, start: &ActiveSet) -> Outcome {
    if !plan.lumps().is_empty() {
        return solve(plan, start);
    }
    let mut outcome = settled(plan, start, false);
    super::certificate::prove(plan, &mut outcome);
    outcome
}

/// Solves a plan without lumps to decide.
pub(super) fn unproven(plan: &Plan, start: &ActiveSet) -> Outcome {
    settled(plan, start, true)
}

/// Solves a plan without lumps to decide; its decisions may be moved where whole figures ask for it.
fn settled(plan: &Plan, start: &ActiveSet, wholly: bool) -> Outcome {
    let periods = plan.periods();
    let (revenue, moved) = match settle(plan, &periods, start) {
        Settlement::Settled(revenue, moved) => (revenue, moved),
        Settlement::Reached(revenue, reached) => {
            let (formulation, reached) = *reached;
            match explained(&formulation, reached) {
                Some(found) => {
                    let first = publish(plan, &periods, revenue.clone(), &formulation, found, None);
                    return nudged(plan, (&periods, &revenue), first, start, wholly);
                }
                None => (revenue, Vec::new()),
            }
        }
        Settlement::Infeasible(formulation) => {
            return Outcome::Infeasible(clash(plan, &periods, &formulation));
        }
        Settlement::Unbounded(stage) => return Outcome::Unbounded(stage),
    };
    let mut first = with_revenue(plan, &periods, revenue.clone(), start);
    if let Outcome::Optimal(found) | Outcome::Unrounded(found, _) = &mut first {
        found.evidence.moved = moved;
    }
    nudged(plan, (&periods, &revenue), first, start, wholly)
}

/// The minimal conflict of a formulation that was found to clash.
fn clash(plan: &Plan, periods: &[Period], formulation: &Formulation) -> Conflict {
    conflict(plan, periods, formulation)
        .unwrap_or_else(|| unreachable!("what clashes as a whole has a minimal part that does"))
}

/// The `first` outcome, or one with a decision moved where that one has no whole figures: a
/// decision settled where the exact limits hold may leave no room for them. Limits that hold at
/// no whole figure near it, but hold at another, do not clash: then the exact amounts are given.
fn nudged(
    plan: &Plan,
    (periods, revenue): (&[Period], &[SettledPeriod]),
    first: Outcome,
    start: &ActiveSet,
    wholly: bool,
) -> Outcome {
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
    for moved in super::settle::nudged(plan, periods, revenue) {
        let next = with_revenue(plan, periods, moved, start);
        if matches!(next, Outcome::Optimal(_)) {
            return next;
        }
    }
    if clashes
        && let Settlement::Reached(revenue, reached) = exactly(plan, periods)
        && let (formulation, reached) = *reached
        && let Some(found) = explained(&formulation, reached)
    {
        let between = between(plan, periods, &revenue, &formulation);
        return publish(plan, periods, revenue, &formulation, found, between);
    }
    first
}

fn with_revenue(
    plan: &Plan,
    periods: &[Period],
    revenue: Vec<SettledPeriod>,
    start: &ActiveSet,
) -> Outcome {
    let settled: Vec<PeriodRevenue> = periods
        .iter()
        .zip(&revenue)
        .map(|(period, settled)| settled.as_revenue(period, plan.quantum()))
        .collect();
    let formulation = formulate(plan, periods, &settled);
    match staged(&formulation, start) {
        Ok(found) => publish(plan, periods, revenue, &formulation, found, None),
        Err(Failure::Infeasible(..)) => Outcome::Infeasible(clash(plan, periods, &formulation)),
        Err(Failure::Unbounded(stage)) => Outcome::Unbounded(stage),
    }
}

/// The exact answer, and the formulation that its multipliers belong to.
pub(crate) struct Found {
    pub(crate) explained: Formulation,
    pub(crate) optimum: Optimum,
    pub(crate) rounds: Vec<Round>,
    /// The programme that was calibrated.
    pub(crate) face: Program,
    /// What proves the answer.
    pub(crate) evidence: Evidence,
}

/// Why there is no exact answer.
pub(crate) enum Failure {
    /// The proof is over the rows of this formulation: the last of them are supports of convex rows.
    Infeasible(Box<Formulation>, Farkas, Vec<Cut>),
    /// The objective of a stage has no end.
    Unbounded(crate::units::Id),
}

/// Runs the stages and calibrates on what they leave optimal.
pub(crate) fn staged(formulation: &Formulation, start: &ActiveSet) -> Result<Found, Failure> {
    let program = formulation.program();
    if formulation.stages().is_empty() && program.curved.is_empty() {
        return match calibrate(program, start) {
            Calibration::Optimal(optimum) => Ok(Found {
                evidence: Evidence {
                    steps: Vec::new(),
                    told: Ties::of(program.rows.len(), 0).tell(&optimum.multipliers, &[]),
                    held: None,
                    cases: Vec::new(),
                    moved: Vec::new(),
                },
                explained: formulation.clone(),
                optimum,
                rounds: Vec::new(),
                face: program.clone(),
            }),
            Calibration::Infeasible(farkas) => {
                Err(Failure::Infeasible(Box::new(formulation.clone()), farkas, Vec::new()))
            }
        };
    }
    let found = reached(formulation, start)?;
    if let Some(found) = explained(formulation, found) {
        return Ok(found);
    }
    let found = attempt(formulation, start, Trust::Nothing, &|_| false)?;
    found.and_then(|found| explained(formulation, found)).ok_or_else(|| {
        unreachable!("exact duals describe the optimal answers, of which there is one")
    })
}

/// What the stages and the calibration reach, not yet explained.
pub(crate) struct Reached {
    staged: Staged,
    nearest: Nearest,
    cuts: Vec<Cut>,
}

impl Reached {
    /// What the stages left, the nearest amounts there, and the cuts that these took.
    pub(crate) fn parts(self) -> (Staged, Nearest, Vec<Cut>) {
        (self.staged, self.nearest, self.cuts)
    }

    /// What each stage reached, in order: see [`Staged::value`].
    pub(crate) fn value(&self, formulation: &Formulation) -> Vec<Vec<Amount>> {
        self.staged.value(formulation.stages().len())
    }

    /// The amounts, and the duals of the stages that they reach the optimum of.
    pub(crate) fn shown(self) -> (Vec<Amount>, Vec<Step>) {
        (self.nearest.amounts, self.staged.steps)
    }

    /// The working set and the multipliers of the stages, to start another solve from.
    pub(crate) fn active(&self) -> ActiveSet {
        ActiveSet { stages: self.staged.known().to_vec(), ..self.nearest.active.clone() }
    }

    /// The exact amount of each column.
    pub(crate) fn amounts(&self) -> &[Amount] {
        &self.nearest.amounts
    }

    /// Leaves the decisions where they are, and forgets the stages that settled them.
    pub(crate) fn pin(&mut self, formulation: &mut Formulation) {
        formulation.pin(&self.nearest.amounts);
        self.staged.pin(formulation);
    }
}

/// Runs the stages and calibrates on what they leave optimal.
pub(crate) fn reached(formulation: &Formulation, start: &ActiveSet) -> Result<Reached, Failure> {
    reached_until(formulation, start, &|_| false)
}

/// Runs the stages until they are `enough`, and calibrates on what they leave optimal.
pub(crate) fn reached_until(
    formulation: &Formulation,
    start: &ActiveSet,
    enough: Enough<'_>,
) -> Result<Reached, Failure> {
    if !start.stages.is_empty()
        && let Ok(Some(found)) = attempt(formulation, start, Trust::Earlier(&start.stages), enough)
    {
        return Ok(found);
    }
    match attempt(formulation, start, Trust::Solver, enough)? {
        Some(found) => Ok(found),
        None if *start != ActiveSet::default() => {
            reached_until(formulation, &ActiveSet::default(), enough)
        }
        None => attempt(formulation, start, Trust::Nothing, enough)?.ok_or_else(|| {
            unreachable!("exact duals describe the optimal answers, of which there is one")
        }),
    }
}

/// Solves the stages and the calibration; `None` where a proposal of the solver was not optimal.
fn attempt(
    formulation: &Formulation,
    start: &ActiveSet,
    trust: Trust<'_>,
    enough: Enough<'_>,
) -> Result<Option<Reached>, Failure> {
    let failure = |trouble| match trouble {
        Trouble::Unbounded(stage) => Failure::Unbounded(stage),
        Trouble::Stale => unreachable!("what is stale is solved afresh"),
        Trouble::Infeasible(farkas, cuts) => {
            let mut cut = formulation.clone();
            for own in &cuts {
                cut.add(own.origin.clone(), own.row.clone());
            }
            Failure::Infeasible(Box::new(cut), farkas, cuts)
        }
    };
    let staged: Staged = match run(formulation, trust, enough) {
        Ok(staged) => staged,
        Err(Trouble::Stale) => return Ok(None),
        Err(trouble) => return Err(failure(trouble)),
    };
    let (nearest, cuts) = match trust {
        Trust::Earlier(_) | Trust::Given(_) => match proposed(&staged.face, start) {
            Some(found) => found,
            None => return Ok(None),
        },
        Trust::Solver | Trust::Nothing => match nearest_with_cuts(&staged.face, start) {
            Ok(found) => found,
            Err((farkas, cuts)) if staged.rounds.is_empty() => {
                return Err(failure(Trouble::Infeasible(farkas, cuts)));
            }
            Err(_) if matches!(trust, Trust::Solver) => return Ok(None),
            Err((farkas, cuts)) => return Err(failure(Trouble::Infeasible(farkas, cuts))),
        },
    };
    debug_assert!(staged.attained(formulation, &nearest.amounts), "a face holds optima only");
    Ok(Some(Reached { staged, nearest, cuts }))
}

/// The answer with what limits and stages add to it; `None` where it is not the nearest.
fn explained(formulation: &Formulation, found: Reached) -> Option<Found> {
    let Reached { staged, nearest, cuts } = found;
    let y = nearest.y;
    let active = ActiveSet { stages: staged.known().to_vec(), ..nearest.active };
    let (explained, ties) = staged.explained(formulation, &nearest.amounts);
    let optimum = super::calibrate::explained(explained.program(), nearest.amounts, active)?;
    let told = ties.tell(&optimum.multipliers, &optimum.reduced);
    let held = Held { ties: staged.ties, y, cuts };
    let evidence = Evidence {
        steps: staged.steps,
        told,
        held: Some(Box::new(held)),
        cases: Vec::new(),
        moved: Vec::new(),
    };
    Some(Found { explained, optimum, rounds: staged.rounds, face: staged.face, evidence })
}
