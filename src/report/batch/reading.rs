//! Reads the rows of a batch, one column at a time.

use std::collections::BTreeMap;

use polars::io::mmap::MmapBytesReader;
use polars::prelude::{DataType, ParquetReader, SerReader};

use super::fault;
use crate::report::ExportError;

/// The rows of a batch in Parquet or CSV. Each column is read from the file opened anew.
pub struct Reading<F> {
    opens: F,
    /// The columns, each with whether it holds figures.
    columns: Vec<(String, bool)>,
    rows: usize,
    csv: bool,
}

/// Columns that hold no figures, whatever they look like.
const WORDS: [&str; 6] = ["scenario", "file", "status", "proof", "remark", "region"];

impl<R: MmapBytesReader, F: Fn() -> Result<R, String>> Reading<F> {
    /// Looks at the Parquet file that `opens` opens.
    ///
    /// # Errors
    ///
    /// A file that cannot be opened, or is no Parquet.
    pub fn new(opens: F) -> Result<Self, ExportError> {
        let mut reader = ParquetReader::new(opens().map_err(ExportError)?);
        let rows = reader.num_rows().map_err(fault)?;
        let schema = reader.schema().map_err(fault)?;
        let columns = schema.iter().map(|(name, field)| {
            let figures = DataType::from_arrow_field(field) == DataType::Float64;
            (name.to_string(), figures)
        });
        let columns = columns.collect();
        Ok(Self { opens, columns, rows, csv: false })
    }

    /// Looks at the CSV file that `opens` opens: a column holds figures where all that stand in it
    /// are numbers.
    ///
    /// # Errors
    ///
    /// A file that cannot be opened, or is no CSV.
    pub fn csv(opens: F) -> Result<Self, ExportError> {
        let mut reader = ::csv::Reader::from_reader(opens().map_err(ExportError)?);
        let header = reader.headers().map_err(table)?.clone();
        let mut figures: Vec<bool> = header.iter().map(|name| !WORDS.contains(&name)).collect();
        let mut rows = 0;
        for record in reader.into_records() {
            let record = record.map_err(table)?;
            rows += 1;
            for (own, field) in figures.iter_mut().zip(&record) {
                *own &= field.is_empty() || field.parse::<f64>().is_ok();
            }
        }
        let columns = header.iter().map(String::from).zip(figures).collect();
        Ok(Self { opens, columns, rows, csv: true })
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The names of the columns that hold figures, in order.
    pub fn figures(&self) -> Vec<String> {
        self.columns.iter().filter(|(_, figures)| *figures).map(|(name, _)| name.clone()).collect()
    }

    /// Whether there is a column of this name.
    pub fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|(own, _)| own == name)
    }

    /// The figures of a column that are there, ascending.
    ///
    /// # Errors
    ///
    /// A column that cannot be read.
    pub fn sorted(&self, name: &str) -> Result<Vec<f64>, ExportError> {
        let mut found: Vec<f64> = if self.csv {
            let mut found = Vec::new();
            self.fields(name, |field| found.extend(field.parse::<f64>()))?;
            found
        } else {
            let column = self.column(name)?;
            column.f64().map_err(fault)?.iter().flatten().collect()
        };
        found.sort_by(f64::total_cmp);
        Ok(found)
    }

    /// How often each value of a column stands there, as text; nothing for what is not there.
    ///
    /// # Errors
    ///
    /// A column that cannot be read.
    pub fn counts(&self, name: &str) -> Result<BTreeMap<String, u64>, ExportError> {
        let mut found: BTreeMap<String, u64> = BTreeMap::new();
        let mut count = |value: &str| match found.get_mut(value) {
            Some(count) => *count += 1,
            None => {
                found.insert(value.to_string(), 1);
            }
        };
        if self.csv {
            self.fields(name, |field| {
                if !field.is_empty() {
                    count(field);
                }
            })?;
        } else {
            let column = self.column(name)?.cast(&DataType::String).map_err(fault)?;
            column.str().map_err(fault)?.iter().flatten().for_each(count);
        }
        Ok(found)
    }

    fn column(&self, name: &str) -> Result<polars::prelude::Column, ExportError> {
        let file = (self.opens)().map_err(ExportError)?;
        let reader = ParquetReader::new(file).with_columns(Some(vec![name.to_string()]));
        let frame = reader.finish().map_err(fault)?;
        frame.column(name).cloned().map_err(fault)
    }

    /// Gives each field of a column of a CSV file.
    fn fields(&self, name: &str, mut each: impl FnMut(&str)) -> Result<(), ExportError> {
        let place = self.columns.iter().position(|(own, _)| own == name);
        let place = place.ok_or_else(|| ExportError(format!("there is no column `{name}`")))?;
        let file = (self.opens)().map_err(ExportError)?;
        let mut reader = ::csv::Reader::from_reader(file);
        let mut record = ::csv::StringRecord::new();
        while reader.read_record(&mut record).map_err(table)? {
            each(record.get(place).unwrap_or_default());
        }
        Ok(())
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to `map_err`")]
fn table(error: ::csv::Error) -> ExportError {
    ExportError(error.to_string())
}
