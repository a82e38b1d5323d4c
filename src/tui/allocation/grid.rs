//! The figures of the grid.

use std::cmp::Ordering;

use unicode_width::UnicodeWidthStr;

use super::ordering::ordered;
use super::{Kept, Order, Shown};
use crate::plan::{Control, ControlOf, Plan, Provenance, ReadingKind};
use crate::solve::Allocation;
use crate::tui::answer::{Answer, Seen};
use crate::tui::pivot::{Line, Pivot};
use crate::units::{Amount, CellId, MemberId, grouped};

/// The lines, the columns, and a figure for each pair of them.
#[derive(Debug, Default)]
pub struct Grid {
    /// The lines, the total last.
    pub lines: Vec<Line>,
    /// The members of the columns; the last one has none and adds them up.
    pub columns: Vec<Option<MemberId>>,
    /// The figures, line by line.
    pub figures: Vec<Vec<Figure>>,
    /// Whether the amounts are exact ones whose whole figures are still being found.
    pub calibrated: bool,
    /// Whether the amounts are exact ones, because whole figures are being found or there are none.
    pub exact: bool,
    /// Which figures rest on assumed ones.
    pub assumed: Assumed,
    /// The columns that the longest figure takes.
    pub widest: usize,
}

/// Which figures rest on assumed ones: where some do, they are marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Assumed {
    /// None.
    #[default]
    No,
    /// Some.
    Some,
    /// All.
    All,
}

impl Assumed {
    fn of(figures: &[Vec<Figure>]) -> Self {
        let all = || figures.iter().flatten().filter(|figure| !figure.cells.is_empty());
        match (all().any(|figure| figure.assumed), all().all(|figure| figure.assumed)) {
            (false, _) => Self::No,
            (true, false) => Self::Some,
            (true, true) => Self::All,
        }
    }
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
    /// The column that lines are ordered by, where they are ordered by one, and what it shows.
    pub(super) by: (usize, Shown),
    pub(super) kept: Kept,
}

/// The grid of a pivot.
pub(super) fn grid(pivot: &Pivot, answer: &Seen<'_>, choice: &Choice<'_>) -> Grid {
    let plan = answer.plan;
    let holds = Holds::of(answer);
    let place = columns_of(plan, pivot);
    let mut columns: Vec<Option<MemberId>> =
        pivot.column_members(plan).into_iter().map(Some).collect();
    columns.push(None);
    let mut lines = pivot.lines(plan);
    let total = lines.pop();
    lines.retain(|line| keeps(answer, &holds, choice, &line.cells));
    if choice.order != Order::Declared {
        let column = |line: &Line| {
            let parts = parted(plan, pivot, &line.cells, &place, columns.len() - 1);
            parts.into_iter().nth(choice.by.0).unwrap_or_else(|| line.cells.clone())
        };
        lines = ordered(lines, answer, choice, &column);
    }
    lines.extend(total);
    let figures: Vec<Vec<Figure>> = lines
        .iter()
        .map(|line| {
            let own = |cells: Vec<CellId>| {
                let sums = Sums::of(answer, choice, &cells);
                (figure(answer, &holds, (choice, &sums), cells), sums)
            };
            let parts = parted(plan, pivot, &line.cells, &place, columns.len() - 1);
            let (mut figures, parts): (Vec<Figure>, Vec<Sums>) = parts.into_iter().map(own).unzip();
            // The columns of members that share the cells out add up to the total.
            let shared: usize = figures.iter().map(|figure| figure.cells.len()).sum();
            let sums = if !parts.is_empty() && shared == line.cells.len() {
                Sums::total(&parts)
            } else {
                Sums::of(answer, choice, &line.cells)
            };
            figures.push(figure(answer, &holds, (choice, &sums), line.cells.clone()));
            figures
        })
        .collect();
    let calibrated = answer.allocation.is_none();
    let exact = answer.allocation.is_none_or(|found| !found.whole);
    let heading = |column: &Option<MemberId>| {
        let (axis, member) = pivot.columns.zip(*column)?;
        Some(plan.dimensions()[axis.dimension].member(member).id.as_str().width())
    };
    let headings = columns.iter().filter_map(heading).max().unwrap_or(0);
    let widest = widest(&figures).max(headings.min(HEADING));
    let assumed = Assumed::of(&figures);
    Grid { lines, columns, figures, calibrated, exact, assumed, widest }
}

/// The column of each leaf of the dimension that makes columns.
fn columns_of(plan: &Plan, pivot: &Pivot) -> Vec<Option<usize>> {
    let Some(axis) = pivot.columns else { return Vec::new() };
    let dimension = &plan.dimensions()[axis.dimension];
    let mut place = vec![None; dimension.members().len()];
    for (column, member) in pivot.column_members(plan).into_iter().enumerate() {
        for leaf in dimension.member(member).leaves() {
            place[leaf.index()] = Some(column);
        }
    }
    place
}

/// The cells of a line, column by column.
fn parted(
    plan: &Plan,
    pivot: &Pivot,
    cells: &[CellId],
    place: &[Option<usize>],
    count: usize,
) -> Vec<Vec<CellId>> {
    let mut parts = vec![Vec::new(); count];
    let Some(axis) = pivot.columns else { return parts };
    for cell in cells {
        let leaf = plan.cell(*cell).members[axis.dimension];
        if let Some(column) = place[leaf.index()] {
            parts[column].push(*cell);
        }
    }
    parts
}

/// The columns that headings may ask for: `2026-2027` can be read then.
const HEADING: usize = 8;

/// The columns that the longest of these figures takes, whichever of them is shown.
fn widest(figures: &[Vec<Figure>]) -> usize {
    let all = || {
        figures.iter().flatten().flat_map(|own| {
            [&own.amount, &own.baseline, &own.against].into_iter().chain(own.need.as_ref())
        })
    };
    let ends = [all().min(), all().max()];
    let widths = ends.into_iter().flatten().map(|end| grouped(end, 0).width());
    widths.max().unwrap_or(0)
}

/// What the amounts of some cells add up to.
pub(super) struct Sums {
    pub(super) amount: Amount,
    pub(super) baseline: Amount,
    /// What changes are counted from; nothing where that is the baseline, or not known.
    pub(super) against: Option<Amount>,
    before: Option<Amount>,
    pub(super) need: Option<Amount>,
    assumed: bool,
}

impl Sums {
    pub(super) fn of(answer: &Seen<'_>, choice: &Choice<'_>, cells: &[CellId]) -> Self {
        let plan = answer.plan;
        let against = choice.against.filter(|_| !choice.from_baseline);
        let mut needs = cells.iter().filter_map(|cell| plan.cell(*cell).need.as_ref()).peekable();
        let weak = |cell: &CellId| plan.cell(*cell).provenance >= Provenance::Assumed;
        Self {
            amount: answer.sum(cells),
            baseline: answer.baseline(cells),
            against: against.map(|other| other.sum(cells)),
            before: choice.before.map(|before| before.sum(cells)),
            need: needs.peek().is_some().then(|| needs.sum()),
            assumed: cells.iter().any(weak),
        }
    }

    /// What parts add up to that have no cell in common.
    fn total(parts: &[Self]) -> Self {
        let all = |own: fn(&Self) -> Option<&Amount>| {
            let mut known = parts.iter().filter_map(own).peekable();
            known.peek().is_some().then(|| known.sum())
        };
        Self {
            amount: parts.iter().map(|part| &part.amount).sum(),
            baseline: parts.iter().map(|part| &part.baseline).sum(),
            against: all(|part| part.against.as_ref()),
            before: all(|part| part.before.as_ref()),
            need: all(|part| part.need.as_ref()),
            assumed: parts.iter().any(|part| part.assumed),
        }
    }
}

fn figure(
    answer: &Seen<'_>,
    holds: &Holds,
    (choice, sums): (&Choice<'_>, &Sums),
    cells: Vec<CellId>,
) -> Figure {
    let against = if choice.from_baseline { Some(&sums.baseline) } else { sums.against.as_ref() };
    Figure {
        mark: mark(answer, holds, &cells),
        assumed: sums.assumed && !holds.stated.contains(&cells),
        amount: sums.amount.clone(),
        against: against.unwrap_or(&sums.amount).clone(),
        baseline: sums.baseline.clone(),
        need: sums.need.clone(),
        moved: sums.before.as_ref().map_or(Ordering::Equal, |before| sums.amount.cmp(before)),
        cells,
    }
}

/// What holds cells.
struct Holds {
    /// The cells of each hold that is applied.
    held: Vec<Vec<CellId>>,
    /// The cells of each total that a source states, if it is not assumed itself.
    stated: Vec<Vec<CellId>>,
    /// For each cell, how many cells the smallest limit has that presses on it.
    pressed: Vec<usize>,
}

impl Holds {
    fn of(answer: &Seen<'_>) -> Self {
        let plan = answer.plan;
        let applied = plan.holds().iter().filter(|hold| !hold.lapsed);
        let mut pressed = vec![usize::MAX; plan.cells().len()];
        for pressure in answer.allocation.iter().flat_map(|found| &found.pressures) {
            for cell in pressure.own.iter().filter(|_| counts(pressure.origin.kind)) {
                let least = &mut pressed[cell.index()];
                *least = (*least).min(pressure.own.len());
            }
        }
        let held = applied.map(|hold| plan.select(&hold.on)).collect();
        let known = |control: &&Control| {
            control.of == ControlOf::Baseline && control.provenance < Provenance::Assumed
        };
        let stated = plan.controls().iter().filter(known);
        let stated = stated.map(|control| plan.select(&control.on)).collect();
        Self { held, stated, pressed }
    }

    /// Whether limits inside `cells` could press on all of them; that is told before they are looked at.
    fn may_cover(&self, cells: &[CellId]) -> bool {
        cells.iter().all(|cell| self.pressed[cell.index()] <= cells.len())
    }
}

/// Whether a rule of this kind marks what it presses on.
fn counts(kind: ReadingKind) -> bool {
    matches!(kind, ReadingKind::Limit | ReadingKind::Hold | ReadingKind::Transfer)
}

fn mark(answer: &Seen<'_>, holds: &Holds, cells: &[CellId]) -> Mark {
    if cells.is_empty() {
        return Mark::Closed;
    }
    if holds.held.iter().any(|held| held == cells) {
        return Mark::Held;
    }
    let all = |test: &dyn Fn(&CellId) -> bool| cells.iter().all(test);
    let plan = answer.plan;
    let kept = |cell: &CellId| plan.transfers().kept.get(cell.index()).is_some_and(Option::is_some);
    if all(&|cell| plan.cell(*cell).weight().is_zero()) || all(&kept) {
        return Mark::Fixed;
    }
    let Some(allocation) = answer.allocation else { return Mark::Free };
    if holds.may_cover(cells)
        && let Some(mark) = limited(allocation, cells)
    {
        return mark;
    }
    let own = &allocation.own;
    if all(&|cell| own[cell.index()].is_positive()) {
        return Mark::Floor;
    }
    if all(&|cell| own[cell.index()].is_negative()) { Mark::Ceiling } else { Mark::Free }
}

/// What presses on a figure as a whole: limits of its very cells, or of parts that make it up.
fn limited(allocation: &Allocation, cells: &[CellId]) -> Option<Mark> {
    let mut covered = vec![false; cells.len()];
    let mut mark = None;
    for pressure in &allocation.pressures {
        let kind = pressure.origin.kind;
        if !counts(kind) || pressure.own.len() > cells.len() {
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

fn keeps(answer: &Seen<'_>, holds: &Holds, choice: &Choice<'_>, cells: &[CellId]) -> bool {
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
            holds.held.iter().any(touches)
        }
        Kept::Assumed => {
            let weak = |cell: &CellId| answer.plan.cell(*cell).provenance >= Provenance::Assumed;
            cells.iter().any(weak)
        }
    }
}
