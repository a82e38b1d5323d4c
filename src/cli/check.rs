use std::collections::HashSet;
use std::path::Path;

use super::run::{Exit, find};
use super::screen::Screen;
use crate::plan::Severity;
use crate::session;

/// Validates files; problems go to standard error, each once, and what is in order is listed.
pub(super) fn check(screen: &Screen, paths: &[String]) -> Exit {
    let mut exit = Exit::Fine;
    let mut seen = HashSet::new();
    for name in paths.iter().flat_map(|path| members(path)) {
        let request = match find(screen, Some(&name)) {
            Ok(request) => request,
            Err(failed) => {
                exit = failed;
                continue;
            }
        };
        let (problems, sources, fine) = match session::check(&request) {
            Ok((resolved, sources)) => (resolved.warnings, sources, true),
            Err(refused) => (refused.problems, refused.sources, false),
        };
        let (mut own, mut fresh) = (HashSet::new(), Vec::new());
        let (mut errors, mut known) = (0, 0);
        for problem in problems {
            let lines = problem.labels.iter().map(|(place, _)| sources.line(*place));
            let key = (problem.message.clone(), lines.collect::<Vec<_>>());
            if !own.insert(key.clone()) {
                continue;
            }
            let error = usize::from(problem.severity == Severity::Error);
            errors += error;
            if seen.insert(key) {
                fresh.push(problem);
            } else {
                known += error;
            }
        }
        screen.problems(&fresh, &sources);
        if errors > 0 || !fine {
            if exit == Exit::Fine {
                exit = Exit::Problem;
            }
            screen.say(&format!("{name}: {}", count(errors, known)));
        } else if let Err(message) = Screen::print(&format!("ok  {name}\n")) {
            return super::run::failed(screen, &message);
        }
    }
    exit
}

/// "2 problems", and how many of them were shown for another file.
fn count(errors: usize, known: usize) -> String {
    let noun = if errors == 1 { "problem" } else { "problems" };
    match known {
        0 => format!("{errors} {noun}"),
        known if known == errors => format!("{errors} {noun} (shown above)"),
        known => format!("{errors} {noun} ({known} shown above)"),
    }
}

/// The plan and every scenario of a folder or an embedded plan; else the path itself.
fn members(path: &str) -> Vec<String> {
    let is_scenario = |name: &str| name.ends_with(".scenario.toml");
    if Path::new(path).is_dir() {
        let mut names: Vec<String> = std::fs::read_dir(path)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| is_scenario(name))
            .map(|name| Path::new(path).join(name).display().to_string())
            .collect();
        names.sort_unstable();
        names.insert(0, path.to_string());
        return names;
    }
    let embedded = session::embedded_files(path).unwrap_or_default();
    let scenarios = embedded.iter().filter(|(name, _)| is_scenario(name));
    std::iter::once(path.to_string())
        .chain(scenarios.map(|(name, _)| format!("{path}/{name}")))
        .collect()
}
