//! The sheet of a workbook as the CSV text that says the same, one line a row.
//!
//! Line *n* of the text is row *n* of the sheet, so places, excerpts and messages are those of a
//! CSV file. The cells come one by one: one that lies far away costs no more than another.

use std::collections::HashSet;
use std::ops::Range;

use calamine::{DataRef, XlsxCellFormulaMetadataRecord, XlsxError, XlsxFormulaMetadata};
use indexmap::IndexMap;
use indexmap::map::Entry;

use super::problem::Problem;
use super::sheet::Sheet;
use super::source::{FileId, Place, Sources, reference};

/// The most cells in a sheet, those counted that are blank below a column's name.
const MOST_CELLS: usize = 4_000_000;
/// The most bytes in the text of a sheet: a workbook holds a text once, however often it is used.
const MOST_TEXT: usize = 256 << 20;
/// The rows and columns that a sheet can have.
const MOST_ROWS: u32 = 1 << 20;
const MOST_COLUMNS: u32 = 1 << 14;
/// From here on not every whole number can be told from the next.
const LARGEST: f64 = 9_007_199_254_740_992.0;
/// The most kinds and columns of cells without a value that are told apart.
const MOST_FAULTS: usize = 100;
/// The longest part of a formula that is shown.
const SHOWN: usize = 60;

/// A sheet as text, and the cells that hold no value of a table.
#[derive(Default)]
pub(crate) struct Grid {
    text: String,
    /// The columns with a name, counted from 0.
    columns: Vec<u32>,
    /// By kind and column.
    faults: IndexMap<(Kind, u32), CellFault>,
    /// Where the lines with faults begin.
    left_out: HashSet<usize>,
}

/// Why a sheet cannot be read at all.
#[derive(Debug)]
pub(crate) enum GridFault {
    /// What reads workbooks says so.
    Unreadable(XlsxError),
    /// Its cells are not where cells can be.
    Damaged(String),
    /// It is beyond a bound.
    Large(String),
}

impl From<XlsxError> for GridFault {
    fn from(error: XlsxError) -> Self {
        Self::Unreadable(error)
    }
}

/// What a cell holds that is no value of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Error,
    Date,
    Flag,
    Formula,
    Number,
    Unnamed,
}

/// The first cell of its kind in a column.
struct CellFault {
    at: (u32, u32),
    span: Range<usize>,
    text: String,
    /// How many more of the kind there are in the column.
    more: usize,
}

/// One cell that is not blank.
struct Field {
    column: u32,
    text: String,
    kind: Option<Kind>,
}

impl Grid {
    /// Reads the cells that `next` gives until there are no more.
    pub(crate) fn read<'a>(
        mut next: impl FnMut() -> Result<Option<XlsxCellFormulaMetadataRecord<'a>>, XlsxError>,
    ) -> Result<Self, GridFault> {
        let mut grid = Self::default();
        let mut fields: Vec<Field> = Vec::new();
        let (mut count, mut lines) = (0, 0);
        let mut last: Option<(u32, u32)> = None;
        while let Some(cell) = next()? {
            count += 1;
            let (row, column) = cell.pos;
            if row >= MOST_ROWS || column >= MOST_COLUMNS {
                return Err(GridFault::Damaged("a cell lies outside every sheet".into()));
            }
            if last.is_some_and(|last| last >= cell.pos) {
                return Err(GridFault::Damaged("its cells are out of order".into()));
            }
            if let Some((last, _)) = last.filter(|(last, _)| *last < row) {
                grid.line(last, &mut fields, &mut lines);
                count += grid.columns.len();
            }
            last = Some(cell.pos);
            fields.extend(field(column, &cell.value, cell.formula.as_ref()));
            if count > MOST_CELLS {
                return Err(GridFault::Large(format!(
                    "the sheet has more than {MOST_CELLS} cells"
                )));
            }
            if grid.text.len() > MOST_TEXT {
                let size = format!("the sheet has more than {} MiB of text", MOST_TEXT >> 20);
                return Err(GridFault::Large(size));
            }
        }
        if let Some((last, _)) = last {
            grid.line(last, &mut fields, &mut lines);
        }
        Ok(grid)
    }

    /// Writes the line of `row`, where it has fields; the first such line names the columns.
    fn line(&mut self, row: u32, fields: &mut Vec<Field>, lines: &mut u32) {
        if fields.is_empty() {
            return;
        }
        while *lines < row {
            self.text.push('\n');
            *lines += 1;
        }
        if self.columns.is_empty() {
            self.columns = fields.iter().map(|field| field.column).collect();
        }
        let line = self.text.len();
        let mut fields = fields.drain(..).peekable();
        let mut unnamed = Vec::new();
        for place in 0..self.columns.len() {
            let column = self.columns[place];
            while let Some(field) = fields.next_if(|field| field.column < column) {
                unnamed.push(field);
            }
            if place > 0 {
                self.text.push(',');
            }
            if let Some(field) = fields.next_if(|field| field.column == column) {
                self.write((row, line), field);
            }
        }
        // Values without a column stand behind the others, so that the excerpt shows them.
        for field in unnamed.into_iter().chain(fields) {
            self.text.push(',');
            self.write((row, line), Field { kind: Some(Kind::Unnamed), ..field });
        }
    }

    /// Writes a field of the row whose line begins at byte `line`.
    fn write(&mut self, (row, line): (u32, usize), field: Field) {
        let start = self.text.len();
        if field.text.contains([',', '"']) {
            self.text.push_str(&format!("\"{}\"", field.text.replace('"', "\"\"")));
        } else {
            self.text.push_str(&field.text);
        }
        if let Some(kind) = field.kind {
            self.left_out.insert(line);
            self.fault(kind, (row, field.column), start..self.text.len(), field.text);
        }
    }

    fn fault(&mut self, kind: Kind, at: (u32, u32), span: Range<usize>, text: String) {
        let known = self.faults.len();
        match self.faults.entry((kind, at.1)) {
            Entry::Occupied(mut fault) => fault.get_mut().more += 1,
            Entry::Vacant(free) if known < MOST_FAULTS => {
                free.insert(CellFault { at, span, text, more: 0 });
            }
            Entry::Vacant(_) => {}
        }
    }
}

/// The field of a cell; `None` where it is blank.
fn field(column: u32, value: &DataRef<'_>, formula: Option<&XlsxFormulaMetadata>) -> Option<Field> {
    let (text, kind) = match value {
        DataRef::Empty => (shown(formula?), Some(Kind::Formula)),
        DataRef::Int(number) => (number.to_string(), None),
        DataRef::Float(number) if number.abs() < LARGEST => ((number + 0.0).to_string(), None),
        DataRef::Float(number) => (format!("{number:e}"), Some(Kind::Number)),
        DataRef::String(text) => (clean(text), None),
        DataRef::SharedString(text) => (clean(text), None),
        DataRef::Bool(true) => (String::from("TRUE"), Some(Kind::Flag)),
        DataRef::Bool(false) => (String::from("FALSE"), Some(Kind::Flag)),
        DataRef::DateTime(date) if date.is_datetime() && date.as_f64() >= 1.0 => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            (format!("{year}-{month:02}-{day:02}"), Some(Kind::Date))
        }
        DataRef::DateTime(date) => (date.as_f64().to_string(), Some(Kind::Date)),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => (clean(text), Some(Kind::Date)),
        DataRef::Error(error) => (error.to_string(), Some(Kind::Error)),
    };
    (!text.is_empty()).then_some(Field { column, text, kind })
}

/// The text on one line, without the blanks around it.
fn clean(text: &str) -> String {
    let line = text.trim();
    if line.contains(['\n', '\r']) { line.replace(['\n', '\r'], " ") } else { line.into() }
}

fn shown(formula: &XlsxFormulaMetadata) -> String {
    let text = match formula {
        XlsxFormulaMetadata::Normal { formula } | XlsxFormulaMetadata::Shared { formula, .. } => {
            formula.as_str()
        }
        _ => "…",
    };
    format!("={}", clean(text).chars().take(SHOWN).collect::<String>())
}

/// Adds the sheet to the sources as `name`, with the problems of its cells. Rows with problems are
/// left out.
pub(crate) fn sheet(
    grid: Grid,
    name: String,
    sources: &mut Sources,
    problems: &mut Vec<Problem>,
) -> Option<Sheet> {
    let Grid { text, columns, faults, left_out } = grid;
    let header = text.len() - text.trim_start_matches('\n').len();
    let file = sources.add_sheet(name, text, columns);
    problems.extend(faults.into_iter().map(|((kind, _), fault)| fault.problem(kind, file)));
    if left_out.contains(&header) {
        return None;
    }
    Some(Sheet::parse_without(file, &left_out, sources, problems))
}

impl CellFault {
    fn problem(self, kind: Kind, file: FileId) -> Problem {
        let text = &self.text;
        let cell = reference(self.at.0, self.at.1);
        let (code, message, label, help) = match kind {
            Kind::Error => (
                "cell-error",
                format!("`{text}` is an error, not a value"),
                "is what the formula came to",
                "mend the formula in the workbook, and save it again",
            ),
            Kind::Date => (
                "cell-date",
                format!("`{text}` is a date, and a table of a plan holds texts and numbers"),
                "has the format of a date",
                "give the cell the format Text or Number, and write what it is to say",
            ),
            Kind::Flag => (
                "cell-flag",
                format!("`{text}` is neither a text nor a number"),
                "is true or false",
                "write a number, or a text",
            ),
            Kind::Formula => (
                "cell-formula",
                format!("the workbook does not hold the value of `{text}`"),
                "was never calculated",
                "open it in a spreadsheet program, and save it again: that calculates it",
            ),
            Kind::Number => (
                "cell-number",
                format!("`{text}` has more digits than a spreadsheet keeps"),
                "is no longer exact",
                "give the cell the format Text, and write all digits",
            ),
            Kind::Unnamed => (
                "cell-unnamed",
                format!("cell {cell} holds `{text}`, in a column without a name"),
                "this value",
                "name the column in the first row of the table, or clear the cell",
            ),
        };
        let column = cell.trim_end_matches(|c: char| c.is_ascii_digit());
        let label = match self.more {
            0 => label.into(),
            more => format!("{label}, as in {more} more of column {column}"),
        };
        Problem::new(code, message, Place::new(file, self.span), label).help(help)
    }
}
