//! What each promise costs: the plan solved without it.

use super::Footing;
use super::effect::Effect;
use super::footing::press;
use super::names::is_planners;
use super::price::{NoStep, StepSize};
use crate::plan::{Aim, ReadingKind, Strength};
use crate::solve::{NoAnswer, without};
use crate::units::{Amount, Id};

/// What one hold, soft limit or limit of a planner costs.
#[derive(Debug, Clone)]
pub struct Promise {
    /// The kind of rule.
    pub kind: ReadingKind,
    /// Its id.
    pub id: Id,
    /// Whether it may be missed.
    pub soft: bool,
    /// What the answer without it gains.
    pub found: Result<Effect, NoStep>,
}

/// The promises that the answer leans on, those first that press hardest: holds, soft limits, and hard
/// limits that a planner set. One that leaves room costs nothing: without it the answer is the same.
pub fn promises(footing: &Footing<'_>) -> Vec<(ReadingKind, Id, bool)> {
    let binds = |kind: ReadingKind, id: &Id| {
        footing.binding().any(|reading| reading.kind == kind && reading.id == *id)
    };
    let limits = footing.plan.limits().iter().filter_map(|limit| {
        let soft = limit.strength != Strength::Hard;
        let asked = soft || is_planners(limit);
        (asked && binds(ReadingKind::Limit, &limit.id)).then_some((
            ReadingKind::Limit,
            &limit.id,
            soft,
        ))
    });
    let holds = footing.plan.holds().iter().filter(|hold| !hold.lapsed);
    let holds = holds.map(|hold| (ReadingKind::Hold, &hold.id, false));
    let holds = holds.filter(|(kind, id, _)| binds(*kind, id));
    let mut found: Vec<_> =
        holds.chain(limits).map(|(kind, id, soft)| (kind, id.clone(), soft)).collect();
    found.sort_by_cached_key(|(kind, id, _)| {
        let own = footing.binding().filter(|own| own.kind == *kind && own.id == *id);
        std::cmp::Reverse(own.map(|own| press(footing, own, &StepSize::default())).max())
    });
    found
}

/// Solves the plan without one promise.
pub fn promise(footing: &Footing<'_>, (kind, id, soft): (ReadingKind, Id, bool)) -> Promise {
    let found = match without(footing.plan, (kind, &id), &footing.exact) {
        Ok(after) => Ok(freed(footing, &id, soft, Effect::between(&footing.exact, &after))),
        Err(NoAnswer::Infeasible) => Err(NoStep::Infeasible),
        Err(NoAnswer::Unbounded(_)) => Err(NoStep::Unbounded),
    };
    Promise { kind, id, soft, found }
}

/// The effect without what the promise itself was missed by: a stage that no longer counts that miss
/// has not gained anything by it.
fn freed(footing: &Footing<'_>, id: &Id, soft: bool, mut effect: Effect) -> Effect {
    let own = footing.plan.limits().iter().position(|limit| limit.id == *id);
    let Some(place) = own.filter(|_| soft) else { return effect };
    let Strength::Soft { weight } = &footing.plan.limits()[place].strength else { return effect };
    let readings =
        footing.readings.iter().filter(|own| own.id == *id && own.kind == ReadingKind::Limit);
    let missed: Amount = readings.map(|own| (-&own.slack).max(Amount::ZERO)).sum();
    for stage in footing.plan.stages() {
        let counts =
            matches!(&stage.aim, Aim::Shortfall { limits, even: false } if limits.contains(&place));
        for gain in effect.gains.iter_mut().filter(|gain| counts && gain.stage == stage.id) {
            gain.gain -= &(weight * &missed);
        }
    }
    effect
}

/// Ranks promises by what each frees: the earliest stage first, then how much of it, then how much
/// nearer the allocation comes, then by how much money moves.
pub fn rank(promises: &mut [Promise]) {
    let gains =
        |of: &Effect| -> Vec<Amount> { of.gains.iter().map(|own| own.gain.clone()).collect() };
    promises.sort_by(|a, b| match (&a.found, &b.found) {
        (Ok(a), Ok(b)) => (gains(b), &b.nearer)
            .cmp(&(gains(a), &a.nearer))
            .then_with(|| b.moved().cmp(&a.moved())),
        (a, b) => b.is_ok().cmp(&a.is_ok()),
    });
}
