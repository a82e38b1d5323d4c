//! The table that links the financial plan to the strategic plan: the form of Appendix A of
//! Resolution 71, the members of attributed dimensions against the Sectors.

use super::summary::provenance_note;
use super::table::{Column, RowKind, Table, Unit, Value};
use crate::explain;
use crate::plan::{Attribution, MeasureOf, Plan};
use crate::solve::Allocation;
use crate::units::{Amount, CellId, Id};

/// What each member of the attributed dimensions, and of those they are attributed to, receives
/// in each Sector: before and after the attributions that carry cost between the Sectors.
///
/// An attribution whose targets are members of a dimension carries cost between its members: that
/// dimension makes the columns. Every other one makes two blocks of rows, the members that it is
/// from and its targets. Figures are whole quanta, and every margin is the sum of its figures.
/// A plan without attributions has no rows.
pub fn linkage(plan: &Plan, allocation: &Allocation) -> Table {
    let money = || Unit::Money(plan.unit());
    let column = columns(plan);
    let heading = column.map_or("All", |place| plan.dimensions()[place].title());
    let mut table = Table::new(
        "linkage",
        "Linkage of the financial plan to what it is for",
        vec![
            Column::key("dimension", "Of"),
            Column::key("member", "Member"),
            Column::key("column", heading),
            Column::figure("before", "Before", money()),
            Column::figure("after", "After", money()),
            Column::change("carried", "Carried", money()),
        ],
    );
    let Some(column) = column else { return table };
    let linkage = Linkage { plan, allocation, column, carrying: carrying(plan, column) };
    for block in blocks(plan, column) {
        linkage.fill(&block, &mut table);
    }
    for place in &linkage.carrying {
        let id = &plan.attributions()[*place].id;
        table.notes.push(format!("after: what `{id}` attributes stands with those that bear it"));
    }
    table.notes.push(provenance_note(plan, allocation));
    table
}

/// The dimension that an attribution carries cost within, if the members it names are its own.
fn within(plan: &Plan, attribution: &Attribution) -> Option<usize> {
    plan.dimensions().iter().position(|dimension| {
        let own = |target: &Id| dimension.leaves().any(|leaf| dimension.member(leaf).id == *target);
        attribution.targets.iter().all(own)
    })
}

/// The dimension that makes the columns: the one that cost is carried within, or else the first
/// that is neither time nor attributed.
fn columns(plan: &Plan) -> Option<usize> {
    let attributions = plan.attributions();
    let attributed: Vec<usize> = attributions.iter().flat_map(|own| from(plan, own)).collect();
    let free = |place: &usize| Some(*place) != plan.time() && !attributed.contains(place);
    attributions
        .iter()
        .find_map(|attribution| within(plan, attribution))
        .or_else(|| (0..plan.dimensions().len()).find(free).filter(|_| !attributions.is_empty()))
}

fn carrying(plan: &Plan, column: usize) -> Vec<usize> {
    let all = plan.attributions().iter().enumerate();
    all.filter(|(_, own)| within(plan, own) == Some(column)).map(|(place, _)| place).collect()
}

/// The dimensions that the shares of an attribution tell apart.
fn from(plan: &Plan, attribution: &Attribution) -> Vec<usize> {
    let told =
        |place: &usize| attribution.rows.iter().any(|(slice, _)| slice.pick(*place).is_some());
    (0..plan.dimensions().len()).filter(told).collect()
}

/// Rows that add up to one total: the name of their dimension, and how much of a cell each takes.
struct Block {
    dimension: Id,
    members: Vec<(Id, Share)>,
}

/// How much of a cell belongs to a row.
#[derive(Clone, Copy)]
enum Share {
    /// All of it where it has this member of a dimension.
    Own(usize, crate::units::MemberId),
    /// The share that an attribution gives a target.
    Attributed(usize, usize),
}

fn blocks(plan: &Plan, column: usize) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for (place, attribution) in plan.attributions().iter().enumerate() {
        if within(plan, attribution) == Some(column) {
            continue;
        }
        for source in from(plan, attribution).into_iter().filter(|source| *source != column) {
            let dimension = &plan.dimensions()[source];
            if blocks.iter().all(|block| block.dimension != *dimension.id()) {
                let leaves = dimension.leaves();
                let member = |leaf| (dimension.member(leaf).id.clone(), Share::Own(source, leaf));
                let members = leaves.map(member).collect();
                blocks.push(Block { dimension: dimension.id().clone(), members });
            }
        }
        let targets = attribution.targets.iter().enumerate();
        let member = |(target, id): (usize, &Id)| (id.clone(), Share::Attributed(place, target));
        let members = targets.map(member).collect();
        blocks.push(Block { dimension: attribution.to.clone(), members });
    }
    blocks
}

struct Linkage<'a> {
    plan: &'a Plan,
    allocation: &'a Allocation,
    column: usize,
    carrying: Vec<usize>,
}

impl Linkage<'_> {
    fn fill(&self, block: &Block, table: &mut Table) {
        let dimension = &self.plan.dimensions()[self.column];
        let ids: Vec<&Id> = dimension.leaves().map(|leaf| &dimension.member(leaf).id).collect();
        let quantum = self.plan.quantum();
        let before = explain::tied(&self.exact(block, &ids, false), quantum);
        let after = explain::tied(&self.exact(block, &ids, true), quantum);
        let mut push = |kind, member: &str, column: &str, before: &Amount, after: &Amount| {
            let keys = [block.dimension.as_str(), member, column].map(Value::text);
            let figures = [before.clone(), after.clone(), after - before].map(Value::Number);
            table.push(kind, keys.into_iter().chain(figures).collect());
        };
        for (row, member) in block.members.iter().map(|(id, _)| id.as_str()).enumerate() {
            for (place, id) in ids.iter().enumerate() {
                push(RowKind::Body, member, id.as_str(), &before[row][place], &after[row][place]);
            }
            let sum = |figures: &[Vec<Amount>]| figures[row].iter().sum::<Amount>();
            push(RowKind::Total, member, "", &sum(&before), &sum(&after));
        }
        let margin = |figures: &[Vec<Amount>], place: usize| -> Amount {
            figures.iter().map(|row| &row[place]).sum()
        };
        for (place, id) in ids.iter().enumerate() {
            push(RowKind::Total, "", id.as_str(), &margin(&before, place), &margin(&after, place));
        }
        let all = |figures: &[Vec<Amount>]| figures.iter().flatten().sum::<Amount>();
        push(RowKind::Total, "", "", &all(&before), &all(&after));
    }

    /// The exact figures of a block, by row and column.
    fn exact(&self, block: &Block, ids: &[&Id], carried: bool) -> Vec<Vec<Amount>> {
        let mut figures = vec![vec![Vec::new(); ids.len()]; block.members.len()];
        for place in 0..self.plan.cells().len() {
            let cell = CellId::new(place);
            let amount = self.allocation.amount(self.plan, cell);
            let split = self.split(cell, ids, carried);
            for (row, (_, share)) in figures.iter_mut().zip(&block.members) {
                let part = &self.share(*share, cell) * &amount;
                for (column, own) in split.iter().filter(|_| !part.is_zero()) {
                    row[*column].push(&part * own);
                }
            }
        }
        let sum = |parts: Vec<Amount>| parts.iter().sum();
        figures.into_iter().map(|row| row.into_iter().map(sum).collect()).collect()
    }

    fn share(&self, share: Share, cell: CellId) -> Amount {
        match share {
            Share::Own(dimension, member) => {
                let own = self.plan.cell(cell).members[dimension] == member;
                if own { Amount::ONE } else { Amount::ZERO }
            }
            Share::Attributed(place, target) => {
                self.plan.weight(MeasureOf::Attributed(place, target), cell)
            }
        }
    }

    /// The columns that bear a cell, each with its share.
    fn split(&self, cell: CellId, ids: &[&Id], carried: bool) -> Vec<(usize, Amount)> {
        let place_of = |id: &Id| ids.iter().position(|known| *known == id);
        for place in self.carrying.iter().filter(|_| carried) {
            let targets = self.plan.attributions()[*place].targets.iter().enumerate();
            let weight = |target| self.plan.weight(MeasureOf::Attributed(*place, target), cell);
            let shares = targets.filter_map(|(target, id)| Some((place_of(id)?, weight(target))));
            let shares: Vec<_> = shares.filter(|(_, share)| !share.is_zero()).collect();
            if !shares.is_empty() {
                return shares;
            }
        }
        let dimension = &self.plan.dimensions()[self.column];
        let own = self.plan.cell(cell).members[self.column];
        place_of(&dimension.member(own).id).map(|place| (place, Amount::ONE)).into_iter().collect()
    }
}
