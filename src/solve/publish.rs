//! Publishes an exact answer: rounds it to whole figures, and reads every limit against them.

use std::collections::HashMap;

use super::answer::Found;
use super::beside::{Beside, joined, scope};
use super::outcome::pressures;
use super::rounding::{Effort, rounded};
use super::ties::Step;
use super::{Allocation, Outcome, Rounding, SettledPeriod};
use super::{certificate, claim};
use crate::certify::{self, Certificate, Optimal, Refusal, Statement};
use crate::formulate::{Curve, Curved, Formulation, Near, Objective, Origin, Row, Term};
use crate::plan::{Period, Plan, Reading, ReadingKind, RevenueLevels, readings};
use crate::units::{Amount, Money, Quantum};

/// The balance of the first period with a decision that lies between two quanta: it is met with
/// revenue as published, or not at all.
pub(super) fn between(
    plan: &Plan,
    periods: &[Period],
    revenue: &[SettledPeriod],
    formulation: &Formulation,
) -> Option<Origin> {
    let lies_between = |(period, settled): (&Period, &SettledPeriod)| {
        period.entries.iter().zip(&settled.exact).any(|((line, at), amount)| {
            plan.revenue()[*line].entries[*at].is_decision()
                && !plan.quantum().count(amount).is_whole()
        })
    };
    let place = periods.iter().zip(revenue).position(lies_between)?;
    let mut balances = formulation.origins().iter().filter(|own| own.kind == ReadingKind::Balance);
    let own = balances.nth(place).cloned();
    Some(own.unwrap_or_else(|| Origin::stage(&"rounding".into())))
}

/// Whose answer it is, while it is found.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) plan: &'a Plan,
    pub(super) periods: &'a [Period],
    pub(super) effort: Effort,
}

/// A statement that another thread reads.
pub(super) type Ahead<'scope> = Beside<'scope, Option<Statement>>;

/// When the certificate of an answer is written.
pub(super) enum Proving<'scope> {
    /// At once, over what was read ahead.
    Now(Ahead<'scope>),
    /// When the answer is to be given.
    Later,
}

/// Figures that are published, and how.
struct Figures {
    published: Vec<Money>,
    relaxed: Vec<Origin>,
    obstacle: Option<Origin>,
    readings: Vec<Reading>,
}

/// An exact answer: its amounts, what stands between two quanta, and the duals of its stages.
pub(super) struct Exactly<'a> {
    pub(super) amounts: &'a [Amount],
    pub(super) between: Option<Origin>,
    pub(super) steps: &'a [Step],
}

/// Explains and proves an answer, while a second thread rounds its amounts to whole figures; there
/// are none where something stands between two. `None` where there is no explanation.
pub(super) fn publish(
    scene: Scene<'_>,
    revenue: Vec<SettledPeriod>,
    formulation: &Formulation,
    answer: Exactly<'_>,
    explain: impl FnOnce() -> Option<Found>,
    proving: Proving<'_>,
) -> Option<Outcome> {
    let known = (formulation.cells(answer.amounts), !formulation.decisions().is_empty());
    let claim = claim::claim(scene.plan, scene.periods, &revenue, known);
    let statement = match proving {
        Proving::Later => None,
        Proving::Now(ahead) => Some(claim::stated(scene.plan, &claim, joined(ahead))),
    };
    let later = statement.is_none();
    let of = (&*revenue, formulation, answer);
    let (found, proof, rounded) = together(scene, of, explain, (claim, statement))?;
    let Found { explained, optimum, rounds, face, evidence } = found;
    let Figures { published, relaxed, obstacle, readings } = rounded;
    let allocation = Box::new(Allocation {
        readings,
        pressures: pressures(&explained, &optimum.multipliers),
        own: formulation.cells(&optimum.reduced).to_vec(),
        chosen: optimum.chosen,
        relaxed,
        whole: obstacle.is_none(),
        rounds,
        face,
        origins: formulation.origins().to_vec(),
        decisions: formulation.decisions().to_vec(),
        active: optimum.active,
        left: None,
        evidence: later.then_some(evidence),
        proof,
        exact: formulation.cells(&optimum.amounts).to_vec(),
        published,
        periods: scene.periods.to_vec(),
        revenue,
    });
    Some(match obstacle {
        None => Outcome::Optimal(allocation),
        Some(origin) => Outcome::Unrounded(allocation, origin),
    })
}

/// What is found side by side: the explanation, the proof, and the figures.
type Together = (Found, Result<Box<Certificate>, Refusal>, Figures);

/// Explains an answer while other threads write the proofs of its stages and round it, and judges
/// the whole, where there is a statement to judge it by.
fn together(
    scene: Scene<'_>,
    (revenue, formulation, answer): (&[SettledPeriod], &Formulation, Exactly<'_>),
    explain: impl FnOnce() -> Option<Found>,
    (claim, statement): (Optimal, Option<Result<Statement, Refusal>>),
) -> Option<Together> {
    let Exactly { amounts, between, steps } = answer;
    let (plan, columns) = (scene.plan, claim.columns());
    let none = Refusal::File("nothing was judged".into());
    let statement = statement.unwrap_or(Err(none));
    scope(|scope| {
        let (statement, columns) = (&statement, &*columns);
        let rounding = scope.spawn(move || {
            let rounded = figures(scene, revenue, formulation, (amounts, between));
            let whole = statement.as_ref().ok().filter(|_| rounded.obstacle.is_none());
            let judge = |own| certify::figures(plan, own, columns, &rounded.published);
            let figures = whole.map_or(Ok(()), |own| judge(own).map(drop));
            (rounded, figures)
        });
        let stages = scope.spawn(move || {
            let own = statement.as_ref().map_err(Clone::clone)?;
            certificate::stages(plan, own, columns, steps)
        });
        let found = explain()?;
        let stages = joined(stages);
        let evidence = (&found.evidence, &found.face);
        let judge = |own| certificate::judged(plan, own, claim, stages, evidence);
        let proof = statement.as_ref().map_err(Clone::clone).and_then(judge);
        let (rounded, figures) = joined(rounding);
        let proof = figures.and(proof).map(|proof| Box::new(Certificate::Optimal(Box::new(proof))));
        Some((found, proof, rounded))
    })
}

/// Rounds amounts to whole figures, and reads every limit against them.
fn figures(
    scene: Scene<'_>,
    revenue: &[SettledPeriod],
    formulation: &Formulation,
    (amounts, between): (&[Amount], Option<Origin>),
) -> Figures {
    let quantum = scene.plan.quantum();
    let (published, relaxed, obstacle) = match between {
        Some(origin) => match at_published(scene, revenue, formulation, amounts) {
            (Some(published), relaxed, None) => (Some(published), relaxed, None),
            _ => (None, Vec::new(), Some(origin)),
        },
        None => whole(formulation, amounts, quantum, scene.effort),
    };
    let down =
        |amount: &Amount| Money::from_big(&quantum.count(amount).floor()).unwrap_or_default();
    let published = published.unwrap_or_else(|| amounts.iter().map(down).collect());
    let published = formulation.cells(&published).to_vec();
    let levels = levels(scene.plan, scene.periods, revenue);
    let readings = if obstacle.is_some() {
        readings(scene.plan, formulation.cells(amounts), &levels)
    } else {
        let whole: Vec<Amount> = published.iter().map(|money| quantum.amount(*money)).collect();
        readings(scene.plan, &whole, &levels)
    };
    Figures { published, relaxed, obstacle, readings }
}

/// Rounds amounts with the decisions as they are published, and not where they stand exactly.
fn at_published(
    scene: Scene<'_>,
    revenue: &[SettledPeriod],
    formulation: &Formulation,
    amounts: &[Amount],
) -> Whole {
    let levels = levels(scene.plan, scene.periods, revenue);
    let (mut pinned, mut amounts) = (formulation.clone(), amounts.to_vec());
    for (place, entry) in formulation.decisions().iter().enumerate() {
        let column = formulation.decision(place);
        if let Some(level) = levels.entries.get(entry) {
            amounts[column].clone_from(level);
            let own = pinned.column(column);
            (own.lower, own.upper) = (Some(level.clone()), Some(level.clone()));
        }
    }
    whole(&pinned, &amounts, scene.plan.quantum(), scene.effort)
}

impl Allocation {
    /// The published revenue, as limits are read against it.
    pub fn revenue_levels(&self, plan: &Plan) -> RevenueLevels {
        levels(plan, &self.periods, &self.revenue)
    }
}

fn levels(plan: &Plan, periods: &[Period], revenue: &[SettledPeriod]) -> RevenueLevels {
    let quantum = plan.quantum();
    let mut entries = HashMap::new();
    for (period, settled) in periods.iter().zip(revenue) {
        for (entry, money) in period.entries.iter().zip(&settled.published) {
            entries.insert(*entry, quantum.amount(*money));
        }
    }
    let totals = revenue.iter().map(|period| quantum.amount(period.total)).collect();
    RevenueLevels { totals, entries }
}

/// The published figures, the equalities kept to less than a quantum, and what stands in the way.
type Whole = (Option<Vec<Money>>, Vec<Origin>, Option<Origin>);

/// Rounds inside every hard row; soft limits that are met stay met where that can be.
fn whole(formulation: &Formulation, exact: &[Amount], quantum: Quantum, effort: Effort) -> Whole {
    let base = formulation.program();
    let (rows, curved) = met(formulation, exact);
    let mut kept = base.clone();
    kept.rows.extend(rows);
    kept.curved.extend(curved);
    let more = kept.rows.len() > base.rows.len() || kept.curved.len() > base.curved.len();
    let mut programs = vec![kept];
    if more {
        programs.push(base.clone());
    }
    let mut origins = formulation.origins().to_vec();
    let mut obstacle = None;
    let left = effort.left();
    'programs: for program in &mut programs {
        let curved = std::mem::take(&mut program.curved);
        program.rows.extend(curved.iter().map(|curved| curved.cut(exact)));
        for _ in 0..=WIDEST {
            let (rounding, hopeless) = rounded(program, exact, quantum, (&left, base.rows.len()));
            match rounding {
                Rounding::Published { cells, relaxed } => {
                    let amounts: Vec<Amount> =
                        cells.iter().map(|money| quantum.amount(*money)).collect();
                    let is_broken = |curved: &&Curved| curved.value(&amounts) > curved.most;
                    let broken: Vec<&Curved> = curved.iter().filter(is_broken).collect();
                    if broken.is_empty() {
                        let named = relaxed.into_iter().filter_map(|row| origins.get(row).cloned());
                        return (Some(cells), named.collect(), None);
                    }
                    program.rows.extend(broken.iter().map(|curved| curved.cut(&amounts)));
                }
                Rounding::Unrounded { row } => {
                    obstacle = origins.get(row).cloned().or(obstacle);
                    if hopeless {
                        break 'programs;
                    }
                    break;
                }
            }
        }
    }
    let fallback = || base.curved.first().map(|curved| curved.origin.clone());
    let named = obstacle.or_else(fallback).or_else(|| origins.pop());
    (None, Vec::new(), Some(named.unwrap_or_else(|| Origin::stage(&"rounding".into()))))
}

/// How often a convex row that rounding broke is added and rounding tried again.
const WIDEST: usize = 20;

/// The soft limits that the exact answer meets, as rows that must hold.
fn met(formulation: &Formulation, exact: &[Amount]) -> (Vec<Row>, Vec<Curved>) {
    let (mut rows, mut curved) = (Vec::new(), Vec::new());
    let mut keep = |term: &Term, lower: Option<&Amount>, upper: Option<&Amount>| {
        let (lower, upper) = (lower.cloned(), upper.cloned());
        let (parts, own) = (term.parts.clone(), term.parts.len());
        match (&term.origin, upper) {
            (Some(origin), Some(most)) if !term.inner.is_empty() => {
                let (origin, terms) = (origin.clone(), Term::sum(&term.parts, &term.inner));
                curved.push(Curved { origin, terms, most });
            }
            (_, upper) => rows.push(Row { parts, own, lower, upper }),
        }
    };
    let near = Near::new(exact);
    for stage in formulation.stages() {
        match &stage.objective {
            Objective::Sum(terms) => {
                let promises = terms.iter().filter(|term| term.origin.is_some());
                for term in promises.filter(|term| term.is_nothing(&near)) {
                    let (kinks, slopes) = (term.curve.kinks(), term.curve.slopes());
                    let lower = slopes.first().filter(|slope| slope.is_negative());
                    let upper = slopes.last().filter(|slope| slope.is_positive());
                    keep(term, lower.and(kinks.first()), upper.and(kinks.last()));
                }
            }
            Objective::Largest(forms) => {
                for form in forms.iter().filter(|form| !form.value(exact).is_positive()) {
                    let most = -&form.constant;
                    let (parts, inner) = (form.parts.clone(), form.inner.clone());
                    let (curve, origin) = (Curve::identity(), Some(form.origin.clone()));
                    keep(&Term { parts, inner, curve, origin }, None, Some(&most));
                }
            }
        }
    }
    (rows, curved)
}
