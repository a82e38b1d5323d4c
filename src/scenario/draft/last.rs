//! What a draft states, and what its last edit was, where only its texts are known.

use toml_edit::{Item, Table};

use super::Draft;
use super::edit::{Amendment, Hold, Level, picks_of};
use super::items::Document;
use crate::units::Amount;

impl Draft {
    /// What this file gives a value: by its last change of it, or where it states it itself.
    pub fn given(&self, target: &str) -> Option<Level> {
        let now = Document::read(self.text()).ok()?;
        let sets = |item: &&Table| {
            let set = item.get("set").and_then(Item::as_str);
            set == Some(target) && item.get("where").is_none()
        };
        let change = now.items("change").filter(sets).last().and_then(|item| item.get("to"));
        level(change.or_else(|| now.own(target))?)
    }

    /// The hold or the value that the last version states and the one before does not; nothing where
    /// it is no single one.
    pub fn last_edit(&self) -> Option<Amendment> {
        let before = &self.versions.get(self.at.checked_sub(1)?)?.text;
        let (before, now) = (Document::read(before).ok()?, Document::read(self.text()).ok()?);
        let new = |name: &str| -> Vec<Table> {
            let known: Vec<String> = before.items(name).map(plain).collect();
            now.items(name).filter(|item| !known.contains(&plain(item))).cloned().collect()
        };
        match (new("hold").as_slice(), new("change").as_slice()) {
            ([hold], []) => {
                let at = level(hold.get("at")?)?;
                let on = picks_of(hold.get("on")?);
                Some(Amendment::Hold(Hold { on, at: Some(at), ..Hold::default() }))
            }
            ([], [change]) => {
                let target = change.get("set")?.as_str()?.to_string();
                Some(Amendment::Set { target, to: level(change.get("to")?)? })
            }
            _ => None,
        }
    }
}

/// An item without its comments.
fn plain(item: &Table) -> String {
    let pairs = item.iter().map(|(key, value)| format!("{key} = {}", value.to_string().trim()));
    pairs.collect::<Vec<_>>().join("\n")
}

fn level(item: &Item) -> Option<Level> {
    if let Some(words) = item.as_str() {
        return Some(Level::Words(words.into()));
    }
    Amount::parse(item.as_value()?.to_string().trim()).ok().map(Level::Number)
}
