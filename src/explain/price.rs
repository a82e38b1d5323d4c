//! What a limit, a hold or the revenue is worth: steps that were solved again, both ways.

use super::Footing;
use super::effect::Effect;
use crate::plan::{BoundKey, MeasureOf, Measured, Plan, Reading, Sense};
use crate::solve::{Exact, NoAnswer, piece, stepped};
use crate::units::Amount;

/// How far a bound is moved to see what it is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepSize {
    /// So much of the bound itself, as a share.
    Part(Amount),
    /// So many plan units or units of the measure; a bound that is a share moves by the usual part.
    Units(Amount),
}

impl Default for StepSize {
    /// One percent.
    fn default() -> Self {
        Self::Part(Amount::ratio(1, 100))
    }
}

/// What one bound is worth.
#[derive(Debug, Clone)]
pub struct Price {
    /// The bound, and where the exact answer stands.
    pub reading: Reading,
    /// The step that relaxes it, or, for an equality, the one that helps.
    pub relaxed: PriceStep,
    /// The step the other way.
    pub tightened: PriceStep,
}

/// One step of a bound, solved again.
#[derive(Debug, Clone)]
pub struct PriceStep {
    /// The step, in the unit of the bound, with its sign.
    pub by: Amount,
    /// The same in plan units (or units of the measure) of the slice: for a share, what the step is of
    /// where the base stands now.
    pub money: Amount,
    /// What it does.
    pub found: Result<Effect, NoStep>,
    /// How far every further step does the same again.
    pub reach: Reach,
}

/// How far a step does the same again: over which range the answer moves along a straight line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Up to this bound.
    UpTo(Amount),
    /// Without an end.
    NoEnd,
    /// For so much only, without a sign, in the unit of the bound: less than the step.
    Short(Amount),
    /// Not known: it was not asked for, or the bound is a share, along which no two steps do quite
    /// the same, or a revenue decision moves as well and the answer jumps.
    Unknown,
}

/// Why a step has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoStep {
    /// The bound would pass the other side of its own limit.
    Crosses,
    /// Nothing satisfies all limits then.
    Infeasible,
    /// A stage has no end then.
    Unbounded,
}

impl PriceStep {
    /// What the step is worth, for each unit of the bound that it relaxes or tightens: above zero
    /// where the answer comes out better; none where it has no answer.
    pub fn rate(&self) -> Option<Amount> {
        let effect = self.found.as_ref().ok()?;
        let size = self.by.abs();
        (!size.is_zero()).then(|| effect.worth() / &size)
    }
}

impl Price {
    /// Whether it is a direction and not a rate: moving the bound does the same again for less than
    /// `least`, because other limits stand at the very same place.
    pub fn is_direction(&self, least: &Amount) -> bool {
        matches!(&self.relaxed.reach, Reach::Short(piece) if piece < least)
    }

    /// What it is worth at the step that relaxes it; nothing where that has no answer.
    pub fn worth(&self) -> Amount {
        self.relaxed.found.as_ref().map(|effect| effect.worth().clone()).unwrap_or_default()
    }
}

/// How far to move the bound of `reading`: at least one quantum, and whole quanta where it is money.
pub fn step_of(plan: &Plan, reading: &Reading, size: &StepSize) -> Amount {
    let is_ratio = matches!(reading.measured, Measured::Share | Measured::Step | Measured::Ratio);
    let bound = reading.bound.abs();
    let quantum = Amount::whole(i64::from(plan.quantum().units()));
    let part = match size {
        StepSize::Units(units) if !is_ratio => return units.abs(),
        StepSize::Units(_) => Amount::ratio(1, 100),
        StepSize::Part(part) => part.abs(),
    };
    let step = &part * &bound;
    if is_ratio {
        return if step.is_zero() { Amount::ratio(1, 1000) } else { step };
    }
    if matches!(reading.measure, MeasureOf::Amount | MeasureOf::Reserve) {
        let whole = Amount::from((&step / &quantum).floor());
        return &whole.max(Amount::ONE) * &quantum;
    }
    if step.is_zero() { Amount::ONE } else { step }
}

/// Prices one bound: a step each way, each solved again exactly. With `thorough`, the plan is also
/// solved between and beyond where only that tells how far the step does the same again.
pub fn price(footing: &Footing<'_>, reading: &Reading, size: &StepSize, thorough: bool) -> Price {
    let step = step_of(footing.plan, reading, size);
    let up = take(footing, reading, step.clone(), thorough);
    let down = take(footing, reading, -&step, thorough);
    let relaxes_up = match reading.sense {
        Sense::Ceiling => true,
        Sense::Floor => false,
        Sense::Equal => {
            let worth =
                |step: &PriceStep| step.found.as_ref().ok().map(|effect| effect.worth().clone());
            worth(&up) >= worth(&down)
        }
    };
    let (relaxed, tightened) = if relaxes_up { (up, down) } else { (down, up) };
    Price { reading: reading.clone(), relaxed, tightened }
}

fn take(footing: &Footing<'_>, reading: &Reading, by: Amount, thorough: bool) -> PriceStep {
    let found = moved(footing, &reading.key(), &by);
    let reach = match &found {
        Ok(after) => reach(footing, reading, &by, after, thorough),
        Err(_) => Reach::Unknown,
    };
    PriceStep {
        money: &by * &reading.base,
        found: found.map(|after| Effect::between(&footing.exact, &after)),
        by,
        reach,
    }
}

/// The exact answer with the bound moved.
fn moved(footing: &Footing<'_>, key: &BoundKey, by: &Amount) -> Result<Exact, NoStep> {
    let plan = footing.plan.nudged(key, by).ok_or(NoStep::Crosses)?;
    stepped(&plan, &footing.exact.active).map_err(|none| match none {
        NoAnswer::Infeasible => NoStep::Infeasible,
        NoAnswer::Unbounded(_) => NoStep::Unbounded,
    })
}

/// How often the first piece is looked for nearer to where the bound stands.
const ROUNDS: usize = 4;

/// How far the step does the same again.
fn reach(
    footing: &Footing<'_>,
    reading: &Reading,
    by: &Amount,
    after: &Exact,
    thorough: bool,
) -> Reach {
    if matches!(reading.measured, Measured::Share | Measured::Step | Measured::Ratio) {
        return Reach::Unknown;
    }
    let sign = if by.is_negative() { Amount::whole(-1) } else { Amount::ONE };
    let at = |size: &Amount| moved(footing, &reading.key(), &(size * &sign));
    if after.revenue != footing.exact.revenue {
        return Reach::Unknown;
    }
    let (nothing, whole) = (Amount::ZERO, by.abs());
    if footing.is_straight()
        && let Some((_, to)) = piece(&footing.exact, after, (&nothing, &whole))
    {
        return to.map_or(Reach::NoEnd, |to| Reach::UpTo(&reading.bound + &(&sign * &to)));
    }
    if !thorough {
        return Reach::Unknown;
    }
    let mut far = (whole, after.clone());
    for round in 0..ROUNDS {
        let near = &far.0 / &Amount::whole(if round == 0 { 2 } else { 16 });
        let Ok(between) = at(&near) else { return Reach::Unknown };
        if between.revenue != far.1.revenue || between.revenue != footing.exact.revenue {
            return Reach::Unknown;
        }
        let found = piece(&between, &far.1, (&near, &far.0));
        let Some((_, to)) =
            found.filter(|(from, _)| !from.as_ref().is_some_and(Amount::is_positive))
        else {
            far = (near, between);
            continue;
        };
        if round > 0 {
            return to.filter(|to| *to < by.abs()).map_or(Reach::Unknown, Reach::Short);
        }
        let Some(to) = to else { return Reach::NoEnd };
        let line = Line { near: (&near, &between), far: (&far.0, &far.1) };
        let end = if footing.is_straight() || at(&to).is_ok_and(|end| line.has(&to, &end)) {
            to
        } else {
            far.0
        };
        return Reach::UpTo(&reading.bound + &(&sign * &end));
    }
    Reach::Short(far.0)
}

/// Two answers on a straight line.
struct Line<'a> {
    near: (&'a Amount, &'a Exact),
    far: (&'a Amount, &'a Exact),
}

impl Line<'_> {
    /// Whether the stages and the revenue of an answer lie on the line.
    fn has(&self, at: &Amount, answer: &Exact) -> bool {
        let part = &(at - self.near.0) / &(self.far.0 - self.near.0);
        let along = |near: &Amount, far: &Amount| near + &(&part * &(far - near));
        let values = |of: &Exact| -> Vec<Amount> {
            of.stages.iter().flat_map(|stage| stage.values.clone()).collect()
        };
        let (near, far) = (values(self.near.1), values(self.far.1));
        let expected: Vec<Amount> = near.iter().zip(&far).map(|(a, b)| along(a, b)).collect();
        answer.revenue == self.near.1.revenue && values(answer) == expected
    }
}

/// Ranks prices by what a relaxing step is worth: first those that help an earlier stage, then the
/// larger gain for the money moved.
pub fn rank_prices(prices: &mut [Price]) {
    let key = |price: &Price| {
        let effect = price.relaxed.found.as_ref().ok()?;
        let gains: Vec<Amount> = effect.gains.iter().map(|gain| gain.gain.clone()).collect();
        Some((gains, effect.nearer.clone()))
    };
    prices.sort_by_cached_key(|price| std::cmp::Reverse(key(price)));
}
