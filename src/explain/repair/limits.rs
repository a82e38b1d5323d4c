//! What may change of limits and holds.

use super::super::words;
use super::change::{Change, Figure, Style};
use super::knob::{Ease, Kept, Knob};
use crate::formulate::Formulation;
use crate::plan::{
    Body, Bounds, Family, Form, Hold, Limit, MeasureOf, Multiple, Plan, ReadingKind, Rule, Within,
};
use crate::units::{Amount, Id};

/// What the files state, by name.
pub(super) struct Stated<'a> {
    pub(super) plan: &'a Plan,
    pub(super) formulation: &'a Formulation,
    pub(super) figures: &'a [Figure],
}

/// A key of a limit, the side that it bounds, and the words of its change.
pub(super) struct Key {
    pub(super) name: &'static str,
    /// It bounds from below.
    lower: bool,
    /// The figure grows as the limit is eased.
    up: bool,
    pub(super) verb: &'static str,
}

pub(super) const fn key(name: &'static str, lower: bool, up: bool, verb: &'static str) -> Key {
    Key { name, lower, up, verb }
}

pub(super) const AMOUNT: &[Key] = &[
    key("min", true, false, "lower the floor of"),
    key("max", false, true, "raise the ceiling of"),
    key("equal", true, false, "amount"),
    key("equal", false, true, "amount"),
];
pub(super) const SHARE: &[Key] = &[
    key("min-share", true, false, "lower the least share of"),
    key("max-share", false, true, "raise the greatest share of"),
    key("equal-share", true, false, "share"),
    key("equal-share", false, true, "share"),
    key("at-least-ratio", true, false, "lower the least ratio of"),
    key("at-most-ratio", false, true, "raise the greatest ratio of"),
];
pub(super) const CHANGE: &[Key] = &[
    key("max-cut", true, true, "raise the greatest cut of"),
    key("max-rise", false, true, "raise the greatest rise of"),
    key("max-change", true, true, "raise the greatest change of"),
    key("max-change", false, true, "raise the greatest change of"),
];
pub(super) const STEP: &[Key] = &[
    key("max-step-down", true, true, "raise the greatest step down of"),
    key("max-step-up", false, true, "raise the greatest step up of"),
];
pub(super) const MOVEMENT: &[Key] = &[
    key("max-out", true, true, "raise the most that is given away by"),
    key("max-in", false, true, "raise the most that is received by"),
    key("max-turnover", false, true, "raise the turnover of"),
];
const HOLD: &[Key] = &[
    key("at-least", true, false, "lower the held floor of"),
    key("at-most", false, true, "raise the held ceiling of"),
    key("at", true, false, "hold"),
    key("at", false, true, "hold"),
];

impl Stated<'_> {
    pub(super) fn figure(&self, path: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.path == path)
    }

    /// The knobs of every limit that states one figure for all its members.
    pub(super) fn limits(&self) -> Vec<Knob> {
        self.plan.limits().iter().flat_map(|limit| self.limit(limit)).collect()
    }

    fn limit(&self, limit: &Limit) -> Vec<Knob> {
        let Bounds::Same(family) = &limit.bounds else { return Vec::new() };
        let keys = match family {
            Family::Amount { .. } => AMOUNT,
            Family::Share { .. } => SHARE,
            Family::Change { .. } => CHANGE,
            Family::Step { .. } => STEP,
            Family::Movement { .. } => MOVEMENT,
            Family::Reserve { share: false, .. } => &AMOUNT[..2],
            Family::Reserve { share: true, .. } => &SHARE[..2],
            Family::Path { .. } => return Vec::new(),
        };
        let Some(id) = name(&limit.id) else { return Vec::new() };
        let rules = self.plan.rules(limit);
        let own = |key: &Key| {
            let figure = self.figure(&format!("limit.{id}.{}", key.name))?;
            self.knob(limit, figure, key, &rules)
        };
        let knobs = keys.iter().filter_map(own).collect();
        if limit.tiers.is_empty() { knobs } else { self.last_tier(limit, &id, &rules, knobs) }
    }

    pub(super) fn knob(
        &self,
        limit: &Limit,
        figure: &Figure,
        key: &Key,
        rules: &[Rule],
    ) -> Option<Knob> {
        let mut rows = Vec::new();
        let mut shares = Vec::new();
        let mut curved = Vec::new();
        let mut money = Amount::ZERO;
        let mut less = Amount::ZERO;
        let rate = self.rate(limit.measure, rules);
        for rule in rules {
            let turns = matches!(rule.body, Body::Turnover { .. });
            if turns != (key.name == "max-turnover") {
                continue;
            }
            let by = self.factor(limit, rule);
            if by.is_zero() {
                continue;
            }
            money += &(&by * &rate);
            if let Body::Share { form, base, shown, .. } = &rule.body {
                shares.push((form.clone(), base.clone()));
                if *shown == Multiple::Step {
                    less = Amount::ONE;
                }
            }
            if turns {
                curved.extend(self.bends(&limit.id, &rule.member).map(|place| (place, by.clone())));
            } else {
                rows.extend(
                    self.rows(ReadingKind::Limit, &limit.id, &rule.member, key.lower)
                        .map(|row| Ease { row, lower: key.lower, by: by.clone() }),
                );
            }
        }
        if rows.is_empty() && curved.is_empty() {
            return None;
        }
        let about = format!("{} (`{}`)", self.about(limit, key), limit.id);
        let planners = figure.by_scenario || is_planners(limit.authority.as_deref());
        let (style, old) = read(figure, key.name, limit)?;
        let ratio = key.name.ends_with("ratio") && style == Style::Number;
        let step =
            if ratio { Amount::ratio(1, 10_000) } else { step(&style, self.plan, limit.measure) };
        Some(Knob {
            change: Change {
                path: figure.path.clone(),
                cells: None,
                from: figure.value.clone(),
                about,
                authority: limit.authority.clone(),
                approval: approval(limit.authority.as_deref()),
                standing: !planners,
                style,
                verb: key.verb,
                new: old.clone(),
                old,
                step,
                worth: money,
            },
            up: key.up,
            rows,
            curved,
            columns: Vec::new(),
            shares,
            reserves: rules.iter().filter_map(|rule| self.kept(rule)).collect(),
            less,
            mirrored: key.name == "max-step-down",
            also: None,
            most: None,
        })
    }

    /// What a reserve keeps under a rule that states it as a share.
    fn kept(&self, rule: &Rule) -> Option<Kept> {
        let Body::Reserve { opening, draws, base: Some(base), .. } = &rule.body else {
            return None;
        };
        let column = |draw: &(usize, usize)| self.formulation.open_entry(*draw);
        let fixed = draws.iter().filter(|draw| column(draw).is_none());
        let settled: Amount = fixed.map(|draw| &self.entry(*draw).prefer).sum();
        let draws = draws.iter().filter_map(column).collect();
        Some(Kept { left: opening - &settled, draws, base: base.clone() })
    }

    /// The slice of a limit in words, one for each member where it holds for several.
    fn about(&self, limit: &Limit, key: &Key) -> String {
        let slice = words::slice(self.plan, &limit.on);
        let of = match limit.measure {
            MeasureOf::Amount | MeasureOf::Reserve => String::new(),
            measure => format!("`{}` of ", self.plan.measure_text(measure)),
        };
        let level = |axis: &crate::plan::Axis| {
            let dimension = &self.plan.dimensions()[axis.dimension];
            match axis.level {
                crate::plan::Level::Depth(depth) => dimension
                    .levels()
                    .get(depth)
                    .map_or_else(|| dimension.title().to_string(), ToString::to_string),
                crate::plan::Level::Leaves => dimension.title().to_string(),
            }
        };
        let mut each: Vec<String> = limit.each.iter().map(level).collect();
        if key.name != "max-turnover"
            && let Bounds::Same(Family::Movement { within: Some(within), .. }) = &limit.bounds
        {
            each.push(match within {
                Within::Axis(axis) => level(axis),
                Within::Cells => "line".into(),
            });
        }
        if each.is_empty() {
            return format!("{of}{slice}");
        }
        let each = format!("each {}", words::listed(&each));
        if limit.on.is_all() { format!("{of}{each}") } else { format!("{of}{slice}, {each}") }
    }

    /// How far a unit of the figure moves the bound of a rule, in the units of its row.
    fn factor(&self, limit: &Limit, rule: &Rule) -> Amount {
        let Bounds::Same(family) = &limit.bounds else { return Amount::ZERO };
        match (&rule.body, family) {
            (Body::Share { base, .. } | Body::Reserve { base: Some(base), .. }, _) => {
                self.plan.baseline_of(base).abs()
            }
            (Body::Level { form, .. }, Family::Change { .. }) => self.plan.baseline_of(form).abs(),
            _ => Amount::ONE,
        }
    }

    /// The money of one unit of a measure, at the baseline.
    fn rate(&self, measure: MeasureOf, rules: &[Rule]) -> Amount {
        if words::unit(self.plan, measure) == self.plan.unit() {
            return Amount::ONE;
        }
        let (mut money, mut units) = (Amount::ZERO, Amount::ZERO);
        for rule in rules {
            money += &self.plan.baseline_of(&Form::sum(&rule.cells));
            units += &self.plan.baseline_of(&self.plan.form(measure, &rule.cells));
        }
        if units.is_positive() { (&money / &units).abs() } else { Amount::ONE }
    }

    /// The rows of one rule with a bound on one side.
    pub(super) fn rows<'a>(
        &'a self,
        kind: ReadingKind,
        id: &'a Id,
        member: &'a str,
        lower: bool,
    ) -> impl Iterator<Item = usize> + 'a {
        let rows = self.formulation.program().rows.iter().zip(self.formulation.origins());
        rows.enumerate().filter_map(move |(place, (row, origin))| {
            let side = if lower { &row.lower } else { &row.upper };
            let own = origin.kind == kind && origin.id == *id && origin.member == member;
            (own && side.is_some()).then_some(place)
        })
    }

    fn bends<'a>(&'a self, id: &'a Id, member: &'a str) -> impl Iterator<Item = usize> + 'a {
        let curved = self.formulation.program().curved.iter().enumerate();
        curved
            .filter(move |(_, own)| own.origin.id == *id && own.origin.member == member)
            .map(|(place, _)| place)
    }

    /// The knobs of the holds that apply.
    pub(super) fn holds(&self) -> Vec<Knob> {
        let holds = self.plan.holds().iter().filter(|hold| !hold.lapsed);
        holds.flat_map(|hold| HOLD.iter().filter_map(|key| self.hold(hold, key))).collect()
    }

    fn hold(&self, hold: &Hold, key: &Key) -> Option<Knob> {
        let id = name(&hold.id)?;
        let figure = self.figure(&format!("hold.{id}.{}", key.name))?;
        let rows: Vec<Ease> = self
            .rows(ReadingKind::Hold, &hold.id, "", key.lower)
            .map(|row| Ease { row, lower: key.lower, by: Amount::ONE })
            .collect();
        let first = rows.first()?.row;
        let bounds = &self.formulation.program().rows[first];
        let stated = if key.lower { &bounds.lower } else { &bounds.upper };
        let (style, old) = match figure.number() {
            Some(_) => (Style::Number, stated.clone()?),
            None => (Style::Words, Amount::ZERO),
        };
        let step = step(&style, self.plan, MeasureOf::Amount);
        Some(Knob {
            change: Change {
                path: figure.path.clone(),
                cells: None,
                from: figure.value.clone(),
                about: format!("{} (`{}`)", words::slice(self.plan, &hold.on), hold.id),
                authority: hold.by.clone(),
                approval: hold.by.clone(),
                standing: false,
                style,
                verb: key.verb,
                new: old.clone(),
                old,
                step,
                worth: Amount::ONE,
            },
            up: key.up,
            rows,
            curved: Vec::new(),
            columns: Vec::new(),
            shares: Vec::new(),
            reserves: Vec::new(),
            less: Amount::ZERO,
            mirrored: false,
            also: None,
            most: None,
        })
    }
}

/// The id as a dotted name writes it; nothing for one that cannot be written there.
pub(super) fn name(id: &Id) -> Option<String> {
    let text = id.as_str();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    if !text.is_empty() && text.chars().all(plain) {
        return Some(text.into());
    }
    let quotes = |c: char| c == '"' || c == '\\' || c.is_control();
    (!text.contains(quotes)).then(|| format!("\"{text}\""))
}

/// How a figure is written, and the number that it is.
fn read(figure: &Figure, key: &str, limit: &Limit) -> Option<(Style, Amount)> {
    let text = figure.value.trim_matches('"').trim();
    let shares = matches!(
        &limit.bounds,
        Bounds::Same(
            Family::Share { .. }
                | Family::Change { .. }
                | Family::Step { .. }
                | Family::Reserve { share: true, .. }
        )
    );
    if !shares {
        return Some(match figure.number() {
            Some(number) => (Style::Number, number),
            None => (Style::Words, Amount::ZERO),
        });
    }
    if let Some(points) = text.strip_suffix('%') {
        let points = Amount::parse(points.trim()).ok()?;
        return Some((Style::Percent, &points / &Amount::whole(100)));
    }
    let number = Amount::parse(text).ok()?;
    let style = if key.ends_with("ratio") { Style::Number } else { Style::Percent };
    Some((style, number))
}

/// What the figures of a style are rounded to.
pub(super) fn step(style: &Style, plan: &Plan, measure: MeasureOf) -> Amount {
    let quantum = Amount::whole(i64::from(plan.quantum().units()));
    match style {
        Style::Percent => Amount::ratio(1, 10_000),
        Style::Number | Style::Words | Style::Word(_)
            if words::unit(plan, measure) != plan.unit() =>
        {
            Amount::ONE
        }
        _ => quantum,
    }
}

/// Whether a planner set a limit of the plan: nobody is named, or the planner is.
pub(super) fn is_planners(authority: Option<&str>) -> bool {
    let text = authority.unwrap_or("planner").trim().to_lowercase();
    text.starts_with("planner") || text.starts_with("a planner")
}

/// Whose approval a change of a limit needs: that of who set it, unless it is the planner.
pub(super) fn approval(authority: Option<&str>) -> Option<String> {
    authority.filter(|_| !is_planners(authority)).map(String::from)
}
