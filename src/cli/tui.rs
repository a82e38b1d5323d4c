use std::io::IsTerminal;

use super::args::Tui;
use super::run::{Exit, failed, misuse};
use super::screen::Screen;
use crate::session;
use crate::tui::{self, Options};

/// Whether there is a terminal to draw on and to read from.
pub(super) fn possible() -> bool {
    let dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
    std::io::stdin().is_terminal() && std::io::stdout().is_terminal() && !dumb
}

/// Opens a scenario on the screen.
pub(super) fn tui(screen: &Screen, asked: &Tui, welcome: bool) -> Exit {
    let name = asked.scenario.as_deref().unwrap_or(session::DEFAULT_PLAN);
    let opened = match session::open_draft(name) {
        Ok(opened) => opened,
        Err(words) => return failed(screen, &words),
    };
    if asked.plain {
        let look = screen.look(false);
        let done = tui::plain(opened, std::io::stdin().lock(), std::io::stdout().lock(), look);
        return done.map_or_else(|words| failed(screen, &words), |()| Exit::Fine);
    }
    if !possible() {
        return misuse(
            screen,
            "the screen needs a terminal; `virement tui --plain` works line by line, `virement solve` prints the answer",
        );
    }
    let options = Options { mouse: !asked.no_mouse, look: screen.colours(asked.light), welcome };
    match tui::run(&opened, &options) {
        Ok(()) => Exit::Fine,
        Err(words) => failed(screen, &words),
    }
}
