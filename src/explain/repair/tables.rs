//! What may change of tables of bounds: single rows.

use super::super::words;
use super::change::Figure;
use super::knob::Knob;
use super::limits::{AMOUNT, CHANGE, Key, SHARE, Stated, name};
use crate::plan::{Bounds, Expression, Family, Limit};
use crate::units::Amount;

impl Stated<'_> {
    /// The knobs of the rows of tables of bounds: each for its own members.
    pub(super) fn rows_of_tables(&self) -> Vec<Knob> {
        self.plan.limits().iter().flat_map(|limit| self.table(limit)).collect()
    }

    fn table(&self, limit: &Limit) -> Vec<Knob> {
        let (Bounds::Table(rows), Some(id)) = (&limit.bounds, name(&limit.id)) else {
            return Vec::new();
        };
        let by_scenario = |path: &str| {
            self.figures.iter().any(|own| own.by_scenario && own.path.starts_with(path))
        };
        let base = format!("limit.{id}.bounds");
        let mut knobs = Vec::new();
        for group in self.plan.groups(&limit.on, &limit.each) {
            let Some(family) = rows.get(&group.key) else { continue };
            let member = self.plan.key_text(&limit.each, &group);
            let Some(rule) = words::rule_of(self.plan, limit, &member, false) else { continue };
            for (key, value) in tabled(family) {
                let figure = Figure {
                    path: format!("limit.{id}.{}", key.name),
                    value,
                    by_scenario: by_scenario(&base),
                };
                let same = Limit { bounds: Bounds::Same(family.clone()), ..limit.clone() };
                let own = std::slice::from_ref(&rule);
                let Some(mut knob) = self.knob(&same, &figure, key, own) else { continue };
                let pairs = limit.each.iter().zip(&group.key).map(|(axis, own)| {
                    let dimension = &self.plan.dimensions()[axis.dimension];
                    format!("{} = {:?}", dimension.id(), dimension.member(*own).id.as_str())
                });
                let pairs: Vec<String> = pairs.collect();
                knob.change.cells = Some(format!("{{ {} }}", pairs.join(", ")));
                let slice = words::slice_of(self.plan, limit, &rule);
                knob.change.about = format!("{} (`{}`)", words::slice(self.plan, &slice), limit.id);
                knobs.push(knob);
            }
        }
        knobs
    }
}

/// The keys of a row of a table of bounds that are plain figures, and what they say.
fn tabled(family: &Family) -> Vec<(&'static Key, String)> {
    let mut found = Vec::new();
    match family {
        Family::Amount { min, max } if min != max => {
            let number = |bound: &Option<Expression>| match bound {
                Some(Expression::Number(number)) => Some(number.to_string()),
                _ => None,
            };
            found.extend(number(min).map(|value| (&AMOUNT[0], value)));
            found.extend(number(max).map(|value| (&AMOUNT[1], value)));
        }
        Family::Share { min, max, ratio: false, .. } if min != max => {
            let percent = |share: &Amount| format!("\"{}%\"", share * &Amount::whole(100));
            found.extend(min.as_ref().map(|share| (&SHARE[0], percent(share))));
            found.extend(max.as_ref().map(|share| (&SHARE[1], percent(share))));
        }
        Family::Change { cut, rise } if cut != rise => {
            let percent = |share: &Amount| format!("\"{}%\"", share * &Amount::whole(100));
            found.extend(cut.as_ref().map(|share| (&CHANGE[0], percent(share))));
            found.extend(rise.as_ref().map(|share| (&CHANGE[1], percent(share))));
        }
        _ => {}
    }
    found
}
