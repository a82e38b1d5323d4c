//! Rounds an exact answer to whole quanta inside every limit.
//!
//! Controlled rounding (Bacharach 1966, Cox 1987): each amount goes to the quantum below or above,
//! so that the sum of distances is least and every row still holds. A vertex of the limits within
//! these boxes has at most as many fractional amounts as there are binding rows, so that one linear
//! programme rounds all but a few of a large plan, and a small mixed-integer one the rest.

mod bundles;
mod cost;
mod effort;
mod large;

use num_bigint::BigInt;
use num_traits::ToPrimitive;

use super::grid_row::GridRow;
use super::milp::{Milp, MilpRow};
use super::search::{Found, Search, SearchRow};
use crate::formulate::Program;
use crate::units::{Amount, Money, Quantum};
use cost::cost;
pub(super) use effort::{Effort, Left};

/// What rounding finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rounding {
    /// Whole quanta inside every limit.
    Published {
        /// One a column.
        cells: Vec<Money>,
        /// Equalities that are kept to less than one quantum, by row: their exact side is no
        /// whole number of quanta.
        relaxed: Vec<usize>,
    },
    /// No whole quanta within three of the exact answer satisfy every limit.
    Unrounded {
        /// A row that stands in the way.
        row: usize,
    },
}

/// The most columns that one mixed-integer programme takes at once.
const MOST_AT_ONCE: usize = 200;
/// The most columns that are searched case by case before a solver is asked.
const FEW: usize = 48;
/// The most columns whose ties are settled one by one.
const MOST_TIES: usize = 60;
/// The most ties that one objective settles: its weights are powers of four, exact in floats.
const TIES_AT_ONCE: usize = 12;
/// How often the boxes are widened by a quantum.
const WIDENINGS: usize = 3;
/// The widening after which it is asked whether the widest boxes hold any whole figures.
const ASKED: usize = 1;

/// Rounds `exact`, one amount a column of `program`, to whole quanta.
///
/// Ceilings and floors are kept exactly. The amounts minimise `sum z_c * round(10^6 (1 - 2 f_c))`
/// with `f_c` the fraction above the quantum below; ties go to the lexicographically greatest.
pub fn round(program: &Program, exact: &[Amount], quantum: Quantum) -> Rounding {
    rounded(program, exact, quantum, (&Effort::Whole.left(), program.rows.len())).0
}

/// The same with what is left of an effort: a brief one may find no whole quanta where there are some. And whether
/// it is known that there are none that meet the first `hard` rows either.
pub(super) fn rounded(
    program: &Program,
    exact: &[Amount],
    quantum: Quantum,
    (left, hard): (&Left, usize),
) -> (Rounding, bool) {
    let grid = Grid::new(program, exact, quantum, left);
    for widening in 0..=WIDENINGS {
        if let Some(steps) = grid.solve(widening) {
            let cells = grid.below.iter().zip(&steps).map(|(below, step)| {
                Money::from_big(&(below + BigInt::from(*step))).unwrap_or_default()
            });
            let (cells, relaxed) = (cells.collect(), grid.relaxed(&steps));
            return (Rounding::Published { cells, relaxed }, false);
        }
        if widening == ASKED && grid.is_hopeless(hard) {
            return (Rounding::Unrounded { row: grid.obstacle() }, true);
        }
    }
    (Rounding::Unrounded { row: grid.obstacle() }, false)
}

/// The rows over whole steps from the quantum below each exact amount.
struct Grid<'a> {
    /// The quantum below each amount.
    below: Vec<BigInt>,
    /// The cost of one step up for each column.
    cost: Vec<i64>,
    /// The columns that are not whole already.
    open: Vec<usize>,
    /// The steps that each column's own bounds allow.
    reach: Vec<(i64, i64)>,
    rows: Vec<GridRow>,
    left: &'a Left,
}

/// Steps that no column ever takes.
const FAR: i64 = 1_000_000;

impl<'a> Grid<'a> {
    fn new(program: &Program, exact: &[Amount], quantum: Quantum, left: &'a Left) -> Self {
        let counts: Vec<Amount> = exact.iter().map(|amount| quantum.count(amount)).collect();
        let below: Vec<BigInt> = counts.iter().map(Amount::floor).collect();
        let cost = (0..counts.len()).map(|column| cost(&counts[column], &below[column]));
        let is_whole = |column: usize| counts[column].is_whole();
        let reach = |column: usize| {
            let own = &program.columns[column];
            let pinned = own.lower.is_some() && own.lower == own.upper;
            let steps =
                |bound: &Amount| quantum.count(bound) - &Amount::from(below[column].clone());
            if pinned {
                return (0, i64::from(!is_whole(column)));
            }
            let least = own.lower.as_ref().and_then(|lower| steps(lower).ceil().to_i64());
            let most = own.upper.as_ref().and_then(|upper| steps(upper).floor().to_i64());
            (least.unwrap_or(-FAR), most.unwrap_or(FAR))
        };
        let mut grid = Self {
            cost: cost.collect(),
            open: (0..counts.len()).filter(|column| !counts[*column].is_whole()).collect(),
            reach: (0..counts.len()).map(reach).collect(),
            rows: Vec::new(),
            left,
            below,
        };
        grid.rows = program
            .rows
            .iter()
            .enumerate()
            .map(|(place, row)| GridRow::new(place, row, &grid.below, quantum))
            .collect();
        grid
    }

    /// The equalities that `steps` do not meet exactly.
    fn relaxed(&self, steps: &[i64]) -> Vec<usize> {
        let relaxed = self.rows.iter().filter(|row| row.strict && !row.is_met(steps));
        relaxed.map(|row| row.place).collect()
    }

    /// The box of a column after `widening` widenings.
    fn room(&self, column: usize, widening: usize) -> (i64, i64) {
        let wide = i64::try_from(widening).unwrap_or(0);
        let whole = self.open.binary_search(&column).is_err();
        let (least, most) = if whole { (-wide, wide) } else { (-wide, 1 + wide) };
        let (low, high) = self.reach[column];
        (least.max(low), most.min(high))
    }

    /// Whole steps for every column that satisfy every row.
    fn solve(&self, widening: usize) -> Option<Vec<i64>> {
        let free: Vec<usize> =
            if widening == 0 { self.open.clone() } else { (0..self.below.len()).collect() };
        let steps = vec![0; self.below.len()];
        if free.is_empty() {
            return self.holds(&steps).then_some(steps);
        }
        if free.iter().any(|column| {
            let (least, most) = self.room(*column, widening);
            least > most
        }) {
            return None;
        }
        if free.len() <= MOST_AT_ONCE {
            return self.whole(&free, &steps, widening);
        }
        self.large(&free, widening)
    }

    /// Decides `free` columns in whole steps, the others as in `steps`.
    fn whole(&self, free: &[usize], steps: &[i64], widening: usize) -> Option<Vec<i64>> {
        if free.len() <= FEW
            && let Some(search) = self.search(free, steps, widening)
        {
            match search.run() {
                Found::Best(values) => return self.taken(free, steps, values),
                Found::Nothing => return None,
                Found::Unknown => {}
            }
        }
        let mut milp = self.milp(free, steps, widening, true);
        if !self.left.one_more() {
            return None;
        }
        if self.left.effort == Effort::Brief {
            return self.checked(free, steps, &milp.briefly()?);
        }
        let mut best = self.checked(free, steps, &milp.solve()?)?;
        let cost = |steps: &[i64]| -> i64 {
            free.iter().map(|column| self.cost[*column] * steps[*column]).sum()
        };
        let ties = self.ties(free);
        if ties.len() > MOST_TIES {
            return Some(best);
        }
        let optimum = cost(&best);
        let own = free
            .iter()
            .enumerate()
            .map(|(place, c)| (place, self.cost[*c].to_f64().unwrap_or(0.0)));
        let most = optimum.to_f64()? + 0.5;
        milp.rows.push(MilpRow { terms: own.collect(), least: f64::NEG_INFINITY, most });
        for block in ties.chunks(TIES_AT_ONCE) {
            milp.cost = vec![0.0; free.len()];
            for (place, column) in block.iter().enumerate() {
                let at = free.binary_search(column).ok()?;
                let power = u32::try_from(block.len() - 1 - place).unwrap_or(0);
                milp.cost[at] = -f64::from(4_u32.saturating_pow(power));
            }
            if let Some(found) = milp.solve().and_then(|v| self.checked(free, steps, &v))
                && cost(&found) == optimum
                && found > best
            {
                best = found;
            }
            for column in block {
                let at = free.binary_search(column).ok()?;
                let fixed = best[*column].to_f64()?;
                milp.bounds[at] = (fixed, fixed);
            }
        }
        Some(best)
    }

    /// The programme over `free` columns in machine words, where it fits them.
    fn search(&self, free: &[usize], steps: &[i64], widening: usize) -> Option<Search> {
        self.search_over(&self.rows, free, steps, widening)
    }

    /// The same over some of the rows.
    fn search_over(
        &self,
        own: &[GridRow],
        free: &[usize],
        steps: &[i64],
        widening: usize,
    ) -> Option<Search> {
        let mut places = vec![usize::MAX; steps.len()];
        for (place, column) in free.iter().enumerate() {
            places[*column] = place;
        }
        let bounds: Vec<(i64, i64)> =
            free.iter().map(|column| self.room(*column, widening)).collect();
        let mut rows = Vec::with_capacity(own.len());
        for row in own {
            let words = row.words()?;
            let (mut terms, mut fixed) = (Vec::new(), 0_i128);
            for (column, value) in &words.terms {
                if places[*column] == usize::MAX {
                    fixed += i128::from(*value) * i128::from(steps[*column]);
                } else {
                    terms.push((places[*column], *value));
                }
            }
            let (least, most) = (words.least - fixed, words.most - fixed);
            let row = SearchRow { terms, least, most };
            if !row.is_idle(&bounds) {
                rows.push(row);
            }
        }
        let cost = free.iter().map(|column| self.cost[*column]).collect();
        Some(Search { cost, bounds, rows })
    }

    /// Columns whose cost another column shares: only they can change places at no cost.
    fn ties(&self, free: &[usize]) -> Vec<usize> {
        let shared = |column: &&usize| {
            free.iter().any(|other| other != *column && self.cost[*other] == self.cost[**column])
        };
        free.iter().filter(shared).copied().collect()
    }

    fn milp(&self, free: &[usize], steps: &[i64], widening: usize, integer: bool) -> Milp {
        let bounds = free.iter().map(|column| {
            let (least, most) = self.room(*column, widening);
            (least.to_f64().unwrap_or(0.0), most.to_f64().unwrap_or(0.0))
        });
        let bounds: Vec<(f64, f64)> = bounds.collect();
        let cost = free.iter().map(|column| self.cost[*column].to_f64().unwrap_or(0.0) / 1e6);
        let mut places = vec![None; self.below.len()];
        for (place, column) in free.iter().enumerate() {
            places[*column] = Some(place);
        }
        let rows = self.rows.iter().filter_map(|row| Self::milp_row(row, &places, steps));
        let mut rows: Vec<_> = rows.collect();
        rows.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
        rows.dedup();
        rows.retain(|row| !row.is_idle(&bounds));
        Milp { cost: cost.collect(), bounds, integer, rows }
    }

    /// A row over the free columns, which have these `places`.
    fn milp_row(row: &GridRow, places: &[Option<usize>], steps: &[i64]) -> Option<MilpRow> {
        let mut terms = Vec::new();
        let mut fixed = Amount::ZERO;
        for (column, coefficient) in &*row.terms {
            match places[*column] {
                Some(place) => terms.push((place, coefficient.to_f64())),
                None if steps[*column] != 0 => {
                    fixed += &(coefficient * &Amount::whole(steps[*column]));
                }
                None => {}
            }
        }
        if terms.is_empty() {
            return None;
        }
        let whole = row.terms.iter().all(|(_, coefficient)| coefficient.is_whole());
        let inner = if row.strict { 1e-6 } else { 0.0 };
        let least = row.least.as_ref().map(|bound| {
            let rest = bound - &fixed;
            if whole && !row.strict {
                Amount::from(rest.ceil()).to_f64()
            } else {
                rest.to_f64() + inner
            }
        });
        let most = row.most.as_ref().map(|bound| {
            let rest = bound - &fixed;
            if whole && !row.strict {
                Amount::from(rest.floor()).to_f64()
            } else {
                rest.to_f64() - inner
            }
        });
        Some(MilpRow {
            terms,
            least: least.unwrap_or(f64::NEG_INFINITY),
            most: most.unwrap_or(f64::INFINITY),
        })
    }

    /// The solver's values as whole steps, if every row holds exactly.
    fn checked(&self, free: &[usize], steps: &[i64], values: &[f64]) -> Option<Vec<i64>> {
        let whole: Option<Vec<i64>> = values.iter().map(|value| value.round().to_i64()).collect();
        self.taken(free, steps, whole?)
    }

    /// Steps with those of the `free` columns put in, if every row holds exactly.
    fn taken(&self, free: &[usize], steps: &[i64], values: Vec<i64>) -> Option<Vec<i64>> {
        let mut found = steps.to_vec();
        for (column, value) in free.iter().zip(values) {
            found[*column] = value;
        }
        self.holds(&found).then_some(found)
    }

    fn holds(&self, steps: &[i64]) -> bool {
        let within = |column: usize| {
            let (least, most) = self.reach[column];
            steps[column] >= least && steps[column] <= most
        };
        (0..steps.len()).all(within) && self.rows.iter().all(|row| row.holds(steps))
    }

    /// A row that fails where every amount is rounded to the nearest quantum.
    fn obstacle(&self) -> usize {
        let nearest: Vec<i64> = (0..self.below.len())
            .map(|column| {
                let (least, most) = self.reach[column];
                i64::from(self.cost[column] < 0).clamp(least.min(most), most)
            })
            .collect();
        let failing = self.rows.iter().find(|row| !row.holds(&nearest));
        failing.map_or(0, |row| row.place)
    }
}
