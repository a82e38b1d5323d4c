//! Judges the proof that conditions clash.

use super::force::{Force, Pushes};
use super::index::{self, Index, sides};
use super::statement::{Statement, Term, decisions};
use super::{Clash, Refusal};
use crate::plan::{Plan, Sense};
use crate::units::Amount;

/// The statement that a clash is about: decisions of revenue may be all that they may be.
pub fn clash_statement(plan: &Plan) -> Statement {
    let known = decisions(plan);
    if known.is_empty() {
        return Statement::published(plan, &[]);
    }
    Statement::open(plan, &super::about::ranges(plan, &known))
}

/// Judges the proof that no amounts satisfy every condition of `statement`.
///
/// # Errors
///
/// The first thing that does not agree.
pub fn clashes(plan: &Plan, statement: &Statement, proof: &Clash) -> Result<(), Refusal> {
    let excess = excess(plan, statement, proof)?;
    if excess == proof.excess {
        return Ok(());
    }
    Err(Refusal::Value {
        what: "by how much the conditions miss one another".into(),
        stated: proof.excess.to_string(),
        found: excess.to_string(),
    })
}

/// By how much the conditions that a proof names miss one another, above zero: weighted by their
/// multipliers, their bounds ask for more than their sums can be, with every column at the better of
/// its own bounds.
///
/// # Errors
///
/// The first thing that is not as it should be, or that there is room for all of them.
pub fn excess(plan: &Plan, statement: &Statement, proof: &Clash) -> Result<Amount, Refusal> {
    missed(statement, proof, |place, side| {
        let column = &statement.columns[place];
        let bound = if side == Sense::Ceiling { &column.upper } else { &column.lower };
        let (at, of) = ("the clash".to_string(), || statement.column_text(plan, place));
        bound.clone().ok_or_else(|| Refusal::Unheld { at, of: of() })
    })
}

/// The same with every column that is pushed at the `bound` that is given for it, on the side that it is pushed to.
///
/// # Errors
///
/// As above, and what `bound` refuses.
pub(crate) fn missed(
    statement: &Statement,
    proof: &Clash,
    bound: impl Fn(usize, Sense) -> Result<Amount, Refusal>,
) -> Result<Amount, Refusal> {
    let (asked, total) = weighed(statement, proof)?;
    let mut most = Amount::ZERO;
    for place in 0..statement.columns.len() {
        let side = match total.sign(place) {
            0 => continue,
            1 => Sense::Ceiling,
            _ => Sense::Floor,
        };
        most += &(&total.on(place) * &bound(place, side)?);
    }
    let excess = &asked - &most;
    if excess.is_positive() { Ok(excess) } else { Err(Refusal::NoClash) }
}

/// What the conditions of a proof ask for, and what pushes every column upwards.
pub(crate) fn weighed(statement: &Statement, proof: &Clash) -> Result<(Amount, Pushes), Refusal> {
    let index = Index::new(statement);
    let mut force = Force::default();
    let mut asked = Amount::ZERO;
    let mut seen = std::collections::HashSet::new();
    for (name, side, multiplier) in &proof.rows {
        let place = index.row(name, *side)?;
        let text = || format!("{name} {}", side.sign());
        if !seen.insert((place, *side)) {
            return Err(Refusal::Twice(text()));
        }
        if *side != Sense::Equal && !multiplier.is_positive() {
            return Err(Refusal::Sign(text()));
        }
        let row = &statement.rows[place];
        let bound = if *side == Sense::Ceiling { &row.upper } else { &row.lower };
        let bound = bound.as_ref().filter(|_| sides(row).contains(side));
        let factor = if *side == Sense::Ceiling { -multiplier } else { multiplier.clone() };
        asked += &(&factor * bound.ok_or_else(|| Refusal::Unknown(text()))?);
        force.parts(&factor, &row.parts);
    }
    let mut seen = std::collections::HashSet::new();
    for (name, lean) in &proof.sums {
        let place = index.sum(name)?;
        if !seen.insert(place) {
            return Err(Refusal::Twice(name.to_string()));
        }
        if !lean.multiplier.is_positive() {
            return Err(Refusal::Sign(name.to_string()));
        }
        let sum = &statement.sums[place];
        asked -= &(&lean.multiplier * &sum.most);
        let text = name.to_string();
        for (term, slope) in tangents(&text, &sum.terms, &lean.slopes)? {
            let own = slope / &lean.multiplier;
            let steep = || Refusal::Slope(format!("term `{}` of {text}", term.name));
            let rest = term.curve.conjugate(&own).ok_or_else(steep)?;
            asked -= &(&lean.multiplier * &rest);
            force.parts(&-slope, &term.parts);
        }
    }
    Ok((asked, force.total(statement.columns.len())))
}

/// The slope of every term, as it is stated.
fn tangents<'a>(
    text: &str,
    terms: &'a [Term],
    stated: &'a [(String, Amount)],
) -> Result<Vec<(&'a Term, &'a Amount)>, Refusal> {
    let places = index::terms(terms);
    let mut found = vec![None; terms.len()];
    for (name, slope) in stated {
        let what = || format!("term `{name}` of {text}");
        let place = places.get(&**name).ok_or_else(|| Refusal::Unknown(what()))?;
        if found[*place].replace(slope).is_some() {
            return Err(Refusal::Twice(what()));
        }
    }
    let pair = |(term, slope): (&'a Term, Option<&'a Amount>)| {
        let missing = || Refusal::Slope(format!("term `{}` of {text}", term.name));
        Ok((term, slope.ok_or_else(missing)?))
    };
    terms.iter().zip(found).map(pair).collect()
}
