//! Why a line or total stands where it does.

use indexmap::IndexSet;

use super::phrases::{
    adding_up, amount, capital, count, limit, money, percent, share, signed, slice, together,
};
use crate::explain::{Contribution, Parts, Source, Stop, Why};
use crate::formulate::Origin;
use crate::plan::{Plan, ReadingKind};
use crate::units::Amount;

/// How many limits a sentence names before it says that there are more.
const MOST_NAMED: usize = 3;
/// Up to how many parts of a change are listed one by one, however small.
const MOST_SMALL: usize = 6;

/// Says where a line stands, what its change is made of, and what stops it.
pub fn line(plan: &Plan, line: &Why) -> Vec<String> {
    let name = capital(&slice(plan, &line.slice));
    let lines = if line.cells.len() > 1 {
        format!(" ({})", count(line.cells.len(), "line", "lines"))
    } else {
        String::new()
    };
    let change = line.change();
    let mut said = Vec::new();
    if change.is_zero() {
        let stands = money(plan, &line.amount);
        said.push(format!("{name}{lines} has {stands}, as before."));
    } else {
        let relative = line.share(&change).map(|share| format!(", or {}", percent(&share)));
        said.push(format!(
            "{name}{lines} has {}. It had {} before: {}{}.",
            money(plan, &line.amount),
            amount(&line.baseline),
            signed(&change),
            relative.unwrap_or_default()
        ));
    }
    said.extend(need(plan, line));
    said.extend(parts(plan, line));
    if line.chosen && !line.parts.is_empty() {
        said.push(
            "Several limits say the same here, so there is more than one way to split the change. \
             The most even one is shown."
                .into(),
        );
    }
    said.push(stop(plan, &line.stop));
    said.extend(room(line));
    said
}

fn need(plan: &Plan, line: &Why) -> Option<String> {
    let need = line.need.as_ref()?;
    let missing = need - &line.amount;
    Some(if missing.is_positive() {
        format!("{} was asked for; {} of that is missing.", money(plan, need), amount(&missing))
    } else {
        format!("{} was asked for, and that is met.", money(plan, need))
    })
}

/// The parts of the change, rounded so that they add up to what was said; the smallest together.
fn parts(plan: &Plan, line: &Why) -> Vec<String> {
    let Parts { limits, aims, against } = line.told(plan);
    let mut told: Vec<(Amount, String)> = Vec::new();
    if !against.is_empty() {
        let sum = against.iter().map(|part| &part.money).sum();
        told.push((
            sum,
            format!("{}, which stand against one another", opposed(plan, &against, source)),
        ));
    }
    if !aims.is_empty() {
        let stages: Vec<String> = aims
            .iter()
            .filter(|part| part.by.is_kind(ReadingKind::Stage))
            .map(|part| whole_aim(plan, &part.by))
            .collect();
        let stages: Vec<String> = IndexSet::<String>::from_iter(stages).into_iter().collect();
        let sum = aims.iter().map(|part| &part.money).sum();
        told.push((sum, format!("the revenue, shared out by {}", together(&stages))));
    }
    let large = |money: &Amount| {
        let share = line.share(money).unwrap_or(Amount::ONE);
        share.abs() >= Amount::ratio(1, 2000)
    };
    let (shown, small): (Vec<_>, Vec<_>) =
        limits.into_iter().partition(|part| large(&part.money) || part.by == Source::Rounding);
    let all_shown = shown.len() + small.len() <= MOST_SMALL;
    let mut listed: Vec<_> =
        if all_shown { shown.into_iter().chain(small.iter().copied()).collect() } else { shown };
    listed.sort_by_key(|part| part.by == Source::Rounding);
    told.extend(listed.into_iter().map(|part| (part.money.clone(), source(plan, &part.by))));
    if !all_shown && !small.is_empty() {
        let sum = small.iter().map(|part| &part.money).sum();
        let others = count(small.len(), "limit", "limits");
        told.push((sum, format!("{others} that add less than a twentieth of a percent each")));
    }
    if told.is_empty() {
        return Vec::new();
    }
    let exact: Vec<Amount> = told.iter().map(|(money, _)| money.clone()).collect();
    let monies = adding_up(&exact, 1);
    let points: Option<Vec<Amount>> = exact
        .iter()
        .map(|part| line.share(part).map(|share| &share * &Amount::whole(100)))
        .collect();
    let points = points.map(|points| adding_up(&points, 1));
    let mut said = vec!["The change is the sum of:".to_string()];
    for (place, (_, by)) in told.iter().enumerate() {
        let relative = points
            .as_ref()
            .map(|points| format!("{:>9}", percent(&(&points[place] / &Amount::whole(100)))));
        let money = signed_to_one(&monies[place]);
        said.push(format!("  {money:>12}{}  {by}", relative.unwrap_or_default()));
    }
    if !against.is_empty() {
        said.push(
            "What stands against one another pushes many times harder than anything moves, as it is near the \
             edge of what can be had: only its sum says something."
                .into(),
        );
    }
    said
}

/// What stands against one another, the strongest first.
pub(super) fn opposed(
    plan: &Plan,
    against: &[&Contribution],
    name: impl Fn(&Plan, &Source) -> String,
) -> String {
    let mut strongest = against.to_vec();
    strongest.sort_by_key(|part| std::cmp::Reverse(part.money.abs()));
    let mut names: Vec<String> =
        strongest.iter().take(MOST_NAMED).map(|part| name(plan, &part.by)).collect();
    if against.len() > MOST_NAMED {
        names.push(count(against.len() - MOST_NAMED, "more", "more"));
    }
    together(&names)
}

fn signed_to_one(value: &Amount) -> String {
    let text = crate::units::grouped(value, 1);
    if value.is_positive() { format!("+{text}") } else { text }
}

/// An aim by its title, whichever of its rounds it was.
fn whole_aim(plan: &Plan, by: &Source) -> String {
    match by {
        Source::Row(origin) => limit(plan, &Origin { member: String::new(), ..origin.clone() }),
        _ => source(plan, by),
    }
}

/// What a part of a change comes from.
pub(super) fn source(plan: &Plan, source: &Source) -> String {
    match source {
        Source::Row(origin) => limit(plan, origin),
        Source::OwnBounds => "the floors and ceilings of the lines themselves".into(),
        Source::Kept => "lines that keep their earlier answer, because others pay".into(),
        Source::Lump => "lines that are taken whole or left".into(),
        Source::Rounding => "rounding to whole figures".into(),
    }
}

fn named(plan: &Plan, origins: &[Origin]) -> String {
    let mut names: Vec<String> =
        origins.iter().take(MOST_NAMED).map(|origin| limit(plan, origin)).collect();
    if origins.len() > MOST_NAMED {
        names.push(count(origins.len() - MOST_NAMED, "more", "more"));
    }
    together(&names)
}

/// What stops a line or total, in one sentence.
pub fn stop(plan: &Plan, stop: &Stop) -> String {
    match stop {
        Stop::Fixed => {
            "It cannot move: it is marked as fixed, or there is nothing to measure a change by."
                .into()
        }
        Stop::Kept => {
            "It keeps the answer of the scenario before this one, because others pay for what this \
             one holds."
                .into()
        }
        Stop::Lump => "It is all or nothing: taken whole or left.".into(),
        Stop::Held { by, alone: true } => format!("A planner holds it there: {}.", named(plan, by)),
        Stop::Held { by, .. } => {
            format!("A planner holds what it is part of: {}.", named(plan, by))
        }
        Stop::Floor => "It stands at its own floor: it may not go lower.".into(),
        Stop::Ceiling => "It stands at its own ceiling: it may not go higher.".into(),
        Stop::Limits(origins) => format!("What stops it: {}.", named(plan, origins)),
        Stop::Revenue => "All revenue is spent: this total is what the revenue comes to.".into(),
        Stop::Aims(origins) => {
            let press = if origins.len() == 1 { "presses" } else { "press" };
            format!("No limit stops it. Only {} {press} on it.", named(plan, origins))
        }
        Stop::ProRata(alike) if alike.is_empty() => {
            "Only the revenue moves it; no other line is in the same position.".into()
        }
        Stop::ProRata(alike) => format!(
            "No limit of its own stops it: it moved by the same percentage as {}.",
            count(alike.len(), "other line", "other lines")
        ),
        Stop::Parts(origins) if origins.is_empty() => {
            "No one limit is on all of it: its lines stand at bounds of their own.".into()
        }
        Stop::Parts(origins) => {
            let are = if origins.len() == 1 { "is" } else { "are" };
            format!("No one limit is on all of it. On parts of it {are} {}.", named(plan, origins))
        }
        Stop::Still => "Nothing presses on it.".into(),
    }
}

/// How much of a total could not move.
fn room(line: &Why) -> Option<String> {
    if line.cells.len() < 2 || !line.amount.is_positive() {
        return None;
    }
    let room = &line.room;
    let told = [
        (&room.held, "is held"),
        (&room.kept, "keeps its earlier answer"),
        (&room.lumps, "is all or nothing"),
        (&room.fixed, "is fixed"),
        (&room.floor, "is at its own floor"),
        (&room.ceiling, "is at its own ceiling"),
    ];
    let parts = told.iter().filter(|(part, _)| part.is_positive());
    let sum: Amount = parts.clone().map(|(part, _)| *part).sum();
    let all = rounded(&(&sum / &line.amount)) >= Amount::ONE;
    if let ([(_, why)], true) = (&*parts.clone().collect::<Vec<_>>(), all) {
        return Some(format!("All of this total {why}."));
    }
    let stuck: Vec<String> = parts
        .map(|(part, why)| format!("{} {why}", share(&rounded(&(*part / &line.amount)))))
        .collect();
    if stuck.is_empty() {
        return None;
    }
    let rest = if all { "" } else { "; the rest can move" };
    Some(format!("Of this total {}{rest}.", together(&stuck)))
}

/// A share to a tenth of a percent.
fn rounded(share: &Amount) -> Amount {
    let thousand = Amount::whole(1000);
    let half = &(share * &thousand) + &Amount::ratio(1, 2);
    &Amount::from(half.floor()) / &thousand
}
