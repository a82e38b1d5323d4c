//! Plans for trials, made from a seed: the files that a planner would have written.

use std::fmt::Write;

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What a generated plan is like. The same recipe always gives the same files.
#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    /// How many cells it has; at least one.
    pub cells: usize,
    /// The seed.
    pub seed: u64,
    /// The part of all combinations of members that have a cell, above 0 and at most 1.
    pub open: f64,
    /// The part of its limits that are drawn tight, so that they bind: 0 to 1.
    pub binding: f64,
    /// The part of its cells that stand at a bound of their own: 0 to 1.
    pub bounded: f64,
    /// How many limits say what another one says already.
    pub dependent: usize,
    /// Whether its limits clash.
    pub infeasible: bool,
}

impl Recipe {
    /// The usual plan of `cells` cells: 70 % of the combinations open, 30 % of the limits binding,
    /// 20 % of the cells at bounds, one dependent limit, feasible.
    pub fn of(cells: usize, seed: u64) -> Self {
        Self { cells, seed, open: 0.7, binding: 0.3, bounded: 0.2, dependent: 1, infeasible: false }
    }
}

/// One cell of a generated plan.
struct Cell {
    /// Year, Sector, priority, category.
    members: [usize; 4],
    baseline: u64,
    /// An allocation that satisfies every limit.
    target: u64,
    min: Option<u64>,
}

/// Gives the names and texts of the files of a plan: `plan.toml` and `cells.csv`.
pub fn plan(recipe: &Recipe) -> Vec<(String, String)> {
    let mut random = ChaCha8Rng::seed_from_u64(recipe.seed);
    let sizes = sizes(recipe);
    let cells = cells(recipe, sizes, &mut random);
    let limits = limits(recipe, sizes, &cells, &mut random);
    vec![
        ("plan.toml".into(), header(recipe, sizes, &cells) + &limits),
        ("cells.csv".into(), table(&cells)),
    ]
}

const NAMES: [&str; 4] = ["year", "sector", "priority", "category"];

/// The numbers of years, Sectors, priorities and categories.
fn sizes(recipe: &Recipe) -> [usize; 4] {
    let cells = recipe.cells as f64 / recipe.open.clamp(0.01, 1.0);
    let years = if recipe.cells >= 400 { 4 } else { 1 };
    let (sectors, categories) = if recipe.cells < 20 { (2, 2) } else { (4, 9) };
    let rest = cells / (years * sectors * categories) as f64;
    let mut priorities = 1;
    while (priorities as f64) < rest {
        priorities += 1;
    }
    [years, sectors, priorities, categories]
}

fn cells(recipe: &Recipe, sizes: [usize; 4], random: &mut impl Rng) -> Vec<Cell> {
    let total: usize = sizes.iter().product();
    let mut wanted = recipe.cells.min(total);
    let mut found = Vec::with_capacity(wanted);
    for place in 0..total {
        let left = total - place;
        if random.random_range(0..left) >= wanted {
            continue;
        }
        wanted -= 1;
        let mut rest = place;
        let mut members = [0; 4];
        for (member, size) in members.iter_mut().zip(sizes).rev() {
            *member = rest % size;
            rest /= size;
        }
        found.push(cell(recipe, members, random));
    }
    found
}

fn cell(recipe: &Recipe, members: [usize; 4], random: &mut impl Rng) -> Cell {
    // The cube of an even draw: a few large lines and many small ones.
    let draw = random.random_range(1..=1000_u64);
    let baseline = 20 + draw * draw * draw / 200_000 + random.random_range(0..20_u64);
    let target = baseline * random.random_range(880..1030_u64) / 1000;
    if random.random_bool(recipe.bounded.clamp(0.0, 1.0)) {
        let min = baseline * random.random_range(990..=1000_u64) / 1000;
        return Cell { members, baseline, target: target.max(min), min: Some(min) };
    }
    Cell { members, baseline, target, min: None }
}

fn header(recipe: &Recipe, sizes: [usize; 4], cells: &[Cell]) -> String {
    let mut text = format!(
        "# Generated: {} cells, seed {}. All amounts are made up.\n\
         format = \"virement/plan@1\"\ntitle = \"Generated plan (illustrative)\"\n\
         currency = \"CHF\"\nscale = 1000\n\n",
        cells.len(),
        recipe.seed
    );
    for (name, size) in NAMES.iter().zip(sizes) {
        let role = if *name == "year" { "role = \"time\"\n" } else { "" };
        let members: Vec<String> = (0..size).map(|m| format!("\"{}\"", member(name, m))).collect();
        let _ = write!(
            text,
            "[[dimension]]\nid = \"{name}\"\n{role}members = [{}]\n\n",
            members.join(", ")
        );
    }
    let amounts: Vec<String> = (0..sizes[0])
        .map(|year| {
            let spent: u64 =
                cells.iter().filter(|cell| cell.members[0] == year).map(|cell| cell.target).sum();
            format!("\"{}\" = {spent}", member("year", year))
        })
        .collect();
    let _ = write!(
        text,
        "[cells]\ntable = \"cells.csv\"\n\n[[revenue]]\nid = \"all\"\ntitle = \"All revenue\"\n\
         amounts = {{ {} }}\nprovenance = \"assumed\"\n\n[balance]\neach = \"year\"\nspend = \"all\"\n",
        amounts.join(", ")
    );
    text
}

fn member(dimension: &str, place: usize) -> String {
    let letter = dimension.chars().next().unwrap_or('m');
    format!("{letter}{}", place + 1)
}

/// The sums of targets and of bounds of a slice.
struct Sums {
    target: u64,
    baseline: u64,
}

fn limits(recipe: &Recipe, sizes: [usize; 4], cells: &[Cell], random: &mut impl Rng) -> String {
    let mut slices: Vec<Vec<(usize, usize)>> = Vec::new();
    for dimension in [1, 2, 3] {
        slices.extend((0..sizes[dimension]).map(|m| vec![(dimension, m)]));
    }
    for year in 0..sizes[0] {
        slices.extend((0..sizes[1]).map(|sector| vec![(0, year), (1, sector)]));
    }
    let mut text = String::new();
    let mut dependent = recipe.dependent;
    for slice in slices {
        let inside = cells.iter().filter(|cell| slice.iter().all(|(d, m)| cell.members[*d] == *m));
        let sums = inside.fold(Sums { target: 0, baseline: 0 }, |sums, cell| Sums {
            target: sums.target + cell.target,
            baseline: sums.baseline + cell.baseline,
        });
        if sums.baseline == 0 {
            continue;
        }
        let tight = random.random_bool(recipe.binding.clamp(0.0, 1.0));
        let per_mille =
            if tight { random.random_range(0..2) } else { random.random_range(60..200) };
        let room = sums.target * per_mille / 1000;
        let bounds = (sums.target.saturating_sub(room), sums.target + room);
        let id: Vec<String> = slice.iter().map(|(d, m)| member(NAMES[*d], *m)).collect();
        write_limit(&mut text, &id.join("-"), &slice, bounds);
        if dependent > 0 && tight {
            dependent -= 1;
            write_limit(&mut text, &format!("{}-again", id.join("-")), &slice, bounds);
        }
    }
    if recipe.infeasible {
        let spent: u64 = cells.iter().map(|cell| cell.target).sum();
        let _ = write!(
            text,
            "\n[[limit]]\nid = \"too-much\"\nmin = {}\nauthority = \"made up\"\n",
            spent + spent / 100 + 1
        );
    }
    text
}

fn write_limit(text: &mut String, id: &str, slice: &[(usize, usize)], (min, max): (u64, u64)) {
    let on: Vec<String> = slice
        .iter()
        .map(|(d, m)| format!("{} = \"{}\"", NAMES[*d], member(NAMES[*d], *m)))
        .collect();
    let _ = write!(
        text,
        "\n[[limit]]\nid = \"{id}\"\non = {{ {} }}\nmin = {min}\nmax = {max}\nauthority = \"made up\"\n",
        on.join(", ")
    );
}

fn table(cells: &[Cell]) -> String {
    let mut text = String::from("year,sector,priority,category,baseline,min,provenance\n");
    for cell in cells {
        for (name, place) in NAMES.iter().zip(cell.members) {
            text += &member(name, place);
            text.push(',');
        }
        let min = cell.min.map(|min| min.to_string()).unwrap_or_default();
        let _ = writeln!(text, "{},{min},assumed", cell.baseline);
    }
    text
}
