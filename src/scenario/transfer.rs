//! Reads `[[transfer]]` and `paid-by`, and settles them against the parent's published answer.

use super::change::Effective;
use super::problem::Problem;
use super::reader::Reader;
use super::resolve::Answers;
use super::schema;
use super::slices::slice;
use super::source::Place;
use super::tree::Table;
use crate::plan::{Dimension, Move, Plan, Slice, TransferLevel, Transfers};
use crate::units::{Amount, CellId, Id};

/// What a scenario moves relative to its parent's answer.
#[derive(Default)]
pub(crate) struct Movements {
    parent: String,
    transfers: Vec<Transfer>,
    /// Slices that stay free beside those of the transfers: held and paying ones.
    free: Vec<Slice>,
    /// The slices that pay for a hold, and where they are named.
    payers: Vec<(Slice, Place)>,
    first: Option<Place>,
}

struct Transfer {
    from: Slice,
    to: Slice,
    amount: Amount,
    reason: Option<String>,
    by: Option<String>,
    /// Where `from` and `to` are stated.
    places: [Place; 2],
}

impl Movements {
    /// Whether nothing is moved relative to the parent.
    pub(crate) fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    /// Reads the transfers again, that a later scenario has changed.
    pub(crate) fn read_again(
        &mut self,
        root: &Table,
        dimensions: &[Dimension],
        problems: &mut Vec<Problem>,
    ) {
        self.transfers.clear();
        for (table, place) in root.items("transfer") {
            let reader = Reader::new(table, place, &schema::TRANSFER, problems);
            self.transfers.extend(transfer(&reader, dimensions, problems));
        }
    }
}

impl Effective {
    /// Takes over the transfers of a scenario: they take the place of those below it.
    pub(crate) fn move_money(&mut self, root: &Table) {
        match root.entries.get("transfer") {
            Some(entry) => self.root.entries.insert("transfer".into(), entry.clone()),
            None => self.root.entries.shift_remove("transfer"),
        };
    }
}

/// Whether a scenario changes transfers that it does not state itself.
pub(crate) fn changes(root: &Table) -> bool {
    root.items("change").iter().any(|(table, _)| {
        let mut targets = ["set", "scale", "remove"].into_iter().filter_map(|key| table.text(key));
        targets.any(|target| target.trim_start().starts_with("transfer"))
    })
}

/// Reads the transfers and the paying slices of one scenario.
pub(crate) fn read(
    root: &Table,
    parent: &str,
    dimensions: &[Dimension],
    problems: &mut Vec<Problem>,
) -> Movements {
    let mut found = Movements { parent: parent.to_string(), ..Movements::default() };
    for (table, place) in root.items("transfer") {
        let reader = Reader::new(table, place, &schema::TRANSFER, problems);
        if let Some(transfer) = transfer(&reader, dimensions, problems) {
            found.first.get_or_insert(place);
            found.transfers.push(transfer);
        }
    }
    let mut held = Vec::new();
    for (table, place) in root.items("hold") {
        held.extend(table.get("on").and_then(|on| slice(on, dimensions, &mut Vec::new())));
        if let Some(node) = table.get("paid-by")
            && let Some(payer) = slice(node, dimensions, problems)
        {
            found.first.get_or_insert(place);
            found.payers.push((payer.clone(), node.place));
            found.free.push(payer);
        }
    }
    found.free.extend(held);
    found
}

fn transfer(
    reader: &Reader<'_>,
    dimensions: &[Dimension],
    problems: &mut Vec<Problem>,
) -> Option<Transfer> {
    let from_node = reader.needed("from", problems);
    let to_node = reader.needed("to", problems);
    reader.needed("amount", problems);
    let (from_node, to_node) = (from_node?, to_node?);
    let from = slice(from_node, dimensions, problems);
    let to = slice(to_node, dimensions, problems);
    let amount = reader.number("amount", problems)?;
    if !amount.is_positive() {
        let place = reader.table.get("amount").map_or(reader.place, |node| node.place);
        problems.push(
            Problem::new(
                "transfer-amount",
                "a transfer moves more than nothing",
                place,
                format!("this is {amount}"),
            )
            .help("to move money the other way, swap `from` and `to`"),
        );
        return None;
    }
    Some(Transfer {
        from: from?,
        to: to?,
        amount,
        reason: reader.owned("reason", problems),
        by: reader.owned("by", problems),
        places: [from_node.place, to_node.place],
    })
}

/// The levels that the transfers leave, and what every other cell keeps.
pub(crate) fn settle(
    plan: &Plan,
    movements: &Movements,
    answers: &mut dyn Answers,
    problems: &mut Vec<Problem>,
) -> Option<Transfers> {
    let Some(first) = movements.first else {
        return Some(Transfers::default());
    };
    let answer = match answers.answer(&movements.parent) {
        Ok(answer) => answer,
        Err(reason) => {
            problems.push(
                Problem::new(
                    "no-answer",
                    format!("`{}` has no answer to move money in: {reason}", movements.parent),
                    first,
                    "is relative to it",
                )
                .help(format!("run `virement solve {}` to see why", movements.parent)),
            );
            return None;
        }
    };
    payers(plan, movements, problems)?;
    let mut before: Vec<Amount> = Vec::with_capacity(plan.cells().len());
    for cell in plan.cells() {
        let pairs = plan.dimensions().iter().zip(&cell.members);
        let ids: Vec<Id> = pairs.map(|(axis, member)| axis.member(*member).id.clone()).collect();
        before.push(answer.cells.get(&ids).cloned().unwrap_or_default());
    }
    let levels = levels(plan, movements, &before, problems)?;
    let mut free = vec![false; plan.cells().len()];
    let slices = movements.free.iter().chain(levels.iter().map(|level| &level.on));
    for cell in slices.flat_map(|slice| plan.select(slice)) {
        free[cell.index()] = true;
    }
    let kept = before.into_iter().zip(free).map(|(amount, free)| (!free).then_some(amount));
    let moved = |own: &Transfer| Move {
        from: own.from.clone(),
        to: own.to.clone(),
        amount: own.amount.clone(),
        by: own.by.clone(),
    };
    let moves = movements.transfers.iter().map(moved).collect();
    Some(Transfers { moves, levels, kept: kept.collect() })
}

fn levels(
    plan: &Plan,
    movements: &Movements,
    before: &[Amount],
    problems: &mut Vec<Problem>,
) -> Option<Vec<TransferLevel>> {
    let mut slices: Vec<(&Slice, Vec<CellId>, Place)> = Vec::new();
    for transfer in &movements.transfers {
        for (slice, place) in [&transfer.from, &transfer.to].into_iter().zip(transfer.places) {
            if slices.iter().all(|(known, _, _)| *known != slice) {
                slices.push((slice, plan.select(slice), place));
            }
        }
    }
    apart(plan, movements, &slices, problems)?;
    Some(
        slices
            .iter()
            .map(|(slice, cells, _)| level(plan, movements, before, slice, cells))
            .collect(),
    )
}

/// Each slice that pays for a hold has cells.
fn payers(plan: &Plan, movements: &Movements, problems: &mut Vec<Problem>) -> Option<()> {
    let empty = movements.payers.iter().find(|(payer, _)| plan.select(payer).is_empty());
    let Some((payer, place)) = empty else {
        return Some(());
    };
    problems.push(no_cell(plan, payer, *place));
    None
}

fn no_cell(plan: &Plan, slice: &Slice, place: Place) -> Problem {
    let message = format!("no cell lies in {}", slice.text(plan.dimensions()));
    Problem::new("no-cell", message, place, "selects nothing")
        .help("choose a slice that has rows in the cell table")
}

/// Each slice has cells, two of them are nested or apart, and no transfer pays itself.
fn apart(
    plan: &Plan,
    movements: &Movements,
    slices: &[(&Slice, Vec<CellId>, Place)],
    problems: &mut Vec<Problem>,
) -> Option<()> {
    for transfer in &movements.transfers {
        let (from, to) = (plan.select(&transfer.from), plan.select(&transfer.to));
        if overlap(&from, &to) != Overlap::None {
            problems.push(
                Problem::new(
                    "transfer-overlap",
                    "a transfer gives and receives the same cells",
                    transfer.places[1],
                    "receives",
                )
                .also(transfer.places[0], "gives")
                .help("choose slices that have no cell in common"),
            );
            return None;
        }
    }
    for (place, (slice, cells, at)) in slices.iter().enumerate() {
        if cells.is_empty() {
            problems.push(no_cell(plan, slice, *at));
            return None;
        }
        for (_, other, other_at) in slices.iter().take(place) {
            if overlap(cells, other) == Overlap::Partly {
                problems.push(
                    Problem::new(
                        "transfer-overlap",
                        "money moves in two slices that overlap in part",
                        *at,
                        "this one",
                    )
                    .also(*other_at, "and this one")
                    .help("let one slice lie inside the other, or keep them apart"),
                );
                return None;
            }
        }
    }
    Some(())
}

fn level(
    plan: &Plan,
    movements: &Movements,
    before: &[Amount],
    slice: &Slice,
    cells: &[CellId],
) -> TransferLevel {
    let mut level: Amount = cells.iter().map(|cell| &before[cell.index()]).sum();
    let mut reasons: Vec<&str> = Vec::new();
    for transfer in &movements.transfers {
        let inside =
            |other: &Slice| plan.select(other).iter().all(|cell| cells.binary_search(cell).is_ok());
        let (gives, receives) = (inside(&transfer.from), inside(&transfer.to));
        if gives {
            level -= &transfer.amount;
        }
        if receives {
            level += &transfer.amount;
        }
        if gives || receives {
            reasons.extend(transfer.reason.as_deref().filter(|reason| !reasons.contains(reason)));
        }
    }
    TransferLevel {
        id: Id::from(format!("transfer: {}", slice.text(plan.dimensions()))),
        on: slice.clone(),
        level,
        reason: (!reasons.is_empty()).then(|| reasons.join("; ")),
    }
}

#[derive(PartialEq, Eq)]
enum Overlap {
    None,
    Partly,
    Inside,
}

fn overlap(a: &[CellId], b: &[CellId]) -> Overlap {
    let common = a.iter().filter(|cell| b.binary_search(cell).is_ok()).count();
    match common {
        0 => Overlap::None,
        n if n == a.len() || n == b.len() => Overlap::Inside,
        _ => Overlap::Partly,
    }
}
