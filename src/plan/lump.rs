//! Lines of all or nothing.

use std::sync::Arc;

use super::memo::Memo;
use super::{Aim, Cell, Fault, Plan, PlanParts, Site, Slice, Stage};
use crate::units::{Amount, CellId, Id, Quantum};

/// All or nothing: a cell is zero or this amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lump {
    /// The amount, other than zero.
    pub amount: Amount,
    /// Whether it is taken, where that is decided.
    pub taken: Option<bool>,
}

impl Lump {
    /// A lump that is to be decided.
    pub fn open(amount: Amount) -> Self {
        Self { amount, taken: None }
    }

    /// What the cell is when the lump is `taken` or left.
    pub fn level(&self, taken: bool) -> Amount {
        if taken { self.amount.clone() } else { Amount::ZERO }
    }

    /// The least that the cell may be.
    pub(super) fn floor(&self) -> Amount {
        match self.taken {
            Some(taken) => self.level(taken),
            None => self.amount.clone().min(Amount::ZERO),
        }
    }

    /// The most that the cell may be.
    pub(super) fn ceiling(&self) -> Amount {
        match self.taken {
            Some(taken) => self.level(taken),
            None => self.amount.clone().max(Amount::ZERO),
        }
    }
}

impl Plan {
    /// The cells of all or nothing that are still to be decided, in declared member order. One that
    /// keeps its parent's answer is not.
    pub fn lumps(&self) -> Vec<CellId> {
        let open = |id: &CellId| {
            let kept = self.transfers().kept.get(id.index()).is_some_and(Option::is_some);
            !kept && self.cell(*id).lump.as_ref().is_some_and(|lump| lump.taken.is_none())
        };
        (0..self.cells().len()).map(CellId::new).filter(open).collect()
    }

    /// The same plan with each of [`Plan::lumps`] taken or left, in their order.
    #[must_use]
    pub fn with_lumps(&self, taken: &[bool]) -> Self {
        let all: Vec<(CellId, bool)> =
            self.lumps().into_iter().zip(taken.iter().copied()).collect();
        self.with_taken(&all)
    }

    /// The same plan with some lumps taken or left.
    #[must_use]
    pub fn with_taken(&self, decided: &[(CellId, bool)]) -> Self {
        let mut plan = self.clone();
        plan.memo = Memo::default();
        let parts = Arc::make_mut(&mut plan.parts);
        for (id, taken) in decided {
            if let Some(lump) = &mut parts.cells[id.index()].lump {
                lump.taken = Some(*taken);
            }
        }
        plan
    }
}

/// The stage that decides lumps where no stage but the calibration is declared: as few moves as can be.
pub(super) fn add_stage(parts: &mut PlanParts) {
    let lumpy = parts.cells.iter().any(|cell| cell.lump.is_some());
    if !lumpy || parts.stages.iter().any(Stage::is_linear) {
        return;
    }
    let taken = |id: &str| parts.stages.iter().any(|stage| stage.id == id);
    let id = if taken("few-moves") { "fewest-moves" } else { "few-moves" };
    let stage = Stage {
        id: Id::from(id),
        title: "As few moves as can be".into(),
        aim: Aim::FewMoves { on: Slice::all(parts.dimensions.len()) },
        loss: None,
    };
    parts.stages.insert(0, stage);
}

/// What must hold of a line of all or nothing.
pub(super) fn check(place: usize, cell: &Cell, quantum: Quantum) -> Vec<Fault> {
    let Some(Lump { amount, .. }) = &cell.lump else { return Vec::new() };
    let site = |column| Site::Cell(place, column);
    let fault =
        |code, message: String, label: String| Fault::error(code, message, site("lump"), label);
    if amount.is_zero() {
        let fault = fault("lump-nothing", "a lump may not be 0".into(), "is 0".into());
        return vec![
            fault.help("state what the line is where it is not nothing, or leave it blank"),
        ];
    }
    let mut faults = Vec::new();
    if !quantum.count(amount).is_whole() {
        let message = format!("a lump is a whole number of quanta of {}", quantum.units());
        let fault = fault("lump-quantum", message, format!("is {amount}"));
        faults.push(fault.help("state it in whole quanta: it is published as it is"));
    }
    if cell.flexibility != Amount::ONE {
        let message = "a line of all or nothing has no flexibility".to_string();
        let fault = fault("lump-flexibility", message, "is taken whole or not at all".into());
        faults.push(
            fault
                .also(site("flexibility"), "this flexibility")
                .help("leave `flexibility` blank; a hold keeps the line where it is to stand"),
        );
    }
    let (low, high) = (amount.clone().min(Amount::ZERO), amount.clone().max(Amount::ZERO));
    for (bound, column, inside) in [
        (&cell.min, "min", cell.min.as_ref().is_none_or(|min| *min <= low)),
        (&cell.max, "max", cell.max.as_ref().is_none_or(|max| *max >= high)),
    ] {
        let (Some(bound), false) = (bound, inside) else { continue };
        let (what, word) = if column == "min" { ("floor", "least") } else { ("ceiling", "most") };
        let message = format!("a line of all or nothing is 0 or {amount}, but at {word} {bound}");
        let fault = fault("lump-bounds", message, "all or nothing".into());
        faults.push(
            fault.also(site(column), format!("this {what}")).help(format!(
                "leave `{column}` blank: 0 and {amount} are all that the line can be"
            )),
        );
    }
    faults
}
