//! A proof that limits clash, from the linear programme that misses them by as little as can be.
//!
//! Its exact dual is the proof: what no amounts within the bounds of the columns can miss by less. The
//! method that decides in rationals would find one too, but over hundreds of limits it takes its time.

use super::Farkas;
use super::live::Start;
use super::stages::proposed;
use super::trust::Source;
use crate::formulate::{Curve, Linear, Objective, Program, Term};
use crate::units::Amount;

/// A proof that the straight rows of `program` clash; `None` says nothing about them.
pub(super) fn clash(program: &Program) -> Option<Farkas> {
    let bounded = |row: &crate::formulate::Row| row.lower.is_some() || row.upper.is_some();
    let rows = || program.rows.iter().enumerate().filter(|(_, row)| bounded(row));
    let terms = rows().map(|(_, row)| {
        let miss = Curve::miss(row.lower.as_ref(), row.upper.as_ref(), &Amount::ONE);
        Term::new(row.parts.clone(), miss)
    });
    let bare = Program { columns: program.columns.clone(), ..Program::default() };
    let linear = Linear::new(&bare, &Objective::Sum(terms.collect()));
    let dual = proposed(&linear, Source::Solver, Start::Cold).ok()?;
    if !dual.bound.is_positive() {
        return None;
    }
    // Every bound of a row has a hinge, in their order.
    let mut hinges = linear.hinges.iter();
    let mut farkas = Farkas { rows: Vec::new(), columns: Vec::new() };
    for (place, row) in rows() {
        let sides = usize::from(row.lower.is_some()) + usize::from(row.upper.is_some());
        let own = hinges.by_ref().take(sides).map(|hinge| &dual.rows[hinge.row]);
        let multiplier: Amount = own.sum();
        if !multiplier.is_zero() {
            farkas.rows.push((place, multiplier));
        }
    }
    let reduced = dual.columns.into_iter().take(bare.columns.len()).enumerate();
    farkas.columns = reduced.filter(|(_, multiplier)| !multiplier.is_zero()).collect();
    farkas.proves(program).then_some(farkas)
}
