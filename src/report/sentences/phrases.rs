//! The phrases that sentences share: amounts, percents, and what slices and limits are called.

use crate::explain::{self, Named};
use crate::formulate::Origin;
use crate::plan::{Plan, Reading, ReadingKind, Slice};
use crate::solve::largest_remainders;
use crate::units::{Amount, Id, Money, Quantum, grouped};

/// What is said where a limit does not say who set it.
const UNSTATED: &str = " (no authority stated)";

/// `2 280`, with two decimals where it is no whole number.
pub(super) fn amount(value: &Amount) -> String {
    grouped(value, if value.is_whole() { 0 } else { 2 })
}

/// `2 280 kCHF`.
pub(super) fn money(plan: &Plan, value: &Amount) -> String {
    format!("{} {}", amount(value), plan.unit())
}

/// `+2 280` or `−2 280`.
pub(super) fn signed(value: &Amount) -> String {
    if value.is_positive() { format!("+{}", amount(value)) } else { amount(value) }
}

/// `−9.8 %`, with its sign; more decimals where one would show nothing.
pub(super) fn percent(share: &Amount) -> String {
    let points = share * &Amount::whole(100);
    let small = !points.is_zero() && points.abs() < Amount::ratio(1, 20);
    let text = grouped(&points, if small { 3 } else { 1 });
    if share.is_positive() { format!("+{text} %") } else { format!("{text} %") }
}

/// `34.5 %`: a share that is a level and not a change.
pub(super) fn share(share: &Amount) -> String {
    let points = share * &Amount::whole(100);
    let places = if (&points * &Amount::whole(10)).is_whole() { 1 } else { 2 };
    format!("{} %", grouped(&points, places))
}

/// The parts rounded to `places` decimals so that they add up to their rounded total.
pub(super) fn adding_up(parts: &[Amount], places: u32) -> Vec<Amount> {
    let Some(one) = Quantum::new(1) else { return parts.to_vec() };
    let power = Amount::whole(10_i64.pow(places));
    let scaled: Vec<Amount> = parts.iter().map(|part| part * &power).collect();
    let total: Amount = scaled.iter().sum();
    let half = &total.abs() + &Amount::ratio(1, 2);
    let rounded = Amount::from(half.floor());
    let rounded = if total.is_negative() { -&rounded } else { rounded };
    let Some(total) = Money::from_big(&rounded.floor()) else { return parts.to_vec() };
    let whole = largest_remainders(&scaled, total, one);
    whole.into_iter().map(|part| &one.amount(part) / &power).collect()
}

/// `ITU-D, Travel on duty`; `the whole plan` for all of it.
pub(super) fn slice(plan: &Plan, slice: &Slice) -> String {
    let parts = plan.dimensions().iter().enumerate().filter_map(|(place, axis)| {
        let pick = slice.pick(place)?;
        if axis.leaves().all(|leaf| pick.has(leaf)) {
            return None;
        }
        let named = axis.find(pick.text()).map(|member| axis.member(member).title.clone());
        Some(named.unwrap_or_else(|| listed(plan, place, pick.text())))
    });
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() { "the whole plan".into() } else { parts.join(", ") }
}

/// The titles of a list of ids.
fn listed(plan: &Plan, place: usize, text: &str) -> String {
    let axis = &plan.dimensions()[place];
    let Some(list) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) else {
        return text.into();
    };
    let title = |id: &str| {
        let member = axis.find(id.trim());
        member.map_or_else(|| id.trim().to_string(), |m| axis.member(m).title.clone())
    };
    together(&list.split(',').map(title).collect::<Vec<_>>())
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn together(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// `Travel on duty in each biennium, 2024-2025 (planner's assumption)`.
pub(super) fn limit(plan: &Plan, origin: &Origin) -> String {
    let named = explain::named(plan, origin);
    called(plan, &named, (origin.kind, &origin.id), &origin.member)
}

/// The same without who set it.
pub(super) fn limit_alone(plan: &Plan, origin: &Origin) -> String {
    let named = Named { authority: None, ..explain::named(plan, origin) };
    let text = called(plan, &named, (origin.kind, &origin.id), &origin.member);
    text.trim_end_matches(UNSTATED).to_string()
}

/// The same for the limit of a reading.
pub(super) fn reading(plan: &Plan, reading: &Reading) -> String {
    let named = explain::named_as(plan, reading.kind, &reading.id);
    called(plan, &named, (reading.kind, &reading.id), &reading.member)
}

fn called(plan: &Plan, named: &Named, (kind, id): (ReadingKind, &Id), member: &str) -> String {
    let members = explain::member_titles(plan, member);
    let member =
        if members.is_empty() { String::new() } else { format!(", {}", members.join(", ")) };
    let what = match kind {
        ReadingKind::Balance | ReadingKind::Hold | ReadingKind::Transfer => {
            explain::title_of(plan, kind, id, "")
        }
        ReadingKind::Stage => format!("the aim \u{201c}{}\u{201d}", named.title),
        ReadingKind::Limit => format!("\u{201c}{}\u{201d}", named.title),
    };
    let authority = match (kind, &named.authority) {
        (_, Some(authority)) => format!(" ({authority})"),
        (ReadingKind::Limit, None) => UNSTATED.into(),
        _ => String::new(),
    };
    format!("{what}{member}{authority}")
}

/// `1 line`, `12 lines`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    let shown = grouped(&Amount::whole(i64::try_from(number).unwrap_or(i64::MAX)), 0);
    format!("{shown} {}", if number == 1 { one } else { many })
}

/// The text with a capital letter.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounded_parts_add_up_to_the_rounded_total() {
        let parts = [Amount::ratio(-334, 100), Amount::ratio(-333, 100), Amount::ratio(-333, 100)];
        let shown: Vec<String> = adding_up(&parts, 1).iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["-3.4", "-3.3", "-3.3"]);
    }

    #[test]
    fn names_are_joined_as_in_speech() {
        let names = ["a", "b", "c"].map(String::from);
        assert_eq!(together(&names), "a, b and c");
        assert_eq!(together(&names[..1]), "a");
    }
}
