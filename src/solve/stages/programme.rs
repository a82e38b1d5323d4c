//! The linear programme of a stage, and an exact optimal dual of it.

use super::super::curved::nearest_with_cuts;
use super::super::live::Start;
use super::super::problem::ActiveSet;
use super::super::proof::{Dual, NoDual, again, exact, proximal};
use super::super::simplex::{Refusal, columns, propose};
use super::super::trust::Source;
use super::Trouble;
use crate::formulate::{Linear, Objective, Program, StageForm};
use crate::units::{Amount, Id};

/// The programme of a stage, and an exact optimal dual of it.
///
/// Multipliers of an earlier solve that have the right signs still bound the stage. That they are
/// optimal is shown by amounts on the face that they describe: the answer itself, or the witness
/// of a stage with a `loss`.
pub(super) fn solve(
    program: &Program,
    stage: &StageForm,
    objective: &Objective,
    source: Source<'_>,
) -> Result<(Linear, Dual), Trouble> {
    let linear = Linear::new(program, objective);
    if let Source::Earlier(Some(known)) | Source::Given(known) = source
        && !known.stale
        && let Some(dual) = again(&linear, &known.rows)
    {
        return Ok((linear, Dual { basis: known.basis.clone(), ..dual }));
    }
    if matches!(source, Source::Given(_)) {
        return Err(Trouble::Stale);
    }
    // The rounds of a largest-of stage depend on which of several duals is taken: never on one before.
    let start = match objective {
        Objective::Sum(_) => source.basis().map_or(Start::Last, Start::Near),
        Objective::Largest(_) => Start::Cold,
    };
    let refused = match proposed(&linear, source, start) {
        Ok(dual) => return Ok((linear, dual)),
        Err(refused) => refused,
    };
    if matches!(source, Source::Earlier(_) | Source::Given(_)) {
        return Err(Trouble::Stale);
    }
    let mut start = match nearest_with_cuts(program, &ActiveSet::default()) {
        Ok((found, _)) => found.amounts,
        Err((farkas, cuts)) => return Err(Trouble::Infeasible(farkas, cuts)),
    };
    // There are amounts: where an earlier basis led astray, none may lead there.
    if refused == Refusal::Infeasible
        && let Ok(dual) = proposed(&linear, source, Start::Afresh)
    {
        return Ok((linear, dual));
    }
    if refused == Refusal::Unbounded {
        return Err(Trouble::Unbounded(stage.id.clone()));
    }
    start.resize(linear.columns.len(), Amount::ZERO);
    match proximal(&linear, &start) {
        Ok(dual) => Ok((linear, dual)),
        Err(NoDual::Unbounded) => Err(Trouble::Unbounded(stage.id.clone())),
        Err(NoDual::Infeasible(farkas)) => Err(Trouble::Infeasible(farkas, Vec::new())),
    }
}

/// An exact optimal dual from what a solver proposes, first from the basis of an earlier solve.
pub(crate) fn proposed(
    linear: &Linear,
    source: Source<'_>,
    start: Start<'_>,
) -> Result<Dual, Refusal> {
    if matches!(source, Source::Nothing) {
        return Err(Refusal::Other);
    }
    let proposal = propose(linear, start)?;
    match exact(linear, &proposal) {
        Some(dual) => Ok(dual),
        None if proposal.hot => {
            exact(linear, &propose(linear, Start::Afresh)?).ok_or(Refusal::Other)
        }
        None => Err(Refusal::Other),
    }
}

/// The least value of an objective on `program`, exactly, and whether equalities alone hold it there: then it
/// is the greatest as well.
pub(crate) fn optimum(
    program: &Program,
    id: &Id,
    objective: &Objective,
) -> Result<(Amount, bool), Trouble> {
    let stage = StageForm { id: id.clone(), objective: objective.clone(), loss: None, wish: false };
    let (linear, dual) = solve(program, &stage, objective, Source::Solver(None))?;
    let one = |lower: &Option<Amount>, upper: &Option<Amount>| lower.is_some() && lower == upper;
    let mut rows = linear.rows.iter().zip(&dual.rows);
    let mut columns = linear.columns.iter().zip(&dual.columns);
    let equal = rows.all(|(row, own)| own.is_zero() || one(&row.lower, &row.upper))
        && columns.all(|(column, own)| own.is_zero() || one(&column.lower, &column.upper));
    Ok((dual.bound, equal))
}

/// Where a programme in floats begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begin {
    /// From nothing: the same answer whatever came before.
    Cold,
    /// From the last one of this shape on this thread: of several optima it may find another.
    Last,
}

/// The columns of `program` at which `objective` is least, as far as floats go: nothing is proven of
/// them. `None` where there are none, or nothing stops the objective.
pub fn least_in_floats(program: &Program, objective: &Objective, begin: Begin) -> Option<Vec<f64>> {
    let start = if begin == Begin::Cold { Start::Cold } else { Start::Last };
    let mut found = columns(&Linear::new(program, objective), start)?;
    found.truncate(program.columns.len());
    Some(found)
}
