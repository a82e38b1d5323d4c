//! What a step up costs, from where the exact amount lies between two quanta.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::ToPrimitive;

use crate::units::Amount;

/// `10^6 (1 - 2 f)` to the nearest, with `f` the fraction of `count` above the whole number `below`.
pub(super) fn cost(count: &Amount, below: &BigInt) -> i64 {
    if let Some(cost) = near_cost(count, below) {
        return cost;
    }
    let (over, under) = count.parts();
    let rest = &*over - below * &*under;
    let twice: BigInt = (&*under - rest * 2) * BigInt::from(2_000_000) + &*under;
    twice.div_floor(&(&*under * 2)).to_i64().unwrap_or(0)
}

/// The same, where floats decide it.
#[expect(clippy::cast_possible_truncation, reason = "the cost is at most a million")]
fn near_cost(count: &Amount, below: &BigInt) -> Option<i64> {
    let (count, below) = (count.to_f64(), below.to_f64()?);
    let cost = 1e6 * (1.0 - 2.0 * (count - below)) + 0.5;
    let error = 1e6 * 8.0 * f64::EPSILON * (1.0 + count.abs());
    let clear = cost - cost.floor() > error && cost.ceil() - cost > error;
    clear.then_some(cost.floor() as i64)
}
