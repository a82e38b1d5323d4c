//! The pressures of a result, and what each adds to the change of a cell: both follow from the
//! multipliers that a certificate states as the pressures.

use std::collections::HashMap;

use super::{Answer, Stated};
use crate::certify::index::Index;
use crate::certify::{Goal, Lean, Name, Part, Refusal, Statement, Term};
use crate::plan::{Plan, Reading, ReadingKind, Sense};
use crate::units::Amount;

/// What presses on cells: a condition, a promise or a stage.
pub(super) struct Pressure {
    name: Name,
    /// Above zero where it lifts.
    multiplier: Amount,
    /// The coefficient of each column.
    coefficients: HashMap<u32, Amount>,
    /// The largest coefficient on its own slice.
    scale: Amount,
}

/// All that presses, in the order of the conditions and then of the stages.
pub(super) fn pressures(answer: &Answer, statement: &Statement) -> Result<Vec<Pressure>, Refusal> {
    let own = &answer.proof.pressures;
    let index = Index::new(statement);
    let mut amounts = answer.proof.exact.clone();
    amounts.extend(
        answer.proof.decisions.iter().take(statement.columns.len() - statement.cells).cloned(),
    );
    let book = Book { statement, amounts };
    let mut found = Vec::new();
    let mut rows = Vec::new();
    for (name, side, multiplier) in &own.rows {
        let signed = if *side == Sense::Ceiling { -multiplier } else { multiplier.clone() };
        rows.push((index.row(name, *side)?, signed));
    }
    rows.sort_by_key(|(row, _)| *row);
    for (row, multiplier) in rows {
        let row = &statement.rows[row];
        found.push(book.pressure(row.name.clone(), multiplier, &row.parts, row.own));
    }
    let mut sums = Vec::new();
    for (name, lean) in &own.sums {
        sums.push((index.sum(name)?, lean));
    }
    sums.sort_by_key(|(place, _)| *place);
    for (place, lean) in sums {
        let sum = &statement.sums[place];
        book.sum(&sum.name, &sum.terms, lean, &mut found);
    }
    let mut stages = Vec::new();
    for (name, lean) in &own.stages {
        stages.push((index.aim(name)?, lean));
    }
    stages.sort_by_key(|(place, _)| *place);
    for (place, lean) in stages {
        let aim = &statement.aims[place];
        if let Goal::Sum(terms) = &aim.goal {
            let name = Name::once(ReadingKind::Stage, &aim.id);
            book.sum(&name, terms, lean, &mut found);
        }
    }
    for (stage, form, multiplier) in &own.forms {
        let Goal::Largest(forms) = &statement.aims[index.aim(stage)?].goal else { continue };
        if let Some(form) = forms.iter().find(|own| own.name == *form) {
            let count = form.parts.len();
            found.push(book.pressure(form.origin.clone(), -multiplier, &form.parts, count));
        }
    }
    found.retain(|pressure| !pressure.multiplier.is_zero());
    Ok(found)
}

struct Book<'a> {
    statement: &'a Statement,
    amounts: Vec<Amount>,
}

impl Book<'_> {
    fn pressure(&self, name: Name, multiplier: Amount, parts: &[Part], own: usize) -> Pressure {
        let mut coefficients: HashMap<u32, Amount> = HashMap::new();
        for part in parts {
            for column in &part.columns {
                *coefficients.entry(*column).or_default() += &part.coefficient;
            }
        }
        let is_cell = |column: &&u32| (**column as usize) < self.statement.cells;
        let slice = parts.iter().take(own).flat_map(|part| &part.columns).filter(is_cell);
        let scale = slice.map(|column| coefficients[column].abs()).max();
        Pressure { name, multiplier, scale: scale.unwrap_or(Amount::ONE), coefficients }
    }

    /// A sum of curves presses by its terms at bends, one by one, and by its slope.
    fn sum(&self, name: &Name, terms: &[Term], lean: &Lean, found: &mut Vec<Pressure>) {
        let added: HashMap<&str, &Amount> =
            lean.slopes.iter().map(|(term, slope)| (&**term, slope)).collect();
        let mut slope: Vec<Part> = Vec::new();
        for term in terms {
            let flat = term.curve.flattest(&term.form(&self.amounts));
            slope.extend(term.parts.iter().filter(|_| !flat.is_zero()).map(|part| Part {
                coefficient: &flat * &part.coefficient,
                columns: part.columns.clone(),
            }));
            let Some(bend) = added.get(&*term.name) else { continue };
            if term.origin.is_some() || !is_single(&term.parts) {
                let name = term.origin.clone().unwrap_or_else(|| name.clone());
                found.push(self.pressure(name, -*bend, &term.parts, term.parts.len()));
            }
        }
        let count = slope.len();
        if count > 0 {
            found.push(self.pressure(name.clone(), -&lean.multiplier, &slope, count));
        }
    }
}

/// Whether a weighted sum is one column alone: then a bend of it is a bound of the column.
fn is_single(parts: &[Part]) -> bool {
    matches!(parts, [part] if part.coefficient == Amount::ONE && part.columns.len() == 1)
}

/// The pressure of a reading, as a relative change; nothing where it does not press.
pub(super) fn of(pressures: &[Pressure], reading: &Reading) -> Option<Amount> {
    let find = |up: bool| {
        let same = |own: &&Pressure| {
            let kind = if own.name.kind == "fund" { "limit" } else { own.name.kind };
            kind == reading.kind.word()
                && own.name.id == reading.id
                && own.name.member == reading.member
                && own.multiplier.is_positive() == up
        };
        pressures.iter().find(same).map(|own| &own.multiplier * &own.scale)
    };
    match reading.sense {
        Sense::Floor => find(true),
        Sense::Ceiling => find(false),
        Sense::Equal => find(true).or_else(|| find(false)),
    }
}

/// Judges what a result says that each pressure adds to the change of each cell.
pub(super) fn contributions(
    answer: &Answer,
    pressures: &[Pressure],
    stated: &Stated,
) -> Result<(), Refusal> {
    for (place, row) in stated.rows("allocation")?.iter().enumerate() {
        if !row.has("contributions") {
            continue;
        }
        let mut wanted = added(answer, pressures, place).into_iter();
        let baseline = &answer.plan.cells()[place].baseline;
        for part in row.rows("contributions")? {
            let added = wanted.next().ok_or_else(|| Refusal::Unknown(part.what.clone()))?;
            let Added { by, authority, money } = added;
            super::words(&part, "by", &by)?;
            super::words_if_any(&part, "authority", authority)?;
            part.figure("money", Some(&money), false)?;
            let share = (!baseline.is_zero()).then(|| &money / &baseline.abs());
            part.figure("percent", share.as_ref(), true)?;
        }
        if let Some(Added { by, .. }) = wanted.next() {
            return Err(Refusal::File(format!("{} leaves out what `{by}` adds", row.what)));
        }
    }
    Ok(())
}

/// What adds how much to the change of a cell.
struct Added<'a> {
    by: String,
    /// Who set it, where that is stated.
    authority: Option<&'a str>,
    money: Amount,
}

/// Who set what a condition stands for.
fn authority<'a>(plan: &'a Plan, name: &Name) -> Option<&'a str> {
    match name.kind {
        "balance" => plan.authority(),
        "hold" => plan.holds().iter().find(|hold| hold.id == name.id)?.by.as_deref(),
        "limit" => plan.limits().iter().find(|own| own.id == name.id)?.authority.as_deref(),
        "fund" => plan.funds().iter().find(|fund| fund.id == name.id)?.authority.as_deref(),
        _ => None,
    }
}

/// What adds how much to the change of a cell, without what adds nothing.
fn added<'a>(answer: &Answer<'a>, pressures: &[Pressure], place: usize) -> Vec<Added<'a>> {
    let (cell, exact) = (&answer.plan.cells()[place], &answer.proof.exact[place]);
    let weight = cell.weight();
    let column = u32::try_from(place).unwrap_or(u32::MAX);
    let mut found = Vec::new();
    let mut rest = exact - &cell.baseline;
    for pressure in pressures {
        if let Some(coefficient) = pressure.coefficients.get(&column) {
            let money = &(&weight * coefficient) * &pressure.multiplier;
            rest -= &money;
            let authority = authority(answer.plan, &pressure.name);
            found.push(Added { by: pressure.name.short(), authority, money });
        }
    }
    let kept = answer.plan.transfers().kept.get(place).is_some_and(Option::is_some);
    let mut push = |by: &str, money| found.push(Added { by: by.into(), authority: None, money });
    let own = match (kept, &cell.lump) {
        (true, _) => "kept as it was",
        (false, Some(_)) => "all or nothing",
        (false, None) => "own bounds",
    };
    push(own, rest);
    push("rounding", &answer.amounts[place] - exact);
    found.retain(|added| !added.money.is_zero());
    found
}
