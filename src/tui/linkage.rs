//! The linkage screen: what the attributed members receive in each Sector, before and after
//! attribution.

use std::sync::Arc;

use ratatui::layout::Rect;

use super::action::Action;
use super::answer::Answer;
use super::canvas::{Canvas, column};
use super::message::Command;
use super::model::Model;
use super::theme::Role;
use super::view_text::{table_rows, value_text};
use crate::report;
use crate::units::display_safe;

/// What the linkage screen knows.
#[derive(Debug, Default)]
pub struct Linkage {
    /// The members of the columns.
    columns: Vec<String>,
    /// One row a member, each block ending with its margin.
    rows: Vec<Row>,
    /// The first row that is shown.
    pub row: usize,
    /// Whether figures are shown after attribution.
    after: bool,
    /// What a reader must know.
    notes: Vec<String>,
}

/// A member, and what it receives.
#[derive(Debug)]
struct Row {
    block: String,
    member: String,
    /// Before and after, column by column, the total last.
    figures: Vec<(String, String)>,
    total: bool,
}

impl Linkage {
    /// Takes over a new answer.
    pub fn answer(&mut self, answer: &Arc<Answer>) {
        let table = report::linkage(&answer.plan, &answer.allocation);
        self.columns.clear();
        self.rows.clear();
        for (_, texts, values) in table_rows(&table) {
            let [block, member, place, before, after, _] = texts.as_slice() else { continue };
            let named = value_text(&values[2]);
            if !named.is_empty() && !self.columns.iter().any(|own| own == named) {
                self.columns.push(named.into());
            }
            let is_margin = member.is_empty();
            let same = |row: &&mut Row| row.block == *block && row.member == *member;
            let figure = (before.clone(), after.clone());
            match self.rows.iter_mut().find(same) {
                Some(row) => row.figures.push(figure),
                None => self.rows.push(Row {
                    block: block.clone(),
                    member: member.clone(),
                    figures: vec![figure],
                    total: is_margin,
                }),
            }
            let _ = place;
        }
        self.notes = table.notes.iter().map(|note| display_safe(note)).collect();
        self.row = self.row.min(self.rows.len().saturating_sub(1));
    }

    /// The lines of the screen, each with its row; none where the name of a block stands.
    fn placed(&self, body: Rect) -> Vec<(u16, Option<usize>)> {
        let first = self.row.saturating_sub(usize::from(body.height) / 2);
        let mut placed = Vec::new();
        let mut block = "";
        for (at, row) in self.rows.iter().enumerate().skip(first) {
            if row.block != block {
                block = &row.block;
                placed.push(None);
            }
            placed.push(Some(at));
        }
        // A block's name alone says nothing.
        let room = usize::from(body.height.saturating_sub(2));
        placed.truncate(room);
        if placed.last() == Some(&None) {
            placed.pop();
        }
        (body.y + 2..).zip(placed).collect()
    }

    /// The fields of the chosen row: its name, and the figures that are shown.
    pub fn line(&self) -> Option<Vec<String>> {
        let row = self.rows.get(self.row)?;
        let name = if row.total { "Total".into() } else { row.member.clone() };
        let figures = row.figures.iter();
        let shown = figures.map(|(before, after)| if self.after { after } else { before });
        Some(std::iter::once(name).chain(shown.cloned()).collect())
    }

    /// The names of the rows.
    pub fn names(&self) -> Vec<String> {
        self.rows.iter().map(|row| row.member.clone()).collect()
    }
}

/// Does an action of this screen.
pub fn update(model: &mut Model, action: Action) -> Vec<Command> {
    let screen = &mut model.linkage;
    let last = screen.rows.len().saturating_sub(1);
    match action {
        Action::Up
        | Action::Down
        | Action::PageUp
        | Action::PageDown
        | Action::First
        | Action::Last => screen.row = action.walks(screen.row, last),
        Action::Attributed | Action::Left | Action::Right => screen.after = !screen.after,
        _ => {}
    }
    Vec::new()
}

/// The row at a line of the screen.
pub(super) fn row_at(model: &Model, body: Rect, y: u16) -> Option<usize> {
    model.linkage.placed(body).into_iter().find_map(|(line, at)| at.filter(|_| line == y))
}

/// Draws the screen.
pub fn view(model: &Model, canvas: &mut Canvas<'_>, body: Rect) {
    let Some(answer) = &model.answer else { return };
    let screen = &model.linkage;
    let width = usize::from(body.width);
    if screen.rows.is_empty() {
        let words = "this plan attributes nothing: it has no `[[attribution]]`";
        canvas.text(body.x + 1, body.y, width, words, Role::Faint);
        return;
    }
    let when = if screen.after { "after" } else { "before" };
    let head = format!(" {} · {when} attribution (←/→ turns)", answer.plan.unit());
    canvas.text(body.x, body.y, width, &head, Role::Faint);
    let name = (width / 3).clamp(16, 36);
    let cell = ((width - name - 2) / (screen.columns.len() + 1).max(1)).clamp(9, 14);
    let place = |at: usize| body.x + column(1 + name + at * cell);
    for (at, head) in screen.columns.iter().map(String::as_str).chain(["Total"]).enumerate() {
        canvas.right(place(at), body.y + 1, cell - 1, &display_safe(head), Role::Strong);
    }
    let placed = screen.placed(body);
    for (y, at) in &placed {
        let Some(at) = at else { continue };
        let row = &screen.rows[*at];
        let role = match (*at == screen.row, row.total) {
            (true, _) => Role::Chosen,
            (_, true) => Role::Strong,
            _ => Role::Plain,
        };
        let member = if row.total { "Total" } else { row.member.as_str() };
        canvas.text(body.x + 1, *y, name, &format!("  {member}"), role);
        for (at, (before, after)) in row.figures.iter().enumerate() {
            canvas.figure(place(at), *y, cell - 1, if screen.after { after } else { before }, role);
        }
    }
    for pair in placed.windows(2) {
        if let [(y, None), (_, Some(at))] = pair {
            canvas.text(body.x + 1, *y, width, &screen.rows[*at].block, Role::Faint);
        }
    }
    let mut y = placed.last().map_or(body.y, |(y, _)| y + 1);
    for note in &screen.notes {
        let room = width.saturating_sub(2);
        y = canvas.wrapped((body.x + 1, y), body.bottom(), room, note, Role::Faint);
    }
}
