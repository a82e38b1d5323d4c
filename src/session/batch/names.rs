//! What the limits that bind in rows of one frame are called.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use super::binding::{Binding, binds};
use crate::plan::Reading;

/// The names of readings, by their places, and the sets of them that were met.
pub(super) struct Names {
    /// What each reading is called where it counts among those that bind.
    limits: Vec<Option<String>>,
    texts: RwLock<HashMap<Vec<u64>, Arc<Binding>>>,
}

impl Names {
    pub(super) fn new(readings: &[Reading]) -> Self {
        Self { limits: readings.iter().map(binds).collect(), texts: RwLock::default() }
    }

    /// The limits whose bits are set.
    pub(super) fn binding(&self, mask: &[u64]) -> Arc<Binding> {
        if let Some(known) = self.texts.read().ok().and_then(|texts| texts.get(mask).cloned()) {
            return known;
        }
        let marked = |place: &usize| mask[place / 64] >> (place % 64) & 1 == 1;
        let places = (0..self.limits.len()).filter(marked);
        let names = places.filter_map(|place| self.limits[place].as_deref());
        let found = Arc::new(Binding::new(names));
        if let Ok(mut texts) = self.texts.write() {
            texts.insert(mask.to_vec(), Arc::clone(&found));
        }
        found
    }
}
