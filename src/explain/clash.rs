//! A conflict told in words: first arithmetic that a person can follow, then the general method.

use super::statement::{self, Statement};
use super::words;
use crate::plan::{Body, MeasureOf, Plan, ReadingKind, Rule, Sense};
use crate::solve::{BoundClash, Bounded, Clash, Conflict, Own};
use crate::units::{Amount, CellId};

/// A conflict in words.
#[derive(Debug, Clone)]
pub struct Told {
    /// What clashes, in sentences.
    pub sentences: Vec<String>,
    /// What each limit asks, in the order of the conflict.
    pub limits: Vec<Statement>,
    /// What the own bounds of lines ask; lines that are alike in one.
    pub bounds: Vec<String>,
    /// Whether the sentences say it by plain sums, and not by weights.
    pub plain: bool,
}

/// One limit of the conflict as a side of a plain sum.
struct Side {
    /// How it is named: `the floor of ITU-R`.
    kind: Kind,
    about: String,
    /// What it asks for or leaves.
    level: Amount,
    /// The multiplier, once shares are taken of what is known.
    times: Amount,
    /// The share and the whole that the level was worked out from.
    part: Option<(Amount, Amount)>,
}

/// The words that name a side.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Balance,
    Hold,
    Transfer,
    Fixed,
    Floor,
    Ceiling,
    Share,
}

/// Tells a conflict.
pub fn tell(plan: &Plan, conflict: &Conflict) -> Told {
    let limits: Vec<Statement> =
        conflict.parts.iter().map(|part| statement::of_limit(plan, part)).collect();
    let mut bounds = own_bounds(plan, &conflict.bounds);
    let plain = match conflict.lumps.as_slice() {
        [] => sum(plan, conflict, &limits),
        _ => Some(super::clash_lumps::told(plan, conflict, (&limits, &bounds))),
    };
    bounds.extend(super::clash_lumps::lumps_told(plan, conflict));
    let found = plain.is_some();
    let mut sentences =
        plain.unwrap_or_else(|| super::clash_weighed::told(plan, conflict, &limits));
    let count = conflict.parts.len() + conflict.bounds.len() + conflict.lumps.len();
    sentences.push(match count {
        1 => "It cannot hold by itself.".into(),
        _ => "Each one is needed for this: without any one of them, the others can hold \
              together."
            .into(),
    });
    Told { sentences, limits, bounds, plain: found }
}

/// What the own bounds of lines ask, those alike in one sentence.
fn own_bounds(plan: &Plan, bounds: &[BoundClash]) -> Vec<String> {
    let mut told = Vec::new();
    let alike = |why: Own, sense: Sense| {
        bounds
            .iter()
            .filter(move |b| matches!(b.of, Bounded::Cell(_)) && b.why == why && b.sense == sense)
    };
    for (why, sense, many) in [
        (Own::Sign, Sense::Floor, "cannot fall below zero"),
        (Own::Sign, Sense::Ceiling, "are deductions and cannot rise above zero"),
        (Own::Fixed, Sense::Equal, "cannot move from their baselines"),
        (Own::Kept, Sense::Equal, "keep what they have, as nothing is moved there"),
    ] {
        let own: Vec<&BoundClash> = alike(why, sense).collect();
        match own.as_slice() {
            [] => {}
            few if few.len() <= 2 => {
                told.extend(few.iter().map(|bound| statement::of_bound(plan, bound).says));
            }
            many_of => {
                let sum: Amount = many_of.iter().map(|bound| &bound.bound).sum();
                let sum = if sum.is_zero() {
                    String::new()
                } else {
                    format!(", {} together", words::amount(&sum))
                };
                told.push(format!("{} lines {many}{sum}", many_of.len()));
            }
        }
    }
    let stated: Vec<&BoundClash> =
        bounds.iter().filter(|b| matches!(b.why, Own::Stated | Own::Lump)).collect();
    told.extend(of_lines(plan, &stated, FEW));
    told
}

/// How many bounds of lines are told one by one.
const FEW: usize = 6;
/// How many lines are named by their own bounds in a sum.
const MOST_OWN: usize = 2;
/// How many floors, or ceilings, are named one by one in a sum.
const MOST_ALIKE: usize = 9;

/// What bounds of lines say, those of one side together where they are more than `few`.
fn of_lines(plan: &Plan, bounds: &[&BoundClash], few: usize) -> Vec<String> {
    let sides = [(Sense::Floor, "floors"), (Sense::Ceiling, "ceilings"), (Sense::Equal, "figures")];
    let side = |(sense, word): (Sense, &str)| -> Vec<String> {
        let own: Vec<&&BoundClash> = bounds.iter().filter(|own| own.sense == sense).collect();
        if own.len() <= few {
            return own.iter().map(|bound| statement::of_bound(plan, bound).says).collect();
        }
        let sum: Amount = own.iter().map(|bound| &bound.bound).sum();
        vec![format!("the own {word} of {} lines: {} together", own.len(), words::amount(&sum))]
    };
    sides.into_iter().flat_map(side).collect()
}

/// The bounds of lines that a wish cannot be had beside: those that take or leave money.
pub fn own_bounds_told(plan: &Plan, conflict: &Conflict) -> Vec<String> {
    let own: Vec<&BoundClash> = conflict.bounds.iter().filter(|own| !own.adds.is_zero()).collect();
    of_lines(plan, &own, 2)
}

/// The conflict as sums of what is asked and what is left; `None` where weights are needed.
fn sum(plan: &Plan, conflict: &Conflict, limits: &[Statement]) -> Option<Vec<String>> {
    let sides = sides(plan, conflict, limits)?;
    let unit = unit(plan, conflict)?;
    let is_unit = |times: &Amount| times.is_zero() || times.abs() == Amount::ONE;
    if !sides.iter().all(|side| is_unit(&side.times)) {
        return None;
    }
    let own = |up: bool| -> Amount {
        let adds = conflict.bounds.iter().filter(|b| b.multiplier.is_positive() == up);
        adds.map(|bound| bound.adds.clone()).sum()
    };
    let total = |up: bool| -> Amount {
        sides.iter().filter(|s| counts(s, up)).map(|side| &side.level).sum()
    };
    let (asked, left) = (&total(true) + &own(true), &total(false) - &own(false));
    if &asked - &left != conflict.excess {
        return None;
    }
    let asks: Vec<&Side> = sides.iter().filter(|side| counts(side, true)).collect();
    let leaves: Vec<&Side> = sides.iter().filter(|side| counts(side, false)).collect();
    let mut sentences = Vec::new();
    for side in sides.iter().filter(|side| side.part.is_some()) {
        if let Some((share, whole)) = &side.part {
            sentences.push(format!(
                "{} of {} is {}, for {}.",
                words::percent(share),
                words::amount(whole),
                words::amount(&side.level),
                side.about
            ));
        }
    }
    let mut first = asking(&asks, &own_of(plan, conflict, true), &asked);
    if asks.len() == 1 && asks[0].kind == Kind::Balance {
        first = format!("{} to be spent is {}", asks[0].about, words::amount(&asked));
    }
    let second = leaving(&leaves, &own_of(plan, conflict, false), &left);
    sentences.push(format!("{}; {second}.", capital(&first)));
    let short = words::amount(&conflict.excess);
    let balance_asks = asks.iter().any(|side| side.kind == Kind::Balance);
    sentences.push(if balance_asks {
        format!("That is {short} {unit} with no room for it.")
    } else {
        format!("That is {short} {unit} short.")
    });
    Some(sentences)
}

/// Whether a side is counted: what it asks for with `up`, what it leaves without.
fn counts(side: &Side, up: bool) -> bool {
    !side.times.is_zero() && side.times.is_positive() == up
}

/// The unit of the sums; `None` where the limits count different things.
pub(super) fn unit(plan: &Plan, conflict: &Conflict) -> Option<String> {
    let measure = |clash: &Clash| clash.reading.as_ref().map_or(MeasureOf::Amount, |r| r.measure);
    let mut units = conflict.parts.iter().map(|part| words::unit(plan, measure(part)));
    let first = units.next()?;
    units.all(|unit| unit == first).then_some(first)
}

/// The limits as sides of a sum, shares taken of a total that another limit of the conflict fixes.
fn sides(plan: &Plan, conflict: &Conflict, limits: &[Statement]) -> Option<Vec<Side>> {
    let mut sides = Vec::new();
    let mut bases: Vec<Option<(Amount, Vec<CellId>)>> = Vec::new();
    let mut totals: Vec<Option<Vec<CellId>>> = Vec::new();
    for (clash, statement) in conflict.parts.iter().zip(limits) {
        let up = clash.multiplier.is_positive();
        let (level, cells, base) = match of_rule(plan, clash) {
            Some(Rule { body: Body::Share { form, base, min, max, .. }, .. }) => {
                let share = if up { min } else { max }?;
                (None, plain_cells(&form), Some((share, plain_cells(&base)?)))
            }
            Some(Rule { body: Body::Level { form, min, max, .. }, .. }) => {
                (Some(if up { min } else { max }?), plain_cells(&form), None)
            }
            Some(_) => return None,
            None => {
                let cells = clash.reading.as_ref().map(|reading| reading.cells.clone());
                (Some(clash.bound.clone()), cells, None)
            }
        };
        let kind = match (clash.origin.kind, clash.sense, base.is_some()) {
            (ReadingKind::Balance, ..) => Kind::Balance,
            (ReadingKind::Hold, ..) => Kind::Hold,
            (ReadingKind::Transfer, ..) => Kind::Transfer,
            (_, _, true) => Kind::Share,
            (_, Sense::Equal, _) => Kind::Fixed,
            (_, Sense::Floor, _) => Kind::Floor,
            (_, Sense::Ceiling, _) => Kind::Ceiling,
        };
        sides.push(Side {
            kind,
            about: statement.about.clone(),
            level: level.unwrap_or_default(),
            times: clash.multiplier.clone(),
            part: None,
        });
        totals.push(cells.filter(|_| base.is_none()));
        bases.push(base);
    }
    for (place, base) in bases.into_iter().enumerate() {
        let Some((share, cells)) = base else { continue };
        let equal = |other: &usize| {
            conflict.parts[*other].sense == Sense::Equal && totals[*other].as_ref() == Some(&cells)
        };
        let whole = (0..sides.len()).find(equal)?;
        let taken = &sides[place].times * &share;
        sides[place].level = &share * &sides[whole].level;
        sides[place].part = Some((share, sides[whole].level.clone()));
        sides[whole].times = &sides[whole].times - &taken;
    }
    Some(sides)
}

/// The rule of a limit's row; nothing for what is no limit of a family.
fn of_rule(plan: &Plan, clash: &Clash) -> Option<Rule> {
    if clash.origin.kind != ReadingKind::Limit {
        return None;
    }
    let limit = plan.limits().iter().find(|limit| limit.id == clash.origin.id)?;
    let turnover =
        clash.reading.as_ref().is_some_and(|r| r.measured == crate::plan::Measured::Turnover);
    words::rule_of(plan, limit, &clash.origin.member, turnover)
}

/// The cells of a form that only adds them up.
fn plain_cells(form: &crate::plan::Form) -> Option<Vec<CellId>> {
    match form.parts.as_slice() {
        [(coefficient, cells)] if *coefficient == Amount::ONE => Some(cells.clone()),
        _ => None,
    }
}

/// `the floors of A and B and the hold on C`.
fn named(sides: &[&Side], up: bool) -> Vec<String> {
    let mut kinds: Vec<Kind> = sides.iter().map(|side| side.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let mut names = Vec::new();
    for kind in kinds {
        let about: Vec<String> =
            sides.iter().filter(|s| s.kind == kind).map(|side| side.about.clone()).collect();
        let (one, many, of) = match kind {
            Kind::Balance => {
                names.extend(about);
                continue;
            }
            Kind::Hold => ("the hold", "the holds", "on"),
            Kind::Transfer => ("the level", "the levels", "that transfers set for"),
            Kind::Fixed => ("the fixed amount", "the fixed amounts", "of"),
            Kind::Floor => ("the floor", "the floors", "of"),
            Kind::Ceiling => ("the ceiling", "the ceilings", "of"),
            Kind::Share if up => ("the least share", "the least shares", "of"),
            Kind::Share => ("the greatest share", "the greatest shares", "of"),
        };
        let word = if about.len() == 1 { one } else { many };
        names.push(format!("{word} {of} {}", gathered(&about)));
    }
    names
}

/// What own bounds of lines add to a side, where that is not nothing: few by their names.
fn own_of(plan: &Plan, conflict: &Conflict, up: bool) -> Vec<String> {
    let counted =
        |bound: &&BoundClash| bound.multiplier.is_positive() == up && !bound.adds.is_zero();
    let decided = |bound: &&BoundClash| matches!(bound.of, Bounded::Revenue(..));
    let (revenue, cells): (Vec<&BoundClash>, Vec<&BoundClash>) =
        conflict.bounds.iter().filter(counted).partition(decided);
    let name = |bound: &&BoundClash| {
        let about = statement::of_bound(plan, bound).about;
        match (bound.of, bound.sense) {
            (Bounded::Revenue(..), Sense::Floor) => format!("the floor of {about}"),
            (Bounded::Revenue(..), _) => format!("the ceiling of {about}"),
            (_, Sense::Floor) => format!("the own floor of {about}"),
            (_, Sense::Ceiling) => format!("the own ceiling of {about}"),
            (_, Sense::Equal) => format!("the amount of {about}"),
        }
    };
    let mut names: Vec<String> = revenue.iter().map(name).collect();
    match cells.as_slice() {
        few if few.len() <= MOST_OWN => names.extend(few.iter().map(name)),
        many => names.push(format!("the own bounds of {} lines", many.len())),
    }
    names
}

/// Whether what is named once is one thing: the own bounds of several lines are not.
fn one(sides: &[&Side], own: &[String]) -> bool {
    !sides.is_empty() || own.iter().all(|own| !own.starts_with("the own bounds"))
}

fn asking(asks: &[&Side], own: &[String], asked: &Amount) -> String {
    let mut names = named(asks, true);
    names.extend_from_slice(own);
    let figure = words::amount(asked);
    match (names.is_empty(), asks.len() + own.len()) {
        (true, _) => "the lines need nothing".into(),
        (false, 1) if one(asks, own) => format!("{} asks for {figure}", parted(&names)),
        (false, 1) => format!("{} ask for {figure}", parted(&names)),
        (false, _) => format!("{} together ask for {figure}", parted(&names)),
    }
}

fn leaving(leaves: &[&Side], own: &[String], left: &Amount) -> String {
    let mut names = named(leaves, false);
    names.extend_from_slice(own);
    let figure = words::amount(left);
    match (names.is_empty(), leaves.len() + own.len()) {
        (true, _) => format!("there is {figure}"),
        (false, 1) if one(leaves, own) => format!("{} leaves {figure}", parted(&names)),
        (false, 1) => format!("{} leave {figure}", parted(&names)),
        (false, _) => format!("{} together leave {figure}", parted(&names)),
    }
}

/// Names in a list. Those that have commas of their own are parted by semicolons.
fn parted(names: &[String]) -> String {
    match names {
        [first @ .., last] if !first.is_empty() && names.iter().any(|name| name.contains(',')) => {
            format!("{}; and {last}", first.join("; "))
        }
        _ => words::listed(names),
    }
}

/// The names of what is alike, in a list; of many the first, and how many more there are.
fn gathered(about: &[String]) -> String {
    let shown = if about.len() > MOST_ALIKE { MOST_ALIKE - 1 } else { about.len() };
    let mut names = about[..shown].to_vec();
    if shown < about.len() {
        names.push(format!("{} more", about.len() - shown));
    }
    parted(&names)
}

/// The text with a capital at its beginning.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
