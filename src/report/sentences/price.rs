//! What a limit, a hold or the revenue is worth, both ways.

use super::effect::{moves, whole, worth, worth_to_others};
use super::phrases::{amount, capital, reading, share};
use crate::explain::{Footing, NoStep, Price, PriceStep, Promise, Reach, named_as, title_of};
use crate::plan::{MeasureOf, Measured, Plan, Reading, ReadingKind, Sense};
use crate::units::Amount;

/// Says what one bound asks, and what a step of it does each way.
pub fn price(footing: &Footing<'_>, price: &Price) -> Vec<String> {
    let plan = footing.plan;
    let own = &price.reading;
    let missed = own.slack.is_negative();
    let mut said = vec![format!(
        "{} asks for {} {}{}.",
        capital(&reading(plan, own)),
        sense(own.sense),
        level(plan, own, &own.bound),
        if missed {
            format!("; it stands at {}", level(plan, own, &own.level))
        } else {
            String::new()
        }
    )];
    said.push(format!("  {}", step(footing, own, &price.relaxed)));
    said.push(format!("  {}", step(footing, own, &price.tightened)));
    if price.is_direction(&Amount::whole(i64::from(plan.quantum().units()))) {
        said.push(
            "  Other limits stand at the very same place, so this is a direction and not a rate: twice \
             the step need not do twice as much."
                .into(),
        );
    }
    said
}

/// One line a bound: what its relaxing step is worth.
pub fn price_line(footing: &Footing<'_>, price: &Price) -> String {
    let own = &price.reading;
    let named = reading(footing.plan, own);
    format!("{}: {}", capital(&named), step(footing, own, &price.relaxed))
}

fn sense(sense: Sense) -> &'static str {
    match sense {
        Sense::Floor => "at least",
        Sense::Ceiling => "at most",
        Sense::Equal => "exactly",
    }
}

/// A bound or level in its own unit: `20 734 kCHF`, `34.5 %`, `590 posts`.
pub(super) fn level(plan: &Plan, of: &Reading, value: &Amount) -> String {
    match (of.measured, of.measure) {
        (Measured::Share | Measured::Step, _) => share(value),
        (Measured::Ratio, _) => {
            let times = crate::units::grouped(value, 4);
            format!("{} times", times.trim_end_matches('0').trim_end_matches('.'))
        }
        (_, MeasureOf::Weighted(place)) => {
            let unit = &plan.measures()[place].unit;
            let unit = if unit == "plan" { plan.unit() } else { unit.clone() };
            format!("{} {unit}", amount(value))
        }
        _ => format!("{} {}", amount(value), plan.unit()),
    }
}

/// A step in its own unit: `207 kCHF`, `0.3 points`.
fn size(plan: &Plan, of: &Reading, by: &Amount) -> String {
    match of.measured {
        Measured::Share | Measured::Step => {
            let points = &by.abs() * &Amount::whole(100);
            format!(
                "{} points",
                crate::units::grouped(&points, 3).trim_end_matches('0').trim_end_matches('.')
            )
        }
        _ => level(plan, of, &by.abs()),
    }
}

fn step(footing: &Footing<'_>, own: &Reading, step: &PriceStep) -> String {
    let plan = footing.plan;
    let to = &own.bound + &step.by;
    let verb = if step.by.is_positive() { "Raising" } else { "Lowering" };
    let what = if own.kind == ReadingKind::Balance { "the revenue" } else { "it" };
    let money = if own.base == Amount::ONE {
        String::new()
    } else {
        format!(
            ", about {}",
            super::phrases::money(plan, &super::effect::to_a_tenth(&step.money.abs()))
        )
    };
    let size = size(plan, own, &step.by);
    let done = format!("{verb} {what} by {size}{money} (to {})", level(plan, own, &to));
    let effect = match &step.found {
        Ok(effect) => effect,
        Err(NoStep::Crosses) => {
            return format!(
                "{done} is not possible: it would pass the other end of the same limit."
            );
        }
        Err(NoStep::Infeasible) => {
            return format!("{done} is not possible: no figures keep all limits then.");
        }
        Err(NoStep::Unbounded) => return format!("{done} would leave an aim without an end."),
    };
    if effect.is_nothing() {
        return format!("{done} changes nothing.");
    }
    let worth = worth(footing, effect).unwrap_or_else(|| "no aim gains or loses".into());
    let moved = moves(plan, effect, &[]).map(|moved| format!(" What moves: {moved}."));
    let whole = if own.kind == ReadingKind::Balance { None } else { whole(plan, effect) };
    format!(
        "{done}: {worth}.{}{}{}",
        moved.unwrap_or_default(),
        whole.unwrap_or_default(),
        reach(plan, own, step)
    )
}

fn reach(plan: &Plan, own: &Reading, step: &PriceStep) -> String {
    match &step.reach {
        Reach::UpTo(to) => {
            let way = if step.by.is_positive() { "up" } else { "down" };
            format!(" Each further step does the same, {way} to {}.", level(plan, own, to))
        }
        Reach::NoEnd => " Each further step does the same, however far it goes.".into(),
        Reach::Short(piece) if piece.is_positive() => format!(
            " Only the first {} of it work at the same rate; then other limits take over.",
            size(plan, own, &to_two(piece))
        ),
        Reach::Short(_) | Reach::Unknown => String::new(),
    }
}

/// The amount rounded down to two decimals.
fn to_two(value: &Amount) -> Amount {
    let hundred = Amount::whole(100);
    &Amount::from((value * &hundred).floor()) / &hundred
}

/// Says what a promise costs.
pub fn promise(footing: &Footing<'_>, promise: &Promise) -> String {
    let plan = footing.plan;
    let named = named_as(plan, promise.kind, &promise.id);
    let name = match promise.kind {
        ReadingKind::Hold => title_of(plan, promise.kind, &promise.id, ""),
        _ => format!("\u{201c}{}\u{201d}", named.title),
    };
    match &promise.found {
        Ok(effect) if effect.is_nothing() => format!("Without {name} nothing would change."),
        Ok(effect) => {
            let told = if promise.soft { worth_to_others } else { worth };
            let worth = told(footing, effect).unwrap_or_else(|| "no aim gains or loses".into());
            let moved = moves(plan, effect, &[]).map(|moved| format!(" What moves: {moved}."));
            let whole = whole(plan, effect).unwrap_or_default();
            format!("Without {name}: {worth}.{}{whole}", moved.unwrap_or_default())
        }
        Err(_) => format!("Without {name} there would be no answer."),
    }
}

/// Where a slice stands, rounded down: to two decimals, of a percent where it is a share.
fn stands(own: &Reading) -> Amount {
    if matches!(own.measured, Measured::Share | Measured::Step | Measured::Ratio) {
        let hundred = Amount::whole(100);
        return &to_two(&(&own.level * &hundred)) / &hundred;
    }
    to_two(&own.level)
}

/// Says how much room limits leave that do not bind.
pub fn room(footing: &Footing<'_>, free: &[&Reading]) -> Vec<String> {
    let plan = footing.plan;
    let told = free.iter().map(|own| {
        format!(
            "{} asks for {} {}; it stands at {} and leaves room. Moving it a little changes nothing.",
            capital(&reading(plan, own)),
            sense(own.sense),
            level(plan, own, &own.bound),
            level(plan, own, &stands(own)),
        )
    });
    told.collect()
}

/// Says why levels that transfers set have no price.
pub fn ends(footing: &Footing<'_>, levels: &[&Reading]) -> Vec<String> {
    let plan = footing.plan;
    let told = levels.iter().map(|own| {
        format!(
            "{} is at {}, as its transfer says. It has no price of its own: what one side gives the other \
             receives. Change the amount of the transfer, and compare both scenarios.",
            capital(&reading(plan, own)),
            level(plan, own, &own.bound),
        )
    });
    told.collect()
}

/// The limits by what a step is worth, the dearest first; `most` of them.
pub fn prices(footing: &Footing<'_>, ranked: &[Price], most: usize) -> Vec<String> {
    let helps = |price: &&Price| price.worth().is_positive();
    let told: Vec<&Price> = ranked.iter().filter(helps).collect();
    if told.is_empty() {
        return vec!["No limit stands in the way: relaxing one would change nothing.".into()];
    }
    let mut said = vec!["What would help most, one limit at a time:".to_string()];
    said.extend(told.iter().take(most).map(|price| format!("  {}", price_line(footing, price))));
    if told.len() > most {
        let more = super::phrases::count(told.len() - most, "more limit has", "more limits have");
        said.push(format!(
            "  {more} a price; `virement solve --prices --table limits` lists them."
        ));
    }
    said
}

/// How many limits without a price are named.
const MOST_NAMED: usize = 5;

/// Says which limits bind and were given no price, those first that press hardest, and how to ask for
/// all of them.
pub fn unpriced(footing: &Footing<'_>, left: &[&Reading]) -> Vec<String> {
    if left.is_empty() {
        return Vec::new();
    }
    let mut named: Vec<String> =
        left.iter().take(MOST_NAMED).map(|own| reading(footing.plan, own)).collect();
    if left.len() > MOST_NAMED {
        named.push(super::phrases::count(left.len() - MOST_NAMED, "other", "others"));
    }
    vec![format!(
        "  {} as well, but {} on the answer; what a step of {} is worth was not worked out: {}. \
         `--every` does it for all.",
        super::phrases::count(left.len(), "limit binds", "limits bind"),
        if left.len() == 1 { "presses less" } else { "press less" },
        if left.len() == 1 { "it" } else { "them" },
        super::phrases::together(&named)
    )]
}

/// Says how many promises were not asked about.
pub fn promises_left(left: usize) -> Vec<String> {
    if left == 0 {
        return Vec::new();
    }
    let more = super::phrases::count(left, "more presses less and was", "more press less and were");
    vec![format!("  {more} not tried; `--every` tries all.")]
}

/// What the promises cost, the dearest first; `most` of them.
pub fn promises(footing: &Footing<'_>, ranked: &[Promise], most: usize) -> Vec<String> {
    let told: Vec<&Promise> = ranked
        .iter()
        .filter(|promise| promise.found.as_ref().is_ok_and(|effect| !effect.is_nothing()))
        .collect();
    if told.is_empty() {
        return vec!["No promise or hold of a planner costs anything.".into()];
    }
    let mut said = vec!["What the promises and holds of planners cost:".to_string()];
    said.extend(told.iter().take(most).map(|own| format!("  {}", promise(footing, own))));
    if told.len() > most {
        let more = super::phrases::count(told.len() - most, "more costs", "more cost");
        said.push(format!("  {more} something too."));
    }
    said
}
