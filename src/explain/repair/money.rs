//! What may change of revenue that is not decided yet: the ranges of its decisions, and whether all of it
//! has to be spent. Cells that state bounds of their own are here too.

use super::change::{Change, Style};
use super::knob::{Ease, Knob};
use super::limits::{Stated, approval, is_planners, name, step};
use crate::plan::{MeasureOf, Plan, ReadingKind, Sense};
use crate::solve::{Bounded, Conflict, Own};
use crate::units::Amount;

/// The places of a revenue entry: of the line, and of the entry in it.
pub(super) type Entry = (usize, usize);

/// The revenue lines whose range a file states, with every entry open beyond its range. Revenue
/// that is no decision yet is a column then.
pub(super) fn opened(plan: &Plan, lines: &[usize]) -> Plan {
    let mut open = plan.clone();
    let room: Amount = plan.cells().iter().map(|cell| cell.baseline.abs()).sum();
    let room = &(&room * &Amount::whole(10)) + &Amount::whole(1_000_000);
    for line in lines {
        for (at, entry) in plan.revenue()[*line].entries.iter().enumerate() {
            let max = &entry.max + &room;
            open = open.with_range((*line, at), entry.min.clone(), max);
        }
    }
    open
}

impl Stated<'_> {
    /// The places of the lines whose `max` a file states.
    pub(super) fn ranges(plan: &Plan, figures: &[super::change::Figure]) -> Vec<usize> {
        let states = |line: &usize| {
            name(&plan.revenue()[*line].id).is_some_and(|id| {
                let path = format!("revenue.{id}.max");
                figures.iter().any(|figure| {
                    figure
                        .path
                        .strip_prefix(&path)
                        .is_some_and(|r| r.is_empty() || r.starts_with('.'))
                })
            })
        };
        (0..plan.revenue().len()).filter(states).collect()
    }

    /// The greatest amounts of revenue decisions.
    pub(super) fn revenue(&self, lines: &[usize]) -> Vec<Knob> {
        let mut knobs = Vec::new();
        for line in lines {
            let own = &self.plan.revenue()[*line];
            let Some(id) = name(&own.id) else { continue };
            for (path, entries) in self.by_time(&format!("revenue.{id}.max"), *line) {
                let columns: Vec<usize> =
                    entries.iter().filter_map(|e| self.formulation.open_entry(*e)).collect();
                let Some(figure) = self.figure(&path) else { continue };
                let Some(old) = figure.number() else { continue };
                let when = path.rsplit_once(".max.").map_or("", |(_, time)| time);
                let when = if when.is_empty() {
                    String::new()
                } else {
                    format!(" in {}", when.trim_matches('"'))
                };
                let worth = Amount::whole(i64::try_from(columns.len()).unwrap_or(1));
                knobs.push(Knob {
                    columns,
                    ..Self::plain(Change {
                        path: path.clone(),
                        cells: None,
                        from: figure.value.clone(),
                        about: format!("{}{when} (`{}`)", own.title, own.id),
                        authority: own.authority.clone(),
                        approval: Some(
                            approval(own.authority.as_deref()).unwrap_or_else(|| {
                                format!("whoever decides on {}{when}", own.title)
                            }),
                        ),
                        standing: false,
                        style: Style::Number,
                        verb: "raise the ceiling of",
                        new: old.clone(),
                        old,
                        step: step(&Style::Number, self.plan, MeasureOf::Amount),
                        worth,
                    })
                });
            }
        }
        knobs
    }

    /// A knob that grows, and eases nothing yet.
    pub(super) fn plain(change: Change) -> Knob {
        Knob {
            change,
            up: true,
            rows: Vec::new(),
            curved: Vec::new(),
            columns: Vec::new(),
            shares: Vec::new(),
            reserves: Vec::new(),
            less: Amount::ZERO,
            mirrored: false,
            also: None,
            most: None,
        }
    }

    /// The figures below a dotted name, with the entries of the line that each is for.
    pub(super) fn by_time(&self, path: &str, line: usize) -> Vec<(String, Vec<Entry>)> {
        let entries = &self.plan.revenue()[line].entries;
        let all = || (0..entries.len()).map(|at| (line, at)).collect();
        if self.figure(path).is_some() {
            return vec![(path.to_string(), all())];
        }
        let below = format!("{path}.");
        let own = self.figures.iter().filter_map(|figure| figure.path.strip_prefix(&below));
        own.map(|time| {
            let of = time.trim_matches('"');
            let places = (0..entries.len()).filter(|at| self.lies_in(entries[*at].at, of));
            (format!("{below}{time}"), places.map(|at| (line, at)).collect())
        })
        .collect()
    }

    pub(super) fn lies_in(&self, leaf: Option<crate::units::MemberId>, time: &str) -> bool {
        let place = self.plan.time();
        let above = place.and_then(|place| self.plan.dimensions()[place].find(time));
        match (place, leaf, above) {
            (Some(place), Some(leaf), Some(above)) => self.plan.lies_under(place, leaf, above),
            _ => false,
        }
    }

    /// Whether all revenue has to be spent: what may be left unspent, period by period.
    pub(super) fn spending(&self) -> Vec<Knob> {
        let Some(balance) = self.plan.balance() else { return Vec::new() };
        if balance.spend == crate::plan::Spend::UpTo {
            return Vec::new();
        }
        let figure = self.figure("balance.spend");
        let authority = self.plan.authority().map(String::from);
        let change = Change {
            path: "balance.spend".into(),
            cells: None,
            from: figure.map_or_else(|| "\"all\"".into(), |figure| figure.value.clone()),
            about: "some revenue unspent (`balance`)".into(),
            approval: authority.clone(),
            standing: !figure.is_some_and(|figure| figure.by_scenario),
            authority,
            style: Style::Word("up-to"),
            verb: "leave",
            old: Amount::ZERO,
            new: Amount::ZERO,
            step: Amount::ONE,
            worth: Amount::ONE,
        };
        let rows = (0..self.formulation.origins().len())
            .filter(|row| self.formulation.origins()[*row].kind == ReadingKind::Balance);
        rows.map(|row| Knob {
            rows: vec![Ease { row, lower: true, by: Amount::ONE }],
            ..Self::plain(change.clone())
        })
        .collect()
    }

    /// The bounds that cells of a conflict state themselves.
    pub(super) fn cells(&self, conflict: &Conflict) -> Vec<Knob> {
        let mut knobs = Vec::new();
        for bound in conflict.bounds.iter().filter(|bound| bound.why == Own::Stated) {
            let Bounded::Cell(cell) = bound.of else { continue };
            let up = bound.sense == Sense::Ceiling;
            let key = if up { "max" } else { "min" };
            let members: Vec<_> =
                self.plan.dimensions().iter().zip(&self.plan.cell(cell).members).collect();
            let ids: Vec<String> = members
                .iter()
                .map(|(axis, m)| format!("{} = {:?}", axis.id(), axis.member(**m).id.as_str()))
                .collect();
            let titles: Vec<String> =
                members.iter().map(|(axis, m)| axis.member(**m).title.clone()).collect();
            let change = Change {
                path: format!("cells.{key}"),
                cells: Some(format!("{{ {} }}", ids.join(", "))),
                from: bound.bound.to_string(),
                about: titles.join(", "),
                authority: None,
                approval: None,
                standing: !is_planners(None),
                style: Style::Number,
                verb: if up {
                    "raise the line's own ceiling of"
                } else {
                    "lower the line's own floor of"
                },
                new: bound.bound.clone(),
                old: bound.bound.clone(),
                step: step(&Style::Number, self.plan, MeasureOf::Amount),
                worth: Amount::ONE,
            };
            // A line keeps the sign of its baseline.
            let room = if up { -&bound.bound } else { bound.bound.clone() };
            let keeps = up == self.plan.cell(cell).baseline.is_negative();
            let most = Some(room).filter(|room| keeps && !room.is_negative());
            let columns = vec![cell.index()];
            knobs.push(Knob { up, columns, most, ..Self::plain(change) });
        }
        knobs
    }
}
