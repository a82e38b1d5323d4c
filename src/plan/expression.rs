use super::{Group, Plan};
use crate::units::{Amount, MemberId};

/// A constant bound in words: `"max(5% of baseline, 1% of total baseline)"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// A number of plan units.
    Number(Amount),
    /// A share of a base.
    PartOf(Amount, Base),
    /// The sum of signed terms.
    Sum(Vec<(Sign, Self)>),
    /// The lesser of two.
    Min(Box<(Self, Self)>),
    /// The greater of two.
    Max(Box<(Self, Self)>),
}

/// The sign of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// Added.
    Plus,
    /// Taken away.
    Minus,
}

/// What a percentage is taken of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    /// The figure of the cells.
    pub figure: Figure,
    /// Over the whole plan rather than over the limit's own slice.
    pub total: bool,
    /// The own slice with one dimension replaced by a member.
    pub instead: Option<(usize, MemberId)>,
}

/// A figure that each cell carries from its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// The amount before any change.
    Baseline,
    /// The amount asked for.
    Need,
}

impl Expression {
    /// The value for `group`, in plan units, exactly.
    pub fn value(&self, plan: &Plan, group: &Group) -> Amount {
        match self {
            Self::Number(number) => number.clone(),
            Self::PartOf(share, base) => share * &base.value(plan, group),
            Self::Sum(terms) => terms
                .iter()
                .map(|(sign, term)| match sign {
                    Sign::Plus => term.value(plan, group),
                    Sign::Minus => -term.value(plan, group),
                })
                .sum(),
            Self::Min(pair) => pair.0.value(plan, group).min(pair.1.value(plan, group)),
            Self::Max(pair) => pair.0.value(plan, group).max(pair.1.value(plan, group)),
        }
    }
}

impl Base {
    fn value(&self, plan: &Plan, group: &Group) -> Amount {
        let sum = |cells: &mut dyn Iterator<Item = &super::Cell>| -> Amount {
            match self.figure {
                Figure::Baseline => cells.map(|cell| &cell.baseline).sum(),
                Figure::Need => cells.filter_map(|cell| cell.need.as_ref()).sum(),
            }
        };
        match self.instead {
            _ if self.total => sum(&mut plan.cells().iter()),
            None => sum(&mut group.cells.iter().map(|cell| plan.cell(*cell))),
            Some((dimension, member)) => {
                let instead = plan.pick_of(dimension, member);
                let slice = group.slice.with(dimension, Some(instead));
                sum(&mut plan.cells().iter().filter(|cell| slice.has(&cell.members)))
            }
        }
    }
}
