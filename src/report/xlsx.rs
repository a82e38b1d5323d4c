//! Workbooks as `.xlsx` files.

use std::collections::HashSet;

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatBorder, Formula, Workbook, Worksheet, XlsxError,
};

use super::ExportError;
use super::book::{Book, Cell, Content, Sheet, Shown};
use crate::units::Amount;

/// The widest column, in characters.
const WIDEST: usize = 48;

/// Encodes a workbook. Equal books have equal bytes: the time in the file is fixed.
///
/// # Errors
///
/// If the encoder fails: a sheet is larger than spreadsheets allow.
pub fn encode(book: &Book) -> Result<Vec<u8>, ExportError> {
    written(book).map_err(|error| ExportError(error.to_string()))
}

fn written(book: &Book) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let day = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let properties = DocProperties::new().set_title(&book.title).set_creation_datetime(&day);
    workbook.set_properties(&properties);
    let mut names = HashSet::new();
    for sheet in &book.sheets {
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(fitting(&sheet.name, &mut names))?;
        fill(worksheet, sheet)?;
    }
    workbook.save_to_buffer()
}

/// The name without what spreadsheets forbid, and unlike those before it.
fn fitting(name: &str, known: &mut HashSet<String>) -> String {
    let plain: String = name.chars().filter(|c| !"[]:*?/\\'".contains(*c)).collect();
    let plain = if plain.trim().is_empty() { "Sheet".into() } else { plain };
    let mut count = 1;
    loop {
        let end = if count == 1 { String::new() } else { format!(" {count}") };
        let own: String = plain.chars().take(31 - end.len()).collect();
        let own = format!("{}{end}", own.trim_end());
        if known.insert(own.to_lowercase()) {
            return own;
        }
        count += 1;
    }
}

fn fill(worksheet: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    let mut widths: Vec<usize> = Vec::new();
    for (row, cells) in (0_u32..).zip(&sheet.rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            put(worksheet, row, column, cell)?;
            let at = usize::from(column);
            widths.resize(widths.len().max(at + 1), 0);
            if cells.len() > 1 {
                widths[at] = widths[at].max(width(cell));
            }
        }
    }
    for (column, width) in (0_u16..).zip(widths) {
        let width = u32::try_from(width.clamp(6, WIDEST) + 2).unwrap_or(8);
        worksheet.set_column_width(column, width)?;
    }
    worksheet.set_freeze_panes(sheet.frozen_rows, sheet.frozen_columns)?;
    worksheet.set_landscape();
    worksheet.set_print_fit_to_pages(1, 0);
    if sheet.frozen_rows > 0 {
        worksheet.set_repeat_rows(0, sheet.frozen_rows - 1)?;
    }
    Ok(())
}

fn put(worksheet: &mut Worksheet, row: u32, column: u16, cell: &Cell) -> Result<(), XlsxError> {
    let format = format(cell);
    match &cell.content {
        Content::Empty if cell.bold => worksheet.write_blank(row, column, &format)?,
        Content::Empty => worksheet,
        Content::Text(text) => worksheet.write_string_with_format(row, column, text, &format)?,
        Content::Flag(flag) => worksheet.write_boolean_with_format(row, column, *flag, &format)?,
        Content::Number(number) => {
            worksheet.write_number_with_format(row, column, number.to_f64(), &format)?
        }
        Content::Formula(text, value) => {
            let formula = Formula::new(format!("={text}")).set_result(cached(value));
            worksheet.write_formula_with_format(row, column, formula, &format)?
        }
    };
    Ok(())
}

/// The value of a formula as the file keeps it.
fn cached(value: &Amount) -> String {
    if value.is_whole() { value.numerator().to_string() } else { value.to_f64().to_string() }
}

fn format(cell: &Cell) -> Format {
    let format = match cell.shown {
        Shown::Plain => Format::new(),
        Shown::Head => Format::new().set_text_wrap().set_border_bottom(FormatBorder::Thin),
        Shown::Money if whole(cell) => Format::new().set_num_format("#,##0"),
        Shown::Money => Format::new().set_num_format("#,##0.00"),
        Shown::Percent => Format::new().set_num_format("0.0%"),
        Shown::Exact => Format::new().set_num_format("0.000000"),
    };
    if cell.bold { format.set_bold() } else { format }
}

fn whole(cell: &Cell) -> bool {
    match &cell.content {
        Content::Number(number) | Content::Formula(_, number) => number.is_whole(),
        _ => true,
    }
}

fn width(cell: &Cell) -> usize {
    match (&cell.content, cell.shown) {
        (Content::Text(text), Shown::Head) => {
            text.split(' ').map(|word| word.chars().count()).max().unwrap_or(0)
        }
        (Content::Text(text), _) => text.chars().count(),
        (Content::Number(number) | Content::Formula(_, number), _) => {
            number.to_decimal(0).len() + 3
        }
        _ => 0,
    }
}
