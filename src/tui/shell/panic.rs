//! A fault of the program's own: the terminal is given back before it speaks, and the program ends.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;

use super::terminal::give_back;
use crate::tui::message::Message;

/// Whether a thread of the program has panicked.
static PANICKED: AtomicBool = AtomicBool::new(false);

/// Sees to it that a panic gives the terminal back before it speaks, and that a panic of a thread
/// beside the screen ends the program.
pub(super) fn restore(messages: Sender<Message>) {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        PANICKED.store(true, Ordering::SeqCst);
        give_back();
        before(panic);
        let _ = messages.send(Message::Hangup);
    }));
}

/// Whether all went well.
///
/// # Errors
///
/// That it did not, in words.
pub(super) fn outcome() -> Result<(), String> {
    if PANICKED.load(Ordering::SeqCst) {
        return Err("the program met a fault of its own and ended; edits that were not saved are \
                    offered at the next start"
            .into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};
    use std::sync::mpsc::channel;

    use super::super::terminal::Screen;
    use super::*;

    /// Takes the terminal over and falls: run on a terminal of its own by the test below.
    #[test]
    #[ignore = "needs a terminal of its own"]
    #[should_panic(expected = "a fault")]
    fn a_screen_that_panics() {
        let (sender, _receiver) = channel();
        restore(sender);
        let mut screen = Screen::enter(true).expect("a fault: no terminal");
        screen.draw(|frame| frame.render_widget("half-drawn", frame.area())).expect("a frame");
        panic!("a fault on purpose");
    }

    #[test]
    fn a_panic_gives_the_terminal_back_before_it_speaks() {
        let own = std::env::current_exe().expect("this test");
        let name = "tui::shell::panic::tests::a_screen_that_panics";
        let line = format!(
            "stty rows 24 cols 100; '{}' --exact {name} --ignored --nocapture; stty -a",
            own.display()
        );
        let output = Command::new("script")
            .args(["-qefc", &line, "/dev/null"])
            .env("TERM", "xterm-256color")
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::null())
            .output()
            .expect("`script` of util-linux");
        let size = |count| std::num::NonZeroU16::new(count).expect("a size");
        let mut screen = vt100::Parser::new(size(24), size(100), 0);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        screen.process(text.as_bytes());
        let screen = screen.screen();
        let contents = screen.contents();
        let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("no `{part}` in {text}"));
        assert!(at("half-drawn") < at("\x1b[?1049l"), "{text}");
        assert!(at("\x1b[?1049l") < at("a fault on purpose"), "{text}");
        assert!(at("\x1b[?1003l") < at("a fault on purpose"), "the mouse is let go: {text}");
        assert!(!screen.alternate_screen() && !screen.hide_cursor(), "{contents}");
        assert!(contents.contains("a fault on purpose"), "{contents}");
        assert!(contents.contains(" icanon") && contents.contains(" echo "), "{contents}");
    }
}
