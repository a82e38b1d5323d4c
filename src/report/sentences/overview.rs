//! What moved most, and why.

use super::effect::to_a_tenth;
use super::line::source;
use super::phrases::{count, limit_alone, money, percent, signed, together};
use crate::explain::{Footing, Parts, Source, Why, why};
use crate::plan::{Axis, Plan, Slice};
use crate::units::Amount;

/// How many totals are told.
const MOST_TOLD: usize = 5;
/// How many reasons of each.
const MOST_REASONS: usize = 3;

/// What moved most against the baseline, and why: the total, then the members that moved most.
pub fn overview(footing: &Footing<'_>) -> Vec<String> {
    let (plan, allocation) = (footing.plan, footing.allocation);
    let all = Slice::all(plan.dimensions().len());
    let mut said = Vec::new();
    if let Some(whole) = why(plan, allocation, &all) {
        said.extend(super::line::line(plan, &whole));
    }
    let mut lines: Vec<Why> = Vec::new();
    for axis in plan.leaf_axes() {
        if plan.dimensions()[axis.dimension].leaves().count() < 2 {
            continue;
        }
        let groups = plan.groups(&all, &[Axis { ..axis }]);
        lines.extend(groups.iter().filter_map(|group| why(plan, allocation, &group.slice)));
    }
    lines.retain(|line| !line.change().is_zero());
    lines.sort_by_key(|line| std::cmp::Reverse(line.change().abs()));
    if !lines.is_empty() {
        said.push(String::new());
        said.push("What moved most:".into());
        said.extend(lines.iter().take(MOST_TOLD).map(|line| format!("  {}", moved(footing, line))));
    }
    said
}

/// `ITU-D: 180 929 kCHF, −6 685 (−3.6 %): the revenue −5 900, …`.
fn moved(footing: &Footing<'_>, line: &Why) -> String {
    let plan = footing.plan;
    let Parts { limits, aims, against } = line.told(plan);
    let limits = limits.iter().filter(|part| part.by != Source::Rounding);
    let mut reasons: Vec<(Amount, String)> =
        limits.map(|part| (part.money.clone(), by(plan, &part.by))).collect();
    if !against.is_empty() {
        let sum = against.iter().map(|part| &part.money).sum();
        let names = super::line::opposed(plan, &against, by);
        reasons.push((sum, format!("what stands against one another ({names})")));
    }
    if !aims.is_empty() {
        let sum = aims.iter().map(|part| &part.money).sum();
        reasons.push((sum, "the revenue as the aims share it out".into()));
    }
    reasons.sort_by_key(|(money, _)| std::cmp::Reverse(money.abs()));
    reasons.retain(|(money, _)| !to_a_tenth(money).is_zero());
    // One that is left out takes as many words as one that is named.
    let named = if reasons.len() <= MOST_REASONS + 1 { reasons.len() } else { MOST_REASONS };
    let rest = reasons.split_off(named);
    let from = |money: &Amount, by: &str| format!("{} from {by}", signed(&to_a_tenth(money)));
    let mut named: Vec<String> = reasons.iter().map(|(money, by)| from(money, by)).collect();
    if !rest.is_empty() {
        let sum: Amount = rest.iter().map(|(money, _)| money).sum();
        named.push(from(&sum, &count(rest.len(), "other", "others")));
    }
    let change = line.change();
    let relative = line.share(&change).map(|share| format!(" ({})", percent(&share)));
    format!(
        "{}: {}, {}{}: {}.",
        super::phrases::slice(plan, &line.slice),
        money(plan, &line.amount),
        signed(&change),
        relative.unwrap_or_default(),
        together(&named)
    )
}

/// What a part of a change comes from, without who set it.
fn by(plan: &Plan, of: &Source) -> String {
    match of {
        Source::Row(origin) => limit_alone(plan, origin),
        _ => source(plan, of),
    }
}
