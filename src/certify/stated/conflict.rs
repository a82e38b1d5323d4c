//! The conflict of a result: exactly the conditions and bounds that its proof leans on.

use std::collections::HashMap;

use super::{Row, Stated, words_if_any};
use crate::certify::clash::{missed, weighed};
use crate::certify::{
    Case, Clash, Name, Refusal, Shown, Statement, cell_text, clash_statement, decisions,
};
use crate::plan::{Cell, Plan, Reading, RevenueLevels, Sense, readings};
use crate::units::{Amount, CellId};

/// A row of a conflict as it has to be.
struct Wanted {
    id: String,
    member: String,
    kind: &'static str,
    sense: Sense,
    /// The bound; of a line's own one also those that ask less of it.
    bounds: Vec<Option<Amount>>,
    /// Whether the bound is a share.
    share: bool,
    /// Who set it, which is not judged for the own bounds of cells.
    authority: Option<String>,
    /// The column that it bounds; nothing for a condition.
    column: Option<usize>,
    /// A line that cannot move: its row may say `=` in place of the side that is leaned on.
    fixed: bool,
}

/// What stands in a row: its id, member, kind and sense.
type Key<'a> = (&'a str, &'a str, &'a str, &'a str);

impl Wanted {
    /// What a line has, and what else it may be said to have.
    fn cell(id: String, sense: Sense, bounds: Vec<Option<Amount>>) -> Self {
        let (member, kind, authority) = (String::new(), "cell", None);
        let (share, column, fixed) = (false, None, false);
        Self { id, member, kind, sense, bounds, share, authority, column, fixed }
    }

    /// Whether a row is about it.
    fn is(&self, (id, member, kind, sense): Key<'_>) -> bool {
        let side = self.sense.sign() == sense || (self.fixed && sense == Sense::Equal.sign());
        (&*self.id, &*self.member, self.kind) == (id, member, kind) && side
    }

    /// Adds it to what is wanted, once.
    fn add(self, all: &mut Vec<Self>) {
        let key = (&*self.id, &*self.member, self.kind, self.sense);
        if !all.iter().any(|own| (&*own.id, &*own.member, own.kind, own.sense) == key) {
            all.push(self);
        }
    }
}

/// The conflict of a plan: exactly the conditions and own bounds of lines that its proof leans on. A line's own
/// bound may ask less than the line does, where what is named clashes all the same.
pub(super) fn conflict(plan: &Plan, proof: &Clash, stated: &Stated) -> Result<(), Refusal> {
    let statement = clash_statement(plan);
    let mut wanted = conditions(plan, &statement, proof);
    wanted.extend(own_bounds(plan, &statement, proof)?);
    let named = agree(wanted, stated)?;
    let bound = |place: usize| named.iter().find(|own| own.0 == place).map(|own| own.1.clone());
    missed(&statement, proof, |place, _| bound(place).ok_or(Refusal::NoClash)).map(|_| ())
}

/// The conflict of a plan whose conditions clash however its lines of all or nothing are decided:
/// exactly the conditions that some case leans on, the lines that some case decides, and own bounds of other lines
/// that some case leans on. Beside these, lines keep their sign.
pub(super) fn undecidable(plan: &Plan, cases: &[Case], stated: &Stated) -> Result<(), Refusal> {
    let statement = clash_statement(plan);
    let rows = stated.rows("conflict")?;
    let keys: Vec<Key<'_>> = rows.iter().map(key).collect::<Result<_, _>>()?;
    let mut wanted: Vec<Wanted> = Vec::new();
    let decided = |name: &str| cases.iter().any(|c| c.decided.iter().any(|(own, _)| own == name));
    for case in cases {
        let Shown::Clash(proof) = &case.shown else { continue };
        for own in conditions(plan, &statement, proof) {
            own.add(&mut wanted);
        }
        let mut levels: HashMap<usize, Option<Amount>> = HashMap::new();
        for own in own_bounds(plan, &statement, proof)? {
            let Some(place) = own.column else { continue };
            let taken = case.decided.iter().find(|(name, _)| own.kind == "cell" && *name == own.id);
            let level = if let Some((_, taken)) = taken {
                let lump = plan.cell(CellId::new(place)).lump.as_ref();
                lump.map(|lump| lump.level(*taken))
            } else if decided(&own.id) {
                own.bounds[0].clone()
            } else if keys.iter().any(|key| own.is(*key)) {
                let bound = own.bounds[0].clone();
                own.add(&mut wanted);
                bound
            } else {
                own.bounds.last().cloned().flatten()
            };
            levels.insert(place, level);
        }
        let level = |place: usize| levels.get(&place).cloned().flatten();
        missed(&statement, proof, |place, _| level(place).ok_or(Refusal::NoClash))?;
    }
    for id in plan.lumps() {
        let cell = plan.cell(id);
        let name = cell_text(plan, &cell.members);
        if decided(&name) {
            let lump = cell.lump.as_ref().map(|lump| lump.amount.clone());
            wanted.push(Wanted::cell(name, Sense::Equal, vec![lump]));
        }
    }
    agree(wanted, stated).map(|_| ())
}

/// What a row is about.
fn key<'a>(row: &'a Row<'_>) -> Result<Key<'a>, Refusal> {
    Ok((row.text("id")?, row.text("member")?, row.text("kind")?, row.text("sense")?))
}

/// Whether the rows of a conflict are those that are wanted; the bound of each column as they name it.
fn agree(mut wanted: Vec<Wanted>, stated: &Stated) -> Result<Vec<(usize, Amount)>, Refusal> {
    let rows = stated.rows("conflict")?;
    let mut named = Vec::new();
    for row in &rows {
        let key = key(row)?;
        let unknown = || Refusal::Unknown(format!("`{}` {} among what clashes", key.0, key.3));
        let (found, left): (Vec<_>, Vec<_>) = wanted.into_iter().partition(|own| own.is(key));
        wanted = left;
        let own = found.first().ok_or_else(unknown)?;
        let stands =
            |bound: &&Option<Amount>| row.figure("bound", bound.as_ref(), own.share).is_ok();
        let bound = own.bounds.iter().find(stands);
        if bound.is_none() {
            row.figure("bound", own.bounds.first().and_then(Option::as_ref), own.share)?;
        }
        named.extend(own.column.zip(bound.cloned().flatten()));
        if own.kind != "cell" {
            words_if_any(row, "authority", own.authority.as_deref())?;
        }
    }
    if wanted.is_empty() {
        return Ok(named);
    }
    let (what, stated) = ("clashing limits", rows.len());
    Err(Refusal::Count { what, stated, known: stated + wanted.len() })
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
        let bounds = vec![reading.map(|own| own.bound.clone()).or(own)];
        let (id, member, kind) = (name.id.to_string(), name.member.clone(), kind(name));
        let (column, fixed) = (None, false);
        Wanted { id, member, kind, sense: side, bounds, share, authority, column, fixed }
    };
    let rows = proof.rows.iter().map(|(name, side, _)| row(name, *side));
    let sums = proof.sums.iter().map(|(name, _)| row(name, Sense::Ceiling));
    rows.chain(sums).collect()
}

/// The own bounds of cells and decisions that what pushes them leans on: for a cell as it stands, as its file
/// states it, and the sign that it keeps.
fn own_bounds(plan: &Plan, statement: &Statement, proof: &Clash) -> Result<Vec<Wanted>, Refusal> {
    let (_, total) = weighed(statement, proof)?;
    let known = decisions(plan);
    let mut found = Vec::new();
    for (place, column) in statement.columns.iter().enumerate() {
        let (sense, bound) = match total.sign(place) {
            0 => continue,
            1 => (Sense::Ceiling, column.upper.clone()),
            _ => (Sense::Floor, column.lower.clone()),
        };
        let own = match place.checked_sub(statement.cells).and_then(|own| known.get(own)) {
            None => {
                let cell = plan.cell(CellId::new(place));
                let text = statement.column_text(plan, place);
                let file = if sense == Sense::Floor { cell.floor() } else { cell.ceiling() };
                let fixed = column.lower.is_some() && column.lower == column.upper;
                let bounds = vec![bound, file, sign(cell, sense)];
                Wanted { fixed, ..Wanted::cell(text, sense, bounds) }
            }
            Some((line, entry)) => {
                let own = &plan.revenue()[*line];
                let key = if sense == Sense::Floor { "min" } else { "max" };
                let member = plan.entry_time(&own.entries[*entry]).to_string();
                let (id, authority) = (format!("revenue.{}.{key}", own.id), own.authority.clone());
                Wanted { member, kind: "limit", authority, ..Wanted::cell(id, sense, vec![bound]) }
            }
        };
        found.push(Wanted { column: Some(place), ..own });
    }
    Ok(found)
}

/// The bound that the sign of a line gives it on one side.
fn sign(cell: &Cell, sense: Sense) -> Option<Amount> {
    let below = cell.baseline.is_negative();
    match sense {
        Sense::Floor if !below => cell.floor().map(|floor| floor.min(Amount::ZERO)),
        Sense::Ceiling if below => cell.ceiling().map(|ceiling| ceiling.max(Amount::ZERO)),
        _ => None,
    }
}
