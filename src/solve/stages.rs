//! Runs the linear stages one after the other, each on what the earlier ones leave optimal.

use super::Farkas;
use super::curved::{Cut, nearest_with_cuts};
use super::face::{alone, face, restrict, tighten};
use super::problem::ActiveSet;
use super::proof::{Dual, NoDual, exact, proximal};
use super::simplex::{Refusal, propose};
use crate::formulate::{
    Affine, Curved, Formulation, Linear, Objective, Origin, Part, Program, Row, StageForm, Term,
};
use crate::units::{Amount, Id};

/// One linear programme of a stage, solved and proven.
#[derive(Debug, Clone)]
pub struct Round {
    /// The stage.
    pub stage: Id,
    /// Its place among the rounds of the stage, from 1; 0 where the stage has one only.
    pub number: usize,
    /// The programme.
    pub model: Linear,
    /// Its optimum, exactly: what no feasible answer is below.
    pub bound: Amount,
}

/// What the stages leave.
pub(crate) struct Staged {
    /// The answers that are optimal for every stage.
    pub(crate) face: Program,
    /// The programmes that were solved.
    pub(crate) rounds: Vec<Round>,
    /// What each sum is worth at its optimum, and whether later stages may give up some of it.
    sums: Vec<(usize, Amount, bool)>,
    /// The forms of largest-of stages, with the value that each was settled at.
    settled: Vec<(Affine, Amount)>,
}

/// Why the stages leave nothing.
pub(crate) enum Trouble {
    /// The limits cannot hold together.
    Infeasible(Farkas, Vec<Cut>),
    /// The objective of a stage has no end.
    Unbounded(Id),
}

/// Solves the stages of `formulation`. With `sure`, no solver's proposal is used.
pub(crate) fn run(formulation: &Formulation, sure: bool) -> Result<Staged, Trouble> {
    let mut staged = Staged {
        face: formulation.program().clone(),
        rounds: Vec::new(),
        sums: Vec::new(),
        settled: Vec::new(),
    };
    for (place, stage) in formulation.stages().iter().enumerate() {
        match &stage.objective {
            Objective::Sum(_) => {
                let (model, dual) = solve(&staged.face, stage, &stage.objective, sure)?;
                staged.keep(place, stage, model, &dual);
            }
            Objective::Largest(forms) => staged.largest(stage, forms.clone(), sure)?,
        }
    }
    Ok(staged)
}

/// The programme of a stage, and an exact optimal dual of it.
fn solve(
    program: &Program,
    stage: &StageForm,
    objective: &Objective,
    sure: bool,
) -> Result<(Linear, Dual), Trouble> {
    let linear = Linear::new(program, objective);
    let proposal = if sure { Err(Refusal::Other) } else { propose(&linear) };
    if let Ok(proposal) = &proposal
        && let Some(dual) = exact(&linear, proposal)
    {
        return Ok((linear, dual));
    }
    let feasible = match nearest_with_cuts(program, &ActiveSet::default()) {
        Ok((found, _)) => found.amounts,
        Err((farkas, cuts)) => return Err(Trouble::Infeasible(farkas, cuts)),
    };
    if proposal.err() == Some(Refusal::Unbounded) {
        return Err(Trouble::Unbounded(stage.id.clone()));
    }
    let start = beside(&linear, feasible);
    match proximal(&linear, &start) {
        Ok(dual) => Ok((linear, dual)),
        Err(NoDual::Unbounded) => Err(Trouble::Unbounded(stage.id.clone())),
        Err(NoDual::Infeasible(farkas)) => Err(Trouble::Infeasible(farkas, Vec::new())),
    }
}

/// The amounts with zero for every auxiliary.
fn beside(linear: &Linear, mut amounts: Vec<Amount>) -> Vec<Amount> {
    amounts.resize(linear.columns.len(), Amount::ZERO);
    amounts
}

impl Staged {
    /// Keeps what a sum reached: all of it, or what its `loss` leaves.
    fn keep(&mut self, place: usize, stage: &StageForm, model: Linear, dual: &Dual) {
        let Objective::Sum(terms) = &stage.objective else { return };
        match &stage.loss {
            Some(loss) => {
                let origin = Origin::stage(&stage.id);
                let most = &dual.bound + &(loss * &dual.bound.abs());
                self.face.curved.push(Curved { origin, terms: terms.clone(), most });
            }
            None => self.face = face(&self.face, &model, dual),
        }
        self.sums.push((place, dual.bound.clone(), stage.loss.is_some()));
        self.rounds.push(Round {
            stage: stage.id.clone(),
            number: 0,
            model,
            bound: dual.bound.clone(),
        });
    }

    /// The largest form as small as it can be, then the next of those that are free to be smaller.
    fn largest(
        &mut self,
        stage: &StageForm,
        mut forms: Vec<Affine>,
        sure: bool,
    ) -> Result<(), Trouble> {
        let mut number = 0;
        while !forms.is_empty() {
            number += 1;
            let objective = Objective::Largest(forms.clone());
            let (model, dual) = solve(&self.face, stage, &objective, sure)?;
            let value = match &stage.loss {
                Some(loss) => &dual.bound + &(loss * &dual.bound.abs()),
                None => dual.bound.clone(),
            };
            let pushes = |place: usize| !dual.rows[model.largest[place]].is_zero();
            let done = dual.bound.is_zero() || !(0..forms.len()).any(pushes);
            let (settled, left): (Vec<_>, Vec<_>) =
                forms.into_iter().enumerate().partition(|(place, _)| done || pushes(*place));
            if stage.loss.is_none() {
                self.face = face(&self.face, &model, &dual);
            } else {
                for (_, form) in &settled {
                    let most = &value - &form.constant;
                    if form.inner.is_empty() {
                        restrict(&mut self.face, &form.parts, None, Some(most));
                    } else {
                        let (origin, terms) = (form.origin.clone(), form.terms());
                        self.face.curved.push(Curved { origin, terms, most });
                    }
                }
            }
            self.settled.extend(settled.into_iter().map(|(_, form)| (form, value.clone())));
            forms = left.into_iter().map(|(_, form)| form).collect();
            self.rounds.push(Round { stage: stage.id.clone(), number, model, bound: dual.bound });
        }
        Ok(())
    }

    /// Fixes the decisions as `formulation` does, and forgets the stages that it has forgotten.
    pub(crate) fn pin(&mut self, formulation: &Formulation) {
        let places = formulation.stages().len();
        let forgotten = self.sums.iter().filter(|(place, ..)| *place >= places).count();
        self.rounds.truncate(self.rounds.len() - forgotten);
        self.sums.retain(|(place, ..)| *place < places);
        let columns = self.face.columns.iter_mut().zip(&formulation.program().columns);
        for (own, pinned) in columns.skip(formulation.cells(&formulation.program().columns).len()) {
            own.clone_from(pinned);
        }
    }

    /// Whether `amounts` reach the optimum of every stage that keeps all of it.
    pub(crate) fn attained(&self, formulation: &Formulation, amounts: &[Amount]) -> bool {
        let sums = self.sums.iter().filter(|(_, _, lossy)| !lossy).all(|(place, bound, _)| {
            match &formulation.stages()[*place].objective {
                Objective::Sum(terms) => {
                    terms.iter().map(|term| term.value(amounts)).sum::<Amount>() == *bound
                }
                Objective::Largest(_) => true,
            }
        });
        sums && self.settled.iter().all(|(form, value)| form.value(amounts) <= *value)
    }

    /// The formulation with the stages as rows that hold at `amounts`: the calibration over it has
    /// the same answer, and its multipliers are what limits and stages add.
    pub(crate) fn explained(&self, formulation: &Formulation, amounts: &[Amount]) -> Formulation {
        let mut explained = formulation.clone();
        for curved in &formulation.program().curved {
            if curved.value(amounts) == curved.most {
                sum_rows(&mut explained, &curved.origin, &curved.terms, amounts);
            }
        }
        for (place, bound, loss) in &self.sums {
            let stage = &formulation.stages()[*place];
            let Objective::Sum(terms) = &stage.objective else { continue };
            let most = stage.loss.as_ref().map(|loss| bound + &(loss * &bound.abs()));
            let value = || terms.iter().map(|term| term.value(amounts)).sum::<Amount>();
            if !loss || most.is_some_and(|most| value() == most) {
                sum_rows(&mut explained, &Origin::stage(&stage.id), terms, amounts);
            }
        }
        for (form, value) in &self.settled {
            if !form.inner.is_empty() {
                if form.value(amounts) == *value {
                    sum_rows(&mut explained, &form.origin, &form.terms(), amounts);
                }
                continue;
            }
            let row = Row {
                own: form.parts.len(),
                parts: form.parts.clone(),
                lower: None,
                upper: Some(value - &form.constant),
            };
            explained.add(form.origin.clone(), row);
        }
        explained
    }
}

/// The slope of a sum at `amounts` as one row, and one row for each term that stands at a kink.
fn sum_rows(explained: &mut Formulation, of: &Origin, terms: &[Term], amounts: &[Amount]) {
    let mut parts: Vec<Part> = Vec::new();
    for term in terms {
        slope(explained, of, (term, &Amount::ONE), amounts, &mut parts);
    }
    if !parts.is_empty() {
        let level: Amount = parts.iter().map(|part| &part.coefficient * &part.total(amounts)).sum();
        let own = parts.len();
        let row = Row { parts, own, lower: None, upper: Some(level) };
        explained.add(of.clone(), row);
    }
}

/// Adds the slope of a term at `amounts`, times a factor, to `parts`, and its kink as a row.
fn slope(
    explained: &mut Formulation,
    of: &Origin,
    (term, factor): (&Term, &Amount),
    amounts: &[Amount],
    parts: &mut Vec<Part>,
) {
    let form = term.form(amounts);
    let (left, right) = term.curve.slopes_at(&form);
    let nearer = if left.abs() < right.abs() { left } else { right };
    let straddles = left.is_negative() && right.is_positive();
    let times = factor * nearer;
    if !straddles && !times.is_zero() {
        parts.extend(term.parts.iter().map(|part| part.times(&times)));
        for inner in &term.inner {
            slope(explained, of, (inner, &times), amounts, parts);
        }
    }
    if left == right {
        return;
    }
    let origin = term.origin.clone().unwrap_or_else(|| of.clone());
    if !term.inner.is_empty() {
        sum_rows(explained, &origin, &Term::sum(&term.parts, &term.inner), amounts);
        return;
    }
    let kink = Some(form);
    let (lower, upper) = match (straddles, nearer == left) {
        (true, _) => (kink.clone(), kink),
        (false, true) => (None, kink),
        (false, false) => (kink, None),
    };
    match alone(&term.parts) {
        Some(column) if term.origin.is_none() => {
            tighten(explained.column(column), lower, upper);
        }
        _ => {
            let own = term.parts.len();
            explained.add(origin, Row { parts: term.parts.clone(), own, lower, upper });
        }
    }
}
