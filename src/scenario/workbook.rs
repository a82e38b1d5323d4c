//! An `.xlsx` workbook, opened inside fixed bounds.
//!
//! A workbook is a zip of XML parts. Its directory may lie about their sizes, and what reads the
//! parts trusts some numbers in them, so all parts are inflated and counted before any is read.

use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Reader, SheetType, Xlsx, XlsxError};
use zip::ZipArchive;

use super::parts;
use super::worksheet::{Grid, GridFault};

/// The largest workbook that is read, in bytes.
const MOST_BYTES: usize = 128 << 20;
/// The most parts in a workbook.
const MOST_PARTS: usize = 10_000;
/// The most bytes in all parts of a workbook together.
const MOST_INFLATED: u64 = 256 << 20;
/// The most bytes in the part that holds the texts of all sheets.
const MOST_TEXTS: u64 = 64 << 20;
/// The most bytes in the part that holds the formats.
const MOST_STYLES: u64 = 16 << 20;

/// Why a workbook cannot be used: a sentence that begins with its name, and what to do.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) help: &'static str,
}

impl Refusal {
    fn large(what: &str) -> Self {
        Self {
            code: "workbook-size",
            message: format!("is larger than a plan may need: {what}"),
            help: "keep only the tables of the plan in it, or save the sheet as .csv",
        }
    }

    fn damaged(why: &str) -> Self {
        Self {
            code: "workbook-damaged",
            message: format!("is a damaged workbook: {why}"),
            help: "open it in the program that wrote it, and save it again",
        }
    }

    fn not_a_workbook(what: &str) -> Self {
        Self {
            code: "no-workbook",
            message: format!("is no .xlsx workbook: {what}"),
            help: "save it as .xlsx, without a password, or save the sheet as .csv",
        }
    }
}

/// The sheet that a plan asked for.
pub(crate) enum Choice {
    /// It is there, by this name.
    Found(String),
    /// There is none of that name among these.
    Unknown(Vec<String>),
    /// None was asked for, and there is not exactly one.
    Open(Vec<String>),
}

/// A workbook whose parts were all inflated once, and found to be within the bounds.
pub(crate) struct Workbook<'a> {
    book: Xlsx<Cursor<&'a [u8]>>,
}

impl<'a> Workbook<'a> {
    /// Opens the workbook in `bytes`.
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, Refusal> {
        if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
            let what = "it is protected by a password, or of Excel before 2007";
            return Err(Refusal::not_a_workbook(what));
        }
        if !bytes.starts_with(b"PK\x03\x04") {
            return Err(Refusal::not_a_workbook("it is another kind of file under that name"));
        }
        guarded(|| check(bytes))??;
        let book = guarded(|| Xlsx::new(Cursor::new(bytes)))?;
        book.map(|book| Self { book }).map_err(|error| unreadable(&error))
    }

    /// The worksheet named `asked`, or the only one.
    pub(crate) fn choose(&self, asked: Option<&str>) -> Choice {
        let sheets = self.book.sheets_metadata().iter();
        let mut names: Vec<String> = sheets
            .filter(|sheet| sheet.typ == SheetType::WorkSheet)
            .map(|sheet| sheet.name.clone())
            .collect();
        match asked {
            Some(asked) if names.iter().any(|name| name == asked) => Choice::Found(asked.into()),
            Some(_) => Choice::Unknown(names),
            None if names.len() == 1 => Choice::Found(names.remove(0)),
            None => Choice::Open(names),
        }
    }

    /// The cells of the worksheet named `name`.
    pub(crate) fn grid(&mut self, name: &str) -> Result<Grid, Refusal> {
        let fault = |fault: GridFault| match fault {
            GridFault::Unreadable(error) => unreadable(&error),
            GridFault::Damaged(why) => Refusal::damaged(&why),
            GridFault::Large(what) => Refusal::large(&what),
        };
        guarded(|| {
            let mut cells = self.book.worksheet_cells_reader(name).map_err(GridFault::from)?;
            Grid::read(|| cells.next_cell_with_formula_metadata())
        })?
        .map_err(fault)
    }
}

/// Runs `read`. What reads workbooks may panic on one that was made to break it: the bounds leave
/// it nothing to break on that is known, and this is for what is not known.
fn guarded<T>(read: impl FnOnce() -> T) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(read))
        .map_err(|_panic| Refusal::damaged("it cannot be read to its end"))
}

fn unreadable(error: &XlsxError) -> Refusal {
    match error {
        XlsxError::FileNotFound(_) | XlsxError::RelationshipNotFound => {
            Refusal::not_a_workbook("it is a zip file of something else")
        }
        XlsxError::CellTAttribute(_) | XlsxError::Unrecognized { .. } => {
            Refusal::damaged("it uses words that no workbook has")
        }
        other => Refusal::damaged(&one_line(&other.to_string())),
    }
}

/// The text without line breaks, and not endlessly long: it may quote the workbook.
fn one_line(text: &str) -> String {
    text.chars().take(200).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Inflates every part, and counts; nothing of it is kept.
fn check(bytes: &[u8]) -> Result<(), Refusal> {
    if bytes.len() > MOST_BYTES {
        return Err(Refusal::large(&format!("more than {} MiB", MOST_BYTES >> 20)));
    }
    let too_many = || Refusal::large(&format!("more than {MOST_PARTS} parts"));
    // Each entry of the directory begins so; the bytes of a part hardly ever read so by chance.
    let entries = bytes.windows(4).filter(|window| window == b"PK\x01\x02").count();
    if entries > 2 * MOST_PARTS {
        return Err(too_many());
    }
    let damaged = |error: &dyn std::fmt::Display| Refusal::damaged(&one_line(&error.to_string()));
    let mut archive = ZipArchive::new(Cursor::new(bytes))
        .map_err(|_error| Refusal::damaged("the list of its parts is cut short or overwritten"))?;
    if archive.len() > MOST_PARTS {
        return Err(too_many());
    }
    let mut left = MOST_INFLATED;
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|error| damaged(&error))?;
        let name = String::from_utf8_lossy(part.name_raw()).to_ascii_lowercase();
        let checked = Checked::of(&name);
        let most = checked.map_or(MOST_INFLATED, Checked::most).min(left);
        let over = || Refusal::large(&format!("its parts inflate to more than {} MiB", most >> 20));
        // The directory is asked first, and believed only where it refuses.
        if part.size() > most {
            return Err(over());
        }
        let mut counted = (&mut part).take(most + 1);
        let inflated = match checked {
            None => std::io::copy(&mut counted, &mut std::io::sink()),
            Some(checked) => {
                let mut text = Vec::new();
                counted.read_to_end(&mut text).map_err(|error| damaged(&error))?;
                checked.check(&text).map_err(Refusal::damaged)?;
                Ok(text.len() as u64)
            }
        };
        let inflated = inflated.map_err(|error| damaged(&error))?;
        if inflated > most {
            return Err(over());
        }
        left -= inflated;
    }
    Ok(())
}

/// A part whose numbers are trusted by what reads workbooks.
#[derive(Clone, Copy)]
enum Checked {
    /// The texts of all sheets.
    Texts,
    /// The formats of all cells.
    Styles,
}

impl Checked {
    /// What the part named `name`, in small letters, is.
    fn of(name: &str) -> Option<Self> {
        match name {
            name if name.ends_with("sharedstrings.xml") => Some(Self::Texts),
            name if name.ends_with("styles.xml") => Some(Self::Styles),
            _ => None,
        }
    }

    /// The most bytes that it may have.
    fn most(self) -> u64 {
        match self {
            Self::Texts => MOST_TEXTS,
            Self::Styles => MOST_STYLES,
        }
    }

    fn check(self, part: &[u8]) -> Result<(), &'static str> {
        match self {
            Self::Texts => parts::check_texts(part),
            Self::Styles => parts::check_styles(part),
        }
    }
}
