//! How hard whole figures are looked for.

use std::cell::Cell;

/// How hard whole quanta are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::solve) enum Effort {
    /// Until there are none within three quanta, or they are found.
    Whole,
    /// On large plans no further than moves of single columns and small mixed-integer programmes lead, and
    /// no solver looks for the best.
    Brief,
}

/// What is left of an effort for one answer.
pub(in crate::solve) struct Left {
    pub(super) effort: Effort,
    /// How many more mixed-integer programmes a brief one solves.
    programmes: Cell<usize>,
}

/// How many mixed-integer programmes a brief search solves: where there are whole figures, one of these
/// finds them more often than not.
const BRIEF_PROGRAMMES: usize = 32;

impl Effort {
    /// All of it.
    pub(in crate::solve) fn left(self) -> Left {
        Left { effort: self, programmes: Cell::new(BRIEF_PROGRAMMES) }
    }
}

impl Left {
    /// Whether another programme may be solved, which is then counted.
    pub(super) fn one_more(&self) -> bool {
        let left = self.programmes.get();
        self.programmes.set(left.saturating_sub(1));
        self.effort == Effort::Whole || left > 0
    }
}
