//! Judges that lines of all or nothing are decided as they should be: partial decisions cover every
//! way to decide them, and in none of them is anything better.

use std::collections::{BTreeSet, HashMap};

use super::clash::clashes;
use super::optimal::reaches;
use super::statement::{Column, Statement, cell_text};
use super::{Case, Optimal, Refusal, Shown};
use crate::plan::Plan;
use crate::units::{Amount, CellId};

/// A decision for some lumps, by their places.
type Partial = Vec<(usize, bool)>;

/// The lines of all or nothing of a plan, with the amount of each.
struct Lumps {
    ids: Vec<CellId>,
    amounts: Vec<Amount>,
    names: Vec<String>,
}

impl Lumps {
    fn of(plan: &Plan) -> Self {
        let ids = plan.lumps();
        let amount = |id: &CellId| plan.cell(*id).lump.as_ref().map(|lump| lump.amount.clone());
        Self {
            amounts: ids.iter().map(|id| amount(id).unwrap_or_default()).collect(),
            names: ids.iter().map(|id| cell_text(plan, &plan.cell(*id).members)).collect(),
            ids,
        }
    }

    /// The decision that a case states, by places.
    fn partial(&self, case: &Case) -> Result<Partial, Refusal> {
        let places: HashMap<&str, usize> =
            self.names.iter().enumerate().map(|(place, name)| (&**name, place)).collect();
        let mut found = Partial::new();
        for (name, taken) in &case.decided {
            let text = || format!("line of all or nothing `{name}`");
            let place = *places.get(&**name).ok_or_else(|| Refusal::Unknown(text()))?;
            if found.iter().any(|(known, _)| *known == place) {
                return Err(Refusal::Twice(text()));
            }
            found.push((place, *taken));
        }
        Ok(found)
    }

    /// The statement with what is decided, and all other lumps anywhere between nothing and whole.
    fn decided(&self, base: &Statement, partial: &Partial) -> Statement {
        let mut own = base.clone();
        for (place, taken) in partial {
            let amount = if *taken { &self.amounts[*place] } else { &Amount::ZERO };
            stand(&mut own.columns[self.ids[*place].index()], amount);
        }
        own
    }
}

fn stand(column: &mut Column, amount: &Amount) {
    column.lower = Some(amount.clone());
    column.upper = Some(amount.clone());
}

/// Lets every line of all or nothing stand where the exact amounts have it: at zero, or at its lump.
///
/// # Errors
///
/// One that is neither.
pub(crate) fn settle(
    plan: &Plan,
    statement: &mut Statement,
    exact: &[Amount],
) -> Result<(), Refusal> {
    let lumps = Lumps::of(plan);
    for ((id, lump), name) in lumps.ids.iter().zip(&lumps.amounts).zip(&lumps.names) {
        let amount = exact.get(id.index()).unwrap_or(&Amount::ZERO);
        if !amount.is_zero() && amount != lump {
            return Err(Refusal::Lump(name.clone(), amount.to_string(), lump.to_string()));
        }
        stand(&mut statement.columns[id.index()], amount);
    }
    Ok(())
}

/// The statement with every line of all or nothing anywhere between nothing and whole.
fn opened(plan: &Plan, statement: &Statement) -> Statement {
    let mut base = statement.clone();
    for id in plan.lumps() {
        let column = &mut base.columns[id.index()];
        (column.lower, column.upper) = (plan.cell(id).floor(), plan.cell(id).ceiling());
    }
    base
}

/// The statement of a partial decision: a decision for some of the lumps of `plan`, by their places.
pub(crate) fn within(plan: &Plan, statement: &Statement, decided: &[(usize, bool)]) -> Statement {
    Lumps::of(plan).decided(&opened(plan, statement), &decided.to_vec())
}

/// Judges the cases of an answer that reaches `reached`, stage by stage: no way to decide the lumps
/// reaches more, and none that reaches the same takes an earlier lump that the answer leaves.
///
/// # Errors
///
/// The first thing that does not agree.
pub(crate) fn best(
    plan: &Plan,
    statement: &Statement,
    proof: &Optimal,
    reached: &[Vec<Amount>],
) -> Result<(), Refusal> {
    let lumps = Lumps::of(plan);
    if lumps.ids.is_empty() && proof.cases.is_empty() {
        return Ok(());
    }
    let taken: Vec<bool> = lumps.ids.iter().map(|id| !proof.exact[id.index()].is_zero()).collect();
    let partials = proof.cases.iter().map(|case| lumps.partial(case));
    let partials = partials.collect::<Result<Vec<_>, _>>()?;
    cover(&partials, lumps.ids.len())?;
    let base = opened(plan, statement);
    for (case, partial) in proof.cases.iter().zip(&partials) {
        let own = lumps.decided(&base, partial);
        let mut greatest = vec![true; taken.len()];
        for (place, taken) in partial {
            greatest[*place] = *taken;
        }
        match &case.shown {
            Shown::Answer if partial.len() == taken.len() && greatest == taken => {}
            Shown::Answer => return Err(Refusal::Better(text(case))),
            Shown::Clash(clash) => clashes(plan, &own, clash)?,
            Shown::Behind { amounts, stages } => {
                let value = reaches(plan, &own, amounts, stages)?;
                let differs = value.iter().zip(reached).find(|(own, known)| own != known);
                let behind = match differs {
                    Some((own, known)) => own > known,
                    None => value.len() == reached.len() && greatest <= taken,
                };
                if !behind {
                    return Err(Refusal::Better(text(case)));
                }
            }
        }
    }
    Ok(())
}

/// Judges cases that cover every way to decide the lumps of a plan, each with a proof that its
/// conditions clash.
///
/// # Errors
///
/// The first thing that does not agree.
pub(crate) fn none(plan: &Plan, statement: &Statement, cases: &[Case]) -> Result<(), Refusal> {
    let lumps = Lumps::of(plan);
    let partials = cases.iter().map(|case| lumps.partial(case)).collect::<Result<Vec<_>, _>>()?;
    cover(&partials, lumps.ids.len())?;
    for (case, partial) in cases.iter().zip(&partials) {
        let Shown::Clash(clash) = &case.shown else {
            return Err(Refusal::Better(text(case)));
        };
        clashes(plan, &lumps.decided(statement, partial), clash)?;
    }
    Ok(())
}

/// How a message names a case.
fn text(case: &Case) -> String {
    if case.decided.is_empty() {
        return "nothing decided".into();
    }
    let one = |(name, taken): &(String, bool)| {
        format!("`{name}` {}", if *taken { "taken" } else { "left" })
    };
    case.decided.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Whether partial decisions cover every way to decide `count` lumps: they are split by one lump after
/// the other, as a search splits them, until one of them holds whatever else is decided.
fn cover(cases: &[Partial], count: usize) -> Result<(), Refusal> {
    let mut seen: BTreeSet<Partial> = BTreeSet::new();
    for case in cases {
        let mut own = case.clone();
        own.sort_unstable();
        if !seen.insert(own) {
            return Err(Refusal::Twice("a case of lines of all or nothing".into()));
        }
    }
    let mut open: Vec<(Partial, Vec<usize>)> = vec![(Vec::new(), (0..cases.len()).collect())];
    let most = 4 * (cases.len() + 1) * (count + 1);
    let mut looked = 0;
    while let Some((known, within)) = open.pop() {
        looked += 1;
        let has = |lump: usize| known.iter().find(|(own, _)| *own == lump).map(|(_, taken)| *taken);
        let holds = |case: &Partial| case.iter().all(|(lump, taken)| has(*lump) == Some(*taken));
        if within.iter().any(|case| holds(&cases[*case])) {
            continue;
        }
        let next = within.first().and_then(|case| {
            cases[*case].iter().map(|(lump, _)| *lump).find(|lump| has(*lump).is_none())
        });
        let Some(lump) = next.filter(|_| looked <= most) else { return Err(Refusal::Uncovered) };
        for taken in [true, false] {
            let mut child = known.clone();
            child.push((lump, taken));
            let fits = |case: &usize| {
                cases[*case].iter().all(|(own, other)| *own != lump || *other == taken)
            };
            open.push((child, within.iter().copied().filter(fits).collect()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_covers_every_way_to_decide_or_it_does_not() {
        let split =
            vec![vec![(0, true)], vec![(0, false), (1, true)], vec![(0, false), (1, false)]];
        assert_eq!(cover(&split, 2), Ok(()));
        for missing in 0..3 {
            let mut less = split.clone();
            less.remove(missing);
            assert_eq!(cover(&less, 2), Err(Refusal::Uncovered), "without {missing}");
        }
        assert_eq!(cover(&[vec![]], 5), Ok(()));
        assert_eq!(cover(&[], 0), Err(Refusal::Uncovered));
        // Overlapping cases that were split in no one order.
        let ring = vec![
            vec![(0, true), (1, false)],
            vec![(1, true), (2, false)],
            vec![(2, true), (0, false)],
            vec![(0, true), (1, true), (2, true)],
            vec![(0, false), (1, false), (2, false)],
        ];
        assert_eq!(cover(&ring, 3), Ok(()));
    }
}
