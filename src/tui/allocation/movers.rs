//! Who gained and who lost between two answers.

use crate::tui::answer::{Answer, Seen};
use crate::tui::pivot::Pivot;
use crate::units::{Amount, display_safe};

/// The lines that gained or lost most between two answers: gains first, each with its change. A
/// line is a leaf of the first rows in a column.
pub(super) fn movers(
    pivot: Option<&Pivot>,
    before: &Answer,
    now: &Seen<'_>,
) -> Vec<(String, Amount)> {
    let Some(pivot) = pivot else { return Vec::new() };
    if before.amounts.len() != now.amounts.len() {
        return Vec::new();
    }
    let plan = now.plan;
    let leaf = |dimension| crate::plan::Axis { dimension, level: crate::plan::Level::Leaves };
    let mut axes: Vec<crate::plan::Axis> = pivot.rows.iter().take(1).map(|d| leaf(*d)).collect();
    axes.extend(pivot.columns.map(|axis| leaf(axis.dimension)));
    let all = crate::plan::Slice::all(plan.dimensions().len());
    let mut moved: Vec<(String, Amount)> = plan
        .groups(&all, &axes)
        .iter()
        .map(|group| {
            let name = display_safe(&plan.key_text(&axes, group));
            (name, &now.sum(&group.cells) - &before.sum(&group.cells))
        })
        .filter(|(_, change)| !change.is_zero())
        .collect();
    moved.sort_by(|a, b| b.1.cmp(&a.1));
    moved
}
