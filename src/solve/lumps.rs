//! Decides the lines of all or nothing: a search over partial decisions (branch and bound, Land and
//! Doig 1960), each of which is solved exactly, stage by stage.
//!
//! Where a line is not decided yet it may be anything between zero and its lump, so that what the
//! stages reach is a bound on every way to decide it. A partial decision is done with when nothing
//! satisfies the limits, or when what the stages reach is no better than what was found. Of ways
//! that are equally good, the one that takes the earlier line is the answer.

use std::sync::Arc;

use super::ActiveSet;

use super::answer::{Failure, Reached, reached_until};
use super::curved::Cut;
use super::farkas::Farkas;
use super::stages::Staged;
use super::ties::{Owner, Step, Told};
use crate::formulate::Formulation;
use crate::plan::Plan;
use crate::units::{Amount, Id};

/// A decision for some lumps, by their places, in the order in which it was taken.
pub(crate) type Partial = Vec<(usize, bool)>;

/// A partial decision that was done with, and why.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// What is decided.
    pub(crate) decided: Partial,
    /// What shows that nothing better lies in it.
    pub(crate) shown: Shown,
    /// What it leaned on.
    pub(crate) leaned: Option<Arc<ActiveSet>>,
}

/// What shows that nothing better lies in a partial decision.
#[derive(Debug, Clone)]
pub(crate) enum Shown {
    /// It is the answer.
    Answer,
    /// Nothing satisfies the limits: the multipliers that show it.
    Clash(Told),
    /// The stages reach no more there.
    Behind(Behind),
}

/// What the stages reach in a partial decision.
#[derive(Debug, Clone)]
pub(crate) struct Behind {
    /// Amounts that reach it, one a column.
    pub(crate) amounts: Vec<Amount>,
    /// The duals of the stages.
    pub(crate) steps: Vec<Step>,
    /// What each stage reaches.
    value: Value,
}

/// What each stage reaches, in order: one figure for a sum, one for each form of a largest-of stage,
/// the largest first.
type Value = Vec<Vec<Amount>>;

/// How the lumps of a plan were decided, to start from where they are decided in a plan that is nearly
/// the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Covering {
    /// For each lump whether it is taken.
    taken: Vec<bool>,
    /// Partial decisions that cover every way to decide, with what each leaned on.
    cases: Vec<(Partial, Option<Arc<ActiveSet>>)>,
}

impl Covering {
    /// The same for a plan whose rows are others: what cases leaned on says nothing there.
    pub(crate) fn bare(&self) -> Self {
        let cases = self.cases.iter().map(|(decided, _)| (decided.clone(), None)).collect();
        Self { taken: self.taken.clone(), cases }
    }
}

/// What was decided.
pub(crate) struct Decided {
    /// For each lump whether it is taken.
    pub(crate) taken: Vec<bool>,
    /// Partial decisions that cover every way to decide, but for what is left.
    pub(crate) cases: Vec<Case>,
    /// Where the search was ended: the first stage at which something better may lie in what was
    /// not looked at, by its place, and what no way to decide can pass there.
    pub(crate) left: Option<(usize, Amount)>,
    /// To start from elsewhere.
    pub(crate) covering: Arc<Covering>,
}

/// What a search ends with.
pub(crate) enum Verdict {
    /// The lumps are decided.
    Decided(Decided),
    /// However they are decided, nothing satisfies the limits.
    Clash(Vec<Case>),
    /// The objective of a stage has no end.
    Unbounded(Id),
    /// So many partial decisions were looked at, and none was an answer.
    Stopped(usize),
}

/// The most partial decisions that are looked at in a plan of `columns` unknowns once an answer is
/// known; ten times as many where none is.
pub fn most_cases(columns: usize) -> usize {
    (200_000 / columns.max(1)).clamp(100, 2_000)
}

/// Decides the lumps of `plan` over `formulation`, which is of that plan. What is `known` of a plan that
/// is nearly the same saves time: its decision is tried first, and then its cases are gone through and
/// split where they have to be, so that few are looked at that do not end the search.
pub(crate) fn search(plan: &Plan, formulation: &Formulation, known: Option<&Covering>) -> Verdict {
    let of = |id: crate::units::CellId| {
        let lump = plan.cell(id).lump.as_ref().map(|lump| lump.amount.clone());
        (id.index(), lump.unwrap_or_default())
    };
    let mut search = Search {
        formulation,
        lumps: plan.lumps().into_iter().map(of).collect(),
        best: None,
        cases: Vec::new(),
        open: vec![Open { node: Partial::new(), value: None, start: None }],
        last: Arc::default(),
    };
    let known = known.filter(|known| known.taken.len() == search.lumps.len());
    if let Some(stage) = known.and_then(|known| search.begin(known).err()) {
        return Verdict::Unbounded(stage);
    }
    let most = most_cases(formulation.program().columns.len());
    let mut looked = 0;
    while let Some(next) = search.open.pop() {
        if looked >= most && (search.best.is_some() || looked >= 10 * most) {
            search.open.push(next);
            break;
        }
        looked += 1;
        if let Err(stage) = search.look(next) {
            return Verdict::Unbounded(stage);
        }
    }
    search.verdict(looked)
}

/// The best way to decide that is known.
struct Best {
    taken: Vec<bool>,
    value: Value,
}

struct Search<'a> {
    formulation: &'a Formulation,
    /// The column of each lump, and its amount.
    lumps: Vec<(usize, Amount)>,
    best: Option<Best>,
    cases: Vec<Case>,
    open: Vec<Open>,
    /// What the last one that was solved leans on.
    last: Arc<ActiveSet>,
}

/// A partial decision that is still to be looked at.
struct Open {
    node: Partial,
    /// What the stages reach in the one that it was split from.
    value: Option<Value>,
    /// What to start from; nothing for what the last one that was solved leans on.
    start: Option<Arc<ActiveSet>>,
}

/// What is found for a partial decision, or the proof that nothing satisfies the limits.
type Solved = Result<Reached, Told>;

impl Search<'_> {
    /// Tries the decision that is known, and opens the cases that are.
    fn begin(&mut self, known: &Covering) -> Result<(), Id> {
        let node: Partial = known.taken.iter().copied().enumerate().collect();
        let is = |(lump, taken): &(usize, bool)| known.taken[*lump] == *taken;
        let own = known.cases.iter().find(|(decided, _)| decided.iter().all(is));
        let start = own.and_then(|(_, start)| start.clone()).unwrap_or_default();
        if let Ok(found) = self.solve(&node, &start)? {
            let value = found.value(self.formulation);
            self.best = Some(Best { taken: known.taken.clone(), value });
        }
        let sound = |(lump, _): &(usize, bool)| *lump < self.lumps.len();
        let cases = &known.cases;
        if !cases.is_empty() && cases.iter().all(|(decided, _)| decided.iter().all(sound)) {
            let open = |(node, start): &(Partial, Option<Arc<ActiveSet>>)| Open {
                node: node.clone(),
                value: None,
                start: start.clone(),
            };
            self.open = cases.iter().rev().map(open).collect();
        }
        Ok(())
    }

    /// Solves a partial decision as far as a stage at which it is worse than the best.
    fn solve(&self, node: &Partial, start: &ActiveSet) -> Result<Solved, Id> {
        let mut formulation = self.formulation.clone();
        for (lump, taken) in node {
            let (column, amount) = &self.lumps[*lump];
            let level = Some(if *taken { amount.clone() } else { Amount::ZERO });
            let own = formulation.column(*column);
            (own.lower, own.upper) = (level.clone(), level);
        }
        // Once a stage is worse than that of the best, those after it are of no interest.
        let best = self.best.as_ref().map(|best| &best.value);
        let count = formulation.stages().len();
        let worse = |staged: &Staged| best.is_some_and(|best| staged.value(count) > *best);
        match reached_until(&formulation, start, &worse) {
            Ok(found) => Ok(Ok(found)),
            Err(Failure::Unbounded(stage)) => Err(stage),
            Err(Failure::Infeasible(_, farkas, cuts)) => {
                Ok(Err(clash(&farkas, &cuts, formulation.program().rows.len())))
            }
        }
    }

    /// Looks at a partial decision: it is done with, or split in two.
    fn look(&mut self, open: Open) -> Result<(), Id> {
        let Open { node, start, .. } = open;
        let start = start.unwrap_or_else(|| self.last.clone());
        let found = match self.solve(&node, &start)? {
            Ok(found) => found,
            Err(told) => {
                let shown = Shown::Clash(told);
                self.cases.push(Case { decided: node, shown, leaned: Some(start) });
                return Ok(());
            }
        };
        self.last = Arc::new(found.active());
        let value = found.value(self.formulation);
        let near = self.near(&found);
        // What a stage may lose need not be reached by the amounts that later stages leave.
        let loses = self.formulation.stages().iter().any(|stage| stage.loss.is_some());
        let reached = !loses || self.is_whole(&node);
        if let Some(taken) = whole(&near).filter(|_| reached) {
            let better = self.best.as_ref().is_none_or(|best| {
                value < best.value || (value == best.value && taken > best.taken)
            });
            if better {
                self.best = Some(Best { taken, value: value.clone() });
            }
        }
        if self.is_behind(&node, &value) {
            let leaned = Some(self.last.clone());
            let (amounts, steps) = found.shown();
            let shown = Shown::Behind(Behind { amounts, steps, value });
            self.cases.push(Case { decided: node, shown, leaned });
            return Ok(());
        }
        self.split(&node, &near, &value);
        Ok(())
    }

    /// Whether every lump is decided.
    fn is_whole(&self, node: &Partial) -> bool {
        node.len() == self.lumps.len()
    }

    /// For each lump, what part of it the amounts take.
    fn near(&self, found: &Reached) -> Vec<Amount> {
        let amounts = found.amounts();
        self.lumps.iter().map(|(column, amount)| &amounts[*column] / amount).collect()
    }

    /// Whether nothing in a partial decision is better than the best that is known.
    fn is_behind(&self, node: &Partial, value: &Value) -> bool {
        let Some(best) = &self.best else { return false };
        *value > best.value || (*value == best.value && self.greatest(node) <= best.taken)
    }

    /// The greatest pattern in a partial decision: all that is not decided is taken.
    fn greatest(&self, node: &Partial) -> Vec<bool> {
        let mut taken = vec![true; self.lumps.len()];
        for (lump, own) in node {
            taken[*lump] = *own;
        }
        taken
    }

    /// Splits a partial decision at the lump that is furthest from decided; where all of them are
    /// taken or left, at the first that could be taken, or else at any.
    fn split(&mut self, node: &Partial, near: &[Amount], value: &Value) {
        let half = Amount::ratio(1, 2);
        let open = |lump: &usize| node.iter().all(|(known, _)| known != lump);
        let fraction = |lump: &usize| !near[*lump].is_zero() && near[*lump] != Amount::ONE;
        let all = || (0..self.lumps.len()).filter(open);
        let furthest = all().filter(fraction).min_by_key(|lump| (&near[*lump] - &half).abs());
        let at = furthest.or_else(|| all().find(|lump| near[*lump].is_zero()));
        let Some(at) = at.or_else(|| all().next()) else { return };
        let first = near[at] >= half;
        let start = Some(self.last.clone());
        for taken in [!first, first] {
            let mut child = node.clone();
            child.push((at, taken));
            let value = Some(value.clone());
            self.open.push(Open { node: child, value, start: start.clone() });
        }
    }

    fn verdict(self, looked: usize) -> Verdict {
        let Some(best) = self.best else {
            return if self.open.is_empty() {
                Verdict::Clash(self.cases)
            } else {
                Verdict::Stopped(looked)
            };
        };
        let least = self.open.into_iter().filter_map(|open| open.value).min();
        let left = least.filter(|least| *least < best.value).map(|least| {
            let pairs = least.iter().zip(&best.value).enumerate();
            let differs = pairs.into_iter().find(|(_, (low, known))| low < known);
            let (stage, low) = differs.map_or((0, Amount::ZERO), |(stage, (low, known))| {
                let first = low.iter().zip(known).find(|(low, known)| low != known);
                (stage, first.map(|(low, _)| low.clone()).unwrap_or_default())
            });
            (stage, low)
        });
        let cases: Vec<Case> = self.cases.into_iter().map(|case| case.closed(&best)).collect();
        let mut covering = Covering { taken: best.taken.clone(), cases: Vec::new() };
        if left.is_none() {
            let own = |case: &Case| (case.decided.clone(), case.leaned.clone());
            covering.cases = cases.iter().map(own).collect();
        }
        let covering = Arc::new(covering);
        Verdict::Decided(Decided { taken: best.taken, cases, left, covering })
    }
}

impl Case {
    /// The case with no more than shows that it is behind; one that is the answer needs nothing.
    fn closed(mut self, best: &Best) -> Self {
        let is = |(lump, taken): &(usize, bool)| best.taken[*lump] == *taken;
        if self.decided.len() == best.taken.len() && self.decided.iter().all(is) {
            self.shown = Shown::Answer;
        }
        if let Shown::Behind(behind) = &mut self.shown {
            let pairs = behind.value.iter().zip(&best.value);
            let differs = pairs.into_iter().position(|(own, known)| own != known);
            if let Some(last) = differs {
                behind.steps.retain(|step| step.stage <= last);
            }
        }
        self
    }
}

/// Whether each lump is taken, where each is taken or left.
fn whole(near: &[Amount]) -> Option<Vec<bool>> {
    let taken = |part: &Amount| match part {
        part if part.is_zero() => Some(false),
        part if *part == Amount::ONE => Some(true),
        _ => None,
    };
    near.iter().map(taken).collect()
}

/// A proof that nothing satisfies the limits, told by limits: those that bend have the slopes of
/// all supports together.
pub(super) fn clash(farkas: &Farkas, cuts: &[Cut], rows: usize) -> Told {
    let mut told = Told::default();
    for (row, multiplier) in &farkas.rows {
        let Some(cut) = row.checked_sub(rows).and_then(|place| cuts.get(place)) else {
            told.rows.insert(*row, multiplier.clone());
            continue;
        };
        let (owner, size) = (Owner::Limit(cut.curved), multiplier.abs());
        told.lean(owner, &size);
        for (term, slope) in &cut.slopes {
            told.bend(owner, *term, &(slope * &size));
        }
    }
    told
}
