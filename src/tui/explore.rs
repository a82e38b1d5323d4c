//! The explore screen: one value is walked through, and totals are watched along the way.

mod view;

use std::sync::Arc;

pub use view::view;

use super::action::Action;
use super::advice::{self, Advice, Asked, Question};
use super::answer::Answer;
use super::editing;
use super::message::Command;
use super::model::{Model, Screen};
use super::pivot::under;
use super::sweep::{Point, Sweep};
use crate::report::{Column, RowKind, Table, Unit, Value};
use crate::units::{Amount, CellId, display_safe};

/// What the explore screen knows.
#[derive(Debug, Default)]
pub struct Explore {
    /// The chosen value.
    pub row: usize,
    /// How far the chosen point is from where the value stands, in steps.
    pub at: i64,
    /// How wide the walk is: a place in `SPANS`.
    span: usize,
    /// Whether amounts are shown, and not changes in percent.
    amounts: bool,
    /// What was asked.
    asked: Option<Asked>,
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
    let rows = model.revenue.rows.iter().filter_map(|row| {
        let name = if row.title.is_empty() { &row.id } else { &row.title };
        Some(Subject {
            title: format!("{name} {}", row.period).trim().to_string(),
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

/// The names of the values.
pub(super) fn names(model: &Model) -> Vec<String> {
    subjects(model).into_iter().map(|subject| subject.title).collect()
}

fn sweep(model: &Model) -> Option<Sweep> {
    let subject = subjects(model).get(model.explore.row).cloned()?;
    let span = Amount::ratio(SPANS[model.explore.span % SPANS.len()], 100);
    Some(Sweep::around(&subject.target, subject.share, &subject.now, &span))
}

/// Walks through the chosen value, unless that was done already.
pub(super) fn walk(model: &mut Model) -> Vec<Command> {
    let last = subjects(model).len().saturating_sub(1);
    model.explore.row = model.explore.row.min(last);
    let (Some(sweep), None) = (sweep(model), &model.trouble) else { return Vec::new() };
    let (asked, commands) = advice::ask(model, Question::Sweep(sweep));
    model.explore.asked = Some(asked);
    commands
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
        (model.explore.row, model.explore.at) = (place, 0);
    }
    walk(model)
}

/// Does an action of this screen.
pub fn update(model: &mut Model, action: Action) -> Vec<Command> {
    let last = subjects(model).len().saturating_sub(1);
    let screen = &mut model.explore;
    let row = screen.row;
    match action {
        Action::Up => screen.row = row.saturating_sub(1),
        Action::Down => screen.row = (row + 1).min(last),
        Action::PageUp => screen.row = row.saturating_sub(10),
        Action::PageDown => screen.row = (row + 10).min(last),
        Action::First => screen.row = 0,
        Action::Last => screen.row = last,
        Action::Left => screen.at -= 1,
        Action::Right => screen.at += 1,
        Action::Wider => screen.span = (screen.span + 1) % SPANS.len(),
        Action::Show => screen.amounts = !screen.amounts,
        Action::TakePoint => return take(model),
        _ => {}
    }
    if screen.row != row || action == Action::Wider {
        screen.at = 0;
        return walk(model);
    }
    if let Some((_, places)) = places(model) {
        let (least, most) = places;
        model.explore.at = model.explore.at.clamp(least, most);
    }
    Vec::new()
}

/// The walk, and how many steps there are below and above where the value stands.
fn places(model: &Model) -> Option<(&Sweep, (i64, i64))> {
    let Question::Sweep(sweep) = &model.explore.asked.as_ref()?.question else { return None };
    let subject = subjects(model).into_iter().find(|own| own.target == sweep.target)?;
    let here = sweep.values.iter().position(|value| *value == subject.now)?;
    let count = |number: usize| i64::try_from(number).unwrap_or(0);
    Some((sweep, (-count(here), count(sweep.values.len() - 1 - here))))
}

/// The value at the chosen point.
fn chosen(model: &Model) -> Option<(Sweep, Amount)> {
    let (sweep, (least, _)) = places(model)?;
    let place = usize::try_from(model.explore.at - least).ok()?;
    Some((sweep.clone(), sweep.values.get(place)?.clone()))
}

/// Makes the chosen point the scenario.
fn take(model: &mut Model) -> Vec<Command> {
    if model.explore.at == 0 {
        model.say("this is where the scenario stands: ← and → choose a point");
        return Vec::new();
    }
    let Some((sweep, value)) = chosen(model) else { return Vec::new() };
    let found = points(model).iter().find(|point| point.value == value).cloned();
    if found.is_some_and(|point| point.amounts.is_none()) {
        model.warn("this point cannot be done: limits clash there");
        return Vec::new();
    }
    model.explore.at = 0;
    editing::edit(model, &sweep.edit(&value))
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
    let subject = subjects(model).get(model.explore.row).cloned()?;
    let series = series(model, answer);
    let unit = || Unit::Money(answer.plan.unit());
    let mut columns = vec![Column::figure("value", &subject.title, Unit::None)];
    columns.extend(series.iter().map(|own| Column::figure(&own.name, &own.name, unit())));
    let mut table = Table::new("explore", "Explored", columns);
    for point in points(model) {
        let mut values = vec![Value::Number(point.value.clone())];
        values.extend(series.iter().map(|own| match &point.amounts {
            Some(amounts) => Value::Number(sum(amounts, &own.cells)),
            None => Value::Empty,
        }));
        table.push(RowKind::Body, values);
    }
    Some(table)
}
