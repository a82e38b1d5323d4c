//! The rules of a plan as conditions.

use std::collections::HashMap;

use super::statement::{Column, Decision, Name, Part, Row, Stand, Statement, Sum, Term, place};
use super::{Curve, decisions, largest};
use crate::plan::{
    Body, Expression, Form, Fund, Limit, MeasureOf, Period, Plan, ReadingKind, Rule, Slice, Spend,
    Strength,
};
use crate::units::{Amount, Id};

/// The revenue that rules are read against.
pub(crate) struct Revenue {
    /// The balance periods.
    pub(crate) periods: Vec<Period>,
    /// The settled revenue of each, in whole quanta.
    pub(crate) settled: Vec<Amount>,
    /// What each settled entry brings.
    pub(crate) entries: HashMap<Decision, Amount>,
    /// The decisions that are unknowns, with the column of each and how it stands.
    pub(crate) open: Vec<(Decision, u32, Stand)>,
}

impl Revenue {
    pub(crate) fn open(plan: &Plan, stands: &[Stand]) -> Self {
        let periods = plan.periods();
        let stated = |(line, at): &Decision| &plan.revenue()[*line].entries[*at];
        let fixed = |period: &Period| {
            let entries = period.entries.iter().filter(|entry| !stated(entry).is_decision());
            entries.copied().collect::<Vec<_>>()
        };
        let (mut settled, mut entries) = (Vec::new(), HashMap::new());
        for period in &periods {
            // Beside decisions in whole quanta, the others are published as they are alone.
            let own = fixed(period);
            let exact: Vec<Amount> = own.iter().map(|entry| stated(entry).prefer.clone()).collect();
            let published = largest::alone(&exact, plan.quantum());
            settled.push(plan.quantum().amount(published.total));
            let amounts = published.entries.into_iter().map(|money| plan.quantum().amount(money));
            entries.extend(own.into_iter().zip(amounts));
        }
        let open = decisions(plan).into_iter().zip(stands).enumerate();
        let open = open.map(|(at, (decision, stand))| {
            (decision, place(plan.cells().len() + at), stand.clone())
        });
        Self { open: open.collect(), periods, settled, entries }
    }

    pub(crate) fn published(plan: &Plan, amounts: &[Amount]) -> Self {
        let periods = plan.periods();
        let (mut settled, mut entries) = (Vec::new(), HashMap::new());
        for (period, published) in periods.iter().zip(largest::published(plan, amounts)) {
            settled.push(plan.quantum().amount(published.total));
            let amounts = published.entries.into_iter().map(|money| plan.quantum().amount(money));
            entries.extend(period.entries.iter().copied().zip(amounts));
        }
        Self { periods, settled, entries, open: Vec::new() }
    }

    pub(crate) fn columns(&self) -> impl Iterator<Item = Column> {
        self.open.iter().map(|(_, _, stand)| {
            let (lower, upper) = match stand {
                Stand::At(amount) => (amount, amount),
                Stand::Within(least, most) => (least, most),
            };
            Column {
                baseline: lower.clone(),
                weight: Amount::ZERO,
                lower: Some(lower.clone()),
                upper: Some(upper.clone()),
            }
        })
    }

    /// The columns of those of `entries` that are open.
    pub(crate) fn columns_of(&self, entries: &[Decision]) -> Vec<u32> {
        let own = |entry: &Decision| self.open.iter().find(|(known, ..)| known == entry);
        entries.iter().filter_map(own).map(|(_, column, _)| *column).collect()
    }

    /// What those of `entries` that are settled bring.
    pub(crate) fn brings(&self, entries: &[Decision]) -> Amount {
        entries.iter().filter_map(|entry| self.entries.get(entry)).sum()
    }
}

/// Reads all rules that must hold.
pub(crate) fn read(plan: &Plan, revenue: &Revenue, statement: &mut Statement) {
    statement.rows.extend(balance(plan, revenue));
    for limit in plan.limits().iter().filter(|limit| limit.strength == Strength::Hard) {
        for rule in plan.rules(limit).iter() {
            match &rule.body {
                Body::Turnover { .. } => statement.sums.extend(turnover(limit, rule)),
                _ => statement.rows.extend(rows(limit, rule, revenue)),
            }
        }
    }
    for fund in plan.funds() {
        statement.rows.extend(earmarked(plan, fund, revenue));
    }
    for hold in plan.holds().iter().filter(|hold| !hold.lapsed) {
        let bound = |bound: &Option<Expression>, group: &crate::plan::Group| {
            bound.as_ref().map(|bound| bound.value(plan, group, MeasureOf::Amount))
        };
        if let Some(group) = whole(plan, &hold.on) {
            statement.rows.push(Row {
                name: Name::once(ReadingKind::Hold, &hold.id),
                parts: vec![Part::of(&group.cells)],
                own: 1,
                lower: bound(&hold.min, &group),
                upper: bound(&hold.max, &group),
            });
        }
    }
    for transfer in &plan.transfers().levels {
        if let Some(group) = whole(plan, &transfer.on) {
            statement.rows.push(Row {
                name: Name::once(ReadingKind::Transfer, &transfer.id),
                parts: vec![Part::of(&group.cells)],
                own: 1,
                lower: Some(transfer.level.clone()),
                upper: Some(transfer.level.clone()),
            });
        }
    }
}

fn whole(plan: &Plan, on: &Slice) -> Option<crate::plan::Group> {
    plan.groups(on, &[]).into_iter().next()
}

/// Expenses less open decisions against the settled revenue of each period.
fn balance(plan: &Plan, revenue: &Revenue) -> Vec<Row> {
    let Some(balance) = plan.balance() else { return Vec::new() };
    let row = |(period, settled): (&Period, &Amount)| {
        let member = period.member.zip(plan.time());
        let member = member.map(|(m, time)| plan.dimensions()[time].member(m).id.to_string());
        let mut parts = vec![Part::of(&period.cells)];
        let open = revenue.columns_of(&period.entries);
        if !open.is_empty() {
            parts.push(Part { coefficient: Amount::whole(-1), columns: open });
        }
        Row {
            name: Name {
                kind: ReadingKind::Balance.word(),
                id: Id::from("balance"),
                member: member.unwrap_or_default(),
            },
            parts,
            own: 1,
            lower: (balance.spend == Spend::All).then(|| settled.clone()),
            upper: Some(settled.clone()),
        }
    };
    revenue.periods.iter().zip(&revenue.settled).map(row).collect()
}

fn name(limit: &Limit, rule: &Rule) -> Name {
    Name { kind: ReadingKind::Limit.word(), id: limit.id.clone(), member: rule.member.clone() }
}

/// The parts of a form over cells.
pub(crate) fn parts(form: &Form) -> Vec<Part> {
    let part = |(coefficient, cells): &(Amount, Vec<_>)| Part {
        coefficient: coefficient.clone(),
        ..Part::of(cells)
    };
    form.parts.iter().map(part).collect()
}

/// `form - multiple * base`.
fn against(form: &Form, base: &Form, multiple: &Amount) -> Vec<Part> {
    let taken = parts(base)
        .into_iter()
        .map(|part| Part { coefficient: -(multiple * &part.coefficient), columns: part.columns });
    let all = parts(form).into_iter().chain(taken);
    all.filter(|part| !part.coefficient.is_zero()).collect()
}

/// What a limit asks of one combination, as straight conditions; a turnover has none.
pub(crate) fn rows(limit: &Limit, rule: &Rule, revenue: &Revenue) -> Vec<Row> {
    let row = |parts: Vec<Part>, lower, upper| {
        let form = match &rule.body {
            Body::Level { form, .. } | Body::Share { form, .. } => form.parts.len(),
            Body::Turnover { .. } | Body::Reserve { .. } => 1,
        };
        Row { name: name(limit, rule), parts, own: form, lower, upper }
    };
    let zero = || Some(Amount::ZERO);
    match &rule.body {
        Body::Level { form, min, max, .. } => vec![row(parts(form), min.clone(), max.clone())],
        Body::Share { form, base, min: Some(min), max: Some(max), .. } if min == max => {
            vec![row(against(form, base, min), zero(), zero())]
        }
        Body::Share { form, base, min, max, .. } => {
            let floor = min.iter().map(|min| row(against(form, base, min), zero(), None));
            let ceiling = max.iter().map(|max| row(against(form, base, max), None, zero()));
            floor.chain(ceiling).collect()
        }
        Body::Reserve { .. } => reserve(limit, rule, revenue),
        Body::Turnover { .. } => Vec::new(),
    }
}

/// The opening reserve less what is drawn, against its bounds.
fn reserve(limit: &Limit, rule: &Rule, revenue: &Revenue) -> Vec<Row> {
    let Body::Reserve { opening, draws, base, min, max } = &rule.body else { return Vec::new() };
    let left = opening - &revenue.brings(draws);
    let row = |bound: &Amount, floor: bool| {
        let mut parts =
            vec![Part { coefficient: Amount::whole(-1), columns: revenue.columns_of(draws) }];
        let mut rest = -&left;
        match base {
            Some(base) => parts.extend(against(&Form::default(), base, bound)),
            None => rest += bound,
        }
        parts.retain(|part| !part.columns.is_empty());
        let (lower, upper) = if floor { (Some(rest), None) } else { (None, Some(rest)) };
        Row { name: name(limit, rule), own: parts.len(), parts, lower, upper }
    };
    let floor = min.iter().map(|min| row(min, true));
    floor.chain(max.iter().map(|max| row(max, false))).collect()
}

/// What earmarked revenue brings is spent on its slice.
fn earmarked(plan: &Plan, fund: &Fund, revenue: &Revenue) -> Vec<Row> {
    let row = |(member, cells, entries): crate::plan::FundPeriod| {
        let brings = revenue.brings(&entries);
        let mut parts = vec![Part::of(&cells)];
        let open = revenue.columns_of(&entries);
        if !open.is_empty() {
            parts.push(Part { coefficient: Amount::whole(-1), columns: open });
        }
        Row {
            name: Name { kind: "fund", id: fund.id.clone(), member },
            parts,
            own: 1,
            upper: fund.only.then(|| brings.clone()),
            lower: Some(brings),
        }
    };
    plan.fund_periods(fund).into_iter().map(row).collect()
}

/// The distances of a turnover, and the most that they may add up to.
pub(crate) fn turnover(limit: &Limit, rule: &Rule) -> Option<Sum> {
    let Body::Turnover { names, forms, baselines, most } = &rule.body else { return None };
    let terms = forms.iter().zip(baselines).zip(names).map(|((form, start), name)| Term {
        name: name.clone(),
        parts: parts(form),
        inner: Vec::new(),
        curve: Curve::miss(Some(start), Some(start), &Amount::ratio(1, 2)),
        origin: None,
    });
    Some(Sum { name: name(limit, rule), terms: terms.collect(), most: most.clone() })
}
