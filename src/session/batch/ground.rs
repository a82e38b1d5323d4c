//! What the scenarios of a file differ in, where it is nothing but right sides.

use super::inputs::{Revenue, factors};
use crate::plan::Plan;
use crate::scenario::Varied;
use crate::solve::{Decisions, Input, MOST_INPUTS};
use crate::units::Amount;

/// The sections whose figures may be nothing but right sides.
const SECTIONS: [&str; 4] = ["driver", "revenue", "limit", "hold"];

/// Resolves a scenario in which the figures have these values.
pub(super) type Resolve<'a> = dyn FnMut(&[Amount]) -> Option<Plan> + 'a;

/// How the figures that vary enter the right sides of a plan.
pub(super) struct Ground {
    varied: Vec<Varied>,
    revenue: Revenue,
    /// The periods whose revenue moves, then the figures that are right sides themselves.
    moving: Vec<usize>,
    figures: Vec<usize>,
    pub(super) decisions: Decisions,
    /// The period of each revenue decision.
    decides: Vec<usize>,
}

impl Ground {
    /// Learns it from the plan at `base` and a few others; `None` where the figures are more than
    /// right sides.
    pub(super) fn new(
        varied: &[Varied],
        base: &[Amount],
        resolve: &mut Resolve<'_>,
    ) -> Option<Self> {
        let right_side = |varied: &Varied| {
            let section = varied.target.split('.').next().unwrap_or_default();
            SECTIONS.contains(&section.trim())
        };
        if varied.is_empty() || varied.len() > MOST_FIGURES || !varied.iter().all(right_side) {
            return None;
        }
        let plan = resolve(base)?;
        let mut doubled = Vec::new();
        for place in 0..varied.len() {
            let mut values = base.to_vec();
            values[place] = twice(&varied[place], &base[place])?;
            doubled.push(resolve(&values)?);
        }
        let revenue = Revenue::learn(&plan, &factors(varied, base), &doubled)?;
        let decisions = Decisions::of(&plan);
        let decides = decisions.periods();
        let mut moving = revenue.moving();
        moving.extend(&decides);
        moving.sort_unstable();
        moving.dedup();
        let figures = (0..varied.len()).filter(|place| !revenue.has(*place)).collect::<Vec<_>>();
        let own = |place: &usize| {
            let target = &varied[*place].target;
            target.starts_with("limit") || target.starts_with("hold")
        };
        let few = moving.len() + figures.len() <= MOST_INPUTS;
        let apart = figures.iter().all(own) && !touches_funds(&plan, &doubled);
        let plain = plan.lumps().is_empty();
        let varied = varied.to_vec();
        (few && apart && plain).then_some(Self {
            varied,
            revenue,
            moving,
            figures,
            decisions,
            decides,
        })
    }

    /// Whether stages put revenue decisions where they stand.
    pub(super) fn is_open(&self) -> bool {
        self.decisions.staged && !self.decides.is_empty()
    }

    /// How many of the inputs are the revenue of a period.
    pub(super) fn periods(&self) -> usize {
        self.moving.len()
    }

    /// The revenue of all periods that no figure and no decision moves.
    pub(super) fn constant(&self) -> Amount {
        let still = (0..self.revenue.periods()).filter(|place| !self.moving.contains(place));
        still.map(|place| self.revenue.total(place, &[])).sum()
    }

    /// The inputs at these values; revenue is rounded down to a quantum, as it is published.
    pub(super) fn inputs(&self, values: &[Amount]) -> Vec<Amount> {
        self.made(values, |place, factors| self.revenue.total(place, factors))
    }

    /// The inputs at these values, with revenue as it is before it is published.
    pub(super) fn exact(&self, values: &[Amount]) -> Vec<Amount> {
        self.made(values, |place, factors| self.revenue.exact(place, factors))
    }

    fn made(&self, values: &[Amount], total: impl Fn(usize, &[Amount]) -> Amount) -> Vec<Amount> {
        let factors = factors(&self.varied, values);
        let totals = self.moving.iter().map(|place| total(*place, &factors));
        totals.chain(self.figures.iter().map(|place| values[*place].clone())).collect()
    }

    /// The inputs with decisions as part of the revenue.
    pub(super) fn with(&self, mut inputs: Vec<Amount>, decisions: &[Amount]) -> Vec<Amount> {
        for (period, decision) in self.decides.iter().zip(decisions) {
            if let Some(place) = self.moving.iter().position(|own| own == period) {
                inputs[place] += decision;
            }
        }
        inputs
    }

    /// What each input is, at these values.
    pub(super) fn kinds(&self, values: &[Amount], resolve: &mut Resolve<'_>) -> Option<Vec<Input>> {
        let mut kinds: Vec<Input> = self.moving.iter().map(|at| Input::Revenue(*at)).collect();
        for place in &self.figures {
            let mut raised = values.to_vec();
            raised[*place] += &Amount::ONE;
            kinds.push(Input::Figure(Box::new(resolve(&raised)?)));
        }
        Some(kinds)
    }
}

/// The most figures that may vary for regions to be looked for.
const MOST_FIGURES: usize = 6;

/// The value whose factor is twice that of `value`; `None` where that is zero.
fn twice(varied: &Varied, value: &Amount) -> Option<Amount> {
    let two = Amount::whole(2);
    let found = if varied.scaled {
        // 1 + v / 100 twice is 1 + (100 + 2 v) / 100.
        &Amount::whole(100) + &(value * &two)
    } else {
        value * &two
    };
    (found != *value).then_some(found)
}

/// Whether the revenue of a fund depends on a figure, or is not whole: what a fund asks for then
/// moves with the rounding of other lines.
fn touches_funds(plan: &Plan, doubled: &[Plan]) -> bool {
    plan.funds().iter().flat_map(|fund| &fund.revenue).any(|line| {
        let entries = &plan.revenue()[*line].entries;
        let whole = |amount: &Amount| plan.quantum().count(amount).is_whole();
        entries.iter().any(|entry| !whole(&entry.prefer))
            || doubled.iter().any(|other| other.revenue()[*line].entries != *entries)
    })
}
