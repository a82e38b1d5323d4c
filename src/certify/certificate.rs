use super::statement::Name;
use crate::plan::Sense;
use crate::units::Amount;

/// A proof that can be judged against a plan alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Certificate {
    /// There is one best answer, and it is this one.
    Optimal(Box<Optimal>),
    /// There is none.
    Infeasible(Box<Clash>),
    /// There is none, however the lines of all or nothing are decided: cases that cover every way to
    /// decide them.
    Undecidable(Vec<Case>),
}

/// The proof of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Optimal {
    /// Where the revenue decisions stand, in the order of the balance periods and of the file.
    pub decisions: Vec<Amount>,
    /// Whether the stages are proven over all that the decisions may be; otherwise with revenue as
    /// it is published.
    pub open: bool,
    /// The exact amount of each cell, in declared order.
    pub exact: Vec<Amount>,
    /// What each linear stage reaches, in order; a largest-of stage has one proof for each round.
    pub stages: Vec<StageProof>,
    /// What holds the answer against a pull back to the baseline.
    pub calibration: Multipliers,
    /// The pressures that are published, where several lists of multipliers hold it: they move each
    /// line to where it stands, but slopes may lie beyond their curves.
    pub pressures: Multipliers,
    /// Cases that cover every way to decide the lines of all or nothing; none where there are no such
    /// lines. The other proofs are of the plan with these lines as they stand.
    pub cases: Vec<Case>,
    /// For revenue decisions that do not stand where they would rather: that they can stand no quantum nearer,
    /// with those before them where they stand, and those after them anywhere. Only without linear stages:
    /// stages prove where decisions stand themselves.
    pub moved: Vec<(String, Clash)>,
}

/// A partial decision, and what shows that nothing better lies in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The lines that are decided, and whether each is taken. All others may be anything between
    /// nothing and whole.
    pub decided: Vec<(String, bool)>,
    /// What shows it.
    pub shown: Shown,
}

/// What shows that nothing better lies in a partial decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// It is the answer itself.
    Answer,
    /// Its conditions clash.
    Clash(Clash),
    /// Its stages reach less: up to the first at which they do, or all of them where they reach the
    /// same and the answer takes an earlier line.
    Behind {
        /// Amounts that reach it, one a column.
        amounts: Vec<Amount>,
        /// That the stages cannot reach further.
        stages: Vec<StageProof>,
    },
}

impl Optimal {
    /// The exact amount of each column: the cells, and the decisions where they are unknowns.
    pub fn columns(&self) -> Vec<Amount> {
        let decisions: &[Amount] = if self.open { &self.decisions } else { &[] };
        self.exact.iter().chain(decisions).cloned().collect()
    }
}

/// The proof that a stage, or one round of it, cannot reach further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageProof {
    /// The stage.
    pub stage: String,
    /// The round of a largest-of stage, from 1; 0 for a sum.
    pub round: usize,
    /// The least value that there is, as a minimisation.
    pub value: Amount,
    /// For a sum: what the slope of a term that stands at a bend adds to its flattest slope there.
    /// For a largest-of stage: how much each form that is largest counts, together one; and what is added
    /// to the flattest slopes of terms inside them, as for a sum.
    pub own: Vec<(String, Amount)>,
    /// What holds the value up.
    pub multipliers: Multipliers,
    /// Amounts that reach the value, one a column, where later stages may give some of it up.
    pub witness: Option<Vec<Amount>>,
}

/// How hard each condition pushes. All are above zero, but for equalities.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Multipliers {
    /// Straight conditions, each with the side that pushes.
    pub rows: Vec<(Name, Sense, Amount)>,
    /// Conditions that bend.
    pub sums: Vec<(Name, Lean)>,
    /// What earlier stages keep.
    pub stages: Vec<(String, Lean)>,
    /// What earlier rounds of largest-of stages keep: the stage, the form and the multiplier.
    pub forms: Vec<(String, String, Amount)>,
    /// For a term inside such a form that stands at a bend: what is added to the multiplier times its
    /// flattest slope there.
    pub bends: Vec<(String, String, Amount)>,
}

/// How a sum of curves pushes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lean {
    /// How hard.
    pub multiplier: Amount,
    /// For a term that stands at a bend: what is added to the multiplier times its flattest slope
    /// there. In a [`Clash`], where nothing stands: the slope of every term, times the multiplier.
    pub slopes: Vec<(String, Amount)>,
}

/// The proof that no amounts satisfy all conditions (Farkas 1902).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// The conditions that cannot hold together.
    pub rows: Vec<(Name, Sense, Amount)>,
    /// Those that bend.
    pub sums: Vec<(Name, Lean)>,
    /// By how much they miss one another, weighted by the multipliers.
    pub excess: Amount,
}
