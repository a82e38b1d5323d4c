//! What each figure that varies does alone: the answer at both ends of what it usually is.

use super::below::Below;
use super::layout::label;
use super::origin::{Origin, Range};
use crate::plan::Plan;
use crate::report::{End, Swing};
use crate::scenario::slice_of;
use crate::solve::{ActiveSet, Conflict, Outcome, solve};
use crate::units::{Amount, CellId};

/// Solves the scenario with each figure at its low and at its high value, all else as the file has it,
/// and gives what the cells of the slice `of` come to: all cells where it is left out. The figure that
/// moves them most comes first, and before it those at whose ends limits clash.
///
/// # Errors
///
/// A slice that cannot be read, or a file that has no answer of its own.
pub(super) fn tornado(origin: &Origin, of: Option<&str>) -> Result<(Amount, Vec<Swing>), String> {
    let (mut below, resolved) = Below::open(&origin.name)?;
    let plan = &resolved.plan;
    let slice = slice_of(of.unwrap_or("all"), plan.dimensions());
    let cells = plan.select(&slice.map_err(|fault| format!("--of: {fault}"))?);
    let mut start = ActiveSet::default();
    let End::Amount(base) = end(plan, &cells, &mut start) else {
        return Err(format!("`{}` has no answer to begin with", origin.name));
    };
    let mut swings = Vec::new();
    for range in &origin.ranges {
        let (low, high) = &range.usual;
        let mut at = |value: &Amount| match given(&mut below, origin, range, value) {
            Ok(plan) => end(&plan, &cells, &mut start),
            Err(why) => End::None(why),
        };
        let ends = (at(low), at(high));
        swings.push(Swing {
            figure: range.varied.name(),
            values: (shown(range, low), shown(range, high)),
            ends,
        });
    }
    swings.sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| a.figure.cmp(&b.figure)));
    Ok((base, swings))
}

/// Those without a swing first, then the greatest.
fn order(swing: &Swing) -> (bool, std::cmp::Reverse<Amount>) {
    let width = swing.width();
    (width.is_some(), std::cmp::Reverse(width.unwrap_or_default()))
}

/// The value as the file states it.
fn shown(range: &Range, value: &Amount) -> String {
    range.varied.stated(value).trim_matches('"').to_string()
}

/// The plan in which one figure has a value.
fn given(
    below: &mut Below,
    origin: &Origin,
    range: &Range,
    value: &Amount,
) -> Result<Plan, String> {
    let design = &origin.resolved.design;
    let text = design.alone(&below.base, &below.title, range.figure, value);
    below.resolved(&text)
}

/// What some cells come to, exactly.
fn end(plan: &Plan, cells: &[CellId], start: &mut ActiveSet) -> End {
    match solve(plan, start) {
        Outcome::Optimal(own) | Outcome::Unrounded(own, _) => {
            let sum = cells.iter().map(|cell| &own.exact[cell.index()]).sum();
            *start = own.active;
            End::Amount(sum)
        }
        Outcome::Infeasible(conflict) => End::None(clash(&conflict)),
        Outcome::Unbounded(_) | Outcome::Stopped(_) => End::None("there is no answer".into()),
    }
}

/// The limits that cannot hold together.
fn clash(conflict: &Conflict) -> String {
    let parts = conflict.parts.iter();
    let names = parts.map(|part| label(part.origin.id.as_str(), &part.origin.member));
    names.collect::<Vec<_>>().join("; ")
}
