//! Judges the proof of an answer.

use std::collections::BTreeMap;

use super::force::Force;
use super::index::{self, Index};
use super::point::is_fixed;
use super::scene::{Bends, Kept, Scene, Within, slopes};
use super::statement::{Aim, Form, Goal, Statement};
use super::{Lean, Multipliers, Optimal, Refusal, StageProof};
use crate::plan::Plan;
use crate::units::Amount;

/// Judges the proof of an answer against `statement`: the exact amounts satisfy every condition,
/// every stage reaches what nothing can pass, and among all that the stages leave the amounts are
/// the nearest to the baseline. They are then the only such ones.
///
/// # Errors
///
/// The first thing that does not agree.
pub fn optimal(plan: &Plan, statement: &Statement, proof: &Optimal) -> Result<(), Refusal> {
    let amounts = proof.columns();
    let accepted = stages(plan, statement, &amounts, &proof.stages)?;
    calibration(plan, proof, &accepted)?;
    rest(plan, statement, proof, &accepted)
}

/// The stages of a proof, accepted at its amounts.
pub(crate) struct Accepted<'a> {
    scene: Scene<'a>,
    kept: Kept,
    reached: Vec<Vec<Amount>>,
}

/// Judges that the amounts satisfy every condition, and that every stage reaches what nothing can pass.
///
/// # Errors
///
/// The first thing that does not agree.
pub(crate) fn stages<'a>(
    plan: &Plan,
    statement: &'a Statement,
    amounts: &'a [Amount],
    proofs: &[StageProof],
) -> Result<Accepted<'a>, Refusal> {
    let scene = Scene::new(plan, statement, amounts)?;
    let mut judge = Judge::new(plan, &scene, Kept::default());
    let reached = judge.stages(proofs, false)?;
    let kept = judge.kept;
    Ok(Accepted { scene, kept, reached })
}

/// Judges that the amounts are the nearest among all that the stages of a proof leave.
///
/// # Errors
///
/// The first thing that does not agree.
pub(crate) fn calibration(
    plan: &Plan,
    proof: &Optimal,
    accepted: &Accepted<'_>,
) -> Result<(), Refusal> {
    let judge = Judge::new(plan, &accepted.scene, accepted.kept.clone());
    judge.calibration("the calibration", &proof.calibration, Within::Curves)
}

/// Judges the rest of a proof whose stages were accepted: its pressures, and what was decided.
///
/// # Errors
///
/// The first thing that does not agree.
pub(crate) fn rest(
    plan: &Plan,
    statement: &Statement,
    proof: &Optimal,
    accepted: &Accepted<'_>,
) -> Result<(), Refusal> {
    let judge = Judge::new(plan, &accepted.scene, accepted.kept.clone());
    judge.calibration("the pressures", &proof.pressures, Within::Anything)?;
    super::moved::moved(plan, proof)?;
    super::cases::best(plan, statement, proof, &accepted.reached)
}

/// What the first stages of `statement` reach at most, as `stages` prove it: one figure for a sum, and
/// one for each form of a largest-of stage, the largest first. The amounts reach it.
///
/// # Errors
///
/// The first thing that does not agree.
pub(crate) fn reaches(
    plan: &Plan,
    statement: &Statement,
    amounts: &[Amount],
    stages: &[StageProof],
) -> Result<Vec<Vec<Amount>>, Refusal> {
    let scene = Scene::new(plan, statement, amounts)?;
    Judge::new(plan, &scene, Kept::default()).stages(stages, true)
}

fn order(wanted: &str, found: Option<&StageProof>) -> Refusal {
    let found = found.map_or("nothing".into(), |proof| stage_text(&proof.stage, proof.round));
    Refusal::Order { wanted: wanted.into(), found }
}

fn stage_text(stage: &str, round: usize) -> String {
    if round == 0 { format!("stage `{stage}`") } else { format!("stage `{stage}`, round {round}") }
}

/// The proofs that were accepted so far.
struct Judge<'a> {
    plan: &'a Plan,
    statement: &'a Statement,
    index: Index<'a>,
    scene: &'a Scene<'a>,
    kept: Kept,
}

impl<'a> Judge<'a> {
    fn new(plan: &'a Plan, scene: &'a Scene<'a>, kept: Kept) -> Self {
        let statement = scene.statement;
        Self { plan, statement, index: Index::new(statement), scene, kept }
    }

    /// Judges the proofs of the stages in order, or only of the `first` of them, and gives what each
    /// reaches.
    fn stages(
        &mut self,
        proofs: &'a [StageProof],
        first: bool,
    ) -> Result<Vec<Vec<Amount>>, Refusal> {
        let mut left = proofs.iter();
        let mut reached = Vec::new();
        for place in 0..self.statement.aims.len() {
            if first && left.len() == 0 {
                break;
            }
            reached.push(match &self.statement.aims[place].goal {
                Goal::Sum(_) => vec![self.sum(place, left.next())?],
                Goal::Largest(forms) => self.largest(place, forms, &mut left)?,
            });
        }
        if let Some(more) = left.next() {
            return Err(order("the calibration", Some(more)));
        }
        self.scene.keeps(&self.kept)?;
        Ok(reached)
    }

    fn expect<'p>(
        &self,
        place: usize,
        round: usize,
        proof: Option<&'p StageProof>,
    ) -> Result<&'p StageProof, Refusal> {
        let wanted = stage_text(&self.statement.aims[place].name, round);
        match proof {
            Some(found)
                if found.stage == self.statement.aims[place].name && found.round == round =>
            {
                Ok(found)
            }
            found => Err(order(&wanted, found)),
        }
    }

    /// Judges a stage that is a sum, and keeps what it leaves.
    fn sum(&mut self, place: usize, proof: Option<&'a StageProof>) -> Result<Amount, Refusal> {
        let proof = self.expect(place, 0, proof)?;
        let aim = &self.statement.aims[place];
        self.somewhere(aim, proof, |judge, scene| {
            agrees(proof, scene.sum(place))?;
            let mut force = Force::default();
            let Goal::Sum(terms) = &aim.goal else { return Ok(()) };
            let own = Lean { multiplier: Amount::ONE, slopes: proof.own.clone() };
            let text = stage_text(&aim.name, 0);
            let at = (&*scene.figures[place], &scene.point.near);
            slopes((&text, Within::Curves), terms, at, &own, &mut force)?;
            judge.balanced(scene, proof, force)
        })?;
        self.kept.sums.insert(place, allowed(aim, &proof.value));
        Ok(proof.value.clone())
    }

    /// Judges the rounds of a largest-of stage: the forms that count in a round stand at its value
    /// wherever the round is best, so they are settled; the others go on to the next.
    fn largest(
        &mut self,
        place: usize,
        forms: &'a [Form],
        proofs: &mut std::slice::Iter<'a, StageProof>,
    ) -> Result<Vec<Amount>, Refusal> {
        let aim = &self.statement.aims[place];
        let (names, inner) = (index::forms(&aim.goal), index::inner(forms));
        let mut left: Vec<usize> = (0..forms.len()).collect();
        let mut reached = Vec::with_capacity(forms.len());
        let mut round = 0;
        while !left.is_empty() {
            round += 1;
            let proof = self.expect(place, round, proofs.next())?;
            let mut counts: Vec<(usize, Amount)> = Vec::new();
            let mut bends: BTreeMap<usize, Bends<'_>> = BTreeMap::new();
            for (name, weight) in &proof.own {
                let text = format!("`{name}` of {}", stage_text(&aim.name, round));
                if let Some((form, at)) = inner.get(name).filter(|(form, _)| left.contains(form)) {
                    if bends.entry(*form).or_default().insert(*at, weight).is_some() {
                        return Err(Refusal::Twice(text));
                    }
                    continue;
                }
                let known = names.get(&**name).filter(|form| left.contains(form));
                let form = *known.ok_or_else(|| Refusal::Unknown(text.clone()))?;
                if !weight.is_positive() {
                    return Err(Refusal::Sign(text));
                }
                if counts.iter().any(|(other, _)| *other == form) {
                    return Err(Refusal::Twice(text));
                }
                counts.push((form, weight.clone()));
            }
            self.somewhere(aim, proof, |judge, scene| {
                let levels = &scene.levels[place];
                let most = left.iter().map(|form| &levels[*form]).max();
                let value = most.cloned().unwrap_or_default().max(Amount::ZERO);
                agrees(proof, &value)?;
                judge.round(scene, proof, forms, (place, &counts, &bends))
            })?;
            let most = allowed(aim, &proof.value);
            let done = proof.value.is_zero() || counts.is_empty();
            let settled = |form: &usize| done || counts.iter().any(|(other, _)| other == form);
            self.kept.forms.extend(
                left.iter().filter(|form| settled(form)).map(|f| ((place, *f), most.clone())),
            );
            let before = left.len();
            left.retain(|form| !settled(form));
            reached.extend(std::iter::repeat_n(proof.value.clone(), before - left.len()));
        }
        Ok(reached)
    }

    /// The forms that count stand at the value, and together count for one: less only where the
    /// value is zero, which no largest is below.
    fn round(
        &self,
        scene: &Scene<'a>,
        proof: &'a StageProof,
        forms: &'a [Form],
        (place, counts, bends): (usize, &[(usize, Amount)], &BTreeMap<usize, Bends<'_>>),
    ) -> Result<(), Refusal> {
        let text = stage_text(&proof.stage, proof.round);
        let together: Amount = counts.iter().map(|(_, weight)| weight).sum();
        if together > Amount::ONE || (together < Amount::ONE && !proof.value.is_zero()) {
            return Err(Refusal::Value {
                what: format!("the sum of what the forms of {text} count"),
                stated: together.to_string(),
                found: "not 1".into(),
            });
        }
        let mut force = Force::default();
        for (form, weight) in counts {
            if scene.levels[place][*form] != proof.value {
                return Err(Refusal::Slack(format!("`{}` of {text}", forms[*form].name)));
            }
            let own = bends.get(form).cloned().unwrap_or_default();
            let within = (&*text, Within::Curves);
            scene.form(within, (&forms[*form], weight), &own, &mut force)?;
        }
        let counted = |form: &&usize| counts.iter().any(|(own, _)| own == *form);
        if let Some(form) = bends.keys().find(|form| !counted(form)) {
            return Err(Refusal::Slope(format!("`{}` of {text}", forms[*form].name)));
        }
        self.balanced(scene, proof, force)
    }

    /// Judges a proof where its value is reached: at the answer, or at its witness where later
    /// stages may give some of it up.
    fn somewhere(
        &self,
        aim: &Aim,
        proof: &'a StageProof,
        judged: impl Fn(&Self, &Scene<'a>) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        match (&aim.loss, &proof.witness) {
            (None, None) => judged(self, self.scene),
            (Some(_), Some(amounts)) => {
                let scene = Scene::new(self.plan, self.statement, amounts)?;
                scene.keeps(&self.kept)?;
                judged(self, &scene)
            }
            (Some(_), None) => Err(Refusal::Witness(aim.name.clone())),
            (None, Some(_)) => Err(Refusal::Unknown(format!("loss of stage `{}`", aim.name))),
        }
    }

    /// Whether the multipliers hold the slope of a stage on every column: what is left pushes each
    /// column against a bound that it stands at.
    fn balanced(
        &self,
        scene: &Scene<'a>,
        proof: &'a StageProof,
        mut force: Force<'a>,
    ) -> Result<(), Refusal> {
        let kept = (&self.kept, Within::Curves);
        scene.lean(&self.index, &proof.multipliers, kept, &mut force)?;
        let left = force.total(self.statement.columns.len());
        for (place, column) in self.statement.columns.iter().enumerate() {
            if !is_fixed(column) && !scene.point.may_lean(place, left.sign(place)) {
                return Err(self.unheld(stage_text(&proof.stage, proof.round), place));
            }
        }
        Ok(())
    }

    fn unheld(&self, at: String, column: usize) -> Refusal {
        Refusal::Unheld { at, of: self.statement.column_text(self.plan, column) }
    }

    /// Whether every cell stands where the multipliers pull it from its baseline, within its own
    /// bounds: `x = b + w * pull`, or beyond the bound that it stands at.
    fn calibration(
        &self,
        at: &str,
        multipliers: &'a Multipliers,
        within: Within,
    ) -> Result<(), Refusal> {
        let mut force = Force::default();
        self.scene.lean(&self.index, multipliers, (&self.kept, within), &mut force)?;
        let total = force.total(self.statement.columns.len());
        for (place, column) in self.statement.columns.iter().enumerate() {
            let decided = within == Within::Anything && place >= self.statement.cells;
            if is_fixed(column) || decided {
                continue;
            }
            // The force pulls downwards: above zero where b - w * force lies above x.
            let amount = &self.scene.point.amounts[place];
            let weight = -&column.weight;
            let beyond = if place < self.statement.cells {
                total.compare(place, &column.baseline, &weight, amount)
            } else {
                -total.sign(place)
            };
            if !self.scene.point.may_lean(place, -beyond) {
                return Err(self.unheld(at.into(), place));
            }
        }
        Ok(())
    }
}

/// What later stages may let an aim come to.
fn allowed(aim: &Aim, value: &Amount) -> Amount {
    match &aim.loss {
        Some(loss) => value + &(loss * &value.abs()),
        None => value.clone(),
    }
}

/// Whether a proof states the value that was found.
fn agrees(proof: &StageProof, found: &Amount) -> Result<(), Refusal> {
    if proof.value == *found {
        return Ok(());
    }
    Err(Refusal::Value {
        what: format!("the value of {}", stage_text(&proof.stage, proof.round)),
        stated: proof.value.to_string(),
        found: found.to_string(),
    })
}
