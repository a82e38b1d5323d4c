//! What must hold of the cells, one by one.

use std::collections::HashMap;

use super::{Cell, Fault, PlanParts, Site, lump};
use crate::units::{Amount, MemberId};

pub(super) fn cells(parts: &PlanParts) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut first: HashMap<&[MemberId], usize> = HashMap::with_capacity(parts.cells.len());
    let (mut still, mut empty) = (Vec::new(), Vec::new());
    for (place, cell) in parts.cells.iter().enumerate() {
        if let Some(earlier) = first.insert(&cell.members, place) {
            faults.push(
                Fault::error(
                    "cell-twice",
                    "two rows state the same cell",
                    Site::Cell(place, "baseline"),
                    "this row",
                )
                .also(Site::Cell(earlier, "baseline"), "is the same cell as this")
                .help("remove one of them, or add them up in one row"),
            );
        }
        faults.extend(negative(place, cell));
        faults.extend(lump::check(place, cell, parts.quantum));
        if let (Some(min), Some(max)) = (cell.floor(), cell.ceiling())
            && min > max
        {
            faults.push(bounds(place, cell, &min, &max));
        } else if cell.weight().is_zero() {
            if cell.flexibility.is_zero() { &mut still } else { &mut empty }.push(place);
            faults.extend(fixed_outside(place, cell));
        }
    }
    faults.extend(fixed(&still, "flexibility"));
    faults.extend(fixed(&empty, "baseline"));
    faults
}

fn negative(place: usize, cell: &Cell) -> Vec<Fault> {
    let helps = [
        (
            &cell.flexibility,
            "flexibility",
            "0 keeps the line where it is, 1 moves it as others move",
        ),
        (
            &cell.reference,
            "reference",
            "it is the size that the line's change is measured against, like 1000",
        ),
    ];
    let below = helps.into_iter().filter(|(value, _, _)| value.is_negative());
    below
        .map(|(value, column, help)| {
            Fault::error(
                "negative-weight",
                format!("`{column}` may not be below zero"),
                Site::Cell(place, column),
                format!("is {value}"),
            )
            .help(help)
        })
        .collect()
}

/// The warning about lines that never move: their `column` says why.
fn fixed(places: &[usize], column: &'static str) -> Option<Fault> {
    let (first, count) = (places.first()?, places.len());
    let message = match (column, count) {
        ("flexibility", 1) => "one line is fixed by its flexibility of 0".into(),
        ("flexibility", _) => format!("{count} lines are fixed by their flexibility of 0"),
        (_, 1) => "one line is fixed: it starts from 0".into(),
        _ => format!("{count} lines are fixed: they start from 0"),
    };
    let help = match column {
        "flexibility" => "set `flexibility` above 0 where a line is to move",
        _ => "state a `reference` where such a line is to move",
    };
    let label = if count == 1 { "this line" } else { "the first of them" };
    Some(
        Fault::error("fixed-line", message, Site::Cell(*first, column), label)
            .help(help)
            .of_cells()
            .warning(),
    )
}

/// The column that keeps a fixed line where it is, what to write under it, and what to do.
pub(super) fn cause(cell: &Cell) -> (&'static str, &'static str, &'static str) {
    if cell.flexibility.is_zero() {
        ("flexibility", "keeps the line where it is", "set its `flexibility` above 0")
    } else {
        ("baseline", "gives nothing to move by", "state a `reference` for it")
    }
}

fn bounds(place: usize, cell: &Cell, min: &Amount, max: &Amount) -> Fault {
    let what = format!("a line must be at least {min} but may be at most {max}");
    let fault =
        |column, label: &str| Fault::error("cell-bounds", &*what, Site::Cell(place, column), label);
    match (&cell.min, &cell.max) {
        (None, _) => fault("max", "this ceiling")
            .also(Site::Cell(place, "baseline"), "starts at 0 or above, so the floor is 0")
            .help(format!(
                "state the floor {max} under `min` too if the line may go below zero, or raise the ceiling to 0"
            )),
        (_, None) => fault("min", "this floor")
            .also(Site::Cell(place, "baseline"), "starts below zero, so the ceiling is 0")
            .help(format!(
                "state a ceiling of at least {min} under `max` if the line may rise above zero, or lower the floor to 0"
            )),
        _ => fault("max", "this ceiling")
            .also(Site::Cell(place, "min"), "this floor")
            .help(format!("raise the ceiling to {min}, or lower the floor to {max}")),
    }
}

fn fixed_outside(place: usize, cell: &Cell) -> Option<Fault> {
    let below = cell.floor().is_some_and(|min| cell.baseline < min);
    let above = cell.ceiling().is_some_and(|max| cell.baseline > max);
    (below || above).then(|| {
        let (column, label, what) = cause(cell);
        Fault::error(
            "fixed-outside",
            format!("a fixed line stands at {}, outside its own bounds", cell.baseline),
            Site::Cell(place, if below { "min" } else { "max" }),
            "this bound",
        )
        .also(Site::Cell(place, column), label)
        .help(format!("{what}, so that the line can move, or change the bound"))
    })
}
