//! Ways to an answer from what is known of the stages of another one.

use super::super::problem::{ActiveSet, Known};
use super::super::stages::Enough;
use super::super::trust::Trust;
use super::{Failure, Reached, attempt};
use crate::formulate::Formulation;

/// What is reached where the multipliers of the first stage are looked for anew, from where it was solved, or else those of
/// all stages after it: as often as not the others stay what they were.
///
/// # Errors
///
/// What is known of the stages then.
pub(super) fn in_part(
    formulation: &Formulation,
    start: &ActiveSet,
    enough: Enough<'_>,
) -> Result<Reached, Vec<Known>> {
    let mut known = start.stages.clone();
    let pushes = |own: &Known| !own.rows.is_empty();
    let again = |known: &[Known]| {
        let found = attempt(formulation, start, Trust::Earlier(known), enough);
        found.unwrap_or_else(|_| Err(Vec::new()))
    };
    let Some(first) = known.iter().position(pushes) else { return Err(known) };
    known[first].stale = true;
    let found = match again(&known) {
        Ok(found) => return Ok(found),
        Err(found) => found,
    };
    let Some(anew) = found.get(first) else { return Err(known) };
    known[first].clone_from(anew);
    let mut later = known.iter_mut().skip(first + 1).filter(|own| pushes(own)).peekable();
    if later.peek().is_none() {
        return Err(known);
    }
    later.for_each(|own| own.stale = true);
    again(&known).map_err(|found| if found.is_empty() { known } else { found })
}

/// What is reached where every open decision stands where it would rather, or else where a solver puts it at once;
/// `None` where that does not lead to an answer, or there is no such decision.
pub(crate) fn wishing(
    formulation: &Formulation,
    start: &ActiveSet,
    enough: Enough<'_>,
) -> Result<Option<Reached>, Failure> {
    let wishes = formulation.stages().iter().filter(|stage| stage.wish).count();
    if wishes == 0 {
        return Ok(None);
    }
    let mut known = match attempt(formulation, start, Trust::Wishes(&start.stages), enough)? {
        Ok(found) => return Ok(Some(found)),
        Err(known) => known,
    };
    known.truncate(known.len().saturating_sub(wishes));
    Ok(attempt(formulation, start, Trust::Earlier(&known), enough).ok().and_then(Result::ok))
}
