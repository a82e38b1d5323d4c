//! The limits screen: every limit as a gauge between its bounds, binding ones first.

mod drag;
mod prices;
mod rows;
mod view;

use std::sync::Arc;

pub use drag::Grab;
pub(super) use drag::dragged;
pub(super) use prices::{ask, hold_price};
pub use rows::{Row, Side};
pub use view::view;

use super::action::Action;
use super::advice::{Asked, Question};
use super::answer::{Answer, Clashes};
use super::editing;
use super::message::Command;
use super::model::Model;
use super::overlay::{self, Field, Overlay, Prompt, Purpose};
use crate::plan::Plan;
use crate::scenario::{Amendment, Level, Picks};
use crate::units::Amount;

/// What the limits screen knows.
#[derive(Debug, Default)]
pub struct Limits {
    /// One row a limit and member, binding ones first; those that are switched off last.
    pub rows: Vec<Row>,
    /// The chosen row.
    pub row: usize,
    /// The bound that is held with the mouse.
    pub grab: Option<Grab>,
    /// What was asked.
    asked: Option<Asked>,
}

impl Limits {
    /// Takes over a new answer, and the targets that the scenario has taken out.
    pub fn answer(&mut self, answer: &Arc<Answer>, removed: &[String]) {
        let chosen = self.rows.get(self.row).map(|row| (row.id.clone(), row.member.clone()));
        self.rows = rows::rows(answer, removed);
        let same = |row: &Row| {
            chosen.as_ref().is_some_and(|(id, member)| row.id == *id && row.member == *member)
        };
        let last = self.rows.len().saturating_sub(1);
        self.row = self.rows.iter().position(same).unwrap_or(self.row).min(last);
    }
}

impl Limits {
    /// Takes over the limits of a plan that has no allocation, with the bounds that it states.
    pub fn clash(&mut self, clashes: &Clashes, removed: &[String]) {
        self.rows = rows::stated(clashes, removed);
        self.row = self.row.min(self.rows.len().saturating_sub(1));
    }
}

/// Does an action of this screen.
pub fn update(model: &mut Model, action: Action) -> Vec<Command> {
    let page = usize::from(model.size.1).saturating_sub(9).max(1);
    let last = model.limits.rows.len().saturating_sub(1);
    let row = model.limits.row;
    match action {
        Action::Type => return type_bound(model, ""),
        Action::Switch => return switch(model),
        Action::NewLimit => return new_limit(model),
        Action::Why => return why(model),
        Action::Left => return nudge(model, -1),
        Action::Right => return nudge(model, 1),
        Action::Up => model.limits.row = row.saturating_sub(1),
        Action::Down => model.limits.row = (row + 1).min(last),
        Action::PageUp => model.limits.row = row.saturating_sub(page),
        Action::PageDown => model.limits.row = (row + page).min(last),
        Action::First => model.limits.row = 0,
        Action::Last => model.limits.row = last,
        _ => {}
    }
    Vec::new()
}

/// Begins to type another bound for the chosen limit.
pub fn type_bound(model: &mut Model, first: &str) -> Vec<Command> {
    let Some(row) = model.limits.rows.get(model.limits.row).cloned() else { return Vec::new() };
    let Some(side) = row.side() else {
        model.warn(row.why_fixed());
        return Vec::new();
    };
    let unit = match (side.share, model.plan()) {
        (true, _) => "%".to_string(),
        (false, Some(plan)) => plan.unit(),
        _ => String::new(),
    };
    let now = side.bound.clone();
    let purpose = Purpose::Value { target: side.target.clone(), now, unit, share: side.share };
    let each = if row.member.is_empty() { "" } else { " (of every member)" };
    let title = format!("{} of {}{each}, now {}", side.word, row.title, side.stated);
    let fields = vec![Field::new("bound", first)];
    model.overlay = Some(Overlay::Prompt(Prompt::new(title, purpose, fields)));
    overlay::paste(model, "")
}

/// Moves the chosen bound by a hundredth of itself.
fn nudge(model: &mut Model, by: i64) -> Vec<Command> {
    let Some(row) = model.limits.rows.get(model.limits.row).cloned() else { return Vec::new() };
    let Some(side) = row.side() else {
        model.warn(row.why_fixed());
        return Vec::new();
    };
    let to = moved(&standing(model, side), by);
    let commands = editing::edit(model, &Amendment::Set { target: side.target.clone(), to });
    if !row.member.is_empty() && !model.note.alarm {
        model.note.text += " (of every member)";
    }
    commands
}

/// A bound as the draft has it: what was done to it last need not be solved yet.
fn standing(model: &Model, side: &Side) -> Side {
    let bound = match model.draft.given(&side.target) {
        Some(Level::Number(number)) => Some(number),
        Some(Level::Words(words)) => rows::bound_of(&words),
        None => None,
    };
    Side { bound: bound.unwrap_or_else(|| side.bound.clone()), ..side.clone() }
}

/// The bound, so many hundredths of itself further; a share by so many fifths of a point, a ratio in four decimals.
fn moved(side: &Side, by: i64) -> Level {
    if side.share {
        let tenths = &(&side.bound * &Amount::whole(1000)) + &Amount::whole(2 * by);
        let text = (&tenths / &Amount::whole(10)).to_decimal(1);
        return Level::Words(format!("{}%", text.trim_end_matches('0').trim_end_matches('.')));
    }
    if side.is_ratio() {
        let step = &side.bound.abs() * &Amount::ratio(by, 100);
        let text = (&side.bound + &step).to_decimal(4);
        let text = text.trim_end_matches('0').trim_end_matches('.');
        return Level::Number(Amount::parse(text).unwrap_or_else(|_| side.bound.clone()));
    }
    let step = super::typed::rounded(&(&side.bound.abs() * &Amount::ratio(1, 100)), 1);
    let step = step.max(Amount::ONE);
    let bound = super::typed::rounded(&side.bound, 1);
    Level::Number(&bound + &(&step * &Amount::whole(by)))
}

/// Switches the chosen limit off, or on again.
fn switch(model: &mut Model) -> Vec<Command> {
    let Some(row) = model.limits.rows.get(model.limits.row).cloned() else { return Vec::new() };
    let Some(target) = row.target() else {
        model.warn(row.why_fixed());
        return Vec::new();
    };
    let edit = if row.off { Amendment::Restore { target } } else { Amendment::Remove { target } };
    editing::edit(model, &edit)
}

/// Tells what the chosen limit is worth.
fn why(model: &mut Model) -> Vec<Command> {
    let Some(row) = model.limits.rows.get(model.limits.row).filter(|row| !row.off) else {
        return Vec::new();
    };
    let (kind, id, member) = (row.kind, row.id.clone(), row.member.clone());
    let title = row.title.clone();
    overlay::study(model, title, Question::Limit { kind, id, member })
}

/// Asks for a limit on the figure that is chosen on the allocation screen.
fn new_limit(model: &mut Model) -> Vec<Command> {
    let Some(answer) = model.answer.clone() else { return Vec::new() };
    let picks = model.allocation.picks(&answer.plan);
    let title = format!(
        "New limit on {} (the figure chosen on F1)",
        super::pivot::title(&answer.plan, &picks)
    );
    let name = free_name(&answer.plan, &picks);
    let fields =
        vec![Field::new("bound", "<= "), Field::suggested("name", &name), Field::new("set by", "")];
    let prompt = Prompt::new(title, Purpose::Limit { picks }, fields);
    model.overlay = Some(Overlay::Prompt(prompt));
    Vec::new()
}

/// A name for a limit on a slice that no limit of the plan has.
fn free_name(plan: &Plan, picks: &Picks) -> String {
    let members = picks.iter().map(|(_, member)| member.as_str());
    let own: Vec<&str> = std::iter::once("own").chain(members).collect();
    let own = own.join("-");
    let taken = |name: &String| plan.limits().iter().any(|limit| limit.id.as_str() == *name);
    let further = (2..).map(|count| format!("{own}-{count}"));
    std::iter::once(own.clone()).chain(further).find(|name| !taken(name)).unwrap_or(own)
}

/// Chooses the row that was clicked on, and takes hold of its bound where its gauge was.
pub fn clicked(model: &mut Model, x: u16, y: u16) -> Vec<Command> {
    if let Some(at) = view::row_at(model, y) {
        model.limits.row = at;
        drag::take(model, x);
    }
    Vec::new()
}
