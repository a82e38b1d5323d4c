//! Makes multipliers over a face ones over the plan: a condition that an earlier stage made an
//! equality may push the wrong way, and enough of that stage's own proof is added to it.

use std::collections::BTreeMap;

use super::ties::{Owner, Told};
use crate::certify::{
    Force, Form, Goal, Near, Pushes, Statement, Term, flattest, inner_name, value,
};
use crate::formulate::{apart, inside};
use crate::units::Amount;

/// Multipliers that are the proof of a stage, with what they push on every column.
pub(crate) struct Lifted {
    pub(crate) told: Told,
    pushes: Pushes,
}

/// The terms of a sum by its owner.
pub(crate) fn terms(statement: &Statement, owner: Owner) -> &[Term] {
    match owner {
        Owner::Limit(place) => &statement.sums[place].terms,
        Owner::Stage(place) => match &statement.aims[place].goal {
            Goal::Sum(terms) => terms,
            Goal::Largest(_) => &[],
        },
        Owner::Term(..) | Owner::Form(..) | Owner::Nested => &[],
    }
}

/// A term by its place, those inside others too.
fn term_at(terms: &[Term], place: usize) -> &Term {
    match apart(place) {
        (term, None) => &terms[term],
        (term, Some(inner)) => &terms[term].inner[inner],
    }
}

fn forms(statement: &Statement, stage: usize) -> &[Form] {
    match &statement.aims[stage].goal {
        Goal::Largest(forms) => forms,
        Goal::Sum(_) => &[],
    }
}

/// What multipliers push with on every column, as a pull towards lower amounts.
pub(crate) fn pushes(statement: &Statement, told: &Told) -> Pushes {
    let mut force = Force::default();
    for (row, multiplier) in &told.rows {
        force.parts(&-multiplier, &statement.rows[*row].parts);
    }
    for (owner, (_, slopes)) in &told.sums {
        let terms = terms(statement, *owner);
        for (term, slope) in slopes {
            force.parts(slope, &term_at(terms, *term).parts);
        }
    }
    for ((stage, form), multiplier) in &told.forms {
        force.parts(multiplier, &forms(statement, *stage)[*form].parts);
    }
    for ((stage, form, term), slope) in &told.inner {
        force.parts(slope, &forms(statement, *stage)[*form].inner[*term].parts);
    }
    force.total(statement.columns.len())
}

/// Something that may not be below zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Need {
    /// The multiplier of a row: it may lean on its lower bound only.
    Up(usize),
    /// The multiplier of a row, negated.
    Down(usize),
    Sum(Owner),
    /// The slope of a term above its least.
    Left(Owner, usize),
    /// The slope of a term below its greatest.
    Right(Owner, usize),
    Form(usize, usize),
    /// The slope of a term inside a form, above its least where false, below its greatest where true.
    Inner(usize, usize, usize, bool),
    /// What pushes a column, with the sign that it may have.
    Column(usize, bool),
}

/// A point at which multipliers are lifted.
pub(crate) struct Lifter<'a> {
    pub(crate) statement: &'a Statement,
    pub(crate) amounts: &'a [Amount],
    /// The slopes left and right of each term of a sum where it stands, by itself.
    slopes: BTreeMap<(Owner, usize), (Amount, Amount)>,
}

impl<'a> Lifter<'a> {
    pub(crate) fn new(statement: &'a Statement, amounts: &'a [Amount]) -> Self {
        let near = Near::new(amounts);
        let limits = (0..statement.sums.len()).map(Owner::Limit);
        let owners = limits.chain((0..statement.aims.len()).map(Owner::Stage));
        let mut slopes = BTreeMap::new();
        for owner in owners {
            for (place, term) in terms(statement, owner).iter().enumerate() {
                slopes.insert((owner, place), term.slopes(&near));
                for (inner, term) in term.inner.iter().enumerate() {
                    slopes.insert((owner, inside(place, inner)), term.slopes(&near));
                }
            }
        }
        for stage in 0..statement.aims.len() {
            for (form, own) in forms(statement, stage).iter().enumerate() {
                for (place, term) in own.inner.iter().enumerate() {
                    slopes.insert((Owner::Form(stage, form), place), term.slopes(&near));
                }
            }
        }
        Self { statement, amounts, slopes }
    }

    /// The flattest slope of a term where it stands, by itself.
    fn flattest(&self, owner: Owner, term: usize) -> Amount {
        let (left, right) = &self.slopes[&(owner, term)];
        flattest((left, right))
    }

    /// What the slopes of the terms inside a form add to its multiplier times their flattest; they are
    /// taken out of `rest`.
    pub(crate) fn inside_form(
        &self,
        form: &Form,
        (place, weight): ((usize, usize), &Amount),
        rest: &mut Told,
    ) -> Vec<(String, Amount)> {
        let mut found = Vec::new();
        for (at, inner) in form.inner.iter().enumerate() {
            let own = rest.inner.remove(&(place.0, place.1, at)).unwrap_or_default();
            let flattest = self.flattest(Owner::Form(place.0, place.1), at);
            let more = &own - &(weight * &flattest);
            if !more.is_zero() {
                found.push((inner_name(&form.name, inner), more));
            }
        }
        found
    }

    /// What the slopes of a sum add to its multiplier times the flattest slope of each term; of a term
    /// inside another, to the slope of that one times its own flattest.
    pub(crate) fn bends(
        &self,
        owner: Owner,
        (multiplier, slopes): &(Amount, BTreeMap<usize, Amount>),
    ) -> Vec<(String, Amount)> {
        let own = |place: usize| slopes.get(&place).cloned().unwrap_or_default();
        let more = |times: &Amount, place: usize| {
            let more = &own(place) - &(times * &self.flattest(owner, place));
            (!more.is_zero()).then_some(more)
        };
        let mut found = Vec::new();
        for (place, term) in terms(self.statement, owner).iter().enumerate() {
            found.extend(more(multiplier, place).map(|more| (term.name.clone(), more)));
            let times = own(place);
            for (at, inner) in term.inner.iter().enumerate() {
                let more = more(&times, inside(place, at));
                found.extend(more.map(|more| (inner_name(&term.name, inner), more)));
            }
        }
        found
    }

    /// Adds proofs of earlier stages to `told` until nothing pushes the wrong way that they can
    /// mend. `start` is where a column is pulled from, where it is pulled from anywhere.
    pub(crate) fn mend(
        &self,
        told: &mut Told,
        earlier: &[Lifted],
        start: &dyn Fn(usize) -> Amount,
    ) {
        if earlier.is_empty() {
            return;
        }
        let mut own = pushes(self.statement, told);
        for lifted in earlier.iter().rev() {
            let mut times = Amount::ZERO;
            let on = |column| &own.on(column) + &start(column);
            for need in self.needs(told, &on) {
                let missing = -self.quantity(need, told, &on);
                let gain = self.quantity(need, &lifted.told, &|column| lifted.pushes.on(column));
                if missing.is_positive() && gain.is_positive() {
                    times = times.max(Amount::from(missing.ceil_over(&gain)));
                }
            }
            if times.is_positive() {
                told.plus(&lifted.told, &times);
                own = pushes(self.statement, told);
            }
        }
    }

    /// A proof that later stages may add.
    pub(crate) fn lifted(&self, told: Told) -> Lifted {
        Lifted { pushes: pushes(self.statement, &told), told }
    }

    /// All that is below zero and may not be.
    fn needs(&self, told: &Told, pushes: &dyn Fn(usize) -> Amount) -> Vec<Need> {
        let mut needs = Vec::new();
        for (place, multiplier) in &told.rows {
            let row = &self.statement.rows[*place];
            if multiplier.is_zero() || (row.lower.is_some() && row.lower == row.upper) {
                continue;
            }
            let level = value(&row.parts, self.amounts);
            let lower = row.lower.as_ref() == Some(&level);
            needs.push(if lower { Need::Up(*place) } else { Need::Down(*place) });
        }
        for (owner, (_, slopes)) in &told.sums {
            needs.push(Need::Sum(*owner));
            for term in slopes.keys() {
                needs.extend([Need::Left(*owner, *term), Need::Right(*owner, *term)]);
            }
        }
        needs.extend(told.forms.keys().map(|(stage, form)| Need::Form(*stage, *form)));
        for (stage, form, term) in told.inner.keys() {
            needs.extend([false, true].map(|right| Need::Inner(*stage, *form, *term, right)));
        }
        for (place, column) in self.statement.columns.iter().enumerate() {
            if column.lower.is_some() && column.lower == column.upper {
                continue;
            }
            let amount = Some(&self.amounts[place]);
            match (column.lower.as_ref() == amount, column.upper.as_ref() == amount) {
                (true, false) => needs.push(Need::Column(place, true)),
                (false, true) => needs.push(Need::Column(place, false)),
                _ => {}
            }
        }
        needs.retain(|need| self.quantity(*need, told, pushes).is_negative());
        needs
    }

    fn quantity(&self, need: Need, told: &Told, pushes: &dyn Fn(usize) -> Amount) -> Amount {
        let row = |place| told.rows.get(&place).cloned().unwrap_or_default();
        let sum = |owner| told.sums.get(&owner).map(|(own, _)| own.clone()).unwrap_or_default();
        let slope = |owner, term| {
            let own = told.sums.get(&owner).and_then(|(_, slopes)| slopes.get(&term));
            own.cloned().unwrap_or_default()
        };
        // A term inside another is counted as often as that one slopes.
        let times = |owner, term| match apart(term) {
            (_, None) => sum(owner),
            (outer, Some(_)) => slope(owner, outer),
        };
        match need {
            Need::Up(place) => row(place),
            Need::Down(place) => -row(place),
            Need::Sum(owner) => sum(owner),
            Need::Left(owner, term) => {
                &slope(owner, term) - &(&times(owner, term) * &self.slopes[&(owner, term)].0)
            }
            Need::Right(owner, term) => {
                &(&times(owner, term) * &self.slopes[&(owner, term)].1) - &slope(owner, term)
            }
            Need::Form(stage, form) => told.forms.get(&(stage, form)).cloned().unwrap_or_default(),
            Need::Inner(stage, form, term, right) => {
                let own = told.inner.get(&(stage, form, term)).cloned().unwrap_or_default();
                let times = told.forms.get(&(stage, form)).cloned().unwrap_or_default();
                let (least, most) = &self.slopes[&(Owner::Form(stage, form), term)];
                if right { &(&times * most) - &own } else { &own - &(&times * least) }
            }
            Need::Column(place, true) => pushes(place),
            Need::Column(place, false) => -pushes(place),
        }
    }
}
