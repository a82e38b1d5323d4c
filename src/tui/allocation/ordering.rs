//! The order of lines below one another.

use super::grid::{Choice, Sums};
use super::{Order, Shown};
use crate::tui::answer::Seen;
use crate::tui::pivot::{Line, percent};
use crate::units::{Amount, CellId};

/// The cells of a line in the column that lines are ordered by.
type Column<'a> = &'a dyn Fn(&Line) -> Vec<CellId>;

/// The lines with those below one line in order, each with what is below it.
pub(super) fn ordered(
    lines: Vec<Line>,
    answer: &Seen<'_>,
    choice: &Choice<'_>,
    column: Column<'_>,
) -> Vec<Line> {
    let Some(depth) = lines.iter().map(|line| line.depth).min() else { return lines };
    let mut blocks: Vec<(Option<Amount>, Line, Vec<Line>)> = Vec::new();
    for line in lines {
        match blocks.last_mut() {
            Some((_, _, below)) if line.depth > depth => below.push(line),
            _ => blocks.push((key(&line, answer, choice, column), line, Vec::new())),
        }
    }
    // Lines without a figure come last.
    blocks.sort_by(|a, b| (a.0.is_none(), &a.0).cmp(&(b.0.is_none(), &b.0)));
    let below = |lines| ordered(lines, answer, choice, column);
    let flat =
        blocks.into_iter().flat_map(|(_, line, lines)| std::iter::once(line).chain(below(lines)));
    flat.collect()
}

/// What a line is ordered by, the least first.
fn key(line: &Line, answer: &Seen<'_>, choice: &Choice<'_>, column: Column<'_>) -> Option<Amount> {
    match choice.order {
        Order::Declared => None,
        Order::Amount => Some(-&answer.sum(&line.cells)),
        Order::Change => {
            let from = choice
                .against
                .map_or_else(|| answer.baseline(&line.cells), |other| other.sum(&line.cells));
            Some(&answer.sum(&line.cells) - &from)
        }
        Order::Column => {
            let cells = column(line);
            let sums = Sums::of(answer, choice, &cells);
            let figure = figure(choice, &sums).filter(|_| !cells.is_empty());
            figure.map(|figure| -&figure)
        }
    }
}

/// The figure that a column shows.
fn figure(choice: &Choice<'_>, sums: &Sums) -> Option<Amount> {
    let against = if choice.from_baseline { Some(&sums.baseline) } else { sums.against.as_ref() };
    let against = against.unwrap_or(&sums.amount);
    let change = &sums.amount - against;
    match choice.by.1 {
        Shown::Amount => Some(sums.amount.clone()),
        Shown::Change => Some(change),
        Shown::Percent => percent(&change, against),
        Shown::Baseline => Some(sums.baseline.clone()),
        Shown::Need => sums.need.clone(),
        Shown::Coverage => percent(&sums.amount, sums.need.as_ref()?),
    }
}
