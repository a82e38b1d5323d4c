//! The conditions under which an affine map stays the optimum.

use super::bends::{Affine, Bent};
use super::checks::{Approx, Checks, Summing};
use super::face::Straight;
use super::lean::{Key, Lean};
use super::line::{Line, Step};
use super::patch::{Event, Patch};
use crate::solve::problem::Side;
use crate::solve::verified::Set;
use crate::units::Amount;

/// The conditions of a map while they are found: in floats where they are clear at a point that the
/// map is looked for at, exactly elsewhere. Those that no input can break are dropped.
pub(super) struct Conditions<'a> {
    patch: &'a Patch,
    lean: &'a Lean<'a>,
    straight: &'a Straight,
    set: &'a Set<'a>,
    home: Step<'a>,
    /// Between which steps each input may lie.
    room: &'a [(f64, f64)],
    /// Those of amounts, and those of multipliers.
    checks: [Checks; 2],
    events: [Vec<Event>; 2],
    /// The exact conditions of forms, once one was asked for.
    forms: Option<Vec<Bent<Line>>>,
    /// All hold at the point.
    sound: bool,
}

impl<'a> Conditions<'a> {
    /// Those of a map with its working set; `None` where a form stands at a kink.
    pub(super) fn new(
        patch: &'a Patch,
        lean: &'a Lean<'a>,
        room: &'a [(f64, f64)],
    ) -> Option<Self> {
        let inputs = patch.inputs();
        let mut own = Self {
            patch,
            lean,
            straight: lean.straight,
            set: lean.set,
            home: Step::new(patch.base(), patch.home()),
            room,
            checks: [Checks::new(inputs), Checks::new(inputs)],
            events: [Vec::new(), Vec::new()],
            forms: None,
            sound: true,
        };
        let pushes: Vec<Option<Approx>> = own.pushes();
        let amounts = own.columns(&pushes);
        own.rows(&amounts);
        own.forms(&amounts)?;
        Some(own)
    }

    fn inputs(&self) -> usize {
        self.patch.inputs()
    }

    /// The multipliers of the tight rows, each of which pushes the way that its side lets it.
    fn pushes(&mut self) -> Vec<Option<Approx>> {
        let mut found = vec![None; self.straight.rows.len()];
        let (set, lean) = (self.set, self.lean);
        for ((row, side), push) in set.rows().iter().zip(&lean.pushes) {
            let own = Approx::fine(push);
            found[*row] = Some(own);
            match side {
                Side::Lower => self.push(&own, Event::Slack(*row)),
                Side::Upper => self.push(&own.negated(), Event::Slack(*row)),
                Side::Equal => {}
            }
        }
        found
    }

    /// The amount of each column: free ones stay within their bounds, and fixed ones are pushed
    /// against theirs.
    fn columns(&mut self, pushes: &[Option<Approx>]) -> Vec<Approx> {
        let (problem, inputs) = (&self.straight.problem, self.inputs());
        let mut found = Vec::with_capacity(problem.columns());
        for column in 0..problem.columns() {
            let rest = Approx::constant(self.set.rest(column), inputs);
            let free = self.set.is_free(column);
            let side = self.set.side(column);
            let pressed = side.filter(|side| problem.moves[column] && *side != Side::Equal);
            if !free && pressed.is_none() {
                found.push(rest);
                continue;
            }
            let mut pull = Summing::new(inputs);
            for (row, value) in problem.column(column) {
                if let Some(push) = &pushes[row] {
                    pull.add(value.nearest_f64(), push);
                }
            }
            let pull = pull.done();
            if let Some(side) = pressed {
                let stands = self.stands(column, side);
                let own = sum(&[(1.0, &Approx::constant(&stands, inputs)), (-1.0, &pull)], inputs);
                let own = if side == Side::Upper { own.negated() } else { own };
                self.push(&own, Event::Leaves(column));
                found.push(rest);
                continue;
            }
            let weight = problem.weight[column].nearest_f64();
            let own = sum(&[(1.0, &rest), (weight, &pull)], inputs);
            for side in [Side::Lower, Side::Upper] {
                let bounds = if side == Side::Lower { &problem.lower } else { &problem.upper };
                if let Some(bound) = &bounds[column] {
                    let sign = if side == Side::Lower { 1.0 } else { -1.0 };
                    let bound = Approx::constant(bound, inputs);
                    let room = sum(&[(sign, &own), (-sign, &bound)], inputs);
                    self.push(&room, Event::Meets(column, side));
                }
            }
            found.push(own);
        }
        found
    }

    /// By how much of its weight a fixed column stands from its baseline.
    fn stands(&self, column: usize, side: Side) -> Amount {
        stands(self.straight, column, side)
    }

    /// How far the rows that are not tight lie from their bounds.
    fn rows(&mut self, amounts: &[Approx]) {
        let (inputs, lean) = (self.inputs(), self.lean);
        for row in (0..self.straight.rows.len()).filter(|row| !lean.is_tight(*row)) {
            let mut value = Summing::new(inputs);
            for part in &self.straight.rows[row].parts {
                let coefficient = part.coefficient.nearest_f64();
                for column in &part.columns {
                    value.add(coefficient, &amounts[*column as usize]);
                }
            }
            let value = value.done();
            for side in [Side::Lower, Side::Upper] {
                if let Some(bound) = self.straight.bound(row, side == Side::Upper) {
                    let sign = if side == Side::Lower { 1.0 } else { -1.0 };
                    let room = sum(&[(sign, &value), (-sign, &Approx::of(&bound))], inputs);
                    self.push(&room, Event::Tight(row, side));
                }
            }
        }
    }

    /// Forms stay on their pieces, and convex rows within their bounds.
    fn forms(&mut self, amounts: &[Approx]) -> Option<()> {
        if self.patch.bends.is_empty() || !self.sound {
            return Some(());
        }
        let event = |place: usize, full: bool| {
            if full { Event::Full(place) } else { Event::Kink(place) }
        };
        let exactly = |place: usize, parts: &[(&Amount, usize)]| self.exactly(place, parts);
        let how = (self.patch.supports(), &self.home);
        if let Some(found) = self.patch.bends.conditions(amounts, how, &exactly) {
            for own in found {
                self.push(&own.condition, event(own.place, own.full));
            }
            return Some(());
        }
        for own in self.patch.bent(self.set)? {
            self.push(&Approx::of(&own.condition), event(own.place, own.full));
        }
        Some(())
    }

    /// A form, which is a sum of multiples of columns, exact.
    fn exactly(&self, place: usize, parts: &[(&Amount, usize)]) -> Option<Line> {
        let terms: Vec<(usize, Amount)> =
            parts.iter().map(|(factor, column)| (*column, (*factor).clone())).collect();
        if let Some(line) = self.lean.told(&Key::Form(place), &terms) {
            return Some(line);
        }
        let multipliers = self.patch.multipliers(self.set)?;
        let own = |(factor, column): &(&Amount, usize)| {
            let amount = amount(self.straight, self.set, &multipliers, *column);
            ((*factor).clone(), amount)
        };
        let own: Vec<(Amount, Line)> = parts.iter().map(own).collect();
        let terms = own.iter().map(|(factor, line)| (factor, line));
        Some(Line::combined(terms, &Amount::ZERO, self.inputs()))
    }

    fn push(&mut self, own: &Approx, event: Event) {
        if !self.sound {
            return;
        }
        let pushes = matches!(event, Event::Slack(_) | Event::Leaves(_));
        let (value, off) = own.value(&self.home);
        if value <= off {
            self.sound = value >= -off;
            let Some(line) = self.sound.then(|| self.told(&event)).flatten() else {
                self.sound = false;
                return;
            };
            let still = line.is_constant();
            let value = if still { line.at } else { line.value(&self.home) };
            self.sound = !value.is_negative();
            if still || !self.sound {
                return;
            }
        }
        if !own.is_constant() && !own.is_positive_within(self.room) {
            self.checks[usize::from(pushes)].push(own);
            self.events[usize::from(pushes)].push(event);
        }
    }

    /// What is at least zero until an event, exactly.
    fn told(&mut self, event: &Event) -> Option<Line> {
        let plain = self.patch.plain(self.lean, event);
        plain.or_else(|| self.patch.told(self.set, event, &mut self.forms))
    }

    /// The conditions, and how many of the first are those of amounts; `None` where one does not hold at
    /// the point.
    pub(super) fn done(self) -> Option<(Checks, Vec<Event>, usize)> {
        let ([mut checks, pushed], [mut events, mut pushes]) = (self.checks, self.events);
        let feasible = checks.len();
        checks.append(pushed);
        events.append(&mut pushes);
        self.sound.then_some((checks, events, feasible))
    }
}

fn sum(terms: &[(f64, &Approx)], inputs: usize) -> Approx {
    let mut sum = Summing::new(inputs);
    for (factor, own) in terms {
        sum.add(*factor, own);
    }
    sum.done()
}

fn stands(straight: &Straight, column: usize, side: Side) -> Amount {
    let problem = &straight.problem;
    &(problem.bound(column, side) - &problem.baseline[column]) / &problem.weight[column]
}

/// The condition of an event as an exact function, at least zero where the map is the optimum; not
/// that of a form.
pub(super) fn exact(
    straight: &Straight,
    set: &Set<'_>,
    multipliers: &[Vec<Amount>],
    event: &Event,
) -> Option<Line> {
    let problem = &straight.problem;
    let pull = |column: usize| pull(straight, multipliers, column);
    let amount = |column: usize| amount(straight, set, multipliers, column);
    let toward = |line: Line, side: Side| if side == Side::Upper { line.negated() } else { line };
    Some(match event {
        Event::Slack(row) => {
            let (_, side) = set.rows().iter().find(|(own, _)| own == row)?;
            let rates = multipliers[1..].iter().map(|own| own[*row].clone()).collect();
            toward(Line::new(multipliers[0][*row].clone(), rates), *side)
        }
        Event::Meets(column, side) => {
            let own = amount(*column);
            let room = Line::new(&own.at - problem.bound(*column, *side), own.rates);
            toward(room, *side)
        }
        Event::Leaves(column) => {
            let (side, own) = (set.side(*column)?, pull(*column).negated());
            toward(Line::new(&stands(straight, *column, side) + &own.at, own.rates), side)
        }
        Event::Tight(row, side) => {
            let bound = straight.bound(*row, *side == Side::Upper)?;
            let mut sum = bound.negated();
            for part in &straight.rows[*row].parts {
                for column in &part.columns {
                    let own = amount(*column as usize);
                    sum.at += &(&part.coefficient * &own.at);
                    for (rate, more) in sum.rates.iter_mut().zip(&own.rates) {
                        *rate += &(&part.coefficient * more);
                    }
                }
            }
            toward(sum, *side)
        }
        Event::Kink(_) | Event::Full(_) => return None,
    })
}

/// What the rows do to a column.
fn pull(straight: &Straight, multipliers: &[Vec<Amount>], column: usize) -> Line {
    let own = |values: &Vec<Amount>| {
        let terms = straight.problem.column(column);
        terms.map(|(row, value)| value * &values[row]).sum::<Amount>()
    };
    Line::new(own(&multipliers[0]), multipliers[1..].iter().map(own).collect())
}

/// The amount of a column.
fn amount(straight: &Straight, set: &Set<'_>, multipliers: &[Vec<Amount>], column: usize) -> Line {
    let rest = set.rest(column);
    if !set.is_free(column) {
        return Line::new(rest.clone(), vec![Amount::ZERO; multipliers.len() - 1]);
    }
    let (weight, own) = (&straight.problem.weight[column], pull(straight, multipliers, column));
    let rates = own.rates.iter().map(|rate| weight * rate).collect();
    Line::new(rest + &(weight * &own.at), rates)
}
