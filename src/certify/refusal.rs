/// Why a certificate is not accepted: what did not agree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A condition that the plan does not have, or not on that side.
    #[error("the plan has no {0}")]
    Unknown(String),
    /// Something that is stated twice.
    #[error("{0} is stated twice")]
    Twice(String),
    /// The wrong number of things.
    #[error("the certificate states {stated} {what}; the plan has {known}")]
    Count {
        /// What is counted.
        what: &'static str,
        /// How many are stated.
        stated: usize,
        /// How many there are.
        known: usize,
    },
    /// A multiplier with the wrong sign.
    #[error("the multiplier of {0} has the wrong sign")]
    Sign(String),
    /// A condition that pushes without being met.
    #[error("{0} pushes, but the answer does not stand at it")]
    Slack(String),
    /// A slope that the curve does not have there.
    #[error("{0} has a slope that its curve does not have there")]
    Slope(String),
    /// A sum inside another that pushes, and is not the miss of a turnover.
    #[error("{0} is a curve inside a curve that certificates do not tell of")]
    Nested(String),
    /// Amounts that break a condition.
    #[error("{what} is broken: {level} against {bound}")]
    Broken {
        /// The condition.
        what: String,
        /// Where the amounts stand.
        level: String,
        /// Its bound.
        bound: String,
    },
    /// Multipliers that do not cancel on a cell.
    #[error("{at}: the multipliers do not hold {of} where it stands")]
    Unheld {
        /// The stage, or the calibration.
        at: String,
        /// The cell or decision.
        of: String,
    },
    /// A value that is not what the amounts give.
    #[error("{what} is stated as {stated}, but is {found}")]
    Value {
        /// What is stated.
        what: String,
        /// As what.
        stated: String,
        /// What it is.
        found: String,
    },
    /// A stage out of order, missing or too many.
    #[error("the next proof should be of {wanted}, and is of {found}")]
    Order {
        /// The stage and round that comes next.
        wanted: String,
        /// What is there.
        found: String,
    },
    /// A proof without the amounts that reach its value.
    #[error("stage `{0}` may be given up in part, and no amounts show that its value is reached")]
    Witness(String),
    /// A published figure outside its box.
    #[error("{0} is published too far from its exact amount")]
    Far(String),
    /// A proof of a clash that shows none.
    #[error("the conditions named do not clash: taken together they leave room")]
    NoClash,
    /// A line of all or nothing that is neither.
    #[error("`{0}` is all or nothing: it stands at {1}, and not at 0 or {2}")]
    Lump(String, String, String),
    /// Cases that do not cover every way to decide the lines of all or nothing.
    #[error("the cases do not cover every way to decide the lines of all or nothing")]
    Uncovered,
    /// A search for the best way to decide lines of all or nothing that was ended early.
    #[error(
        "the search for the best way to decide the lines of all or nothing was ended; no way can bring stage `{0}` below {1}"
    )]
    Ended(String, String),
    /// A case that may hold something better.
    #[error("something better may lie in the case: {0}")]
    Better(String),
    /// The file is not what it says.
    #[error("{0}")]
    File(String),
}
