//! Solves a plan: settles revenue, runs the stages and calibrates.

mod known;
mod nudged;

use std::sync::Arc;

use super::beside::{joined, scope};
use super::calibrate::Nearest;
use super::certificate::Evidence;
use super::conflict::{Conflict, conflict};
use super::curved::{Cut, nearest_with_cuts, proposed};
use super::held::Held;
use super::names::Names;
use super::problem::Known;
use super::publish::{Exactly, Proving, Scene, between, publish};
use super::rounding::Effort;
use super::settle::{Settlement, settle};
use super::stages::{Enough, Staged, Trouble, run};
use super::ties::{Step, Ties};
use super::trust::{Pending, Trust};
use super::{ActiveSet, Calibration, Farkas, Optimum, Outcome, Round, SettledPeriod, calibrate};
use crate::formulate::{Formulation, Origin, Program};
use crate::plan::{Period, Plan};
use crate::units::Amount;
use known::in_part;
pub(crate) use known::wishing;
use nudged::{Clashing, formulated, nudged};

/// Solves `plan`, starting from `start`: the answer does not depend on it, only the time does. The
/// answer goes with a certificate, where one was accepted.
///
/// A second thread reads the plan once more for the certificate, and rounds.
pub fn solve(plan: &Plan, start: &ActiveSet) -> Outcome {
    let mut outcome = if plan.lumps().is_empty() {
        scope(|scope| {
            let ahead = scope.spawn(|| super::claim::ahead(plan));
            unproven(plan, start, Proving::Now(ahead))
        })
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
    let mut outcome = settled(plan, start, (false, Effort::Whole), Proving::Later);
    super::certificate::prove(plan, &mut outcome);
    outcome
}

/// Solves `plan` where that is brief, starting from `start`: whole figures that are hard to find are given
/// up, and no revenue decision is moved for their sake.
pub fn solve_briefly(plan: &Plan, start: &ActiveSet) -> Outcome {
    if !plan.lumps().is_empty() {
        return solve(plan, start);
    }
    let mut outcome = settled(plan, start, (false, Effort::Brief), Proving::Later);
    super::certificate::prove(plan, &mut outcome);
    outcome
}

/// Solves a plan without lumps to decide.
pub(super) fn unproven(plan: &Plan, start: &ActiveSet, proving: Proving<'_>) -> Outcome {
    settled(plan, start, (true, Effort::Whole), proving)
}

/// Solves a plan without lumps to decide; its decisions may be moved where whole figures ask for it.
fn settled(
    plan: &Plan,
    start: &ActiveSet,
    (wholly, effort): (bool, Effort),
    mut proving: Proving<'_>,
) -> Outcome {
    let periods = plan.periods();
    let scene = Scene { plan, periods: &periods, effort };
    let (revenue, moved) = match settle(plan, &periods, start) {
        Settlement::Settled(revenue, moved) => (revenue, moved),
        Settlement::Reached(revenue, reached) => {
            let first = std::mem::replace(&mut proving, Proving::Later);
            let between = between(plan, &periods, &revenue, &reached.0);
            match finished(scene, revenue.clone(), *reached, between, first) {
                Some(first) => return nudged(scene, &revenue, Ok(first), start, wholly),
                None => (revenue, Vec::new()),
            }
        }
        Settlement::Infeasible(formulation) => {
            return Outcome::Infeasible(clash(plan, &periods, &formulation));
        }
        Settlement::Unbounded(stage) => return Outcome::Unbounded(stage),
    };
    // What shows that decisions had to move goes into the proof, and is added to the answer here.
    let proving = if moved.is_empty() { proving } else { Proving::Later };
    let formulated = (formulated(scene, &revenue), revenue.clone());
    let mut first = with_revenue(scene, formulated, start, proving);
    if let Ok(Outcome::Optimal(found) | Outcome::Unrounded(found, _)) = &mut first
        && let Some(evidence) = &mut found.evidence
    {
        evidence.moved = moved;
    }
    nudged(scene, &revenue, first, start, wholly)
}

/// What the stages settled, explained and published; `None` where it is not the nearest.
fn finished(
    scene: Scene<'_>,
    revenue: Vec<SettledPeriod>,
    (formulation, reached): (Formulation, Reached),
    between: Option<Origin>,
    proving: Proving<'_>,
) -> Option<Outcome> {
    let (amounts, steps) = (reached.amounts().to_vec(), reached.steps());
    let answer = Exactly { amounts: &amounts, between, steps: &steps };
    let explain = || explained(&formulation, reached, steps.clone());
    publish(scene, revenue, &formulation, answer, explain, proving)
}

/// The minimal conflict of a formulation that was found to clash.
fn clash(plan: &Plan, periods: &[Period], formulation: &Formulation) -> Conflict {
    conflict(plan, periods, formulation)
        .unwrap_or_else(|| unreachable!("what clashes as a whole has a minimal part that does"))
}

/// The outcome of a formulation with settled revenue.
fn with_revenue(
    scene: Scene<'_>,
    (formulation, revenue): (Formulation, Vec<SettledPeriod>),
    start: &ActiveSet,
    proving: Proving<'_>,
) -> Result<Outcome, Clashing> {
    match staged(&formulation, start) {
        Ok(found) => {
            let (amounts, steps) = (found.optimum.amounts.clone(), found.evidence.steps.clone());
            let answer = Exactly { amounts: &amounts, between: None, steps: &steps };
            let outcome = publish(scene, revenue, &formulation, answer, || Some(found), proving);
            Ok(outcome.unwrap_or_else(|| unreachable!("the explanation is at hand")))
        }
        Err(Failure::Infeasible(_, farkas, cuts)) => {
            let proof = cuts.is_empty().then_some(farkas);
            Err(Clashing { formulation: Box::new(formulation), proof })
        }
        Err(Failure::Unbounded(stage)) => Ok(Outcome::Unbounded(stage)),
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
                    steps: Arc::default(),
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
    let whole = |found: Reached| {
        let steps = found.steps();
        explained(formulation, found, steps)
    };
    if let Some(found) = whole(reached(formulation, start)?) {
        return Ok(found);
    }
    let last = attempt(formulation, start, Trust::Nothing, &|_| false)?;
    last.ok().and_then(whole).ok_or_else(|| {
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

    /// The duals of the stages, told in terms of the plan.
    fn steps(&self) -> Arc<[Step]> {
        self.staged.steps.clone().into()
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
    let start = &*start.over(formulation);
    if !start.stages.is_empty()
        && let Ok(Ok(found)) = attempt(formulation, start, Trust::Earlier(&start.stages), enough)
    {
        return Ok(found);
    }
    let stages = match in_part(formulation, start, enough) {
        Ok(found) => return Ok(found),
        Err(known) => known,
    };
    let start = &ActiveSet { stages, ..start.clone() };
    if let Some(found) = wishing(formulation, start, enough)? {
        return Ok(found);
    }
    match attempt(formulation, start, Trust::Solver(&start.stages), enough)? {
        Ok(found) => Ok(found),
        Err(_) if *start != ActiveSet::default() => {
            reached_until(formulation, &ActiveSet::default(), enough)
        }
        Err(_) => Ok(attempt(formulation, start, Trust::Nothing, enough)?.unwrap_or_else(|_| {
            unreachable!("exact duals describe the optimal answers, of which there is one")
        })),
    }
}

/// What the calibration on a face comes to.
enum Nearby {
    Found(Nearest, Vec<Cut>),
    /// The start does not lead there.
    Unknown,
    Nowhere(Farkas, Vec<Cut>),
}

/// Calibrates on a face, as far as `trust` goes.
fn nearest(face: &Program, start: &ActiveSet, trust: Trust<'_>) -> Nearby {
    match trust {
        Trust::Earlier(_) | Trust::Given(_) | Trust::Wishes(_) => match proposed(face, start) {
            Some((nearest, cuts)) => Nearby::Found(nearest, cuts),
            None => Nearby::Unknown,
        },
        Trust::Solver(_) | Trust::Nothing => match nearest_with_cuts(face, start) {
            Ok((nearest, cuts)) => Nearby::Found(nearest, cuts),
            Err((farkas, cuts)) => Nearby::Nowhere(farkas, cuts),
        },
    }
}

/// What was reached, or what is known of the stages where that does not lead to an answer.
pub(crate) type Attempt = Result<Reached, Vec<Known>>;

/// Solves the stages and the calibration, as far as `trust` goes.
pub(crate) fn attempt(
    formulation: &Formulation,
    start: &ActiveSet,
    trust: Trust<'_>,
    enough: Enough<'_>,
) -> Result<Attempt, Failure> {
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
    let mut staged: Staged = match run(formulation, trust, enough) {
        Ok(staged) => staged,
        Err(Trouble::Stale) => return Ok(Err(Vec::new())),
        Err(trouble) => return Err(failure(trouble)),
    };
    let pending = staged.pending(&start.stages);
    // Where other solves run on all cores, witnesses are asked for only where they are needed.
    let beside = !start.crowded && !pending.is_empty();
    let (found, witnesses) = scope(|scope| {
        let others = &pending;
        let spawn = || scope.spawn(move || Pending::found(others, trust, false));
        let beside = beside.then(spawn);
        (nearest(&staged.face, start, trust), beside.map(joined))
    });
    let (mut nearest, cuts) = match found {
        Nearby::Found(nearest, cuts) => (nearest, cuts),
        Nearby::Unknown => return Ok(Err(staged.known().to_vec())),
        Nearby::Nowhere(farkas, cuts) => {
            let stale = !staged.rounds.is_empty() && matches!(trust, Trust::Solver(_));
            let trouble = Trouble::Infeasible(farkas, cuts);
            return if stale { Ok(Err(Vec::new())) } else { Err(failure(trouble)) };
        }
    };
    match witnesses.unwrap_or_else(|| Pending::found(&pending, trust, start.crowded)) {
        Ok(witnesses) => staged.witnessed(&pending, witnesses),
        Err(Trouble::Stale) => return Ok(Err(staged.known().to_vec())),
        Err(trouble) => return Err(failure(trouble)),
    }
    nearest.active.names = Names::of(formulation);
    debug_assert!(staged.attained(formulation, &nearest.amounts), "a face holds optima only");
    Ok(Ok(Reached { staged, nearest, cuts }))
}

/// The answer with what limits and stages add to it; `None` where it is not the nearest.
fn explained(formulation: &Formulation, found: Reached, steps: Arc<[Step]>) -> Option<Found> {
    let Reached { staged, nearest, cuts } = found;
    let y = nearest.y;
    let active = ActiveSet { stages: staged.known().to_vec(), ..nearest.active };
    let (explained, ties) = staged.explained(formulation, &nearest.amounts);
    let optimum = super::calibrate::explained(explained.program(), nearest.amounts, active)?;
    let told = ties.tell(&optimum.multipliers, &optimum.reduced);
    let held = Held { ties: staged.ties, y, cuts };
    let (held, cases, moved) = (Some(Box::new(held)), Vec::new(), Vec::new());
    let evidence = Evidence { steps, told, held, cases, moved };
    Some(Found { explained, optimum, rounds: staged.rounds, face: staged.face, evidence })
}
