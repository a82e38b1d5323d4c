//! Reads the keys of one table, and says what is wrong with each.

use super::problem::Problem;
use super::schema::{self, Section};
use super::source::Place;
use super::suggest::suggest;
use super::tree::{Datum, Node, Table, number_problem};
use crate::plan::Provenance;
use crate::units::{Amount, Id};

/// A table that is being read as one item of a section.
pub(crate) struct Reader<'a> {
    pub(crate) table: &'a Table,
    pub(crate) place: Place,
    section: &'static Section,
}

impl<'a> Reader<'a> {
    /// Starts reading; keys that the section does not have are problems at once.
    pub(crate) fn new(
        table: &'a Table,
        place: Place,
        section: &'static Section,
        problems: &mut Vec<Problem>,
    ) -> Self {
        for (key, entry) in &table.entries {
            let known = |keys: &[&str]| keys.contains(&key.as_str());
            if known(section.later) {
                problems.push(later(&format!("`{key}` in {}", section.name), entry.key));
            } else if let Some(help) = elsewhere(key, section) {
                let message = format!("`{key}` does not belong in {}", section.name);
                problems.push(
                    Problem::new("unknown-key", message, entry.key, "in another file").help(help),
                );
            } else if !known(section.keys) {
                let problem = Problem::new(
                    "unknown-key",
                    format!("{} has no key `{key}`", section.name),
                    entry.key,
                    "unknown",
                );
                problems.push(with_help(problem, suggest(key, section.keys.iter().copied())));
            }
        }
        Self { table, place, section }
    }

    /// Starts reading a table whose keys were looked at before.
    pub(crate) fn quiet(table: &'a Table, place: Place, section: &'static Section) -> Self {
        Self { table, place, section }
    }

    /// Whether a key or a value of the table could not be read, which has been said: what seems to
    /// be missing may be that.
    pub(crate) fn is_partial(&self) -> bool {
        let known =
            |key: &str| self.section.keys.contains(&key) || self.section.later.contains(&key);
        self.table.unread || self.table.entries.keys().any(|key| !known(key))
    }

    /// The text of `key`, if stated.
    pub(crate) fn text(&self, key: &str, problems: &mut Vec<Problem>) -> Option<&'a str> {
        let node = self.table.get(key)?;
        as_text(node, key, problems)
    }

    /// The text of `key`, which must be stated.
    pub(crate) fn needed_text(&self, key: &str, problems: &mut Vec<Problem>) -> Option<&'a str> {
        self.needed(key, problems)?;
        self.text(key, problems)
    }

    /// The value of `key`, which must be stated.
    pub(crate) fn needed(&self, key: &str, problems: &mut Vec<Problem>) -> Option<&'a Node> {
        let node = self.table.get(key);
        if node.is_none() && !self.table.unread {
            problems.push(
                Problem::new(
                    "missing-key",
                    format!("{} needs `{key}`", self.section.name),
                    self.place,
                    "is missing it",
                )
                .help(format!("add `{key} = …`")),
            );
        }
        node
    }

    /// The id, which must be stated and not be blank.
    pub(crate) fn id(&self, problems: &mut Vec<Problem>) -> Option<Id> {
        let text = self.needed_text("id", problems)?;
        if text.trim().is_empty() {
            let place = self.table.get("id").map_or(self.place, |node| node.place);
            problems.push(blank_id(place));
            return None;
        }
        Some(Id::from(text))
    }

    /// The exact number of `key`, if stated; a fraction may stand as a text.
    pub(crate) fn number(&self, key: &str, problems: &mut Vec<Problem>) -> Option<Amount> {
        as_number(self.table.get(key)?, key, problems)
    }

    /// The provenance of the item; `assumed` where it is not stated.
    pub(crate) fn provenance(&self, problems: &mut Vec<Problem>) -> Provenance {
        let Some(word) = self.text("provenance", problems) else {
            return Provenance::Assumed;
        };
        let place = self.table.get("provenance").map_or(self.place, |node| node.place);
        provenance(word, place, problems)
    }

    /// Owned text of `key`, if stated.
    pub(crate) fn owned(&self, key: &str, problems: &mut Vec<Problem>) -> Option<String> {
        self.text(key, problems).map(String::from)
    }
}

/// Where a section stands that does not belong in this file, if it belongs in the other kind.
fn elsewhere(key: &str, section: &Section) -> Option<String> {
    let belongs = |other: &Section| other.keys.contains(&key) && !section.keys.contains(&key);
    if section.name == schema::PLAN.name && belongs(&schema::SCENARIO) {
        return Some(format!("`{key}` belongs in a scenario file, one that `extends` this plan"));
    }
    (section.name == schema::SCENARIO.name && belongs(&schema::PLAN)).then(|| {
        format!("`{key}` belongs in the plan; a scenario changes the plan's with `[[change]]`")
    })
}

/// The problem of something that the language has and this version does not support yet.
pub(crate) fn later(what: &str, place: Place) -> Problem {
    Problem::new(
        "not-yet",
        format!("{what} is not supported yet"),
        place,
        "belongs to a later version",
    )
    .help("leave it out for now: nothing that it asks for would be honoured")
}

/// The problem of an id that is blank.
pub(crate) fn blank_id(place: Place) -> Problem {
    Problem::new("blank-id", "an id may not be blank", place, "is blank")
        .help("give it a short name of its own, like `GS`")
}

/// The problem with `help`, where there is any.
pub(crate) fn with_help(problem: Problem, help: Option<String>) -> Problem {
    match help {
        Some(help) => problem.help(help),
        None => problem,
    }
}

/// The node as a text.
pub(crate) fn as_text<'a>(
    node: &'a Node,
    key: &str,
    problems: &mut Vec<Problem>,
) -> Option<&'a str> {
    if let Datum::Text(text) = &node.datum {
        return Some(text);
    }
    problems.push(wrong_kind(node, key, "a text in quotes"));
    None
}

/// The node as an exact number; a fraction may stand as a text.
pub(crate) fn as_number(node: &Node, key: &str, problems: &mut Vec<Problem>) -> Option<Amount> {
    match &node.datum {
        Datum::Number(number) => Some(number.clone()),
        Datum::Text(text) => match Amount::parse(text) {
            Ok(number) => Some(number),
            Err(fault) => {
                problems.push(number_problem(text, node.place, fault));
                None
            }
        },
        _ => {
            problems.push(wrong_kind(node, key, "a number"));
            None
        }
    }
}

/// The node as a percentage (`"10%"`) or an exact fraction (`"-512/8003"`) of what the key names.
pub(crate) fn as_share(node: &Node, key: &str, problems: &mut Vec<Problem>) -> Option<Amount> {
    let text = match &node.datum {
        Datum::Text(text) => text.trim(),
        Datum::Number(number) => {
            let percent = if number.abs() < Amount::ONE {
                number * &Amount::whole(100)
            } else {
                number.clone()
            };
            let help = format!("for {percent} percent, write `{key} = \"{percent}%\"`");
            problems.push(
                Problem::new(
                    "share",
                    format!("`{key}` is a percentage or a fraction"),
                    node.place,
                    "a bare number could be either",
                )
                .help(help),
            );
            return None;
        }
        _ => {
            problems.push(wrong_kind(node, key, "a percentage in quotes, like \"10%\""));
            return None;
        }
    };
    match share(text) {
        Ok(share) => Some(share),
        Err(problem) => {
            let message = format!("`{key}` cannot be read: {problem}");
            problems.push(
                Problem::new("share", message, node.place, "this share")
                    .help("write a percentage (\"10%\") or a fraction (\"1/3\")"),
            );
            None
        }
    }
}

/// Reads `10%`, `+1.5%` or `-512/8003`.
pub(crate) fn share(text: &str) -> Result<Amount, String> {
    if let Some(percent) = text.strip_suffix('%') {
        let number = Amount::parse(percent.trim()).map_err(|fault| format!("`{text}` {fault}"))?;
        return Ok(&number / &Amount::whole(100));
    }
    if text.contains('/') {
        return Amount::parse(text).map_err(|fault| format!("`{text}` {fault}"));
    }
    Err(format!("`{text}` is neither a percentage nor a fraction"))
}

/// The provenance that `word` names.
pub(crate) fn provenance(word: &str, place: Place, problems: &mut Vec<Problem>) -> Provenance {
    Provenance::from_word(word).unwrap_or_else(|| {
        let problem =
            Problem::new("provenance", format!("`{word}` is no provenance"), place, "unknown word");
        problems.push(with_help(problem, suggest(word, Provenance::ALL.map(Provenance::word))));
        Provenance::Assumed
    })
}

/// The problem of a value of the wrong kind.
pub(crate) fn wrong_kind(node: &Node, key: &str, wanted: &str) -> Problem {
    Problem::new(
        "wrong-kind",
        format!("`{key}` takes {wanted}"),
        node.place,
        format!("this is {}", node.datum.kind()),
    )
    .help(format!("write {wanted}"))
}
