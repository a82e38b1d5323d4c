//! Where the answer is free.

use super::effect::to_a_tenth;
use super::phrases::{amount, capital, count, money, share, slice};
use crate::explain::{Flex, FlexEnd, Footing};
use crate::plan::Stage;
use crate::units::Amount;

/// How many totals are told.
const MOST_TOLD: usize = 5;

/// Says how far one line could lie elsewhere.
pub fn flex(footing: &Footing<'_>, own: &Flex) -> String {
    range(footing, own, "It")
}

/// Says how far the line that is called `name` could lie elsewhere.
fn range(footing: &Footing<'_>, own: &Flex, name: &str) -> String {
    let plan = footing.plan;
    let aims = plan.stages().iter().any(Stage::is_linear);
    let by = if aims { "the limits and the aims" } else { "the limits" };
    let same = match &own.loss {
        Some(loss) if aims && !loss.is_zero() => {
            format!(" with no aim more than {} short of its best", share(loss))
        }
        _ if aims => " with every aim served just as well".into(),
        _ => String::new(),
    };
    let stands = stands(footing, own);
    match (&own.least, &own.most) {
        (FlexEnd::At(least), FlexEnd::At(most)) if least == most => {
            format!("{} leave no choice here: it is {stands}.", capital(by))
        }
        (FlexEnd::At(least), FlexEnd::At(most)) => format!(
            "{name} could lie anywhere from {} to {}{same}; sharing the change out evenly put it at {stands}.",
            amount(&to_a_tenth(least)),
            money(plan, &to_a_tenth(most)),
        ),
        (FlexEnd::At(least), FlexEnd::Open) => format!(
            "{name} could lie anywhere from {} up{same}: no limit stops it there.",
            money(plan, &to_a_tenth(least))
        ),
        (FlexEnd::Open, FlexEnd::At(most)) => format!(
            "{name} could lie anywhere up to {}{same}: no limit stops it below.",
            money(plan, &to_a_tenth(most))
        ),
        (FlexEnd::Open, FlexEnd::Open) => {
            format!("{name} could lie anywhere{same}: no limit stops it on either side.")
        }
    }
}

/// Where a line stands exactly, and in whole figures where these are others.
fn stands(footing: &Footing<'_>, own: &Flex) -> String {
    let plan = footing.plan;
    let exact = to_a_tenth(&own.stands);
    let cells = plan.select(&own.slice);
    let published: Amount = cells.iter().map(|c| footing.allocation.amount(plan, *c)).sum();
    let quantum = Amount::whole(i64::from(plan.quantum().units()));
    let near = (&published - &exact).abs() < quantum;
    let rounded =
        if near { String::new() } else { format!(" ({} in whole figures)", amount(&published)) };
    format!("{}{rounded}", money(plan, &exact))
}

/// Says where the answer is free: of the totals told, those that could move most.
pub fn flexes(footing: &Footing<'_>, all: &[Flex]) -> Vec<String> {
    let free: Vec<&Flex> = all.iter().filter(|own| !own.is_fixed()).collect();
    let aims = footing.plan.stages().iter().any(Stage::is_linear);
    let by = if aims { "The limits and the aims" } else { "The limits" };
    if free.is_empty() {
        return vec![format!("{by} leave no choice: every total stands where they put it.")];
    }
    let mut widest = free.clone();
    widest.sort_by_key(|own| std::cmp::Reverse(crate::report::flex_width(own)));
    let mut said = vec![format!(
        "{by} alone leave a choice in {}; sharing the change out evenly settles it. The widest:",
        count(free.len(), "total", "totals")
    )];
    said.extend(
        widest
            .iter()
            .take(MOST_TOLD)
            .map(|own| format!("  {}", range(footing, own, &slice(footing.plan, &own.slice)))),
    );
    said
}
