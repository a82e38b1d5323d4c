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

/// What every promise that the answer leans on costs, the dearest first.
pub fn promises(footing: &Footing<'_>) -> Vec<Promise> {
    let open = open_promises(footing);
    let mut found: Vec<Promise> = open.into_par_iter().map(|open| promise(footing, open)).collect();
    rank(&mut found);
    found
}

/// How far each slice could lie elsewhere with the same score, in their order.
pub fn flexes(
    footing: &Footing<'_>,
    freedom: &Freedom,
    slices: &[(Slice, Vec<CellId>)],
) -> Vec<Flex> {
    slices.par_iter().map(|(slice, cells)| freedom.of(footing, slice, cells)).collect()
}
