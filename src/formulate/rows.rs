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
    /// Whether it asks for what is far out of reach: it is not missed.
    pub(super) loose: bool,
    /// The rows that would hold.
    pub(super) rows: Vec<SoftRow>,
}

/// A row that may be missed.
pub(super) struct SoftRow {
    pub(super) origin: Origin,
    pub(super) row: Row,
    /// Convex terms that the row adds to its parts.
    pub(super) inner: Vec<Term>,
    /// What a miss of the floor and of the ceiling is measured against, above zero.
    pub(super) sizes: [Amount; 2],
}

impl SoftRow {
    /// Moves its bounds far out of reach.
    pub(super) fn loosen(&mut self, plan: &Plan) {
        let size = |part: &Part| part.coefficient.abs();
        let largest = self.row.parts.iter().map(size).max().unwrap_or(Amount::ONE);
        let lines: Amount = plan.cells().iter().map(|cell| cell.baseline.abs()).sum();
        let far = &(&(&largest + &Amount::ONE) * &(&lines + &Amount::ONE)) * &Amount::whole(FAR);
        self.row.lower = self.row.lower.as_ref().map(|lower| lower - &far);
        self.row.upper = self.row.upper.as_ref().map(|upper| upper + &far);
    }
}

/// How many times a whole plan is out of reach.
const FAR: i64 = 10;

/// The first of `sizes` that is not nothing, without its sign; one where all are.
fn size(sizes: &[&Amount]) -> Amount {
    sizes.iter().find(|size| !size.is_zero()).map_or(Amount::ONE, |size| size.abs())
}

/// Adds the rows of a limit that must hold.
pub(super) fn hard(
    formulation: &mut Formulation,
    plan: &Plan,
    limit: &Limit,
    rule: &Rule,
    revenue: &[PeriodRevenue],
) {
    let loose = plan.is_loose(ReadingKind::Limit, &limit.id);
    if let Body::Turnover { forms, baselines, most, .. } = &rule.body {
        if loose {
            return;
        }
        formulation.bend(Curved {
            origin: origin(limit, rule),
            terms: distances(forms, baselines).into(),
            most: most.clone(),
        });
        return;
    }
    for SoftRow { origin, mut row, .. } in rows(formulation, plan, limit, rule, revenue) {
        if loose {
            (row.lower, row.upper) = (None, None);
        }
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
    Term::new(parts(form), curve)
}

fn distances(forms: &[Form], starts: &[Amount]) -> Vec<Term> {
    forms.iter().zip(starts).map(|(form, start)| distance(form, start)).collect()
}

/// The rows of a limit for one combination. That of a turnover is a sum of distances: a limit that
/// must hold has it as a convex row.
pub(super) fn rows(
    formulation: &Formulation,
    plan: &Plan,
    limit: &Limit,
    rule: &Rule,
    revenue: &[PeriodRevenue],
) -> Vec<SoftRow> {
    let row = |parts: Vec<Part>, own: usize, lower, upper, sizes| SoftRow {
        origin: origin(limit, rule),
        row: Row { parts: parts.into(), own, lower, upper },
        inner: Vec::new(),
        sizes,
    };
    match &rule.body {
        Body::Level { form, min, max, from } => {
            let parts = parts(form);
            let from = from.clone().unwrap_or_default();
            let stated = |bound: &Option<Amount>| {
                let bound = bound.clone().unwrap_or_default();
                size(&[&(&bound - &from), &bound])
            };
            let sizes = [stated(min), stated(max)];
            vec![row(parts.clone(), parts.len(), min.clone(), max.clone(), sizes)]
        }
        Body::Share { form, base, min, max, .. } => {
            let against = |share: &Amount, floor: bool, ceiling: bool| {
                let mut all = parts(form);
                let own = all.len();
                all.extend(parts(base).iter().map(|part| part.times(&-share)));
                all.retain(|part| !part.coefficient.is_zero());
                let zero = |stands: bool| stands.then_some(Amount::ZERO);
                let size = size(&[&(share * &plan.baseline_of(base)), &plan.baseline_of(form)]);
                row(all, own, zero(floor), zero(ceiling), [size.clone(), size])
            };
            match (min, max) {
                (Some(min), Some(max)) if min == max => vec![against(min, true, true)],
                _ => {
                    let floor = min.as_ref().map(|min| against(min, true, false));
                    let ceiling = max.as_ref().map(|max| against(max, false, true));
                    floor.into_iter().chain(ceiling).collect()
                }
            }
        }
        Body::Turnover { forms, baselines, most, .. } => {
            let inner = distances(forms, baselines);
            let own = row(Vec::new(), 0, None, Some(most.clone()), [size(&[]), size(&[most])]);
            vec![SoftRow { inner, ..own }]
        }
        Body::Reserve { opening, draws, base, min, max } => {
            let settled = revenue.iter().flat_map(|period| &period.entries);
            let settled = settled.filter(|(entry, _)| draws.contains(entry));
            let left = opening - &settled.map(|(_, amount)| amount).sum();
            let open = draws.iter().filter_map(|draw| formulation.open_entry(*draw));
            let open: Vec<u32> = open.map(index).collect();
            let against = |bound: &Amount, floor: bool| {
                let coefficient = Amount::whole(-1);
                let mut all = vec![Part { coefficient, columns: open.clone() }];
                let base = base.as_ref();
                let parts = base.map(parts).unwrap_or_default();
                all.extend(parts.iter().map(|part| part.times(&-bound)));
                all.retain(|part| !part.columns.is_empty() && !part.coefficient.is_zero());
                let own = all.len();
                let (rest, size) = match base {
                    Some(base) => (-&left, size(&[&(bound * &plan.baseline_of(base)), &left])),
                    None => (bound - &left, size(&[bound, &left])),
                };
                let sides = if floor { (Some(rest), None) } else { (None, Some(rest)) };
                row(all, own, sides.0, sides.1, [size.clone(), size])
            };
            let floor = min.as_ref().map(|min| against(min, true));
            floor.into_iter().chain(max.as_ref().map(|max| against(max, false))).collect()
        }
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
        let ends = plan.shifted(origin.kind, &origin.id, &origin.member, (Some(brings), most));
        formulation.push(origin, parts, ends);
    }
}
