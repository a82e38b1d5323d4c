use crate::units::Amount;

/// A table as a value: typed columns with unit and role, and rows. It knows nothing of files.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its stable name: `allocation`, `limits`.
    pub id: &'static str,
    /// Its name for people.
    pub title: String,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// Its rows, in order.
    pub rows: Vec<Row>,
    /// What a reader must know: what the figures rest on, what was left open.
    pub notes: Vec<String>,
}

/// A column of a table.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its stable name.
    pub id: String,
    /// What heads it for people.
    pub title: String,
    /// What its figures count.
    pub unit: Unit,
    /// What it is for.
    pub role: Role,
}

/// What the figures of a column count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unit {
    /// Nothing: texts, and numbers whose row says what they count.
    None,
    /// Plan units, by name: `kCHF`.
    Money(String),
    /// Shares, shown in percent.
    Percent,
}

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Says what the row is of.
    Key,
    /// A figure.
    Figure,
    /// A change, shown with its sign.
    Change,
    /// A remark.
    Note,
}

/// A row of a table.
#[derive(Debug, Clone)]
pub struct Row {
    /// Whether it adds up others.
    pub kind: RowKind,
    /// One value a column.
    pub values: Vec<Value>,
}

/// Whether a row adds up others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// It stands for itself.
    Body,
    /// It adds up the rows above it.
    Total,
}

/// A value of a table.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    /// Not stated.
    Empty,
    /// Words.
    Text(String),
    /// An exact number, in the unit of its column.
    Number(Amount),
    /// A share in a column whose rows have several units.
    Share(Amount),
    /// Yes or no.
    Flag(bool),
}

impl Value {
    /// The text, or nothing where there is none.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// The text, where there is one.
    pub fn maybe_text(text: Option<String>) -> Self {
        text.map_or(Self::Empty, Self::text)
    }

    /// The number, where there is one.
    pub fn maybe(number: Option<Amount>) -> Self {
        number.map_or(Self::Empty, Self::Number)
    }
}

impl Table {
    /// A table without rows.
    pub fn new(id: &'static str, title: impl Into<String>, columns: Vec<Column>) -> Self {
        Self { id, title: title.into(), columns, rows: Vec::new(), notes: Vec::new() }
    }

    /// Adds a row.
    ///
    /// # Panics
    ///
    /// If the row has not one value a column.
    pub fn push(&mut self, kind: RowKind, values: Vec<Value>) {
        assert_eq!(values.len(), self.columns.len(), "a row of `{}` has a value a column", self.id);
        self.rows.push(Row { kind, values });
    }

    /// Takes a column away; nothing where there is none of that name.
    pub fn drop_column(&mut self, id: &str) {
        if let Some(at) = self.columns.iter().position(|column| column.id == id) {
            self.columns.remove(at);
            self.rows.iter_mut().for_each(|row| drop(row.values.remove(at)));
        }
    }

    /// The rows that stand for themselves.
    pub fn body(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.kind == RowKind::Body)
    }
}

impl Column {
    /// A column that says what a row is of.
    pub fn key(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self { id: id.into(), title: title.into(), unit: Unit::None, role: Role::Key }
    }

    /// A column of remarks.
    pub fn note(id: &str, title: &str) -> Self {
        Self { id: id.into(), title: title.into(), unit: Unit::None, role: Role::Note }
    }

    /// A column of figures.
    pub fn figure(id: &str, title: &str, unit: Unit) -> Self {
        Self { id: id.into(), title: title.into(), unit, role: Role::Figure }
    }

    /// A column of changes.
    pub fn change(id: &str, title: &str, unit: Unit) -> Self {
        Self { id: id.into(), title: title.into(), unit, role: Role::Change }
    }
}
