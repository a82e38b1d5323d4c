//! What the terminal can show.

use std::collections::HashSet;
use std::io::{IsTerminal, Write};

use indexmap::IndexMap;

use crate::report::{Look, ascii};
use crate::scenario::{Problem, Sources, Style, render};
use crate::units::{Amount, display_safe, grouped};

/// How many problems of one kind are drawn for one file.
const MOST_ALIKE: usize = 50;

/// What the program may draw with, and the streams it writes to.
pub(crate) struct Screen {
    unicode: bool,
    colour: bool,
}

impl Screen {
    /// Asks the environment: the locale, `NO_COLOR`, and whether there is a terminal.
    pub(crate) fn new(ascii: bool) -> Self {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .iter()
            .filter_map(|name| std::env::var(name).ok())
            .find(|value| !value.is_empty());
        let plain = |locale: String| {
            let upper = locale.to_uppercase();
            !upper.contains("UTF-8") && !upper.contains("UTF8")
        };
        let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
        Self { unicode: !ascii && !locale.is_some_and(plain), colour: !no_colour && !dumb }
    }

    /// How the screen of the terminal UI is drawn.
    pub(crate) fn colours(&self, light: bool) -> crate::tui::Look {
        use crate::tui::Colours;
        let colours = match (self.colour, light) {
            (false, _) => Colours::None,
            (_, true) => Colours::Light,
            _ => Colours::Dark,
        };
        crate::tui::Look { colours, ascii: !self.unicode }
    }

    /// How tables are drawn on standard output.
    pub(crate) fn look(&self, to_file: bool) -> Look {
        let terminal = std::io::stdout().is_terminal() && !to_file;
        let columns = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
        let measured = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        let width = if terminal { measured.or(columns).unwrap_or(100) } else { 160 };
        Look { width: width.max(60), unicode: self.unicode, bold: terminal && self.colour }
    }

    /// Prints the answer; a reader that has gone away is not our trouble.
    ///
    /// # Errors
    ///
    /// Why it could not be written, in words.
    pub(crate) fn print(text: &str) -> Result<(), String> {
        let mut out = std::io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                Err(format!("the answer cannot be written: {error}"))
            }
            _ => Ok(()),
        }
    }

    /// Says something on standard error.
    pub(crate) fn say(&self, text: &str) {
        let safe: Vec<String> = text.lines().map(display_safe).collect();
        let safe = safe.join("\n");
        let safe = if self.unicode { safe } else { ascii(&safe) };
        let _ = writeln!(std::io::stderr(), "{safe}");
    }

    /// Draws problems on standard error, each once, and of many alike in one file the first.
    pub(crate) fn problems(&self, problems: &[Problem], sources: &Sources) {
        let colour = self.colour && std::io::stderr().is_terminal();
        let style = Style { colour, unicode: self.unicode };
        let mut drawn = HashSet::new();
        let mut alike: IndexMap<_, usize> = IndexMap::new();
        for problem in
            problems.iter().filter(|problem| drawn.insert((&problem.message, &problem.labels)))
        {
            let file = problem.labels.first().map(|(place, _)| place.file);
            let count = alike.entry((problem.code, file)).or_default();
            *count += 1;
            if *count <= MOST_ALIKE {
                let _ = writeln!(std::io::stderr(), "{}", render(problem, sources, style));
            }
        }
        for ((code, file), count) in alike.into_iter().filter(|(_, count)| *count > MOST_ALIKE) {
            let place =
                file.map_or_else(String::new, |file| format!(" in {}", sources.get(file).name));
            let more =
                grouped(&Amount::whole(i64::try_from(count - MOST_ALIKE).unwrap_or(i64::MAX)), 0);
            self.say(&format!("and {more} more like it{place}: {code}\n"));
        }
    }
}
