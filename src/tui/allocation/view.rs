//! Draws the grid and the explanation beside it.

use std::cmp::Ordering;

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::beside::panel as draw_panel;
use super::grid::{Assumed, Grid};
use super::{Allocation, Figure, Shown, heading, panel};
use crate::tui::answer::Answer;
use crate::tui::canvas::{Canvas, column, cut};
use crate::tui::model::Model;
use crate::tui::pivot::percent;
use crate::tui::theme::Role;
use crate::units::{Amount, display_safe, grouped};

/// The columns behind those of the members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extra {
    Against,
    Change,
    Percent,
    Bar,
    Need,
    Met,
}

/// Where everything stands.
struct Places {
    grid: Rect,
    panel: Option<Rect>,
    name: usize,
    cell: usize,
    /// The first member column that is shown, and how many.
    members: (usize, usize),
    extras: Vec<(Extra, usize)>,
    /// The first line that is shown, and how many.
    lines: (usize, usize),
    /// The largest change of a line in percent, where bars are drawn against it.
    most: Option<Amount>,
}

/// The least columns that have room for the explanation beside the grid.
pub(super) const WIDE: u16 = 100;

/// The columns of the side panel: more of them where the grid leaves them.
fn panel_width(width: u16) -> u16 {
    (width * 3 / 10).clamp(36, 64)
}

impl Places {
    fn of(model: &Model, body: Rect) -> Self {
        let screen = &model.allocation;
        let wide = body.width >= WIDE;
        let (grid, panel) = match (!screen.alone, wide) {
            (true, true) => {
                let own = panel_width(body.width);
                let grid = Rect { width: body.width - own, ..body };
                let x = grid.right() + 1;
                (grid, Some(Rect { x, width: own - 1, ..body }))
            }
            _ => (body, None),
        };
        let width = usize::from(grid.width);
        let longest = screen.grid.lines.iter().map(|line| line.name.width() + 2 * line.depth + 2);
        let longest = longest.max().unwrap_or(0);
        let cell = screen.grid.widest.max(7) + 3;
        let has_need = screen.grid.figures.iter().flatten().any(|figure| figure.need.is_some());
        let count = screen.grid.columns.len();
        let beside = width.saturating_sub(count * cell + 9);
        let name = longest.clamp(14, beside.clamp(16, 44));
        let mut left = width.saturating_sub(name + 1);
        let mut extras = Vec::new();
        let wanted = [
            (Extra::Percent, 8, true),
            (Extra::Change, cell - 1, true),
            (Extra::Bar, 9, true),
            (Extra::Against, cell - 1, true),
            (Extra::Need, cell - 1, has_need),
            (Extra::Met, 8, has_need),
        ];
        let all = count * cell;
        for (extra, own, there) in wanted {
            let room = if extra == Extra::Percent { left > own + cell } else { left > own + all };
            if there && room {
                extras.push((extra, own));
                left -= own;
            }
        }
        let order =
            [Extra::Against, Extra::Change, Extra::Percent, Extra::Bar, Extra::Need, Extra::Met];
        extras.sort_by_key(|(extra, _)| order.iter().position(|own| own == extra));
        let shown = (left / cell).clamp(1, count.max(1));
        let first = screen.column.saturating_sub(shown.saturating_sub(1));
        let room = usize::from(grid.height).saturating_sub(3);
        let total = screen.grid.lines.len();
        let top = screen.row.saturating_sub(room.saturating_sub(2));
        let top = top.min(total.saturating_sub(room));
        let bars = extras.iter().any(|(extra, _)| *extra == Extra::Bar);
        let most = if bars { largest(screen) } else { None };
        let (members, lines) = ((first, shown), (top, room));
        Self { grid, panel, name, cell, members, extras, lines, most }
    }

    /// The column at which member column `at` begins.
    fn member(&self, at: usize) -> u16 {
        self.grid.x + column(self.name + 1 + (at - self.members.0) * self.cell)
    }

    /// The lines that are shown: the total stays at the bottom.
    fn shown(&self, total: usize) -> Vec<usize> {
        let (top, room) = self.lines;
        if total <= room {
            return (0..total).collect();
        }
        let body = top..(top + room.saturating_sub(1)).min(total - 1);
        body.chain([total - 1]).collect()
    }
}

/// The largest change of a line, in percent.
fn largest(screen: &Allocation) -> Option<Amount> {
    let totals = screen.grid.figures.iter().filter_map(|line| line.last());
    let shares = totals.filter_map(|figure| {
        percent(&(&figure.amount - &figure.against), &figure.against).map(|share| share.abs())
    });
    shares.max().filter(Amount::is_positive)
}

/// Draws the screen.
pub fn view(model: &Model, canvas: &mut Canvas<'_>, body: Rect) {
    let Some(answer) = &model.answer else { return };
    let screen = &model.allocation;
    if screen.panel && body.width < WIDE {
        draw_panel(model, canvas, body);
        return;
    }
    let places = Places::of(model, body);
    headings(model, answer, canvas, &places);
    for (line, at) in places.shown(screen.grid.lines.len()).into_iter().enumerate() {
        row(model, canvas, &places, at, places.grid.y + 2 + column(line));
    }
    legend(answer, &screen.grid, canvas, &places);
    if let Some(area) = places.panel {
        for y in body.top()..body.bottom() {
            canvas.text(area.x - 1, y, 1, "│", Role::Faint);
        }
        draw_panel(model, canvas, Rect { x: area.x + 1, width: area.width - 1, ..area });
    }
}

fn headings(model: &Model, answer: &Answer, canvas: &mut Canvas<'_>, places: &Places) {
    let screen = &model.allocation;
    let Some(pivot) = &screen.pivot else { return };
    let plan = &answer.plan;
    let (x, y, width) = (places.grid.x, places.grid.y, usize::from(places.grid.width));
    let [long, short] = [true, false].map(|long| heading::text(plan, pivot, screen, long));
    let text = if long.width() <= width { long } else { short };
    canvas.text(x, y, width, &text, Role::Faint);
    let y = y + 1;
    let (first, count) = places.members;
    for at in first..(first + count).min(screen.grid.columns.len()) {
        let name = match (screen.grid.columns[at], pivot.columns) {
            (Some(member), Some(axis)) => {
                let own = plan.dimensions()[axis.dimension].member(member);
                display_safe(own.id.as_str())
            }
            _ => "Total".into(),
        };
        let role = if at == screen.column { Role::Chosen } else { Role::Strong };
        let x = places.member(at);
        canvas.right(x, y, places.cell - 2, &name, role);
    }
    let arrow = if first > 0 { "◂" } else { "" };
    canvas.right(x, y, places.name, arrow, Role::Faint);
    let mut x = places.member(first + count);
    for (extra, width) in &places.extras {
        let head = match extra {
            Extra::Against => screen.against.word().to_string(),
            Extra::Change => "Δ".into(),
            Extra::Percent => "Δ %".into(),
            Extra::Bar => String::new(),
            Extra::Need => "need".into(),
            Extra::Met => "met %".into(),
        };
        canvas.right(x, y, *width - 1, &cut(&head, *width - 1), Role::Strong);
        x += column(*width);
    }
}

fn row(model: &Model, canvas: &mut Canvas<'_>, places: &Places, at: usize, y: u16) {
    let screen = &model.allocation;
    let (Some(line), Some(figures)) = (screen.grid.lines.get(at), screen.grid.figures.get(at))
    else {
        return;
    };
    let is_total = line.path.is_empty();
    let sign = match (line.folds, line.open) {
        (true, true) => "▾ ",
        (true, false) => "▸ ",
        _ => "  ",
    };
    let name = format!("{}{sign}{}", "  ".repeat(line.depth), line.name);
    let role = match (at == screen.row, is_total || line.depth == 0) {
        (true, _) => Role::Chosen,
        (_, true) => Role::Strong,
        _ => Role::Plain,
    };
    canvas.text(places.grid.x, y, places.name, &name, role);
    let (first, count) = places.members;
    let shown = first..(first + count).min(figures.len());
    for place in shown {
        let chosen = at == screen.row && place == screen.column;
        figure(model, canvas, (places.member(place), y), places.cell, &figures[place], chosen);
    }
    if let Some(total) = figures.last() {
        extras(model, canvas, places, total, y);
    }
}

/// A figure and its mark.
fn figure(
    model: &Model,
    canvas: &mut Canvas<'_>,
    (x, y): (u16, u16),
    width: usize,
    figure: &Figure,
    chosen: bool,
) {
    let shown = model.allocation.shown;
    let text = if figure.cells.is_empty() { "·".into() } else { shown_text(shown, figure) };
    let rough = model.allocation.grid.calibrated;
    let text = if model.allocation.grid.exact && shown.is_found() && !figure.cells.is_empty() {
        format!("~{text}")
    } else if figure.assumed && model.allocation.grid.assumed == Assumed::Some {
        format!("?{text}")
    } else {
        text
    };
    let moved = match figure.moved {
        Ordering::Greater => Role::Gain,
        Ordering::Less => Role::Loss,
        Ordering::Equal => Role::Plain,
    };
    let role = match (chosen, (model.solving() && !rough) || model.trouble.is_some()) {
        (true, _) => Role::Chosen,
        (_, true) => Role::Faint,
        _ => moved,
    };
    if chosen {
        canvas.paint(x, y, width - 1, Role::Chosen);
    }
    canvas.figure(x, y, width - 2, &text, role);
    let mark = if figure.cells.is_empty() { "  " } else { figure.mark.sign() };
    let mark_role = if chosen { Role::Chosen } else { Role::Held };
    canvas.text(x + column(width - 2), y, 2, mark, mark_role);
}

/// What a figure shows.
pub fn shown_text(shown: Shown, figure: &Figure) -> String {
    let change = &figure.amount - &figure.against;
    match shown {
        Shown::Amount => whole(&figure.amount),
        Shown::Change => panel::signed(&change, 0),
        Shown::Percent => {
            percent(&change, &figure.against).map_or("–".into(), |share| panel::signed(&share, 1))
        }
        Shown::Baseline => whole(&figure.baseline),
        Shown::Need => figure.need.as_ref().map_or("–".into(), whole),
        Shown::Coverage => met(figure).map_or("–".into(), |share| grouped(&share, 1)),
    }
}

fn whole(amount: &Amount) -> String {
    grouped(amount, 0)
}

/// The part of its need that a figure meets, in percent points.
fn met(figure: &Figure) -> Option<Amount> {
    percent(&figure.amount, figure.need.as_ref()?)
}

fn extras(model: &Model, canvas: &mut Canvas<'_>, places: &Places, total: &Figure, y: u16) {
    let change = &total.amount - &total.against;
    let share = percent(&change, &total.against);
    let role = match change.signum() {
        1 => Role::Gain,
        -1 => Role::Loss,
        _ => Role::Faint,
    };
    let mut x = places.member(places.members.0 + places.members.1);
    for (extra, width) in &places.extras {
        let put = |canvas: &mut Canvas<'_>, text: &str, role: Role| {
            canvas.figure(x, y, *width - 1, text, role);
        };
        let about = if model.allocation.grid.exact { "~" } else { "" };
        let found = |text: String| format!("{about}{text}");
        match extra {
            Extra::Against => put(canvas, &whole(&total.against), Role::Faint),
            Extra::Change => put(canvas, &found(panel::signed(&change, 0)), role),
            Extra::Percent => {
                let text =
                    share.as_ref().map_or("–".into(), |share| found(panel::signed(share, 1)));
                put(canvas, &text, role);
            }
            Extra::Bar => bar(places, canvas, (x, y), *width, share.as_ref(), role),
            Extra::Need => {
                put(canvas, &total.need.as_ref().map_or(String::new(), whole), Role::Faint);
            }
            Extra::Met => {
                let text = met(total).map_or(String::new(), |share| found(grouped(&share, 1)));
                put(canvas, &text, Role::Plain);
            }
        }
        x += column(*width);
    }
}

/// A bar to the left for a loss and to the right for a gain, against the largest of the grid.
fn bar(
    places: &Places,
    canvas: &mut Canvas<'_>,
    (x, y): (u16, u16),
    width: usize,
    share: Option<&Amount>,
    role: Role,
) {
    let Some(share) = share.filter(|share| !share.is_zero()) else { return };
    let Some(most) = &places.most else { return };
    let half = (width - 2) / 2;
    let wanted = &(&share.abs() / most) * &Amount::whole(i64::try_from(half).unwrap_or(0));
    let length = (1..=half)
        .filter(|n| Amount::whole(i64::try_from(*n).unwrap_or(0)) <= wanted)
        .count()
        .max(1);
    let middle = x + 1 + column(half);
    if share.is_negative() {
        canvas.text(middle - column(length), y, length, &"█".repeat(length), role);
    } else {
        canvas.text(middle + 1, y, length, &"█".repeat(length), role);
    }
    canvas.text(middle, y, 1, "│", Role::Faint);
}

fn legend(answer: &Answer, grid: &Grid, canvas: &mut Canvas<'_>, places: &Places) {
    let assumed = match grid.assumed {
        Assumed::No => "",
        Assumed::Some => "? assumed  ",
        Assumed::All => "all assumed  ",
    };
    let words = match &answer.obstacle {
        _ if answer.amounts.is_empty() => String::new(),
        _ if grid.calibrated => " ~ exact, whole figures are being found  = fixed".into(),
        Some(limit) => format!(" ~ exact: no whole figures found for `{}`", display_safe(limit)),
        None => {
            format!(" {assumed}⚓ held  ┬ at a ceiling  ┴ at a floor  = fixed  · no such line")
        }
    };
    let y = places.grid.bottom() - 1;
    canvas.text(places.grid.x, y, usize::from(places.grid.width), &words, Role::Faint);
}

/// The line of the grid at a place of the screen, and the column where it is on a figure.
pub(super) fn figure_at(model: &Model, x: u16, y: u16) -> Option<(usize, Option<usize>)> {
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    if area.height < crate::tui::view::LEAST.1 || area.width < crate::tui::view::LEAST.0 {
        return None;
    }
    let places = Places::of(model, crate::tui::view::body(area));
    let line = usize::from(y.checked_sub(places.grid.y + 2)?);
    let screen: &Allocation = &model.allocation;
    let row = *places.shown(screen.grid.lines.len()).get(line)?;
    if x >= places.grid.right() {
        return None;
    }
    let behind = usize::from(x.checked_sub(places.grid.x)?);
    let Some(inside) = behind.checked_sub(places.name + 1) else { return Some((row, None)) };
    let at = places.members.0 + inside / places.cell;
    let there = inside / places.cell < places.members.1 && at < screen.grid.columns.len();
    Some((row, there.then_some(at)))
}
