//! The limits of a result, and the conflict of one without an answer.

use super::{Answer, Stated, pressures};
use crate::certify::{Refusal, Statement};
use crate::plan::{MeasureOf, Measured, Plan, Reading, ReadingKind, readings};
use crate::units::Amount;

pub(super) fn limits(
    answer: &Answer,
    statement: &Statement,
    stated: &Stated,
) -> Result<(), Refusal> {
    let pressures = pressures::pressures(answer, statement)?;
    pressures::contributions(answer, &pressures, stated)?;
    let read = readings(answer.plan, &answer.amounts, &answer.levels);
    let rows = stated.rows("limits")?;
    if rows.len() < read.len() {
        return Err(Refusal::Count { what: "limits", stated: rows.len(), known: read.len() });
    }
    for (row, reading) in rows.iter().zip(&read) {
        figures(answer.plan, row, reading)?;
        let pressure = pressures::of(&pressures, reading);
        row.figure("pressure", pressure.as_ref(), true)?;
        row.flag("binding", pressure.is_some() || !reading.slack.is_positive())?;
    }
    let moved = rows.iter().skip(read.len());
    let mut moves = moves(answer).into_iter();
    for row in moved {
        let (id, member, net, authority) =
            moves.next().ok_or_else(|| Refusal::Unknown(row.what.clone()))?;
        super::words(row, "id", &id)?;
        super::words(row, "member", &member)?;
        super::words_if_any(row, "authority", authority)?;
        row.figure("level", Some(&net), false)?;
        super::words_if_any(row, "sense", None)?;
        for unbounded in ["bound", "slack", "pressure"] {
            row.figure(unbounded, None, false)?;
        }
        row.flag("binding", false)?;
    }
    Ok(())
}

fn figures(plan: &Plan, row: &super::Row, reading: &Reading) -> Result<(), Refusal> {
    super::words(row, "id", reading.id.as_str())?;
    super::words(row, "member", &reading.member)?;
    super::words(row, "sense", reading.sense.sign())?;
    super::words(row, "measure", &measure(plan, reading))?;
    let share = matches!(reading.measured, Measured::Share | Measured::Step);
    row.figure("bound", Some(&reading.bound), share)?;
    row.figure("level", Some(&reading.level), share)?;
    row.figure("slack", Some(&reading.slack), false)?;
    let unstated = match reading.kind {
        ReadingKind::Hold => "planner's hold",
        ReadingKind::Transfer => "transfer of this scenario",
        _ => "no authority stated",
    };
    super::words(row, "authority", reading.authority.as_deref().unwrap_or(unstated))
}

/// What a limit measures, and how: `amount`, `posts share`.
fn measure(plan: &Plan, reading: &Reading) -> String {
    let own = match reading.measure {
        MeasureOf::Amount => String::new(),
        measure => plan.measure_text(measure),
    };
    let words = [own.as_str(), reading.measured.word()];
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    if words.is_empty() { "amount".into() } else { words.join(" ") }
}

/// The moves that limits without bounds report: id, member and net move, and who set the limit.
fn moves<'a>(answer: &Answer<'a>) -> Vec<(String, String, Amount, Option<&'a str>)> {
    let plan = answer.plan;
    let mut found = Vec::new();
    for limit in plan.limits() {
        let bounded = plan.rules(limit).iter().any(|rule| {
            !matches!(&rule.body, crate::plan::Body::Level { min: None, max: None, .. })
        });
        if (limit.tiers.is_empty() && limit.approval.is_none()) || bounded {
            continue;
        }
        for moved in plan.moved(limit) {
            let net = &moved.form.value(&answer.amounts) - &plan.baseline_of(&moved.form);
            if moved.approval(limit, &net.abs()).is_some() {
                let authority = limit.authority.as_deref();
                found.push((limit.id.to_string(), moved.member, net, authority));
            }
        }
    }
    found
}
