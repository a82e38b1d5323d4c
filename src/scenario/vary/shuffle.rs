//! A shuffled order of the numbers below `n`, each found without the others.

/// Where `place` of `0..len` comes to stand in an order that depends on `key` only.
///
/// A balanced Feistel network over the next even number of bits, walked until it lands inside
/// (Black and Rogaway 2002): it is a permutation, and takes no memory.
pub(super) fn shuffled(place: u64, len: u64, key: u64) -> u64 {
    if len < 2 {
        return place;
    }
    let bits = 64 - (len - 1).leading_zeros();
    let half = bits.div_ceil(2);
    let mask = (1_u64 << half) - 1;
    let mut at = place;
    loop {
        let (mut left, mut right) = (at >> half, at & mask);
        for round in 0..6 {
            let next = left ^ (mixed(right ^ mixed(key.wrapping_add(round))) & mask);
            (left, right) = (right, next);
        }
        at = (left << half) | right;
        if at < len {
            return at;
        }
    }
}

/// The finaliser of `splitmix64` (Steele, Lea and Flood 2014).
fn mixed(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::shuffled;

    #[test]
    fn every_place_is_taken_once() {
        for len in [1, 2, 3, 7, 64, 1000] {
            let mut seen: Vec<u64> = (0..len).map(|place| shuffled(place, len, 5)).collect();
            if len > 10 {
                assert!(seen.windows(2).any(|pair| pair[0] > pair[1]), "it is in order");
            }
            seen.sort_unstable();
            assert!(seen.into_iter().eq(0..len), "{len}");
        }
    }
}
