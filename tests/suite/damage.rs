//! No input causes a panic: every file of every embedded plan is damaged at random, and what comes
//! back is an answer, or problems that each have their place.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use virement::scenario::{Style, render};
use virement::session::{self, Refused, Request};

use crate::memory::Folder;

fn below(random: &mut ChaCha8Rng, end: usize) -> usize {
    random.next_u32() as usize % end.max(1)
}

/// What stands in files by mistake.
const STRAYS: &[&str] = &[
    "\0",
    "\u{feff}",
    "\"",
    "'",
    "[",
    "]",
    "{",
    "}",
    "[[",
    "]]",
    "=",
    ",",
    ",,,,",
    "\n",
    "\r",
    "#",
    ".",
    "-",
    "1e999999999",
    "99999999999999999999999999",
    "-1",
    "0",
    "1/0",
    "0.0000000000000000001",
    "NaN",
    "inf",
    "€",
    "\u{202e}",
    "é\u{301}",
    "1979-05-27T07:32:00Z",
    "true",
    "max = ",
    "[limit]",
    "{ not = [] }",
    "id = \"\"",
    "1000%",
    "-100%",
    "../../etc/passwd",
    "\"\"\"",
];

/// One to three pieces of damage: to bytes, words, numbers or lines.
fn damage(bytes: &[u8], random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=below(random, 3) {
        let at = below(random, bytes.len());
        match below(random, 10) {
            0 => bytes.truncate(at),
            1 => {
                let end = (at + below(random, 40)).min(bytes.len());
                bytes.drain(at..end);
            }
            2 if !bytes.is_empty() => bytes[at] = random.next_u32().to_le_bytes()[0],
            3 => {
                let stray = 0x80 | (random.next_u32().to_le_bytes()[0] & 0x7f);
                bytes.insert(at, stray);
            }
            4 => lines(&mut bytes, random, |lines, a, _| lines.insert(a, lines[a].clone())),
            5 => lines(&mut bytes, random, |lines, a, b| lines.swap(a, b)),
            6 => lines(&mut bytes, random, |lines, a, _| {
                lines.remove(a);
            }),
            7 | 8 => {
                let digits: Vec<usize> =
                    (0..bytes.len()).filter(|at| bytes[*at].is_ascii_digit()).collect();
                if let Some(at) = digits.get(below(random, digits.len())) {
                    let stray = STRAYS[below(random, STRAYS.len())].as_bytes();
                    bytes.splice(*at..=*at, stray.iter().copied());
                }
            }
            _ => {
                let stray = STRAYS[below(random, STRAYS.len())].as_bytes();
                bytes.splice(at..at, stray.iter().copied());
            }
        }
    }
    bytes
}

fn lines(
    bytes: &mut Vec<u8>,
    random: &mut ChaCha8Rng,
    change: impl Fn(&mut Vec<Vec<u8>>, usize, usize),
) {
    let mut lines: Vec<Vec<u8>> = bytes.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
    let (a, b) = (below(random, lines.len()), below(random, lines.len()));
    change(&mut lines, a, b);
    *bytes = lines.join(&b'\n');
}

/// Each problem points inside a file, and can be drawn.
fn assert_places(refused: &Refused, what: &str) {
    assert!(!refused.problems.is_empty(), "{what}: refused without a word");
    for problem in &refused.problems {
        assert!(!problem.labels.is_empty(), "{what}: `{}` has no place", problem.message);
        for (place, _) in &problem.labels {
            let text = &refused.sources.get(place.file).text;
            let inside = text.get(place.start as usize..place.end as usize);
            assert!(inside.is_some(), "{what}: `{}` points outside its file", problem.message);
        }
        let drawn = render(problem, &refused.sources, Style { colour: false, unicode: true });
        assert!(drawn.contains(&problem.message.lines().next().unwrap_or_default()[..1]), "{what}");
    }
}

/// Damages to each file; solving every one that still loads would take minutes.
const DAMAGES: usize = 100;
const SOLVED: usize = 8;
/// Bytes of the cell table of the largest plan whose damaged versions are solved.
const LARGEST_SOLVED: usize = 20_000;

/// Whether the damaged plan loads; every problem must have its place.
fn loads(request: &Request, solves: bool, what: &str) -> bool {
    if let Err(found) = session::check(request) {
        assert_places(&found, what);
        return false;
    }
    if solves && let Err(found) = session::answer(request) {
        assert_places(&found, what);
    }
    true
}

#[test]
fn damage_to_any_file_is_met_with_a_message_at_its_place() {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let (mut refused, mut loaded) = (0_usize, 0_usize);
    for plan in session::embedded_plans() {
        let files = session::embedded_files(&plan).expect("an embedded plan");
        let whole = Folder(files.into_iter().map(|(n, b)| (n, b.to_vec())).collect());
        let scenarios: Vec<&String> =
            whole.0.keys().filter(|name| name.ends_with(".scenario.toml")).collect();
        let small = whole.0["cells.csv"].len() < LARGEST_SOLVED;
        for name in whole.0.keys() {
            for round in 0..if small { DAMAGES } else { DAMAGES / 12 } {
                let what = format!("{plan}/{name}, damage {round}");
                let mut folder = whole.clone();
                folder.0.insert(name.clone(), damage(&whole.0[name], &mut random));
                let path = if name.ends_with(".scenario.toml") {
                    name.clone()
                } else {
                    scenarios[round % scenarios.len()].clone()
                };
                let request = folder.ask(&path);
                let tried =
                    catch_unwind(AssertUnwindSafe(|| loads(&request, round % SOLVED == 0, &what)));
                if tried.unwrap_or_else(|_| panic!("{what}: see the panic above")) {
                    loaded += 1;
                } else {
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > 500 && loaded > 100, "{refused} refused, {loaded} loaded");
}
