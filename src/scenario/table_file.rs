//! The tables that plan files name: a CSV file, or a sheet of a workbook.

use std::path::Path;

use super::load::{inside, read, read_bytes};
use super::problem::Problem;
use super::reader::{as_text, with_help};
use super::sheet::Sheet;
use super::source::{Files, Place, Sources};
use super::suggest::suggest;
use super::tree::{Node, Table};
use super::workbook::{Choice, Refusal, Workbook};
use super::worksheet;

/// Kinds of spreadsheet that are not read, and how messages name them.
const OTHER_KINDS: [(&str, &str); 9] = [
    ("xls", "a workbook of Excel before 2007"),
    ("xlsb", "a binary workbook"),
    ("xlsm", "a workbook with macros"),
    ("xltx", "a template of a workbook"),
    ("xltm", "a template of a workbook"),
    ("ods", "an OpenDocument spreadsheet"),
    ("fods", "an OpenDocument spreadsheet"),
    ("numbers", "a spreadsheet of Numbers"),
    ("gsheet", "a link to an online spreadsheet"),
];

/// A table as a plan file names it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TableFile<'a> {
    /// The path of the file, seen from the file that names it.
    name: &'a str,
    /// Where the file is named.
    pub(crate) place: Place,
    /// The key that names the sheet.
    sheet_key: &'a str,
    /// The sheet, where one is named, and where that is.
    sheet: Option<(&'a str, Place)>,
}

impl<'a> TableFile<'a> {
    /// The file that `key` of `table` names, with the sheet that `sheet_key` names beside it or
    /// that follows a `#`; `None` where no file is named. What cannot be read is a problem.
    pub(crate) fn read(
        table: &'a Table,
        [key, sheet_key]: [&'a str; 2],
        problems: &mut Vec<Problem>,
    ) -> Option<Self> {
        let Some(node) = table.get(key) else {
            if let Some(place) = table.key_place(sheet_key) {
                problems.push(
                    Problem::new(
                        "sheet-of-nothing",
                        format!("`{sheet_key}` says which sheet, but no workbook is named"),
                        place,
                        "a sheet of what?",
                    )
                    .help(format!("add `{key} = \"….xlsx\"`, or leave `{sheet_key}` out")),
                );
            }
            return None;
        };
        let (name, tail) = split(as_text(node, key, problems)?);
        let tail = tail.map(|sheet| (sheet, node.place));
        let beside = match table.get(sheet_key) {
            Some(node) => Some((as_text(node, sheet_key, problems)?, node.place)),
            None => None,
        };
        if let (Some((_, place)), Some(_)) = (beside, tail) {
            problems.push(
                Problem::new("sheet-twice", "the sheet is named twice", place, "named here")
                    .also(node.place, "and here, after `#`")
                    .help(format!("keep `{sheet_key}`, and leave out what follows `{name}`")),
            );
            return None;
        }
        if let Some((_, place)) = beside.or(tail)
            && !ends_in(name, "xlsx")
            && other_kind(name).is_none()
        {
            problems.push(
                Problem::new(
                    "sheet-of-text",
                    format!("`{name}` is no workbook, and has no sheets"),
                    place,
                    "names a sheet",
                )
                .also(node.place, "this file")
                .help(format!("leave `{sheet_key}` out, or name an .xlsx workbook")),
            );
            return None;
        }
        Some(Self { name, place: node.place, sheet_key, sheet: beside.or(tail) })
    }

    /// The file that a value names, with the sheet that follows a `#`.
    pub(crate) fn named(node: &'a Node, key: &'a str, problems: &mut Vec<Problem>) -> Option<Self> {
        let (name, tail) = split(as_text(node, key, problems)?);
        let sheet = tail.map(|sheet| (sheet, node.place));
        Some(Self { name, place: node.place, sheet_key: "sheet", sheet })
    }

    /// Opens the table, which the file at `from` names.
    pub(crate) fn open(
        self,
        files: &dyn Files,
        from: &str,
        sources: &mut Sources,
        problems: &mut Vec<Problem>,
    ) -> Option<Sheet> {
        let path = inside(from, self.name, Some(self.place), problems)?;
        if let Some(kind) = other_kind(&path) {
            problems.push(
                Problem::new(
                    "spreadsheet-kind",
                    format!("`{}` is no kind of table that can be read", self.name),
                    self.place,
                    format!("is {kind}"),
                )
                .help("save it as .xlsx, or save the sheet as .csv, and name that file"),
            );
            return None;
        }
        let sheet = if ends_in(&path, "xlsx") {
            self.open_workbook(files, &path, sources, problems)?
        } else {
            let file = read(files, &path, Some(self.place), sources, problems)?;
            Sheet::parse(file, sources, problems)
        };
        sheet.has_header().then_some(sheet)
    }

    fn open_workbook(
        self,
        files: &dyn Files,
        path: &str,
        sources: &mut Sources,
        problems: &mut Vec<Problem>,
    ) -> Option<Sheet> {
        let bytes = read_bytes(files, path, Some(self.place), sources, problems)?;
        let book = files.name(path);
        let refused = |fault: Refusal| {
            let message = format!("`{book}` {}", fault.message);
            Problem::new(fault.code, message, self.place, "asked for here").help(fault.help)
        };
        let mut workbook =
            Workbook::open(&bytes).map_err(|fault| problems.push(refused(fault))).ok()?;
        let name = match workbook.choose(self.sheet.map(|(name, _)| name)) {
            Choice::Found(name) => name,
            Choice::Unknown(known) => {
                problems.push(self.unknown_sheet(&book, &known));
                return None;
            }
            Choice::Open(known) => {
                problems.push(self.open_sheet(&book, &known));
                return None;
            }
        };
        let grid = workbook.grid(&name).map_err(|fault| problems.push(refused(fault))).ok()?;
        worksheet::sheet(grid, format!("{book}#{name}"), sources, problems)
    }

    fn unknown_sheet(self, book: &str, known: &[String]) -> Problem {
        let (asked, place) = self.sheet.unwrap_or(("", self.place));
        let message = format!("`{book}` has no sheet `{asked}`");
        let problem = Problem::new("no-sheet", message, place, "no such sheet");
        with_help(problem, suggest(asked, known.iter().map(String::as_str)))
    }

    fn open_sheet(self, book: &str, known: &[String]) -> Problem {
        let message = format!("`{book}` has {} sheets", known.len());
        let problem = Problem::new("which-sheet", message, self.place, "which of them?");
        if known.is_empty() {
            return problem.help("put the table on a worksheet");
        }
        let known: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
        problem.help(format!("add `{} = …`; there are {}", self.sheet_key, known.join(", ")))
    }
}

/// The file and what follows the `#` behind the end of its name.
fn split(text: &str) -> (&str, Option<&str>) {
    let hash = text.match_indices('#').map(|(at, _)| text.split_at(at));
    let mut parts = hash.map(|(name, tail)| (name, tail.strip_prefix('#')));
    let found = parts.find(|(name, _)| ends_in(name, "xlsx") || other_kind(name).is_some());
    found.unwrap_or((text, None))
}

fn ends_in(name: &str, end: &str) -> bool {
    Path::new(name).extension().is_some_and(|own| own.eq_ignore_ascii_case(end))
}

fn other_kind(name: &str) -> Option<&'static str> {
    OTHER_KINDS.iter().find(|(end, _)| ends_in(name, end)).map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn a_sheet_follows_the_name_of_a_workbook() {
        assert_eq!(split("book.xlsx"), ("book.xlsx", None));
        assert_eq!(split("a#1/Book.XLSX#No. #2"), ("a#1/Book.XLSX", Some("No. #2")));
        assert_eq!(split("old.xls#Cells"), ("old.xls", Some("Cells")));
        assert_eq!(split("a#b.csv"), ("a#b.csv", None));
    }
}
