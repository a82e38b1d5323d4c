//! Walks from one scenario to another, a change at a time.

use super::solve::{Solved, Solver};
use super::store::Request;
use crate::explain::{Bridge, Figures, Label, MOST_SHAPLEY, in_order, shapley};
use crate::plan::{Axis, Plan};
use crate::scenario::{Edit, Scenario, Sources, find_axis};
use crate::solve::{ActiveSet, Allocation, Outcome, solve};

/// The plan file, by whose name two folders are told apart.
const PLAN: &str = "plan.toml";

/// A scenario that was asked for, with what was found for it.
pub type Found<'a> = (&'a Request, &'a Solved);

/// The axes that `names` stand for in a plan.
///
/// # Errors
///
/// A name that is neither a dimension nor a level of it.
pub fn axes(plan: &Plan, names: &[String]) -> Result<Vec<Axis>, String> {
    let axis = |name: &String| {
        find_axis(name.trim(), plan.dimensions())
            .ok_or_else(|| format!("`{name}` is neither a dimension nor a level of both plans"))
    };
    names.iter().map(axis).collect()
}

/// Attributes what the end is above the start, in all and for the lines of the axes `by`, to the
/// changes between them: in order, or the mean of all orders.
///
/// Where the end builds on the start its own changes are walked; else those of the start are taken
/// back to what both build on, last first, and those of the end are made from there. Without a
/// start the way begins at the baseline, and its first change is the plan itself.
///
/// # Errors
///
/// Why there is no bridge: an end without an answer, plans in different units or with different
/// dimensions, more changes than a mean of all orders is made of.
pub fn bridge(
    start: Option<Found<'_>>,
    end: Found<'_>,
    by: &[String],
    mean: bool,
) -> Result<Bridge, String> {
    let plan = &end.1.resolved.plan;
    let axes = axes(plan, by)?;
    let to = Figures::new(plan, answered(end)?, &axes);
    let mut walk = Walk::new(start, end, axes)?;
    let from = match start {
        Some(start) => {
            let own = &start.1.resolved.plan;
            comparable(own, plan)?;
            Figures::new(own, answered(start)?, &self::axes(own, by)?)
        }
        None => walk.before()?,
    };
    let labels = walk.labels();
    if !mean {
        return Ok(in_order(from, to, &labels, |count| walk.figures(&|place| place < count)));
    }
    if labels.len() > MOST_SHAPLEY {
        return Err(format!(
            "a mean over all orders is made of {MOST_SHAPLEY} changes at most, and there are {}; \
             leave out --shapley",
            labels.len()
        ));
    }
    let found = |set: u32| walk.figures(&|place| set >> place & 1 == 1);
    shapley(from, to, &labels, plan.quantum(), found).ok_or_else(|| {
        "no order of the changes has an answer at every step, so there is no mean of them; leave \
         out --shapley"
            .into()
    })
}

fn answered((request, solved): Found<'_>) -> Result<&Allocation, String> {
    match &solved.outcome {
        Outcome::Optimal(found) | Outcome::Unrounded(found, _) => Ok(found),
        Outcome::Infeasible(_) => Err(format!(
            "the limits of `{0}` clash; `virement explain {0}` says which",
            request.name
        )),
        Outcome::Unbounded(stage) => {
            Err(format!("nothing stops stage `{stage}` of `{}`", request.name))
        }
        Outcome::Stopped(_) => Err(format!(
            "the search for an answer to the lines of all or nothing of `{}` was stopped",
            request.name
        )),
    }
}

/// Whether the figures of two plans can be taken from one another.
///
/// # Errors
///
/// Why they cannot.
pub fn comparable(a: &Plan, b: &Plan) -> Result<(), String> {
    let ids = |plan: &Plan| -> Vec<String> {
        plan.dimensions().iter().map(|dimension| dimension.id().to_string()).collect()
    };
    if ids(a) != ids(b) {
        let (a, b) = (ids(a).join(", "), ids(b).join(", "));
        return Err(format!(
            "the plans have different dimensions ({a}; {b}), so their figures are of different things"
        ));
    }
    if a.unit() != b.unit() {
        return Err(format!("the plans are in different units: {} and {}", a.unit(), b.unit()));
    }
    Ok(())
}

/// The files between two scenarios.
struct Walk<'a> {
    /// What both build on.
    trunk: Scenario,
    /// The edits that are taken back, the last first.
    back: (Scenario, Vec<Edit>),
    /// The edits that are made.
    forth: (Scenario, Vec<Edit>),
    /// Whether the plan itself is the first change.
    plan: bool,
    solver: Solver<'a>,
    sources: Sources,
    axes: Vec<Axis>,
}

impl<'a> Walk<'a> {
    fn new(start: Option<Found<'_>>, end: Found<'a>, axes: Vec<Axis>) -> Result<Self, String> {
        let mut sources = Sources::default();
        let own = load(end.0, &mut sources)?;
        let other = match start {
            Some((request, _)) => load(request, &mut sources)?,
            None => own.first(1),
        };
        let mut shared = other.shared(&own, &sources);
        if let Some((request, _)) = start
            && request.files.name(PLAN) != end.0.files.name(PLAN)
            && hash(request, &other.first(shared)) != hash(end.0, &own.first(shared))
        {
            shared = 0;
        }
        let mut back = other.edits(shared);
        back.reverse();
        let (trunk, forth) = (own.first(shared), own.edits(shared));
        let solver = Solver::new(&*end.0.files);
        let plan = start.is_none();
        Ok(Self { trunk, back: (other, back), forth: (own, forth), plan, solver, sources, axes })
    }

    /// What is changed on the way, in order.
    fn labels(&self) -> Vec<Label> {
        if self.trunk.files() == 0 {
            return vec![Label {
                change: "everything: the two scenarios stand on different plans".into(),
                reason: None,
                origin: String::new(),
            }];
        }
        let label = |edit: &Edit, change: String| Label {
            change,
            reason: edit.reason.clone(),
            origin: self.sources.line(edit.place),
        };
        let plan = self.plan.then(|| Label {
            change: "the plan itself: its revenue, limits and stages".into(),
            reason: None,
            origin: self.trunk.path().into(),
        });
        let back = self.back.1.iter().map(|edit| label(edit, format!("take back: {}", edit.text)));
        let forth = self.forth.1.iter().map(|edit| label(edit, edit.text.clone()));
        plan.into_iter().chain(back).chain(forth).collect()
    }

    /// The figures with these changes taken.
    fn figures(&mut self, taken: &dyn Fn(usize) -> bool) -> Result<Figures, String> {
        if self.plan && !taken(0) {
            return Err("without the plan nothing is allocated".into());
        }
        let first = usize::from(self.plan);
        let (back, forth) = (&self.back.1, &self.forth.1);
        let mut left: Vec<&Edit> = back
            .iter()
            .enumerate()
            .filter(|(place, _)| !taken(first + place))
            .map(|(_, edit)| edit)
            .collect();
        left.reverse();
        let made = forth.iter().enumerate();
        let made = made.filter(|(place, _)| taken(first + back.len() + place));
        let made: Vec<&Edit> = made.map(|(_, edit)| edit).collect();
        let scenario = self.trunk.with(&[(&self.back.0, left), (&self.forth.0, made)]);
        let resolved = self.solver.made(&scenario, &mut self.sources)?;
        match solve(&resolved.plan, &ActiveSet::default()) {
            Outcome::Optimal(found) | Outcome::Unrounded(found, _) => {
                Ok(Figures::new(&resolved.plan, &found, &self.axes))
            }
            Outcome::Infeasible(_) => Err("its limits cannot hold together".into()),
            Outcome::Unbounded(stage) => Err(format!("nothing stops its stage `{stage}`")),
            Outcome::Stopped(_) => Err("the search for an answer was stopped".into()),
        }
    }

    /// The figures before anything is allocated.
    fn before(&mut self) -> Result<Figures, String> {
        let resolved = self.solver.made(&self.trunk, &mut self.sources)?;
        Ok(Figures::before(&resolved.plan, &self.axes))
    }
}

fn load(request: &Request, sources: &mut Sources) -> Result<Scenario, String> {
    let mut problems = Vec::new();
    Scenario::load(&*request.files, &request.path, sources, &mut problems)
        .ok_or_else(|| format!("`{}` cannot be read again", request.name))
}

/// The hash of what `scenario` resolves to in the folder of `request`.
fn hash(request: &Request, scenario: &Scenario) -> Option<String> {
    let resolved = Solver::new(&*request.files).made(scenario, &mut Sources::default());
    resolved.ok().map(|resolved| resolved.hash())
}
