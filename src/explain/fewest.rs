//! Few moves among the cheapest: a fixed charge a move, over the arcs that cost no more than needed.

use std::collections::BTreeMap;

use super::circles::Table;
use super::transport::{Cheapest, Flow, Transport};
use crate::units::Amount;

/// A cheapest schedule with few moves, and a number that no cheapest one is below.
pub(super) struct Few {
    pub(super) flows: Vec<Flow>,
    pub(super) least: usize,
}

/// The most givers and receivers of a group whose every set is looked at.
const MOST_TRIED: usize = 16;

/// An end that takes or gives whatever the others leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    /// The giver of this place.
    Gives(usize),
    /// The receiver of this place.
    Receives(usize),
    /// The others balance.
    Nobody,
}

/// Moves what `transport` asks for, as cheaply as `cheapest`, in few moves.
///
/// An arc on which something can move in a cheapest schedule costs what the prices of its ends say,
/// and any schedule over such arcs is a cheapest one. A schedule of `n` lines without circles has
/// `n` moves less the number of blocks that balance by themselves. All blocks but that of `rest`
/// lie in a group of lines that such arcs tie together, so the most blocks that balance in each
/// group give a number that no cheapest schedule is below.
pub(super) fn few(transport: &Transport<'_>, cheapest: &Cheapest, rest: Rest) -> Few {
    let tight = |from: usize, to: usize| {
        (transport.cost)(from, to) == cheapest.givers[from] + cheapest.receivers[to]
    };
    let groups = groups(transport, &tight, rest);
    let mut table = Table::of(cheapest.flows.clone());
    let (mut blocks, mut most) = (Vec::new(), usize::from(rest != Rest::Nobody));
    for group in &groups {
        table.pair(transport, &group.givers, &group.receivers, &tight);
        let (known, bound) = group.blocks(transport, &tight, rest == Rest::Nobody);
        blocks.extend(known);
        most += bound;
    }
    let least = transport.supply.len() + transport.demand.len() - most;
    let flows = table.forest();
    if flows.len() > least
        && let Some(fewer) = apart(transport, &tight, &blocks).filter(|own| own.len() < flows.len())
    {
        return Few { flows: fewer, least };
    }
    Few { flows, least }
}

/// Lets each block pay itself and everybody else the others, where both can be at no more cost.
fn apart(
    transport: &Transport<'_>,
    tight: &dyn Fn(usize, usize) -> bool,
    blocks: &[Group],
) -> Option<Vec<Flow>> {
    let others = |count: usize, of: &dyn Fn(&Group) -> &Vec<usize>| -> Vec<usize> {
        (0..count).filter(|line| blocks.iter().all(|block| !of(block).contains(line))).collect()
    };
    let last = Group {
        givers: others(transport.supply.len(), &|block| &block.givers),
        receivers: others(transport.demand.len(), &|block| &block.receivers),
    };
    let parts = blocks.iter().chain([&last]).map(|block| block.flows(transport, tight));
    let parts: Option<Vec<Vec<Flow>>> = parts.collect();
    parts.map(|parts| parts.concat())
}

/// Lines that money can move between at no more than the least cost, ascending.
struct Group {
    givers: Vec<usize>,
    receivers: Vec<usize>,
}

/// The groups that are tied together, but for the end that takes or gives the rest.
fn groups(
    transport: &Transport<'_>,
    tight: &dyn Fn(usize, usize) -> bool,
    rest: Rest,
) -> Vec<Group> {
    let (m, n) = (transport.supply.len(), transport.demand.len());
    let mut taken: Vec<bool> = (0..n).map(|to| rest == Rest::Receives(to)).collect();
    let mut seen: Vec<bool> = (0..m).map(|from| rest == Rest::Gives(from)).collect();
    let mut found = Vec::new();
    for start in 0..m {
        if seen[start] {
            continue;
        }
        seen[start] = true;
        let mut group = Group { givers: Vec::new(), receivers: Vec::new() };
        let mut open = vec![start];
        while let Some(giver) = open.pop() {
            group.givers.push(giver);
            for to in (0..n).filter(|to| tight(giver, *to)) {
                if taken[to] {
                    continue;
                }
                taken[to] = true;
                group.receivers.push(to);
                for other in (0..m).filter(|other| tight(*other, to)) {
                    if !seen[other] {
                        seen[other] = true;
                        open.push(other);
                    }
                }
            }
        }
        group.givers.sort_unstable();
        group.receivers.sort_unstable();
        found.push(group);
    }
    found
}

impl Group {
    /// Blocks that each balance, and a number that their count cannot pass.
    fn blocks(
        &self,
        transport: &Transport<'_>,
        tight: &dyn Fn(usize, usize) -> bool,
        alone: bool,
    ) -> (Vec<Self>, usize) {
        let (m, n) = (self.givers.len(), self.receivers.len());
        if m == 0 || n == 0 {
            return (Vec::new(), 0);
        }
        if m + n <= MOST_TRIED {
            let blocks = self.tried(transport, tight, alone);
            let count = blocks.len();
            return (blocks, count);
        }
        let pairs = self.pairs(transport);
        (Vec::new(), m.min(n).min(pairs + (m + n - 2 * pairs) / 3))
    }

    /// How many givers give just what a receiver wants, each counted once.
    fn pairs(&self, transport: &Transport<'_>) -> usize {
        let mut wanted: BTreeMap<&Amount, usize> = BTreeMap::new();
        for to in &self.receivers {
            *wanted.entry(&transport.demand[*to]).or_default() += 1;
        }
        let mut count = 0;
        for from in &self.givers {
            if let Some(left) = wanted.get_mut(&transport.supply[*from]).filter(|left| **left > 0) {
                *left -= 1;
                count += 1;
            }
        }
        count
    }

    /// The most blocks that each balance: every set of lines is looked at once, as the lines of
    /// some blocks and a part of the next. A set that cannot pay itself holds no whole blocks; nor
    /// does one that leaves others who cannot, where the group is `alone`: nobody takes the rest.
    fn tried(
        &self,
        transport: &Transport<'_>,
        tight: &dyn Fn(usize, usize) -> bool,
        alone: bool,
    ) -> Vec<Self> {
        let values = self.values(transport);
        let sets = 1_usize << values.len();
        let every =
            self.givers.iter().all(|from| self.receivers.iter().all(|to| tight(*from, *to)));
        let pays = |set: usize| every || self.part(set).flows(transport, tight).is_some();
        let mut sums = vec![Amount::ZERO; sets];
        let mut whole = vec![true; sets];
        let mut most = vec![(0_usize, 0_usize); sets];
        let mut start = 0;
        for set in 1..sets {
            let first = set.trailing_zeros() as usize;
            sums[set] = &sums[set & (set - 1)] + &values[first];
            whole[set] = sums[set].is_zero() && pays(set) && (!alone || pays(sets - 1 - set));
            let parts = (0..values.len()).filter(|bit| set >> bit & 1 == 1);
            let best = parts.map(|bit| (most[set & !(1 << bit)].0, set & !(1 << bit)));
            let (count, before) = best.max_by_key(|(count, _)| *count).unwrap_or((0, 0));
            most[set] = (count + usize::from(whole[set]), before);
            if whole[set] && most[set].0 > most[start].0 {
                start = set;
            }
        }
        let (mut blocks, mut set, mut open) = (Vec::new(), start, start);
        while open != 0 {
            set = most[set].1;
            if whole[set] {
                blocks.push(self.part(open & !set));
                open = set;
            }
        }
        blocks
    }

    /// What each line gives, and less than nothing for what it receives.
    fn values(&self, transport: &Transport<'_>) -> Vec<Amount> {
        let given = self.givers.iter().map(|from| transport.supply[*from].clone());
        let taken = self.receivers.iter().map(|to| -&transport.demand[*to]);
        given.chain(taken).collect()
    }

    /// The lines of a set, as bits: the givers first.
    fn part(&self, set: usize) -> Self {
        let of = |places: &[usize], from: usize| -> Vec<usize> {
            let own = |place: &(usize, &usize)| set >> (from + place.0) & 1 == 1;
            places.iter().enumerate().filter(own).map(|(_, line)| *line).collect()
        };
        Self { givers: of(&self.givers, 0), receivers: of(&self.receivers, self.givers.len()) }
    }

    /// The moves of lines that can pay one another at the least cost; `None` where they cannot.
    fn flows(
        &self,
        transport: &Transport<'_>,
        tight: &dyn Fn(usize, usize) -> bool,
    ) -> Option<Vec<Flow>> {
        let supply: Vec<Amount> =
            self.givers.iter().map(|from| transport.supply[*from].clone()).collect();
        let demand: Vec<Amount> =
            self.receivers.iter().map(|to| transport.demand[*to].clone()).collect();
        let ends = |from: usize, to: usize| (self.givers[from], self.receivers[to]);
        let cost = |from: usize, to: usize| {
            let (from, to) = ends(from, to);
            i128::from(!tight(from, to))
        };
        let found = Transport { supply: &supply, demand: &demand, cost: &cost }.cheapest().flows;
        let own = found.into_iter().map(|flow| {
            let (from, to) = ends(flow.from, flow.to);
            Flow { from, to, amount: flow.amount }
        });
        let own: Vec<Flow> = own.collect();
        own.iter().all(|flow| tight(flow.from, flow.to)).then(|| Table::of(own).forest())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(
        supply: &[i64],
        demand: &[i64],
        cost: &dyn Fn(usize, usize) -> i128,
        rest: Rest,
    ) -> (usize, usize) {
        let whole = |all: &[i64]| all.iter().map(|n| Amount::whole(*n)).collect::<Vec<_>>();
        let (given, taken) = (whole(supply), whole(demand));
        let transport = Transport { supply: &given, demand: &taken, cost };
        let found = few(&transport, &transport.cheapest(), rest);
        for (from, wanted) in given.iter().enumerate() {
            let own = found.flows.iter().filter(|flow| flow.from == from);
            assert_eq!(own.map(|flow| &flow.amount).sum::<Amount>(), *wanted);
        }
        for (to, wanted) in taken.iter().enumerate() {
            let own = found.flows.iter().filter(|flow| flow.to == to);
            assert_eq!(own.map(|flow| &flow.amount).sum::<Amount>(), *wanted);
        }
        (found.flows.len(), found.least)
    }

    /// 7 = 4 + 3 and 5 + 6 = 11, so there are two blocks: 6 lines less 2 are 4 moves. Paying in the
    /// order of the lists takes 5: 7 of the 11, then 4 of it, 1, 2, 3.
    #[test]
    fn blocks_that_balance_save_a_move_each() {
        assert_eq!(count(&[7, 5, 6], &[11, 4, 3], &|_, _| 1, Rest::Nobody), (4, 4));
    }

    /// The first giver may not pay the first receiver for free: 3 to 3 would be one move, but not a
    /// cheapest one. Each pays the other's: still two moves, and no block of one giver is near.
    #[test]
    fn a_dearer_arc_saves_no_move() {
        let cost = |from: usize, to: usize| i128::from(from == to);
        assert_eq!(count(&[3, 3], &[3, 3], &cost, Rest::Nobody), (2, 2));
    }

    /// 5 and 2 to 2 and 5, where the first may pay both at no more cost and the second only the
    /// second: 5 to 5 would leave the second with nobody to pay. So three moves are the fewest.
    #[test]
    fn a_block_that_leaves_others_without_a_payer_is_none() {
        let cost = |from: usize, to: usize| [[1, 2], [9, 1]][from][to];
        assert_eq!(count(&[5, 2], &[2, 5], &cost, Rest::Nobody), (3, 3));
    }

    /// The last receiver takes the rest. 5 = 5 is a block, 9 goes to the rest alone.
    #[test]
    fn what_is_left_goes_to_the_rest() {
        assert_eq!(
            count(&[9, 5], &[5, 9], &|_, to| i128::from(to == 0), Rest::Receives(1)),
            (2, 2)
        );
    }
}
