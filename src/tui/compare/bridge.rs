//! The bridge between two scenarios as a waterfall: what each change adds, one below the other.

use ratatui::layout::Rect;

use crate::tui::advice::{Advice, Question, Waterfall};
use crate::tui::allocation::signed;
use crate::tui::canvas::{Canvas, column};
use crate::tui::message::Command;
use crate::tui::model::Model;
use crate::tui::theme::Role;
use crate::units::{Amount, display_safe, grouped};

/// Asks for the bridge from the other scenario to the draft, where it is shown.
pub(in crate::tui) fn ask(model: &mut Model) -> Vec<Command> {
    let (true, Some((other, _))) = (model.compare.bridged, model.compare.foremost()) else {
        return Vec::new();
    };
    let other = other.clone();
    let pivot = model.allocation.pivot.as_ref().zip(model.answer.as_ref());
    let by = pivot.and_then(|(pivot, answer)| {
        let axis = pivot.columns.filter(|axis| axis.level == crate::plan::Level::Leaves)?;
        Some(answer.plan.dimensions()[axis.dimension].id().to_string())
    });
    let (asked, commands) = crate::tui::advice::ask(model, Question::Bridge { other, by });
    model.compare.asked = Some(asked);
    commands
}

/// How many lines the bridge can be read for: all of it, then each member.
pub(super) fn count(model: &Model) -> usize {
    match found(model) {
        Some(Advice::Bridge(own)) if own.lines.len() > 1 => own.lines.len() + 1,
        _ => 1,
    }
}

/// How many steps it has.
pub(super) fn steps_of(model: &Model) -> usize {
    match found(model) {
        Some(Advice::Bridge(own)) => own.steps.len(),
        _ => 0,
    }
}

fn found(model: &Model) -> Option<&Advice> {
    model.notebook.find(model.compare.asked.as_ref()?)
}

/// Draws the bridge.
pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let width = usize::from(area.width);
    let own = match found(model) {
        None => {
            canvas.text(area.x, area.y, width, "walking from one to the other…", Role::Faint);
            return;
        }
        Some(Advice::Told(lines)) => {
            canvas.wrapped((area.x, area.y), area.bottom(), width, &lines.join(" "), Role::Loss);
            return;
        }
        Some(Advice::Bridge(own)) => own,
        Some(_) => return,
    };
    waterfall(model, own, canvas, area);
}

/// One step: its words, where it begins and where it ends.
struct Fall {
    words: String,
    from: Amount,
    to: Amount,
}

fn falls(model: &Model, own: &Waterfall) -> (String, Vec<Fall>) {
    let line = model.compare.line.checked_sub(1).filter(|line| *line < own.lines.len());
    let of = |all: &[Amount]| line.map_or_else(|| all.iter().sum(), |line| all[line].clone());
    let mut at: Amount = of(&own.start);
    let mut falls = Vec::new();
    for (words, adds) in &own.steps {
        let to = &at + &of(adds);
        falls.push(Fall { words: words.clone(), from: at, to: to.clone() });
        at = to;
    }
    (line.map_or_else(|| "Total".to_string(), |line| own.lines[line].clone()), falls)
}

fn waterfall(model: &Model, own: &Waterfall, canvas: &mut Canvas<'_>, area: Rect) {
    let width = usize::from(area.width);
    let (name, falls) = falls(model, own);
    let unit = model.answer.as_ref().map_or(String::new(), |answer| answer.plan.unit());
    let room = usize::from(area.height).saturating_sub(3);
    let turns = if falls.len() > room { " · PgUp PgDn more steps" } else { "" };
    let head = format!(
        "{name}, {unit} · ← → another line{turns} · what each change adds to those above it"
    );
    canvas.text(area.x, area.y, width, &head, Role::Faint);
    // Narrow, the words have the room of the bars.
    let bars = if width < 70 { 0 } else { (width / 4).clamp(8, 40) };
    let first = width.saturating_sub(bars + if bars == 0 { 25 } else { 28 }).clamp(10, 60);
    let ends = || falls.iter().flat_map(|fall| [&fall.from, &fall.to]);
    let (Some(least), Some(most)) = (ends().min(), ends().max()) else {
        canvas.text(area.x, area.y + 1, width, "nothing differs in the files", Role::Faint);
        return;
    };
    let x = |at: usize| area.x + column(at);
    let top = model.compare.top.min(falls.len().saturating_sub(room));
    let begin = falls.first().map(|fall| fall.from.clone()).unwrap_or_default();
    canvas.text(area.x, area.y + 1, first, "begins at", Role::Strong);
    canvas.figure(x(first + 13), area.y + 1, 12, &grouped(&begin, 0), Role::Strong);
    for (line, fall) in falls.iter().skip(top).take(room).enumerate() {
        let y = area.y + 2 + column(line);
        let adds = &fall.to - &fall.from;
        let role = match adds.signum() {
            1 => Role::Gain,
            -1 => Role::Loss,
            _ => Role::Faint,
        };
        canvas.text(area.x, y, first, &fall.words, Role::Plain);
        canvas.figure(x(first), y, 12, &signed(&adds, 0), role);
        canvas.figure(x(first + 13), y, 12, &grouped(&fall.to, 0), Role::Plain);
        let place = |value: &Amount| steps(&(value - least), &(most - least), bars);
        let (from, to) = (place(&fall.from), place(&fall.to));
        let (left, right) = (from.min(to), from.max(to));
        if bars == 0 {
            continue;
        }
        if adds.is_zero() {
            canvas.text(x(first + 27 + left), y, 1, "│", Role::Faint);
        } else {
            let length = (right - left).max(1);
            let left = left.min(bars.saturating_sub(length));
            canvas.text(x(first + 27 + left), y, length, &"█".repeat(length), role);
        }
    }
    let y = area.y + 2 + column(falls.len().min(room));
    let end = falls.last().map(|fall| fall.to.clone()).unwrap_or_default();
    canvas.text(area.x, y, first, "ends at", Role::Strong);
    canvas.figure(x(first + 13), y, 12, &grouped(&end, 0), Role::Strong);
}

/// How many of `bars` columns `part` of `whole` is.
pub(super) fn steps(part: &Amount, whole: &Amount, bars: usize) -> usize {
    if !whole.is_positive() {
        return 0;
    }
    let all = i64::try_from(bars).unwrap_or(0);
    let wanted = &(part / whole) * &Amount::whole(all);
    (1..=bars).take_while(|n| Amount::whole(i64::try_from(*n).unwrap_or(all)) <= wanted).count()
}

/// A change as the bridge names it, made safe to be shown.
pub(in crate::tui) fn words(changes: &[crate::explain::Label]) -> String {
    let told: Vec<String> = changes.iter().map(|label| display_safe(&label.change)).collect();
    told.join("; and ")
}
