//! The typed changes of scenario files one by one, so that some of them can be applied alone.

use super::load::{Document, Scenario};
use super::origin::show;
use super::source::{Place, Sources};
use super::tree::{Datum, Entry, Node, Table};

/// One typed change of a scenario file.
#[derive(Debug, Clone)]
pub struct Edit {
    /// What it does, in words: `set driver.contributory-unit.value to 325000`.
    pub text: String,
    /// Why, where the file says so.
    pub reason: Option<String>,
    /// Where it is stated.
    pub place: Place,
    /// The place of its file in the chain from the plan.
    document: usize,
    part: Part,
}

/// Where in a file an edit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// An item of a list of tables: the section, and its place in the list.
    Item(&'static str, usize),
    /// A key of the file itself.
    Key(&'static str),
}

/// The sections in the order in which a scenario applies them.
const SECTIONS: [&str; 4] = ["change", "limit", "stage", "hold"];

impl Scenario {
    /// How many files stand on one another: the plan, and the scenarios that change it.
    pub fn files(&self) -> usize {
        self.documents.len()
    }

    /// How many files, from the plan on, two scenarios have in common: those with the same path
    /// and the same text.
    pub fn shared(&self, other: &Self, sources: &Sources) -> usize {
        let text = |document: &Document| &sources.get(document.file).text;
        let pairs = self.documents.iter().zip(&other.documents);
        pairs.take_while(|(own, other)| own.path == other.path && text(own) == text(other)).count()
    }

    /// The scenario that its first `files` files make.
    #[must_use]
    pub fn first(&self, files: usize) -> Self {
        Self { documents: self.documents.iter().take(files).cloned().collect() }
    }

    /// The edits of its files from place `from` on, in the order in which they are applied.
    pub fn edits(&self, from: usize) -> Vec<Edit> {
        let documents = self.documents.iter().enumerate().skip(from);
        documents.flat_map(|(place, document)| edits(place, &document.root)).collect()
    }

    /// This scenario with edits of others on top: of each pair, the scenario that the edits are of,
    /// and those of them that are kept. A file that keeps none is left out.
    #[must_use]
    pub fn with(&self, branches: &[(&Self, Vec<&Edit>)]) -> Self {
        let mut documents = self.documents.clone();
        for (scenario, edits) in branches {
            for (place, document) in scenario.documents.iter().enumerate() {
                let own: Vec<Part> =
                    edits.iter().filter(|e| e.document == place).map(|e| e.part).collect();
                if !own.is_empty() {
                    documents
                        .push(Document { root: only(&document.root, &own), ..document.clone() });
                }
            }
        }
        Self { documents }
    }
}

fn edits(document: usize, root: &Table) -> Vec<Edit> {
    let mut found = Vec::new();
    let items = |section: &'static str, found: &mut Vec<Edit>| {
        for (at, (table, place)) in root.items(section).into_iter().enumerate() {
            found.push(Edit {
                text: item_text(section, table),
                reason: table.text("reason").map(String::from),
                place,
                document,
                part: Part::Item(section, at),
            });
        }
    };
    let key = |name: &'static str, text: &str, found: &mut Vec<Edit>| {
        if let Some(node) = root.get(name) {
            let text = format!("{text} {}", plain(node));
            let part = Part::Key(name);
            found.push(Edit { text, reason: None, place: node.place, document, part });
        }
    };
    key("as-of", "as of", &mut found);
    for section in SECTIONS {
        items(section, &mut found);
    }
    key("baseline-from", "take the baseline from", &mut found);
    items("transfer", &mut found);
    found
}

/// The file with these parts alone.
fn only(root: &Table, parts: &[Part]) -> Table {
    let mut kept = Table { unread: root.unread, ..Table::default() };
    for (key, entry) in &root.entries {
        let own = parts.iter().filter_map(|part| match part {
            Part::Item(section, at) if section == key => Some(*at),
            _ => None,
        });
        let own: Vec<usize> = own.collect();
        match &entry.node.datum {
            Datum::List(nodes) if !own.is_empty() => {
                let nodes = own.into_iter().filter_map(|at| table_at(nodes, at)).cloned().collect();
                let node = Node { datum: Datum::List(nodes), place: entry.node.place };
                kept.entries.insert(key.clone(), Entry { key: entry.key, node });
            }
            _ if matches!(key.as_str(), "format" | "extends")
                || parts.iter().any(|part| matches!(part, Part::Key(name) if name == key)) =>
            {
                kept.entries.insert(key.clone(), entry.clone());
            }
            _ => {}
        }
    }
    kept
}

/// The node of a list that is the table of place `at` among its tables.
fn table_at(nodes: &[Node], at: usize) -> Option<&Node> {
    nodes.iter().filter(|node| matches!(node.datum, Datum::Table(_))).nth(at)
}

/// The value without the quotes of a text.
fn plain(node: &Node) -> String {
    match &node.datum {
        Datum::Text(text) => text.clone(),
        _ => show(node),
    }
}

fn item_text(section: &str, table: &Table) -> String {
    let of = |key: &str| table.get(key).map(plain).unwrap_or_default();
    let slice = |key: &str| table.get(key).map(slice_text).unwrap_or_default();
    let id = || {
        let id = table.text("id").or(table.text("minimise")).or(table.text("maximise"));
        id.map(String::from)
    };
    match section {
        "change" => {
            let part = match table.get("where") {
                Some(_) => format!(" where {}", slice("where")),
                None => String::new(),
            };
            if table.get("set").is_some() {
                format!("set {} to {}{part}", of("set"), of("to"))
            } else if table.get("scale").is_some() {
                format!("scale {} by {}{part}", of("scale"), of("by"))
            } else {
                format!("remove {}", of("remove"))
            }
        }
        "hold" if table.get("table").is_some() => format!("hold what {} says", of("table")),
        "hold" => {
            let bounds = ["at", "at-least", "at-most"].into_iter().filter_map(|key| {
                table.get(key).map(|node| format!("{} {}", key.replace('-', " "), plain(node)))
            });
            format!("hold {} {}", slice("on"), bounds.collect::<Vec<_>>().join(", "))
        }
        "transfer" => {
            format!("transfer {} from {} to {}", of("amount"), slice("from"), slice("to"))
        }
        _ => format!("add {section} {}", id().unwrap_or_default()),
    }
}

/// A slice as messages write it: `sector = GS, category = [staff, travel]`.
fn slice_text(node: &Node) -> String {
    let Datum::Table(table) = &node.datum else { return plain(node) };
    let one = |node: &Node| match &node.datum {
        Datum::List(nodes) => {
            format!("[{}]", nodes.iter().map(plain).collect::<Vec<_>>().join(", "))
        }
        _ => plain(node),
    };
    let pairs = table.entries.iter().map(|(key, entry)| format!("{key} = {}", one(&entry.node)));
    let text = pairs.collect::<Vec<_>>().join(", ");
    if text.is_empty() { "everything".into() } else { text }
}
