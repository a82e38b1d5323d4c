//! Calibration under convex rows: straight rows that support them are added until none is broken.

use std::sync::Arc;

use super::Farkas;
use super::bulk::{is_finite, one_by_one, propose};
use super::calibrate::{Nearest, nearest};
use super::elastic::clash;
use super::problem::{ActiveSet, Problem};
use super::verified::{self, verified};
use crate::formulate::{Column, Curved, Near, Origin, Program, Row};
use crate::units::Amount;

/// A row that supports a convex row.
#[derive(Debug, Clone)]
pub(crate) struct Cut {
    /// The convex row, by its place.
    pub(crate) curved: usize,
    /// What that one stands for.
    pub(crate) origin: Origin,
    /// The row.
    pub(crate) row: Row,
    /// The slope of each of its terms there, and of those inside them, by their places.
    pub(crate) slopes: Vec<(usize, Amount)>,
}

/// A proof that there are no amounts, over the rows and then the cuts.
pub(crate) type Nowhere = (Farkas, Vec<Cut>);

/// Finds the amounts nearest to the baseline under all rows of `program`, with the cuts it took.
///
/// A convex piecewise-linear row has finitely many supports, so that this ends.
///
/// # Errors
///
/// The proof that there are none, over the rows and then the cuts.
pub(crate) fn nearest_with_cuts(
    program: &Program,
    start: &ActiveSet,
) -> Result<(Nearest, Vec<Cut>), Nowhere> {
    if let Some(farkas) = crossed(program) {
        return Err((farkas, Vec::new()));
    }
    if let Some(found) = by_floats(program, start, (true, THOROUGH_ROUNDS))? {
        return Ok(found);
    }
    let mut straight = straight(program);
    let mut cuts: Vec<Cut> = Vec::new();
    let mut places: Vec<(usize, Arc<[Amount]>)> = Vec::new();
    let mut start = start.clone();
    loop {
        let problem = Problem::<Amount>::new(&straight);
        let mut found = match nearest(&straight, &problem, &start) {
            Ok(found) => found,
            Err(farkas) => return Err((farkas, cuts)),
        };
        let broken = broken(program, &found.amounts, &Amount::ZERO);
        if broken.is_empty() {
            found.active.cuts = places;
            return Ok((found, cuts));
        }
        let at: Arc<[Amount]> = found.amounts.into();
        for cut in supports(program, &broken, &at) {
            straight.rows.push(cut.row.clone());
            places.push((cut.curved, at.clone()));
            cuts.push(cut);
        }
        start = found.active;
    }
}

/// The rounds after which floats propose no more, and after how many of a thorough search.
const MOST_ROUNDS: usize = 40;
const THOROUGH_ROUNDS: usize = 400;
/// What may be missing of a convex row at amounts in floats, as a part of its bound.
const NOISE: (i64, i64) = (1, 10_000_000);

/// Proposes amounts in floats, cuts and all, and decides on them once in rationals; `None` says
/// nothing about the programme.
pub(crate) fn proposed(program: &Program, start: &ActiveSet) -> Option<(Nearest, Vec<Cut>)> {
    if crossed(program).is_some() {
        return None;
    }
    by_floats(program, start, (false, MOST_ROUNDS)).unwrap_or_default()
}

/// Whether there are amounts under all rows of `program`, as far as floats and one decision in rationals tell.
///
/// # Errors
///
/// The proof that there are none, over the rows and then the cuts.
pub(crate) fn is_met(program: &Program) -> Result<bool, Nowhere> {
    match crossed(program) {
        Some(farkas) => Err((farkas, Vec::new())),
        None => Ok(by_floats(program, &ActiveSet::default(), (true, MOST_ROUNDS))?.is_some()),
    }
}

/// Proposes amounts in floats, cuts and all, in so many rounds, and decides on them once in rationals; `None` says
/// nothing. Where floats find no amounts at once, a `thorough` search asks whether there are any, and goes on.
///
/// # Errors
///
/// The proof that there are none, over the rows and then the cuts.
fn by_floats(
    program: &Program,
    start: &ActiveSet,
    (thorough, rounds): (bool, usize),
) -> Result<Option<(Nearest, Vec<Cut>)>, Nowhere> {
    if let Some(found) = again(program, start) {
        return Ok(Some(found));
    }
    let mut straight = straight(program);
    let mut cuts: Vec<Cut> = Vec::new();
    let mut places: Vec<(usize, Arc<[Amount]>)> = Vec::new();
    let mut start = start.clone();
    let noise = Amount::ratio(NOISE.0, NOISE.1);
    for _ in 0..rounds {
        let problem = Problem::<Amount>::new(&straight);
        let floats = problem.floats();
        if !is_finite(&floats) {
            return Ok(None);
        }
        let proposal = match propose(&floats, &start) {
            Ok(proposal) => proposal,
            Err(_) if !thorough => return Ok(None),
            Err(last) => match clash(&straight) {
                Some((farkas, _)) => return Err((farkas, cuts)),
                None => one_by_one(&floats, &last),
            },
        };
        let Some(near) = proposal.amounts() else { return Ok(None) };
        let mut found = (broken(program, &near, &noise), near);
        if found.0.is_empty() {
            let nearest = verified(&straight, &problem, &proposal.active);
            let Some(mut nearest) = nearest else { return Ok(None) };
            let broken = broken(program, &nearest.amounts, &Amount::ZERO);
            if broken.is_empty() {
                nearest.active.cuts = places;
                return Ok(Some((nearest, cuts)));
            }
            found = (broken, nearest.amounts);
        }
        let (broken, at): (Vec<usize>, Arc<[Amount]>) = (found.0, found.1.into());
        for cut in supports(program, &broken, &at) {
            straight.rows.push(cut.row.clone());
            places.push((cut.curved, at.clone()));
            cuts.push(cut);
        }
        start = proposal.active;
    }
    Ok(None)
}

/// The proof that a row or a column has a lower bound above its upper one: what a stage leaves by
/// multipliers that are not optimal may be nothing at all.
pub(crate) fn crossed(program: &Program) -> Option<Farkas> {
    let cross = |lower: &Option<Amount>, upper: &Option<Amount>| {
        lower.as_ref().zip(upper.as_ref()).is_some_and(|(lower, upper)| lower > upper)
    };
    let both = |place: usize| vec![(place, Amount::ONE), (place, Amount::whole(-1))];
    let column = program.columns.iter().position(|column| cross(&column.lower, &column.upper));
    let row = || program.rows.iter().position(|row| cross(&row.lower, &row.upper));
    match column {
        Some(column) => Some(Farkas { rows: Vec::new(), columns: both(column) }),
        None => row().map(|row| Farkas { rows: both(row), columns: Vec::new() }),
    }
}

/// The amounts that lean on what an earlier answer leaned on; `None` where there are none, or
/// nothing was known.
fn again(program: &Program, start: &ActiveSet) -> Option<(Nearest, Vec<Cut>)> {
    if start.moved || (start.rows.is_empty() && start.columns.is_empty()) {
        return None;
    }
    let mut straight = straight(program);
    let mut cuts: Vec<Cut> = Vec::with_capacity(start.cuts.len());
    for (place, at) in &start.cuts {
        if *place >= program.curved.len() || at.len() != program.columns.len() {
            return None;
        }
        cuts.append(&mut supports(program, &[*place], at));
    }
    straight.rows.extend(cuts.iter().map(|cut| cut.row.clone()));
    let problem = Problem::<Amount>::new(&straight);
    let mut found = verified(&straight, &problem, start)?;
    found.active.cuts.clone_from(&start.cuts);
    broken(program, &found.amounts, &Amount::ZERO).is_empty().then_some((found, cuts))
}

/// The rows that support the `broken` convex rows, by their places, at `amounts`.
pub(crate) fn supports(program: &Program, broken: &[usize], amounts: &[Amount]) -> Vec<Cut> {
    let cut = |place: &usize| {
        let own = &program.curved[*place];
        let (row, slopes) = (own.cut(amounts), own.slopes(amounts));
        Cut { curved: *place, origin: own.origin.clone(), row, slopes }
    };
    broken.iter().map(cut).collect()
}

/// The programme without its convex rows.
fn straight(program: &Program) -> Program {
    Program { columns: program.columns.clone(), rows: program.rows.clone(), curved: Vec::new() }
}

/// Whether amounts keep every bound and row of the programme, its convex ones too: decided exactly.
pub(crate) fn holds(program: &Program, amounts: &[Amount]) -> bool {
    let floats: Vec<f64> = amounts.iter().map(Amount::to_f64).collect();
    let within = |(column, amount): (&Column, &Amount)| {
        column.lower.as_ref().is_none_or(|lower| amount >= lower)
            && column.upper.as_ref().is_none_or(|upper| amount <= upper)
    };
    amounts.len() == program.columns.len()
        && program.columns.iter().zip(amounts).all(within)
        && program.rows.iter().all(|row| verified::holds(row, &floats, amounts))
        && broken(program, amounts, &Amount::ZERO).is_empty()
}

/// The places of the convex rows that `amounts` break by more than a part of their bound.
fn broken(program: &Program, amounts: &[Amount], part: &Amount) -> Vec<usize> {
    let near = Near::new(amounts);
    let is_broken = |curved: &Curved| {
        let more = part * &(&curved.most.abs() + &Amount::ONE);
        near.against(&curved.terms, &(&curved.most + &more)).is_gt()
    };
    (0..program.curved.len()).filter(|place| is_broken(&program.curved[*place])).collect()
}
