//! Why the chosen figure is what it is.

use super::grid::Figure;
use crate::explain::{self, Source};
use crate::plan::{Plan, Provenance, ReadingKind};
use crate::report::sentences;
use crate::scenario::Picks;
use crate::solve::Allocation;
use crate::tui::answer::Seen;
use crate::tui::pivot::{percent, slice_of, title};
use crate::units::{Amount, CellId, display_safe};

/// Why a figure is what it is.
#[derive(Debug, Clone)]
pub struct Explained {
    /// Its name.
    pub title: String,
    /// What is allocated, and what it was.
    pub amount: Amount,
    /// The baseline.
    pub baseline: Amount,
    /// What was asked for, where it was stated.
    pub need: Option<Amount>,
    /// What a planner noted about it.
    pub note: Option<String>,
    /// What each limit adds, the largest first.
    pub parts: Vec<Part>,
    /// The change in one sentence.
    pub sentence: String,
    /// What else a planner should know.
    pub remarks: Vec<String>,
}

/// What one limit adds to the change.
#[derive(Debug, Clone)]
pub struct Part {
    /// What it is called.
    pub name: String,
    /// Who set it.
    pub authority: String,
    /// What it adds, in plan units.
    pub money: Amount,
    /// The same in percent points of the baseline, where that is not zero.
    pub percent: Option<Amount>,
}

/// Explains a figure.
pub(super) fn explain(answer: &Seen<'_>, picks: &Picks, figure: &Figure) -> Explained {
    let plan = answer.plan;
    let (parts, sentence) = match answer.allocation {
        None => {
            (Vec::new(), "whole figures, and why they are what they are, are being found".into())
        }
        Some(allocation) => {
            let parts = parts(plan, allocation, picks, figure);
            let sentence = sentence(figure, &parts);
            (parts, sentence)
        }
    };
    Explained {
        title: title(plan, picks),
        note: note(answer, figure),
        sentence,
        remarks: remarks(answer, figure),
        amount: figure.amount.clone(),
        baseline: figure.baseline.clone(),
        need: figure.need.clone(),
        parts,
    }
}

/// What a planner noted about the figure.
fn note(answer: &Seen<'_>, figure: &Figure) -> Option<String> {
    let remark = answer.remark(&figure.cells).filter(|_| !figure.cells.is_empty())?;
    let by = remark.by.as_deref().map_or(String::new(), |by| format!(" ({by})"));
    Some(display_safe(&format!("note: {}{by}", remark.text)))
}

/// What each limit adds, the largest first. Where stages share the revenue out, what they and the
/// revenue add is one part: alone they are large, and cancel one another.
fn parts(plan: &Plan, allocation: &Allocation, picks: &Picks, figure: &Figure) -> Vec<Part> {
    let why = slice_of(plan, picks).and_then(|on| explain::why(plan, allocation, &on));
    let Some(why) = why else { return Vec::new() };
    let explain::Parts { limits, aims, against } = why.told(plan);
    let mut parts: Vec<Part> = limits
        .into_iter()
        .map(|part| Part {
            name: display_safe(&part.by.title(plan)),
            authority: display_safe(&authority(allocation, &part.by)),
            percent: percent(&part.money, &figure.baseline),
            money: part.money.clone(),
        })
        .collect();
    let shared: Amount = aims.iter().map(|part| &part.money).sum();
    if !shared.is_zero() {
        parts.push(Part {
            name: "the revenue, shared out by the aims".into(),
            authority: display_safe(plan.authority().unwrap_or_default()),
            percent: percent(&shared, &figure.baseline),
            money: shared,
        });
    }
    parts.sort_by_key(|part| std::cmp::Reverse(part.money.abs()));
    parts.splice(0..0, opposed(plan, &against, &figure.baseline));
    parts
}

/// What stands against one another, as one part: alone they are many times the line.
fn opposed(plan: &Plan, against: &[&explain::Contribution], baseline: &Amount) -> Option<Part> {
    let strongest = against.iter().max_by_key(|part| part.money.abs())?;
    let money: Amount = against.iter().map(|part| &part.money).sum();
    let title = display_safe(&strongest.by.title(plan));
    Some(Part {
        name: format!("{title} and {} more, which stand against one another", against.len() - 1),
        authority: "near the edge of what can be had: only the sum says something".into(),
        percent: percent(&money, baseline),
        money,
    })
}

/// Who set the limit that a contribution comes from.
fn authority(allocation: &Allocation, by: &Source) -> String {
    let Source::Row(origin) = by else { return String::new() };
    let same = |reading: &&crate::plan::Reading| {
        (reading.kind, &reading.id, &reading.member) == (origin.kind, &origin.id, &origin.member)
    };
    let found = allocation.readings.iter().find(same);
    let stated = found.and_then(|reading| reading.authority.clone());
    stated.unwrap_or_else(|| match origin.kind {
        ReadingKind::Hold => "planner's hold".into(),
        ReadingKind::Transfer => "transfer of this scenario".into(),
        ReadingKind::Stage => "an objective of the plan".into(),
        _ => String::new(),
    })
}

/// How many parts a sentence and a list of bars name.
pub(super) const MOST: usize = 6;

/// The change as a sum: `−6.2 % = −3.5 % (balance) −2.9 % (travel-flat)`.
fn sentence(figure: &Figure, parts: &[Part]) -> String {
    if figure.cells.is_empty() {
        return "the plan has no such line".into();
    }
    let change = &figure.amount - &figure.baseline;
    if parts.is_empty() {
        return "nothing presses on it: it stands at its baseline".into();
    }
    let shown = |money: &Amount, share: Option<&Amount>| match share {
        Some(share) => format!("{} %", signed(share, 1)),
        None => signed(money, 0),
    };
    let total = shown(&change, percent(&change, &figure.baseline).as_ref());
    let told = parts.iter().take(MOST);
    let mut sum: Vec<String> = told
        .map(|part| format!("{} ({})", shown(&part.money, part.percent.as_ref()), part.name))
        .collect();
    let rest: Amount = parts.iter().skip(MOST).map(|part| &part.money).sum();
    if parts.len() > MOST {
        let share = percent(&rest, &figure.baseline);
        sum.push(format!("{} ({} more)", shown(&rest, share.as_ref()), parts.len() - MOST));
    }
    format!("{total} = {}", sum.join(" "))
}

/// The number with its sign, also where it is above zero.
pub fn signed(amount: &Amount, places: u32) -> String {
    let text = crate::units::grouped(amount, places);
    if amount.is_positive() { format!("+{text}") } else { text }
}

fn remarks(answer: &Seen<'_>, figure: &Figure) -> Vec<String> {
    let plan = answer.plan;
    let mut remarks = Vec::new();
    if let Some(found) = answer.allocation.filter(|_| !figure.cells.is_empty()) {
        let stop = explain::stop(plan, found, &figure.cells);
        remarks.push(display_safe(&sentences::stop(plan, &stop)));
    }
    for hold in plan.holds() {
        let overlaps = plan.select(&hold.on).iter().any(|cell| figure.cells.contains(cell));
        if overlaps && plan.select(&hold.on) == figure.cells {
            let by = hold.by.as_deref().unwrap_or("a planner");
            let why = hold.reason.as_deref().map_or(String::new(), |why| format!(": {why}"));
            let until = hold.until.as_deref().map_or(String::new(), |day| format!(", until {day}"));
            let lapsed = if hold.lapsed { " (lapsed)" } else { "" };
            remarks.push(display_safe(&format!("held by {by}{why}{until}{lapsed}")));
        }
    }
    if let [only] = figure.cells.as_slice() {
        let cell = plan.cell(*only);
        remarks.push(format!("the baseline is {}", cell.provenance.word()));
        for text in [&cell.source, &cell.note].into_iter().flatten() {
            remarks.push(display_safe(text));
        }
    } else if !figure.cells.is_empty() {
        remarks.extend(assumed(answer, figure));
        let stuck = |found| immovable(answer, found, &figure.cells);
        remarks.extend(answer.allocation.and_then(stuck));
    }
    remarks
}

/// How much of a total rests on assumed figures.
fn assumed(answer: &Seen<'_>, figure: &Figure) -> Option<String> {
    let weak = figure
        .cells
        .iter()
        .filter(|cell| answer.plan.cell(**cell).provenance >= Provenance::Assumed);
    let weak: Amount = weak.map(|cell| &answer.amounts[cell.index()]).sum();
    let share = percent(&weak, &figure.amount)?;
    Some(format!("assumed figures: {} % of this total", crate::units::grouped(&share, 0)))
}

/// How much of a total cannot move: it is held, fixed or at a bound of its own.
fn immovable(answer: &Seen<'_>, found: &Allocation, cells: &[CellId]) -> Option<String> {
    let stuck = cells.iter().filter(|cell| {
        let own = !found.own[cell.index()].is_zero();
        own || answer.plan.cell(**cell).weight().is_zero()
    });
    let stuck: Amount = stuck.map(|cell| &answer.amounts[cell.index()]).sum();
    let share = percent(&stuck, &answer.sum(cells)).filter(Amount::is_positive)?;
    let share = crate::units::grouped(&share, 0);
    Some(format!("{share} % of this total is fixed or at its own floor or ceiling"))
}
