//! The texts that a thread has read last, as trees. A scenario is read anew with every edit and every row of a
//! batch, and what it extends has not changed: only time tells whether a tree was at hand.

use std::cell::RefCell;
use std::sync::Arc;

use crate::scenario::problem::Problem;
use crate::scenario::source::FileId;
use crate::scenario::tree::{Table, parse};

/// How many trees are kept, and the least and the longest text of one.
const MOST_TREES: usize = 4;
const LENGTHS: std::ops::RangeInclusive<usize> = 2_000..=2_000_000;

/// A text at a place among the sources, and its tree.
type Known = (FileId, Arc<str>, Table);

thread_local! {
    static KNOWN: RefCell<Vec<Known>> = const { RefCell::new(Vec::new()) };
}

/// The tree of a text. One with problems is read again, so that they are told again.
pub(super) fn parsed(file: FileId, text: &Arc<str>, problems: &mut Vec<Problem>) -> Table {
    if !LENGTHS.contains(&text.len()) {
        return parse(file, text, problems);
    }
    let found = KNOWN.with_borrow(|known| {
        let same = |(own, other, _): &&Known| *own == file && other == text;
        known.iter().find(same).map(|(_, _, tree)| tree.clone())
    });
    if let Some(tree) = found {
        return tree;
    }
    let before = problems.len();
    let tree = parse(file, text, problems);
    if problems.len() == before {
        KNOWN.with_borrow_mut(|known| {
            if known.len() == MOST_TREES {
                known.remove(0);
            }
            known.push((file, text.clone(), tree.clone()));
        });
    }
    tree
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
                    let tree = parsed(file, &text(end), &mut problems);
                    let afresh = parse(file, &text(end), &mut problems);
                    assert_eq!(format!("{tree:?}"), format!("{afresh:?}"), "round {round}");
                    assert!(problems.is_empty());
                }
            }
            let mut problems = Vec::new();
            parsed(places[0], &text("b = = 2\n"), &mut problems);
            assert!(!problems.is_empty(), "round {round}");
        }
    }
}
