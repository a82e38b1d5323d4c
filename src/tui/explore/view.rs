//! Draws the walk: what is chosen, the chart, the totals and the bends.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::chart::{ROLES, draw, letter};
use super::{Series, Subject, chosen, curve, list, points, searching, series, subjects, sum};
use crate::tui::allocation::signed;
use crate::tui::answer::Answer;
use crate::tui::canvas::{Canvas, column, cut, ends_kept};
use crate::tui::model::Model;
use crate::tui::pivot::percent;
use crate::tui::sweep::Point;
use crate::tui::theme::Role;
use crate::units::{Amount, grouped};

/// Draws the screen.
pub fn view(model: &Model, canvas: &mut Canvas<'_>, body: Rect) {
    let Some(answer) = &model.answer else { return };
    if let Some(fan) = &model.explore.fan {
        return super::fan::view(model, fan, canvas, body);
    }
    let all = subjects(model);
    let width = usize::from(body.width);
    let list = (width / 4).clamp(16, 40);
    canvas.text(body.x + 1, body.y, list, "↑↓ choose a value", Role::Faint);
    let room = usize::from(body.height).saturating_sub(1);
    let top = crate::tui::view::list_top(body, model.explore.row);
    for (line, (at, own)) in all.iter().enumerate().skip(top).take(room).enumerate() {
        let role = if at == model.explore.row { Role::Chosen } else { Role::Plain };
        // A year tells one of several that are called alike from another.
        let bare = |title: &str| title.rsplit_once(' ').map(|(name, _)| name.to_string());
        let alike = all.iter().filter(|other| bare(&other.title) == bare(&own.title)).count() > 1;
        let cut = if alike { ends_kept } else { cut };
        let title = cut(&own.title, list - 2);
        canvas.text(body.x + 1, body.y + 1 + column(line), list - 2, &title, role);
    }
    for y in body.top()..body.bottom() {
        canvas.text(body.x + column(list), y, 1, "│", Role::Faint);
    }
    let x = body.x + column(list) + 2;
    let area = Rect { x, width: body.right().saturating_sub(x), ..body };
    match all.get(model.explore.row) {
        Some(subject) => chart(model, answer, subject, canvas, area),
        None => {
            canvas.text(x, body.y, width, "the plan states no value to walk through", Role::Faint);
        }
    }
}

/// What is drawn beside the list of values.
pub(super) struct Walk<'a> {
    pub(super) answer: &'a Answer,
    pub(super) subject: &'a Subject,
    pub(super) series: Vec<Series>,
    pub(super) points: Vec<Point>,
    /// The chosen value.
    pub(super) at: Amount,
}

fn chart(model: &Model, answer: &Answer, subject: &Subject, canvas: &mut Canvas<'_>, area: Rect) {
    let walk = Walk {
        answer,
        subject,
        series: series(model, answer),
        points: points(model),
        at: chosen(model).map_or_else(|| subject.now.clone(), |(_, value)| value),
    };
    head(model, &walk, canvas, area);
    let table = column(walk.series.len()) + 3;
    let plot = Rect { y: area.y + 2, height: area.height.saturating_sub(2 + table), ..area };
    let with_table = plot.height >= 5;
    let plot =
        if with_table { plot } else { Rect { height: area.height.saturating_sub(2), ..plot } };
    draw(model, &walk, canvas, plot);
    if with_table {
        let below = Rect { y: plot.bottom(), height: table, ..area };
        legend(model, &walk, canvas, below);
    }
}

pub(super) fn shown(subject: &Subject, value: &Amount) -> String {
    if subject.share {
        let points = value * &Amount::whole(100);
        return format!("{} %", trimmed(&points));
    }
    format!("{} {}", trimmed(value), subject.unit).trim_end().to_string()
}

pub(super) fn trimmed(value: &Amount) -> String {
    if value.is_whole() {
        return grouped(value, 0);
    }
    grouped(value, 4).trim_end_matches('0').to_string()
}

fn head(model: &Model, walk: &Walk<'_>, canvas: &mut Canvas<'_>, area: Rect) {
    let width = usize::from(area.width);
    let what = if model.explore.amounts {
        format!("totals in {}", walk.answer.plan.unit())
    } else {
        "totals, in % of what they are here".to_string()
    };
    let subject = walk.subject;
    let here = format!(": you are here at {}", shown(subject, &subject.now));
    let title = cut(&subject.title, width.saturating_sub(here.width()));
    let text = format!("{title}{here}");
    canvas.text(area.x, area.y, width, &text, Role::Strong);
    let clashing = walk.points.iter().filter(|point| point.amounts.is_none()).count();
    let cannot = match clashing {
        0 => String::new(),
        1 => " · 1 point cannot be done".into(),
        several => format!(" · {several} points cannot be done"),
    };
    let text =
        format!("chosen point {} · {}{what}{cannot}", shown(subject, &walk.at), found(model));
    canvas.text(area.x, area.y + 1, width, &text, Role::Faint);
}

/// How much of the bends is known.
fn found(model: &Model) -> String {
    if super::bends(model).is_some() {
        return match list(model).len() {
            0 => "no bend · ".into(),
            1 => "1 bend · ".into(),
            several => format!("{several} bends · "),
        };
    }
    if model.explore.stopped {
        return "stopped · ".into();
    }
    if searching(model) { "searching, Esc stops · ".into() } else { "points only · ".into() }
}

/// The columns of the totals.
const TOTALS: usize = 3 * 13;

/// What each total is here and at the chosen point, the bends, and what takes over at the chosen one.
fn legend(model: &Model, walk: &Walk<'_>, canvas: &mut Canvas<'_>, area: Rect) {
    let width = usize::from(area.width);
    let name = width.saturating_sub(TOTALS + 4).clamp(8, 30);
    let x = |at: usize| area.x + column(3 + name + at * 13);
    for (at, text) in ["here", "there", "%"].into_iter().enumerate() {
        canvas.right(x(at), area.y, 12, text, Role::Faint);
    }
    let there = there(model, walk);
    for (at, own) in walk.series.iter().enumerate() {
        let y = area.y + 1 + column(at);
        let role = ROLES[at % ROLES.len()];
        canvas.text(area.x, y, 2, &letter(at).to_string(), role);
        canvas.text(area.x + 2, y, name, &own.name, Role::Plain);
        let now = walk.answer.sum(&own.cells);
        canvas.figure(x(0), y, 12, &grouped(&now, 0), Role::Plain);
        let Some((there, exact)) =
            there.as_ref().and_then(|(all, exact)| Some((all.get(at)?, exact)))
        else {
            continue;
        };
        let sign = if *exact && !there.is_whole() { "~" } else { "" };
        canvas.figure(x(1), y, 12, &format!("{sign}{}", grouped(there, 0)), Role::Strong);
        let share = percent(&(there - &now), &now).unwrap_or_default();
        canvas.figure(x(2), y, 12, &signed(&share, 1), role);
    }
    let beside = x(3) + 2;
    if area.right() >= beside + 24 {
        let own = Rect { x: beside, width: area.right() - beside, ..area };
        bends(model, walk, canvas, Rect { height: area.height.saturating_sub(2), ..own });
    }
    let (words, role) = told(model, walk);
    let y = area.bottom().saturating_sub(2);
    canvas.wrapped((area.x, y), area.bottom(), width, &words, role);
}

/// The totals at the chosen value: published where it was solved, else exact.
fn there(model: &Model, walk: &Walk<'_>) -> Option<(Vec<Amount>, bool)> {
    let solved = walk.points.iter().find(|point| point.value == walk.at);
    if let Some(amounts) = solved.and_then(|point| point.amounts.as_ref()) {
        return Some((walk.series.iter().map(|own| sum(amounts, &own.cells)).collect(), false));
    }
    Some((curve(model).at(&walk.at).filter(|_| super::bends(model).is_some())?, true))
}

/// The bends, one a line, the chosen one marked.
fn bends(model: &Model, walk: &Walk<'_>, canvas: &mut Canvas<'_>, area: Rect) {
    let list = list(model);
    if list.is_empty() {
        return;
    }
    let width = usize::from(area.width);
    canvas.text(area.x, area.y, width, "bends", Role::Faint);
    let room = usize::from(area.height).saturating_sub(1);
    let chosen = list.iter().position(|bend| bend.at == walk.at);
    let top = chosen.unwrap_or(0).saturating_sub(room.saturating_sub(1));
    for (line, (at, bend)) in list.iter().enumerate().skip(top).take(room).enumerate() {
        let role = if chosen == Some(at) { Role::Chosen } else { Role::Plain };
        let text = format!("╎ {}  {}", shown(walk.subject, &bend.at), bend.words);
        canvas.text(area.x, area.y + 1 + column(line), width, &text, role);
    }
}

fn told(model: &Model, walk: &Walk<'_>) -> (String, Role) {
    let list = list(model);
    if let Some(bend) = list.iter().find(|bend| bend.at == walk.at) {
        return (format!("bend: {}", bend.words), Role::Plain);
    }
    let at = |value: &Amount| walk.points.iter().find(|point| point.value == *value);
    match (at(&walk.at), at(&walk.subject.now)) {
        (Some(point), _) if point.amounts.is_none() => {
            ("‼ this point cannot be done: limits clash there".into(), Role::Loss)
        }
        (Some(point), Some(here)) if model.explore.at.is_some() => {
            let less = |a: &Point, b: &Point| -> String {
                let new = a.binding.iter().filter(|name| !b.binding.contains(name));
                new.take(3).cloned().collect::<Vec<_>>().join("; ")
            };
            let parts = [("binds there only", less(point, here)), ("here only", less(here, point))];
            let parts: Vec<String> = parts
                .into_iter()
                .filter(|(_, names)| !names.is_empty())
                .map(|(word, names)| format!("{word}: {names}"))
                .collect();
            let none = "the same limits bind there as here".to_string();
            (if parts.is_empty() { none } else { parts.join(" · ") }, Role::Plain)
        }
        (None, _) if searching(model) => ("solving…".into(), Role::Faint),
        _ if !list.is_empty() => {
            let bends = list.iter().map(|bend| trimmed(&bend.at)).collect::<Vec<_>>().join("; ");
            let words =
                format!("bends at {bends}: b goes to the next, ⏎ makes a point the scenario");
            (words, Role::Faint)
        }
        _ => ("← and → choose a point, ⏎ makes it the scenario".into(), Role::Faint),
    }
}
