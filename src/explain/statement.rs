//! What one entry of a conflict asks, in words.

use super::words;
use crate::plan::{
    Body, Expression, Family, Group, Hold, Limit, MeasureOf, Multiple, Plan, ReadingKind, Rule,
    Sense, ShareOf, Slice,
};
use crate::solve::{BoundClash, Bounded, Clash, Own};
use crate::units::Amount;

/// What one entry of a conflict asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What it is about: `ITU-D in 2027`.
    pub about: String,
    /// What it asks, as a sentence without its full stop: `ITU-D in 2027 gets at least 45 700`.
    pub says: String,
    /// Its name for people, where it has one that says more than `about`.
    pub title: Option<String>,
}

/// The statement of a limit, a hold, a transfer or a balance.
pub(super) fn of_limit(plan: &Plan, clash: &Clash) -> Statement {
    match clash.origin.kind {
        ReadingKind::Balance => balance(plan, clash),
        ReadingKind::Hold => hold(plan, clash),
        ReadingKind::Transfer => transfer(plan, clash),
        ReadingKind::Limit | ReadingKind::Stage => limit(plan, clash),
    }
}

/// The statement of a line's own bound.
pub(super) fn of_bound(plan: &Plan, bound: &BoundClash) -> Statement {
    let figure = words::money(plan, &bound.bound);
    let (about, verb) = match bound.of {
        Bounded::Revenue(line, entry) => {
            let line = &plan.revenue()[line];
            let time = plan.entry_time(&line.entries[entry]);
            let about = if time.is_empty() || line.entries.len() < 2 {
                line.title.clone()
            } else {
                format!("{} in {time}", line.title)
            };
            (about, "is")
        }
        Bounded::Cell(cell) => {
            let members = plan.dimensions().iter().zip(&plan.cell(cell).members);
            let titles: Vec<String> =
                members.map(|(axis, m)| axis.member(*m).title.clone()).collect();
            (titles.join(", "), "gets")
        }
    };
    let says = match (bound.why, bound.sense) {
        (Own::Fixed, _) => format!("{about} cannot move from its baseline of {figure}"),
        (Own::Kept, _) => format!("{about} keeps the {figure} that it has"),
        (Own::Sign, Sense::Ceiling) => format!("{about} is a deduction and cannot rise above zero"),
        (Own::Sign, _) => format!("{about} cannot fall below zero"),
        (Own::Lump, Sense::Ceiling) => format!("{about} is all or nothing, at most {figure}"),
        (Own::Lump, _) => format!("{about} is all or nothing, at least {figure}"),
        (Own::Stated, Sense::Floor) => format!("{about} {verb} at least {figure}"),
        (Own::Stated, Sense::Ceiling) => format!("{about} {verb} at most {figure}"),
        (Own::Stated, Sense::Equal) => format!("{about} {verb} exactly {figure}"),
    };
    Statement { about, says, title: None }
}

/// `at least`, `at most` or `exactly`.
fn bound(sense: Sense) -> &'static str {
    match sense {
        Sense::Floor => "at least",
        Sense::Ceiling => "at most",
        Sense::Equal => "exactly",
    }
}

fn balance(plan: &Plan, clash: &Clash) -> Statement {
    let time = plan.time().map(|time| &plan.dimensions()[time]);
    let member = time.and_then(|time| Some(time.member(time.find(&clash.origin.member)?)));
    let when = member.map(|m| format!(" of {}", m.title)).unwrap_or_default();
    let figure = words::money(plan, &clash.bound);
    let says = if clash.sense == Sense::Equal {
        format!("expenses{when} equal the revenue, {figure}")
    } else {
        format!("expenses{when} are at most the revenue, {figure}")
    };
    Statement { about: format!("the revenue{when}"), says, title: None }
}

fn hold(plan: &Plan, clash: &Clash) -> Statement {
    let own = plan.holds().iter().find(|hold| hold.id == clash.origin.id);
    let Some(Hold { on, min, max, .. }) = own else { return bare(clash) };
    let about = words::slice(plan, on);
    let group = plan.groups(on, &[]).into_iter().next();
    let stated = if clash.sense == Sense::Ceiling { max } else { min };
    let says = format!(
        "{about} {} held {} {}{}",
        if words::is_many(plan, on) { "are" } else { "is" },
        match clash.sense {
            Sense::Floor => "to at least",
            Sense::Ceiling => "to at most",
            Sense::Equal => "at",
        },
        words::money(plan, &clash.bound),
        derived(plan, stated.as_ref(), group.as_ref(), MeasureOf::Amount)
    );
    Statement { about, says, title: None }
}

/// The level of a hold in words, in plan units: `at least 127 000`; nothing where it has no line.
pub fn hold_level(plan: &Plan, hold: &Hold) -> String {
    let Some(group) = plan.groups(&hold.on, &[]).into_iter().next() else { return String::new() };
    let level = |stated: &Expression| words::amount(&stated.value(plan, &group, MeasureOf::Amount));
    match (&hold.min, &hold.max) {
        (Some(min), Some(max)) if min == max => format!("at {}", level(min)),
        (Some(min), Some(max)) => format!("from {} to {}", level(min), level(max)),
        (Some(min), None) => format!("at least {}", level(min)),
        (None, Some(max)) => format!("at most {}", level(max)),
        (None, None) => String::new(),
    }
}

fn transfer(plan: &Plan, clash: &Clash) -> Statement {
    let own = plan.transfers().levels.iter().find(|level| level.id == clash.origin.id);
    let Some(own) = own else { return bare(clash) };
    let about = words::slice(plan, &own.on);
    let has = if words::is_many(plan, &own.on) { "have" } else { "has" };
    let says = format!("{about} {has} {} after the transfers", words::money(plan, &clash.bound));
    Statement { about, says, title: None }
}

/// An entry that the plan has no words for.
fn bare(clash: &Clash) -> Statement {
    let about = super::origin_text(&clash.origin);
    let says = format!("{about} is {} {}", bound(clash.sense), words::amount(&clash.bound));
    Statement { about, says, title: None }
}

/// The words behind a figure: ` (94 % of its need, 48 000)`; nothing where the file states it.
fn derived(
    plan: &Plan,
    stated: Option<&Expression>,
    group: Option<&Group>,
    measure: MeasureOf,
) -> String {
    match (stated, group) {
        (Some(Expression::Number(_)) | None, _) | (_, None) => String::new(),
        (Some(stated), Some(group)) => {
            format!(" ({})", words::expression(plan, stated, group, measure))
        }
    }
}

fn limit(plan: &Plan, clash: &Clash) -> Statement {
    if let Some(fund) = plan.funds().iter().find(|fund| fund.id == clash.origin.id) {
        let about = words::slice(plan, &fund.on);
        let says = format!(
            "{about} {} {} what is earmarked, {}",
            if words::is_many(plan, &fund.on) { "get" } else { "gets" },
            bound(clash.sense),
            words::money(plan, &clash.bound)
        );
        return Statement { about, says, title: Some(fund.title.clone()) };
    }
    let own = plan.limits().iter().find(|limit| limit.id == clash.origin.id);
    let Some(own) = own else { return bare(clash) };
    let turnover =
        clash.reading.as_ref().is_some_and(|r| r.measured == crate::plan::Measured::Turnover);
    let Some(rule) = words::rule_of(plan, own, &clash.origin.member, turnover) else {
        return bare(clash);
    };
    let slice = words::slice_of(plan, own, &rule);
    let told = Limited { plan, limit: own, rule: &rule, slice: &slice, clash };
    let title = (own.title != *own.id.as_str()).then(|| own.title.clone());
    Statement { about: told.about(), says: told.says(), title }
}

/// One limit for one combination of members.
struct Limited<'a> {
    plan: &'a Plan,
    limit: &'a Limit,
    rule: &'a Rule,
    slice: &'a Slice,
    clash: &'a Clash,
}

impl Limited<'_> {
    /// The slice, or the measure of it.
    fn about(&self) -> String {
        let slice = words::slice(self.plan, self.slice);
        match self.limit.measure {
            MeasureOf::Amount => slice,
            MeasureOf::Reserve => "the reserve".into(),
            MeasureOf::Weighted(place) => {
                format!("\u{201c}{}\u{201d} of {slice}", self.plan.measures()[place].title)
            }
            MeasureOf::Attributed(place, target) => {
                let own = &self.plan.attributions()[place];
                format!("what {slice} bears for {}", own.targets[target])
            }
        }
    }

    /// A verb for the slice, or for a measure of it.
    fn verb(&self, one: &'static str, many: &'static str) -> &'static str {
        let money = self.limit.measure == MeasureOf::Amount;
        if money && words::is_many(self.plan, self.slice) { many } else { one }
    }

    fn says(&self) -> String {
        let (about, sense) = (self.about(), bound(self.clash.sense));
        let size = self.clash.bound.clone();
        match &self.rule.body {
            Body::Level { from: None, .. } => {
                let figure = self.figure(&size);
                let verb = match self.limit.measure {
                    MeasureOf::Amount => self.verb("gets", "get"),
                    MeasureOf::Weighted(_) => "comes to",
                    _ => "is",
                };
                format!("{about} {verb} {sense} {figure}{}", self.why())
            }
            Body::Level { from: Some(_), .. } => self.moves(&about),
            Body::Share { shown, .. } => self.share(&about, sense, *shown),
            Body::Reserve { base, .. } => {
                let when = self.rule.member.as_str();
                let when =
                    if when.is_empty() { String::new() } else { format!(" at the end of {when}") };
                match base {
                    Some(_) => {
                        let share = words::percent(&size);
                        format!("the reserve{when} is {sense} {share} of its expenses")
                    }
                    None => format!("the reserve{when} is {sense} {}", self.figure(&size)),
                }
            }
            Body::Turnover { .. } => {
                format!("no more than {} moves within {about}{}", self.figure(&size), self.why())
            }
        }
    }

    /// A net change: what is received or given away.
    fn moves(&self, about: &str) -> String {
        let bound = &self.clash.bound;
        let why = self.why();
        let receives = self.verb("receives", "receive");
        let gives = self.verb("gives", "give");
        match (self.clash.sense, bound.is_negative()) {
            (Sense::Ceiling, false) => {
                format!("{about} {receives} at most {}{why}", self.figure(bound))
            }
            (Sense::Ceiling, true) => {
                format!("{about} {gives} away at least {}{why}", self.figure(&-bound))
            }
            (Sense::Floor, true) => {
                format!("{about} {gives} away at most {}{why}", self.figure(&-bound))
            }
            (Sense::Floor, false) => {
                format!("{about} {receives} at least {}{why}", self.figure(bound))
            }
            (Sense::Equal, _) => {
                let changes = self.verb("changes", "change");
                format!("{about} {changes} by exactly {}{why}", self.figure(bound))
            }
        }
    }

    fn share(&self, about: &str, sense: &str, shown: Multiple) -> String {
        let size = &self.clash.bound;
        let is = self.verb("is", "are");
        match shown {
            Multiple::Step => {
                let word = if size.is_negative() { "below" } else { "above" };
                format!(
                    "{about} {is} {sense} {} {word} the year before",
                    words::percent(&size.abs())
                )
            }
            Multiple::Ratio => {
                let base = self.base();
                format!("{about} {is} {sense} {} times {base}", times(size))
            }
            Multiple::Share => {
                let gets = self.verb("gets", "get");
                format!("{about} {gets} {sense} {} of {}", words::percent(size), self.base())
            }
        }
    }

    /// What a share is taken of.
    fn base(&self) -> String {
        let groups = self.plan.groups(&self.limit.on, &self.limit.each).into_iter();
        let mut own = groups.filter(|group| group.cells == self.rule.cells);
        let family = own.next().and_then(|g| self.limit.family(&g.key).map(|f| (f.clone(), g)));
        let Some((Family::Share { of, .. }, group)) = family else {
            return "its base".into();
        };
        let all = Slice::all(self.plan.dimensions().len());
        let slice = match of {
            ShareOf::SameTime => match self.plan.time() {
                Some(time) => all.with(time, group.slice.pick(time).cloned()),
                None => all,
            },
            ShareOf::Slice { slice, whole } => {
                let mut base = slice;
                for (axis, member) in self.limit.each.iter().zip(&group.key) {
                    let free = base.pick(axis.dimension).is_none();
                    if free && !whole.contains(&axis.dimension) {
                        base = self.plan.narrowed(&base, axis.dimension, *member);
                    }
                }
                base
            }
        };
        words::slice(self.plan, &slice)
    }

    /// The figure with the unit of its measure.
    fn figure(&self, value: &Amount) -> String {
        format!("{} {}", words::amount(value), words::unit(self.plan, self.limit.measure))
    }

    /// Where the figure comes from, when the file does not state it as a number.
    fn why(&self) -> String {
        let groups = self.plan.groups(&self.limit.on, &self.limit.each);
        let inside = |group: &&Group| {
            self.rule.cells.iter().all(|cell| group.cells.binary_search(cell).is_ok())
        };
        let Some(group) = groups.iter().find(inside) else { return String::new() };
        let own = Group {
            key: group.key.clone(),
            slice: self.slice.clone(),
            cells: self.rule.cells.clone(),
        };
        let upper = self.clash.sense == Sense::Ceiling;
        match self.limit.family(&group.key) {
            Some(Family::Amount { min, max }) => {
                let stated = if upper { max } else { min };
                derived(self.plan, stated.as_ref(), Some(&own), self.limit.measure)
            }
            Some(Family::Movement { most_in, most_out, turnover, .. }) => {
                let turns = matches!(self.rule.body, Body::Turnover { .. });
                let stated = match (turns, upper) {
                    (true, _) => turnover,
                    (false, true) => most_in,
                    (false, false) => most_out,
                };
                derived(self.plan, stated.as_ref(), Some(&own), self.limit.measure)
            }
            Some(Family::Change { cut, rise }) => {
                let form = self.plan.form(self.limit.measure, &self.rule.cells);
                let start = self.figure(&self.plan.baseline_of(&form));
                let (share, down) = if upper { (rise, false) } else { (cut, true) };
                let Some(share) = share else { return String::new() };
                let below = down != share.is_negative();
                let word = if below { "below" } else { "above" };
                format!(" ({} {word} its baseline of {start})", words::percent(&share.abs()))
            }
            Some(Family::Path { .. }) => " (on the path to its target)".into(),
            _ => String::new(),
        }
    }
}

/// A ratio as a decimal.
fn times(ratio: &Amount) -> String {
    let exact =
        |places: &u32| Amount::parse(&ratio.to_decimal(*places)).ok().as_ref() == Some(ratio);
    ratio.to_decimal((0..4).find(exact).unwrap_or(4))
}
