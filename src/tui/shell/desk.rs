//! The file of the scenario that is being edited: saved, watched, and written down in a journal.

use std::path::PathBuf;
use std::sync::Arc;

use crate::scenario::Draft;
use crate::session::{self, Journal, Leftover, Opened};
use crate::tui::message::{Message, Saved};

/// The files of the scenario that is being edited.
pub(super) struct Papers {
    pub(super) opened: Opened,
    /// The text that the file was last seen with.
    seen: Option<Arc<str>>,
    journal: Option<Journal>,
    leftover: Option<Leftover>,
}

impl Papers {
    /// Opens the journal; what else there is to say comes with it.
    pub(super) fn new(opened: Opened) -> (Self, Option<Draft>, Option<String>) {
        let mut papers = Self { opened, seen: None, journal: None, leftover: None };
        papers.seen = papers.file().map(|_| papers.opened.text.as_str().into());
        let said = papers.begin();
        let draft = papers.leftover.as_ref().map(|leftover| leftover.draft.clone());
        (papers, draft, said)
    }

    /// Begins a journal for what is open.
    fn begin(&mut self) -> Option<String> {
        match Journal::open(&journal_name(&self.opened), &self.opened.text) {
            Err(words) => Some(words),
            Ok((journal, beside)) => {
                self.journal = Some(journal);
                self.leftover = beside.leftover;
                let shared = "another virement edits this file too: each keeps its own edits, and saving looks at the file first";
                beside.shared.then(|| shared.into())
            }
        }
    }

    fn file(&self) -> Option<&PathBuf> {
        self.opened.file.as_ref()
    }

    /// Writes the state of the draft down.
    pub(super) fn note(&mut self, draft: &Draft) {
        if let Some(journal) = &mut self.journal {
            journal.note(draft);
        }
    }

    /// Gives up, or has taken over, what a program that died had left over.
    pub(super) fn discard(&mut self) {
        if let Some(leftover) = self.leftover.take() {
            leftover.discard();
        }
    }

    /// What the scenario's file says now, where it differs from what was last seen.
    pub(super) fn changed(&mut self) -> Option<Message> {
        let now: Arc<str> = std::fs::read_to_string(self.file()?).ok()?.into();
        if self.seen.as_ref() == Some(&now) {
            return None;
        }
        self.seen = Some(now.clone());
        Some(Message::Changed(now))
    }

    /// What the scenario's file says now.
    pub(super) fn on_disk(&self) -> Option<Arc<str>> {
        Some(std::fs::read_to_string(self.file()?).ok()?.into())
    }

    /// Saves the text to the scenario's own file; looks first whether another has written there.
    pub(super) fn save(&mut self, text: &Arc<str>, known: &Arc<str>, over: bool) -> Message {
        let Some(file) = self.file().cloned() else {
            return Message::Failed("the scenario has no file yet: S saves it as one".into());
        };
        if !over
            && let Ok(now) = std::fs::read_to_string(&file)
            && *now != **known
        {
            return Message::Clash(now.into());
        }
        self.write(&file, text)
    }

    /// Saves the text under a name.
    pub(super) fn save_as(&mut self, name: &str, text: &Arc<str>, over: bool) -> Message {
        match session::place_for(&self.opened, name) {
            Err(words) => Message::Failed(words),
            Ok(place) if place.exists() && !over => Message::Exists(name.into()),
            Ok(place) => self.write(&place, text),
        }
    }

    fn write(&mut self, place: &std::path::Path, text: &Arc<str>) -> Message {
        match session::save(&self.opened, place, text) {
            Err(words) => Message::Failed(words),
            Ok(opened) => {
                let moved = opened.file != self.opened.file;
                self.seen = Some(text.clone());
                self.opened = opened;
                if moved {
                    if let Some(journal) = self.journal.take() {
                        journal.close();
                    }
                    self.begin();
                } else if let Some(journal) = &mut self.journal {
                    journal.saved(text);
                }
                Message::Saved(Saved {
                    text: text.clone(),
                    name: self.opened.name.clone(),
                    file: place.into(),
                })
            }
        }
    }

    /// Ends the journal; it stays where something is to be offered again.
    pub(super) fn close(self, keep: bool) {
        if let Some(journal) = self.journal.filter(|_| !keep) {
            journal.close();
        }
    }
}

/// What the journal of an opened scenario is kept under. One that has no file yet belongs to the folder of its plan,
/// wherever that is named from.
fn journal_name(opened: &Opened) -> String {
    match (&opened.file, &opened.folder) {
        (Some(file), _) => file.display().to_string(),
        (None, Some(folder)) => {
            let whole = folder.canonicalize().unwrap_or_else(|_| folder.clone());
            format!("{} new", whole.display())
        }
        (None, None) => opened.name.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two plans in folders of one name, each opened from beside it, keep their edits apart.
    #[test]
    fn a_new_scenario_belongs_to_its_plan_and_not_to_a_word() {
        let opened = |folder: &str| Opened {
            name: folder.into(),
            text: String::new(),
            file: None,
            folder: Some(folder.into()),
            path: String::new(),
            embedded: None,
        };
        let here = std::env::current_dir().and_then(|folder| folder.canonicalize());
        let here = here.expect("a folder").display().to_string();
        assert_eq!(journal_name(&opened(".")), format!("{here} new"));
        assert_eq!(journal_name(&opened(&here)), format!("{here} new"));
    }
}
