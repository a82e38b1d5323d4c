//! A TOML file as a tree of values that remember where they were written.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use indexmap::IndexMap;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::Problem;
use super::source::{FileId, Place};
use crate::units::{Amount, ParseAmountError};

/// A value and the place it was written at.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) datum: Datum,
    pub(crate) place: Place,
}

/// What a file can state. Numbers are exact: they are read from their digits.
#[derive(Debug, Clone)]
pub(crate) enum Datum {
    Text(String),
    Number(Amount),
    Flag(bool),
    Date(String),
    List(Vec<Node>),
    Table(Table),
}

/// Keys and values in the order they were written.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    pub(crate) entries: Entries,
    /// Whether a value was left out because it could not be read.
    pub(crate) unread: bool,
}

/// The entries of a table. Copies share them until one is changed: most are only read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Entries(Arc<IndexMap<String, Entry>>);

impl Deref for Entries {
    type Target = IndexMap<String, Entry>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Entries {
    fn deref_mut(&mut self) -> &mut Self::Target {
        Arc::make_mut(&mut self.0)
    }
}

impl<'a> IntoIterator for &'a Entries {
    type Item = (&'a String, &'a Entry);
    type IntoIter = indexmap::map::Iter<'a, String, Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl FromIterator<(String, Entry)> for Entries {
    fn from_iter<I: IntoIterator<Item = (String, Entry)>>(pairs: I) -> Self {
        Self(Arc::new(pairs.into_iter().collect()))
    }
}

/// A value and the place of its key.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) key: Place,
    pub(crate) node: Node,
}

impl Table {
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.entries.get(key).map(|entry| &entry.node)
    }

    pub(crate) fn key_place(&self, key: &str) -> Option<Place> {
        self.entries.get(key).map(|entry| entry.key)
    }

    /// The text of `key`, where it is one.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        match &self.get(key)?.datum {
            Datum::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The tables of the list `key`; nothing where there is none.
    pub(crate) fn items(&self, key: &str) -> Vec<(&Self, Place)> {
        match self.get(key).map(|node| &node.datum) {
            Some(Datum::List(nodes)) => nodes
                .iter()
                .filter_map(|node| match &node.datum {
                    Datum::Table(table) => Some((table, node.place)),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        }
    }
}

impl Datum {
    /// The word for the kind of value, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Number(_) => "a number",
            Self::Flag(_) => "true or false",
            Self::Date(_) => "a date",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}

/// Reads a TOML text. What can be read is given even where something cannot.
pub(crate) fn parse(file: FileId, text: &str, problems: &mut Vec<Problem>) -> Table {
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        let message = error.message().lines().collect::<Vec<_>>().join("; ");
        problems.push(
            Problem::new("toml", "this is not TOML", Place::new(file, span), message)
                .help("see https://toml.io for how TOML is written"),
        );
    }
    table(file, root.get_ref(), problems)
}

fn table(file: FileId, source: &DeTable<'_>, problems: &mut Vec<Problem>) -> Table {
    let mut pairs: Vec<_> = source.iter().collect();
    pairs.sort_by_key(|(key, _)| key.span().start);
    let count = pairs.len();
    let entries: Entries = pairs
        .into_iter()
        .filter_map(|(key, value)| {
            let place = Place::new(file, key.span());
            let node = node(file, value, problems)?;
            Some((key.get_ref().to_string(), Entry { key: place, node }))
        })
        .collect();
    Table { unread: entries.len() < count, entries }
}

fn node(file: FileId, value: &Spanned<DeValue<'_>>, problems: &mut Vec<Problem>) -> Option<Node> {
    let place = Place::new(file, value.span());
    let number = |text: &str, problems: &mut Vec<Problem>| match Amount::parse(text) {
        Ok(number) => Some(Datum::Number(number)),
        Err(fault) => {
            problems.push(number_problem(text, place, fault));
            None
        }
    };
    let datum = match value.get_ref() {
        DeValue::String(text) => Datum::Text(text.to_string()),
        DeValue::Integer(digits) if digits.radix() == 10 => number(digits.as_str(), problems)?,
        DeValue::Integer(digits) => number(&digits.to_string(), problems)?,
        DeValue::Float(digits) => number(digits.as_str(), problems)?,
        DeValue::Boolean(flag) => Datum::Flag(*flag),
        DeValue::Datetime(date) => Datum::Date(date.to_string()),
        DeValue::Array(values) => {
            Datum::List(values.iter().filter_map(|value| node(file, value, problems)).collect())
        }
        DeValue::Table(source) => Datum::Table(table(file, source, problems)),
    };
    Some(Node { datum, place })
}

/// The problem of a text that should have been an exact number.
pub(crate) fn number_problem(text: &str, place: Place, fault: ParseAmountError) -> Problem {
    let help = if text.contains(',') {
        "write a decimal point, and no sign between thousands: 12000.5"
    } else {
        "write digits with a decimal point (12000.5) or a fraction in quotes (\"1/3\")"
    };
    Problem::new("number", format!("`{text}` {fault}"), place, "this number").help(help)
}
