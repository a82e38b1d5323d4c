//! Why not this figure: the plan solved with the wish as a hold.

use super::Footing;
use super::effect::Effect;
use crate::plan::{Aim, Expression, Hold, MeasureOf, Plan, ReadingKind, Slice, Stage};
use crate::solve::{ActiveSet, Conflict, NoAnswer, Outcome, exact, solve};
use crate::units::{Amount, CellId, Id};

/// The level that is wished for on a slice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wished {
    /// The slice.
    pub on: Slice,
    /// The least level, in plan units; none for "at most".
    pub min: Option<Amount>,
    /// The greatest level; none for "at least".
    pub max: Option<Amount>,
}

/// What came of a wish.
#[derive(Debug, Clone)]
pub struct WhyNot {
    /// The wish.
    pub wished: Wished,
    /// The cells of its slice, ascending.
    pub cells: Vec<CellId>,
    /// Where the slice stands now, exactly.
    pub now: Amount,
    /// The hold on the same slice that the wish takes the place of.
    pub instead: Option<Id>,
    /// What came of it.
    pub found: Verdict,
}

/// What came of a wish.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// The answer has it already.
    Granted,
    /// It can be had, and this is what it does.
    Possible(Effect),
    /// It cannot be had.
    Forbidden {
        /// The limits that forbid it, the wish itself left out.
        conflict: Box<Conflict>,
        /// The nearest level that can be had, and what that does; none where the limits clash by
        /// themselves.
        nearest: Option<(Amount, Effect)>,
    },
    /// With it a stage has no end.
    Unbounded(Id),
    /// Whether it can be had was not settled: a search was ended, or revenue decisions do not come to
    /// stand in whole quanta.
    Unsettled,
}

/// The id of the hold that stands for the wish.
pub const WISH: &str = "the wish";

impl Wished {
    fn hold(&self) -> Hold {
        let number = |level: &Amount| Expression::Number(level.clone());
        Hold {
            id: Id::from(WISH),
            on: self.on.clone(),
            min: self.min.as_ref().map(number),
            max: self.max.as_ref().map(number),
            by: None,
            reason: None,
            until: None,
            lapsed: false,
        }
    }

    /// Whether `level` is what was wished for.
    pub fn has(&self, level: &Amount) -> bool {
        self.min.as_ref().is_none_or(|min| level >= min)
            && self.max.as_ref().is_none_or(|max| level <= max)
    }
}

/// Solves the plan with the wish as a hold; `None` where its slice has no cell.
pub fn why_not(footing: &Footing<'_>, wished: &Wished) -> Option<WhyNot> {
    let plan = footing.plan;
    let cells = plan.select(&wished.on);
    if cells.is_empty() {
        return None;
    }
    let now: Amount = cells.iter().map(|cell| &footing.exact.amounts[cell.index()]).sum();
    let held = plan.holds().iter().find(|hold| !hold.lapsed && hold.on == wished.on);
    let instead = held.map(|hold| hold.id.clone());
    let found = if wished.has(&now) { Verdict::Granted } else { verdict(footing, wished, &now) };
    Some(WhyNot { wished: wished.clone(), cells, now, instead, found })
}

/// What a little more would do: one percent of where the slice stands, at least one quantum.
pub fn one_more(footing: &Footing<'_>, on: &Slice) -> Option<WhyNot> {
    let cells = footing.plan.select(on);
    let now: Amount = cells.iter().map(|cell| &footing.exact.amounts[cell.index()]).sum();
    let unit = Amount::whole(i64::from(footing.plan.quantum().units()));
    let part = &now.abs() / &Amount::whole(100);
    let step = &Amount::from((&part / &unit).floor()).max(Amount::ONE) * &unit;
    let level = Some(&now + &step);
    let found = why_not(footing, &Wished { on: on.clone(), min: level.clone(), max: level })?;
    Some(found)
}

fn verdict(footing: &Footing<'_>, wished: &Wished, now: &Amount) -> Verdict {
    let plan = footing.plan.with_hold(wished.hold());
    match exact(&plan, &footing.exact.active.elsewhere()) {
        Ok(after) => Verdict::Possible(Effect::between(&footing.exact, &after)),
        Err(NoAnswer::Unbounded(stage)) => Verdict::Unbounded(stage),
        Err(NoAnswer::Infeasible) => {
            let Outcome::Infeasible(mut conflict) = solve(&plan, &ActiveSet::default()) else {
                return Verdict::Unsettled;
            };
            let is_wish = |kind, id: &Id| kind == ReadingKind::Hold && *id == *WISH;
            conflict.parts.retain(|part| !is_wish(part.origin.kind, &part.origin.id));
            let more = wished.min.as_ref().is_some_and(|min| min > now);
            let nearest = nearest(footing, wished, more);
            Verdict::Forbidden { conflict: Box::new(conflict), nearest }
        }
    }
}

/// The furthest level towards the wish that the hard limits leave, in whole quanta, and what it
/// does.
fn nearest(footing: &Footing<'_>, wished: &Wished, more: bool) -> Option<(Amount, Effect)> {
    let (least, most) = extremes(footing.plan, &wished.on)?;
    let quantum = footing.plan.quantum();
    let unit = Amount::whole(i64::from(quantum.units()));
    let end = if more { most } else { least };
    let count = quantum.count(&end);
    let whole = if more { count.floor() } else { count.ceil() };
    let rounded = &Amount::from(whole) * &unit;
    for level in [rounded, end] {
        let at =
            Wished { on: wished.on.clone(), min: Some(level.clone()), max: Some(level.clone()) };
        let plan = footing.plan.with_hold(at.hold());
        if let Ok(after) = exact(&plan, &footing.exact.active.elsewhere()) {
            return Some((level, Effect::between(&footing.exact, &after)));
        }
    }
    None
}

/// The least and the greatest level of a slice that the hard limits leave, exactly, in plan units,
/// whatever a hold on the same slice says; `None` where they clash, or nothing ends it. Two linear
/// programmes, each proven.
pub fn extremes(plan: &Plan, on: &Slice) -> Option<(Amount, Amount)> {
    let plan = &plan.with_hold(Wished { on: on.clone(), min: None, max: None }.hold());
    let end = |maximise: bool| {
        let stage = Stage {
            id: Id::from("level"),
            title: "level".into(),
            aim: Aim::Measure { measure: MeasureOf::Amount, on: on.clone(), maximise },
            loss: None,
        };
        let plan = plan.with_stages(vec![stage]);
        let found = exact(&plan, &ActiveSet::default()).ok()?;
        let value = found.stages.first()?.values.first()?.clone();
        Some(if maximise { -value } else { value })
    };
    Some((end(false)?, end(true)?))
}
