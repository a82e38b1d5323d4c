//! One side of one rule of a plan, by name, and the same plan with it moved or left out.

use std::sync::Arc;

use super::memo::Memo;
use super::{Body, Hold, Measured, Plan, Reading, ReadingKind, Rule, Sense, Stage};
use crate::units::{Amount, Id};

/// Which bound of a plan: one side of one rule, for one combination of members.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BoundKey {
    /// The kind of rule.
    pub kind: ReadingKind,
    /// The id of the limit, fund, hold or transfer; `balance` for the balance.
    pub id: Id,
    /// The members of `each`, joined by `/`.
    pub member: String,
    /// What is bounded.
    pub measured: Measured,
    /// Which side.
    pub sense: Sense,
}

/// The least and the most of a rule, where it has them.
pub type Pair = (Option<Amount>, Option<Amount>);

/// A bound that stands elsewhere than its file says.
#[derive(Debug, Clone)]
pub(super) struct Nudge {
    bound: BoundKey,
    by: Amount,
}

/// A limit or hold that a plan is looked at without.
#[derive(Debug, Clone)]
pub(super) struct LeftOut {
    kind: ReadingKind,
    id: Id,
    /// Its rows stay, with no bounds.
    loose: bool,
}

impl Reading {
    /// The bound that it reads.
    pub fn key(&self) -> BoundKey {
        BoundKey {
            kind: self.kind,
            id: self.id.clone(),
            member: self.member.clone(),
            measured: self.measured,
            sense: self.sense,
        }
    }
}

impl Nudge {
    /// The pair moved on the side that is meant; both sides of an equality.
    fn pair(&self, (min, max): Pair) -> Pair {
        let moved = |bound: Option<Amount>| bound.map(|bound| &bound + &self.by);
        match self.bound.sense {
            Sense::Floor => (moved(min), max),
            Sense::Ceiling => (min, moved(max)),
            Sense::Equal => (moved(min), moved(max)),
        }
    }

    /// Whether the side that is meant is a side of this rule.
    fn is_of(&self, rule: &Rule) -> bool {
        let measured = match &rule.body {
            Body::Level { from: Some(_), .. } => Measured::Move,
            Body::Share { shown, .. } => shown.measured(),
            Body::Reserve { base, .. } if base.is_some() => Measured::Share,
            Body::Level { .. } | Body::Reserve { .. } => Measured::Amount,
            Body::Turnover { .. } => Measured::Turnover,
        };
        rule.member == self.bound.member && measured == self.bound.measured
    }
}

impl Plan {
    /// The same plan with one bound moved by `by`, in the unit of its reading; `None` where it
    /// would pass the other side of its own rule, or where the plan has no such bound.
    pub fn nudged(&self, bound: &BoundKey, by: &Amount) -> Option<Self> {
        let mut plan = self.but(bound.kind, &bound.id);
        plan.nudge = Some(Nudge { bound: bound.clone(), by: by.clone() });
        let in_order = |min: &Option<Amount>, max: &Option<Amount>| match (min, max) {
            (Some(min), Some(max)) => min <= max,
            _ => true,
        };
        let own = plan.limits().iter().find(|limit| limit.id == bound.id);
        if let Some(limit) = own.filter(|_| bound.kind == ReadingKind::Limit) {
            let rules = plan.rules(limit);
            let nudge = plan.nudge.as_ref()?;
            let found = rules.iter().find(|rule| nudge.is_of(rule))?;
            let fits = match &found.body {
                Body::Level { min, max, .. }
                | Body::Share { min, max, .. }
                | Body::Reserve { min, max, .. } => in_order(min, max),
                Body::Turnover { most, .. } => !most.is_negative(),
            };
            return fits.then_some(plan);
        }
        if let Some(hold) = plan.holds().iter().find(|hold| hold.id == bound.id)
            && bound.kind == ReadingKind::Hold
        {
            let group = plan.groups(&hold.on, &[]).into_iter().next()?;
            let value = |end: &super::Expression| end.value(self, &group, super::MeasureOf::Amount);
            let ends = (hold.min.as_ref().map(value), hold.max.as_ref().map(value));
            let (min, max) = plan.shifted(bound.kind, &bound.id, "", ends);
            return in_order(&min, &max).then_some(plan);
        }
        Some(plan)
    }

    /// The same plan without a limit or a hold; a stage that takes the limit in has nothing of it
    /// left to weigh.
    #[must_use]
    pub fn without(&self, kind: ReadingKind, id: &Id) -> Self {
        let mut plan = self.but(kind, id);
        plan.left_out = Some(LeftOut { kind, id: id.clone(), loose: false });
        if kind == ReadingKind::Hold {
            Arc::make_mut(&mut plan.parts).holds.retain(|hold| hold.id != *id);
        }
        plan
    }

    /// The same plan with a limit or a hold that asks for nothing: what was known of the plan is still
    /// known of this one, row by row. Soft limits ask for what is far out of reach.
    #[must_use]
    pub fn loosened(&self, kind: ReadingKind, id: &Id) -> Self {
        let mut plan = self.but(kind, id);
        plan.left_out = Some(LeftOut { kind, id: id.clone(), loose: true });
        plan
    }

    /// Whether a limit or a hold asks for nothing here.
    pub fn is_loose(&self, kind: ReadingKind, id: &Id) -> bool {
        self.left_out.as_ref().is_some_and(|own| own.loose && own.kind == kind && own.id == *id)
    }

    /// A copy in which the rules of one limit, if it is one that is named, are read again.
    fn but(&self, kind: ReadingKind, id: &Id) -> Self {
        let own = |limit: &super::Limit| kind == ReadingKind::Limit && limit.id == *id;
        let place = self.limits().iter().position(own);
        // What was moved or left out before is read as its file says again.
        let before = self.nudge.is_some() || self.left_out.is_some();
        let mut plan = self.clone();
        plan.memo = if before { Memo::default() } else { self.memo.but(place) };
        plan
    }

    /// The same plan with one more hold; it takes the place of one on the same slice.
    #[must_use]
    pub fn with_hold(&self, hold: Hold) -> Self {
        let mut plan = self.clone();
        let holds = &mut Arc::make_mut(&mut plan.parts).holds;
        holds.retain(|known| known.on != hold.on || known.lapsed);
        holds.push(hold);
        plan
    }

    /// The same plan with other stages.
    #[must_use]
    pub fn with_stages(&self, stages: Vec<Stage>) -> Self {
        let mut plan = self.clone();
        Arc::make_mut(&mut plan.parts).stages = stages;
        plan
    }

    /// The ends of a rule that is no limit, moved where its bound is the one that was moved.
    pub fn shifted(&self, kind: ReadingKind, id: &Id, member: &str, ends: Pair) -> Pair {
        match &self.nudge {
            Some(nudge)
                if nudge.bound.kind == kind
                    && nudge.bound.id == *id
                    && nudge.bound.member == member =>
            {
                nudge.pair(ends)
            }
            _ => ends,
        }
    }

    /// Moves the bound of one rule of a limit, and leaves out the rules of a limit left out.
    pub(super) fn settled_rules(&self, id: &Id, mut rules: Vec<Rule>) -> Vec<Rule> {
        if self
            .left_out
            .as_ref()
            .is_some_and(|own| !own.loose && own.kind == ReadingKind::Limit && own.id == *id)
        {
            return Vec::new();
        }
        let nudge = self
            .nudge
            .as_ref()
            .filter(|nudge| nudge.bound.kind == ReadingKind::Limit && nudge.bound.id == *id);
        let Some(nudge) = nudge else { return rules };
        for rule in rules.iter_mut().filter(|rule| nudge.is_of(rule)) {
            match &mut rule.body {
                Body::Level { min, max, .. }
                | Body::Share { min, max, .. }
                | Body::Reserve { min, max, .. } => {
                    (*min, *max) = nudge.pair((min.take(), max.take()));
                }
                Body::Turnover { most, .. } => *most += &nudge.by,
            }
        }
        rules
    }
}
