//! The kernel of the calibration by itself, in floats: what proposes a working set, and the amounts that it
//! stands for. Rationals decide on a proposal elsewhere; here it can be timed beside the memory it reads.

use std::hint::black_box;

use super::bulk::press;
use super::problem::{ActiveSet, Problem};
use super::working::{Kept, Working};
use crate::formulate::Program;

/// A programme in floats, by columns, and what its last answer leant on.
pub struct Kernel {
    problem: Problem<f64>,
    last: Option<Kept<f64>>,
}

impl Kernel {
    /// Takes the straight rows of `program`.
    pub fn new(program: &Program) -> Self {
        Self { problem: Problem::new(program), last: None }
    }

    /// The amount of each column, in plan units, from where the last answer left off; `None` where the rows
    /// clash, or floats go round in circles: one bound at a time, or rationals, would tell.
    pub fn solve(&mut self) -> Option<Vec<f64>> {
        let mut working = match self.last.take() {
            Some(last) => Working::resumed(&self.problem, last),
            None => Working::firm(&self.problem, &ActiveSet::default()),
        };
        let amounts = press(&mut working).ok()?;
        self.last = Some(working.kept());
        Some(amounts)
    }

    /// Forgets the last answer: the next one is found from nothing.
    pub fn forget(&mut self) {
        self.last = None;
    }

    /// Moves both bounds of a row by so much.
    pub fn shift(&mut self, row: usize, by: f64) {
        let problem = &mut self.problem;
        let sides = [problem.least.get_mut(row), problem.most.get_mut(row)];
        for bound in sides.into_iter().flatten().flatten() {
            *bound += by;
        }
    }

    /// One pass over all that a solve reads of the columns: how many bytes that is.
    pub fn pass(&self) -> usize {
        let problem = &self.problem;
        let bounds =
            [&problem.lower, &problem.upper].map(|side| side.iter().flatten().sum::<f64>());
        let levels: f64 = problem.baseline.iter().zip(&problem.weight).map(|(b, w)| b + w).sum();
        let (mut rows, mut values) = (0, 0.0);
        for column in 0..problem.columns() {
            for (row, value) in problem.column(column) {
                rows += row;
                values += value;
            }
        }
        black_box((bounds, levels, rows, values));
        let column = 2 * size_of::<f64>() + 2 * size_of::<Option<f64>>() + size_of::<u32>();
        let entry = size_of::<f64>() + size_of::<u32>();
        column * problem.columns() + entry * problem.values().len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formulate::{Column, Part, Row};
    use crate::units::Amount;

    /// A cut of 1000 to 900 with a floor of 98 on the first line: it gives 2, the others share 98 as 300 to 600.
    #[test]
    fn floats_are_near_what_is_worked_by_hand() {
        let column = |baseline: i64, floor: i64| Column {
            baseline: Amount::whole(baseline),
            weight: Amount::whole(baseline),
            lower: Some(Amount::whole(floor)),
            upper: None,
        };
        let part = Part { coefficient: Amount::ONE, columns: vec![0, 1, 2] };
        let total = Some(Amount::whole(900));
        let row = Row { parts: vec![part].into(), own: 1, lower: total.clone(), upper: total };
        let columns = vec![column(100, 98), column(300, 0), column(600, 0)];
        let program = Program { columns, rows: vec![row], ..Program::default() };
        let mut kernel = Kernel::new(&program);
        let near = |found: &[f64], wanted: [f64; 3]| {
            found.iter().zip(wanted).all(|(found, wanted)| (found - wanted).abs() < 1e-9)
        };
        let amounts = kernel.solve().expect("it has an answer");
        assert!(near(&amounts, [98.0, 300.0 - 98.0 / 3.0, 600.0 - 196.0 / 3.0]), "{amounts:?}");
        kernel.shift(0, -90.0);
        let amounts = kernel.solve().expect("it has an answer");
        assert!(near(&amounts, [98.0, 300.0 - 188.0 / 3.0, 600.0 - 376.0 / 3.0]), "{amounts:?}");
        kernel.shift(0, 180.0);
        for _ in 0..2 {
            let amounts = kernel.solve().expect("it has an answer");
            assert!(near(&amounts, [99.0, 297.0, 594.0]), "{amounts:?}");
            kernel.forget();
        }
        assert_eq!(kernel.pass(), 3 * (16 + 32 + 4) + 3 * 12);
    }
}
