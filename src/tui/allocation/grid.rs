//! The figures of the grid.

use std::cmp::Ordering;

use super::{Kept, Order};
use crate::plan::{Plan, Provenance, ReadingKind};
use crate::tui::answer::Answer;
use crate::tui::pivot::{Line, Pivot, under};
use crate::units::{Amount, CellId, MemberId, display_safe};

/// The lines, the columns, and a figure for each pair of them.
#[derive(Debug, Default)]
pub struct Grid {
    /// The lines, the total last.
    pub lines: Vec<Line>,
    /// The members of the columns; the last one has none and adds them up.
    pub columns: Vec<Option<MemberId>>,
    /// The figures, line by line.
    pub figures: Vec<Vec<Figure>>,
}

/// One figure.
#[derive(Debug, Clone)]
pub struct Figure {
    /// Its cells, ascending; none where the plan has no such line.
    pub cells: Vec<CellId>,
    /// What is allocated.
    pub amount: Amount,
    /// What changes are counted from.
    pub against: Amount,
    /// The baseline.
    pub baseline: Amount,
    /// What was asked for, where it was stated.
    pub need: Option<Amount>,
    /// What holds it.
    pub mark: Mark,
    /// Which way the last edit moved it.
    pub moved: Ordering,
    /// Whether some of it rests on assumed figures.
    pub assumed: bool,
}

/// What holds a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Nothing.
    Free,
    /// A planner's hold.
    Held,
    /// A ceiling.
    Ceiling,
    /// A floor.
    Floor,
    /// It cannot move at all.
    Fixed,
    /// The plan has no such line.
    Closed,
}

impl Mark {
    /// Its sign; two columns wide.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Free => "  ",
            Self::Held => "⚓",
            Self::Ceiling => "┬ ",
            Self::Floor => "┴ ",
            Self::Fixed => "= ",
            Self::Closed => "· ",
        }
    }
}

/// What is compared, ordered and kept.
pub(super) struct Choice<'a> {
    /// The answer that changes are counted from, where it is not the baseline.
    pub(super) against: Option<&'a std::sync::Arc<Answer>>,
    /// The answer before the last edit.
    pub(super) before: Option<&'a std::sync::Arc<Answer>>,
    pub(super) from_baseline: bool,
    pub(super) order: Order,
    pub(super) kept: Kept,
}

/// The grid of a pivot.
pub(super) fn grid(pivot: &Pivot, answer: &Answer, choice: &Choice<'_>) -> Grid {
    let plan = &answer.plan;
    let holds = Holds::of(plan);
    let mut columns: Vec<Option<MemberId>> =
        pivot.column_members(plan).into_iter().map(Some).collect();
    columns.push(None);
    let mut lines = pivot.lines(plan);
    let total = lines.pop();
    lines.retain(|line| keeps(answer, &holds, choice, &line.cells));
    if choice.order != Order::Declared {
        lines = ordered(lines, answer, choice);
    }
    lines.extend(total);
    let figures = lines
        .iter()
        .map(|line| {
            let own = |column: &Option<MemberId>| {
                let axis = pivot.columns.zip(*column);
                let cells = axis.map_or_else(
                    || line.cells.clone(),
                    |(axis, member)| under(plan, &line.cells, (axis.dimension, member)),
                );
                figure(answer, &holds, choice, cells)
            };
            columns.iter().map(own).collect()
        })
        .collect();
    Grid { lines, columns, figures }
}

fn figure(answer: &Answer, holds: &Holds, choice: &Choice<'_>, cells: Vec<CellId>) -> Figure {
    let plan = &answer.plan;
    let amount = answer.sum(&cells);
    let baseline = answer.baseline(&cells);
    let against = match choice.against {
        Some(other) if !choice.from_baseline => other.sum(&cells),
        None if !choice.from_baseline => amount.clone(),
        _ => baseline.clone(),
    };
    let mut needs = cells.iter().filter_map(|cell| plan.cell(*cell).need.as_ref()).peekable();
    let need = if needs.peek().is_some() { Some(needs.sum::<Amount>()) } else { None };
    let moved = choice.before.map_or(Ordering::Equal, |before| amount.cmp(&before.sum(&cells)));
    let weak = |cell: &CellId| plan.cell(*cell).provenance >= Provenance::Assumed;
    Figure {
        mark: mark(answer, holds, &cells),
        assumed: cells.iter().any(weak),
        amount,
        against,
        baseline,
        need,
        moved,
        cells,
    }
}

/// The cells of each hold that is applied.
struct Holds(Vec<Vec<CellId>>);

impl Holds {
    fn of(plan: &Plan) -> Self {
        let applied = plan.holds().iter().filter(|hold| !hold.lapsed);
        Self(applied.map(|hold| plan.select(&hold.on)).collect())
    }
}

fn mark(answer: &Answer, holds: &Holds, cells: &[CellId]) -> Mark {
    if cells.is_empty() {
        return Mark::Closed;
    }
    if holds.0.iter().any(|held| held == cells) {
        return Mark::Held;
    }
    let all = |test: &dyn Fn(&CellId) -> bool| cells.iter().all(test);
    let plan = &answer.plan;
    let kept = |cell: &CellId| plan.transfers().kept.get(cell.index()).is_some_and(Option::is_some);
    if all(&|cell| plan.cell(*cell).weight().is_zero()) || all(&kept) {
        return Mark::Fixed;
    }
    if let Some(mark) = limited(answer, cells) {
        return mark;
    }
    let own = &answer.allocation.own;
    if all(&|cell| own[cell.index()].is_positive()) {
        return Mark::Floor;
    }
    if all(&|cell| own[cell.index()].is_negative()) { Mark::Ceiling } else { Mark::Free }
}

/// What presses on a figure as a whole: limits of its very cells, or of parts that make it up.
fn limited(answer: &Answer, cells: &[CellId]) -> Option<Mark> {
    let mut covered = vec![false; cells.len()];
    let mut mark = None;
    for pressure in &answer.allocation.pressures {
        let kind = pressure.origin.kind;
        let counts = matches!(kind, ReadingKind::Limit | ReadingKind::Hold | ReadingKind::Transfer);
        if !counts || pressure.own.len() > cells.len() {
            continue;
        }
        let places: Option<Vec<usize>> =
            pressure.own.iter().map(|cell| cells.binary_search(cell).ok()).collect();
        let Some(places) = places else { continue };
        for place in places {
            covered[place] = true;
        }
        mark.get_or_insert(match kind {
            ReadingKind::Hold => Mark::Held,
            _ if pressure.multiplier.is_positive() => Mark::Floor,
            _ => Mark::Ceiling,
        });
    }
    mark.filter(|_| covered.iter().all(|covered| *covered))
}

fn keeps(answer: &Answer, holds: &Holds, choice: &Choice<'_>, cells: &[CellId]) -> bool {
    match choice.kept {
        Kept::All => true,
        Kept::Moved => cells.iter().any(|cell| {
            let from = match choice.against {
                Some(other) => &other.amounts[cell.index()],
                None => &answer.plan.cell(*cell).baseline,
            };
            *from != answer.amounts[cell.index()]
        }),
        Kept::Held => {
            let touches = |held: &Vec<CellId>| held.iter().any(|cell| cells.contains(cell));
            holds.0.iter().any(touches)
        }
        Kept::Assumed => {
            let weak = |cell: &CellId| answer.plan.cell(*cell).provenance >= Provenance::Assumed;
            cells.iter().any(weak)
        }
    }
}

/// The lines with those below one line in order, each with what is below it.
fn ordered(lines: Vec<Line>, answer: &Answer, choice: &Choice<'_>) -> Vec<Line> {
    let Some(depth) = lines.iter().map(|line| line.depth).min() else { return lines };
    let mut blocks: Vec<(Amount, Line, Vec<Line>)> = Vec::new();
    for line in lines {
        match blocks.last_mut() {
            Some((_, _, below)) if line.depth > depth => below.push(line),
            _ => {
                let amount = answer.sum(&line.cells);
                let key = match choice.order {
                    Order::Change => {
                        let from = choice.against.map_or_else(
                            || answer.baseline(&line.cells),
                            |other| other.sum(&line.cells),
                        );
                        &amount - &from
                    }
                    _ => -&amount,
                };
                blocks.push((key, line, Vec::new()));
            }
        }
    }
    blocks.sort_by(|a, b| a.0.cmp(&b.0));
    let flat = blocks
        .into_iter()
        .flat_map(|(_, line, below)| std::iter::once(line).chain(ordered(below, answer, choice)));
    flat.collect()
}

/// The lines that gained or lost most between two answers: gains first, each with its change. A
/// line is a leaf of the first rows in a column.
pub(super) fn movers(
    pivot: Option<&Pivot>,
    before: &Answer,
    now: &Answer,
) -> Vec<(String, Amount)> {
    let Some(pivot) = pivot else { return Vec::new() };
    if before.amounts.len() != now.amounts.len() {
        return Vec::new();
    }
    let plan = &now.plan;
    let leaf = |dimension| crate::plan::Axis { dimension, level: crate::plan::Level::Leaves };
    let mut axes: Vec<crate::plan::Axis> = pivot.rows.iter().take(1).map(|d| leaf(*d)).collect();
    axes.extend(pivot.columns.map(|axis| leaf(axis.dimension)));
    let all = crate::plan::Slice::all(plan.dimensions().len());
    let mut moved: Vec<(String, Amount)> = plan
        .groups(&all, &axes)
        .iter()
        .map(|group| {
            let name = display_safe(&plan.key_text(&axes, group));
            (name, &now.sum(&group.cells) - &before.sum(&group.cells))
        })
        .filter(|(_, change)| !change.is_zero())
        .collect();
    moved.sort_by(|a, b| b.1.cmp(&a.1));
    moved
}
