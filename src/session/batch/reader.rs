//! What rows are read from on one patch.

use std::sync::Arc;

use super::binding::Binding;
use super::engine::Found;
use super::ground::Ground;
use super::names::Names;
use crate::plan::Plan;
use crate::solve::{Frame, Glance, Line, Marks, Patch, Step, Sum};
use crate::units::{Amount, CellId};

/// The functions that rows are read from.
pub(super) struct Reader {
    decisions: Vec<Line>,
    total: Sum,
    revenue: Sum,
    stages: Vec<Sum>,
    slices: Vec<Sum>,
    slacks: Marks,
}

/// The functions that rows are read from without a long fraction, where their digits tell.
pub(super) struct Glancing {
    glance: Glance,
    /// `None` where open decisions are not known exactly: they then do not stand, and no row is read.
    revenue: Option<Sum>,
    stages: Vec<Sum>,
}

impl Reader {
    /// The reader of a patch for some totals; `None` where a limit is no affine function there.
    pub(super) fn new(
        (plan, ground, totals): (&Plan, &Ground, &[Vec<CellId>]),
        frame: &Frame,
        patch: &Patch,
    ) -> Option<Self> {
        let map = frame.map(patch)?;
        let inputs = frame.base().inputs().len();
        let decided = Line::sum(map.decisions.iter(), inputs);
        let over = |cells: &[CellId]| {
            Sum::new(Line::sum(cells.iter().map(|cell| &map.cells[cell.index()]), inputs))
        };
        let slacks = map.slacks.into_iter().map(|(_, line)| line).collect();
        Some(Self {
            total: Sum::new(Line::sum(map.cells.iter(), inputs)),
            revenue: Sum::new(revenue(ground, frame, decided)),
            stages: stages(plan, frame),
            slices: totals.iter().map(|cells| over(cells)).collect(),
            slacks: frame.marks(slacks),
            decisions: map.decisions,
        })
    }

    /// The exact amounts of the open revenue decisions.
    pub(super) fn decided(&self, step: &Step<'_>) -> Vec<Amount> {
        self.decisions.iter().map(|line| line.value(step)).collect()
    }

    /// The row of a point inside; `mask` is room to work in.
    pub(super) fn read(&self, step: &Step<'_>, names: &Names, mask: &mut Vec<u64>) -> Found {
        self.slacks.mark(step, mask);
        let slices = self.slices.iter().map(|sum| sum.nearest(step)).collect();
        let sums = (self.total.nearest(step), self.revenue.nearest(step), slices);
        row(sums, &self.stages, step, names.binding(mask))
    }
}

impl Glancing {
    /// The functions of a patch for some totals; `None` where exact ones are needed.
    pub(super) fn new(
        (plan, ground, totals): (&Plan, &Ground, &[Vec<CellId>]),
        frame: &Frame,
        patch: &Patch,
    ) -> Option<Self> {
        let all: Vec<CellId> = (0..plan.cells().len()).map(CellId::new).collect();
        let lists: Vec<&[CellId]> =
            std::iter::once(&all).chain(totals).map(Vec::as_slice).collect();
        let glance = Glance::new(frame, patch, &lists)?;
        let decided = glance.added(frame.base().inputs().len());
        let revenue = decided.map(|decided| Sum::new(revenue(ground, frame, decided)));
        Some(Self { glance, revenue, stages: stages(plan, frame) })
    }

    /// Between which amounts each open revenue decision stands.
    pub(super) fn decided(&self, step: &Step<'_>) -> Option<Vec<(Amount, Amount)>> {
        self.glance.decided(step)
    }

    /// The slacks that may be zero or less where each input steps within its range.
    pub(super) fn open_within(&self, room: &[(f64, f64)]) -> Vec<usize> {
        self.glance.open_within(room)
    }

    /// The row of a point inside, at which no slack is zero or less but those that may be; where digits
    /// tell it. `mask` is room to work in.
    pub(super) fn read(
        &self,
        (step, slacks): (&Step<'_>, &[usize]),
        names: &Names,
        mask: &mut Vec<u64>,
    ) -> Option<Found> {
        let revenue = self.revenue.as_ref()?.nearest(step);
        let mut sums = self.glance.sums(step)?;
        self.glance.mark(slacks, step, mask)?;
        let slices = sums.split_off(1);
        Some(row((sums.pop()?, revenue, slices), &self.stages, step, names.binding(mask)))
    }
}

/// A row with its total, its revenue and its slices.
fn row(
    (total, revenue, slices): (f64, f64, Vec<f64>),
    stages: &[Sum],
    step: &Step<'_>,
    binding: Arc<Binding>,
) -> Found {
    Found {
        status: "optimal",
        proof: "optimal",
        settings: Vec::new(),
        total,
        revenue,
        stages: stages.iter().map(|sum| sum.nearest(step)).collect(),
        slices: slices.into(),
        pressures: Arc::default(),
        binding: Some(binding),
        remark: None,
        reused: true,
    }
}

/// The published revenue, of which open decisions add up to `decided`.
fn revenue(ground: &Ground, frame: &Frame, mut decided: Line) -> Line {
    let base = frame.base().inputs();
    decided.at += &ground.constant();
    for (place, rate) in decided.rates.iter_mut().enumerate().take(ground.periods()) {
        *rate += &Amount::ONE;
        decided.at += &base[place];
    }
    decided
}

/// What each linear stage reaches.
fn stages(plan: &Plan, frame: &Frame) -> Vec<Sum> {
    let reached = |stage: &crate::plan::Stage| {
        let own = frame.stages().iter().find(|(id, _)| *id == stage.id);
        own.map(|(_, line)| Sum::new(line.clone()))
    };
    plan.stages().iter().filter(|stage| stage.is_linear()).filter_map(reached).collect()
}
