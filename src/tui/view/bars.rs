//! The bars above and below a screen.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use crate::tui::action::Action;
use crate::tui::allocation::signed;
use crate::tui::answer::{Answer, Found};
use crate::tui::canvas::{Canvas, column, cut};
use crate::tui::keys::{Usable, usable};
use crate::tui::model::{Model, Screen, Trouble};
use crate::tui::theme::Role;
use crate::units::{Amount, display_safe, grouped};

/// Draws title, tabs, the line of what moved, and the footer.
pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let width = usize::from(area.width);
    title(model, canvas, area);
    tabs(model, canvas, area);
    canvas.rule(area.x, area.y + 2, width);
    canvas.rule(area.x, area.bottom() - 3, width);
    told(model, canvas, area);
    footer(model, canvas, area);
}

/// The plan's name without the word that says it is made up, and whether it says so.
fn plan_name(model: &Model) -> (String, bool) {
    let Some(answer) = &model.answer else { return (String::new(), false) };
    let title = display_safe(answer.plan.title());
    let scenario = answer.plan.scenario().unwrap_or_default().to_lowercase();
    let made_up =
        title.to_lowercase().contains("illustrative") || scenario.contains("illustrative");
    let bare = title.replace(" (illustrative)", "");
    (bare, made_up)
}

fn title(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let width = usize::from(area.width);
    canvas.paint(area.x, area.y, width, Role::Bar);
    let (plan, made_up) = plan_name(model);
    let state = state(model, width >= 100);
    let badge = if made_up { " (illustrative)" } else { "" };
    let star = if model.unsaved() { " *" } else { "" };
    let scenario = format!(" ▸ {}{star}", display_safe(&model.name));
    let room = width.saturating_sub(state.width() + badge.width() + 12);
    let scenario = cut(&scenario, room.max(12));
    let plan = cut(&plan, room.saturating_sub(scenario.width()));
    let left = format!(" virement  {plan}{badge}{scenario}");
    canvas.text(area.x, area.y, width, &left, Role::Bar);
    let start = column(width.saturating_sub(state.width() + 1).max(left.width() + 1));
    let alarm = model.trouble.is_some();
    let role = if alarm { Role::Alarm } else { Role::Bar };
    canvas.text(start, area.y, width.saturating_sub(usize::from(start)), &state, role);
}

/// Balanced or by how much not, proven or not, and how long the answer took.
fn state(model: &Model, wide: bool) -> String {
    if model.answer.is_none() {
        return match model.trouble {
            Some(_) => "‼ no allocation".into(),
            None => "solving…".into(),
        };
    }
    let Some(answer) = &model.answer else { return String::new() };
    if let Some(found) = model.calibrated.as_ref().filter(|_| model.screen == Screen::Allocation) {
        return format!("~{}  … whole figures", weighed(&found.amounts, found.revenue.as_ref()));
    }
    let took = took(answer);
    let proof = match (&model.trouble, answer.status, answer.proof) {
        (Some(Trouble::Infeasible(_)), _, _) => "‼ infeasible, last plan shown",
        (Some(Trouble::Refused(_)), _, _) => "‼ not readable, last plan shown",
        _ if model.solving() => "… solving",
        (_, "unrounded", _) => "○ unrounded",
        (_, _, "optimal") => "● proven",
        (_, _, "feasible") => "◐ limits hold",
        _ => "○ not certified",
    };
    if wide {
        format!("{}  {proof}  {took}", balance(answer))
    } else {
        format!("{}  {proof}", balance(answer))
    }
}

/// `balanced 632 007`, or what is left over.
pub(crate) fn balance(answer: &Answer) -> String {
    weighed(&answer.amounts, answer.revenue().as_ref())
}

fn weighed(amounts: &[Amount], revenue: Option<&Amount>) -> String {
    let total: Amount = amounts.iter().sum();
    match revenue {
        None => format!("total {}", grouped(&total, 0)),
        Some(revenue) if *revenue == total => format!("balanced {}", grouped(&total, 0)),
        Some(revenue) => {
            let rest = revenue - &total;
            format!("{} of {} unspent", grouped(&rest, 0), grouped(revenue, 0))
        }
    }
}

/// How long the last answer took.
fn took(answer: &Answer) -> String {
    format!("{}.{} ms", answer.took / 1000, answer.took % 1000 / 100)
}

/// The text of each tab.
fn tab_text(model: &Model, screen: Screen) -> String {
    let place = Screen::ALL.iter().position(|own| *own == screen).unwrap_or(0) + 1;
    let binding = match (screen, &model.answer) {
        (Screen::Limits, Some(answer)) => format!(" {}", answer.binding()),
        _ => String::new(),
    };
    format!(" F{place} {}{binding} ", screen.word())
}

fn tabs(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let mut x = area.x;
    for screen in Screen::ALL {
        let chosen = screen == model.screen;
        let role = if chosen { Role::Chosen } else { Role::Plain };
        let room = usize::from(area.right().saturating_sub(x));
        x = canvas.text(x, area.y + 1, room, &tab_text(model, screen), role);
    }
    let room = usize::from(area.right().saturating_sub(x));
    canvas.right(x, area.y + 1, room.saturating_sub(1), "? all keys  : actions", Role::Faint);
}

/// The screen whose tab is at column `x`.
pub(crate) fn tab_at(model: &Model, x: u16) -> Option<Screen> {
    let mut end = 0;
    Screen::ALL.into_iter().find(|screen| {
        end += tab_text(model, *screen).width();
        usize::from(x) < end
    })
}

/// What is said, or who gained and who lost by the last edit or the one being typed.
fn told(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let y = area.bottom() - 2;
    let width = usize::from(area.width).saturating_sub(2);
    let x = area.x + 1;
    let preview = preview(model);
    let (movers, word) = match &preview {
        Some(moved) => (moved.as_slice(), "would move: "),
        None => (model.allocation.movers.as_slice(), "last edit: "),
    };
    let mut at = x;
    if !model.note.text.is_empty() && preview.is_none() {
        let role = if model.note.alarm { Role::Alarm } else { Role::Plain };
        at = canvas.text(x, y, width, &display_safe(&model.note.text), role);
        at = canvas.text(at, y, 3, "   ", Role::Plain);
    }
    if movers.is_empty() {
        return;
    }
    let end = x + column(width);
    let left = |at: u16| usize::from(end.saturating_sub(at));
    at = canvas.text(at, y, left(at), word, Role::Faint);
    let gains = movers.iter().filter(|(_, change)| change.is_positive()).map(Some);
    let losses = movers.iter().rev().filter(|(_, change)| change.is_negative()).map(Some);
    let none = || std::iter::repeat(None);
    let turns = gains.chain(none()).zip(losses.chain(none())).take(4);
    for (name, change) in turns.flat_map(|(gain, loss)| [gain, loss]).flatten() {
        let role = if change.is_positive() { Role::Gain } else { Role::Loss };
        let sign = if change.is_positive() { "▲" } else { "▼" };
        let text = format!("{sign} {name} {}  ", signed(change, 0));
        if text.width() > left(at) {
            return;
        }
        at = canvas.text(at, y, left(at), &text, role);
    }
}

/// What the figure that is being typed would move.
fn preview(model: &Model) -> Option<Vec<(String, Amount)>> {
    match (&model.preview, &model.answer) {
        (Some(Found::Allocated(next)), Some(now)) => {
            Some(crate::tui::allocation::movers(&model.allocation, now, next))
        }
        _ => None,
    }
}

fn footer(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let y = area.bottom() - 1;
    let width = usize::from(area.width);
    canvas.paint(area.x, y, width, Role::Bar);
    let mut x = area.x + 1;
    for (keys, words) in footer_items(model) {
        let named = ["+", "type", "⏎", "Δ"].iter().any(|sign| words.starts_with(sign));
        let text = if named { format!("{words}   ") } else { format!("{keys} {words}   ") };
        let room = usize::from(area.right().saturating_sub(x));
        if text.trim_end().width() > room {
            return;
        }
        x = canvas.text(x, y, room, &text, Role::Bar);
    }
}

/// A key of the footer with its words; nothing where it would do nothing now.
fn footer_item(model: &Model, own: &Usable) -> Option<(String, String)> {
    let words = own.binding.footer;
    let remedies = crate::tui::advice::remedies(model);
    let count = remedies.map_or(0, |found| found.len().min(4));
    match own.binding.action {
        Action::Accept if crate::tui::trouble::nearest(model).is_none() => None,
        Action::FirstRepair if count == 0 => None,
        Action::FirstRepair if count > 1 => Some((format!("1–{count}"), words.into())),
        _ => {
            // A nearer place may have taken the first of several keys.
            let rest = words.strip_prefix("type or ⏎: ");
            let taken = own.keys.len() < own.binding.keys.len();
            let words = rest.filter(|_| taken).unwrap_or(words);
            Some((own.keys.first()?.text(), words.into()))
        }
    }
}

/// The keys of the footer with their words.
fn footer_items(model: &Model) -> Vec<(String, String)> {
    use crate::tui::overlay::Overlay;
    let fixed = |items: &[(&str, &str)]| -> Vec<(String, String)> {
        items.iter().map(|(key, words)| ((*key).into(), (*words).into())).collect()
    };
    match &model.overlay {
        None if crate::tui::explore::shows_rows(model) => fixed(&[
            ("↑↓", "choose"),
            ("v", "amounts or %"),
            ("B", "open others"),
            ("Esc", "back to the walk"),
        ]),
        Some(Overlay::Opening { .. }) => {
            fixed(&[("⏎", "open"), ("Tab", "complete"), ("↑↓", "choose"), ("Esc", "back")])
        }
        None => usable(&model.places())
            .into_iter()
            .filter(|own| !own.binding.footer.is_empty())
            .filter_map(|own| footer_item(model, &own))
            .collect(),
        Some(Overlay::Prompt(prompt)) if prompt.fields.len() > 1 => {
            fixed(&[("⏎", "do it"), ("Tab", "next line"), ("Esc", "leave no trace")])
        }
        Some(Overlay::Prompt(_)) => fixed(&[("⏎", "do it"), ("Esc", "leave no trace")]),
        Some(Overlay::Ask(ask)) => {
            let answers =
                ask.answers.iter().map(|(key, words, _)| (key.to_string(), words.clone()));
            answers.chain(fixed(&[("Esc", "back")])).collect()
        }
        Some(Overlay::Help { .. } | Overlay::Palette { .. }) => {
            fixed(&[("⏎", "do it"), ("↑↓", "choose"), ("Esc", "back")])
        }
        Some(Overlay::Pivot { .. }) => fixed(&[
            ("r", "rows"),
            ("c", "columns, again for another level"),
            ("f", "filter"),
            ("←→", "member"),
            ("⏎", "done"),
        ]),
        Some(Overlay::Holds { .. }) => fixed(&[("r", "release"), ("Esc", "back")]),
        Some(Overlay::Text { .. } | Overlay::Study { .. }) => {
            fixed(&[("↑↓", "read on"), ("Esc", "back")])
        }
    }
}
