use std::sync::Arc;

/// Where plan files come from: a folder on disk, or the plans inside the program.
pub trait Files {
    /// Reads the bytes of `path`, which is relative to the plan's folder and stays inside it.
    ///
    /// # Errors
    ///
    /// Why it cannot be read, in words.
    fn read(&self, path: &str) -> Result<Vec<u8>, String>;

    /// How messages name `path`.
    fn name(&self, path: &str) -> String;

    /// The files of the folder, to suggest one for a name that is not there.
    fn list(&self) -> Vec<String>;

    /// The folder on disk; `None` for a plan inside the program.
    fn root(&self) -> Option<std::path::PathBuf> {
        None
    }
}

/// The files read for one plan, and their texts.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<Source>,
}

/// One file.
#[derive(Debug, Clone)]
pub struct Source {
    /// How messages name it.
    pub name: String,
    /// Its whole text.
    pub text: Arc<str>,
    /// The byte at which each line ends, ascending.
    ends: Vec<u32>,
    /// The columns of a sheet that its fields stand in, counted from 0; empty for a text file.
    columns: Vec<u32>,
}

impl Source {
    /// The line, from zero, that byte `at` is on.
    pub(super) fn line_of(&self, at: usize) -> usize {
        self.ends.partition_point(|end| (*end as usize) < at)
    }

    /// The last line, from zero. A text that ends with a line end has no line behind it.
    pub(super) fn last_line(&self) -> usize {
        let lines = self.ends.len();
        if self.text.ends_with('\n') { lines.saturating_sub(1) } else { lines }
    }

    /// The bytes of a line, without its end.
    pub(super) fn line_range(&self, line: usize) -> std::ops::Range<usize> {
        let end = |line: usize| self.ends.get(line).map_or(self.text.len(), |end| *end as usize);
        let start = if line == 0 { 0 } else { (end(line - 1) + 1).min(self.text.len()) };
        let stop = end(line).max(start);
        let text = self.text.get(start..stop).unwrap_or_default();
        start..start + text.strip_suffix('\r').unwrap_or(text).len()
    }
}

/// The place of a file among the sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(u32);

/// A stretch of bytes in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Sources {
    /// Adds a file.
    pub fn add(&mut self, name: String, text: String) -> FileId {
        self.add_sheet(name, text, Vec::new())
    }

    /// Adds the sheet of a workbook as CSV text, whose lines are the rows of the sheet and whose
    /// fields stand in `columns` of it, counted from 0.
    pub fn add_sheet(&mut self, name: String, text: String, columns: Vec<u32>) -> FileId {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let ends = ends.map(|(at, _)| u32::try_from(at).unwrap_or(u32::MAX)).collect();
        self.files.push(Source { name, text: text.into(), ends, columns });
        FileId(u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX))
    }

    /// The file of place `id`.
    pub fn get(&self, id: FileId) -> &Source {
        &self.files[id.0 as usize]
    }

    /// `name:line` of a place, lines counted from one.
    pub fn line(&self, place: Place) -> String {
        let source = self.get(place.file);
        format!("{}:{}", source.name, 1 + source.line(place))
    }

    /// The cell of a workbook that a place stands for, like `C7`; `None` in a text file.
    pub fn cell(&self, place: Place) -> Option<String> {
        let source = self.get(place.file);
        let line = source.line(place);
        let start = line.checked_sub(1).map_or(0, |before| source.ends[before] as usize + 1);
        let before = source.text.get(start..place.start as usize)?;
        let mut quoted = false;
        let commas = before.bytes().filter(|byte| {
            quoted ^= *byte == b'"';
            !quoted && *byte == b','
        });
        let column = source.columns.get(commas.count())?;
        Some(reference(u32::try_from(line).ok()?, *column))
    }
}

impl Source {
    /// The line of a place, counted from 0.
    fn line(&self, place: Place) -> usize {
        self.ends.partition_point(|end| *end < place.start)
    }
}

/// A cell as spreadsheets name it: `C7` is of row 6 and column 2, counted from 0.
pub(crate) fn reference(row: u32, column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    format!("{}{}", letters.iter().rev().collect::<String>(), row + 1)
}

impl Place {
    /// The place of bytes `range` of `file`.
    pub fn new(file: FileId, range: std::ops::Range<usize>) -> Self {
        let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { file, start: byte(range.start), end: byte(range.end) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, Sources, reference};

    #[test]
    fn cells_are_named_by_letters_and_numbers() {
        assert_eq!(reference(0, 0), "A1");
        assert_eq!(reference(6, 25), "Z7");
        assert_eq!(reference(6, 26), "AA7");
        assert_eq!(reference(1_048_575, 16_383), "XFD1048576");
    }

    #[test]
    fn a_place_in_a_sheet_is_a_cell() {
        let mut sources = Sources::default();
        let text = "\nid,note\na,\"b, c\"\n";
        let file = sources.add_sheet("book.xlsx#S".into(), text.into(), vec![1, 3]);
        let cell = |word: &str| {
            let at = text.find(word).expect("the word");
            sources.cell(Place::new(file, at..at + 1))
        };
        assert_eq!(cell("id"), Some("B2".into()));
        assert_eq!(cell("a,"), Some("B3".into()));
        assert_eq!(cell("\"b"), Some("D3".into()));
        let plain = sources.add("a.csv".into(), text.into());
        assert_eq!(sources.cell(Place::new(plain, 1..2)), None);
    }
}
