//! Writes what the solver found as a certificate over the plan. Nothing here is trusted: the
//! certificate is judged by `certify` before anything is called proven.

use std::sync::Arc;

use super::beside::both;
use super::certificate_cases::{cases, moved};
use super::claim::{claim, differs, stated};
use super::held::Held;
use super::lifted::{Lifted, Lifter, terms};
use super::settle::Moved;
use super::ties::{Owner, Step, Told};
use super::{Conflict, Outcome, lumps};
use crate::certify::{
    self, Accepted, Certificate, Clash, Goal, Lean, Multipliers, Name, Near, Optimal, Refusal,
    StageProof, Statement, flattest,
};
use crate::formulate::Program;
use crate::plan::{Plan, ReadingKind, Sense};
use crate::units::{Amount, Money};

/// What proves an answer, told in terms of the formulation.
#[derive(Debug, Clone, Default)]
pub(crate) struct Evidence {
    /// The duals of the stages, in order.
    pub(crate) steps: Arc<[Step]>,
    /// The multipliers of the calibration.
    pub(crate) told: Told,
    /// The multipliers of the calibration on the face that the stages leave, where there are stages.
    pub(crate) held: Option<Box<Held>>,
    /// The partial decisions that cover every way to decide the lines of all or nothing.
    pub(crate) cases: Vec<lumps::Case>,
    /// What shows that revenue decisions had to move.
    pub(crate) moved: Vec<Moved>,
}

fn nested() -> Refusal {
    Refusal::Nested("what holds the answer".into())
}

/// Gives the outcome its certificate, where one is accepted and none was written yet.
pub(crate) fn prove(plan: &Plan, outcome: &mut Outcome) {
    match outcome {
        Outcome::Optimal(found) | Outcome::Unrounded(found, _) => {
            let Some(evidence) = found.evidence.take() else { return };
            if let Some(left) = &found.left {
                let bound = left.bound.to_decimal(2);
                found.proof = Err(Refusal::Ended(left.stage.to_string(), bound));
                return;
            }
            let known = (&*found.exact, !found.decisions.is_empty());
            let claim = claim(plan, &found.periods, &found.revenue, known);
            let published = found.whole.then_some(&*found.published);
            found.proof = whole(plan, claim, (&evidence, &found.face), published);
        }
        Outcome::Infeasible(conflict) => {
            conflict.proof = infeasible(plan, conflict).and_then(|certificate| {
                certify::judge(plan, &certificate)?;
                Ok(Box::new(certificate))
            });
        }
        Outcome::Unbounded(_) | Outcome::Stopped(_) => {}
    }
}

/// The certificate of a claim and its `published` figures, where there are any.
fn whole(
    plan: &Plan,
    claim: Optimal,
    (evidence, face): (&Evidence, &Program),
    published: Option<&[Money]>,
) -> Result<Box<Certificate>, Refusal> {
    let statement = stated(plan, &claim, None)?;
    let columns = claim.columns();
    let stages = stages(plan, &statement, &columns, &evidence.steps);
    let proof = judged(plan, &statement, claim, stages, (evidence, face))?;
    if let Some(published) = published {
        certify::figures(plan, &statement, &columns, published)?;
    }
    Ok(Box::new(Certificate::Optimal(Box::new(proof))))
}

/// The proofs of the stages, and what goes with them to the proof of the calibration.
pub(crate) struct Stages<'a> {
    writer: Writer<'a>,
    lifter: Lifter<'a>,
    proofs: Vec<StageProof>,
    earlier: Vec<Lifted>,
    accepted: Accepted<'a>,
}

/// Writes the proofs of the stages of an answer at `amounts`, one a column, and has them judged.
///
/// # Errors
///
/// That a certificate cannot tell of something, or the plan, read once more, has other conditions
/// than were solved; or what does not agree.
pub(crate) fn stages<'a>(
    plan: &Plan,
    statement: &'a Statement,
    amounts: &'a [Amount],
    steps: &[Step],
) -> Result<Stages<'a>, Refusal> {
    if steps.iter().any(|step| step.told.untold) {
        return Err(nested());
    }
    let known = |step: &Step| {
        step.stage < statement.aims.len() && statement.sums.len() >= step.told.limits()
    };
    if !steps.iter().all(known) {
        return Err(differs());
    }
    let (writer, lifter) = (Writer { statement, amounts }, Lifter::new(statement, amounts));
    let mut earlier = Vec::new();
    let proofs: Vec<StageProof> =
        steps.iter().map(|step| writer.stage(step, &lifter, &mut earlier)).collect();
    let accepted = certify::stages(plan, statement, amounts, &proofs)?;
    Ok(Stages { writer, lifter, proofs, earlier, accepted })
}

/// The proof of a claim, where it is accepted.
///
/// # Errors
///
/// What does not agree.
pub(crate) fn judged(
    plan: &Plan,
    statement: &Statement,
    mut claim: Optimal,
    stages: Result<Stages<'_>, Refusal>,
    (evidence, face): (&Evidence, &Program),
) -> Result<Optimal, Refusal> {
    let told = &evidence.told;
    if told.untold {
        return Err(nested());
    }
    let stages = stages?;
    if statement.sums.len() < told.limits() {
        return Err(differs());
    }
    let amounts = stages.writer.amounts;
    claim.pressures = stages.writer.multipliers(told, &stages.lifter);
    claim.calibration = stages.calibration(told);
    claim.stages.clone_from(&stages.proofs);
    claim.cases = cases(plan, statement, &evidence.cases)?;
    claim.moved = moved(plan, &claim.decisions, &evidence.moved)?;
    let nearest = |claim: &Optimal| certify::calibration(plan, claim, &stages.accepted);
    let rest = || certify::rest(plan, statement, &claim, &stages.accepted);
    let (held, rest) = both(|| nearest(&claim), rest);
    rest?;
    let Err(refusal) = held else { return Ok(claim) };
    // The pressures are one split of several: the multipliers of the face itself may hold it.
    let held = evidence.held.as_ref().map(|held| held.told(face, amounts));
    let told = held.filter(|told| !told.untold).ok_or(refusal)?;
    claim.calibration = stages.calibration(&told);
    nearest(&claim)?;
    Ok(claim)
}

impl Stages<'_> {
    fn calibration(&self, told: &Told) -> Multipliers {
        self.writer.calibration(told, &self.lifter, &self.earlier)
    }
}

/// Writes multipliers over a statement, for amounts at which they hold.
pub(super) struct Writer<'a> {
    pub(super) statement: &'a Statement,
    pub(super) amounts: &'a [Amount],
}

impl Writer<'_> {
    /// The proof of a stage or a round; it joins the `earlier` ones where nothing is given up of
    /// it.
    pub(super) fn stage(
        &self,
        step: &Step,
        lifter: &Lifter,
        earlier: &mut Vec<Lifted>,
    ) -> StageProof {
        let aim = &self.statement.aims[step.stage];
        let mut told = step.told.clone();
        let open: Vec<(usize, usize)> = match aim.goal {
            Goal::Sum(_) => Vec::new(),
            Goal::Largest(_) => open(step, &told),
        };
        let together: Amount = open.iter().map(|form| &told.forms[form]).sum();
        if together > Amount::ONE {
            let mut less = Told::default();
            less.plus(&told, &(&Amount::ONE / &together));
            told = less;
        }
        let witness = step.witness.as_deref();
        let there = witness.map(|witness| Lifter::new(self.statement, witness));
        let there = there.as_ref().unwrap_or(lifter);
        there.mend(&mut told, earlier, &|_| Amount::ZERO);
        let mut rest = told.clone();
        let own = match &aim.goal {
            Goal::Sum(_) => {
                let owner = Owner::Stage(step.stage);
                there.bends(owner, &rest.sums.remove(&owner).unwrap_or_default())
            }
            Goal::Largest(forms) => {
                let mut own = Vec::new();
                for place in &open {
                    let weight = rest.forms.remove(place).unwrap_or_default();
                    own.extend(there.inside_form(&forms[place.1], (*place, &weight), &mut rest));
                    if !weight.is_zero() {
                        own.push((forms[place.1].name.clone(), weight));
                    }
                }
                own
            }
        };
        if aim.loss.is_none() {
            earlier.push(lifter.lifted(told));
        }
        StageProof {
            stage: aim.name.clone(),
            round: step.round,
            value: step.value.clone(),
            own,
            multipliers: self.multipliers(&rest, there),
            witness: step.witness.as_deref().map(<[Amount]>::to_vec),
        }
    }

    fn calibration(&self, told: &Told, lifter: &Lifter, earlier: &[Lifted]) -> Multipliers {
        let mut told = told.clone();
        self.decided(&mut told);
        let start = |place: usize| {
            let column = &self.statement.columns[place];
            if place >= self.statement.cells || column.weight.is_zero() {
                return Amount::ZERO;
            }
            &(&self.amounts[place] - &column.baseline) / &column.weight
        };
        lifter.mend(&mut told, earlier, &start);
        self.multipliers(&told, lifter)
    }

    /// The wish of every open decision to stand where it would rather takes what is left on it: it
    /// is no cell, and the calibration does not count it. Where it is granted, it is leaned on as hard as
    /// its slope there takes: that pushes nothing.
    fn decided(&self, told: &mut Told) {
        let count = self.statement.columns.len() - self.statement.cells;
        let first = self.statement.aims.len().saturating_sub(count);
        let total = super::lifted::pushes(self.statement, told);
        let near = Near::new(self.amounts);
        for place in 0..count {
            let column = self.statement.cells + place;
            let left = -total.on(column);
            let owner = Owner::Stage(first + place);
            let Some(wish) = terms(self.statement, owner).first().filter(|_| !left.is_zero())
            else {
                continue;
            };
            let (least, most) = wish.slopes(&near);
            let flat = flattest((&least, &most));
            let steep = if left.is_positive() { most } else { least };
            let slope = if flat.is_zero() { steep } else { flat };
            if !slope.is_zero() {
                told.lean(owner, &(&left / &slope));
            }
            told.bend(owner, 0, &left);
        }
    }

    /// The straight conditions that push, with their sides.
    pub(super) fn rows(&self, told: &Told) -> Vec<(Name, Sense, Amount)> {
        let mut found = Vec::new();
        for (place, multiplier) in told.rows.iter().filter(|(_, own)| !own.is_zero()) {
            let row = &self.statement.rows[*place];
            let (side, size) = match (row.lower.is_some() && row.lower == row.upper, multiplier) {
                (true, own) => (Sense::Equal, own.clone()),
                (false, own) if own.is_positive() => (Sense::Floor, own.clone()),
                (false, own) => (Sense::Ceiling, own.abs()),
            };
            found.push((row.name.clone(), side, size));
        }
        found
    }

    fn multipliers(&self, told: &Told, lifter: &Lifter) -> Multipliers {
        let mut found = Multipliers { rows: self.rows(told), ..Multipliers::default() };
        for (owner, own) in &told.sums {
            if own.0.is_zero() && own.1.values().all(Amount::is_zero) {
                continue;
            }
            let slopes = lifter.bends(*owner, own);
            let lean = Lean { multiplier: own.0.clone(), slopes };
            match owner {
                Owner::Limit(place) => {
                    found.sums.push((self.statement.sums[*place].name.clone(), lean));
                }
                Owner::Stage(place) => {
                    found.stages.push((self.statement.aims[*place].name.clone(), lean));
                }
                Owner::Term(..) | Owner::Form(..) | Owner::Nested => {}
            }
        }
        let mut rest = told.clone();
        let mut places: Vec<(usize, usize)> = told.forms.keys().copied().collect();
        places.extend(told.inner.keys().map(|(stage, form, _)| (*stage, *form)));
        places.sort_unstable();
        places.dedup();
        for place in places {
            let aim = &self.statement.aims[place.0];
            let Goal::Largest(forms) = &aim.goal else { continue };
            let (form, weight) = (&forms[place.1], rest.forms.remove(&place).unwrap_or_default());
            let bends = lifter.inside_form(form, (place, &weight), &mut rest);
            found.bends.extend(bends.into_iter().map(|(of, by)| (aim.name.clone(), of, by)));
            if !weight.is_zero() {
                found.forms.push((aim.name.clone(), form.name.clone(), weight));
            }
        }
        found
    }
}

/// The forms of a round that no earlier round has settled.
fn open(step: &Step, told: &Told) -> Vec<(usize, usize)> {
    let open = |form: &&(usize, usize)| form.0 == step.stage && step.forms.contains(&form.1);
    told.forms.keys().filter(open).copied().collect()
}

/// The certificate of a conflict; an error where the plan, read once more, does not bear it out.
fn infeasible(plan: &Plan, conflict: &Conflict) -> Result<Certificate, Refusal> {
    if !conflict.cases.is_empty() {
        let statement = certify::clash_statement(plan);
        return Ok(Certificate::Undecidable(cases(plan, &statement, &conflict.cases)?));
    }
    let (bent, straight): (Vec<_>, Vec<_>) =
        conflict.parts.iter().partition(|part| !part.slopes.is_empty());
    let name = |part: &super::Clash| {
        let fund = plan.funds().iter().any(|fund| fund.id == part.origin.id);
        let kind = match part.origin.kind {
            ReadingKind::Limit if fund => "fund",
            kind => kind.word(),
        };
        let (id, member) = (part.origin.id.clone(), part.origin.member.clone());
        Name { kind, id, member }
    };
    let rows = straight.into_iter().map(|part| {
        let size = match part.sense {
            Sense::Equal => part.multiplier.clone(),
            _ => part.multiplier.abs(),
        };
        (name(part), part.sense, size)
    });
    let statement = certify::clash_statement(plan);
    let mut sums = Vec::new();
    for part in bent {
        let name = name(part);
        let sum = statement.sums.iter().find(|sum| sum.name == name);
        let sum = sum.ok_or_else(|| Refusal::Unknown(name.to_string()))?;
        let names = sum.terms.iter().map(|term| term.name.clone());
        let slopes = names.zip(part.slopes.iter().cloned()).collect();
        sums.push((name, Lean { multiplier: part.multiplier.abs(), slopes }));
    }
    let mut clash = Clash { rows: rows.collect(), sums, excess: Amount::ZERO };
    clash.excess = certify::excess(plan, &statement, &clash)?;
    Ok(Certificate::Infeasible(Box::new(clash)))
}
