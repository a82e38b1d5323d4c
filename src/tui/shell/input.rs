//! Reads the terminal on a thread of its own, and signals on another.

use std::io::{Read, stdin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

use signal_hook::consts::{SIGCONT, SIGHUP, SIGTERM, SIGWINCH};
use signal_hook::iterator::Signals;

use super::decode::Decoder;
use crate::tui::message::Message;

/// Whether the terminal is read; shared with the thread that reads it.
#[derive(Clone, Default)]
pub(super) struct Reading {
    paused: Arc<AtomicBool>,
    idle: Arc<AtomicBool>,
}

impl Reading {
    /// Stops reading, so that another program can, and waits until nothing is read any more.
    pub(super) fn pause(&self) {
        self.paused.store(true, Ordering::SeqCst);
        for _ in 0..100 {
            if self.idle.load(Ordering::SeqCst) {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Reads again.
    pub(super) fn resume(&self) {
        self.paused.store(false, Ordering::SeqCst);
    }
}

/// Reads the terminal until it or the receiver is gone.
pub(super) fn read(messages: &Sender<Message>, reading: &Reading) {
    let mut decoder = Decoder::default();
    let mut bytes = [0; 4096];
    loop {
        if reading.paused.load(Ordering::SeqCst) {
            reading.idle.store(true, Ordering::SeqCst);
            thread::sleep(Duration::from_millis(10));
            continue;
        }
        reading.idle.store(false, Ordering::SeqCst);
        let found = match stdin().lock().read(&mut bytes) {
            Ok(0) => decoder.flush(),
            Ok(count) => decoder.feed(bytes.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => Vec::new(),
            Err(_) => {
                let _ = messages.send(Message::Hangup);
                return;
            }
        };
        for message in found {
            if messages.send(message).is_err() {
                return;
            }
        }
    }
}

/// Hands signals on as messages.
///
/// # Errors
///
/// Why signals cannot be watched, in words.
pub(super) fn watch_signals(messages: Sender<Message>) -> Result<(), String> {
    let mut signals = Signals::new([SIGWINCH, SIGTERM, SIGHUP, SIGCONT])
        .map_err(|error| format!("signals cannot be watched: {error}"))?;
    thread::spawn(move || {
        for signal in signals.forever() {
            let message = match signal {
                SIGTERM | SIGHUP => Message::Hangup,
                _ => {
                    let (width, height) = super::terminal::size();
                    Message::Resized(width, height)
                }
            };
            if messages.send(message).is_err() {
                return;
            }
        }
    });
    Ok(())
}
