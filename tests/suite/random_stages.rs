//! Random stages of every objective.

use std::fmt::Write;

use rand::{Rng, RngExt};

use crate::random_plans::{Draft, NAMES, member};

/// Adds some stages, one of which takes in the soft limits.
pub(crate) fn stages(draft: &mut Draft, random: &mut impl Rng) {
    let count = [0, 1, 1, 2, 3][random.random_range(0..5)];
    let mut texts: Vec<String> = (0..count).map(|place| stage(draft, place, random)).collect();
    if !draft.soft.is_empty() {
        let at = random.random_range(0..=texts.len());
        if draft.soft.len() > 1 && random.random_range(0..3) == 0 {
            let (first, rest) = draft.soft.split_at(1);
            texts.insert(at, promises("first", first, random));
            texts.push(promises("rest", rest, random));
        } else {
            texts.insert(at, promises("promises", &draft.soft, random));
        }
    }
    for mut text in texts {
        if random.random_range(0..4) == 0 {
            let loss = ["1%", "5%", "1/1000", "20%"][random.random_range(0..4)];
            let _ = writeln!(text, "loss = \"{loss}\"");
        }
        draft.text += &text;
    }
}

fn promises(id: &str, limits: &[String], random: &mut impl Rng) -> String {
    let ids: Vec<String> = limits.iter().map(|id| format!("\"{id}\"")).collect();
    let even = if random.random_range(0..3) == 0 { "spread = \"even\"\n" } else { "" };
    let limits = ids.join(", ");
    format!("[[stage]]\nid = \"{id}\"\nminimise = \"shortfall\"\nlimits = [{limits}]\n{even}")
}

fn stage(draft: &mut Draft, place: usize, random: &mut impl Rng) -> String {
    let on = draft.slice(random).text;
    let line = member(1, random.random_range(0..draft.lines));
    let axes = draft.axes();
    let name = NAMES[axes[random.random_range(0..axes.len())]];
    let up = if random.random_bool(0.5) { "maximise" } else { "minimise" };
    let body = match random.random_range(0..13) {
        0 => format!("minimise = \"shortfall\"\nof = \"need\"\non = {on}\n"),
        1 => format!(
            "minimise = \"shortfall\"\nof = \"need\"\nspread = \"even\"\neach = [\"{name}\"]\n"
        ),
        2 => format!("maximise = \"value\"\nweights = {{ line = {{ {line} = 2 }} }}\non = {on}\n"),
        3 => returns(draft, place, random),
        4 => format!("maximise = \"coverage\"\non = {on}\n"),
        5 => format!("maximise = \"coverage\"\neach = [\"{name}\"]\n"),
        6 => format!("minimise = \"change\"\nspread = \"few-moves\"\non = {on}\n"),
        7 => format!("minimise = \"turnover\"\nwithin = \"{name}\"\non = {on}\n"),
        8 => "minimise = \"turnover\"\nwithin = \"cells\"\n".into(),
        9 => deviation(draft, place, random),
        10 if draft.draws => {
            "minimise = \"reserve-use\"\non = { revenue = [\"fees\", \"draw\"] }\n".into()
        }
        11 if draft.measured => format!("{up} = \"posts\"\non = {on}\n"),
        11 if draft.attributed => format!("{up} = {{ goal = \"two\" }}\n"),
        12 if draft.draws => format!("{up} = \"amount\"\non = {{ revenue = [\"draw\"] }}\n"),
        _ => format!("{up} = \"amount\"\non = {on}\n"),
    };
    format!("[[stage]]\nid = \"stage-{place}\"\n{body}")
}

/// Concave returns of some lines, whose rates often tie.
fn returns(draft: &mut Draft, place: usize, random: &mut impl Rng) -> String {
    let name = format!("returns-{place}.csv");
    let mut rows = String::from("line,up-to,rate\n");
    for line in 0..draft.lines {
        let (baseline, _) = draft.level(&crate::random_plans::Picked::default(), Some((1, line)));
        let known = draft.spots.iter().any(|spot| spot.members[1] == line);
        if !known || random.random_range(0..4) == 0 {
            continue;
        }
        let mut rate = random.random_range(1..4);
        let first = (baseline * 9 / 10).max(1);
        let pieces = random.random_range(1..4);
        for piece in 0..pieces {
            let last = piece + 1 == pieces && random.random_bool(0.5);
            let end = if last { String::new() } else { (first + 10 * piece).to_string() };
            let _ = writeln!(rows, "{},{end},{rate}", member(1, line));
            rate = (rate - random.random_range(0..2)).max(0);
        }
    }
    draft.files = draft.files.with(&name, &rows);
    format!("maximise = \"value\"\nreturns = \"{name}\"\n")
}

fn deviation(draft: &mut Draft, place: usize, random: &mut impl Rng) -> String {
    let name = format!("targets-{place}.csv");
    let mut rows = String::from("line,amount\n");
    for line in 0..draft.lines {
        let (baseline, _) = draft.level(&crate::random_plans::Picked::default(), Some((1, line)));
        if draft.spots.iter().any(|spot| spot.members[1] == line) && random.random_bool(0.7) {
            let _ =
                writeln!(rows, "{},{}", member(1, line), baseline + random.random_range(-20..21));
        }
    }
    draft.files = draft.files.with(&name, &rows);
    format!("minimise = \"deviation\"\ntargets = \"{name}\"\n")
}
