//! The limits that bind, by one number: equal sets have equal numbers.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::layout::label;
use crate::plan::{Reading, ReadingKind, Sense};

/// A set of limits that bind together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Binding {
    /// The number that stands for it in rows.
    pub(super) id: u64,
    /// The limits, as `id[member]`.
    pub(super) text: Arc<str>,
}

impl Binding {
    /// The set of these names, of which equal ones stand together.
    pub(super) fn new<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let mut all: Vec<&str> = names.collect();
        all.dedup();
        let text = all.join("; ");
        let digest = Sha256::digest(text.as_bytes());
        let first = digest.iter().take(8).fold(0, |id, byte| id << 8 | u64::from(*byte));
        // Programs that know signed numbers only can read it too.
        Self { id: first >> 1, text: text.into() }
    }
}

/// What a reading is called where it counts among those that may bind: equalities always do.
pub(super) fn binds(reading: &Reading) -> Option<String> {
    let counts = reading.kind != ReadingKind::Balance && reading.sense != Sense::Equal;
    counts.then(|| label(reading.id.as_str(), &reading.member))
}
