use std::sync::Arc;

use super::{
    Attribution, Axis, Balance, Cell, Control, Dimension, Driver, Fault, Fund, Hold, Level, Limit,
    Measure, Pick, Provenance, RevenueLine, Slice, Stage, Transfers,
    bound::{LeftOut, Nudge},
    cell_checks, checks, limit_checks, lump,
    memo::Memo,
    stage_checks,
};
use crate::units::{Amount, CellId, MemberId, Quantum};

/// The parts of a plan, as files state them.
#[derive(Debug, Clone)]
pub struct PlanParts {
    /// Its name for people.
    pub title: String,
    /// The name of the scenario, where there is one.
    pub scenario: Option<String>,
    /// The currency of its amounts.
    pub currency: String,
    /// How much of the currency one plan unit is.
    pub scale: u32,
    /// The smallest step of a published figure.
    pub quantum: Quantum,
    /// Who adopted it.
    pub authority: Option<String>,
    /// Its axes.
    pub dimensions: Vec<Dimension>,
    /// Its cells, in any order.
    pub cells: Vec<Cell>,
    /// The baseline of each cell before a scenario restated it, for the controls.
    pub stated: Vec<Amount>,
    /// Totals that its figures must add up to.
    pub controls: Vec<Control>,
    /// Numbers that revenue multiplies.
    pub drivers: Vec<Driver>,
    /// Where its money comes from.
    pub revenue: Vec<RevenueLine>,
    /// How expenses are tied to revenue; `None` where they are not.
    pub balance: Option<Balance>,
    /// Its limits.
    pub limits: Vec<Limit>,
    /// The planner's pins.
    pub holds: Vec<Hold>,
    /// Linear forms that limits and stages may count.
    pub measures: Vec<Measure>,
    /// Conserving families of measures.
    pub attributions: Vec<Attribution>,
    /// Earmarked revenue.
    pub funds: Vec<Fund>,
    /// Its objectives, in order; the calibration is always the last.
    pub stages: Vec<Stage>,
}

/// A validated financial plan: ids are known, bounds are in order, controls add up.
///
/// Its cells are in declared member order, whatever the order of the rows in the file.
#[derive(Debug, Clone)]
pub struct Plan {
    pub(super) parts: Arc<PlanParts>,
    transfers: Transfers,
    pub(super) nudge: Option<Nudge>,
    pub(super) left_out: Option<LeftOut>,
    pub(super) memo: Memo,
}

/// The cells and the revenue that one balance row ties together.
#[derive(Debug, Clone)]
pub struct Period {
    /// The time member it holds for; `None` without a time dimension.
    pub member: Option<MemberId>,
    /// Its cells, ascending.
    pub cells: Vec<CellId>,
    /// Its revenue entries: the place of the line, and of the entry in it.
    pub entries: Vec<(usize, usize)>,
}

impl Plan {
    /// Validates `parts`. Warnings come with the plan.
    ///
    /// # Errors
    ///
    /// Every fault found, with the warnings, where at least one is an error.
    pub fn new(mut parts: PlanParts) -> Result<(Self, Vec<Fault>), Vec<Fault>> {
        let mut faults = cell_checks::cells(&parts);
        if !parts.cells.is_sorted_by(|a, b| a.members <= b.members) {
            let mut order: Vec<usize> = (0..parts.cells.len()).collect();
            order.sort_by(|a, b| parts.cells[*a].members.cmp(&parts.cells[*b].members));
            parts.cells = order.iter().map(|place| parts.cells[*place].clone()).collect();
            parts.stated = order.iter().map(|place| parts.stated[*place].clone()).collect();
        }
        lump::add_stage(&mut parts);
        let memo = Memo::of(&parts);
        let plan = Self {
            parts: Arc::new(parts),
            transfers: Transfers::default(),
            nudge: None,
            left_out: None,
            memo,
        };
        faults.extend(checks::controls(&plan));
        faults.extend(checks::revenue(&plan));
        faults.extend(limit_checks::limits(&plan));
        faults.extend(checks::holds(&plan));
        faults.extend(stage_checks::stages(&plan));
        if faults.iter().any(|fault| fault.severity == super::Severity::Error) {
            return Err(faults);
        }
        plan.memo.keep(&plan.parts);
        Ok((plan, faults))
    }

    /// The same plan with transfers settled against its parent's published answer.
    #[must_use]
    pub fn with_transfers(mut self, transfers: Transfers) -> Self {
        self.transfers = transfers;
        self
    }

    /// The same plan with other ends for one entry of a revenue line: the place of the line, and of
    /// the entry in it.
    #[must_use]
    pub fn with_range(mut self, entry: (usize, usize), min: Amount, max: Amount) -> Self {
        let parts = Arc::make_mut(&mut self.parts);
        let own = &mut parts.revenue[entry.0].entries[entry.1];
        (own.min, own.max) = (min, max);
        self.memo = Memo::default();
        self
    }

    /// Its name for people.
    pub fn title(&self) -> &str {
        &self.parts.title
    }

    /// The name of its scenario for people, where there is one.
    pub fn scenario(&self) -> Option<&str> {
        self.parts.scenario.as_deref()
    }

    /// The currency of its amounts.
    pub fn currency(&self) -> &str {
        &self.parts.currency
    }

    /// How much of the currency one plan unit is.
    pub fn scale(&self) -> u32 {
        self.parts.scale
    }

    /// The name of a plan unit: `kCHF`, `MCHF`, `CHF` or `100 CHF`.
    pub fn unit(&self) -> String {
        match self.parts.scale {
            1 => self.parts.currency.clone(),
            1000 => format!("k{}", self.parts.currency),
            1_000_000 => format!("M{}", self.parts.currency),
            scale => format!("{scale} {}", self.parts.currency),
        }
    }

    /// The smallest step of a published figure.
    pub fn quantum(&self) -> Quantum {
        self.parts.quantum
    }

    /// Who adopted it.
    pub fn authority(&self) -> Option<&str> {
        self.parts.authority.as_deref()
    }

    /// Its axes, in declared order.
    pub fn dimensions(&self) -> &[Dimension] {
        &self.parts.dimensions
    }

    /// The place of its time dimension.
    pub fn time(&self) -> Option<usize> {
        self.parts.dimensions.iter().position(Dimension::is_time)
    }

    /// The id of the time member that a revenue entry is stated for; empty without one.
    pub fn entry_time(&self, entry: &super::RevenueEntry) -> &str {
        let member = entry.at.zip(self.time());
        member.map_or("", |(member, time)| self.dimensions()[time].member(member).id.as_str())
    }

    /// Its cells, in declared member order; a [`CellId`] is a place in this list.
    pub fn cells(&self) -> &[Cell] {
        &self.parts.cells
    }

    /// The cell of place `id`.
    pub fn cell(&self, id: CellId) -> &Cell {
        &self.parts.cells[id.index()]
    }

    /// For each cell, the baseline that its file states, before a scenario restated it.
    pub fn stated_baselines(&self) -> &[Amount] {
        &self.parts.stated
    }

    /// Totals that its figures must add up to.
    pub fn controls(&self) -> &[Control] {
        &self.parts.controls
    }

    /// Numbers that revenue multiplies.
    pub fn drivers(&self) -> &[Driver] {
        &self.parts.drivers
    }

    /// Where its money comes from, in declared order.
    pub fn revenue(&self) -> &[RevenueLine] {
        &self.parts.revenue
    }

    /// How expenses are tied to revenue.
    pub fn balance(&self) -> Option<Balance> {
        self.parts.balance
    }

    /// Its limits, in declared order.
    pub fn limits(&self) -> &[Limit] {
        &self.parts.limits
    }

    /// Linear forms that limits and stages may count.
    pub fn measures(&self) -> &[Measure] {
        &self.parts.measures
    }

    /// Conserving families of measures.
    pub fn attributions(&self) -> &[Attribution] {
        &self.parts.attributions
    }

    /// Earmarked revenue.
    pub fn funds(&self) -> &[Fund] {
        &self.parts.funds
    }

    /// Its objectives, in order.
    pub fn stages(&self) -> &[Stage] {
        &self.parts.stages
    }

    /// The planner's pins, lapsed ones too.
    pub fn holds(&self) -> &[Hold] {
        &self.parts.holds
    }

    /// The transfers of its scenario.
    pub fn transfers(&self) -> &Transfers {
        &self.transfers
    }

    /// The pick of one member of a dimension.
    pub fn pick_of(&self, dimension: usize, member: MemberId) -> Pick {
        let axis = &self.parts.dimensions[dimension];
        Pick::new(axis, &[member], axis.member(member).id.to_string())
    }

    /// The cells that `slice` selects, ascending.
    pub fn select(&self, slice: &Slice) -> Vec<CellId> {
        if slice.is_all() {
            return (0..self.cells().len()).map(CellId::new).collect();
        }
        (0..self.cells().len())
            .map(CellId::new)
            .filter(|id| slice.has(&self.cell(*id).members))
            .collect()
    }

    pub(super) fn read_periods(&self) -> Vec<Period> {
        let entries = |keep: &dyn Fn(Option<MemberId>) -> bool| -> Vec<(usize, usize)> {
            let of_line = |(line, revenue): (usize, &RevenueLine)| {
                let kept: Vec<(usize, usize)> = (0..revenue.entries.len())
                    .filter(|entry| keep(revenue.entries[*entry].at))
                    .map(|entry| (line, entry))
                    .collect();
                kept
            };
            self.revenue().iter().enumerate().flat_map(of_line).collect()
        };
        let level = self.balance().and_then(|balance| balance.level);
        let (Some(time), Some(level)) = (self.time(), level) else {
            let cells = self.select(&Slice::all(self.dimensions().len()));
            return vec![Period { member: None, cells, entries: entries(&|_| true) }];
        };
        let axis = Axis { dimension: time, level };
        let dimension = &self.dimensions()[time];
        let groups = self.groups(&Slice::all(self.dimensions().len()), &[axis]);
        let cells_of = |member: MemberId| {
            groups.iter().find(|g| g.key == [member]).map(|g| g.cells.clone()).unwrap_or_default()
        };
        dimension
            .at(level)
            .into_iter()
            .map(|member| Period {
                member: Some(member),
                cells: cells_of(member),
                entries: entries(&|at| at.is_some_and(|at| self.lies_under(time, at, member))),
            })
            .collect()
    }

    /// Whether `member` is `above` or lies under it.
    pub fn lies_under(&self, dimension: usize, member: MemberId, above: MemberId) -> bool {
        let axis = &self.dimensions()[dimension];
        std::iter::successors(Some(member), |m| axis.member(*m).parent).any(|m| m == above)
    }

    /// How the total of `slice` came to be known: a control on the very slice says so, and a total
    /// finer than a controlled one is at best derived.
    pub fn provenance(&self, slice: &Slice, cells: &[CellId]) -> Provenance {
        let stated = |control: &&Control| control.of == super::ControlOf::Baseline;
        if let Some(control) = self.controls().iter().filter(stated).find(|c| c.on == *slice) {
            return control.provenance;
        }
        let weakest =
            cells.iter().map(|id| self.cell(*id).provenance).max().unwrap_or(Provenance::Confirmed);
        if self.controls().is_empty() { weakest } else { weakest.and(Provenance::Derived) }
    }

    /// The level of each dimension's leaves, for groups of single cells.
    pub fn leaf_axes(&self) -> Vec<Axis> {
        (0..self.dimensions().len())
            .map(|dimension| Axis { dimension, level: Level::Leaves })
            .collect()
    }
}
