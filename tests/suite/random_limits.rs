//! Random limits of every family, most of which the target of the plan keeps.

use std::fmt::Write;

use rand::{Rng, RngExt};

use crate::random_plans::{Draft, NAMES, Picked, member};

/// Adds a measure and an attribution to some plans.
pub(crate) fn measures(draft: &mut Draft, random: &mut impl Rng) {
    draft.measured = random.random_range(0..3) == 0;
    draft.attributed = random.random_range(0..3) == 0;
    if draft.measured {
        draft.text += "[[measure]]\nid = \"posts\"\nunit = \"posts\"\ntable = \"posts.csv\"\n";
        let weights = ["0.1", "1/3", "2", "0", "-0.5", "0.1"];
        let row = |line| {
            let weight = weights[random.random_range(0..weights.len())];
            format!("{},{weight}\n", member(1, line))
        };
        let rows: String = (0..draft.lines).map(row).collect();
        draft.files = draft.files.with("posts.csv", &format!("line,weight\n{rows}"));
    }
    if draft.attributed {
        draft.text += "[[attribution]]\nid = \"goal\"\nfrom = { dimension = \"line\" }\n\
                       to = \"goal\"\ntable = \"goal.csv\"\n";
        let shares = [["1", ""], ["", "1"], ["1/3", "2/3"], ["50%", "0.5"], ["1/7", "6/7"]];
        let mut rows = String::from("line,goal,share\n");
        for line in 0..draft.lines {
            let share = shares[random.random_range(0..shares.len())];
            for (goal, share) in ["one", "two"].iter().zip(share).filter(|(_, s)| !s.is_empty()) {
                let _ = writeln!(rows, "{},{goal},{share}", member(1, line));
            }
        }
        draft.files = draft.files.with("goal.csv", &rows);
    }
}

/// Adds the limit of place `place`, of any family, hard or soft.
pub(crate) fn limit(draft: &mut Draft, place: usize, random: &mut impl Rng) {
    let soft = random.random_range(0..5) < 2;
    let on = draft.slice(random);
    let id = format!("limit-{place}");
    let body = match random.random_range(0..13) {
        0 | 1 => Some(amount(draft, &on, soft, random)),
        2 => table(draft, place, random),
        3 | 4 => share(draft, &on, soft, random),
        5 => change(draft, &on, soft, random),
        6 => step(draft, &on, soft, random),
        7 | 8 => movement(draft, &on, soft, random),
        9 => ratio(draft, &on, soft, random),
        10 => path(draft, &on, place, random),
        11 => reserve(draft, soft, random),
        _ => counted(draft, &on, random),
    };
    let Some(body) = body else { return fund(draft, &id, random) };
    let _ = writeln!(draft.text, "[[limit]]\nid = \"{id}\"");
    if !body.contains("reserve") && !body.contains("bounds") {
        let _ = writeln!(draft.text, "on = {}", on.text);
    }
    let _ = writeln!(draft.text, "{body}");
    if soft {
        draft.text += "strength = \"soft\"\n";
        let _ = writeln!(
            draft.text,
            "weight = {}",
            ["1", "1", "1", "2", "0.5", "\"1/3\""][random.random_range(0..6)]
        );
        draft.soft.push(id);
    }
}

/// Room beside a target: often none, sometimes a hair.
fn room(random: &mut impl Rng) -> i64 {
    [0, 0, 0, 1, 2, 5][random.random_range(0..6)]
}

/// A number, or one a hair above or below it.
fn near(value: i64, random: &mut impl Rng) -> String {
    const HAIR: i64 = 1_000_003;
    match random.random_range(0..12) {
        0 => format!("\"{}/{HAIR}\"", value * HAIR + 1),
        1 => format!("\"{}/{HAIR}\"", value * HAIR - 1),
        _ => value.to_string(),
    }
}

fn amount(draft: &Draft, on: &Picked, soft: bool, random: &mut impl Rng) -> String {
    let (baseline, target) = draft.level(on, None);
    let far = if soft { random.random_range(0..30) } else { -room(random) };
    match random.random_range(0..8) {
        0 => format!("min = {}", near(target + far, random)),
        1 => format!("max = {}", near(target - far, random)),
        2 => format!("equal = {}", near(target + i64::from(soft) * far, random)),
        3 => format!("min = {}\nmax = {}", near(target - room(random), random), target + 1),
        4 => "each = [\"line\"]\nmin = \"min(85% of baseline, 300)\"".into(),
        5 => "each = [\"line\"]\nmax = \"max(110% of baseline, 2% of total baseline)\"".into(),
        6 => "max = \"90% of need + 40\"".into(),
        _ if baseline == 0 => "max = \"100% of baseline(line = l0) + 60\"".into(),
        _ => format!("min = \"100% of baseline - {}\"", (baseline - target).max(0) + room(random)),
    }
}

/// Bounds of each line from a table.
fn table(draft: &mut Draft, place: usize, random: &mut impl Rng) -> Option<String> {
    let name = format!("bounds-{place}.csv");
    let mut rows = String::new();
    let share = random.random_range(0..3) == 0;
    let whole = draft.level(&Picked::default(), None).1;
    for line in 0..draft.lines {
        let (_, target) = draft.level(&Picked::default(), Some((1, line)));
        if random.random_range(0..3) == 0 || !draft.spots.iter().any(|s| s.members[1] == line) {
            continue;
        }
        if share && whole > 0 {
            let _ = writeln!(rows, "{},,,{target}/{whole}", member(1, line));
        } else {
            let (less, more) = (target - room(random), target + room(random));
            let _ = writeln!(rows, "{},{less},{more},", member(1, line));
        }
    }
    if rows.is_empty() {
        return None;
    }
    let of = if share { "\nof = { line = \"*\" }" } else { "" };
    draft.files = draft.files.with(&name, &format!("line,min,max,max-share\n{rows}"));
    Some(format!("each = [\"line\"]\nbounds = \"{name}\"{of}"))
}

fn share(draft: &Draft, on: &Picked, soft: bool, random: &mut impl Rng) -> Option<String> {
    let base = draft.slice(random);
    let mut year = Picked::default();
    year.members[0].clone_from(&on.members[0]);
    let (of, base) = match random.random_range(0..4) {
        0 => (String::new(), year),
        1 => (format!("\nof = {}", base.text), base),
        2 => ("\nof = { line = \"*\" }".into(), Picked::default()),
        _ => {
            return Some(format!(
                "each = [\"line\"]\nof = {{ }}\nmax-share = \"{}%\"",
                random.random_range(40..101)
            ));
        }
    };
    let (part, whole) = (draft.level(on, None).1, draft.level(&base, None).1);
    if whole == 0 {
        return None;
    }
    let more = room(random) * whole.signum();
    Some(match random.random_range(0..3) {
        0 => format!("max-share = \"{}/{whole}\"{of}", part + if soft { -2 * more } else { more }),
        1 => format!("min-share = \"{}/{whole}\"{of}", part - if soft { -2 * more } else { more }),
        _ => format!("equal-share = \"{part}/{whole}\"{of}"),
    })
}

fn change(draft: &Draft, on: &Picked, soft: bool, random: &mut impl Rng) -> Option<String> {
    let (baseline, target) = draft.level(on, None);
    if baseline == 0 {
        return None;
    }
    let down = (baseline - target).max(0) + room(random);
    let up = (target - baseline).max(0) + room(random);
    let size = baseline.abs() * if soft { 2 } else { 1 };
    Some(match random.random_range(0..4) {
        0 => format!("max-cut = \"{down}/{size}\""),
        1 => format!("max-rise = \"{up}/{size}\""),
        2 => format!("max-change = \"{}/{size}\"", down.max(up)),
        _ => format!("max-cut = \"{down}/{size}\"\nmax-rise = \"{up}/{size}\""),
    })
}

fn step(draft: &Draft, on: &Picked, soft: bool, random: &mut impl Rng) -> Option<String> {
    if draft.years < 2 {
        return None;
    }
    let mut on = on.clone();
    on.members[0] = None;
    let levels: Vec<i64> = (0..draft.years).map(|y| draft.level(&on, Some((0, y))).1).collect();
    let step = |pair: &[i64]| if pair[0] > 0 { (pair[1] - pair[0]) * 1000 / pair[0] } else { 2000 };
    let steps: Vec<i64> = levels.windows(2).map(step).collect();
    let (most, least) = (steps.iter().max()?, steps.iter().min()?);
    let far = if soft { -20 } else { 1 + 10 * room(random) };
    Some(match random.random_range(0..3) {
        0 => format!("max-step-up = \"{}/1000\"", most + far),
        1 => format!("max-step-down = \"{}/1000\"", far - least),
        _ => format!(
            "max-step-up = \"{}/1000\"\nmax-step-down = \"{}/1000\"",
            most + far,
            far - least
        ),
    })
}

fn movement(draft: &Draft, on: &Picked, soft: bool, random: &mut impl Rng) -> Option<String> {
    let axes = draft.axes();
    let axis = axes[random.random_range(0..axes.len())];
    let cells = random.random_range(0..4) == 0;
    let moves: Vec<i64> = if cells {
        draft.spots.iter().filter(|s| on.holds(s)).map(|s| s.target - s.baseline).collect()
    } else {
        let level = |member| draft.level(on, Some((axis, member)));
        (0..draft.count(axis)).map(level).map(|(baseline, target)| target - baseline).collect()
    };
    let within = if cells { "cells" } else { NAMES[axis] };
    let less = |most: i64| if soft { most / 2 } else { most };
    let most_in = less(moves.iter().max()?.max(&0) + room(random));
    let most_out = less((-moves.iter().min()?).max(0) + room(random));
    let moved: i64 = moves.iter().map(|m| m.abs()).sum();
    let turnover = less(moved + room(random));
    Some(match random.random_range(0..8) {
        0 => format!("within = \"{within}\"\nmax-in = \"max({most_in}, 1% of total baseline)\""),
        1 => format!("within = \"{within}\"\nmax-out = {most_out}"),
        2 => format!("max-in = {}", less(moves.iter().sum::<i64>().max(0) + room(random))),
        3 => format!(
            "within = \"{within}\"\nmax-in = {most_in}\nmax-out = {most_out}\nmax-turnover = \"{turnover}/2\""
        ),
        4 => format!(
            "within = \"{within}\"\ntiers = [{{ up-to = {}, authority = \"Head\" }}, {{ up-to = {}, authority = \"Council\" }}]",
            most_in.max(most_out) / 2,
            most_in.max(most_out)
        ),
        5 if !soft => format!("within = \"{within}\"\napproval = \"Council\""),
        _ => format!("within = \"{within}\"\nmax-turnover = \"{turnover}/2\""),
    })
}

fn ratio(draft: &Draft, on: &Picked, soft: bool, random: &mut impl Rng) -> Option<String> {
    let to = draft.slice(random);
    let (part, whole) = (draft.level(on, None).1, draft.level(&to, None).1);
    if whole <= 0 || part <= 0 {
        return None;
    }
    let far = if soft { -room(random) } else { room(random) };
    // A ratio is a number: a fraction in quotes, or a percent.
    Some(match random.random_range(0..3) {
        0 => format!("at-most-ratio = \"{}/{whole}\"\nto = {}", part + far, to.text),
        1 => format!("at-least-ratio = \"{}/{whole}\"\nto = {}", part - far, to.text),
        _ => format!(
            "at-most-ratio = \"{}%\"\nto = {}",
            (part * 100 + whole - 1) / whole + far,
            to.text
        ),
    })
}

fn path(draft: &mut Draft, on: &Picked, place: usize, random: &mut impl Rng) -> Option<String> {
    if draft.years == 0 {
        return None;
    }
    let name = format!("path-{place}.csv");
    let (baseline, target) = draft.level(on, Some((0, draft.years - 1)));
    let amount =
        if random.random_bool(0.5) { target } else { baseline + random.random_range(0..20) };
    draft.files = draft.files.with(&name, &format!("amount\n{amount}\n"));
    let over = random.random_range(1..4);
    Some(format!("phase-in = {{ to = \"{name}\", over = {over} }}"))
}

fn reserve(draft: &Draft, soft: bool, random: &mut impl Rng) -> Option<String> {
    if !draft.draws {
        return None;
    }
    let most = if soft { 150 } else { 60 };
    Some(match random.random_range(0..3) {
        0 if draft.years > 0 => format!(
            "measure = \"reserve\"\nmin-share = \"{}%\"\nof = {{ expenses = \"year\" }}",
            random.random_range(1..most / 6)
        ),
        1 => format!("measure = \"reserve\"\nmax = {}", random.random_range(10..120)),
        _ => format!("measure = \"reserve\"\nmin = {}", random.random_range(0..most)),
    })
}

/// A measure or an attribution against its own baseline.
fn counted(draft: &Draft, on: &Picked, random: &mut impl Rng) -> Option<String> {
    let measure = match (draft.measured, draft.attributed) {
        (true, _) => "measure = \"posts\"",
        (_, true) => "measure = { goal = \"one\" }",
        _ => return None,
    };
    let inside = draft.spots.iter().filter(|spot| on.holds(spot)).count();
    if inside == 0 {
        return None;
    }
    let percent = random.random_range(85..106);
    Some(match random.random_range(0..3) {
        0 => format!("{measure}\nmin = \"{percent}% of baseline - 3\""),
        1 => format!("{measure}\nmax = \"{percent}% of baseline + 3\""),
        _ => format!("{measure}\neach = [\"line\"]\nmax = \"106% of baseline + 1\""),
    })
}

/// Where a family does not fit the plan: what the gifts bring is spent on a slice.
fn fund(draft: &mut Draft, id: &str, random: &mut impl Rng) {
    let on = draft.slice(random);
    let only = if random.random_range(0..8) == 0 { "only = true\n" } else { "" };
    let _ = writeln!(
        draft.text,
        "[[fund]]\nid = \"fund-{id}\"\nrevenue = [\"gifts\"]\non = {}\n{only}",
        on.text
    );
}
