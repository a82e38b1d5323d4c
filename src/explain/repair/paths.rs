//! Paths that reach their targets sooner or later. What a path asks of each year is no straight line
//! in the time it takes, so that times are tried and not computed.

use super::super::words;
use super::change::{Change, Figure, Repair, Style};
use super::limits::{approval, is_planners, name};
use crate::plan::{Body, Bounds, Family, Limit, Plan, ReadingKind};
use crate::solve::Conflict;
use crate::units::Amount;

/// How many steps beyond what is stated a path may take.
const LATEST: i64 = 12;

/// Other times for each path of a conflict, the least change of money first.
pub fn other_times(
    plan: &Plan,
    conflict: &Conflict,
    figures: &[Figure],
    all: bool,
) -> Vec<Vec<Repair>> {
    let clashes = |limit: &&Limit| {
        let named = |kind, id: &_| kind == ReadingKind::Limit && limit.id == *id;
        conflict.parts.iter().any(|part| named(part.origin.kind, &part.origin.id))
    };
    let paths = plan.limits().iter().filter(clashes);
    paths.filter_map(|limit| times(plan, limit, figures, all)).collect()
}

fn times(plan: &Plan, limit: &Limit, figures: &[Figure], all: bool) -> Option<Vec<Repair>> {
    let Bounds::Same(Family::Path { targets, over }) = &limit.bounds else { return None };
    let path = format!("limit.{}.phase-in.over", name(&limit.id)?);
    let figure = figures.iter().find(|figure| figure.path == path)?;
    let standing = !(figure.by_scenario || is_planners(limit.authority.as_deref()));
    if standing && !all {
        return None;
    }
    let levels = |over: &Amount| -> Vec<Amount> {
        let family = Family::Path { targets: targets.clone(), over: over.clone() };
        let other = Limit { bounds: Bounds::Same(family), ..limit.clone() };
        let level = |rule: &crate::plan::Rule| match &rule.body {
            Body::Level { min: Some(level), .. } => level.clone(),
            _ => Amount::ZERO,
        };
        plan.rules(&other).iter().map(level).collect()
    };
    let now = levels(over);
    let first = Amount::from(over.floor());
    let mut found = Vec::new();
    for far in -LATEST..=LATEST {
        let new = &first + &Amount::whole(far);
        if !new.is_positive() || new == *over {
            continue;
        }
        let moved: Amount = levels(&new).iter().zip(&now).map(|(a, b)| (a - b).abs()).sum();
        if moved.is_zero() {
            continue;
        }
        let change = Change {
            path: path.clone(),
            cells: None,
            from: figure.value.clone(),
            about: format!(
                "the number of steps in which {} reaches its target (`{}`)",
                words::slice(plan, &limit.on),
                limit.id
            ),
            authority: limit.authority.clone(),
            approval: approval(limit.authority.as_deref()),
            standing,
            style: Style::Number,
            verb: "figure",
            worth: &moved / &(&new - over).abs(),
            old: over.clone(),
            new,
            step: Amount::ONE,
        };
        found.push(Repair {
            exact: vec![change.new.clone()],
            changes: vec![change],
            ..Repair::default()
        });
    }
    found.sort_by_key(Repair::cost);
    Some(found)
}
