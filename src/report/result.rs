//! The versioned JSON result.

use serde_json::{Map, Value as Json, json};

use super::json::{number, rows};
use super::summary::{cells_of, status};
use super::{
    allocation, conflict, contributions, limits_priced, linkage, repairs, revenue, stages,
};
use crate::explain::{Price, Repair};
use crate::plan::{Axis, ControlOf, Plan, Provenance};
use crate::solve::{Allocation, Outcome};
use crate::units::{Amount, CellId};

/// Which scenario a result is of.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The path or name that was asked for.
    pub scenario: String,
    /// The hash of its resolved input.
    pub hash: String,
}

/// What was found about an answer beside the answer itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Findings<'a> {
    /// What limits are worth, of those that were priced.
    pub prices: &'a [Price],
    /// The repairs of an infeasible scenario.
    pub mended: &'a [Repair],
    /// What none of them leaves alone: see [`crate::explain::Repairs`].
    pub stuck: Option<&'a str>,
}

/// The result as one JSON object, `virement/result@1`. Amounts are in plan units, shares in
/// percent points.
pub fn result(
    plan: &Plan,
    outcome: &Outcome,
    identity: &Identity,
    by: &[Axis],
    with_contributions: bool,
    findings: Findings<'_>,
) -> Json {
    let status = status(plan, outcome);
    let baseline: Amount = plan.cells().iter().map(|cell| &cell.baseline).sum();
    let mut result = Map::new();
    let mut put = |key: &str, value: Json| result.insert(key.into(), value);
    put("format", json!("virement/result@1"));
    put("scenario", json!(identity.scenario));
    put("hash", json!(identity.hash));
    put("status", json!(status.status));
    put("currency", json!(plan.currency()));
    put("scale", json!(plan.scale()));
    match outcome {
        Outcome::Optimal(found) | Outcome::Unrounded(found, _) => {
            put("total", total(plan, found, &baseline));
            put("stages", rows(&stages(plan, found)));
            put("proof", json!(status.proof));
            put("allocation", cells(plan, found, with_contributions));
            put("limits", rows(&limits_priced(plan, found, findings.prices)));
            put("revenue", rows(&revenue(plan, found)));
            if !by.is_empty() {
                put("by", rows(&allocation(plan, found, by)));
            }
            put("linkage", rows(&linkage(plan, found)));
            put("conflict", json!([]));
            put("repairs", json!([]));
            put("provenance", provenance(plan, found));
        }
        Outcome::Infeasible(_) | Outcome::Unbounded(_) | Outcome::Stopped(_) => {
            let none = json!(null);
            put(
                "total",
                json!({ "baseline": number(&baseline), "allocation": none, "revenue": none }),
            );
            put("stages", json!([]));
            put("proof", json!(status.proof));
            for key in ["allocation", "limits", "revenue", "linkage"] {
                put(key, json!([]));
            }
            put(
                "conflict",
                match outcome {
                    Outcome::Infeasible(clash) => rows(&conflict(plan, clash)),
                    _ => json!([]),
                },
            );
            put("repairs", rows(&repairs(plan, findings.mended)));
        }
    }
    Json::Object(result)
}

fn total(plan: &Plan, found: &Allocation, baseline: &Amount) -> Json {
    let sum = |money: &mut dyn Iterator<Item = crate::units::Money>| -> Amount {
        money.map(|money| plan.quantum().amount(money)).sum()
    };
    let cells = (0..plan.cells().len()).map(CellId::new);
    let allocated: Amount = cells.map(|cell| found.amount(plan, cell)).sum();
    let revenue = sum(&mut found.revenue.iter().map(|period| period.total));
    json!({
        "baseline": number(baseline),
        "allocation": number(&allocated),
        "revenue": number(&revenue),
    })
}

fn cells(plan: &Plan, found: &Allocation, with_contributions: bool) -> Json {
    let mut table = rows(&allocation(plan, found, &[]));
    if !with_contributions {
        return table;
    }
    let Json::Array(listed) = rows(&contributions(plan, found, &[])) else {
        return table;
    };
    let ids: Vec<String> =
        plan.dimensions().iter().map(|dimension| dimension.id().to_string()).collect();
    let Json::Array(cells) = &mut table else {
        return table;
    };
    let same = |a: &Json, b: &Json| ids.iter().all(|id| a.get(id) == b.get(id));
    let mut listed = listed.into_iter().peekable();
    for cell in cells {
        let mut parts = Vec::new();
        while let Some(part) = listed.next_if(|part| same(part, cell)) {
            let field = |key: &str| part.get(key).cloned().unwrap_or(Json::Null);
            parts.push(json!({
                "by": field("by"), "money": field("money"), "percent": field("percent"),
                "authority": field("authority")
            }));
        }
        if let Json::Object(cell) = cell {
            cell.insert("contributions".into(), Json::Array(parts));
        }
    }
    table
}

/// How much of the figures rests on what: stated totals of the baseline, and allocated cells.
fn provenance(plan: &Plan, found: &Allocation) -> Json {
    let mut controlled = vec![Amount::ZERO; Provenance::ALL.len()];
    for cell in plan.cells() {
        let controls = plan.controls().iter();
        let over = controls.filter(|c| c.of == ControlOf::Baseline && c.on.has(&cell.members));
        if let Some(best) = over.map(|control| control.provenance).min() {
            controlled[best as usize] += &cell.baseline;
        }
    }
    let by_word = |amount: &dyn Fn(usize, Provenance) -> Amount| {
        let pairs = Provenance::ALL.iter().enumerate();
        Json::Object(
            pairs
                .map(|(place, word)| (word.word().into(), number(&amount(place, *word))))
                .collect(),
        )
    };
    json!({
        "controlled": by_word(&|place, _| controlled[place].clone()),
        "cells": by_word(&|_, word| cells_of(plan, found, word)),
    })
}
