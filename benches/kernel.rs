//! The kernel of the calibration in floats, beside one pass over the memory that it reads.
//!
//! Plans are years × Sectors × priorities × categories with 70 % of the cells open, a limit on each member
//! and on some pairs of year and Sector, and a total that falls by 3.5 %. `cargo bench --bench kernel` prints
//! a table, with `-- '100 000'` of that plan alone; `docs/benchmarks.md` holds the figures.

#![expect(clippy::print_stdout, reason = "a benchmark says what it measured")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use virement::formulate::{Column, Part, Program, Row};
use virement::solve::Kernel;
use virement::units::Amount;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A plan to measure.
struct Case {
    name: &'static str,
    /// Years, Sectors, priorities and categories.
    members: [usize; 4],
    /// How many pairs of a year and a Sector have a limit of their own.
    pairs: usize,
    /// Above zero, every cell has a floor: half of them where the hidden amounts stand, the others at this many
    /// thousandths of the baseline, and no more than 935.
    floor: i64,
    /// The part of the limits that leave no room, in percent.
    binding: i64,
    /// The bar, cold, in milliseconds.
    bar: f64,
}

const CASES: [Case; 5] = [
    Case { name: "500 / 40", members: [4, 4, 5, 9], pairs: 16, floor: 0, binding: 30, bar: 0.05 },
    Case { name: "3 000 / 60", members: [4, 6, 9, 20], pairs: 20, floor: 0, binding: 90, bar: 0.3 },
    Case {
        name: "3 000 / 60, cells at bounds",
        members: [4, 6, 9, 20],
        pairs: 20,
        floor: 965,
        binding: 60,
        bar: 3.0,
    },
    Case {
        name: "100 000 / 300",
        members: [10, 10, 25, 57],
        pairs: 100,
        floor: 0,
        binding: 30,
        bar: 5.0,
    },
    Case {
        name: "1 000 000 / 300",
        members: [10, 20, 70, 102],
        pairs: 100,
        floor: 0,
        binding: 30,
        bar: 60.0,
    },
];

fn main() {
    println!(
        "{:28} {:>9} {:>6} {:>7} {:>9} {:>9} {:>6} {:>9} {:>8} {:>7}",
        "cells / limits",
        "cells",
        "limits",
        "binding",
        "at bounds",
        "cold ms",
        "bar",
        "warm ms",
        "pass ms",
        "passes"
    );
    let asked = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let is_asked = |case: &&Case| asked.as_ref().is_none_or(|part| case.name.contains(part));
    for case in CASES.iter().filter(is_asked) {
        measure(case);
    }
}

fn measure(case: &Case) {
    let program = program(case);
    let mut kernel = Kernel::new(&program);
    let amounts = kernel.solve().expect("the plan has an answer");
    let sums = |row: &Row| row.float(&amounts).0;
    let tight = |row: &Row| {
        let close = |bound: &Option<Amount>| {
            bound
                .as_ref()
                .is_some_and(|bound| (bound.to_f64() - sums(row)).abs() < 1e-6 * sums(row))
        };
        close(&row.lower) || close(&row.upper)
    };
    let binding = program.rows.iter().filter(|row| tight(row)).count();
    let floors = program.columns.iter().zip(&amounts);
    let floors = floors.filter(|(own, at)| own.lower.as_ref().is_some_and(|f| f.to_f64() >= **at));
    let cold = median(&mut || {
        kernel.forget();
        black_box(kernel.solve());
    });
    let pass = median(&mut || {
        black_box(kernel.pass());
    });
    let step = 1e-3 * program.rows[0].lower.as_ref().map_or(0.0, Amount::to_f64);
    let mut sign = 1.0;
    let warm = median(&mut || {
        kernel.shift(0, sign * step);
        sign = -sign;
        black_box(kernel.solve());
    });
    let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
    println!(
        "{:28} {:>9} {:>6} {:>7} {:>9} {:>9.3} {:>6} {:>9.3} {:>8.3} {:>7.1}",
        case.name,
        amounts.len(),
        program.rows.len(),
        binding,
        floors.count(),
        milliseconds(cold),
        case.bar,
        milliseconds(warm),
        milliseconds(pass),
        cold.as_secs_f64() / pass.as_secs_f64()
    );
}

/// The median time of a task, over a second of it.
fn median(task: &mut dyn FnMut()) -> Duration {
    let (start, mut times) = (Instant::now(), Vec::new());
    while times.len() < 5 || start.elapsed() < Duration::from_secs(1) {
        let begun = Instant::now();
        task();
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    times[times.len() / 2]
}

/// The plan of a case: its limits hold at amounts that are hidden in it.
fn program(case: &Case) -> Program {
    let mut draw = ChaCha8Rng::seed_from_u64(1);
    let [years, sectors, priorities, categories] = case.members;
    let (mut columns, mut target) = (Vec::new(), Vec::new());
    let mut slices: Vec<Vec<u32>> =
        vec![Vec::new(); 1 + case.members.iter().sum::<usize>() + case.pairs];
    for place in 0..years * sectors * priorities * categories {
        if draw.random_range(0..10) >= 7 {
            continue;
        }
        let (year, rest) = (place % years, place / years);
        let (sector, rest) = (rest % sectors, rest / sectors);
        let (priority, category) = (rest % priorities, rest / priorities);
        let own = u32::try_from(columns.len()).expect("a million cells");
        let first = 1 + years + sectors + priorities;
        let mut of =
            vec![0, 1 + year, 1 + years + sector, 1 + years + sectors + priority, first + category];
        let pair = year + years * sector;
        of.extend((pair < case.pairs).then_some(first + categories + pair));
        for slice in of {
            slices[slice].push(own);
        }
        let baseline: i64 = draw.random_range(100..10_000);
        target.push(baseline * draw.random_range(940..990));
        columns.push(Column {
            baseline: Amount::whole(baseline),
            weight: Amount::whole(baseline),
            lower: Some(Amount::ratio(baseline * case.floor.min(935), 1000)),
            upper: None,
        });
        if case.floor > 0 && draw.random_range(0..2) == 0 {
            let least = *target.last().expect("it was pushed");
            columns.last_mut().expect("it was pushed").lower = Some(Amount::ratio(least, 1000));
        }
    }
    let rows = slices.into_iter().enumerate().map(|(place, columns)| {
        let level: i64 = columns.iter().map(|column| target[*column as usize]).sum();
        let room = if draw.random_range(0..100) < case.binding { 0 } else { level / 50 };
        let bound = |by: i64| Some(Amount::ratio(level + by, 1000));
        let floor = draw.random_range(0..2) == 0;
        let (lower, upper) = match (place, floor) {
            (0, _) => (bound(0), bound(0)),
            (_, true) => (bound(-room), None),
            (_, false) => (None, bound(room)),
        };
        let parts = vec![Part { coefficient: Amount::ONE, columns }];
        Row { own: 1, parts: parts.into(), lower, upper }
    });
    let rows = rows.collect();
    Program { columns, rows, ..Program::default() }
}
