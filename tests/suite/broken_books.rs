//! Makes the workbooks of the faults whose names begin with `workbook-`.

use std::path::PathBuf;

use crate::books::{Cell, SHEET, TEXTS, book, of_parts, parts, rows, with};

const CELLS: &str = "sector,priority,baseline,note
radio,spectrum,400,
radio,access,100,
development,spectrum,150,
development,access,300,
";

fn changed(row: usize, column: usize, cell: Cell) -> Vec<u8> {
    let mut rows = rows(CELLS);
    rows[row - 1][column] = Some(cell);
    book(&[("Cells", rows)])
}

fn text(csv: &str) -> Vec<u8> {
    book(&[("Cells", rows(csv))])
}

fn bomb() -> Vec<u8> {
    let mut parts = parts(&text(CELLS));
    let (_, bytes) = parts.iter_mut().find(|(name, _)| name == TEXTS).expect("the part");
    *bytes = vec![b' '; (64 << 20) + 1];
    of_parts(&parts)
}

/// `UPDATE_BOOKS=1` makes them anew; they are not the same each time, since a workbook states when
/// it was made. Otherwise each of them is there and begins as the one made here.
#[test]
fn the_workbooks_of_the_faults_are_made_here() {
    let whole = text(CELLS);
    let error = "<c r=\"C3\" t=\"e\"><f>C2/0</f><v>#DIV/0!</v></c>";
    let formula = "<c r=\"C4\"><f>C2-250</f></c>";
    let far = "<row r=\"90000\"><c r=\"ZZ90000\"><v>12</v></c></row></sheetData>";
    let total = "sector,equals\nradio,500\ndevelopment,460\n";
    let books = [
        ("sheet-unknown", whole.clone()),
        ("sheet-not-named", book(&[("Cells", rows(CELLS)), ("Notes", rows("read me\n"))])),
        ("is-text", CELLS.as_bytes().to_vec()),
        ("cut-short", whole[..whole.len() / 2].to_vec()),
        ("error-value", with(&whole, SHEET, "<c r=\"C3\"><v>100</v></c>", error)),
        ("date", changed(3, 2, Cell::Day(45_658.0))),
        ("true-or-false", changed(5, 3, Cell::Flag(true))),
        ("formula-without-value", with(&whole, SHEET, "<c r=\"C4\"><v>150</v></c>", formula)),
        ("number-as-text", changed(2, 2, Cell::Text("1 400".into()))),
        ("row-twice", text(&CELLS.replace("development,spectrum", "radio,spectrum"))),
        ("column-missing", text(&CELLS.replace("baseline", "amount"))),
        ("cell-far-away", with(&whole, SHEET, "</sheetData>", far)),
        ("bomb", bomb()),
        ("control-differs", book(&[("Cells", rows(CELLS)), ("Annex 1", rows(total))])),
    ];
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/faults");
    for (name, bytes) in books {
        let file = root.join(format!("workbook-{name}/book.xlsx"));
        if std::env::var_os("UPDATE_BOOKS").is_some() {
            std::fs::write(&file, &bytes).expect("a workbook");
        }
        let kept = std::fs::read(&file).expect(name);
        assert_eq!(kept.get(..4), bytes.get(..4), "{name}");
    }
}
