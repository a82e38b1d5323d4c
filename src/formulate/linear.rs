//! A linear stage as a linear programme, exact, with the way back from its rows and columns.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Curved, Origin, Parts, Program, Row, Term, Terms};
use crate::units::Amount;

/// What a linear stage makes as small as it can.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Objective {
    /// The sum of convex terms.
    Sum(Arc<[Term]>),
    /// The largest of several forms, at least zero: the next largest is a stage of its own.
    Largest(Vec<Affine>),
}

/// A form with a constant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Affine {
    /// The linear form.
    pub parts: Parts,
    /// Convex terms that are added to it.
    pub inner: Vec<Term>,
    /// What is added to it.
    pub constant: Amount,
    /// What it stands for.
    pub origin: Origin,
}

/// A linear programme: minimise `constant + sum cost * column` within bounds and rows.
///
/// The first columns and rows are those of the calibration programme; auxiliaries follow. The form
/// is compact: a term has one row and one column for each kink, and none for its straight pieces.
#[derive(Debug, Clone, Default)]
pub struct Linear {
    /// The columns.
    pub columns: Vec<LinearColumn>,
    /// The rows.
    pub rows: Vec<LinearRow>,
    /// What the objective adds to the columns' cost.
    pub constant: Amount,
    /// The kinks of the terms.
    pub hinges: Vec<Hinge>,
    /// For each convex row of the programme, its row.
    pub curved: Vec<usize>,
    /// For each form of a largest-of objective, its row; empty for a sum.
    pub largest: Vec<usize>,
    /// The rows of forms that have convex terms of their own: what such a row says where what it
    /// measures is zero.
    pub bent: BTreeMap<usize, Curved>,
    /// Columns that are all or nothing: zero, or this amount.
    pub whole: BTreeMap<usize, Amount>,
}

/// One unknown of a linear programme.
#[derive(Debug, Clone)]
pub struct LinearColumn {
    /// Its cost.
    pub cost: Amount,
    /// The least it may be, if bounded below.
    pub lower: Option<Amount>,
    /// The most it may be, if bounded above.
    pub upper: Option<Amount>,
    /// An amount near which it is expected to stand.
    pub near: Amount,
}

/// One row of a linear programme.
#[derive(Debug, Clone)]
pub struct LinearRow {
    /// Columns, ascending, with their coefficients.
    pub terms: Terms,
    /// The least it may be, if bounded below.
    pub lower: Option<Amount>,
    /// The most it may be, if bounded above.
    pub upper: Option<Amount>,
}

/// Where the curve of a term bends: the column is at least how far the form lies beyond the kink.
#[derive(Debug, Clone)]
pub struct Hinge {
    /// The row that ties the form to the column.
    pub row: usize,
    /// The column, at least zero.
    pub column: usize,
    /// The linear form of the term.
    pub parts: Parts,
    /// The kink.
    pub kink: Amount,
    /// Whether the column measures what lies above the kink, and not below it.
    pub above: bool,
    /// By how much the slope of the term changes beyond the kink, away from the flattest piece.
    pub bend: Amount,
    /// The soft limit that the term is the miss of.
    pub origin: Option<Origin>,
}

impl Linear {
    /// Writes `objective` over the columns and rows of `program`.
    pub fn new(program: &Program, objective: &Objective) -> Self {
        let bends = kinks(program, objective);
        let mut linear = Self {
            columns: Vec::with_capacity(program.columns.len() + bends + 1),
            rows: Vec::with_capacity(program.rows.len() + program.curved.len() + bends),
            ..Self::default()
        };
        linear.columns.extend(program.columns.iter().map(|column| LinearColumn {
            cost: Amount::ZERO,
            lower: column.lower.clone(),
            upper: column.upper.clone(),
            near: column.baseline.clone(),
        }));
        linear.rows.extend(program.rows.iter().map(LinearRow::of));
        for curved in &program.curved {
            let (costs, constant) = linear.sum(&curved.terms);
            linear.curved.push(linear.rows.len());
            let upper = Some(&curved.most - &constant);
            linear.rows.push(LinearRow { terms: sparse(costs).into(), lower: None, upper });
        }
        match objective {
            Objective::Sum(terms) => {
                let (costs, constant) = linear.sum(terms);
                for (column, cost) in costs.into_iter().enumerate() {
                    linear.columns[column].cost = cost;
                }
                linear.constant = constant;
            }
            Objective::Largest(forms) => linear.largest_of(forms),
        }
        linear
    }

    /// Adds the kinks of terms; gives the coefficient of each column in their sum, and a constant.
    fn sum(&mut self, terms: &[Term]) -> (Vec<Amount>, Amount) {
        let kinks = kinks_of(terms);
        self.columns.reserve(kinks);
        self.rows.reserve(kinks);
        self.hinges.reserve(kinks);
        let mut costs = Vec::with_capacity(self.columns.len() + kinks);
        costs.resize(self.columns.len(), Amount::ZERO);
        let mut constant = Amount::ZERO;
        for term in terms {
            self.term(term, &mut costs, &mut constant);
        }
        (costs, constant)
    }

    /// Adds the kinks of a term; its straight part goes to `costs` and `constant`.
    fn term(&mut self, term: &Term, costs: &mut Vec<Amount>, constant: &mut Amount) {
        let (kinks, slopes) = (term.curve.kinks(), term.curve.slopes());
        let base = term.curve.base();
        *constant += term.curve.rest(base);
        let (form, own) = self.form(&term.parts, &term.inner);
        costs.resize(self.columns.len(), Amount::ZERO);
        if !slopes[base].is_zero() {
            *constant += &(&slopes[base] * &own);
            for (column, value) in &*form {
                costs[*column] += &(&slopes[base] * value);
            }
        }
        for (place, kink) in kinks.iter().enumerate() {
            let bend = &slopes[place + 1] - &slopes[place];
            if bend.is_zero() {
                continue;
            }
            let above = place >= base;
            let column = self.auxiliary();
            costs.resize(self.columns.len(), Amount::ZERO);
            costs[column] = bend.clone();
            let own_term = (column, Amount::whole(if above { -1 } else { 1 }));
            let terms = form.iter().cloned().chain([own_term]).collect();
            let mut row = LinearRow { terms, lower: None, upper: None };
            let side = if above { &mut row.upper } else { &mut row.lower };
            *side = Some(kink - &own);
            self.bend(&term.parts, &term.inner, term.origin.as_ref(), kink.clone());
            self.hinges.push(Hinge {
                row: self.rows.len(),
                column,
                parts: term.parts.clone(),
                kink: kink.clone(),
                above,
                bend: if above { bend } else { -bend },
                origin: term.origin.clone(),
            });
            self.rows.push(row);
        }
    }

    /// The coefficients of a form, with the kinks of its convex terms added, and its constant.
    fn form(&mut self, parts: &Parts, inner: &[Term]) -> (Terms, Amount) {
        if inner.is_empty() {
            return (parts.terms().clone(), Amount::ZERO);
        }
        let (costs, constant) = self.sum(&Term::sum(parts, inner));
        (sparse(costs).into(), constant)
    }

    /// Notes that the next row is that of a form with convex terms.
    fn bend(&mut self, parts: &Parts, inner: &[Term], origin: Option<&Origin>, most: Amount) {
        if !inner.is_empty() {
            let origin = origin.cloned().unwrap_or_else(|| Origin::stage(&"stage".into()));
            let curved = Curved { origin, terms: Term::sum(parts, inner), most };
            self.bent.insert(self.rows.len(), curved);
        }
    }

    fn largest_of(&mut self, forms: &[Affine]) {
        let column = self.auxiliary();
        self.columns[column].cost = Amount::ONE;
        for form in forms {
            let (known, own) = self.form(&form.parts, &form.inner);
            let mut terms: Vec<(usize, Amount)> = known.to_vec();
            terms.push((column, Amount::whole(-1)));
            terms.sort_by_key(|(column, _)| *column);
            self.bend(&form.parts, &form.inner, Some(&form.origin), -&form.constant);
            self.largest.push(self.rows.len());
            let upper = Some(-(&form.constant + &own));
            self.rows.push(LinearRow { terms: terms.into(), lower: None, upper });
        }
    }

    fn auxiliary(&mut self) -> usize {
        self.columns.push(LinearColumn {
            cost: Amount::ZERO,
            lower: Some(Amount::ZERO),
            upper: None,
            near: Amount::ZERO,
        });
        self.columns.len() - 1
    }
}

impl Affine {
    /// The value of the form at `amounts`, one a column.
    pub fn value(&self, amounts: &[Amount]) -> Amount {
        &self.constant + &self.terms().iter().map(|term| term.value(amounts)).sum()
    }

    /// The form without its constant, as convex terms.
    pub fn terms(&self) -> Arc<[Term]> {
        Term::sum(&self.parts, &self.inner)
    }
}

impl LinearRow {
    fn of(row: &Row) -> Self {
        let (lower, upper) = (row.lower.clone(), row.upper.clone());
        Self { terms: row.parts.terms().clone(), lower, upper }
    }
}

/// How many kinks some terms have, but for those inside them.
fn kinks_of(terms: &[Term]) -> usize {
    terms.iter().map(|term| term.curve.kinks().len()).sum()
}

/// About how many kinks an objective and the convex rows of a programme have.
fn kinks(program: &Program, objective: &Objective) -> usize {
    let curved: usize = program.curved.iter().map(|curved| kinks_of(&curved.terms)).sum();
    curved
        + match objective {
            Objective::Sum(terms) => kinks_of(terms),
            Objective::Largest(forms) => forms.len(),
        }
}

fn sparse(costs: Vec<Amount>) -> Vec<(usize, Amount)> {
    costs.into_iter().enumerate().filter(|(_, cost)| !cost.is_zero()).collect()
}
