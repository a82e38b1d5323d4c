//! Limits that clash however the lines of all or nothing are decided.
//!
//! A case of the search is closed by its own proof, and different cases lean on different limits. So
//! the limits that any of them leans on are filtered as those of a plain conflict are: each is left out in
//! turn, and all cases are gone through again (Chinneck and Dravnieks 1991). Then each line of all or
//! nothing is given leave to be taken in part: one that the rest clashes without is not named. What other
//! lines may be at most, or have to be, is named last, where it is needed.

use std::collections::{BTreeMap, BTreeSet};

use super::conflict::{BoundClash, Bounded, Conflict, Own, conflict, lifted};
use super::curved::nearest_with_cuts;
use super::in_play::natural;
use super::lumps::{Case, Partial, Shown, clash};
use super::ties::{Owner, Told};
use super::{ActiveSet, Outcome};
use crate::certify::Refusal;
use crate::formulate::{Formulation, Program};
use crate::plan::{Period, Plan, ReadingKind, Sense};
use crate::units::{Amount, CellId, Id};

/// The most partial decisions that are gone through for one set of limits.
const MOST_CASES: usize = 2_000;

/// The outcome of a plan of which every case was closed by a proof that its limits clash.
pub(super) fn outcome(
    plan: &Plan,
    periods: &[Period],
    formulation: &Formulation,
    cases: Vec<Case>,
) -> Outcome {
    if cases.iter().any(|case| case.decided.is_empty())
        && let Some(found) = conflict(plan, periods, formulation)
    {
        return Outcome::Infeasible(found);
    }
    let mut filter = Filter::new(plan, formulation, &cases);
    let cases = filter.limits(cases);
    let cases = filter.lumps(cases);
    let (cases, bounds) = filter.bounds(cases);
    let mut sides: BTreeSet<(usize, bool)> = BTreeSet::new();
    let mut bent: BTreeSet<usize> = BTreeSet::new();
    for told in cases.iter().filter_map(told) {
        sides.extend(told.rows.iter().map(|(row, own)| (*row, own.is_negative())));
        bent.extend(told.sums.keys().filter_map(|owner| match owner {
            Owner::Limit(place) => Some(*place),
            _ => None,
        }));
    }
    let sides = sides.into_iter().map(|(row, upper)| (row, !upper)).collect();
    let bent = bent.into_iter().collect();
    let open = plan.lumps();
    let named = |lump: &usize| cases.iter().any(|case| case.decided.iter().any(|(l, _)| l == lump));
    let lumps: Vec<CellId> = (0..open.len()).filter(named).map(|lump| open[lump]).collect();
    Outcome::Infeasible(Conflict {
        parts: lifted(plan, periods, formulation, sides, bent),
        bounds,
        excess: Amount::ZERO,
        lumps,
        cases,
        proof: Err(Refusal::File("nothing was judged".into())),
    })
}

fn told(case: &Case) -> Option<&Told> {
    match &case.shown {
        Shown::Clash(told) => Some(told),
        Shown::Answer | Shown::Behind(_) => None,
    }
}

/// A limit, a hold, a balance, as a file states it.
type Stated = (ReadingKind, Id);

/// The limits that are in play, and the lumps that are all or nothing.
struct Filter<'a> {
    plan: &'a Plan,
    formulation: &'a Formulation,
    /// The sides of each row that are in play.
    rows: BTreeMap<usize, [bool; 2]>,
    curved: BTreeSet<usize>,
    /// The column and the amount of each lump.
    amounts: Vec<(usize, Amount)>,
    /// Whether each lump is all or nothing.
    whole: Vec<bool>,
    /// The bounds of columns that are not in play, by place and side; what gives a line its sign stays.
    wide: BTreeSet<Bound>,
}

/// The bound of a column: its place, and whether it is the lower one.
type Bound = (usize, bool);

impl<'a> Filter<'a> {
    fn new(plan: &'a Plan, formulation: &'a Formulation, cases: &[Case]) -> Self {
        let amount = |id: &CellId| plan.cell(*id).lump.as_ref().map(|lump| lump.amount.clone());
        let ids = plan.lumps();
        let mut filter = Self {
            plan,
            formulation,
            rows: BTreeMap::new(),
            curved: BTreeSet::new(),
            amounts: ids.iter().map(|id| (id.index(), amount(id).unwrap_or_default())).collect(),
            whole: vec![true; ids.len()],
            wide: BTreeSet::new(),
        };
        filter.keep(cases);
        filter
    }

    /// Keeps in play what the proofs of `cases` lean on: both sides of an equality.
    fn keep(&mut self, cases: &[Case]) {
        (self.rows, self.curved) = (BTreeMap::new(), BTreeSet::new());
        for told in cases.iter().filter_map(told) {
            for (row, multiplier) in &told.rows {
                let own = &self.formulation.program().rows[*row];
                let equal = own.lower == own.upper;
                let sides = self.rows.entry(*row).or_default();
                sides[0] |= equal || multiplier.is_positive();
                sides[1] |= equal || multiplier.is_negative();
            }
            self.curved.extend(told.sums.keys().filter_map(|owner| match owner {
                Owner::Limit(place) => Some(*place),
                _ => None,
            }));
        }
    }

    fn stated(&self) -> BTreeSet<Stated> {
        let origins = self.formulation.origins();
        let rows = self.rows.keys().map(|row| &origins[*row]);
        let program = self.formulation.program();
        let curved = self.curved.iter().map(|place| &program.curved[*place].origin);
        rows.chain(curved).map(|origin| (origin.kind, origin.id.clone())).collect()
    }

    /// Leaves out what a file states once, with all its members, and then single members and sides,
    /// where the rest clashes without.
    fn limits(&mut self, first: Vec<Case>) -> Vec<Case> {
        let mut cases = first;
        for stated in self.stated() {
            let origins = self.formulation.origins();
            let program = self.formulation.program();
            let of = |origin: &crate::formulate::Origin| {
                (origin.kind, &origin.id) == (stated.0, &stated.1)
            };
            let before = (self.rows.clone(), self.curved.clone());
            self.rows.retain(|row, _| !of(&origins[*row]));
            self.curved.retain(|place| !of(&program.curved[*place].origin));
            self.settle(&mut cases, before);
        }
        let sides: Vec<(usize, usize)> =
            self.rows.keys().flat_map(|row| [(*row, 0), (*row, 1)]).collect();
        for (row, side) in sides {
            let Some(own) = self.rows.get(&row).copied().filter(|own| own[side]) else { continue };
            let before = (self.rows.clone(), self.curved.clone());
            let bounds = &self.formulation.program().rows[row];
            let mut left = own;
            left[side] = false;
            if bounds.lower == bounds.upper || left == [false; 2] {
                self.rows.remove(&row);
            } else {
                self.rows.insert(row, left);
            }
            self.settle(&mut cases, before);
        }
        for place in self.curved.clone() {
            let before = (self.rows.clone(), self.curved.clone());
            self.curved.remove(&place);
            self.settle(&mut cases, before);
        }
        cases
    }

    /// Takes the new proofs where what is in play still clashes; otherwise goes back.
    fn settle(
        &mut self,
        cases: &mut Vec<Case>,
        before: (BTreeMap<usize, [bool; 2]>, BTreeSet<usize>),
    ) {
        if before.0 == self.rows && before.1 == self.curved {
            return;
        }
        if let Some(found) = self.clash() {
            *cases = found;
            self.keep(cases);
        } else {
            (self.rows, self.curved) = before;
        }
    }

    /// Lets each lump be taken in part where the limits clash all the same.
    fn lumps(&mut self, first: Vec<Case>) -> Vec<Case> {
        let mut cases = first;
        for lump in 0..self.whole.len() {
            self.whole[lump] = false;
            match self.clash() {
                Some(found) => cases = found,
                None => self.whole[lump] = true,
            }
        }
        cases
    }

    /// Leaves out what files state for single lines, and the lumps of lines that may be taken in part, where
    /// the rest clashes without; the others are named.
    fn bounds(&mut self, first: Vec<Case>) -> (Vec<Case>, Vec<BoundClash>) {
        let Some((_, leant)) = self.closed() else { return (first, Vec::new()) };
        let columns = 0..self.formulation.program().columns.len();
        let stated = |own: &Bound| {
            let whole = self.amounts.iter().zip(&self.whole).any(|((at, _), w)| *w && *at == own.0);
            !whole && self.at(*own).is_some() && self.at(*own) != self.natural(*own)
        };
        let stated = columns.flat_map(|at| [(at, true), (at, false)]).filter(stated);
        let (used, spare): (Vec<Bound>, Vec<Bound>) = stated.partition(|own| leant.contains(own));
        let mut cases = first;
        let mut needed = BTreeMap::new();
        // Of several that are spare together, none is looked at alone.
        let mut open = vec![used, spare];
        while let Some(own) = open.pop() {
            let before = self.wide.clone();
            self.wide.extend(&own);
            if let Some((found, _)) = self.closed() {
                cases = found;
                continue;
            }
            self.wide = before;
            match own.split_at(own.len() / 2) {
                ([], last) => needed.extend(last.iter().map(|own| {
                    let named = self.named(*own);
                    ((own.0, own.1 && named.sense != Sense::Equal), named)
                })),
                (left, right) => open.extend([right.to_vec(), left.to_vec()]),
            }
        }
        (cases, needed.into_values().collect())
    }

    /// The bound of a line as a conflict names it.
    fn named(&self, own: Bound) -> BoundClash {
        let lump = self.amounts.iter().any(|(column, _)| *column == own.0);
        let kept = self.plan.transfers().kept.get(own.0).is_some_and(Option::is_some);
        let (of, why) = match (self.formulation.cell(own.0), self.formulation.revenue(own.0)) {
            (None, Some((line, entry))) => (Bounded::Revenue(line, entry), Own::Stated),
            (None, None) => unreachable!("a column is a cell or a decision"),
            (Some(cell), _) => {
                let still = self.plan.cell(cell).weight().is_zero();
                let why = match (lump, kept) {
                    (true, _) => Own::Lump,
                    (_, true) => Own::Kept,
                    _ if still => Own::Fixed,
                    _ => Own::Stated,
                };
                (Bounded::Cell(cell), why)
            }
        };
        let sense = match (why, own.1) {
            (Own::Kept | Own::Fixed, _) => Sense::Equal,
            (_, true) => Sense::Floor,
            (_, false) => Sense::Ceiling,
        };
        let bound = self.at(own).unwrap_or_default();
        let (multiplier, adds) = (Amount::ZERO, Amount::ZERO);
        BoundClash { of, why, sense, bound, multiplier, adds }
    }

    /// A bound as it stands.
    fn at(&self, (column, lower): Bound) -> Option<Amount> {
        let own = &self.formulation.program().columns[column];
        if lower { own.lower.clone() } else { own.upper.clone() }
    }

    /// What is left of a bound that is not in play.
    fn natural(&self, (column, lower): Bound) -> Option<Amount> {
        let [least, most] = natural(self.plan.cell(self.formulation.cell(column)?));
        if lower { least } else { most }
    }

    /// Proofs that cover every way to decide; nothing where one can be met, or there are too many.
    fn clash(&self) -> Option<Vec<Case>> {
        self.closed().map(|(cases, _)| cases)
    }

    /// The same, with the bounds of columns that they lean on.
    fn closed(&self) -> Option<(Vec<Case>, BTreeSet<Bound>)> {
        let (program, curved) = self.program();
        let mut open: Vec<Partial> = vec![Partial::new()];
        let (mut cases, mut leant) = (Vec::new(), BTreeSet::new());
        while let Some(node) = open.pop() {
            if cases.len() + open.len() > MOST_CASES {
                return None;
            }
            let mut own = program.clone();
            for (lump, taken) in &node {
                let (column, amount) = &self.amounts[*lump];
                let level = Some(if *taken { amount.clone() } else { Amount::ZERO });
                let column = &mut own.columns[*column];
                (column.lower, column.upper) = (level.clone(), level);
            }
            match nearest_with_cuts(&own, &ActiveSet::default()) {
                Err((farkas, mut cuts)) => {
                    leant.extend(farkas.columns.iter().map(|(at, push)| (*at, push.is_positive())));
                    for cut in &mut cuts {
                        cut.curved = curved[cut.curved];
                    }
                    let shown = Shown::Clash(clash(&farkas, &cuts, own.rows.len()));
                    cases.push(Case { decided: node, shown, leaned: None });
                }
                Ok((found, _)) => {
                    let at = self.fraction(&node, &found.amounts)?;
                    for taken in [false, true] {
                        let mut child = node.clone();
                        child.push((at, taken));
                        open.push(child);
                    }
                }
            }
        }
        Some((cases, leant))
    }

    /// A lump that is neither taken nor left; nothing where each is, and so all limits are met.
    fn fraction(&self, node: &Partial, amounts: &[Amount]) -> Option<usize> {
        (0..self.amounts.len()).find(|lump| {
            let (column, amount) = &self.amounts[*lump];
            let level = &amounts[*column];
            self.whole[*lump]
                && !level.is_zero()
                && level != amount
                && node.iter().all(|(known, _)| known != lump)
        })
    }

    /// What is in play: every row, without the sides that are not.
    fn program(&self) -> (Program, Vec<usize>) {
        let whole = self.formulation.program();
        let row = |(place, row): (usize, &crate::formulate::Row)| {
            let sides = self.rows.get(&place).copied().unwrap_or_default();
            let mut row = row.clone();
            row.lower = row.lower.filter(|_| sides[0]);
            row.upper = row.upper.filter(|_| sides[1]);
            row
        };
        let curved: Vec<usize> = self.curved.iter().copied().collect();
        let mut columns = whole.columns.clone();
        for own in &self.wide {
            let bound = self.natural(*own);
            let column = &mut columns[own.0];
            *if own.1 { &mut column.lower } else { &mut column.upper } = bound;
        }
        let program = Program {
            columns,
            rows: whole.rows.iter().enumerate().map(row).collect(),
            curved: curved.iter().map(|place| whole.curved[*place].clone()).collect(),
        };
        (program, curved)
    }
}
