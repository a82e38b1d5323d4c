//! Rows of a batch as Parquet and CSV, in parts and joined.

mod reading;

use std::io::{Cursor, Write};
use std::sync::Arc;

use polars::prelude::{
    BooleanChunked, Column, CsvWriter, DataFrame, DataType, Float64Chunked, IntoColumn, NamedFrom,
    ParquetCompression, ParquetReader, ParquetWriter, SerReader, SerWriter, Series,
    StatisticsOptions,
};

use super::ExportError;

pub use reading::Reading;

/// The most rows of a group of a joined file, and the most figures.
const MOST: (usize, usize) = (1 << 16, 1 << 23);

/// How many rows a group of a joined file has, with so many figures in a row. A part of as many is a
/// group of its own, and is never cut.
pub fn group_rows(figures: usize) -> usize {
    (MOST.1 / figures.max(1)).clamp(1, MOST.0)
}

/// A column of rows.
#[derive(Debug, Clone)]
pub enum Cells {
    /// Numbers of scenarios.
    Whole(Vec<u64>),
    /// Numbers, where there are any.
    Numbers(Vec<Option<u64>>),
    /// Figures; those that are not a number are not there.
    Figures(Vec<f64>),
    /// Words, where there are any.
    Words(Vec<Option<Arc<str>>>),
}

impl Cells {
    fn len(&self) -> usize {
        match self {
            Self::Whole(values) => values.len(),
            Self::Numbers(values) => values.len(),
            Self::Figures(values) => values.len(),
            Self::Words(values) => values.len(),
        }
    }

    fn series(self, name: &str) -> Result<Column, polars::error::PolarsError> {
        Ok(match self {
            Self::Whole(values) => Series::new(name.into(), values).into_column(),
            Self::Numbers(values) => Series::new(name.into(), values).into_column(),
            Self::Words(values) => {
                let words: Vec<Option<&str>> = values.iter().map(Option::as_deref).collect();
                Series::new(name.into(), words).into_column()
            }
            Self::Figures(values) if values.iter().any(|value| value.is_nan()) => {
                let there: BooleanChunked =
                    values.iter().map(|value| Some(!value.is_nan())).collect();
                let all = Series::new(name.into(), values);
                let none = Series::full_null(name.into(), 1, all.dtype());
                all.zip_with(&there, &none)?.into_column()
            }
            Self::Figures(values) => Float64Chunked::from_vec(name.into(), values).into_column(),
        })
    }
}

/// Writes rows, given column by column, to `out` as Parquet: a part that is joined later, and so has no
/// statistics. Equal rows have equal bytes.
///
/// # Errors
///
/// If the encoder fails, or nothing can be written.
pub fn write(columns: Vec<(String, Cells)>, out: impl Write) -> Result<(), ExportError> {
    super::parquet::write(frame(columns).map_err(fault)?, StatisticsOptions::empty(), out)
}

fn frame(columns: Vec<(String, Cells)>) -> Result<DataFrame, polars::error::PolarsError> {
    let height = columns.first().map_or(0, |(_, cells)| cells.len());
    let columns = columns.into_iter().map(|(name, cells)| cells.series(&name));
    DataFrame::new(height, columns.collect::<Result<_, _>>()?)
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to `map_err`")]
fn fault(error: polars::error::PolarsError) -> ExportError {
    ExportError(error.to_string())
}

/// Joins parts into one file, which does not depend on how they were cut: its groups of rows have
/// one size. What is held in memory does not grow with the number of parts.
pub struct Joiner<W: Write> {
    out: Out<W>,
    held: Option<DataFrame>,
    rows: u64,
}

/// The file that is written.
enum Out<W: Write> {
    Parquet(Option<W>, Option<Box<polars::io::parquet::write::BatchedWriter<W>>>),
    Csv(W, bool),
}

impl<W: Write + Send> Joiner<W> {
    /// Starts a Parquet file.
    pub fn parquet(out: W) -> Self {
        Self { out: Out::Parquet(Some(out), None), held: None, rows: 0 }
    }

    /// Starts a CSV file.
    pub fn csv(out: W) -> Self {
        Self { out: Out::Csv(out, true), held: None, rows: 0 }
    }

    /// Adds the rows of a part, which is Parquet; gives how many they are.
    ///
    /// # Errors
    ///
    /// A part that cannot be read, or a file that cannot be written.
    pub fn push(&mut self, part: &[u8]) -> Result<u64, ExportError> {
        let frame = ParquetReader::new(Cursor::new(part)).finish().map_err(fault)?;
        let count = u64::try_from(frame.height()).unwrap_or(u64::MAX);
        self.rows += count;
        match &mut self.held {
            Some(held) => {
                held.vstack_mut(&frame).map_err(fault)?;
            }
            None => self.held = Some(frame),
        }
        while let Some(held) = self.held.take_if(|held| held.height() >= rows_of_group(held)) {
            let group = rows_of_group(&held);
            let rest = held.height() - group;
            self.group(held.slice(0, group))?;
            self.held = Some(held.slice(i64::try_from(group).unwrap_or(0), rest));
        }
        Ok(count)
    }

    /// Writes the rest and ends the file; gives how many rows it has.
    ///
    /// # Errors
    ///
    /// A file that cannot be written.
    pub fn finish(mut self) -> Result<u64, ExportError> {
        if let Some(held) = self.held.take()
            && (held.height() > 0 || self.rows == 0)
        {
            self.group(held)?;
        }
        if let Out::Parquet(_, Some(writer)) = &self.out {
            writer.finish().map_err(fault)?;
        }
        Ok(self.rows)
    }

    fn group(&mut self, mut frame: DataFrame) -> Result<(), ExportError> {
        frame.rechunk_mut();
        match &mut self.out {
            Out::Parquet(out, writer) => {
                if let Some(out) = out.take() {
                    let begun = ParquetWriter::new(out)
                        .with_compression(ParquetCompression::Uncompressed)
                        .set_parallel(false)
                        .batched(frame.schema())
                        .map_err(fault)?;
                    *writer = Some(Box::new(begun));
                }
                match writer {
                    Some(writer) => writer.write_batch(&frame).map_err(fault),
                    None => Ok(()),
                }
            }
            Out::Csv(out, first) => {
                let header = std::mem::take(first);
                CsvWriter::new(out).include_header(header).finish(&mut frame).map_err(fault)
            }
        }
    }
}

/// How many rows of a frame are a group.
fn rows_of_group(frame: &DataFrame) -> usize {
    let figures = frame.columns().iter().filter(|own| *own.dtype() == DataType::Float64);
    group_rows(figures.count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(from: u64, count: u64) -> Vec<u8> {
        let numbers = (from..from + count).collect();
        let odd = |n: u64| if n.is_multiple_of(3) { f64::NAN } else { n as f64 / 3.0 };
        let words = (from..from + count).map(|n| (n % 2 == 0).then(|| Arc::from("even")));
        let mut bytes = Vec::new();
        let columns = vec![
            ("scenario".into(), Cells::Whole(numbers)),
            ("total".into(), Cells::Figures((from..from + count).map(odd).collect())),
            ("word".into(), Cells::Words(words.collect())),
        ];
        write(columns, &mut bytes).expect("rows");
        bytes
    }

    fn joined(cuts: &[u64]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut joiner = Joiner::parquet(&mut out);
        let mut at = 0;
        for count in cuts {
            joiner.push(&part(at, *count)).expect("a part");
            at += count;
        }
        assert_eq!(joiner.finish().expect("a file"), at);
        out
    }

    #[test]
    fn a_joined_file_does_not_depend_on_the_cut() {
        let whole = joined(&[150_000]);
        assert_eq!(joined(&[1, 70_000, 9_999, 70_000]), whole);
        assert_eq!(joined(&[65_536, 65_536, 18_928]), whole);
        let frame = ParquetReader::new(Cursor::new(whole)).finish().expect("a file");
        assert_eq!(
            (frame.height(), frame.column("total").expect("one").null_count()),
            (150_000, 50_000)
        );
    }
}
