use super::{Family, Group, Plan, ShareOf, Spend};
use crate::units::{Amount, CellId, Id};

/// One bound of one limit for one combination of members, read against an allocation.
#[derive(Debug, Clone)]
pub struct Reading {
    /// What kind of rule it is.
    pub kind: ReadingKind,
    /// The id of the limit, hold or transfer; `balance` for the balance.
    pub id: Id,
    /// The members of `each`, joined by `/`.
    pub member: String,
    /// What is bounded.
    pub measured: Measured,
    /// Which way.
    pub sense: Sense,
    /// The bound: plan units, or a share.
    pub bound: Amount,
    /// Where the allocation stands, in the unit of the bound.
    pub level: Amount,
    /// The distance that is left, in plan units of the slice; negative where it is broken.
    pub slack: Amount,
    /// Who set it.
    pub authority: Option<String>,
    /// The cells of the slice.
    pub cells: Vec<CellId>,
}

/// The kinds of rule that can bind a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReadingKind {
    /// A limit of the plan or scenario.
    Limit,
    /// A planner's pin.
    Hold,
    /// A level that transfers leave.
    Transfer,
    /// Expenses against revenue.
    Balance,
}

impl ReadingKind {
    /// The word that tables use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Limit => "limit",
            Self::Hold => "hold",
            Self::Transfer => "transfer",
            Self::Balance => "balance",
        }
    }
}

/// What a reading bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measured {
    /// The level of the slice, in plan units.
    Amount,
    /// The level as a share of another slice.
    Share,
}

/// The direction of a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sense {
    /// At least.
    Floor,
    /// At most.
    Ceiling,
    /// Exactly.
    Equal,
}

impl Sense {
    /// The sign that tables use: `>=`, `<=` or `=`.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Floor => ">=",
            Self::Ceiling => "<=",
            Self::Equal => "=",
        }
    }
}

/// Reads every limit, hold, transfer and balance against `amounts`, one a cell in plan units, and
/// `revenue`, one a balance row.
///
/// The bounds are re-added from the plan itself: nothing here knows how they were formulated.
pub fn readings(plan: &Plan, amounts: &[Amount], revenue: &[Amount]) -> Vec<Reading> {
    let reader = Reader { plan, amounts };
    let mut found = reader.balance(revenue);
    for limit in plan.limits() {
        for group in plan.groups(&limit.on, &limit.each) {
            let member = plan.key_text(&limit.each, &group);
            for bound in reader.bounds(&limit.family, &limit.each, &group) {
                found.push(reader.reading(
                    (ReadingKind::Limit, limit.id.clone(), member.clone()),
                    limit.authority.clone(),
                    &group,
                    bound,
                ));
            }
        }
    }
    for hold in plan.holds().iter().filter(|hold| !hold.lapsed) {
        let family = Family::Amount { min: hold.min.clone(), max: hold.max.clone() };
        for group in plan.groups(&hold.on, &[]) {
            for bound in reader.bounds(&family, &[], &group) {
                let name = (ReadingKind::Hold, hold.id.clone(), String::new());
                found.push(reader.reading(name, hold.by.clone(), &group, bound));
            }
        }
    }
    for transfer in &plan.transfers().levels {
        for group in plan.groups(&transfer.on, &[]) {
            let name = (ReadingKind::Transfer, transfer.id.clone(), String::new());
            let bound = Bound::amount(Sense::Equal, transfer.level.clone());
            found.push(reader.reading(name, None, &group, bound));
        }
    }
    found
}

/// One bound of a family: `level - share * base` against `bound`, or against zero for a share.
struct Bound {
    sense: Sense,
    value: Amount,
    base: Option<Vec<CellId>>,
}

impl Bound {
    fn amount(sense: Sense, bound: Amount) -> Self {
        Self { sense, value: bound, base: None }
    }
}

struct Reader<'a> {
    plan: &'a Plan,
    amounts: &'a [Amount],
}

impl Reader<'_> {
    fn level(&self, cells: &[CellId]) -> Amount {
        cells.iter().map(|cell| &self.amounts[cell.index()]).sum()
    }

    fn balance(&self, revenue: &[Amount]) -> Vec<Reading> {
        let Some(balance) = self.plan.balance() else {
            return Vec::new();
        };
        let sense = if balance.spend == Spend::All { Sense::Equal } else { Sense::Ceiling };
        let periods = self.plan.periods();
        periods
            .into_iter()
            .zip(revenue)
            .map(|(period, bound)| {
                let level = self.level(&period.cells);
                let member = period.member.zip(self.plan.time()).map(|(member, time)| {
                    self.plan.dimensions()[time].member(member).id.to_string()
                });
                Reading {
                    kind: ReadingKind::Balance,
                    id: Id::from("balance"),
                    member: member.unwrap_or_default(),
                    measured: Measured::Amount,
                    sense,
                    slack: slack(sense, &level, bound),
                    bound: bound.clone(),
                    level,
                    authority: self.plan.authority().map(String::from),
                    cells: period.cells,
                }
            })
            .collect()
    }

    fn bounds(&self, family: &Family, each: &[super::Axis], group: &Group) -> Vec<Bound> {
        let two = |min: Option<Amount>, max: Option<Amount>, base: Option<Vec<CellId>>| {
            let bound = |sense, value| Bound { sense, value, base: base.clone() };
            match (min, max) {
                (Some(min), Some(max)) if min == max => vec![bound(Sense::Equal, min)],
                (min, max) => min
                    .map(|min| bound(Sense::Floor, min))
                    .into_iter()
                    .chain(max.map(|max| bound(Sense::Ceiling, max)))
                    .collect(),
            }
        };
        match family {
            Family::Amount { min, max } => {
                let value = |bound: &super::Expression| bound.value(self.plan, group);
                two(min.as_ref().map(value), max.as_ref().map(value), None)
            }
            Family::Share { min, max, of } => {
                two(min.clone(), max.clone(), Some(self.plan.share_base(of, each, group)))
            }
            Family::Change { cut, rise } => {
                let (min, max) = self.plan.change_bounds(cut.as_ref(), rise.as_ref(), group);
                two(min, max, None)
            }
        }
    }

    fn reading(
        &self,
        (kind, id, member): (ReadingKind, Id, String),
        authority: Option<String>,
        group: &Group,
        bound: Bound,
    ) -> Reading {
        let own = self.level(&group.cells);
        let (measured, level, slack) = match &bound.base {
            None => (Measured::Amount, own.clone(), slack(bound.sense, &own, &bound.value)),
            Some(cells) => {
                let base = self.level(cells);
                let share = if base.is_zero() { Amount::ZERO } else { &own / &base };
                (Measured::Share, share, slack(bound.sense, &own, &(&bound.value * &base)))
            }
        };
        Reading {
            kind,
            id,
            member,
            measured,
            sense: bound.sense,
            bound: bound.value,
            level,
            slack,
            authority,
            cells: group.cells.clone(),
        }
    }
}

fn slack(sense: Sense, level: &Amount, bound: &Amount) -> Amount {
    match sense {
        Sense::Floor => level - bound,
        Sense::Ceiling => bound - level,
        Sense::Equal => -(level - bound).abs(),
    }
}

impl Plan {
    /// The cells that a share limit's share is taken of, for one group.
    pub fn share_base(&self, of: &ShareOf, each: &[super::Axis], group: &Group) -> Vec<CellId> {
        let all = super::Slice::all(self.dimensions().len());
        let slice = match of {
            ShareOf::SameTime => match self.time() {
                Some(time) => all.with(time, group.slice.pick(time).cloned()),
                None => all,
            },
            ShareOf::Slice { slice, whole } => {
                let mut base = slice.clone();
                for (axis, member) in each.iter().zip(&group.key) {
                    let free = base.pick(axis.dimension).is_none();
                    if free && !whole.contains(&axis.dimension) {
                        base = self.narrowed(&base, axis.dimension, *member);
                    }
                }
                base
            }
        };
        self.select(&slice)
    }

    /// The floor and ceiling that a change limit sets on the level of a group, in plan units.
    pub fn change_bounds(
        &self,
        cut: Option<&Amount>,
        rise: Option<&Amount>,
        group: &Group,
    ) -> (Option<Amount>, Option<Amount>) {
        let baseline: Amount = group.cells.iter().map(|id| &self.cell(*id).baseline).sum();
        let size = baseline.abs();
        (cut.map(|cut| &baseline - &(cut * &size)), rise.map(|rise| &baseline + &(rise * &size)))
    }
}
