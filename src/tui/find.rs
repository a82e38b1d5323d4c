//! Finds lines and members by what a planner types.

use super::message::Command;
use super::model::{Model, Screen};
use crate::plan::Plan;
use crate::scenario::Picks;
use crate::units::MemberId;

/// The slice that a text names: `sector = GS, category = travel`, or members alone: `GS travel`.
///
/// # Errors
///
/// What is not known, and what is.
pub fn picks(plan: &Plan, text: &str) -> Result<Picks, String> {
    let mut found: Vec<(usize, MemberId)> = Vec::new();
    let parts: Vec<String> = if text.contains('=') || text.contains(',') {
        text.split(',').map(|part| part.trim().to_string()).collect()
    } else {
        words(text)
    };
    for part in parts.iter().filter(|part| !part.is_empty()) {
        let (dimension, member) = match part.split_once('=') {
            Some((dimension, member)) => (Some(dimension.trim()), member.trim()),
            None => (None, part.as_str()),
        };
        let step = step(plan, dimension, member.trim_matches(['"', '\'']))?;
        if found.iter().any(|(known, _)| *known == step.0) {
            let id = plan.dimensions()[step.0].id();
            return Err(format!("`{text}` names two members of {id}; name one"));
        }
        found.push(step);
    }
    found.sort_unstable();
    let named = |(d, m): &(usize, MemberId)| {
        let dimension = &plan.dimensions()[*d];
        (dimension.id().to_string(), dimension.member(*m).id.to_string())
    };
    Ok(found.iter().map(named).collect())
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(String::from).collect()
}

fn step(plan: &Plan, dimension: Option<&str>, member: &str) -> Result<(usize, MemberId), String> {
    let known = |id: &str| dimension.is_none_or(|wanted| same(wanted, id));
    let axes: Vec<usize> = (0..plan.dimensions().len())
        .filter(|place| known(plan.dimensions()[*place].id().as_str()))
        .collect();
    if axes.is_empty() {
        let ids: Vec<&str> = plan.dimensions().iter().map(|own| own.id().as_str()).collect();
        let wanted = dimension.unwrap_or_default();
        return Err(format!("there is no dimension `{wanted}`; there are {}", ids.join(", ")));
    }
    let fits = |test: &dyn Fn(&str, &str) -> bool| -> Vec<(usize, MemberId)> {
        let places = axes.iter().flat_map(|place| {
            let members = plan.dimensions()[*place].members().iter().enumerate();
            members.map(move |(at, own)| (*place, MemberId::new(at), own))
        });
        let fitting = places.filter(|(_, _, own)| test(own.id.as_str(), &own.title));
        fitting.map(|(place, at, _)| (place, at)).collect()
    };
    let begins = |text: &str| text.to_lowercase().starts_with(&member.to_lowercase());
    let exact = fits(&|id, title| same(id, member) || same(title, member));
    let found =
        if exact.is_empty() { fits(&|id, title| begins(id) || begins(title)) } else { exact };
    match found.as_slice() {
        [only] => Ok(*only),
        [] => Err(format!("there is no member `{member}`")),
        several => {
            let names: Vec<String> = several
                .iter()
                .map(|(place, at)| {
                    let own = &plan.dimensions()[*place];
                    format!("{} = {}", own.id(), own.member(*at).id)
                })
                .collect();
            Err(format!("`{member}` could be {}", names.join(" or ")))
        }
    }
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// The line of a screen, and the column of F1, that are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    row: usize,
    column: usize,
}

/// Where one is.
pub(super) fn place(model: &Model) -> Place {
    let row = match model.screen {
        Screen::Allocation => model.allocation.row,
        Screen::Limits => model.limits.row,
        Screen::Revenue => model.revenue.row,
        Screen::Transfers => model.transfers.row,
        Screen::Compare => model.compare.row,
        Screen::Explore => model.explore.row,
        Screen::Linkage => model.linkage.row,
    };
    Place { row, column: model.allocation.column }
}

/// Goes back to where one was.
pub(super) fn back(model: &mut Model, to: Place) -> Vec<Command> {
    model.say("");
    if place(model) == to {
        return Vec::new();
    }
    model.allocation.column = to.column;
    super::update::go_to(model, to.row)
}

/// Moves to the line that is typed, from where one was before.
pub(super) fn typed(model: &mut Model, text: &str, from: Place) -> Vec<Command> {
    let mut commands = back(model, from);
    commands.extend(seek(model, text, 0));
    commands
}

/// Stays at the line that was typed, unfolded where it has to be; without one, moves to the next.
pub(super) fn entered(model: &mut Model, text: String) -> Vec<Command> {
    if text.is_empty() {
        let sought = model.sought.clone();
        return seek(model, &sought, 1);
    }
    if model.screen == Screen::Allocation {
        super::allocation::unfold(model, &text);
    }
    model.sought = text;
    Vec::new()
}

/// Moves to the next line of the screen whose name holds `text`, at `skip` lines from the chosen
/// one or further.
fn seek(model: &mut Model, text: &str, skip: usize) -> Vec<Command> {
    let names: Vec<String> = match model.screen {
        Screen::Allocation => {
            model.allocation.grid.lines.iter().map(|line| line.name.clone()).collect()
        }
        Screen::Limits => {
            let rows = model.limits.rows.iter();
            rows.map(|row| format!("{} {}", row.title, row.tag())).collect()
        }
        Screen::Revenue => model.revenue.rows.iter().map(|row| row.title.clone()).collect(),
        Screen::Transfers => model.transfers.names(),
        Screen::Compare => model.compare.others.clone(),
        Screen::Explore => super::explore::names(model),
        Screen::Linkage => model.linkage.names(),
    };
    if text.trim().is_empty() || names.is_empty() {
        return Vec::new();
    }
    let now = place(model).row;
    let wanted = text.trim().to_lowercase();
    let turn = (0..names.len()).map(|step| (now + skip + step) % names.len());
    let found = turn.into_iter().find(|at| names[*at].to_lowercase().contains(&wanted));
    if let Some(at) = found {
        return super::update::go_to(model, at);
    }
    if model.screen == Screen::Allocation {
        super::allocation::elsewhere(model, text.trim());
    } else {
        model.warn(format!("no line here has `{}` in its name", text.trim()));
    }
    Vec::new()
}

/// How well `text` fits `name`, letter by letter in order; lower is better, `None` where it does not.
pub fn fuzzy(text: &str, name: &str) -> Option<usize> {
    let name: Vec<char> = name.to_lowercase().chars().collect();
    let mut at = 0;
    let mut cost = 0;
    for c in text.to_lowercase().chars().filter(|c| !c.is_whitespace()) {
        let step = name[at..].iter().position(|own| *own == c)?;
        let starts = at + step == 0 || name[at + step - 1] == ' ';
        cost += if starts || step == 0 { step.min(1) } else { step + 2 };
        at += step + 1;
    }
    Some(cost)
}

#[cfg(test)]
mod tests {
    use super::fuzzy;

    #[test]
    fn letters_in_order_fit_and_beginnings_of_words_fit_better() {
        assert_eq!(fuzzy("xyz", "undo"), None);
        assert!(fuzzy("undo", "undo the last edit") < fuzzy("undo", "up and down, on"));
        assert!(fuzzy("sl", "screen: limits") < fuzzy("sl", "is all"));
        assert_eq!(fuzzy("", "anything"), Some(0));
    }
}
