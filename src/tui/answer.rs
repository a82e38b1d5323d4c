//! What the solver found, as the screens need it.

use std::sync::Arc;

use crate::explain;
use crate::plan::{Plan, Reading};
use crate::report;
use crate::scenario::{Remark, Resolved};
use crate::solve::{Allocation, Outcome};
use crate::units::{Amount, CellId};

/// What was found for one text of the scenario.
#[derive(Debug, Clone)]
pub enum Found {
    /// An allocation.
    Allocated(Arc<Answer>),
    /// Limits that cannot hold together.
    Infeasible(Arc<Clashes>),
    /// The text cannot be used: what is wrong, and what to do, line by line.
    Refused(Vec<String>),
}

/// A solved scenario.
#[derive(Debug)]
pub struct Answer {
    /// The effective plan.
    pub plan: Arc<Plan>,
    /// What planners note about slices of it.
    pub remarks: Arc<[Remark]>,
    /// Its allocation.
    pub allocation: Box<Allocation>,
    /// The published amounts, one a cell, in plan units.
    pub amounts: Vec<Amount>,
    /// `optimal` or `unrounded`.
    pub status: &'static str,
    /// The limit that no whole figures satisfy; then the amounts are exact ones.
    pub obstacle: Option<String>,
    /// How far it is proven: `none`, `feasible` or `optimal`.
    pub proof: &'static str,
    /// How many microseconds it took to load and to solve.
    pub took: u64,
    /// What a planner should know of the files.
    pub warnings: Vec<String>,
    /// The values of drivers, revenue lines and limits: dotted key and value, as a file writes them.
    pub stated: Vec<(String, String)>,
    /// What the scenario has taken out: dotted key and title.
    pub gone: Vec<(String, String)>,
}

/// Limits that cannot hold together.
#[derive(Debug)]
pub struct Clashes {
    /// One limit a line: its name, what it asks, and who set it.
    pub parts: Vec<ClashLine>,
    /// How they miss one another, in sentences.
    pub sentences: Vec<String>,
    /// The plan that they are of.
    pub plan: Arc<Plan>,
    /// What planners note about slices of it.
    pub remarks: Arc<[Remark]>,
    /// The values of drivers, revenue lines and limits: dotted key and value, as a file writes them.
    pub stated: Vec<(String, String)>,
    /// What the scenario has taken out: dotted key and title.
    pub gone: Vec<(String, String)>,
}

/// One limit of a conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClashLine {
    /// What it is called.
    pub name: String,
    /// What it asks: `≥ 230 000`; nothing where its name says that.
    pub asks: String,
    /// Who set it.
    pub authority: String,
}

/// A scenario that was read: its plan, and what else an answer tells of it.
pub(super) struct Loaded {
    pub(super) plan: Arc<Plan>,
    pub(super) remarks: Arc<[Remark]>,
    warnings: Vec<String>,
    pub(super) stated: Vec<(String, String)>,
    pub(super) gone: Vec<(String, String)>,
}

impl From<Resolved> for Loaded {
    fn from(resolved: Resolved) -> Self {
        let stated = resolved.values_within(&["driver", "revenue", "limit"]).into_iter();
        let Resolved { plan, warnings, remarks, gone, .. } = resolved;
        Self {
            plan: Arc::new(plan),
            remarks: remarks.into(),
            warnings: warnings.into_iter().map(|problem| problem.message).collect(),
            stated: stated.map(|stated| (stated.path, stated.value)).collect(),
            gone,
        }
    }
}

/// The exact amounts of a scenario whose whole figures are still being found.
#[derive(Debug)]
pub struct Calibrated {
    /// The effective plan.
    pub plan: Arc<Plan>,
    /// What planners note about slices of it.
    pub remarks: Arc<[Remark]>,
    /// The exact amounts, one a cell, in plan units.
    pub amounts: Vec<Amount>,
    /// The published revenue; `None` without a balance.
    pub revenue: Option<Amount>,
}

impl Calibrated {
    /// The exact amounts of a plan, and its revenue by period.
    pub(super) fn new(loaded: &Loaded, amounts: Vec<Amount>, revenue: &[Amount]) -> Self {
        let (plan, remarks) = (loaded.plan.clone(), loaded.remarks.clone());
        let revenue = plan.balance().map(|_| revenue.iter().sum());
        Self { plan, remarks, amounts, revenue }
    }
}

/// The amounts of a plan's cells, whole or not.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    /// The effective plan.
    pub plan: &'a Plan,
    /// What planners note about slices of it.
    pub remarks: &'a [Remark],
    /// The amounts, one a cell, in plan units.
    pub amounts: &'a [Amount],
    /// What was found beside them; nothing where the whole figures are still being found.
    pub allocation: Option<&'a Allocation>,
}

impl<'a> From<&'a Answer> for Seen<'a> {
    fn from(answer: &'a Answer) -> Self {
        let (plan, amounts) = (&*answer.plan, &*answer.amounts);
        Self { plan, remarks: &answer.remarks, amounts, allocation: Some(&answer.allocation) }
    }
}

impl<'a> From<&'a Calibrated> for Seen<'a> {
    fn from(found: &'a Calibrated) -> Self {
        let (plan, amounts) = (&*found.plan, &*found.amounts);
        Self { plan, remarks: &found.remarks, amounts, allocation: None }
    }
}

impl<'a> Seen<'a> {
    /// What is noted about the slice of these very cells.
    pub fn remark(&self, cells: &[CellId]) -> Option<&'a Remark> {
        self.remarks.iter().find(|remark| self.plan.select(&remark.on) == cells)
    }

    /// The sum of the amounts of some cells.
    pub fn sum(&self, cells: &[CellId]) -> Amount {
        cells.iter().map(|cell| &self.amounts[cell.index()]).sum()
    }

    /// The sum of the baselines of some cells.
    pub fn baseline(&self, cells: &[CellId]) -> Amount {
        cells.iter().map(|cell| &self.plan.cell(*cell).baseline).sum()
    }
}

impl Answer {
    /// What the solver's outcome shows; `None` where it has no allocation.
    pub(super) fn new(loaded: Loaded, outcome: Outcome, took: u64) -> Option<Self> {
        let Loaded { plan, remarks, warnings, stated, gone } = loaded;
        let status = report::status(&plan, &outcome);
        let (allocation, obstacle) = match outcome {
            Outcome::Optimal(allocation) => (allocation, None),
            Outcome::Unrounded(found, origin) => (found, Some(explain::origin_text(&origin))),
            _ => return None,
        };
        let amounts = (0..plan.cells().len())
            .map(|place| allocation.amount(&plan, CellId::new(place)))
            .collect();
        Some(Self {
            allocation,
            amounts,
            status: status.status,
            obstacle,
            proof: status.proof,
            took,
            warnings,
            stated,
            gone,
            remarks,
            plan,
        })
    }

    /// The sum of the published amounts of some cells.
    pub fn sum(&self, cells: &[CellId]) -> Amount {
        Seen::from(self).sum(cells)
    }

    /// The sum of the baselines of some cells.
    pub fn baseline(&self, cells: &[CellId]) -> Amount {
        Seen::from(self).baseline(cells)
    }

    /// The published revenue; `None` without a balance.
    pub fn revenue(&self) -> Option<Amount> {
        self.plan.balance()?;
        let quantum = self.plan.quantum();
        Some(self.allocation.revenue.iter().map(|period| quantum.amount(period.total)).sum())
    }

    /// How many hard limits bind.
    pub fn binding(&self) -> usize {
        self.allocation.readings.iter().filter(|reading| self.binds(reading)).count()
    }

    /// Whether a limit presses or has nothing left.
    pub fn binds(&self, reading: &Reading) -> bool {
        self.pressure(reading).is_some() || !reading.slack.is_positive()
    }

    /// The pressure of a limit, as a relative change.
    pub fn pressure(&self, reading: &Reading) -> Option<Amount> {
        use crate::plan::Sense;
        let find = |up| {
            explain::pressure(&self.allocation, reading.kind, &reading.id, &reading.member, up)
        };
        match reading.sense {
            Sense::Floor => find(true),
            Sense::Ceiling => find(false),
            Sense::Equal => find(true).or_else(|| find(false)),
        }
    }
}
