//! Writes what a search for the best way to decide lines of all or nothing found, and what made revenue
//! decisions move, as parts of a certificate.

use super::certificate::Writer;
use super::lifted::Lifter;
use super::lumps;
use super::settle::Moved;
use super::ties::{Owner, Told};
use crate::certify::{self, Clash, Lean, Refusal, Statement, Term};
use crate::plan::Plan;
use crate::units::Amount;

/// The partial decisions of a search as a certificate states them over `statement`.
pub(super) fn cases(
    plan: &Plan,
    statement: &Statement,
    found: &[lumps::Case],
) -> Result<Vec<certify::Case>, Refusal> {
    let ids = plan.lumps();
    let one = |case: &lumps::Case| {
        let name = |place: usize| certify::cell_text(plan, &plan.cell(ids[place]).members);
        let decided = case.decided.iter().map(|(place, taken)| (name(*place), *taken)).collect();
        let shown = match &case.shown {
            lumps::Shown::Answer => certify::Shown::Answer,
            lumps::Shown::Clash(told) => {
                let own = certify::within(plan, statement, &case.decided);
                certify::Shown::Clash(clash(plan, &own, told)?)
            }
            lumps::Shown::Behind(lumps::Behind { amounts, steps, .. }) => {
                if steps.iter().any(|step| step.told.untold) {
                    return Err(Refusal::Nested("what holds a case".into()));
                }
                let own = certify::within(plan, statement, &case.decided);
                let writer = Writer { statement: &own, amounts };
                let (lifter, mut earlier) = (Lifter::new(&own, amounts), Vec::new());
                let stages = steps.iter().map(|step| writer.stage(step, &lifter, &mut earlier));
                certify::Shown::Behind { stages: stages.collect(), amounts: amounts.clone() }
            }
        };
        Ok(certify::Case { decided, shown })
    };
    found.iter().map(one).collect()
}

/// Proofs that decisions cannot stand a quantum nearer to where they would rather.
pub(super) fn moved(
    plan: &Plan,
    amounts: &[Amount],
    found: &[Moved],
) -> Result<Vec<(String, Clash)>, Refusal> {
    let known = certify::decisions(plan);
    let one = |own: &Moved| {
        let statement = certify::nearer(plan, amounts, own.decision)?;
        let name = certify::decision_text(plan, known[own.decision]);
        Ok((name, clash(plan, &statement, &own.told)?))
    };
    found.iter().map(one).collect()
}

/// A proof that the conditions of a case clash.
fn clash(plan: &Plan, statement: &Statement, told: &Told) -> Result<Clash, Refusal> {
    let nowhere = Writer { statement, amounts: &[] };
    let mut sums = Vec::new();
    for (owner, (multiplier, slopes)) in &told.sums {
        let Owner::Limit(place) = owner else { continue };
        let sum = &statement.sums[*place];
        let slope = |(place, term): (usize, &Term)| {
            (term.name.clone(), slopes.get(&place).cloned().unwrap_or_default())
        };
        let slopes = sum.terms.iter().enumerate().map(slope).collect();
        sums.push((sum.name.clone(), Lean { multiplier: multiplier.clone(), slopes }));
    }
    let mut clash = Clash { rows: nowhere.rows(told), sums, excess: Amount::ZERO };
    clash.excess = certify::excess(plan, statement, &clash)?;
    Ok(clash)
}
