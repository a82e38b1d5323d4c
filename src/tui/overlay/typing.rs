//! Lines to type in, and what becomes of them.

use std::path::Path;

use super::Overlay;
use super::new_limit::{new_limit, plain};
use crate::plan::Plan;
use crate::scenario::{Amendment, Hold, Level, Picks};
use crate::tui::advice::{self, Ranged};
use crate::tui::keys::{Code, Key};
use crate::tui::message::Command;
use crate::tui::model::Model;
use crate::tui::prompt::Line;
use crate::tui::{editing, find, typed};
use crate::units::{Amount, grouped};

/// A line to type in, with further ones that may stay empty.
#[derive(Debug, Clone)]
pub struct Prompt {
    /// What is asked for.
    pub title: String,
    /// What becomes of it.
    pub purpose: Purpose,
    /// The lines; the first is what is asked for.
    pub fields: Vec<Field>,
    /// The line that is typed in.
    pub at: usize,
    /// How what is typed is understood, or why it is not.
    pub echo: Result<String, String>,
}

/// One line of a prompt.
#[derive(Debug, Clone)]
pub struct Field {
    /// What it is.
    pub label: &'static str,
    /// What is typed.
    pub line: Line,
}

/// What becomes of what is typed.
#[derive(Debug, Clone)]
pub enum Purpose {
    /// A hold on a slice.
    Figure {
        /// The slice.
        picks: Picks,
        /// Where it stands.
        now: Amount,
        /// The smallest step, in plan units.
        quantum: u32,
        /// The unit of plan units.
        unit: String,
        /// A step of a nudge, in plan units.
        step: Amount,
        /// Its lump, where it is one line of all or nothing.
        lump: Option<Amount>,
    },
    /// A value of the plan.
    Value {
        /// Its dotted key.
        target: String,
        /// Where it stands.
        now: Amount,
        /// Its unit.
        unit: String,
        /// Whether it is a share that files write in percent.
        share: bool,
    },
    /// A move of money between two slices.
    Transfer {
        /// Who gives.
        from: Picks,
        /// Who receives.
        to: Picks,
        /// The unit of plan units.
        unit: String,
    },
    /// A new limit on a slice.
    Limit {
        /// The slice.
        picks: Picks,
    },
    /// A note about a slice.
    Remark {
        /// The slice.
        picks: Picks,
        /// Whether something is noted already.
        there: bool,
    },
    /// The name of a file for the scenario.
    SaveAs,
    /// The name of a file for the view.
    Export,
    /// The folder of a plan of one's own.
    Begin {
        /// The embedded plan that it starts from.
        plan: String,
    },
    /// A part of a line's name.
    Find {
        /// Where one was before.
        from: find::Place,
    },
}

impl Field {
    /// A line that says `text` already.
    pub fn new(label: &'static str, text: &str) -> Self {
        Self { label, line: Line::new(text) }
    }

    /// A line with a text that stands unless another is typed.
    pub fn suggested(label: &'static str, text: &str) -> Self {
        Self { label, line: Line::suggested(text) }
    }
}

impl Prompt {
    /// A prompt with its first line to be typed in.
    pub fn new(title: impl Into<String>, purpose: Purpose, fields: Vec<Field>) -> Self {
        let mut prompt =
            Self { title: title.into(), purpose, fields, at: 0, echo: Ok(String::new()) };
        prompt.echo = prompt.understood();
        prompt
    }

    /// What is typed in a line.
    pub fn text(&self, place: usize) -> &str {
        self.fields.get(place).map_or("", |field| field.line.text())
    }

    /// Puts text in at the cursor.
    pub fn insert(&mut self, text: &str) {
        if let Some(field) = self.fields.get_mut(self.at) {
            field.line.insert(text);
        }
    }

    pub(super) fn stated(&self, place: usize) -> Option<String> {
        Some(self.text(place).trim().to_string()).filter(|text| !text.is_empty())
    }

    /// How what is typed is understood.
    fn understood(&self) -> Result<String, String> {
        match &self.purpose {
            Purpose::Figure { now, unit, .. } => {
                let level = self.level()?;
                Ok(match &level {
                    Level::Number(to) => {
                        let change = to - now;
                        let sign = if change.is_positive() { "+" } else { "" };
                        let change = grouped(&change, 0);
                        format!("= {} {unit}   {sign}{change} from where it stands", level.words())
                    }
                    Level::Words(words) => format!("= {words}"),
                })
            }
            Purpose::Value { unit, .. } => Ok(format!("= {} {unit}", self.value()?.words())),
            Purpose::Transfer { unit, .. } => {
                let amount = typed::number(self.text(0))?;
                if amount.is_positive() {
                    return Ok(format!("= {} {unit}", grouped(&amount, 0)));
                }
                Err("a transfer moves more than nothing".into())
            }
            Purpose::Limit { .. } => self.level().map(|level| format!("= {}", level.words())),
            Purpose::SaveAs => Ok(match self.text(0).trim() {
                "" => "name the file: `cut` becomes `cut.scenario.toml`".into(),
                text => {
                    let whole = Path::new(text).extension().is_some_and(|end| end == "toml");
                    format!("= {text}{}", if whole { "" } else { ".scenario.toml" })
                }
            }),
            Purpose::Export => Ok("the ending says how: .csv, .md or .txt".into()),
            Purpose::Remark { .. } | Purpose::Begin { .. } | Purpose::Find { .. } => {
                Ok(String::new())
            }
        }
    }

    /// The level that a figure's line states; signs alone are steps of a nudge.
    fn level(&self) -> Result<Level, String> {
        let text = self.text(0).trim();
        let zero = Amount::ZERO;
        match &self.purpose {
            Purpose::Figure { lump: Some(lump), now, quantum, .. } => {
                whole(text, lump, now, *quantum)
            }
            Purpose::Figure { now, quantum, step, .. } => {
                let signs = text.chars().all(|c| matches!(c, '+' | '-')) && !text.is_empty();
                if signs {
                    let up = text.chars().filter(|c| *c == '+').count();
                    let steps = i64::try_from(2 * up).unwrap_or(0)
                        - i64::try_from(text.chars().count()).unwrap_or(0);
                    return Ok(Level::Number(now + &(step * &Amount::whole(steps))));
                }
                typed::level(text, now, *quantum)
            }
            _ => typed::level(text, &zero, 1).and_then(|level| match text.chars().next() {
                Some('+') => Err("a limit has a level, not a change; write the level".into()),
                _ => Ok(level),
            }),
        }
    }

    /// The slice and the level of a hold that everything else pays for. What it can be tells at once whether
    /// it can be had: nothing is solved for a figure that is half typed and out of reach.
    pub(crate) fn reached(&self) -> Option<(Picks, Amount)> {
        match (&self.purpose, self.level().ok()?) {
            (Purpose::Figure { picks, .. }, Level::Number(to)) if self.stated(2).is_none() => {
                Some((picks.clone(), to))
            }
            _ => None,
        }
    }

    /// The value of the plan that the line states.
    fn value(&self) -> Result<Level, String> {
        let Purpose::Value { now, share, .. } = &self.purpose else {
            return Err("nothing to set".into());
        };
        let text = self.text(0).trim();
        if *share {
            let points = text.trim_start_matches('=').trim().trim_end_matches('%');
            let points = typed::number(points.trim_start_matches('-'))
                .map(|points| if text.contains('-') { -points } else { points })?;
            return Ok(Level::Words(format!("{}%", plain(&points))));
        }
        match typed::level(text, now, 1)? {
            // A driver may be a fraction: a change of it is not rounded to whole quanta.
            Level::Number(_) if text.starts_with(['+', '-']) => {
                typed::exact(text, now).map(Level::Number)
            }
            level => Ok(level),
        }
    }

    /// The edit that the lines ask for.
    fn edit(&self, plan: Option<&Plan>) -> Result<Option<Amendment>, String> {
        Ok(Some(match &self.purpose {
            Purpose::Figure { picks, .. } => {
                let paid_by = match (self.stated(2), plan) {
                    (Some(text), Some(plan)) => Some(find::picks(plan, &text)?),
                    _ => None,
                };
                Amendment::Hold(Hold {
                    on: picks.clone(),
                    at: Some(self.level()?),
                    reason: self.stated(1),
                    paid_by,
                    by: self.stated(3),
                    until: self.stated(4),
                    ..Hold::default()
                })
            }
            Purpose::Value { target, .. } => {
                Amendment::Set { target: target.clone(), to: self.value()? }
            }
            Purpose::Transfer { from, to, .. } => Amendment::Transfer {
                from: from.clone(),
                to: to.clone(),
                amount: typed::number(self.text(0))?,
                reason: self.stated(1),
                by: self.stated(2),
            },
            Purpose::Limit { picks } => new_limit(picks, self)?,
            Purpose::Remark { picks, there } => {
                let text = self.stated(0);
                if text.is_none() && !there {
                    return Err("write something, or leave with Esc".into());
                }
                let (on, text, by) = (picks.clone(), text.unwrap_or_default(), self.stated(1));
                Amendment::Remark { on, text, by }
            }
            Purpose::SaveAs | Purpose::Export | Purpose::Begin { .. } | Purpose::Find { .. } => {
                return Ok(None);
            }
        }))
    }
}

/// What a line of all or nothing may be held at: zero or its lump; signs alone take or leave it.
///
/// # Errors
///
/// What else was typed, and what can be.
pub fn whole(text: &str, lump: &Amount, now: &Amount, quantum: u32) -> Result<Level, String> {
    let level = match text {
        "" => typed::level(text, now, quantum)?,
        text if text.chars().all(|c| c == '+') => Level::Number(lump.clone()),
        text if text.chars().all(|c| c == '-') => Level::Number(Amount::ZERO),
        text => typed::level(text, now, quantum)?,
    };
    match &level {
        Level::Number(to) if to.is_zero() || to == lump => Ok(level),
        _ => Err(format!("it is all or nothing: 0 or {}", grouped(lump, 0))),
    }
}

pub(super) fn key(model: &mut Model, mut prompt: Prompt, key: Key) -> Vec<Command> {
    let count = prompt.fields.len();
    match key.code {
        Code::Esc => return cancelled(model, &prompt),
        Code::Char('c') if key.ctrl => return cancelled(model, &prompt),
        Code::Tab | Code::Down => prompt.at = (prompt.at + 1) % count.max(1),
        Code::BackTab | Code::Up => prompt.at = (prompt.at + count.max(1) - 1) % count.max(1),
        Code::Enter => return entered(model, prompt),
        _ => {
            let at = prompt.at;
            let changed = prompt.fields.get_mut(at).is_some_and(|field| field.line.key(key));
            model.overlay = Some(Overlay::Prompt(prompt));
            return if changed { typed(model) } else { Vec::new() };
        }
    }
    model.overlay = Some(Overlay::Prompt(prompt));
    Vec::new()
}

fn cancelled(model: &mut Model, prompt: &Prompt) -> Vec<Command> {
    if let Purpose::Find { from } = prompt.purpose {
        return find::back(model, from);
    }
    model.preview = None;
    model.typed += 1;
    model.quits_when_saved = false;
    model.say("nothing was changed");
    Vec::new()
}

/// Echoes what is typed, and has it solved without making it.
pub(super) fn typed(model: &mut Model) -> Vec<Command> {
    let answer = model.answer.clone();
    let plan = answer.as_ref().map(|answer| &*answer.plan);
    let Some(Overlay::Prompt(prompt)) = &mut model.overlay else { return Vec::new() };
    prompt.echo = prompt.understood();
    if matches!(prompt.purpose, Purpose::Remark { .. }) {
        return Vec::new();
    }
    if let Purpose::Find { from } = prompt.purpose {
        let text = prompt.text(0).to_string();
        return find::typed(model, &text, from);
    }
    if prompt.echo.is_err() {
        model.preview = None;
        model.typed += 1;
        return Vec::new();
    }
    let (edit, reached) = (prompt.edit(plan), prompt.reached());
    if let Some((picks, level)) = reached {
        let open = matches!(advice::ranged(model, &picks), Ranged::Open);
        if open || advice::nearest(model, &picks, &level).is_some() {
            model.preview = None;
            model.typed += 1;
            return Vec::new();
        }
    }
    match edit {
        Ok(Some(edit)) => editing::preview(model, &edit),
        _ => Vec::new(),
    }
}

fn entered(model: &mut Model, mut prompt: Prompt) -> Vec<Command> {
    let answer = model.answer.clone();
    match prompt.edit(answer.as_ref().map(|answer| &*answer.plan)) {
        Err(words) => {
            prompt.echo = Err(words);
            model.overlay = Some(Overlay::Prompt(prompt));
            Vec::new()
        }
        Ok(Some(edit)) => {
            let out =
                prompt.reached().and_then(|(picks, level)| advice::nearest(model, &picks, &level));
            let commands = editing::edit(model, &edit);
            if let Some(end) = out {
                let words = "the limits that forbid it are being found";
                model.warn(format!(
                    "‼ {} is the nearest that can be had; {words}",
                    grouped(&end, 0)
                ));
            }
            commands
        }
        Ok(None) => {
            let text = prompt.text(0).trim().to_string();
            match prompt.purpose {
                Purpose::SaveAs => vec![Command::SaveAs { name: text, over: false }],
                Purpose::Export => crate::tui::export::write(model, text),
                Purpose::Begin { plan } => vec![Command::Begin { plan, folder: text }],
                _ => find::entered(model, text),
            }
        }
    }
}
