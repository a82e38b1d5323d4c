use crate::units::{Id, MemberId};

/// Something that keeps parts from making a plan, in the planner's words. It names ids, not
/// places: the loader, which still has the files, adds those.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// A stable name for the kind of fault.
    pub code: &'static str,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where, and what to write under it.
    pub sites: Vec<(Site, String)>,
    /// What to do next.
    pub help: Option<String>,
    /// Whether a plan can be made all the same.
    pub severity: Severity,
    /// Whether it rests on sums of cells, so that it means nothing where cells are missing.
    pub of_cells: bool,
}

/// How much a fault weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// No plan can be made.
    Error,
    /// A plan is made; a planner should look.
    Warning,
}

/// A thing of the plan that a fault points at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Site {
    /// A key of an item of a section: `limit`, `languages`, `max`.
    Key(&'static str, Id, &'static str),
    /// An item of a section.
    Item(&'static str, Id),
    /// A control, by its place among the controls, and one of its keys.
    Control(usize, &'static str),
    /// A column of a cell, by the place of the cell in the parts.
    Cell(usize, &'static str),
    /// A column of a cell, by its members.
    Line(Vec<MemberId>, &'static str),
    /// A key of the plan itself, or a section that stands once.
    Top(&'static str),
}

impl Fault {
    /// A fault at `site`, with `label` written under it.
    pub fn error(
        code: &'static str,
        message: impl Into<String>,
        site: Site,
        label: impl Into<String>,
    ) -> Self {
        Self {
            code,
            message: message.into(),
            sites: vec![(site, label.into())],
            help: None,
            severity: Severity::Error,
            of_cells: false,
        }
    }

    /// The same fault, also pointing at `site`.
    #[must_use]
    pub fn also(mut self, site: Site, label: impl Into<String>) -> Self {
        self.sites.push((site, label.into()));
        self
    }

    /// The same fault, saying what to do next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same fault, as one that rests on sums of cells.
    #[must_use]
    pub fn of_cells(mut self) -> Self {
        self.of_cells = true;
        self
    }

    /// The same fault as a warning.
    #[must_use]
    pub fn warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }
}
