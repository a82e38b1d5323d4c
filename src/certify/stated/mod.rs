//! Judges the figures of a JSON result: each is worked out again from the plan and the proof.

mod conflict;
mod figures;
mod limits;
mod linkage;
mod pressures;
mod totals;

use std::collections::HashMap;

use serde_json::Value as Json;

use super::{Certificate, Optimal, Published, Refusal};
use crate::plan::{Plan, RevenueLevels};
use crate::units::Amount;

pub(crate) use figures::{Row, Stated, words, words_if_any};

/// The published figures of a result, in plan units.
pub(crate) struct Answer<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) proof: &'a Optimal,
    /// One a cell.
    pub(crate) amounts: Vec<Amount>,
    /// What each revenue entry brings, and each balance period.
    pub(crate) levels: RevenueLevels,
}

/// What a result may hold.
const FIELDS: [&str; 17] = [
    "format",
    "scenario",
    "hash",
    "status",
    "proof",
    "currency",
    "scale",
    "total",
    "stages",
    "allocation",
    "by",
    "limits",
    "revenue",
    "linkage",
    "conflict",
    "repairs",
    "provenance",
];

/// Judges a result, `virement/result@1`, against its plan and a certificate that was accepted.
///
/// # Errors
///
/// The first figure that does not agree.
pub fn result(
    plan: &Plan,
    certificate: &Certificate,
    result: &Json,
) -> Result<Option<Published>, Refusal> {
    let stated = Stated::of(result, "the result")?;
    stated.only(&FIELDS)?;
    words(&stated, "format", "virement/result@1")?;
    words(&stated, "currency", plan.currency())?;
    stated.figure("scale", Some(&Amount::whole(i64::from(plan.scale()))), false)?;
    match certificate {
        Certificate::Infeasible(proof) => {
            words(&stated, "status", "infeasible")?;
            words(&stated, "proof", "infeasible")?;
            conflict::conflict(plan, proof, &stated)?;
            totals::nothing(plan, &stated)?;
            Ok(None)
        }
        Certificate::Undecidable(cases) => {
            words(&stated, "status", "infeasible")?;
            words(&stated, "proof", "infeasible")?;
            conflict::undecidable(plan, cases, &stated)?;
            totals::nothing(plan, &stated)?;
            Ok(None)
        }
        Certificate::Optimal(proof) => {
            words(&stated, "status", "optimal")?;
            words(&stated, "proof", "optimal")?;
            answer(plan, proof, &stated).map(Some)
        }
    }
}

fn answer(plan: &Plan, proof: &Optimal, stated: &Stated) -> Result<Published, Refusal> {
    let cells = totals::cells(plan, stated)?;
    let statement = super::statement(plan, proof)?;
    let published = super::published(plan, &statement, proof, &cells)?;
    let amounts = cells.iter().map(|money| plan.quantum().amount(*money)).collect();
    let answer = Answer { plan, proof, amounts, levels: levels(plan, proof) };
    totals::total(&answer, stated)?;
    totals::allocation(&answer, stated)?;
    totals::by(&answer, stated)?;
    totals::revenue(&answer, stated)?;
    totals::stages(&answer, &statement, stated)?;
    totals::provenance(&answer, stated)?;
    limits::limits(&answer, &statement, stated)?;
    linkage::linkage(&answer, stated)?;
    for key in ["conflict", "repairs"] {
        if !stated.rows(key)?.is_empty() {
            return Err(Refusal::File(format!("the result of an answer has a {key}")));
        }
    }
    Ok(published)
}

fn levels(plan: &Plan, proof: &Optimal) -> RevenueLevels {
    let quantum = plan.quantum();
    let mut levels = RevenueLevels { totals: Vec::new(), entries: HashMap::new() };
    let published = super::published_revenue(plan, &proof.decisions);
    for (period, (total, entries)) in plan.periods().into_iter().zip(published) {
        levels.totals.push(quantum.amount(total));
        let amounts = entries.into_iter().map(|money| quantum.amount(money));
        levels.entries.extend(period.entries.into_iter().zip(amounts));
    }
    levels
}
