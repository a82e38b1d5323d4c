//! How hard each rule presses on an answer, stage by stage: what is worth a price first.

use std::collections::HashMap;

use super::stages::Staged;
use super::ties::{Owner, Told};
use crate::formulate::{Formulation, Objective, Origin, Term};
use crate::plan::ReadingKind;
use crate::units::{Amount, Id};

/// A rule by its kind, its id, and the members of `each`, joined by `/`.
type Rule = (ReadingKind, Id, String);

/// How hard each rule presses, without signs: at each programme of the linear stages in order, and at
/// the calibration last.
#[derive(Debug, Clone, Default)]
pub struct Presses {
    of: HashMap<Rule, Vec<Amount>>,
    /// How many figures each list has.
    count: usize,
}

impl Presses {
    /// Reads them from what holds the stages, and the calibration with multipliers `y`.
    pub(super) fn new(formulation: &Formulation, staged: &Staged, y: &[Amount]) -> Self {
        let count = staged.steps.len() + 1;
        let mut found = Self { of: HashMap::new(), count };
        for (place, step) in staged.steps.iter().enumerate() {
            found.add(formulation, &step.told, place);
        }
        found.add(formulation, &staged.tell(y), count - 1);
        found
    }

    /// How hard a rule presses, in order; nothing where it does not press at all.
    pub fn of(&self, kind: ReadingKind, id: &Id, member: &str) -> Option<&[Amount]> {
        self.of.get(&(kind, id.clone(), member.to_string())).map(Vec::as_slice)
    }

    /// Whether a rule presses on some linear stage.
    pub(super) fn on_stages(&self, kind: ReadingKind, id: &Id) -> bool {
        let own = self.of.iter().filter(|(rule, _)| rule.0 == kind && rule.1 == *id);
        own.flat_map(|(_, by)| &by[..self.count - 1]).any(|by| !by.is_zero())
    }

    fn press(&mut self, origin: &Origin, at: usize, by: &Amount) {
        if by.is_zero() {
            return;
        }
        let rule = (origin.kind, origin.id.clone(), origin.member.clone());
        let own = self.of.entry(rule).or_insert_with(|| vec![Amount::ZERO; self.count]);
        own[at] += &by.abs();
    }

    fn add(&mut self, formulation: &Formulation, told: &Told, at: usize) {
        for (row, by) in &told.rows {
            self.press(&formulation.origins()[*row], at, by);
        }
        for (owner, (multiplier, slopes)) in &told.sums {
            match owner {
                Owner::Limit(place) => {
                    self.press(&formulation.program().curved[*place].origin, at, multiplier);
                }
                Owner::Stage(place) => {
                    let terms: &[Term] = match &formulation.stages().get(*place) {
                        Some(stage) => match &stage.objective {
                            Objective::Sum(terms) => terms,
                            Objective::Largest(_) => &[],
                        },
                        None => &[],
                    };
                    for (term, by) in slopes {
                        if let Some(origin) = terms.get(*term).and_then(|t| t.origin.as_ref()) {
                            self.press(origin, at, by);
                        }
                    }
                }
                Owner::Term(..) | Owner::Form(..) | Owner::Nested => {}
            }
        }
        for ((stage, form), by) in &told.forms {
            if let Some(stage) = formulation.stages().get(*stage)
                && let Objective::Largest(forms) = &stage.objective
            {
                self.press(&forms[*form].origin, at, by);
            }
        }
    }
}
