//! The compare screen: this scenario beside others of the plan, line by line.

mod beside;
mod bridge;

use std::sync::Arc;

use ratatui::layout::Rect;

pub(super) use bridge::{ask, words};

use super::action::Action;
use super::advice::Asked;
use super::allocation::signed;
use super::answer::Answer;
use super::canvas::{Canvas, column};
use super::message::Command;
use super::model::Model;
use super::pivot::percent;
use super::theme::Role;
use crate::report::{Column, RowKind, Table, Unit, Value};
use crate::units::{Amount, display_safe, grouped};

/// What the compare screen knows.
#[derive(Debug, Default)]
pub struct Compare {
    /// The other scenarios of the plan's folder.
    pub others: Vec<String>,
    /// The chosen one.
    pub row: usize,
    /// Those that are compared, and their answers, in the order in which they were chosen.
    pub with: Vec<(String, Arc<Answer>)>,
    /// Those that were chosen; some may not be solved yet.
    chosen: Vec<String>,
    /// The first that is shown, where not all have room.
    left: usize,
    /// Whether the bridge is shown, and not the lines side by side.
    pub bridged: bool,
    /// The line that the bridge is shown for: all of it, then the columns of F1.
    line: usize,
    /// The first line or step that is shown, where not all have room.
    top: usize,
    /// What was asked.
    asked: Option<Asked>,
}

impl Compare {
    /// The screen before anything is compared.
    pub fn new(others: Vec<String>) -> Self {
        Self { others, ..Self::default() }
    }

    /// Takes over which scenarios there are now; the chosen one stays chosen while it is there.
    pub(super) fn list(&mut self, others: Vec<String>) {
        let chosen = self.others.get(self.row);
        let place = others.iter().position(|own| Some(own) == chosen);
        self.row = place.unwrap_or(self.row.min(others.len().saturating_sub(1)));
        self.others = others;
    }

    /// The scenario under the cursor where it is compared, else the first that is.
    fn foremost(&self) -> Option<&(String, Arc<Answer>)> {
        let row = self.others.get(self.row);
        self.with.iter().find(|(name, _)| Some(name) == row).or_else(|| self.with.first())
    }
}

/// Begins at the scenario that this one builds on, while nothing is compared.
pub(super) fn shown(model: &mut Model) -> Vec<Command> {
    let parent = model.draft.parent();
    let screen = &mut model.compare;
    if screen.with.is_empty() && screen.chosen.is_empty() {
        let place = screen.others.iter().position(|own| Some(own) == parent.as_ref());
        screen.row = place.unwrap_or(screen.row);
    }
    bridge::ask(model)
}

/// Does an action of this screen.
pub fn update(model: &mut Model, action: Action) -> Vec<Command> {
    let screen = &mut model.compare;
    let last = screen.others.len().saturating_sub(1);
    match action {
        Action::Up | Action::Down | Action::First | Action::Last => {
            screen.row = action.walks(screen.row, last);
            return bridge::ask(model);
        }
        Action::PageUp | Action::PageDown => {
            let last = model.allocation.grid.lines.len().max(bridge::steps_of(model));
            model.compare.top = action.walks(model.compare.top, last);
        }
        Action::Bridge => {
            screen.bridged = !screen.bridged;
            screen.top = 0;
            if screen.with.is_empty() {
                model.say("choose another scenario first: ⏎ compares with it");
            }
            return bridge::ask(model);
        }
        Action::Left if screen.bridged => screen.line = screen.line.saturating_sub(1),
        Action::Right if screen.bridged => {
            let last = bridge::count(model) - 1;
            model.compare.line = (model.compare.line + 1).min(last);
        }
        Action::Left => screen.left = screen.left.saturating_sub(1),
        Action::Right => {
            screen.left = (screen.left + 1).min(screen.with.len().saturating_sub(1));
        }
        Action::Type | Action::Beside => return choose(model, action == Action::Beside),
        _ => {}
    }
    Vec::new()
}

/// Compares with the scenario under the cursor: alone, or `beside` those that are compared. One
/// that is compared already is taken out again.
fn choose(model: &mut Model, beside: bool) -> Vec<Command> {
    let screen = &mut model.compare;
    let Some(path) = screen.others.get(screen.row).cloned() else {
        model.say("there is no other scenario in the plan's folder");
        return Vec::new();
    };
    if beside && screen.with.iter().any(|(name, _)| *name == path) {
        screen.with.retain(|(name, _)| *name != path);
        screen.chosen.retain(|name| *name != path);
        screen.left = screen.left.min(screen.with.len().saturating_sub(1));
        super::allocation::refresh(model);
        return bridge::ask(model);
    }
    if !beside {
        screen.chosen.clear();
    }
    if !screen.chosen.contains(&path) {
        screen.chosen.push(path.clone());
    }
    model.say(format!("solving {}…", display_safe(&path)));
    vec![Command::Compare(path)]
}

/// Solves what is compared once more: the files have changed.
pub(super) fn again(model: &Model) -> Vec<Command> {
    model.compare.with.iter().map(|(path, _)| Command::Compare(path.clone())).collect()
}

/// The lines of the allocation screen in all scenarios, as a table.
pub(super) fn table(model: &Model) -> Option<Table> {
    let answer = model.answer.as_ref()?;
    let with = &model.compare.with;
    if with.is_empty() {
        return None;
    }
    let unit = || Unit::Money(answer.plan.unit());
    let mut columns =
        vec![Column::key("line", "Line"), Column::figure("this", &model.name, unit())];
    for (place, (name, _)) in with.iter().enumerate() {
        let id = |word: &str| format!("{word}_{}", place + 1);
        columns.push(Column::figure(&id("other"), name, unit()));
        columns.push(Column::change(&id("difference"), "This less it", unit()));
    }
    let mut table = Table::new("compare", "Compared", columns);
    for line in &model.allocation.grid.lines {
        let now = answer.sum(&line.cells);
        let name = Value::text(format!("{}{}", "  ".repeat(line.depth), line.name));
        let mut values = vec![name, Value::Number(now.clone())];
        for (_, other) in with {
            let before = other.sum(&line.cells);
            let difference = &now - &before;
            values.extend([before, difference].map(Value::Number));
        }
        let kind = if line.path.is_empty() { RowKind::Total } else { RowKind::Body };
        table.push(kind, values);
    }
    Some(table)
}

/// Takes over another scenario's answer.
pub fn compared(model: &mut Model, path: &str, answer: Arc<Answer>) -> Vec<Command> {
    let Compare { chosen, with, .. } = &mut model.compare;
    if !chosen.iter().any(|name| name == path) {
        return Vec::new();
    }
    let same = model.answer.as_ref().is_some_and(|own| own.amounts.len() == answer.amounts.len());
    if !same {
        chosen.retain(|name| name != path);
        model.warn(format!("{} has other lines than this scenario", display_safe(path)));
        return Vec::new();
    }
    with.retain(|(name, _)| chosen.contains(name) && name != path);
    let place = |name: &str| chosen.iter().position(|own| own == name);
    let at = with.iter().take_while(|(name, _)| place(name) < place(path)).count();
    with.insert(at, (path.into(), answer));
    let foremost = display_safe(&with[0].0);
    model.compare.left = 0;
    model.say(format!(
        "compared with {}; d on F1 counts changes from {foremost}",
        display_safe(path)
    ));
    super::allocation::refresh(model);
    bridge::ask(model)
}

/// Draws the screen.
pub fn view(model: &Model, canvas: &mut Canvas<'_>, body: Rect) {
    let Some(answer) = &model.answer else { return };
    let screen = &model.compare;
    let width = usize::from(body.width);
    let list = (width / 4).clamp(18, 34);
    canvas.text(body.x + 1, body.y, list, "⏎ one, space more", Role::Faint);
    let room = usize::from(body.height).saturating_sub(1);
    let top = super::view::list_top(body, screen.row);
    for (line, (at, name)) in screen.others.iter().enumerate().skip(top).take(room).enumerate() {
        let chosen = at == screen.row;
        let role = if chosen { Role::Chosen } else { Role::Plain };
        let mark = if screen.with.iter().any(|(own, _)| own == name) { "✓" } else { " " };
        let name = display_safe(name.trim_end_matches(".scenario.toml"));
        let text = format!("{mark} {name}");
        canvas.text(body.x + 1, body.y + 1 + column(line), list - 2, &text, role);
    }
    for y in body.top()..body.bottom() {
        canvas.text(body.x + column(list), y, 1, "│", Role::Faint);
    }
    let x = body.x + column(list) + 2;
    let area = Rect { x, width: body.right() - x, ..body };
    let fits = |other: &Answer| other.amounts.len() == answer.amounts.len();
    match (screen.with.as_slice(), screen.foremost()) {
        ([], _) | (_, None) => {
            let chosen = screen.others.get(screen.row).map_or("another scenario", String::as_str);
            let words = format!("⏎ shows what differs from {}", display_safe(chosen));
            canvas.text(x, body.y, width, &words, Role::Faint);
        }
        (_, Some((name, _))) if screen.bridged => {
            let text = format!("from {} to this scenario", display_safe(name));
            canvas.text(x, body.y, width, &text, Role::Strong);
            let rest = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
            bridge::draw(model, canvas, rest);
        }
        (with, _) if !with.iter().all(|(_, other)| fits(other)) => {
            canvas.text(x, body.y, width, "it has other lines than this scenario", Role::Faint);
        }
        ([(name, other)], _) => differences(model, answer, name, other, canvas, area),
        _ => beside::draw(model, answer, canvas, area),
    }
}

/// The lines of the allocation screen in both scenarios.
fn differences(
    model: &Model,
    answer: &Answer,
    name: &str,
    other: &Answer,
    canvas: &mut Canvas<'_>,
    area: Rect,
) {
    let width = usize::from(area.width);
    let title = display_safe(name.trim_end_matches(".scenario.toml"));
    let lines = &model.allocation.grid.lines;
    let shown = lines_shown(model, area.height);
    let head = head(answer, lines.len() > shown.len());
    canvas.text(area.x, area.y, width, &head, Role::Faint);
    // Narrow, the bars go first, then percent.
    let cell = if width >= 64 { 13 } else { 11 };
    let with_share = width >= NAME + 3 * cell + 8;
    let bars = width.saturating_sub(NAME + 3 * cell + 9).min(11);
    let shares = if with_share { 8 } else { 0 };
    let taken = 3 * cell + shares + if bars > 3 { bars + 1 } else { 0 };
    let first = width.saturating_sub(taken).clamp(NAME, 44);
    let place = |at: usize| area.x + column(first + at * cell);
    for (at, head) in [title.as_str(), "this", "difference"].into_iter().enumerate() {
        canvas.right(place(at), area.y + 1, cell - 1, head, Role::Strong);
    }
    canvas.right(place(3), area.y + 1, shares, "%", Role::Strong);
    let pairs: Vec<(Amount, Amount)> =
        lines.iter().map(|line| (other.sum(&line.cells), answer.sum(&line.cells))).collect();
    let body = pairs.iter().zip(lines).filter(|(_, line)| !line.path.is_empty());
    let most = body.map(|((a, b), _)| (b - a).abs()).max().unwrap_or_default();
    for (line, at) in shown.into_iter().enumerate() {
        let y = area.y + 2 + column(line);
        let (own, (before, now)) = (&lines[at], &pairs[at]);
        let change = now - before;
        let role = match change.signum() {
            1 => Role::Gain,
            -1 => Role::Loss,
            _ => Role::Faint,
        };
        let strong = if own.path.is_empty() { Role::Strong } else { Role::Plain };
        let text = format!("{}{}", "  ".repeat(own.depth), own.name);
        canvas.text(area.x, y, first, &text, strong);
        canvas.figure(place(0), y, cell - 1, &grouped(before, 0), Role::Plain);
        canvas.figure(place(1), y, cell - 1, &grouped(now, 0), strong);
        canvas.figure(place(2), y, cell - 1, &signed(&change, 0), role);
        let share = percent(&change, before).map_or("–".into(), |share| signed(&share, 1));
        if with_share {
            canvas.figure(place(3), y, shares, &share, role);
        }
        if bars > 3 && !own.path.is_empty() && !most.is_zero() && !change.is_zero() {
            let length = bridge::steps(&change.abs(), &most, bars - 1).max(1);
            canvas.text(place(3) + column(shares) + 1, y, length, &"█".repeat(length), role);
        }
    }
}

/// The least room for the name of a line.
const NAME: usize = 12;

/// What stands above the lines.
fn head(answer: &Answer, more: bool) -> String {
    let turns = if more { "PgUp PgDn more lines · " } else { "" };
    format!("{} · {turns}lines, filters and folds are those of F1", answer.plan.unit())
}

/// The lines that have room below two of headings; the total, the last one, always does.
fn lines_shown(model: &Model, height: u16) -> Vec<usize> {
    let count = model.allocation.grid.lines.len();
    let room = usize::from(height).saturating_sub(2);
    if count <= room {
        return (0..count).collect();
    }
    let body = room.saturating_sub(1);
    let top = model.compare.top.min(count - 1 - body);
    (top..top + body).chain([count - 1]).collect()
}
