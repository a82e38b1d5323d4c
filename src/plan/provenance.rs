use std::fmt;

/// How a figure came to be known, from the strongest to the weakest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Provenance {
    /// Read in its source.
    Confirmed,
    /// Computed from confirmed figures.
    Derived,
    /// Chosen to fill a gap.
    Assumed,
    /// Remembered, not read: may be wrong.
    Recalled,
}

impl Provenance {
    /// All four, strongest first.
    pub const ALL: [Self; 4] = [Self::Confirmed, Self::Derived, Self::Assumed, Self::Recalled];

    /// The word that files use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Derived => "derived",
            Self::Assumed => "assumed",
            Self::Recalled => "recalled",
        }
    }

    /// Reads the word that files use; sources also say `inferred` for what is derived.
    pub fn from_word(word: &str) -> Option<Self> {
        if word == "inferred" {
            return Some(Self::Derived);
        }
        Self::ALL.into_iter().find(|provenance| provenance.word() == word)
    }

    /// The weaker of two: that of a figure made from both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.max(other)
    }
}

impl fmt::Display for Provenance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
