//! The slack of every limit as a form of the columns and the inputs, for all patches of a frame.

use std::sync::OnceLock;

use super::bends::Affine;
use super::line::{Line, Step};
use super::scene::Scene;
use super::twofold::{Fine, Growing, Two};
use crate::plan::{Body, Form, Reading, Sense, each_rule, readings};
use crate::units::Amount;

/// A slack: what is added to a sum of multiples of columns.
pub(super) struct Slack {
    /// Columns with their coefficients.
    pub(super) terms: Vec<(usize, Amount)>,
    /// What no column is part of.
    pub(super) line: Line,
    /// Net changes of which half the sizes are taken off: forms, each less a number.
    pub(super) turns: Vec<(Vec<(usize, Amount)>, Amount)>,
    /// It is never above zero.
    pub(super) equal: bool,
    near: OnceLock<Near>,
}

/// A slack in twice the digits of a float.
struct Near {
    terms: Vec<(usize, Two)>,
    line: Fine,
    turns: Vec<(Vec<(usize, Two)>, Fine)>,
}

/// The slack of every reading, with the reading at the base and amounts of nothing.
pub(super) struct Slacks {
    pub(super) readings: Vec<Reading>,
    pub(super) own: Vec<Slack>,
}

impl Slacks {
    /// `None` where an input changes more than what no column is part of.
    pub(super) fn new(scene: &Scene) -> Option<Self> {
        let zero = vec![Amount::ZERO; scene.plan.cells().len()];
        let open = scene.open();
        let read = |raised: Option<usize>, one: Option<usize>| {
            let decisions: Vec<Amount> =
                (0..open).map(|own| Amount::whole(i64::from(Some(own) == one))).collect();
            readings(scene.raised(raised), &zero, &scene.levels_at(raised, &decisions))
        };
        let base = read(None, None);
        let moved: Vec<Vec<Reading>> =
            (0..scene.inputs()).map(|place| read(Some(place), None)).collect();
        let decided: Vec<Vec<Reading>> = (0..open).map(|place| read(None, Some(place))).collect();
        let mut own = forms(scene, None);
        let alike = |place: usize| {
            let other = forms(scene, Some(place));
            other.len() == own.len() && other.iter().zip(&own).all(|(a, b)| a.is_like(b))
        };
        if own.len() != base.len() || !(0..scene.inputs()).all(alike) {
            return None;
        }
        for (place, slack) in own.iter_mut().enumerate() {
            let at = &base[place].slack;
            let change = |other: &Vec<Reading>| &other[place].slack - at;
            slack.line.rates = moved.iter().map(change).collect();
            slack.line.at += at;
            let columns = decided.iter().map(change).enumerate();
            let columns = columns.filter(|(_, change)| !change.is_zero());
            slack.terms.extend(columns.map(|(own, change)| (zero.len() + own, change)));
        }
        Some(Self { readings: base, own })
    }
}

impl Slack {
    /// How many inputs there are.
    pub(super) fn inputs(&self) -> usize {
        self.line.rates.len()
    }

    /// The terms, and what no column is part of, where the net changes have these signs.
    pub(super) fn signed(&self, signs: &[i8]) -> (Vec<(usize, Amount)>, Line) {
        let (mut terms, mut line) = (self.terms.clone(), self.line.clone());
        for ((form, less), sign) in self.turns.iter().zip(signs).filter(|(_, sign)| **sign != 0) {
            let half = Amount::ratio(-i64::from(*sign), 2);
            terms.extend(form.iter().map(|(column, own)| (*column, own * &half)));
            line.at -= &(&half * less);
        }
        (terms, line)
    }

    /// The slack where the columns have these amounts, near a step at which it is read and they are
    /// about `near`.
    pub(super) fn exact(&self, columns: &[Line], near: &[f64], home: &Step<'_>) -> Line {
        let inputs = self.inputs();
        if self.equal {
            return Line::new(Amount::ZERO, vec![Amount::ZERO; inputs]);
        }
        let sum = |terms: &[(usize, Amount)]| {
            let terms = terms.iter().map(|(column, own)| (own, &columns[*column]));
            Line::combined(terms, &Amount::ZERO, inputs)
        };
        let sign = |(form, less): &(Vec<(usize, Amount)>, Amount)| {
            const CLEAR: f64 = 1e-9;
            let less_near = less.to_f64();
            let (mut own, mut size) = (-less_near, less_near.abs());
            for (column, factor) in form {
                let term = factor.to_f64() * near[*column];
                own += term;
                size += term.abs();
            }
            if own.abs() > size * CLEAR {
                return if own > 0.0 { 1 } else { -1 };
            }
            let own = &sum(form).value(home) - less;
            i8::from(own.is_positive()) - i8::from(own.is_negative())
        };
        let (terms, line) = self.signed(&self.turns.iter().map(sign).collect::<Vec<_>>());
        Line::sum([&sum(&terms), &line].into_iter(), inputs)
    }

    /// The net changes where the columns have these amounts.
    pub(super) fn changes(&self, amounts: &[Fine]) -> Vec<Fine> {
        let turns = &self.near().turns;
        turns.iter().map(|(form, less)| added(form, less, amounts, &[], self.inputs())).collect()
    }

    /// The slack where the columns have these amounts and the net changes these signs.
    pub(super) fn fine(&self, amounts: &[Fine], changes: &[(i8, Fine)]) -> Fine {
        let near = self.near();
        added(&near.terms, &near.line, amounts, changes, self.inputs())
    }

    fn near(&self) -> &Near {
        let pairs = |terms: &[(usize, Amount)]| {
            terms.iter().map(|(column, own)| (*column, Two::near(own))).collect()
        };
        self.near.get_or_init(|| {
            let constant = |less: &Amount| Line::new(-less, vec![Amount::ZERO; self.inputs()]);
            let turns = self.turns.iter();
            let turns = turns.map(|(form, less)| (pairs(form), Fine::of(&constant(less))));
            Near { terms: pairs(&self.terms), line: Fine::of(&self.line), turns: turns.collect() }
        })
    }

    fn is_like(&self, other: &Self) -> bool {
        self.terms == other.terms && self.turns == other.turns && self.equal == other.equal
    }
}

/// The multiples of cells in every slack, in the order of readings.
fn forms(scene: &Scene, raised: Option<usize>) -> Vec<Slack> {
    let levels = scene.levels_at(raised, &vec![Amount::ZERO; scene.open()]);
    let mut found = Vec::new();
    each_rule(scene.raised(raised), &levels, &mut |_, rule| {
        for (sense, at) in rule.body.sides() {
            let parts = rule.body.slack_forms(sense, &at);
            let terms = parts.iter().flat_map(|(factor, form)| columns(form, factor)).collect();
            let mut slack = Slack {
                terms,
                line: Line::new(Amount::ZERO, Vec::new()),
                turns: Vec::new(),
                equal: sense == Sense::Equal,
                near: OnceLock::new(),
            };
            if let Body::Turnover { forms, baselines, .. } = &rule.body {
                let pairs = forms.iter().zip(baselines);
                let own = pairs.map(|(form, start)| {
                    // At amounts of nothing half of each start was taken off.
                    slack.line.at += &(&start.abs() * &Amount::ratio(1, 2));
                    (columns(form, &Amount::ONE).collect(), start.clone())
                });
                slack.turns = own.collect();
            }
            found.push(slack);
        }
    });
    found
}

/// A sum of multiples of columns, a function of the inputs, and half the sizes of net changes less.
fn added(
    terms: &[(usize, Two)],
    line: &Fine,
    amounts: &[Fine],
    changes: &[(i8, Fine)],
    inputs: usize,
) -> Fine {
    let mut sum = Growing::new(inputs);
    sum.add(Two::of(1.0), line);
    for (column, own) in terms {
        sum.add(*own, &amounts[*column]);
    }
    for (sign, change) in changes.iter().filter(|(sign, _)| *sign != 0) {
        sum.add(Two::of(-0.5 * f64::from(*sign)), change);
    }
    sum.done()
}

/// A multiple of a form by columns.
fn columns<'a>(form: &'a Form, factor: &Amount) -> impl Iterator<Item = (usize, Amount)> + 'a {
    let factor = factor.clone();
    form.parts.iter().flat_map(move |(coefficient, cells)| {
        let own = &factor * coefficient;
        cells.iter().map(move |cell| (cell.index(), own.clone()))
    })
}
