//! Revenue decisions while the answers around them are looked at: open, or where they are put.

use super::{Book, SettledPeriod, beyond};
use crate::formulate::{Formulation, Open, PeriodRevenue};
use crate::plan::{Period, Plan};
use crate::units::{Amount, Quantum};

/// The revenue of a plan whose decisions its stages settle.
pub(crate) struct Opened<'a> {
    book: Book<'a>,
}

/// The revenue of `plan` with its decisions free; `None` where it has none, or no stages settle
/// them.
pub(crate) fn opened<'a>(plan: &'a Plan, periods: &'a [Period]) -> Option<Opened<'a>> {
    let mut book = Book::new(plan, periods);
    let staged = plan.stages().iter().any(crate::plan::Stage::is_linear);
    if !staged || book.decisions.is_empty() {
        return None;
    }
    book.release();
    Some(Opened { book })
}

impl Opened<'_> {
    /// What the balance rows meet.
    pub(crate) fn revenue(&self) -> Vec<PeriodRevenue> {
        self.book.revenue()
    }

    /// Adds the stages that keep each decision near to where it would rather stand.
    pub(crate) fn prefer(&self, formulation: &mut Formulation) {
        self.book.prefer(formulation);
    }
}

/// The revenue decisions of a plan, in the order of the periods.
#[derive(Debug, Clone)]
pub struct Decisions {
    ranges: Vec<(usize, Open)>,
    quantum: Quantum,
    /// Whether stages put them where they stand.
    pub staged: bool,
}

impl Decisions {
    /// Those of `plan`.
    pub fn of(plan: &Plan) -> Self {
        let periods = plan.periods();
        let book = Book::new(plan, &periods);
        let ranges = book.decisions.into_iter().map(|own| (own.period, own.range)).collect();
        let staged = plan.stages().iter().any(crate::plan::Stage::is_linear);
        Self { ranges, quantum: plan.quantum(), staged }
    }

    /// The place of the period of each.
    pub fn periods(&self) -> Vec<usize> {
        self.ranges.iter().map(|(period, _)| *period).collect()
    }

    /// The least and the greatest amount of each.
    pub fn ranges(&self) -> Vec<(Amount, Amount)> {
        self.ranges.iter().map(|(_, range)| (range.min.clone(), range.max.clone())).collect()
    }

    /// Where each stands unless the plan needs it elsewhere, in whole quanta where it can.
    pub fn preferred(&self) -> Vec<Amount> {
        self.ranges.iter().map(|(_, range)| range.prefer.clone()).collect()
    }

    /// Exact amounts in whole quanta, each rounded away from where it would rather stand.
    pub fn beyond(&self, exact: &[Amount]) -> Vec<Amount> {
        let pairs = self.ranges.iter().zip(exact);
        pairs.map(|((_, range), exact)| beyond(exact, range, self.quantum)).collect()
    }
}

/// The revenue of a plan with its decisions at these amounts.
pub(crate) fn settled_at(
    plan: &Plan,
    periods: &[Period],
    amounts: &[Amount],
) -> Vec<SettledPeriod> {
    let mut book = Book::new(plan, periods);
    for (decision, amount) in book.decisions.iter_mut().zip(amounts) {
        decision.range.prefer.clone_from(amount);
    }
    book.settled()
}
