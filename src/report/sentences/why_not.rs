//! Why not this figure.

use super::effect::{moves, of, whole, worth};
use super::phrases::{amount, capital, limit, money, percent, signed, together};
use crate::explain::{Effect, Footing, Verdict, WhyNot};
use crate::plan::{Plan, ReadingKind, Sense};
use crate::solve::Own;
use crate::units::Amount;

/// Says how a wish was read, and what pays for it or what forbids it.
pub fn why_not(footing: &Footing<'_>, asked: &WhyNot) -> Vec<String> {
    let plan = footing.plan;
    let name = of(plan, &asked.wished.on);
    let baseline: Amount = asked.cells.iter().map(|cell| &plan.cell(*cell).baseline).sum();
    let now = super::effect::to_a_tenth(&asked.now);
    let level = match (&asked.wished.min, &asked.wished.max) {
        (Some(min), Some(_)) => format!("at {}", at(footing, min, &baseline)),
        (Some(min), None) => format!("at {} or more", at(footing, min, &baseline)),
        (None, Some(max)) => format!("at {} or less", at(footing, max, &baseline)),
        (None, None) => "anywhere".into(),
    };
    let mut said =
        vec![format!("The wish: {name} {level}. It stands at {} now.", money(plan, &now))];
    if let Some(instead) = &asked.instead {
        let held = crate::explain::title_of(plan, ReadingKind::Hold, instead, "");
        said.push(format!("The wish takes the place of {held}."));
    }
    said.extend(published(footing, asked));
    match &asked.found {
        Verdict::Granted => said.push("That is so already.".into()),
        Verdict::Possible(effect) => {
            said.push("It can be had.".into());
            said.extend(paid(footing, asked, effect));
        }
        Verdict::Unsettled => said.push("Whether it can be had was not settled.".into()),
        Verdict::Unbounded(stage) => {
            said.push(format!("With it nothing stops the aim \u{201c}{stage}\u{201d}."));
        }
        Verdict::Forbidden { conflict, nearest } => {
            let names = conflict.parts.iter().map(|part| {
                let way = match part.sense {
                    Sense::Floor => "at least",
                    Sense::Ceiling => "at most",
                    Sense::Equal => "exactly",
                };
                let bound = match &part.reading {
                    Some(reading) => super::price::level(plan, reading, &part.bound),
                    None if part.is_share() => super::phrases::share(&part.bound),
                    None => money(plan, &part.bound),
                };
                format!("{}: {way} {bound}", limit(plan, &part.origin))
            });
            let names: Vec<String> =
                names.chain(crate::explain::lumps_told(plan, conflict)).collect();
            let own = crate::explain::own_bounds_told(plan, conflict);
            if names.is_empty() {
                said.push("It cannot be had: the lines themselves may not go that far.".into());
            } else {
                said.push("It cannot be had beside:".into());
                said.extend(names.into_iter().chain(own).map(|name| format!("  {name}")));
            }
            match nearest {
                Some((level, effect)) => {
                    said.push(format!(
                        "The nearest that can be had is {}.",
                        at(footing, level, &baseline)
                    ));
                    said.extend(paid(footing, asked, effect));
                }
                None => said.push("No figure near it can be had either.".into()),
            }
        }
    }
    said
}

/// Says what a little more would cost, and who would pay.
pub fn one_more(footing: &Footing<'_>, asked: &WhyNot) -> String {
    let plan = footing.plan;
    match &asked.found {
        Verdict::Possible(effect) => {
            let own = super::effect::to_a_tenth(&effect.net(&asked.cells));
            let paid = payers(plan, asked, effect, "paid by");
            let worth = worth(footing, effect).map(|worth| format!(" {}.", capital(&worth)));
            format!("{} more {paid}{}", money(plan, &own), worth.unwrap_or_default())
        }
        Verdict::Forbidden { conflict, .. } => {
            let names: Vec<String> =
                conflict.parts.iter().take(3).map(|part| limit(plan, &part.origin)).collect();
            let stuck = |why: Own| conflict.bounds.iter().any(|bound| bound.why == why);
            if names.is_empty() && stuck(Own::Lump) {
                "It cannot have more: it is all or nothing.".into()
            } else if names.is_empty() && stuck(Own::Kept) {
                "It cannot have more: it keeps its earlier answer, because others pay.".into()
            } else if names.is_empty() && stuck(Own::Fixed) {
                "It cannot have more: it is fixed.".into()
            } else if names.is_empty() && !conflict.lumps.is_empty() {
                let lumps = crate::explain::lumps_told(plan, conflict);
                format!("It cannot have 1 % more: {}.", together(&lumps))
            } else if names.is_empty() {
                "It cannot have more: its own ceiling is in the way.".into()
            } else {
                format!("It cannot have 1 % more beside {}.", together(&names))
            }
        }
        Verdict::Unsettled => "Whether it can have 1 % more was not settled.".into(),
        Verdict::Granted | Verdict::Unbounded(_) => "Nothing stops it from having more.".into(),
    }
}

/// `30 000 kCHF (−5.0 % against its baseline of 31 579)`.
fn at(footing: &Footing<'_>, level: &Amount, baseline: &Amount) -> String {
    let shown = money(footing.plan, level);
    let change = level - baseline;
    if change.is_zero() {
        return format!("{shown} (its baseline)");
    }
    if baseline.is_zero() {
        return shown;
    }
    let relative = percent(&(&change / &baseline.abs()));
    format!("{shown} ({relative} against its baseline of {})", amount(baseline))
}

/// Says where whole figures have what was wished for, and the exact ones have not.
fn published(footing: &Footing<'_>, asked: &WhyNot) -> Option<String> {
    let plan = footing.plan;
    let figures = asked.cells.iter().map(|cell| footing.allocation.amount(plan, *cell));
    let sum: Amount = figures.sum();
    let now = super::effect::to_a_tenth(&asked.now);
    let apart = asked.wished.has(&sum) && !asked.wished.has(&asked.now);
    apart.then(|| {
        format!(
            "The whole figures have it already: they add up to {}, the exact ones to {}.",
            money(plan, &sum),
            amount(&now)
        )
    })
}

/// Who pays for what the asked lines gain, or gets what they give.
fn payers(plan: &Plan, asked: &WhyNot, effect: &Effect, verb: &str) -> String {
    let others = moves(plan, effect, &asked.cells);
    let left = super::effect::to_a_tenth(&(effect.whole() - effect.net(&asked.cells)));
    match others {
        Some(others) if left.is_zero() && plan.balance().is_some() => {
            format!("would be {verb} revenue. Besides, others change places: {others}.")
        }
        Some(others) => {
            let whole = whole(plan, effect).unwrap_or_default();
            format!("would be {verb}: {others}.{whole}")
        }
        None if plan.balance().is_some() => format!("would be {verb} revenue."),
        None => "would move nothing else.".into(),
    }
}

/// Who pays for a wish, and which aims it costs.
fn paid(footing: &Footing<'_>, asked: &WhyNot, effect: &Effect) -> Vec<String> {
    let plan = footing.plan;
    let net = effect.net(&asked.cells);
    let own = super::effect::to_a_tenth(&net);
    let quantum = Amount::whole(i64::from(plan.quantum().units()));
    let mut said = Vec::new();
    if (&net.abs() * &Amount::whole(2)) < quantum && !net.is_zero() {
        return vec!["Nothing has to move for it but what rounding to whole figures moves.".into()];
    }
    if own.is_zero() {
        said.push("Nothing has to move for it.".into());
    } else {
        let verb = if own.is_positive() { "paid by" } else { "given to" };
        said.push(format!("The {} {}", signed(&own), payers(plan, asked, effect, verb)));
    }
    if let Some(worth) = worth(footing, effect) {
        said.push(format!("{}.", capital(&worth)));
    }
    said.retain(|line| !line.is_empty());
    if said.len() > 1 {
        said = vec![together(&[said.join(" ")])];
    }
    said
}
