//! Workbooks made for tests.

use std::io::{Cursor, Read, Write};

use rust_xlsxwriter::{Format, Formula, Workbook};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// What a cell of a test's workbook holds.
#[derive(Clone)]
pub(crate) enum Cell {
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
    /// A number shown in percent.
    Percent(f64),
    /// A day, as the number that Excel keeps for it.
    Day(f64),
    /// True or false.
    Flag(bool),
    /// A formula and the value that the workbook keeps for it.
    Formula(&'static str, &'static str),
}

/// The rows of a CSV text without quotes, numbers as numbers; a blank field is no cell.
pub(crate) fn rows(csv: &str) -> Vec<Vec<Option<Cell>>> {
    let cell = |field: &str| match field.parse::<f64>() {
        _ if field.is_empty() => None,
        Ok(number) => Some(Cell::Number(number)),
        Err(_) => Some(Cell::Text(field.into())),
    };
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(csv.as_bytes());
    let records = reader.records().map(|record| record.expect("a row"));
    records.map(|record| record.iter().map(cell).collect()).collect()
}

/// A workbook of the sheets `sheets`, each with its name and its rows.
pub(crate) fn book(sheets: &[(&str, Vec<Vec<Option<Cell>>>)]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).expect("a name");
        for (row, cells) in (0_u32..).zip(rows) {
            for (column, cell) in (0_u16..).zip(cells) {
                let written = match cell {
                    None => continue,
                    Some(Cell::Text(text)) => sheet.write_string(row, column, text),
                    Some(Cell::Number(number)) => sheet.write_number(row, column, *number),
                    Some(Cell::Percent(number)) => {
                        let format = Format::new().set_num_format("0%");
                        sheet.write_number_with_format(row, column, *number, &format)
                    }
                    Some(Cell::Day(number)) => {
                        let format = Format::new().set_num_format("yyyy-mm-dd");
                        sheet.write_number_with_format(row, column, *number, &format)
                    }
                    Some(Cell::Flag(flag)) => sheet.write_boolean(row, column, *flag),
                    Some(Cell::Formula(text, value)) => {
                        let formula = Formula::new(*text).set_result(*value);
                        sheet.write_formula(row, column, formula)
                    }
                };
                written.expect("a cell");
            }
        }
    }
    book.save_to_buffer().expect("a workbook")
}

/// The parts of a workbook, by name.
pub(crate) fn parts(book: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(book)).expect("a zip file");
    let mut parts = Vec::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).expect("a part");
        let name = String::from_utf8_lossy(part.name_raw()).into_owned();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).expect("its bytes");
        parts.push((name, bytes));
    }
    parts
}

/// A workbook of the parts `parts`.
pub(crate) fn of_parts(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(name, SimpleFileOptions::default()).expect("a part");
        writer.write_all(bytes).expect("its bytes");
    }
    writer.finish().expect("a zip file").into_inner()
}

/// The workbook with the text `old` of its part `part` replaced by `new`.
pub(crate) fn with(book: &[u8], part: &str, old: &str, new: &str) -> Vec<u8> {
    let mut parts = parts(book);
    let (_, bytes) = parts.iter_mut().find(|(name, _)| name == part).expect("the part");
    let text = String::from_utf8(bytes.clone()).expect("text");
    assert!(text.contains(old), "{part} does not hold {old}: {text}");
    *bytes = text.replacen(old, new, 1).into_bytes();
    of_parts(&parts)
}

/// The part that holds the first sheet.
pub(crate) const SHEET: &str = "xl/worksheets/sheet1.xml";
/// The part that holds the texts of all sheets.
pub(crate) const TEXTS: &str = "xl/sharedStrings.xml";
