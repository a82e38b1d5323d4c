//! What a change of a plan does to its answer.

use std::sync::Arc;

use crate::plan::Plan;
use crate::solve::Exact;
use crate::units::{Amount, CellId, Id, MemberId, differences};

/// What a change of a plan does to its exact answer: found by solving both, not by a derivative.
#[derive(Debug, Clone)]
pub struct Effect {
    /// For each linear stage, in order, what it gains: above zero where it comes out better, in its
    /// own unit.
    pub gains: Vec<Gain>,
    /// By how much the allocation comes nearer to the baseline, `1/2 * sum (x - b)^2 / w`, in plan
    /// units.
    pub nearer: Amount,
    /// The amounts of the cells before and after.
    ends: [Arc<[Amount]>; 2],
}

/// What one linear stage gains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gain {
    /// The stage.
    pub stage: Id,
    /// What it gains; of a stage that goes on from its worst form to the next, at the first that
    /// changes.
    pub gain: Amount,
}

/// The net move of one member of a dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mover {
    /// The member.
    pub member: MemberId,
    /// Its change, in plan units.
    pub change: Amount,
}

impl Effect {
    /// What `after` is against `before`.
    pub fn between(before: &Exact, after: &Exact) -> Self {
        let stages = before.stages.iter().zip(&after.stages);
        let gains = stages.map(|(own, new)| {
            let values = own.values.iter().zip(&new.values);
            let first = values.map(|(own, new)| own - new).find(|gain| !gain.is_zero());
            Gain { stage: own.stage.clone(), gain: first.unwrap_or_default() }
        });
        Self {
            gains: gains.collect(),
            nearer: &before.distance - &after.distance,
            ends: [before.amounts.clone(), after.amounts.clone()],
        }
    }

    /// The change of each cell, in plan units.
    pub fn moves(&self) -> Vec<Amount> {
        differences(&self.ends[1], &self.ends[0])
    }

    /// The first stage that comes out otherwise, and what it gains; nothing where only the
    /// calibration does.
    pub fn first_gain(&self) -> Option<&Gain> {
        self.gains.iter().find(|gain| !gain.gain.is_zero())
    }

    /// What comes first in the order of the stages: the gain of the first that changes, else how
    /// much nearer the allocation comes.
    pub fn worth(&self) -> &Amount {
        self.first_gain().map_or(&self.nearer, |gain| &gain.gain)
    }

    /// How much money changes place: half the sum of all moves without their signs.
    pub fn moved(&self) -> Amount {
        // What rises is added up apart from what falls, in each answer by itself: see `movers`.
        let [before, after] = &self.ends;
        let (up, down): (Vec<usize>, Vec<usize>) =
            (0..before.len()).partition(|at| is_more(&after[*at], &before[*at]));
        let sum = |of: &[Amount], at: &[usize]| -> Amount { at.iter().map(|at| &of[*at]).sum() };
        let net = |of: &[Amount]| sum(of, &up) - sum(of, &down);
        &(net(after) - net(before)) / &Amount::whole(2)
    }

    /// Whether nothing at all changes.
    pub fn is_nothing(&self) -> bool {
        self.worth().is_zero() && self.ends[0] == self.ends[1]
    }

    /// The net move over some cells.
    pub fn net(&self, cells: &[CellId]) -> Amount {
        let sum = |of: &[Amount]| -> Amount { cells.iter().map(|cell| &of[cell.index()]).sum() };
        sum(&self.ends[1]) - sum(&self.ends[0])
    }

    /// The net move of the whole plan.
    pub fn whole(&self) -> Amount {
        let [before, after] = &self.ends;
        after.iter().sum::<Amount>() - before.iter().sum::<Amount>()
    }

    /// Who gains and who gives: the net moves by member of the dimension that shows most of them,
    /// largest first, with the place of that dimension. Cells of `without` are left out.
    pub fn movers(&self, plan: &Plan, without: &[CellId]) -> Option<(usize, Vec<Mover>)> {
        let dimensions = plan.dimensions();
        let cells: Vec<usize> = (0..plan.cells().len())
            .filter(|at| without.binary_search(&CellId::new(*at)).is_err())
            .collect();
        let mut best: Option<(Amount, usize, Vec<Mover>)> = None;
        for (place, axis) in dimensions.iter().enumerate() {
            if axis.is_time() && dimensions.len() > 1 {
                continue;
            }
            let mut own: Vec<Vec<usize>> = vec![Vec::new(); axis.members().len()];
            for at in &cells {
                own[plan.cells()[*at].members[place].index()].push(*at);
            }
            // Each answer has one denominator of its own: differences of sums are fewer than of cells.
            let sums = |of: &[Amount]| -> Vec<Amount> {
                own.iter().map(|list| list.iter().map(|at| &of[*at]).sum()).collect()
            };
            let changes = differences(&sums(&self.ends[1]), &sums(&self.ends[0]));
            let movers = changes.into_iter().enumerate().filter(|(_, change)| !change.is_zero());
            let mut movers: Vec<Mover> =
                movers.map(|(at, change)| Mover { member: MemberId::new(at), change }).collect();
            let size: Amount = movers.iter().map(|own| own.change.abs()).sum();
            movers
                .sort_by(|a, b| b.change.abs().cmp(&a.change.abs()).then(a.member.cmp(&b.member)));
            if best.as_ref().is_none_or(|(known, ..)| size > *known) {
                best = Some((size, place, movers));
            }
        }
        best.map(|(_, place, movers)| (place, movers))
    }
}

/// Whether an amount is above another: floats tell where they are clear.
fn is_more(one: &Amount, other: &Amount) -> bool {
    const CLEAR: f64 = 1e-12;
    let (near, beside) = (one.to_f64(), other.to_f64());
    let by = near - beside;
    if by.abs() > CLEAR * (near.abs() + beside.abs()) { by > 0.0 } else { one > other }
}

/// The average relative change of the lines at a distance `1/2 * sum (x - b)^2 / w`, weighted by
/// `w`: the root of the mean square, to a hundredth of a basis point.
pub fn average_change(plan: &Plan, distance: &Amount) -> Amount {
    let weight: Amount = plan.cells().iter().map(crate::plan::Cell::weight).sum();
    if !weight.is_positive() || !distance.is_positive() {
        return Amount::ZERO;
    }
    let places = 6_u32;
    let square = &(&(distance * &Amount::whole(2)) / &weight)
        * &Amount::from(num_bigint::BigInt::from(10).pow(2 * places));
    let root = square.floor().sqrt();
    &Amount::from(root) / &Amount::from(num_bigint::BigInt::from(10).pow(places))
}
