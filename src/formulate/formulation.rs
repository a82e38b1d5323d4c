use super::rows::{Soft, earmark, hard, rows};
use super::stages::stages;
use super::{Column, Curve, Curved, Objective, Part, Program, Row, Term};
use crate::plan::{
    Axis, Expression, Group, MeasureOf, Period, Plan, ReadingKind, Slice, Spend, Strength,
};
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
    stages: Vec<StageForm>,
}

/// A linear stage over the columns of a programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageForm {
    /// The stage.
    pub id: Id,
    /// What it makes as small as it can.
    pub objective: Objective,
    /// How far later stages may move it from its optimum, as a share of it; none where they may
    /// not move it at all.
    pub loss: Option<Amount>,
    /// Whether it is the wish of an open decision to stand where it would rather.
    pub wish: bool,
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
    /// What each settled entry brings: the place of the line, and of the entry in it.
    pub entries: Vec<((usize, usize), Amount)>,
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

impl Origin {
    /// A rule that stands once.
    pub(super) fn pinned(kind: ReadingKind, id: &Id) -> Self {
        Self { kind, id: id.clone(), member: String::new(), share: false }
    }

    /// A stage.
    pub fn stage(id: &Id) -> Self {
        Self::pinned(ReadingKind::Stage, id)
    }
}

impl Formulation {
    /// The linear stages, in order.
    pub fn stages(&self) -> &[StageForm] {
        &self.stages
    }

    /// Adds a stage that keeps an open decision as near to `prefer` as the others allow.
    pub fn prefer(&mut self, decision: usize, prefer: &Amount) {
        let columns = vec![index(self.decision(decision))];
        let curve = Curve::miss(Some(prefer), Some(prefer), &Amount::ONE);
        let parts = vec![Part { coefficient: Amount::ONE, columns }];
        let terms = vec![Term::new(parts, curve)];
        self.stages.push(StageForm {
            id: Id::from("prefer"),
            objective: Objective::Sum(terms.into()),
            loss: None,
            wish: true,
        });
    }

    /// Fixes the open decisions at their `amounts`, one a column, and forgets the stages that
    /// [`Self::prefer`] added, one a decision.
    pub fn pin(&mut self, amounts: &[Amount]) {
        self.stages.truncate(self.stages.len().saturating_sub(self.decisions.len()));
        let columns = self.program.columns.iter_mut().zip(amounts);
        for (column, amount) in columns.skip(self.cells) {
            *column = Column::fixed(amount);
        }
    }

    /// The revenue decisions that are columns, after the cells: each a line and an entry of it.
    pub fn decisions(&self) -> &[(usize, usize)] {
        &self.decisions
    }

    /// Adds a row that stands for `origin`.
    pub fn add(&mut self, origin: Origin, row: Row) {
        self.program.rows.push(row);
        self.origins.push(origin);
    }

    /// The column of place `column`, to tighten its bounds.
    pub fn column(&mut self, column: usize) -> &mut Column {
        &mut self.program.columns[column]
    }

    /// The programme.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// What each row stands for.
    pub fn origins(&self) -> &[Origin] {
        &self.origins
    }

    /// Whether a soft limit is missed at `amounts`, or as good as missed.
    pub fn misses(&self, id: &Id, amounts: &[Amount]) -> bool {
        let own = |term: &&Term| {
            let of = |origin: &Origin| origin.kind == ReadingKind::Limit && origin.id == *id;
            term.origin.as_ref().is_some_and(of)
        };
        self.stages.iter().any(|stage| match &stage.objective {
            Objective::Sum(terms) => {
                terms.iter().filter(own).any(|term| !term.value(amounts).is_zero())
            }
            Objective::Largest(_) => false,
        })
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

    /// The column of an open revenue entry; `None` where it is settled.
    pub fn open_entry(&self, entry: (usize, usize)) -> Option<usize> {
        let place = self.decisions.iter().position(|known| *known == entry)?;
        Some(self.cells + place)
    }

    /// The column of the open decision of place `decision`, counted over the periods in order.
    pub fn decision(&self, decision: usize) -> usize {
        self.cells + decision
    }

    pub(super) fn push(
        &mut self,
        origin: Origin,
        parts: Vec<Part>,
        bounds: (Option<Amount>, Option<Amount>),
    ) {
        let (lower, upper) = bounds;
        self.add(origin, Row { parts: parts.into(), own: 1, lower, upper });
    }

    /// Adds a convex row.
    pub(super) fn bend(&mut self, curved: Curved) {
        self.program.curved.push(curved);
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
        stages: Vec::new(),
    };
    balance(&mut formulation, plan, periods, revenue);
    let mut soft = Vec::new();
    for (place, limit) in plan.limits().iter().enumerate() {
        for rule in plan.rules(limit).iter() {
            let loose = plan.is_loose(ReadingKind::Limit, &limit.id);
            match &limit.strength {
                Strength::Hard => hard(&mut formulation, plan, limit, rule, revenue),
                Strength::Soft { weight } => {
                    let mut rows = rows(&formulation, plan, limit, rule, revenue);
                    rows.iter_mut().filter(|_| loose).for_each(|row| row.loosen(plan));
                    soft.push(Soft { limit: place, weight: weight.clone(), loose, rows });
                }
            }
        }
    }
    for fund in plan.funds() {
        earmark(&mut formulation, plan, fund, periods, revenue);
    }
    for hold in plan.holds().iter().filter(|hold| !hold.lapsed) {
        let origin = Origin::pinned(ReadingKind::Hold, &hold.id);
        if let Some(group) = whole(plan, &hold.on) {
            let value = |bound: &Expression| bound.value(plan, &group, MeasureOf::Amount);
            let ends = (hold.min.as_ref().map(value), hold.max.as_ref().map(value));
            let loose = plan.is_loose(ReadingKind::Hold, &hold.id);
            let bounds = plan.shifted(ReadingKind::Hold, &hold.id, "", ends);
            let bounds = if loose { (None, None) } else { bounds };
            formulation.push(origin, vec![own(&group.cells)], bounds);
        }
    }
    for level in &plan.transfers().levels {
        let origin = Origin::pinned(ReadingKind::Transfer, &level.id);
        if let Some(group) = whole(plan, &level.on) {
            let bound = Some(level.level.clone());
            formulation.push(origin, vec![own(&group.cells)], (bound.clone(), bound));
        }
    }
    formulation.stages = stages(plan, &soft, &formulation);
    formulation
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
        let ends = plan.shifted(origin.kind, &origin.id, &origin.member, (lower, total));
        formulation.push(origin, parts, ends);
    }
}

pub(super) fn own(cells: &[CellId]) -> Part {
    Part { coefficient: Amount::ONE, columns: places(cells) }
}

pub(super) fn places(cells: &[CellId]) -> Vec<u32> {
    cells.iter().map(|cell| index(cell.index())).collect()
}

pub(super) fn index(place: usize) -> u32 {
    u32::try_from(place).expect("a loaded plan is within its bounds")
}
