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
}

/// The files read for one plan, and their texts.
#[derive(Debug, Default)]
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
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let ends = ends.map(|(at, _)| u32::try_from(at).unwrap_or(u32::MAX)).collect();
        self.files.push(Source { name, text: text.into(), ends });
        FileId(u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX))
    }

    /// The file of place `id`.
    pub fn get(&self, id: FileId) -> &Source {
        &self.files[id.0 as usize]
    }

    /// `name:line` of a place, lines counted from one.
    pub fn line(&self, place: Place) -> String {
        let source = self.get(place.file);
        let line = 1 + source.ends.partition_point(|end| *end < place.start);
        format!("{}:{line}", source.name)
    }
}

impl Place {
    /// The place of bytes `range` of `file`.
    pub fn new(file: FileId, range: std::ops::Range<usize>) -> Self {
        let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { file, start: byte(range.start), end: byte(range.end) }
    }
}
