use std::sync::{Arc, OnceLock};

use super::{Limit, Period, Plan, Rule};

/// The rules of a plan's limits and its balance rows, read once. A copy of a plan starts with none: it
/// may be changed.
#[derive(Debug, Default)]
pub(super) struct Memo {
    rules: OnceLock<Vec<OnceLock<Arc<[Rule]>>>>,
    periods: OnceLock<Vec<Period>>,
}

impl Clone for Memo {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Memo {
    /// All but the rules of one limit, for a copy of the plan that changes no more of it.
    pub(super) fn but(&self, limit: Option<usize>) -> Self {
        let periods = self.periods.clone();
        let Some(known) = self.rules.get() else { return Self { periods, ..Self::default() } };
        let known = known.iter().enumerate().map(|(place, rules)| match rules.get() {
            Some(rules) if Some(place) != limit => OnceLock::from(rules.clone()),
            _ => OnceLock::new(),
        });
        Self { rules: OnceLock::from(known.collect::<Vec<_>>()), periods }
    }
}

impl Plan {
    /// What a limit asks, combination by combination, in declared member order.
    pub fn rules(&self, limit: &Limit) -> Arc<[Rule]> {
        let read = || self.read_rules(limit).into();
        let own = self.limits().iter().position(|own| std::ptr::eq(own, limit));
        let Some(place) = own else { return read() };
        let known = self.memo.rules.get_or_init(|| vec![OnceLock::new(); self.limits().len()]);
        known[place].get_or_init(read).clone()
    }

    /// The balance rows, in time order: the whole plan in one without a time dimension.
    pub fn periods(&self) -> Vec<Period> {
        self.memo.periods.get_or_init(|| self.read_periods()).clone()
    }
}
