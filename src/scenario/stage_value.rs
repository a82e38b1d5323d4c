//! Reads what cells are worth: weights, and returns that fall as totals rise.

use super::measures::slice_rows;
use super::problem::Problem;
use super::reader::{Reader, as_number, wrong_kind};
use super::slices::{dimension, member};
use super::source::Sources;
use super::stages::StageReader;
use super::tree::{Datum, Node};
use crate::plan::{Aim, Return, Value};
use crate::units::{Amount, MemberId};

/// The weights of some leaves of the dimension of a place.
type Weights = (usize, Vec<(MemberId, Amount)>);

impl StageReader<'_> {
    /// The aim of a stage that maximises value.
    pub(crate) fn value(
        &self,
        reader: &Reader<'_>,
        sources: &mut Sources,
        problems: &mut Vec<Problem>,
    ) -> Option<Aim> {
        let on = self.on(reader, problems)?;
        let weights = match reader.table.get("weights") {
            None => Vec::new(),
            Some(node) => self.weights(node, problems)?,
        };
        let returns = match reader.table.get("returns") {
            None => None,
            Some(node) => Some(self.returns(node, sources, problems)?),
        };
        Some(Aim::Value(Value { on, weights, returns }))
    }

    fn weights(&self, node: &Node, problems: &mut Vec<Problem>) -> Option<Vec<Weights>> {
        let Datum::Table(table) = &node.datum else {
            problems.push(wrong_kind(
                node,
                "weights",
                "a table by dimension, like { priority = { a = 2 } }",
            ));
            return None;
        };
        let mut found = Vec::new();
        for (name, entry) in &table.entries {
            let place = dimension(name, entry.key, self.context.dimensions, problems)?;
            let own = &self.context.dimensions[place];
            let Datum::Table(members) = &entry.node.datum else {
                problems.push(wrong_kind(&entry.node, name, "a table of weights by member"));
                return None;
            };
            let mut weights = Vec::new();
            for (id, entry) in &members.entries {
                let member = member(id, entry.key, own, problems)?;
                let weight = as_number(&entry.node, id, problems)?;
                if weight.is_negative() {
                    problems.push(
                        Problem::new(
                            "weight",
                            "a weight may not be below zero",
                            entry.node.place,
                            format!("is {weight}"),
                        )
                        .help("0 makes a line worth nothing; to push it down, use a limit"),
                    );
                    return None;
                }
                weights
                    .extend(own.member(member).leaves().iter().map(|leaf| (*leaf, weight.clone())));
            }
            found.push((place, weights));
        }
        Some(found)
    }

    fn returns(
        &self,
        node: &Node,
        sources: &mut Sources,
        problems: &mut Vec<Problem>,
    ) -> Option<Vec<Return>> {
        let columns = ["up-to", "rate"];
        let rows = slice_rows(node, &columns, &["rate"], self.context, sources, problems)?;
        let mut found: Vec<Return> = Vec::new();
        let mut places = Vec::new();
        for row in rows {
            let end = row.number(0, problems);
            let Some(rate) = row.number(1, problems) else { continue };
            let place = row.text(1).map_or(row.place, |(_, place)| place);
            let known = found.iter_mut().find(|known| known.on == row.slice);
            let Some(known) = known else {
                found.push(Return { on: row.slice, pieces: vec![(end, rate)] });
                places.push(place);
                continue;
            };
            let Some((before, last)) = known.pieces.last() else { continue };
            if rate > *last {
                problems.push(
                    Problem::new(
                        "convex",
                        format!("the rate rises from {last} to {rate}: a later unit would be worth more than an earlier one"),
                        place,
                        "this piece",
                    )
                    .help("let rates fall as totals rise"),
                );
                return None;
            }
            let rises = match (before, &end) {
                (Some(before), Some(end)) => end > before,
                (Some(_), None) => true,
                (None, _) => false,
            };
            if !rises {
                problems.push(
                    Problem::new("pieces", "the pieces of a return do not rise", row.place, "this piece")
                        .help("`up-to` is the total up to which the rate holds; only the last may be blank"),
                );
                return None;
            }
            known.pieces.push((end, rate));
            if let Some(at) = found.iter().position(|known| known.on == row.slice) {
                places[at] = place;
            }
        }
        for (own, place) in found.iter().zip(places) {
            if let Some((Some(end), rate)) = own.pieces.last()
                && rate.is_negative()
            {
                problems.push(
                    Problem::new(
                        "convex",
                        format!("beyond {end} nothing is earned, which is more than {rate} a unit"),
                        place,
                        "this rate",
                    )
                    .help("leave `up-to` of the last piece blank: its rate then holds for all that follows"),
                );
                return None;
            }
        }
        Some(found)
    }
}
