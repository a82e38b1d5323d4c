//! What limits are called, and who set them.

use crate::formulate::Origin;
use crate::plan::{Dimension, Limit, Plan, ReadingKind};
use crate::units::Id;

/// A limit, hold, balance or stage as a person knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its title; its id where it has none of its own.
    pub title: String,
    /// Who set it, where that is stated.
    pub authority: Option<String>,
    /// A planner set it: a hold, or a limit whose authority is missing or is the planner.
    pub planners: bool,
}

/// The title and the authority of what a row stands for.
pub fn named(plan: &Plan, origin: &Origin) -> Named {
    named_as(plan, origin.kind, &origin.id)
}

/// The title and the authority of a limit, fund, hold, transfer, balance or stage.
pub fn named_as(plan: &Plan, kind: ReadingKind, id: &Id) -> Named {
    let of =
        |title: String, authority: Option<String>, planners| Named { title, authority, planners };
    match kind {
        ReadingKind::Balance => of("revenue".into(), plan.authority().map(String::from), false),
        ReadingKind::Hold => {
            let hold = plan.holds().iter().find(|hold| hold.id == *id);
            of(id.to_string(), hold.and_then(|hold| hold.by.clone()), true)
        }
        ReadingKind::Transfer => of(title_of(plan, kind, id, ""), None, true),
        ReadingKind::Stage => {
            let stage = plan.stages().iter().find(|stage| stage.id == *id);
            of(stage.map_or_else(|| id.to_string(), |stage| stage.title.clone()), None, false)
        }
        ReadingKind::Limit => {
            if let Some(limit) = plan.limits().iter().find(|limit| limit.id == *id) {
                return of(limit.title.clone(), limit.authority.clone(), is_planners(limit));
            }
            let fund = plan.funds().iter().find(|fund| fund.id == *id);
            let title = fund.map_or_else(|| id.to_string(), |fund| fund.title.clone());
            of(title, fund.and_then(|fund| fund.authority.clone()), false)
        }
    }
}

/// Whether a planner set the limit: no authority is stated, or it is the planner.
pub fn is_planners(limit: &Limit) -> bool {
    let authority = limit.authority.as_deref().unwrap_or("planner").trim().to_lowercase();
    authority.starts_with("planner") || authority.starts_with("a planner")
}

/// What a row is called for people, with the titles of its members: `Travel on duty, 2026`, `the
/// revenue, 2026`, `the hold on Spectrum`.
pub fn title_of(plan: &Plan, kind: ReadingKind, id: &Id, member: &str) -> String {
    let title = match kind {
        ReadingKind::Balance => "the revenue".into(),
        ReadingKind::Hold => {
            let hold = plan.holds().iter().find(|hold| hold.id == *id);
            let on = hold.map_or_else(|| id.to_string(), |hold| super::slice_text(plan, &hold.on));
            format!("the hold on {on}")
        }
        ReadingKind::Transfer => {
            let level = plan.transfers().levels.iter().find(|level| level.id == *id);
            let on = level.map(|level| super::slice_text(plan, &level.on));
            format!("the level that transfers set for {}", on.unwrap_or_else(|| id.to_string()))
        }
        ReadingKind::Stage | ReadingKind::Limit => named_as(plan, kind, id).title,
    };
    let members = member_titles(plan, member);
    if members.is_empty() { title } else { format!("{title}, {}", members.join(", ")) }
}

/// The titles of the members that a row is about, whose ids are joined by `/`.
pub fn member_titles<'a>(plan: &'a Plan, member: &'a str) -> Vec<&'a str> {
    let ids = member.split('/').map(str::trim).filter(|id| !id.is_empty());
    ids.map(|id| {
        let known = |axis: &'a Dimension| axis.find(id).map(|found| axis.member(found));
        plan.dimensions().iter().find_map(known).map_or(id, |found| found.title.as_str())
    })
    .collect()
}
