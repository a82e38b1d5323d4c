//! What a row or a bound of a face stands for, so that a multiplier on it can be told in terms of
//! the plan: the face is written over the cells, and a certificate over limits and stages.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::proof::Dual;
use crate::formulate::{Linear, Objective, Term, inside};
use crate::units::Amount;

/// A sum of curves: a convex row of the formulation, or a stage, by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Owner {
    Limit(usize),
    Stage(usize),
    /// What is inside a term of a stage: by the stage and the term.
    Term(usize, usize),
    /// What is inside a form of a largest-of stage: by the stage and the form.
    Form(usize, usize),
    /// Anything else inside another: certificates cannot tell of it.
    Nested,
}

/// What a row of a face, or a bound of one of its columns, stands for. Terms go by their places, those
/// inside others too (see [`inside`]).
#[derive(Debug, Clone)]
pub(crate) enum Tie {
    /// A term stands at a kink, or on one side of it.
    Kink(Owner, usize),
    /// A sum as the straight line that it is on the face: the slope of each term.
    Slope(Owner, Vec<(usize, Amount)>),
    /// A term that others are inside of stands at a kink, or on one side of it: with the slopes of its
    /// form there.
    Bent(Owner, Vec<(usize, Amount)>),
    /// A form of a largest-of stage, by stage and form.
    Form(usize, usize),
    /// A sum inside a term of another: certificates cannot tell of it.
    Untold,
}

/// What the rows and bounds of a face stand for; all others are those of the formulation.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ties {
    /// How many rows are the formulation's own.
    pub(crate) own: usize,
    /// The rows after those.
    pub(crate) rows: Vec<Tie>,
    /// Columns whose lower bound is a tie.
    pub(crate) lower: HashMap<usize, Tie>,
    /// Columns whose upper bound is a tie.
    pub(crate) upper: HashMap<usize, Tie>,
    /// The convex rows of the face.
    pub(crate) curved: Vec<Owner>,
}

/// Multipliers told in terms of the formulation and its stages.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    /// The formulation's own rows, above zero where the lower bound pushes up.
    pub(crate) rows: BTreeMap<usize, Amount>,
    /// For each sum its multiplier, and for its terms the slope times the multiplier.
    pub(crate) sums: BTreeMap<Owner, (Amount, BTreeMap<usize, Amount>)>,
    /// Forms of largest-of stages, by stage and form.
    pub(crate) forms: BTreeMap<(usize, usize), Amount>,
    /// The slopes of terms inside them, times the multiplier, by stage, form and term.
    pub(crate) inner: BTreeMap<(usize, usize, usize), Amount>,
    /// Something pushes that a certificate cannot tell of.
    pub(crate) untold: bool,
}

impl Told {
    fn sum(&mut self, owner: Owner) -> &mut (Amount, BTreeMap<usize, Amount>) {
        self.sums.entry(owner).or_default()
    }

    /// Adds to the multiplier of a sum. That of what is inside a term is the slope of the term.
    pub(crate) fn lean(&mut self, owner: Owner, by: &Amount) {
        match owner {
            Owner::Term(stage, term) => self.bend(Owner::Stage(stage), term, by),
            Owner::Form(stage, form) => *self.forms.entry((stage, form)).or_default() += by,
            Owner::Nested => self.untold |= !by.is_zero(),
            owner => self.sum(owner).0 += by,
        }
    }

    /// Adds to the slope of a term.
    pub(crate) fn bend(&mut self, owner: Owner, term: usize, by: &Amount) {
        if by.is_zero() {
            return;
        }
        match owner {
            Owner::Term(stage, own) => self.bend(Owner::Stage(stage), inside(own, term), by),
            Owner::Form(stage, form) => {
                *self.inner.entry((stage, form, term)).or_default() += by;
            }
            Owner::Nested => self.untold = true,
            owner => *self.sum(owner).1.entry(term).or_default() += by,
        }
    }

    /// How many convex limits it speaks of, at least: one more than the last of them.
    pub(crate) fn limits(&self) -> usize {
        let places = self.sums.keys().filter_map(|owner| match owner {
            Owner::Limit(place) => Some(place + 1),
            Owner::Stage(_) | Owner::Term(..) | Owner::Form(..) | Owner::Nested => None,
        });
        places.max().unwrap_or(0)
    }

    /// Adds the multiplier of what `tie` stands for: above zero where it pushes up.
    pub(crate) fn tie(&mut self, tie: &Tie, multiplier: &Amount) {
        let down = -multiplier;
        match tie {
            Tie::Kink(owner, term) => self.bend(*owner, *term, &down),
            Tie::Slope(owner, slopes) => {
                self.lean(*owner, &down);
                for (term, slope) in slopes {
                    self.bend(*owner, *term, &(&down * slope));
                }
            }
            Tie::Bent(owner, slopes) => {
                for (term, slope) in slopes {
                    self.bend(*owner, *term, &(&down * slope));
                }
            }
            Tie::Untold => self.untold = true,
            Tie::Form(stage, form) => {
                *self.forms.entry((*stage, *form)).or_default() += &down;
            }
        }
    }

    /// Adds `times` another.
    pub(crate) fn plus(&mut self, other: &Self, times: &Amount) {
        self.untold |= other.untold;
        for (row, multiplier) in &other.rows {
            *self.rows.entry(*row).or_default() += &(multiplier * times);
        }
        for (owner, (multiplier, slopes)) in &other.sums {
            self.lean(*owner, &(multiplier * times));
            for (term, slope) in slopes {
                self.bend(*owner, *term, &(slope * times));
            }
        }
        for (form, multiplier) in &other.forms {
            *self.forms.entry(*form).or_default() += &(multiplier * times);
        }
        for (term, slope) in &other.inner {
            *self.inner.entry(*term).or_default() += &(slope * times);
        }
    }
}

impl Ties {
    /// The ties of a formulation that no stage has narrowed.
    pub(crate) fn of(rows: usize, curved: usize) -> Self {
        Self { own: rows, curved: (0..curved).map(Owner::Limit).collect(), ..Self::default() }
    }

    /// Tells multipliers of the rows of the face, and of bounds of columns; auxiliary columns have
    /// no ties.
    pub(crate) fn tell(&self, rows: &[Amount], columns: &[Amount]) -> Told {
        let mut told = Told::default();
        for (place, multiplier) in rows.iter().enumerate().filter(|(_, own)| !own.is_zero()) {
            if place < self.own {
                told.rows.insert(place, multiplier.clone());
            } else if let Some(tie) = self.rows.get(place - self.own) {
                told.tie(tie, multiplier);
            }
        }
        for (place, multiplier) in columns.iter().enumerate().filter(|(_, own)| !own.is_zero()) {
            let side = if multiplier.is_positive() { &self.lower } else { &self.upper };
            if let Some(tie) = side.get(&place) {
                told.tie(tie, multiplier);
            }
        }
        told
    }
}

/// A dual of a stage told in terms of the plan.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// The stage.
    pub(crate) stage: usize,
    /// Its place among the rounds of a largest-of stage, from 1; 0 for a sum.
    pub(crate) round: usize,
    /// The forms that are in the round.
    pub(crate) forms: Vec<usize>,
    /// The value that no answer is below.
    pub(crate) value: Amount,
    /// What holds it up; the stage's own slopes, or the weights of its forms, are in it.
    pub(crate) told: Told,
    /// Amounts that reach the value, where later stages may give up some of it.
    pub(crate) witness: Option<Arc<[Amount]>>,
}

/// For each kink of a programme, in order: the sum that it is of, and the term of it. The terms of the
/// objective belong to `stage`, and its forms have their places there.
pub(crate) fn kinks(
    ties: &Ties,
    curved: &[crate::formulate::Curved],
    (stage, objective, places): (usize, &Objective, &[usize]),
) -> Vec<Option<(Owner, usize)>> {
    let mut found = Vec::new();
    for (owner, curved) in ties.curved.iter().zip(curved) {
        kinks_of(Some(*owner), &curved.terms, &mut found);
    }
    match objective {
        Objective::Sum(terms) => kinks_of(Some(Owner::Stage(stage)), terms, &mut found),
        Objective::Largest(forms) => {
            for (at, form) in forms.iter().enumerate() {
                let told = places.get(at).filter(|_| form.parts.is_empty());
                let owner = told.map(|place| Owner::Form(stage, *place));
                kinks_of(owner, &form.inner, &mut found);
            }
        }
    }
    found
}

/// The kinks of terms; those inside a term come before its own.
fn kinks_of(owner: Option<Owner>, terms: &[Term], found: &mut Vec<Option<(Owner, usize)>>) {
    let known = owner.filter(|own| *own != Owner::Nested);
    let mut add = |term: &Term, place: usize| {
        let slopes = term.curve.slopes();
        let bends = slopes.windows(2).filter(|pair| pair[0] != pair[1]).count();
        found.extend(std::iter::repeat_n(known.map(|own| (own, place)), bends));
    };
    for (place, term) in terms.iter().enumerate() {
        for (inner, own) in term.inner.iter().enumerate() {
            add(own, inside(place, inner));
        }
        add(term, place);
    }
}

/// Tells the dual of a stage over the face that `ties` describe.
pub(crate) fn told(
    ties: &Ties,
    curved: &[crate::formulate::Curved],
    (stage, objective, forms): (usize, &Objective, &[usize]),
    linear: &Linear,
    dual: &Dual,
) -> Told {
    let rows = ties.own + ties.rows.len();
    let mut told = ties.tell(&dual.rows[..rows], &dual.columns);
    let mut start = |owner: Owner, terms: &[Term], multiplier: &Amount| {
        told.lean(owner, multiplier);
        for (place, term) in terms.iter().enumerate() {
            let flat = &term.curve.slopes()[term.curve.base()];
            told.untold |= !term.inner.is_empty() && !flat.is_zero();
            told.bend(owner, place, &(multiplier * &term.curve.slopes()[term.curve.base()]));
        }
    };
    for ((owner, curved), row) in ties.curved.iter().zip(curved).zip(&linear.curved) {
        if !dual.rows[*row].is_zero() {
            start(*owner, &curved.terms, &-&dual.rows[*row]);
        }
    }
    if let Objective::Sum(terms) = objective {
        start(Owner::Stage(stage), terms, &Amount::ONE);
    }
    for (hinge, stand) in linear.hinges.iter().zip(kinks(ties, curved, (stage, objective, forms))) {
        let multiplier = &dual.rows[hinge.row];
        match stand {
            Some((owner, term)) => told.bend(owner, term, &-multiplier),
            None => told.untold |= !multiplier.is_zero(),
        }
    }
    for (row, form) in linear.largest.iter().zip(forms) {
        if !dual.rows[*row].is_zero() {
            *told.forms.entry((stage, *form)).or_default() += &-&dual.rows[*row];
        }
    }
    told
}
