//! A start saves time and changes nothing.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use virement::plan::Plan;
use virement::report::{self, Identity};
use virement::session::{self, Desk};
use virement::solve::{ActiveSet, Outcome, solve};

use crate::random_plans;

fn plan(name: &str) -> Plan {
    let request = session::find(name).expect("an embedded plan");
    session::open(&request).unwrap_or_else(|_| panic!("{name} is in order")).0.plan
}

/// The whole result as text, contributions and all.
fn text(plan: &Plan, outcome: &Outcome) -> String {
    let identity = Identity { scenario: "any".into(), hash: "any".into() };
    let findings = report::Findings::default();
    report::result(plan, outcome, &identity, &[], true, findings).to_string()
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

/// Random plans of every family, each started from what the one before it left: the bytes are those
/// of a cold solve, whether the answer is an allocation, a clash or neither.
#[test]
fn a_start_left_by_any_plan_changes_no_byte() {
    let (mut start, mut hot) = (ActiveSet::default(), 0);
    for case in 0..300 {
        let Ok((resolved, _)) = session::open(&random_plans::plan(case).ask("plan.toml")) else {
            continue;
        };
        let plan = &resolved.plan;
        let cold = solve(plan, &ActiveSet::default());
        let found = solve(plan, &start);
        assert_eq!(text(plan, &found), text(plan, &cold), "plan {case}");
        if let Outcome::Optimal(found) = &cold {
            hot += 1;
            start = found.active.clone();
            assert_eq!(text(plan, &solve(plan, &start)), text(plan, &cold), "plan {case} again");
        }
    }
    assert!(hot > 100, "{hot}");
}

/// What a plan has to say where the solver's models have seen nothing: on a thread of its own.
fn afresh(plan: &Plan) -> String {
    let solved = || text(plan, &solve(plan, &ActiveSet::default()));
    std::thread::scope(|scope| scope.spawn(solved).join()).unwrap_or_else(|_| panic!("an outcome"))
}

/// A scenario of any plan, in which every line stood higher or lower before.
fn scaled(by: &str) -> String {
    format!(
        "format = \"virement/scenario@1\"\nextends = \"plan.toml\"\ntitle = \"Scaled\"\n\n\
         [[change]]\nscale = \"cells.baseline\"\nby = \"{by}\"\n"
    )
}

/// Random plans and scenarios of them, solved one after the other by a solver whose models stay, with and
/// without what the last one proved: the bytes are those of a solver that has seen nothing.
#[test]
fn a_solver_that_stays_changes_no_byte() {
    let mut asked = 0;
    for case in 0..250 {
        let mut start = ActiveSet::default();
        for name in ["plan.toml", "more.toml", "less.toml", "plan.toml"] {
            let folder = random_plans::plan(case).with("more.toml", &scaled("+2%"));
            let folder = folder.with("less.toml", &scaled("-3%"));
            let Ok((resolved, _)) = session::open(&folder.ask(name)) else { continue };
            let (plan, alone) = (&resolved.plan, afresh(&resolved.plan));
            let found = solve(plan, &ActiveSet::default());
            assert_eq!(text(plan, &found), alone, "plan {case}, {name}");
            assert_eq!(text(plan, &solve(plan, &start)), alone, "plan {case}, {name}, started");
            asked += 1;
            if let Outcome::Optimal(found) = found {
                start = found.active.clone();
            }
        }
    }
    assert!(asked > 700, "{asked}");
}

/// Edits made one after the other, undone and made again, on a desk that stays: the bytes are those of a
/// desk that has seen nothing.
#[test]
fn a_desk_that_stays_answers_every_edit_as_a_new_one_does() {
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let mut met = 0;
    for (name, slices) in [
        ("first-steps", ["priority = \"spectrum\"", "sector = \"radio\"", "priority = \"access\""]),
        ("itu-2012-2015", ["sector = \"ITU-D\"", "category = \"staff\"", "sector = \"GS\""]),
    ] {
        let opened = session::open_draft(name).expect("a plan");
        let mut stays = Desk::new(&opened).expect("a desk");
        let mut texts = vec![opened.text.clone()];
        for _ in 0..25 {
            let undone = texts.len() > 1 && random.random_range(0..4) == 0;
            if undone {
                texts.pop();
            } else {
                let on = slices[random.random_range(0..slices.len())];
                let percent = random.random_range(97..=103);
                let hold =
                    format!("\n[[hold]]\non = {{ {on} }}\nat-least = \"{percent}% of baseline\"\n");
                let last = texts.last().cloned().unwrap_or_default();
                // A second hold on a slice is none: the text before it is asked again.
                texts.push(if last.contains(on) {
                    opened.text.clone() + &hold
                } else {
                    last + &hold
                });
            }
            let now = texts.last().expect("a text");
            let answered = |desk: &mut Desk| {
                let (resolved, outcome) = desk.answer(now).unwrap_or_else(|_| panic!("{now}"));
                met += usize::from(matches!(outcome, Outcome::Optimal(_)));
                text(&resolved.plan, &outcome)
            };
            let mut answered = answered;
            let mut alone = Desk::new(&opened).expect("a desk");
            assert_eq!(answered(&mut stays), answered(&mut alone), "{now}");
        }
    }
    assert!(met > 40, "{met}");
}

/// The scenarios of the plan of 2024-2027, as a screen or a batch asks for them.
#[test]
fn a_solver_that_stays_solves_the_next_scenario() {
    for name in ["", "/unit-value-325", "/revenue-fall", "/infeasible", "/unit-value-325", ""] {
        let plan = plan(&format!("itu-2024-2027{name}"));
        let found = solve(&plan, &ActiveSet::default());
        assert_eq!(text(&plan, &found), afresh(&plan), "{name}");
    }
}

/// The line b stays at its 20 until a scenario lets it have 5 at most: what the stages reach is another value
/// then, and multipliers that were found at 20 show nothing. Its bounds cross where they are believed, and
/// stay crossed.
#[test]
fn a_start_from_before_a_ceiling_fell_is_not_believed() {
    let plan = "format = \"virement/plan@1\"\ntitle = \"Two lines\"\ncurrency = \"EUR\"\nscale = 1\nquantum = 1\n\n\
                [[dimension]]\nid = \"line\"\nmembers = [ { id = \"a\" }, { id = \"b\" } ]\n\n\
                [cells]\ntable = \"cells.csv\"\n\n[[revenue]]\nid = \"grants\"\namount = 60\n\n[balance]\nspend = \"up-to\"\n\n\
                [[stage]]\nid = \"still\"\nminimise = \"turnover\"\nwithin = \"line\"\non = { line = \"b\" }\n\n\
                [[stage]]\nid = \"small\"\nminimise = \"amount\"\non = { line = \"b\" }\n";
    let fallen = "format = \"virement/scenario@1\"\nextends = \"plan.toml\"\ntitle = \"Fallen\"\n\n\
                  [[change]]\nset = \"cells.max\"\nwhere = { line = \"b\" }\nto = 5\n";
    let files = [
        ("plan.toml", plan),
        ("cells.csv", "line,baseline\na,50\nb,20\n"),
        ("fallen.scenario.toml", fallen),
    ];
    let open = |name: &str| match session::open(&crate::memory::Folder::of(&files).ask(name)) {
        Ok((resolved, _)) => resolved.plan,
        Err(refused) => panic!("{:?}", refused.problems.first().map(|p| &p.message)),
    };
    let (before, after) = (open("plan.toml"), open("fallen.scenario.toml"));
    let start = active(&solve(&before, &ActiveSet::default()));
    let found = solve(&after, &start);
    assert_eq!(text(&after, &found), text(&after, &solve(&after, &ActiveSet::default())));
    let Outcome::Optimal(found) = found else { panic!("an answer") };
    assert_eq!(found.exact[1], virement::units::Amount::whole(5));
}
