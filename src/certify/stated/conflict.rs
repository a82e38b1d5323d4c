//! The conflict of a result: exactly the conditions and bounds that its proof leans on.

use super::{Stated, words_if_any};
use crate::certify::clash::weighed;
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
    bound: Option<Amount>,
    /// Whether the bound is a share.
    share: bool,
    /// Who set it, which is not judged for the own bounds of cells.
    authority: Option<String>,
    /// A line that cannot move: its row may say `=` in place of the side that is leaned on.
    fixed: bool,
}

impl Wanted {
    /// A line's own bound.
    fn cell(id: String, sense: Sense, bound: Option<Amount>, fixed: bool) -> Self {
        let (member, authority) = (String::new(), None);
        Self { id, member, kind: "cell", sense, bound, share: false, authority, fixed }
    }

    /// Whether a row of this id, member, kind and sense is about it.
    fn is(&self, (id, member, kind, sense): (&str, &str, &str, &str)) -> bool {
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

pub(super) fn conflict(plan: &Plan, proof: &Clash, stated: &Stated) -> Result<(), Refusal> {
    let statement = clash_statement(plan);
    let mut wanted = conditions(plan, &statement, proof);
    wanted.extend(own_bounds(plan, &statement, proof)?.into_iter().map(|(own, _)| own));
    agree(wanted, stated)
}

/// The conflict of a plan whose conditions clash however its lines of all or nothing are decided:
/// exactly the conditions that some case leans on, the lines that some case decides, and of what bounds other lines
/// what some case leans on, but for the sign that a line keeps.
pub(super) fn undecidable(plan: &Plan, cases: &[Case], stated: &Stated) -> Result<(), Refusal> {
    let statement = clash_statement(plan);
    let mut wanted: Vec<Wanted> = Vec::new();
    let decided = |name: &str| cases.iter().any(|c| c.decided.iter().any(|(own, _)| own == name));
    for case in cases {
        let Shown::Clash(proof) = &case.shown else { continue };
        for own in conditions(plan, &statement, proof) {
            own.add(&mut wanted);
        }
        for (own, cell) in own_bounds(plan, &statement, proof)? {
            let is_sign = || cell.is_some_and(|cell| keeps_sign(plan.cell(cell), &own));
            let is_named = own.kind == "cell" && decided(&own.id);
            if !is_named && !is_sign() {
                own.add(&mut wanted);
            }
        }
    }
    for id in plan.lumps() {
        let cell = plan.cell(id);
        let name = cell_text(plan, &cell.members);
        if decided(&name) {
            let lump = cell.lump.as_ref().map(|lump| lump.amount.clone());
            wanted.push(Wanted::cell(name, Sense::Equal, lump, false));
        }
    }
    agree(wanted, stated)
}

/// Whether a bound of a line is the sign that it keeps.
fn keeps_sign(cell: &Cell, own: &Wanted) -> bool {
    let below = cell.baseline.is_negative();
    let sign = match own.sense {
        Sense::Floor if !below => cell.floor().map(|floor| floor.min(Amount::ZERO)),
        Sense::Ceiling if below => cell.ceiling().map(|ceiling| ceiling.max(Amount::ZERO)),
        _ => None,
    };
    own.bound == sign
}

/// Whether the rows of a conflict are those that are wanted.
fn agree(mut wanted: Vec<Wanted>, stated: &Stated) -> Result<(), Refusal> {
    let rows = stated.rows("conflict")?;
    for row in &rows {
        let key = (row.text("id")?, row.text("member")?, row.text("kind")?, row.text("sense")?);
        let unknown = || Refusal::Unknown(format!("`{}` {} among what clashes", key.0, key.3));
        let (found, left): (Vec<_>, Vec<_>) = wanted.into_iter().partition(|own| own.is(key));
        wanted = left;
        let found = found.first().ok_or_else(unknown)?;
        row.figure("bound", found.bound.as_ref(), found.share)?;
        if found.kind != "cell" {
            words_if_any(row, "authority", found.authority.as_deref())?;
        }
    }
    if wanted.is_empty() {
        return Ok(());
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
        let bound = reading.map(|own| own.bound.clone()).or(own);
        let (id, member, kind) = (name.id.to_string(), name.member.clone(), kind(name));
        Wanted { id, member, kind, sense: side, bound, share, authority, fixed: false }
    };
    let rows = proof.rows.iter().map(|(name, side, _)| row(name, *side));
    let sums = proof.sums.iter().map(|(name, _)| row(name, Sense::Ceiling));
    rows.chain(sums).collect()
}

/// The own bounds of cells and decisions that what pushes them leans on, and of which cell they are.
fn own_bounds(
    plan: &Plan,
    statement: &Statement,
    proof: &Clash,
) -> Result<Vec<(Wanted, Option<CellId>)>, Refusal> {
    let (_, total) = weighed(statement, proof)?;
    let known = decisions(plan);
    let mut found = Vec::new();
    for (place, column) in statement.columns.iter().enumerate() {
        let (sense, bound) = match total.sign(place) {
            0 => continue,
            1 => (Sense::Ceiling, column.upper.clone()),
            _ => (Sense::Floor, column.lower.clone()),
        };
        found.push(match place.checked_sub(statement.cells).and_then(|own| known.get(own)) {
            None => {
                let text = statement.column_text(plan, place);
                let fixed = column.lower.is_some() && column.lower == column.upper;
                (Wanted::cell(text, sense, bound, fixed), Some(CellId::new(place)))
            }
            Some((line, entry)) => {
                let own = &plan.revenue()[*line];
                let key = if sense == Sense::Floor { "min" } else { "max" };
                let member = plan.entry_time(&own.entries[*entry]).to_string();
                let (id, authority) = (format!("revenue.{}.{key}", own.id), own.authority.clone());
                let (kind, share, fixed) = ("limit", false, false);
                (Wanted { id, member, kind, sense, bound, share, authority, fixed }, None)
            }
        });
    }
    Ok(found)
}
