//! Finds lines that are folded, columns, and members that make neither, by their names.

use super::Allocation;
use crate::plan::{Member, Plan};
use crate::tui::model::Model;
use crate::tui::pivot::Path;
use crate::units::{MemberId, display_safe};

/// What is sought where no line that is shown has it in its name: chooses a column, or says where
/// it is.
pub fn elsewhere(model: &mut Model, text: &str) {
    let Some(answer) = model.answer.clone() else { return };
    let plan = &answer.plan;
    if let Some(column) = column(&model.allocation, plan, text) {
        model.allocation.column = column;
        super::explain(model);
        return;
    }
    let screen = &model.allocation;
    if let Some(path) = folded(screen, plan, text) {
        let names: Vec<String> = path.iter().map(|step| name(plan, *step)).collect();
        model.say(format!("folded: {}; ⏎ unfolds it", names.join(" ▸ ")));
    } else if let Some((dimension, member)) = other(screen, plan, text) {
        let (title, of) = (name(plan, (dimension, member)), plan.dimensions()[dimension].title());
        let of = display_safe(of);
        model.say(format!("{title} is of {of}, which makes no lines here: p, then r on it"));
    } else {
        model.warn(format!("no line here has `{text}` in its name"));
    }
}

/// Unfolds the first line with `text` in its name, and chooses it, where no line that is shown has.
pub fn unfold(model: &mut Model, text: &str) {
    let Some(answer) = model.answer.clone() else { return };
    let shown = model.allocation.grid.lines.iter().any(|line| fits(&line.name, text));
    if shown || column(&model.allocation, &answer.plan, text).is_some() {
        return;
    }
    let Some(path) = folded(&model.allocation, &answer.plan, text) else { return };
    if let Some(pivot) = &mut model.allocation.pivot {
        pivot.open.extend((1..path.len()).map(|depth| path[..depth].to_vec()));
    }
    super::refresh(model);
    let found = model.allocation.grid.lines.iter().position(|line| line.path == path);
    if let Some(row) = found {
        model.allocation.row = row;
        super::explain(model);
        model.say("");
    } else {
        model.warn("that line is not among those that F shows");
    }
}

fn fits(name: &str, text: &str) -> bool {
    name.to_lowercase().contains(&text.to_lowercase())
}

fn name(plan: &Plan, (dimension, member): (usize, MemberId)) -> String {
    display_safe(&plan.dimensions()[dimension].member(member).title)
}

/// The column of a member that has `text` in its name.
fn column(screen: &Allocation, plan: &Plan, text: &str) -> Option<usize> {
    let axis = screen.pivot.as_ref()?.columns?;
    let own = &plan.dimensions()[axis.dimension];
    screen.grid.columns.iter().position(|member| {
        let named = |member| {
            let member: &Member = own.member(member);
            fits(member.id.as_str(), text) || fits(&member.title, text)
        };
        member.is_some_and(named)
    })
}

fn folded(screen: &Allocation, plan: &Plan, text: &str) -> Option<Path> {
    let pivot = screen.pivot.as_ref()?;
    pivot.find(plan, &|member| fits(&member.title, text) || fits(member.id.as_str(), text))
}

/// A member of a dimension that makes neither lines nor columns.
fn other(screen: &Allocation, plan: &Plan, text: &str) -> Option<(usize, MemberId)> {
    let pivot = screen.pivot.as_ref()?;
    let free = |place: &usize| {
        !pivot.rows.contains(place) && pivot.columns.is_none_or(|axis| axis.dimension != *place)
    };
    (0..plan.dimensions().len()).filter(free).find_map(|place| {
        let members = plan.dimensions()[place].members();
        let at =
            members.iter().position(|own| fits(&own.title, text) || fits(own.id.as_str(), text))?;
        Some((place, MemberId::new(at)))
    })
}
