//! What may change of revenue that stands: the drivers behind it, and the amounts that files state.

use super::super::words;
use super::change::{Change, Figure, Style};
use super::knob::{Ease, Knob};
use super::limits::{Stated, approval, name, step};
use super::money::Entry;
use crate::plan::{Driver, DriverUnit, MeasureOf, ReadingKind, RevenueEntry, RevenueLine};
use crate::units::Amount;

/// How far a driver may move: within its plausible range, or else from half to twice what it is.
fn room(driver: &Driver, value: &Amount, up: bool) -> Amount {
    match (&driver.plausible, up) {
        (Some((_, high)), true) => high - value,
        (Some((low, _)), false) => value - low,
        (None, true) => value.abs(),
        (None, false) => &value.abs() / &Amount::whole(2),
    }
}

impl Stated<'_> {
    /// Drivers that are money, or that a scenario set: each up, and down.
    pub(super) fn drivers(&self) -> Vec<Knob> {
        let drivers = self.plan.drivers().iter();
        drivers.flat_map(|driver| self.driver(driver)).collect()
    }

    fn driver(&self, driver: &Driver) -> Vec<Knob> {
        let Some(id) = name(&driver.id) else { return Vec::new() };
        let base = format!("driver.{id}.value");
        let mut knobs = Vec::new();
        for figure in self.figures {
            let Some(rest) = figure.path.strip_prefix(&base) else { continue };
            let time = rest.strip_prefix('.').map(|time| time.trim_matches('"'));
            if !(rest.is_empty() || time.is_some())
                || !(driver.unit.is_money() || figure.by_scenario)
            {
                continue;
            }
            let Some(old) = figure.number() else { continue };
            let brings = self.brings(driver, time, &old);
            let worth: Amount = brings.iter().map(|(_, by)| by.clone()).sum();
            if !worth.is_positive() {
                continue;
            }
            let written = figure.value.trim_matches('"');
            let decimals = written.split_once('.').map_or(0, |(_, part)| part.len());
            let decimals = u32::try_from(decimals.min(9)).unwrap_or(0);
            let change = Change {
                about: format!(
                    "driver `{}` ({}){}",
                    driver.id,
                    self.driver_words(driver),
                    time.map(|time| format!(" in {time}")).unwrap_or_default()
                ),
                authority: None,
                approval: Some(format!("whoever sets driver `{}`", driver.id)),
                step: Amount::ratio(1, 10_i64.pow(decimals)),
                worth,
                ..stated(figure, &old)
            };
            let room = |up| room(driver, &change.old, up);
            knobs.extend(self.earning(&change, &brings, room));
        }
        knobs
    }

    /// The amounts of revenue lines: each up, and down.
    pub(super) fn amounts(&self) -> Vec<Knob> {
        let lines = self.plan.revenue().iter().enumerate();
        lines.flat_map(|(place, line)| self.amounts_of(place, line)).collect()
    }

    fn amounts_of(&self, place: usize, line: &RevenueLine) -> Vec<Knob> {
        let Some(id) = name(&line.id) else { return Vec::new() };
        let paths = ["amount", "amounts"].map(|key| format!("revenue.{id}.{key}"));
        let mut knobs = Vec::new();
        for (path, entries) in paths.iter().flat_map(|path| self.by_time(path, place)) {
            let Some(figure) = self.figure(&path) else { continue };
            let Some(old) = figure.number() else { continue };
            let when = paths.iter().find_map(|known| path.strip_prefix(&format!("{known}.")));
            let when = when.map(|time| format!(" in {}", time.trim_matches('"')));
            let brings: Vec<(Entry, Amount)> =
                entries.iter().map(|entry| (*entry, Amount::ONE)).collect();
            let change = Change {
                about: format!(
                    "the revenue of {}{} (`{}`)",
                    line.title,
                    when.unwrap_or_default(),
                    line.id
                ),
                authority: line.authority.clone(),
                approval: Some(
                    approval(line.authority.as_deref())
                        .unwrap_or_else(|| format!("whoever sets the revenue of {}", line.title)),
                ),
                step: step(&Style::Number, self.plan, MeasureOf::Amount),
                worth: Amount::whole(i64::try_from(entries.len()).unwrap_or(1)),
                ..stated(figure, &old)
            };
            // No line falls below nothing, and no period is left with less than half of its revenue.
            let half = self.half(&entries);
            let room = |up: bool| if up { old.abs() } else { old.clone().min(half.clone()) };
            knobs.extend(self.earning(&change, &brings, room));
        }
        knobs
    }

    /// The least half of the revenue of the periods that the entries lie in.
    fn half(&self, entries: &[Entry]) -> Amount {
        let periods = self.plan.periods();
        let own = periods.iter().filter(|own| own.entries.iter().any(|own| entries.contains(own)));
        let all = own.map(|own| own.entries.iter().map(|own| &self.entry(*own).prefer).sum());
        let least: Amount = all.min().unwrap_or_default();
        &least / &Amount::whole(2)
    }

    pub(super) fn entry(&self, (line, at): Entry) -> &RevenueEntry {
        &self.plan.revenue()[line].entries[at]
    }

    /// A figure that brings revenue, up and down, each as far as there is room.
    fn earning(
        &self,
        change: &Change,
        brings: &[(Entry, Amount)],
        room: impl Fn(bool) -> Amount,
    ) -> Vec<Knob> {
        let way = |up: bool| {
            let rows = self.earned(brings, up);
            let most = Some(room(up)).filter(Amount::is_positive)?;
            let knob = Knob { up, rows, most: Some(most), ..Self::plain(change.clone()) };
            (!knob.rows.is_empty()).then_some(knob)
        };
        [true, false].into_iter().filter_map(way).collect()
    }

    /// What one unit of a driver adds to each entry of the lines that multiply it.
    fn brings(&self, driver: &Driver, time: Option<&str>, value: &Amount) -> Vec<(Entry, Amount)> {
        if value.is_zero() {
            return Vec::new();
        }
        let lines = self.plan.revenue().iter().enumerate();
        let lines = lines.filter(|(_, line)| self.is_factor(driver, line));
        let entries =
            lines.flat_map(|(line, own)| (0..own.entries.len()).map(move |at| (line, at)));
        let of_time = |own: &Entry| time.is_none_or(|time| self.lies_in(self.entry(*own).at, time));
        let brings = entries.filter(of_time).map(|own| (own, &self.entry(own).prefer / value));
        brings.filter(|(_, by)| by.is_positive()).collect()
    }

    /// Whether a revenue line is a product of which a driver is a factor.
    fn is_factor(&self, driver: &Driver, line: &RevenueLine) -> bool {
        let word = format!("{:?}", driver.id.as_str());
        let product = name(&line.id).and_then(|id| self.figure(&format!("revenue.{id}.product")));
        product.is_some_and(|figure| figure.value.contains(&word))
    }

    /// What a driver counts, and which revenue it is a factor of: `CHF, of Contributions`.
    fn driver_words(&self, driver: &Driver) -> String {
        let lines = self.plan.revenue().iter().filter(|line| self.is_factor(driver, line));
        let titles: Vec<String> = lines.map(|line| line.title.clone()).collect();
        let of = format!("of {}", words::listed(&titles));
        match driver.unit {
            DriverUnit::Currency => format!("{}, {of}", self.plan.currency()),
            DriverUnit::Plan => format!("{}, {of}", self.plan.unit()),
            DriverUnit::Years => format!("years, {of}"),
            DriverUnit::Count | DriverUnit::Ratio => of,
        }
    }

    /// The rows that move as entries bring more, or less: balances, and funds.
    fn earned(&self, brings: &[(Entry, Amount)], up: bool) -> Vec<Ease> {
        let of = |entries: &[Entry]| -> Amount {
            let own = brings.iter().filter(|(entry, _)| entries.contains(entry));
            let sum: Amount = own.map(|(_, by)| by).sum();
            if up { sum } else { -&sum }
        };
        let balances = (0..self.formulation.origins().len())
            .filter(|row| self.formulation.origins()[*row].kind == ReadingKind::Balance);
        let mut moved: Vec<(usize, Amount)> = self
            .plan
            .periods()
            .iter()
            .zip(balances)
            .map(|(period, row)| (row, of(&period.entries)))
            .collect();
        for fund in self.plan.funds() {
            for (member, _, entries) in self.plan.fund_periods(fund) {
                let rows = self.rows(ReadingKind::Limit, &fund.id, &member, true);
                moved.extend(rows.map(|row| (row, of(&entries))));
            }
        }
        // A bound from below that rises is eased by less than nothing.
        let ease = |(row, by): (usize, Amount)| {
            let lower = self.formulation.program().rows[row].lower.is_some();
            Ease { row, lower, by: if lower { -&by } else { by } }
        };
        moved.into_iter().filter(|(_, by)| !by.is_zero()).map(ease).collect()
    }
}

/// The change of a stated figure of revenue that is not changed yet.
fn stated(figure: &Figure, old: &Amount) -> Change {
    Change {
        path: figure.path.clone(),
        cells: None,
        from: figure.value.clone(),
        about: String::new(),
        authority: None,
        approval: None,
        standing: !figure.by_scenario,
        style: Style::Number,
        verb: "figure",
        new: old.clone(),
        old: old.clone(),
        step: Amount::ONE,
        worth: Amount::ONE,
    }
}
