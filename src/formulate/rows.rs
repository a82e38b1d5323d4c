//! Lowers limits and funds to rows.

use super::formulation::{index, own, places};
use super::{Curve, Curved, Formulation, Origin, Part, PeriodRevenue, Row, Term};
use crate::plan::{Body, Form, Fund, Limit, Period, Plan, ReadingKind, Rule};
use crate::units::Amount;

/// A limit that may be missed, for one combination.
pub(super) struct Soft {
    /// The place of the limit.
    pub(super) limit: usize,
    /// What a unit of miss weighs.
    pub(super) weight: Amount,
    /// The rows that would hold.
    pub(super) rows: Vec<SoftRow>,
}

/// A row that may be missed.
pub(super) struct SoftRow {
    pub(super) origin: Origin,
    pub(super) row: Row,
    /// What its bound is in money, to measure a miss against; zero where it bounds a share.
    pub(super) size: Amount,
}

/// Adds the rows of a limit that must hold.
pub(super) fn hard(
    formulation: &mut Formulation,
    limit: &Limit,
    rule: &Rule,
    revenue: &[PeriodRevenue],
) {
    if let Body::Reserve { .. } = &rule.body {
        reserve(formulation, &origin(limit, rule), &rule.body, revenue);
        return;
    }
    if let Body::Turnover { forms, baselines, most } = &rule.body {
        let terms = forms.iter().zip(baselines).map(|(form, start)| distance(form, start));
        formulation.bend(Curved {
            origin: origin(limit, rule),
            terms: terms.collect(),
            most: most.clone(),
        });
        return;
    }
    for SoftRow { origin, row, .. } in rows(limit, rule) {
        formulation.add(origin, row);
    }
}

fn origin(limit: &Limit, rule: &Rule) -> Origin {
    Origin {
        kind: ReadingKind::Limit,
        id: limit.id.clone(),
        member: rule.member.clone(),
        share: matches!(rule.body, Body::Share { .. } | Body::Reserve { .. }),
    }
}

/// Half the distance of a form from where it starts.
pub(super) fn distance(form: &Form, start: &Amount) -> Term {
    let half = Amount::ratio(1, 2);
    let curve = Curve::miss(Some(start), Some(start), &half);
    Term { parts: parts(form), curve, origin: None }
}

/// The rows of a limit for one combination; a turnover has none.
pub(super) fn rows(limit: &Limit, rule: &Rule) -> Vec<SoftRow> {
    let row = |parts: Vec<Part>, own: usize, lower, upper, size: Amount| SoftRow {
        origin: origin(limit, rule),
        row: Row { parts, own, lower, upper },
        size,
    };
    match &rule.body {
        Body::Level { form, min, max, .. } => {
            let parts = parts(form);
            let size = min.as_ref().or(max.as_ref()).map(Amount::abs).unwrap_or_default();
            vec![row(parts.clone(), parts.len(), min.clone(), max.clone(), size)]
        }
        Body::Share { form, base, min, max, .. } => {
            let against = |share: &Amount| {
                let mut all = parts(form);
                let own = all.len();
                all.extend(parts(base).into_iter().map(|part| Part {
                    coefficient: -(share * &part.coefficient),
                    columns: part.columns,
                }));
                all.retain(|part| !part.coefficient.is_zero());
                (all, own)
            };
            let zero = || Some(Amount::ZERO);
            match (min, max) {
                (Some(min), Some(max)) if min == max => {
                    let (all, own) = against(min);
                    vec![row(all, own, zero(), zero(), Amount::ZERO)]
                }
                _ => {
                    let floor = min.as_ref().map(|min| {
                        let (all, own) = against(min);
                        row(all, own, zero(), None, Amount::ZERO)
                    });
                    let ceiling = max.as_ref().map(|max| {
                        let (all, own) = against(max);
                        row(all, own, None, zero(), Amount::ZERO)
                    });
                    floor.into_iter().chain(ceiling).collect()
                }
            }
        }
        Body::Turnover { .. } | Body::Reserve { .. } => Vec::new(),
    }
}

/// The parts of a form.
pub(super) fn parts(form: &Form) -> Vec<Part> {
    let part = |(coefficient, cells): &(Amount, Vec<_>)| Part {
        coefficient: coefficient.clone(),
        columns: places(cells),
    };
    form.parts.iter().map(part).collect()
}

/// At least what a fund brings is spent on its slice; for a fund that is `only`, exactly that.
pub(super) fn earmark(
    formulation: &mut Formulation,
    plan: &Plan,
    fund: &Fund,
    periods: &[Period],
    revenue: &[PeriodRevenue],
) {
    let known = periods.iter().zip(revenue);
    for ((member, cells, entries), (_, revenue)) in plan.fund_periods(fund).into_iter().zip(known) {
        let settled = |entry| revenue.entries.iter().filter(move |(known, _)| known == entry);
        let brings: Amount = entries.iter().flat_map(settled).map(|(_, amount)| amount).sum();
        let open: Vec<u32> =
            entries.iter().filter_map(|entry| formulation.open_entry(*entry)).map(index).collect();
        let mut parts = vec![own(&cells)];
        if !open.is_empty() {
            parts.push(Part { coefficient: Amount::whole(-1), columns: open });
        }
        let origin = Origin { kind: ReadingKind::Limit, id: fund.id.clone(), member, share: false };
        let most = fund.only.then(|| brings.clone());
        formulation.push(origin, parts, (Some(brings), most));
    }
}

/// What is left of the reserve against its bounds: withdrawals that are still open are columns.
fn reserve(formulation: &mut Formulation, origin: &Origin, body: &Body, revenue: &[PeriodRevenue]) {
    let Body::Reserve { opening, draws, base, min, max } = body else { return };
    let settled = revenue.iter().flat_map(|period| &period.entries);
    let drawn: Amount =
        settled.filter(|(entry, _)| draws.contains(entry)).map(|(_, amount)| amount).sum();
    let left = opening - &drawn;
    let open: Vec<u32> =
        draws.iter().filter_map(|draw| formulation.open_entry(*draw)).map(index).collect();
    let row = |bound: &Amount| {
        let mut all = vec![Part { coefficient: Amount::whole(-1), columns: open.clone() }];
        if let Some(base) = base {
            all.extend(parts(base).into_iter().map(|part| Part {
                coefficient: -(bound * &part.coefficient),
                columns: part.columns,
            }));
        }
        all.retain(|part| !part.columns.is_empty() && !part.coefficient.is_zero());
        let rest = if base.is_some() { -&left } else { bound - &left };
        (all, rest)
    };
    let mut add = |bound: &Amount, floor: bool| {
        let (all, rest) = row(bound);
        let bounds = if floor { (Some(rest), None) } else { (None, Some(rest)) };
        formulation.push(origin.clone(), all, bounds);
    };
    if let Some(min) = min {
        add(min, true);
    }
    if let Some(max) = max {
        add(max, false);
    }
}
