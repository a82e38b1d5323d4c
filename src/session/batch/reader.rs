//! What rows are read from on one patch.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use super::binding::{Binding, binds};
use super::engine::Found;
use super::ground::Ground;
use crate::plan::Plan;
use crate::solve::{Frame, Line, Marks, Patch, Step, Sum};
use crate::units::{Amount, CellId};

/// The functions that rows are read from.
pub(super) struct Reader {
    decisions: Vec<Line>,
    total: Sum,
    revenue: Sum,
    stages: Vec<Sum>,
    slices: Vec<Sum>,
    slacks: Marks,
    /// What each reading is called where it counts among those that bind.
    limits: Vec<Option<String>>,
    texts: RwLock<HashMap<Vec<u64>, Arc<Binding>>>,
}

impl Reader {
    /// The reader of a patch for some totals; `None` where a limit is no affine function there.
    pub(super) fn new(
        (plan, ground, totals): (&Plan, &Ground, &[Vec<CellId>]),
        frame: &Frame,
        patch: &Patch,
    ) -> Option<Self> {
        let map = frame.map(patch)?;
        let base = frame.base().inputs();
        let inputs = base.len();
        let mut revenue = Line::sum(map.decisions.iter(), inputs);
        revenue.at += &ground.constant();
        for (place, rate) in revenue.rates.iter_mut().enumerate().take(ground.periods()) {
            *rate += &Amount::ONE;
            revenue.at += &base[place];
        }
        let over = |cells: &[CellId]| {
            Sum::new(Line::sum(cells.iter().map(|cell| &map.cells[cell.index()]), inputs))
        };
        let reached = |stage: &crate::plan::Stage| {
            let own = frame.stages().iter().find(|(id, _)| *id == stage.id);
            own.map(|(_, line)| Sum::new(line.clone()))
        };
        let linear = plan.stages().iter().filter(|stage| stage.is_linear());
        let limits = map.slacks.iter().map(|(own, _)| binds(own)).collect();
        let slacks = map.slacks.into_iter().map(|(_, line)| line).collect();
        Some(Self {
            total: Sum::new(Line::sum(map.cells.iter(), inputs)),
            revenue: Sum::new(revenue),
            stages: linear.filter_map(reached).collect(),
            slices: totals.iter().map(|cells| over(cells)).collect(),
            slacks: frame.marks(slacks),
            limits,
            decisions: map.decisions,
            texts: RwLock::default(),
        })
    }

    /// The exact amounts of the open revenue decisions.
    pub(super) fn decided(&self, step: &Step<'_>) -> Vec<Amount> {
        self.decisions.iter().map(|line| line.value(step)).collect()
    }

    /// The row of a point inside; `mask` is room to work in.
    pub(super) fn read(&self, step: &Step<'_>, mask: &mut Vec<u64>) -> Found {
        Found {
            status: "optimal",
            proof: "optimal",
            settings: Vec::new(),
            total: self.total.nearest(step),
            revenue: self.revenue.nearest(step),
            stages: self.stages.iter().map(|sum| sum.nearest(step)).collect(),
            slices: self.slices.iter().map(|sum| sum.nearest(step)).collect(),
            pressures: Vec::new(),
            binding: Some(self.binding(step, mask)),
            remark: None,
            reused: true,
        }
    }

    /// The limits that bind at a step.
    fn binding(&self, step: &Step<'_>, mask: &mut Vec<u64>) -> Arc<Binding> {
        self.slacks.mark(step, mask);
        if let Some(known) = self.texts.read().ok().and_then(|texts| texts.get(mask).cloned()) {
            return known;
        }
        let marked = |place: &usize| mask[place / 64] >> (place % 64) & 1 == 1;
        let places = (0..self.limits.len()).filter(marked);
        let names = places.filter_map(|place| self.limits[place].as_deref());
        let found = Arc::new(Binding::new(names));
        if let Ok(mut texts) = self.texts.write() {
            texts.insert(mask.clone(), Arc::clone(&found));
        }
        found
    }
}
