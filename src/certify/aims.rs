//! The stages of a plan as aims.

use super::Curve;
use super::rules::{self, Revenue, parts};
use super::statement::{
    Aim, Form, Goal, Name, Part, Row, Stand, Term, cell_text, decision_text, preferred,
};
use crate::plan::{self, Axis, Body, Group, Plan, ReadingKind, Slice, Strength, Value, Within};
use crate::units::{Amount, CellId, Id};

/// Reads the linear stages, in order, and then the wish of each open decision to stand where it
/// would rather.
pub(crate) fn read(plan: &Plan, revenue: &Revenue) -> Vec<Aim> {
    let reader = Reader { plan, revenue };
    let mut aims: Vec<Aim> = plan.stages().iter().flat_map(|stage| reader.stage(stage)).collect();
    for (decision, column, stand) in &revenue.open {
        if matches!(stand, Stand::At(_)) {
            continue;
        }
        let prefer = preferred(plan, *decision);
        let term = Term {
            name: decision_text(plan, *decision),
            parts: vec![Part { coefficient: Amount::ONE, columns: vec![*column] }],
            curve: Curve::miss(Some(&prefer), Some(&prefer), &Amount::ONE),
            inner: Vec::new(),
            origin: None,
        };
        let name = format!("prefer[{}]", term.name);
        let id = Id::from("prefer");
        aims.push(Aim { id, name, goal: Goal::Sum(vec![term]), loss: None });
    }
    for aim in &mut aims {
        match &mut aim.goal {
            Goal::Sum(terms) => tell_apart(terms.iter_mut().map(|term| &mut term.name)),
            Goal::Largest(forms) => tell_apart(forms.iter_mut().map(|form| &mut form.name)),
        }
    }
    tell_apart(aims.iter_mut().map(|aim| &mut aim.name));
    aims
}

/// Adds a number to a name that is there already.
pub(crate) fn tell_apart<'a>(names: impl Iterator<Item = &'a mut String>) {
    let mut seen: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
    for name in names {
        let count = seen.entry(name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            *name = format!("{name} ({count})");
        }
    }
}

struct Reader<'a> {
    plan: &'a Plan,
    revenue: &'a Revenue,
}

/// The distance from `start` on either side.
fn distance(start: &Amount, weight: &Amount) -> Curve {
    Curve::miss(Some(start), Some(start), weight)
}

impl Reader<'_> {
    fn stage(&self, stage: &plan::Stage) -> Vec<Aim> {
        use plan::Aim as Of;
        let aim = |goal| Aim {
            id: stage.id.clone(),
            name: stage.id.to_string(),
            goal,
            loss: stage.loss.clone(),
        };
        let goal = match &stage.aim {
            Of::ProRata => return Vec::new(),
            Of::ReserveUse { lines } => {
                let line = |line: &usize| Aim {
                    name: format!("{}[{}]", stage.id, self.plan.revenue()[*line].id),
                    ..aim(Goal::Sum(vec![self.brings(&[*line], false)]))
                };
                return lines.iter().rev().map(line).collect();
            }
            Of::Shortfall { limits, even: false } => Goal::Sum(self.misses(limits)),
            Of::Shortfall { limits, even: true } => Goal::Largest(self.relative_misses(limits)),
            Of::NeedShortfall { on, each, even: false } => Goal::Sum(self.unmet(on, each)),
            Of::NeedShortfall { on, each, even: true } | Of::Coverage { on, each } => {
                Goal::Largest(self.uncovered(&stage.id, on, each))
            }
            Of::Value(value) => Goal::Sum(self.value(value)),
            Of::FewMoves { on } => Goal::Sum(self.moves(on)),
            Of::Turnover { on, within } => Goal::Sum(self.turnover(on, *within)),
            Of::Deviation { targets } => Goal::Sum(self.deviation(targets)),
            Of::Measure { measure, on, maximise } => {
                let form = self.plan.form(*measure, &self.plan.select(on));
                Goal::Sum(vec![line(self.plan.measure_text(*measure), parts(&form), *maximise)])
            }
            Of::Revenue { lines, maximise } => Goal::Sum(vec![self.brings(lines, *maximise)]),
        };
        vec![aim(goal)]
    }

    /// What open decisions of revenue lines bring.
    fn brings(&self, lines: &[usize], maximise: bool) -> Term {
        let entries = lines.iter().flat_map(|line| {
            let count = self.plan.revenue()[*line].entries.len();
            (0..count).map(move |at| (*line, at))
        });
        let columns = self.revenue.columns_of(&entries.collect::<Vec<_>>());
        let part = Part { coefficient: Amount::ONE, columns };
        line("revenue".into(), vec![part], maximise)
    }

    /// The conditions of the soft limits among `limits`, with the weight of each.
    fn promises(&self, limits: &[usize]) -> Vec<(Promise, Amount)> {
        let mut found = Vec::new();
        for (place, limit) in self.plan.limits().iter().enumerate() {
            let Strength::Soft { weight } = &limit.strength else { continue };
            if !limits.contains(&place) {
                continue;
            }
            for rule in self.plan.rules(limit).iter() {
                let sizes = Sizes::of(self.plan, &rule.body, self.revenue);
                if let Some(sum) = rules::turnover(limit, rule) {
                    let row = Row {
                        name: sum.name,
                        parts: Vec::new(),
                        own: 0,
                        lower: None,
                        upper: Some(sum.most),
                    };
                    found.push((Promise { row, inner: sum.terms, sizes }, weight.clone()));
                    continue;
                }
                for row in rules::rows(limit, rule, self.revenue) {
                    let inner = Vec::new();
                    found.push((Promise { row, inner, sizes: sizes.clone() }, weight.clone()));
                }
            }
        }
        found
    }

    fn misses(&self, limits: &[usize]) -> Vec<Term> {
        let miss = |(promise, weight): (Promise, Amount)| Term {
            name: promise.row.name.short(),
            origin: Some(promise.row.name.clone()),
            curve: Curve::miss(promise.row.lower.as_ref(), promise.row.upper.as_ref(), &weight),
            parts: promise.row.parts,
            inner: promise.inner,
        };
        self.promises(limits).into_iter().map(miss).collect()
    }

    /// Misses as a share of what the limit states.
    fn relative_misses(&self, limits: &[usize]) -> Vec<Form> {
        let mut forms = Vec::new();
        for (promise, weight) in self.promises(limits) {
            let row = &promise.row;
            for (bound, sign, side, size) in [
                (&row.lower, Amount::whole(-1), ">=", &promise.sizes.floor),
                (&row.upper, Amount::ONE, "<=", &promise.sizes.ceiling),
            ] {
                let Some(bound) = bound else { continue };
                let slope = &(&weight / size) * &sign;
                let times = |term: &Term| Term { curve: term.curve.times(&slope), ..term.clone() };
                forms.push(Form {
                    name: format!("{} {side}", row.name.short()),
                    origin: row.name.clone(),
                    constant: -(&slope * bound),
                    parts: self::times(&row.parts, &slope),
                    inner: promise.inner.iter().map(times).collect(),
                });
            }
        }
        forms
    }

    /// The combinations with a need: what they are called, their cells, and the need.
    fn needs(&self, on: &Slice, each: &[Axis]) -> Vec<(String, Group, Amount)> {
        let leaves = self.plan.leaf_axes();
        let axes = if each.is_empty() { &leaves } else { each };
        let need = |group: &Group| -> Amount {
            group.cells.iter().filter_map(|cell| self.plan.cell(*cell).need.as_ref()).sum()
        };
        let groups = self.plan.groups(on, axes).into_iter();
        let named = groups.map(|group| (self.plan.key_text(axes, &group), need(&group), group));
        named
            .filter(|(_, need, _)| need.is_positive())
            .map(|(name, need, group)| (name, group, need))
            .collect()
    }

    fn unmet(&self, on: &Slice, each: &[Axis]) -> Vec<Term> {
        let miss = |(name, group, need): (String, Group, Amount)| Term {
            name,
            parts: vec![Part::of(&group.cells)],
            curve: Curve::miss(Some(&need), None, &Amount::ONE),
            inner: Vec::new(),
            origin: None,
        };
        self.needs(on, each).into_iter().map(miss).collect()
    }

    /// One less the share of each need that is met.
    fn uncovered(&self, stage: &Id, on: &Slice, each: &[Axis]) -> Vec<Form> {
        let form = |(name, group, need): (String, Group, Amount)| Form {
            origin: Name { member: name.clone(), ..Name::once(ReadingKind::Stage, stage) },
            name,
            parts: times(&[Part::of(&group.cells)], &(&Amount::whole(-1) / &need)),
            inner: Vec::new(),
            constant: Amount::ONE,
        };
        self.needs(on, each).into_iter().map(form).collect()
    }

    fn value(&self, value: &Value) -> Vec<Term> {
        let cells = self.plan.select(&value.on);
        let weight = |cell: CellId| value.weight(&self.plan.cell(cell).members);
        let Some(returns) = &value.returns else {
            let mut weighted: Vec<Part> = Vec::new();
            for cell in cells {
                let own = weight(cell);
                let column = Part::of(&[cell]).columns;
                match weighted.iter_mut().find(|part| part.coefficient == own) {
                    Some(part) => part.columns.extend(column),
                    None => weighted.push(Part { coefficient: own, columns: column }),
                }
            }
            return vec![line("value".into(), weighted, true)];
        };
        let mut terms = Vec::new();
        for earned in returns {
            let own: Vec<CellId> = cells
                .iter()
                .filter(|c| earned.on.has(&self.plan.cell(**c).members))
                .copied()
                .collect();
            let Some(first) = own.first() else { continue };
            terms.push(Term {
                name: earned.on.text(self.plan.dimensions()),
                parts: vec![Part::of(&own)],
                curve: Curve::cost(&earned.pieces, &weight(*first)),
                inner: Vec::new(),
                origin: None,
            });
        }
        terms
    }

    fn moves(&self, on: &Slice) -> Vec<Term> {
        let single = |cell: CellId| Term {
            name: cell_text(self.plan, &self.plan.cell(cell).members),
            parts: vec![Part::of(&[cell])],
            curve: distance(&self.plan.cell(cell).baseline, &Amount::ONE),
            inner: Vec::new(),
            origin: None,
        };
        self.plan.select(on).into_iter().map(single).collect()
    }

    fn turnover(&self, on: &Slice, within: Option<Within>) -> Vec<Term> {
        let axes = match within {
            Some(Within::Axis(axis)) => vec![axis],
            _ => self.plan.leaf_axes(),
        };
        let term = |group: Group| {
            let start: Amount = group.cells.iter().map(|c| &self.plan.cell(*c).baseline).sum();
            Term {
                name: self.plan.key_text(&axes, &group),
                parts: vec![Part::of(&group.cells)],
                curve: distance(&start, &Amount::ratio(1, 2)),
                inner: Vec::new(),
                origin: None,
            }
        };
        self.plan.groups(on, &axes).into_iter().map(term).collect()
    }

    fn deviation(&self, targets: &[(Slice, Amount)]) -> Vec<Term> {
        let term = |(on, target): &(Slice, Amount)| Term {
            name: on.text(self.plan.dimensions()),
            parts: vec![Part::of(&self.plan.select(on))],
            curve: distance(target, &Amount::ONE),
            inner: Vec::new(),
            origin: None,
        };
        targets.iter().map(term).collect()
    }
}

/// A sum that is made small, or its negative where it is to be large.
fn line(name: String, parts: Vec<Part>, maximise: bool) -> Term {
    let curve = Curve::line(Amount::whole(if maximise { -1 } else { 1 }));
    Term { name, parts, inner: Vec::new(), curve, origin: None }
}

fn times(parts: &[Part], factor: &Amount) -> Vec<Part> {
    let part = |part: &Part| Part {
        coefficient: &part.coefficient * factor,
        columns: part.columns.clone(),
    };
    parts.iter().map(part).collect()
}

/// A condition of a soft limit.
struct Promise {
    row: Row,
    /// Curves that are added to its sum.
    inner: Vec<Term>,
    sizes: Sizes,
}

/// What misses of a floor and of a ceiling are measured against, above zero.
#[derive(Debug, Clone)]
struct Sizes {
    floor: Amount,
    ceiling: Amount,
}

impl Sizes {
    /// What a limit states: its bound; of a move, the move; of a share, what it asks for at the
    /// baseline.
    fn of(plan: &Plan, body: &Body, revenue: &Revenue) -> Self {
        let nothing = Amount::ZERO;
        let each =
            |min: &Option<Amount>, max: &Option<Amount>, size: &dyn Fn(&Amount) -> Amount| {
                let of = |bound: &Option<Amount>| size(bound.as_ref().unwrap_or(&nothing));
                Self { floor: of(min), ceiling: of(max) }
            };
        match body {
            Body::Level { min, max, from, .. } => {
                let from = from.clone().unwrap_or_default();
                each(min, max, &|bound| first(&[bound - &from, bound.clone()]))
            }
            Body::Share { form, base, min, max, .. } => {
                let (own, base) = (plan.baseline_of(form), plan.baseline_of(base));
                each(min, max, &|share| first(&[share * &base, own.clone()]))
            }
            Body::Reserve { opening, draws, base, min, max } => {
                let left = opening - &revenue.brings(draws);
                let base = base.as_ref().map_or(Amount::ONE, |base| plan.baseline_of(base));
                each(min, max, &|share| first(&[share * &base, left.clone()]))
            }
            Body::Turnover { most, .. } => {
                Self { floor: Amount::ONE, ceiling: first(std::slice::from_ref(most)) }
            }
        }
    }
}

/// The first that is not nothing, without its sign; one where all are.
fn first(sizes: &[Amount]) -> Amount {
    sizes.iter().find(|size| !size.is_zero()).map_or(Amount::ONE, Amount::abs)
}
