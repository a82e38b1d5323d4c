//! Who has to approve the moves of an allocation.

use std::collections::HashMap;

use crate::plan::{Limit, Moved, Plan, Reading, ReadingKind, Sense};
use crate::solve::Allocation;
use crate::units::{Amount, Id};

/// The approvals that the tiers and approvals of movement limits ask for.
pub(super) struct Approvals<'a> {
    known: HashMap<(Id, String), (&'a Limit, Moved)>,
    /// The moves that a limit without bounds reports: the limit, the member, the net move, the
    /// body.
    pub(super) reported: Vec<(&'a Limit, String, Amount, String)>,
}

impl<'a> Approvals<'a> {
    pub(super) fn new(plan: &'a Plan, allocation: &Allocation) -> Self {
        let amounts: Vec<Amount> = (0..plan.cells().len())
            .map(|place| allocation.amount(plan, crate::units::CellId::new(place)))
            .collect();
        let mut found = Self { known: HashMap::new(), reported: Vec::new() };
        for limit in plan.limits() {
            if limit.tiers.is_empty() && limit.approval.is_none() {
                continue;
            }
            let bounded = allocation.readings.iter().any(|own| own.id == limit.id);
            for moved in plan.moved(limit) {
                let net = &moved.form.value(&amounts) - &plan.baseline_of(&moved.form);
                if bounded {
                    let key = (limit.id.clone(), moved.member.clone());
                    found.known.insert(key, (limit, moved));
                } else if let Some(body) = moved.approval(limit, &net.abs()) {
                    let body = body.to_string();
                    found.reported.push((limit, moved.member.clone(), net, body));
                }
            }
        }
        found
    }

    /// Who must approve what a reading says has moved.
    pub(super) fn of(&self, reading: &Reading) -> Option<&str> {
        if reading.kind != ReadingKind::Limit {
            return None;
        }
        let (limit, moved) = self.known.get(&(reading.id.clone(), reading.member.clone()))?;
        let net = match reading.sense {
            Sense::Ceiling => reading.level.clone(),
            Sense::Floor => -&reading.level,
            Sense::Equal => reading.level.abs(),
        };
        moved.approval(limit, &net)
    }
}
