//! Answers scenarios from regions: where one answer is known to be an affine map, its neighbours
//! need no solver.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use super::binding::{Binding, binds};
use super::engine::Found;
use super::ground::{Ground, Resolve};
use crate::plan::Plan;
use crate::scenario::Design;
use crate::solve::{ActiveSet, Line, Point, Region, Standing, Step, Sum, region};
use crate::units::{Amount, CellId};

/// How often values are looked at that lie where some plan cannot be read.
const MOST_REFUSED: usize = 8;

/// The most regions that are kept for one file: one of a plan of 500 cells takes about a megabyte.
const MOST: usize = 1000;

/// What is known of the scenarios of one file.
pub(super) struct Quick {
    ground: Ground,
    /// The least and the greatest value of each figure between which every plan can be read.
    sound: Vec<(Amount, Amount)>,
    /// How often more was asked for than can be read.
    refused: usize,
    totals: Vec<Vec<CellId>>,
    shared: Arc<Regions>,
    /// Room to work in.
    mask: Vec<u64>,
}

/// The regions of one file, found by any thread.
#[derive(Default)]
pub(super) struct Regions {
    /// Where stages put the revenue decisions, and where those stand in whole quanta.
    open: RwLock<List>,
    settled: RwLock<List>,
}

/// Regions, and which of them were met near some inputs.
#[derive(Default)]
struct List {
    all: Vec<Arc<Ready>>,
    near: HashMap<Vec<i64>, Vec<usize>>,
}

/// A region with the functions that rows are read from.
struct Ready {
    region: Region,
    total: Sum,
    revenue: Sum,
    stages: Vec<Sum>,
    slices: Vec<Sum>,
    /// What each reading is called where it counts among those that bind.
    limits: Vec<Option<String>>,
    texts: RwLock<HashMap<Vec<u64>, Arc<Binding>>>,
}

impl Regions {
    /// How many there are.
    pub(super) fn count(&self) -> usize {
        [&self.open, &self.settled]
            .map(|list| list.read().map_or(0, |list| list.all.len()))
            .iter()
            .sum()
    }

    fn list(&self, open: bool) -> &RwLock<List> {
        if open { &self.open } else { &self.settled }
    }

    /// The region that has a point.
    fn find(&self, open: bool, point: &Point) -> Option<Arc<Ready>> {
        let key = near(point);
        let has = |ready: &Arc<Ready>| ready.region.has(&Step::new(&ready.region.base, point));
        let found = {
            let list = self.list(open).read().ok()?;
            let known = list.near.get(&key).into_iter().flatten();
            if let Some(ready) = known.map(|place| &list.all[*place]).find(|ready| has(ready)) {
                return Some(Arc::clone(ready));
            }
            list.all.iter().rposition(has)?
        };
        let mut list = self.list(open).write().ok()?;
        let known = list.near.entry(key).or_default();
        if !known.contains(&found) {
            known.push(found);
        }
        Some(Arc::clone(&list.all[found]))
    }
}

/// The neighbourhood of a point: inputs differ little inside.
#[expect(clippy::cast_possible_truncation, reason = "it saturates")]
fn near(point: &Point) -> Vec<i64> {
    const WIDE: f64 = 32.0;
    point.inputs().iter().map(|input| (input.to_f64() / WIDE) as i64).collect()
}

impl Quick {
    /// Looks at the scenarios of a design; `None` where their figures are more than right sides.
    pub(super) fn new(
        design: &Design,
        totals: Vec<Vec<CellId>>,
        shared: Arc<Regions>,
        resolve: &mut Resolve<'_>,
    ) -> Option<Self> {
        let base: Vec<Amount> = design.settings(0).into_iter().collect::<Option<_>>()?;
        let ground = Ground::new(design.varied(), &base, resolve)?;
        let sound = base.into_iter().map(|value| (value.clone(), value)).collect();
        Some(Self { ground, sound, refused: 0, totals, shared, mask: Vec::new() })
    }

    /// The answer of the scenario with these values, where a region has it.
    pub(super) fn answer(&mut self, values: &[Amount]) -> Option<Found> {
        if !self.is_sound(values) {
            return None;
        }
        let ground = &self.ground;
        let inputs = ground.inputs(values);
        if !ground.is_open() {
            let point = Point::new(ground.with(inputs, &ground.decisions.preferred()));
            return Some(self.shared.find(false, &point)?.read(&point, &mut self.mask));
        }
        let point = Point::new(inputs);
        let ready = self.shared.find(true, &point)?;
        let exact = ready.decided(&point);
        let whole = ground.decisions.beyond(&exact);
        if whole == exact {
            return Some(ready.read(&point, &mut self.mask));
        }
        let point = Point::new(ground.with(point.inputs().to_vec(), &whole));
        Some(self.shared.find(false, &point)?.read(&point, &mut self.mask))
    }

    /// Whether all values lie where every plan can be read.
    fn is_sound(&self, values: &[Amount]) -> bool {
        let mut pairs = values.iter().zip(&self.sound);
        pairs.all(|(value, (least, most))| value >= least && value <= most)
    }

    /// Widens what is known to be readable to these values, where it is.
    pub(super) fn widen(&mut self, values: &[Amount], resolve: &mut Resolve<'_>) {
        if self.is_sound(values) || self.refused >= MOST_REFUSED {
            return;
        }
        let wide: Vec<(Amount, Amount)> = (self.sound.iter().zip(values))
            .map(|((least, most), value)| (least.min(value).clone(), most.max(value).clone()))
            .collect();
        let corners = 1_usize << wide.len();
        let sound = (0..corners).all(|corner| {
            let pick = |(place, (least, most)): (usize, &(Amount, Amount))| {
                if corner >> place & 1 == 0 { least.clone() } else { most.clone() }
            };
            let values: Vec<Amount> = wide.iter().enumerate().map(pick).collect();
            resolve(&values).is_some()
        });
        if sound {
            self.sound = wide;
        } else {
            self.refused += 1;
        }
    }

    /// Finds the regions of a scenario that was solved, and keeps them; gives how many they are.
    pub(super) fn keep(
        &self,
        plan: &Plan,
        values: &[Amount],
        (decided, start): (Vec<Amount>, &ActiveSet),
        resolve: &mut Resolve<'_>,
    ) -> u64 {
        if self.shared.count() >= MOST {
            return 0;
        }
        let mut count = 0;
        let ground = &self.ground;
        let Some(inputs) = ground.kinds(values, resolve) else { return 0 };
        let base = ground.inputs(values);
        let mut standing = ground.decisions.preferred();
        if ground.is_open() {
            let base = Point::new(base.clone());
            let exact = if let Some(ready) = self.shared.find(true, &base) {
                ready.decided(&base)
            } else {
                let found = region(plan, (&inputs, &base), &Standing::Open, start);
                let Some(found) = found else { return 0 };
                let exact = found.decisions.iter().map(|line| line.at.clone()).collect();
                self.add(plan, found, true);
                count += 1;
                exact
            };
            standing = ground.decisions.beyond(&exact);
            if standing == exact {
                return count;
            }
        } else if decided != standing {
            return 0;
        }
        let base = Point::new(ground.with(base, &standing));
        let standing = Standing::At(standing);
        if let Some(found) = region(plan, (&inputs, &base), &standing, start) {
            self.add(plan, found, false);
            count += 1;
        }
        count
    }

    /// Keeps a region for all threads.
    fn add(&self, plan: &Plan, found: Region, open: bool) {
        let ready = self.ready(plan, found);
        if let Ok(mut list) = self.shared.list(open).write() {
            list.all.push(Arc::new(ready));
        }
    }

    fn ready(&self, plan: &Plan, mut region: Region) -> Ready {
        let inputs = region.base.inputs().len();
        let mut revenue = Line::sum(region.decisions.iter(), inputs);
        revenue.at += &self.ground.constant();
        for (place, rate) in revenue.rates.iter_mut().enumerate().take(self.ground.periods()) {
            *rate += &Amount::ONE;
            revenue.at += &region.base.inputs()[place];
        }
        let over = |cells: &[CellId]| {
            Sum::new(Line::sum(cells.iter().map(|cell| &region.cells[cell.index()]), inputs))
        };
        let reached = |stage: &crate::plan::Stage| {
            let own = region.stages.iter().find(|(id, _)| *id == stage.id);
            own.map(|(_, line)| line.clone())
        };
        let names = plan.stages().iter().filter(|stage| stage.is_linear());
        let total = Sum::new(Line::sum(region.cells.iter(), inputs));
        let stages = names.filter_map(reached).map(Sum::new).collect();
        let slices = self.totals.iter().map(|cells| over(cells)).collect();
        let limits = region.slacks.iter().map(|(own, _)| binds(own)).collect();
        // What rows are read from is drawn from these, and they are large.
        (region.cells, region.slacks) = (Vec::new(), Vec::new());
        let (revenue, texts) = (Sum::new(revenue), RwLock::default());
        Ready { region, total, revenue, stages, slices, limits, texts }
    }
}

impl Ready {
    /// The exact amounts of the revenue decisions at a point.
    fn decided(&self, point: &Point) -> Vec<Amount> {
        let step = Step::new(&self.region.base, point);
        self.region.decisions.iter().map(|line| line.value(&step)).collect()
    }

    /// The row of a point inside; `mask` is room to work in.
    fn read(&self, point: &Point, mask: &mut Vec<u64>) -> Found {
        let step = &Step::new(&self.region.base, point);
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
            regions: 0,
        }
    }

    /// The limits that bind at a step.
    fn binding(&self, step: &Step<'_>, mask: &mut Vec<u64>) -> Arc<Binding> {
        self.region.binding(step, mask);
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
