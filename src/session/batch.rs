//! Solves many scenarios, and writes one row for each.
//!
//! The work is cut into blocks of scenarios. What is finished is on disk as parts, so that a batch
//! that was killed goes on where it was; the parts are joined at the end, and the bytes of the
//! whole depend on neither the cut nor the order of the work.

use std::ops::Range;

mod atlas;
mod below;
mod binding;
mod engine;
mod even;
mod ground;
mod inputs;
mod layout;
mod members;
mod merge;
mod names;
mod origin;
mod parts;
mod quick;
mod reader;
mod rows;
mod run;
mod summarise;
mod sweep;
mod tornado;

pub use layout::Layout;
pub use members::{Batch, Faulty, Member};
pub use merge::{Merged, merge};
pub use parts::Manifest;
pub use run::{Counts, Progress, Run, run};
pub use summarise::{Unsummed, Wanted, file_of, spreads, summarise, told};
pub use sweep::sweep;

pub(super) use below::Below;
pub(super) use layout::Total;
pub(super) use sweep::along;

/// What a batch is asked for.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub struct Options {
    /// The dimensions or levels whose combinations have a total in each row.
    pub by: Vec<String>,
    /// Every cell has an amount in each row.
    pub all_cells: bool,
    /// Amounts are the published ones; otherwise they are exact, each as the nearest float.
    pub rounded: bool,
    /// Every limit has its pressure in each row.
    pub pressures: bool,
    /// Every scenario is solved by itself, and none is answered from its neighbours. The rows are the
    /// same.
    pub alone: bool,
}

/// The part `number` of `of` parts of a batch, one range of scenarios each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// Counted from 1.
    pub number: u64,
    /// How many there are; at least one.
    pub of: u64,
}

impl Shard {
    /// The whole batch.
    pub const WHOLE: Self = Self { number: 1, of: 1 };

    /// Its scenarios, of `count`.
    pub fn of(self, count: u64) -> Range<u64> {
        let (all, of) = (u128::from(count), u128::from(self.of.max(1)));
        let end = |number: u64| u64::try_from(all * u128::from(number) / of).unwrap_or(count);
        end(self.number.saturating_sub(1))..end(self.number)
    }
}
