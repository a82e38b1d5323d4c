//! What the right sides of a scenario are made of, without reading its plan anew.

use crate::plan::{Plan, RevenueEntry};
use crate::scenario::Varied;
use crate::units::{Amount, Quantum};

/// How the figures that vary enter the revenue of the periods, learnt from a few plans.
#[derive(Debug, Clone)]
pub(super) struct Revenue {
    periods: Vec<Terms>,
    quantum: Quantum,
}

/// The fixed revenue of a period: a constant, and products of figures that vary.
#[derive(Debug, Clone, Default)]
struct Terms {
    constant: Amount,
    products: Vec<(Amount, Vec<usize>)>,
}

impl Varied {
    /// What the figure counts as where it is a factor: itself, or one and the part that scales.
    fn factor(&self, value: &Amount) -> Amount {
        if self.scaled { &Amount::ONE + &(value / &Amount::whole(100)) } else { value.clone() }
    }
}

/// The factors that values stand for.
pub(super) fn factors(varied: &[Varied], values: &[Amount]) -> Vec<Amount> {
    varied.iter().zip(values).map(|(varied, value)| varied.factor(value)).collect()
}

fn entries(plan: &Plan) -> impl Iterator<Item = (usize, &RevenueEntry)> {
    let periods = plan.periods();
    let place = move |line: usize, at: usize| {
        periods.iter().position(|period| period.entries.contains(&(line, at)))
    };
    let all = plan.revenue().iter().enumerate();
    all.flat_map(|(line, own)| {
        own.entries.iter().enumerate().map(move |(at, entry)| (line, at, entry))
    })
    .filter_map(move |(line, at, entry)| Some((place(line, at)?, entry)))
}

impl Revenue {
    /// Learns from the plan at `base` and from the plans in which one figure is twice its factor;
    /// `None` where the revenue is no sum of products of them.
    pub(super) fn learn(plan: &Plan, base: &[Amount], doubled: &[Plan]) -> Option<Self> {
        let two = Amount::whole(2);
        let mut periods = vec![Terms::default(); plan.periods().len()];
        let others: Vec<Vec<&RevenueEntry>> =
            doubled.iter().map(|plan| entries(plan).map(|(_, entry)| entry).collect()).collect();
        for (place, (period, entry)) in entries(plan).enumerate() {
            let mut own = Vec::new();
            for (figure, other) in others.iter().enumerate() {
                let other = other.get(place)?;
                if *other == entry {
                    continue;
                }
                if entry.is_decision() || other.prefer != &entry.prefer * &two {
                    return None;
                }
                own.push(figure);
            }
            if entry.is_decision() {
                continue;
            }
            let terms = &mut periods[period];
            if own.is_empty() {
                terms.constant += &entry.prefer;
                continue;
            }
            let all: Amount = own.iter().fold(Amount::ONE, |all, figure| &all * &base[*figure]);
            let coefficient = &entry.prefer / &all;
            match terms.products.iter_mut().find(|(_, figures)| *figures == own) {
                Some((known, _)) => *known += &coefficient,
                None => terms.products.push((coefficient, own)),
            }
        }
        Some(Self { periods, quantum: plan.quantum() })
    }

    /// The periods whose revenue a figure that varies enters.
    pub(super) fn moving(&self) -> Vec<usize> {
        let moves = |place: &usize| !self.periods[*place].products.is_empty();
        (0..self.periods.len()).filter(moves).collect()
    }

    /// Whether a figure enters.
    pub(super) fn has(&self, figure: usize) -> bool {
        let mut products = self.periods.iter().flat_map(|terms| &terms.products);
        products.any(|(_, figures)| figures.contains(&figure))
    }

    /// The revenue of a period that no decision is part of, rounded down to a quantum as it is
    /// published, in plan units.
    pub(super) fn total(&self, period: usize, factors: &[Amount]) -> Amount {
        if let Some(total) = self.total_in_words(period, factors) {
            return total;
        }
        let units = Amount::whole(i64::from(self.quantum.units()));
        &Amount::from((&self.exact(period, factors) / &units).floor()) * &units
    }

    /// The same in words, where they hold it: nothing is brought to lowest terms on the way.
    fn total_in_words(&self, period: usize, factors: &[Amount]) -> Option<Amount> {
        let wide = |(over, under): (i64, i64)| (i128::from(over), i128::from(under));
        let terms = &self.periods[period];
        let (mut sum, mut common) = wide(terms.constant.words()?);
        for (coefficient, figures) in &terms.products {
            let (mut over, mut under) = wide(coefficient.words()?);
            for figure in figures {
                let (times, parts) = wide(factors[*figure].words()?);
                (over, under) = (over.checked_mul(times)?, under.checked_mul(parts)?);
            }
            if under != common {
                over = over.checked_mul(common)?;
                sum = sum.checked_mul(under)?;
                common = common.checked_mul(under)?;
            }
            sum = sum.checked_add(over)?;
        }
        let units = i128::from(self.quantum.units());
        let quanta = sum.div_euclid(common.checked_mul(units)?);
        i64::try_from(quanta.checked_mul(units)?).ok().map(Amount::whole)
    }

    /// The revenue of a period that no decision is part of, before it is published.
    pub(super) fn exact(&self, period: usize, factors: &[Amount]) -> Amount {
        let terms = &self.periods[period];
        let mut sum = terms.constant.clone();
        for (coefficient, figures) in &terms.products {
            let product =
                figures.iter().fold(coefficient.clone(), |all, own| &all * &factors[*own]);
            sum += &product;
        }
        sum
    }

    /// The plan units of a quantum.
    pub(super) fn quantum(&self) -> u32 {
        self.quantum.units()
    }

    /// How many periods there are.
    pub(super) fn periods(&self) -> usize {
        self.periods.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1/3 and 3/10 of the first figure, and 7/1000 of its product with the second: in words as in
    /// fractions, below zero and above, and where words do not hold it.
    #[test]
    fn revenue_in_words_is_what_it_is_in_fractions() {
        let products = vec![(Amount::ratio(3, 10), vec![0]), (Amount::ratio(7, 1000), vec![0, 1])];
        let terms = Terms { constant: Amount::ratio(1, 3), products };
        let quantum = Quantum::new(5).expect("above zero");
        let revenue = Revenue { periods: vec![terms], quantum };
        let mut told = 0;
        for (first, second) in [(318_000, 7), (-318_001, 9), (0, 1), (i64::MAX / 9, 1_000_003)] {
            for parts in [1, 7, 1000, 1_000_000_007] {
                let factors = [Amount::ratio(first, parts), Amount::ratio(second, 3)];
                let units = Amount::whole(5);
                let exact = &revenue.exact(0, &factors) / &units;
                let total = &Amount::from(exact.floor()) * &units;
                assert_eq!(revenue.total(0, &factors), total, "{first}/{parts} {second}");
                told += usize::from(revenue.total_in_words(0, &factors).is_some());
            }
        }
        assert!((8..16).contains(&told), "{told}");
    }
}
