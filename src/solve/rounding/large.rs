//! Rounds more columns than one mixed-integer programme takes at once.

use num_traits::ToPrimitive;

use super::super::repair::{cheapened, repair};
use super::bundles::{Bundles, Sums};
use super::{Effort, Grid, MOST_AT_ONCE, WIDENINGS};

/// How many columns besides the fractional ones are left to the mixed-integer programme, in turn:
/// those that the linear programme holds at a whole step for the least.
const MORE: [usize; 6] = [0, 20, 60, 100, 140, 180];
/// How many of these a brief search takes.
const BRIEF: usize = 3;

impl Grid<'_> {
    /// Whole steps for `free` columns that satisfy every row, the others at none.
    ///
    /// A linear programme rounds all but a few, and moves mend the rest. Where they do not, a programme
    /// over bundles of columns tells whether there are any. In the narrowest boxes small programmes
    /// then look for the cheapest; in wider ones what the bundles lead to is taken, made cheaper.
    pub(super) fn large(&self, free: &[usize], widening: usize) -> Option<Vec<i64>> {
        let none = vec![0; self.below.len()];
        let (values, reduced) = self.milp(free, &none, widening, false).relaxed()?;
        if let Some(found) = self.mended(free, &values, widening) {
            return Some(found);
        }
        let bundled = self.bundled(free, &values, widening);
        if bundled == Some(Sums::Nothing) {
            return None;
        }
        let known = match bundled {
            Some(Sums::Shared(steps)) if self.left.effort == Effort::Whole => Some(steps),
            _ => None,
        };
        if widening > 0 && known.is_some() {
            return known;
        }
        let found = self.in_parts(free, (&values, &reduced), widening).or(known);
        if found.is_some() || self.left.effort == Effort::Brief {
            return found;
        }
        self.whole(free, &none, widening)
    }

    /// Whether even the widest boxes hold no whole steps that meet the first `hard` rows. Where that is
    /// not clear at once, it is not said.
    pub(super) fn is_hopeless(&self, hard: usize) -> bool {
        let free: Vec<usize> = (0..self.below.len()).collect();
        let bounded = free.iter().all(|column| {
            let (least, most) = self.room(*column, WIDENINGS);
            least <= most
        });
        if free.len() <= MOST_AT_ONCE || !bounded {
            return false;
        }
        let steps = vec![0; self.below.len()];
        let rows = &self.rows[..hard.min(self.rows.len())];
        let search = self.search_over(rows, &free, &steps, WIDENINGS);
        search.is_some_and(|search| Bundles::of(&search).decided(None) == Sums::Nothing)
    }

    /// The values of the linear programme brought to whole steps, one move after the other.
    fn mended(&self, free: &[usize], values: &[f64], widening: usize) -> Option<Vec<i64>> {
        let steps = vec![0; self.below.len()];
        let search = self.search(free, &steps, widening)?;
        let start: Option<Vec<i64>> = values.iter().map(|value| value.round().to_i64()).collect();
        self.taken(free, &steps, repair(&search, start?)?)
    }

    /// Whole steps for all columns by bundles, made cheaper by moves; `None` where the rows do not fit
    /// machine words, or hold only as far as floats tell.
    fn bundled(&self, free: &[usize], values: &[f64], widening: usize) -> Option<Sums> {
        let steps = vec![0; self.below.len()];
        let search = self.search(free, &steps, widening).filter(|_| self.left.one_more())?;
        match Bundles::of(&search).decided(Some(values)) {
            Sums::Shared(values) => {
                self.taken(free, &steps, cheapened(&search, values)).map(Sums::Shared)
            }
            other => Some(other),
        }
    }

    /// All but a few columns as the linear programme has them, and the rest as a mixed-integer one
    /// decides: first the fractional ones, then more.
    fn in_parts(
        &self,
        free: &[usize],
        (values, reduced): (&[f64], &[f64]),
        widening: usize,
    ) -> Option<Vec<i64>> {
        let mut order: Vec<usize> = (0..free.len()).collect();
        let is_whole = |place: usize| (values[place] - values[place].round()).abs() < 1e-6;
        order.sort_by(|a, b| {
            let key = |place: usize| (is_whole(place), reduced[place].abs());
            key(*a).partial_cmp(&key(*b)).unwrap_or(std::cmp::Ordering::Equal)
        });
        let fractional = order.iter().filter(|place| !is_whole(**place)).count();
        let rounds = if self.left.effort == Effort::Brief { BRIEF } else { MORE.len() };
        for more in MORE.into_iter().take(rounds) {
            let count = fractional + more;
            if count >= free.len() {
                break;
            }
            let mut last: Vec<usize> = order[..count].iter().map(|place| free[*place]).collect();
            last.sort_unstable();
            let mut steps = vec![0; self.below.len()];
            for place in &order[count..] {
                steps[free[*place]] = values[*place].round().to_i64()?;
            }
            if let Some(found) = self.whole(&last, &steps, widening) {
                return Some(found);
            }
        }
        None
    }
}
