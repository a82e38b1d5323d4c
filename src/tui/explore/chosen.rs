//! The point that is chosen along a walk.

use super::{Subject, bends, curve, points, searching, subjects};
use crate::tui::advice::Question;
use crate::tui::editing;
use crate::tui::message::Command;
use crate::tui::model::Model;
use crate::tui::sweep::{Bend, Bends, Sweep};
use crate::units::Amount;

/// The walk, and where the value stands.
fn ground(model: &Model) -> Option<(&Sweep, Subject)> {
    let Question::Sweep(sweep) = &model.explore.asked.as_ref()?.question else { return None };
    let subject = subjects(model).into_iter().find(|own| own.target == sweep.target)?;
    Some((sweep, subject))
}

/// The points and the bends, ascending.
fn stops(model: &Model, sweep: &Sweep) -> Vec<Amount> {
    let mut stops = sweep.values.clone();
    stops.extend(list(model).into_iter().map(|bend| bend.at));
    stops.sort();
    stops.dedup();
    stops
}

/// The bends that are known, ascending.
pub(super) fn list(model: &Model) -> Vec<Bend> {
    bends(model).map_or_else(Vec::new, Bends::list)
}

/// Goes to the next point or bend.
pub(super) fn step(model: &mut Model, up: bool) {
    let Some((sweep, subject)) = ground(model) else { return };
    let stops = stops(model, sweep);
    let now = model.explore.at.clone().unwrap_or_else(|| subject.now.clone());
    let next = if up {
        stops.into_iter().find(|stop| *stop > now)
    } else {
        stops.into_iter().rev().find(|stop| *stop < now)
    };
    choose(model, next, &subject.now);
}

/// Goes to the next bend, and from the last one to the first.
pub(super) fn next_bend(model: &mut Model) {
    let Some((_, subject)) = ground(model) else { return };
    let now = model.explore.at.clone().unwrap_or_else(|| subject.now.clone());
    let bends = list(model);
    if bends.is_empty() {
        let words = if searching(model) {
            "the bends are still being found"
        } else {
            "no bend is known here"
        };
        model.say(words);
        return;
    }
    let next = bends.iter().find(|bend| bend.at > now).or_else(|| bends.first());
    choose(model, next.map(|bend| bend.at.clone()), &subject.now);
}

fn choose(model: &mut Model, next: Option<Amount>, now: &Amount) {
    if let Some(next) = next {
        model.explore.at = Some(next).filter(|next| next != now);
    }
}

/// The value at the chosen point.
pub(super) fn chosen(model: &Model) -> Option<(Sweep, Amount)> {
    let (sweep, subject) = ground(model)?;
    let (first, last) = (sweep.values.first()?, sweep.values.last()?);
    let at = model.explore.at.clone().unwrap_or(subject.now);
    (*first <= at && at <= *last).then(|| (sweep.clone(), at))
}

/// Makes the chosen point the scenario.
pub(super) fn take(model: &mut Model) -> Vec<Command> {
    if model.explore.at.is_none() {
        model.say("this is where the scenario stands: ← and → choose a point");
        return Vec::new();
    }
    let Some((sweep, value)) = chosen(model) else { return Vec::new() };
    let found = points(model).iter().find(|point| point.value == value).cloned();
    let exact = bends(model).is_some() && curve(model).at(&value).is_none();
    if exact || found.is_some_and(|point| point.amounts.is_none()) {
        model.warn("this point cannot be done: limits clash there");
        return Vec::new();
    }
    model.explore.at = None;
    editing::edit(model, &sweep.edit(&value))
}
