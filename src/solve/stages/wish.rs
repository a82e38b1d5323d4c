//! The wish of an open decision to stand where it would rather, without a solver.

use super::super::face::{alone, meet, tighten};
use super::super::problem::Known;
use super::super::ties::{Owner, Step, Tie, Told};
use super::{Round, Staged};
use crate::formulate::{Linear, StageForm, Term};
use crate::units::Amount;

impl Staged {
    /// Grants the wish of a decision as far as its own bounds let it: nothing else pushes. That it
    /// can stand there is shown by amounts on the face.
    pub(super) fn grant(&mut self, place: usize, stage: &StageForm, terms: &[Term]) {
        let owner = Owner::Stage(place);
        let (mut told, mut value) = (Told::default(), Amount::ZERO);
        told.lean(owner, &Amount::ONE);
        for term in terms {
            let (Some(column), Some(wish)) = (alone(&term.parts), term.curve.kinks().first())
            else {
                continue;
            };
            let own = &mut self.face.columns[column];
            let (below, above) = (own.lower.as_ref(), own.upper.as_ref());
            let at = [below.filter(|least| *least > wish), above.filter(|most| *most < wish)];
            let Some(at) = at.into_iter().flatten().next() else {
                let (of, at) = ((column, &Tie::Kink(owner, 0)), Some(wish.clone()));
                tighten(own, &mut self.ties, of, (at.clone(), at));
                continue;
            };
            value = (at - wish).abs();
            let slope = Amount::whole(if at < wish { -1 } else { 1 });
            told.bend(owner, 0, &slope);
            let tie = if at < wish { &self.ties.upper } else { &self.ties.lower };
            if let Some(tie) = tie.get(&column) {
                told.tie(tie, &slope);
            }
            meet(own, &mut self.ties, (column, &slope));
        }
        self.known.push(Known::default());
        let (forms, witness, reached) = (Vec::new(), None, value.clone());
        self.steps.push(Step { stage: place, round: 0, value: reached, told, witness, forms });
        self.sums.push((place, value.clone(), false));
        let (stage, model) = (stage.id.clone(), Linear::default());
        self.rounds.push(Round { stage, number: 0, model, bound: value });
    }
}
