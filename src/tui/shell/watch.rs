//! Looks at the files that a scenario rests on beside its own, on a thread of its own.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, SystemTime};

use crate::session::{self, Desk, Opened};
use crate::tui::message::Message;

/// How often the files are looked at.
pub(super) const LOOK: Duration = Duration::from_secs(1);

/// When a file was last written, and how long it is.
type Stamp = (SystemTime, u64);

/// Each file, as it was last seen.
type Stamps = Vec<(PathBuf, Option<Stamp>)>;

/// Watches the files beside what is open; what is sent back is open from then on.
pub(super) fn start(opened: &Opened, messages: &Sender<Message>) -> Sender<Opened> {
    let (sender, next) = channel();
    let known = stamps(opened);
    let (opened, messages) = (opened.clone(), messages.clone());
    thread::spawn(move || watch(opened, known, &next, &messages));
    sender
}

fn watch(
    mut opened: Opened,
    mut known: Stamps,
    next: &Receiver<Opened>,
    messages: &Sender<Message>,
) {
    loop {
        match next.recv_timeout(LOOK) {
            Ok(other) => {
                opened = other;
                known = stamps(&opened);
                if messages.send(listed(&opened)).is_err() {
                    return;
                }
            }
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {
                let now = stamps(&opened);
                let said = changed(opened.folder.as_deref(), &known, &now);
                known = now;
                let Some(name) = said else { continue };
                for message in [listed(&opened), Message::Reread(name)] {
                    if messages.send(message).is_err() {
                        return;
                    }
                }
            }
        }
    }
}

/// The other scenarios that there are now.
fn listed(opened: &Opened) -> Message {
    Message::Listed(Desk::new(opened).map(|desk| desk.others()).unwrap_or_default())
}

fn stamps(opened: &Opened) -> Stamps {
    let stamp = |path: &PathBuf| {
        let found = std::fs::metadata(path).ok()?;
        Some((found.modified().ok()?, found.len()))
    };
    session::beside(opened).into_iter().map(|path| (path.clone(), stamp(&path))).collect()
}

/// The first file that has changed, come or gone, and how many more have.
fn changed(root: Option<&Path>, before: &Stamps, now: &Stamps) -> Option<String> {
    let new = now.iter().filter(|own| !before.contains(own)).map(|(path, _)| path);
    let gone = before.iter().map(|(path, _)| path);
    let gone = gone.filter(|path| now.iter().all(|(own, _)| own != *path));
    let found: Vec<&PathBuf> = new.chain(gone).collect();
    let first = found.first()?;
    let name = root.and_then(|root| first.strip_prefix(root).ok()).unwrap_or(first);
    Some(match found.len() - 1 {
        0 => name.display().to_string(),
        more => format!("{} and {more} more", name.display()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_came_or_went_is_named_once() {
        let at = |name: &str, length: u64| {
            (PathBuf::from("/plan").join(name), Some((SystemTime::UNIX_EPOCH, length)))
        };
        let before = vec![at("a.csv", 1), at("below/b.csv", 1), at("c.toml", 1)];
        let root = Some(Path::new("/plan"));
        assert_eq!(changed(root, &before, &before), None);
        let now = vec![at("a.csv", 1), at("below/b.csv", 2), at("c.toml", 1)];
        assert_eq!(changed(root, &before, &now).as_deref(), Some("below/b.csv"));
        let now = vec![at("a.csv", 1), at("d.csv", 1)];
        assert_eq!(changed(root, &before, &now).as_deref(), Some("d.csv and 2 more"));
    }
}
