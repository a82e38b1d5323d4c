//! Reads what bounds net moves against the baseline, and the tiers of authority over them.

use super::expressions::expression;
use super::families::FamilyReader;
use super::problem::Problem;
use super::reader::{Reader, wrong_kind};
use super::schema;
use super::slices::axis;
use super::tree::{Datum, Node};
use crate::plan::{Dimension, Family, Tier, Within};

impl FamilyReader<'_, '_> {
    /// What bounds net moves: keys of their own, or tiers.
    pub(crate) fn movement(&self, problems: &mut Vec<Problem>) -> Option<Family> {
        let read = |key: &str, problems: &mut Vec<Problem>| match self.key(key) {
            Some(node) => expression(node, key, self.context.dimensions, problems).map(Some),
            None => Some(None),
        };
        let most_in = read("max-in", problems);
        let most_out = read("max-out", problems);
        let turnover = read("max-turnover", problems);
        let (mut most_in, mut most_out, turnover) = (most_in?, most_out?, turnover?);
        let within = match self.key("within") {
            None => None,
            Some(node) => Some(within(node, self.context.dimensions, problems)?),
        };
        if let Some(last) = self.tiers(problems)?.last() {
            let bound = Some(last.up_to.clone());
            let keys = ["max-in", "max-out", "max-turnover"];
            let stated = [&most_in, &most_out, &turnover];
            let other =
                keys.into_iter().zip(stated).find(|(_, own)| own.is_some() && **own != bound);
            match stated.map(Option::is_some) {
                [false, false, false] => (most_in, most_out) = (bound.clone(), bound),
                [true, false, false] | [false, true, false] | [false, false, true] => {
                    if let Some((key, _)) = other {
                        self.refuse_other_tier(key, problems);
                        return None;
                    }
                }
                _ => {
                    problems.push(
                        Problem::new(
                            "tiers",
                            format!("the tiers of limit `{}` qualify one bound", self.id),
                            self.place("tiers"),
                            "which of them?",
                        )
                        .help("make two limits of it, each with its tiers"),
                    );
                    return None;
                }
            }
        }
        if turnover.is_some() && within.is_none() {
            problems.push(
                Problem::new(
                    "within",
                    format!("limit `{}` bounds a turnover between nothing", self.id),
                    self.place("max-turnover"),
                    "between what?",
                )
                .help("add `within`: a dimension, a level or \"cells\""),
            );
            return None;
        }
        Some(Family::Movement { most_in, most_out, turnover, within })
    }

    fn refuse_other_tier(&self, key: &str, problems: &mut Vec<Problem>) {
        problems.push(
            Problem::new(
                "tiers",
                format!("limit `{}` states two bounds of one move", self.id),
                self.place(key),
                "this bound",
            )
            .also(self.place("tiers"), "the last tier is another")
            .help("make them equal, or leave one out: the last tier is the bound"),
        );
    }

    /// The tiers of the limit, in order.
    pub(crate) fn tiers(&self, problems: &mut Vec<Problem>) -> Option<Vec<Tier>> {
        let Some(node) = self.key("tiers") else { return Some(Vec::new()) };
        let Datum::List(items) = &node.datum else {
            problems.push(wrong_kind(node, "tiers", "a list of tiers"));
            return None;
        };
        let mut tiers = Vec::new();
        for item in items {
            let Datum::Table(table) = &item.datum else {
                problems.push(wrong_kind(
                    item,
                    "tiers",
                    "a table, like { up-to = 500, authority = \"Council\" }",
                ));
                return None;
            };
            let reader = Reader::new(table, item.place, &schema::TIER, problems);
            let authority = reader.needed_text("authority", problems)?.to_string();
            let node = reader.needed("up-to", problems)?;
            let up_to = expression(node, "up-to", self.context.dimensions, problems)?;
            let before = tiers.last().map(|tier: &Tier| &tier.up_to);
            if before.is_some_and(|before| up_to.is_below(before)) {
                problems.push(
                    Problem::new(
                        "tiers",
                        format!("the tiers of limit `{}` do not rise", self.id),
                        node.place,
                        "is below the tier before it",
                    )
                    .help("state the tiers from the least move to the greatest"),
                );
                return None;
            }
            tiers.push(Tier { up_to, authority });
        }
        Some(tiers)
    }
}

/// The members between which money moves: a dimension, a level or single cells.
pub(crate) fn within(
    node: &Node,
    dimensions: &[Dimension],
    problems: &mut Vec<Problem>,
) -> Option<Within> {
    let name = super::reader::as_text(node, "within", problems)?;
    if name == "cells" {
        return Some(Within::Cells);
    }
    axis(name, node.place, dimensions, problems).map(Within::Axis)
}
