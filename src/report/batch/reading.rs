//! Reads the rows of a batch, one column at a time.

use std::collections::BTreeMap;

use polars::io::mmap::MmapBytesReader;
use polars::prelude::{DataType, ParquetReader, SerReader};

use super::fault;
use crate::report::ExportError;

/// The rows of a batch in Parquet. Each column is read from the file opened anew.
pub struct Reading<F> {
    opens: F,
    /// The columns, each with whether it holds figures.
    columns: Vec<(String, bool)>,
    rows: usize,
}

impl<R: MmapBytesReader, F: Fn() -> Result<R, String>> Reading<F> {
    /// Looks at the file that `opens` opens.
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
        Ok(Self { opens, columns, rows })
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
        let column = self.column(name)?;
        let values = column.f64().map_err(fault)?;
        let mut found: Vec<f64> = values.iter().flatten().collect();
        found.sort_by(f64::total_cmp);
        Ok(found)
    }

    /// How often each value of a column stands there, as text; nothing for what is not there.
    ///
    /// # Errors
    ///
    /// A column that cannot be read.
    pub fn counts(&self, name: &str) -> Result<BTreeMap<String, u64>, ExportError> {
        let column = self.column(name)?.cast(&DataType::String).map_err(fault)?;
        let mut found = BTreeMap::new();
        for value in column.str().map_err(fault)?.iter().flatten() {
            match found.get_mut(value) {
                Some(count) => *count += 1,
                None => {
                    found.insert(value.to_string(), 1);
                }
            }
        }
        Ok(found)
    }

    fn column(&self, name: &str) -> Result<polars::prelude::Column, ExportError> {
        let file = (self.opens)().map_err(ExportError)?;
        let reader = ParquetReader::new(file).with_columns(Some(vec![name.to_string()]));
        let frame = reader.finish().map_err(fault)?;
        frame.column(name).cloned().map_err(fault)
    }
}
