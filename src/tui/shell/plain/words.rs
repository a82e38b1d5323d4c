//! Lines that the line mode says, and parts of lines that it reads.

use crate::explain;
use crate::report::sentences;
use crate::scenario::Picks;
use crate::tui::answer::Answer;
use crate::tui::pivot::{cells_of, percent, title};
use crate::tui::sweep::Sweep;
use crate::units::{Amount, grouped};

pub(super) const HELP: &str = "\
show [DIMENSION …]          the allocation, by these dimensions
hold SLICE = FIGURE         hold a figure: hold sector=ITU-D = 180k; also +5%, -1200, 90% of baseline
floor SLICE = FIGURE        hold it from below; ceiling SLICE = FIGURE from above
                            more of it behind semicolons: ; why TEXT; paid by SLICE; by NAME; until DATE
release SLICE               release a hold
move AMOUNT from SLICE to SLICE   a transfer; ; why TEXT; by NAME behind it
explain SLICE               why a figure is what it is
why SLICE                   the same at length: what one more costs, what its limits are worth
range SLICE                 which figures it can be held at
repairs, repair NUMBER      what would let limits that clash hold together, and to apply it
limits                      every limit, where it stands and how it presses
worth LIMIT                 what a limit is worth, both ways
limit NAME: SLICE <= FIGURE a ceiling of your own, >= a floor; ; by NAME behind it
off LIMIT, on LIMIT         switch a limit off and on
set TARGET = VALUE          change a value of the plan: set driver.contributory-unit.value = 300000
reset TARGET                put it back
bends TARGET = A to B       where the total bends along a value, and what takes over there
walk TARGET = A to B        the total at points along it
rows PATH                   what each figure comes to in the rows of a batch
revenue, linkage, holds     the other tables; holds lists transfers and notes too
transfers [DIMENSION …]     who gives and who receives, from the baseline to the allocation
scenarios                   the other scenarios of the plan
compare SCENARIO [DIMENSION …]   it beside this one; bridge SCENARIO: what each change adds
note SLICE: TEXT            note something about a slice; without a text the note is taken away
undo, redo                  without limit
moved [DIMENSION …]         who gained and who lost by the last edit
changes                     what differs from the saved file
save [NAME], revert         write the scenario, or go back to what is saved; save! writes over a file
write FILE                  the table that was shown last, as .csv, .md or .txt
edit, reload                open the file in $EDITOR; read all files again
help, quit                  a slice is sector=ITU-D, category=travel, or members alone: ITU-D travel";

/// What stands behind the semicolons of a line.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Details<'a> {
    pub(super) why: Option<&'a str>,
    pub(super) paid_by: Option<&'a str>,
    pub(super) by: Option<&'a str>,
    pub(super) until: Option<&'a str>,
}

impl<'a> Details<'a> {
    /// The line before its first semicolon, and what stands behind.
    pub(super) fn of(line: &'a str) -> Result<(&'a str, Self), String> {
        let mut parts = line.split(';').map(str::trim);
        let first = parts.next().unwrap_or_default();
        let mut own = Self::default();
        for part in parts.filter(|part| !part.is_empty()) {
            let slots = [
                ("why ", &mut own.why),
                ("paid by ", &mut own.paid_by),
                ("by ", &mut own.by),
                ("until ", &mut own.until),
            ];
            let found = slots.into_iter().find_map(|(word, slot)| {
                part.strip_prefix(word).map(|rest| *slot = Some(rest.trim()))
            });
            found.ok_or_else(|| {
                format!("`{part}` is not understood; write why …, paid by …, by … or until …")
            })?;
        }
        Ok((first, own))
    }
}

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
    let stop = explain::stop(&answer.plan, &answer.allocation, &cells);
    text += &format!("  {}\n", sentences::stop(&answer.plan, &stop));
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

#[cfg(test)]
mod tests {
    use super::Details;

    #[test]
    fn details_stand_behind_semicolons() {
        let (line, own) =
            Details::of("GS = 12k; why the Council; paid by ITU-D; by me;").expect("a line");
        assert_eq!(line, "GS = 12k");
        let all = (own.why, own.paid_by, own.by, own.until);
        assert_eq!(all, (Some("the Council"), Some("ITU-D"), Some("me"), None));
        assert!(Details::of("GS = 1; because").is_err());
    }
}
