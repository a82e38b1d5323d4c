//! Settles the revenue decisions: each at the least distance from where it would rather stand.

mod opened;

pub use opened::Decisions;
pub(crate) use opened::{Opened, opened, settled_at};

use num_bigint::BigInt;

use super::answer::{Failure, Reached, reached, staged};
use super::curved::Cut as Support;
use super::ties::Told;
use super::{ActiveSet, Farkas};
use crate::formulate::{Formulation, Open, PeriodRevenue, formulate};
use crate::plan::{Period, Plan};
use crate::units::{Amount, Id, Money, Quantum};

/// What every revenue entry of a period brings, published in whole quanta.
#[derive(Debug, Clone)]
pub struct SettledPeriod {
    /// The exact amount of each entry, in the order of the period's entries.
    pub exact: Vec<Amount>,
    /// The published amount of each entry; they add up to `total`.
    pub published: Vec<Money>,
    /// The published revenue: the exact one, rounded down to a quantum.
    pub total: Money,
    /// What rounding left over, in plan units; at least zero and less than a quantum.
    pub remainder: Amount,
}

/// The revenue of a plan that can be met, or the programme that has none.
pub(crate) enum Settlement {
    /// The decisions stand; one entry a period. With what shows that those that moved had to.
    Settled(Vec<SettledPeriod>, Vec<Moved>),
    /// The decisions stand where the stages put them, in whole quanta, and so does all else.
    Reached(Vec<SettledPeriod>, Box<(Formulation, Reached)>),
    /// Whatever is decided, the limits clash.
    Infeasible(Box<Formulation>),
    /// The objective of a stage has no end.
    Unbounded(Id),
}

/// What shows that a decision cannot stand a quantum nearer to where it would rather.
#[derive(Debug, Clone)]
pub(crate) struct Moved {
    /// The decision.
    pub(crate) decision: usize,
    /// How the limits clash there, with those before it where they stand and those after it free.
    pub(crate) told: Told,
}

impl SettledPeriod {
    /// What the balance of `period` meets.
    pub fn as_revenue(&self, period: &Period, quantum: Quantum) -> PeriodRevenue {
        let published = self.published.iter().map(|money| quantum.amount(*money));
        PeriodRevenue {
            settled: quantum.amount(self.total),
            entries: period.entries.iter().copied().zip(published).collect(),
            open: Vec::new(),
        }
    }
}

/// Settles the decisions of `plan` in the order of the file; `start` only saves time.
///
/// A decision stands at its preferred amount, in whole quanta, unless the limits cannot hold there.
/// Then the proof of that gives the exact distance it has to move: every Farkas certificate is a
/// straight line in the decision, and its zero is the next amount to try (Newton's method on the
/// distance to feasibility; it ends, as there are finitely many such lines).
pub(crate) fn settle(plan: &Plan, periods: &[Period], start: &ActiveSet) -> Settlement {
    let mut book = Book::new(plan, periods);
    if plan.stages().iter().any(crate::plan::Stage::is_linear) && !book.decisions.is_empty() {
        return book.by_stages(start, false);
    }
    if book.decisions.is_empty() || book.clash().is_none() {
        return Settlement::Settled(book.settled(), Vec::new());
    }
    book.release();
    if book.clash().is_some() {
        return Settlement::Infeasible(Box::new(book.formulation()));
    }
    let mut moved = Vec::new();
    for place in 0..book.decisions.len() {
        book.decisions[place].stands = true;
        let mut cuts: Vec<Cut> = Vec::new();
        let mut last = None;
        while let Some((formulation, farkas, supports)) = book.clash() {
            let own = formulation.program().rows.len() - supports.len();
            last = Some(super::lumps::clash(&farkas, &supports, own));
            let column = formulation.decision(place);
            let cut = Cut::of(&formulation, &farkas, column, &book.decisions[place].value());
            if !cut.next(&mut book.decisions[place], &cuts, plan.quantum()) {
                return Book::new(plan, periods).by_stages(&ActiveSet::default(), true);
            }
            cuts.push(cut);
        }
        moved.extend(last.map(|told| Moved { decision: place, told }));
    }
    Settlement::Settled(book.settled(), moved)
}

/// The formulation of `plan` with every revenue decision free in its range.
pub fn open(plan: &Plan) -> Formulation {
    let periods = plan.periods();
    let mut book = Book::new(plan, &periods);
    book.release();
    book.formulation()
}

/// The formulation of `plan` as the stages decide on it: with a wish for every revenue decision, or with
/// revenue as it is published where there are none.
pub(crate) fn wished(plan: &Plan, periods: &[Period]) -> Formulation {
    let mut book = Book::new(plan, periods);
    if book.decisions.is_empty() {
        let settled = book.settled();
        let pairs = periods.iter().zip(&settled);
        let revenue: Vec<PeriodRevenue> =
            pairs.map(|(period, own)| own.as_revenue(period, plan.quantum())).collect();
        return formulate(plan, periods, &revenue);
    }
    book.release();
    book.with_wishes()
}

/// Settles the decisions exactly, and not in whole quanta: none of those hold.
pub(crate) fn exactly(plan: &Plan, periods: &[Period]) -> Settlement {
    Book::new(plan, periods).by_stages(&ActiveSet::default(), true)
}

/// A decision while it is being settled.
struct Decision {
    period: usize,
    entry: usize,
    range: Open,
    /// Fixed at `range.prefer`; otherwise still free inside its range.
    stands: bool,
}

impl Decision {
    fn value(&self) -> Amount {
        self.range.prefer.clone()
    }

    fn open(&self) -> Open {
        if self.stands {
            let (min, max, prefer) = (self.value(), self.value(), self.value());
            Open { entry: self.range.entry, min, max, prefer }
        } else {
            self.range.clone()
        }
    }
}

/// A proof of infeasibility as a line in one decision: it fails while `constant + slope * value`
/// is above zero.
#[derive(Clone)]
struct Cut {
    constant: Amount,
    slope: Amount,
}

impl Cut {
    fn of(formulation: &Formulation, farkas: &Farkas, column: usize, value: &Amount) -> Self {
        let slope: Amount =
            farkas.columns.iter().filter(|(c, _)| *c == column).map(|(_, m)| m).sum();
        let excess = farkas.excess(formulation.program());
        Self { constant: &excess - &(&slope * value), slope }
    }

    /// Moves `decision` to the nearest whole quantum where this cut no longer fails; `false` where
    /// its range has none, or an earlier cut pushes the other way.
    fn next(&self, decision: &mut Decision, cuts: &[Self], quantum: Quantum) -> bool {
        if self.slope.is_zero() {
            return false;
        }
        let exact = -(&self.constant / &self.slope);
        let step = Amount::whole(i64::from(quantum.units()));
        let steps: BigInt = if self.slope.is_positive() {
            (&exact / &step).floor()
        } else {
            (&exact / &step).ceil()
        };
        let value = &Amount::from(steps) * &step;
        let inside = value >= decision.range.min && value <= decision.range.max;
        if !inside || cuts.iter().any(|cut| cut.slope.signum() != self.slope.signum()) {
            return false;
        }
        decision.range.prefer = value;
        true
    }
}

/// The revenue of a plan with its open decisions.
struct Book<'a> {
    plan: &'a Plan,
    periods: &'a [Period],
    decisions: Vec<Decision>,
}

impl<'a> Book<'a> {
    fn new(plan: &'a Plan, periods: &'a [Period]) -> Self {
        let mut decisions = Vec::new();
        for (place, period) in periods.iter().enumerate() {
            for (entry, (line, at)) in period.entries.iter().enumerate() {
                let stated = &plan.revenue()[*line].entries[*at];
                if stated.is_decision() {
                    let prefer = whole_within(stated, plan.quantum());
                    let (min, max) = (stated.min.clone(), stated.max.clone());
                    let range = Open { entry: (*line, *at), min, max, prefer };
                    decisions.push(Decision { period: place, entry, range, stands: true });
                }
            }
        }
        Self { plan, periods, decisions }
    }

    /// What the entries of a period bring that are no decisions: in all, rounded down, and each as
    /// it is published beside decisions in whole quanta.
    fn fixed(&self, period: usize) -> PeriodRevenue {
        let quantum = self.plan.quantum();
        let stated = |entry: &(usize, usize)| &self.plan.revenue()[entry.0].entries[entry.1];
        let entries = self.periods[period].entries.iter().copied();
        let fixed: Vec<_> = entries.filter(|entry| !stated(entry).is_decision()).collect();
        let exact: Vec<Amount> = fixed.iter().map(|entry| stated(entry).prefer.clone()).collect();
        let down = floor(&exact.iter().sum(), quantum);
        let total = Money::from_big(&quantum.count(&down).floor()).unwrap_or_default();
        let published = super::largest_remainders(&exact, total, quantum).into_iter();
        let published = published.map(|money| quantum.amount(money));
        let entries = fixed.into_iter().zip(published).collect();
        PeriodRevenue { settled: down, entries, open: Vec::new() }
    }

    /// Leaves the decisions to the stages; the implicit last one keeps each as near to where it
    /// would rather stand as the others allow, in the order of the file. They stand in whole
    /// quanta unless they are to stand `exactly`.
    fn by_stages(mut self, start: &ActiveSet, exactly: bool) -> Settlement {
        self.release();
        let mut formulation = self.with_wishes();
        let mut found = match reached(&formulation, start) {
            Ok(found) => found,
            Err(Failure::Unbounded(stage)) => return Settlement::Unbounded(stage),
            Err(Failure::Infeasible(..)) => return Settlement::Infeasible(Box::new(formulation)),
        };
        let mut whole = true;
        for place in 0..self.decisions.len() {
            let exact = found.amounts()[formulation.decision(place)].clone();
            let quantum = self.plan.quantum();
            let range = &mut self.decisions[place].range;
            range.prefer = if exactly { exact.clone() } else { beyond(&exact, range, quantum) };
            whole &= range.prefer == exact;
        }
        if !whole {
            return Settlement::Settled(self.settled(), Vec::new());
        }
        found.pin(&mut formulation);
        Settlement::Reached(self.settled(), Box::new((formulation, found)))
    }

    /// The formulation, with a last stage for each decision that keeps it near to where it would rather
    /// stand.
    fn with_wishes(&self) -> Formulation {
        let mut formulation = self.formulation();
        self.prefer(&mut formulation);
        formulation
    }

    /// Adds a last stage for each decision that keeps it near to where it would rather stand.
    fn prefer(&self, formulation: &mut Formulation) {
        for (place, decision) in self.decisions.iter().enumerate() {
            formulation.prefer(place, &decision.range.prefer);
        }
    }

    /// Leaves every decision free in its range.
    fn release(&mut self) {
        for decision in &mut self.decisions {
            decision.stands = false;
        }
    }

    fn formulation(&self) -> Formulation {
        formulate(self.plan, self.periods, &self.revenue())
    }

    /// What the balance rows meet.
    fn revenue(&self) -> Vec<PeriodRevenue> {
        let of = |period: usize| {
            let own = self.decisions.iter().filter(|decision| decision.period == period);
            PeriodRevenue { open: own.map(Decision::open).collect(), ..self.fixed(period) }
        };
        (0..self.periods.len()).map(of).collect()
    }

    /// The proof that the limits clash with the decisions as they stand, if they do.
    fn clash(&self) -> Option<(Formulation, Farkas, Vec<Support>)> {
        match staged(&self.formulation(), &ActiveSet::default()) {
            Ok(_) | Err(Failure::Unbounded(_)) => None,
            Err(Failure::Infeasible(formulation, farkas, cuts)) => {
                Some((*formulation, farkas, cuts))
            }
        }
    }

    fn settled(&self) -> Vec<SettledPeriod> {
        let quantum = self.plan.quantum();
        let settle = |(place, period): (usize, &Period)| {
            let exact: Vec<Amount> = period
                .entries
                .iter()
                .enumerate()
                .map(|(entry, (line, at))| {
                    let own = |d: &&Decision| d.period == place && d.entry == entry;
                    match self.decisions.iter().find(own) {
                        Some(decision) => decision.value(),
                        None => self.plan.revenue()[*line].entries[*at].prefer.clone(),
                    }
                })
                .collect();
            let decided =
                |(line, at): &(usize, usize)| self.plan.revenue()[*line].entries[*at].is_decision();
            let decided: Vec<bool> = period.entries.iter().map(decided).collect();
            let (total, published) = super::apportion::published(&exact, &decided, quantum);
            let sum: Amount = exact.iter().sum();
            SettledPeriod { published, remainder: &sum - &quantum.amount(total), total, exact }
        };
        self.periods.iter().enumerate().map(settle).collect()
    }
}

/// The amount in whole quanta, rounded away from where the decision would rather stand.
fn beyond(exact: &Amount, range: &Open, quantum: Quantum) -> Amount {
    if quantum.count(exact).is_whole() {
        return exact.clone();
    }
    let down = floor(exact, quantum);
    let up = &down + &Amount::whole(i64::from(quantum.units()));
    let (first, second) = if *exact < range.prefer { (down, up) } else { (up, down) };
    let inside = |value: &Amount| *value >= range.min && *value <= range.max;
    [first, second].into_iter().find(inside).unwrap_or_else(|| exact.clone())
}

/// Other settlements, each with one decision a few quanta further from where it would rather
/// stand, nearest first.
pub(crate) fn nudged(
    plan: &Plan,
    periods: &[Period],
    settled: &[SettledPeriod],
) -> Vec<Vec<SettledPeriod>> {
    const FURTHEST: i64 = 5;
    let mut book = Book::new(plan, periods);
    for decision in &mut book.decisions {
        decision.range.prefer = settled[decision.period].exact[decision.entry].clone();
    }
    let preferred = |place: usize| {
        let (line, at) = book.decisions[place].range.entry;
        plan.revenue()[line].entries[at].prefer.clone()
    };
    let mut found = Vec::new();
    for steps in 1..=FURTHEST {
        for place in 0..book.decisions.len() {
            let range = &book.decisions[place].range;
            let sign = if range.prefer < preferred(place) { -1 } else { 1 };
            let step = Amount::whole(sign * steps * i64::from(plan.quantum().units()));
            let value = &range.prefer + &step;
            if value < range.min || value > range.max {
                continue;
            }
            let mut moved = Book::new(plan, periods);
            for (other, own) in moved.decisions.iter_mut().zip(&book.decisions) {
                other.range.prefer = own.range.prefer.clone();
            }
            moved.decisions[place].range.prefer = value;
            found.push(moved.settled());
        }
    }
    found
}

/// The amount rounded down to a whole quantum.
fn floor(amount: &Amount, quantum: Quantum) -> Amount {
    let step = Amount::whole(i64::from(quantum.units()));
    &Amount::from((amount / &step).floor()) * &step
}

/// The preferred amount in whole quanta, where the range has one.
fn whole_within(entry: &crate::plan::RevenueEntry, quantum: Quantum) -> Amount {
    let down = floor(&entry.prefer, quantum);
    let up = &down + &Amount::whole(i64::from(quantum.units()));
    [&entry.prefer, &down, &up]
        .into_iter()
        .find(|value| {
            quantum.count(value).is_whole() && **value >= entry.min && **value <= entry.max
        })
        .unwrap_or(&entry.prefer)
        .clone()
}
