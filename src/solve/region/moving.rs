//! The programmes of the stages while right sides move.

use super::face::Face;
use super::line::Line;
use crate::formulate::{Formulation, Program};
use crate::plan::Form;
use crate::solve::ActiveSet;
use crate::solve::curved::nearest_with_cuts;
use crate::solve::problem::Known;
use crate::solve::stages::{Staged, run};
use crate::solve::trust::{Pending, Trust};
use crate::units::{Amount, Id};

/// The stages at the base, and with one more of each input, all by the same multipliers.
pub(super) struct Moving {
    base: Staged,
    moved: Vec<Staged>,
}

impl Moving {
    /// `None` where the inputs change more than right sides.
    pub(super) fn new(own: &Formulation, moved: &[Formulation], known: &[Known]) -> Option<Self> {
        let alike = |other: &Formulation| {
            other.stages() == own.stages() && alike(own.program(), other.program())
        };
        if !moved.iter().all(alike) {
            return None;
        }
        let staged = |form: &Formulation| run(form, Trust::Given(known), &|_| false).ok();
        let base = staged(own)?;
        let moved: Vec<Staged> = moved.iter().map(staged).collect::<Option<_>>()?;
        let same =
            |other: &Staged| alike_all(&base, other) && other.rounds.len() == base.rounds.len();
        moved.iter().all(same).then_some(Self { base, moved })
    }

    /// The programmes that are left: that of the amounts, then one for each stage whose value some
    /// amounts have to reach, with its place.
    /// `turns` are forms of the amounts that keep their signs.
    pub(super) fn faces(&self, turns: Vec<(Form, Amount)>) -> Option<(Vec<Face>, Vec<usize>)> {
        let moved: Vec<&Program> = self.moved.iter().map(|staged| &staged.face).collect();
        let mut faces = vec![Face::new(&self.base.face, &moved, turns)?];
        for (place, own) in self.base.pending.iter().enumerate() {
            let moved: Vec<&Program> =
                self.moved.iter().map(|staged| &staged.pending[place].face).collect();
            faces.push(Face::new(&own.face, &moved, Vec::new())?);
        }
        Some((faces, self.base.pending.iter().map(|own| own.place).collect()))
    }

    /// What amounts lean on that reach the value of each stage that later ones may move.
    pub(super) fn witnesses(&self) -> Option<Vec<ActiveSet>> {
        let own = |own: &Pending| {
            let start =
                own.start.as_ref().map_or_else(ActiveSet::default, |own| own.active.clone());
            Some(nearest_with_cuts(&own.face, &start).ok()?.0.active)
        };
        self.base.pending.iter().map(own).collect()
    }

    /// The stage of each linear programme.
    pub(super) fn stages(&self) -> impl Iterator<Item = Id> {
        self.base.rounds.iter().map(|round| round.stage.clone())
    }

    /// What each linear programme reaches.
    pub(super) fn values(&self) -> Vec<Line> {
        let line = |place: usize| {
            let own = &self.base.rounds[place].bound;
            let rates = self.moved.iter().map(|staged| &staged.rounds[place].bound - own).collect();
            Line::new(own.clone(), rates)
        };
        (0..self.base.rounds.len()).map(line).collect()
    }
}

/// Whether two programmes differ in the bounds of their rows only.
fn alike(own: &Program, other: &Program) -> bool {
    let bounded = |a: &Option<Amount>, b: &Option<Amount>| a.is_some() == b.is_some();
    let rows = own.rows.len() == other.rows.len()
        && own.rows.iter().zip(&other.rows).all(|(a, b)| {
            a.parts == b.parts
                && bounded(&a.lower, &b.lower)
                && bounded(&a.upper, &b.upper)
                && (a.lower == a.upper) == (b.lower == b.upper)
        });
    let curved = own.curved.len() == other.curved.len()
        && own.curved.iter().zip(&other.curved).all(|(a, b)| a.terms == b.terms);
    rows && curved && own.columns == other.columns
}

fn alike_all(own: &Staged, other: &Staged) -> bool {
    let witnessed = own.pending.len() == other.pending.len()
        && own.pending.iter().zip(&other.pending).all(|(a, b)| alike(&a.face, &b.face));
    alike(&own.face, &other.face) && witnessed
}
