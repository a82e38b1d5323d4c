//! The typed changes of a scenario, and how a file writes them.

use toml_edit::{Datetime, InlineTable, Item, Table, Value};

use super::items::{Document, date, number, table_of};
use super::moves;
use crate::units::{Amount, grouped};

/// The members that a slice picks, by dimension: ids of both, in declared order.
pub type Picks = Vec<(String, String)>;

/// A typed change to a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Amendment {
    /// Pins the level of a slice; a hold on the same slice is replaced.
    Hold(Hold),
    /// Takes a hold back: one of this file, or one that a parent states under this id.
    Release {
        /// The slice.
        on: Picks,
        /// The id of the hold, for one that a parent states.
        id: String,
    },
    /// Gives a value of the plan another one.
    Set {
        /// A dotted key: `driver.contributory-unit.value`.
        target: String,
        /// A number, or words such as `95% of baseline`.
        to: Level,
    },
    /// Takes an item of the plan out: `limit.languages`.
    Remove {
        /// The item.
        target: String,
    },
    /// Takes back the changes that this file makes to a target, so that the parent's value stands.
    Restore {
        /// The target of the changes.
        target: String,
    },
    /// Moves money, relative to the parent's published answer.
    Transfer {
        /// Who gives.
        from: Picks,
        /// Who receives.
        to: Picks,
        /// How much, in plan units.
        amount: Amount,
        /// Why.
        reason: Option<String>,
        /// Who moves it.
        by: Option<String>,
    },
    /// Takes back the moves that this file makes between two slices.
    Unmove {
        /// Who gives.
        from: Picks,
        /// Who receives.
        to: Picks,
    },
    /// Gives several values other ones, so that the limits can hold together.
    Repair {
        /// What they do, in words.
        name: String,
        /// The values.
        fixes: Vec<Fix>,
    },
    /// Notes something about a slice, or takes a note away.
    Remark {
        /// The slice.
        on: Picks,
        /// The words; none take away what is noted.
        text: String,
        /// Who writes them.
        by: Option<String>,
    },
    /// Adds whole items, written as a file would.
    Items {
        /// What they do, in words.
        name: String,
        /// The text.
        text: String,
    },
}

/// A value that a repair changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// Its dotted key: `limit.languages.max`.
    pub path: String,
    /// The rows of a table that it is changed for, as a file writes the slice; nothing for all.
    pub rows: Option<String>,
    /// The new value, as a file writes it.
    pub to: String,
    /// Why.
    pub reason: String,
}

impl Fix {
    fn write(&self, document: &mut Document) -> Result<(), String> {
        let parsed = |text: &str| {
            text.parse::<Value>().map_err(|_error| format!("`{text}` is no value of a file"))
        };
        let to = parsed(&self.to)?;
        if self.rows.is_none() {
            if document.set_own(&self.path, &to)? {
                return Ok(());
            }
            document.remove("change", |item| names(item, &self.path))?;
        }
        let mut table = change("set", &self.path, None);
        if let Some(rows) = &self.rows {
            table.insert("where", Item::Value(parsed(rows)?));
        }
        table.insert("to", Item::Value(to));
        table.insert("reason", toml_edit::value(self.reason.as_str()));
        document.push("change", table)
    }
}

/// A planner's pin.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hold {
    /// The slice.
    pub on: Picks,
    /// The exact level.
    pub at: Option<Level>,
    /// The least level.
    pub at_least: Option<Level>,
    /// The greatest level.
    pub at_most: Option<Level>,
    /// Who pays; everything that is not held where nobody is named.
    pub paid_by: Option<Picks>,
    /// Who set it.
    pub by: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The day it ends: `2027-12-31`.
    pub until: Option<String>,
}

/// A level: a number of plan units, or an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Level {
    /// A number.
    Number(Amount),
    /// Words: `90% of baseline`.
    Words(String),
}

impl Level {
    /// How people read it.
    pub fn words(&self) -> String {
        match self {
            Self::Number(number) => grouped(number, if number.is_whole() { 0 } else { 2 }),
            Self::Words(words) => words.clone(),
        }
    }

    fn value(&self) -> Value {
        match self {
            Self::Number(amount) => number(amount),
            Self::Words(words) => words.as_str().into(),
        }
    }
}

impl Amendment {
    /// The text with the change made.
    pub(super) fn apply(&self, text: &str) -> Result<String, String> {
        let mut document = Document::read(text)?;
        match self {
            Self::Hold(hold) => hold.write(&mut document)?,
            Self::Release { on, id } => {
                let own = document.remove("hold", |item| {
                    item.get("on").map(picks_of) == Some(sorted(on))
                        || text_of(item, "id") == Some(id.as_str())
                })?;
                if own == 0 {
                    document
                        .push("change", change("remove", &format!("hold.{}", key(id)), None))?;
                }
            }
            Self::Set { target, to } => {
                if !document.set_own(target, &to.value())? {
                    document.remove("change", |item| names(item, target))?;
                    document.push("change", change("set", target, Some(to.value())))?;
                }
            }
            Self::Repair { fixes, .. } => {
                fixes.iter().try_for_each(|fix| fix.write(&mut document))?;
            }
            Self::Remove { target } => {
                let inside = format!("{target}.");
                document.remove("change", |item| {
                    text_of(item, "set").is_some_and(|set| set.starts_with(&inside))
                })?;
                if document.remove_own(target)? == 0 {
                    document.push("change", change("remove", target, None))?;
                }
            }
            Self::Restore { target } => {
                if document.remove("change", |item| names(item, target))? == 0 {
                    return Err(format!("this scenario does not change {target}"));
                }
            }
            Self::Transfer { from, to, amount, reason, by } => {
                let texts = [("reason", reason), ("by", by)];
                moves::push(&mut document, (from, to), amount, texts)?;
            }
            Self::Unmove { from, to } => moves::take_back(&mut document, from, to)?,
            Self::Remark { on, text, by } => remark(&mut document, on, text, by.as_deref())?,
            Self::Items { text, .. } => document.add(text)?,
        }
        Ok(document.text())
    }
}

impl Hold {
    fn write(&self, document: &mut Document) -> Result<(), String> {
        let same = |item: &Table| item.get("on").map(picks_of) == Some(sorted(&self.on));
        let levels = [("at", &self.at), ("at-least", &self.at_least), ("at-most", &self.at_most)];
        let fill = |table: &mut Table| {
            for (name, level) in levels {
                match level {
                    Some(level) => {
                        table.insert(name, Item::Value(level.value()));
                    }
                    None => {
                        table.remove(name);
                    }
                }
            }
            for (name, text) in [("reason", &self.reason), ("by", &self.by)] {
                if let Some(text) = text {
                    table.insert(name, toml_edit::value(text.as_str()));
                }
            }
            if let Some(payer) = &self.paid_by {
                table.insert("paid-by", Item::Value(slice_value(payer)));
            }
        };
        let until: Option<Datetime> = self.until.as_deref().map(date).transpose()?;
        let finish = |table: &mut Table| {
            fill(table);
            if let Some(until) = until {
                table.insert("until", toml_edit::value(until));
            }
        };
        if document.with("hold", same, finish)? {
            return Ok(());
        }
        let mut table = Table::new();
        table.insert("on", Item::Value(slice_value(&self.on)));
        finish(&mut table);
        document.push("hold", table)
    }
}

/// Notes a text about a slice. Where this file has none to take away, a parent's is hidden by an empty one.
fn remark(document: &mut Document, on: &Picks, text: &str, by: Option<&str>) -> Result<(), String> {
    let same = |item: &Table| item.get("on").map(picks_of) == Some(sorted(on));
    if text.is_empty() && document.remove("remark", same)? > 0 {
        return Ok(());
    }
    let fill = |table: &mut Table| {
        table.insert("text", toml_edit::value(text));
        match by {
            Some(by) => table.insert("by", toml_edit::value(by)),
            None => table.remove("by"),
        };
    };
    if document.with("remark", same, fill)? {
        return Ok(());
    }
    let mut table = Table::new();
    table.insert("on", Item::Value(slice_value(on)));
    fill(&mut table);
    document.push("remark", table)
}

fn change(verb: &str, target: &str, to: Option<Value>) -> Table {
    let mut table = Table::new();
    table.insert(verb, toml_edit::value(target));
    if let Some(to) = to {
        table.insert("to", Item::Value(to));
    }
    table
}

/// Whether a change is of `target`.
fn names(item: &Table, target: &str) -> bool {
    ["set", "scale", "remove"].iter().any(|verb| {
        text_of(item, verb).is_some_and(|text| same_target(text, target))
            && item.get("where").is_none()
    })
}

/// Whether two dotted keys name the same value: quotes around a part make no difference.
fn same_target(one: &str, other: &str) -> bool {
    let bare = |text: &str| text.replace(['"', '\'', ' '], "");
    bare(one) == bare(other)
}

fn text_of<'a>(item: &'a Table, key: &str) -> Option<&'a str> {
    item.get(key).and_then(Item::as_str)
}

/// An id as a part of a dotted key.
fn key(id: &str) -> String {
    if id.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_') {
        id.into()
    } else if id.contains('"') {
        format!("'{id}'")
    } else {
        format!("\"{id}\"")
    }
}

pub(super) fn slice_value(picks: &Picks) -> Value {
    let mut table = InlineTable::new();
    for (dimension, member) in picks {
        table.insert(dimension, member.as_str().into());
    }
    Value::InlineTable(table)
}

/// The picks that an item states, in order of their dimensions' names.
pub(super) fn picks_of(item: &Item) -> Vec<(String, String)> {
    let Some(table) = table_of(item) else { return vec![("?".into(), String::new())] };
    let picks = table.iter().map(|(dimension, value)| (dimension.to_string(), pick_text(value)));
    let mut picks: Vec<(String, String)> = picks.collect();
    picks.sort_unstable();
    picks
}

/// One pick, as the canonical text of a slice writes it.
fn pick_text(value: &Item) -> String {
    if let Some(id) = value.as_str() {
        return id.into();
    }
    if let Some(list) = value.as_array() {
        let ids: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
        return format!("[{}]", ids.join(", "));
    }
    let Some(table) = table_of(value) else { return "?".into() };
    let parts: Vec<String> =
        table.iter().map(|(key, inner)| format!("{{ {key} = {} }}", pick_text(inner))).collect();
    parts.join(", ")
}

pub(super) fn sorted(picks: &Picks) -> Vec<(String, String)> {
    let mut sorted = picks.clone();
    sorted.sort_unstable();
    sorted
}
