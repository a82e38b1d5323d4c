//! What an answer claims, and what that is stated over.

use super::SettledPeriod;
use crate::certify::{self, Multipliers, Optimal, Refusal, Statement};
use crate::plan::{Period, Plan, Stage};
use crate::units::Amount;

/// What the proof of an answer will be stated over, as far as the plan tells before it is solved.
pub(crate) fn ahead(plan: &Plan) -> Option<Statement> {
    let known = certify::decisions(plan);
    if known.is_empty() {
        return Some(Statement::published(plan, &[]));
    }
    let staged = plan.stages().iter().any(Stage::is_linear);
    staged.then(|| Statement::open(plan, &certify::ranges(plan, &known)))
}

/// The amounts that an answer claims to be the best, without a proof: those of the cells, and of
/// the decisions, which may be `open` unknowns of the stages.
pub(crate) fn claim(
    plan: &Plan,
    periods: &[Period],
    revenue: &[SettledPeriod],
    (exact, open): (&[Amount], bool),
) -> Optimal {
    let stated = |(line, at): &(usize, usize)| plan.revenue()[*line].entries[*at].is_decision();
    let pairs = periods.iter().zip(revenue);
    let pairs = pairs.flat_map(|(period, revenue)| period.entries.iter().zip(&revenue.exact));
    let decided = pairs.filter(|(entry, _)| stated(entry)).map(|(_, amount)| amount.clone());
    Optimal {
        decisions: decided.collect(),
        open,
        exact: exact.to_vec(),
        stages: Vec::new(),
        calibration: Multipliers::default(),
        pressures: Multipliers::default(),
        cases: Vec::new(),
        moved: Vec::new(),
    }
}

/// What a claim is stated over: what was read `ahead`, where that is it.
///
/// # Errors
///
/// The plan, read once more, has other conditions.
pub(crate) fn stated(
    plan: &Plan,
    claim: &Optimal,
    ahead: Option<Statement>,
) -> Result<Statement, Refusal> {
    let count = claim.exact.len() + if claim.open { claim.decisions.len() } else { 0 };
    let same = |known: &Statement| known.columns.len() == count;
    let read = || certify::statement(plan, claim).ok().filter(same);
    ahead.filter(same).or_else(read).ok_or_else(differs)
}

pub(super) fn differs() -> Refusal {
    Refusal::File("the plan, read once more, has other conditions".into())
}
