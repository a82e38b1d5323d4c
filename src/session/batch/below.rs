//! The file whose scenarios are solved, and those that it builds on.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::plan::{Plan, Severity};
use crate::scenario::{Answer, Design, Files, Problem, Resolved};
use crate::session::overlay::Overlay;
use crate::session::solve::remembering;
use crate::session::{Refused, Request, find};

/// A file that scenarios stand on.
pub(in crate::session) struct Below {
    files: Overlay,
    /// The file that stands for a scenario.
    path: String,
    /// The file that it stands on.
    pub(super) base: String,
    pub(super) title: String,
    /// The answers of other files that it builds on.
    known: HashMap<String, Answer>,
    /// Set by whoever no longer waits for what is found.
    stop: Arc<AtomicBool>,
}

impl Below {
    /// Opens the file that `name` stands for.
    ///
    /// # Errors
    ///
    /// The first problem of its files, or what to write instead.
    pub(super) fn open(name: &str) -> Result<(Self, Resolved), String> {
        let Request { files, path, .. } = find(name)?;
        let (below, resolved) = Self::over(files, &path, Arc::default());
        resolved.map(|resolved| (below, resolved)).map_err(|refused| first(&refused.problems))
    }

    /// Takes the file at `path` among `files`; no plan is read any more once `stop` is set.
    pub(in crate::session) fn over(
        files: Box<dyn Files>,
        path: &str,
        stop: Arc<AtomicBool>,
    ) -> (Self, Result<Resolved, Refused>) {
        let mut known = HashMap::new();
        let resolved = remembering(&*files, path, &mut known);
        let named =
            |found: &Resolved| found.plan.scenario().unwrap_or(found.plan.title()).to_string();
        let title = resolved.as_ref().map_or_else(|_| String::new(), named);
        let taken = files.list();
        let own = (0..=taken.len()).map(|n: usize| format!("batch-{n}.scenario.toml"));
        let own = own.into_iter().find(|name| !taken.contains(name)).unwrap_or_default();
        let files = Overlay::new(files, own.clone());
        (Self { files, path: own, base: path.into(), title, known, stop }, resolved)
    }

    /// Whether nobody waits any more.
    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// The plan of a scenario with this text.
    pub(super) fn resolved(&mut self, text: &str) -> Result<Plan, String> {
        self.files.write(text);
        let resolved = remembering(&self.files, &self.path, &mut self.known);
        resolved.map(|resolved| resolved.plan).map_err(|refused| first(&refused.problems))
    }

    /// The plan in which the figures that vary have these values; `None` where it cannot be read.
    pub(super) fn with(
        &mut self,
        design: &Design,
        values: &[crate::units::Amount],
    ) -> Option<Plan> {
        if self.is_stopped() {
            return None;
        }
        self.resolved(&design.with(&self.base, &self.title, values)).ok()
    }
}

fn first(problems: &[Problem]) -> String {
    let worst = problems.iter().find(|problem| problem.severity == Severity::Error);
    worst.map_or_else(String::new, |problem| problem.message.clone())
}
