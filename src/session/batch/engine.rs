//! Solves the scenarios of one file.

use std::sync::Arc;

use super::Options;
use super::atlas::Atlas;
use super::below::Below;
use super::binding::{Binding, binds};
use super::layout::{Layout, label, totals};
use super::quick::Quick;
use super::rows::Places;
use crate::plan::{Plan, readings};
use crate::report::{self, Value};
use crate::scenario::{Design, Varied};
use crate::solve::{ActiveSet, Allocation, Outcome, solve, solve_exactly};
use crate::units::{Amount, CellId};

/// What was found for one scenario.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) status: &'static str,
    pub(super) proof: &'static str,
    /// The figures that it sets; those that it leaves are no number.
    pub(super) settings: Vec<f64>,
    /// What the cells add up to, and the published revenue.
    pub(super) total: f64,
    pub(super) revenue: f64,
    /// What each linear stage reached, in order.
    pub(super) stages: Arc<[f64]>,
    /// The total of each slice, in the order of the engine's.
    pub(super) slices: Arc<[f64]>,
    /// The pressure of each limit that presses.
    pub(super) pressures: Arc<[(String, f64)]>,
    /// The limits that bind.
    pub(super) binding: Option<Arc<Binding>>,
    /// What cannot hold together, or what else is wrong.
    pub(super) remark: Option<Arc<str>>,
    /// It was read from a region.
    pub(super) reused: bool,
}

impl Found {
    /// A scenario whose file cannot be read.
    pub(super) fn faulty(remark: &str) -> Self {
        Self::without(FAULTY, "none", 0, remark)
    }

    /// A scenario without an answer.
    fn without(status: &'static str, proof: &'static str, slices: usize, remark: &str) -> Self {
        Self {
            status,
            proof,
            settings: Vec::new(),
            total: f64::NAN,
            revenue: f64::NAN,
            stages: Arc::default(),
            slices: vec![f64::NAN; slices].into(),
            pressures: Arc::default(),
            binding: None,
            remark: (!remark.is_empty()).then(|| remark.into()),
            reused: false,
        }
    }
}

/// The status of a scenario whose own values cannot be read.
pub(super) const FAULTY: &str = "problem";

/// How often regions that are looked for before a scenario is solved may not be found, at first.
const TRUST: u32 = 8;

/// Solves the scenarios of one file, and keeps what they have in common.
pub(super) struct Engine {
    below: Below,
    design: Design,
    places: Places,
    /// Where scenarios are answered from their neighbours, or from those with the same right sides.
    quick: Option<Quick>,
    totals: Vec<Vec<CellId>>,
    rounded: bool,
    pressures: bool,
    start: ActiveSet,
    /// Whether regions are looked for before scenarios are solved: how often that may fail yet where there
    /// is an answer. Each that is found lets one more fail.
    trust: u32,
}

impl Engine {
    /// Opens the file that `name` stands for.
    ///
    /// # Errors
    ///
    /// All problems of all its files, or what to write instead.
    pub(super) fn open(
        name: &str,
        (options, layout): (&Options, &Layout),
        shared: &Arc<Atlas>,
    ) -> Result<Self, String> {
        let (mut below, resolved) = Below::open(name)?;
        let (slices, totals): (Vec<String>, Vec<Vec<CellId>>) = totals(&resolved.plan, options)?
            .into_iter()
            .map(|total| (total.name, total.cells))
            .unzip();
        let varied = resolved.design.varied().iter();
        let varied: Vec<String> = varied.map(Varied::name).collect();
        let linear = resolved.plan.stages().iter().filter(|stage| stage.is_linear());
        let stages: Vec<String> = linear.map(|stage| stage.id.to_string()).collect();
        let places = layout.places(&varied, &stages, &slices);
        let design = resolved.design;
        let quick = if options.alone {
            None
        } else {
            // Neither whole figures nor pressures are maps of the right sides.
            let maps = !options.rounded && !options.pressures;
            let mut resolve = |values: &[Amount]| below.with(&design, values);
            Quick::new(&design, totals.clone(), maps.then(|| Arc::clone(shared)), &mut resolve)
        };
        Ok(Self {
            below,
            quick,
            places,
            design,
            totals,
            rounded: options.rounded,
            pressures: options.pressures,
            start: ActiveSet::default(),
            trust: TRUST,
        })
    }

    /// Where its figures stand in a row.
    pub(super) fn places(&self) -> &Places {
        &self.places
    }

    /// Scenario `index` as a file that stands on the one whose scenarios are solved.
    pub(super) fn file(&self, index: u64) -> String {
        let title = format!("{}, scenario {index}", self.below.title);
        self.design.file(&self.below.base, &title, index)
    }

    /// Solves scenario `index`, counted from 0: from a region that has it, or by itself.
    pub(super) fn solve(&mut self, index: u64) -> Found {
        let settings = self.design.settings(index);
        let float = |value: &Option<Amount>| value.as_ref().map_or(f64::NAN, Amount::nearest_f64);
        let floats = settings.iter().map(float).collect();
        Found { settings: floats, ..self.solve_at(index, settings) }
    }

    fn solve_at(&mut self, index: u64, settings: Vec<Option<Amount>>) -> Found {
        let values: Option<Vec<Amount>> = settings.into_iter().collect();
        if let Some((quick, values)) = self.quick.as_mut().zip(values.as_ref()) {
            let (below, design) = (&mut self.below, &self.design);
            quick.widen(values, &mut |values| below.with(design, values));
            if let Some(found) = quick.answer(values) {
                return found;
            }
        }
        let plan = match self.below.resolved(&self.file(index)) {
            Ok(plan) => plan,
            Err(message) => return Found::without(FAULTY, "none", self.totals.len(), &message),
        };
        let ahead = values.as_ref().filter(|_| self.trust > 0);
        if let Some(found) = ahead.and_then(|values| self.learn(&plan, values, None)) {
            self.trust += 1;
            return found;
        }
        let outcome = if self.rounded {
            solve(&plan, &self.start)
        } else {
            solve_exactly(&plan, &self.start)
        };
        if let Outcome::Optimal(found) | Outcome::Unrounded(found, _) = &outcome {
            self.start = found.active.clone();
            self.trust = self.trust.saturating_sub(1);
            let decided = found.proof.is_ok().then(|| decided(&plan, found));
            if let Some((values, decided)) = values.as_ref().zip(decided)
                && let Some(found) = self.learn(&plan, values, Some(decided))
            {
                return found;
            }
        }
        let found = self.answer(&plan, &outcome);
        if let Some((quick, values)) = self.quick.as_mut().zip(values) {
            quick.recall(&values, &found);
        }
        found
    }

    /// Finds the region of a scenario, keeps it, and reads its row from it; `None` where it has none, or
    /// the plan has to be solved first.
    fn learn(
        &mut self,
        plan: &Plan,
        values: &[Amount],
        decided: Option<Vec<Amount>>,
    ) -> Option<Found> {
        let quick = self.quick.as_mut()?;
        let (below, design) = (&mut self.below, &self.design);
        let mut resolve = |values: &[Amount]| below.with(design, values);
        quick.keep(plan, values, (decided, &self.start), &mut resolve)?;
        quick.answer(values).map(|answer| Found { reused: false, ..answer })
    }

    fn answer(&self, plan: &Plan, outcome: &Outcome) -> Found {
        let told = report::status(plan, outcome);
        let (status, proof) = (told.status, told.proof);
        match outcome {
            Outcome::Optimal(found) | Outcome::Unrounded(found, _) => {
                let read = self.read(plan, found);
                // Whether there are whole figures is no question where exact ones are given.
                if found.proof.is_ok() && !self.rounded {
                    Found { status: "optimal", proof: "optimal", ..read }
                } else {
                    Found { status, proof, ..read }
                }
            }
            Outcome::Infeasible(conflict) => {
                let remark = clash(&report::conflict(plan, conflict));
                Found::without(status, proof, self.totals.len(), &remark)
            }
            Outcome::Stopped(looked) => {
                let remark = format!("stopped after {looked} partial decisions on lumps");
                Found::without(status, proof, self.totals.len(), &remark)
            }
            Outcome::Unbounded(stage) => {
                let remark = format!("nothing stops stage `{stage}`");
                Found::without(status, proof, self.totals.len(), &remark)
            }
        }
    }

    fn read(&self, plan: &Plan, found: &Allocation) -> Found {
        let published = |cell: usize| plan.quantum().amount(found.published[cell]);
        let amounts: Vec<Amount> = if self.rounded && found.whole {
            (0..plan.cells().len()).map(published).collect()
        } else {
            found.exact.clone()
        };
        let sum =
            |cells: &[CellId]| -> Amount { cells.iter().map(|cell| &amounts[cell.index()]).sum() };
        let revenue: Amount =
            found.revenue.iter().map(|period| plan.quantum().amount(period.total)).sum();
        Found {
            status: "",
            proof: "",
            settings: Vec::new(),
            total: amounts.iter().sum::<Amount>().nearest_f64(),
            revenue: revenue.nearest_f64(),
            stages: stages(plan, found),
            slices: self.totals.iter().map(|total| sum(total).nearest_f64()).collect(),
            pressures: if self.pressures { pressures(found) } else { Arc::default() },
            binding: Some(Arc::new(binding(plan, found))),
            remark: None,
            reused: false,
        }
    }
}

/// Where the revenue decisions stand, in the order of the periods.
fn decided(plan: &Plan, found: &Allocation) -> Vec<Amount> {
    let pairs = found.periods.iter().zip(&found.revenue);
    let entries = pairs.flat_map(|(period, own)| period.entries.iter().zip(&own.exact));
    let decisions =
        entries.filter(|((line, at), _)| plan.revenue()[*line].entries[*at].is_decision());
    decisions.map(|(_, amount)| amount.clone()).collect()
}

/// What each linear stage reached.
fn stages(plan: &Plan, found: &Allocation) -> Arc<[f64]> {
    let linear = plan.stages().iter().filter(|stage| stage.is_linear());
    let own = |stage: &crate::plan::Stage| {
        let round = found.rounds.iter().find(|round| round.stage == stage.id);
        round.map_or(f64::NAN, |round| round.bound.nearest_f64())
    };
    linear.map(own).collect()
}

fn pressures(found: &Allocation) -> Arc<[(String, f64)]> {
    let named = found.pressures.iter().map(|pressure| {
        let name = label(pressure.origin.id.as_str(), &pressure.origin.member);
        (name, pressure.normalised().nearest_f64())
    });
    named.collect()
}

/// The limits that the exact amounts meet or miss.
fn binding(plan: &Plan, found: &Allocation) -> Binding {
    let read = readings(plan, &found.exact, &found.revenue_levels(plan));
    let met = read.iter().filter(|reading| !reading.slack.is_positive());
    let names: Vec<String> = met.filter_map(binds).collect();
    Binding::new(names.iter().map(String::as_str))
}

/// The limits of a conflict, as `id[member]`.
fn clash(table: &report::Table) -> String {
    let text = |value: &Value| match value {
        Value::Text(text) => text.clone(),
        _ => String::new(),
    };
    let names = table.rows.iter().map(|row| label(&text(&row.values[0]), &text(&row.values[1])));
    names.collect::<Vec<_>>().join("; ")
}
