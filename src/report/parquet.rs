//! Tables as Parquet.

use std::io::Write;

use polars::prelude::{
    Column as Series, DataFrame, IntoColumn, NamedFrom, ParquetCompression, ParquetWriter,
    StatisticsOptions,
};

use super::ExportError;
use super::csv::field;
use super::format::{is_share, plain};
use super::table::{Role, Table, Value};

/// Encodes the body rows of a table as Parquet.
///
/// Keys and remarks are texts; figures that are whole throughout are 64-bit integers, others
/// floats; shares are in percent points. Equal tables have equal bytes.
///
/// # Errors
///
/// If the encoder fails.
pub fn encode(table: &Table) -> Result<Vec<u8>, ExportError> {
    let fault = |error: polars::error::PolarsError| ExportError(error.to_string());
    let columns: Vec<Series> = (0..table.columns.len()).map(|place| series(table, place)).collect();
    let height = table.body().count();
    let mut bytes = Vec::new();
    let frame = DataFrame::new(height, columns).map_err(fault)?;
    write(frame, StatisticsOptions::default(), &mut bytes)?;
    Ok(bytes)
}

/// Writes a frame to `out`, with these statistics of its columns.
pub(super) fn write(
    mut frame: DataFrame,
    statistics: StatisticsOptions,
    out: impl Write,
) -> Result<(), ExportError> {
    ParquetWriter::new(out)
        .with_compression(ParquetCompression::Uncompressed)
        .with_statistics(statistics)
        .set_parallel(false)
        .finish(&mut frame)
        .map_err(|error| ExportError(error.to_string()))?;
    Ok(())
}

fn series(table: &Table, place: usize) -> Series {
    let column = &table.columns[place];
    let name = column.id.as_str().into();
    let values: Vec<&Value> = table.body().map(|row| &row.values[place]).collect();
    if !matches!(column.role, Role::Figure | Role::Change) {
        let flags = values.iter().all(|value| matches!(value, Value::Flag(_)));
        if flags && !values.is_empty() {
            let flags: Vec<bool> = values.iter().map(|v| **v == Value::Flag(true)).collect();
            return polars::prelude::Series::new(name, flags).into_column();
        }
        let texts: Vec<Option<String>> = values
            .iter()
            .map(|value| (**value != Value::Empty).then(|| field(value, column)))
            .collect();
        return polars::prelude::Series::new(name, texts).into_column();
    }
    let digits: Vec<Option<String>> = values
        .iter()
        .map(|value| match value {
            Value::Number(number) => Some(plain(number, is_share(column))),
            Value::Share(share) => Some(plain(share, true)),
            _ => None,
        })
        .collect();
    let whole: Option<Vec<Option<i64>>> = digits
        .iter()
        .map(|digits| digits.as_ref().map_or(Some(None), |digits| digits.parse().ok().map(Some)))
        .collect();
    match whole {
        Some(whole) if !is_share(column) => polars::prelude::Series::new(name, whole).into_column(),
        _ => {
            let floats: Vec<Option<f64>> =
                digits.iter().map(|digits| digits.as_ref()?.parse().ok()).collect();
            polars::prelude::Series::new(name, floats).into_column()
        }
    }
}
