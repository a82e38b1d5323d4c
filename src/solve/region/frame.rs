//! What one set of multipliers of the stages leaves to calibrate, for all inputs.

use std::sync::OnceLock;

use super::checks::{Checks, Marks};
use super::face::Face;
use super::line::{Line, Point, Step};
use super::moving::Moving;
use super::patch::Patch;
use super::scene::{Input, Scene, Standing};
use super::slack::{Slack, Slacks};
use crate::plan::{Plan, Reading};
use crate::solve::ActiveSet;
use crate::solve::answer::reached;
use crate::units::Id;

/// A plan whose right sides move, with the programmes that its stages leave by one set of
/// multipliers: first that of the amounts, then one for each stage with a `loss`, on which some
/// amounts have to reach its value.
pub struct Frame {
    base: Point,
    /// Between which steps from the base each input may lie.
    room: Vec<(f64, f64)>,
    scene: Scene,
    stages: Vec<(Id, Line)>,
    faces: Vec<Face>,
    /// The place, among the programmes of the stages, of each face after the first.
    places: Vec<usize>,
    slacks: OnceLock<Option<Slacks>>,
    /// The values of the stages, which keep their signs: what a stage may lose is a part of its size.
    signs: (Checks, Vec<Line>),
}

/// Which frame patches are on.
pub enum On {
    /// One that was known, by its place.
    Known(usize),
    /// A new one.
    New(Box<Frame>),
}

/// The answer as a function of the inputs, on one patch.
pub struct Map {
    /// The amount of each cell.
    pub cells: Vec<Line>,
    /// The amount of each open revenue decision.
    pub decisions: Vec<Line>,
    /// Every limit as it is read at the base, with its slack.
    pub slacks: Vec<(Reading, Line)>,
    /// The cells that stand at a bound of their own throughout, by name and side.
    pub still: Vec<String>,
}

impl Frame {
    /// The patch of each face of `plan` over `inputs` that stand at `base` and may each lie in its
    /// range, on one of the frames `known` or on a new one: what the inputs say of revenue counts,
    /// whatever the plan says. `None` where the answer is at
    /// a kink, decides on lumps, or depends on the inputs in other ways than through right sides.
    pub fn find(
        plan: &Plan,
        (inputs, base, ranges): (&[Input], &Point, &[(f64, f64)]),
        standing: &Standing,
        start: &ActiveSet,
        known: &[&Self],
    ) -> Option<(On, Vec<Patch>)> {
        if !plan.lumps().is_empty() {
            return None;
        }
        let scene = Scene::new(plan, (inputs, base), standing)?;
        let own = scene.form(None);
        let moved: Vec<_> = (0..inputs.len()).map(|place| scene.form(Some(place))).collect();
        let (staged, nearest, _) = reached(&own, start).ok()?.parts();
        let active = ActiveSet { stages: staged.known().to_vec(), ..nearest.active.clone() };
        for (place, frame) in known.iter().enumerate() {
            let fits = frame.has(&frame.step(base));
            if let Some(patches) = fits.then(|| frame.adopt(&active, base)).flatten() {
                return Some((On::Known(place), patches));
            }
        }
        let moving = Moving::new(&own, &moved, staged.known())?;
        let (faces, places) = moving.faces(scene.turns())?;
        let values = moving.values();
        let signed =
            |line: &Line| if line.at.is_negative() { line.negated() } else { line.clone() };
        let signs: Vec<Line> = values.iter().map(signed).collect();
        let frame = Self {
            room: room(base, &with(base, ranges)),
            base: base.clone(),
            stages: moving.stages().zip(values).collect(),
            signs: (Checks::all(signs.iter(), inputs.len()), signs),
            scene,
            slacks: OnceLock::new(),
            faces,
            places,
        };
        let mut patches = vec![frame.patch(0, (&nearest.active, None), base)?];
        for (face, active) in moving.witnesses()?.iter().enumerate() {
            patches.push(frame.patch(face + 1, (active, None), base)?);
        }
        Some((On::New(Box::new(frame)), patches))
    }

    /// The inputs that steps are counted from.
    pub fn base(&self) -> &Point {
        &self.base
    }

    /// The step from the base to a point.
    pub fn step<'a>(&'a self, point: &'a Point) -> Step<'a> {
        Step::new(&self.base, point)
    }

    /// The steps from the base to the ends of each range, and a hair more on either side.
    pub fn steps(&self, ranges: &[(f64, f64)]) -> Vec<(f64, f64)> {
        room(&self.base, ranges)
    }

    /// How many faces there are.
    pub fn faces(&self) -> usize {
        self.faces.len()
    }

    /// What each linear programme of the stages reaches, in order, with its stage.
    pub fn stages(&self) -> &[(Id, Line)] {
        &self.stages
    }

    /// Whether the frame may be used at a step: all inputs lie in their ranges, and each stage has
    /// the sign that it has at the base. Decided exactly.
    pub fn has(&self, step: &Step<'_>) -> bool {
        let steps = step.floats().iter().zip(&self.room);
        if !steps.into_iter().all(|((by, _), (low, high))| low <= by && by <= high) {
            return false;
        }
        let (checks, lines) = &self.signs;
        checks.hold(checks.len(), step, |place| lines[place].value(step))
    }

    /// The conditions under which the frame may be used.
    pub(super) fn signs(&self) -> &[Line] {
        &self.signs.1
    }

    /// The patch of a face at `home` with a working set, which may be that of a neighbour but for
    /// some of it; `None` where it is not the optimum there.
    pub(super) fn patch(
        &self,
        face: usize,
        (active, neighbour): (&ActiveSet, Option<&Patch>),
        home: &Point,
    ) -> Option<Patch> {
        let witness = face > 0;
        let face = &self.faces[face];
        let rows = match neighbour {
            Some(known) if known.active.cuts == active.cuts => known.rows.clone(),
            _ => face.rows(active)?,
        };
        Patch::new((face, witness), rows, (&self.base, &self.room, home), active)
    }

    /// Functions of the inputs of which those that are not above zero are told.
    pub fn marks(&self, lines: Vec<Line>) -> Marks {
        Marks::new(lines, &self.room)
    }

    /// The patches of all faces at a point, with the working sets of an answer; `None` where they
    /// are not the optimum there.
    pub fn adopt(&self, active: &ActiveSet, point: &Point) -> Option<Vec<Patch>> {
        let main = self.patch(0, (active, None), point)?;
        let mut patches = vec![main];
        for (face, place) in self.places.iter().enumerate() {
            let witness = &active.stages.get(*place)?.witness.as_deref()?.active;
            patches.push(self.patch(face + 1, (witness, None), point)?);
        }
        Some(patches)
    }

    /// The answer on a patch of the first face; `None` where a limit is no affine function there.
    pub fn map(&self, main: &Patch) -> Option<Map> {
        let plan = &self.scene.plan;
        let mut cells = main.amounts()?;
        let own = self.slacks()?;
        let home = self.step(main.home());
        let near: Vec<f64> = cells.iter().map(|own| own.value(&home).to_f64()).collect();
        let slack = |own: &Slack| own.exact(&cells, &near, &home);
        let slacks: Vec<Line> = own.own.iter().map(slack).collect();
        let slacks = own.readings.iter().cloned().zip(slacks).collect();
        let decisions = cells.split_off(plan.cells().len());
        Some(Map { still: still(plan, &cells), cells, decisions, slacks })
    }

    /// The slack of every limit; `None` where one is no form.
    pub(super) fn slacks(&self) -> Option<&Slacks> {
        self.slacks.get_or_init(|| Slacks::new(&self.scene)).as_ref()
    }

    /// How many cells there are.
    pub(super) fn cells(&self) -> usize {
        self.scene.plan.cells().len()
    }

    /// Between which steps from the base each input may lie.
    pub(super) fn room(&self) -> &[(f64, f64)] {
        &self.room
    }
}

/// The ranges, each with the base in it.
fn with(base: &Point, ranges: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let own = base.inputs().iter().map(crate::units::Amount::nearest_f64);
    own.zip(ranges).map(|(own, (low, high))| (low.min(own), high.max(own))).collect()
}

/// The steps from `base` to the ends of each range.
fn room(base: &Point, ranges: &[(f64, f64)]) -> Vec<(f64, f64)> {
    /// More than what the floats of a step leave out.
    const MORE: f64 = 1e-9;
    let step = |(own, (low, high)): (&crate::units::Amount, &(f64, f64))| {
        let own = own.nearest_f64();
        let size = (own.abs() + low.abs().max(high.abs())) * MORE;
        (low - own - size, high - own + size)
    };
    base.inputs().iter().zip(ranges).map(step).collect()
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
