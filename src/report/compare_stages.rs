//! What the stages of scenarios reached, side by side.

use indexmap::IndexMap;

use super::compare::Side;
use super::table::{Column, RowKind, Table, Unit, Value};
use crate::explain::average_change;
use crate::plan::{Aim, MeasureOf, Plan, Stage, Strength};
use crate::units::Amount;

/// The stages, and what each scenario reached in them.
pub fn compare_stages(sides: &[Side<'_>]) -> Table {
    let mut columns = vec![Column::key("stage", "Stage")];
    for place in 1..=sides.len() {
        columns.push(Column::figure(&format!("value_{place}"), &format!("In {place}"), Unit::None));
    }
    let mut table = Table::new("stages", "Stages", columns);
    let mut rows: IndexMap<(String, usize), Vec<Value>> = IndexMap::new();
    for (place, side) in sides.iter().enumerate() {
        let Some(found) = side.found() else { continue };
        let mut seen: IndexMap<String, usize> = IndexMap::new();
        for row in super::stages(side.plan, found).body() {
            let (Some(Value::Text(stage)), Some(value)) = (row.values.first(), row.values.get(3))
            else {
                continue;
            };
            let round = seen.entry(stage.clone()).or_default();
            *round += 1;
            let own = rows
                .entry((stage.clone(), *round))
                .or_insert_with(|| vec![Value::Empty; sides.len()]);
            own[place] = value.clone();
        }
    }
    for ((stage, round), own) in rows {
        let text = if round > 1 { format!("{stage} {round}") } else { stage };
        table.push(RowKind::Body, std::iter::once(Value::text(text)).chain(own).collect());
    }
    table.notes.push("a stage that maximises is stated as the minimisation of its negative".into());
    table
}

/// The same for people: what each stage counts, the larger the better where it is earned, and the
/// average change of a line for what is shared out last.
pub fn compare_stages_told(sides: &[Side<'_>]) -> Table {
    let plain = compare_stages(sides);
    let mut columns = plain.columns;
    columns.insert(1, Column::note("what", "What it is"));
    let mut table = Table::new(plain.id, plain.title, columns);
    for mut row in plain.rows {
        let (what, turned) = match &row.values[0] {
            Value::Text(text) => counts(sides, text.split(' ').next().unwrap_or(text)),
            _ => (String::new(), Turned::Same),
        };
        for (value, side) in row.values.iter_mut().skip(1).zip(sides) {
            if let Value::Number(number) = value {
                *value = match turned {
                    Turned::Same => Value::Number(number.clone()),
                    Turned::Negative => Value::Number(-number.clone()),
                    Turned::Share => Value::Share(number.clone()),
                    Turned::Average => Value::Share(average_change(side.plan, number)),
                };
            }
        }
        row.values.insert(1, Value::text(what));
        table.push(RowKind::Body, row.values);
    }
    table
}

/// How the minimised value of a stage is told.
#[derive(Clone, Copy)]
enum Turned {
    Same,
    Negative,
    Share,
    Average,
}

/// What a stage counts, and how its value is told.
fn counts(sides: &[Side<'_>], id: &str) -> (String, Turned) {
    let stages =
        sides.iter().flat_map(|side| side.plan.stages().iter().map(|own| (side.plan, own)));
    let mut own = stages.filter(|(_, stage)| stage.id.as_str() == id && stage.is_linear());
    match own.next() {
        Some((plan, stage)) => {
            let (what, turned) = aim(plan, stage);
            (format!("{}: {what}", stage.title), turned)
        }
        None => ("the average change of a line".into(), Turned::Average),
    }
}

fn aim(plan: &Plan, stage: &Stage) -> (String, Turned) {
    let unit = plan.unit();
    let way = |largest: &bool| if *largest { Turned::Negative } else { Turned::Same };
    match &stage.aim {
        Aim::Shortfall { even: false, limits } => {
            let weighs = |place: &usize| {
                let own = &plan.limits()[*place].strength;
                matches!(own, Strength::Soft { weight } if *weight != Amount::ONE)
            };
            let weighted = if limits.iter().any(weighs) { "weighted " } else { "" };
            (format!("{weighted}{unit} missed"), Turned::Same)
        }
        Aim::NeedShortfall { even: false, .. } => (format!("{unit} missed"), Turned::Same),
        Aim::Shortfall { .. } | Aim::NeedShortfall { .. } | Aim::Coverage { .. } => {
            ("what the worst served misses".into(), Turned::Share)
        }
        Aim::Value(_) => (format!("weighted {unit} earned"), Turned::Negative),
        Aim::FewMoves { .. } | Aim::Turnover { .. } => {
            (format!("{unit} that change place"), Turned::Same)
        }
        Aim::Deviation { .. } => (format!("{unit} off the targets"), Turned::Same),
        Aim::ReserveUse { .. } => (format!("{unit} drawn"), Turned::Same),
        Aim::Measure { measure, maximise, .. } => {
            let own = match measure {
                MeasureOf::Weighted(place) => plan.measures()[*place].unit.as_str(),
                _ => "plan",
            };
            (if own == "plan" { unit } else { own.into() }, way(maximise))
        }
        Aim::Revenue { maximise, .. } => (unit, way(maximise)),
        Aim::ProRata => ("the average change of a line".into(), Turned::Average),
    }
}
