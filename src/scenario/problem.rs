use std::fmt;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan};

use super::excerpt::Excerpt;
use super::source::{Place, Sources};
use crate::plan::Severity;
use crate::units::display_safe;

/// A planner's mistake: what is wrong, where, and what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// A stable name for the kind of problem.
    pub code: &'static str,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where, and what to write under it; the first is the place to look at first.
    pub labels: Vec<(Place, String)>,
    /// What to do next.
    pub help: Option<String>,
    /// Whether the plan can be used all the same.
    pub severity: Severity,
}

impl Problem {
    /// An error at `place`, with `label` written under it.
    pub fn new(
        code: &'static str,
        message: impl Into<String>,
        place: Place,
        label: impl Into<String>,
    ) -> Self {
        Self {
            code,
            message: message.into(),
            labels: vec![(place, label.into())],
            help: None,
            severity: Severity::Error,
        }
    }

    /// The same problem, also pointing at `place`.
    #[must_use]
    pub fn also(mut self, place: Place, label: impl Into<String>) -> Self {
        self.labels.push((place, label.into()));
        self
    }

    /// The same problem as a warning: the plan can be used all the same.
    #[must_use]
    pub fn warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// The same problem, saying what to do next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// How problems are drawn.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// With colours.
    pub colour: bool,
    /// With box-drawing characters rather than ASCII.
    pub unicode: bool,
}

/// Draws `problem` with an excerpt of every file it points at.
pub fn render(problem: &Problem, sources: &Sources, style: Style) -> String {
    let theme = match (style.colour, style.unicode) {
        (true, true) => GraphicalTheme::unicode(),
        (false, true) => GraphicalTheme::unicode_nocolor(),
        (_, false) => GraphicalTheme::none(),
    };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(100).with_links(false);
    let mut text = String::new();
    if handler.render_report(&mut text, &Drawn::new(problem, sources)).is_err() {
        return format!("{}\n", brief(&problem.message));
    }
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

/// The most characters of a quoted value, and of a whole sentence, that are drawn.
const LONGEST_VALUE: usize = 120;
const LONGEST_TEXT: usize = 1200;

/// The text made safe for a terminal, with what is too long in it cut short.
fn brief(text: &str) -> String {
    let parts: Vec<String> = text.split('`').map(|part| cut(part, LONGEST_VALUE * 3)).collect();
    let quoted: Vec<String> = parts
        .iter()
        .enumerate()
        .map(|(place, part)| if place % 2 == 1 { cut(part, LONGEST_VALUE) } else { part.clone() })
        .collect();
    cut(&display_safe(&quoted.join("`")), LONGEST_TEXT)
}

/// The first `most` characters of a text.
fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => text.get(..end).unwrap_or_default().to_string() + "…",
        None => text.to_string(),
    }
}

/// A problem with the lines that it points at.
#[derive(Debug)]
struct Drawn {
    message: String,
    code: &'static str,
    severity: miette::Severity,
    excerpt: Excerpt,
    labels: Vec<LabeledSpan>,
    help: Option<String>,
}

impl Drawn {
    fn new(problem: &Problem, sources: &Sources) -> Self {
        let places: Vec<Place> = problem.labels.iter().map(|(place, _)| *place).collect();
        let (excerpt, spans) = Excerpt::new(&places, sources);
        let labels = problem.labels.iter().zip(spans);
        Self {
            message: brief(&problem.message),
            code: problem.code,
            severity: match problem.severity {
                Severity::Error => miette::Severity::Error,
                Severity::Warning => miette::Severity::Warning,
            },
            excerpt,
            labels: labels
                .map(|((place, text), at)| {
                    let text = match sources.cell(*place) {
                        Some(cell) => format!("{text} ({cell})"),
                        None => text.clone(),
                    };
                    LabeledSpan::new(Some(brief(&text)), at.start, at.len())
                })
                .collect(),
            help: problem.help.as_deref().map(brief),
        }
    }
}

impl fmt::Display for Drawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Drawn {}

impl Diagnostic for Drawn {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        (!self.labels.is_empty()).then_some(&self.excerpt as &dyn miette::SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}
