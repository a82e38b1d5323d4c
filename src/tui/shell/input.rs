//! Reads the terminal on a thread of its own, and signals on another.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

use crossterm::event;
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::iterator::Signals;

use super::events;
use crate::tui::message::Message;

/// How long a read waits before it looks whether it is to pause.
const WAIT: Duration = Duration::from_millis(50);

/// Whether the terminal is read; shared with the thread that reads it.
#[derive(Clone, Default)]
pub(super) struct Reading {
    paused: Arc<AtomicBool>,
    idle: Arc<AtomicBool>,
    over: Arc<AtomicBool>,
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

    /// Stops reading for good: another thread may read the terminal then.
    pub(super) fn end(&self) {
        self.over.store(true, Ordering::SeqCst);
        self.pause();
    }

    /// Reads again.
    pub(super) fn resume(&self) {
        self.paused.store(false, Ordering::SeqCst);
    }
}

/// Reads the terminal until it or the receiver is gone.
pub(super) fn read(messages: &Sender<Message>, reading: &Reading) {
    loop {
        if reading.paused.load(Ordering::SeqCst) {
            reading.idle.store(true, Ordering::SeqCst);
            if reading.over.load(Ordering::SeqCst) {
                return;
            }
            thread::sleep(Duration::from_millis(10));
            continue;
        }
        reading.idle.store(false, Ordering::SeqCst);
        let message = match next() {
            Ok(event) => event.and_then(events::message),
            Err(_) => Some(Message::Hangup),
        };
        let last = matches!(message, Some(Message::Hangup));
        if message.is_some_and(|message| messages.send(message).is_err()) || last {
            reading.idle.store(true, Ordering::SeqCst);
            return;
        }
    }
}

/// The next event; none where none has come for a while.
fn next() -> io::Result<Option<event::Event>> {
    if event::poll(WAIT)? { event::read().map(Some) } else { Ok(None) }
}

/// Hands signals on as messages.
///
/// # Errors
///
/// Why signals cannot be watched, in words.
pub(super) fn watch_signals(messages: Sender<Message>) -> Result<(), String> {
    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGCONT])
        .map_err(|error| format!("signals cannot be watched: {error}"))?;
    thread::spawn(move || {
        for signal in signals.forever() {
            let message = if signal == SIGCONT { Message::Continued } else { Message::Hangup };
            if messages.send(message).is_err() {
                return;
            }
        }
    });
    Ok(())
}
