//! Prices, promises and ranges of a solved plan: independent questions, on all cores.

use rayon::prelude::*;

use crate::explain::{
    Flex, Footing, Freedom, Price, Promise, StepSize, price, promise, promises as open_promises,
    rank,
};
use crate::plan::{Reading, Slice};
use crate::units::CellId;

/// Prices every bound that the answer leans on, in the order of the limits table.
pub fn prices(footing: &Footing<'_>, size: &StepSize, thorough: bool) -> Vec<Price> {
    let binding: Vec<&Reading> = footing.binding().collect();
    price_each(footing, &binding, size, thorough)
}

/// Prices these bounds, in their order.
pub fn price_each(
    footing: &Footing<'_>,
    bounds: &[&Reading],
    size: &StepSize,
    thorough: bool,
) -> Vec<Price> {
    bounds.par_iter().map(|reading| price(footing, reading, size, thorough)).collect()
}

/// How many bounds and promises are priced where not all are asked for.
const FOREMOST: usize = 5;

/// Prices the bounds that press hardest on the answer, or `all` that it leans on; those that were
/// left without a price come second, those first that press hardest.
pub fn foremost<'f>(
    footing: &'f Footing<'_>,
    size: &StepSize,
    all: bool,
) -> (Vec<Price>, Vec<&'f Reading>) {
    let mut binding = footing.by_pressure(size);
    let left = binding.split_off(if all { binding.len() } else { FOREMOST.min(binding.len()) });
    (price_each(footing, &binding, size, false), left)
}

/// What the promises cost that press hardest on the answer, or `all` that it leans on, the dearest
/// first, and how many were left out.
pub fn promises(footing: &Footing<'_>, all: bool) -> (Vec<Promise>, usize) {
    let mut open = open_promises(footing);
    let left = open.split_off(if all { open.len() } else { FOREMOST.min(open.len()) }).len();
    let mut found: Vec<Promise> = open.into_par_iter().map(|open| promise(footing, open)).collect();
    rank(&mut found);
    (found, left)
}

/// The same made of each, on all cores.
pub fn each<T: Sync, R: Send>(of: &[T], made: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    of.par_iter().map(made).collect()
}

/// What an overview tells: prices with the bounds that were left without one, promises with how many
/// were left out, and ranges.
pub type Overview<'f> = ((Vec<Price>, Vec<&'f Reading>), (Vec<Promise>, usize), Vec<Flex>);

/// Prices, promises and ranges side by side: no core waits for the last of one kind.
pub fn overview<'f>(
    footing: &'f Footing<'_>,
    freedom: &Freedom,
    slices: &[(Slice, Vec<CellId>)],
    (size, all): (&StepSize, bool),
) -> Overview<'f> {
    let rest = || rayon::join(|| promises(footing, all), || flexes(footing, freedom, slices));
    let (prices, (promises, flexes)) = rayon::join(|| foremost(footing, size, all), rest);
    (prices, promises, flexes)
}

/// How far each slice could lie elsewhere with the same score, in their order.
pub fn flexes(
    footing: &Footing<'_>,
    freedom: &Freedom,
    slices: &[(Slice, Vec<CellId>)],
) -> Vec<Flex> {
    slices.par_iter().map(|(slice, cells)| freedom.of(footing, slice, cells)).collect()
}
