//! The line above the grid: what is shown, and what makes rows, columns and filters.

use super::{Against, Allocation, Kept, Order};
use crate::plan::Plan;
use crate::tui::pivot::Pivot;
use crate::units::display_safe;

/// What makes rows, columns and filters: by titles, or shorter, by ids and without filters that leave all.
pub(super) fn text(plan: &Plan, pivot: &Pivot, screen: &Allocation, titles: bool) -> String {
    let name = |place: usize| {
        let own = &plan.dimensions()[place];
        display_safe(if titles { own.title() } else { own.id().as_str() })
    };
    let rows: Vec<String> = pivot.rows.iter().map(|place| name(*place)).collect();
    let columns = pivot.columns.map_or("none".into(), |axis| name(axis.dimension));
    let filters = pivot.filters.iter().enumerate().filter_map(|(place, member)| {
        let used = pivot.rows.contains(&place)
            || pivot.columns.is_some_and(|axis| axis.dimension == place);
        match member {
            Some(member) => {
                let member = plan.dimensions()[place].member(*member);
                let own = if titles { member.title.as_str() } else { member.id.as_str() };
                Some(format!("{} = {}", name(place), display_safe(own)))
            }
            None if used => None,
            None => titles.then(|| format!("{} = all", name(place))),
        }
    });
    let filters: Vec<String> = filters.collect();
    let filter = if filters.is_empty() {
        String::new()
    } else {
        format!("   filter {}", filters.join(", "))
    };
    let rows = rows.join(" ▸ ");
    let shown = shown(plan, pivot, screen);
    format!(" {shown} · {}   rows {rows}   columns {columns}{filter}", plan.unit())
}

/// What is shown, and how that differs from what one sees at first.
fn shown(plan: &Plan, pivot: &Pivot, screen: &Allocation) -> String {
    let mut parts = vec![screen.shown.word().to_string()];
    if screen.kept != Kept::All {
        parts.push(format!("only {}", screen.kept.word()));
    }
    if screen.order != Order::Declared {
        parts.push(order(plan, pivot, screen));
    }
    if screen.against != Against::Baseline {
        parts.push(format!("Δ against {}", screen.against.word()));
    }
    parts.join(", ")
}

/// The order of lines, with the column that they are ordered by.
fn order(plan: &Plan, pivot: &Pivot, screen: &Allocation) -> String {
    if screen.order != Order::Column {
        return screen.order.word().into();
    }
    let member = screen.grid.columns.get(screen.by).copied().flatten();
    let id = pivot.columns.zip(member).map(|(axis, member)| {
        display_safe(plan.dimensions()[axis.dimension].member(member).id.as_str())
    });
    format!("by {}", id.unwrap_or_else(|| "Total".into()))
}
