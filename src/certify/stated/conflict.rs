//! The conflict of a result: exactly the conditions and bounds that its proof leans on.

use super::{Stated, words_if_any};
use crate::certify::clash::weighed;
use crate::certify::{
    Case, Clash, Name, Refusal, Shown, Statement, cell_text, clash_statement, decisions,
};
use crate::plan::{Plan, Reading, RevenueLevels, Sense, readings};
use crate::units::Amount;

/// A row of a conflict as it has to be: id, member, kind, sense, bound, whether that is a share, and
/// who set it, which is not judged for the own bounds of cells.
type Wanted = (String, String, &'static str, Sense, Option<Amount>, bool, Option<String>);

pub(super) fn conflict(plan: &Plan, proof: &Clash, stated: &Stated) -> Result<(), Refusal> {
    let statement = clash_statement(plan);
    let mut wanted = conditions(plan, &statement, proof);
    wanted.extend(own_bounds(plan, &statement, proof)?);
    agree(wanted, stated)
}

/// The conflict of a plan whose conditions clash however its lines of all or nothing are decided:
/// exactly the conditions that some case leans on, and the lines that some case decides.
pub(super) fn undecidable(plan: &Plan, cases: &[Case], stated: &Stated) -> Result<(), Refusal> {
    let statement = clash_statement(plan);
    let mut wanted: Vec<Wanted> = Vec::new();
    for case in cases {
        let Shown::Clash(proof) = &case.shown else { continue };
        for own in conditions(plan, &statement, proof) {
            let same = |known: &Wanted| {
                (&known.0, &known.1, known.2, known.3) == (&own.0, &own.1, own.2, own.3)
            };
            if !wanted.iter().any(same) {
                wanted.push(own);
            }
        }
    }
    for id in plan.lumps() {
        let cell = plan.cell(id);
        let name = cell_text(plan, &cell.members);
        if cases.iter().any(|case| case.decided.iter().any(|(own, _)| *own == name)) {
            let lump = cell.lump.as_ref().map(|lump| lump.amount.clone());
            wanted.push((name, String::new(), "cell", Sense::Equal, lump, false, None));
        }
    }
    agree(wanted, stated)
}

/// Whether the rows of a conflict are those that are wanted.
fn agree(mut wanted: Vec<Wanted>, stated: &Stated) -> Result<(), Refusal> {
    let rows = stated.rows("conflict")?;
    if rows.len() != wanted.len() {
        let (what, known) = ("clashing limits", wanted.len());
        return Err(Refusal::Count { what, stated: rows.len(), known });
    }
    for row in &rows {
        let key = (row.text("id")?, row.text("member")?, row.text("kind")?, row.text("sense")?);
        let same = |own: &Wanted| (&*own.0, &*own.1, own.2, own.3.sign()) == key;
        let found = wanted.iter().position(same);
        let unknown = || Refusal::Unknown(format!("`{}` {} among what clashes", key.0, key.3));
        let found = wanted.remove(found.ok_or_else(unknown)?);
        row.figure("bound", found.4.as_ref(), found.5)?;
        if found.2 != "cell" {
            words_if_any(row, "authority", found.6.as_deref())?;
        }
    }
    Ok(())
}

/// The kind of a condition as tables say it.
fn kind(name: &Name) -> &'static str {
    if name.kind == "fund" { "limit" } else { name.kind }
}

/// The conditions of a proof, each with the bound that tables show.
fn conditions(plan: &Plan, statement: &Statement, proof: &Clash) -> Vec<Wanted> {
    let nowhere = vec![Amount::ZERO; plan.cells().len()];
    let totals = vec![Amount::ZERO; plan.periods().len()];
    let levels = RevenueLevels { totals, ..RevenueLevels::default() };
    let read = readings(plan, &nowhere, &levels);
    let row = |name: &Name, side: Sense| -> Wanted {
        let same = |own: &&Reading| {
            own.kind.word() == kind(name)
                && own.id == name.id
                && own.member == name.member
                && own.sense == side
        };
        let of_revenue = ["fund", "balance"].contains(&name.kind);
        let reading = read.iter().find(same);
        let authority = reading.and_then(|own| own.authority.clone());
        let reading = reading.filter(|_| !of_revenue);
        let own = statement.rows.iter().find(|row| row.name == *name);
        let own = own.and_then(|row| {
            if side == Sense::Ceiling { row.upper.clone() } else { row.lower.clone() }
        });
        let share = reading.is_some_and(|own| own.measured.is_share());
        let bound = reading.map(|own| own.bound.clone()).or(own);
        (name.id.to_string(), name.member.clone(), kind(name), side, bound, share, authority)
    };
    let rows = proof.rows.iter().map(|(name, side, _)| row(name, *side));
    let sums = proof.sums.iter().map(|(name, _)| row(name, Sense::Ceiling));
    rows.chain(sums).collect()
}

/// The own bounds of cells and decisions that what pushes them leans on.
fn own_bounds(plan: &Plan, statement: &Statement, proof: &Clash) -> Result<Vec<Wanted>, Refusal> {
    let (_, total) = weighed(statement, proof)?;
    let known = decisions(plan);
    let mut found = Vec::new();
    for (place, column) in statement.columns.iter().enumerate() {
        let (side, bound) = match total.sign(place) {
            0 => continue,
            1 => (Sense::Ceiling, &column.upper),
            _ => (Sense::Floor, &column.lower),
        };
        found.push(match place.checked_sub(statement.cells).and_then(|own| known.get(own)) {
            None => {
                let text = statement.column_text(plan, place);
                (text, String::new(), "cell", side, bound.clone(), false, None)
            }
            Some((line, entry)) => {
                let own = &plan.revenue()[*line];
                let key = if side == Sense::Floor { "min" } else { "max" };
                let at = plan.entry_time(&own.entries[*entry]).to_string();
                let (id, bound) = (format!("revenue.{}.{key}", own.id), bound.clone());
                (id, at, "limit", side, bound, false, own.authority.clone())
            }
        });
    }
    Ok(found)
}
