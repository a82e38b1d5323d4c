//! Work that is done beside the thread that asks for it. Nothing of it outlives the call, so that
//! only time tells whether it was.

pub(crate) use std::thread::{ScopedJoinHandle as Beside, scope};

/// What another thread found; its panic goes on in this one.
pub(crate) fn joined<T>(thread: Beside<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Two things found side by side.
pub(crate) fn both<A: Send, B>(
    first: impl FnOnce() -> A + Send,
    second: impl FnOnce() -> B,
) -> (A, B) {
    scope(|scope| {
        let first = scope.spawn(first);
        let second = second();
        (joined(first), second)
    })
}
