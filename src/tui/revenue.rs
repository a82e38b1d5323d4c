//! The revenue screen: drivers and lines to change, the balance and the reserve.

mod rows;
mod view;

use std::sync::Arc;

pub use rows::Row;
pub use view::view;

use super::action::Action;
use super::answer::{Answer, Clashes};
use super::editing;
use super::message::Command;
use super::model::Model;
use super::overlay::{self, Field, Overlay, Prompt, Purpose};
use crate::scenario::{Amendment, Level};
use crate::units::Amount;

/// What the revenue screen knows.
#[derive(Debug, Default)]
pub struct Revenue {
    /// Headings, drivers, lines, and what they come to.
    pub rows: Vec<Row>,
    /// The chosen row.
    pub row: usize,
}

impl Revenue {
    /// Takes over a new answer.
    pub fn answer(&mut self, answer: &Arc<Answer>) {
        self.take(rows::rows(answer));
    }

    fn take(&mut self, rows: Vec<Row>) {
        self.rows = rows;
        self.row = self.row.min(self.rows.len().saturating_sub(1));
        if self.rows.get(self.row).is_some_and(|row| row.target.is_none()) {
            self.row = self.first();
        }
    }

    /// The first row that can be changed.
    fn first(&self) -> usize {
        self.rows.iter().position(|row| row.target.is_some()).unwrap_or(0)
    }
}

impl Revenue {
    /// Takes over the values that a plan without an allocation states.
    pub fn clash(&mut self, clashes: &Clashes) {
        self.take(rows::stated_rows(&clashes.plan, &clashes.stated));
    }
}

/// Does an action of this screen.
pub fn update(model: &mut Model, action: Action) -> Vec<Command> {
    let page = usize::from(model.size.1).saturating_sub(9).max(1);
    let last = model.revenue.rows.len().saturating_sub(1);
    let row = model.revenue.row;
    match action {
        Action::Type => return type_driver(model, ""),
        Action::Release => return put_back(model),
        Action::Left => return nudge(model, -1),
        Action::Right => return nudge(model, 1),
        Action::Up => model.revenue.row = row.saturating_sub(1),
        Action::Down => model.revenue.row = (row + 1).min(last),
        Action::PageUp => model.revenue.row = row.saturating_sub(page),
        Action::PageDown => model.revenue.row = (row + page).min(last),
        Action::First => model.revenue.row = model.revenue.first(),
        Action::Last => model.revenue.row = last,
        _ => {}
    }
    Vec::new()
}

const FIXED: &str =
    "this row follows from others: change a driver or a line that states its amount";

/// Begins to type another value.
pub fn type_driver(model: &mut Model, first: &str) -> Vec<Command> {
    let Some(row) = model.revenue.rows.get(model.revenue.row).cloned() else { return Vec::new() };
    let (Some(target), Some(now)) = (row.target, row.value) else {
        model.warn(FIXED);
        return Vec::new();
    };
    let name = super::explore::called(&model.revenue.rows, model.revenue.row);
    let title = format!("{name}, now {}", row.shown);
    let purpose = Purpose::Value { target, now, unit: row.unit, share: false };
    let fields = vec![Field::new("value", first)];
    model.overlay = Some(Overlay::Prompt(Prompt::new(title, purpose, fields)));
    overlay::paste(model, "")
}

/// Moves the chosen value by a hundredth of itself.
fn nudge(model: &mut Model, by: i64) -> Vec<Command> {
    let Some(row) = model.revenue.rows.get(model.revenue.row).cloned() else { return Vec::new() };
    let (Some(target), Some(now)) = (row.target, row.value) else {
        model.warn(FIXED);
        return Vec::new();
    };
    // What was done to it last need not be solved yet.
    let now = match model.draft.given(&target) {
        Some(Level::Number(number)) => number,
        _ => now,
    };
    let step = &now.abs() * &Amount::ratio(1, 100);
    let step = if now.is_whole() { super::typed::rounded(&step, 1).max(Amount::ONE) } else { step };
    let to = Level::Number(&now + &(&step * &Amount::whole(by)));
    editing::edit(model, &Amendment::Set { target, to })
}

/// Takes back this scenario's own change of the chosen value.
fn put_back(model: &mut Model) -> Vec<Command> {
    let target = model.revenue.rows.get(model.revenue.row).and_then(|row| row.target.clone());
    let Some(target) = target else {
        model.warn(FIXED);
        return Vec::new();
    };
    editing::edit(model, &Amendment::Restore { target })
}

/// Chooses the row that was clicked on.
pub fn clicked(model: &mut Model, y: u16) -> Vec<Command> {
    if let Some(at) = view::row_at(model, y) {
        model.revenue.row = at;
    }
    Vec::new()
}
