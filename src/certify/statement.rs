use super::{Curve, aims, rules};
use crate::plan::{Plan, ReadingKind};
use crate::units::{Amount, CellId, Id, Quantum};

/// A plan as a list of conditions and aims over its cells and revenue decisions, read from the
/// plan alone. A proof is judged against it.
#[derive(Debug, Clone)]
pub struct Statement {
    /// The unknowns: the cells in declared order, then the decisions that are open.
    pub columns: Vec<Column>,
    /// How many of the columns are cells.
    pub cells: usize,
    /// The conditions that are straight.
    pub rows: Vec<Row>,
    /// The conditions that bend: a sum of curves is at most a bound.
    pub sums: Vec<Sum>,
    /// What the stages make small, in order.
    pub aims: Vec<Aim>,
}

/// One unknown.
#[derive(Debug, Clone)]
pub struct Column {
    /// Where it stands before any change.
    pub baseline: Amount,
    /// How readily it moves; at zero it stays at its baseline.
    pub weight: Amount,
    /// The least it may be.
    pub lower: Option<Amount>,
    /// The most it may be.
    pub upper: Option<Amount>,
}

/// Columns that share a coefficient.
#[derive(Debug, Clone)]
pub struct Part {
    /// The coefficient.
    pub coefficient: Amount,
    /// The columns.
    pub columns: Vec<u32>,
}

/// What a condition is called in a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Name {
    /// The kind of rule: `balance`, `limit`, `fund`, `hold` or `transfer`.
    pub kind: &'static str,
    /// Its id in files.
    pub id: Id,
    /// The members of `each`, joined by `/`.
    pub member: String,
}

/// A straight condition: a weighted sum of columns lies between two bounds.
#[derive(Debug, Clone)]
pub struct Row {
    /// What it is called.
    pub name: Name,
    /// The sum.
    pub parts: Vec<Part>,
    /// How many of the parts, from the first, are its own slice.
    pub own: usize,
    /// The least it may be.
    pub lower: Option<Amount>,
    /// The most it may be.
    pub upper: Option<Amount>,
}

/// A curve of a weighted sum of columns.
#[derive(Debug, Clone)]
pub struct Term {
    /// What it is called among the terms of its sum.
    pub name: String,
    /// The weighted sum.
    pub parts: Vec<Part>,
    /// Curves that are added to it: the miss of a turnover is a curve of a sum of distances. Such a
    /// term never falls as they rise, so that a slope of it times slopes of them supports the whole.
    pub inner: Vec<Self>,
    /// The curve.
    pub curve: Curve,
    /// The soft limit that it is the miss of.
    pub origin: Option<Name>,
}

/// A condition that bends: the sum of its terms is at most a bound.
#[derive(Debug, Clone)]
pub struct Sum {
    /// What it is called.
    pub name: Name,
    /// Its terms.
    pub terms: Vec<Term>,
    /// The most they may add up to.
    pub most: Amount,
}

/// What a stage makes small.
#[derive(Debug, Clone)]
pub struct Aim {
    /// The stage.
    pub id: Id,
    /// What it is called: the stage; with the line or decision it is about where a stage has several aims.
    pub name: String,
    /// What it makes small.
    pub goal: Goal,
    /// How much of it later stages may give up, as a share of its size.
    pub loss: Option<Amount>,
}

/// What is made small.
#[derive(Debug, Clone)]
pub enum Goal {
    /// A sum of curves.
    Sum(Vec<Term>),
    /// The largest of several forms, at least zero; then the next largest.
    Largest(Vec<Form>),
}

/// A weighted sum of columns and a constant.
#[derive(Debug, Clone)]
pub struct Form {
    /// What it is called among the forms of its stage.
    pub name: String,
    /// The weighted sum.
    pub parts: Vec<Part>,
    /// Curves that are added to it.
    pub inner: Vec<Term>,
    /// What is added.
    pub constant: Amount,
    /// The soft limit that it is the miss of, or the stage.
    pub origin: Name,
}

/// How a revenue decision enters a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stand {
    /// It is settled.
    At(Amount),
    /// It is an unknown between two amounts.
    Within(Amount, Amount),
}

/// A revenue decision of a plan: the place of its line, and of the entry in it.
pub type Decision = (usize, usize);

impl Part {
    /// The sum of `cells`, once each.
    pub(crate) fn of(cells: &[CellId]) -> Self {
        Self { coefficient: Amount::ONE, columns: cells.iter().map(|c| place(c.index())).collect() }
    }
}

/// A place that fits the columns of a loaded plan.
pub(crate) fn place(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// The value of a weighted sum at `amounts`, one a column.
pub fn value(parts: &[Part], amounts: &[Amount]) -> Amount {
    let part = |part: &Part| {
        let sum: Amount = part.columns.iter().map(|column| &amounts[*column as usize]).sum();
        &part.coefficient * &sum
    };
    parts.iter().map(part).sum()
}

impl Term {
    /// The value of its weighted sum.
    pub fn form(&self, amounts: &[Amount]) -> Amount {
        &value(&self.parts, amounts) + &total(&self.inner, amounts)
    }
}

/// What a term inside another is called in a certificate.
pub fn inner_name(outer: &str, inner: &Term) -> String {
    format!("{outer} > {}", inner.name)
}

impl Form {
    /// Its value.
    pub fn value(&self, amounts: &[Amount]) -> Amount {
        &(&self.constant + &value(&self.parts, amounts)) + &total(&self.inner, amounts)
    }
}

/// The sum of curves at `amounts`.
pub fn total(terms: &[Term], amounts: &[Amount]) -> Amount {
    terms.iter().map(|term| term.curve.value(&term.form(amounts))).sum()
}

/// The revenue decisions of a plan, by balance period and in the order of the file.
pub fn decisions(plan: &Plan) -> Vec<Decision> {
    let entries = plan.periods().into_iter().flat_map(|period| period.entries);
    entries.filter(|(line, at)| plan.revenue()[*line].entries[*at].is_decision()).collect()
}

/// The amount of a decision in whole quanta next to where it would rather stand.
pub fn preferred(plan: &Plan, (line, at): Decision) -> Amount {
    let entry = &plan.revenue()[line].entries[at];
    let down = floor(&entry.prefer, plan.quantum());
    let up = &down + &Amount::whole(i64::from(plan.quantum().units()));
    let fits = |value: &&Amount| {
        plan.quantum().count(value).is_whole() && **value >= entry.min && **value <= entry.max
    };
    [&entry.prefer, &down, &up].into_iter().find(fits).unwrap_or(&entry.prefer).clone()
}

/// The amount rounded down to a quantum.
pub(crate) fn floor(amount: &Amount, quantum: Quantum) -> Amount {
    let step = Amount::whole(i64::from(quantum.units()));
    &Amount::from((amount / &step).floor()) * &step
}

impl Statement {
    /// Reads a plan with its decisions standing as `stands` says, one for each of [`decisions`]:
    /// they are unknowns, and other revenue is taken as it is published beside whole quanta of them.
    pub fn open(plan: &Plan, stands: &[Stand]) -> Self {
        Self::read(plan, &rules::Revenue::open(plan, stands))
    }

    /// Reads a plan with its revenue as it is published, when its decisions stand at `amounts`.
    pub fn published(plan: &Plan, amounts: &[Amount]) -> Self {
        Self::read(plan, &rules::Revenue::published(plan, amounts))
    }

    fn read(plan: &Plan, revenue: &rules::Revenue) -> Self {
        let mut statement = Self {
            columns: plan.cells().iter().enumerate().map(|own| cell(plan, own)).collect(),
            cells: plan.cells().len(),
            rows: Vec::new(),
            sums: Vec::new(),
            aims: Vec::new(),
        };
        statement.columns.extend(revenue.columns());
        rules::read(plan, revenue, &mut statement);
        statement.aims = aims::read(plan, revenue);
        statement
    }

    /// The name of a cell or a decision, for messages.
    pub fn column_text(&self, plan: &Plan, column: usize) -> String {
        match plan.cells().get(column) {
            Some(cell) => cell_text(plan, &cell.members),
            None => decisions(plan)
                .get(column.saturating_sub(self.cells))
                .map_or_else(String::new, |decision| decision_text(plan, *decision)),
        }
    }
}

/// The ids of a cell's members, joined by `/`.
pub fn cell_text(plan: &Plan, members: &[crate::units::MemberId]) -> String {
    let ids = plan.dimensions().iter().zip(members).map(|(axis, m)| axis.member(*m).id.as_str());
    ids.collect::<Vec<_>>().join("/")
}

/// The id of a decision's line and its time member: `E`, `E/2024`.
pub fn decision_text(plan: &Plan, (line, at): Decision) -> String {
    let own = &plan.revenue()[line];
    match plan.entry_time(&own.entries[at]) {
        "" => own.id.to_string(),
        time => format!("{}/{time}", own.id),
    }
}

/// A cell within its own bounds; one that keeps its parent's answer or never moves is fixed.
fn cell(plan: &Plan, (place, cell): (usize, &crate::plan::Cell)) -> Column {
    let weight = cell.weight();
    let kept = plan.transfers().kept.get(place).and_then(Option::as_ref);
    let fixed = if weight.is_zero() { Some(&cell.baseline) } else { kept };
    let (lower, upper) = match fixed {
        Some(amount) => (Some(amount.clone()), Some(amount.clone())),
        None => (cell.floor(), cell.ceiling()),
    };
    Column { baseline: cell.baseline.clone(), weight, lower, upper }
}

impl Name {
    /// The name of a rule that stands once.
    pub(crate) fn once(kind: ReadingKind, id: &Id) -> Self {
        Self { kind: kind.word(), id: id.clone(), member: String::new() }
    }
}

impl Name {
    /// The id, and the member in brackets where there is one.
    pub(crate) fn short(&self) -> String {
        if self.member.is_empty() {
            self.id.to_string()
        } else {
            format!("{}[{}]", self.id, self.member)
        }
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} `{}`", self.kind, self.short())
    }
}
