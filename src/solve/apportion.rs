use num_bigint::BigInt;

use crate::units::{Amount, Money, Quantum};

/// Splits `total` over `exact` amounts, to the quantum, by the method of largest remainders.
///
/// Each part is its exact amount rounded down, or one quantum more. Equal remainders favour the
/// earlier part. `total` is at least the sum of the parts rounded down, and at most one quantum a
/// part above it: a sum of exact amounts, rounded down, is.
pub fn largest_remainders(exact: &[Amount], total: Money, quantum: Quantum) -> Vec<Money> {
    let counts: Vec<Amount> = exact.iter().map(|amount| quantum.count(amount)).collect();
    let floors: Vec<BigInt> = counts.iter().map(Amount::floor).collect();
    let mut parts: Vec<Money> =
        floors.iter().map(|floor| Money::from_big(floor).unwrap_or_default()).collect();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    let remainder = |place: usize| &counts[place] - &Amount::from(floors[place].clone());
    order.sort_by(|a, b| remainder(*b).cmp(&remainder(*a)).then(a.cmp(b)));
    let missing = (total - parts.iter().copied().sum()).quanta();
    for place in order.into_iter().take(usize::try_from(missing).unwrap_or(0)) {
        parts[place] += Money::new(1);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_remainders_are_rounded_up_and_ties_favour_the_earlier() {
        let one = Quantum::new(1).expect("a quantum");
        let third = Amount::ratio(4, 3);
        let parts = largest_remainders(&[third.clone(), third.clone(), third], Money::new(4), one);
        assert_eq!(parts, [2, 1, 1].map(Money::new));
        let exact = [Amount::ratio(-5, 2), Amount::ratio(27, 10), Amount::whole(3)];
        let parts = largest_remainders(&exact, Money::new(3), one);
        assert_eq!(parts, [-3, 3, 3].map(Money::new));
    }
}
