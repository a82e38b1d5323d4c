//! Limits that cannot hold together, lifted back to the plan.

use super::lumps::Case;
use super::minimal::{Lean, Minimal, Piece, Tier, minimal};
use crate::certify::{Certificate, Refusal};
use crate::formulate::{Formulation, Origin};
use crate::plan::{Period, Plan, Reading, ReadingKind, RevenueLevels, Sense, readings};
use crate::units::{Amount, CellId};

/// Limits and bounds that cannot hold together, and of which none can be spared: without any one
/// of them the others can. Both are proven in rationals.
#[derive(Debug, Clone)]
pub struct Conflict {
    /// The limits, holds, transfers and balances, each with the side that clashes.
    pub parts: Vec<Clash>,
    /// The revenue decisions' and cells' own bounds.
    pub bounds: Vec<BoundClash>,
    /// By how much they clash, in units of the first limit with the multiplier 1; nothing where lines of
    /// all or nothing are in it, as each way to decide them clashes by another amount.
    pub excess: Amount,
    /// The lines of all or nothing that the limits clash by, however they are decided.
    pub lumps: Vec<CellId>,
    /// A proof for each of the partial decisions that cover every way to decide them.
    pub(crate) cases: Vec<Case>,
    /// The certificate that was accepted, or what did not agree.
    pub proof: Result<Box<Certificate>, Refusal>,
}

/// One limit of a conflict.
#[derive(Debug, Clone)]
pub struct Clash {
    /// The limit.
    pub origin: Origin,
    /// Which side of it clashes.
    pub sense: Sense,
    /// Its bound, in the unit of its readings: plan units, or a share.
    pub bound: Amount,
    /// Who set it.
    pub authority: Option<String>,
    /// The multiplier in the proof: above zero where it asks for more, below where it leaves less.
    /// The largest of all limits is one.
    pub multiplier: Amount,
    /// The multiplier times the bound of its row: what it adds to the excess.
    pub adds: Amount,
    /// Of a turnover: the slope of each distance in it, times the multiplier without its sign.
    pub slopes: Vec<Amount>,
    /// What of its slice is bounded, as the readings say it; nothing for what has no reading.
    pub reading: Option<Reading>,
}

impl Clash {
    /// Whether its bound is a share, to be told in percent: a ratio is none.
    pub fn is_share(&self) -> bool {
        self.reading.as_ref().map_or(self.origin.share, |own| own.measured.is_share())
    }
}

/// A line that has bounds of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bounded {
    /// A cell.
    Cell(CellId),
    /// A revenue decision: the place of the line, and of the entry in it.
    Revenue(usize, usize),
}

/// Why a line has a bound of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Own {
    /// Its file states it.
    Stated,
    /// A line keeps the sign of its baseline.
    Sign,
    /// It has no flexibility, or no size to measure a change by.
    Fixed,
    /// It keeps its parent's answer, because others pay.
    Kept,
    /// It is all or nothing, and so no more than its lump, and no less than nothing.
    Lump,
}

/// The own bound of a line that a conflict leans on.
#[derive(Debug, Clone)]
pub struct BoundClash {
    /// The line that it bounds.
    pub of: Bounded,
    /// Why it is there.
    pub why: Own,
    /// Which side of it clashes.
    pub sense: Sense,
    /// The bound, in plan units.
    pub bound: Amount,
    /// The multiplier in the proof, as for limits.
    pub multiplier: Amount,
    /// What it adds to the excess.
    pub adds: Amount,
}

/// The minimal conflict of a formulation; `None` where its limits can hold together.
pub(super) fn conflict(
    plan: &Plan,
    periods: &[Period],
    formulation: &Formulation,
) -> Option<Conflict> {
    let Minimal { proof, tiers, excess } = minimal(plan, formulation)?;
    let lift = Lift::new(plan, periods, formulation);
    let of_rows = |piece: &Piece| !matches!(piece, Piece::Lower(_) | Piece::Upper(_));
    let sizes =
        proof.iter().filter(|(piece, _)| of_rows(piece)).map(|(_, lean)| lean.multiplier.abs());
    let unit = sizes.max().filter(|unit| !unit.is_zero()).unwrap_or(Amount::ONE);
    let mut found = Conflict {
        parts: Vec::new(),
        bounds: Vec::new(),
        excess: &excess / &unit,
        lumps: Vec::new(),
        cases: Vec::new(),
        proof: Err(Refusal::File("nothing was judged".into())),
    };
    let (limits, columns): (Vec<_>, Vec<_>) = proof.iter().partition(|(piece, _)| of_rows(piece));
    let mut rows: Vec<(usize, Clash)> = Vec::new();
    let scaled = |lean: &Lean| Lean {
        multiplier: &lean.multiplier / &unit,
        adds: &lean.adds / &unit,
        slopes: lean.slopes.iter().map(|slope| slope / &unit).collect(),
    };
    for (piece, lean) in limits {
        let lean = scaled(lean);
        match *piece {
            Piece::RowLower(row) | Piece::RowUpper(row) => {
                rows.push((row, lift.row(row, lean)));
            }
            Piece::Curved(place) => rows.push((usize::MAX, lift.convex(place, lean))),
            Piece::Lower(_) | Piece::Upper(_) => {}
        }
    }
    rows.sort_by_key(|(row, _)| *row);
    found.parts.extend(rows.into_iter().map(|(_, clash)| clash));
    for (piece, lean) in columns {
        found.bounds.push(lift.own(*piece, scaled(lean), &tiers));
    }
    Some(found)
}

/// The way back from rows and columns to what a planner stated.
struct Lift<'a> {
    plan: &'a Plan,
    formulation: &'a Formulation,
    read: Vec<Reading>,
}

/// The limits of a conflict, by the sides of rows, the lower one where true, and by convex rows.
pub(super) fn lifted(
    plan: &Plan,
    periods: &[Period],
    formulation: &Formulation,
    sides: Vec<(usize, bool)>,
    convex: Vec<usize>,
) -> Vec<Clash> {
    let lift = Lift::new(plan, periods, formulation);
    let sign =
        |up: bool| Lean { multiplier: Amount::whole(if up { 1 } else { -1 }), ..Lean::default() };
    let equal = |row: usize| {
        let row = &formulation.program().rows[row];
        row.lower.is_some() && row.lower == row.upper
    };
    let mut seen = std::collections::BTreeSet::new();
    let once = sides.into_iter().filter(|(row, up)| seen.insert((*row, *up || equal(*row))));
    let rows: Vec<Clash> = once.map(|(row, up)| lift.row(row, sign(up))).collect();
    rows.into_iter()
        .chain(convex.into_iter().map(|place| lift.convex(place, sign(false))))
        .collect()
}

impl<'a> Lift<'a> {
    fn new(plan: &'a Plan, periods: &[Period], formulation: &'a Formulation) -> Self {
        let nowhere: Vec<Amount> = vec![Amount::ZERO; plan.cells().len()];
        let totals = vec![Amount::ZERO; periods.len()];
        let revenue = RevenueLevels { totals, ..RevenueLevels::default() };
        Self { plan, formulation, read: readings(plan, &nowhere, &revenue) }
    }

    fn reading(&self, origin: &Origin, sense: Sense) -> Option<&Reading> {
        self.read.iter().find(|reading| {
            (reading.kind, &reading.id, &reading.member)
                == (origin.kind, &origin.id, &origin.member)
                && reading.sense == sense
        })
    }

    fn row(&self, row: usize, lean: Lean) -> Clash {
        let origin = self.formulation.origins()[row].clone();
        let bounds = &self.formulation.program().rows[row];
        let equal = bounds.lower.is_some() && bounds.lower == bounds.upper;
        let lower = lean.multiplier.is_positive();
        let sense = match (equal, lower) {
            (true, _) => Sense::Equal,
            (false, true) => Sense::Floor,
            (false, false) => Sense::Ceiling,
        };
        let found = self.reading(&origin, sense);
        let side = if lower { &bounds.lower } else { &bounds.upper };
        let brings = origin.kind == ReadingKind::Balance
            || self.plan.funds().iter().any(|fund| fund.id == origin.id);
        Clash {
            bound: match found {
                Some(reading) if !brings => reading.bound.clone(),
                _ => side.clone().unwrap_or_default(),
            },
            authority: found.and_then(|reading| reading.authority.clone()),
            reading: found.cloned(),
            multiplier: lean.multiplier,
            adds: lean.adds,
            slopes: Vec::new(),
            origin,
            sense,
        }
    }

    fn convex(&self, place: usize, lean: Lean) -> Clash {
        let curved = &self.formulation.program().curved[place];
        let origin = curved.origin.clone();
        let found = self.reading(&origin, Sense::Ceiling);
        Clash {
            sense: Sense::Ceiling,
            bound: curved.most.clone(),
            authority: found.and_then(|reading| reading.authority.clone()),
            reading: found.cloned(),
            multiplier: lean.multiplier,
            adds: lean.adds,
            slopes: lean.slopes,
            origin,
        }
    }

    fn own(&self, piece: Piece, lean: Lean, tiers: &[[Tier; 2]]) -> BoundClash {
        let (column, side) = match piece {
            Piece::Upper(column) => (column, 1),
            Piece::Lower(column) => (column, 0),
            _ => unreachable!("only a column has bounds of its own"),
        };
        let tier = tiers[column][side];
        let own = &self.formulation.program().columns[column];
        let stated = if side == 0 { own.lower.clone() } else { own.upper.clone() };
        let (of, why) = match (self.formulation.cell(column), self.formulation.revenue(column)) {
            (None, Some((line, entry))) => (Bounded::Revenue(line, entry), Own::Stated),
            (None, None) => unreachable!("a column is a cell or a decision"),
            (Some(cell), _) => {
                let kept = self.plan.transfers().kept.get(cell.index());
                let still = self.plan.cell(cell).weight().is_zero();
                let why = match tier {
                    Tier::Fixed if still => Own::Fixed,
                    Tier::Fixed => Own::Kept,
                    Tier::Stated if self.plan.cell(cell).lump.is_some() => Own::Lump,
                    Tier::Stated if self.states(cell, side) => Own::Stated,
                    _ => Own::Sign,
                };
                debug_assert!(why != Own::Kept || kept.is_some_and(Option::is_some));
                (Bounded::Cell(cell), why)
            }
        };
        let bound = match of {
            Bounded::Cell(cell) if tier == Tier::Stated => self.of_file(cell, side),
            Bounded::Cell(_) if tier == Tier::Natural => Some(Amount::ZERO),
            _ => stated,
        };
        BoundClash {
            of,
            why,
            sense: match (tier, side) {
                (Tier::Fixed, _) => Sense::Equal,
                (_, 0) => Sense::Floor,
                _ => Sense::Ceiling,
            },
            bound: bound.unwrap_or_default(),
            multiplier: lean.multiplier,
            adds: lean.adds,
        }
    }

    /// The bound of a cell as its file states it, or as its sign gives it.
    fn of_file(&self, cell: CellId, side: usize) -> Option<Amount> {
        let own = self.plan.cell(cell);
        if side == 0 { own.floor() } else { own.ceiling() }
    }

    /// Whether the file of a cell states the bound.
    fn states(&self, cell: CellId, side: usize) -> bool {
        let own = self.plan.cell(cell);
        if side == 0 { own.min.is_some() } else { own.max.is_some() }
    }
}
