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

/// What revenue entries are published to bring, and in all: the total rounded down, by largest
/// remainders. `decided` says which are decisions.
///
/// A balance is met with what is stated, rounded down, and the decisions. Where what is left over of both
/// makes one more quantum together that is no part of either, each kind is rounded by itself.
pub(crate) fn published(
    exact: &[Amount],
    decided: &[bool],
    quantum: Quantum,
) -> (Money, Vec<Money>) {
    let down = |amounts: &[Amount]| {
        Money::from_big(&quantum.count(&amounts.iter().sum()).floor()).unwrap_or_default()
    };
    let total = down(exact);
    let together = largest_remainders(exact, total, quantum);
    let of = |kind: bool| -> Vec<Amount> {
        let own = exact.iter().zip(decided).filter(|(_, decided)| **decided == kind);
        own.map(|(amount, _)| amount.clone()).collect()
    };
    let stated = down(&of(false));
    let own = together.iter().zip(decided).filter(|(_, decided)| !**decided);
    if own.map(|(money, _)| *money).sum::<Money>() == stated {
        return (total, together);
    }
    let (others, chosen) = (of(false), of(true));
    let all = down(&chosen);
    let mut others = largest_remainders(&others, stated, quantum).into_iter();
    let mut chosen = largest_remainders(&chosen, all, quantum).into_iter();
    let next = |decided: &bool| if *decided { chosen.next() } else { others.next() };
    (stated + all, decided.iter().filter_map(next).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 43 are stated and 17 decided, in quanta of 5: together 60, of which the larger part of the
    /// last quantum is stated, and would make 45 of 43.
    #[test]
    fn what_is_left_of_decisions_and_of_the_rest_makes_no_quantum_of_the_rest() {
        let five = Quantum::new(5).expect("a quantum");
        let exact = [42, 1, 17].map(Amount::whole);
        let (total, parts) = published(&exact, &[false, false, true], five);
        assert_eq!((total.quanta(), parts), (11, [8, 0, 3].map(Money::new).to_vec()));
        let exact = [41, 1, 18].map(Amount::whole);
        let (total, parts) = published(&exact, &[false, false, true], five);
        assert_eq!((total.quanta(), parts), (12, [8, 0, 4].map(Money::new).to_vec()));
    }

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
