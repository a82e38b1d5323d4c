//! The explore screen: one value is walked through, and totals are watched along the way.

mod chart;
mod chosen;
mod curve;
mod fan;
mod view;

use std::sync::Arc;

pub(super) use fan::spread;
pub use view::view;

use super::action::Action;
use super::advice::{self, Advice, Asked, Question};
use super::answer::Answer;
use super::message::Command;
use super::model::{Model, Screen};
use super::pivot::under;
use super::sweep::{Bends, Point, Sweep};
use crate::report::{Column, RowKind, Table, Unit, Value};
use crate::units::{Amount, CellId, display_safe, grouped};
use chosen::{chosen, list, next_bend, step, take};
use curve::Curve;
use fan::Fan;

/// What the explore screen knows.
#[derive(Debug, Default)]
pub struct Explore {
    /// The chosen value.
    pub row: usize,
    /// The chosen point; where the value stands unless one was chosen.
    pub at: Option<Amount>,
    /// How wide the walk is: a place in `SPANS`.
    span: usize,
    /// Whether amounts are shown, and not changes in percent.
    amounts: bool,
    /// Which points were asked for, and which bends.
    asked: Option<Asked>,
    bends: Option<Asked>,
    /// The value that was walked through last, and what was known of it.
    last: Option<(String, Curve)>,
    /// Whether the search was stopped before all was found.
    stopped: bool,
    /// The rows of a batch, shown in place of the walk.
    fan: Option<Fan>,
}

/// A value that can be walked through.
#[derive(Debug, Clone)]
pub struct Subject {
    /// What it is called.
    pub title: String,
    /// Its dotted key.
    target: String,
    /// Where it stands.
    now: Amount,
    /// Whether files write it in percent.
    share: bool,
    /// What it counts.
    unit: String,
}

/// A total that is watched.
struct Series {
    name: String,
    cells: Vec<CellId>,
}

/// How far a walk goes each way, as parts of a hundred of the value.
const SPANS: [i64; 4] = [10, 20, 50, 5];
/// How many totals are watched beside that of all.
const MOST: usize = 6;

/// The values that can be walked through: drivers and revenue lines, then bounds of limits.
pub fn subjects(model: &Model) -> Vec<Subject> {
    let rows = model.revenue.rows.iter().enumerate().filter_map(|(at, row)| {
        Some(Subject {
            title: called(&model.revenue.rows, at),
            target: row.target.clone()?,
            now: row.value.clone()?,
            share: false,
            unit: row.unit.clone(),
        })
    });
    let unit = model.answer.as_ref().map_or(String::new(), |answer| answer.plan.unit());
    let mut found: Vec<Subject> = rows.collect();
    for row in model.limits.rows.iter().filter(|row| !row.off) {
        let Some(side) = row.side() else { continue };
        if found.iter().any(|known| known.target == side.target) {
            continue;
        }
        found.push(Subject {
            title: format!("{} of {}", side.word, row.bare),
            target: side.target.clone(),
            now: side.bound.clone(),
            share: side.share,
            unit: if side.share { "%".into() } else { unit.clone() },
        });
    }
    found
}

/// What a row of drivers and lines is called: an entry of several has the name that stands above them.
pub(super) fn called(rows: &[super::revenue::Row], at: usize) -> String {
    let Some(row) = rows.get(at) else { return String::new() };
    let above = rows[..=at].iter().rev().find(|own| own.id == row.id && !own.title.is_empty());
    let name = above.map_or(row.id.as_str(), |own| own.title.as_str());
    format!("{name} {}", row.period).trim().to_string()
}

/// What a value is called, and where it stands.
pub(super) fn titled(model: &Model, target: &str) -> Option<String> {
    let own = subjects(model).into_iter().find(|own| own.target == target)?;
    let (scale, unit) = if own.share { (Amount::whole(100), " %") } else { (Amount::ONE, "") };
    let now = &own.now * &scale;
    let now = grouped(&now, if now.is_whole() { 0 } else { 2 });
    Some(format!("{} from {now}{unit}", own.title))
}

/// The names of the values.
pub(super) fn names(model: &Model) -> Vec<String> {
    subjects(model).into_iter().map(|subject| subject.title).collect()
}

fn sweep(model: &Model) -> Option<Sweep> {
    let subject = subjects(model).get(model.explore.row).cloned()?;
    let span = Amount::ratio(SPANS[model.explore.span % SPANS.len()], 100);
    Some(Sweep::around(&subject.target, subject.share, &subject.now, &span))
}

/// Walks through the chosen value, unless that was done already: points are solved, and bends are
/// found beside them.
pub(super) fn walk(model: &mut Model) -> Vec<Command> {
    let last = subjects(model).len().saturating_sub(1);
    model.explore.row = model.explore.row.min(last);
    let (Some(sweep), None) = (sweep(model), &model.trouble) else { return Vec::new() };
    let Some(answer) = model.answer.clone() else { return Vec::new() };
    let known = curve(model);
    let totals = series(model, &answer).into_iter().map(|own| (own.name, own.cells)).collect();
    let target = sweep.target.clone();
    let (asked, mut commands) = advice::ask(model, Question::Sweep(sweep.clone()));
    let (bends, more) = advice::ask(model, Question::Bends { sweep, totals });
    commands.extend(more);
    if model.explore.bends.as_ref() != Some(&bends) && !known.runs.is_empty() {
        let was = model.explore.asked.as_ref().and_then(swept);
        model.explore.last = was.filter(|was| *was == target).map(|target| (target, known));
    }
    (model.explore.asked, model.explore.bends) = (Some(asked), Some(bends));
    model.explore.stopped = false;
    commands
}

/// The value that was walked through for a question.
fn swept(asked: &Asked) -> Option<String> {
    match &asked.question {
        Question::Sweep(sweep) => Some(sweep.target.clone()),
        _ => None,
    }
}

/// The bends, where they are known and exact.
fn bends(model: &Model) -> Option<&Bends> {
    match model.notebook.find(model.explore.bends.as_ref()?)? {
        Advice::Bends(Ok(bends)) if bends.exact => Some(bends),
        _ => None,
    }
}

/// Whether points or bends are still being looked for.
fn searching(model: &Model) -> bool {
    let screen = &model.explore;
    let open = |asked: &Asked| model.notebook.is_open(asked);
    let left = screen.asked.as_ref().is_some_and(|asked| match &asked.question {
        Question::Sweep(sweep) => {
            let known = model.notebook.find(asked).is_some();
            open(asked) || known && points(model).len() < sweep.values.len()
        }
        _ => false,
    });
    left || screen.bends.as_ref().is_some_and(open)
}

/// Whether the screen shows the rows of a batch.
pub(super) fn shows_rows(model: &Model) -> bool {
    model.screen == Screen::Explore && model.trouble.is_none() && model.explore.fan.is_some()
}

/// Leaves the rows of a batch, or a search that is under way; nothing where there is neither.
pub(super) fn cancel(model: &mut Model) -> Option<Vec<Command>> {
    if model.screen != Screen::Explore || model.trouble.is_some() {
        return None;
    }
    if model.explore.fan.take().is_some() {
        return Some(Vec::new());
    }
    if !searching(model) {
        return None;
    }
    let asked = [model.explore.asked.clone(), model.explore.bends.take()];
    for asked in asked.iter().flatten() {
        model.notebook.give_up(asked);
    }
    model.explore.stopped = true;
    model.say("the search was stopped; ↑, ↓ and + begin another");
    Some(vec![Command::Stop])
}

/// What is known of the totals along the walk.
fn curve(model: &Model) -> Curve {
    let Some(answer) = &model.answer else { return Curve::default() };
    match bends(model) {
        Some(bends) => Curve::of_bends(bends),
        None => Curve::of_points(&points(model), &series(model, answer)),
    }
}

/// Comes from another screen: what was chosen there is walked through.
pub(super) fn shown(model: &mut Model, from: Screen) -> Vec<Command> {
    let target = match from {
        Screen::Limits => {
            let row = model.limits.rows.get(model.limits.row);
            row.and_then(|row| row.side()).map(|side| side.target.clone())
        }
        Screen::Revenue => {
            model.revenue.rows.get(model.revenue.row).and_then(|row| row.target.clone())
        }
        _ => None,
    };
    let place = target
        .and_then(|target| subjects(model).iter().position(|subject| subject.target == target));
    if let Some(place) = place.filter(|place| *place != model.explore.row) {
        (model.explore.row, model.explore.at) = (place, None);
    }
    walk(model)
}

/// Does an action of this screen.
pub fn update(model: &mut Model, action: Action) -> Vec<Command> {
    if model.explore.fan.is_some() {
        fan::update(model, action);
        return Vec::new();
    }
    let last = subjects(model).len().saturating_sub(1);
    let row = model.explore.row;
    model.explore.row = action.walks(row, last);
    match action {
        Action::Left => step(model, false),
        Action::Right => step(model, true),
        Action::NextBend => next_bend(model),
        Action::Wider => model.explore.span = (model.explore.span + 1) % SPANS.len(),
        Action::Show => model.explore.amounts = !model.explore.amounts,
        Action::TakePoint => return take(model),
        _ => {}
    }
    if model.explore.row != row || action == Action::Wider {
        model.explore.at = None;
        return walk(model);
    }
    Vec::new()
}

/// The points that are known, ascending.
fn points(model: &Model) -> Vec<Point> {
    let found = model.explore.asked.as_ref().and_then(|asked| model.notebook.find(asked));
    let Some(Advice::Points(found)) = found else { return Vec::new() };
    let mut points = found.to_vec();
    points.sort_by(|a, b| a.value.cmp(&b.value));
    points
}

/// The totals that are watched: the columns of F1, and all of it.
fn series(model: &Model, answer: &Answer) -> Vec<Series> {
    let Some(pivot) = &model.allocation.pivot else { return Vec::new() };
    let plan = &answer.plan;
    let all = pivot.filtered(plan);
    let mut series = Vec::new();
    if let Some(axis) = pivot.columns {
        for member in pivot.column_members(plan).into_iter().take(MOST) {
            let name = plan.dimensions()[axis.dimension].member(member).id.as_str();
            let cells = under(plan, &all, (axis.dimension, member));
            if !cells.is_empty() {
                series.push(Series { name: display_safe(name), cells });
            }
        }
    }
    series.push(Series { name: "Total".into(), cells: all });
    series
}

fn sum(amounts: &Arc<[Amount]>, cells: &[CellId]) -> Amount {
    cells.iter().filter_map(|cell| amounts.get(cell.index())).sum()
}

/// The points as a table.
pub(super) fn table(model: &Model) -> Option<Table> {
    let answer = model.answer.as_ref()?;
    if let Some(fan) = &model.explore.fan {
        return Some(fan.table());
    }
    let subject = subjects(model).get(model.explore.row).cloned()?;
    let series = series(model, answer);
    let unit = || Unit::Money(answer.plan.unit());
    let mut columns = vec![Column::figure("value", &subject.title, Unit::None)];
    columns.extend(series.iter().map(|own| Column::figure(&own.name, &own.name, unit())));
    columns.push(Column::note("bend", "Bend"));
    let mut table = Table::new("explore", "Explored", columns);
    let (points, bends, curve) = (points(model), list(model), curve(model));
    let mut values: Vec<Amount> = points.iter().map(|point| point.value.clone()).collect();
    values.extend(bends.iter().map(|bend| bend.at.clone()));
    values.sort();
    values.dedup();
    for value in values {
        let solved = points.iter().find(|point| point.value == value);
        let totals = match solved.map(|point| &point.amounts) {
            Some(Some(amounts)) => {
                Some(series.iter().map(|own| sum(amounts, &own.cells)).collect())
            }
            Some(None) => None,
            None => curve.at(&value),
        };
        let bend = bends.iter().find(|bend| bend.at == value);
        let mut row = vec![Value::Number(value.clone())];
        match totals {
            Some(totals) => row.extend(totals.into_iter().map(Value::Number)),
            None => row.extend(series.iter().map(|_| Value::Empty)),
        }
        row.push(Value::maybe_text(bend.map(|bend| bend.words.clone())));
        table.push(RowKind::Body, row);
    }
    Some(table)
}
