//! The keys that move bounds on the limits screen write what the limit can be.

use virement::session::open_draft;

use super::planner::Planner;

/// The screen of limits on `itu-2024-2027`, on a row of a limit.
fn at(planner: &mut Planner, id: &str) {
    let place = planner.model.limits.rows.iter().position(|row| row.id == id);
    planner.model.limits.row = place.expect("the limit");
}

/// What is set for a limit by one key, as the draft writes it.
fn set(planner: &mut Planner, id: &str, key: &str) -> Option<String> {
    at(planner, id);
    planner.press(key);
    let text = planner.model.draft.text().to_string();
    let own = text.split("[[change]]").find(|own| own.contains(&format!("limit.{id}.")))?;
    let to = own.lines().find_map(|line| line.trim().strip_prefix("to"))?;
    planner.press("u");
    Some(to.trim_start_matches([' ', '=']).split(" #").next()?.trim().into())
}

/// A ratio moves in percent where it is written so, and else by a hundredth of itself; 0.83 less that is 0.8217. What
/// spectrum may give is an amount above zero.
#[test]
fn a_key_moves_a_bound_by_a_little() {
    let mut planner = Planner::with(&open_draft("itu-2024-2027").expect("a plan"));
    planner.press("[f2]");
    let ratio = planner.model.limits.rows.iter().find(|row| row.id == "field-contracts-ratio");
    assert!(ratio.expect("a ratio").ratio);
    assert_eq!(set(&mut planner, "secretariat-ratio", "[right]").as_deref(), Some("\"25.1%\""));
    let contracts = set(&mut planner, "field-contracts-ratio", "[left]").expect("a ratio");
    assert!(["0.8217", "0.9405"].contains(&&*contracts), "{contracts}");
    at(&mut planner, "secretariat-ratio");
    planner.press("[right]");
    assert!(planner.model.note.text.ends_with("(of every member)"), "{}", planner.model.note.text);
    planner.press("u");
    let given = set(&mut planner, "spectrum-out", "[right]").expect("an amount");
    let given: i64 = given.parse().expect("a whole amount");
    assert!(given > 0, "{given}");
}

/// A bound that is the last of several bodies' moves with theirs, in the file.
#[test]
fn a_bound_with_tiers_is_left_to_the_file() {
    let mut planner = Planner::with(&open_draft("itu-2024-2027").expect("a plan"));
    planner.press("[f2]");
    assert_eq!(set(&mut planner, "sector-out", "[left]"), None);
    assert!(planner.model.note.alarm && planner.model.note.text.contains("tiers"));
}
