//! The allocation, its totals, the revenue and the stages of a result.

use num_bigint::BigInt;

use super::{Answer, Row, Stated};
use crate::certify::{Refusal, Statement, decisions};
use crate::plan::{ControlOf, Plan, Provenance, Slice};
use crate::units::{Amount, MemberId, Money};

/// The published figures of the cells, in declared order.
pub(super) fn cells(plan: &Plan, stated: &Stated) -> Result<Vec<Money>, Refusal> {
    let rows = stated.rows("allocation")?;
    let known = plan.cells().len();
    if rows.len() != known {
        return Err(Refusal::Count { what: "cells", stated: rows.len(), known });
    }
    let money = |(row, cell): (&Row, &crate::plan::Cell)| {
        for (dimension, member) in plan.dimensions().iter().zip(&cell.members) {
            super::words(row, dimension.id().as_str(), dimension.member(*member).id.as_str())?;
        }
        let count = plan.quantum().count(&row.number("allocation")?);
        let whole = count.is_whole().then(|| Money::from_big(&count.numerator())).flatten();
        let far = || Refusal::Far(row.what.clone());
        whole.ok_or_else(far)
    };
    rows.iter().zip(plan.cells()).map(money).collect()
}

/// What is not there where there is no answer.
pub(super) fn nothing(plan: &Plan, stated: &Stated) -> Result<(), Refusal> {
    let total = stated.object("total")?;
    let baseline: Amount = plan.cells().iter().map(|cell| &cell.baseline).sum();
    total.figure("baseline", Some(&baseline), false)?;
    total.figure("allocation", None, false)?;
    total.figure("revenue", None, false)
}

pub(super) fn total(answer: &Answer, stated: &Stated) -> Result<(), Refusal> {
    let total = stated.object("total")?;
    let baseline: Amount = answer.plan.cells().iter().map(|cell| &cell.baseline).sum();
    let allocated: Amount = answer.amounts.iter().sum();
    let revenue: Amount = answer.levels.totals.iter().sum();
    total.figure("baseline", Some(&baseline), false)?;
    total.figure("allocation", Some(&allocated), false)?;
    total.figure("revenue", Some(&revenue), false)
}

/// The figures of a row over some cells.
fn figures(answer: &Answer, row: &Row, cells: &[usize]) -> Result<(), Refusal> {
    let plan = answer.plan;
    let baseline: Amount = cells.iter().map(|cell| &plan.cells()[*cell].baseline).sum();
    let needs: Vec<&Amount> =
        cells.iter().filter_map(|cell| plan.cells()[*cell].need.as_ref()).collect();
    let need: Amount = needs.iter().copied().sum();
    let amount: Amount = cells.iter().map(|cell| &answer.amounts[*cell]).sum();
    let change = &amount - &baseline;
    let share = (!baseline.is_zero()).then(|| &change / &baseline.abs());
    row.figure("baseline", Some(&baseline), false)?;
    row.figure("need", (!needs.is_empty()).then_some(&need), false)?;
    row.figure("allocation", Some(&amount), false)?;
    row.figure("change", Some(&change), false)?;
    row.figure("change_pct", share.as_ref(), true)
}

pub(super) fn allocation(answer: &Answer, stated: &Stated) -> Result<(), Refusal> {
    let rows = stated.rows("allocation")?;
    rows.iter().enumerate().try_for_each(|(place, row)| figures(answer, row, &[place]))?;
    let plan = answer.plan;
    let groups = plan.groups(&Slice::all(plan.dimensions().len()), &plan.leaf_axes());
    // A dimension of one member parts nothing, and no stated total names it.
    let single = |place: &usize| plan.dimensions()[*place].leaves().count() == 1;
    let single: Vec<usize> = (0..plan.dimensions().len()).filter(single).collect();
    rows.iter().zip(groups).try_for_each(|(row, group)| {
        let slice = single.iter().fold(group.slice, |slice, place| slice.with(*place, None));
        super::words(row, "provenance", plan.provenance(&slice, &group.cells).word())
    })
}

/// Totals by members of some dimensions, at any level; together they are everything.
pub(super) fn by(answer: &Answer, stated: &Stated) -> Result<(), Refusal> {
    if !stated.has("by") {
        return Ok(());
    }
    let plan = answer.plan;
    let mut seen = vec![false; plan.cells().len()];
    for row in stated.rows("by")? {
        let mut members: Vec<(usize, MemberId)> = Vec::new();
        for (place, dimension) in plan.dimensions().iter().enumerate() {
            if !row.has(dimension.id().as_str()) {
                continue;
            }
            let id = row.text(dimension.id().as_str())?;
            let known = (0..dimension.members().len()).map(MemberId::new);
            let member = known.into_iter().find(|member| dimension.member(*member).id == *id);
            members
                .push((place, member.ok_or_else(|| Refusal::Unknown(format!("member `{id}`")))?));
        }
        let inside = |cell: &usize| {
            let own = &plan.cells()[*cell].members;
            members.iter().all(|(axis, member)| plan.lies_under(*axis, own[*axis], *member))
        };
        let cells: Vec<usize> = (0..plan.cells().len()).filter(inside).collect();
        for cell in &cells {
            if std::mem::replace(&mut seen[*cell], true) {
                return Err(Refusal::Twice(format!("a cell of {}", row.what)));
            }
        }
        figures(answer, &row, &cells)?;
    }
    if seen.iter().all(|seen| *seen) {
        return Ok(());
    }
    Err(Refusal::File("the totals of the result leave cells out".into()))
}

pub(super) fn revenue(answer: &Answer, stated: &Stated) -> Result<(), Refusal> {
    let plan = answer.plan;
    let lines = plan.revenue().iter().enumerate();
    let entries: Vec<(usize, usize)> = lines
        .flat_map(|(line, own)| (0..own.entries.len()).map(move |entry| (line, entry)))
        .collect();
    let rows = stated.rows("revenue")?;
    if rows.len() != entries.len() {
        return Err(Refusal::Count {
            what: "revenue entries",
            stated: rows.len(),
            known: entries.len(),
        });
    }
    for (row, place) in rows.iter().zip(entries) {
        let line = &plan.revenue()[place.0];
        let entry = &line.entries[place.1];
        super::words(row, "id", line.id.as_str())?;
        super::words(row, "period", plan.entry_time(entry))?;
        super::words(row, "title", &line.title)?;
        super::words(row, "provenance", line.provenance.word())?;
        let nothing = Amount::ZERO;
        let amount = answer.levels.entries.get(&place).unwrap_or(&nothing);
        row.figure("baseline", line.baseline.as_ref().filter(|_| place.1 == 0), false)?;
        row.figure("amount", Some(amount), false)?;
        for (key, bound) in [("min", &entry.min), ("max", &entry.max), ("prefer", &entry.prefer)] {
            row.figure(key, entry.is_decision().then_some(bound), false)?;
        }
    }
    Ok(())
}

/// The linear stages as they are proven, then the distance of the calibration.
pub(super) fn stages(
    answer: &Answer,
    statement: &Statement,
    stated: &Stated,
) -> Result<(), Refusal> {
    let wishes = if answer.proof.open { decisions(answer.plan).len() } else { 0 };
    let last = statement.aims.len() - wishes;
    let id_of = |name: &str| {
        let aim = statement.aims[..last].iter().find(|aim| aim.name == name);
        aim.map(|aim| aim.id.as_str())
    };
    let proven = answer.proof.stages.iter();
    let proven: Vec<_> = proven.filter_map(|own| Some((id_of(&own.stage)?, own))).collect();
    let rows = stated.rows("stages")?;
    let (count, known) = (rows.len(), proven.len() + 1);
    if count != known {
        return Err(Refusal::Count { what: "stages", stated: count, known });
    }
    for (row, (id, proof)) in rows.iter().zip(proven) {
        super::words(row, "stage", id)?;
        row.flag("linear", true)?;
        row.figure("value", Some(&proof.value), false)?;
        row.figure("bound", Some(&proof.value), false)?;
        row.figure("gap", Some(&Amount::ZERO), false)?;
    }
    distance(answer, &rows[count - 1])
}

/// `1/2 * sum (x - b)^2 / w`, to six decimals: its terms are bracketed at the thirtieth.
fn distance(answer: &Answer, row: &Row) -> Result<(), Refusal> {
    super::words(row, "stage", "change")?;
    row.flag("linear", false)?;
    let fine = Amount::from(BigInt::from(10).pow(30));
    let (mut least, mut count) = (BigInt::from(0), 0_i64);
    for (cell, amount) in answer.plan.cells().iter().zip(&answer.proof.exact) {
        let weight = cell.weight();
        if !weight.is_zero() {
            let change = amount - &cell.baseline;
            let twice = &(&change * &change) / &weight;
            least += (&twice * &fine).floor();
            count += 1;
        }
    }
    let half = &Amount::ratio(1, 2) / &fine;
    let at = |more: i64| {
        let sum = &(&Amount::from(least.clone()) + &Amount::whole(more)) * &half;
        Amount::parse(&sum.to_decimal(6)).unwrap_or_default()
    };
    let (low, high) = (at(0), at(count));
    let value = if row.number("value")? == high { high } else { low };
    row.figure("value", Some(&value), false)?;
    row.figure("bound", Some(&value), false)?;
    row.figure("gap", Some(&Amount::ZERO), false)
}

/// How much of the figures rests on what.
pub(super) fn provenance(answer: &Answer, stated: &Stated) -> Result<(), Refusal> {
    let plan = answer.plan;
    let provenance = stated.object("provenance")?;
    let controls = || plan.controls().iter().filter(|control| control.of == ControlOf::Baseline);
    let best = if plan.controls().is_empty() { Provenance::Confirmed } else { Provenance::Derived };
    let (controlled, cells) = (provenance.object("controlled")?, provenance.object("cells")?);
    for word in Provenance::ALL {
        let over = |cell: &&crate::plan::Cell| {
            let over = controls().filter(|control| control.on.has(&cell.members));
            over.map(|control| control.provenance).min() == Some(word)
        };
        let baseline: Amount = plan.cells().iter().filter(over).map(|cell| &cell.baseline).sum();
        controlled.figure(word.word(), Some(&baseline), false)?;
        let rests = plan.cells().iter().zip(&answer.amounts);
        let rests = rests.filter(|(cell, _)| cell.provenance.and(best) == word);
        let amount: Amount = rests.map(|(_, amount)| amount).sum();
        cells.figure(word.word(), Some(&amount), false)?;
    }
    Ok(())
}
