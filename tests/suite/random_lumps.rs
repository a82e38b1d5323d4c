//! Random plans with lines of all or nothing, against every way to decide them.

use rand::RngExt;
use virement::certify::Certificate;
use virement::formulate::Objective;
use virement::plan::Plan;
use virement::report::mps;
use virement::session;
use virement::solve::{ActiveSet, Allocation, Exact, Outcome, exact, open, solve};
use virement::units::Amount;

use crate::linear_peers::{Says, Written};
use crate::memory::Folder;
use crate::programmes::random;
use crate::random_plans;

/// A random plan with up to four lines of all or nothing.
fn lumpy(case: u64) -> Folder {
    let mut folder = random_plans::plan(case);
    let mut random = random(case ^ 0x0001_F00D);
    let text = |folder: &Folder, name: &str| {
        String::from_utf8(folder.0[name].clone()).expect("a text of ours")
    };
    let toml = text(&folder, "plan.toml");
    let quantum = if toml.contains("quantum = 5") { 5 } else { 1 };
    let cells = text(&folder, "cells.csv");
    let mut lines: Vec<String> = cells.lines().map(String::from).collect();
    let ids = lines[0].split(',').position(|name| name == "baseline").expect("a baseline");
    lines[0] += ",lump";
    let wanted = random.random_range(1..5);
    let mut chosen: Vec<usize> = (1..lines.len()).collect();
    while chosen.len() > wanted {
        chosen.remove(random.random_range(0..chosen.len()));
    }
    for (place, line) in lines.iter_mut().enumerate().skip(1) {
        if !chosen.contains(&place) {
            line.push(',');
            continue;
        }
        let mut fields: Vec<String> = line.split(',').map(String::from).collect();
        let baseline: i64 = fields[ids].parse().expect("a whole number");
        let part = [100, 100, 100, 80, 50, 120][random.random_range(0..6)];
        let size = match baseline * part / 100 / quantum * quantum {
            0 => quantum * random.random_range(1..8),
            size => size,
        };
        for field in &mut fields[ids + 2..] {
            field.clear();
        }
        *line = format!("{},{size}", fields.join(","));
    }
    folder = folder.with("cells.csv", &(lines.join("\n") + "\n"));
    folder
}

/// What each stage reaches: one figure for a sum, and the largest first for the forms of a largest-of
/// stage; nothing where that stage may be given up in part.
fn value(plan: &Plan, found: &Exact) -> Option<Vec<Vec<Amount>>> {
    let formulation = open(plan);
    let pairs = formulation.stages().iter().zip(&found.stages);
    let of = |(stage, level): (&virement::formulate::StageForm, &virement::solve::StageLevel)| {
        match &stage.objective {
            Objective::Sum(_) => Some(level.values.clone()),
            Objective::Largest(_) if stage.loss.is_some() => None,
            Objective::Largest(forms) => {
                let form = |form: &virement::formulate::Affine| form.value(&found.amounts);
                let mut all: Vec<Amount> =
                    forms.iter().map(|own| form(own).max(Amount::ZERO)).collect();
                all.sort_by(|a, b| b.cmp(a));
                Some(all)
            }
        }
    };
    pairs.map(of).collect()
}

/// Every way to decide `count` lumps, those that take earlier lines first.
fn ways(count: usize) -> impl Iterator<Item = Vec<bool>> {
    (0..1_usize << count)
        .map(move |way| (0..count).map(|lump| way >> (count - 1 - lump) & 1 == 0).collect())
}

/// What was found in random plans.
#[derive(Debug, Default)]
struct Tally {
    answers: usize,
    clashes: usize,
    compared: usize,
    models: usize,
    started: usize,
}

fn check(case: u64, tally: &mut Tally) {
    let Ok((resolved, _)) = session::open(&lumpy(case).ask("plan.toml")) else { return };
    let plan = &resolved.plan;
    let count = plan.lumps().len();
    let mut entries = plan.revenue().iter().flat_map(|line| &line.entries);
    let decides = entries.any(virement::plan::RevenueEntry::is_decision);
    if decides && !case.is_multiple_of(4) {
        return;
    }
    let each = ways(count).map(|taken| {
        let decided = plan.with_lumps(&taken);
        exact(&decided, &ActiveSet::default()).ok().map(|found| (taken, found))
    });
    let each: Vec<(Vec<bool>, Exact)> = each.flatten().collect();
    match solve(plan, &ActiveSet::default()) {
        Outcome::Infeasible(conflict) => {
            assert!(each.is_empty(), "plan {case} can be met");
            tally.clashes += 1;
            assert!(conflict.proof.is_ok(), "plan {case}: {:?}", conflict.proof);
            if !conflict.lumps.is_empty()
                && let Ok(proof) = &conflict.proof
            {
                assert!(matches!(**proof, Certificate::Undecidable(_)), "plan {case}");
            }
        }
        Outcome::Optimal(found) | Outcome::Unrounded(found, _) => {
            tally.answers += 1;
            if case.is_multiple_of(3) {
                from_elsewhere(case, plan, &found, tally);
            }
            assert!(found.proof.is_ok(), "plan {case}: {:?}", found.proof);
            let taken = |amounts: &[Amount]| -> Vec<bool> {
                plan.lumps().iter().map(|id| !amounts[id.index()].is_zero()).collect()
            };
            let values: Option<Vec<_>> = each.iter().map(|(_, own)| value(plan, own)).collect();
            if let Some(values) = values.filter(|_| !decides) {
                let least = values.iter().min().expect("a way that can be met");
                let best = values.iter().position(|own| own == least).expect("the least");
                assert_eq!(taken(&found.exact), each[best].0, "plan {case}");
                assert_eq!(found.exact[..], each[best].1.amounts[..], "plan {case}");
                written(case, plan, &found, tally);
                tally.compared += 1;
            }
        }
        Outcome::Unbounded(_) => {}
        Outcome::Stopped(_) => panic!("plan {case} is small"),
    }
}

/// What is found from what an answer leaned on is what is found from nothing: for the plan itself, and
/// where a bound is a step elsewhere.
fn from_elsewhere(case: u64, plan: &Plan, found: &Allocation, tally: &mut Tally) {
    let start = exact(plan, &found.active).map_or_else(|_| ActiveSet::default(), |own| own.active);
    let binding = found.readings.iter().filter(|own| !own.slack.is_positive()).take(3);
    let step = Amount::whole(i64::from(plan.quantum().units()));
    let mut plans = vec![plan.clone()];
    for reading in binding {
        plans.extend([&step, &-&step].into_iter().filter_map(|by| plan.nudged(&reading.key(), by)));
    }
    let told = |plan: &Plan, start: &ActiveSet| {
        exact(plan, start).map(|own| (own.amounts, own.stages, own.distance))
    };
    for plan in &plans {
        let cold = told(plan, &ActiveSet::default());
        for start in [&found.active, &start, &start.elsewhere()] {
            assert_eq!(told(plan, start), cold, "plan {case}");
        }
        tally.started += 1;
    }
}

/// HiGHS, in floats, finds the value of every written model that has the lumps as whole numbers.
fn written(case: u64, plan: &Plan, found: &Allocation, tally: &mut Tally) {
    let models = mps::models(plan, found);
    for (round, (_, text)) in found.rounds.iter().zip(&models) {
        if round.model.whole.is_empty() {
            assert!(text.starts_with("* lines of all or nothing stand"), "plan {case}");
            continue;
        }
        let Says::Optimum(value) = Written::read(text).highs() else {
            panic!("plan {case}: HiGHS finds nothing for {text}")
        };
        let bound = round.bound.to_f64();
        assert!(
            (value - bound).abs() <= 1e-5 * (1.0 + bound.abs()),
            "plan {case}: {value}, {bound}"
        );
        tally.models += 1;
    }
}

/// Every way to decide the lumps of over 200 random plans was solved by itself: the answer is the best
/// of them, and of equals the first; where there is none, each clashes. Every answer and every clash is
/// proven.
#[test]
fn the_answer_is_the_best_of_every_way_to_decide() {
    let mut tally = Tally::default();
    for case in 0..330 {
        check(case, &mut tally);
    }
    assert!(tally.compared + tally.clashes > 200 && tally.compared > 90, "{tally:?}");
    assert!(tally.models > 60 && tally.started > 100, "{tally:?}");
}
