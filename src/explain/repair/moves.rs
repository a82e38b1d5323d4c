//! What may change of moves: the amounts of transfers, and the last tier of a movement limit.

use super::super::words;
use super::change::{Change, Style};
use super::knob::{Ease, Knob};
use super::limits::{Key, Stated, key, step};
use crate::plan::{Limit, MeasureOf, Move, ReadingKind, Rule};
use crate::units::Amount;

impl Stated<'_> {
    /// The amounts of the transfers: each less, and more.
    pub(super) fn transfers(&self) -> Vec<Knob> {
        let moves = self.plan.transfers().moves.iter().enumerate();
        moves
            .flat_map(|(place, own)| {
                [false, true].into_iter().filter_map(move |up| self.transfer(place, own, up))
            })
            .collect()
    }

    fn transfer(&self, place: usize, own: &Move, up: bool) -> Option<Knob> {
        let figure = self.figure(&format!("transfer.{}.amount", place + 1))?;
        let mut rows = Vec::new();
        for level in &self.plan.transfers().levels {
            let cells = self.plan.select(&level.on);
            let inside = |slice| {
                self.plan.select(slice).iter().all(|cell| cells.binary_search(cell).is_ok())
            };
            let (gives, receives) = (inside(&own.from), inside(&own.to));
            if gives == receives {
                continue;
            }
            let lower = gives == up;
            let ease = |row| Ease { row, lower, by: Amount::ONE };
            rows.extend(self.rows(ReadingKind::Transfer, &level.id, "", lower).map(ease));
        }
        let step = step(&Style::Number, self.plan, MeasureOf::Amount);
        // A transfer moves more than nothing.
        let most = (!up).then(|| &own.amount - &step);
        if rows.is_empty() || most.as_ref().is_some_and(|most| !most.is_positive()) {
            return None;
        }
        let (from, to) = (words::slice(self.plan, &own.from), words::slice(self.plan, &own.to));
        Some(Knob {
            up,
            rows,
            most,
            ..Self::plain(Change {
                path: figure.path.clone(),
                cells: None,
                from: figure.value.clone(),
                about: format!("the transfer from {from} to {to}"),
                authority: own.by.clone(),
                approval: own.by.clone(),
                standing: false,
                style: Style::Number,
                verb: "figure",
                new: own.amount.clone(),
                old: own.amount.clone(),
                step,
                worth: Amount::ONE,
            })
        })
    }

    /// The last tier of a movement limit. It is the bound itself, or says the same as the one that is
    /// stated beside it, and moves with it.
    pub(super) fn last_tier(
        &self,
        limit: &Limit,
        id: &str,
        rules: &[Rule],
        bounds: Vec<Knob>,
    ) -> Vec<Knob> {
        const LAST: [Key; 2] = [
            key("max-out", true, true, "raise the last tier of moves of"),
            key("max-in", false, true, "raise the last tier of moves of"),
        ];
        let path = format!("limit.{id}.tiers.{}.up-to", limit.tiers.len());
        let Some(figure) = self.figure(&path) else { return Vec::new() };
        if bounds.is_empty() {
            return LAST.iter().filter_map(|key| self.knob(limit, figure, key, rules)).collect();
        }
        let with = |mut knob: Knob| {
            knob.also = Some(Change {
                path: path.clone(),
                from: figure.value.clone(),
                verb: LAST[0].verb,
                worth: Amount::ZERO,
                ..knob.change.clone()
            });
            knob
        };
        bounds.into_iter().map(with).collect()
    }
}
