//! A CSV file as rows of fields that remember where they were written.

use std::collections::HashSet;
use std::sync::Arc;

use csv::{ReaderBuilder, StringRecord};

use super::memo;
use super::problem::Problem;
use super::reader::with_help;
use super::source::{FileId, Place, Sources};
use super::suggest::suggest;

/// A table of texts with named columns.
#[derive(Clone)]
pub(crate) struct Sheet {
    pub(crate) file: FileId,
    header: Arc<Vec<(String, Place)>>,
    rows: Arc<Vec<(StringRecord, usize)>>,
}

/// A table while it is read.
struct Read {
    file: FileId,
    header: Vec<(String, Place)>,
    rows: Vec<(StringRecord, usize)>,
}

/// The most rows that one table may have.
const MOST_ROWS: usize = 5_000_000;

impl Sheet {
    /// Whether this is the very same table as another, and not one that was read anew.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.file == other.file && Arc::ptr_eq(&self.rows, &other.rows)
    }

    /// Reads the text of `file`. Rows of the wrong length are problems, and left out.
    pub(crate) fn parse(file: FileId, sources: &Sources, problems: &mut Vec<Problem>) -> Self {
        memo::sheet((file, &sources.get(file).text), problems, |problems| {
            Self::parse_without(file, &HashSet::new(), sources, problems)
        })
    }

    /// Reads the text of `file`, but for the rows whose lines begin at the bytes `left_out`.
    pub(crate) fn parse_without(
        file: FileId,
        left_out: &HashSet<usize>,
        sources: &Sources,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let text = sources.get(file).text.as_bytes();
        let skip = if text.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.get(skip..).unwrap_or_default());
        let mut sheet = Read { file, header: Vec::new(), rows: Vec::new() };
        let mut record = StringRecord::new();
        let mut first = true;
        loop {
            let start = skip + usize::try_from(reader.position().byte()).unwrap_or(0);
            match reader.read_record(&mut record) {
                Ok(false) => break,
                Ok(true) if first => {
                    sheet.read_header(&record, start, text, problems);
                    first = false;
                }
                Ok(true) if left_out.contains(&line_start(text, start)) => {}
                Ok(true) => sheet.read_row(&record, start, text, problems),
                Err(error) => {
                    let place = Place::new(file, start..start);
                    problems.push(Problem::new(
                        "csv",
                        format!("this row cannot be read: {error}"),
                        place,
                        "here",
                    ));
                    break;
                }
            }
        }
        if first {
            let place = Place::new(file, 0..0);
            problems.push(
                Problem::new("csv-empty", "this table is empty", place, "no header row")
                    .help("the first row names the columns"),
            );
        }
        Self { file, header: Arc::new(sheet.header), rows: Arc::new(sheet.rows) }
    }

    /// A table without columns.
    pub(crate) fn empty(file: FileId) -> Self {
        Self { file, header: Arc::default(), rows: Arc::default() }
    }

    /// The place of the column `name`.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|(known, _)| known == name)
    }

    /// The column `name`, which must be there.
    pub(crate) fn needed(&self, name: &str, problems: &mut Vec<Problem>) -> Option<usize> {
        let column = self.column(name);
        if column.is_none() {
            let place =
                self.header.first().map_or(Place::new(self.file, 0..0), |(_, place)| *place);
            let known: Vec<&str> = self.header.iter().map(|(name, _)| name.as_str()).collect();
            problems.push(
                Problem::new(
                    "missing-column",
                    format!("this table needs a column `{name}`"),
                    place,
                    "the header begins here",
                )
                .help(format!("its columns are {}", known.join(", "))),
            );
        }
        column
    }

    /// Refuses columns that are neither `known` nor in `later`.
    pub(crate) fn check_columns(
        &self,
        known: &[&str],
        later: &[&str],
        problems: &mut Vec<Problem>,
    ) {
        for (name, place) in self.header.iter() {
            if later.contains(&name.as_str()) {
                problems.push(super::reader::later(&format!("column `{name}`"), *place));
            } else if !known.contains(&name.as_str()) {
                let problem = Problem::new(
                    "unknown-column",
                    format!("this table has no use for a column `{name}`"),
                    *place,
                    "unknown",
                );
                problems.push(with_help(problem, suggest(name, known.iter().copied())));
            }
        }
    }

    /// Whether the table names its columns.
    pub(crate) fn has_header(&self) -> bool {
        !self.header.is_empty()
    }

    /// The names of the columns, with their places.
    pub(crate) fn names(&self) -> &[(String, Place)] {
        &self.header
    }

    /// How many rows there are below the header.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The text of a field, without the blanks around it.
    pub(crate) fn field(&self, row: usize, column: usize) -> &str {
        self.rows[row].0.get(column).unwrap_or_default().trim()
    }

    /// The place of a field in the file.
    pub(crate) fn place(&self, row: usize, column: usize, sources: &Sources) -> Place {
        let text = sources.get(self.file).text.as_bytes();
        Place::new(self.file, field_span(text, self.rows[row].1, column))
    }
}

impl Read {
    fn read_header(
        &mut self,
        record: &StringRecord,
        start: usize,
        text: &[u8],
        problems: &mut Vec<Problem>,
    ) {
        for (column, name) in record.iter().enumerate() {
            let place = Place::new(self.file, field_span(text, start, column));
            let name = name.trim().to_string();
            if let Some((_, earlier)) = self.header.iter().find(|(known, _)| *known == name) {
                problems.push(
                    Problem::new(
                        "column-twice",
                        format!("column `{name}` stands twice"),
                        place,
                        "again",
                    )
                    .also(*earlier, "first here")
                    .help("remove or rename one of them"),
                );
            }
            self.header.push((name, place));
        }
    }

    fn read_row(
        &mut self,
        record: &StringRecord,
        start: usize,
        text: &[u8],
        problems: &mut Vec<Problem>,
    ) {
        if self.rows.len() >= MOST_ROWS {
            return;
        }
        if record.len() != self.header.len() {
            let place = Place::new(self.file, field_span(text, start, 0));
            problems.push(
                Problem::new(
                    "csv-row",
                    format!(
                        "this row has {} fields, the header has {}",
                        record.len(),
                        self.header.len()
                    ),
                    place,
                    "this row",
                )
                .help("put text that holds a comma in quotes, and leave unknown values blank"),
            );
            return;
        }
        self.rows.push((record.clone(), start));
    }
}

/// The first byte at or after `start` that ends no line.
fn line_start(text: &[u8], start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default().iter();
    start + rest.take_while(|byte| matches!(byte, b'\n' | b'\r')).count()
}

/// The bytes of field `column` of the record that begins at or after `start`.
pub(crate) fn field_span(text: &[u8], start: usize, column: usize) -> std::ops::Range<usize> {
    let mut at = line_start(text, start);
    let mut begin = at;
    let mut field = 0;
    let mut quoted = false;
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => quoted = !quoted,
            b',' if !quoted && field == column => break,
            b',' if !quoted => {
                field += 1;
                begin = at + 1;
            }
            b'\n' | b'\r' if !quoted => break,
            _ => {}
        }
        at += 1;
    }
    if field == column { begin.min(at)..at } else { at..at }
}

#[cfg(test)]
mod tests {
    use super::field_span;

    #[test]
    fn a_field_is_found_behind_quotes_and_blank_lines() {
        let text = b"\r\na,\"b,\nc\",dd\nnext";
        assert_eq!(&text[field_span(text, 0, 0)], b"a");
        assert_eq!(&text[field_span(text, 0, 1)], b"\"b,\nc\"");
        assert_eq!(&text[field_span(text, 0, 2)], b"dd");
        assert_eq!(field_span(text, 0, 9).len(), 0);
    }
}
