//! The regions of one file, found by any thread.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock, RwLock};

use super::names::Names;
use super::reader::{Glancing, Reader};
use crate::solve::{ActiveSet, Bend, Frame, Jump, MOST_INPUTS, On, Patch, Point, Step};

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
    open: Side,
    /// Where those stand in whole quanta, or there are none.
    settled: Side,
}

/// The regions of plans whose decisions are open, or stand.
#[derive(Default)]
struct Side {
    sheets: RwLock<Vec<Arc<Sheet>>>,
    /// Which regions were met near some inputs.
    near: RwLock<HashMap<Near, Vec<Arc<Place>>>>,
}

/// A frame with the patches that were found on each of its faces.
pub(super) struct Sheet {
    pub(super) frame: Frame,
    names: OnceLock<Option<Names>>,
    faces: Vec<Face>,
}

/// Patches of one face.
type Face = RwLock<Vec<Arc<Chart>>>;

/// A patch, with what rows are read from once one was.
pub(super) struct Chart {
    pub(super) patch: Patch,
    pub(super) glancing: OnceLock<Option<Glancing>>,
    pub(super) reader: OnceLock<Option<Reader>>,
    /// Where walks came to an end.
    walls: RwLock<Vec<Bend>>,
}

impl Chart {
    fn new(patch: Patch) -> Arc<Self> {
        let (glancing, reader) = (OnceLock::new(), OnceLock::new());
        Arc::new(Self { patch, glancing, reader, walls: RwLock::default() })
    }

    /// Whether a walk came to an end where another one leaves.
    fn stops(&self, bend: &Bend) -> bool {
        self.walls.read().is_ok_and(|walls| walls.iter().any(|wall| wall.is_same(bend)))
    }
}

/// A part of a region: a patch of each face of a frame, that of the amounts first.
pub(super) struct Place {
    pub(super) sheet: Arc<Sheet>,
    pub(super) charts: Vec<Arc<Chart>>,
    /// Of each patch the conditions that may not hold in this neighbourhood.
    few: Vec<Vec<usize>>,
    /// The steps that the neighbourhood lies between.
    room: Vec<(f64, f64)>,
    /// The slacks that may be zero or less in it.
    slacks: OnceLock<Vec<usize>>,
}

impl Place {
    fn new(sheet: Arc<Sheet>, charts: Vec<Arc<Chart>>, near: &Near) -> Self {
        let count = sheet.frame.base().inputs().len();
        let room = sheet.frame.steps(&near.ranges()[..count]);
        let few = charts.iter().map(|chart| chart.patch.open_within(&room)).collect();
        Self { sheet, charts, few, room, slacks: OnceLock::new() }
    }

    fn has(&self, point: &Point) -> bool {
        let step = self.sheet.frame.step(point);
        let mut pairs = self.charts.iter().zip(&self.few);
        self.sheet.frame.has(&step) && pairs.all(|(own, few)| own.patch.has_these(few, &step))
    }

    /// The slacks that may be zero or less near, of those that rows are read from.
    pub(super) fn slacks(&self, own: &Glancing) -> &[usize] {
        self.slacks.get_or_init(|| own.open_within(&self.room))
    }
}

impl Atlas {
    fn side(&self, open: bool) -> &Side {
        if open { &self.open } else { &self.settled }
    }

    /// How many patches are known.
    pub(super) fn patches(&self) -> usize {
        let all = [true, false].into_iter().flat_map(|open| self.side(open).sheets());
        all.map(|sheet| sheet.patches()).sum()
    }

    /// The region that has a point: a known one, or one that a walk from a known one leads to.
    pub(super) fn find(&self, open: bool, point: &Point) -> Option<Arc<Place>> {
        let (side, near) = (self.side(open), Near::of(point));
        if let Some(known) = side.known(&near, point) {
            return Some(known);
        }
        if let Some(place) = side.around(&near, point) {
            return Some(side.met(&place.sheet, place.charts.clone(), near));
        }
        let sheets = side.sheets();
        let known = sheets.iter().rev().find_map(|sheet| Some((sheet, sheet.find(point)?)));
        if let Some((sheet, charts)) = known {
            return Some(side.met(sheet, charts, near));
        }
        let room = self.patches() < MOST;
        let mut sheets = sheets.clone();
        sheets.sort_by(|a, b| a.distance(point).total_cmp(&b.distance(point)));
        let (sheet, charts) =
            sheets.iter().find_map(|sheet| Some((sheet, sheet.reach(point, room)?)))?;
        Some(side.met(sheet, charts, near))
    }

    /// Keeps the region of a point that was solved, from what its answer leans on, or from what
    /// `make` finds with the frames that are known.
    pub(super) fn keep(
        &self,
        open: bool,
        (active, point): (&ActiveSet, &Point),
        make: impl FnOnce(&[&Frame]) -> Option<(On, Vec<Patch>)>,
    ) -> Option<Arc<Place>> {
        if self.patches() >= MOST {
            return None;
        }
        let (side, near) = (self.side(open), Near::of(point));
        let sheets = side.sheets();
        for sheet in sheets.iter().rev() {
            let fits = sheet.frame.has(&sheet.frame.step(point));
            if let Some(patches) = fits.then(|| sheet.frame.adopt(active, point)).flatten() {
                sheet.take(patches);
                return Some(side.met(sheet, sheet.find(point)?, near));
            }
        }
        let known: Vec<&Frame> = sheets.iter().map(|sheet| &sheet.frame).collect();
        let (on, patches) = make(&known)?;
        let sheet = match on {
            On::Known(place) => Arc::clone(sheets.get(place)?),
            On::New(frame) => {
                let mut list = side.sheets.write().ok()?;
                if list.len() >= MOST_FRAMES {
                    return None;
                }
                let faces = (0..frame.faces()).map(|_| RwLock::default()).collect();
                list.push(Arc::new(Sheet { frame: *frame, names: OnceLock::new(), faces }));
                Arc::clone(list.last()?)
            }
        };
        sheet.take(patches);
        Some(side.met(&sheet, sheet.find(point)?, near))
    }
}

impl Side {
    fn sheets(&self) -> Vec<Arc<Sheet>> {
        self.sheets.read().map(|list| list.clone()).unwrap_or_default()
    }

    /// A region that was met near a point and has it.
    fn known(&self, near: &Near, point: &Point) -> Option<Arc<Place>> {
        let list = self.near.read().ok()?;
        list.get(near)?.iter().find(|place| place.has(point)).cloned()
    }

    /// A region that was met next to a point and has it.
    fn around(&self, near: &Near, point: &Point) -> Option<Arc<Place>> {
        let list = self.near.read().ok()?;
        let mut places = near.around(point.inputs().len()).filter_map(|next| list.get(&next));
        let has = |place: &&Arc<Place>| {
            let step = place.sheet.frame.step(point);
            let mut charts = place.charts.iter();
            place.sheet.frame.has(&step) && charts.all(|chart| chart.patch.has(&step))
        };
        places.find_map(|places| places.iter().find(has).cloned())
    }

    /// Remembers where a region was met.
    fn met(&self, sheet: &Arc<Sheet>, charts: Vec<Arc<Chart>>, near: Near) -> Arc<Place> {
        let found = Arc::new(Place::new(Arc::clone(sheet), charts, &near));
        if let Ok(mut list) = self.near.write() {
            if list.len() >= MOST_NEAR {
                list.clear();
            }
            list.entry(near).or_default().push(Arc::clone(&found));
        }
        found
    }
}

impl Sheet {
    /// What its readings are called; `None` where no row can be read from it.
    pub(super) fn names(&self) -> Option<&Names> {
        self.names.get_or_init(|| self.frame.readings().map(Names::new)).as_ref()
    }

    fn patches(&self) -> usize {
        self.faces.iter().map(|face| face.read().map_or(0, |list| list.len())).sum()
    }

    /// How far a point lies from the nearest patch of the amounts.
    fn distance(&self, point: &Point) -> f64 {
        let Some(Ok(list)) = self.faces.first().map(|face| face.read()) else {
            return f64::INFINITY;
        };
        let far = |chart: &Arc<Chart>| chart.patch.home().distance(point);
        list.iter().map(far).fold(f64::INFINITY, f64::min)
    }

    /// Keeps a patch of each face.
    fn take(&self, patches: Vec<Patch>) {
        for (face, patch) in self.faces.iter().zip(patches) {
            add(face, patch);
        }
    }

    /// The patches that have a point, one of each face.
    fn find(&self, point: &Point) -> Option<Vec<Arc<Chart>>> {
        let step = self.frame.step(point);
        let found = || self.faces.iter().map(|face| find(face, &step)).collect();
        self.frame.has(&step).then(found).flatten()
    }

    /// Goes to a point on every face whose patches do not have it yet.
    fn reach(&self, point: &Point, keeps: bool) -> Option<Vec<Arc<Chart>>> {
        let step = self.frame.step(point);
        let chart = |(face, list): (usize, &Face)| {
            find(list, &step).or_else(|| self.go(face, list, point, keeps))
        };
        let found = || self.faces.iter().enumerate().map(chart).collect();
        self.frame.has(&step).then(found).flatten()
    }

    /// The patch that has a point: by a jump from the nearest one, or by a walk where that is not clear.
    fn go(&self, face: usize, list: &Face, point: &Point, keeps: bool) -> Option<Arc<Chart>> {
        let near = {
            let list = list.read().ok()?;
            let far = |chart: &&Arc<Chart>| chart.patch.home().distance(point);
            Arc::clone(list.iter().min_by(|a, b| far(a).total_cmp(&far(b)))?)
        };
        match self.frame.jump(face, &near.patch, point) {
            Jump::To(patch) => {
                let chart = Chart::new(*patch);
                if keeps {
                    list.write().ok()?.push(Arc::clone(&chart));
                }
                Some(chart)
            }
            Jump::Nowhere => None,
            Jump::Unclear => self.walk((face, list), near, point, keeps),
        }
    }

    /// The patch that a straight walk from one leads to, over those that are known and new ones, which
    /// are kept.
    fn walk(
        &self,
        (face, list): (usize, &Face),
        mut own: Arc<Chart>,
        point: &Point,
        keeps: bool,
    ) -> Option<Arc<Chart>> {
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
                list.iter().rev().find(|chart| chart.patch.is_optimum(&step)).cloned()
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
                        list.write().ok()?.push(Arc::clone(&chart));
                    }
                    chart
                }
            };
        }
        None
    }
}

/// The patch of a face that has a point.
fn find(face: &Face, step: &Step<'_>) -> Option<Arc<Chart>> {
    face.read().ok()?.iter().rev().find(|chart| chart.patch.has(step)).cloned()
}

/// A neighbourhood: inputs differ little inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Near([i64; MOST_INPUTS]);

impl Near {
    const WIDE: f64 = 32.0;

    /// That of a point.
    #[expect(clippy::cast_possible_truncation, reason = "it saturates")]
    fn of(point: &Point) -> Self {
        let mut own = [0; MOST_INPUTS];
        for (own, input) in own.iter_mut().zip(point.inputs()) {
            *own = (input.to_f64() / Self::WIDE).floor() as i64;
        }
        Self(own)
    }

    /// The neighbourhoods beside it: with all inputs a little lower or higher, then with one.
    fn around(self, inputs: usize) -> impl Iterator<Item = Self> {
        let all = [-1, 1].map(|by| self.shifted(0..inputs, by));
        let one =
            (0..inputs).flat_map(move |place| [-1, 1].map(|by| self.shifted(place..place + 1, by)));
        all.into_iter().chain(one)
    }

    fn shifted(mut self, places: Range<usize>, by: i64) -> Self {
        for own in &mut self.0[places] {
            *own = own.saturating_add(by);
        }
        self
    }

    /// What each input lies between; anything where it is too large for neighbourhoods.
    fn ranges(&self) -> [(f64, f64); MOST_INPUTS] {
        const LARGE: u64 = 1 << 50;
        self.0.map(|own| {
            if own.unsigned_abs() > LARGE {
                return (f64::NEG_INFINITY, f64::INFINITY);
            }
            (own as f64 * Self::WIDE, (own as f64 + 1.0) * Self::WIDE)
        })
    }
}

/// Keeps a patch that is not known.
fn add(face: &Face, patch: Patch) {
    if let Ok(mut list) = face.write()
        && !list.iter().any(|chart| chart.patch.is_same(&patch))
    {
        list.push(Chart::new(patch));
    }
}
