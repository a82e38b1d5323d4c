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

/// The least columns that have room for the program's name and the time of an answer.
const WIDE: usize = 100;

/// Where help is, beside the tabs.
const HINT: &str = "? all keys  : actions";

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
    let Some(plan) = model.plan() else { return (String::new(), false) };
    let title = display_safe(plan.title());
    let scenario = plan.scenario().unwrap_or_default().to_lowercase();
    let made_up =
        title.to_lowercase().contains("illustrative") || scenario.contains("illustrative");
    let bare = title.replace(" (illustrative)", "");
    (bare, made_up)
}

fn title(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let width = usize::from(area.width);
    canvas.paint(area.x, area.y, width, Role::Bar);
    let wide = width >= WIDE;
    let (plan, made_up) = plan_name(model);
    let state = state(model, wide);
    let own = if wide { " virement  " } else { " " };
    let badge = if made_up { " (illustrative)" } else { "" };
    let star = if model.unsaved() { " *" } else { "" };
    let name = display_safe(model.name.trim_end_matches(".scenario.toml"));
    let room = width.saturating_sub(own.width() + state.width() + badge.width() + 2);
    // Plan and scenario share the room: neither drives the other out.
    let fixed = " ▸ ".width() + star.width();
    let least = room.saturating_sub(fixed) / 2;
    let named = room.saturating_sub(fixed + plan.width().min(least)).max(least);
    // Without room for its folder, a file goes by its own name.
    let own_name = name.rsplit('/').next().unwrap_or_default();
    let name = if name.width() > named { own_name } else { name.as_str() };
    let scenario = format!(" ▸ {}{star}", cut(name, named));
    let plan = cut(&plan, room.saturating_sub(scenario.width()));
    let left = format!("{own}{plan}{badge}{scenario}");
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
        (Some(Trouble::Infeasible(_)), _, _) if wide => "‼ infeasible, last plan shown",
        (Some(Trouble::Infeasible(_)), _, _) => "‼ infeasible",
        (Some(Trouble::Refused(_)), _, _) if wide => "‼ not readable, last plan shown",
        (Some(Trouble::Refused(_)), _, _) => "‼ not readable",
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

/// The texts of the tabs: all seven, as long as `width` columns allow.
fn tab_texts(model: &Model, width: usize) -> Vec<(Screen, String)> {
    let binding = match &model.answer {
        Some(answer) => format!(" {}", answer.binding()),
        None => String::new(),
    };
    // First the spaces go, then the longest words, then letters.
    let forms = [(" ", false, 12), ("", true, 12), ("", false, 4), ("", false, 2)];
    let mut all = forms.into_iter().map(|(gap, short, letters)| {
        let tab = |(place, screen): (usize, Screen)| {
            let word = if short { screen.short() } else { screen.word() };
            let word: String = word.chars().take(letters).collect();
            let binding = if screen == Screen::Limits { binding.as_str() } else { "" };
            (screen, format!("{gap}F{place} {word}{binding} "))
        };
        (1..).zip(Screen::ALL).map(tab).collect::<Vec<_>>()
    });
    let fits = |tabs: &Vec<(Screen, String)>| {
        tabs.iter().map(|(_, text)| text.width()).sum::<usize>() <= width
    };
    all.find(fits).unwrap_or_default()
}

fn tabs(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let mut x = area.x;
    for (screen, text) in tab_texts(model, usize::from(area.width)) {
        let role = if screen == model.screen { Role::Chosen } else { Role::Plain };
        let room = usize::from(area.right().saturating_sub(x));
        x = canvas.text(x, area.y + 1, room, &text, role);
    }
    let room = usize::from(area.right().saturating_sub(x));
    if room > HINT.width() + 1 {
        canvas.right(x, area.y + 1, room - 1, HINT, Role::Faint);
    }
}

/// The screen whose tab is at column `x`.
pub(crate) fn tab_at(model: &Model, x: u16) -> Option<Screen> {
    let mut end = 0;
    tab_texts(model, usize::from(model.size.0)).into_iter().find_map(|(screen, text)| {
        end += text.width();
        (usize::from(x) < end).then_some(screen)
    })
}

/// What is said, or who gained and who lost by the last edit or the one being typed.
fn told(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let y = area.bottom() - 2;
    let width = usize::from(area.width).saturating_sub(2);
    let x = area.x + 1;
    let preview = preview(model);
    // What an edit moved is known once it is solved; before, and where it cannot be, nothing moved.
    let late = model.trouble.is_some() || model.solving() && model.calibrated.is_none();
    let (movers, word) = match &preview {
        Some(moved) => (moved.as_slice(), "would move: "),
        None if late => (&[][..], ""),
        None => (model.allocation.movers.as_slice(), "last edit: "),
    };
    let mut at = x;
    let told = !model.note.text.is_empty() && preview.is_none();
    if told {
        let role = if model.note.alarm { Role::Alarm } else { Role::Plain };
        // The name of an edit makes room for what it moved.
        let edited = model.note.text == model.draft.name() && !movers.is_empty();
        let room = if edited { width * 2 / 5 } else { width };
        at = canvas.text(x, y, room, &display_safe(&model.note.text), role);
        at = canvas.text(at, y, 3, "   ", Role::Plain);
    }
    // The note names the edit: who gains and who loses is worth more than saying so again.
    let word = if told { "" } else { word };
    if movers.is_empty() {
        return;
    }
    let end = x + column(width);
    let left = |at: u16| usize::from(end.saturating_sub(at));
    at = canvas.text(at, y, left(at), word, Role::Faint);
    let gains = movers.iter().filter(|(_, change)| change.is_positive()).map(Some);
    let losses = movers.iter().rev().filter(|(_, change)| change.is_negative()).map(Some);
    let none = || std::iter::repeat(None);
    let turns = gains.chain(none()).zip(losses.chain(none())).take(movers.len());
    let mut rest = movers.len();
    for (name, change) in turns.flat_map(|(gain, loss)| [gain, loss]).flatten() {
        let role = if change.is_positive() { Role::Gain } else { Role::Loss };
        let sign = if change.is_positive() { "▲" } else { "▼" };
        let text = format!("{sign} {name} {}", signed(change, 0));
        let kept = if rest > 1 { REST } else { 0 };
        if text.width() + kept > left(at) {
            break;
        }
        at = canvas.text(at, y, left(at), &text, role);
        at = canvas.text(at, y, left(at), "  ", Role::Plain);
        rest -= 1;
    }
    if rest > 0 && rest < movers.len() {
        let all = if preview.is_some() { "" } else { ": g" };
        canvas.text(at, y, left(at), &format!("+{rest} more{all}"), Role::Faint);
    }
}

/// The columns that say how many more have moved.
const REST: usize = 14;

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
    let text = |(keys, words): &(String, String)| {
        let named = ["+", "type", "Δ"].iter().any(|sign| words.starts_with(sign));
        if named { words.clone() } else { format!("{keys} {words}") }
    };
    let items = footer_items(model);
    // What does not fit is told by help: its key stays, and that of undo while there is what to undo.
    let undoes = model.overlay.is_none() && model.draft.last().is_some();
    let stays = |keys: &str| keys == "?" || keys == "u" && undoes;
    let all: Vec<String> = items.iter().map(text).collect();
    let last: Vec<String> = items.iter().filter(|(keys, _)| stays(keys)).map(text).collect();
    let gap = if width < WIDE { 2 } else { 3 };
    let taken: usize = all.iter().map(|own| own.width() + gap).sum();
    let whole = taken <= width + 1;
    let kept: usize = if whole { 0 } else { last.iter().map(|own| gap + own.width()).sum() };
    let mut x = area.x + 1;
    for own in all.iter().filter(|own| whole || !last.contains(own)) {
        let room = usize::from(area.right().saturating_sub(x)).saturating_sub(kept);
        if own.width() > room {
            break;
        }
        x = canvas.text(x, y, room, own, Role::Bar) + column(gap);
    }
    for own in last.iter().filter(|_| !whole) {
        let room = usize::from(area.right().saturating_sub(x));
        x = canvas.text(x, y, room, own, Role::Bar) + column(gap);
    }
}

/// What the footer says of typing.
const TYPE: &str = "type a figure";

/// A key of the footer with its words; nothing where it would do nothing now.
fn footer_item(model: &Model, own: &Usable) -> Option<(String, String)> {
    let words = own.binding.footer;
    let remedies = crate::tui::advice::remedies(model);
    let count = remedies.map_or(0, |(found, _)| found.len().min(4));
    match own.binding.action {
        Action::Accept if crate::tui::trouble::nearest(model).is_none() => None,
        Action::FirstRepair if count == 0 => None,
        Action::Cancel if model.trouble.is_some() && model.draft.last().is_none() => None,
        // Without an allocation there are no figures to act on.
        action if model.answer.is_none() && own.binding.place == model.screen.place() => {
            let changes = matches!(action, Action::Type | Action::Switch | Action::Release);
            let values = matches!(model.screen, Screen::Limits | Screen::Revenue);
            let there = changes && values && model.trouble.is_some();
            there.then(|| Some((own.keys.first()?.text(), words.into()))).flatten()
        }
        Action::FirstRepair if count > 1 => {
            Some((format!("a–{}", ('a'..'e').nth(count - 1)?), words.into()))
        }
        _ => {
            // A nearer place may have taken the first of several keys.
            let taken = own.keys.len() < own.binding.keys.len();
            let words = if taken && words == TYPE { "hold at a figure" } else { words };
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
            ("r", "rows, again: first"),
            ("c", "columns, again: another level"),
            ("f", "filter"),
            ("←→", "member"),
            ("⏎", "done"),
        ]),
        Some(Overlay::Holds { .. }) => fixed(&[("r", "release"), ("Esc", "back")]),
        Some(Overlay::Shelf(_)) => fixed(&[
            ("⏎", "open"),
            ("↑↓", "choose"),
            ("Tab", "start a plan of your own from it"),
            ("Esc", "back to the plan"),
        ]),
        Some(Overlay::Study { .. } | Overlay::Movers { .. }) => {
            fixed(&[("↑↓", "read on"), ("Esc", "back")])
        }
    }
}
