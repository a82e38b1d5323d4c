use crate::formulate::Origin;
use crate::plan::{Plan, ReadingKind};
use crate::solve::Allocation;
use crate::units::{Amount, CellId, Id};

/// What one limit, stage, bound or hold adds to the change of a slice.
#[derive(Debug, Clone)]
pub struct Contribution {
    /// What it comes from.
    pub by: Source,
    /// What it adds, in plan units.
    pub money: Amount,
}

/// What a contribution comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A limit, a hold, a transfer or the balance.
    Row(Origin),
    /// The floors and ceilings of the lines themselves.
    OwnBounds,
    /// Lines that keep their parent's answer, because others pay.
    Kept,
    /// Lines that are all or nothing.
    Lump,
    /// The step from the exact to the published amounts.
    Rounding,
}

impl Source {
    /// Whether it is the limit, hold or stage of `origin`.
    fn is_row(&self, origin: &Origin) -> bool {
        matches!(self, Self::Row(own) if (own.kind, &own.id, &own.member)
            == (origin.kind, &origin.id, &origin.member))
    }

    /// Whether it is a row of this kind.
    pub fn is_kind(&self, kind: ReadingKind) -> bool {
        matches!(self, Self::Row(own) if own.kind == kind)
    }

    /// Whether it is a limit that may be missed.
    pub fn is_soft(&self, plan: &Plan) -> bool {
        let Self::Row(origin) = self else { return false };
        let soft = |limit: &&crate::plan::Limit| limit.strength != crate::plan::Strength::Hard;
        origin.kind == ReadingKind::Limit
            && plan.limits().iter().filter(soft).any(|limit| limit.id == origin.id)
    }

    /// Who set it, where that is stated: the authority of a limit, who wrote a hold.
    pub fn authority(&self, plan: &Plan) -> Option<String> {
        match self {
            Self::Row(origin) => super::named(plan, origin).authority,
            Self::OwnBounds | Self::Kept | Self::Lump | Self::Rounding => None,
        }
    }

    /// What people call it: a row by its title and those of its members.
    pub fn title(&self, plan: &Plan) -> String {
        match self {
            Self::Row(origin) => super::title_of(plan, origin.kind, &origin.id, &origin.member),
            Self::OwnBounds => "floors and ceilings of the lines themselves".into(),
            Self::Lump => "lines of all or nothing".into(),
            Self::Kept | Self::Rounding => self.text(),
        }
    }

    /// How tables name it: `balance`, `sector-steady[ITU-R]`, `own bounds`.
    pub fn text(&self) -> String {
        match self {
            Self::Row(origin) => origin_text(origin),
            Self::OwnBounds => "own bounds".into(),
            Self::Kept => "kept as it was".into(),
            Self::Lump => "all or nothing".into(),
            Self::Rounding => "rounding".into(),
        }
    }
}

/// How tables and models name a row: `id[member]`.
pub fn origin_text(origin: &Origin) -> String {
    if origin.member.is_empty() {
        origin.id.to_string()
    } else {
        format!("{}[{}]", origin.id, origin.member)
    }
}

/// Splits the change of `cells` against their baseline into what each source adds.
///
/// The parts add up to the published change, exactly: `x_c - b_c = w_c (sum_i a_ic pi_i + beta_c)`
/// for every cell, and what rounding moved.
pub fn contributions(plan: &Plan, allocation: &Allocation, cells: &[CellId]) -> Vec<Contribution> {
    let mut parts: Vec<Contribution> = Vec::new();
    for pressure in &allocation.pressures {
        let mut weight = Amount::ZERO;
        for cell in cells {
            let found = pressure.cells.binary_search_by_key(cell, |(known, _)| *known);
            if let Ok(place) = found {
                weight += &(&plan.cell(*cell).weight() * &pressure.cells[place].1);
            }
        }
        let money = &weight * &pressure.multiplier;
        let same = |part: &&mut Contribution| part.by.is_row(&pressure.origin);
        match parts.iter_mut().find(same) {
            Some(known) => known.money += &money,
            None => {
                parts.push(Contribution { by: Source::Row(pressure.origin.clone()), money });
            }
        }
    }
    let kept = |cell: &CellId| plan.transfers().kept.get(cell.index()).is_some_and(Option::is_some);
    let own = |cell: &CellId| &plan.cell(*cell).weight() * &allocation.own[cell.index()];
    let lump = |cell: &CellId| !kept(cell) && plan.cell(*cell).lump.is_some();
    let bounds: Amount = cells.iter().filter(|c| !kept(c) && !lump(c)).map(own).sum();
    let lumps: Amount = cells.iter().filter(|cell| lump(cell)).map(own).sum();
    let keeps: Amount = cells.iter().filter(|cell| kept(cell)).map(own).sum();
    let exact: Amount = cells.iter().map(|cell| &allocation.exact[cell.index()]).sum();
    let published: Amount = cells.iter().map(|cell| allocation.amount(plan, *cell)).sum();
    parts.push(Contribution { by: Source::OwnBounds, money: bounds });
    parts.push(Contribution { by: Source::Kept, money: keeps });
    parts.push(Contribution { by: Source::Lump, money: lumps });
    parts.push(Contribution { by: Source::Rounding, money: &published - &exact });
    parts.retain(|part| !part.money.is_zero());
    parts
}

/// What stops `cells` from moving as others do: the limits that press on all of them, holds,
/// and their own floors and ceilings.
pub fn stopped_by(plan: &Plan, allocation: &Allocation, cells: &[CellId]) -> Vec<String> {
    let mut stops = Vec::new();
    for pressure in &allocation.pressures {
        let origin = &pressure.origin;
        let covers = |cell: &CellId| pressure.own.binary_search(cell).is_ok();
        if origin.kind != ReadingKind::Balance && cells.iter().all(covers) {
            let held = if origin.kind == ReadingKind::Hold { "hold " } else { "" };
            stops.push(format!("{held}{}", origin_text(origin)));
        }
    }
    stops.extend(own_stop(plan, allocation, cells).map(String::from));
    stops
}

fn own_stop(plan: &Plan, allocation: &Allocation, cells: &[CellId]) -> Option<&'static str> {
    let all = |test: &dyn Fn(CellId) -> bool| cells.iter().all(|cell| test(*cell));
    if all(&|cell| plan.cell(cell).weight().is_zero()) {
        return Some("fixed");
    }
    if all(&|cell| plan.transfers().kept.get(cell.index()).is_some_and(Option::is_some)) {
        return Some("kept");
    }
    if all(&|cell| plan.cell(cell).lump.is_some()) {
        return Some("all or nothing");
    }
    if all(&|cell| allocation.own[cell.index()].is_positive()) {
        return Some("floor");
    }
    all(&|cell| allocation.own[cell.index()].is_negative()).then_some("ceiling")
}

/// The pressure of a limit on one side of it, as a relative change; `None` where it does not press.
pub fn pressure(
    allocation: &Allocation,
    kind: ReadingKind,
    id: &Id,
    member: &str,
    up: bool,
) -> Option<Amount> {
    let found = allocation.pressures.iter().find(|pressure| {
        let origin = &pressure.origin;
        origin.kind == kind
            && origin.id == *id
            && origin.member == member
            && pressure.multiplier.is_positive() == up
    });
    found.map(crate::solve::Pressure::normalised)
}
