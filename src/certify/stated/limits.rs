//! The limits of a result, and the conflict of one without an answer.

use super::{Answer, Stated, pressures};
use crate::certify::{Refusal, Statement};
use crate::plan::{Measured, Reading, readings};

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
        figures(row, reading)?;
        let pressure = pressures::of(&pressures, reading);
        row.figure("pressure", pressure.as_ref(), true)?;
        row.flag("binding", pressure.is_some() || !reading.slack.is_positive())?;
    }
    let moved = rows.iter().skip(read.len());
    let mut moves = moves(answer).into_iter();
    for row in moved {
        let (id, member, net) = moves.next().ok_or_else(|| Refusal::Unknown(row.what.clone()))?;
        super::words(row, "id", &id)?;
        super::words(row, "member", &member)?;
        row.figure("level", Some(&net), false)?;
        row.flag("binding", false)?;
    }
    Ok(())
}

fn figures(row: &super::Row, reading: &Reading) -> Result<(), Refusal> {
    super::words(row, "id", reading.id.as_str())?;
    super::words(row, "member", &reading.member)?;
    super::words(row, "sense", reading.sense.sign())?;
    let share = matches!(reading.measured, Measured::Share | Measured::Step);
    row.figure("bound", Some(&reading.bound), share)?;
    row.figure("level", Some(&reading.level), share)?;
    row.figure("slack", Some(&reading.slack), false)
}

/// The moves that limits without bounds report.
fn moves(answer: &Answer) -> Vec<(String, String, crate::units::Amount)> {
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
                found.push((limit.id.to_string(), moved.member, net));
            }
        }
    }
    found
}
