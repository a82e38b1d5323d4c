//! Finds a minimal set of limits that clash, by an exact deletion filter.
//!
//! A Farkas proof names limits that clash, but not always as few as it could. Each is left out in
//! turn, and the rest is solved in rationals: what still clashes needs it not, and the new proof
//! takes the place of the old one (Chinneck and Dravnieks 1991). What is left cannot spare one.

use std::collections::{BTreeMap, BTreeSet};

use super::in_play::all_parts;
use crate::formulate::{Formulation, Origin, Part};
use crate::plan::{Plan, ReadingKind};
use crate::units::{Amount, Id};

/// One of the bounds that a programme is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Piece {
    /// A convex row, by its place.
    Curved(usize),
    /// The lower side of a row, by its place; both sides of an equality.
    RowLower(usize),
    /// The upper side of a row.
    RowUpper(usize),
    /// The lower bound of a column, by its place; both bounds of a fixed one.
    Lower(usize),
    /// The upper bound of a column.
    Upper(usize),
}

/// How a column's bound came about, from the narrowest to none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tier {
    /// It stands still.
    Fixed,
    /// As the file states it.
    Stated,
    /// A line keeps the sign of its baseline.
    Natural,
    /// No bound at all.
    Free,
}

/// How a proof leans on one piece.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lean {
    /// The multiplier, above zero where the piece pushes up.
    pub(crate) multiplier: Amount,
    /// The multiplier times the bound: what it adds to the excess.
    pub(crate) adds: Amount,
    /// Of a convex row: the slope of each of its terms, times the multiplier without its sign.
    pub(crate) slopes: Vec<Amount>,
}

/// A proof that the pieces clash: how it leans on each.
pub(crate) type Proof = Vec<(Piece, Lean)>;

/// A minimal set, with its proof.
pub(crate) struct Minimal {
    /// The pieces and their multipliers.
    pub(crate) proof: Proof,
    /// How the bounds of each column came about.
    pub(crate) tiers: Vec<[Tier; 2]>,
    /// By how much the bounds clash.
    pub(crate) excess: Amount,
}

/// A bound pair.
pub(super) type Bounds = [Option<Amount>; 2];

/// The bounds that are in play.
pub(super) struct Filter<'a> {
    pub(super) formulation: &'a Formulation,
    pub(super) plan: &'a Plan,
    /// The rows in play, with the sides that are.
    pub(super) rows: BTreeMap<usize, [bool; 2]>,
    pub(super) curved: BTreeSet<usize>,
    pub(super) tiers: Vec<[Tier; 2]>,
}

/// A minimal set of the bounds of `formulation` that clash; `None` where none do.
pub(crate) fn minimal(plan: &Plan, formulation: &Formulation) -> Option<Minimal> {
    let mut filter = Filter::new(plan, formulation);
    let (proof, _) = filter.first()?;
    let proof = filter.whole_limits(proof);
    let proof = filter.rows(proof);
    let proof = filter.stated(proof);
    let (proof, excess) = filter.natural(proof)?;
    Some(Minimal { proof, tiers: filter.tiers, excess })
}

impl Filter<'_> {
    /// A first proof. Limits have an authority, and what a file states for single lines follows from
    /// them: where the limits clash without those bounds, they are left out.
    fn first(&mut self) -> Option<(Proof, Amount)> {
        let tiers = self.tiers.clone();
        self.widen(&Vec::new(), Tier::Natural);
        self.clash().or_else(|| {
            self.tiers = tiers;
            self.clash()
        })
    }

    /// Whether the piece is a limit, and not a cell's own bound.
    fn is_limit(&self, piece: Piece) -> bool {
        match piece {
            Piece::Lower(column) | Piece::Upper(column) => self.formulation.cell(column).is_none(),
            _ => true,
        }
    }

    /// Leaves out what is no limit of `proof`.
    fn keep_limits(&mut self, proof: &Proof) {
        let has = |piece: Piece| proof.iter().any(|(known, _)| *known == piece);
        let whole = self.formulation.program();
        let equal = |row: usize| whole.rows[row].lower == whole.rows[row].upper;
        self.rows = self
            .rows
            .keys()
            .filter_map(|row| {
                let sides = match (has(Piece::RowLower(*row)), has(Piece::RowUpper(*row))) {
                    (true, _) if equal(*row) => [true; 2],
                    sides => [sides.0, sides.1],
                };
                sides.contains(&true).then_some((*row, sides))
            })
            .collect();
        self.curved.retain(|place| has(Piece::Curved(*place)));
        for column in 0..self.tiers.len() {
            if self.formulation.cell(column).is_none() {
                let kept = [has(Piece::Lower(column)), has(Piece::Upper(column))];
                for (side, kept) in kept.into_iter().enumerate().filter(|(_, kept)| !kept) {
                    debug_assert!(!kept);
                    self.tiers[column][side] = Tier::Free;
                }
            }
        }
    }

    /// Takes a limit out of play.
    fn leave_out(&mut self, piece: Piece) {
        match piece {
            Piece::Curved(place) => {
                self.curved.remove(&place);
            }
            Piece::RowLower(row) | Piece::RowUpper(row) => {
                let side = usize::from(matches!(piece, Piece::RowUpper(_)));
                let equal = self.is_equality(row);
                if let Some(sides) = self.rows.get_mut(&row) {
                    sides[side] = false;
                    if equal || !sides.contains(&true) {
                        self.rows.remove(&row);
                    }
                }
            }
            Piece::Lower(column) => self.tiers[column][0] = Tier::Free,
            Piece::Upper(column) => self.tiers[column][1] = Tier::Free,
        }
    }

    /// What a piece is stated in: a limit, a hold, a balance; nothing for a bound of a column.
    fn statement(&self, piece: Piece) -> Option<(ReadingKind, Id)> {
        let origin = match piece {
            Piece::Curved(place) => &self.formulation.program().curved[place].origin,
            Piece::RowLower(row) | Piece::RowUpper(row) => &self.formulation.origins()[row],
            Piece::Lower(_) | Piece::Upper(_) => return None,
        };
        Some((origin.kind, origin.id.clone()))
    }

    /// Takes whole limits into play, with all their members: those of `kept`.
    fn play(&mut self, kept: &BTreeSet<(ReadingKind, Id)>) {
        let program = self.formulation.program();
        let has = |piece: Piece| self.statement(piece).is_some_and(|own| kept.contains(&own));
        let rows = program.rows.iter().enumerate();
        let rows = rows.filter(|(row, _)| has(Piece::RowLower(*row)));
        let rows: Vec<(usize, [bool; 2])> =
            rows.map(|(place, row)| (place, [row.lower.is_some(), row.upper.is_some()])).collect();
        let curved = (0..program.curved.len()).filter(|place| has(Piece::Curved(*place)));
        let curved: Vec<usize> = curved.collect();
        self.rows = rows.into_iter().collect();
        self.curved = curved.into_iter().collect();
    }

    /// Leaves out every limit that the others clash without, each with all its members, as a file
    /// states it.
    fn whole_limits(&mut self, first: Proof) -> Proof {
        let stated = |filter: &Self, proof: &Proof| -> BTreeSet<(ReadingKind, Id)> {
            proof.iter().filter_map(|(piece, _)| filter.statement(*piece)).collect()
        };
        let mut proof = first;
        let mut order: Vec<Piece> = proof.iter().map(|(piece, _)| *piece).collect();
        order.sort_by_key(|piece| (self.rank(*piece), *piece));
        let mut kept = stated(self, &proof);
        for own in order.into_iter().filter_map(|piece| self.statement(piece)).collect::<Vec<_>>() {
            if !kept.contains(&own) {
                continue;
            }
            let mut fewer = kept.clone();
            fewer.remove(&own);
            self.play(&fewer);
            if let Some((found, _)) = self.clash() {
                kept = stated(self, &found);
                proof = found;
            }
        }
        self.play(&kept);
        proof
    }

    /// Leaves out every limit that the others clash without; the cells keep all their own bounds.
    fn rows(&mut self, first: Proof) -> Proof {
        self.keep_limits(&first);
        let mut proof = first;
        let mut order: Vec<Piece> = proof.iter().map(|(piece, _)| *piece).collect();
        order.retain(|piece| self.is_limit(*piece));
        order.sort_by_key(|piece| (self.rank(*piece), *piece));
        for piece in order {
            if !proof.iter().any(|(known, _)| *known == piece) {
                continue;
            }
            let (rows, curved, tiers) =
                (self.rows.clone(), self.curved.clone(), self.tiers.clone());
            self.leave_out(piece);
            if let Some((fewer, _)) = self.clash() {
                self.keep_limits(&fewer);
                proof = fewer;
            } else {
                (self.rows, self.curved, self.tiers) = (rows, curved, tiers);
            }
        }
        proof
    }

    /// What is left out first: what takes most words to explain.
    fn rank(&self, piece: Piece) -> u8 {
        let (Piece::RowLower(row) | Piece::RowUpper(row)) = piece else {
            return u8::from(!matches!(piece, Piece::Curved(_)));
        };
        let Origin { kind, share, .. } = &self.formulation.origins()[row];
        match kind {
            ReadingKind::Limit if *share => 0,
            ReadingKind::Balance => 4,
            ReadingKind::Hold | ReadingKind::Transfer => 3,
            _ => 2,
        }
    }

    /// Widens every bound that a file states for a cell, where the rest clashes all the same.
    fn stated(&mut self, first: Proof) -> Proof {
        let mut proof = first;
        self.widen(&proof, Tier::Natural);
        let mut place = 0;
        while let Some((piece, _)) = proof.get(place).cloned() {
            let tiers = self.tiers.clone();
            let narrow = !self.is_limit(piece) && self.next(piece).is_some_and(|t| t < Tier::Free);
            if !narrow {
                place += 1;
                continue;
            }
            self.relax(piece);
            if let Some((fewer, _)) = self.clash() {
                proof = fewer;
                self.widen(&proof, Tier::Natural);
                place = 0;
            } else {
                self.tiers = tiers;
                place += 1;
            }
        }
        proof
    }

    /// Takes out every natural bound that the rest clashes without. Of lines that stand alike in
    /// every limit, all are needed or none.
    fn natural(&mut self, first: Proof) -> Option<(Proof, Amount)> {
        let mut proof = first;
        self.widen(&proof, Tier::Free);
        let mut seen: BTreeSet<(Piece, String)> = BTreeSet::new();
        loop {
            let next = proof.iter().find_map(|(piece, _)| {
                let open = !self.is_limit(*piece) && self.next(*piece) == Some(Tier::Free);
                let key = open.then(|| self.alike(*piece))?;
                (!seen.contains(&key)).then_some((*piece, key))
            });
            let Some((piece, key)) = next else { break };
            seen.insert(key);
            let tiers = self.tiers.clone();
            self.relax(piece);
            match self.clash() {
                Some((fewer, _)) => {
                    proof = fewer;
                    self.widen(&proof, Tier::Free);
                }
                None => self.tiers = tiers,
            }
        }
        self.clash()
    }

    /// Widens to `tier` the bounds of all cells that `proof` does not lean on.
    fn widen(&mut self, proof: &Proof, tier: Tier) {
        let mut leans = vec![[false; 2]; self.tiers.len()];
        for (piece, _) in proof {
            match piece {
                Piece::Lower(column) => leans[*column][0] = true,
                Piece::Upper(column) => leans[*column][1] = true,
                _ => {}
            }
        }
        for (column, leans) in leans.into_iter().enumerate() {
            let own = &mut self.tiers[column];
            if self.formulation.cell(column).is_none() || (own[0] == Tier::Fixed && leans[0]) {
                continue;
            }
            for side in (0..2).filter(|side| !leans[*side]) {
                own[side] = own[side].max(tier);
            }
        }
    }

    /// The next wider tier that makes a difference for a cell's bound.
    fn next(&self, piece: Piece) -> Option<Tier> {
        let (column, side) = match piece {
            Piece::Lower(column) => (column, 0),
            Piece::Upper(column) => (column, 1),
            _ => return None,
        };
        let differs = |tier| self.at(column, tier)[side] != self.at(column, Tier::Natural)[side];
        match self.tiers[column][side] {
            Tier::Fixed => Some(Tier::Stated),
            Tier::Stated if differs(Tier::Stated) => Some(Tier::Natural),
            _ => Some(Tier::Free),
        }
    }

    fn relax(&mut self, piece: Piece) {
        let Some(next) = self.next(piece) else { return };
        match piece {
            Piece::Lower(column) if next == Tier::Stated => self.tiers[column] = [next; 2],
            Piece::Lower(column) => self.tiers[column][0] = next,
            Piece::Upper(column) => self.tiers[column][1] = next,
            _ => {}
        }
    }

    /// How a column stands in what is in play: the same for lines that are alike.
    fn alike(&self, piece: Piece) -> (Piece, String) {
        let (column, side) = match piece {
            Piece::Lower(column) => (column, Piece::Lower(0)),
            Piece::Upper(column) => (column, Piece::Upper(0)),
            other => return (other, String::new()),
        };
        let whole = self.formulation.program();
        let at = u32::try_from(column).unwrap_or(u32::MAX);
        let sum = |parts: &mut dyn Iterator<Item = &Part>| -> Amount {
            let own = parts.filter(|part| part.columns.binary_search(&at).is_ok());
            own.map(|part| &part.coefficient).sum()
        };
        let mut key = String::new();
        for row in self.rows.keys() {
            key += &format!("{} ", sum(&mut whole.rows[*row].parts.iter()));
        }
        for term in self.curved.iter().flat_map(|place| whole.curved[*place].terms.iter()) {
            for part in all_parts(term) {
                key += &format!("{} ", sum(&mut std::iter::once(part)));
            }
        }
        (side, key)
    }
}
