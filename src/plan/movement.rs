//! Net moves against the baseline: what bounds them, and who has to approve them.

use super::{Body, Expression, Family, Form, Group, Limit, Plan, Rule, Within};
use crate::units::Amount;

/// A member that a movement limit is about, and the bodies that its moves need.
#[derive(Debug, Clone)]
pub struct Moved {
    /// The members of `each` and of `within`, joined by `/`; as in the readings of the limit.
    pub member: String,
    /// The level that moves.
    pub form: Form,
    /// Up to which move, in units of the measure, each body may approve it; in order.
    pub tiers: Vec<(Amount, String)>,
}

impl Moved {
    /// Who must approve a net move of size `moved`; nobody where nothing moves.
    pub fn approval<'a>(&'a self, limit: &'a Limit, moved: &Amount) -> Option<&'a str> {
        if !moved.is_positive() {
            return None;
        }
        let tier = self.tiers.iter().find(|(up_to, _)| moved <= up_to).or(self.tiers.last());
        tier.map(|(_, body)| body.as_str()).or(limit.approval.as_deref())
    }
}

impl Plan {
    /// What a limit with tiers or an approval is about, member by member.
    pub fn moved(&self, limit: &Limit) -> Vec<Moved> {
        let mut found = Vec::new();
        for group in self.groups(&limit.on, &limit.each) {
            let Some(Family::Movement { turnover, within, .. }) = limit.family(&group.key) else {
                continue;
            };
            let member = self.key_text(&limit.each, &group);
            let moved = |member: String, own: &Group| Moved {
                member,
                form: self.form(limit.measure, &own.cells),
                tiers: limit
                    .tiers
                    .iter()
                    .map(|tier| {
                        let up_to = tier.up_to.value(self, own, limit.measure);
                        (up_to, tier.authority.clone())
                    })
                    .collect(),
            };
            if turnover.is_some() {
                found.push(moved(member, &group));
                continue;
            }
            let movers = self.movers(limit, &group, *within);
            found.extend(movers.iter().map(|(text, own)| moved(joined(&member, text), own)));
        }
        found
    }

    pub(super) fn moves(
        &self,
        limit: &Limit,
        group: &Group,
        family: &Family,
        member: String,
        rules: &mut Vec<Rule>,
    ) {
        let Family::Movement { most_in, most_out, turnover, within } = family else { return };
        let members = self.movers(limit, group, *within);
        if most_in.is_some() || most_out.is_some() {
            for (text, own) in &members {
                let form = self.form(limit.measure, &own.cells);
                let start = self.baseline_of(&form);
                let bound = |bound: &Expression| bound.value(self, own, limit.measure);
                rules.push(Rule {
                    member: joined(&member, text),
                    cells: own.cells.clone(),
                    body: Body::Level {
                        form,
                        min: most_out.as_ref().map(|out| &start - &bound(out)),
                        max: most_in.as_ref().map(|most| &start + &bound(most)),
                        from: Some(start),
                    },
                });
            }
        }
        if let Some(turnover) = turnover {
            let forms: Vec<Form> =
                members.iter().map(|(_, own)| self.form(limit.measure, &own.cells)).collect();
            rules.push(Rule {
                member,
                cells: group.cells.clone(),
                body: Body::Turnover {
                    names: members.iter().map(|(name, _)| name.clone()).collect(),
                    baselines: forms.iter().map(|form| self.baseline_of(form)).collect(),
                    forms,
                    most: turnover.value(self, group, limit.measure),
                },
            });
        }
    }

    /// The members between which money moves inside a group, with their names.
    pub fn movers(
        &self,
        limit: &Limit,
        group: &Group,
        within: Option<Within>,
    ) -> Vec<(String, Group)> {
        let axes = match within {
            None => return vec![(String::new(), group.clone())],
            Some(Within::Cells) => self.leaf_axes(),
            Some(Within::Axis(axis)) => vec![axis],
        };
        let shown: Vec<(usize, usize)> = axes
            .iter()
            .enumerate()
            .filter(|(_, axis)| !limit.each.contains(axis))
            .map(|(place, axis)| (place, axis.dimension))
            .collect();
        let groups = self.groups(&group.slice, &axes).into_iter().map(|own| {
            let mut name = String::new();
            for (place, dimension) in &shown {
                if !name.is_empty() {
                    name.push('/');
                }
                name.push_str(self.dimensions()[*dimension].member(own.key[*place]).id.as_str());
            }
            (name, own)
        });
        groups.collect()
    }
}

/// The members of `each` and those within them, joined by `/`.
fn joined(member: &str, within: &str) -> String {
    let parts = [member, within].into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("/")
}
