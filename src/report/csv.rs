//! Tables as CSV.

use super::ExportError;
use super::format::{is_share, plain};
use super::table::{Column, Table, Value};

/// Encodes a table as CSV (RFC 4180): ids as header, body rows, exact plain numbers.
///
/// Shares are in percent points. Totals are left out: a reader's own sums give them. The bytes read
/// back as they were: texts are quoted where they need it, and never altered.
///
/// # Errors
///
/// If the encoder fails.
pub fn encode(table: &Table) -> Result<Vec<u8>, ExportError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let fault = |error: csv::Error| ExportError(error.to_string());
    writer.write_record(table.columns.iter().map(|column| &column.id)).map_err(fault)?;
    for row in table.body() {
        let fields =
            row.values.iter().zip(&table.columns).map(|(value, column)| field(value, column));
        writer.write_record(fields).map_err(fault)?;
    }
    writer.into_inner().map_err(|error| ExportError(error.to_string()))
}

pub(super) fn field(value: &Value, column: &Column) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Text(text) => text.clone(),
        Value::Number(number) => plain(number, is_share(column)),
        Value::Share(share) => plain(share, true),
        Value::Flag(flag) => flag.to_string(),
    }
}

/// The first two fields of each row below the header.
pub fn pairs(text: &str) -> Vec<(String, String)> {
    let mut reader = ::csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let records = reader.records().filter_map(Result::ok);
    let field = |record: &::csv::StringRecord, place| record.get(place).unwrap_or("").to_string();
    records.map(|record| (field(&record, 0), field(&record, 1))).collect()
}
