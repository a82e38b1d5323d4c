//! The transportation problem: what is given reaches those who receive at the least cost, exactly.

use crate::units::Amount;

/// Amounts to be moved from givers to receivers, as much given as received.
pub(super) struct Transport<'a> {
    pub(super) supply: &'a [Amount],
    pub(super) demand: &'a [Amount],
    /// What one unit costs from a giver to a receiver.
    pub(super) cost: &'a dyn Fn(usize, usize) -> i128,
}

/// What moves from a giver to a receiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Flow {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) amount: Amount,
}

/// A cheapest way to move, and the prices that prove it: a unit costs at least
/// `giver + receiver`, and exactly that wherever something moves.
pub(super) struct Cheapest {
    pub(super) flows: Vec<Flow>,
    pub(super) givers: Vec<i128>,
    pub(super) receivers: Vec<i128>,
}

impl Transport<'_> {
    /// Finds a cheapest way by successive shortest paths (Tomizawa 1971; Edmonds and Karp 1972).
    pub(super) fn cheapest(&self) -> Cheapest {
        let least = |to: usize| (0..self.supply.len()).map(|from| (self.cost)(from, to)).min();
        let mut search = Search {
            transport: self,
            givers: vec![0; self.supply.len()],
            receivers: (0..self.demand.len()).map(|to| least(to).unwrap_or(0)).collect(),
            wanted: self.demand.to_vec(),
            into: vec![Vec::new(); self.demand.len()],
        };
        for (from, supply) in self.supply.iter().enumerate() {
            let mut left = supply.clone();
            while left.is_positive() {
                let Some(moved) = search.send(from, &left) else { break };
                left -= &moved;
            }
        }
        let Search { givers, receivers, into, .. } = search;
        let flows = into.into_iter().enumerate().flat_map(|(to, parts)| {
            parts.into_iter().map(move |(from, amount)| Flow { from, to, amount })
        });
        Cheapest { flows: flows.collect(), givers, receivers }
    }
}

struct Search<'a> {
    transport: &'a Transport<'a>,
    givers: Vec<i128>,
    receivers: Vec<i128>,
    /// What each receiver still wants.
    wanted: Vec<Amount>,
    /// What each receiver gets, by giver.
    into: Vec<Vec<(usize, Amount)>>,
}

/// The shortest paths from one giver, as far as they were looked for.
struct Paths {
    /// The distance of each receiver, and the giver before it.
    receivers: Vec<(i128, usize)>,
    done: Vec<bool>,
    /// The givers reached: each with its distance and the receiver before it.
    givers: Vec<Option<(i128, usize)>>,
}

impl Search<'_> {
    /// Moves what the nearest receiver takes of `left`, and gives how much that was.
    fn send(&mut self, root: usize, left: &Amount) -> Option<Amount> {
        let (paths, end) = self.paths(root)?;
        let far = paths.receivers[end].0;
        for (giver, found) in paths.givers.iter().enumerate() {
            if let Some((distance, _)) = found {
                self.givers[giver] += far - distance;
            }
        }
        for (receiver, done) in paths.done.iter().enumerate() {
            if *done {
                self.receivers[receiver] -= far - paths.receivers[receiver].0;
            }
        }
        let mut steps = Vec::new();
        let (mut to, mut moved) = (end, left.clone().min(self.wanted[end].clone()));
        loop {
            let from = paths.receivers[to].1;
            if from == root {
                steps.push((from, to, None));
                break;
            }
            let back = paths.givers[from].map_or(to, |(_, receiver)| receiver);
            let held = self.into[back].iter().find(|(giver, _)| *giver == from);
            moved = moved.min(held.map_or(Amount::ZERO, |(_, amount)| amount.clone()));
            steps.push((from, to, Some(back)));
            to = back;
        }
        for (from, to, back) in steps {
            self.add(from, to, &moved);
            if let Some(back) = back {
                self.add(from, back, &-&moved);
            }
        }
        self.wanted[end] -= &moved;
        Some(moved)
    }

    fn add(&mut self, from: usize, to: usize, amount: &Amount) {
        let parts = &mut self.into[to];
        match parts.iter_mut().find(|(giver, _)| *giver == from) {
            Some((_, known)) => *known += amount,
            None => parts.push((from, amount.clone())),
        }
        parts.retain(|(_, amount)| !amount.is_zero());
    }

    /// Dijkstra's shortest paths over reduced costs, up to the nearest receiver that wants more.
    fn paths(&self, root: usize) -> Option<(Paths, usize)> {
        let reduced = |from: usize, to: usize| {
            (self.transport.cost)(from, to) - self.givers[from] - self.receivers[to]
        };
        let count = self.wanted.len();
        let mut paths = Paths {
            receivers: (0..count).map(|to| (reduced(root, to), root)).collect(),
            done: vec![false; count],
            givers: vec![None; self.givers.len()],
        };
        paths.givers[root] = Some((0, usize::MAX));
        loop {
            let open = (0..count).filter(|to| !paths.done[*to]);
            let next = open.min_by_key(|to| (paths.receivers[*to].0, !self.wants(*to)))?;
            let distance = paths.receivers[next].0;
            if self.wants(next) {
                return Some((paths, next));
            }
            paths.done[next] = true;
            for (giver, _) in &self.into[next] {
                if paths.givers[*giver].is_some() {
                    continue;
                }
                paths.givers[*giver] = Some((distance, next));
                for to in (0..count).filter(|to| !paths.done[*to]) {
                    let through = distance + reduced(*giver, to);
                    if through < paths.receivers[to].0 {
                        paths.receivers[to] = (through, *giver);
                    }
                }
            }
        }
    }

    fn wants(&self, receiver: usize) -> bool {
        self.wanted[receiver].is_positive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every way to move whole units, by brute force: the least cost of all.
    fn least(supply: &[i64], demand: &[i64], cost: &dyn Fn(usize, usize) -> i128) -> Option<i128> {
        let Some(from) = supply.iter().position(|left| *left > 0) else {
            return Some(0);
        };
        let receivers = (0..demand.len()).filter(|to| demand[*to] > 0);
        let one = receivers.filter_map(|to| {
            let (mut supply, mut demand) = (supply.to_vec(), demand.to_vec());
            supply[from] -= 1;
            demand[to] -= 1;
            Some(cost(from, to) + least(&supply, &demand, cost)?)
        });
        one.min()
    }

    #[test]
    fn no_other_way_is_cheaper_and_the_prices_say_so() {
        for seed in 0_i128..60 {
            let random = |place: i128, most: i128| {
                (seed * 7_919 + place * 104_729 + 12_345).wrapping_mul(48_271) % 65_537 % most
            };
            let table: Vec<i128> = (0..9).map(|place| random(place, 7)).collect();
            let cost = |from: usize, to: usize| table[from * 3 + to];
            let supply = [2, i64::try_from(random(20, 3)).expect("small"), 1];
            let first = i64::try_from(random(21, 2)).expect("small");
            let demand = [first, 1, supply.iter().sum::<i64>() - first - 1];
            let whole = |all: &[i64]| all.iter().map(|n| Amount::whole(*n)).collect::<Vec<_>>();
            let (given, taken) = (whole(&supply), whole(&demand));
            let found = Transport { supply: &given, demand: &taken, cost: &cost }.cheapest();
            let mut total = Amount::ZERO;
            for flow in &found.flows {
                let price = found.givers[flow.from] + found.receivers[flow.to];
                assert_eq!(price, cost(flow.from, flow.to), "seed {seed}");
                let unit = i64::try_from(price).expect("small");
                total += &(&flow.amount * &Amount::whole(unit));
            }
            for (from, to) in (0..3).flat_map(|from| (0..3).map(move |to| (from, to))) {
                assert!(found.givers[from] + found.receivers[to] <= cost(from, to), "seed {seed}");
            }
            let wanted = least(&supply, &demand, &cost).expect("a way");
            assert_eq!(total, Amount::whole(i64::try_from(wanted).expect("small")), "seed {seed}");
        }
    }
}
