//! A workbook as a value: sheets of cells, some of them live formulas with their cached values.

use super::format::is_share;
use super::table::{Column, Role, RowKind, Table, Unit, Value};
use crate::units::Amount;

/// The sheets of a workbook.
#[derive(Debug, Clone)]
pub struct Book {
    /// Its title.
    pub title: String,
    /// Its sheets, in order.
    pub sheets: Vec<Sheet>,
}

/// One sheet.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Its name; made to fit what spreadsheets allow when it is written.
    pub name: String,
    /// How many rows from the top stay in view.
    pub frozen_rows: u32,
    /// How many columns from the left stay in view.
    pub frozen_columns: u16,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
}

/// What a cell of a sheet holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Nothing.
    Empty,
    /// Words.
    Text(String),
    /// A number.
    Number(Amount),
    /// A formula, without its `=`, and the value that it has.
    Formula(String, Amount),
    /// Yes or no.
    Flag(bool),
}

/// How a cell is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shown {
    /// Words, and numbers as they are.
    #[default]
    Plain,
    /// A heading.
    Head,
    /// Money, thousands apart.
    Money,
    /// A share, in percent.
    Percent,
    /// A number with six decimals.
    Exact,
}

/// A cell of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// What it holds.
    pub content: Content,
    /// How it is shown.
    pub shown: Shown,
    /// In bold: a total or a heading.
    pub bold: bool,
}

impl Cell {
    /// An empty cell.
    pub fn empty() -> Self {
        Self { content: Content::Empty, shown: Shown::Plain, bold: false }
    }

    /// A heading.
    pub fn head(text: impl Into<String>) -> Self {
        Self { content: Content::Text(text.into()), shown: Shown::Head, bold: true }
    }

    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Self { content: Content::Text(text.into()), shown: Shown::Plain, bold: false }
    }

    /// A number.
    pub fn number(amount: Amount, shown: Shown) -> Self {
        Self { content: Content::Number(amount), shown, bold: false }
    }

    /// A formula and its value.
    pub fn formula(text: impl Into<String>, value: Amount, shown: Shown) -> Self {
        Self { content: Content::Formula(text.into(), value), shown, bold: false }
    }

    /// The same cell in bold.
    #[must_use]
    pub fn bold(mut self) -> Self {
        self.bold = true;
        self
    }
}

/// A cell as formulas name it: `C7` for row 6 and column 2, counted from 0.
pub(super) fn address(row: usize, column: usize) -> String {
    format!("{}{}", letters(column), row + 1)
}

/// A column as formulas name it.
pub(super) fn letters(column: usize) -> String {
    let (mut rest, mut found) = (column + 1, Vec::new());
    while rest > 0 {
        found.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    found.iter().rev().collect()
}

/// A table as a sheet: its head stays in view, every total that adds up the rows above it is a
/// live `SUM`, and its notes stand below.
pub(super) fn sheet(name: &str, table: &Table) -> Sheet {
    let head = table.columns.iter().map(|column| {
        Cell::head(match &column.unit {
            Unit::Money(unit) => format!("{} ({unit})", column.title),
            Unit::Percent if column.title != "%" => format!("{} (%)", column.title),
            _ => column.title.clone(),
        })
    });
    let mut rows = vec![head.collect::<Vec<_>>()];
    let mut blocks = Blocks { table, start: 0 };
    for (place, row) in table.rows.iter().enumerate() {
        let cells =
            row.values.iter().zip(&table.columns).enumerate().map(|(at, (value, column))| {
                let cell = cell(value, column);
                if row.kind == RowKind::Body { cell } else { blocks.total(place, at, cell).bold() }
            });
        rows.push(cells.collect());
        blocks.pass(place);
    }
    if !table.notes.is_empty() {
        rows.push(Vec::new());
        rows.extend(table.notes.iter().map(|note| vec![Cell::text(note.clone())]));
    }
    let keys = table.columns.iter().take_while(|column| column.role == Role::Key).count();
    Sheet {
        name: name.into(),
        frozen_rows: 1,
        frozen_columns: u16::try_from(keys).unwrap_or(0),
        rows,
    }
}

fn cell(value: &Value, column: &Column) -> Cell {
    match value {
        Value::Empty => Cell::empty(),
        Value::Text(text) => Cell::text(text.clone()),
        Value::Flag(flag) => {
            Cell { content: Content::Flag(*flag), shown: Shown::Plain, bold: false }
        }
        Value::Share(share) => Cell::number(share.clone(), Shown::Percent),
        Value::Number(number) if is_share(column) => Cell::number(number.clone(), Shown::Percent),
        Value::Number(number) => Cell::number(number.clone(), Shown::Money),
    }
}

/// The rows that the next total may add up.
struct Blocks<'a> {
    table: &'a Table,
    start: usize,
}

impl Blocks<'_> {
    /// A total as a live sum, where it is one: of the rows since the last total, or of all rows.
    fn total(&self, place: usize, column: usize, cell: Cell) -> Cell {
        let Content::Number(total) = &cell.content else { return cell };
        for start in [self.start, 0] {
            let rows = &self.table.rows[start..place];
            let body = rows.iter().filter(|row| row.kind == RowKind::Body);
            let all_body = rows.iter().all(|row| row.kind == RowKind::Body);
            let numbers = body.filter_map(|row| match &row.values[column] {
                Value::Number(number) => Some(number),
                _ => None,
            });
            let sum: Amount = numbers.sum();
            if !rows.is_empty() && all_body && sum == *total {
                let range =
                    format!("SUM({}:{})", address(start + 1, column), address(place, column));
                return Cell { content: Content::Formula(range, sum), ..cell };
            }
        }
        cell
    }

    fn pass(&mut self, place: usize) {
        if self.table.rows[place].kind == RowKind::Total {
            self.start = place + 1;
        }
    }
}
