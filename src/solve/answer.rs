//! Solves a plan: settles revenue, runs the stages, calibrates, rounds, and reads what is to be
//! published.

use std::collections::HashMap;

use super::calibrate::Nearest;
use super::certificate::Evidence;
use super::conflict::{Conflict, conflict};
use super::curved::{Cut, nearest_with_cuts};
use super::outcome::pressures;
use super::settle::{Settlement, exactly, settle};
use super::stages::{Staged, Trouble, run};
use super::ties::Ties;
use super::{
    ActiveSet, Allocation, Calibration, Farkas, Optimum, Outcome, Round, Rounding, SettledPeriod,
    calibrate, round,
};
use crate::certify::Refusal;
use crate::formulate::{
    Curve, Curved, Formulation, Objective, Origin, PeriodRevenue, Program, Row, Term, formulate,
};
use crate::plan::{Period, Plan, ReadingKind, RevenueLevels, readings};
use crate::units::{Amount, Money};

/// Solves `plan`, starting from `start`: the answer does not depend on it, only the time does. The
/// answer goes with a certificate, where one was accepted.
pub fn solve(plan: &Plan, start: &ActiveSet) -> Outcome {
    let mut outcome = unproven(plan, start);
    super::certificate::prove(plan, &mut outcome);
    outcome
}

fn unproven(plan: &Plan, start: &ActiveSet) -> Outcome {
    let periods = plan.periods();
    let revenue = match settle(plan, &periods) {
        Settlement::Settled(revenue) => revenue,
        Settlement::Reached(revenue, reached) => {
            let (formulation, reached) = *reached;
            match explained(&formulation, reached) {
                Some(found) => {
                    let first = publish(plan, &periods, revenue.clone(), &formulation, found, None);
                    return nudged(plan, &periods, &revenue, first, start);
                }
                None => revenue,
            }
        }
        Settlement::Infeasible(formulation) => {
            return Outcome::Infeasible(clash(plan, &periods, &formulation));
        }
        Settlement::Unbounded(stage) => return Outcome::Unbounded(stage),
    };
    let first = with_revenue(plan, &periods, revenue.clone(), start);
    nudged(plan, &periods, &revenue, first, start)
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
    periods: &[Period],
    revenue: &[SettledPeriod],
    first: Outcome,
    start: &ActiveSet,
) -> Outcome {
    let decides = plan
        .revenue()
        .iter()
        .flat_map(|line| &line.entries)
        .any(crate::plan::RevenueEntry::is_decision);
    let clashes = matches!(first, Outcome::Infeasible(_));
    if !decides || !(clashes || matches!(first, Outcome::Unrounded(..))) {
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

/// The balance of the first period with a decision that lies between two quanta: no whole figures
/// can meet it.
fn between(
    plan: &Plan,
    periods: &[Period],
    revenue: &[SettledPeriod],
    formulation: &Formulation,
) -> Option<Origin> {
    let lies_between = |(period, settled): (&Period, &SettledPeriod)| {
        period.entries.iter().zip(&settled.exact).any(|((line, at), amount)| {
            plan.revenue()[*line].entries[*at].is_decision()
                && !plan.quantum().count(amount).is_whole()
        })
    };
    let place = periods.iter().zip(revenue).position(lies_between)?;
    let balances = formulation.origins().iter().filter(|own| own.kind == ReadingKind::Balance);
    let own = balances.cloned().nth(place);
    Some(own.unwrap_or_else(|| Origin::stage(&"rounding".into())))
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
    /// The proof is over the rows of this formulation.
    Infeasible(Box<Formulation>, Farkas),
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
                },
                explained: formulation.clone(),
                optimum,
                rounds: Vec::new(),
                face: program.clone(),
            }),
            Calibration::Infeasible(farkas) => {
                Err(Failure::Infeasible(Box::new(formulation.clone()), farkas))
            }
        };
    }
    let found = reached(formulation, start)?;
    if let Some(found) = explained(formulation, found) {
        return Ok(found);
    }
    let found = attempt(formulation, start, true)?;
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
    match attempt(formulation, start, false)? {
        Some(found) => Ok(found),
        None => attempt(formulation, start, true)?.ok_or_else(|| {
            unreachable!("exact duals describe the optimal answers, of which there is one")
        }),
    }
}

/// Solves the stages and the calibration; `None` where a proposal of the solver was not optimal.
fn attempt(
    formulation: &Formulation,
    start: &ActiveSet,
    sure: bool,
) -> Result<Option<Reached>, Failure> {
    let failure = |trouble| match trouble {
        Trouble::Unbounded(stage) => Failure::Unbounded(stage),
        Trouble::Infeasible(farkas, cuts) => {
            let mut cut = formulation.clone();
            for (origin, row) in cuts {
                cut.add(origin, row);
            }
            Failure::Infeasible(Box::new(cut), farkas)
        }
    };
    let staged: Staged = run(formulation, sure).map_err(failure)?;
    let (nearest, cuts) = match nearest_with_cuts(&staged.face, start) {
        Ok(found) => found,
        Err((farkas, cuts)) if staged.rounds.is_empty() => {
            return Err(failure(Trouble::Infeasible(farkas, cuts)));
        }
        Err(_) if !sure => return Ok(None),
        Err((farkas, cuts)) => return Err(failure(Trouble::Infeasible(farkas, cuts))),
    };
    debug_assert!(staged.attained(formulation, &nearest.amounts), "a face holds optima only");
    Ok(Some(Reached { staged, nearest, cuts }))
}

/// The answer with what limits and stages add to it; `None` where it is not the nearest.
fn explained(formulation: &Formulation, found: Reached) -> Option<Found> {
    let Reached { staged, nearest, .. } = found;
    let (explained, ties) = staged.explained(formulation, &nearest.amounts);
    let optimum =
        super::calibrate::explained(explained.program(), nearest.amounts, nearest.active)?;
    let told = ties.tell(&optimum.multipliers, &optimum.reduced);
    let evidence = Evidence { steps: staged.steps, told };
    Some(Found { explained, optimum, rounds: staged.rounds, face: staged.face, evidence })
}

/// Rounds what was found to whole figures; there are none where something stands `between` two.
fn publish(
    plan: &Plan,
    periods: &[Period],
    revenue: Vec<SettledPeriod>,
    formulation: &Formulation,
    found: Found,
    between: Option<Origin>,
) -> Outcome {
    let quantum = plan.quantum();
    let Found { explained, optimum, rounds, face, evidence } = found;
    let (published, relaxed, obstacle) = match between {
        Some(origin) => (None, Vec::new(), Some(origin)),
        None => whole(formulation, &optimum.amounts, quantum),
    };
    let down =
        |amount: &Amount| Money::from_big(&quantum.count(amount).floor()).unwrap_or_default();
    let published = published.unwrap_or_else(|| optimum.amounts.iter().map(down).collect());
    let published = formulation.cells(&published).to_vec();
    let exact = formulation.cells(&optimum.amounts).to_vec();
    let amounts: Vec<Amount> = match obstacle {
        None => published.iter().map(|money| quantum.amount(*money)).collect(),
        Some(_) => exact.clone(),
    };
    let levels = levels(plan, periods, &revenue);
    let allocation = Box::new(Allocation {
        readings: readings(plan, &amounts, &levels),
        pressures: pressures(&explained, &optimum.multipliers),
        own: formulation.cells(&optimum.reduced).to_vec(),
        chosen: optimum.chosen,
        relaxed,
        whole: obstacle.is_none(),
        rounds,
        face,
        origins: formulation.origins().to_vec(),
        decisions: formulation.decisions().to_vec(),
        active: optimum.active,
        evidence,
        proof: Err(Refusal::File("nothing was judged".into())),
        exact,
        published,
        periods: periods.to_vec(),
        revenue,
    });
    match obstacle {
        None => Outcome::Optimal(allocation),
        Some(origin) => Outcome::Unrounded(allocation, origin),
    }
}

fn levels(plan: &Plan, periods: &[Period], revenue: &[SettledPeriod]) -> RevenueLevels {
    let quantum = plan.quantum();
    let mut entries = HashMap::new();
    for (period, settled) in periods.iter().zip(revenue) {
        for (entry, money) in period.entries.iter().zip(&settled.published) {
            entries.insert(*entry, quantum.amount(*money));
        }
    }
    let totals = revenue.iter().map(|period| quantum.amount(period.total)).collect();
    RevenueLevels { totals, entries }
}

/// The published figures, the equalities kept to less than a quantum, and what stands in the way.
type Whole = (Option<Vec<Money>>, Vec<Origin>, Option<Origin>);

/// Rounds inside every hard row; soft limits that are met stay met where that can be.
fn whole(formulation: &Formulation, exact: &[Amount], quantum: crate::units::Quantum) -> Whole {
    let base = formulation.program();
    let (rows, curved) = met(formulation, exact);
    let mut kept = base.clone();
    kept.rows.extend(rows);
    kept.curved.extend(curved);
    let more = kept.rows.len() > base.rows.len() || kept.curved.len() > base.curved.len();
    let mut programs = vec![kept];
    if more {
        programs.push(base.clone());
    }
    let mut origins = formulation.origins().to_vec();
    let mut obstacle = None;
    for program in &mut programs {
        let curved = std::mem::take(&mut program.curved);
        program.rows.extend(curved.iter().map(|curved| curved.cut(exact)));
        for _ in 0..=WIDEST {
            match round(program, exact, quantum) {
                Rounding::Published { cells, relaxed } => {
                    let amounts: Vec<Amount> =
                        cells.iter().map(|money| quantum.amount(*money)).collect();
                    let is_broken = |curved: &&Curved| curved.value(&amounts) > curved.most;
                    let broken: Vec<&Curved> = curved.iter().filter(is_broken).collect();
                    if broken.is_empty() {
                        let named = relaxed.into_iter().filter_map(|row| origins.get(row).cloned());
                        return (Some(cells), named.collect(), None);
                    }
                    program.rows.extend(broken.iter().map(|curved| curved.cut(&amounts)));
                }
                Rounding::Unrounded { row } => {
                    obstacle = origins.get(row).cloned().or(obstacle);
                    break;
                }
            }
        }
    }
    let fallback = || base.curved.first().map(|curved| curved.origin.clone());
    let named = obstacle.or_else(fallback).or_else(|| origins.pop());
    (None, Vec::new(), Some(named.unwrap_or_else(|| Origin::stage(&"rounding".into()))))
}

/// How often a convex row that rounding broke is added and rounding tried again.
const WIDEST: usize = 20;

/// The soft limits that the exact answer meets, as rows that must hold.
fn met(formulation: &Formulation, exact: &[Amount]) -> (Vec<Row>, Vec<Curved>) {
    let (mut rows, mut curved) = (Vec::new(), Vec::new());
    let mut keep = |term: &Term, lower: Option<&Amount>, upper: Option<&Amount>| {
        let (lower, upper) = (lower.cloned(), upper.cloned());
        let (parts, own) = (term.parts.clone(), term.parts.len());
        match (&term.origin, upper) {
            (Some(origin), Some(most)) if !term.inner.is_empty() => {
                let (origin, terms) = (origin.clone(), Term::sum(&term.parts, &term.inner));
                curved.push(Curved { origin, terms, most });
            }
            (_, upper) => rows.push(Row { parts, own, lower, upper }),
        }
    };
    for stage in formulation.stages() {
        match &stage.objective {
            Objective::Sum(terms) => {
                let promises = terms.iter().filter(|term| term.origin.is_some());
                for term in promises.filter(|term| term.value(exact).is_zero()) {
                    let (kinks, slopes) = (term.curve.kinks(), term.curve.slopes());
                    let lower = slopes.first().filter(|slope| slope.is_negative());
                    let upper = slopes.last().filter(|slope| slope.is_positive());
                    keep(term, lower.and(kinks.first()), upper.and(kinks.last()));
                }
            }
            Objective::Largest(forms) => {
                for form in forms.iter().filter(|form| !form.value(exact).is_positive()) {
                    let most = -&form.constant;
                    let (parts, inner) = (form.parts.clone(), form.inner.clone());
                    let (curve, origin) = (Curve::identity(), Some(form.origin.clone()));
                    keep(&Term { parts, inner, curve, origin }, None, Some(&most));
                }
            }
        }
    }
    (rows, curved)
}
