//! The bounds of a programme that are in play while a conflict is filtered.

use std::collections::BTreeMap;

use super::curved::{Nowhere, is_met, nearest_with_cuts};
use super::elastic::clash;
use super::minimal::{Bounds, Filter, Lean, Piece, Proof, Tier};
use super::problem::ActiveSet;
use super::stages::{Begin, least_in_floats};
use crate::formulate::{Column, Curve, Formulation, Objective, Part, Parts, Program, Row, Term};
use crate::plan::{Cell, Plan};
use crate::units::Amount;

impl<'a> Filter<'a> {
    pub(super) fn new(plan: &'a Plan, formulation: &'a Formulation) -> Self {
        let program = formulation.program();
        let sides = |row: &Row| [row.lower.is_some(), row.upper.is_some()];
        let tier = |place: usize| match formulation.cell(place) {
            Some(cell) if is_fixed(plan, cell.index()) => [Tier::Fixed; 2],
            _ => [Tier::Stated; 2],
        };
        Self {
            formulation,
            plan,
            rows: program.rows.iter().map(sides).enumerate().collect(),
            curved: (0..program.curved.len()).collect(),
            tiers: (0..program.columns.len()).map(tier).collect(),
        }
    }

    /// The bounds of a column at a tier.
    pub(super) fn at(&self, column: usize, tier: Tier) -> Bounds {
        let own = &self.formulation.program().columns[column];
        let cell = self.formulation.cell(column).map(|cell| self.plan.cell(cell));
        match (tier, cell) {
            (Tier::Free, _) | (Tier::Natural, None) => [None, None],
            (Tier::Fixed, _) | (Tier::Stated, None) => [own.lower.clone(), own.upper.clone()],
            (Tier::Stated, Some(cell)) => [cell.floor(), cell.ceiling()],
            (Tier::Natural, Some(cell)) => natural(cell),
        }
    }

    pub(super) fn bounds(&self, column: usize) -> Bounds {
        let [lower, upper] = self.tiers[column];
        let [low, _] = self.at(column, lower);
        let [_, high] = self.at(column, upper);
        [low, high]
    }

    /// The proof that what is in play clashes, and by how much; `None` where it does not.
    pub(super) fn clash(&self) -> Option<(Proof, Amount)> {
        let (program, columns) = self.program();
        let (farkas, cuts) = nowhere(&program)?;
        let mut whole = program;
        whole.rows.extend(cuts.iter().map(|cut| cut.row.clone()));
        debug_assert!(farkas.proves(&whole), "a clash is proven");
        let rows: Vec<usize> = self.rows.keys().copied().collect();
        let mut proof: BTreeMap<Piece, Lean> = BTreeMap::new();
        for (row, multiplier) in &farkas.rows {
            let own = &whole.rows[*row];
            let Some(place) = rows.get(*row) else {
                let cut = &cuts[*row - rows.len()];
                let piece = Piece::Curved(*self.curved.iter().nth(cut.curved)?);
                let own = lean(&mut proof, piece, multiplier, [&own.lower, &own.upper]);
                own.slopes.resize(cut.slopes.len(), Amount::ZERO);
                for (term, slope) in &cut.slopes {
                    own.slopes[*term] += &(slope * &multiplier.abs());
                }
                continue;
            };
            lean(&mut proof, self.side(*place, multiplier), multiplier, [&own.lower, &own.upper]);
        }
        for (column, multiplier) in &farkas.columns {
            let own = columns[*column];
            let lower = multiplier.is_positive() || self.tiers[own][0] == Tier::Fixed;
            let piece = if lower { Piece::Lower(own) } else { Piece::Upper(own) };
            let bounds = &whole.columns[*column];
            lean(&mut proof, piece, multiplier, [&bounds.lower, &bounds.upper]);
        }
        let excess = farkas.excess(&whole);
        Some((proof.into_iter().collect(), excess))
    }

    pub(super) fn side(&self, row: usize, multiplier: &Amount) -> Piece {
        let lower = multiplier.is_positive() || self.is_equality(row);
        if lower { Piece::RowLower(row) } else { Piece::RowUpper(row) }
    }

    pub(super) fn is_equality(&self, row: usize) -> bool {
        let row = &self.formulation.program().rows[row];
        row.lower.is_some() && row.lower == row.upper
    }

    /// What is in play as a programme over the columns that it touches, which are listed.
    pub(super) fn program(&self) -> (Program, Vec<usize>) {
        let whole = self.formulation.program();
        let rows = self.rows.keys().flat_map(|row| &whole.rows[*row].parts);
        let curved = self.curved.iter().flat_map(|place| whole.curved[*place].terms.iter());
        let parts = rows.chain(curved.flat_map(all_parts));
        let mut place = vec![u32::MAX; whole.columns.len()];
        for column in parts.flat_map(|part| &part.columns) {
            place[*column as usize] = 0;
        }
        let touched: Vec<usize> = (0..place.len()).filter(|column| place[*column] == 0).collect();
        for (own, column) in (0_u32..).zip(&touched) {
            place[*column] = own;
        }
        let moved = |parts: &Parts| -> Parts {
            let part = |part: &Part| Part {
                coefficient: part.coefficient.clone(),
                columns: part.columns.iter().map(|column| place[*column as usize]).collect(),
            };
            parts.iter().map(part).collect()
        };
        let row = |(own, [lower, upper]): (&usize, &[bool; 2])| {
            let row = &whole.rows[*own];
            Row {
                parts: moved(&row.parts),
                own: row.own,
                lower: row.lower.clone().filter(|_| *lower),
                upper: row.upper.clone().filter(|_| *upper),
            }
        };
        let bend = |own: &usize| {
            let mut curved = whole.curved[*own].clone();
            let terms = curved.terms.iter().map(|term| moved_term(term, &moved));
            curved.terms = terms.collect();
            curved
        };
        let program = Program {
            columns: touched.iter().map(|column| self.column(*column)).collect(),
            rows: self.rows.iter().map(row).collect(),
            curved: self.curved.iter().map(bend).collect(),
        };
        (program, touched)
    }

    pub(super) fn column(&self, column: usize) -> Column {
        let own = &self.formulation.program().columns[column];
        let [lower, upper] = self.bounds(column);
        match &lower {
            Some(amount) if self.tiers[column][0] == Tier::Fixed => Column::fixed(amount),
            _ => {
                let weight = if own.weight.is_zero() { Amount::ONE } else { own.weight.clone() };
                Column { baseline: own.baseline.clone(), weight, lower, upper }
            }
        }
    }
}

/// The proof that no amounts meet all rows, over the rows and then the cuts; `None` where some do.
///
/// Convex rows take one support after the other on the way to the nearest amounts, hundreds where they bend
/// with every line. Whether there are any amounts is asked in the midst of some that a solver finds instead,
/// where few supports are needed: what clashes does so wherever the baselines are.
fn nowhere(program: &Program) -> Option<Nowhere> {
    let start = ActiveSet::default();
    if program.curved.is_empty() {
        return nearest_with_cuts(program, &start).err();
    }
    if let Some(nowhere) = clash(program) {
        return Some(nowhere);
    }
    match is_met(program) {
        Ok(true) => None,
        Err(nowhere) => Some(nowhere),
        Ok(false) => {
            let amid = amid(program);
            nearest_with_cuts(amid.as_ref().unwrap_or(program), &start).err()
        }
    }
}

/// The programme with its baselines at amounts that keep as far from the bounds of all its rows as can be, up to
/// `MOST`; `None` where floats find none.
fn amid(program: &Program) -> Option<Program> {
    /// In plan units, and the parts of one that amounts are brought to.
    const MOST: i64 = 1000;
    const PARTS: f64 = 1024.0;
    let apart = u32::try_from(program.columns.len()).ok()?;
    let part = |slope: i64| Part { coefficient: Amount::whole(slope), columns: vec![apart] };
    let line = |slope: i64| Term::new(vec![part(1)], Curve::line(Amount::whole(slope)));
    let mut kept = program.clone();
    let bounds = (Some(Amount::ZERO), Some(Amount::whole(MOST)));
    let (baseline, weight) = (Amount::ZERO, Amount::ONE);
    kept.columns.push(Column { baseline, weight, lower: bounds.0, upper: bounds.1 });
    kept.rows.clear();
    for row in &program.rows {
        if row.lower.is_some() && row.lower == row.upper {
            kept.rows.push(row.clone());
            continue;
        }
        let with = |slope| row.parts.iter().cloned().chain([part(slope)]).collect();
        if row.lower.is_some() {
            kept.rows.push(Row { parts: with(-1), upper: None, ..row.clone() });
        }
        if row.upper.is_some() {
            kept.rows.push(Row { parts: with(1), lower: None, ..row.clone() });
        }
    }
    for curved in &mut kept.curved {
        curved.terms = curved.terms.iter().cloned().chain([line(1)]).collect();
    }
    let found = least_in_floats(&kept, &Objective::Sum([line(-1)].into()), Begin::Cold)?;
    let mut amid = program.clone();
    for (column, amount) in amid.columns.iter_mut().zip(found) {
        if column.weight.is_positive() {
            let amount = Amount::from_f64((amount * PARTS).round() / PARTS)?;
            let raised =
                column.lower.iter().fold(amount, |amount, least| amount.max(least.clone()));
            column.baseline =
                column.upper.iter().fold(raised, |amount, most| amount.min(most.clone()));
        }
    }
    Some(amid)
}

/// Adds to how a proof leans on a piece.
fn lean<'p>(
    proof: &'p mut BTreeMap<Piece, Lean>,
    piece: Piece,
    multiplier: &Amount,
    bounds: [&Option<Amount>; 2],
) -> &'p mut Lean {
    let bound = bounds[usize::from(multiplier.is_negative())].clone().unwrap_or_default();
    let own = proof.entry(piece).or_default();
    own.multiplier += multiplier;
    own.adds += &(multiplier * &bound);
    own
}

/// The parts of a term, and of the terms inside it.
pub(super) fn all_parts(term: &Term) -> Vec<&Part> {
    let inner = term.inner.iter().flat_map(all_parts);
    term.parts.iter().chain(inner).collect()
}

/// A term with its columns moved, and those of the terms inside it.
fn moved_term(term: &Term, moved: &impl Fn(&Parts) -> Parts) -> Term {
    let inner = term.inner.iter().map(|inner| moved_term(inner, moved)).collect();
    Term { parts: moved(&term.parts), inner, ..term.clone() }
}

/// Whether a cell stands still: it has no weight, or keeps its parent's answer.
fn is_fixed(plan: &Plan, place: usize) -> bool {
    plan.cells()[place].weight().is_zero()
        || plan.transfers().kept.get(place).is_some_and(Option::is_some)
}

/// A line keeps the sign of its baseline, unless its file lets it pass.
pub(super) fn natural(cell: &Cell) -> Bounds {
    if cell.baseline.is_negative() {
        [None, cell.ceiling().map(|stated| stated.max(Amount::ZERO))]
    } else {
        [cell.floor().map(|stated| stated.min(Amount::ZERO)), None]
    }
}
