use crate::formulate::{Column, Part, Program, Row};
use crate::solve::{Rounding, largest_remainders, round};
use crate::units::{Amount, Money, Quantum};

/// The figures of a table in whole quanta, with margins that are their sums (controlled rounding,
/// Cox 1987): margins by largest remainders, then the figures within them.
///
/// Exact figures, which add up too, where no whole ones do. Every row is as long as the first.
pub fn tied(exact: &[Vec<Amount>], quantum: Quantum) -> Vec<Vec<Amount>> {
    let width = exact.first().map_or(0, Vec::len);
    let rows: Vec<Amount> = exact.iter().map(|row| row.iter().sum()).collect();
    let columns: Vec<Amount> =
        (0..width).map(|place| exact.iter().map(|row| &row[place]).sum()).collect();
    let total: Amount = rows.iter().sum();
    let total = Money::from_big(&quantum.count(&total).floor()).unwrap_or_default();
    let margin = |exact: &[Amount]| largest_remainders(exact, total, quantum);
    let equal = |places: Vec<u32>, margin: Money| {
        let bound = Some(quantum.amount(margin));
        let parts = vec![Part { coefficient: Amount::ONE, columns: places }];
        Row { parts: parts.into(), own: 1, lower: bound.clone(), upper: bound }
    };
    let index = |row: usize, place: usize| u32::try_from(row * width + place).unwrap_or(u32::MAX);
    let by_row = margin(&rows).into_iter().enumerate();
    let by_row = by_row.map(|(row, m)| equal((0..width).map(|c| index(row, c)).collect(), m));
    let by_column = margin(&columns).into_iter().enumerate();
    let by_column =
        by_column.map(|(c, m)| equal((0..exact.len()).map(|row| index(row, c)).collect(), m));
    let flat: Vec<Amount> = exact.iter().flatten().cloned().collect();
    let free = |amount: &Amount| Column {
        baseline: amount.clone(),
        weight: Amount::ONE,
        lower: None,
        upper: None,
    };
    let program = Program {
        columns: flat.iter().map(free).collect(),
        rows: by_row.chain(by_column).collect(),
        ..Program::default()
    };
    let Rounding::Published { cells, .. } = round(&program, &flat, quantum) else {
        return exact.to_vec();
    };
    let figures: Vec<Amount> = cells.into_iter().map(|money| quantum.amount(money)).collect();
    figures.chunks(width.max(1)).map(<[Amount]>::to_vec).collect()
}
