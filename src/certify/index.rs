//! Names to places.

use std::borrow::Cow;
use std::collections::HashMap;

use super::Refusal;
use super::statement::{Form, Goal, Name, Row, Statement, Term, inner_name};
use crate::plan::Sense;

/// Finds conditions, stages, terms and forms by their names.
pub(crate) struct Index<'a> {
    rows: HashMap<(&'a Name, Sense), usize>,
    sums: HashMap<&'a Name, usize>,
    aims: HashMap<&'a str, usize>,
}

/// The sides of a condition that have a bound.
pub(crate) fn sides(row: &Row) -> Vec<Sense> {
    match (&row.lower, &row.upper) {
        (Some(lower), Some(upper)) if lower == upper => vec![Sense::Equal],
        (lower, upper) => {
            let floor = lower.as_ref().map(|_| Sense::Floor);
            floor.into_iter().chain(upper.as_ref().map(|_| Sense::Ceiling)).collect()
        }
    }
}

impl<'a> Index<'a> {
    pub(crate) fn new(statement: &'a Statement) -> Self {
        let rows = statement.rows.iter().enumerate();
        let rows = rows.flat_map(|(place, row)| {
            sides(row).into_iter().map(move |side| ((&row.name, side), place))
        });
        let sums = statement.sums.iter().enumerate().map(|(place, sum)| (&sum.name, place));
        let aims = statement.aims.iter().enumerate().map(|(place, aim)| (&*aim.name, place));
        Self { rows: rows.collect(), sums: sums.collect(), aims: aims.collect() }
    }

    pub(crate) fn row(&self, name: &'a Name, side: Sense) -> Result<usize, Refusal> {
        let unknown = || Refusal::Unknown(format!("{name} {}", side.sign()));
        self.rows.get(&(name, side)).copied().ok_or_else(unknown)
    }

    pub(crate) fn sum(&self, name: &'a Name) -> Result<usize, Refusal> {
        self.sums.get(name).copied().ok_or_else(|| Refusal::Unknown(name.to_string()))
    }

    pub(crate) fn aim(&self, name: &str) -> Result<usize, Refusal> {
        self.aims.get(name).copied().ok_or_else(|| Refusal::Unknown(format!("stage `{name}`")))
    }
}

/// The place of each term by its name.
pub(crate) fn terms(terms: &[Term]) -> HashMap<&str, usize> {
    terms.iter().enumerate().map(|(place, term)| (&*term.name, place)).collect()
}

/// The place of a term among those of a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    /// A term of the sum.
    Of(usize),
    /// A term inside a term.
    Inside(usize, usize),
}

/// The place of each term by its name, and of those inside them.
pub(crate) fn places(terms: &[Term]) -> HashMap<Cow<'_, str>, Place> {
    let mut found = HashMap::with_capacity(terms.len());
    for (place, term) in terms.iter().enumerate() {
        found.insert(Cow::Borrowed(&*term.name), Place::Of(place));
        for (at, inner) in term.inner.iter().enumerate() {
            found.insert(Cow::Owned(inner_name(&term.name, inner)), Place::Inside(place, at));
        }
    }
    found
}

/// The form and the place in it of each term inside a form, by its name.
pub(crate) fn inner(forms: &[Form]) -> HashMap<String, (usize, usize)> {
    let mut found = HashMap::new();
    for (form, own) in forms.iter().enumerate() {
        for (at, inner) in own.inner.iter().enumerate() {
            found.insert(inner_name(&own.name, inner), (form, at));
        }
    }
    found
}

/// The place of each form by its name; none for a sum.
pub(crate) fn forms(goal: &Goal) -> HashMap<&str, usize> {
    let forms: &[Form] = match goal {
        Goal::Largest(forms) => forms,
        Goal::Sum(_) => &[],
    };
    forms.iter().enumerate().map(|(place, form)| (&*form.name, place)).collect()
}
