//! `[[vary]]`: the scenarios that one file stands for, each of them a file of its own.

mod correlate;
mod distribution;
mod drawn;
mod draws;
mod listed;
mod quantile;
mod read;
mod shuffle;
mod trial;

use toml_edit::Value;

use super::load::SCENARIO_FORMAT;
use crate::units::Amount;
use draws::Draws;
pub(crate) use read::{Reading, design};
pub(crate) use trial::Trial;

/// The most scenarios that one file may stand for.
const MOST_SCENARIOS: u64 = 1_000_000_000_000;

/// The scenarios that the `[[vary]]` blocks of a file stand for.
///
/// Every block with values is an axis, and the scenarios are all combinations of their values;
/// blocks that vary one at a time are one axis together, which begins with none of them changed;
/// all draws are one axis together. The first axis changes slowest.
#[derive(Debug, Clone, Default)]
pub struct Design {
    varied: Vec<Varied>,
    axes: Vec<Axis>,
}

/// A figure that varies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Varied {
    /// What is changed, as the file names it.
    pub target: String,
    /// Whether it is scaled, and not set.
    pub scaled: bool,
    /// Whether its values are percentages.
    pub percent: bool,
    /// The slice that `where` picks, as TOML.
    pub on: Option<String>,
}

/// One axis of a design.
#[derive(Debug, Clone)]
enum Axis {
    /// Rows of values, each of the same varied figures.
    Listed { figures: Vec<usize>, rows: Vec<Vec<Amount>> },
    /// Nothing changed, then each value of each figure alone.
    Alone(Vec<(usize, Vec<Amount>)>),
    /// Draws of several figures together.
    Drawn { figures: Vec<usize>, draws: Draws },
}

impl Axis {
    fn len(&self) -> u64 {
        let count = |rows: usize| u64::try_from(rows).unwrap_or(u64::MAX);
        match self {
            Self::Listed { rows, .. } => count(rows.len()),
            Self::Alone(figures) => 1 + figures.iter().map(|(_, v)| count(v.len())).sum::<u64>(),
            Self::Drawn { draws, .. } => draws.count(),
        }
    }

    /// Sets the figures of the axis to what they are in place `place` of it.
    fn set(&self, place: u64, settings: &mut [Option<Amount>]) {
        let index = usize::try_from(place).unwrap_or(usize::MAX);
        match self {
            Self::Listed { figures, rows } => {
                let Some(row) = rows.get(index) else { return };
                for (figure, value) in figures.iter().zip(row) {
                    settings[*figure] = Some(value.clone());
                }
            }
            Self::Alone(figures) => {
                let Some(mut rest) = index.checked_sub(1) else { return };
                for (figure, values) in figures {
                    if let Some(value) = values.get(rest) {
                        settings[*figure] = Some(value.clone());
                        return;
                    }
                    rest -= values.len();
                }
            }
            Self::Drawn { figures, draws } => {
                for (figure, value) in figures.iter().zip(draws.at(place)) {
                    settings[*figure] = Some(value);
                }
            }
        }
    }
}

impl Design {
    /// One figure, which takes no values of its own.
    pub fn of(varied: Varied) -> Self {
        Self { varied: vec![varied], axes: Vec::new() }
    }

    /// How many scenarios it stands for: one where nothing varies.
    pub fn count(&self) -> u64 {
        self.axes.iter().map(Axis::len).product()
    }

    /// The figures that vary, in the order of the file.
    pub fn varied(&self) -> &[Varied] {
        &self.varied
    }

    /// What each figure is set to in scenario `index`, counted from 0; `None` for one that stays as
    /// the file has it.
    pub fn settings(&self, index: u64) -> Vec<Option<Amount>> {
        let mut settings = vec![None; self.varied.len()];
        let mut rest = index;
        for axis in self.axes.iter().rev() {
            let len = axis.len().max(1);
            axis.set(rest % len, &mut settings);
            rest /= len;
        }
        settings
    }

    /// Scenario `index` as a file: it stands on the file at `extends`, and changes what varies.
    pub fn file(&self, extends: &str, title: &str, index: u64) -> String {
        self.text(extends, title, &self.settings(index))
    }

    /// A file that stands on the one at `extends`, and gives the figures these values.
    pub fn with(&self, extends: &str, title: &str, values: &[Amount]) -> String {
        let settings: Vec<Option<Amount>> = values.iter().cloned().map(Some).collect();
        self.text(extends, title, &settings)
    }

    /// A file that stands on the one at `extends`, and gives one of the figures a value.
    pub fn alone(&self, extends: &str, title: &str, figure: usize, value: &Amount) -> String {
        let mut settings = vec![None; self.varied.len()];
        if let Some(own) = settings.get_mut(figure) {
            *own = Some(value.clone());
        }
        self.text(extends, title, &settings)
    }

    /// Whether a figure is drawn, and not listed.
    pub fn is_drawn(&self, figure: usize) -> bool {
        let drawn =
            |axis: &Axis| matches!(axis, Axis::Drawn { figures, .. } if figures.contains(&figure));
        self.axes.iter().any(drawn)
    }

    fn text(&self, extends: &str, title: &str, settings: &[Option<Amount>]) -> String {
        let quoted = |text: &str| Value::from(text).to_string();
        let mut text = format!("format = {}\n", quoted(SCENARIO_FORMAT));
        text += &format!("extends = {}\n", quoted(extends));
        text += &format!("title = {}\n", quoted(title));
        for (varied, value) in self.varied.iter().zip(settings) {
            if let Some(value) = value {
                text += &varied.change(value);
            }
        }
        text
    }
}

impl Varied {
    /// A figure that is set, by its target: to percentages or to numbers.
    pub fn new(target: &str, percent: bool) -> Self {
        Self { target: target.into(), scaled: false, percent, on: None }
    }

    /// The change that gives the figure `value`, as TOML.
    pub fn change(&self, value: &Amount) -> String {
        let quoted = |text: &str| Value::from(text).to_string();
        let (verb, key) = if self.scaled { ("scale", "by") } else { ("set", "to") };
        let mut text = format!("\n[[change]]\n{verb} = {}\n", quoted(&self.target));
        if let Some(on) = &self.on {
            text += &format!("where = {on}\n");
        }
        text + &format!("{key} = {}\n", self.stated(value))
    }

    /// The value as a file states it.
    pub fn stated(&self, value: &Amount) -> String {
        let digits = value.to_string();
        let decimal = !digits.contains('/');
        match (self.percent, decimal) {
            (false, true) => digits,
            (false, false) => format!("\"{digits}\""),
            (true, true) => format!("\"{digits}%\""),
            (true, false) => format!("\"{}\"", value / &Amount::whole(100)),
        }
    }

    /// What heads its column: the target, and the slice where it has one.
    pub fn name(&self) -> String {
        match &self.on {
            Some(on) => format!("{} {on}", self.target),
            None => self.target.clone(),
        }
    }
}
