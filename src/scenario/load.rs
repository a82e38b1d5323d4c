//! Follows a scenario to its plan.

use super::memo;
use super::places;
use super::problem::Problem;
use super::reader::{Reader, with_help};
use super::schema;
use super::source::{FileId, Files, Place, Sources};
use super::suggest::suggest;
use super::tree::Table;

/// A plan and the scenarios that change it, outermost last, as they were read.
#[derive(Clone)]
pub struct Scenario {
    pub(crate) documents: Vec<Document>,
}

/// One TOML file.
#[derive(Clone)]
pub(crate) struct Document {
    pub(crate) path: String,
    pub(crate) file: FileId,
    pub(crate) root: Table,
}

impl Document {
    /// The place where the file begins, for what is missing in it.
    pub(crate) fn place(&self) -> Place {
        let first = self.root.entries.values().next();
        first.map_or(Place::new(self.file, 0..0), |entry| entry.key)
    }
}

/// The format that a plan file states.
pub const PLAN_FORMAT: &str = "virement/plan@1";
/// The format that a scenario file states.
pub const SCENARIO_FORMAT: &str = "virement/scenario@1";

/// How many scenarios may stand on one another.
const MOST_PARENTS: usize = 100;

impl Scenario {
    /// Reads the file at `path` and all that it extends, down to the plan.
    ///
    /// Problems of all files are added to `problems`; `None` where the chain does not reach a plan.
    pub fn load(
        files: &dyn Files,
        path: &str,
        sources: &mut Sources,
        problems: &mut Vec<Problem>,
    ) -> Option<Self> {
        let mut documents: Vec<Document> = Vec::new();
        let mut next = path.to_string();
        let mut asked: Option<Place> = None;
        loop {
            let file = read(files, &next, asked, sources, problems)?;
            let root = memo::tree(file, &sources.get(file).text, problems);
            let document = Document { path: next.clone(), file, root };
            let is_plan = is_plan(&document, problems)?;
            if is_plan {
                Reader::new(&document.root, document.place(), &schema::PLAN, problems);
                places::check_sections(&document.root, schema::PLAN_LISTS, problems);
                documents.push(document);
                documents.reverse();
                return Some(Self { documents });
            }
            let reader = Reader::new(&document.root, document.place(), &schema::SCENARIO, problems);
            places::check_sections(&document.root, schema::SCENARIO_LISTS, problems);
            let parent = reader.needed_text("extends", problems);
            let place = document.root.get("extends").map(|node| node.place);
            let parent = parent.and_then(|parent| inside(&next, parent, place, problems));
            documents.push(document);
            next = parent?;
            asked = place;
            if let Some(earlier) = documents.iter().find(|document| document.path == next) {
                let place = asked.unwrap_or_else(|| earlier.place());
                problems.push(
                    Problem::new(
                        "extends-circle",
                        "a scenario extends itself",
                        place,
                        "leads back",
                    )
                    .also(earlier.place(), "to this file")
                    .help("let one of them extend the plan"),
                );
                return None;
            }
            if let Some(place) = asked.filter(|_| documents.len() > MOST_PARENTS) {
                let what = format!("more than {MOST_PARENTS} scenarios stand on one another");
                problems.push(
                    Problem::new("extends-deep", what, place, "and this one on yet another")
                        .help("let one of them extend the plan, with the changes that it needs"),
                );
                return None;
            }
        }
    }

    /// The path of the file that was asked for.
    pub fn path(&self) -> &str {
        self.documents.last().map_or("", |document| document.path.as_str())
    }

    /// The title of the outermost file.
    pub fn title(&self) -> Option<&str> {
        self.documents.last()?.root.text("title")
    }
}

fn is_plan(document: &Document, problems: &mut Vec<Problem>) -> Option<bool> {
    let format = document.root.text("format");
    match format {
        Some(PLAN_FORMAT) => Some(true),
        Some(SCENARIO_FORMAT) => Some(false),
        Some(other) => {
            let place = document.root.get("format").map_or(document.place(), |node| node.place);
            let problem = Problem::new(
                "format",
                format!("`{other}` is no format that this version reads"),
                place,
                "unknown",
            );
            problems.push(with_help(problem, suggest(other, [PLAN_FORMAT, SCENARIO_FORMAT])));
            None
        }
        None => {
            problems.push(
                Problem::new("format", "the file does not say what it is", document.place(), "begins here")
                    .help(format!(
                        "write `format = \"{PLAN_FORMAT}\"` or `format = \"{SCENARIO_FORMAT}\"` as its first line"
                    )),
            );
            None
        }
    }
}

/// Adds the file at `path` to the sources.
pub(crate) fn read(
    files: &dyn Files,
    path: &str,
    asked: Option<Place>,
    sources: &mut Sources,
    problems: &mut Vec<Problem>,
) -> Option<FileId> {
    let bytes = read_bytes(files, path, asked, sources, problems)?;
    match String::from_utf8(bytes) {
        Ok(text) => Some(sources.add(files.name(path), text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let file = sources.add(files.name(path), text);
            problems.push(
                Problem::new(
                    "encoding",
                    format!("`{}` is not UTF-8 text", files.name(path)),
                    Place::new(file, at..at + char::REPLACEMENT_CHARACTER.len_utf8()),
                    "this byte belongs to another encoding",
                )
                .help("save the file again as UTF-8"),
            );
            None
        }
    }
}

/// The bytes of the file at `path`.
pub(crate) fn read_bytes(
    files: &dyn Files,
    path: &str,
    asked: Option<Place>,
    sources: &mut Sources,
    problems: &mut Vec<Problem>,
) -> Option<Vec<u8>> {
    let reason = match files.read(path) {
        Ok(bytes) => return Some(bytes),
        Err(reason) => reason,
    };
    let place =
        asked.unwrap_or_else(|| Place::new(sources.add(files.name(path), String::new()), 0..0));
    let problem = Problem::new(
        "no-file",
        format!("`{}` cannot be read: {reason}", files.name(path)),
        place,
        if asked.is_some() { "asked for here" } else { "was to be read" },
    );
    let listed = files.list();
    let known = listed.iter().map(String::as_str);
    problems.push(with_help(problem, suggest(path, known)));
    None
}

/// The path `name`, seen from the file `from`, inside the plan's folder.
pub(crate) fn inside(
    from: &str,
    name: &str,
    place: Option<Place>,
    problems: &mut Vec<Problem>,
) -> Option<String> {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let slashed = name.replace('\\', "/");
    let mut escapes = slashed.starts_with('/') || slashed.contains(':');
    for part in slashed.split('/') {
        match part {
            "" | "." => {}
            ".." => escapes |= parts.pop().is_none(),
            other => parts.push(other),
        }
    }
    if escapes {
        let place = place?;
        problems.push(
            Problem::new(
                "outside",
                format!("`{name}` lies outside the plan's folder"),
                place,
                "leads out",
            )
            .help("copy the file into the folder, and name it by its path there"),
        );
        return None;
    }
    Some(parts.join("/"))
}
