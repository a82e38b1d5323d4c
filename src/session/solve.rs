//! Loads, resolves and solves a scenario, and the scenarios that it builds on.

use std::collections::HashMap;

use super::store::Request;
use crate::plan::{Plan, Severity};
use crate::report::Identity;
use crate::scenario::{
    Answer, Answers, Files, Problem, Resolved, Scenario, Sources, resolve, resolve_throughout,
};
use crate::solve::{ActiveSet, Outcome, at_once, may_hold, solve, solve_briefly};
use crate::units::Amount;

/// A scenario's effective plan and what was found for it.
pub struct Solved {
    /// The effective plan, its warnings and the origin of its values.
    pub resolved: Resolved,
    /// What was found.
    pub outcome: Outcome,
    /// Which scenario it is of.
    pub identity: Identity,
    /// The scenarios whose answers it builds on, each after those that it builds on itself.
    pub parents: Vec<Parent>,
}

/// A scenario whose published answer another builds on.
pub struct Parent {
    /// Its file.
    pub path: String,
    /// Its effective plan.
    pub resolved: Resolved,
    /// What was found.
    pub outcome: Outcome,
}

/// Problems, and the files they point into.
pub struct Refused {
    /// All problems of all files.
    pub problems: Vec<Problem>,
    /// The files.
    pub sources: Sources,
}

/// Loads and resolves what was asked for. The sources go with the warnings.
///
/// # Errors
///
/// All problems of all files.
pub fn open(request: &Request) -> Result<(Resolved, Sources), Refused> {
    opened(request).map(|(resolved, sources, _)| (resolved, sources))
}

fn opened(request: &Request) -> Result<(Resolved, Sources, Vec<Parent>), Refused> {
    let mut sources = Sources::default();
    let mut solver = Solver::new(&*request.files);
    match solver.resolved(&request.path, &mut sources) {
        Ok(resolved) => Ok((resolved, sources, solver.parents)),
        Err(problems) => Err(Refused { problems, sources }),
    }
}

/// Loads, resolves and solves what was asked for.
///
/// # Errors
///
/// All problems of all files.
pub fn answer(request: &Request) -> Result<(Solved, Sources), Refused> {
    let (resolved, sources, parents) = opened(request)?;
    let outcome = solve(&resolved.plan, &ActiveSet::default());
    let identity = Identity { scenario: request.name.clone(), hash: resolved.hash() };
    Ok((Solved { resolved, outcome, identity, parents }, sources))
}

/// Loads, resolves and briefly solves the scenario at `path`, unless a solver does not lead to its answer at
/// once: that its limits clash, or hold by a hair, is not worth a long search, where it need not be `thorough`.
/// Nothing where it cannot be read either.
pub(super) fn solved_at(
    files: &dyn Files,
    path: &str,
    thorough: bool,
) -> Option<(Resolved, Outcome)> {
    let resolved = Solver::new(files).resolved(path, &mut Sources::default()).ok()?;
    let plan = &resolved.plan;
    let from_nothing = || may_hold(plan).then(ActiveSet::default);
    let start = match plan.lumps().is_empty() {
        true if thorough => at_once(plan).or_else(from_nothing)?,
        true => at_once(plan)?,
        false => from_nothing()?,
    };
    let outcome = solve_briefly(plan, &start);
    Some((resolved, outcome))
}

/// Loads and resolves what was asked for, and solves nothing: a scenario that builds on another's
/// answer is given that one's baseline in its place. Every value that varies is tried.
///
/// # Errors
///
/// All problems of all files.
pub fn check(request: &Request) -> Result<(Resolved, Sources), Refused> {
    let mut sources = Sources::default();
    let mut solver = Solver::new(&*request.files);
    solver.solves = false;
    match solver.resolved(&request.path, &mut sources) {
        Ok(resolved) => Ok((resolved, sources)),
        Err(problems) => Err(Refused { problems, sources }),
    }
}

/// Solves the scenarios that others build on, each once.
pub(super) struct Solver<'a> {
    files: &'a dyn Files,
    pub(super) known: HashMap<String, Answer>,
    /// The scenarios that are being solved: one that asks for itself goes round in a circle.
    open: Vec<String>,
    solves: bool,
    /// What was solved so.
    parents: Vec<Parent>,
}

impl<'a> Solver<'a> {
    pub(super) fn new(files: &'a dyn Files) -> Self {
        Self { files, known: HashMap::new(), open: Vec::new(), solves: true, parents: Vec::new() }
    }

    pub(super) fn resolved(
        &mut self,
        path: &str,
        sources: &mut Sources,
    ) -> Result<Resolved, Vec<Problem>> {
        self.open.push(path.into());
        let how = if self.solves { resolve } else { resolve_throughout };
        let found = resolved(self.files, path, self, sources, how);
        self.open.pop();
        found
    }
}

/// A way to resolve a scenario.
type Resolving =
    fn(&Scenario, &dyn Files, &mut dyn Answers, &mut Sources) -> Result<Resolved, Vec<Problem>>;

/// Loads and resolves a scenario; the answers that it builds on are asked of `answers`.
pub(super) fn resolved(
    files: &dyn Files,
    path: &str,
    answers: &mut dyn Answers,
    sources: &mut Sources,
    how: Resolving,
) -> Result<Resolved, Vec<Problem>> {
    let mut problems = Vec::new();
    let scenario = Scenario::load(files, path, sources, &mut problems);
    let found = match scenario {
        Some(scenario) => how(&scenario, files, answers, sources),
        None => Err(Vec::new()),
    };
    match found {
        Ok(resolved) if problems.is_empty() => Ok(resolved),
        Ok(resolved) => {
            problems.extend(resolved.warnings);
            Err(problems)
        }
        Err(more) => {
            problems.extend(more);
            Err(problems)
        }
    }
}

impl Solver<'_> {
    /// Resolves a scenario that is made of parts of files, and not one of them.
    ///
    /// # Errors
    ///
    /// The first problem, in words.
    pub(super) fn made(
        &mut self,
        scenario: &Scenario,
        sources: &mut Sources,
    ) -> Result<Resolved, String> {
        let files = self.files;
        resolve(scenario, files, self, sources).map_err(|problems| {
            let error = problems.iter().find(|problem| problem.severity == Severity::Error);
            error.map_or_else(String::new, |problem| problem.message.clone())
        })
    }
}

/// Resolves the file at `path`; the answers that it builds on are kept in `known`, and its own is not.
///
/// # Errors
///
/// All problems of all files.
pub(super) fn remembering(
    files: &dyn Files,
    path: &str,
    known: &mut HashMap<String, Answer>,
) -> Result<Resolved, Refused> {
    let mut sources = Sources::default();
    let mut solver = Solver::new(files);
    solver.known = std::mem::take(known);
    let resolved = solver.resolved(path, &mut sources);
    *known = solver.known;
    known.remove(path);
    resolved.map_err(|problems| Refused { problems, sources })
}

impl Answers for Solver<'_> {
    fn answer(&mut self, path: &str) -> Result<Answer, String> {
        if let Some(known) = self.known.get(path) {
            return Ok(known.clone());
        }
        if self.open.iter().any(|open| open == path) {
            return Err("it builds on the answer of this very scenario".into());
        }
        let mut sources = Sources::default();
        let resolved = self.resolved(path, &mut sources).map_err(|problems| {
            let first = problems.first().map_or("", |problem| problem.message.as_str());
            format!("it has problems of its own ({first})")
        })?;
        let answer = if self.solves {
            let outcome = solve(&resolved.plan, &ActiveSet::default());
            let answer = published(&resolved.plan, &outcome)?;
            self.parents.push(Parent { path: path.into(), resolved, outcome });
            answer
        } else {
            by_cell(&resolved.plan, |place| resolved.plan.cells()[place].baseline.clone())
        };
        self.known.insert(path.into(), answer.clone());
        Ok(answer)
    }
}

fn published(plan: &Plan, outcome: &Outcome) -> Result<Answer, String> {
    let allocation = match outcome {
        Outcome::Optimal(allocation) => allocation,
        Outcome::Unrounded(..) => return Err("its answer has no whole figures".into()),
        Outcome::Infeasible(_) => return Err("its limits cannot hold together".into()),
        Outcome::Unbounded(stage) => return Err(format!("nothing stops its stage `{stage}`")),
        Outcome::Stopped(_) => return Err("the search for its answer was stopped".into()),
    };
    let quantum = plan.quantum();
    Ok(by_cell(plan, |place| quantum.amount(allocation.published[place])))
}

pub(super) fn by_cell(plan: &Plan, amount: impl Fn(usize) -> Amount) -> Answer {
    let cells = plan.cells().iter().enumerate().map(|(place, cell)| {
        let members = plan.dimensions().iter().zip(&cell.members);
        let ids = members.map(|(axis, member)| axis.member(*member).id.clone());
        (ids.collect(), amount(place))
    });
    Answer { cells: cells.collect() }
}
