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
        let units = Amount::whole(i64::from(self.quantum.units()));
        &Amount::from((&self.exact(period, factors) / &units).floor()) * &units
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
