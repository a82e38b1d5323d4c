//! Answers scenarios from regions: where one answer is known to be an affine map, its neighbours
//! need no solver.

use std::collections::HashMap;
use std::sync::Arc;

use super::atlas::{Atlas, Place};
use super::engine::Found;
use super::ground::{Ground, Resolve};
use super::reader::{Glancing, Reader};
use crate::plan::Plan;
use crate::scenario::Design;
use crate::solve::{ActiveSet, Frame, Point, Standing};
use crate::units::{Amount, CellId};

/// The most rows that are remembered, and the most figures in them.
const MOST_ROWS: usize = 1 << 16;
const MOST_FIGURES: usize = 1 << 22;

/// How often values are looked at that lie where some plan cannot be read.
const MOST_REFUSED: usize = 8;

/// What is known of the scenarios of one file.
pub(super) struct Quick {
    ground: Ground,
    /// A plan of the file: what limits and stages are called.
    plan: Plan,
    /// The least and the greatest value of each figure between which every plan can be read.
    sound: Vec<(Amount, Amount)>,
    /// How often more was asked for than can be read.
    refused: usize,
    totals: Vec<Vec<CellId>>,
    /// Some of the settings, from the first to the last.
    some: Vec<Vec<Amount>>,
    /// The regions, where rows can be read from them.
    atlas: Option<Arc<Atlas>>,
    /// What was found at some inputs: scenarios that differ in nothing else have one row.
    known: HashMap<Vec<Amount>, Found>,
    /// Room to work in.
    mask: Vec<u64>,
}

impl Quick {
    /// Looks at the scenarios of a design; `None` where their figures are more than right sides. Without
    /// an `atlas` rows are those of scenarios with the same right sides, and no others.
    pub(super) fn new(
        design: &Design,
        totals: Vec<Vec<CellId>>,
        atlas: Option<Arc<Atlas>>,
        resolve: &mut Resolve<'_>,
    ) -> Option<Self> {
        let base: Vec<Amount> = design.settings(0).into_iter().collect::<Option<_>>()?;
        let ground = Ground::new(design.varied(), &base, resolve)?;
        let plan = resolve(&base)?;
        let sound = base.into_iter().map(|value| (value.clone(), value)).collect();
        let (some, mask, known) = (some(design), Vec::new(), HashMap::new());
        Some(Self { ground, plan, sound, refused: 0, totals, some, atlas, known, mask })
    }

    /// The answer of the scenario with these values, where it is known, a region has it, or one that has
    /// it is found from those.
    pub(super) fn answer(&mut self, values: &[Amount]) -> Option<Found> {
        if !self.is_sound(values) {
            return None;
        }
        let inputs = self.ground.inputs(values);
        if let Some(found) = self.known.get(&inputs) {
            return Some(found.clone());
        }
        let atlas = self.atlas.clone()?;
        let found = self.read_at(&atlas, inputs.clone())?;
        self.remember(inputs, &found);
        Some(found)
    }

    /// The row at some inputs, from a region.
    fn read_at(&mut self, atlas: &Atlas, inputs: Vec<Amount>) -> Option<Found> {
        let ground = &self.ground;
        if !ground.is_open() {
            return self.read(atlas, ground.standing(inputs, &ground.decisions.preferred()));
        }
        let point = Point::new(inputs);
        let place = atlas.find(true, &point)?;
        let (whole, stands) = self.decided(&place, &point)?;
        if stands {
            return self.row(&place, &point);
        }
        self.read(atlas, self.ground.standing(point.inputs().to_vec(), &whole))
    }

    /// Remembers what was found for a scenario that no region has.
    pub(super) fn recall(&mut self, values: &[Amount], found: &Found) {
        if self.is_sound(values) {
            self.remember(self.ground.inputs(values), found);
        }
    }

    fn remember(&mut self, inputs: Vec<Amount>, found: &Found) {
        let figures = self.totals.len() + found.pressures.len() + inputs.len() + 1;
        if self.known.len() >= MOST_ROWS.min(MOST_FIGURES / figures) {
            self.known.clear();
        }
        self.known.insert(inputs, found.clone());
    }

    /// The row at inputs with decisions that stand.
    fn read(&mut self, atlas: &Atlas, inputs: Vec<Amount>) -> Option<Found> {
        let point = Point::new(inputs);
        let place = atlas.find(false, &point)?;
        self.row(&place, &point)
    }

    /// The revenue decisions in whole quanta, and whether they stand there already.
    fn decided(&self, place: &Place, point: &Point) -> Option<(Vec<Amount>, bool)> {
        let (step, decisions) = (place.sheet.frame.step(point), &self.ground.decisions);
        let clear = self.glancing(place).and_then(|own| own.decided(&step)).and_then(|found| {
            let (least, most): (Vec<Amount>, Vec<Amount>) = found.into_iter().unzip();
            let whole = decisions.beyond(&least);
            let stands = whole == least && least == most;
            (decisions.beyond(&most) == whole).then_some((whole, stands))
        });
        clear.or_else(|| {
            let exact = self.reader(place)?.decided(&step);
            let whole = decisions.beyond(&exact);
            let stands = whole == exact;
            Some((whole, stands))
        })
    }

    fn row(&mut self, place: &Place, point: &Point) -> Option<Found> {
        let mut mask = std::mem::take(&mut self.mask);
        let (step, names) = (place.sheet.frame.step(point), place.sheet.names()?);
        let read = |own: &Glancing| own.read((&step, place.slacks(own)), names, &mut mask);
        let clear = self.glancing(place).and_then(read);
        let found = match clear {
            Some(found) => found,
            None => self.reader(place)?.read(&step, names, &mut mask),
        };
        self.mask = mask;
        Some(found)
    }

    /// What the rows of a region are read from where digits tell.
    fn glancing<'a>(&self, place: &'a Place) -> Option<&'a Glancing> {
        let main = &place.charts[0];
        let known = (&self.plan, &self.ground, self.totals.as_slice());
        let make = || Glancing::new(known, &place.sheet.frame, &main.patch);
        main.glancing.get_or_init(make).as_ref()
    }

    /// What the rows of a region are read from, exactly.
    fn reader<'a>(&self, place: &'a Place) -> Option<&'a Reader> {
        let main = &place.charts[0];
        let known = (&self.plan, &self.ground, self.totals.as_slice());
        let make = || {
            let found = Reader::new(known, &place.sheet.frame, &main.patch);
            place.charts.iter().for_each(|chart| chart.patch.forget());
            found
        };
        main.reader.get_or_init(make).as_ref()
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

    /// Between which values the inputs may lie, these with them.
    fn ranges(&self, values: &[Amount], open: bool) -> Vec<(f64, f64)> {
        let mut some = self.some.clone();
        some.push(values.to_vec());
        self.ground.ranges(&some, open)
    }

    /// Finds the region of a scenario, and keeps it; `None` where it has none, rows cannot be read from it, or
    /// revenue decisions stand that only a solve tells, which `decided` are not there for.
    pub(super) fn keep(
        &self,
        plan: &Plan,
        values: &[Amount],
        (decided, start): (Option<Vec<Amount>>, &ActiveSet),
        resolve: &mut Resolve<'_>,
    ) -> Option<()> {
        let (ground, atlas) = (&self.ground, self.atlas.as_deref()?);
        if !self.is_sound(values) || (decided.is_none() && !ground.is_open()) {
            return None;
        }
        let base = ground.inputs(values);
        let mut standing = ground.decisions.preferred();
        if ground.is_open() {
            let base = Point::new(base.clone());
            let place = match atlas.find(true, &base) {
                Some(place) => place,
                None => atlas.keep(true, (start, &base), |known| {
                    let inputs = ground.kinds(values, true, resolve)?;
                    let ranges = self.ranges(values, true);
                    Frame::find(plan, (&inputs, &base, &ranges), &Standing::Open, start, known)
                })?,
            };
            let exact = self.reader(&place)?.decided(&place.sheet.frame.step(&base));
            standing = ground.decisions.beyond(&exact);
            if standing == exact {
                return Some(());
            }
        } else if decided.as_ref() != Some(&standing) {
            return None;
        }
        let base = Point::new(ground.standing(base, &standing));
        atlas.keep(false, (start, &base), |known| {
            let inputs = ground.kinds(values, false, resolve)?;
            let ranges = self.ranges(values, false);
            Frame::find(plan, (&inputs, &base, &ranges), &Standing::At(standing), start, known)
        })?;
        Some(())
    }
}

/// Some of the settings of a design, from the first to the last.
fn some(design: &Design) -> Vec<Vec<Amount>> {
    const SOME: u64 = 512;
    let count = design.count();
    let step = (count / SOME).max(1);
    let places = (0..count.min(SOME)).map(|place| place * step);
    places.filter_map(|index| design.settings(index).into_iter().collect()).collect()
}
