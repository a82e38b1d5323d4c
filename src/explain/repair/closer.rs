//! Makes a proposal ready for a file: equalities that hang together are rounded together, and a share falls
//! no further than it has to.

use std::collections::BTreeSet;

use super::change::outwards;
use super::knob::Knob;
use super::search::{NOTHING, Node, Search, key, sum};
use crate::formulate::{Column, Part, Row};
use crate::plan::Form;
use crate::solve::{Begin, least_in_floats};
use crate::units::Amount;

/// How many equalities of one repair are rounded together.
const MOST_EQUAL: usize = 12;
/// How many programmes are solved at most for one share.
const MOST_ROUNDS: usize = 8;

impl Search {
    /// The same figures with every equality at one that a file has room for, where one after the other can
    /// be: the others are the least that this asks for.
    pub(super) fn settled(&self, node: &Node) -> Node {
        let moved: BTreeSet<String> = self.moved(node).map(|(knob, _)| key(&knob.change)).collect();
        let mut settled = node.clone();
        let mut equal: Vec<usize> = (0..self.knobs.len())
            .filter(|place| node.money[*place] > NOTHING && self.knobs[*place].change.is_equality())
            .collect();
        // Parts before totals.
        equal.sort_by(|a, b| node.money[*a].total_cmp(&node.money[*b]));
        let whole = |place: &usize| {
            let money = Amount::from_f64(node.money[*place]).unwrap_or_default();
            let steps = &(&money / &self.knobs[*place].money()) / &self.knobs[*place].change.step;
            let half = &steps + &Amount::ratio(1, 2);
            (&steps - &Amount::from(half.floor())).abs() < Amount::ratio(1, 10_000)
        };
        // One alone is rounded as anything else is.
        if equal.len() < 2 || equal.iter().all(whole) {
            return settled;
        }
        let mut fixed: Vec<(usize, Amount)> = Vec::new();
        for place in equal.into_iter().take(MOST_EQUAL) {
            for money in self.whole(place, settled.money[place]) {
                fixed.push((place, money));
                let stands: BTreeSet<String> =
                    fixed.iter().map(|(place, _)| key(&self.knobs[*place].change)).collect();
                let moves = |knob: &Knob| {
                    let own = key(&knob.change);
                    moved.contains(&own) && !stands.contains(&own)
                };
                if let Some(found) = self.cheapest(&moves, &fixed, Begin::Cold) {
                    settled = Node { forbidden: node.forbidden.clone(), ..found };
                    break;
                }
                fixed.pop();
            }
        }
        settled
    }

    /// The money of the figures nearest to a move of a knob that its step allows: the further one first.
    fn whole(&self, place: usize, money: f64) -> Vec<Amount> {
        let knob = &self.knobs[place];
        let (change, unit) = (&knob.change, knob.money());
        let Some(money) = Amount::from_f64(money) else { return Vec::new() };
        let units = &money / &unit;
        let exact = if knob.up { &change.old + &units } else { &change.old - &units };
        let hair = &change.step * &Amount::ratio(1, 10_000);
        let far =
            outwards(&if knob.up { &exact - &hair } else { &exact + &hair }, &change.step, knob.up);
        let near = if knob.up { &far - &change.step } else { &far + &change.step };
        let most = knob.most.as_ref();
        let moves = |figure: &Amount| (figure - &change.old).abs();
        [far, near]
            .iter()
            .map(moves)
            .filter(|units| most.is_none_or(|most| units <= most))
            .map(|units| &units * &unit)
            .collect()
    }

    /// The amounts of a node, at which the shares that it moves give way as little as they can. The
    /// programme knows the whole of a share at its baseline only: what it says of a share may be far more
    /// than is needed. The least is found by Dinkelbach's method (1967), each round at the share of the last.
    pub(super) fn closer(&self, node: &Node) -> Vec<f64> {
        let shares: Vec<usize> = (0..self.knobs.len())
            .filter(|place| node.money[*place] > NOTHING && self.knobs[*place].is_share())
            .collect();
        let mut amounts = node.amounts.clone();
        for place in &shares {
            if self.is_near(*place, node) {
                continue;
            }
            let mut known = self.share_at(*place, &amounts);
            for _ in 0..MOST_ROUNDS {
                let Some(found) = self.least_ease(node, &shares, *place, &amounts) else { break };
                let share = self.share_at(*place, &found);
                let step = &self.knobs[*place].change.step;
                let gains = match (&share, &known) {
                    (Some(own), Some(last)) => &(own - last).abs() * &Amount::whole(10) > *step,
                    _ => false,
                };
                amounts = found;
                known = share;
                if !gains {
                    break;
                }
            }
        }
        amounts
    }

    /// Whether a share is as near to what it was as the programme says, to a step.
    fn is_near(&self, place: usize, node: &Node) -> bool {
        let knob = &self.knobs[place];
        let change = &knob.change;
        let moves = Amount::from_f64(node.money[place]).map(|money| &money / &knob.money());
        match (moves, self.share_at(place, &node.amounts)) {
            (Some(moves), Some(share)) => (&share - &change.old).abs() <= &moves + &change.step,
            _ => true,
        }
    }

    /// The share that amounts ask for.
    fn share_at(&self, place: usize, amounts: &[f64]) -> Option<Amount> {
        let amounts: Option<Vec<Amount>> =
            amounts.iter().map(|own| Amount::from_f64(*own)).collect();
        self.knobs[place].needed(&self.plan, &amounts?)
    }

    /// Amounts with the most room above the share that these ask for, where the other figures of the node
    /// move no further than they do.
    fn least_ease(
        &self,
        node: &Node,
        shares: &[usize],
        place: usize,
        amounts: &[f64],
    ) -> Option<Vec<f64>> {
        let mut program = self.program.clone();
        let moved = (0..self.knobs.len()).filter(|place| node.money[*place] > NOTHING);
        for own in moved {
            let far = Amount::from_f64(node.money[own] + NOTHING)?;
            let upper = (!shares.contains(&own)).then_some(far);
            program.columns[self.first + own] = Column { upper, ..self.knobs[own].movable() };
        }
        let room = u32::try_from(program.columns.len()).ok()?;
        program.columns.push(Column {
            baseline: Amount::ZERO,
            weight: Amount::ONE,
            lower: Some(Amount::ZERO),
            upper: None,
        });
        for own in shares {
            let knob = &self.knobs[*own];
            let share = self.share_at(*own, amounts)?;
            let share = outwards(&share, &Amount::ratio(1, 1_000_000_000), knob.up);
            let room = (*own == place).then_some(room);
            let rows =
                knob.shares.iter().map(|(form, base)| self.row(knob, &share, form, base, room));
            program.rows.extend(rows);
        }
        let most = sum(vec![Part { coefficient: -Amount::ONE, columns: vec![room] }]);
        let mut found = least_in_floats(&program, &most, Begin::Cold)?;
        found.truncate(self.first);
        Some(found)
    }

    /// A share of a base as a row, with the room that it leaves.
    fn row(&self, knob: &Knob, share: &Amount, own: &Form, base: &Form, room: Option<u32>) -> Row {
        let multiple = if knob.mirrored { &knob.less - share } else { share + &knob.less };
        let lower = knob.rows.iter().any(|ease| ease.lower);
        let part = |(coefficient, cells): &(Amount, Vec<crate::units::CellId>)| Part {
            coefficient: coefficient.clone(),
            columns: cells.iter().filter_map(|cell| u32::try_from(cell.index()).ok()).collect(),
        };
        let times = |mut part: Part| {
            part.coefficient = -&(&part.coefficient * &multiple);
            part
        };
        let mut parts: Vec<Part> = own.parts.iter().map(part).collect();
        parts.extend(base.parts.iter().map(part).map(times));
        parts.retain(|part| !part.coefficient.is_zero());
        let count = parts.len();
        if let Some(room) = room {
            let by = self.plan.baseline_of(base).abs();
            let by = if by.is_zero() { Amount::ONE } else { by };
            parts.push(Part { coefficient: if lower { -&by } else { by }, columns: vec![room] });
        }
        let bound = Some(Amount::ZERO);
        let (lower, upper) = if lower { (bound, None) } else { (None, bound) };
        Row { parts: parts.into(), own: count, lower, upper }
    }
}
