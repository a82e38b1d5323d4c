//! What the scenarios of a file differ in, where it is nothing but right sides.

use super::inputs::{Revenue, factors};
use crate::plan::{Body, Plan, RevenueEntry};
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
    /// Whether limits are on revenue decisions.
    limited: bool,
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
        let limited = !decides.is_empty() && draws(&plan).next().is_some();
        let also = if limited { decides.len() } else { 0 };
        let few = moving.len() + figures.len() + also <= MOST_INPUTS;
        let same = |other: &Plan| draws(other).eq(draws(&plan));
        let apart =
            figures.iter().all(own) && !touches_funds(&plan, &doubled) && doubled.iter().all(same);
        let plain = plan.lumps().is_empty();
        let varied = varied.to_vec();
        (few && apart && plain).then_some(Self {
            varied,
            revenue,
            moving,
            figures,
            decisions,
            decides,
            limited,
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

    /// The inputs with decisions that stand: they are part of the revenue, and inputs themselves
    /// where a limit is on them.
    pub(super) fn standing(&self, mut inputs: Vec<Amount>, decisions: &[Amount]) -> Vec<Amount> {
        for (period, decision) in self.decides.iter().zip(decisions) {
            if let Some(place) = self.moving.iter().position(|own| own == period) {
                inputs[place] += decision;
            }
        }
        if self.limited {
            inputs.extend_from_slice(decisions);
        }
        inputs
    }

    /// Between which values the inputs of some settings lie, and some more on either side; with the
    /// decisions open or not.
    pub(super) fn ranges(&self, settings: &[Vec<Amount>], open: bool) -> Vec<(f64, f64)> {
        /// The share of its width that is added to a range on either side.
        const MORE: f64 = 0.25;
        let mut found: Vec<(f64, f64)> = Vec::new();
        for values in settings {
            let inputs = self.exact(values);
            found.resize(inputs.len(), (f64::INFINITY, f64::NEG_INFINITY));
            for ((low, high), input) in found.iter_mut().zip(&inputs) {
                let input = input.to_f64();
                (*low, *high) = (low.min(input), high.max(input));
            }
        }
        for (low, high) in &mut found {
            let more = (*high - *low) * MORE + f64::from(self.revenue.quantum());
            (*low, *high) = (*low - more, *high + more);
        }
        if open {
            return found;
        }
        let ranges = self.decisions.ranges();
        for (period, (least, most)) in self.decides.iter().zip(&ranges) {
            let place = self.moving.iter().position(|own| own == period);
            if let Some((low, high)) = place.and_then(|place| found.get_mut(place)) {
                (*low, *high) = (*low + least.to_f64(), *high + most.to_f64());
            }
        }
        if self.limited {
            found.extend(ranges.iter().map(|(least, most)| (least.to_f64(), most.to_f64())));
        }
        found
    }

    /// What each input is, at these values, with the decisions open or not.
    pub(super) fn kinds(
        &self,
        values: &[Amount],
        open: bool,
        resolve: &mut Resolve<'_>,
    ) -> Option<Vec<Input>> {
        let mut kinds: Vec<Input> = self.moving.iter().map(|at| Input::Revenue(*at)).collect();
        for place in &self.figures {
            let mut raised = values.to_vec();
            raised[*place] += &Amount::ONE;
            kinds.push(Input::Figure(Box::new(resolve(&raised)?)));
        }
        if self.limited && !open {
            kinds.extend((0..self.decides.len()).map(Input::Decision));
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

/// The revenue that limits on reserves add up.
fn draws(plan: &Plan) -> impl Iterator<Item = RevenueEntry> {
    let rules = plan.limits().iter().flat_map(|limit| plan.rules(limit).to_vec());
    let places = rules.flat_map(|rule| match rule.body {
        Body::Reserve { draws, .. } => draws,
        _ => Vec::new(),
    });
    places.map(|(line, at)| plan.revenue()[line].entries[at].clone())
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
