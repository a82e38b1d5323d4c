//! Repairs as the screen has them.

use crate::explain::{self, Repair, Repairs};
use crate::report;
use crate::scenario::{Amendment, Fix};
use crate::tui::advice::{Advice, Remedy};
use crate::units::display_safe;

/// The repairs with those that are `shown` where they were: a number that was read stays what it was.
pub(super) fn in_order(shown: &mut Vec<String>, found: &[Repair]) -> Vec<Repair> {
    let name = |repair: &Repair| report::repair_words(repair).0;
    let names: Vec<String> = found.iter().map(name).collect();
    shown.extend(names.iter().filter(|own| !shown.contains(own)).cloned().collect::<Vec<_>>());
    let place = |own: &String| names.iter().position(|known| known == own);
    shown.iter().filter_map(|own| Some(found[place(own)?].clone())).collect()
}

/// Repairs as edits, while more of them may be found.
pub(super) fn so_far(found: &[Repair]) -> Advice {
    Advice::Repairs { found: found.iter().map(remedy).collect(), stuck: None, whole: false }
}

/// All repairs as edits, in an order.
pub(super) fn all(found: &[Repair], of: &Repairs) -> Advice {
    let stuck = of.stuck.as_deref().map(|leave| display_safe(&report::no_repair(leave)));
    Advice::Repairs { found: found.iter().map(remedy).collect(), stuck, whole: true }
}

/// A repair as an edit.
fn remedy(repair: &Repair) -> Remedy {
    let (words, each) = report::repair_words(repair);
    let fix = |change: &explain::Change| Fix {
        path: change.path.clone(),
        rows: change.cells.clone(),
        to: change.to(),
        reason: format!("repair: {} (it was {})", change.text(), change.from),
    };
    let fixes = repair.changes.iter().map(fix).collect();
    let approvals = repair.changes.iter().filter_map(|change| change.approval.as_ref());
    Remedy {
        cost: repair.cost(),
        approvals: approvals.map(|body| display_safe(body)).collect(),
        edit: Amendment::Repair { name: format!("repair: {words}"), fixes },
        each: each.iter().map(|own| display_safe(own)).collect(),
        words: display_safe(&words),
    }
}
