//! Forms that curves are made of: the pieces that they stand on, and where they leave them.

use std::cmp::Ordering;

use super::checks::{Approx, Summing};
use super::line::{Line, Step};
use crate::formulate::{Curved, Part, Term, inside};
use crate::plan::Form;
use crate::solve::curved::Cut;
use crate::units::Amount;

/// The convex rows of a face, and forms that keep their signs.
#[derive(Debug, Default)]
pub(super) struct Bends {
    pub(super) curved: Vec<Curved>,
    /// The bound of each convex row.
    pub(super) most: Vec<Line>,
    /// Forms of the first columns, each less a number, that limits on turnover add up.
    pub(super) turns: Vec<(Form, Amount)>,
}

/// What is at least zero while forms stay on their pieces.
pub(super) struct Bent<T> {
    /// The same for the same form, exact or not.
    pub(super) place: usize,
    pub(super) condition: T,
    /// The bound of a convex row, and not a kink.
    pub(super) full: bool,
}

/// An affine function of the inputs: exact, or in floats with a bound on their error.
pub(super) trait Affine: Sized {
    /// The sum of multiples of functions and a constant.
    fn combined<'a>(
        terms: impl Iterator<Item = (&'a Amount, &'a Self)>,
        constant: &Amount,
        inputs: usize,
    ) -> Self
    where
        Self: 'a;

    /// A function that is known exactly.
    fn known(line: &Line) -> Self;

    /// Whether no input changes it.
    fn stays(&self) -> bool;

    /// How it compares with a number at a step; `None` where floats do not tell.
    fn compared(&self, with: &Amount, step: &Step<'_>) -> Option<Ordering>;
}

impl Affine for Line {
    fn combined<'a>(
        terms: impl Iterator<Item = (&'a Amount, &'a Self)>,
        constant: &Amount,
        inputs: usize,
    ) -> Self {
        let mut sum = Self::new(constant.clone(), vec![Amount::ZERO; inputs]);
        for (factor, own) in terms {
            sum.at += &(factor * &own.at);
            for (rate, more) in sum.rates.iter_mut().zip(&own.rates) {
                *rate += &(factor * more);
            }
        }
        sum
    }

    fn known(line: &Line) -> Self {
        line.clone()
    }

    fn stays(&self) -> bool {
        self.is_constant()
    }

    fn compared(&self, with: &Amount, step: &Step<'_>) -> Option<Ordering> {
        Some(self.value(step).cmp(with))
    }
}

impl Affine for Approx {
    fn combined<'a>(
        terms: impl Iterator<Item = (&'a Amount, &'a Self)>,
        constant: &Amount,
        inputs: usize,
    ) -> Self {
        let mut sum = Summing::new(inputs);
        sum.add(1.0, &Self::constant(constant, inputs));
        for (factor, own) in terms {
            sum.add(factor.nearest_f64(), own);
        }
        sum.done()
    }

    fn known(line: &Line) -> Self {
        Self::of(line)
    }

    fn stays(&self) -> bool {
        self.is_constant()
    }

    fn compared(&self, with: &Amount, step: &Step<'_>) -> Option<Ordering> {
        let (value, off) = self.value(step);
        let with = with.nearest_f64();
        let clear = (value - with).abs() > (off + with.abs() * f64::EPSILON) * 2.0;
        clear.then(|| value.total_cmp(&with))
    }
}

impl Bends {
    /// The conditions where the columns have these `amounts`, and forms of them are given `exactly`
    /// where floats do not tell; `None` where a form that moves stands at a kink, or is too long. A convex row that one of the tight supports `cuts` is a
    /// piece of stays at its bound by itself.
    pub(super) fn conditions<T: Affine>(
        &self,
        amounts: &[T],
        (cuts, step): (Vec<&Cut>, &Step<'_>),
        exactly: Exactly<'_>,
    ) -> Option<Vec<Bent<T>>> {
        let inputs = step.floats().len();
        let mut walk = Walk { amounts, step, exactly, inputs, next: 0, found: Vec::new() };
        let (one, minus) = (Amount::ONE, Amount::whole(-1));
        for (place, curved) in self.curved.iter().enumerate() {
            let mut slopes = Vec::new();
            let value = walk.sum(&curved.terms, &mut |term, slope| slopes.push((term, slope)))?;
            let id = walk.id();
            let mut own = cuts.iter().filter(|cut| cut.curved == place);
            if own.any(|cut| has_all(&cut.slopes, &slopes)) {
                continue;
            }
            let most = T::known(&self.most[place]);
            let terms = [(&one, &most), (&minus, &value)].into_iter();
            let condition = T::combined(terms, &Amount::ZERO, inputs);
            walk.found.push(Bent { place: id, condition, full: true });
        }
        for (form, less) in &self.turns {
            walk.turn(form, less)?;
        }
        Some(walk.found)
    }

    /// Whether there are any.
    pub(super) fn is_empty(&self) -> bool {
        self.curved.is_empty() && self.turns.is_empty()
    }
}

/// Whether a list has all items of another, which are in its order.
fn has_all(list: &[(usize, Amount)], items: &[(usize, Amount)]) -> bool {
    let mut list = list.iter();
    items.iter().all(|item| list.by_ref().any(|own| own == item))
}

/// A sum of multiples of columns, exact; it has the place of the form.
type Exactly<'a> = &'a dyn Fn(usize, &[(&Amount, usize)]) -> Option<Line>;

/// A walk over forms.
struct Walk<'a, T> {
    amounts: &'a [T],
    step: &'a Step<'a>,
    exactly: Exactly<'a>,
    inputs: usize,
    next: usize,
    found: Vec<Bent<T>>,
}

impl<T: Affine> Walk<'_, T> {
    /// The sum of terms on the pieces that they stand on; the place and the slope of each that moves
    /// are shown, those inside others first.
    fn sum(&mut self, terms: &[Term], show: &mut dyn FnMut(usize, Amount)) -> Option<T> {
        let mut values = Vec::with_capacity(terms.len());
        for (place, term) in terms.iter().enumerate() {
            let mut within = Vec::new();
            let (value, slope) =
                self.piece(term, &mut |inner, slope| within.push((inner, slope)))?;
            if let Some(slope) = slope {
                for (inner, own) in within {
                    show(inside(place, inner), &slope * &own);
                }
                show(place, slope);
            }
            values.push(value);
        }
        let one = Amount::ONE;
        let terms = values.iter().map(|value| (&one, value));
        Some(T::combined(terms, &Amount::ZERO, self.inputs))
    }

    /// The value of a term on the piece that it stands on, and the slope of that where it moves.
    fn piece(
        &mut self,
        term: &Term,
        show: &mut dyn FnMut(usize, Amount),
    ) -> Option<(T, Option<Amount>)> {
        let inner = self.sum(&term.inner, show)?;
        let one = Amount::ONE;
        let parts = term.parts.iter().flat_map(|part: &Part| {
            let columns = part.columns.iter().map(|column| &self.amounts[*column as usize]);
            columns.map(|amount| (&part.coefficient, amount))
        });
        let form = T::combined(parts.chain([(&one, &inner)]), &Amount::ZERO, self.inputs);
        let (kinks, slopes) = (term.curve.kinks(), term.curve.slopes());
        let (below, above) = (self.id(), self.id());
        let (left, moves) = match self.stands(&form, kinks) {
            Some(found) => found,
            None if term.inner.is_empty() => {
                let parts = term.parts.iter().flat_map(|part| {
                    let columns = part.columns.iter().map(|column| *column as usize);
                    columns.map(|column| (&part.coefficient, column))
                });
                self.stands(&(self.exactly)(below, &parts.collect::<Vec<_>>())?, kinks)?
            }
            None => return None,
        };
        let minus = Amount::whole(-1);
        if moves {
            if let Some(kink) = left.checked_sub(1).and_then(|place| kinks.get(place)) {
                self.keep(below, T::combined([(&one, &form)].into_iter(), &-kink, self.inputs));
            }
            if let Some(kink) = kinks.get(left) {
                self.keep(above, T::combined([(&minus, &form)].into_iter(), kink, self.inputs));
            }
        }
        // A piece is a straight line through a kink beside it.
        let slope = &slopes[left];
        let on = kinks.get(left.saturating_sub(1)).cloned().unwrap_or_default();
        let constant = &term.curve.value(&on) - &(slope * &on);
        let value = T::combined([(slope, &form)].into_iter(), &constant, self.inputs);
        Some((value, moves.then(|| slope.clone())))
    }

    /// That a form less a number keeps its sign.
    fn turn(&mut self, form: &Form, less: &Amount) -> Option<()> {
        let (amounts, id) = (self.amounts, self.id());
        let parts = form.parts.iter().flat_map(move |(coefficient, cells)| {
            cells.iter().map(move |cell| (coefficient, &amounts[cell.index()]))
        });
        let kink = std::slice::from_ref(less);
        let own = T::combined(parts, &Amount::ZERO, self.inputs);
        let (left, moves) = if let Some(found) = self.stands(&own, kink) {
            found
        } else {
            let cells = form.parts.iter().flat_map(|(coefficient, cells)| {
                cells.iter().map(move |cell| (coefficient, cell.index()))
            });
            self.stands(&(self.exactly)(id, &cells.collect::<Vec<_>>())?, kink)?
        };
        if moves {
            let sign = Amount::whole(if left == 1 { 1 } else { -1 });
            let terms = [(&sign, &own)].into_iter();
            self.keep(id, T::combined(terms, &-&(&sign * less), self.inputs));
        }
        Some(())
    }

    /// How many kinks lie below a form, and whether it moves; `None` where it moves and stands at
    /// one, or floats do not tell.
    fn stands<F: Affine>(&self, form: &F, kinks: &[Amount]) -> Option<(usize, bool)> {
        let moves = !form.stays();
        let mut left = 0;
        for kink in kinks {
            match form.compared(kink, self.step) {
                Some(Ordering::Greater) => left += 1,
                Some(Ordering::Less) => break,
                // Both pieces have one value at a kink.
                Some(Ordering::Equal) | None if !moves => break,
                Some(Ordering::Equal) | None => return None,
            }
        }
        Some((left, moves))
    }

    fn id(&mut self) -> usize {
        self.next += 1;
        self.next - 1
    }

    fn keep(&mut self, place: usize, condition: T) {
        self.found.push(Bent { place, condition, full: false });
    }
}
