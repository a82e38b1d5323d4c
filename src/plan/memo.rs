use std::sync::{Arc, OnceLock};

use super::{Limit, Plan, Rule};

/// The rules of a plan's limits, read once. A copy of a plan starts with none: it may be changed.
#[derive(Debug, Default)]
pub(super) struct Memo(OnceLock<Vec<OnceLock<Arc<[Rule]>>>>);

impl Clone for Memo {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Memo {
    /// The rules of all limits but one, for a copy of the plan that changes no more of them.
    pub(super) fn but(&self, limit: Option<usize>) -> Self {
        let Some(known) = self.0.get() else { return Self::default() };
        let known = known.iter().enumerate().map(|(place, rules)| match rules.get() {
            Some(rules) if Some(place) != limit => OnceLock::from(rules.clone()),
            _ => OnceLock::new(),
        });
        Self(OnceLock::from(known.collect::<Vec<_>>()))
    }
}

impl Plan {
    /// What a limit asks, combination by combination, in declared member order.
    pub fn rules(&self, limit: &Limit) -> Arc<[Rule]> {
        let read = || self.read_rules(limit).into();
        let own = self.limits().iter().position(|own| std::ptr::eq(own, limit));
        let Some(place) = own else { return read() };
        let known = self.memo.0.get_or_init(|| vec![OnceLock::new(); self.limits().len()]);
        known[place].get_or_init(read).clone()
    }
}
