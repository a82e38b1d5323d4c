//! The threads that answer questions.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread;

use crate::session::Opened;
use crate::tui::adviser;
use crate::tui::message::Message;
use crate::tui::worker::Request;

/// Starts a thread that answers questions.
pub(super) fn advised(opened: &Opened, messages: &Sender<Message>) -> Sender<Request> {
    let (questions, asked) = channel();
    let (answers, desk) = (messages.clone(), opened.clone());
    thread::spawn(move || adviser::serve(&desk, &asked, &answers, &Arc::default()));
    questions
}

/// The thread of what takes long, and how it is stopped.
pub(super) struct Search {
    pub(super) requests: Sender<Request>,
    stop: Arc<AtomicBool>,
}

impl Search {
    pub(super) fn start(opened: &Opened, messages: &Sender<Message>) -> Self {
        let (requests, asked) = channel();
        let stop: Arc<AtomicBool> = Arc::default();
        let (answers, desk, flag) = (messages.clone(), opened.clone(), Arc::clone(&stop));
        thread::spawn(move || adviser::serve(&desk, &asked, &answers, &flag));
        Self { requests, stop }
    }

    pub(super) fn send(&self, request: Request) {
        let _ = self.requests.send(request);
    }

    /// Has what is under way left.
    pub(super) fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}
