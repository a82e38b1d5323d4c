//! A plan's folder in memory.

use std::collections::BTreeMap;

use virement::scenario::Files;
use virement::session::Request;

/// File names and their bytes.
#[derive(Clone, Default)]
pub(crate) struct Folder(pub(crate) BTreeMap<String, Vec<u8>>);

impl Folder {
    /// A folder of texts.
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|(name, text)| ((*name).into(), text.as_bytes().to_vec())).collect())
    }

    /// The same folder with one more file.
    pub(crate) fn with(&self, name: &str, text: &str) -> Self {
        let mut more = self.clone();
        more.0.insert(name.into(), text.as_bytes().to_vec());
        more
    }

    /// A request for the file at `path`.
    pub(crate) fn ask(self, path: &str) -> Request {
        Request { files: Box::new(self), path: path.into(), name: path.into(), folder: None }
    }
}

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.0.get(path).cloned().ok_or_else(|| "there is no such file".into())
    }

    fn name(&self, path: &str) -> String {
        path.into()
    }

    fn list(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }
}
