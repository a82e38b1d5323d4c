//! Lowers the linear stages of a plan to objectives.

use super::formulation::{index, own};
use super::rows::{Soft, distance, parts};
use super::{Affine, Curve, Formulation, Objective, Origin, Part, StageForm, Term};
use crate::plan::{Aim, Axis, Form, Group, Plan, Slice, Stage, Value, Within};
use crate::units::{Amount, CellId};

/// The linear stages, in order. A stage over several lines of revenue is one for each.
pub(super) fn stages(plan: &Plan, soft: &[Soft], formulation: &Formulation) -> Vec<StageForm> {
    let lower = Lower { plan, soft, formulation };
    plan.stages().iter().flat_map(|stage| lower.stage(stage)).collect()
}

struct Lower<'a> {
    plan: &'a Plan,
    soft: &'a [Soft],
    formulation: &'a Formulation,
}

impl Lower<'_> {
    fn stage(&self, stage: &Stage) -> Vec<StageForm> {
        let form = |objective| StageForm {
            id: stage.id.clone(),
            objective,
            loss: stage.loss.clone(),
            wish: false,
        };
        let sum = |terms: Vec<Term>| vec![form(Objective::Sum(terms.into()))];
        match &stage.aim {
            Aim::ProRata => Vec::new(),
            Aim::Shortfall { limits, even: false } => sum(self.shortfall(limits)),
            Aim::Shortfall { limits, even: true } => {
                vec![form(Objective::Largest(self.relative_misses(limits)))]
            }
            Aim::NeedShortfall { on, each, even: false } => sum(self.unmet(on, each)),
            Aim::NeedShortfall { on, each, even: true } | Aim::Coverage { on, each } => {
                vec![form(Objective::Largest(self.coverage(stage, on, each)))]
            }
            Aim::Value(value) => sum(self.value(value)),
            Aim::FewMoves { on } => {
                let single = |cell: CellId| {
                    let start = &self.plan.cell(cell).baseline;
                    let curve = Curve::miss(Some(start), Some(start), &Amount::ONE);
                    Term::new(vec![own(&[cell])], curve)
                };
                sum(self.plan.select(on).into_iter().map(single).collect())
            }
            Aim::Turnover { on, within } => sum(self.turnover(on, *within)),
            Aim::Deviation { targets } => {
                let miss = |(on, target): &(Slice, Amount)| {
                    let curve = Curve::miss(Some(target), Some(target), &Amount::ONE);
                    Term::new(vec![own(&self.plan.select(on))], curve)
                };
                sum(targets.iter().map(miss).collect())
            }
            Aim::Measure { measure, on, maximise } => {
                let parts = parts(&self.plan.form(*measure, &self.plan.select(on)));
                let slope = Amount::whole(if *maximise { -1 } else { 1 });
                sum(vec![Term::new(parts, Curve::line(slope))])
            }
            Aim::Revenue { lines, maximise } => sum(vec![self.brings(lines, *maximise)]),
            Aim::ReserveUse { lines } => lines
                .iter()
                .rev()
                .map(|line| form(Objective::Sum([self.brings(&[*line], false)].into())))
                .collect(),
        }
    }

    /// What revenue lines bring; what is settled already is a constant.
    fn brings(&self, lines: &[usize], maximise: bool) -> Term {
        let mut open = Vec::new();
        for line in lines {
            for entry in 0..self.plan.revenue()[*line].entries.len() {
                open.extend(self.formulation.open_entry((*line, entry)).map(index));
            }
        }
        open.sort_unstable();
        let slope = Amount::whole(if maximise { -1 } else { 1 });
        let parts = vec![Part { coefficient: Amount::ONE, columns: open }];
        Term::new(parts, Curve::line(slope))
    }

    fn shortfall(&self, limits: &[usize]) -> Vec<Term> {
        let taken = self.soft.iter().filter(|soft| limits.contains(&soft.limit));
        taken
            .flat_map(|soft| {
                soft.rows.iter().map(|row| Term {
                    parts: row.row.parts.clone(),
                    inner: row.inner.clone(),
                    curve: Curve::miss(
                        row.row.lower.as_ref(),
                        row.row.upper.as_ref(),
                        &soft.weight,
                    ),
                    origin: Some(row.origin.clone()),
                })
            })
            .collect()
    }

    /// Misses against the size of what was promised: of the bound, or of a share of the baseline.
    fn relative_misses(&self, limits: &[usize]) -> Vec<Affine> {
        let mut forms = Vec::new();
        let taken = self.soft.iter().filter(|soft| limits.contains(&soft.limit) && !soft.loose);
        for soft in taken {
            for row in &soft.rows {
                let sides = [(&row.row.lower, -1), (&row.row.upper, 1)];
                for ((bound, sign), size) in sides.into_iter().zip(&row.sizes) {
                    let Some(bound) = bound else { continue };
                    let slope = &(&soft.weight / size) * &Amount::whole(sign);
                    let times =
                        |term: &Term| Term { curve: term.curve.times(&slope), ..term.clone() };
                    forms.push(Affine {
                        parts: row.row.parts.iter().map(|part| part.times(&slope)).collect(),
                        inner: row.inner.iter().map(times).collect(),
                        constant: -(&slope * bound),
                        origin: row.origin.clone(),
                    });
                }
            }
        }
        forms
    }

    /// The cells of each combination that has a need, and the need.
    fn needs(&self, on: &Slice, each: &[Axis]) -> Vec<(Group, Amount)> {
        let leaves = self.plan.leaf_axes();
        let axes = if each.is_empty() { &leaves } else { each };
        let groups = self.plan.groups(on, axes).into_iter();
        let with_need = groups.map(|group| {
            let needs = group.cells.iter().filter_map(|cell| self.plan.cell(*cell).need.as_ref());
            let need: Amount = needs.sum();
            (group, need)
        });
        with_need.filter(|(_, need)| need.is_positive()).collect()
    }

    fn unmet(&self, on: &Slice, each: &[Axis]) -> Vec<Term> {
        let miss = |(group, need): (Group, Amount)| {
            let curve = Curve::miss(Some(&need), None, &Amount::ONE);
            Term::new(vec![own(&group.cells)], curve)
        };
        self.needs(on, each).into_iter().map(miss).collect()
    }

    /// One less the share of need met, for each combination.
    fn coverage(&self, stage: &Stage, on: &Slice, each: &[Axis]) -> Vec<Affine> {
        let leaves = self.plan.leaf_axes();
        let axes = if each.is_empty() { &leaves } else { each };
        let form = |(group, need): (Group, Amount)| {
            let coefficient = -(&Amount::ONE / &need);
            let mut origin = Origin::stage(&stage.id);
            origin.member = self.plan.key_text(axes, &group);
            let part = Part { coefficient, ..own(&group.cells) };
            Affine { parts: vec![part].into(), inner: Vec::new(), constant: Amount::ONE, origin }
        };
        self.needs(on, each).into_iter().map(form).collect()
    }

    /// Weights times returns, negated: a stage makes its objective small.
    fn value(&self, value: &Value) -> Vec<Term> {
        let cells = self.plan.select(&value.on);
        let Some(returns) = &value.returns else {
            let mut form = Form::default();
            for cell in cells {
                let weight = value.weight(&self.plan.cell(cell).members);
                match form.parts.iter_mut().find(|(known, _)| *known == weight) {
                    Some((_, known)) => known.push(cell),
                    None if weight.is_zero() => {}
                    None => form.parts.push((weight, vec![cell])),
                }
            }
            return vec![Term::new(parts(&form), Curve::line(Amount::whole(-1)))];
        };
        let mut terms = Vec::new();
        for own_return in returns {
            let inside = |cell: &CellId| cells.binary_search(cell).is_ok();
            let own_cells: Vec<CellId> =
                self.plan.select(&own_return.on).into_iter().filter(inside).collect();
            let Some(first) = own_cells.first() else { continue };
            let weight = value.weight(&self.plan.cell(*first).members);
            let mut kinks = Vec::new();
            let mut slopes = Vec::new();
            for (up_to, rate) in &own_return.pieces {
                slopes.push(-(&weight * rate));
                kinks.extend(up_to.clone());
            }
            if kinks.len() == slopes.len() {
                slopes.push(Amount::ZERO);
            }
            let curve = Curve::new(kinks, slopes, (Amount::ZERO, Amount::ZERO));
            terms.push(Term::new(vec![own(&own_cells)], curve));
        }
        terms
    }

    fn turnover(&self, on: &Slice, within: Option<Within>) -> Vec<Term> {
        let axes = match within {
            Some(Within::Axis(axis)) => vec![axis],
            _ => self.plan.leaf_axes(),
        };
        let groups = self.plan.groups(on, &axes).into_iter();
        groups
            .map(|group| {
                let form = Form::sum(&group.cells);
                let start = self.plan.baseline_of(&form);
                distance(&form, &start)
            })
            .collect()
    }
}
