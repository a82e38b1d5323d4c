use std::fmt;
use std::sync::Arc;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource};

use super::source::{FileId, Place, Sources};
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
        return format!("{}\n", display_safe(&problem.message));
    }
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

/// A problem in one file, with the same problem's places in other files as related ones.
#[derive(Debug)]
struct Drawn {
    message: String,
    code: Option<&'static str>,
    severity: miette::Severity,
    source: NamedSource<Arc<str>>,
    labels: Vec<LabeledSpan>,
    help: Option<String>,
    related: Vec<Self>,
}

impl Drawn {
    fn new(problem: &Problem, sources: &Sources) -> Self {
        let mut files: Vec<FileId> = Vec::new();
        for (place, _) in &problem.labels {
            if !files.contains(&place.file) {
                files.push(place.file);
            }
        }
        let in_file = |file: FileId| {
            let source = sources.get(file);
            let labels = problem.labels.iter().filter(|(place, _)| place.file == file);
            let spans = labels.map(|(place, text)| {
                let (start, end) = (place.start as usize, place.end as usize);
                let text = match sources.cell(*place) {
                    Some(cell) => format!("{text} ({cell})"),
                    None => text.clone(),
                };
                LabeledSpan::new(Some(display_safe(&text)), start, end.saturating_sub(start))
            });
            (NamedSource::new(source.name.clone(), Arc::clone(&source.text)), spans.collect())
        };
        let severity = match problem.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        };
        let mut parts = files.into_iter().map(|file| {
            let (source, labels): (_, Vec<LabeledSpan>) = in_file(file);
            Self {
                message: String::from("the other place"),
                code: None,
                severity: miette::Severity::Advice,
                source,
                labels,
                help: None,
                related: Vec::new(),
            }
        });
        let first = parts.next().unwrap_or_else(|| Self {
            message: String::new(),
            code: None,
            severity,
            source: NamedSource::new("", Arc::from("")),
            labels: Vec::new(),
            help: None,
            related: Vec::new(),
        });
        Self {
            message: display_safe(&problem.message),
            code: Some(problem.code),
            severity,
            help: problem.help.as_deref().map(display_safe),
            related: parts.collect(),
            ..first
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
        self.code.map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        (!self.labels.is_empty()).then_some(&self.source as &dyn miette::SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        (!self.related.is_empty()).then(|| {
            Box::new(self.related.iter().map(|part| part as &dyn Diagnostic))
                as Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>
        })
    }
}
