//! What the limits of a plan ask, and its balance rows, read once for as long as what they rest on stays.

use std::cell::RefCell;
use std::sync::{Arc, OnceLock};

use super::plan::PlanParts;
use super::{Bounds, Family, Limit, Period, Plan, Rule};

/// What is read once by whoever asks first, for all plans that have it in common.
type Once<T> = Arc<OnceLock<T>>;

/// The rules of a plan's limits and its balance rows, read once. Whoever changes a copy of a plan gives it
/// another.
#[derive(Debug, Clone, Default)]
pub(super) struct Memo {
    rules: OnceLock<Vec<Once<Arc<[Rule]>>>>,
    periods: Once<Vec<Period>>,
    /// The limits that stand in another plan as they stand in this one, and were found sound there.
    sound: Vec<bool>,
}

/// The parts of a plan without faults, and what is known of it.
struct Known {
    parts: Arc<PlanParts>,
    rules: Vec<Once<Arc<[Rule]>>>,
    periods: Once<Vec<Period>>,
}

/// How many plans a thread remembers, and the most cells that one may have.
const MOST: usize = 4;
const MOST_CELLS: usize = 20_000;

thread_local! {
    /// The last plans of this thread, the latest last. A draft differs from the one before in a figure: what
    /// that says nothing of is not read again, and only time tells whether it was.
    static LAST: RefCell<Vec<Known>> = const { RefCell::new(Vec::new()) };
}

impl Memo {
    /// What is known of the parts of a plan from the last ones on this thread.
    pub(super) fn of(parts: &PlanParts) -> Self {
        LAST.with_borrow(|last| {
            let known = last.iter().rev().find(|known| cells_agree(&known.parts, parts));
            known.map_or_else(Self::default, |known| known.shared(parts))
        })
    }

    /// Remembers a plan without faults.
    pub(super) fn keep(&self, parts: &Arc<PlanParts>) {
        if parts.cells.len() > MOST_CELLS {
            return;
        }
        let rules = self.rules(parts.limits.len()).clone();
        let known = Known { parts: parts.clone(), rules, periods: self.periods.clone() };
        LAST.with_borrow_mut(|last| {
            if last.len() == MOST {
                last.remove(0);
            }
            last.push(known);
        });
    }

    /// Whether the limit at this place was found sound where it stands the same.
    pub(super) fn is_sound(&self, limit: usize) -> bool {
        self.sound.get(limit).is_some_and(|sound| *sound)
    }

    /// All but the rules of one limit, for a copy of the plan that changes no more of it.
    pub(super) fn but(&self, limit: Option<usize>) -> Self {
        let (periods, sound) = (self.periods.clone(), Vec::new());
        let Some(known) = self.rules.get() else { return Self { periods, ..Self::default() } };
        let mut rules = known.clone();
        if let Some(own) = limit.and_then(|limit| rules.get_mut(limit)) {
            *own = Once::default();
        }
        Self { rules: OnceLock::from(rules), periods, sound }
    }

    fn rules(&self, limits: usize) -> &Vec<Once<Arc<[Rule]>>> {
        self.rules.get_or_init(|| std::iter::repeat_with(Once::default).take(limits).collect())
    }
}

impl Known {
    /// What a plan with other parts over the same cells has in common with this one.
    fn shared(&self, parts: &PlanParts) -> Memo {
        let money = money_agrees(&self.parts, parts);
        let place = |limit: &Limit| {
            let stands = money || !rests_on_money(limit);
            self.parts.limits.iter().position(|own| own == limit).filter(|_| stands)
        };
        let places: Vec<Option<usize>> = parts.limits.iter().map(place).collect();
        let rules = places.iter().map(|place| place.map(|at| self.rules[at].clone()));
        let periods = money.then(|| self.periods.clone());
        Memo {
            rules: OnceLock::from(rules.map(Option::unwrap_or_default).collect::<Vec<_>>()),
            periods: periods.unwrap_or_default(),
            sound: places.iter().map(Option::is_some).collect(),
        }
    }
}

/// Whether two plans have the same cells, and the same ways to count them.
fn cells_agree(one: &PlanParts, other: &PlanParts) -> bool {
    one.dimensions == other.dimensions
        && one.cells == other.cells
        && one.measures == other.measures
        && one.attributions == other.attributions
}

/// Whether two plans have the same revenue, and balance it alike.
fn money_agrees(one: &PlanParts, other: &PlanParts) -> bool {
    one.scale == other.scale
        && one.balance == other.balance
        && one.drivers == other.drivers
        && one.revenue == other.revenue
}

/// Whether what a limit asks rests on more than the cells: a reserve does, which revenue draws on.
fn rests_on_money(limit: &Limit) -> bool {
    matches!(limit.bounds, Bounds::Same(Family::Reserve { .. }))
}

impl Plan {
    /// What a limit asks, combination by combination, in declared member order.
    pub fn rules(&self, limit: &Limit) -> Arc<[Rule]> {
        let read = || self.read_rules(limit).into();
        let own = self.limits().iter().position(|own| std::ptr::eq(own, limit));
        let Some(place) = own else { return read() };
        self.memo.rules(self.limits().len())[place].get_or_init(read).clone()
    }

    /// The balance rows, in time order: the whole plan in one without a time dimension.
    pub fn periods(&self) -> Vec<Period> {
        self.memo.periods.get_or_init(|| self.read_periods()).clone()
    }
}
