use crate::plan::{ControlOf, Plan, Provenance, Sense};
use crate::solve::{Allocation, Outcome};
use crate::units::{Amount, CellId, grouped};

/// What was found, and what was shown of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// `optimal`, `infeasible`, `unrounded`, `unbounded` or `stopped`.
    pub status: &'static str,
    /// `none`, `feasible`, `optimal` or `infeasible`.
    pub proof: &'static str,
}

/// The status of an outcome. What is published counts as feasible once every limit, re-added from
/// the plan itself, holds on it; and as optimal once its certificate was accepted.
pub fn status(plan: &Plan, outcome: &Outcome) -> Status {
    match outcome {
        Outcome::Optimal(allocation) => Status {
            status: "optimal",
            proof: match (breaches(plan, allocation), &allocation.proof) {
                (0, Ok(_)) => "optimal",
                (0, Err(_)) => "feasible",
                _ => "none",
            },
        },
        Outcome::Unrounded(..) => Status { status: "unrounded", proof: "none" },
        Outcome::Infeasible(conflict) => Status {
            status: "infeasible",
            proof: if conflict.proof.is_ok() { "infeasible" } else { "none" },
        },
        Outcome::Unbounded(_) => Status { status: "unbounded", proof: "none" },
        Outcome::Stopped(_) => Status { status: "stopped", proof: "none" },
    }
}

/// How many limits the published amounts break: a ceiling or floor at all, an equality by a
/// quantum or more.
fn breaches(plan: &Plan, allocation: &Allocation) -> usize {
    let quantum = Amount::whole(i64::from(plan.quantum().units()));
    let broken = |reading: &&crate::plan::Reading| match reading.sense {
        _ if reading.soft => false,
        Sense::Equal => reading.slack.abs() >= quantum,
        _ => reading.slack.is_negative(),
    };
    allocation.readings.iter().filter(broken).count()
}

/// What a planner asks first: how much there was, how much there is, what it is spent on.
pub fn headline(plan: &Plan, outcome: &Outcome) -> Vec<String> {
    let unit = plan.unit();
    let mut lines = vec![plan.title().to_string()];
    if let Some(title) = plan.scenario() {
        lines.push(format!("scenario: {title}"));
    }
    let baseline: Amount = plan.cells().iter().map(|cell| &cell.baseline).sum();
    match outcome {
        Outcome::Optimal(allocation) | Outcome::Unrounded(allocation, _) => {
            let total: Amount = (0..plan.cells().len())
                .map(|place| allocation.amount(plan, CellId::new(place)))
                .sum();
            let change = &total - &baseline;
            let percent = if baseline.is_zero() {
                String::new()
            } else {
                let points = &(&change / &baseline.abs()) * &Amount::whole(100);
                format!(" ({} %)", signed(&points, 1))
            };
            lines.push(format!(
                "baseline {}   allocation {}   change {}{percent}   {unit}",
                grouped(&baseline, 0),
                grouped(&total, 0),
                signed(&change, 0)
            ));
            lines.extend(revenue_line(plan, allocation, &baseline, &total));
            let status = status(plan, outcome);
            lines.push(match (outcome, status.proof) {
                (Outcome::Unrounded(_, origin), _) => format!(
                    "unrounded: no whole figures were found that satisfy `{}`; exact amounts are printed",
                    crate::explain::origin_text(origin)
                ),
                (_, "optimal") => {
                    "optimal, proven; every limit re-added on the published figures".into()
                }
                (_, "feasible") => format!(
                    "optimal (not yet proven: {}); every limit re-added on the published figures",
                    unproven(outcome)
                ),
                _ => "not certified: a limit fails on the published figures".into(),
            });
        }
        Outcome::Infeasible(_) => {
            lines.push(format!("baseline {}   {unit}", grouped(&baseline, 0)));
            lines.push("infeasible: these limits cannot hold together".into());
        }
        Outcome::Unbounded(stage) => {
            lines.push(format!("baseline {}   {unit}", grouped(&baseline, 0)));
            lines.push(format!(
                "unbounded: nothing stops stage `{stage}`; add a limit or a balance"
            ));
        }
        Outcome::Stopped(looked) => {
            lines.push(format!("baseline {}   {unit}", grouped(&baseline, 0)));
            lines.push(format!(
                "stopped: {looked} ways to decide some of the lines of all or nothing were looked at, and none led to an answer; decide some of them by a hold"
            ));
        }
    }
    lines
}

/// Why an answer is not proven; nothing where it is.
pub fn unproven(outcome: &Outcome) -> String {
    let proof = match outcome {
        Outcome::Optimal(found) | Outcome::Unrounded(found, _) => &found.proof,
        Outcome::Infeasible(conflict) => &conflict.proof,
        Outcome::Unbounded(_) | Outcome::Stopped(_) => return String::new(),
    };
    proof.as_ref().err().map(ToString::to_string).unwrap_or_default()
}

fn signed(amount: &Amount, places: u32) -> String {
    let text = grouped(amount, places);
    if amount.is_positive() { format!("+{text}") } else { text }
}

fn revenue_line(
    plan: &Plan,
    allocation: &Allocation,
    baseline: &Amount,
    total: &Amount,
) -> Option<String> {
    plan.balance()?;
    let revenue: Amount =
        allocation.revenue.iter().map(|period| plan.quantum().amount(period.total)).sum();
    let rest = &revenue - total;
    let balanced = if rest.is_zero() {
        "balanced".into()
    } else {
        format!("{} left unspent", grouped(&rest, 0))
    };
    let gap = &revenue - baseline;
    Some(format!(
        "revenue {}   {balanced}   gap against the baseline {}",
        grouped(&revenue, 0),
        signed(&gap, 0)
    ))
}

/// How much of the allocation rests on what.
pub fn provenance_note(plan: &Plan, allocation: &Allocation) -> String {
    let parts = Provenance::ALL.iter().map(|word| (*word, cells_of(plan, allocation, *word)));
    let mut note = format!("the cells rest on: {}", self::parts(parts, &plan.unit()));
    let controls = plan.controls().iter().filter(|control| control.of == ControlOf::Baseline);
    let count = controls.clone().count();
    if count > 0 {
        let word = controls.map(|control| control.provenance).max().map_or("", Provenance::word);
        note += &format!("; {count} stated totals of the baseline hold ({word})");
    }
    note
}

/// The published amount of the cells of one provenance. A cell finer than a controlled total is at
/// best derived.
pub(super) fn cells_of(plan: &Plan, allocation: &Allocation, wanted: Provenance) -> Amount {
    let best = if plan.controls().is_empty() { Provenance::Confirmed } else { Provenance::Derived };
    let cells = plan.cells().iter().zip(&allocation.published);
    let matching = cells.filter(|(cell, _)| cell.provenance.and(best) == wanted);
    matching.map(|(_, money)| plan.quantum().amount(*money)).sum()
}

/// `confirmed 412 444, assumed 61 300 kCHF`, without what is nothing.
pub(super) fn parts(parts: impl Iterator<Item = (Provenance, Amount)>, unit: &str) -> String {
    let shown: Vec<String> = parts
        .filter(|(_, amount)| !amount.is_zero())
        .map(|(word, amount)| format!("{word} {}", grouped(&amount, 0)))
        .collect();
    if shown.is_empty() { "nothing".into() } else { format!("{} {unit}", shown.join(", ")) }
}
