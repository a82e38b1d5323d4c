//! How long each floor takes, on the embedded plan and on generated ones.
//!
//! `cargo bench` runs them; `docs/benchmarks.md` holds the figures and says how they were taken.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use std::path::PathBuf;
use std::thread;

use virement::certify;
use virement::explain::{Footing, Freedom, StepSize, flex_slices};
use virement::formulate::{PeriodRevenue, formulate};
use virement::plan::Plan;
use virement::report;
use virement::scenario::generate::{Recipe, plan as generated};
use virement::session::{self, Request};
use virement::solve::{ActiveSet, Calibration, Outcome, calibrate, round, solve};

#[path = "../tests/suite/clarabel_peer.rs"]
mod clarabel_peer;
use clarabel_peer::Peer;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The largest plan that Clarabel is given.
const PEER_CELLS: usize = 100_000;

/// A plan to measure: its name, and what loads it.
struct Subject {
    name: String,
    request: Request,
    samples: usize,
}

fn subjects(folder: &std::path::Path) -> Vec<Subject> {
    let embedded = Subject {
        name: "itu-2012-2015".into(),
        request: session::find("itu-2012-2015").expect("an embedded plan"),
        samples: 50,
    };
    let staged = Subject {
        name: "itu-2024-2027".into(),
        request: session::find("itu-2024-2027").expect("an embedded plan"),
        samples: 20,
    };
    let one = Subject {
        name: "itu-2024-2027-one-stage".into(),
        request: one_stage(&folder.join("one-stage")),
        samples: 20,
    };
    let sizes = [(1_000, 20), (10_000, 10), (100_000, 10)];
    let generated = sizes.into_iter().map(|(cells, samples)| {
        let home: PathBuf = folder.join(cells.to_string());
        std::fs::create_dir_all(&home).expect("a folder");
        for (name, text) in generated(&Recipe::of(cells, 1)) {
            std::fs::write(home.join(name), text).expect("a file");
        }
        let request = session::find(&home.display().to_string()).expect("a plan");
        Subject { name: format!("generated-{cells}"), request, samples }
    });
    [embedded, staged, one].into_iter().chain(generated).collect()
}

/// The plan of 2024-2027 without its second linear stage, written out below `home`.
fn one_stage(home: &std::path::Path) -> Request {
    std::fs::create_dir_all(home).expect("a folder");
    for (name, text) in session::embedded_files("itu-2024-2027").expect("an embedded plan") {
        std::fs::write(home.join(name), text).expect("a file");
    }
    let scenario = home.join("one-stage.scenario.toml");
    let text = "format = \"virement/scenario@1\"\nextends = \"plan.toml\"\n\
                title = \"One linear stage\"\n\n[[change]]\nremove = \"stage.priorities\"\n";
    std::fs::write(&scenario, text).expect("a file");
    session::find(&scenario.display().to_string()).expect("a scenario")
}

fn opened(subject: &Subject) -> Plan {
    session::open(&subject.request).unwrap_or_else(|_| panic!("a plan in order")).0.plan
}

fn floors(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    for subject in subjects(folder.path()) {
        let mut group = criterion.benchmark_group(&subject.name);
        group.sample_size(subject.samples.max(10));
        group.bench_function(BenchmarkId::from_parameter("load"), |bench| {
            bench.iter(|| black_box(opened(&subject)));
        });
        let plan = opened(&subject);
        let periods = plan.periods();
        let Outcome::Optimal(found) = solve(&plan, &ActiveSet::default()) else {
            panic!("a plan that can be met")
        };
        // Solved, rounded and read: all that stands between a plan in memory and its tables. The models of a
        // solver stay on its thread, so that a solve from nothing has one of its own.
        let nothing = ActiveSet::default();
        group.bench_function(BenchmarkId::from_parameter("solve-cold"), |bench| {
            let afresh = || thread::scope(|scope| scope.spawn(|| solve(&plan, &nothing)).join());
            bench.iter(|| black_box(afresh().is_ok()));
        });
        for (name, start) in [("solve-kept", &nothing), ("solve-hot", &found.active)] {
            group.bench_function(BenchmarkId::from_parameter(name), |bench| {
                bench.iter(|| black_box(solve(&plan, start)));
            });
        }
        let settled: Vec<PeriodRevenue> = periods
            .iter()
            .zip(&found.revenue)
            .map(|(period, settled)| settled.as_revenue(period, plan.quantum()))
            .collect();
        group.bench_function(BenchmarkId::from_parameter("formulate"), |bench| {
            bench.iter(|| black_box(formulate(&plan, &periods, &settled)));
        });
        let formulation = formulate(&plan, &periods, &settled);
        for (name, start) in
            [("calibrate-cold", ActiveSet::default()), ("calibrate-warm", found.active.clone())]
        {
            group.bench_function(BenchmarkId::from_parameter(name), |bench| {
                bench.iter(|| black_box(calibrate(formulation.program(), &start)));
            });
        }
        if plan.cells().len() <= PEER_CELLS {
            let peer = Peer::new(formulation.program());
            group.bench_function(BenchmarkId::from_parameter("calibrate-clarabel"), |bench| {
                bench.iter(|| black_box(peer.solve(formulation.program())));
            });
        }
        let Calibration::Optimal(optimum) = calibrate(formulation.program(), &ActiveSet::default())
        else {
            panic!("a plan that can be met")
        };
        group.bench_function(BenchmarkId::from_parameter("round"), |bench| {
            bench
                .iter(|| black_box(round(formulation.program(), &optimum.amounts, plan.quantum())));
        });
        let proof = found.proof.as_ref().expect("a proof");
        group.bench_function(BenchmarkId::from_parameter("certify"), |bench| {
            bench.iter(|| black_box(certify::judge(&plan, proof)));
        });
        group.bench_function(BenchmarkId::from_parameter("tabulate"), |bench| {
            bench.iter(|| {
                black_box((
                    report::allocation(&plan, &found, &[]),
                    report::limits(&plan, &found),
                    report::revenue(&plan, &found),
                ))
            });
        });
        group.finish();
    }
}

/// A full explanation: prices both ways, promises, and the range of every total.
fn explanations(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("explain");
    group.sample_size(10);
    for name in ["itu-2012-2015/reallocate", "itu-2024-2027"] {
        let request = session::find(name).expect("an embedded plan");
        let Ok((solved, _)) = session::answer(&request) else { panic!("a plan in order") };
        let plan = &solved.resolved.plan;
        let Outcome::Optimal(found) = &solved.outcome else { panic!("a plan that can be met") };
        let slices: Vec<_> =
            plan.leaf_axes().iter().flat_map(|axis| flex_slices(plan, &[*axis])).collect();
        group.bench_function(BenchmarkId::from_parameter(name), |bench| {
            bench.iter(|| {
                let footing = Footing::new(plan, found).expect("an answer");
                let freedom = Freedom::new(&footing, None).expect("an answer");
                black_box(session::foremost(&footing, &StepSize::default(), false));
                black_box(session::promises(&footing, false));
                black_box(session::flexes(&footing, &freedom, &slices));
            });
        });
    }
    group.finish();
}

criterion_group!(benches, floors, explanations);
criterion_main!(benches);
