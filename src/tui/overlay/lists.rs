//! Lists to choose from: keys, actions, holds, lines to read.

use super::Overlay;
use crate::plan::{Plan, Slice};
use crate::scenario::{Amendment, Move, Picks, Remark, slice_words};
use crate::tui::action::{Action, Place};
use crate::tui::advice::Asked;
use crate::tui::answer::Answer;
use crate::tui::keys::{BINDINGS, Binding, Code, Key, Usable, usable};
use crate::tui::limits::hold_price;
use crate::tui::message::Command;
use crate::tui::model::{Model, Screen, Trouble};
use crate::tui::prompt::Line;
use crate::tui::{editing, find, pivot, update};
use crate::units::{Amount, display_safe, grouped};

/// Moves `at` in a list of `count` lines; `None` where the key does not.
pub(super) fn moved(at: usize, count: usize, key: Key) -> Option<usize> {
    let last = count.saturating_sub(1);
    Some(match key.code {
        Code::Up => at.saturating_sub(1),
        Code::Down => (at + 1).min(last),
        Code::PageUp => at.saturating_sub(10),
        Code::PageDown => (at + 10).min(last),
        Code::Home => 0,
        Code::End => last,
        _ => return None,
    })
}

/// The keys of the screen, as help lists them.
pub fn help_bindings(model: &Model) -> Vec<Usable> {
    usable(&model.places())
}

pub(super) fn help(model: &mut Model, at: usize, key: Key) -> Vec<Command> {
    let bindings = help_bindings(model);
    if let Some(at) = moved(at, bindings.len(), key) {
        model.overlay = Some(Overlay::Help { at });
        return Vec::new();
    }
    match key.code {
        Code::Esc | Code::Char('?' | 'q') => Vec::new(),
        Code::Enter => {
            bindings.get(at).map_or_else(Vec::new, |own| update::act(model, own.binding.action))
        }
        _ => {
            let places = model.places();
            if let Some(action) = crate::tui::keys::lookup(key, &places) {
                return update::act(model, action);
            }
            model.overlay = Some(Overlay::Help { at });
            Vec::new()
        }
    }
}

/// The actions that fit what is typed, best first; before those of other screens, those that can be
/// done here.
pub fn filtered_actions(model: &Model, text: &str) -> Vec<&'static Binding> {
    let places = model.places();
    let here =
        |binding: &Binding| binding.place == Place::Anywhere || places.contains(&binding.place);
    let done =
        |action: Action| BINDINGS.iter().filter(|own| here(own)).any(|own| own.action == action);
    // What several other screens do stands once, for the first of them.
    let first = |binding: &Binding| {
        let own = BINDINGS.iter().filter(|own| screen_of(own.place).is_some());
        own.clone().find(|own| own.action == binding.action).map(|own| own.place)
            == Some(binding.place)
    };
    let usable = |binding: &&Binding| {
        here(binding)
            || screen_of(binding.place).is_some() && !done(binding.action) && first(binding)
    };
    let quiet = |action: Action| {
        matches!(action, Action::Palette | Action::Up | Action::Down | Action::Left | Action::Right)
    };
    let mut found: Vec<(usize, &Binding)> = BINDINGS
        .iter()
        .filter(usable)
        .filter(|binding| !quiet(binding.action))
        .filter_map(|binding| Some((find::fuzzy(text, binding.action.words())?, binding)))
        .collect();
    found.sort_by_key(|(cost, binding)| (*cost, !here(binding)));
    found.into_iter().map(|(_, binding)| binding).collect()
}

/// The screen on which the keys of a place have a meaning.
pub fn screen_of(place: Place) -> Option<Screen> {
    Screen::ALL.into_iter().find(|screen| screen.place() == place)
}

pub(super) fn palette(model: &mut Model, mut line: Line, at: usize, key: Key) -> Vec<Command> {
    let found = filtered_actions(model, line.text());
    let vertical = !matches!(key.code, Code::Home | Code::End);
    if let Some(at) = moved(at, found.len(), key).filter(|_| vertical) {
        model.overlay = Some(Overlay::Palette { line, at });
        return Vec::new();
    }
    match key.code {
        Code::Esc => Vec::new(),
        Code::Char('c') if key.ctrl => Vec::new(),
        Code::Enter => {
            let Some(binding) = found.get(at) else { return Vec::new() };
            let other = screen_of(binding.place).filter(|screen| *screen != model.screen);
            let mut commands = other.map_or_else(Vec::new, |screen| update::show(model, screen));
            commands.extend(update::act(model, binding.action));
            commands
        }
        _ => {
            line.key(key);
            model.overlay = Some(Overlay::Palette { line, at: 0 });
            Vec::new()
        }
    }
}

/// One line a hold, transfer or note of the draft, and the edit that takes it away, where one does.
pub fn held(model: &Model) -> Vec<(String, Option<Amendment>)> {
    let mut lines = moved_lines(model);
    lines.extend(match (&model.trouble, &model.answer) {
        (Some(Trouble::Infeasible(own)), _) => held_of((&own.plan, &own.remarks), None, &named),
        (_, Some(answer)) => {
            let own: (&Answer, Priced<'_>) = (answer, &|id| hold_price(model, id));
            held_of((&answer.plan, &answer.remarks), Some(own), &named)
        }
        (_, None) => Vec::new(),
    });
    lines
}

/// How the screens name a slice.
fn named(plan: &Plan, on: &Slice) -> String {
    pivot::title(plan, &pivot::single_picks(plan, on))
}

/// The moves that the draft states itself.
fn moved_lines(model: &Model) -> Vec<(String, Option<Amendment>)> {
    let words = |picks: &Picks| {
        model.plan().map_or_else(|| slice_words(picks), |plan| pivot::title(plan, picks))
    };
    let line = |own: Move| {
        let (from, to) = (words(&own.from), words(&own.to));
        let told: Vec<String> = [own.by, own.reason].into_iter().flatten().collect();
        let amount = Amount::parse(&own.amount).map_or(own.amount, |amount| grouped(&amount, 0));
        let text = format!("→ {amount} from {from} to {to}   {}", told.join(", "));
        (display_safe(&text), Some(Amendment::Unmove { from: own.from, to: own.to }))
    };
    model.draft.moves().into_iter().map(line).collect()
}

/// The same for an answer, without prices, and slices as they are typed.
pub fn held_lines(answer: &Answer) -> Vec<(String, Option<Amendment>)> {
    let typed = |plan: &Plan, on: &Slice| on.text(plan.dimensions());
    held_of((&answer.plan, &answer.remarks), Some((answer, &|_| None)), &typed)
}

/// What a hold is worth, in words, by its id; nothing where prices are not told.
type Priced<'a> = &'a dyn Fn(&str) -> Option<String>;

fn held_of(
    (plan, remarks): (&Plan, &[Remark]),
    answer: Option<(&Answer, Priced<'_>)>,
    named: &dyn Fn(&Plan, &Slice) -> String,
) -> Vec<(String, Option<Amendment>)> {
    let mut lines: Vec<(String, Option<Amendment>)> = Vec::new();
    for hold in plan.holds() {
        let level = crate::explain::hold_level(plan, hold);
        let stands = answer.map_or(String::new(), |(answer, _)| {
            let sum = grouped(&answer.sum(&plan.select(&hold.on)), 0);
            if level == format!("at {sum}") { String::new() } else { format!("   stands at {sum}") }
        });
        let texts = [
            hold.by.clone(),
            hold.reason.clone(),
            hold.until.as_ref().map(|day| format!("until {day}")),
            answer.filter(|_| !hold.lapsed).and_then(|(_, price)| price(hold.id.as_str())),
            hold.lapsed.then(|| "lapsed, not applied".to_string()),
        ];
        let told: Vec<String> = texts.into_iter().flatten().collect();
        let on = named(plan, &hold.on);
        let line = display_safe(&format!("⚓ {on}   held {level}{stands}   {}", told.join(", ")));
        let picks = pivot::single_picks(plan, &hold.on);
        let release = Amendment::Release { on: picks, id: hold.id.to_string() };
        lines.push((line, Some(release)));
    }
    for transfer in &plan.transfers().levels {
        let level = grouped(&transfer.level, 0);
        let why = transfer.reason.clone().unwrap_or_default();
        let on = named(plan, &transfer.on);
        lines.push((display_safe(&format!("= {on}   moves make it {level}   {why}")), None));
    }
    for remark in remarks {
        let on = named(plan, &remark.on);
        let by = remark.by.as_deref().map_or(String::new(), |by| format!(" ({by})"));
        let line = display_safe(&format!("¶ {on}   {}{by}", remark.text));
        let on = pivot::single_picks(plan, &remark.on);
        lines.push((line, Some(Amendment::Remark { on, text: String::new(), by: None })));
    }
    lines
}

pub(super) fn holds(model: &mut Model, at: usize, key: Key) -> Vec<Command> {
    let lines = held(model);
    if let Some(at) = moved(at, lines.len(), key) {
        model.overlay = Some(Overlay::Holds { at });
        return Vec::new();
    }
    match key.code {
        Code::Esc | Code::Enter | Code::Char('q' | 'H') => Vec::new(),
        Code::Char('r') => match lines.get(at) {
            Some((_, Some(release))) => {
                let commands = editing::edit(model, release);
                model.overlay = Some(Overlay::Holds { at: at.saturating_sub(1) });
                commands
            }
            Some((_, None)) => {
                model.warn("that follows from the moves of money: release those of this file");
                Vec::new()
            }
            None => Vec::new(),
        },
        _ => {
            model.overlay = Some(Overlay::Holds { at });
            Vec::new()
        }
    }
}

pub(super) fn movers(model: &mut Model, at: usize, key: Key) -> Vec<Command> {
    let at = moved(at, model.allocation.movers.len(), key);
    model.overlay = at.map(|at| Overlay::Movers { at });
    Vec::new()
}

pub(super) fn study(
    model: &mut Model,
    (title, asked, top): (String, Asked, usize),
    key: Key,
) -> Vec<Command> {
    if matches!(key.code, Code::Esc | Code::Enter | Code::Char(_)) {
        return Vec::new();
    }
    let top = moved(top, crate::tui::view::last_top(model, &asked) + 1, key).unwrap_or(top);
    model.overlay = Some(Overlay::Study { title, asked, top });
    Vec::new()
}
