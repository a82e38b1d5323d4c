//! Critical regions: where the answer is one affine map of what the right sides are made of.
//!
//! The multipliers that prove a stage do not depend on the right sides, and neither does the
//! working set of a calibration while its signs and bounds hold. Both are taken from one solve.
//! The amounts are then affine in the inputs, and so is every condition under which they stay the
//! answer: a region is the set of inputs where all conditions hold (Gal and Nedoma 1972;
//! Bemporad, Morari, Dua and Pistikopoulos 2002). Map and conditions are exact; that inputs lie
//! inside is decided in floats with a bound on their error where it is clear, and exactly
//! elsewhere.

mod checks;
mod line;
mod moving;
mod system;

pub use line::{Line, MOST_INPUTS, Point, Step, Sum};

use super::answer::reached;
use super::settle::{Opened, opened, settled_at};
use super::{ActiveSet, SettledPeriod};
use crate::formulate::{Formulation, PeriodRevenue, formulate};
use crate::plan::{Body, Period, Plan, Reading, RevenueLevels, readings};
use crate::units::{Amount, Id};
use checks::Checks;
use moving::Moving;

/// Something that right sides are made of.
#[derive(Debug, Clone)]
pub enum Input {
    /// The revenue of a period that no decision is part of, in plan units; by its place.
    Revenue(usize),
    /// A figure of the plan: the plan in which it is one more.
    Figure(Box<Plan>),
}

/// Inputs for which the answer is one affine map of them.
#[derive(Debug, Clone)]
pub struct Region {
    /// The inputs at the point that it was found from.
    pub base: Point,
    /// The amount of each cell.
    pub cells: Vec<Line>,
    /// The amount of each revenue decision.
    pub decisions: Vec<Line>,
    /// What each linear programme of the stages reached, in order, with its stage.
    pub stages: Vec<(Id, Line)>,
    /// Every limit as it is read at the base, with its slack.
    pub slacks: Vec<(Reading, Line)>,
    /// The cells that stand at a bound of their own throughout, by name and side.
    pub still: Vec<String>,
    /// The working set to find neighbours from.
    pub active: ActiveSet,
    checks: Checks,
    slack: Checks,
}

impl Region {
    /// Whether the inputs that lie `step` from the base are inside: decided exactly.
    pub fn has(&self, step: &Step<'_>) -> bool {
        self.checks.hold(step)
    }

    /// Marks the readings whose slack is not above zero at a step, by their places.
    pub fn binding(&self, step: &Step<'_>, mask: &mut Vec<u64>) {
        self.slack.mark(step, mask);
    }

    /// The conditions, each of which is at least zero inside.
    pub fn conditions(&self) -> &[Line] {
        self.checks.lines()
    }
}

/// How the revenue decisions of a plan stand while a region is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The stages put them where they are, and their amounts are part of the map.
    Open,
    /// At these amounts, in the order of the periods.
    At(Vec<Amount>),
}

/// The region of the answer of `plan`, over `inputs` that stand at `base`: what they say of revenue
/// counts, whatever the plan says; `None` where the answer
/// is at a kink, decides on lumps, or depends on the inputs in other ways than through right sides.
pub fn region(
    plan: &Plan,
    (inputs, base): (&[Input], &Point),
    standing: &Standing,
    start: &ActiveSet,
) -> Option<Region> {
    if !plan.lumps().is_empty() {
        return None;
    }
    let periods = plan.periods();
    let scene = Scene::new(plan, &periods, (inputs, base), standing)?;
    let own = scene.form(None);
    let moved: Vec<Formulation> = (0..inputs.len()).map(|place| scene.form(Some(place))).collect();
    let (staged, nearest, cuts) = reached(&own, start).ok()?.parts();
    let active = ActiveSet { stages: staged.known().to_vec(), ..nearest.active.clone() };
    let moving = Moving::new(&own, &moved, staged.known())?;
    let main = moving.main(&nearest, &cuts)?;
    let mut conditions = main.conditions;
    for witness in moving.witnesses()? {
        conditions.extend(witness.conditions);
    }
    conditions.extend(moving.values_keep_their_sign());
    let (cells, decisions) = main.amounts.split_at_checked(plan.cells().len())?;
    let points = points(cells, decisions, inputs.len());
    let slacks = scene.slacks(&points)?;
    conditions.extend(scene.turns(&points)?);
    conditions.retain(|line| !line.is_constant());
    let slack: Vec<Line> = slacks.iter().map(|(_, line)| line.clone()).collect();
    Some(Region {
        base: base.clone(),
        decisions: decisions.to_vec(),
        stages: moving.stages().zip(moving.values()).collect(),
        still: still(plan, cells),
        cells: cells.to_vec(),
        slacks,
        active,
        checks: Checks::new(conditions),
        slack: Checks::all(&slack),
    })
}

/// Cells and decisions at the base, and with one more of each input.
fn points(cells: &[Line], decisions: &[Line], inputs: usize) -> Vec<(Vec<Amount>, Vec<Amount>)> {
    let raised = std::iter::once(None).chain((0..inputs).map(Some));
    raised
        .map(|raised| {
            let at = |lines: &[Line]| lines.iter().map(|line| line.raised(raised)).collect();
            (at(cells), at(decisions))
        })
        .collect()
}

/// The cells that stand at a bound of their own, as `member/member at its floor`.
fn still(plan: &Plan, cells: &[Line]) -> Vec<String> {
    let name = |cell: &crate::plan::Cell| {
        let members = plan.dimensions().iter().zip(&cell.members);
        let ids: Vec<String> =
            members.map(|(axis, member)| axis.member(*member).id.to_string()).collect();
        ids.join("/")
    };
    let pairs = plan.cells().iter().zip(cells).filter(|(_, line)| line.is_constant());
    let bound = |(cell, line): (&crate::plan::Cell, &Line)| {
        if cell.weight().is_zero() {
            return None;
        }
        let side = if cell.floor().as_ref() == Some(&line.at) {
            "floor"
        } else if cell.ceiling().as_ref() == Some(&line.at) {
            "ceiling"
        } else {
            return None;
        };
        Some(format!("{} at its {side}", name(cell)))
    };
    pairs.filter_map(bound).collect()
}

/// A plan whose inputs may each be one more.
struct Scene<'a> {
    plan: &'a Plan,
    periods: &'a [Period],
    inputs: &'a [Input],
    base: &'a Point,
    /// The revenue, where stages put the decisions, and where those stand.
    opened: Option<Opened<'a>>,
    settled: Option<Vec<SettledPeriod>>,
}

impl<'a> Scene<'a> {
    fn new(
        plan: &'a Plan,
        periods: &'a [Period],
        (inputs, base): (&'a [Input], &'a Point),
        standing: &Standing,
    ) -> Option<Self> {
        let (opened, settled) = match standing {
            Standing::Open => (Some(self::opened(plan, periods)?), None),
            Standing::At(amounts) => (None, Some(settled_at(plan, periods, amounts))),
        };
        Some(Self { plan, periods, inputs, base, opened, settled })
    }

    /// What the balance rows meet.
    fn revenue(&self, raised: Option<usize>) -> Vec<PeriodRevenue> {
        let mut revenue: Vec<PeriodRevenue> = match (&self.settled, &self.opened) {
            (Some(settled), _) => {
                let pairs = self.periods.iter().zip(settled);
                pairs.map(|(period, own)| own.as_revenue(period, self.plan.quantum())).collect()
            }
            (None, Some(opened)) => opened.revenue(),
            (None, None) => Vec::new(),
        };
        for (input, (place, value)) in self.inputs.iter().zip(self.base.inputs().iter().enumerate())
        {
            if let Input::Revenue(period) = input
                && let Some(own) = revenue.get_mut(*period)
            {
                own.settled.clone_from(value);
                if raised == Some(place) {
                    own.settled += &Amount::ONE;
                }
            }
        }
        revenue
    }

    /// The plan with an input that is one more.
    fn raised(&self, raised: Option<usize>) -> &Plan {
        match raised.and_then(|place| self.inputs.get(place)) {
            Some(Input::Figure(plan)) => plan,
            _ => self.plan,
        }
    }

    /// The formulation with an input that is one more.
    fn form(&self, raised: Option<usize>) -> Formulation {
        let mut form = formulate(self.raised(raised), self.periods, &self.revenue(raised));
        if let Some(opened) = &self.opened {
            opened.prefer(&mut form);
        }
        form
    }

    /// The slack of each reading; `None` where it is no affine function of the inputs. The points
    /// are cells and decisions at the base, and with one more of each input.
    fn slacks(&self, points: &[(Vec<Amount>, Vec<Amount>)]) -> Option<Vec<(Reading, Line)>> {
        let read = |(place, (cells, decisions)): (usize, &(Vec<Amount>, Vec<Amount>))| {
            let raised = place.checked_sub(1);
            readings(self.raised(raised), cells, &self.levels(raised, decisions))
        };
        let mut all: Vec<Vec<Reading>> = points.iter().enumerate().map(read).collect();
        let moved = all.split_off(1);
        let at = all.pop()?;
        if moved.iter().any(|other| other.len() != at.len()) {
            return None;
        }
        let line = |(place, own): (usize, Reading)| {
            let rates = moved.iter().map(|other| &other[place].slack - &own.slack).collect();
            let slack = Line::new(own.slack.clone(), rates);
            (own, slack)
        };
        Some(at.into_iter().enumerate().map(line).collect())
    }

    /// The published revenue, with the decisions as they stand.
    fn levels(&self, raised: Option<usize>, decisions: &[Amount]) -> RevenueLevels {
        let quantum = self.plan.quantum();
        let mut levels = RevenueLevels::default();
        let mut decided = decisions.iter();
        let revenue = self.revenue(raised);
        for (place, (period, own)) in self.periods.iter().zip(&revenue).enumerate() {
            let mut total = own.settled.clone();
            for (entry, at) in period.entries.iter().enumerate() {
                let stated = &self.plan.revenue()[at.0].entries[at.1];
                let amount = match (&self.settled, stated.is_decision()) {
                    (Some(settled), _) => quantum.amount(settled[place].published[entry]),
                    (None, true) => {
                        let own = decided.next().cloned().unwrap_or_default();
                        total += &own;
                        own
                    }
                    (None, false) => {
                        let found = own.entries.iter().find(|(entry, _)| entry == at);
                        found.map_or_else(|| stated.prefer.clone(), |(_, amount)| amount.clone())
                    }
                };
                levels.entries.insert(*at, amount);
            }
            levels.totals.push(total);
        }
        levels
    }

    /// The net changes that turnovers add up, each of which keeps its sign; `None` where one that
    /// moves stands at zero.
    fn turns(&self, points: &[(Vec<Amount>, Vec<Amount>)]) -> Option<Vec<Line>> {
        let mut found = Vec::new();
        let limits = self.plan.limits().iter().map(|limit| self.plan.rules(limit));
        for rule in limits.flat_map(|rules| rules.to_vec()) {
            let Body::Turnover { forms, baselines, .. } = &rule.body else { continue };
            for (form, baseline) in forms.iter().zip(baselines) {
                let mut values = points.iter().map(|(cells, _)| &form.value(cells) - baseline);
                let at = values.next()?;
                let line = Line::new(at.clone(), values.map(|value| &value - &at).collect());
                if line.at.is_zero() && !line.is_constant() {
                    return None;
                }
                found.push(if line.at.is_negative() { line.negated() } else { line });
            }
        }
        Some(found)
    }
}
