//! Tables in workbooks: what they say, what they are refused for, and that nothing in them panics.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use virement::scenario::{Style, render};
use virement::session::{self, Refused};

use crate::books::{Cell, SHEET, TEXTS, book, of_parts, parts, rows, with};
use crate::memory::Folder;

const PLAN: &str = r#"format = "virement/plan@1"
title = "In a workbook"
currency = "EUR"
[[dimension]]
id = "line"
members = ["a", "b", "c"]
[cells]
table = "book.xlsx"
"#;

fn folder(plan: &str, book: Vec<u8>) -> Folder {
    let mut folder = Folder::of(&[("plan.toml", plan)]);
    folder.0.insert("book.xlsx".into(), book);
    folder
}

fn refused(folder: &Folder) -> Refused {
    match session::check(&folder.clone().ask("plan.toml")) {
        Err(refused) => refused,
        Ok(_) => panic!("it was not refused"),
    }
}

/// The problems of the plan in `folder`, drawn.
fn message(folder: &Folder) -> String {
    let refused = refused(folder);
    let style = Style { colour: false, unicode: true };
    refused.problems.iter().map(|problem| render(problem, &refused.sources, style)).collect()
}

fn codes(folder: &Folder) -> Vec<&'static str> {
    refused(folder).problems.iter().map(|problem| problem.code).collect()
}

/// The baselines of the plan in `folder`.
fn baselines(folder: &Folder) -> Vec<String> {
    let Ok((resolved, _)) = session::check(&folder.clone().ask("plan.toml")) else {
        panic!("{}", message(folder))
    };
    resolved.plan.cells().iter().map(|cell| cell.baseline.to_string()).collect()
}

fn cells(figures: [Cell; 3]) -> Vec<Vec<Option<Cell>>> {
    let mut all = rows("line,baseline\n");
    for (line, figure) in ["a", "b", "c"].into_iter().zip(figures) {
        all.push(vec![Some(Cell::Text(line.into())), Some(figure)]);
    }
    all
}

/// The tables of a plan in one workbook, and the plan and scenario files that name them there.
fn in_a_workbook(plan: &str) -> Folder {
    let files = session::embedded_files(plan).expect("an embedded plan");
    let mut folder = Folder::default();
    let mut sheets = Vec::new();
    for (name, bytes) in &files {
        let text = std::str::from_utf8(bytes).expect("text");
        match name.strip_suffix(".csv") {
            Some(sheet) => sheets.push((sheet, rows(text))),
            None => {
                folder.0.insert(name.clone(), text.replace(".csv\"", "\"").into_bytes());
            }
        }
    }
    for bytes in folder.0.values_mut() {
        let mut text = String::from_utf8(bytes.clone()).expect("text");
        for (sheet, _) in &sheets {
            let members = format!("members-table = \"book.xlsx\"\nmembers-sheet = \"{sheet}\"");
            text = text.replace(&format!("members-table = \"{sheet}\""), &members).replace(
                &format!("table = \"{sheet}\""),
                &format!("table = \"book.xlsx#{sheet}\""),
            );
        }
        *bytes = text.into_bytes();
    }
    folder.0.insert("book.xlsx".into(), book(&sheets));
    folder
}

#[test]
fn a_plan_in_a_workbook_has_the_answer_of_the_plan_in_csv() {
    for (plan, asked) in [("first-steps", "limits"), ("itu-2012-2015", "adopted")] {
        let disk = tempfile::tempdir().expect("a folder");
        for (name, bytes) in in_a_workbook(plan).0 {
            std::fs::write(disk.path().join(name), bytes).expect("a file");
        }
        let solve = |name: &str| {
            let output = std::process::Command::new(env!("CARGO_BIN_EXE_virement"))
                .args(["solve", name, "--format", "json"])
                .output()
                .expect("the program runs");
            let text = String::from_utf8(output.stdout).expect("text");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            let own = |line: &&str| !line.contains("\"hash\"") && !line.contains("\"scenario\"");
            text.lines().filter(own).collect::<Vec<_>>().join("\n")
        };
        let home = disk.path().join(format!("{asked}.scenario.toml")).display().to_string();
        assert_eq!(solve(&home), solve(&format!("{plan}/{asked}")), "{plan}");
    }
}

#[test]
fn figures_are_read_as_the_decimals_that_the_workbook_shows() {
    let figures = [Cell::Number(0.85), Cell::Percent(0.25), Cell::Text("1/3".into())];
    let read = baselines(&folder(PLAN, book(&[("Cells", cells(figures))])));
    assert_eq!(read, ["0.85", "0.25", "1/3"]);
    let figures = [Cell::Number(-12000.0), Cell::Number(1e-7), Cell::Number(123_456_789_012.34)];
    let read = baselines(&folder(PLAN, book(&[("Cells", cells(figures))])));
    assert_eq!(read, ["-12000", "0.0000001", "123456789012.34"]);
    let figures = [Cell::Formula("=2*3.5", "7"), Cell::Number(-0.0), Cell::Number(0.1 + 0.2)];
    let read = baselines(&folder(PLAN, book(&[("Cells", cells(figures))])));
    assert_eq!(read, ["7", "0", "0.30000000000000004"]);
}

#[test]
fn rows_and_columns_may_stand_apart() {
    let mut apart = vec![vec![], vec![]];
    for (place, row) in rows("line,baseline\na,1\nb,2\nc,3\n").into_iter().enumerate() {
        apart.extend(vec![vec![]; place]);
        let [line, figure] = <[_; 2]>::try_from(row).ok().expect("two fields");
        apart.push(vec![None, line, None, None, figure]);
    }
    let whole = folder(PLAN, book(&[("Cells", apart.clone())]));
    assert_eq!(baselines(&whole), ["1", "2", "3"]);
    apart[7][4] = Some(Cell::Text("two".into()));
    let text = message(&folder(PLAN, book(&[("Cells", apart)])));
    assert!(text.contains("book.xlsx#Cells:8:"), "{text}");
    assert!(text.contains("(E8)"), "{text}");
}

#[test]
fn a_sheet_is_named_beside_the_table_or_behind_it() {
    let two = book(&[("Notes", rows("x\n")), ("My cells", rows("line,baseline\na,1\nb,2\nc,3\n"))]);
    let named = |name: &str| folder(&PLAN.replace("\"book.xlsx\"", name), two.clone());
    assert_eq!(baselines(&named("\"book.xlsx\"\nsheet = \"My cells\"")).len(), 3);
    assert_eq!(baselines(&named("\"book.xlsx#My cells\"")).len(), 3);
    assert_eq!(codes(&named("\"book.xlsx\"")), ["which-sheet"]);
    assert_eq!(codes(&named("\"book.xlsx#My cells\"\nsheet = \"Notes\"")), ["sheet-twice"]);
    let text = message(&named("\"book.xlsx\"\nsheet = \"my cels\""));
    assert!(text.contains("did you mean `My cells`?"), "{text}");
    let csv = named("\"cells.csv\"\nsheet = \"Cells\"").with("cells.csv", "line,baseline\n");
    assert_eq!(codes(&csv), ["sheet-of-text"]);
}

#[test]
fn a_table_gives_one_control_a_row() {
    let plan = PLAN.replace("book.xlsx", "cells.csv")
        + "[[control]]\ntable = \"totals.csv\"\nprovenance = \"confirmed\"\nsource = \"Annex\"\n";
    let cells = "line,baseline\na,1\nb,2\nc,3\n";
    let totals = "line,equals,source\na,1,\n,6,Total\n";
    let files = Folder::of(&[("plan.toml", &plan), ("cells.csv", cells), ("totals.csv", totals)]);
    let (resolved, _) = session::check(&files.clone().ask("plan.toml")).ok().expect("a plan");
    let found: Vec<(String, Option<&str>, &str)> = resolved
        .plan
        .controls()
        .iter()
        .map(|c| (c.equals.to_string(), c.source.as_deref(), c.provenance.word()))
        .collect();
    assert_eq!(
        found,
        [("1".into(), Some("Annex"), "confirmed"), ("6".into(), Some("Total"), "confirmed")]
    );
    let wrong = files.with("totals.csv", &totals.replace(",6,", ",7,"));
    let text = message(&wrong);
    assert!(text.contains("totals.csv:3:"), "{text}");
    let none = wrong.with("totals.csv", "line,source\na,Annex\n");
    assert_eq!(codes(&none), ["missing-column"]);
}

#[test]
fn what_a_table_cannot_hold_is_refused_at_its_cell() {
    let sheet = cells([Cell::Flag(true), Cell::Day(45292.0), Cell::Number(1e17)]);
    let whole = book(&[("Cells", sheet)]);
    let text = message(&folder(PLAN, whole));
    for (code, cell) in [("cell-flag", "(B2)"), ("cell-date", "(B3)"), ("cell-number", "(B4)")] {
        assert!(text.contains(code) && text.contains(cell), "{text}");
    }
    assert!(text.contains("`2024-01-01`"), "{text}");
}

/// A row of a million and a column of ten thousand: a dense table of them has ten thousand million
/// cells.
#[test]
fn a_cell_far_away_costs_no_more_than_another() {
    let near = book(&[("Cells", rows("line,baseline\na,1\nb,2\nc,3\n"))]);
    let far = with(
        &near,
        SHEET,
        "</sheetData>",
        "<row r=\"1000000\"><c r=\"NTP1000000\"><v>4</v></c></row></sheetData>",
    );
    let far = with(&far, SHEET, "<dimension ref=\"A1:B4\"/>", "<dimension ref=\"A1:XFD1048576\"/>");
    let text = message(&folder(PLAN, far));
    assert!(text.contains("cell NTP1000000 holds `4`"), "{text}");
    assert!(text.contains("book.xlsx#Cells:1000000:"), "{text}");
}

/// The directory of the zip file says that the part is small; only inflating it finds out.
fn with_directory_that_lies(book: &[u8], inflated: usize) -> Vec<u8> {
    let wanted = u32::try_from(inflated).expect("a small number").to_le_bytes();
    let mut bytes = book.to_vec();
    let at = |bytes: &[u8]| bytes.windows(4).position(|window| window == wanted);
    while let Some(at) = at(&bytes) {
        bytes[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
    }
    bytes
}

#[test]
fn a_workbook_that_inflates_without_end_is_refused() {
    let near = book(&[("Cells", rows("line,baseline\na,1\nb,2\nc,3\n"))]);
    for (part, size) in [(TEXTS, (64 << 20) + 7), ("xl/theme/theme1.xml", (256 << 20) + 7)] {
        let mut parts = parts(&near);
        let (_, bytes) = parts.iter_mut().find(|(name, _)| name == part).expect("the part");
        *bytes = vec![b' '; size];
        let bomb = of_parts(&parts);
        assert!(bomb.len() < 1 << 20, "{} bytes", bomb.len());
        let lying = with_directory_that_lies(&bomb, size);
        assert_ne!(lying, bomb);
        assert_eq!(codes(&folder(PLAN, bomb)), ["workbook-size"]);
        assert_eq!(codes(&folder(PLAN, lying)), ["workbook-damaged"]);
    }
}

#[test]
fn parts_that_are_small_by_themselves_are_counted_together() {
    let mut parts = parts(&book(&[("Cells", rows("line,baseline\na,1\nb,2\nc,3\n"))]));
    parts.extend((0..5).map(|place| (format!("xl/media/{place}.bin"), vec![0; 60 << 20])));
    assert_eq!(codes(&folder(PLAN, of_parts(&parts))), ["workbook-size"]);
    parts.pop();
    assert_eq!(baselines(&folder(PLAN, of_parts(&parts))).len(), 3);
}

#[test]
fn a_workbook_of_too_many_parts_is_refused() {
    let mut parts = parts(&book(&[("Cells", rows("line,baseline\na,1\nb,2\nc,3\n"))]));
    parts.extend((0..10_000).map(|place| (format!("xl/media/{place}.bin"), Vec::new())));
    assert_eq!(codes(&folder(PLAN, of_parts(&parts))), ["workbook-size"]);
}

#[test]
fn counts_that_a_workbook_states_are_not_believed() {
    let near = book(&[("Cells", rows("line,baseline\na,1\nb,2\nc,3\n"))]);
    let many = with(&near, TEXTS, "uniqueCount=\"5\"", "uniqueCount=\"4000000000000\"");
    assert_eq!(codes(&folder(PLAN, many)), ["workbook-damaged"]);
    let shared = "<f t=\"shared\" si=\"9000000000000\" ref=\"B2\">1</f><v>1</v>";
    let far = with(&near, SHEET, "<v>1</v>", shared);
    let read = session::check(&folder(PLAN, far).ask("plan.toml"));
    assert!(read.is_ok(), "the number of a shared formula is of no use here");
}

/// Each problem points inside a file, and can be drawn.
fn assert_places(refused: &Refused, what: &str) {
    assert!(!refused.problems.is_empty(), "{what}: refused without a word");
    for problem in &refused.problems {
        for (place, _) in &problem.labels {
            let text = &refused.sources.get(place.file).text;
            let inside = text.get(place.start as usize..place.end as usize);
            assert!(inside.is_some(), "{what}: `{}` points outside its file", problem.message);
        }
        render(problem, &refused.sources, Style { colour: false, unicode: true });
    }
}

fn damaged(bytes: &[u8], random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut below = |end: usize| random.next_u32() as usize % end.max(1);
    let mut bytes = bytes.to_vec();
    for _ in 0..=below(3) {
        let at = below(bytes.len());
        match below(6) {
            0 => bytes.truncate(at),
            1 => {
                let end = (at + below(30)).min(bytes.len());
                bytes.drain(at..end);
            }
            2 => {
                let strays =
                    ["9", "99999999", "-1", "<", ">", "\"", "/>", "</", "&", "A", "\0", "é"];
                let stray = strays[below(strays.len())].as_bytes();
                bytes.splice(at..at, stray.iter().copied());
            }
            3 => {
                let digits: Vec<usize> =
                    (0..bytes.len()).filter(|at| bytes[*at].is_ascii_digit()).collect();
                if let Some(at) = digits.get(below(digits.len())) {
                    bytes[*at] = b"0123456789Ze"[below(12)];
                }
            }
            _ if !bytes.is_empty() => bytes[at] = below(256).to_le_bytes()[0],
            _ => {}
        }
    }
    bytes
}

#[test]
fn damage_to_a_workbook_is_met_with_a_message() {
    let start = Instant::now();
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let figures = [Cell::Formula("=1+1", "2"), Cell::Percent(0.25), Cell::Number(3.0)];
    let whole = book(&[("Cells", cells(figures))]);
    let whole_parts = parts(&whole);
    let (mut refused, mut loaded) = (0, 0);
    for round in 0..600 {
        // Damage to the file is found by its checksums; damage to a part has to be read.
        let bytes = if round % 3 == 0 {
            damaged(&whole, &mut random)
        } else {
            let mut parts = whole_parts.clone();
            let part = random.next_u32() as usize % parts.len();
            parts[part].1 = damaged(&parts[part].1, &mut random);
            of_parts(&parts)
        };
        let request = folder(PLAN, bytes).ask("plan.toml");
        let tried = catch_unwind(AssertUnwindSafe(|| session::check(&request).err()));
        match tried.unwrap_or_else(|_| panic!("damage {round}: see the panic above")) {
            Some(found) => {
                assert_places(&found, &format!("damage {round}"));
                refused += 1;
            }
            None => loaded += 1,
        }
    }
    assert!(refused > 150 && loaded > 50, "{refused} refused, {loaded} loaded");
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}
