//! Moves that can be rearranged without changing what any line gives or receives.

use std::collections::BTreeMap;

use super::transport::{Flow, Transport};
use crate::units::Amount;

/// Moves by giver and receiver.
pub(super) struct Table {
    flows: BTreeMap<(usize, usize), Amount>,
}

impl Table {
    pub(super) fn of(flows: Vec<Flow>) -> Self {
        let flows = flows.into_iter().map(|flow| ((flow.from, flow.to), flow.amount)).collect();
        Self { flows }
    }

    fn add(&mut self, from: usize, to: usize, amount: &Amount) {
        let known = self.flows.entry((from, to)).or_default();
        *known += amount;
        if known.is_zero() {
            self.flows.remove(&(from, to));
        }
    }

    /// Lets a giver pay a receiver of the same amount alone, wherever others can swap with them.
    pub(super) fn pair(
        &mut self,
        transport: &Transport<'_>,
        givers: &[usize],
        receivers: &[usize],
        tight: &dyn Fn(usize, usize) -> bool,
    ) {
        let mut by_amount: BTreeMap<&Amount, Vec<usize>> = BTreeMap::new();
        for to in receivers {
            by_amount.entry(&transport.demand[*to]).or_default().push(*to);
        }
        for from in givers {
            let Some(alike) = by_amount.get_mut(&transport.supply[*from]) else { continue };
            let fits = |to: &usize| tight(*from, *to);
            let paid = alike.iter().copied().filter(fits).find(|to| self.direct(*from, *to, tight));
            alike.retain(|to| Some(*to) != paid);
        }
    }

    /// Lets `from` pay `to` alone; puts everything back where that cannot be.
    fn direct(&mut self, from: usize, to: usize, tight: &dyn Fn(usize, usize) -> bool) -> bool {
        let mut undo: Vec<(usize, usize, Amount)> = Vec::new();
        loop {
            let elsewhere: Vec<(usize, Amount)> = self
                .flows
                .range((from, 0)..=(from, usize::MAX))
                .filter(|((_, other), _)| *other != to)
                .map(|((_, other), amount)| (*other, amount.clone()))
                .collect();
            if elsewhere.is_empty() {
                return true;
            }
            let payers = self.flows.iter().filter(|((giver, own), _)| *own == to && *giver != from);
            let payers: Vec<(usize, Amount)> =
                payers.map(|((giver, _), amount)| (*giver, amount.clone())).collect();
            let pairs = elsewhere.iter().flat_map(|one| payers.iter().map(move |two| (one, two)));
            let swap = pairs.into_iter().find(|((other, _), (giver, _))| tight(*giver, *other));
            let Some(((other, paid), (giver, got))) = swap else {
                for (from, to, amount) in undo {
                    self.add(from, to, &amount);
                }
                return false;
            };
            let moved = paid.min(got);
            let against = -moved;
            for (from, to, amount) in [
                (from, to, moved),
                (*giver, *other, moved),
                (from, *other, &against),
                (*giver, to, &against),
            ] {
                self.add(from, to, amount);
                undo.push((from, to, -amount));
            }
        }
    }

    /// Takes out every circle: moving round one until a move vanishes changes no line's sum.
    pub(super) fn forest(&self) -> Vec<Flow> {
        let mut kept = Self { flows: BTreeMap::new() };
        for ((from, to), amount) in &self.flows {
            let Some(path) = kept.path(*from, *to) else {
                kept.add(*from, *to, amount);
                continue;
            };
            let arcs = || path.iter().enumerate();
            let (more, less) = (arcs().step_by(2), arcs().skip(1).step_by(2));
            let least = less.map(|(_, arc)| &kept.flows[arc]).min();
            let less = least.map_or(amount, |least| amount.min(least)).clone();
            let more = more.map(|(_, arc)| &kept.flows[arc]).min().cloned();
            let round = match more {
                Some(more) if more < less => -more,
                _ => less,
            };
            kept.add(*from, *to, &(amount - &round));
            for (place, (from, to)) in path.into_iter().enumerate() {
                kept.add(from, to, &if place % 2 == 0 { round.clone() } else { -&round });
            }
        }
        let flows = kept.flows.into_iter();
        flows.map(|((from, to), amount)| Flow { from, to, amount }).collect()
    }

    /// The arcs that lead from a giver to a receiver, there being no circle.
    fn path(&self, from: usize, to: usize) -> Option<Vec<(usize, usize)>> {
        let mut trail: Vec<((usize, usize), usize)> = Vec::new();
        let mut open: Vec<(bool, usize, usize)> = vec![(true, from, usize::MAX)];
        let mut seen = std::collections::BTreeSet::from([(true, from)]);
        while let Some((giver, line, before)) = open.pop() {
            let arcs: Vec<(usize, usize)> = if giver {
                self.flows.range((line, 0)..=(line, usize::MAX)).map(|(arc, _)| *arc).collect()
            } else {
                self.flows.keys().filter(|arc| arc.1 == line).copied().collect()
            };
            for arc in arcs {
                let next = if giver { arc.1 } else { arc.0 };
                if !seen.insert((!giver, next)) {
                    continue;
                }
                trail.push((arc, before));
                if giver && next == to {
                    let mut path = Vec::new();
                    let mut at = trail.len() - 1;
                    while let Some((arc, before)) = trail.get(at) {
                        path.push(*arc);
                        at = *before;
                    }
                    path.reverse();
                    return Some(path);
                }
                open.push((!giver, next, trail.len() - 1));
            }
        }
        None
    }
}
