//! Runs the linear stages one after the other, each on what the earlier ones leave optimal.

mod programme;
mod wish;

pub use programme::{Begin, least_in_floats};
pub(crate) use programme::{optimum, proposed};

use super::Farkas;
use super::curved::{Cut, crossed};
use super::face::{Stands, face, restrict};
use super::problem::{Known, Witness};
use super::proof::Dual;
use super::slopes::sum_rows;
use super::ties::{Owner, Step, Tie, Ties, Told, kinks, told};
use super::trust::{Pending, Source, Trust};
use crate::formulate::{
    Affine, Curved, Formulation, Linear, Near, Objective, Origin, Program, Row, StageForm,
};
use crate::units::{Amount, Id};
use programme::solve;

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
    /// What the rows and bounds of the face stand for.
    pub(crate) ties: Ties,
    /// The duals of the stages in terms of the plan, for the certificate.
    pub(crate) steps: Vec<Step>,
    /// What each sum is worth at its optimum, and whether later stages may give up some of it.
    sums: Vec<(usize, Amount, bool)>,
    /// The forms of largest-of stages, with the value that each was settled at, and their places.
    settled: Vec<(Affine, Amount, (usize, usize))>,
    /// What is known of each programme, to start another solve from.
    known: Vec<Known>,
    /// What still has to be shown to have amounts.
    pub(crate) pending: Vec<Pending>,
}

/// Why the stages leave nothing.
pub(crate) enum Trouble {
    /// The limits cannot hold together.
    Infeasible(Farkas, Vec<Cut>),
    /// The objective of a stage has no end.
    Unbounded(Id),
    /// What was known beforehand does not lead to an answer.
    Stale,
}

/// Says whether the stages after those that were solved are of no interest.
pub(crate) type Enough<'a> = &'a dyn Fn(&Staged) -> bool;

/// Solves the stages of `formulation`, one after the other, until they are `enough`.
pub(crate) fn run(
    formulation: &Formulation,
    trust: Trust<'_>,
    enough: Enough<'_>,
) -> Result<Staged, Trouble> {
    let mut staged = Staged {
        face: formulation.program().clone(),
        rounds: Vec::new(),
        ties: Ties::of(formulation.program().rows.len(), formulation.program().curved.len()),
        steps: Vec::new(),
        sums: Vec::new(),
        settled: Vec::new(),
        known: Vec::new(),
        pending: Vec::new(),
    };
    for (place, stage) in formulation.stages().iter().enumerate() {
        match &stage.objective {
            Objective::Sum(terms) if stage.wish && trust.grants(staged.known.len()) => {
                staged.grant(place, stage, terms);
            }
            Objective::Sum(_) => {
                let source = trust.at(staged.known.len());
                let (model, dual) = solve(&staged.face, stage, &stage.objective, source)?;
                staged.keep(place, stage, model, &dual, source);
            }
            Objective::Largest(forms) => staged.largest(place, stage, forms.clone(), trust)?,
        }
        // A later stage might make bounds meet again that cross: nothing is left by this one.
        if !matches!(trust, Trust::Nothing) && crossed(&staged.face).is_some() {
            return Err(Trouble::Stale);
        }
        if enough(&staged) {
            break;
        }
    }
    Ok(staged)
}

/// What is inside a form, which has its place in a stage: told where nothing else is in the form.
fn within(form: &Affine, (stage, place): (usize, usize)) -> Owner {
    if form.parts.is_empty() { Owner::Form(stage, place) } else { Owner::Nested }
}

impl Staged {
    /// Keeps what a sum reached: all of it, or what its `loss` leaves.
    fn keep(
        &mut self,
        place: usize,
        stage: &StageForm,
        model: Linear,
        dual: &Dual,
        source: Source<'_>,
    ) {
        let Objective::Sum(terms) = &stage.objective else { return };
        let of = (&stage.objective, &[][..], 0);
        let narrowed = self.narrowed(place, stage, of, (&model, dual), source);
        if let Some(loss) = &stage.loss {
            let origin = Origin::stage(&stage.id);
            let most = &dual.bound + &(loss * &dual.bound.abs());
            self.face.curved.push(Curved { origin, terms: terms.clone(), most });
            self.ties.curved.push(Owner::Stage(place));
        } else {
            (self.face, self.ties) = narrowed;
        }
        self.sums.push((place, dual.bound.clone(), stage.loss.is_some()));
        self.rounds.push(Round {
            stage: stage.id.clone(),
            number: 0,
            model,
            bound: dual.bound.clone(),
        });
    }

    /// What still has to be shown to have amounts, each with such amounts of an earlier solve where some are
    /// `known`.
    pub(crate) fn pending(&mut self, known: &[Known]) -> Vec<Pending> {
        let mut pending = std::mem::take(&mut self.pending);
        for own in pending.iter_mut().filter(|own| own.start.is_none()) {
            own.start = known.get(own.place).and_then(|known| known.witness.as_deref().cloned());
        }
        pending
    }

    /// Notes the amounts that were found on what was `pending`.
    pub(crate) fn witnessed(&mut self, pending: &[Pending], found: Vec<Option<Witness>>) {
        for (own, found) in pending.iter().zip(found) {
            let amounts = found.as_ref().map(|found| found.amounts.clone());
            self.known[own.place].witness = found.map(Box::new);
            self.steps[own.place].witness = amounts;
        }
    }

    /// The answers that are optimal for a programme of a stage; the dual is noted for the
    /// certificate. Amounts that reach its value are still to be found where the stage has a loss.
    fn narrowed(
        &mut self,
        place: usize,
        stage: &StageForm,
        (objective, forms, round): (&Objective, &[usize], usize),
        (model, dual): (&Linear, &Dual),
        source: Source<'_>,
    ) -> (Program, Ties) {
        let kinks = kinks(&self.ties, &self.face.curved, (place, objective, forms));
        let stands = Stands { kinks: &kinks, stage: place, forms };
        let mut ties = self.ties.clone();
        let narrow = face(&self.face, model, dual, &mut ties, &stands);
        if stage.loss.is_some() {
            let start = source.witness().cloned();
            let place = self.known.len();
            self.pending.push(Pending { place, face: narrow.clone(), start });
        }
        let (rows, basis) = (dual.pushes(), dual.basis.clone());
        self.known.push(Known { rows, basis, ..Known::default() });
        self.steps.push(Step {
            stage: place,
            round,
            forms: forms.to_vec(),
            value: dual.bound.clone(),
            told: told(&self.ties, &self.face.curved, (place, objective, forms), model, dual),
            witness: None,
        });
        (narrow, ties)
    }

    /// The largest form as small as it can be, then the next of those that are free to be smaller.
    fn largest(
        &mut self,
        place: usize,
        stage: &StageForm,
        mut forms: Vec<Affine>,
        trust: Trust<'_>,
    ) -> Result<(), Trouble> {
        let mut number = 0;
        let mut places: Vec<usize> = (0..forms.len()).collect();
        while !forms.is_empty() {
            number += 1;
            let objective = Objective::Largest(forms.clone());
            let source = trust.fresh();
            let (model, dual) = solve(&self.face, stage, &objective, source)?;
            let value = match &stage.loss {
                Some(loss) => &dual.bound + &(loss * &dual.bound.abs()),
                None => dual.bound.clone(),
            };
            let of = (&objective, &places[..], number);
            let narrowed = self.narrowed(place, stage, of, (&model, &dual), source);
            let pushes = |place: usize| !dual.rows[model.largest[place]].is_zero();
            let done = dual.bound.is_zero() || !(0..forms.len()).any(pushes);
            let (settled, left): (Vec<_>, Vec<_>) =
                forms.into_iter().enumerate().partition(|(place, _)| done || pushes(*place));
            if stage.loss.is_none() {
                (self.face, self.ties) = narrowed;
            } else {
                for (own, form) in &settled {
                    let most = &value - &form.constant;
                    if form.inner.is_empty() {
                        let tie = Tie::Form(place, places[*own]);
                        let bounds = (None, Some(most));
                        restrict(&mut self.face, &mut self.ties, &tie, &form.parts, bounds);
                    } else {
                        let (origin, terms) = (form.origin.clone(), form.terms());
                        self.face.curved.push(Curved { origin, terms, most });
                        self.ties.curved.push(within(form, (place, places[*own])));
                    }
                }
            }
            let known = |(own, form): (usize, Affine)| (form, value.clone(), (place, places[own]));
            self.settled.extend(settled.into_iter().map(known));
            (places, forms) = left.into_iter().map(|(own, form)| (places[own], form)).unzip();
            self.rounds.push(Round { stage: stage.id.clone(), number, model, bound: dual.bound });
        }
        Ok(())
    }

    /// What each of `stages` stages reached: one figure for a sum, and one for each form of a largest-of
    /// stage in the order in which they were settled, the largest first.
    pub(crate) fn value(&self, stages: usize) -> Vec<Vec<Amount>> {
        let mut value = vec![Vec::new(); stages];
        for (place, bound, _) in &self.sums {
            value[*place].push(bound.clone());
        }
        for (_, bound, (place, _)) in &self.settled {
            value[*place].push(bound.clone());
        }
        value
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

    /// Tells multipliers of the rows of the face in terms of the plan; supports of convex rows, which
    /// come after them, are left out.
    pub(crate) fn tell(&self, y: &[Amount]) -> Told {
        self.ties.tell(&y[..y.len().min(self.face.rows.len())], &[])
    }

    /// What is known of each programme, to start another solve from.
    pub(crate) fn known(&self) -> &[Known] {
        &self.known
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
        sums && self.settled.iter().all(|(form, value, _)| form.value(amounts) <= *value)
    }

    /// The formulation with the stages as rows that hold at `amounts`: the calibration over it has
    /// the same answer, and its multipliers are what limits and stages add. With it goes what the
    /// rows stand for.
    pub(crate) fn explained(
        &self,
        formulation: &Formulation,
        amounts: &[Amount],
    ) -> (Formulation, Ties) {
        let mut explained = formulation.clone();
        let mut ties = Ties::of(formulation.program().rows.len(), 0);
        let near = Near::new(amounts);
        for (place, curved) in formulation.program().curved.iter().enumerate() {
            if near.against(&curved.terms, &curved.most).is_eq() {
                let of = (Owner::Limit(place), &curved.origin);
                sum_rows(&mut explained, &mut ties, of, &curved.terms, &near);
            }
        }
        for (place, bound, loss) in &self.sums {
            let stage = &formulation.stages()[*place];
            let Objective::Sum(terms) = &stage.objective else { continue };
            let most = stage.loss.as_ref().map(|loss| bound + &(loss * &bound.abs()));
            if !loss || most.is_some_and(|most| near.against(terms, &most).is_eq()) {
                let of = (Owner::Stage(*place), &Origin::stage(&stage.id));
                sum_rows(&mut explained, &mut ties, of, terms, &near);
            }
        }
        for (form, value, (stage, place)) in &self.settled {
            if !form.inner.is_empty() {
                if form.value(amounts) == *value {
                    let of = (within(form, (*stage, *place)), &form.origin);
                    sum_rows(&mut explained, &mut ties, of, &form.terms(), &near);
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
            ties.rows.push(Tie::Form(*stage, *place));
        }
        (explained, ties)
    }
}
