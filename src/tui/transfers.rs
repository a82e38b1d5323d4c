//! The transfers screen: who gives, who receives, and whose approval that needs.

use std::sync::Arc;

use ratatui::layout::Rect;

use super::action::Action;
use super::answer::Answer;
use super::canvas::{Canvas, column, wrap};
use super::message::Command;
use super::model::Model;
use super::pivot::Pivot;
use super::theme::Role;
use super::view_text::table_rows;
use crate::explain;
use crate::plan::{Axis, Level};
use crate::report::{self, Value};
use crate::units::{Amount, display_safe, grouped};

/// The most lines of what a reader must know.
const NOTES: usize = 4;

/// What the transfers screen knows.
#[derive(Debug, Default)]
pub struct Transfers {
    /// One row a transfer, and the sums below them.
    rows: Vec<Row>,
    /// The chosen row of those that are shown.
    pub row: usize,
    /// The members of the columns of the pivot, to filter by, and the chosen one.
    members: Vec<String>,
    only: Option<usize>,
    /// What a reader must know.
    notes: Vec<String>,
    /// The names of the dimensions that make the lines.
    lines: String,
    /// The whole table, for files and the clipboard.
    table: Option<report::Table>,
}

#[derive(Debug)]
struct Row {
    from: String,
    to: String,
    amount: String,
    /// The same, to add up.
    value: Amount,
    crosses: String,
    approval: String,
    total: bool,
}

impl Transfers {
    /// Takes over a new answer; the lines are those of the pivot's first rows and its columns.
    pub fn answer(&mut self, answer: &Arc<Answer>, pivot: Option<&Pivot>) {
        let Some(pivot) = pivot else { return };
        let plan = &answer.plan;
        let mut places: Vec<usize> = pivot.columns.map(|axis| axis.dimension).into_iter().collect();
        places.extend(pivot.rows.first());
        places.sort_unstable();
        places.dedup();
        let axes: Vec<Axis> = places
            .iter()
            .map(|dimension| Axis { dimension: *dimension, level: Level::Leaves })
            .collect();
        let schedule = explain::transfers(plan, &answer.allocation, &axes, &[]);
        let table = report::transfers(plan, &answer.allocation, &axes, &schedule);
        let rows = table_rows(&table).into_iter();
        self.rows = rows
            .filter_map(|(total, texts, values)| {
                let [from, to, amount, crosses, approval, ..] = texts.as_slice() else {
                    return None;
                };
                let own = [from, to, amount, crosses, approval].map(Clone::clone);
                let [from, to, amount, crosses, approval] = own;
                let value = match values.get(2) {
                    Some(Value::Number(value)) => value.clone(),
                    _ => Amount::ZERO,
                };
                Some(Row { from, to, amount, value, crosses, approval, total })
            })
            .collect();
        self.notes = table.notes.iter().map(|note| display_safe(note)).collect();
        let members = pivot.columns.map(|axis| {
            let dimension = &plan.dimensions()[axis.dimension];
            dimension
                .leaves()
                .map(|leaf| display_safe(dimension.member(leaf).id.as_str()))
                .collect()
        });
        self.members = members.unwrap_or_default();
        self.only = self.only.filter(|at| *at < self.members.len());
        let titles: Vec<String> =
            places.iter().map(|place| display_safe(plan.dimensions()[*place].title())).collect();
        self.lines = titles.join(" × ");
        self.row = self.row.min(self.shown().len().saturating_sub(1));
        self.table = Some(table);
    }

    fn shown(&self) -> Vec<&Row> {
        self.rows.iter().filter(|row| self.keeps(row)).collect()
    }

    /// Whether a row moves money of the member that is shown.
    fn keeps(&self, row: &Row) -> bool {
        let only = self.only.and_then(|at| self.members.get(at));
        only.is_none_or(|own| !row.total && (names(&row.from, own) || names(&row.to, own)))
    }

    /// Who is shown, and what they give and receive.
    fn only(&self) -> String {
        let Some(own) = self.only.and_then(|at| self.members.get(at)) else { return "all".into() };
        let rows = self.shown();
        let sum = |of: fn(&Row) -> &String| -> Amount {
            rows.iter().filter(|row| names(of(row), own)).map(|row| &row.value).sum()
        };
        let (gives, receives) = (sum(|row| &row.from), sum(|row| &row.to));
        format!("{own}: gives {}, receives {}", grouped(&gives, 0), grouped(&receives, 0))
    }

    /// The fields of the chosen row.
    pub fn line(&self) -> Option<Vec<String>> {
        let rows = self.shown();
        let row = rows.get(self.row)?;
        let texts = [&row.from, &row.to, &row.amount, &row.crosses, &row.approval];
        Some(texts.map(Clone::clone).to_vec())
    }

    /// The first row that is shown, how many have room, and the lines of notes below them.
    fn places(&self, body: Rect) -> (usize, usize, Vec<String>) {
        let width = usize::from(body.width).saturating_sub(2);
        let mut notes: Vec<String> = self.notes.iter().flat_map(|note| wrap(note, width)).collect();
        notes.truncate(NOTES);
        let room = usize::from(body.height).saturating_sub(2 + notes.len());
        (self.row.saturating_sub(room.saturating_sub(1)), room, notes)
    }

    /// The names of the rows that are shown.
    pub fn names(&self) -> Vec<String> {
        self.shown().iter().map(|row| format!("{} {}", row.from, row.to)).collect()
    }
}

/// Whether the name of a line has a member in it.
fn names(text: &str, member: &str) -> bool {
    text.split(['/', ' ']).any(|part| part == member)
}

/// The table of what is shown.
pub(super) fn table(model: &Model) -> Option<report::Table> {
    let screen = &model.transfers;
    let mut table = screen.table.clone()?;
    if screen.only.is_some() {
        let mut kept = screen.rows.iter().map(|row| screen.keeps(row));
        table.rows.retain(|_| kept.next().unwrap_or(false));
        table.notes.insert(0, format!("only {}", screen.only()));
    }
    Some(table)
}

/// The row at a line of the screen.
pub(super) fn row_at(model: &Model, body: Rect, y: u16) -> Option<usize> {
    let screen = &model.transfers;
    let (top, room, _) = screen.places(body);
    let line = usize::from(y.checked_sub(body.y + 2)?);
    (line < room && top + line < screen.shown().len()).then_some(top + line)
}

/// Does an action of this screen.
pub fn update(model: &mut Model, action: Action) -> Vec<Command> {
    let screen = &mut model.transfers;
    let last = screen.shown().len().saturating_sub(1);
    match action {
        Action::Up
        | Action::Down
        | Action::PageUp
        | Action::PageDown
        | Action::First
        | Action::Last => screen.row = action.walks(screen.row, last),
        Action::FilterNext | Action::Right => {
            let next = screen.only.map_or(0, |at| at + 1);
            screen.only = Some(next).filter(|at| *at < screen.members.len());
            screen.row = 0;
        }
        Action::FilterBack | Action::Left => {
            screen.only = match screen.only {
                None => screen.members.len().checked_sub(1),
                Some(at) => at.checked_sub(1),
            };
            screen.row = 0;
        }
        _ => {}
    }
    Vec::new()
}

/// Draws the screen.
pub fn view(model: &Model, canvas: &mut Canvas<'_>, body: Rect) {
    let Some(answer) = &model.answer else { return };
    let screen = &model.transfers;
    let width = usize::from(body.width);
    let only = screen.only();
    let head = format!(
        " only {only} (←/→) · {} · from the baseline to the allocation, {}",
        answer.plan.unit(),
        screen.lines
    );
    canvas.text(body.x, body.y, width, &head, Role::Faint);
    let end = (width.saturating_sub(14) / 4).clamp(12, 34);
    let heads = [("gives", 0), ("receives", end + 2)];
    for (text, at) in heads {
        canvas.text(body.x + 1 + column(at), body.y + 1, end, text, Role::Strong);
    }
    let amount = body.x + 1 + column(2 * end + 4);
    canvas.right(amount, body.y + 1, 11, "amount", Role::Strong);
    let left = usize::from(body.right().saturating_sub(amount + 13));
    canvas.text(amount + 13, body.y + 1, left, "crosses · approval by", Role::Strong);
    let rows = screen.shown();
    let (top, room, notes) = screen.places(body);
    for (line, (at, row)) in rows.iter().enumerate().skip(top).take(room).enumerate() {
        let y = body.y + 2 + column(line);
        let role = match (at == screen.row, row.total) {
            (true, _) => Role::Chosen,
            (_, true) => Role::Strong,
            _ => Role::Plain,
        };
        if at == screen.row {
            canvas.paint(body.x, y, width, role);
        }
        canvas.text(body.x + 1, y, end, &row.from, role);
        let arrow = if row.to.is_empty() { "" } else { "→" };
        canvas.text(body.x + 1 + column(end), y, 1, arrow, role);
        canvas.text(body.x + 1 + column(end + 2), y, end, &row.to, role);
        canvas.figure(amount, y, 11, &row.amount, role);
        let parts = [row.crosses.as_str(), row.approval.as_str()];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        canvas.text(amount + 13, y, left, &parts.join(" · "), role);
    }
    if rows.is_empty() {
        canvas.text(body.x + 1, body.y + 2, width, "no money moves here", Role::Faint);
    }
    for (at, note) in notes.iter().enumerate() {
        let y = body.bottom() - column(notes.len() - at);
        canvas.text(body.x + 1, y, width, note, Role::Faint);
    }
}
