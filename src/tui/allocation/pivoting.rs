//! Choosing what makes rows, columns and filters.

use super::Allocation;
use super::update::neighbour;
use crate::plan::{Axis, Level, Plan};
use crate::tui::answer::Answer;
use crate::tui::keys::{Code, Key};
use crate::tui::message::Command;
use crate::tui::model::Model;
use crate::tui::overlay::Overlay;
use crate::tui::pivot::Pivot;
use crate::units::{MemberId, display_safe};

/// Rows become columns, and columns rows.
pub(super) fn swap(screen: &mut Allocation) {
    let Some(pivot) = &mut screen.pivot else { return };
    let Some(axis) = pivot.columns else { return };
    let first = pivot.rows.remove(0);
    pivot.columns = Some(Axis { dimension: first, level: Level::Leaves });
    pivot.rows.insert(0, axis.dimension);
    pivot.open.clear();
    screen.row = 0;
    screen.column = usize::MAX;
}

/// Filters the first dimension that makes neither rows nor columns to its next member.
pub(super) fn next_filter(screen: &mut Allocation, answer: &Answer, forward: bool) {
    let Some(pivot) = &mut screen.pivot else { return };
    let free = (0..pivot.filters.len()).find(|place| is_filter(pivot, *place));
    if let Some(place) = free {
        step_filter(pivot, &answer.plan, place, forward);
    }
}

fn is_filter(pivot: &Pivot, place: usize) -> bool {
    !pivot.rows.contains(&place) && pivot.columns.is_none_or(|axis| axis.dimension != place)
}

fn step_filter(pivot: &mut Pivot, plan: &Plan, place: usize, forward: bool) {
    let members: Vec<MemberId> =
        (0..plan.dimensions()[place].members().len()).map(MemberId::new).collect();
    pivot.filters[place] = neighbour(&members, pivot.filters[place], forward);
}

/// One line a dimension: its name, and what it makes.
pub fn lines(plan: &Plan, pivot: &Pivot) -> Vec<(String, String)> {
    let line = |(place, dimension): (usize, &crate::plan::Dimension)| {
        let name = display_safe(dimension.title());
        let filter = pivot.filters[place]
            .map(|member| format!("only {}", display_safe(&dimension.member(member).title)));
        let makes = match pivot.rows.iter().position(|row| *row == place) {
            Some(at) => format!("rows, {} of {}", at + 1, pivot.rows.len()),
            None => match pivot.columns.filter(|axis| axis.dimension == place) {
                Some(axis) => format!("columns{}", level_text(dimension, axis.level)),
                None => "filter".into(),
            },
        };
        (name, [Some(makes), filter].into_iter().flatten().collect::<Vec<_>>().join(" · "))
    };
    plan.dimensions().iter().enumerate().map(line).collect()
}

fn level_text(dimension: &crate::plan::Dimension, level: Level) -> String {
    let name = match level {
        Level::Leaves => dimension.levels().last().map(ToString::to_string),
        Level::Depth(depth) => Some(
            dimension
                .levels()
                .get(depth)
                .map_or_else(|| format!("level {}", depth + 1), ToString::to_string),
        ),
    };
    name.map_or_else(String::new, |name| format!(" by {name}"))
}

/// Does what a key does in the list of dimensions.
pub fn key(model: &mut Model, at: usize, key: Key) -> Vec<Command> {
    let Some(answer) = model.answer.clone() else { return Vec::new() };
    let count = answer.plan.dimensions().len();
    let at = at.min(count.saturating_sub(1));
    let next = match key.code {
        Code::Esc | Code::Enter | Code::Char('p' | 'q') => return Vec::new(),
        Code::Up => at.saturating_sub(1),
        Code::Down => (at + 1).min(count.saturating_sub(1)),
        code => {
            change(&mut model.allocation, &answer, at, code);
            super::refresh(model);
            at
        }
    };
    model.overlay = Some(Overlay::Pivot { at: next });
    Vec::new()
}

fn change(screen: &mut Allocation, answer: &Answer, at: usize, code: Code) {
    let Some(pivot) = &mut screen.pivot else { return };
    let plan = &answer.plan;
    match code {
        Code::Left => step_filter(pivot, plan, at, false),
        Code::Right => step_filter(pivot, plan, at, true),
        Code::Char('r') => {
            // What makes rows already comes to the front; `f` takes it out.
            if let Some(place) = pivot.rows.iter().position(|row| *row == at) {
                let own = pivot.rows.remove(place);
                pivot.rows.insert(0, own);
            } else {
                pivot.columns = pivot.columns.filter(|axis| axis.dimension != at);
                pivot.rows.push(at);
            }
            pivot.open.clear();
            (screen.row, screen.column) = (0, usize::MAX);
        }
        Code::Char('c') => {
            pivot.columns = next_columns(pivot, plan, at);
            pivot.rows.retain(|row| *row != at);
            if pivot.rows.is_empty() {
                let other = (0..pivot.filters.len()).find(|place| *place != at);
                pivot.rows.extend(other);
            }
            if pivot.rows.is_empty() {
                pivot.columns = None;
                pivot.rows.push(at);
            }
            pivot.open.clear();
            (screen.row, screen.column) = (0, usize::MAX);
        }
        Code::Char('f') => {
            let lone = pivot.rows == [at];
            if !lone {
                pivot.rows.retain(|row| *row != at);
            }
            pivot.columns = pivot.columns.filter(|axis| axis.dimension != at);
            pivot.open.clear();
            (screen.row, screen.column) = (0, usize::MAX);
        }
        _ => {}
    }
}

/// The columns after `c` on a dimension: its leaves, then each level above them, then none.
fn next_columns(pivot: &Pivot, plan: &Plan, at: usize) -> Option<Axis> {
    let dimension = &plan.dimensions()[at];
    let deepest = dimension.members().iter().map(crate::plan::Member::depth).max().unwrap_or(0);
    let level = match pivot.columns.filter(|axis| axis.dimension == at).map(|axis| axis.level) {
        None => Level::Leaves,
        Some(Level::Leaves) => Level::Depth(deepest.checked_sub(1)?),
        Some(Level::Depth(depth)) => Level::Depth(depth.checked_sub(1)?),
    };
    Some(Axis { dimension: at, level })
}
