//! Lines that the line mode says, and parts of lines that it reads.

use crate::explain;
use crate::scenario::Picks;
use crate::tui::answer::Answer;
use crate::tui::pivot::{cells_of, percent, title};
use crate::tui::sweep::Sweep;
use crate::units::{Amount, grouped};

pub(super) fn halves(text: &str) -> Result<(&str, &str), String> {
    let found = text.split_once('=').ok_or("write the target, `=` and the value")?;
    Ok((found.0.trim(), found.1.trim()))
}

pub(super) fn limit(text: &str) -> Result<String, String> {
    match text.trim_start_matches("limit.") {
        "" => Err("name a limit; `limits` lists them".into()),
        id => Ok(format!("limit.{id}")),
    }
}

/// The five lines that moved most between two answers.
pub(super) fn moves(before: &Answer, now: &Answer) -> String {
    if before.amounts.len() != now.amounts.len() {
        return "the plan has other lines now".into();
    }
    let all = crate::plan::Slice::all(now.plan.dimensions().len());
    let axes: Vec<crate::plan::Axis> = (0..now.plan.dimensions().len())
        .filter(|place| Some(*place) != now.plan.time())
        .take(1)
        .map(|dimension| crate::plan::Axis { dimension, level: crate::plan::Level::Leaves })
        .collect();
    let moved: Vec<String> = now
        .plan
        .groups(&all, &axes)
        .iter()
        .map(|group| {
            let change = &now.sum(&group.cells) - &before.sum(&group.cells);
            (now.plan.key_text(&axes, group), change)
        })
        .filter(|(_, change)| !change.is_zero())
        .map(|(name, change)| format!("{name} {}", signed(&change)))
        .collect();
    if moved.is_empty() { "no total moved".into() } else { moved.join(", ") }
}

fn signed(amount: &Amount) -> String {
    crate::tui::allocation::signed(amount, 0)
}

pub(super) fn explained(answer: &Answer, picks: &Picks) -> String {
    let cells = cells_of(&answer.plan, picks);
    if cells.is_empty() {
        return "the plan has no such line\n".into();
    }
    let (amount, baseline) = (answer.sum(&cells), answer.baseline(&cells));
    let change = &amount - &baseline;
    let share = |part: &Amount| {
        percent(part, &baseline).map_or(String::new(), |share| {
            format!(" ({} %)", crate::tui::allocation::signed(&share, 1))
        })
    };
    let mut text = format!(
        "{}: {} {}, was {}, {}{}\n",
        title(&answer.plan, picks),
        grouped(&amount, 0),
        answer.plan.unit(),
        grouped(&baseline, 0),
        signed(&change),
        share(&change)
    );
    for part in explain::contributions(&answer.plan, &answer.allocation, &cells) {
        text += &format!("  {} {}{}\n", part.by.text(), signed(&part.money), share(&part.money));
    }
    let stops = explain::stopped_by(&answer.plan, &answer.allocation, &cells);
    if !stops.is_empty() {
        text += &format!("  stopped by {}\n", stops.join(", "));
    }
    text.lines().map(|line| crate::units::display_safe(line) + "\n").collect()
}

/// Reads `driver.unit-value.value = 15000 to 22000` as a walk.
pub(super) fn walk(text: &str) -> Result<Sweep, String> {
    let asked = "write it as: bends driver.unit-value.value = 15000 to 22000";
    let (target, range) = halves(text).map_err(|_unsplit| asked)?;
    let (from, to) = range.split_once(" to ").ok_or(asked)?;
    let share = from.contains('%') && to.contains('%');
    let end = |text: &str| -> Result<Amount, String> {
        let digits = text.trim().trim_end_matches('%').trim();
        let value = Amount::parse(digits).or_else(|_| crate::tui::typed::number(digits))?;
        Ok(if share { &value / &Amount::whole(100) } else { value })
    };
    let values = vec![end(from)?, end(to)?];
    Ok(Sweep { target: target.into(), share, values })
}
