//! The linkage of a result: each figure next to what attributions carry, each margin as it rounds.

use super::{Answer, Row, Stated};
use crate::certify::Refusal;
use crate::certify::largest::shared;
use crate::plan::{Attribution, MeasureOf, Plan};
use crate::units::{Amount, CellId, Id, Money};

/// How far a figure may stand from its exact one, in quanta.
const WIDEST: i64 = 4;

pub(super) fn linkage(answer: &Answer, stated: &Stated) -> Result<(), Refusal> {
    let rows = stated.rows("linkage")?;
    let mut rest = rows.as_slice();
    while let Some(first) = rest.first() {
        let name = first.text("dimension")?;
        let same = |row: &&Row| row.text("dimension").is_ok_and(|own| own == name);
        let count = rest.iter().take_while(same).count();
        block(answer, name, &rest[..count])?;
        rest = &rest[count..];
    }
    for id in wanted(answer.plan) {
        if !rows.iter().any(|row| row.text("dimension").is_ok_and(|own| own == id.as_str())) {
            return Err(Refusal::File(format!("the linkage has nothing of `{id}`")));
        }
    }
    Ok(())
}

/// The attributions whose targets have rows of their own: those that carry no cost between the members of a
/// dimension, where there is a dimension for the columns.
fn wanted(plan: &Plan) -> Vec<&Id> {
    let carries = |own: &&Attribution| {
        plan.dimensions().iter().any(|axis| {
            let is_leaf = |target: &Id| axis.leaves().any(|leaf| axis.member(leaf).id == *target);
            own.targets.iter().all(is_leaf)
        })
    };
    let told = |place: usize| {
        let mut rows = plan.attributions().iter().flat_map(|own| &own.rows);
        rows.any(|(slice, _)| slice.pick(place).is_some())
    };
    let (carrying, rest): (Vec<_>, Vec<_>) = plan.attributions().iter().partition(carries);
    let free = |place: usize| Some(place) != plan.time() && !told(place);
    let columns = !carrying.is_empty() || (0..plan.dimensions().len()).any(free);
    rest.into_iter().filter(|_| columns).map(|own| &own.to).collect()
}

/// The different texts of a field, in the order in which they come first.
fn texts<'a>(rows: &[Row<'a>], key: &str) -> Result<Vec<&'a str>, Refusal> {
    let mut found: Vec<&str> = Vec::new();
    for row in rows {
        let text = row.text(key)?;
        if !found.contains(&text) {
            found.push(text);
        }
    }
    Ok(found)
}

fn block(answer: &Answer, name: &str, rows: &[Row]) -> Result<(), Refusal> {
    let plan = answer.plan;
    let (members, columns) = (texts(rows, "member")?, texts(rows, "column")?);
    let across = plan.dimensions().iter().position(|dimension| {
        let ids = dimension.leaves().map(|leaf| dimension.member(leaf).id.as_str());
        ids.eq(columns.iter().copied())
    });
    let across = across.ok_or_else(|| Refusal::Unknown(format!("columns of {name}")))?;
    if rows.len() != members.len() * columns.len() {
        return Err(Refusal::File(format!("the linkage of {name} is not whole")));
    }
    let tables: Vec<Vec<Money>> = ["before", "after"]
        .into_iter()
        .map(|key| {
            let exact = exact(answer, name, &members, (across, &columns), key == "after")?;
            judged(plan, rows, key, &exact, columns.len())
        })
        .collect::<Result<_, _>>()?;
    for (place, row) in rows.iter().enumerate() {
        super::words(row, "member", members[place / columns.len()])?;
        super::words(row, "column", columns[place % columns.len()])?;
        let carried = plan.quantum().amount(tables[1][place] - tables[0][place]);
        row.figure("carried", Some(&carried), false)?;
    }
    Ok(())
}

/// The exact figures, row by row.
fn exact(
    answer: &Answer,
    name: &str,
    members: &[&str],
    (across, columns): (usize, &[&str]),
    carried: bool,
) -> Result<Vec<Amount>, Refusal> {
    let plan = answer.plan;
    let own = plan.dimensions().iter().position(|dimension| dimension.id() == name);
    let by = plan.attributions().iter().position(|attribution| attribution.to == *name);
    if own.is_none() && by.is_none() {
        return Err(Refusal::Unknown(format!("dimension `{name}`")));
    }
    let leaves = plan.dimensions()[across].leaves();
    let leaves: Vec<&str> =
        leaves.map(|leaf| plan.dimensions()[across].member(leaf).id.as_str()).collect();
    let carrying: Vec<usize> = (0..plan.attributions().len())
        .filter(|place| {
            let targets = &plan.attributions()[*place].targets;
            targets.iter().all(|target| leaves.contains(&target.as_str()))
        })
        .collect();
    let mut figures = vec![Amount::ZERO; members.len() * columns.len()];
    for (place, amount) in answer.amounts.iter().enumerate() {
        let cell = CellId::new(place);
        let split = split(plan, cell, (across, columns), if carried { &carrying } else { &[] });
        for (row, member) in members.iter().enumerate() {
            let share = match (own, by) {
                (Some(axis), _) => {
                    let dimension = &plan.dimensions()[axis];
                    let same = dimension.member(plan.cell(cell).members[axis]).id == **member;
                    if same { Amount::ONE } else { Amount::ZERO }
                }
                (None, by) => {
                    let by = by.unwrap_or_default();
                    let target = plan.attributions()[by].targets.iter();
                    let target = target.enumerate().find(|(_, id)| **id == **member);
                    target.map_or(Amount::ZERO, |(target, _)| {
                        plan.weight(MeasureOf::Attributed(by, target), cell)
                    })
                }
            };
            let part = &share * amount;
            for (column, own) in split.iter().filter(|_| !part.is_zero()) {
                figures[row * columns.len() + column] += &(&part * own);
            }
        }
    }
    Ok(figures)
}

/// The columns that bear a cell, each with its share.
fn split(
    plan: &Plan,
    cell: CellId,
    (across, columns): (usize, &[&str]),
    carrying: &[usize],
) -> Vec<(usize, Amount)> {
    for place in carrying {
        let targets = plan.attributions()[*place].targets.iter().enumerate();
        let borne: Vec<(usize, Amount)> = targets
            .filter_map(|(target, id)| {
                let share = plan.weight(MeasureOf::Attributed(*place, target), cell);
                let column = columns.iter().position(|own| *id == **own)?;
                (!share.is_zero()).then_some((column, share))
            })
            .collect();
        if !borne.is_empty() {
            return borne;
        }
    }
    let dimension = &plan.dimensions()[across];
    let own = &dimension.member(plan.cell(cell).members[across]).id;
    let column = columns.iter().position(|id| *own == **id);
    column.map(|column| (column, Amount::ONE)).into_iter().collect()
}

/// Figures in whole quanta, each near its exact one, whose margins are the exact margins rounded by
/// largest remainders; or the exact figures, where a table states those.
fn judged(
    plan: &Plan,
    rows: &[Row],
    key: &str,
    exact: &[Amount],
    width: usize,
) -> Result<Vec<Money>, Refusal> {
    let quantum = plan.quantum();
    let mut figures = Vec::new();
    for (row, exact) in rows.iter().zip(exact) {
        let count = quantum.count(&row.number(key)?);
        let far = || Refusal::Far(format!("`{key}` of {}", row.what));
        let near = (&count - &quantum.count(exact)).abs() <= Amount::whole(WIDEST);
        let money = count.is_whole().then(|| Money::from_big(&count.numerator())).flatten();
        figures.push(money.filter(|_| near).ok_or_else(far)?);
    }
    let lines: Vec<Amount> = exact.chunks(width).map(|line| line.iter().sum()).collect();
    let columns: Vec<Amount> =
        (0..width).map(|c| exact.iter().skip(c).step_by(width).sum()).collect();
    let total = quantum.count(&lines.iter().sum());
    let total = Money::from_big(&total.floor()).unwrap_or_default();
    let across = figures.chunks(width).map(|line| line.iter().copied().sum::<Money>());
    let down = (0..width).map(|c| figures.iter().skip(c).step_by(width).copied().sum::<Money>());
    let agree =
        across.eq(shared(&lines, total, quantum)) && down.eq(shared(&columns, total, quantum));
    if agree {
        Ok(figures)
    } else {
        Err(Refusal::File(format!("the margins of `{key}` in the linkage do not add up")))
    }
}
