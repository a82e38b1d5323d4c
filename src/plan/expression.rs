use super::{Group, MeasureOf, Plan};
use crate::units::{Amount, CellId, MemberId};

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
    /// Whether it is below another whatever the cells are: both are numbers, or parts of one base.
    pub fn is_below(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(own), Self::Number(other)) => own < other,
            (Self::PartOf(own, base), Self::PartOf(other, of)) => base == of && own < other,
            _ => false,
        }
    }

    /// The value for `group`, in units of `measure`, exactly.
    pub fn value(&self, plan: &Plan, group: &Group, measure: MeasureOf) -> Amount {
        match self {
            Self::Number(number) => number.clone(),
            Self::PartOf(share, base) => share * &base.value(plan, group, measure),
            Self::Sum(terms) => terms
                .iter()
                .map(|(sign, term)| match sign {
                    Sign::Plus => term.value(plan, group, measure),
                    Sign::Minus => -term.value(plan, group, measure),
                })
                .sum(),
            Self::Min(pair) => {
                pair.0.value(plan, group, measure).min(pair.1.value(plan, group, measure))
            }
            Self::Max(pair) => {
                pair.0.value(plan, group, measure).max(pair.1.value(plan, group, measure))
            }
        }
    }
}

impl Base {
    fn value(&self, plan: &Plan, group: &Group, measure: MeasureOf) -> Amount {
        let figure = |cell: &CellId| -> Amount {
            let own = plan.cell(*cell);
            let figure = match self.figure {
                Figure::Baseline => Some(&own.baseline),
                Figure::Need => own.need.as_ref(),
            };
            match (figure, measure) {
                (None, _) => Amount::ZERO,
                (Some(figure), MeasureOf::Amount | MeasureOf::Reserve) => figure.clone(),
                (Some(figure), _) => figure * &plan.weight(measure, *cell),
            }
        };
        let sum = |cells: &[CellId]| -> Amount { cells.iter().map(figure).sum() };
        match self.instead {
            _ if self.total => sum(&plan.select(&super::Slice::all(plan.dimensions().len()))),
            None => sum(&group.cells),
            Some((dimension, member)) => {
                let instead = plan.pick_of(dimension, member);
                sum(&plan.select(&group.slice.with(dimension, Some(instead))))
            }
        }
    }
}
