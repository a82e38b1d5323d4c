use std::cell::RefCell;
use std::collections::HashMap;

use crate::scenario::Files;

/// A plan's folder in which one file has another text than on disk, and every other is read once.
pub(super) struct Overlay {
    below: Box<dyn Files>,
    path: String,
    text: String,
    known: RefCell<HashMap<String, Result<Vec<u8>, String>>>,
}

impl Overlay {
    pub(super) fn new(below: Box<dyn Files>, path: String) -> Self {
        Self { below, path, text: String::new(), known: RefCell::default() }
    }

    /// Gives the file its text.
    pub(super) fn write(&mut self, text: &str) {
        self.text = text.into();
    }

    /// Reads every file again when it is next asked for.
    pub(super) fn forget(&mut self) {
        self.known.get_mut().clear();
    }
}

impl Files for Overlay {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        if path == self.path {
            return Ok(self.text.clone().into_bytes());
        }
        let mut known = self.known.borrow_mut();
        known.entry(path.into()).or_insert_with(|| self.below.read(path)).clone()
    }

    fn name(&self, path: &str) -> String {
        self.below.name(path)
    }

    fn list(&self) -> Vec<String> {
        self.below.list()
    }
}
