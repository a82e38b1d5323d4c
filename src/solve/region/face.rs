//! What the stages leave to calibrate while right sides move: one programme for all inputs.

use std::sync::{Arc, Mutex};

use super::bends::Bends;
use super::lean::Known;
use super::line::Line;
use crate::formulate::{Curved, Program, Row};
use crate::plan::Form;
use crate::solve::curved::{Cut, supports};
use crate::solve::problem::{ActiveSet, Problem};
use crate::units::Amount;

/// The bounds of a row, or how they change.
type Bounds = (Option<Amount>, Option<Amount>);

/// A programme at the base, and how its right sides change with one more of each input.
pub(super) struct Face {
    /// With its convex rows.
    pub(super) program: Program,
    /// For each input, the change of the bound of each convex row.
    most: Vec<Vec<Amount>>,
    pub(super) bends: Arc<Bends>,
    straight: Arc<Straight>,
}

/// The straight rows of a face, the last of which are supports of convex ones.
#[derive(Clone)]
pub(super) struct Rows {
    pub(super) straight: Arc<Straight>,
    pub(super) cuts: Arc<[Cut]>,
}

/// A programme of straight rows, and how their bounds move.
pub(super) struct Straight {
    pub(super) rows: Vec<Row>,
    pub(super) problem: Problem<Amount>,
    /// The same in floats, to propose from.
    pub(super) floats: Problem<f64>,
    /// For each input, the change of each bound of each row.
    pub(super) shifts: Vec<Vec<Bounds>>,
    /// What is known of forms that depend on its rows.
    pub(super) known: Mutex<Known>,
}

impl Face {
    /// The face of `base`, whose right sides are those of `moved` where one input is one more;
    /// `None` where a bound is only there at some inputs.
    /// `turns` are forms of its first columns that keep their signs, each less a number.
    pub(super) fn new(
        base: &Program,
        moved: &[&Program],
        turns: Vec<(Form, Amount)>,
    ) -> Option<Self> {
        let shift = |own: &Row, other: &Row| {
            let change = |from: &Option<Amount>, to: &Option<Amount>| match (from, to) {
                (Some(from), Some(to)) => Some(Some(to - from)),
                (None, None) => Some(None),
                _ => None,
            };
            Some((change(&own.lower, &other.lower)?, change(&own.upper, &other.upper)?))
        };
        let shifts = |moved: &&Program| -> Option<Vec<Bounds>> {
            base.rows.iter().zip(&moved.rows).map(|(own, other)| shift(own, other)).collect()
        };
        let shifts: Vec<Vec<Bounds>> = moved.iter().map(shifts).collect::<Option<_>>()?;
        let most = |moved: &&Program| {
            let pairs = moved.curved.iter().zip(&base.curved);
            pairs.map(|(other, own)| &other.most - &own.most).collect()
        };
        let most: Vec<Vec<Amount>> = moved.iter().map(most).collect();
        let line = |(place, own): (usize, &Curved)| {
            Line::new(own.most.clone(), most.iter().map(|own| own[place].clone()).collect())
        };
        let bends = Bends {
            most: base.curved.iter().enumerate().map(line).collect(),
            curved: base.curved.clone(),
            turns,
        };
        Some(Self {
            program: base.clone(),
            most,
            bends: Arc::new(bends),
            straight: Arc::new(Straight::new(base, Vec::new(), shifts)),
        })
    }

    /// How many inputs there are.
    pub(super) fn inputs(&self) -> usize {
        self.most.len()
    }

    /// The straight rows with the supports of convex ones that a working set has; `None` where it
    /// is one of another programme.
    pub(super) fn rows(&self, active: &ActiveSet) -> Option<Rows> {
        if active.cuts.is_empty() {
            return Some(Rows { straight: Arc::clone(&self.straight), cuts: Arc::default() });
        }
        let mut cuts = Vec::with_capacity(active.cuts.len());
        for (place, at) in &active.cuts {
            if *place >= self.program.curved.len() || at.len() != self.program.columns.len() {
                return None;
            }
            cuts.append(&mut supports(&self.program, &[*place], at));
        }
        let mut shifts = self.straight.shifts.clone();
        for (list, most) in shifts.iter_mut().zip(&self.most) {
            list.extend(cuts.iter().map(|cut| (None, Some(most[cut.curved].clone()))));
        }
        let rows = cuts.iter().map(|cut| cut.row.clone()).collect();
        let straight = Arc::new(Straight::new(&self.program, rows, shifts));
        Some(Rows { straight, cuts: cuts.into() })
    }
}

impl Straight {
    fn new(base: &Program, more: Vec<Row>, shifts: Vec<Vec<Bounds>>) -> Self {
        let rows: Vec<Row> = base.rows.iter().cloned().chain(more).collect();
        let columns = base.columns.clone();
        let program = Program { columns, rows, curved: Vec::new() };
        let (problem, floats) = (Problem::new(&program), Problem::new(&program));
        Self { problem, floats, rows: program.rows, shifts, known: Mutex::default() }
    }

    /// The bound of a row on one side: at the base, and its rates.
    pub(super) fn bound(&self, row: usize, upper: bool) -> Option<Line> {
        let own = &self.rows[row];
        let at = if upper { &own.upper } else { &own.lower }.clone()?;
        Some(Line::new(at, (0..self.shifts.len()).map(|k| self.shift(row, k, upper)).collect()))
    }

    /// How a bound of a row changes with an input.
    pub(super) fn shift(&self, row: usize, input: usize, upper: bool) -> Amount {
        let (lower, most) = &self.shifts[input][row];
        if upper { most } else { lower }.clone().unwrap_or_default()
    }
}
