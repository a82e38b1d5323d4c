//! A part of a face where the nearest amounts lean on one working set: an affine map.

use std::sync::{Arc, Mutex};

use super::bends::{Affine, Bends, Bent};
use super::checks::Checks;
use super::conditions::Conditions;
use super::face::{Face, Rows, Straight};
use super::lean::{Key, Lean};
use super::line::{Line, Point, Step};
use crate::solve::curved::Cut;
use crate::solve::exact::Common;
use crate::solve::problem::{ActiveSet, Side};
use crate::solve::verified::Set;
use crate::units::Amount;

/// The nearest amounts on a face as an affine map of the inputs, with the conditions under which
/// they are. Whoever meets all conditions has the optimum: they say that the amounts are feasible
/// and that every multiplier pushes the way that it may.
pub struct Patch {
    /// What the amounts lean on.
    pub(super) active: ActiveSet,
    pub(super) rows: Rows,
    /// The multipliers, unless they were forgotten: they are most of what a patch takes.
    multipliers: Mutex<Option<Arc<Multipliers>>>,
    inputs: usize,
    /// Those of amounts first, then those of multipliers.
    pub(super) checks: Checks,
    /// How many of the first have to hold.
    pub(super) enough: usize,
    pub(super) events: Vec<Event>,
    pub(super) bends: Arc<Bends>,
    /// The supports that are tight, by their places.
    tight: Vec<usize>,
    base: Point,
    /// A point that the map was looked for at.
    home: Point,
}

/// The multiplier of each row: at the base, then the change with one more of each input.
pub(super) type Multipliers = Vec<Vec<Amount>>;

/// What happens where a condition ceases to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Event {
    /// A tight row is no more pushed against.
    Slack(usize),
    /// A free column meets its bound.
    Meets(usize, Side),
    /// A fixed column is no more pushed against its bound.
    Leaves(usize),
    /// A row that is not tight meets its bound.
    Tight(usize, Side),
    /// A form passes a kink: the working set stays, and what depends on the form changes. By its
    /// place among the conditions of forms.
    Kink(usize),
    /// A convex row meets its bound.
    Full(usize),
}

impl Patch {
    /// The map of `face` with the working set `active`, which is the optimum at `home`; `None`
    /// where it is not, its rows depend on each other, or a form stands at a kink. On the face of a
    /// witness amounts that reach the value of a stage are enough: which are nearest is no matter.
    pub(super) fn new(
        (face, witness): (&Face, bool),
        rows: Rows,
        (base, room, home): (&Point, &[(f64, f64)], &Point),
        active: &ActiveSet,
    ) -> Option<Self> {
        let straight = Arc::clone(&rows.straight);
        let set = Set::new(&straight.problem, active)?;
        let lean = Lean::new(&straight, &set, face.inputs())?;
        let active = ActiveSet { cuts: active.cuts.clone(), ..set.active() };
        let mut own = Self {
            tight: tight(&set, rows.cuts.len(), face.program.rows.len()),
            rows,
            bends: Arc::clone(&face.bends),
            active,
            multipliers: Mutex::default(),
            inputs: face.inputs(),
            checks: Checks::default(),
            enough: 0,
            events: Vec::new(),
            base: base.clone(),
            home: home.clone(),
        };
        let (checks, events, feasible) = Conditions::new(&own, &lean, room)?.done()?;
        own.enough = if witness { feasible } else { checks.len() };
        (own.checks, own.events) = (checks, events);
        Some(own)
    }

    /// The inputs that steps are counted from.
    pub(super) fn base(&self) -> &Point {
        &self.base
    }

    /// A point that the map was looked for at.
    pub fn home(&self) -> &Point {
        &self.home
    }

    /// Whether another patch of the same face has the same map.
    pub fn is_same(&self, other: &Self) -> bool {
        self.active == other.active
    }

    /// Whether the map is the optimum at a step from the base, or amounts that reach what a stage does:
    /// decided exactly.
    pub fn has(&self, step: &Step<'_>) -> bool {
        self.checks.hold(self.enough, step, |place| self.exact(place, step))
    }

    /// Its conditions that may not hold where each input steps within its range.
    pub fn open_within(&self, room: &[(f64, f64)]) -> Vec<usize> {
        self.checks.open_within(self.enough, room)
    }

    /// Whether some of its conditions hold at a step from the base: decided exactly.
    pub fn has_these(&self, places: &[usize], step: &Step<'_>) -> bool {
        places.iter().all(|place| {
            let (value, off) = self.checks.value(*place, step);
            value > off || value >= -off && !self.exact(*place, step).is_negative()
        })
    }

    /// Whether the map is the optimum at a step from the base, be it that of a witness: decided exactly.
    pub fn is_optimum(&self, step: &Step<'_>) -> bool {
        self.checks.hold(self.checks.len(), step, |place| self.exact(place, step))
    }

    /// Frees memory: the multipliers are found anew where they are needed.
    pub fn forget(&self) {
        if let Ok(mut known) = self.multipliers.lock() {
            *known = None;
        }
    }

    /// The multipliers of a working set, which is this one's.
    pub(super) fn multipliers(&self, set: &Set<'_>) -> Option<Arc<Multipliers>> {
        let mut known = self.multipliers.lock().ok()?;
        if known.is_none() {
            *known = Some(Arc::new(multipliers(&self.rows.straight, set, self.inputs)?));
        }
        known.clone()
    }

    /// The straight rows of its face.
    pub(super) fn straight(&self) -> &Straight {
        &self.rows.straight
    }

    /// What the amounts lean on.
    pub(super) fn active(&self) -> &ActiveSet {
        &self.active
    }

    /// How many inputs there are.
    pub(super) fn inputs(&self) -> usize {
        self.inputs
    }

    /// The amount of each column.
    pub(super) fn amounts(&self) -> Option<Vec<Line>> {
        let set = Set::new(&self.rows.straight.problem, &self.active)?;
        let multipliers = self.multipliers(&set)?;
        Some(amounts(&self.rows.straight, &set, &multipliers))
    }

    /// The exact value of a condition at a step.
    fn exact(&self, place: usize, step: &Step<'_>) -> Amount {
        self.lines(&[place]).pop().map_or(Amount::whole(-1), |line| line.value(step))
    }

    /// Some conditions as exact functions.
    pub(super) fn lines(&self, places: &[usize]) -> Vec<Line> {
        let Some(set) = Set::new(&self.rows.straight.problem, &self.active) else {
            return Vec::new();
        };
        let mut forms = None;
        let line = |place: &usize| self.told(&set, &self.events[*place], &mut forms);
        places.iter().filter_map(line).collect()
    }

    /// What is at least zero until an event, as an exact function, where that depends on nothing but
    /// right sides.
    pub(super) fn plain(&self, lean: &Lean<'_>, event: &Event) -> Option<Line> {
        let Event::Tight(row, side) = event else { return None };
        let own = lean.told(&Key::Row(*row), lean.straight.rows[*row].parts.terms())?;
        let bound = lean.straight.bound(*row, *side == Side::Upper)?;
        let room = Line::sum([&own, &bound.negated()].into_iter(), self.inputs);
        Some(if *side == Side::Upper { room.negated() } else { room })
    }

    /// What is at least zero until an event, as an exact function. The conditions of all forms are
    /// found at once, and kept in `forms`.
    pub(super) fn told(
        &self,
        set: &Set<'_>,
        event: &Event,
        forms: &mut Option<Vec<Bent<Line>>>,
    ) -> Option<Line> {
        let (Event::Kink(place) | Event::Full(place)) = event else {
            return super::conditions::exact(
                &self.rows.straight,
                set,
                &self.multipliers(set)?,
                event,
            );
        };
        if forms.is_none() {
            *forms = Some(self.bent(set)?);
        }
        // A form that floats could not tell from one that moves has no condition.
        let still = || Line::new(Amount::ZERO, vec![Amount::ZERO; self.inputs]);
        let own = forms.iter().flatten().find(|own| own.place == *place);
        Some(own.map_or_else(still, |own| own.condition.clone()))
    }

    /// The conditions of forms, exact.
    pub(super) fn bent(&self, set: &Set<'_>) -> Option<Vec<Bent<Line>>> {
        let amounts = amounts(&self.rows.straight, set, &self.multipliers(set)?);
        let home = Step::new(&self.base, &self.home);
        let exactly = |_: usize, parts: &[(&Amount, usize)]| {
            let terms = parts.iter().map(|(factor, column)| (*factor, &amounts[*column]));
            Some(Line::combined(terms, &Amount::ZERO, self.inputs))
        };
        self.bends.conditions(&amounts, (self.supports(), &home), &exactly)
    }

    /// The tight supports of convex rows.
    pub(super) fn supports(&self) -> Vec<&Cut> {
        self.tight.iter().map(|place| &self.rows.cuts[*place]).collect()
    }
}

/// The places of the supports that are tight, of so many; the face has `own` rows besides.
fn tight(set: &Set<'_>, supports: usize, own: usize) -> Vec<usize> {
    let places = set.rows().iter().filter_map(|(row, _)| row.checked_sub(own));
    places.filter(|place| *place < supports).collect()
}

/// The multipliers of a working set, exact; `None` where its rows depend on each other.
pub(super) fn multipliers(
    straight: &Straight,
    set: &Set<'_>,
    inputs: usize,
) -> Option<Multipliers> {
    let sides = lacking(straight, set, inputs);
    set.solved_all(&sides.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

/// What the tight rows lack where no row moves a column, then how that changes with each input.
pub(super) fn lacking(straight: &Straight, set: &Set<'_>, inputs: usize) -> Vec<Vec<Amount>> {
    let changes = (0..inputs).map(|input| changes(straight, set, input));
    std::iter::once(set.lacks()).chain(changes).collect()
}

/// How what the tight rows lack changes with an input.
fn changes(straight: &Straight, set: &Set<'_>, input: usize) -> Vec<Amount> {
    let rows = set.rows().iter();
    rows.map(|(row, side)| straight.shift(*row, input, *side == Side::Upper)).collect()
}

/// The amount of each column as a function of the inputs.
fn amounts(straight: &Straight, set: &Set<'_>, multipliers: &[Vec<Amount>]) -> Vec<Line> {
    let problem = &straight.problem;
    let factor = problem.denominator();
    let common: Vec<Common> = multipliers.iter().map(|y| Common::with(y, &factor)).collect();
    let zero = Amount::ZERO;
    let line = |column: usize| {
        let rest = set.rest(column);
        if !set.is_free(column) {
            return Line::new(rest.clone(), vec![zero.clone(); common.len() - 1]);
        }
        let own = |(place, common): (usize, &Common)| {
            let start = if place == 0 { rest } else { &zero };
            common.combine(start, &problem.weight[column], problem.column(column))
        };
        let mut values = common.iter().enumerate().map(own);
        Line::new(values.next().unwrap_or_default(), values.collect())
    };
    (0..problem.columns()).map(line).collect()
}
