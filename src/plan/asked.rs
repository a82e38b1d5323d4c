//! Every rule of a plan, limits first read into numbers, with whose it is.

use super::{
    Body, Expression, Form, MeasureOf, Plan, ReadingKind, RevenueLevels, Rule, Spend, Strength,
};
use crate::units::{Amount, CellId, Id};

/// Whose a rule is.
#[derive(Debug, Clone, Copy)]
pub struct Owner<'a> {
    /// What kind of rule it is.
    pub kind: ReadingKind,
    /// The id of the limit, fund, hold or transfer; `balance` for the balance.
    pub id: &'a Id,
    /// The measure of the slice that is bounded.
    pub measure: MeasureOf,
    /// Who set it.
    pub authority: Option<&'a str>,
    /// It may be missed.
    pub soft: bool,
}

/// Shows the rules of the balance, limits, funds, holds and transfers of a plan, in this order, where
/// revenue brings what `revenue` says.
pub fn each_rule(plan: &Plan, revenue: &RevenueLevels, show: &mut dyn FnMut(&Owner<'_>, &Rule)) {
    balance(plan, revenue, show);
    for limit in plan.limits() {
        let owner = Owner {
            kind: ReadingKind::Limit,
            id: &limit.id,
            measure: limit.measure,
            authority: limit.authority.as_deref(),
            soft: limit.strength != Strength::Hard,
        };
        plan.rules(limit).iter().for_each(|rule| show(&owner, rule));
    }
    funds(plan, revenue, show);
    for hold in plan.holds().iter().filter(|hold| !hold.lapsed) {
        let owner = Owner::new(ReadingKind::Hold, &hold.id, hold.by.as_deref());
        for group in plan.groups(&hold.on, &[]) {
            let value = |bound: &Expression| bound.value(plan, &group, MeasureOf::Amount);
            let ends = (hold.min.as_ref().map(value), hold.max.as_ref().map(value));
            let ends = plan.shifted(ReadingKind::Hold, &hold.id, "", ends);
            show(&owner, &level("", &group.cells, ends));
        }
    }
    for transfer in &plan.transfers().levels {
        let owner = Owner::new(ReadingKind::Transfer, &transfer.id, None);
        for group in plan.groups(&transfer.on, &[]) {
            let stands = Some(transfer.level.clone());
            show(&owner, &level("", &group.cells, (stands.clone(), stands)));
        }
    }
}

impl<'a> Owner<'a> {
    /// One whose rules bound amounts, and may not be missed.
    fn new(kind: ReadingKind, id: &'a Id, authority: Option<&'a str>) -> Self {
        Self { kind, id, measure: MeasureOf::Amount, authority, soft: false }
    }
}

fn balance(plan: &Plan, revenue: &RevenueLevels, show: &mut dyn FnMut(&Owner<'_>, &Rule)) {
    let Some(balance) = plan.balance() else { return };
    let (kind, id) = (ReadingKind::Balance, Id::from("balance"));
    let owner = Owner::new(kind, &id, plan.authority());
    let all = balance.spend == Spend::All;
    for (period, bound) in plan.periods().into_iter().zip(&revenue.totals) {
        let member = period
            .member
            .zip(plan.time())
            .map(|(member, time)| plan.dimensions()[time].member(member).id.to_string());
        let member = member.unwrap_or_default();
        let floor = all.then(|| bound.clone());
        let ends = plan.shifted(kind, &id, &member, (floor, Some(bound.clone())));
        show(&owner, &level(&member, &period.cells, ends));
    }
}

/// The revenue of each fund is spent on its slice, period by period.
fn funds(plan: &Plan, revenue: &RevenueLevels, show: &mut dyn FnMut(&Owner<'_>, &Rule)) {
    for fund in plan.funds() {
        let owner = Owner::new(ReadingKind::Limit, &fund.id, fund.authority.as_deref());
        for (member, cells, entries) in plan.fund_periods(fund) {
            let brings: Amount =
                entries.iter().filter_map(|entry| revenue.entries.get(entry)).sum();
            let most = fund.only.then(|| brings.clone());
            let ends = plan.shifted(ReadingKind::Limit, &fund.id, &member, (Some(brings), most));
            show(&owner, &level(&member, &cells, ends));
        }
    }
}

/// That the sum of some cells lies between two amounts.
fn level(member: &str, cells: &[CellId], (min, max): (Option<Amount>, Option<Amount>)) -> Rule {
    let body = Body::Level { form: Form::sum(cells), min, max, from: None };
    Rule { member: member.into(), cells: cells.to_vec(), body }
}
