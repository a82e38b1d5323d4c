//! Prices of limits, some at a time.

use crate::explain::{Footing, StepSize};
use crate::report;
use crate::session::{self, Desk};
use crate::solve::Outcome;
use crate::tui::advice::PriceTag;
use crate::units::display_safe;

/// How many limits are priced before other questions have their turn.
const AT_ONCE: usize = 8;

/// Prices the next limits, those first that press hardest; whether there are more.
pub(super) fn tag(desk: &mut Desk, text: &str, tags: &mut Vec<PriceTag>) -> bool {
    let Ok((resolved, Outcome::Optimal(found) | Outcome::Unrounded(found, _))) = desk.answer(text)
    else {
        return false;
    };
    let plan = &resolved.plan;
    let Ok(footing) = Footing::new(plan, &found) else { return false };
    let size = StepSize::default();
    let order = footing.by_pressure(&size);
    let next = &order[tags.len().min(order.len())..];
    let next = &next[..AT_ONCE.min(next.len())];
    for price in session::price_each(&footing, next, &size, false) {
        let own = &price.reading;
        let (rate, words) = report::price_words(plan, &price);
        tags.push(PriceTag {
            kind: own.kind,
            id: own.id.to_string(),
            member: own.member.clone(),
            share: own.measured.is_share(),
            rate,
            words: display_safe(&words),
        });
    }
    tags.len() < order.len()
}
