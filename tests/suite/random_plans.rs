//! Random plans of every family of limits and stages, as the files that a planner would write.
//!
//! A plan is made around a hidden target: amounts that keep most of its limits. So limits often
//! bind, tie and depend on one another, and some clash by a hair.

use std::fmt::Write;

use rand::{Rng, RngExt};

use crate::memory::Folder;
use crate::programmes::random;
use crate::random_limits::{limit, measures};
use crate::random_stages::stages;

/// A cell of a random plan: its year, line and place, its baseline and its target.
#[derive(Debug, Clone)]
pub(crate) struct Spot {
    pub(crate) members: [usize; 3],
    pub(crate) baseline: i64,
    pub(crate) target: i64,
}

/// What a random plan is made of, while it is being written.
pub(crate) struct Draft {
    pub(crate) years: usize,
    pub(crate) lines: usize,
    pub(crate) places: usize,
    pub(crate) spots: Vec<Spot>,
    pub(crate) text: String,
    pub(crate) files: Folder,
    pub(crate) soft: Vec<String>,
    pub(crate) draws: bool,
    pub(crate) measured: bool,
    pub(crate) attributed: bool,
}

/// A slice: the text of `on`, and the members that it picks (none: all).
#[derive(Debug, Clone, Default)]
pub(crate) struct Picked {
    pub(crate) text: String,
    pub(crate) members: [Option<Vec<usize>>; 3],
}

impl Picked {
    pub(crate) fn holds(&self, spot: &Spot) -> bool {
        self.members
            .iter()
            .zip(&spot.members)
            .all(|(pick, member)| pick.as_ref().is_none_or(|pick| pick.contains(member)))
    }
}

impl Draft {
    /// The sums of baselines and targets in a slice, narrowed to a member where one is given.
    pub(crate) fn level(&self, on: &Picked, narrow: Option<(usize, usize)>) -> (i64, i64) {
        let inside = |spot: &&Spot| {
            on.holds(spot) && narrow.is_none_or(|(axis, member)| spot.members[axis] == member)
        };
        let spots: Vec<&Spot> = self.spots.iter().filter(inside).collect();
        (spots.iter().map(|s| s.baseline).sum(), spots.iter().map(|s| s.target).sum())
    }

    /// The dimensions that the plan has: of year, line and place.
    pub(crate) fn axes(&self) -> Vec<usize> {
        [self.years > 0, true, self.places > 0]
            .iter()
            .enumerate()
            .filter(|(_, is)| **is)
            .map(|(a, _)| a)
            .collect()
    }

    pub(crate) fn count(&self, axis: usize) -> usize {
        [self.years, self.lines, self.places][axis]
    }

    /// Some slice that has cells.
    pub(crate) fn slice(&self, random: &mut impl Rng) -> Picked {
        for _ in 0..5 {
            let on = self.some_slice(random);
            if self.spots.iter().any(|spot| on.holds(spot)) {
                return on;
            }
        }
        Picked { text: "{ }".into(), ..Picked::default() }
    }

    fn some_slice(&self, random: &mut impl Rng) -> Picked {
        let mut on = Picked::default();
        let mut texts = Vec::new();
        for axis in self.axes() {
            if random.random_range(0..10) < 4 {
                continue;
            }
            let count = self.count(axis);
            let name = NAMES[axis];
            let one = random.random_range(0..count);
            let (text, members) = match random.random_range(0..6) {
                0 if axis == 1 => ("{ tag = \"odd\" }".into(), odd(count)),
                1 if count > 1 => {
                    let others = (0..count).filter(|m| *m != one).collect();
                    (format!("{{ not = [\"{}\"] }}", member(axis, one)), others)
                }
                2 if count > 1 => {
                    let other = (one + 1) % count;
                    let text = format!("[\"{}\", \"{}\"]", member(axis, one), member(axis, other));
                    (text, vec![one, other])
                }
                3 if axis == 1 && count > 2 => ("\"front\"".into(), vec![0, 1]),
                _ => (format!("\"{}\"", member(axis, one)), vec![one]),
            };
            texts.push(format!("{name} = {text}"));
            on.members[axis] = Some(members);
        }
        on.text = format!("{{ {} }}", texts.join(", "));
        on
    }
}

pub(crate) const NAMES: [&str; 3] = ["year", "line", "place"];

fn odd(count: usize) -> Vec<usize> {
    (0..count).filter(|line| line % 2 == 1).collect()
}

pub(crate) fn member(axis: usize, place: usize) -> String {
    [format!("{}", 2024 + place), format!("l{place}"), format!("p{place}")][axis].clone()
}

/// The plan of place `case`.
pub(crate) fn plan(case: u64) -> Folder {
    let mut random = random(case ^ 0x00C4_EC45);
    let random = &mut random;
    let mut draft = Draft {
        years: [0, 1, 2, 2, 3][random.random_range(0..5)],
        lines: random.random_range(2..6),
        places: [0, 0, 2][random.random_range(0..3)],
        spots: Vec::new(),
        text: String::new(),
        files: Folder::default(),
        soft: Vec::new(),
        draws: false,
        measured: false,
        attributed: false,
    };
    head(&mut draft, random);
    cells(&mut draft, random);
    revenue(&mut draft, random);
    measures(&mut draft, random);
    for place in 0..random.random_range(1..6) {
        limit(&mut draft, place, random);
    }
    stages(&mut draft, random);
    let text = std::mem::take(&mut draft.text);
    draft.files.with("plan.toml", &text)
}

fn head(draft: &mut Draft, random: &mut impl Rng) {
    let quantum = [1, 1, 1, 5][random.random_range(0..4)];
    let text = &mut draft.text;
    *text += "format = \"virement/plan@1\"\ntitle = \"Random\"\ncurrency = \"EUR\"\nscale = 1000\n";
    let _ = writeln!(text, "quantum = {quantum}");
    if draft.years > 0 {
        *text += "[[dimension]]\nid = \"year\"\nrole = \"time\"\n";
        if draft.years > 1 {
            *text += "levels = [\"term\", \"year\"]\n";
            let years = (0..draft.years)
                .map(|y| format!("{{ id = \"{}\", parent = \"t{}\" }}", member(0, y), y / 2));
            let terms = (0..draft.years.div_ceil(2)).map(|t| format!("{{ id = \"t{t}\" }}"));
            let all: Vec<String> = terms.chain(years).collect();
            let _ = writeln!(text, "members = [ {} ]", all.join(", "));
        } else {
            *text += "members = [ \"2024\" ]\n";
        }
    }
    *text += "[[dimension]]\nid = \"line\"\n";
    let grouped = draft.lines > 2;
    let line = |l: usize| {
        let parent = if grouped && l < 2 { ", parent = \"front\"" } else { "" };
        let tag = if l % 2 == 1 { ", tags = [\"odd\"]" } else { "" };
        format!("{{ id = \"l{l}\"{parent}{tag} }}")
    };
    let front = if grouped { "{ id = \"front\" }, " } else { "" };
    let lines: Vec<String> = (0..draft.lines).map(line).collect();
    let _ = writeln!(text, "members = [ {front}{} ]", lines.join(", "));
    if draft.places > 0 {
        *text += "[[dimension]]\nid = \"place\"\nmembers = [ \"p0\", \"p1\" ]\n";
    }
    *text += "[cells]\ntable = \"cells.csv\"\n";
}

fn cells(draft: &mut Draft, random: &mut impl Rng) {
    let axes = draft.axes();
    let names: Vec<&str> = axes.iter().map(|axis| NAMES[*axis]).collect();
    let mut table = format!("{},baseline,need,flexibility,reference,min,max\n", names.join(","));
    let sizes = [10, 20, 20, 50, 100, 100, 100, 33, 7, 250];
    for year in 0..draft.years.max(1) {
        for line in 0..draft.lines {
            for place in 0..draft.places.max(1) {
                if random.random_range(0..8) == 0 && line + place > 0 {
                    continue;
                }
                let spot = cell(&mut table, [year, line, place], &axes, &sizes, random);
                draft.spots.push(spot);
            }
        }
    }
    draft.files = draft.files.with("cells.csv", &table);
}

fn cell(
    table: &mut String,
    members: [usize; 3],
    axes: &[usize],
    sizes: &[i64],
    random: &mut impl Rng,
) -> Spot {
    let size = sizes[random.random_range(0..sizes.len())];
    let baseline = match random.random_range(0..16) {
        0 => 0,
        1 => -size,
        _ => size,
    };
    let flexibility = ["", "", "", "", "2", "1/2", "0"][random.random_range(0..7)];
    let reference = if baseline == 0 && random.random_bool(0.5) { "30" } else { "" };
    let fixed = flexibility == "0" || (baseline == 0 && reference.is_empty());
    let part = [70, 85, 90, 95, 95, 100, 100, 105, 110][random.random_range(0..9)];
    let target = match (fixed, baseline) {
        (true, _) => baseline,
        (false, 0) => random.random_range(0..20),
        _ => baseline * part / 100,
    };
    let bound = |sign: i64, random: &mut dyn FnMut(i64) -> i64| match random(6) {
        0 if !fixed => (target + sign * random(3)).to_string(),
        _ => String::new(),
    };
    let mut draw = |below: i64| random.random_range(0..below);
    let (min, max) = (bound(-1, &mut draw), bound(1, &mut draw));
    let need = (draw(3) > 0).then(|| baseline.abs() + 10 * draw(4));
    let ids: Vec<String> = axes.iter().map(|axis| member(*axis, members[*axis])).collect();
    let asked = need.map(|need| need.to_string()).unwrap_or_default();
    let ids = ids.join(",");
    let _ = writeln!(table, "{ids},{baseline},{asked},{flexibility},{reference},{min},{max}");
    Spot { members, baseline, target }
}

/// Revenue that the target spends, sometimes by way of decisions, and the balance.
fn revenue(draft: &mut Draft, random: &mut impl Rng) {
    draft.draws = random.random_range(0..3) == 0;
    let up_to = random.random_range(0..4) == 0;
    let per_year = |draft: &Draft, year| draft.level(&Picked::default(), Some((0, year))).1;
    let totals: Vec<i64> = (0..draft.years.max(1)).map(|year| per_year(draft, year)).collect();
    let more = if up_to { random.random_range(0..20) } else { 0 };
    let drawn = if draft.draws { random.random_range(0..25) } else { 0 };
    let amount = |total: &i64| total + more - drawn;
    let written = |id: &str, amounts: &[String]| {
        if draft.years == 0 {
            return format!("[[revenue]]\nid = \"{id}\"\namount = {}\n", amounts[0]);
        }
        let each = amounts.iter().enumerate();
        let each: Vec<String> = each.map(|(y, a)| format!("\"{}\" = {a}", member(0, y))).collect();
        format!("[[revenue]]\nid = \"{id}\"\namounts = {{ {} }}\n", each.join(", "))
    };
    let gifts = random.random_range(0..12);
    let main: Vec<String> =
        totals.iter().map(|total| (amount(total) - gifts).to_string()).collect();
    let mut text = written("grants", &main);
    text += &written("gifts", &vec![gifts.to_string(); totals.len()]);
    if draft.draws {
        let prefer = [0, 0, 5][random.random_range(0..3)];
        let first = random.random_range(5..30);
        let _ =
            writeln!(text, "[[revenue]]\nid = \"fees\"\nmin = 0\nmax = {first}\nprefer = {prefer}");
        let _ = writeln!(text, "[[revenue]]\nid = \"draw\"\nmin = 0\nmax = {}", 30);
        let opening = random.random_range(30..120);
        let _ = writeln!(text, "[[driver]]\nid = \"reserve\"\nunit = \"plan\"\nvalue = {opening}");
    }
    if random.random_range(0..25) > 0 {
        text += "[balance]\n";
        if draft.years > 0 {
            let each = if draft.years > 1 && random.random_bool(0.3) { "term" } else { "year" };
            let _ = writeln!(text, "each = \"{each}\"");
        }
        if up_to {
            text += "spend = \"up-to\"\n";
        }
    }
    draft.text += &text;
}
