//! Published revenue: rounded down in total, by largest remainders in its lines.

use super::statement::{decisions, floor};
use crate::plan::Plan;
use crate::units::{Amount, Money, Quantum};

/// What a balance period is published to bring.
pub(crate) struct PublishedPeriod {
    /// Its revenue.
    pub(crate) total: Money,
    /// Its entries, in the order of the period; they add up to the total.
    pub(crate) entries: Vec<Money>,
}

/// The published revenue of each balance period when the decisions stand at `amounts`.
pub(crate) fn published(plan: &Plan, amounts: &[Amount]) -> Vec<PublishedPeriod> {
    let known = decisions(plan);
    let amount = |(line, at): &(usize, usize)| {
        let place = known.iter().position(|decision| decision == &(*line, *at));
        match place.and_then(|place| amounts.get(place)) {
            Some(amount) => amount.clone(),
            None => plan.revenue()[*line].entries[*at].prefer.clone(),
        }
    };
    let period = |period: crate::plan::Period| {
        let exact: Vec<Amount> = period.entries.iter().map(amount).collect();
        let decided: Vec<bool> = period.entries.iter().map(|own| known.contains(own)).collect();
        beside(&exact, &decided, plan.quantum())
    };
    plan.periods().into_iter().map(period).collect()
}

/// What the decisions are published to bring that stand at `amounts`, in plan units.
pub(crate) fn decided(plan: &Plan, amounts: &[Amount]) -> Vec<Amount> {
    let published = published(plan, amounts);
    let periods = plan.periods();
    let level = |decision: &(usize, usize)| {
        let mut pairs = periods.iter().zip(&published);
        let found = pairs.find_map(|(period, own)| {
            let place = period.entries.iter().position(|entry| entry == decision)?;
            Some(plan.quantum().amount(own.entries[place]))
        });
        found.unwrap_or_default()
    };
    decisions(plan).iter().zip(amounts).map(|(decision, _)| level(decision)).collect()
}

/// What entries of these amounts are published to bring.
pub(crate) fn alone(exact: &[Amount], quantum: Quantum) -> PublishedPeriod {
    let down = floor(&exact.iter().sum(), quantum);
    let total = Money::from_big(&quantum.count(&down).floor()).unwrap_or_default();
    PublishedPeriod { entries: shared(exact, total, quantum), total }
}

/// What entries of these amounts are published to bring, some of which are decisions: together, unless
/// those that are none would not bring their sum rounded down; then each kind is alone.
fn beside(exact: &[Amount], decided: &[bool], quantum: Quantum) -> PublishedPeriod {
    let of = |kind: bool| -> Vec<usize> {
        (0..exact.len()).filter(|place| decided[*place] == kind).collect()
    };
    let part = |places: &[usize]| {
        let own: Vec<Amount> = places.iter().map(|place| exact[*place].clone()).collect();
        alone(&own, quantum)
    };
    let together = alone(exact, quantum);
    let (stated, chosen) = (of(false), of(true));
    let own = part(&stated);
    if stated.iter().map(|place| together.entries[*place]).sum::<Money>() == own.total {
        return together;
    }
    let more = part(&chosen);
    let mut entries = together.entries;
    for (places, kind) in [(&stated, &own), (&chosen, &more)] {
        for (place, money) in places.iter().zip(&kind.entries) {
            entries[*place] = *money;
        }
    }
    PublishedPeriod { total: own.total + more.total, entries }
}

/// Every part rounded down, and one quantum more for those with the largest remainders until they
/// add up to `total`; of equal remainders the earlier part has it.
pub(crate) fn shared(exact: &[Amount], total: Money, quantum: Quantum) -> Vec<Money> {
    let down =
        |amount: &Amount| Money::from_big(&quantum.count(amount).floor()).unwrap_or_default();
    let mut parts: Vec<Money> = exact.iter().map(down).collect();
    let mut by_rest: Vec<(Amount, usize)> = exact
        .iter()
        .zip(&parts)
        .enumerate()
        .map(|(place, (amount, part))| (&quantum.amount(*part) - amount, place))
        .collect();
    by_rest.sort();
    let mut sum: Money = parts.iter().copied().sum();
    for (_, place) in by_rest {
        if sum < total {
            parts[place] += Money::new(1);
            sum += Money::new(1);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_rest_is_rounded_up_first() {
        let one = Quantum::new(1).expect("a quantum");
        let third = Amount::ratio(4, 3);
        let parts = shared(&[third.clone(), third.clone(), third], Money::new(4), one);
        assert_eq!(parts, [2, 1, 1].map(Money::new));
        let exact = [Amount::ratio(-5, 2), Amount::ratio(27, 10), Amount::whole(3)];
        assert_eq!(shared(&exact, Money::new(3), one), [-3, 3, 3].map(Money::new));
    }
}
