//! Files to hand on: workbooks with live formulas, reports, sources for print.

use std::io::Cursor;
use std::path::Path;
use std::process::Command;

use calamine::{Data, Range, Reader, Xlsx};
use virement::report::{self, Book, Exporter, Html, Table, Typst};
use virement::session;
use virement::solve::Outcome;

fn written(words: &[&str], file: &Path) -> Vec<u8> {
    let output = Command::new(env!("CARGO_BIN_EXE_virement"))
        .args(words)
        .arg("-o")
        .arg(file)
        .env("LANG", "C.UTF-8")
        .env_remove("LC_ALL")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the program runs");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{words:?}: {told}");
    std::fs::read(file).expect("the file")
}

fn file(words: &[&str], name: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    written(words, &folder.path().join(name))
}

type Workbook = Xlsx<Cursor<Vec<u8>>>;

fn opened(bytes: Vec<u8>) -> Workbook {
    Xlsx::new(Cursor::new(bytes)).expect("a workbook")
}

fn values(book: &mut Workbook, sheet: &str) -> Range<Data> {
    book.worksheet_range(sheet).expect(sheet)
}

/// The number of a cell; nothing in an empty one.
fn number(range: &Range<Data>, row: usize, column: usize) -> f64 {
    match range.get((row, column)) {
        Some(Data::Float(number)) => *number,
        Some(Data::Int(number)) => *number as f64,
        Some(Data::Empty) | None => 0.0,
        Some(other) => panic!("row {row}, column {column}: {other:?} is no number"),
    }
}

fn column_of(range: &Range<Data>, heading: &str) -> usize {
    let head = (0..range.width()).find(
        |at| matches!(range.get((0, *at)), Some(Data::String(text)) if text.starts_with(heading)),
    );
    head.unwrap_or_else(|| panic!("there is no column {heading}"))
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * (1.0 + b.abs())
}

/// The published figures of 2012-2015: 655 242 before, 632 007 after.
#[test]
fn a_workbook_adds_up_by_live_formulas() {
    let mut book = opened(file(&["export", "itu-2012-2015/reallocate"], "a.xlsx"));
    let names = book.sheet_names();
    assert_eq!(names[0], "Allocation");
    assert!(
        ["Pressures", "Explained", "Provenance"].iter().all(|own| names.contains(&(*own).into()))
    );
    let cells = values(&mut book, "Allocation");
    let formulas = book.worksheet_formula("Allocation").expect("formulas");
    let total = 37;
    for (heading, wanted) in [("Baseline (", 655_242.0), ("Allocation (", 632_007.0)] {
        let column = column_of(&cells, heading);
        let sum: f64 = (1..total).map(|row| number(&cells, row, column)).sum();
        assert!(close(sum, wanted) && close(number(&cells, total, column), wanted), "{heading}");
        let formula = formulas.get_value((37, u32::try_from(column).expect("small")));
        assert!(formula.is_some_and(|text| text.starts_with("SUM(")), "{formula:?}");
    }
    for row in total + 1..=total + 2 {
        let Some(Data::String(text)) = cells.get((row, 0)) else { panic!("a check row") };
        assert!(text.starts_with("Check:"), "{text}");
        assert!(close(number(&cells, row, 3), 0.0), "{text}");
    }
    let sector = values(&mut book, "By Sector");
    assert!(close(number(&sector, 1, column_of(&sector, "Allocation (")), 125_455.0));
    let formulas = book.worksheet_formula("By Sector").expect("formulas");
    let formula = formulas.get_value((1, 3)).expect("a formula");
    assert!(formula.starts_with("SUMPRODUCT(EXACT(Allocation!"), "{formula}");
}

/// Each figure is `baseline + weight * (sum of coefficient * multiplier + own)`, from the cells that
/// its formula names.
#[test]
fn every_figure_is_explained_by_the_cells_that_its_formula_names() {
    for scenario in ["first-steps/limits", "itu-2012-2015/reallocate", "itu-2024-2027/transfer"] {
        let mut book = opened(file(&["export", scenario], "a.xlsx"));
        let range = values(&mut book, "Explained");
        let pressures = values(&mut book, "Pressures");
        let [baseline, weight, own, explained] =
            ["Baseline", "Weight", "Own bound", "Explained"].map(|own| column_of(&range, own));
        for column in own + 1..explained {
            let multiplier = number(&pressures, column - own, 2);
            assert!(close(number(&range, 1, column), multiplier), "{scenario}");
        }
        let last = range.height() - 1;
        for row in 2..last {
            let at = |column: usize| number(&range, row, column);
            let pressed: f64 =
                (own + 1..explained).map(|c| at(c) * number(&range, 1, c)).sum::<f64>() + at(own);
            let wanted = at(baseline) + at(weight) * pressed;
            assert!((at(explained) - wanted).abs() < 1e-4, "{scenario}, row {row}: {wanted}");
            assert!((at(explained) + at(explained + 2) - at(explained + 1)).abs() < 1e-6);
        }
        assert!(close(number(&range, last, explained), 0.0), "{scenario}");
    }
}

#[test]
fn equal_answers_have_equal_files() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["a.xlsx", "a.html", "a.typ"] {
        let words = ["export", "first-steps/limits"];
        let first = written(&words, &folder.path().join(name));
        std::thread::sleep(std::time::Duration::from_millis(1_100));
        assert!(first == written(&words, &folder.path().join(name)), "{name}");
    }
}

fn tables(scenario: &str) -> Vec<Table> {
    let request = session::find(scenario).expect("embedded");
    let Ok((solved, _)) = session::answer(&request) else { panic!("in order") };
    let Outcome::Optimal(found) = &solved.outcome else { panic!("it can be met") };
    let plan = &solved.resolved.plan;
    let sector = plan.leaf_axes()[0];
    vec![report::allocation(plan, found, &[sector]), report::limits(plan, found)]
}

#[test]
fn a_report_is_one_file_that_needs_nothing_else() {
    let page = String::from_utf8(file(&["report", "itu-2024-2027"], "a.html")).expect("text");
    for foreign in ["http:", "https:", "<script", " src=", "@import", "url(\"", "javascript:"] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    for wanted in [
        "<svg",
        "Reasons by Sector: what each limit adds",
        "Transfers from the baseline",
        "@media print",
    ] {
        assert!(page.contains(wanted), "{wanted}");
    }
    let (opened, closed) = (page.matches("<table>").count(), page.matches("</table>").count());
    assert!(opened == closed && opened >= 12, "{opened} tables");
}

#[test]
fn what_files_say_does_not_become_markup() {
    let mut table = tables("first-steps/limits").remove(0);
    table.title = "<script>alert(1)</script> & \"quotes\"".into();
    table.notes = vec!["#eval(\"x\") \\ <b>".into()];
    let html = Html { title: "a<b".into(), lead: Vec::new() };
    let page = String::from_utf8(html.encode(&[table.clone()]).expect("a page")).expect("text");
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script"));
    let typst = Typst { title: "a \"b\"".into(), lead: Vec::new() };
    let source = String::from_utf8(typst.encode(&[table]).expect("a source")).expect("text");
    assert!(source.contains(r##"#text(size: 7pt, "#eval(\"x\") \\ <b>")"##), "{source}");
}

#[test]
fn the_documents_read_as_they_did() {
    let tables = tables("first-steps/limits");
    let lead = vec!["two Sectors, two priorities".into()];
    let html = Html { title: "First steps".into(), lead: lead.clone() }.encode(&tables);
    let typst = Typst { title: "First steps".into(), lead }.encode(&tables);
    let text = |bytes: Result<Vec<u8>, _>| String::from_utf8(bytes.expect("a file")).expect("text");
    insta::assert_snapshot!("report-html", text(html));
    insta::assert_snapshot!("report-typst", text(typst));
}

/// A sheet's name has at most 31 characters and none that formulas use; two names never clash.
#[test]
fn sheets_have_names_that_spreadsheets_take() {
    let mut tables = tables("first-steps/limits");
    for table in &mut tables {
        table.title = "What [each] limit: adds / to the change of it".into();
    }
    let request = session::find("first-steps").expect("embedded");
    let Ok((resolved, _)) = session::open(&request) else { panic!("in order") };
    let book: Book = report::tables_book(&resolved.plan, &tables);
    let names = opened(report::xlsx::encode(&book).expect("a workbook")).sheet_names();
    assert_eq!(names, ["What each limit adds  to the ch", "What each limit adds  to the 2"]);
}
