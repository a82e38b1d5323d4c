use super::{Column, Part, Program, Row};
use crate::plan::{Axis, Expression, Family, Group, Period, Plan, ReadingKind, Slice, Spend};
use crate::units::{Amount, CellId, Id};

/// A plan lowered to a programme, and the way back from rows to limits.
///
/// The columns are the cells in declared member order, then the open revenue decisions; nobody
/// outside relies on that: [`Formulation::origins`] and [`Formulation::decision`] lift answers.
#[derive(Debug, Clone)]
pub struct Formulation {
    program: Program,
    origins: Vec<Origin>,
    cells: usize,
    decisions: Vec<(usize, usize)>,
}

/// What a row of the programme stands for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    /// The kind of rule.
    pub kind: ReadingKind,
    /// The id of the limit, hold or transfer; `balance` for the balance.
    pub id: Id,
    /// The members of `each`, joined by `/`.
    pub member: String,
    /// Whether the row bounds a share of another slice.
    pub share: bool,
}

/// The revenue that the balance rows of a plan meet, one entry a period.
#[derive(Debug, Clone)]
pub struct PeriodRevenue {
    /// Revenue that is settled, in plan units.
    pub settled: Amount,
    /// Decisions that are still open: their bounds and where each would rather stand.
    pub open: Vec<Open>,
}

/// A revenue decision inside its bounds, in plan units.
#[derive(Debug, Clone)]
pub struct Open {
    /// The place of the revenue line, and of the entry in it.
    pub entry: (usize, usize),
    /// The least it may be.
    pub min: Amount,
    /// The most it may be.
    pub max: Amount,
    /// Where it stands unless the plan needs it elsewhere.
    pub prefer: Amount,
}

impl Formulation {
    /// The programme.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// What each row stands for.
    pub fn origins(&self) -> &[Origin] {
        &self.origins
    }

    /// The part of `values`, one a column, that belongs to the cells.
    pub fn cells<'a, T>(&self, values: &'a [T]) -> &'a [T] {
        values.get(..self.cells).unwrap_or(values)
    }

    /// The cell that a column stands for; `None` for a revenue decision.
    pub fn cell(&self, column: usize) -> Option<CellId> {
        (column < self.cells).then(|| CellId::new(column))
    }

    /// The revenue line, and the entry of it, that a column stands for; `None` for a cell.
    pub fn revenue(&self, column: usize) -> Option<(usize, usize)> {
        self.decisions.get(column.checked_sub(self.cells)?).copied()
    }

    /// The column of the open decision of place `decision`, counted over the periods in order.
    pub fn decision(&self, decision: usize) -> usize {
        self.cells + decision
    }

    fn push(&mut self, origin: Origin, parts: Vec<Part>, bounds: (Option<Amount>, Option<Amount>)) {
        let (lower, upper) = bounds;
        self.program.rows.push(Row { parts, own: 1, lower, upper });
        self.origins.push(origin);
    }
}

/// Lowers `plan` to a programme that balances against `revenue`, one entry a period.
///
/// Each row is written with the coefficient 1 on the limit's own slice, so that its multiplier is
/// the pressure of the limit: a relative change of the lines it is on.
pub fn formulate(plan: &Plan, periods: &[Period], revenue: &[PeriodRevenue]) -> Formulation {
    let mut formulation = Formulation {
        program: Program { columns: columns(plan, revenue), ..Program::default() },
        origins: Vec::new(),
        cells: plan.cells().len(),
        decisions: revenue.iter().flat_map(|period| &period.open).map(|open| open.entry).collect(),
    };
    balance(&mut formulation, plan, periods, revenue);
    for limit in plan.limits() {
        for group in plan.groups(&limit.on, &limit.each) {
            let origin = Origin {
                kind: ReadingKind::Limit,
                id: limit.id.clone(),
                member: plan.key_text(&limit.each, &group),
                share: matches!(limit.family, Family::Share { .. }),
            };
            match &limit.family {
                Family::Amount { min, max } => {
                    amount(&mut formulation, plan, origin, &group, (min.as_ref(), max.as_ref()));
                }
                Family::Change { cut, rise } => {
                    let bounds = plan.change_bounds(cut.as_ref(), rise.as_ref(), &group);
                    formulation.push(origin, vec![own(&group.cells)], bounds);
                }
                Family::Share { min, max, of } => {
                    let base = plan.share_base(of, &limit.each, &group);
                    share(&mut formulation, &origin, &group, &base, (min.as_ref(), max.as_ref()));
                }
            }
        }
    }
    for hold in plan.holds().iter().filter(|hold| !hold.lapsed) {
        let origin = pinned(ReadingKind::Hold, &hold.id);
        let bounds = (hold.min.as_ref(), hold.max.as_ref());
        if let Some(group) = whole(plan, &hold.on) {
            amount(&mut formulation, plan, origin, &group, bounds);
        }
    }
    for level in &plan.transfers().levels {
        let origin = pinned(ReadingKind::Transfer, &level.id);
        if let Some(group) = whole(plan, &level.on) {
            let bound = Some(level.level.clone());
            formulation.push(origin, vec![own(&group.cells)], (bound.clone(), bound));
        }
    }
    formulation
}

fn pinned(kind: ReadingKind, id: &Id) -> Origin {
    Origin { kind, id: id.clone(), member: String::new(), share: false }
}

fn whole(plan: &Plan, on: &Slice) -> Option<Group> {
    let none: [Axis; 0] = [];
    plan.groups(on, &none).into_iter().next()
}

/// The cells, each within its own bounds, and the open decisions.
///
/// A cell of weight zero is fixed at its baseline; one that keeps its parent's answer is fixed
/// there.
fn columns(plan: &Plan, revenue: &[PeriodRevenue]) -> Vec<Column> {
    let kept = |place: usize| plan.transfers().kept.get(place).and_then(Option::as_ref);
    let cell = |(place, cell): (usize, &crate::plan::Cell)| {
        let weight = cell.weight();
        let (lower, upper) = match kept(place) {
            _ if weight.is_zero() => (Some(cell.baseline.clone()), Some(cell.baseline.clone())),
            Some(kept) => (Some(kept.clone()), Some(kept.clone())),
            None => (cell.floor(), cell.ceiling()),
        };
        Column { baseline: cell.baseline.clone(), weight, lower, upper }
    };
    let open = |open: &Open| Column {
        baseline: open.prefer.clone(),
        weight: Amount::ONE,
        lower: Some(open.min.clone()),
        upper: Some(open.max.clone()),
    };
    let cells = plan.cells().iter().enumerate().map(cell);
    cells.chain(revenue.iter().flat_map(|period| period.open.iter().map(open))).collect()
}

/// Expenses equal revenue, or are at most revenue, once a period.
fn balance(
    formulation: &mut Formulation,
    plan: &Plan,
    periods: &[Period],
    revenue: &[PeriodRevenue],
) {
    let Some(balance) = plan.balance() else {
        return;
    };
    let mut decision = formulation.cells;
    for (period, revenue) in periods.iter().zip(revenue) {
        let member = period.member.zip(plan.time());
        let member = member.map(|(m, time)| plan.dimensions()[time].member(m).id.to_string());
        let origin = Origin {
            kind: ReadingKind::Balance,
            id: Id::from("balance"),
            member: member.unwrap_or_default(),
            share: false,
        };
        let mut parts = vec![own(&period.cells)];
        if !revenue.open.is_empty() {
            let open = decision..decision + revenue.open.len();
            decision = open.end;
            parts.push(Part { coefficient: Amount::whole(-1), columns: open.map(index).collect() });
        }
        let total = Some(revenue.settled.clone());
        let lower = if balance.spend == Spend::All { total.clone() } else { None };
        formulation.push(origin, parts, (lower, total));
    }
}

/// `min <= level <= max`.
fn amount(
    formulation: &mut Formulation,
    plan: &Plan,
    origin: Origin,
    group: &Group,
    (min, max): (Option<&Expression>, Option<&Expression>),
) {
    let value = |bound: &Expression| bound.value(plan, group);
    formulation.push(origin, vec![own(&group.cells)], (min.map(value), max.map(value)));
}

/// `level - share * base`, at least or at most zero.
fn share(
    formulation: &mut Formulation,
    origin: &Origin,
    group: &Group,
    base: &[CellId],
    (min, max): (Option<&Amount>, Option<&Amount>),
) {
    let parts = |share: &Amount| {
        let mut parts = vec![own(&group.cells)];
        if !share.is_zero() {
            parts.push(Part { coefficient: -share, columns: places(base) });
        }
        parts
    };
    let zero = || Some(Amount::ZERO);
    match (min, max) {
        (Some(min), Some(max)) if min == max => {
            formulation.push(origin.clone(), parts(min), (zero(), zero()));
        }
        _ => {
            if let Some(min) = min {
                formulation.push(origin.clone(), parts(min), (zero(), None));
            }
            if let Some(max) = max {
                formulation.push(origin.clone(), parts(max), (None, zero()));
            }
        }
    }
}

fn own(cells: &[CellId]) -> Part {
    Part { coefficient: Amount::ONE, columns: places(cells) }
}

fn places(cells: &[CellId]) -> Vec<u32> {
    cells.iter().map(|cell| index(cell.index())).collect()
}

fn index(place: usize) -> u32 {
    u32::try_from(place).expect("a loaded plan is within its bounds")
}
