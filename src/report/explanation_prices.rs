//! Prices, promises and wishes as JSON.

use serde_json::{Value as Json, json};

use super::explanation::{limit, percent};
use super::json::number;
use super::sentences;
use crate::certify::cell_text;
use crate::explain::{
    Effect, Flex, FlexEnd, Footing, NoStep, Price, PriceStep, Promise, Reach, Verdict, WhyNot,
    named_as,
};
use crate::plan::{Plan, Reading, Sense};
use crate::units::{Amount, CellId};

/// A bound as JSON: all there is of one that was given no price.
pub fn reading_json(plan: &Plan, own: &Reading) -> Json {
    let named = named_as(plan, own.kind, &own.id);
    json!({
        "kind": own.kind.word(),
        "id": own.id.to_string(),
        "member": own.member,
        "title": named.title,
        "authority": own.authority.clone().or(named.authority),
        "sense": own.sense.sign(),
        "share": own.measured.is_share(),
        "bound": bound(own, &own.bound),
        "soft": own.soft,
    })
}

/// A price as JSON, with what is said of it.
pub fn price_json(footing: &Footing<'_>, price: &Price) -> Json {
    let own = &price.reading;
    let mut told = reading_json(footing.plan, own);
    told["relaxed"] = step(footing, own, &price.relaxed);
    told["tightened"] = step(footing, own, &price.tightened);
    told["sentences"] = json!(sentences::price(footing, price));
    told
}

/// A bound in its own unit: percent points for a share.
fn bound(own: &Reading, value: &Amount) -> Json {
    if own.measured.is_share() { percent(value) } else { number(value) }
}

fn step(footing: &Footing<'_>, own: &Reading, step: &PriceStep) -> Json {
    let (reach, valid_to) = match &step.reach {
        Reach::UpTo(to) => ("up to", Some(bound(own, to))),
        Reach::NoEnd => ("no end", None),
        Reach::Short(_) => ("shorter than the step", None),
        Reach::Unknown => ("not known", None),
    };
    let effect = match &step.found {
        Ok(found) => effect(footing, found, &[]),
        Err(none) => json!({ "possible": false, "why": word(none) }),
    };
    json!({
        "by": bound(own, &step.by),
        "to": bound(own, &(&own.bound + &step.by)),
        "money": number(&step.money),
        "worth": step.found.as_ref().ok().map(|effect| number(effect.worth())),
        "rate": step.rate().map(|rate| number(&rate)),
        "reach": reach,
        "valid_to": valid_to,
        "effect": effect,
    })
}

fn word(none: &NoStep) -> &'static str {
    match none {
        NoStep::Crosses => "passes the other side of its own limit",
        NoStep::Infeasible => "infeasible",
        NoStep::Unbounded => "unbounded",
    }
}

/// What a change does: gains by stage, how much nearer the allocation comes, who moves.
fn effect(footing: &Footing<'_>, effect: &Effect, without: &[CellId]) -> Json {
    let plan = footing.plan;
    let gains: Vec<Json> = effect
        .gains
        .iter()
        .map(|gain| json!({ "stage": gain.stage.to_string(), "gain": number(&gain.gain) }))
        .collect();
    let moved = effect.movers(plan, without).map(|(place, movers)| {
        let axis = &plan.dimensions()[place];
        let movers: Vec<Json> = movers
            .iter()
            .map(|mover| {
                let id = &axis.member(mover.member).id;
                json!({ "member": id.to_string(), "change": number(&mover.change) })
            })
            .collect();
        json!({ "dimension": axis.id().to_string(), "members": movers })
    });
    json!({
        "possible": true,
        "gains": gains,
        "nearer": number(&effect.nearer),
        "moved": number(&effect.moved()),
        "moves": moved,
    })
}

/// A promise as JSON, with what is said of it.
pub fn promise_json(footing: &Footing<'_>, promise: &Promise) -> Json {
    let named = named_as(footing.plan, promise.kind, &promise.id);
    json!({
        "kind": promise.kind.word(),
        "id": promise.id.to_string(),
        "title": named.title,
        "authority": named.authority,
        "soft": promise.soft,
        "without": match &promise.found {
            Ok(found) => effect(footing, found, &[]),
            Err(none) => json!({ "possible": false, "why": word(none) }),
        },
        "sentences": [sentences::promise(footing, promise)],
    })
}

/// A wish as JSON, with what is said of it.
pub fn why_not_json(footing: &Footing<'_>, asked: &WhyNot) -> Json {
    let plan = footing.plan;
    let verdict = match &asked.found {
        Verdict::Granted => json!({ "verdict": "granted" }),
        Verdict::Possible(found) => {
            json!({ "verdict": "possible", "effect": effect(footing, found, &asked.cells) })
        }
        Verdict::Unsettled => json!({ "verdict": "unsettled" }),
        Verdict::Unbounded(stage) => json!({ "verdict": "unbounded", "stage": stage.to_string() }),
        Verdict::Forbidden { conflict, nearest } => {
            let by: Vec<Json> = conflict
                .parts
                .iter()
                .map(|part| {
                    let sign = match part.sense {
                        Sense::Floor => ">=",
                        Sense::Ceiling => "<=",
                        Sense::Equal => "=",
                    };
                    let shown =
                        if part.is_share() { percent(&part.bound) } else { number(&part.bound) };
                    json!({ "limit": limit(plan, &part.origin), "sense": sign, "bound": shown })
                })
                .collect();
            let lump = |cell: &CellId| cell_text(plan, &plan.cell(*cell).members);
            let lumps: Vec<String> = conflict.lumps.iter().map(lump).collect();
            json!({
                "verdict": "forbidden",
                "by": by,
                "all_or_nothing": lumps,
                "nearest": nearest.as_ref().map(|(level, found)| json!({
                    "level": number(level),
                    "effect": effect(footing, found, &asked.cells),
                })),
            })
        }
    };
    json!({
        "slice": asked.wished.on.text(plan.dimensions()),
        "at_least": asked.wished.min.as_ref().map(number),
        "at_most": asked.wished.max.as_ref().map(number),
        "now": number(&asked.now),
        "instead_of": asked.instead.as_ref().map(ToString::to_string),
        "found": verdict,
        "sentences": sentences::why_not(footing, asked),
    })
}

/// How far a line could lie elsewhere, as JSON; an end that nothing stops is null.
pub fn flex_json(footing: &Footing<'_>, own: &Flex) -> Json {
    let end = |end: &FlexEnd| match end {
        FlexEnd::At(value) => number(value),
        FlexEnd::Open => Json::Null,
    };
    json!({
        "slice": own.slice.text(footing.plan.dimensions()),
        "allocation": number(&own.stands),
        "least": end(&own.least),
        "most": end(&own.most),
        "fixed": own.is_fixed(),
        "sentences": [sentences::flex(footing, own)],
    })
}
