//! The texts that a thread has read last, as trees and tables. A scenario is read anew with every edit and every
//! row of a batch, and what it extends has not changed: only time tells whether it was at hand.

use std::cell::RefCell;
use std::sync::Arc;

use super::cells::CellTable;
use super::problem::Problem;
use super::sheet::Sheet;
use super::source::FileId;
use super::tree::{Table, parse};
use crate::plan::Dimension;

/// How many trees and how many tables are kept, and how long their texts may be: one, and together.
const MOST: usize = 32;
const LONGEST: usize = 2_000_000;
const TOGETHER: usize = 8_000_000;

/// Texts at places among the sources, and what they were read as.
struct Kept<T>(RefCell<Vec<(FileId, Arc<str>, T)>>);

thread_local! {
    static TREES: Kept<Table> = const { Kept(RefCell::new(Vec::new())) };
    static SHEETS: Kept<Sheet> = const { Kept(RefCell::new(Vec::new())) };
    static CELLS: RefCell<Vec<Cells>> = const { RefCell::new(Vec::new()) };
}

/// A table, the dimensions that it was read over, and the cells that were read.
type Cells = (Sheet, Vec<Dimension>, Arc<CellTable>);

/// How many tables of cells are kept.
const MOST_CELLS: usize = 4;

/// The tree of a text. One with problems is read again, so that they are told again.
pub(super) fn tree(file: FileId, text: &Arc<str>, problems: &mut Vec<Problem>) -> Table {
    TREES.with(|kept| kept.read(file, text, problems, |problems| parse(file, text, problems)))
}

/// The table of a text, as `read` reads it; the same goes for its problems.
pub(super) fn sheet(
    (file, text): (FileId, &Arc<str>),
    problems: &mut Vec<Problem>,
    read: impl FnOnce(&mut Vec<Problem>) -> Sheet,
) -> Sheet {
    SHEETS.with(|kept| kept.read(file, text, problems, read))
}

/// The cells of a table that [`sheet`] keeps, as `read` reads them over some dimensions; the same goes for their
/// problems.
pub(super) fn cells(
    (sheet, dimensions): (&Sheet, &[Dimension]),
    problems: &mut Vec<Problem>,
    read: impl FnOnce(&mut Vec<Problem>) -> Option<CellTable>,
) -> Option<Arc<CellTable>> {
    let same = |(own, over, _): &Cells| own.is(sheet) && *over == *dimensions;
    let known = |kept: &Vec<Cells>| kept.iter().find(|own| same(own)).map(|own| own.2.clone());
    if let Some(found) = CELLS.with_borrow(known) {
        return Some(found);
    }
    let before = problems.len();
    let found = Arc::new(read(problems)?);
    if problems.len() == before && found.cells.len() < LONGEST / 100 {
        CELLS.with_borrow_mut(|kept| {
            if kept.len() == MOST_CELLS {
                kept.remove(0);
            }
            kept.push((sheet.clone(), dimensions.to_vec(), found.clone()));
        });
    }
    Some(found)
}

impl<T: Clone> Kept<T> {
    fn read(
        &self,
        file: FileId,
        text: &Arc<str>,
        problems: &mut Vec<Problem>,
        read: impl FnOnce(&mut Vec<Problem>) -> T,
    ) -> T {
        if text.len() > LONGEST {
            return read(problems);
        }
        if let Some(found) = self.again(file, text) {
            return found;
        }
        let before = problems.len();
        let found = read(problems);
        if problems.len() == before {
            let mut known = self.0.borrow_mut();
            known.push((file, text.clone(), found.clone()));
            let long = |known: &[(FileId, Arc<str>, T)]| {
                known.iter().map(|(_, text, _)| text.len()).sum::<usize>() > TOGETHER
            };
            while known.len() > MOST || long(&known) {
                known.remove(0);
            }
        }
        found
    }

    /// What was read of a text, which goes to the end: what was read longest ago makes room.
    fn again(&self, file: FileId, text: &Arc<str>) -> Option<T> {
        let mut known = self.0.borrow_mut();
        let same = |(own, other, _): &(FileId, Arc<str>, T)| *own == file && other == text;
        let place = known.iter().rposition(same)?;
        let own = known.remove(place);
        let found = own.2.clone();
        known.push(own);
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::source::Sources;

    fn text(end: &str) -> Arc<str> {
        format!("a = 1 # a line\n{}{end}", "# words\n".repeat(300)).into()
    }

    #[test]
    fn a_tree_is_that_of_its_text_and_place_and_problems_are_told_each_time() {
        let mut sources = Sources::default();
        let places = ["one", "two"].map(|name| sources.add(name.into(), String::new()));
        for round in 0..2 {
            for file in places {
                for end in ["b = 2\n", "b = 3\n"] {
                    let mut problems = Vec::new();
                    let found = tree(file, &text(end), &mut problems);
                    let afresh = parse(file, &text(end), &mut problems);
                    assert_eq!(format!("{found:?}"), format!("{afresh:?}"), "round {round}");
                    assert!(problems.is_empty());
                }
            }
            let mut problems = Vec::new();
            tree(places[0], &text("b = = 2\n"), &mut problems);
            assert!(!problems.is_empty(), "round {round}");
        }
    }

    #[test]
    fn a_table_is_that_of_its_text_and_place_and_problems_are_told_each_time() {
        let row = |amount: u32| format!("staff,{amount}\n");
        let text = |end: &str| format!("line,amount\n{}{end}", row(7).repeat(300));
        for _ in 0..2 {
            let mut sources = Sources::default();
            for (end, rows) in [("travel,8\n", 301), ("", 300)] {
                let file = sources.add("one.csv".into(), text(end));
                let mut problems = Vec::new();
                let found = Sheet::parse(file, &sources, &mut problems);
                assert_eq!((found.len(), problems.len()), (rows, 0));
            }
            let file = sources.add("two.csv".into(), text("travel\n"));
            let mut problems = Vec::new();
            Sheet::parse(file, &sources, &mut problems);
            assert_eq!(problems.len(), 1);
        }
    }
}
