//! The exact answer of a plan, not published: what a question about a changed plan needs.

use std::sync::Arc;

use num_bigint::BigInt;

use super::answer::{Failure, Reached, attempt, reached, wishing};
use super::calibrate::Nearest;
use super::presses::Presses;
use super::settle::{Settlement, open, settle, wished};
use super::stages::{Begin, Staged, least_in_floats};
use super::trust::Trust;
use super::{ActiveSet, SettledPeriod};
use crate::formulate::{Formulation, Objective, PeriodRevenue, Program, formulate};
use crate::plan::{Limit, Plan, ReadingKind, Strength};
use crate::units::{Amount, Denominator, Id, denominator, over};

/// The exact answer of a plan.
#[derive(Debug, Clone)]
pub struct Exact {
    /// The amount of each cell, in plan units.
    pub amounts: Arc<[Amount]>,
    /// What each linear stage reached, in order.
    pub stages: Vec<StageLevel>,
    /// What the calibration makes least, `1/2 * sum (x - b)^2 / w`, in plan units.
    pub distance: Amount,
    /// The published revenue of each period, in plan units.
    pub revenue: Vec<Amount>,
    /// The working set to start another solve from.
    pub active: ActiveSet,
    /// How hard each rule presses on it.
    pub presses: Presses,
    /// The programme that was calibrated, with the supports of its convex rows at the end.
    pub(super) straight: Program,
    /// How many of its rows are no such supports.
    pub(super) rows: usize,
    /// The multiplier of each of its rows.
    pub(super) y: Vec<Amount>,
    /// The amount of each of its columns.
    pub(super) columns: Vec<Amount>,
}

/// What one linear stage reached: as a minimisation, one value a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageLevel {
    /// The stage.
    pub stage: Id,
    /// The optimum of each round of it; a stage that is a sum has one.
    pub values: Vec<Amount>,
}

/// Why a plan has no exact answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoAnswer {
    /// Its limits cannot hold together.
    Infeasible,
    /// The objective of a stage has no end.
    Unbounded(Id),
}

/// Finds the exact answer of `plan`, starting from `start`: it does not depend on it, only the
/// time does.
///
/// # Errors
///
/// Why there is none.
pub fn exact(plan: &Plan, start: &ActiveSet) -> Result<Exact, NoAnswer> {
    found(plan, start, true)
}

/// The same, without how hard each rule presses on it: all that a step of a bound needs.
///
/// # Errors
///
/// Why there is none.
pub fn stepped(plan: &Plan, start: &ActiveSet) -> Result<Exact, NoAnswer> {
    found(plan, &start.moved().crowded(), false)
}

/// The exact answer of `plan` without a limit or a hold, starting from what the answer with it, `exact`, leaned on.
///
/// # Errors
///
/// Why there is none.
pub fn without(
    plan: &Plan,
    (kind, id): (ReadingKind, &Id),
    exact: &Exact,
) -> Result<Exact, NoAnswer> {
    let start = &exact.active;
    if plan.lumps().is_empty() {
        let loose = plan.loosened(kind, id);
        // What is missed of a soft limit is in the objectives, and what proved these says little of it where it
        // pressed there.
        let own = |limit: &Limit| kind == ReadingKind::Limit && limit.id == *id;
        let limit = plan.limits().iter().find(|limit| own(limit));
        let soft = limit.is_some_and(|limit| limit.strength != Strength::Hard);
        let pressed = soft && exact.presses.on_stages(kind, id);
        let start = if pressed { start.loosened() } else { start.moved() };
        let found = within_reach(&loose, &start.crowded());
        if let Ok((revenue, formulation, reached)) = found
            && !formulation.misses(id, reached.amounts())
        {
            return Ok(Exact::new(plan, &revenue, &formulation, reached, false));
        }
    }
    stepped(&plan.without(kind, id), &start.elsewhere())
}

/// The exact amounts of `plan`, its published revenue by period, and the working set to start the whole
/// solve from. Lines of all or nothing are to be decided before.
///
/// # Errors
///
/// Why there are none.
pub fn calibrated(
    plan: &Plan,
    start: &ActiveSet,
) -> Result<(Vec<Amount>, Vec<Amount>, ActiveSet), NoAnswer> {
    let (revenue, formulation, reached) = within_reach(plan, start)?;
    let total = |settled: &SettledPeriod| plan.quantum().amount(settled.total);
    let amounts = formulation.cells(reached.amounts()).to_vec();
    Ok((amounts, revenue.iter().map(total).collect(), reached.active()))
}

/// What the exact answer of `plan` leans on, its decisions where the stages put them, where what a solver
/// proposes leads there at once. Nothing where it does not: near the edge of what can be had the way to an
/// answer, or to none, may be very long. Lines of all or nothing are to be decided before.
pub fn at_once(plan: &Plan) -> Option<ActiveSet> {
    let formulation = wished(plan, &plan.periods());
    let (start, all) = (ActiveSet::default(), |_: &Staged| false);
    let found = match attempt(&formulation, &start, Trust::Earlier(&[]), &all).ok()? {
        Ok(found) => found,
        Err(_) => wishing(&formulation, &start, &all).ok()??,
    };
    Some(found.active())
}

/// Whether floats find amounts that keep every limit of `plan`; lines of all or nothing may be in between.
/// Where they find none there may still be some by a hair.
pub fn may_hold(plan: &Plan) -> bool {
    let nothing = Objective::Sum([].into());
    least_in_floats(open(plan).program(), &nothing, Begin::Cold).is_some()
}

fn found(plan: &Plan, start: &ActiveSet, presses: bool) -> Result<Exact, NoAnswer> {
    if !plan.lumps().is_empty() {
        let (plan, covering) = super::decide::decided(plan, start.lumps.as_deref())?;
        let mut found = found(&plan, start, presses)?;
        found.active.lumps = Some(covering);
        return Ok(found);
    }
    let (revenue, formulation, reached) = within_reach(plan, start)?;
    Ok(Exact::new(plan, &revenue, &formulation, reached, presses))
}

/// What the stages and the calibration reach for a plan without lumps to decide.
fn within_reach(
    plan: &Plan,
    start: &ActiveSet,
) -> Result<(Vec<SettledPeriod>, Formulation, Reached), NoAnswer> {
    let periods = plan.periods();
    let failed = |failure| match failure {
        Failure::Infeasible(..) => NoAnswer::Infeasible,
        Failure::Unbounded(stage) => NoAnswer::Unbounded(stage),
    };
    Ok(match settle(plan, &periods, start) {
        Settlement::Settled(revenue, _) => {
            let settled: Vec<PeriodRevenue> = periods
                .iter()
                .zip(&revenue)
                .map(|(period, settled)| settled.as_revenue(period, plan.quantum()))
                .collect();
            let formulation = formulate(plan, &periods, &settled);
            let found = reached(&formulation, start).map_err(failed)?;
            (revenue, formulation, found)
        }
        Settlement::Reached(revenue, both) => (revenue, both.0, both.1),
        Settlement::Infeasible(_) => return Err(NoAnswer::Infeasible),
        Settlement::Unbounded(stage) => return Err(NoAnswer::Unbounded(stage)),
    })
}

impl Exact {
    fn new(
        plan: &Plan,
        revenue: &[SettledPeriod],
        formulation: &Formulation,
        reached: Reached,
        presses: bool,
    ) -> Self {
        let (staged, nearest, cuts) = reached.parts();
        let Nearest { amounts: columns, y, active } = nearest;
        let active = ActiveSet { stages: staged.known().to_vec(), ..active };
        let presses =
            if presses { Presses::new(formulation, &staged, &y) } else { Presses::default() };
        let amounts: Arc<[Amount]> = formulation.cells(&columns).into();
        let mut straight = staged.face;
        let rows = straight.rows.len();
        straight.rows.extend(cuts.into_iter().map(|cut| cut.row));
        let mut stages: Vec<StageLevel> = Vec::new();
        for round in staged.rounds {
            match stages.last_mut() {
                Some(last) if round.number > 1 && last.stage == round.stage => {
                    last.values.push(round.bound);
                }
                _ => stages.push(StageLevel { stage: round.stage, values: vec![round.bound] }),
            }
        }
        let total = |settled: &SettledPeriod| plan.quantum().amount(settled.total);
        let cells = plan.cells().len();
        let distance = leant(&straight, cells, (&columns, &y, &active));
        debug_assert_eq!(distance, self::distance(plan, &amounts));
        Self {
            distance,
            revenue: revenue.iter().map(total).collect(),
            amounts,
            stages,
            active,
            presses,
            straight,
            rows,
            y,
            columns,
        }
    }
}

/// `1/2 * sum (x - b)^2 / w` over the first `cells` columns of a programme, from what its answer leans on: where
/// rows alone push a cell, `(x - b) / w = sum a_i y_i`, and the sum of `a_i (x - b)` over those is what
/// the bound of the row leaves to them. Long fractions are in the multipliers only.
fn leant(
    program: &Program,
    cells: usize,
    (columns, y, active): (&[Amount], &[Amount], &ActiveSet),
) -> Amount {
    let mut free: Vec<bool> = (0..columns.len()).map(|column| column < cells).collect();
    let mut twice = Amount::ZERO;
    for (column, _) in &active.columns {
        free[*column] = false;
        let own = &program.columns[*column];
        if *column < cells && !own.weight.is_zero() {
            let change = &columns[*column] - &own.baseline;
            twice += &(&(&change * &change) / &own.weight);
        }
    }
    let pushing = program.rows.iter().zip(y).filter(|(_, multiplier)| !multiplier.is_zero());
    let gains = pushing.map(|(row, multiplier)| {
        let side = if multiplier.is_positive() { &row.lower } else { &row.upper };
        let rest = row.parts.terms().iter().map(|(column, value)| {
            let own = &program.columns[*column];
            value * if free[*column] { &own.baseline } else { &columns[*column] }
        });
        let rest: Amount = rest.sum();
        let bound = side.as_ref().unwrap_or_else(|| unreachable!("a row pushes from a bound"));
        multiplier * &(bound - &rest)
    });
    &(&twice + &gains.sum()) * &Amount::ratio(1, 2)
}

/// `1/2 * sum (x - b)^2 / w` over the cells that can move, in plan units: summed over one
/// denominator, which is not brought to lowest terms.
pub(super) fn distance(plan: &Plan, amounts: &[Amount]) -> Amount {
    let moving = plan.cells().iter().zip(amounts).filter(|(cell, _)| !cell.weight().is_zero());
    let (changes, parts): (Vec<Amount>, Vec<Amount>) = moving
        .map(|(cell, amount)| (amount - &cell.baseline, &Amount::ONE / &cell.weight()))
        .unzip();
    let (common, per) = (denominator(changes.iter()), denominator(parts.iter()));
    let pairs = over(changes.iter(), &common).into_iter().zip(over(parts.iter(), &per));
    let twice: BigInt = pairs.map(|(change, part)| &change * &change * part).sum();
    Denominator::new(&common * &common * per * 2).amount(twice)
}
