//! Laws of whole plans: generated ones, through files, loading, solving and tables.

use virement::explain;
use virement::plan::Plan;
use virement::scenario::generate::{Recipe, plan as generated};
use virement::session;
use virement::solve::{ActiveSet, Allocation, Outcome, solve};
use virement::units::{Amount, CellId};

fn load(recipe: &Recipe) -> Plan {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in generated(recipe) {
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    let request = session::find(&folder.path().display().to_string()).expect("a plan");
    let Ok((resolved, _)) = session::open(&request) else { panic!("{recipe:?} has problems") };
    resolved.plan
}

fn allocation(plan: &Plan) -> Allocation {
    match solve(plan, &ActiveSet::default()) {
        Outcome::Optimal(found) => *found,
        Outcome::Unrounded(..) => panic!("a generated plan can be published"),
        Outcome::Infeasible(conflict) => panic!("a generated plan can be met: {conflict:?}"),
        Outcome::Unbounded(stage) => panic!("nothing stops stage {stage}"),
        Outcome::Stopped(_) => panic!("no line is all or nothing"),
    }
}

#[test]
fn a_plan_without_limits_is_cut_alike_and_adds_up() {
    for seed in 0..20 {
        let recipe = Recipe { binding: 0.0, bounded: 0.0, dependent: 0, ..Recipe::of(20, seed) };
        let mut text = generated(&recipe);
        let plan_toml = &mut text[0].1;
        let cut = plan_toml.find("\n[[limit]]").unwrap_or(plan_toml.len());
        plan_toml.truncate(cut);
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in text {
            std::fs::write(folder.path().join(name), text).expect("a file");
        }
        let request = session::find(&folder.path().display().to_string()).expect("a plan");
        let Ok((resolved, _)) = session::open(&request) else { panic!("seed {seed} has problems") };
        let plan = resolved.plan;
        let found = allocation(&plan);
        let baseline: Amount = plan.cells().iter().map(|cell| &cell.baseline).sum();
        let total = plan.quantum().amount(found.revenue[0].total);
        let factor = &total / &baseline;
        for (cell, exact) in plan.cells().iter().zip(&found.exact) {
            assert_eq!(*exact, &cell.baseline * &factor, "seed {seed}");
        }
    }
}

#[test]
fn the_contributions_of_every_slice_add_up_to_its_change() {
    for seed in 0..40 {
        let plan = load(&Recipe::of(60, seed));
        let found = allocation(&plan);
        let all: Vec<CellId> = (0..plan.cells().len()).map(CellId::new).collect();
        let slices =
            all.iter().map(std::slice::from_ref).chain([all.as_slice(), &all[..all.len() / 2]]);
        for cells in slices {
            let change: Amount = cells
                .iter()
                .map(|cell| found.amount(&plan, *cell) - &plan.cell(*cell).baseline)
                .sum();
            let parts = explain::contributions(&plan, &found, cells);
            let sum: Amount = parts.iter().map(|part| &part.money).sum();
            assert_eq!(sum, change, "seed {seed}");
        }
    }
}

#[test]
fn every_limit_re_added_from_the_plan_holds_on_the_published_figures() {
    for seed in 0..60 {
        let plan = load(&Recipe { binding: 0.6, bounded: 0.4, ..Recipe::of(90, seed) });
        let found = allocation(&plan);
        for reading in &found.readings {
            assert!(!reading.slack.is_negative(), "seed {seed}: `{}` is broken", reading.id);
        }
    }
}

#[test]
fn limits_that_clash_are_found_and_named() {
    for seed in 0..30 {
        let plan = load(&Recipe { infeasible: true, ..Recipe::of(50, seed) });
        let Outcome::Infeasible(conflict) = solve(&plan, &ActiveSet::default()) else {
            panic!("seed {seed}: a clash was not seen")
        };
        assert!(conflict.parts.len() + conflict.bounds.len() >= 2, "seed {seed}");
        assert!(conflict.excess.is_positive(), "seed {seed}");
    }
}

#[test]
fn a_larger_plan_is_solved_and_published() {
    let plan = load(&Recipe::of(1_000, 7));
    let found = allocation(&plan);
    let spent: Amount = found.published.iter().map(|money| plan.quantum().amount(*money)).sum();
    let revenue: Amount =
        found.revenue.iter().map(|period| plan.quantum().amount(period.total)).sum();
    assert_eq!(spent, revenue);
}
