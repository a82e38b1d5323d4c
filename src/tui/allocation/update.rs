//! What actions do on the allocation screen.

use super::{Against, Allocation};
use crate::plan::Plan;
use crate::scenario::{Amendment, Hold, Level};
use crate::tui::action::Action;
use crate::tui::advice::{self, Question};
use crate::tui::answer::{Answer, Seen};
use crate::tui::editing;
use crate::tui::message::Command;
use crate::tui::model::Model;
use crate::tui::overlay::{self, Field, Overlay, Prompt, Purpose};
use crate::tui::pivot::title;
use crate::tui::typed::rounded;
use crate::units::{Amount, CellId, MemberId};

/// Does an action of this screen.
pub fn update(model: &mut Model, action: Action) -> Vec<Command> {
    match action {
        Action::Type => return type_figure(model, "="),
        Action::NudgeUp => return type_figure(model, "+"),
        Action::NudgeDown => return type_figure(model, "-"),
        Action::HoldHere => return hold(model, |level, hold| hold.at = Some(level)),
        Action::HoldFloor => return hold(model, |level, hold| hold.at_least = Some(level)),
        Action::HoldCeiling => return hold(model, |level, hold| hold.at_most = Some(level)),
        Action::Release => return release(model),
        Action::Why => return why(model),
        Action::Move => return mark_or_move(model),
        Action::Note => note(model),
        Action::Pivot => model.overlay = Some(Overlay::Pivot { at: 0 }),
        _ => walk(model, action),
    }
    Vec::new()
}

/// Moves the cursor, or changes what the grid shows.
fn walk(model: &mut Model, action: Action) {
    let page = usize::from(model.size.1).saturating_sub(9).max(1);
    let Some(answer) = model.answer.clone() else { return };
    let screen = &mut model.allocation;
    let last = screen.grid.lines.len().saturating_sub(1);
    match action {
        Action::Up => screen.row = screen.row.saturating_sub(1),
        Action::Down => screen.row = (screen.row + 1).min(last),
        Action::PageUp => screen.row = screen.row.saturating_sub(page),
        Action::PageDown => screen.row = (screen.row + page).min(last),
        Action::First => screen.row = 0,
        Action::Last => screen.row = last,
        Action::Left => screen.column = screen.column.saturating_sub(1),
        Action::Right => {
            screen.column = (screen.column + 1).min(screen.grid.columns.len().saturating_sub(1));
        }
        _ => {
            choose(screen, action, &answer, model.size.0 >= super::view::WIDE);
            // Without another scenario to count from, it is passed over.
            if screen.against == Against::Other && model.compare.with.is_empty() {
                screen.against = screen.against.next();
            }
            super::refresh(model);
            let screen = &model.allocation;
            if matches!(action, Action::Show | Action::Against | Action::Sort | Action::Filter) {
                let words = format!(
                    "{} · Δ against {} · {} · {}",
                    screen.shown.word(),
                    screen.against.word(),
                    screen.order.word(),
                    screen.kept.word()
                );
                model.say(words);
            }
            return;
        }
    }
    super::explain(model);
}

fn choose(screen: &mut Allocation, action: Action, answer: &Answer, wide: bool) {
    match action {
        Action::Show => screen.shown = screen.shown.next(),
        Action::Against => screen.against = screen.against.next(),
        Action::Sort => {
            screen.order = screen.order.next();
            screen.by = screen.column;
        }
        Action::Filter => screen.kept = screen.kept.next(),
        Action::Panel if wide => screen.alone = !screen.alone,
        Action::Panel => screen.panel = !screen.panel,
        Action::Fold => fold(screen),
        Action::Swap => super::pivoting::swap(screen),
        Action::FilterNext => super::pivoting::next_filter(screen, answer, true),
        Action::FilterBack => super::pivoting::next_filter(screen, answer, false),
        _ => {}
    }
}

fn fold(screen: &mut Allocation) {
    let (Some(pivot), Some(line)) = (&mut screen.pivot, screen.grid.lines.get(screen.row)) else {
        return;
    };
    if line.open {
        pivot.open.remove(&line.path);
    } else if line.folds {
        pivot.open.insert(line.path.clone());
    } else if let Some((_, above)) = line.path.split_last().filter(|(_, above)| !above.is_empty()) {
        pivot.open.remove(above);
        let found = screen.grid.lines.iter().position(|own| own.path == above);
        screen.row = found.unwrap_or(screen.row);
    }
}

/// Begins to type a figure for the chosen cell or total.
pub fn type_figure(model: &mut Model, first: &str) -> Vec<Command> {
    let Some(answer) = model.answer.clone() else { return Vec::new() };
    let screen = &model.allocation;
    let Some(figure) = screen.chosen().filter(|figure| !figure.cells.is_empty()) else {
        model.warn("the plan has no such line: there is nothing to hold");
        return Vec::new();
    };
    let picks = screen.picks(&answer.plan);
    let quantum = answer.plan.quantum().units();
    let step = rounded(&(&figure.amount.abs() * &Amount::ratio(1, 100)), quantum);
    let least = Amount::whole(i64::from(quantum));
    let purpose = Purpose::Figure {
        now: rounded(&figure.amount, quantum),
        quantum,
        unit: answer.plan.unit(),
        step: step.max(least),
        lump: lump(&answer.plan, &figure.cells),
        picks: picks.clone(),
    };
    let fields = vec![
        Field::new("figure", first),
        Field::new("why", ""),
        Field::new("paid by", ""),
        Field::new("set by", ""),
        Field::new("until", ""),
    ];
    let title = format!("Hold {} at", title(&answer.plan, &picks));
    model.overlay = Some(Overlay::Prompt(Prompt::new(title, purpose, fields)));
    let (asked, mut commands) = advice::ask(model, Question::Range(picks));
    model.ranged = Some(asked);
    commands.extend(crate::tui::overlay::paste(model, ""));
    commands
}

/// The lump of a figure that is one line of all or nothing.
pub(in crate::tui) fn lump(plan: &Plan, cells: &[CellId]) -> Option<Amount> {
    let [cell] = cells else { return None };
    plan.cell(*cell).lump.as_ref().map(|lump| lump.amount.clone())
}

/// Explains the chosen figure at length.
fn why(model: &mut Model) -> Vec<Command> {
    let Some(answer) = model.answer.clone() else { return Vec::new() };
    if model.allocation.cells().is_empty() {
        model.warn("the plan has no such line: there is nothing to explain");
        return Vec::new();
    }
    let picks = model.allocation.picks(&answer.plan);
    overlay::study(model, title(&answer.plan, &picks), Question::Figure(picks))
}

/// Holds the chosen figure where it stands.
fn hold(model: &mut Model, set: impl Fn(Level, &mut Hold)) -> Vec<Command> {
    let Some(answer) = model.answer.clone() else { return Vec::new() };
    if model.calibrated.is_some() {
        model.warn(super::WAIT);
        return Vec::new();
    }
    let screen = &model.allocation;
    let Some(figure) = screen.chosen().filter(|figure| !figure.cells.is_empty()) else {
        model.warn("the plan has no such line: there is nothing to hold");
        return Vec::new();
    };
    let mut hold = Hold { on: screen.picks(&answer.plan), ..Hold::default() };
    set(Level::Number(figure.amount.clone()), &mut hold);
    editing::edit(model, &Amendment::Hold(hold))
}

/// Releases the hold on the chosen figure.
fn release(model: &mut Model) -> Vec<Command> {
    let Some(answer) = model.answer.clone() else { return Vec::new() };
    let cells = model.allocation.cells().to_vec();
    let plan = &answer.plan;
    let found = plan.holds().iter().find(|hold| plan.select(&hold.on) == cells);
    let Some(hold) = found else {
        model.say("there is no hold on this very figure; H lists all holds");
        return Vec::new();
    };
    let on = crate::tui::pivot::single_picks(plan, &hold.on);
    editing::edit(model, &Amendment::Release { on, id: hold.id.to_string() })
}

/// Begins to note something about the chosen figure, or goes on with what is noted.
fn note(model: &mut Model) {
    let Some(answer) = model.answer.clone() else { return };
    let cells = model.allocation.cells().to_vec();
    if cells.is_empty() {
        model.warn("the plan has no such line: there is nothing to note");
        return;
    }
    let picks = model.allocation.picks(&answer.plan);
    let known = Seen::from(&*answer).remark(&cells);
    let text = known.map_or("", |remark| remark.text.as_str());
    let by = known.and_then(|remark| remark.by.as_deref()).unwrap_or_default();
    let fields = vec![Field::new("note", text), Field::new("by", by)];
    let title = format!("Note on {} (empty takes it away)", title(&answer.plan, &picks));
    let there = known.is_some();
    let purpose = Purpose::Remark { picks, there };
    model.overlay = Some(Overlay::Prompt(Prompt::new(title, purpose, fields)));
}

/// Marks who gives, and then asks how much the chosen figure receives.
fn mark_or_move(model: &mut Model) -> Vec<Command> {
    let Some(answer) = model.answer.clone() else { return Vec::new() };
    let picks = model.allocation.picks(&answer.plan);
    if model.allocation.cells().is_empty() {
        model.warn("the plan has no such line: no money moves there");
        return Vec::new();
    }
    let Some(from) = model.allocation.giver.take() else {
        model.say(format!(
            "{} gives: go to who receives and press m again (Esc forgets it)",
            title(&answer.plan, &picks)
        ));
        model.allocation.giver = Some(picks);
        return Vec::new();
    };
    if from == picks {
        model.say("the mark is taken away");
        return Vec::new();
    }
    let title =
        format!("Move from {} to {}", title(&answer.plan, &from), title(&answer.plan, &picks));
    let fields = vec![Field::new("amount", ""), Field::new("why", ""), Field::new("set by", "")];
    let purpose = Purpose::Transfer { from, to: picks, unit: answer.plan.unit() };
    model.overlay = Some(Overlay::Prompt(Prompt::new(title, purpose, fields)));
    Vec::new()
}

/// Whether the chosen figure is at a place of the screen.
pub fn is_chosen(model: &Model, x: u16, y: u16) -> bool {
    let own = (model.allocation.row, Some(model.allocation.column));
    model.answer.is_some() && super::view::figure_at(model, x, y) == Some(own)
}

/// Chooses the figure that was clicked on.
pub fn clicked(model: &mut Model, x: u16, y: u16) -> Vec<Command> {
    if model.answer.is_none() {
        return Vec::new();
    }
    let Some((row, column)) = super::view::figure_at(model, x, y) else { return Vec::new() };
    let screen = &mut model.allocation;
    if screen.row == row && column.is_none() {
        fold(screen);
        super::refresh(model);
        return Vec::new();
    }
    screen.row = row;
    screen.column = column.unwrap_or(screen.column);
    super::explain(model);
    Vec::new()
}

/// The member after or before `now` in `members`; nothing stands before the first.
pub(super) fn neighbour(
    members: &[MemberId],
    now: Option<MemberId>,
    forward: bool,
) -> Option<MemberId> {
    let place = now.and_then(|now| members.iter().position(|own| *own == now));
    let count = members.len();
    let next = match (place, forward) {
        (None, true) => 0,
        (None, false) => count.checked_sub(1)?,
        (Some(at), true) => at + 1,
        (Some(at), false) => at.checked_sub(1)?,
    };
    members.get(next).copied()
}
