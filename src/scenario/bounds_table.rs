//! Reads bounds that come from tables: one row a combination of the members of `each`.

use std::collections::HashMap;

use super::amend::Amendment;
use super::expressions;
use super::families::FamilyReader;
use super::movements::within;
use super::problem::Problem;
use super::reader::{Reader, share, wrong_kind};
use super::schema;
use super::slices::find_axis;
use super::source::{Place, Sources};
use super::table_file::TableFile;
use super::tree::{Datum, Node};
use crate::plan::{Axis, Family, ShareOf, Within};
use crate::units::{Amount, Id, MemberId};

/// The members of a row, the texts of its columns, and its place.
type KeyedRow = (Vec<MemberId>, Vec<Option<String>>, Place);

impl FamilyReader<'_, '_> {
    /// The path that a phase-in takes.
    pub(crate) fn path(
        &self,
        sources: &mut Sources,
        problems: &mut Vec<Problem>,
    ) -> Option<Family> {
        let node = self.key("phase-in")?;
        let Datum::Table(table) = &node.datum else {
            problems.push(wrong_kind(
                node,
                "phase-in",
                "a table, like { to = \"target.csv\", over = 3 }",
            ));
            return None;
        };
        let reader = Reader::new(table, node.place, &schema::PHASE_IN, problems);
        reader.needed("over", problems)?;
        let over = reader.number("over", problems)?;
        if !over.is_positive() {
            let place = table.get("over").map_or(node.place, |node| node.place);
            problems.push(
                Problem::new(
                    "phase-in",
                    "a path takes at least one step",
                    place,
                    format!("this is {over}"),
                )
                .help("state over how many time members the target is reached, like `over = 3`"),
            );
            return None;
        }
        let (name, amendments) = self.amended(reader.needed("to", problems)?, problems)?;
        let rows = self.keyed(name, &["amount"], sources, problems)?;
        self.check_amended(&amendments, &rows, problems);
        let targets = rows.into_iter().filter_map(|(key, fields, place)| {
            let stated = fields.into_iter().flatten().next();
            let amended = amendments.iter().rfind(|own| own.is_for(self, &key));
            let text = amended.map(|own| own.value.clone()).or(stated)?;
            match Amount::parse(&text) {
                Ok(amount) => Some((key, amount)),
                Err(fault) => {
                    problems.push(super::tree::number_problem(&text, place, fault));
                    None
                }
            }
        });
        Some(Family::Path { targets: targets.collect(), over })
    }

    /// The families that a table of bounds states.
    pub(crate) fn table(
        &self,
        node: &Node,
        sources: &mut Sources,
        problems: &mut Vec<Problem>,
    ) -> Option<HashMap<Vec<MemberId>, Family>> {
        const KEYS: [&str; 16] = [
            "min",
            "max",
            "equal",
            "min-share",
            "max-share",
            "equal-share",
            "max-cut",
            "max-rise",
            "max-change",
            "max-step-up",
            "max-step-down",
            "at-least-ratio",
            "at-most-ratio",
            "max-in",
            "max-out",
            "max-turnover",
        ];
        let of = self.share_of("of", problems)?;
        let to = self.share_of("to", problems)?;
        let within = match self.key("within") {
            None => None,
            Some(node) => Some(within(node, self.context.dimensions, problems)?),
        };
        let (node, amendments) = self.amended(node, problems)?;
        let rows = self.keyed(node, &KEYS, sources, problems)?;
        let mut found = HashMap::new();
        self.check_amended(&amendments, &rows, problems);
        let mut places: HashMap<Vec<MemberId>, Place> = HashMap::new();
        for (key, fields, place) in rows {
            if let Some(earlier) = places.insert(key.clone(), place) {
                problems.push(
                    Problem::new(
                        "bounds-twice",
                        format!("limit `{}` has two rows for the same members", self.id),
                        place,
                        "again",
                    )
                    .also(earlier, "first here")
                    .help("put both bounds in one row, or make two limits of them"),
                );
                continue;
            }
            let mut stated: Vec<(&str, String)> = KEYS
                .into_iter()
                .zip(fields)
                .filter_map(|(name, text)| text.map(|text| (name, text)))
                .collect();
            for amendment in amendments.iter().filter(|own| own.is_for(self, &key)) {
                stated.retain(|(name, _)| *name != amendment.key);
                stated.push((&amendment.key, amendment.value.clone()));
            }
            if stated.is_empty() {
                continue;
            }
            match self.row(&stated, [&of, &to], within) {
                Ok(family) => {
                    found.insert(key, family);
                }
                Err(fault) => problems.push(
                    Problem::new(
                        "bounds-row",
                        format!("this row of limit `{}` cannot be read: {fault}", self.id),
                        place,
                        "this row",
                    )
                    .help("give each row the columns of one family, like `min` and `max`"),
                ),
            }
        }
        Some(found)
    }

    /// Refuses changes that are for no row.
    fn check_amended(
        &self,
        amendments: &[Amendment],
        rows: &[KeyedRow],
        problems: &mut Vec<Problem>,
    ) {
        for amendment in amendments {
            if !rows.iter().any(|(key, ..)| amendment.is_for(self, key)) {
                problems.push(amendment.for_none(self));
            }
        }
    }

    /// One row of a table of bounds.
    fn row(
        &self,
        stated: &[(&str, String)],
        [of, to]: [&ShareOf; 2],
        within: Option<Within>,
    ) -> Result<Family, String> {
        let text = |key: &str| stated.iter().find(|(name, _)| *name == key).map(|(_, text)| text);
        let family = |keys: &[&str]| stated.iter().all(|(name, _)| keys.contains(name));
        let amount = |key: &str| {
            text(key).map(|text| expressions::parse(text, self.context.dimensions)).transpose()
        };
        let part = |key: &str| text(key).map(|text| share(text.trim())).transpose();
        if family(&["min", "max", "equal"]) {
            let equal = amount("equal")?;
            return Ok(Family::Amount {
                min: equal.clone().or(amount("min")?),
                max: equal.or(amount("max")?),
            });
        }
        if family(&["min-share", "max-share", "equal-share"]) {
            let equal = part("equal-share")?;
            return Ok(Family::Share {
                min: equal.clone().or(part("min-share")?),
                max: equal.or(part("max-share")?),
                of: of.clone(),
                ratio: false,
            });
        }
        if family(&["max-cut", "max-rise"]) || family(&["max-change"]) {
            let both = part("max-change")?;
            let (cut, rise) = (part("max-cut")?, part("max-rise")?);
            return Ok(Family::Change { cut: cut.or(both.clone()), rise: rise.or(both) });
        }
        if family(&["at-least-ratio", "at-most-ratio"]) {
            let ratio = |key: &str| {
                let read = |text: &String| match text.trim() {
                    percent if percent.ends_with('%') => share(percent),
                    number => Amount::parse(number).map_err(|fault| format!("`{number}` {fault}")),
                };
                text(key).map(read).transpose()
            };
            let (min, max) = (ratio("at-least-ratio")?, ratio("at-most-ratio")?);
            return Ok(Family::Share { min, max, of: to.clone(), ratio: true });
        }
        if family(&["max-in", "max-out", "max-turnover"]) {
            let turnover = amount("max-turnover")?;
            if turnover.is_some() && within.is_none() {
                return Err("a turnover is one between members: the limit lacks `within`".into());
            }
            let (most_in, most_out) = (amount("max-in")?, amount("max-out")?);
            return Ok(Family::Movement { most_in, most_out, turnover, within });
        }
        if family(&["max-step-up", "max-step-down"]) {
            return Ok(Family::Step { down: part("max-step-down")?, up: part("max-step-up")? });
        }
        Err("it states bounds of two families".into())
    }

    /// The rows of a table that has the columns of `each`, and some of `columns`.
    fn keyed(
        &self,
        node: &Node,
        columns: &[&str],
        sources: &mut Sources,
        problems: &mut Vec<Problem>,
    ) -> Option<Vec<KeyedRow>> {
        let file = TableFile::named(node, "table", problems)?;
        let sheet = file.open(self.context.files, self.context.path, sources, problems)?;
        let names: Vec<&str> = self
            .each
            .iter()
            .map(|axis| {
                let names = self.axis_names(*axis);
                let stated = names.iter().copied().find(|name| sheet.column(name).is_some());
                stated.unwrap_or(names[0])
            })
            .collect();
        let known: Vec<&str> = names
            .iter()
            .copied()
            .chain(columns.iter().copied())
            .chain(["note", "source"])
            .collect();
        sheet.check_columns(&known, &[], problems);
        let keys: Vec<Option<usize>> =
            names.iter().map(|name| sheet.needed(name, problems)).collect();
        let keys: Vec<usize> = keys.into_iter().collect::<Option<_>>()?;
        let mut rows = Vec::new();
        for row in 0..sheet.len() {
            let mut members = Vec::new();
            for (axis, column) in self.each.iter().zip(&keys) {
                let dimension = &self.context.dimensions[axis.dimension];
                let place = sheet.place(row, *column, sources);
                let text = sheet.field(row, *column).to_string();
                members.extend(super::slices::member(&text, place, dimension, problems));
            }
            if members.len() != self.each.len() {
                continue;
            }
            let place = sheet.place(row, keys.first().copied().unwrap_or(0), sources);
            let fields = columns.iter().map(|name| {
                let text = sheet.column(name).map(|column| sheet.field(row, column).to_string());
                text.filter(|text| !text.is_empty())
            });
            rows.push((members, fields.collect(), place));
        }
        Some(rows)
    }

    /// The names that an axis answers to: at least one, that of its dimension before its level.
    fn axis_names(&self, axis: Axis) -> Vec<&str> {
        let dimension = &self.context.dimensions[axis.dimension];
        let names = std::iter::once(dimension.id()).chain(dimension.levels()).map(Id::as_str);
        let own = |name: &&str| find_axis(name, self.context.dimensions) == Some(axis);
        let own: Vec<&str> = names.filter(own).collect();
        if own.is_empty() { vec![dimension.id().as_str()] } else { own }
    }
}
