//! A start saves time and changes nothing.

use virement::plan::Plan;
use virement::report::{self, Identity};
use virement::session;
use virement::solve::{ActiveSet, Outcome, solve};

fn plan(name: &str) -> Plan {
    let request = session::find(name).expect("an embedded plan");
    session::open(&request).unwrap_or_else(|_| panic!("{name} is in order")).0.plan
}

/// The whole result as text, contributions and all.
fn text(plan: &Plan, outcome: &Outcome) -> String {
    let identity = Identity { scenario: "any".into(), hash: "any".into() };
    report::result(plan, outcome, &identity, &[], true).to_string()
}

fn active(outcome: &Outcome) -> ActiveSet {
    match outcome {
        Outcome::Optimal(found) => found.active.clone(),
        _ => panic!("a plan that can be met"),
    }
}

#[test]
fn a_solve_gives_the_same_bytes_from_every_start() {
    let base = plan("itu-2024-2027");
    let cold = solve(&base, &ActiveSet::default());
    let start = active(&cold);
    assert_eq!(text(&base, &solve(&base, &start)), text(&base, &cold));
    for name in ["unit-value-325", "revenue-fall", "few-moves", "infeasible"] {
        let other = plan(&format!("itu-2024-2027/{name}"));
        let cold = text(&other, &solve(&other, &ActiveSet::default()));
        assert_eq!(text(&other, &solve(&other, &start)), cold, "{name}");
    }
}

/// A start of another plan altogether says nothing, and does no harm.
#[test]
fn a_start_of_another_plan_does_no_harm() {
    let other = plan("itu-2012-2015");
    let cold = solve(&other, &ActiveSet::default());
    let base = plan("itu-2024-2027");
    let start = active(&solve(&base, &ActiveSet::default()));
    assert_eq!(text(&other, &solve(&other, &start)), text(&other, &cold));
}
