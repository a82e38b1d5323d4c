//! What the proof of an answer is about: the plan as its decisions stand.

use super::statement::{Decision, Stand, Statement, decision_text, decisions};
use super::{Optimal, Refusal};
use crate::plan::Plan;

/// The statement that the proof is about.
///
/// # Errors
///
/// Decisions that are not those of the plan, or not within their bounds.
pub fn statement(plan: &Plan, proof: &Optimal) -> Result<Statement, Refusal> {
    let known = decisions(plan);
    let (what, stated) = ("revenue decisions", proof.decisions.len());
    if stated != known.len() {
        return Err(Refusal::Count { what, stated, known: known.len() });
    }
    for (decision, amount) in known.iter().zip(&proof.decisions) {
        let entry = &plan.revenue()[decision.0].entries[decision.1];
        let bound = if *amount < entry.min { &entry.min } else { &entry.max };
        if *amount < entry.min || *amount > entry.max {
            let what = format!("the range of revenue `{}`", decision_text(plan, *decision));
            return Err(super::point::broken(what, amount, bound));
        }
    }
    let mut statement = if proof.open {
        Statement::open(plan, &ranges(plan, &known))
    } else {
        Statement::published(plan, &proof.decisions)
    };
    super::cases::settle(plan, &mut statement, &proof.exact)?;
    Ok(statement)
}

/// All that each decision may be.
pub fn ranges(plan: &Plan, decisions: &[Decision]) -> Vec<Stand> {
    let range = |(line, at): &Decision| {
        let entry = &plan.revenue()[*line].entries[*at];
        Stand::Within(entry.min.clone(), entry.max.clone())
    };
    decisions.iter().map(range).collect()
}
