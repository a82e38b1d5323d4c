//! The difference of two scenarios, attributed to the changes that lead from one to the other.

use super::figures::{Difference, Figures};
use super::tied::tied;
use crate::units::{Amount, Id, Quantum};

/// One change on the way, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// What it does.
    pub change: String,
    /// Why, where that was stated.
    pub reason: Option<String>,
    /// Where it was stated: `file:line`.
    pub origin: String,
}

/// The way from one scenario to another.
#[derive(Debug, Clone)]
pub struct Bridge {
    /// The lines, by the ids of their members; one without ids where the bridge is of the totals.
    pub lines: Vec<Vec<Id>>,
    /// Where it begins.
    pub start: Figures,
    /// What each step adds; together they are the end less the start, exactly.
    pub steps: Vec<Step>,
    /// Where it ends.
    pub end: Figures,
    /// How the differences were attributed.
    pub method: Method,
}

/// One step of a bridge.
#[derive(Debug, Clone)]
pub struct Step {
    /// Its changes: several where those before the last have no answer without it.
    pub changes: Vec<Label>,
    /// Why the earlier changes have no answer by themselves.
    pub why: Option<String>,
    /// What it adds.
    pub adds: Difference,
}

/// How differences are attributed to changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// To each change what it adds to those before it.
    InOrder,
    /// To each change the mean of what it adds in all orders (Shapley 1953).
    Shapley {
        /// The orders that the mean is of.
        orders: u64,
        /// The orders that were left out: they pass through a scenario without an answer.
        left_out: u64,
    },
}

/// The most changes whose orders are all looked at.
pub const MOST_SHAPLEY: usize = 8;

/// The lines of two scenarios: those of the first, then what only the second has.
fn lines(start: &Figures, end: &Figures) -> Vec<Vec<Id>> {
    let more = end.lines.keys().filter(|key| !start.lines.contains_key(*key));
    start.lines.keys().chain(more).cloned().collect()
}

/// Attributes to each change what it adds to those before it.
///
/// `found` gives the figures after the first change, the first two, and so on, or why there are
/// none; after the last there are the `end`'s. A change without an answer is taken together with
/// the next.
pub fn in_order(
    start: Figures,
    end: Figures,
    changes: &[Label],
    mut found: impl FnMut(usize) -> Result<Figures, String>,
) -> Bridge {
    let lines = lines(&start, &end);
    let (mut steps, mut open, mut why) = (Vec::new(), Vec::new(), None);
    let mut before = start.clone();
    for (place, change) in changes.iter().enumerate() {
        open.push(change.clone());
        let after = if place + 1 == changes.len() { Ok(end.clone()) } else { found(place + 1) };
        match after {
            Ok(after) => {
                let adds = after.above(&before, &lines);
                let changes = std::mem::take(&mut open);
                steps.push(Step { changes, why: why.take(), adds });
                before = after;
            }
            Err(reason) => why = why.or(Some(reason)),
        }
    }
    Bridge { lines, start, steps, end, method: Method::InOrder }
}

/// Attributes to each change the mean of what it adds over all orders that have an answer at every
/// step, published to the quantum by largest remainders; `None` where no order has.
///
/// `found` gives the figures of each set of changes, as bits; nothing of them is asked twice.
pub fn shapley(
    start: Figures,
    end: Figures,
    changes: &[Label],
    quantum: Quantum,
    mut found: impl FnMut(u32) -> Result<Figures, String>,
) -> Option<Bridge> {
    let count = changes.len().min(MOST_SHAPLEY);
    let all = (1_u32 << count) - 1;
    let lines = lines(&start, &end);
    let figures: Vec<Option<Difference>> = (0..=all)
        .map(|set| match set {
            0 => Some(Difference::none(lines.len())),
            set if set == all => Some(end.above(&start, &lines)),
            set => found(set).ok().map(|figures| figures.above(&start, &lines)),
        })
        .collect();
    let orders = Orders::new(count, &figures);
    let total = orders.into[all as usize];
    if total == 0 {
        return None;
    }
    let mut parts = vec![Difference::none(lines.len()); count];
    for set in 0..all {
        for (change, part) in parts.iter_mut().enumerate().filter(|(c, _)| set >> c & 1 == 0) {
            let with = set | 1 << change;
            let (Some(before), Some(after)) = (&figures[set as usize], &figures[with as usize])
            else {
                continue;
            };
            let times = orders.into[set as usize] * orders.onward[with as usize];
            let share = Amount::from(i64::try_from(times).unwrap_or(i64::MAX));
            let share = &share / &Amount::from(i64::try_from(total).unwrap_or(i64::MAX));
            part.add(after, &share);
            part.add(before, &-&share);
        }
    }
    publish(&mut parts, quantum);
    let steps = changes.iter().zip(parts);
    let steps = steps.map(|(change, adds)| Step { changes: vec![change.clone()], why: None, adds });
    let every: u64 = (1..=count as u64).product();
    let method = Method::Shapley { orders: total, left_out: every - total };
    Some(Bridge { lines, start, steps: steps.collect(), end, method })
}

/// How many orders lead to each set of changes, and from it on to all of them.
struct Orders {
    into: Vec<u64>,
    onward: Vec<u64>,
}

impl Orders {
    fn new(count: usize, figures: &[Option<Difference>]) -> Self {
        let sets = figures.len();
        let (mut into, mut onward) = (vec![0; sets], vec![0; sets]);
        into[0] = 1;
        onward[sets - 1] = 1;
        for set in (1..sets).filter(|set| figures[*set].is_some()) {
            let own = (0..count).filter(|bit| set >> bit & 1 == 1);
            into[set] = own.map(|bit| into[set & !(1 << bit)]).sum();
        }
        for set in (0..sets - 1).rev().filter(|set| figures[*set].is_some()) {
            let more = (0..count).filter(|bit| set >> bit & 1 == 0);
            onward[set] = more.map(|bit| onward[set | 1 << bit]).sum();
        }
        Self { into, onward }
    }
}

/// A figure of a difference.
type Part = dyn Fn(&mut Difference, usize) -> &mut Amount;

/// Rounds the parts to whole quanta where their sums are whole: of the lines so that each line and
/// each change adds up, of the revenue by largest remainders.
fn publish(parts: &mut [Difference], quantum: Quantum) {
    let lines = parts.first().map_or(0, |part| part.lines.len());
    round(parts, quantum, lines, &|part, line| &mut part.lines[line].0);
    round(parts, quantum, lines, &|part, line| &mut part.lines[line].1);
    round(parts, quantum, 1, &|part, _| &mut part.revenue);
}

fn round(parts: &mut [Difference], quantum: Quantum, width: usize, of: &Part) {
    let row = |part: &mut Difference| (0..width).map(|line| of(part, line).clone()).collect();
    let exact: Vec<Vec<Amount>> = parts.iter_mut().map(row).collect();
    let sum = |line: usize| exact.iter().map(|row| &row[line]).sum::<Amount>();
    if !(0..width).all(|line| quantum.count(&sum(line)).is_whole()) {
        return;
    }
    for (part, row) in parts.iter_mut().zip(tied(&exact, quantum)) {
        for (line, amount) in row.into_iter().enumerate() {
            *of(part, line) = amount;
        }
    }
}

#[cfg(test)]
mod tests {
    use indexmap::IndexMap;

    use super::*;

    fn figures(amount: i64) -> Figures {
        let line = (Amount::ZERO, Amount::whole(amount));
        Figures { lines: IndexMap::from([(Vec::new(), line)]), revenue: Amount::ZERO }
    }

    fn changes(count: usize) -> Vec<Label> {
        let label = |place: usize| Label {
            change: format!("c{place}"),
            reason: None,
            origin: String::new(),
        };
        (0..count).map(label).collect()
    }

    fn added(bridge: &Bridge) -> Vec<String> {
        bridge.steps.iter().map(|step| step.adds.lines[0].1.to_string()).collect()
    }

    /// 100, 90, nothing, 70: the first change takes 10, the second has no answer, so it and the
    /// third take 20 together.
    #[test]
    fn a_step_without_an_answer_is_taken_with_the_next() {
        let found = |count: usize| match count {
            1 => Ok(figures(90)),
            _ => Err("its limits cannot hold together".into()),
        };
        let bridge = in_order(figures(100), figures(70), &changes(3), found);
        assert_eq!(added(&bridge), ["-10", "-20"]);
        assert_eq!(bridge.steps[1].changes.len(), 2);
        assert_eq!(bridge.steps[1].why.as_deref(), Some("its limits cannot hold together"));
    }

    /// Alone the first adds 10 and the second 20, together they add 39. The first adds 10 or 19,
    /// on average 14.5; the second 20 or 29, 24.5. Whole, the tie goes to the first: 15 and 24.
    #[test]
    fn the_shares_of_two_changes_are_means_and_add_up() {
        let found = |set: u32| Ok(figures(if set == 1 { 10 } else { 20 }));
        let one = Quantum::new(1).expect("a quantum");
        let bridge = shapley(figures(0), figures(39), &changes(2), one, found).expect("all orders");
        assert_eq!(added(&bridge), ["15", "24"]);
        assert_eq!(bridge.method, Method::Shapley { orders: 2, left_out: 0 });
    }

    /// The second cannot come first: one order is left, and each adds what it adds in it.
    #[test]
    fn an_order_without_an_answer_is_left_out() {
        let found = |set: u32| if set == 1 { Ok(figures(10)) } else { Err("no".into()) };
        let one = Quantum::new(1).expect("a quantum");
        let bridge = shapley(figures(0), figures(39), &changes(2), one, found).expect("one order");
        assert_eq!(added(&bridge), ["10", "29"]);
        assert_eq!(bridge.method, Method::Shapley { orders: 1, left_out: 1 });
        let none = shapley(figures(0), figures(39), &changes(2), one, |_| Err("no".into()));
        assert!(none.is_none());
    }
}
