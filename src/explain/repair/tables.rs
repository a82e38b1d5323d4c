//! What may change of tables: single rows of bounds, and of the targets of paths.

use super::super::words;
use super::change::{Change, Figure, Style};
use super::knob::{Ease, Knob};
use super::limits::{
    AMOUNT, CHANGE, Key, MOVEMENT, SHARE, STEP, Stated, approval, is_planners, name, step,
};
use crate::plan::{Body, Bounds, Expression, Family, Group, Limit, MeasureOf, ReadingKind, Rule};
use crate::units::Amount;

impl Stated<'_> {
    /// The knobs of the rows of tables of bounds: each for its own members.
    pub(super) fn rows_of_tables(&self) -> Vec<Knob> {
        let limits = self.plan.limits().iter();
        limits.flat_map(|limit| self.table(limit).into_iter().chain(self.targets(limit))).collect()
    }

    /// Whether a scenario states what is below a dotted name.
    fn is_of_scenario(&self, base: &str) -> bool {
        self.figures.iter().any(|own| own.by_scenario && own.path.starts_with(base))
    }

    /// The members of `each` that pick a row, as a file writes them.
    fn row_of(&self, limit: &Limit, group: &Group) -> String {
        let pairs = limit.each.iter().zip(&group.key).map(|(axis, own)| {
            let dimension = &self.plan.dimensions()[axis.dimension];
            format!("{} = {:?}", dimension.id(), dimension.member(*own).id.as_str())
        });
        format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
    }

    fn table(&self, limit: &Limit) -> Vec<Knob> {
        let (Bounds::Table(rows), Some(id)) = (&limit.bounds, name(&limit.id)) else {
            return Vec::new();
        };
        let by_scenario = self.is_of_scenario(&format!("limit.{id}.bounds"));
        let all = self.plan.rules(limit);
        let mut knobs = Vec::new();
        for group in self.plan.groups(&limit.on, &limit.each) {
            let Some(family) = rows.get(&group.key) else { continue };
            let inside = |rule: &&Rule| {
                rule.cells.iter().all(|cell| group.cells.binary_search(cell).is_ok())
            };
            let own: Vec<Rule> = all.iter().filter(inside).cloned().collect();
            let same = Limit { bounds: Bounds::Same(family.clone()), ..limit.clone() };
            for (key, value) in tabled(family) {
                let path = format!("limit.{id}.{}", key.name);
                let figure = Figure { path, value, by_scenario };
                let Some(mut knob) = self.knob(&same, &figure, key, &own) else { continue };
                knob.change.cells = Some(self.row_of(limit, &group));
                knob.change.about =
                    format!("{} (`{}`)", words::slice(self.plan, &group.slice), limit.id);
                knobs.push(knob);
            }
        }
        knobs
    }

    /// The knobs of the targets of a path: each lower, and higher. What the path asks of each time on
    /// the way moves with its target.
    fn targets(&self, limit: &Limit) -> Vec<Knob> {
        let Bounds::Same(Family::Path { targets, over }) = &limit.bounds else { return Vec::new() };
        let Some(id) = name(&limit.id) else { return Vec::new() };
        let by_scenario = self.is_of_scenario(&format!("limit.{id}.phase-in.to"));
        let now = self.plan.rules(limit);
        let mut knobs = Vec::new();
        for group in self.plan.groups(&limit.on, &limit.each) {
            let Some(target) = targets.get(&group.key) else { continue };
            let mut more = targets.clone();
            more.insert(group.key.clone(), target + &Amount::ONE);
            let family = Family::Path { targets: more, over: over.clone() };
            let other = Limit { bounds: Bounds::Same(family), ..limit.clone() };
            let then = self.plan.rules(&other);
            let pairs = now.iter().zip(then.iter());
            let moves: Vec<(&str, Amount)> = pairs
                .map(|(own, other)| (own.member.as_str(), &level(other) - &level(own)))
                .filter(|(_, by)| !by.is_zero())
                .collect();
            let change = Change {
                path: format!("limit.{id}.phase-in.amount"),
                cells: Some(self.row_of(limit, &group)),
                from: target.to_string(),
                about: format!(
                    "the target of {} (`{}`)",
                    words::slice(self.plan, &group.slice),
                    limit.id
                ),
                authority: limit.authority.clone(),
                approval: approval(limit.authority.as_deref()),
                standing: !(by_scenario || is_planners(limit.authority.as_deref())),
                style: Style::Number,
                verb: "figure",
                old: target.clone(),
                new: target.clone(),
                step: step(&Style::Number, self.plan, MeasureOf::Amount),
                worth: moves.iter().map(|(_, by)| by).sum(),
            };
            for up in [false, true] {
                let rows = moves.iter().flat_map(|(member, by)| {
                    let ease = move |row| Ease { row, lower: !up, by: by.clone() };
                    self.rows(ReadingKind::Limit, &limit.id, member, !up).map(ease)
                });
                let rows: Vec<Ease> = rows.collect();
                if !rows.is_empty() {
                    knobs.push(Knob { up, rows, ..Self::plain(change.clone()) });
                }
            }
        }
        knobs
    }
}

/// What a rule of a path asks for.
fn level(rule: &Rule) -> Amount {
    match &rule.body {
        Body::Level { min: Some(level), .. } => level.clone(),
        _ => Amount::ZERO,
    }
}

/// The keys of a row of a table of bounds that are plain figures, and what they say.
fn tabled(family: &Family) -> Vec<(&'static Key, String)> {
    let number = |bound: &Option<Expression>| match bound {
        Some(Expression::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let percent = |share: &Option<Amount>| {
        share.as_ref().map(|s| format!("\"{}%\"", s * &Amount::whole(100)))
    };
    let plain = |ratio: &Option<Amount>| ratio.as_ref().map(ToString::to_string);
    // Two bounds that are one are stated by one key, which both of its knobs name.
    let figures = match family {
        Family::Amount { min, max } if min == max => vec![(&AMOUNT[2..], vec![number(min); 2])],
        Family::Amount { min, max } => vec![(&AMOUNT[..2], vec![number(min), number(max)])],
        Family::Share { min, max, ratio: true, .. } => {
            vec![(&SHARE[4..], vec![plain(min), plain(max)])]
        }
        Family::Share { min, max, .. } if min == max => {
            vec![(&SHARE[2..4], vec![percent(min); 2])]
        }
        Family::Share { min, max, .. } => vec![(&SHARE[..2], vec![percent(min), percent(max)])],
        Family::Change { cut, rise } if cut == rise => vec![(&CHANGE[2..], vec![percent(cut); 2])],
        Family::Change { cut, rise } => vec![(&CHANGE[..2], vec![percent(cut), percent(rise)])],
        Family::Step { down, up } => vec![(STEP, vec![percent(down), percent(up)])],
        Family::Movement { most_in, most_out, turnover, .. } => {
            vec![(MOVEMENT, vec![number(most_out), number(most_in), number(turnover)])]
        }
        _ => Vec::new(),
    };
    let pairs = figures.into_iter().flat_map(|(keys, values)| keys.iter().zip(values));
    pairs.filter_map(|(key, value)| Some((key, value?))).collect()
}
