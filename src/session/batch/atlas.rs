//! The regions of one file, found by any thread.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, RwLock};

use super::reader::Reader;
use crate::solve::{ActiveSet, Bend, Frame, On, Patch, Point, Step};

/// The most patches that are kept for one file.
const MOST: usize = 20_000;
/// The most frames: each holds a plan.
const MOST_FRAMES: usize = 64;
/// The most bends of one walk.
const MOST_BENDS: usize = 400;
/// The most neighbourhoods that are remembered on one face.
const MOST_NEAR: usize = 1 << 16;

/// The regions of one file.
#[derive(Default)]
pub(super) struct Atlas {
    /// Where stages put the revenue decisions.
    open: RwLock<Vec<Arc<Sheet>>>,
    /// Where those stand in whole quanta, or there are none.
    settled: RwLock<Vec<Arc<Sheet>>>,
}

/// A frame with the patches that were found on each of its faces.
pub(super) struct Sheet {
    pub(super) frame: Frame,
    faces: Vec<RwLock<List>>,
}

/// Patches of one face, and which of them were met near some inputs.
#[derive(Default)]
struct List {
    all: Vec<Arc<Chart>>,
    near: HashMap<Vec<i64>, Vec<usize>>,
}

/// A patch, with what rows are read from once one was.
pub(super) struct Chart {
    pub(super) patch: Patch,
    pub(super) reader: OnceLock<Option<Reader>>,
    /// Where walks came to an end.
    walls: RwLock<Vec<Bend>>,
}

impl Chart {
    fn new(patch: Patch) -> Arc<Self> {
        Arc::new(Self { patch, reader: OnceLock::new(), walls: RwLock::default() })
    }

    /// Whether a walk came to an end where another one leaves.
    fn stops(&self, bend: &Bend) -> bool {
        self.walls.read().is_ok_and(|walls| walls.iter().any(|wall| wall.is_same(bend)))
    }
}

/// Where a point lies: a patch of each face of a frame, that of the amounts first.
pub(super) struct Place {
    pub(super) sheet: Arc<Sheet>,
    pub(super) charts: Vec<Arc<Chart>>,
}

impl Atlas {
    fn sheets(&self, open: bool) -> Vec<Arc<Sheet>> {
        let list = if open { &self.open } else { &self.settled };
        list.read().map(|list| list.clone()).unwrap_or_default()
    }

    /// How many patches are known.
    pub(super) fn patches(&self) -> usize {
        let all = [true, false].into_iter().flat_map(|open| self.sheets(open));
        all.map(|sheet| sheet.patches()).sum()
    }

    /// The region that has a point: a known one, or one that a walk from a known one leads to.
    pub(super) fn find(&self, open: bool, point: &Point) -> Option<Place> {
        let sheets = self.sheets(open);
        let known = sheets.iter().rev().find_map(|sheet| sheet.find(point));
        known.or_else(|| {
            let room = self.patches() < MOST;
            let mut sheets = sheets;
            sheets.sort_by(|a, b| a.distance(point).total_cmp(&b.distance(point)));
            sheets.iter().find_map(|sheet| sheet.reach(point, room))
        })
    }

    /// Keeps the region of a point that was solved, from what its answer leans on, or from what
    /// `make` finds with the frames that are known.
    pub(super) fn keep(
        &self,
        open: bool,
        (active, point): (&ActiveSet, &Point),
        make: impl FnOnce(&[&Frame]) -> Option<(On, Vec<Patch>)>,
    ) -> Option<Place> {
        if self.patches() >= MOST {
            return None;
        }
        let sheets = self.sheets(open);
        for sheet in sheets.iter().rev() {
            let fits = sheet.frame.has(&sheet.frame.step(point));
            if let Some(patches) = fits.then(|| sheet.frame.adopt(active, point)).flatten() {
                sheet.take(patches);
                return sheet.find(point);
            }
        }
        let known: Vec<&Frame> = sheets.iter().map(|sheet| &sheet.frame).collect();
        let (on, patches) = make(&known)?;
        let sheet = match on {
            On::Known(place) => Arc::clone(sheets.get(place)?),
            On::New(frame) => {
                let mut list = if open { &self.open } else { &self.settled }.write().ok()?;
                if list.len() >= MOST_FRAMES {
                    return None;
                }
                let faces = (0..frame.faces()).map(|_| RwLock::default()).collect();
                list.push(Arc::new(Sheet { frame: *frame, faces }));
                Arc::clone(list.last()?)
            }
        };
        sheet.take(patches);
        sheet.find(point)
    }
}

impl Sheet {
    fn patches(&self) -> usize {
        self.faces.iter().map(|face| face.read().map_or(0, |list| list.all.len())).sum()
    }

    /// How far a point lies from the nearest patch of the amounts.
    fn distance(&self, point: &Point) -> f64 {
        let Some(Ok(list)) = self.faces.first().map(|face| face.read()) else {
            return f64::INFINITY;
        };
        let far = |chart: &Arc<Chart>| chart.patch.home().distance(point);
        list.all.iter().map(far).fold(f64::INFINITY, f64::min)
    }

    /// Keeps a patch of each face.
    fn take(&self, patches: Vec<Patch>) {
        for (face, patch) in self.faces.iter().zip(patches) {
            add(face, patch);
        }
    }

    fn find(self: &Arc<Self>, point: &Point) -> Option<Place> {
        let step = self.frame.step(point);
        if !self.frame.has(&step) {
            return None;
        }
        let charts = self.faces.iter().map(|face| find(face, point, &step));
        Some(Place { charts: charts.collect::<Option<_>>()?, sheet: Arc::clone(self) })
    }

    /// Walks to a point on every face whose patches do not have it yet.
    fn reach(self: &Arc<Self>, point: &Point, keeps: bool) -> Option<Place> {
        let step = self.frame.step(point);
        if !self.frame.has(&step) {
            return None;
        }
        let chart = |(face, list): (usize, &RwLock<List>)| {
            find(list, point, &step).or_else(|| self.walk(face, list, point, keeps))
        };
        let charts = self.faces.iter().enumerate().map(chart).collect::<Option<_>>()?;
        Some(Place { charts, sheet: Arc::clone(self) })
    }

    /// The patch that a straight walk from the nearest one leads to, over those that are known and
    /// new ones, which are kept.
    fn walk(
        &self,
        face: usize,
        list: &RwLock<List>,
        point: &Point,
        keeps: bool,
    ) -> Option<Arc<Chart>> {
        let mut own = {
            let list = list.read().ok()?;
            let far = |chart: &&Arc<Chart>| chart.patch.home().distance(point);
            Arc::clone(list.all.iter().min_by(|a, b| far(a).total_cmp(&far(b)))?)
        };
        let start = own.patch.home().clone();
        let target = self.frame.step(point);
        let mut since = 0.0;
        for _ in 0..MOST_BENDS {
            if own.patch.has(&target) {
                return Some(own);
            }
            let bend = self.frame.bend(&own.patch, (&start, point), since)?;
            since = bend.part;
            let known = {
                let (list, step) = (list.read().ok()?, self.frame.step(&bend.beyond));
                list.all.iter().rev().find(|chart| chart.patch.has(&step)).cloned()
            };
            own.patch.forget();
            own = match known {
                Some(known) => known,
                None if own.stops(&bend) => return None,
                None => {
                    let Some(patch) = self.frame.beyond(face, &own.patch, &bend) else {
                        own.walls.write().ok()?.push(bend);
                        return None;
                    };
                    let chart = Chart::new(patch);
                    if keeps {
                        list.write().ok()?.all.push(Arc::clone(&chart));
                    }
                    chart
                }
            };
        }
        None
    }
}

/// The patch of a face that has a point.
fn find(face: &RwLock<List>, point: &Point, step: &Step<'_>) -> Option<Arc<Chart>> {
    let key = near(point);
    let has = |chart: &Arc<Chart>| chart.patch.has(step);
    let found = {
        let list = face.read().ok()?;
        let known = list.near.get(&key).into_iter().flatten();
        if let Some(chart) = known.map(|place| &list.all[*place]).find(|chart| has(chart)) {
            return Some(Arc::clone(chart));
        }
        list.all.iter().rposition(has)?
    };
    let mut list = face.write().ok()?;
    if list.near.len() >= MOST_NEAR {
        list.near.clear();
    }
    let known = list.near.entry(key).or_default();
    if !known.contains(&found) {
        known.push(found);
    }
    Some(Arc::clone(&list.all[found]))
}

/// The neighbourhood of a point: inputs differ little inside.
#[expect(clippy::cast_possible_truncation, reason = "it saturates")]
fn near(point: &Point) -> Vec<i64> {
    const WIDE: f64 = 32.0;
    point.inputs().iter().map(|input| (input.to_f64() / WIDE) as i64).collect()
}

/// Keeps a patch that is not known.
fn add(face: &RwLock<List>, patch: Patch) {
    if let Ok(mut list) = face.write()
        && !list.all.iter().any(|chart| chart.patch.is_same(&patch))
    {
        list.all.push(Chart::new(patch));
    }
}
