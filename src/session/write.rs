//! Writes files so that nobody ever sees half of one.

use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};

/// How the name of a file begins that is still being written.
const PREFIX: &str = ".virement-";

/// Writes `bytes` to `path` atomically: a new file beside it is filled, flushed to disk and renamed.
///
/// # Errors
///
/// Why the file could not be written, in words.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    streamed(path, |mut file| file.write_all(bytes).map_err(|error| unwritten(path, &error)))
}

/// That a file cannot be written, in words.
pub(super) fn unwritten(path: &Path, error: &std::io::Error) -> String {
    format!("`{}` cannot be written: {error}", path.display())
}

/// Writes what `fill` puts into a new file to `path`, atomically.
pub(super) fn streamed(
    path: &Path,
    fill: impl FnOnce(std::fs::File) -> Result<(), String>,
) -> Result<(), String> {
    let fault = |error: std::io::Error| unwritten(path, &error);
    if path.is_dir() {
        return Err(format!("`{}` is a folder; name a file in it", path.display()));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX);
    #[cfg(unix)]
    builder.permissions(as_any_program_would());
    let file = builder.tempfile_in(folder).map_err(fault)?;
    fill(file.as_file().try_clone().map_err(fault)?)?;
    file.as_file().sync_all().map_err(fault)?;
    file.persist(path).map_err(|error| fault(error.error))?;
    sync(folder);
    Ok(())
}

/// What is written, and why it could not be: encoders tell no more than that something failed.
pub(super) struct Watched<W> {
    out: W,
    fault: Arc<Mutex<Option<String>>>,
}

impl<W> Watched<W> {
    /// A writer, and where its fault is told.
    pub(super) fn new(out: W) -> (Self, Arc<Mutex<Option<String>>>) {
        let fault: Arc<Mutex<Option<String>>> = Arc::default();
        (Self { out, fault: Arc::clone(&fault) }, fault)
    }

    fn told<T>(&self, result: std::io::Result<T>) -> std::io::Result<T> {
        if let (Err(error), Ok(mut fault)) = (&result, self.fault.lock()) {
            fault.get_or_insert_with(|| error.to_string());
        }
        result
    }
}

impl<W: Write> Write for Watched<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let result = self.out.write(bytes);
        self.told(result)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let result = self.out.flush();
        self.told(result)
    }
}

/// That a file cannot be written, by its own fault where there is one, or else by what the encoder says.
pub(super) fn faulted(path: &Path, fault: &Mutex<Option<String>>, words: String) -> String {
    let own = fault.lock().ok().and_then(|mut fault| fault.take());
    own.map_or(words, |own| format!("`{}` cannot be written: {own}", path.display()))
}

/// Removes what programs that were killed left of files that they were writing to `folder`.
pub(super) fn swept(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(PREFIX) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Readable and writable, less what the user's mask takes away.
#[cfg(unix)]
fn as_any_program_would() -> std::fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    std::fs::Permissions::from_mode(0o666)
}

/// Flushes the folder, so that the new name survives a power cut; some systems cannot.
fn sync(folder: &Path) {
    if let Ok(folder) = std::fs::File::open(folder) {
        let _ = folder.sync_all();
    }
}

/// Has a text edited as a file that nobody else sees, and gives what it says then.
///
/// # Errors
///
/// Why it could not be edited, in words.
pub fn edit_elsewhere(
    text: &str,
    edit: impl FnOnce(&Path) -> Result<(), String>,
) -> Result<String, String> {
    let fault = |error: std::io::Error| format!("no file to edit can be made: {error}");
    let folder = tempfile::tempdir().map_err(fault)?;
    let path = folder.path().join("draft.scenario.toml");
    std::fs::write(&path, text).map_err(fault)?;
    edit(&path)?;
    std::fs::read_to_string(&path).map_err(|error| format!("the edited file is no text: {error}"))
}
