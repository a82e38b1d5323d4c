//! A plan whose inputs may each be one more.

use super::line::Point;
use crate::formulate::{Formulation, PeriodRevenue, formulate};
use crate::plan::{Body, Form, Period, Plan, RevenueLevels, Rule};
use crate::solve::SettledPeriod;
use crate::solve::settle::{Opened, opened, settled_at};
use crate::units::Amount;

/// Something that right sides are made of.
#[derive(Debug, Clone)]
pub enum Input {
    /// The revenue of a period, with what decisions that stand add to it, in plan units; by its
    /// place.
    Revenue(usize),
    /// The amount of a revenue decision that stands, in plan units; by its place. What it adds to
    /// the revenue of its period is part of that.
    Decision(usize),
    /// A figure of the plan: the plan in which it is one more.
    Figure(Box<Plan>),
}

/// How the revenue decisions of a plan stand while a region is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The stages put them where they are, and their amounts are part of the map.
    Open,
    /// At these amounts, in the order of the periods.
    At(Vec<Amount>),
}

/// A plan whose inputs may each be one more.
pub(super) struct Scene {
    pub(super) plan: Plan,
    periods: Vec<Period>,
    inputs: Vec<Input>,
    settled: Option<Vec<SettledPeriod>>,
    /// What the balance rows meet at the base, then with one more of each input.
    revenue: Vec<Vec<PeriodRevenue>>,
}

impl Scene {
    /// `None` where decisions are open that no stage settles.
    pub(super) fn new(
        plan: &Plan,
        (inputs, base): (&[Input], &Point),
        standing: &Standing,
    ) -> Option<Self> {
        let periods = plan.periods();
        let (opened, settled) = match standing {
            Standing::Open => (Some(opened(plan, &periods)?), None),
            Standing::At(amounts) => (None, Some(settled_at(plan, &periods, amounts))),
        };
        let revenue = match (&settled, &opened) {
            (Some(settled), _) => {
                let pairs = periods.iter().zip(settled);
                pairs.map(|(period, own)| own.as_revenue(period, plan.quantum())).collect()
            }
            (None, opened) => opened.as_ref().map(Opened::revenue).unwrap_or_default(),
        };
        let raised = std::iter::once(None).chain((0..inputs.len()).map(Some));
        let revenue =
            raised.map(|raised| at(plan, revenue.clone(), (inputs, base), raised)).collect();
        Some(Self { plan: plan.clone(), periods, inputs: inputs.to_vec(), settled, revenue })
    }

    pub(super) fn inputs(&self) -> usize {
        self.inputs.len()
    }

    /// The plan with an input that is one more; at the base where none is.
    pub(super) fn raised(&self, raised: Option<usize>) -> &Plan {
        match raised.and_then(|place| self.inputs.get(place)) {
            Some(Input::Figure(plan)) => plan,
            _ => &self.plan,
        }
    }

    /// The formulation with an input that is one more; at the base where none is.
    pub(super) fn form(&self, raised: Option<usize>) -> Formulation {
        let revenue = &self.revenue[raised.map_or(0, |place| place + 1)];
        let mut form = formulate(self.raised(raised), &self.periods, revenue);
        if self.settled.is_none()
            && let Some(opened) = opened(&self.plan, &self.periods)
        {
            opened.prefer(&mut form);
        }
        form
    }

    /// How many revenue decisions are open.
    pub(super) fn open(&self) -> usize {
        let entries = self.periods.iter().flat_map(|period| &period.entries);
        let stated = |at: &&(usize, usize)| self.plan.revenue()[at.0].entries[at.1].is_decision();
        if self.settled.is_some() { 0 } else { entries.filter(stated).count() }
    }

    /// The published revenue where an input is one more, or at the base, with the decisions as they
    /// stand.
    pub(super) fn levels_at(&self, raised: Option<usize>, decisions: &[Amount]) -> RevenueLevels {
        self.levels(raised.map_or(0, |place| place + 1), decisions)
    }

    /// The published revenue, with the decisions as they stand.
    fn levels(&self, place: usize, decisions: &[Amount]) -> RevenueLevels {
        let mut levels = RevenueLevels::default();
        let mut decided = decisions.iter();
        for (period, own) in self.periods.iter().zip(&self.revenue[place]) {
            let mut total = own.settled.clone();
            for at in &period.entries {
                let stated = &self.plan.revenue()[at.0].entries[at.1];
                let amount = if self.settled.is_none() && stated.is_decision() {
                    let own = decided.next().cloned().unwrap_or_default();
                    total += &own;
                    own
                } else {
                    let found = own.entries.iter().find(|(entry, _)| entry == at);
                    found.map_or_else(|| stated.prefer.clone(), |(_, amount)| amount.clone())
                };
                levels.entries.insert(*at, amount);
            }
            levels.totals.push(total);
        }
        levels
    }

    /// The net changes that turnovers add up: forms of the cells, each less a number.
    pub(super) fn turns(&self) -> Vec<(Form, Amount)> {
        let limits = self.plan.limits().iter().map(|limit| self.plan.rules(limit));
        let forms = |rule: Rule| match rule.body {
            Body::Turnover { forms, baselines, .. } => forms.into_iter().zip(baselines).collect(),
            _ => Vec::new(),
        };
        limits.flat_map(|rules| rules.to_vec()).flat_map(forms).collect()
    }
}

/// The revenue where the inputs stand at `base`, one of them one more.
fn at(
    plan: &Plan,
    mut revenue: Vec<PeriodRevenue>,
    (inputs, base): (&[Input], &Point),
    raised: Option<usize>,
) -> Vec<PeriodRevenue> {
    for (place, (input, value)) in inputs.iter().zip(base.inputs()).enumerate() {
        let mut value = value.clone();
        if raised == Some(place) {
            value += &Amount::ONE;
        }
        match input {
            Input::Revenue(period) => {
                if let Some(own) = revenue.get_mut(*period) {
                    own.settled = value;
                }
            }
            Input::Decision(decision) => {
                let stated = |at: (usize, usize)| &plan.revenue()[at.0].entries[at.1];
                let entries = revenue.iter_mut().flat_map(|own| &mut own.entries);
                let mut decisions = entries.filter(|(at, _)| stated(*at).is_decision());
                if let Some((_, own)) = decisions.nth(*decision) {
                    *own = value;
                }
            }
            Input::Figure(_) => {}
        }
    }
    revenue
}
