//! A scenario file while it is edited: its text, the typed changes made to it, and its history.
//!
//! Every edit gives a whole text again, with the file's comments and order kept, so that whatever is
//! edited here can be written, read and solved like any other file.

mod edit;
mod items;
mod last;
mod moves;
mod words;

use std::sync::Arc;

pub use edit::{Amendment, Fix, Hold, Level, Picks};
pub use moves::Move;
pub use words::{names_slice, slice_words};

/// A scenario file while it is edited.
#[derive(Debug, Clone)]
pub struct Draft {
    versions: Vec<Version>,
    at: usize,
}

/// One state of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// What led to it, in words: `hold sector = ITU-D at 12 000`.
    pub name: String,
    /// The whole text.
    pub text: Arc<str>,
}

impl Draft {
    /// Begins with the text of a file.
    pub fn new(text: &str) -> Self {
        Self { versions: vec![Version { name: "as opened".into(), text: text.into() }], at: 0 }
    }

    /// Begins a scenario on `parent`, a file in the same folder.
    pub fn on(parent: &str, title: &str) -> Self {
        let quoted = |text: &str| toml_edit::Value::from(text).to_string();
        Self::new(&format!(
            "format  = \"{}\"\nextends = {}\ntitle   = {}\n",
            super::SCENARIO_FORMAT,
            quoted(parent),
            quoted(title)
        ))
    }

    /// The text as it stands.
    pub fn text(&self) -> &Arc<str> {
        &self.versions[self.at].text
    }

    /// What led to the text as it stands.
    pub fn name(&self) -> &str {
        &self.versions[self.at].name
    }

    /// All versions, oldest first, and the place of the one that stands.
    pub fn versions(&self) -> (&[Version], usize) {
        (&self.versions, self.at)
    }

    /// Makes a typed change. What was undone before it is forgotten.
    ///
    /// # Errors
    ///
    /// Why it cannot be made, in words. The draft is as it was.
    pub fn edit(&mut self, edit: &Amendment) -> Result<(), String> {
        self.edit_as(edit, edit.words())
    }

    /// Makes a typed change under a name of its own.
    ///
    /// # Errors
    ///
    /// Why it cannot be made, in words. The draft is as it was.
    pub fn edit_as(&mut self, edit: &Amendment, name: String) -> Result<(), String> {
        let text = edit.apply(self.text())?;
        self.replace(name, &text);
        Ok(())
    }

    /// Takes a whole new text, under a name of its own; nothing happens where it is the same.
    pub fn replace(&mut self, name: String, text: &str) {
        if **self.text() == *text {
            return;
        }
        self.versions.truncate(self.at + 1);
        self.versions.push(Version { name, text: text.into() });
        self.at += 1;
    }

    /// Goes back one version, and says what was undone.
    pub fn undo(&mut self) -> Option<&str> {
        self.at = self.at.checked_sub(1)?;
        Some(&self.versions[self.at + 1].name)
    }

    /// Goes forward one version again, and says what was redone.
    pub fn redo(&mut self) -> Option<&str> {
        let next = self.versions.get(self.at + 1)?;
        self.at += 1;
        Some(&next.name)
    }

    /// What `undo` would undo.
    pub fn last(&self) -> Option<&str> {
        (self.at > 0).then(|| self.name())
    }

    /// The file that it extends; nothing where it states none.
    pub fn parent(&self) -> Option<String> {
        items::Document::read(self.text()).ok()?.parent()
    }

    /// The targets that this file takes out of the plan: `limit.languages`.
    pub fn removed(&self) -> Vec<String> {
        items::Document::read(self.text()).map_or_else(|_| Vec::new(), |text| text.removed())
    }

    /// Forgets the last version, as if it had never been made.
    pub fn drop_last(&mut self) {
        if self.at > 0 {
            self.versions.truncate(self.at);
            self.at -= 1;
        }
    }
}

#[cfg(test)]
mod tests;
