//! Judges that revenue decisions stand no further from where they would rather than they have to.

use super::about::ranges;
use super::clash::clashes;
use super::statement::{Stand, Statement, decision_text, decisions, preferred};
use super::{Optimal, Refusal};
use crate::plan::Plan;
use crate::units::Amount;

/// The statement of a plan in which a decision, by its place, stands at least a quantum nearer to where it
/// would rather than it does; those before it stand where they do, those after it anywhere in their range.
///
/// # Errors
///
/// A decision that stands where it would rather, or is none.
pub fn nearer(plan: &Plan, amounts: &[Amount], place: usize) -> Result<Statement, Refusal> {
    let known = decisions(plan);
    let (Some(decision), Some(amount)) = (known.get(place), amounts.get(place)) else {
        return Err(Refusal::Unknown(format!("revenue decision {place}")));
    };
    let prefer = preferred(plan, *decision);
    let step = Amount::whole(i64::from(plan.quantum().units()));
    let mut stands = ranges(plan, &known);
    for (stand, amount) in stands.iter_mut().zip(amounts).take(place) {
        *stand = Stand::At(amount.clone());
    }
    stands[place] = match amount.cmp(&prefer) {
        std::cmp::Ordering::Greater => Stand::Within(prefer, amount - &step),
        std::cmp::Ordering::Less => Stand::Within(amount + &step, prefer),
        std::cmp::Ordering::Equal => {
            let name = decision_text(plan, *decision);
            return Err(Refusal::Unknown(format!("move of revenue `{name}`")));
        }
    };
    Ok(Statement::open(plan, &stands))
}

/// Judges what shows that decisions had to move.
///
/// # Errors
///
/// The first thing that does not agree.
pub(crate) fn moved(plan: &Plan, proof: &Optimal) -> Result<(), Refusal> {
    let names: Vec<String> =
        decisions(plan).into_iter().map(|decision| decision_text(plan, decision)).collect();
    for (at, (name, clash)) in proof.moved.iter().enumerate() {
        let text = || format!("revenue `{name}`");
        let place = names.iter().position(|known| known == name);
        let place = place.ok_or_else(|| Refusal::Unknown(text()))?;
        if proof.moved[..at].iter().any(|(other, _)| other == name) {
            return Err(Refusal::Twice(text()));
        }
        clashes(plan, &nearer(plan, &proof.decisions, place)?, clash)?;
    }
    Ok(())
}

/// Whether every decision stands where it would rather, or is shown to have had to move.
pub fn is_settled(plan: &Plan, proof: &Optimal) -> bool {
    let known = decisions(plan);
    known.iter().zip(&proof.decisions).all(|(decision, amount)| {
        let name = decision_text(plan, *decision);
        preferred(plan, *decision) == *amount || proof.moved.iter().any(|(own, _)| *own == name)
    })
}
