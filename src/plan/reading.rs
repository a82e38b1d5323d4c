use std::collections::HashMap;

use super::asked::{Owner, each_rule};
use super::{Body, Form, MeasureOf, Multiple, Plan, Rule};
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
    /// The measure of the slice that is bounded.
    pub measure: MeasureOf,
    /// What of it is bounded.
    pub measured: Measured,
    /// Which way.
    pub sense: Sense,
    /// The bound: plan units, or a share.
    pub bound: Amount,
    /// Where the allocation stands, in the unit of the bound.
    pub level: Amount,
    /// The distance that is left, in plan units of the slice; negative where it is broken.
    pub slack: Amount,
    /// What the bound is a multiple of, in plan units of the slice; 1 where it is an amount.
    pub base: Amount,
    /// Who set it.
    pub authority: Option<String>,
    /// It may be missed.
    pub soft: bool,
    /// The cells of the slice.
    pub cells: Vec<CellId>,
}

/// The revenue that readings are made against, in plan units.
#[derive(Debug, Clone, Default)]
pub struct RevenueLevels {
    /// The total of each balance row.
    pub totals: Vec<Amount>,
    /// What each entry brings: by the place of the line, and of the entry in it.
    pub entries: HashMap<(usize, usize), Amount>,
}

/// The kinds of rule that can bind a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ReadingKind {
    /// A limit of the plan or scenario.
    Limit,
    /// A planner's pin.
    Hold,
    /// A level that transfers leave.
    Transfer,
    /// Expenses against revenue.
    Balance,
    /// What a stage reached.
    Stage,
}

impl ReadingKind {
    /// The word that tables use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Limit => "limit",
            Self::Hold => "hold",
            Self::Transfer => "transfer",
            Self::Balance => "balance",
            Self::Stage => "stage",
        }
    }
}

/// What a reading bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measured {
    /// The level of the slice, in units of the measure.
    Amount,
    /// The level as a share of another slice.
    Share,
    /// The level as a multiple of another slice.
    Ratio,
    /// The change of the level against the previous time member, as a share of it.
    Step,
    /// The net change of the level against the baseline.
    Move,
    /// Half the sum of absolute net changes between members.
    Turnover,
}

impl Measured {
    /// The word that tables add to the measure; empty for its level.
    pub fn word(self) -> &'static str {
        match self {
            Self::Amount => "",
            Self::Share => "share",
            Self::Ratio => "ratio",
            Self::Step => "step",
            Self::Move => "move",
            Self::Turnover => "turnover",
        }
    }

    /// Whether bound and level are shares, and not amounts.
    pub fn is_share(self) -> bool {
        matches!(self, Self::Share | Self::Step)
    }
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

/// Reads every limit, fund, hold, transfer and balance against `amounts`, one a cell in plan units,
/// and the published `revenue`.
///
/// The bounds are re-added from the plan itself: nothing here knows how they were formulated.
pub fn readings(plan: &Plan, amounts: &[Amount], revenue: &RevenueLevels) -> Vec<Reading> {
    let reader = Reader { amounts, revenue };
    let mut found = Vec::new();
    each_rule(plan, revenue, &mut |owner, rule| found.extend(reader.rule(owner, rule)));
    found
}

struct Reader<'a> {
    amounts: &'a [Amount],
    revenue: &'a RevenueLevels,
}

/// One bound: which way, where it stands, and where the level stands.
struct Bound {
    sense: Sense,
    at: Amount,
    level: Amount,
    slack: Amount,
    base: Amount,
}

impl Body {
    /// The bounds, each with its sense; equal ones are an equality.
    pub fn sides(&self) -> Vec<(Sense, Amount)> {
        match self {
            Self::Level { min, max, .. }
            | Self::Share { min, max, .. }
            | Self::Reserve { min, max, .. } => two(min.clone(), max.clone()),
            Self::Turnover { most, .. } => vec![(Sense::Ceiling, most.clone())],
        }
    }

    /// The multiples of forms of the cells that the slack on one side is made of, beside what no cell
    /// is part of; a turnover has none.
    pub fn slack_forms(&self, sense: Sense, at: &Amount) -> Vec<(Amount, &Form)> {
        let sign = Amount::whole(if sense == Sense::Ceiling { -1 } else { 1 });
        let other = -&(&sign * at);
        match self {
            Self::Level { form, .. } => vec![(sign, form)],
            Self::Share { form, base, .. } => vec![(sign, form), (other, base)],
            Self::Reserve { base, .. } => base.iter().map(|base| (other.clone(), base)).collect(),
            Self::Turnover { .. } => Vec::new(),
        }
    }
}

impl Reader<'_> {
    fn rule(&self, owner: &Owner<'_>, rule: &Rule) -> Vec<Reading> {
        let (measured, bounds) = self.bounds(&rule.body);
        let reading = |bound: Bound| Reading {
            kind: owner.kind,
            id: owner.id.clone(),
            member: rule.member.clone(),
            measure: owner.measure,
            measured,
            sense: bound.sense,
            bound: bound.at,
            level: bound.level,
            slack: bound.slack,
            base: bound.base,
            authority: owner.authority.map(String::from),
            soft: owner.soft,
            cells: rule.cells.clone(),
        };
        bounds.into_iter().map(reading).collect()
    }

    fn bounds(&self, body: &Body) -> (Measured, Vec<Bound>) {
        match body {
            Body::Level { form, from, .. } => {
                let own = form.value(self.amounts);
                let measured = if from.is_some() { Measured::Move } else { Measured::Amount };
                let from = from.clone().unwrap_or_default();
                let bound = |(sense, bound): (Sense, Amount)| Bound {
                    sense,
                    slack: slack(sense, &own, &bound),
                    at: &bound - &from,
                    level: &own - &from,
                    base: Amount::ONE,
                };
                (measured, body.sides().into_iter().map(bound).collect())
            }
            Body::Share { form, base, shown, .. } => {
                let (own, base) = (form.value(self.amounts), base.value(self.amounts));
                let measured = shown.measured();
                let less = if *shown == Multiple::Step { Amount::ONE } else { Amount::ZERO };
                let share = if base.is_zero() { less.clone() } else { &own / &base };
                let bound = |(sense, bound): (Sense, Amount)| Bound {
                    sense,
                    slack: slack(sense, &own, &(&bound * &base)),
                    at: &bound - &less,
                    level: &share - &less,
                    base: base.clone(),
                };
                (measured, body.sides().into_iter().map(bound).collect())
            }
            Body::Reserve { opening, draws, base, .. } => {
                let drawn: Amount =
                    draws.iter().filter_map(|draw| self.revenue.entries.get(draw)).sum();
                let own = opening - &drawn;
                let unit = base.as_ref().map_or(Amount::ONE, |base| base.value(self.amounts));
                let level = if unit.is_zero() { own.clone() } else { &own / &unit };
                let bound = |(sense, at): (Sense, Amount)| Bound {
                    sense,
                    slack: slack(sense, &own, &(&at * &unit)),
                    at,
                    level: level.clone(),
                    base: unit.clone(),
                };
                let measured = if base.is_some() { Measured::Share } else { Measured::Amount };
                (measured, body.sides().into_iter().map(bound).collect())
            }
            Body::Turnover { forms, baselines, most, .. } => {
                let moved = forms.iter().zip(baselines);
                let moved = moved.map(|(form, start)| (&form.value(self.amounts) - start).abs());
                let level = &moved.sum::<Amount>() * &Amount::ratio(1, 2);
                let slack = most - &level;
                let base = Amount::ONE;
                let at = most.clone();
                let bound = Bound { sense: Sense::Ceiling, at, level, slack, base };
                (Measured::Turnover, vec![bound])
            }
        }
    }
}

/// The sides of a pair of bounds; equal ones are an equality.
fn two(min: Option<Amount>, max: Option<Amount>) -> Vec<(Sense, Amount)> {
    match (min, max) {
        (Some(min), Some(max)) if min == max => vec![(Sense::Equal, min)],
        (min, max) => {
            let floor = min.map(|min| (Sense::Floor, min));
            floor.into_iter().chain(max.map(|max| (Sense::Ceiling, max))).collect()
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
