//! A scenario on a planner's desk: its text is edited, and answered as if it were the file.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::Refused;
use super::batch::{Below, Total, along};
use super::bridge::bridge;
use super::overlay::Overlay;
use super::repairs::{Watch, repairs_of};
use super::solve::{Solver, answer, remembering};
use super::store::{self, Request};
use crate::explain::{Bridge, Repairs};
use crate::plan::Plan;
use crate::report::Swept;
use crate::scenario::{Draft, Files, Resolved, SCENARIO_FORMAT, Sources, Varied};
use crate::solve::{ActiveSet, Outcome, calibrated, solve};
use crate::units::{Amount, CellId};

/// What was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// How it was asked for.
    pub name: String,
    /// The text to begin with.
    pub text: String,
    /// The file it is saved to; `None` for one that has none yet.
    pub file: Option<PathBuf>,
    /// The folder of the plan; `None` for an embedded one.
    pub folder: Option<PathBuf>,
    /// The scenario's path in the plan's folder.
    pub path: String,
    /// The embedded plan that it belongs to.
    pub embedded: Option<String>,
}

/// Answers the texts of one scenario, and keeps what they have in common between two answers.
pub struct Desk {
    /// The plan's folder on disk, or the embedded plan.
    name: String,
    path: String,
    files: Overlay,
    known: std::collections::HashMap<String, crate::scenario::Answer>,
    /// What the last answer leaned on.
    start: ActiveSet,
}

/// The least cells of a plan whose exact amounts are told before its whole figures.
const LARGE: usize = 2_000;

/// Finds what `name` stands for. A plan is opened as a new scenario on it.
///
/// # Errors
///
/// What to write instead.
pub fn open_draft(name: &str) -> Result<Opened, String> {
    let request = store::find(name)?;
    let bytes = request.files.read(&request.path)?;
    let text = String::from_utf8(bytes)
        .map_err(|_error| format!("`{name}` is no UTF-8 text; save it again as UTF-8"))?;
    let embedded = request.folder.is_none();
    let plan = name.split('/').next().unwrap_or(name).to_string();
    let opened = Opened {
        name: request.name.clone(),
        file: request.folder.as_ref().map(|folder| folder.join(&request.path)),
        folder: request.folder.clone(),
        embedded: embedded.then_some(plan),
        path: request.path.clone(),
        text,
    };
    if is_scenario(&opened.text) {
        return Ok(opened);
    }
    let path = free_name(&*request.files);
    let draft = Draft::on(&request.path, "New scenario");
    Ok(Opened { text: draft.text().to_string(), file: None, path, ..opened })
}

/// Whether the text says that it is a scenario; one that says nothing readable is taken as it is.
fn is_scenario(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start();
        line.starts_with("format") && line.contains(SCENARIO_FORMAT)
    })
}

/// A name in the plan's folder that no file bears.
fn free_name(files: &dyn Files) -> String {
    let taken = files.list();
    let name = |n: usize| format!("new-{n}.scenario.toml");
    (1..=taken.len() + 1).map(name).find(|name| !taken.contains(name)).unwrap_or_else(|| name(0))
}

impl Desk {
    /// The desk of what was opened.
    ///
    /// # Errors
    ///
    /// What to write instead.
    pub fn new(opened: &Opened) -> Result<Self, String> {
        let folder = opened.folder.as_ref().map(|folder| folder.display().to_string());
        let name = folder.unwrap_or_else(|| opened.name.clone());
        let Request { files, .. } = store::find(&name)?;
        Ok(Self {
            name,
            path: opened.path.clone(),
            files: Overlay::new(files, opened.path.clone()),
            known: std::collections::HashMap::new(),
            start: ActiveSet::default(),
        })
    }

    /// Solves the scenario with this text.
    ///
    /// # Errors
    ///
    /// All problems of all files.
    pub fn answer(&mut self, text: &str) -> Result<(Resolved, Outcome), Refused> {
        let resolved = self.resolve(text)?;
        let outcome = self.solved(&resolved.plan);
        Ok((resolved, outcome))
    }

    /// Lets the next solve start from what another answer leant on.
    pub fn start_from(&mut self, active: &ActiveSet) {
        self.start.clone_from(active);
    }

    /// Solves a plan that was resolved here, starting from what the last answer leaned on.
    pub fn solved(&mut self, plan: &Plan) -> Outcome {
        let outcome = solve(plan, &self.start.moved());
        if let Outcome::Optimal(found) | Outcome::Unrounded(found, _) = &outcome {
            self.start = found.active.clone();
        }
        outcome
    }

    /// The exact amounts of a plan that was resolved here, and its revenue by period, where it is so large that whole figures take
    /// longer than one waits for a key; nothing where there are none, or lines of all or nothing are to
    /// be decided.
    pub fn calibrated(&mut self, plan: &Plan) -> Option<(Vec<Amount>, Vec<Amount>)> {
        if plan.cells().len() < LARGE || !plan.lumps().is_empty() {
            return None;
        }
        let (amounts, revenue, active) = calibrated(plan, &self.start.moved()).ok()?;
        self.start = active;
        Some((amounts, revenue))
    }

    /// Resolves the scenario with this text.
    ///
    /// # Errors
    ///
    /// All problems of all files.
    pub fn resolve(&mut self, text: &str) -> Result<Resolved, Refused> {
        self.files.write(text);
        remembering(&self.files, &self.path, &mut self.known)
    }

    /// What each change adds between another scenario of the folder and this one with a text: in
    /// all, and for the members of a dimension.
    ///
    /// # Errors
    ///
    /// Why there is no bridge, in words.
    pub fn bridge(&self, text: &str, other: &str, by: Option<&str>) -> Result<Bridge, String> {
        let request = |path: &str| -> Result<Request, String> {
            let mut files = Overlay::new(store::find(&self.name)?.files, self.path.clone());
            files.write(text);
            Ok(Request {
                files: Box::new(files),
                path: path.into(),
                name: path.into(),
                folder: None,
            })
        };
        let solved = |request: &Request| {
            answer(request).map(|(solved, _)| solved).map_err(|refused| {
                let first = refused.problems.first();
                first.map_or_else(String::new, |problem| problem.message.clone())
            })
        };
        let (from, to) = (request(other)?, request(&self.path)?);
        let (start, end) = (solved(&from)?, solved(&to)?);
        let by: Vec<String> = by.map(String::from).into_iter().collect();
        bridge(Some((&from, &start)), (&to, &end), &by, false)
    }

    /// Where the totals of some cells bend as a figure of the scenario with this text moves; nothing
    /// more is solved once `stop` is set.
    ///
    /// # Errors
    ///
    /// Why that is not known, in words.
    pub fn sweep(
        &self,
        text: &str,
        varied: Varied,
        range: (&Amount, &Amount),
        totals: &[(String, Vec<CellId>)],
        stop: &Arc<AtomicBool>,
    ) -> Result<Swept, String> {
        let mut files = Overlay::new(store::find(&self.name)?.files, self.path.clone());
        files.write(text);
        let (below, resolved) = Below::over(Box::new(files), &self.path, Arc::clone(stop));
        let resolved = resolved.map_err(|refused| {
            let first = refused.problems.first();
            first.map_or_else(String::new, |problem| problem.message.clone())
        })?;
        let totals = totals.iter();
        let totals = totals.map(|(name, cells)| Total { name: name.clone(), cells: cells.clone() });
        along(below, &resolved.plan, varied, range, totals.collect())
    }

    /// Repairs of the scenario with this text, where its limits clash: each checked by solving it. Where
    /// nobody waits for them any longer, those that are known.
    pub fn repairs(&mut self, text: &str, watch: Watch<'_>) -> Repairs {
        match self.answer(text) {
            Ok((resolved, outcome)) => {
                repairs_of((&self.files, &self.path), (&resolved, &outcome), false, watch)
            }
            Err(_) => Repairs::default(),
        }
    }

    /// Solves another scenario of the same plan, as it stands in its file.
    ///
    /// # Errors
    ///
    /// Why there is no answer, in words.
    pub fn other(&mut self, path: &str) -> Result<(Resolved, Outcome), String> {
        let mut sources = Sources::default();
        let mut solver = Solver::new(&self.files);
        let resolved = solver.resolved(path, &mut sources).map_err(|problems| {
            problems.first().map_or_else(String::new, |problem| problem.message.clone())
        })?;
        let outcome = solve(&resolved.plan, &ActiveSet::default());
        Ok((resolved, outcome))
    }

    /// The other scenarios in the plan's folder, and the plan itself.
    pub fn others(&self) -> Vec<String> {
        let is_other = |name: &String| {
            (name == "plan.toml" || name.ends_with(".scenario.toml")) && *name != self.path
        };
        self.files.list().into_iter().filter(is_other).collect()
    }

    /// Reads every file again: one of them has changed on disk.
    pub fn forget(&mut self) {
        self.files.forget();
        self.known.clear();
    }
}

/// Where a name typed by a planner leads: a file of the plan's folder, or for an embedded plan a
/// folder to write its files to first.
///
/// # Errors
///
/// What to write instead.
pub fn place_for(opened: &Opened, typed: &str) -> Result<PathBuf, String> {
    let typed = typed.trim();
    if typed.is_empty() || typed.ends_with('/') {
        return Err("name a file, like `cut` or `cut.scenario.toml`".into());
    }
    let ends = Path::new(typed).extension().is_some_and(|end| end == "toml");
    let named = if ends { typed.to_string() } else { format!("{typed}.scenario.toml") };
    let named = Path::new(&named);
    if named.file_name().is_some_and(|name| name == "plan.toml") {
        return Err("a scenario is not written over the plan; name it `….scenario.toml`".into());
    }
    let Some(folder) = &opened.folder else {
        let folder = named.parent().filter(|folder| !folder.as_os_str().is_empty());
        return match folder {
            Some(_) => Ok(named.into()),
            None => Err(format!(
                "the embedded plan has no folder yet: name one, like `my-plan/{typed}`"
            )),
        };
    };
    let own = Path::new(&opened.path).parent().unwrap_or(Path::new(""));
    let home = folder.join(own);
    let place = if named.components().count() == 1 { home.join(named) } else { named.into() };
    let parent = place.parent().unwrap_or(Path::new("")).to_path_buf();
    let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.into());
    let parent = if parent.as_os_str().is_empty() { PathBuf::from(".") } else { parent };
    if whole(&parent) != whole(&home) {
        return Err(format!(
            "a scenario stays in the folder of what it extends, {}",
            home.display()
        ));
    }
    Ok(place)
}

/// Writes a scenario's text to `place`. For an embedded plan its files are written there first,
/// where the folder has no plan yet.
///
/// # Errors
///
/// Why it could not be written, in words.
pub fn save(opened: &Opened, place: &Path, text: &str) -> Result<Opened, String> {
    let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    if let Some(plan) = &opened.embedded {
        lay_out(plan, folder)?;
    }
    super::write(place, text.as_bytes())?;
    let name = place.display().to_string();
    let request = store::find(&name)?;
    Ok(Opened {
        name,
        text: text.into(),
        file: Some(place.into()),
        folder: request.folder,
        path: request.path,
        embedded: None,
    })
}

/// Writes the files of an embedded plan to a folder that has no plan yet.
fn lay_out(plan: &str, folder: &Path) -> Result<(), String> {
    let there = folder.join("plan.toml");
    if there.exists() {
        let known = store::embedded_files(plan).unwrap_or_default();
        let own = known.iter().find(|(name, _)| name == "plan.toml").map(|(_, bytes)| *bytes);
        let same = std::fs::read(&there).ok().as_deref() == own;
        return if same {
            Ok(())
        } else {
            Err(format!("`{}` holds another plan; name another folder", folder.display()))
        };
    }
    std::fs::create_dir_all(folder)
        .map_err(|error| format!("`{}` cannot be made: {error}", folder.display()))?;
    for (name, bytes) in store::embedded_files(plan).unwrap_or_default() {
        let place = folder.join(name);
        if !place.exists() {
            super::write(&place, bytes)?;
        }
    }
    Ok(())
}
