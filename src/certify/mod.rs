//! Judges proofs of answers against the plan alone, in exact arithmetic.
//!
//! Nothing here solves anything, and nothing here knows how an answer was found: the conditions and
//! aims are read from the plan once more, and a certificate is a list of multipliers by name that
//! is substituted into them.

mod about;
mod aims;
mod cases;
mod certificate;
mod clash;
mod curve;
mod figure;
mod force;
mod index;
mod largest;
mod moved;
mod optimal;
mod point;
mod published;
mod refusal;
mod rules;
mod scene;
mod stated;
mod statement;

pub use about::{ranges, statement};
pub use certificate::{Case, Certificate, Clash, Lean, Multipliers, Optimal, Shown, StageProof};
pub use clash::{clash_statement, clashes, excess};
pub use curve::Curve;
pub use figure::{Near, flattest};
pub use moved::{is_settled, nearer};
pub use optimal::optimal;
pub use published::{Published, figures, published, published_revenue};
pub use refusal::Refusal;
pub use stated::result;
pub use statement::{
    Aim, Column, Decision, Form, Goal, Name, Part, Row, Stand, Statement, Sum, Term, cell_text,
    decision_text, decisions, inner_name, preferred, total, value,
};

use crate::plan::Plan;

/// Judges a certificate against its plan.
///
/// # Errors
///
/// The first thing that does not agree.
pub fn judge(plan: &Plan, certificate: &Certificate) -> Result<(), Refusal> {
    match certificate {
        Certificate::Optimal(proof) => optimal(plan, &statement(plan, proof)?, proof),
        Certificate::Infeasible(proof) => clashes(plan, &clash_statement(plan), proof),
        Certificate::Undecidable(cases) => cases::none(plan, &clash_statement(plan), cases),
    }
}

pub(crate) use cases::within;
pub(crate) use force::{Force, Pushes};
pub(crate) use optimal::{Accepted, calibration, rest, stages};
