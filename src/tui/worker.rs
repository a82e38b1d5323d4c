//! The solver thread: answers the newest request, and skips those it has overtaken.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};
use std::time::Instant;

use super::advice::Asked;
use super::answer::{Answer, ClashLine, Clashes, Found};
use super::message::{Answered, Message};
use crate::explain;
use crate::plan::{Plan, Sense};
use crate::scenario::{Style, render};
use crate::session::{Desk, Opened, Refused};
use crate::solve::{Conflict, Outcome};
use crate::units::{display_safe, grouped};

/// What the solver is asked.
#[derive(Debug, Clone)]
pub(super) enum Request {
    /// Solve this text.
    Solve {
        /// The revision that the answer is to carry.
        revision: u64,
        /// The scenario's text.
        text: Arc<str>,
        /// It is still being typed.
        preview: bool,
    },
    /// The scenario has another file from now on.
    Open(Box<Opened>),
    /// Solve another scenario of the plan's folder.
    Other(String),
    /// Answer a question; the adviser does.
    Ask(Asked),
    /// Leave what takes long.
    Stop,
    /// Read the other files again.
    Forget,
}

/// Answers requests until there is nobody to ask or to answer.
pub(super) fn serve(opened: &Opened, requests: &Receiver<Request>, answers: &Sender<Message>) {
    let Ok(mut desk) = Desk::new(opened) else { return };
    while let Ok(first) = requests.recv() {
        // One slot for the draft and one for what is typed: the newest of each wins.
        let mut slots: [Option<Request>; 2] = [None, None];
        for request in std::iter::once(first).chain(requests.try_iter()) {
            match request {
                Request::Solve { preview, .. } => slots[usize::from(preview)] = Some(request),
                Request::Forget => desk.forget(),
                Request::Ask(_) | Request::Stop => {}
                Request::Other(path) => {
                    let message = other(&mut desk, &path);
                    if answers.send(message).is_err() {
                        return;
                    }
                }
                Request::Open(opened) => match Desk::new(&opened) {
                    Ok(next) => desk = next,
                    Err(words) => {
                        if answers.send(Message::Failed(words)).is_err() {
                            return;
                        }
                    }
                },
            }
        }
        for request in slots.into_iter().flatten() {
            if let Request::Solve { revision, text, preview } = request {
                let found = solve(&mut desk, &text);
                let answered = Answered { revision, preview, found };
                if answers.send(Message::Answered(answered)).is_err() {
                    return;
                }
            }
        }
    }
}

/// Another scenario's answer, or why there is none.
pub fn other(desk: &mut Desk, path: &str) -> Message {
    match desk.other(path) {
        Err(words) => Message::Failed(format!("{path} cannot be read: {words}")),
        Ok((resolved, outcome)) => match Answer::new(resolved, &outcome, 0) {
            Some(answer) => Message::Compared(path.into(), Arc::new(answer)),
            None => Message::Failed(format!("{path} has no allocation to compare with")),
        },
    }
}

/// What is found for one text.
pub fn solve(desk: &mut Desk, text: &str) -> Found {
    let start = Instant::now();
    match desk.answer(text) {
        Err(refused) => Found::Refused(words(&refused)),
        Ok((resolved, outcome)) => match &outcome {
            Outcome::Infeasible(conflict) => {
                Found::Infeasible(Arc::new(clashes(&resolved.plan, conflict)))
            }
            Outcome::Unbounded(stage) => Found::Refused(vec![format!(
                "nothing stops stage `{stage}`; add a limit or a balance"
            )]),
            Outcome::Stopped(looked) => Found::Refused(vec![format!(
                "{looked} ways to decide the lines of all or nothing led to no answer; hold some of them"
            )]),
            outcome => {
                let took = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
                let answer = Answer::new(resolved, outcome, took);
                answer.map_or_else(
                    || Found::Refused(vec!["the plan has no allocation".into()]),
                    |answer| Found::Allocated(Arc::new(answer)),
                )
            }
        },
    }
}

/// The problems of a file, drawn with their places.
fn words(refused: &Refused) -> Vec<String> {
    let style = Style { colour: false, unicode: true };
    let errors =
        refused.problems.iter().filter(|problem| problem.severity == crate::plan::Severity::Error);
    let drawn = errors.map(|problem| render(problem, &refused.sources, style));
    let lines = drawn.flat_map(|text| {
        text.lines().filter(|line| !line.trim().is_empty()).map(String::from).collect::<Vec<_>>()
    });
    lines.take(60).collect()
}

/// How many bounds of single lines a clash lists: more would bury what helps.
const MOST_BOUNDS: usize = 4;

/// The limits that cannot hold together, in words.
fn clashes(plan: &Plan, conflict: &Conflict) -> Clashes {
    let mut parts: Vec<ClashLine> = conflict
        .parts
        .iter()
        .map(|part| {
            let bound = if part.origin.share {
                format!("{} %", grouped(&(&part.bound * &crate::units::Amount::whole(100)), 1))
            } else {
                grouped(&part.bound, u32::from(!part.bound.is_whole()))
            };
            let sense = match part.sense {
                Sense::Floor => "≥",
                Sense::Ceiling => "≤",
                Sense::Equal => "=",
            };
            let origin = &part.origin;
            let name = explain::title_of(plan, origin.kind, &origin.id, &origin.member);
            ClashLine {
                name: display_safe(&name),
                asks: format!("{sense} {bound}"),
                authority: display_safe(part.authority.as_deref().unwrap_or("")),
            }
        })
        .collect();
    let told = explain::tell(plan, conflict);
    parts.extend(own_bounds(&told.bounds));
    let sentences = told.sentences.iter().map(|line| display_safe(line)).collect();
    Clashes { parts, sentences }
}

/// What single lines ask for themselves, in their own words: a few of them, and how many more.
fn own_bounds(bounds: &[String]) -> Vec<ClashLine> {
    let says = |name: String| ClashLine { name, asks: String::new(), authority: String::new() };
    let shown = if bounds.len() > MOST_BOUNDS { MOST_BOUNDS - 1 } else { bounds.len() };
    let mut lines: Vec<ClashLine> =
        bounds.iter().take(shown).map(|bound| says(display_safe(bound))).collect();
    let rest = bounds.len() - shown;
    if rest > 0 {
        lines.push(says(format!("{rest} more floors and ceilings that lines have of their own")));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::own_bounds;

    #[test]
    fn many_bounds_of_lines_do_not_bury_what_helps() {
        let bounds = |count: usize| -> Vec<String> { (0..count).map(|n| n.to_string()).collect() };
        assert_eq!(own_bounds(&bounds(4)).len(), 4);
        let told = own_bounds(&bounds(60));
        assert_eq!(told.len(), 4);
        assert!(told[3].name.starts_with("57 more"));
    }
}
