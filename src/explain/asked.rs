use super::{End, Schedule, Transfer};
use crate::plan::{Family, Limit, Plan};
use crate::solve::Allocation;
use crate::units::{Amount, CellId, Id};

/// An approval that a limit asks for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The limit.
    pub limit: Id,
    /// The members that it is about, joined by `/`.
    pub member: String,
    /// Who set it.
    pub authority: Option<String>,
    /// Who has to approve.
    pub body: String,
    /// The move: net, below zero where the member gives; or the turnover between its members.
    pub moved: Amount,
    /// Whether the move is a turnover.
    pub turnover: bool,
    /// For each cell, the member among which it is counted.
    member_of: Vec<Option<usize>>,
}

/// The approvals that the movement limits of a plan ask for.
pub fn asked(plan: &Plan, allocation: &Allocation) -> Vec<Asked> {
    let amounts: Vec<Amount> =
        (0..plan.cells().len()).map(|c| allocation.amount(plan, CellId::new(c))).collect();
    let telling = |limit: &&Limit| !limit.tiers.is_empty() || limit.approval.is_some();
    let of = |limit: &Limit| of_limit(plan, &amounts, limit);
    plan.limits().iter().filter(telling).flat_map(of).collect()
}

fn of_limit(plan: &Plan, amounts: &[Amount], limit: &Limit) -> Vec<Asked> {
    let net = |cells: &[CellId]| {
        let form = plan.form(limit.measure, cells);
        form.value(amounts) - plan.baseline_of(&form)
    };
    let mut moved = plan.moved(limit).into_iter();
    let mut found = Vec::new();
    for group in plan.groups(&limit.on, &limit.each) {
        let Some(Family::Movement { turnover, within, .. }) = limit.family(&group.key) else {
            continue;
        };
        let movers = plan.movers(limit, &group, *within);
        let mut ask = |member_of: Vec<Option<usize>>, amount: Amount, turnover: bool| {
            let Some(own) = moved.next() else { return };
            let Some(body) = own.approval(limit, &amount.abs()) else { return };
            found.push(Asked {
                limit: limit.id.clone(),
                member: own.member.clone(),
                authority: limit.authority.clone(),
                body: body.to_string(),
                moved: amount,
                turnover,
                member_of,
            });
        };
        let mut nobody = vec![None; amounts.len()];
        if turnover.is_some() {
            let mut sum = Amount::ZERO;
            for (place, (_, own)) in movers.iter().enumerate() {
                sum += &net(&own.cells).abs();
                own.cells.iter().for_each(|cell| nobody[cell.index()] = Some(place));
            }
            ask(nobody, &sum * &Amount::ratio(1, 2), true);
            continue;
        }
        for (_, own) in &movers {
            let mut inside = vec![None; amounts.len()];
            own.cells.iter().for_each(|cell| inside[cell.index()] = Some(0));
            ask(inside, net(&own.cells), false);
        }
    }
    found
}

impl Asked {
    /// Whether a transfer is a part of the move: it leaves a member that gives on balance, enters
    /// one that receives, or runs between members whose turnover is counted.
    pub fn counts(&self, schedule: &Schedule, transfer: &Transfer) -> bool {
        let (from, to) = (self.side(schedule, transfer.from), self.side(schedule, transfer.to));
        if self.turnover {
            return from != to && (from.is_some() || to.is_some());
        }
        match self.moved.signum() {
            -1 => from.is_some() && to.is_none(),
            1 => to.is_some() && from.is_none(),
            _ => false,
        }
    }

    /// The member that all cells of an end lie in.
    fn side(&self, schedule: &Schedule, end: End) -> Option<usize> {
        let End::Line(line) = end else { return None };
        let cells = &schedule.lines[line].cells;
        let first = self.member_of[cells.first()?.index()];
        first.filter(|_| cells.iter().all(|cell| self.member_of[cell.index()] == first))
    }
}
