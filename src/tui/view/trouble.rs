//! Says why the scenario cannot be done, over the last plan, and what would help.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use crate::plan::Plan;
use crate::tui::advice;
use crate::tui::answer::{ClashLine, Clashes};
use crate::tui::canvas::{Canvas, column, cut, ends_kept, wrap};
use crate::tui::model::{Model, Screen, Trouble};
use crate::tui::theme::Role;
use crate::tui::trouble::nearest;
use crate::units::{display_safe, grouped};

/// How wide the window is.
fn width(body: Rect) -> usize {
    usize::from(body.width).saturating_sub(4).min(140)
}

/// Draws the trouble, where there is one.
pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>, body: Rect) {
    let Some((title, wrapped)) = told(model, body) else { return };
    let height = height(model, body, wrapped.len());
    let y = body.bottom().saturating_sub(height);
    let window = Rect::new(body.x + 2, y, column(width(body)), height);
    let inside = canvas.window(window, &title);
    let room = usize::from(inside.height);
    let top = model.trouble_top.min(wrapped.len().saturating_sub(room));
    for (at, (line, role)) in wrapped.iter().skip(top).take(room).enumerate() {
        canvas.text(inside.x, inside.y + column(at), usize::from(inside.width), line, *role);
    }
    if wrapped.len() > room && window.height > 1 {
        let words = match (top > 0, top + room < wrapped.len()) {
            (false, _) => " PgDn reads on ",
            (true, true) => " PgUp PgDn read on ",
            (true, false) => " PgUp reads back ",
        };
        let y = window.bottom() - 1;
        canvas.text(inside.x, y, usize::from(inside.width), words, Role::Strong);
    }
}

/// How many lines there are to read, and how many of them have room.
pub(in crate::tui) fn lines(model: &Model) -> (usize, usize) {
    let body = super::body(Rect::new(0, 0, model.size.0, model.size.1));
    let count = told(model, body).map_or(0, |(_, lines)| lines.len());
    (count, usize::from(height(model, body, count)).saturating_sub(2))
}

/// The lines of the screen that the window takes. Where values are changed, it leaves half of them.
fn height(model: &Model, body: Rect, lines: usize) -> u16 {
    let shares = matches!(model.screen, Screen::Limits | Screen::Revenue) && body.height >= ROOM;
    let most = if shares { body.height / 2 } else { body.height };
    (column(lines) + 2).min(most)
}

/// The least lines of which half are enough for a window.
const ROOM: u16 = 14;

/// What the window leaves of a screen on which values are changed; others it lies over.
pub(super) fn beside(model: &Model, body: Rect) -> Rect {
    if !matches!(model.screen, Screen::Limits | Screen::Revenue) || body.height < ROOM {
        return body;
    }
    let taken = told(model, body).map_or(0, |(_, lines)| height(model, body, lines.len()));
    Rect { height: body.height - taken, ..body }
}

/// The title, and what is said in lines that fit the window.
fn told(model: &Model, body: Rect) -> Option<(String, Vec<(String, Role)>)> {
    let trouble = model.trouble.as_ref()?;
    let width = width(body);
    let mut lines: Vec<(String, Role)> = Vec::new();
    let title = match trouble {
        Trouble::Infeasible(clashes) => {
            let room = width.saturating_sub(4);
            clash(clashes, room, &mut lines);
            // What helps comes before a sum that is long to read.
            let sum = (clashes.sentences.join(" "), Role::Plain);
            let short = sum.0.chars().count().div_ceil(room.max(1));
            let most = usize::from(height(model, body, body.height.into())).saturating_sub(2);
            if short <= SHORT && lines.len() + short + HELP <= most {
                lines.push(sum);
                help(model, &mut lines);
            } else {
                help(model, &mut lines);
                lines.push(sum);
            }
            let solving = if model.solving() { ": the last edit is being solved…" } else { "" };
            format!("‼ These cannot hold together{solving}")
        }
        Trouble::Refused(words) => {
            lines.extend(words.iter().map(|line| (line.clone(), Role::Plain)));
            "‼ The scenario cannot be read".to_string()
        }
    };
    let words = match (model.draft.last().is_some(), &model.answer, trouble) {
        (true, Some(_), _) => {
            "The figures behind are those of the last plan. Esc or u takes the edit back."
        }
        (true, None, _) => "Esc or u takes the edit back.",
        (false, _, Trouble::Refused(_)) => {
            "What is mended in a file is read again as soon as it is saved; o opens the scenario."
        }
        (false, Some(_), _) => "The figures behind are those of the last plan. o opens the file.",
        (false, None, _) => "Apply a repair, or open the file with o.",
    };
    lines.push((words.into(), Role::Faint));
    let wrapped: Vec<(String, Role)> = lines
        .iter()
        .flat_map(|(line, role)| {
            let safe = display_safe(line);
            let inset = safe.len() - safe.trim_start().len();
            let rest = wrap(safe.trim_start(), width.saturating_sub(4 + inset));
            rest.into_iter().map(move |line| (format!("{}{line}", " ".repeat(inset)), *role))
        })
        .collect();
    Some((title, wrapped))
}

/// The lines that a sum of what limits ask may take before what would help.
const SHORT: usize = 4;

/// The lines that what would help takes at least.
const HELP: usize = 6;

/// The columns of an authority that stay beside long names.
const AUTHORITY: usize = 12;

/// The limits that clash.
fn clash(clashes: &Clashes, width: usize, lines: &mut Vec<(String, Role)>) {
    // Each column is as wide as it has to be; name and authority share what there is.
    let longest = |of: fn(&ClashLine) -> &String| {
        clashes.parts.iter().map(|part| of(part).width()).max().unwrap_or(0)
    };
    let asks = longest(|part| &part.asks).min(18);
    let room = width.saturating_sub(asks + 2);
    // A name tells one limit from another: it has what it needs, but for a start of the authority.
    let least = longest(|part| &part.authority).min(AUTHORITY);
    let name = longest(|part| &part.name).min(room.saturating_sub(least));
    let authority = room - name;
    for part in &clashes.parts {
        let padded = |text: String, width: usize| {
            let pad = width.saturating_sub(text.width());
            format!("{text}{}", " ".repeat(pad))
        };
        if part.asks.is_empty() {
            lines.push((part.name.clone(), Role::Strong));
            continue;
        }
        let text = format!(
            "{} {} {}",
            padded(ends_kept(&part.name, name), name),
            padded(cut(&part.asks, asks), asks),
            cut(&part.authority, authority)
        );
        lines.push((text.trim_end().to_string(), Role::Strong));
    }
}

/// The nearest that can be had, and the repairs.
fn help(model: &Model, lines: &mut Vec<(String, Role)>) {
    if let Some(nearest) = nearest(model) {
        lines.push((format!("⏎  {}", nearest.words()), Role::Good));
    }
    let Some((found, whole)) = advice::remedies(model) else {
        lines.push(("looking for repairs…".into(), Role::Faint));
        return;
    };
    if found.is_empty() && whole {
        let words = "No repair was found among the planner's own figures: take the edit back, or let \
                     a limit of a higher authority give way (F2).";
        lines.push((words.into(), Role::Plain));
    }
    let unit = model.plan().map_or(String::new(), Plan::unit);
    for (key, remedy) in ('a'..).zip(found.iter()) {
        let cost = grouped(&remedy.cost, u32::from(!remedy.cost.is_whole()));
        lines.push((format!("{key}  {} ({cost} {unit})", remedy.words), Role::Plain));
        lines.extend(remedy.each.iter().map(|own| (format!("     {own}"), Role::Plain)));
        if !remedy.approvals.is_empty() {
            let bodies = remedy.approvals.join("; ");
            lines.push((format!("   needs the approval of: {bodies}"), Role::Faint));
        }
    }
    lines.extend(advice::stuck(model).map(|words| (words, Role::Plain)));
    if !whole {
        lines.push(("looking for more repairs…".into(), Role::Faint));
    }
}
