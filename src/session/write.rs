//! Writes files so that nobody ever sees half of one.

use std::io::Write;
use std::path::Path;

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
    builder.prefix(".virement-");
    #[cfg(unix)]
    builder.permissions(as_any_program_would());
    let file = builder.tempfile_in(folder).map_err(fault)?;
    fill(file.as_file().try_clone().map_err(fault)?)?;
    file.as_file().sync_all().map_err(fault)?;
    file.persist(path).map_err(|error| fault(error.error))?;
    sync(folder);
    Ok(())
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
