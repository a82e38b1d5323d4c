//! What a change of a plan does to its answer.

use super::phrases::{count, money, signed, slice, together};
use crate::explain::{Effect, Footing, average_change};
use crate::plan::{Aim, MeasureOf, Plan, Slice, Stage, Strength};
use crate::units::{Amount, CellId, grouped};

/// How many movers are named before it is said that there are more.
const MOST_MOVERS: usize = 4;

/// What a change is worth: the aims that come out otherwise, else how much nearer the plan comes to
/// its baseline. Nothing where nothing changes.
pub(super) fn worth(footing: &Footing<'_>, effect: &Effect) -> Option<String> {
    worth_to(footing, effect, "of what was promised")
}

/// The same where a promise was left out, whose own misses no longer count.
pub(super) fn worth_to_others(footing: &Footing<'_>, effect: &Effect) -> Option<String> {
    worth_to(footing, effect, "of what else was promised")
}

fn worth_to(footing: &Footing<'_>, effect: &Effect, promised: &str) -> Option<String> {
    let gains: Vec<String> = effect
        .gains
        .iter()
        .filter(|gain| !gain.gain.is_zero())
        .filter_map(|gain| {
            let stage = footing.plan.stages().iter().find(|stage| stage.id == gain.stage)?;
            Some(self::gain(footing.plan, stage, &gain.gain, promised))
        })
        .collect();
    if !gains.is_empty() {
        return Some(together(&gains));
    }
    nearer(footing, effect)
}

/// The average change of a line before and after.
fn nearer(footing: &Footing<'_>, effect: &Effect) -> Option<String> {
    if effect.nearer.is_zero() {
        return None;
    }
    let before = average_change(footing.plan, &footing.exact.distance);
    let after = average_change(footing.plan, &(&footing.exact.distance - &effect.nearer));
    let way = if effect.nearer.is_positive() { "falls" } else { "rises" };
    let differ = |places: &u32| points(&before, *places) != points(&after, *places);
    let Some(places) = (1..7).find(differ) else {
        return Some(format!("the average change of a line {way} by next to nothing"));
    };
    Some(format!(
        "the average change of a line {way} from {} to {}",
        points(&before, places),
        points(&after, places)
    ))
}

fn points(share: &Amount, places: u32) -> String {
    format!("{} %", grouped(&(share * &Amount::whole(100)), places))
}

/// What one aim gains or loses, with its unit; what is weighted says so.
fn gain(plan: &Plan, stage: &Stage, gain: &Amount, promised: &str) -> String {
    let unit = plan.unit();
    let weighs = |place: &usize| {
        let own = &plan.limits()[*place].strength;
        matches!(own, Strength::Soft { weight } if *weight != Amount::ONE)
    };
    let missed = match &stage.aim {
        Aim::Shortfall { limits, .. } if limits.iter().any(weighs) => format!("weighted {unit}"),
        _ => unit.clone(),
    };
    let size = grouped(&gain.abs(), if gain.is_whole() { 0 } else { 2 });
    let better = gain.is_positive();
    let less = if better { "less" } else { "more" };
    let more = if better { "more" } else { "less" };
    let title = format!("\u{201c}{}\u{201d}", stage.title);
    match &stage.aim {
        Aim::Shortfall { even: false, .. } | Aim::NeedShortfall { even: false, .. } => {
            format!("{size} {missed} {less} is missed {promised} ({title})")
        }
        Aim::Shortfall { .. } | Aim::NeedShortfall { .. } | Aim::Coverage { .. } => {
            let percent = grouped(&(&gain.abs() * &Amount::whole(100)), 2);
            format!("the worst served is {percent} points {more} served ({title})")
        }
        Aim::Value(_) => format!("{title} earns {size} weighted {unit} {more}"),
        Aim::FewMoves { .. } | Aim::Turnover { .. } => {
            format!("{size} {unit} {less} changes place ({title})")
        }
        Aim::Deviation { .. } => format!("{title} is {size} {unit} {less} off its targets"),
        Aim::ReserveUse { .. } => format!("{size} {unit} {less} is drawn ({title})"),
        Aim::Measure { measure: MeasureOf::Amount, maximise, .. }
        | Aim::Revenue { maximise, .. } => {
            let word = if *maximise { more } else { less };
            format!("{title} reaches {size} {unit} {word}")
        }
        Aim::Measure { measure, maximise, .. } => {
            let word = if *maximise { more } else { less };
            let unit = match measure {
                MeasureOf::Weighted(place) => plan.measures()[*place].unit.as_str(),
                _ => "plan",
            };
            let unit = if unit == "plan" { plan.unit() } else { unit.into() };
            format!("{title} reaches {size} {unit} {word}")
        }
        Aim::ProRata => format!("{title} comes out otherwise"),
    }
}

/// What a weighted amount is, where a line speaks of one.
pub fn weights(plan: &Plan, lines: &[String]) -> Vec<String> {
    let weighted = format!("weighted {}", plan.unit());
    if !lines.iter().any(|line| line.contains(&weighted)) {
        return Vec::new();
    }
    vec![
        String::new(),
        format!(
            "A {weighted} counts by the weights that the plan states: those of a promise that is missed, \
             and of a line that earns."
        ),
    ]
}

/// Who gives and who gains, largest first: `ITU-D −610, ITU-T −390`.
pub(super) fn moves(plan: &Plan, effect: &Effect, without: &[CellId]) -> Option<String> {
    let (place, mut movers) = effect.movers(plan, without)?;
    movers.retain(|mover| !to_a_tenth(&mover.change).is_zero());
    if movers.is_empty() {
        return None;
    }
    let axis = &plan.dimensions()[place];
    let mut named: Vec<String> = movers
        .iter()
        .take(MOST_MOVERS)
        .map(|mover| {
            let title = &axis.member(mover.member).title;
            format!("{title} {}", signed(&to_a_tenth(&mover.change)))
        })
        .collect();
    if movers.len() > MOST_MOVERS {
        let rest: Amount = movers.iter().skip(MOST_MOVERS).map(|mover| &mover.change).sum();
        let others = count(movers.len() - MOST_MOVERS, "other", "others");
        let rest = to_a_tenth(&rest);
        named.extend((!rest.is_zero()).then(|| format!("{others} {}", signed(&rest))));
    }
    Some(together(&named))
}

/// By how much the whole plan rises or falls with it, and that revenue pays or keeps that: a decision on
/// revenue moved, or what was left unspent. Nothing where what some gain others give.
pub(super) fn whole(plan: &Plan, effect: &Effect) -> Option<String> {
    let sum = to_a_tenth(&effect.whole());
    let size = money(plan, &sum.abs());
    let (pays, keeps) = match plan.balance() {
        Some(_) => (", which revenue pays", ", which revenue keeps"),
        None => ("", ""),
    };
    match sum.signum() {
        1 => Some(format!(" The whole plan rises by {size}{pays}.")),
        -1 => Some(format!(" The whole plan falls by {size}{keeps}.")),
        _ => None,
    }
}

/// The amount to one decimal, whole where it is large.
pub(super) fn to_a_tenth(value: &Amount) -> Amount {
    let power = Amount::whole(if value.abs() >= Amount::whole(100) { 1 } else { 10 });
    let half = &(&value.abs() * &power) + &Amount::ratio(1, 2);
    let size = &Amount::from(half.floor()) / &power;
    if value.is_negative() { -size } else { size }
}

/// `ITU-D, Travel`: the slice, for the middle of a sentence.
pub(super) fn of(plan: &Plan, on: &Slice) -> String {
    slice(plan, on)
}
