//! The solver's threads: they answer the newest request, and skip those it has overtaken.

mod board;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use super::advice::Asked;
use super::answer::{Answer, Calibrated, ClashLine, Clashes, Found, Loaded};
use super::message::Message;
use crate::explain;
use crate::plan::Sense;
use crate::scenario::{Style, render};
use crate::session::{Desk, Opened, Refused};
use crate::solve::{Conflict, Outcome};
use crate::units::{display_safe, grouped};
use board::Board;

/// What the solver is asked.
#[derive(Debug, Clone)]
pub enum Request {
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

/// How long the newest request waits for a thread that is busy, before another takes it up.
const PATIENCE: Duration = Duration::from_millis(40);

/// Answers requests until there is nobody to ask or to answer. What was overtaken holds nothing up: a
/// request that finds no thread free for long gets one more.
pub fn serve(opened: &Opened, requests: &Receiver<Request>, answers: &Sender<Message>) {
    let board = Arc::new(Board::new(opened));
    board.start(answers);
    loop {
        let next = if board.lacks_a_thread() {
            requests.recv_timeout(PATIENCE)
        } else {
            requests.recv().map_err(|_closed| RecvTimeoutError::Disconnected)
        };
        match next {
            Ok(request) => board.put(request),
            Err(RecvTimeoutError::Timeout) if board.lacks_a_thread() => board.start(answers),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return board.end(),
        }
    }
}

/// Another scenario's answer, or why there is none.
pub fn other(desk: &mut Desk, path: &str) -> Message {
    match desk.other(path) {
        Err(words) => Message::Failed(format!("{path} cannot be read: {words}")),
        Ok((resolved, outcome)) => match Answer::new(resolved.into(), outcome, 0) {
            Some(answer) => Message::Compared(path.into(), Arc::new(answer)),
            None => Message::Failed(format!("{path} has no allocation to compare with")),
        },
    }
}

/// The exact amounts for one text, where they are told before the whole figures.
pub fn calibrated(opened: &Opened, text: &str) -> Option<Calibrated> {
    let mut desk = Desk::new(opened).ok()?;
    let loaded = Loaded::from(desk.resolve(text).ok()?);
    let (amounts, revenue) = desk.calibrated(&loaded.plan)?;
    Some(Calibrated::new(&loaded, amounts, &revenue))
}

/// What is found for one text.
pub fn solve(desk: &mut Desk, text: &str) -> Found {
    solve_in_steps(desk, text, || None)
}

/// The same; where that takes long, the exact amounts are told before the whole figures are found, to
/// `whom`ever waits for them once the text is read.
fn solve_in_steps<'a>(
    desk: &mut Desk,
    text: &str,
    whom: impl FnOnce() -> Option<(u64, &'a Sender<Message>)>,
) -> Found {
    let start = Instant::now();
    let resolved = match desk.resolve(text) {
        Err(refused) => return Found::Refused(words(&refused)),
        Ok(resolved) => Loaded::from(resolved),
    };
    let plan = resolved.plan.clone();
    if let Some((revision, answers)) = whom()
        && let Some((amounts, revenue)) = desk.calibrated(&plan)
    {
        let calibrated = Arc::new(Calibrated::new(&resolved, amounts, &revenue));
        let _ = answers.send(Message::Calibrated(revision, calibrated));
    }
    match desk.solved(&plan) {
        Outcome::Infeasible(conflict) => Found::Infeasible(Arc::new(clashes(&resolved, &conflict))),
        Outcome::Unbounded(stage) => {
            Found::Refused(vec![format!("nothing stops stage `{stage}`; add a limit or a balance")])
        }
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
fn clashes(loaded: &Loaded, conflict: &Conflict) -> Clashes {
    let plan = &loaded.plan;
    let mut parts: Vec<ClashLine> = conflict
        .parts
        .iter()
        .map(|part| {
            let bound = if part.is_share() {
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
    let (remarks, stated) = (loaded.remarks.clone(), loaded.stated.clone());
    Clashes { parts, sentences, plan: plan.clone(), remarks, stated, gone: loaded.gone.clone() }
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
