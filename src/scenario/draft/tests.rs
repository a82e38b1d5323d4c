use super::{Amendment, Draft, Hold, Level, Picks};
use crate::units::Amount;

const TEXT: &str = "# why this scenario\nformat = \"virement/scenario@1\"\nextends = \"plan.toml\"  # the plan\n\n# a hold of ours\n[[hold]]\non = { sector = \"GS\" }   # the secretariat\nat = 100\nby = \"BDT\"\n\n[[change]]\nset = \"limit.a.max\"\nto = 5\n";

fn picks(pairs: &[(&str, &str)]) -> Picks {
    pairs.iter().map(|(d, m)| ((*d).into(), (*m).into())).collect()
}

fn hold(on: &[(&str, &str)], at: i64) -> Amendment {
    let at = Some(Level::Number(Amount::whole(at)));
    Amendment::Hold(Hold { on: picks(on), at, ..Hold::default() })
}

fn after(edits: &[Amendment]) -> String {
    let mut draft = Draft::new(TEXT);
    for edit in edits {
        draft.edit(edit).expect("an edit");
    }
    draft.text().to_string()
}

#[test]
fn a_hold_on_a_held_slice_changes_its_level_and_keeps_every_comment() {
    let text = after(&[hold(&[("sector", "GS")], 120)]);
    assert_eq!(text, TEXT.replace("at = 100", "at = 120"));
}

#[test]
fn a_new_hold_stands_at_the_end() {
    let text = after(&[hold(&[("sector", "ITU-D"), ("category", "travel")], 90)]);
    let added = "\n[[hold]]\non = { sector = \"ITU-D\", category = \"travel\" }\nat = 90\n";
    assert_eq!(text, format!("{TEXT}{added}"));
}

#[test]
fn a_released_hold_leaves_no_trace_and_one_of_a_parent_is_removed_by_a_change() {
    let on = picks(&[("sector", "ITU-D")]);
    let release = |on: &Picks, id: &str| Amendment::Release { on: on.clone(), id: id.into() };
    let text = after(&[hold(&[("sector", "ITU-D")], 90), release(&on, "sector = ITU-D")]);
    assert_eq!(text, TEXT);
    let text = after(&[release(&on, "field")]);
    assert!(text.ends_with("\n[[change]]\nremove = \"hold.field\"\n"), "{text}");
    let text = after(&[release(&on, "sector = ITU-D")]);
    assert!(
        text.contains("hold.\\\"sector = ITU-D\\\"") || text.contains("'hold.\"sector = ITU-D\"'")
    );
}

#[test]
fn a_value_that_is_set_again_is_set_once_and_can_be_put_back() {
    let to = Level::Number(Amount::ratio(13, 2));
    let set = Amendment::Set { target: "limit.\"a\".max".into(), to };
    let text = after(std::slice::from_ref(&set));
    assert_eq!(text.matches("[[change]]").count(), 1);
    assert!(text.contains("to = 6.5"), "{text}");
    let text = after(&[set, Amendment::Restore { target: "limit.a.max".into() }]);
    assert!(!text.contains("[[change]]"), "{text}");
}

#[test]
fn a_limit_is_switched_off_with_the_changes_inside_it() {
    let text = after(&[Amendment::Remove { target: "limit.a".into() }]);
    assert!(text.contains("remove = \"limit.a\"") && !text.contains("limit.a.max"), "{text}");
}

#[test]
fn undo_and_redo_walk_the_versions_and_name_them() {
    let mut draft = Draft::new(TEXT);
    draft.edit(&hold(&[("sector", "GS")], 120)).expect("an edit");
    draft.edit(&hold(&[("sector", "GS")], 130)).expect("an edit");
    let last = draft.text().clone();
    assert_eq!(draft.undo(), Some("hold sector = GS at 130"));
    assert_eq!(draft.undo(), Some("hold sector = GS at 120"));
    assert_eq!(draft.undo(), None);
    assert_eq!(&**draft.text(), TEXT);
    draft.redo();
    draft.redo();
    assert_eq!(draft.redo(), None);
    assert_eq!(draft.text(), &last);
}

#[test]
fn an_inline_list_is_written_out_before_it_grows() {
    let mut draft = Draft::new("hold = [ { on = { a = \"x\" }, at = 1 } ]\n");
    draft.edit(&hold(&[("a", "y")], 2)).expect("an edit");
    assert_eq!(draft.text().matches("[[hold]]").count(), 2, "{}", draft.text());
}

#[test]
fn what_is_no_toml_is_refused_and_the_draft_stays() {
    let mut draft = Draft::new("hold = [");
    let refused = draft.edit(&hold(&[("a", "y")], 2));
    assert!(refused.is_err_and(|words| words.starts_with("the scenario is no TOML")));
    assert_eq!(&**draft.text(), "hold = [");
    let items = Amendment::Items { name: "odd".into(), text: "[driver]\n".into() };
    assert_eq!(Draft::new("").edit(&items), Err("`driver` is no list of a scenario".into()));
}

#[test]
fn a_draft_says_what_it_gives_a_value() {
    let set = |target: &str, to: i64| {
        let to = Level::Number(Amount::whole(to));
        Amendment::Set { target: target.into(), to }
    };
    let text = format!("{TEXT}\n[[limit]]\nid = \"own\"\nmax = 7\nmin-share = \"3%\"\n");
    let mut draft = Draft::new(&text);
    let given = |draft: &Draft, target: &str| draft.given(target).map(|level| level.words());
    assert_eq!(given(&draft, "limit.a.max").as_deref(), Some("5"));
    assert_eq!(given(&draft, "limit.own.max").as_deref(), Some("7"));
    assert_eq!(given(&draft, "limit.own.min-share").as_deref(), Some("3%"));
    for target in ["limit.a.min", "limit.b.max", "limit.own", "", "limit..", "limit.own.max.x"] {
        assert_eq!(given(&draft, target), None, "{target}");
    }
    for target in ["limit.a.max", "limit.own.max", "limit.b.max"] {
        draft.edit(&set(target, 9)).expect("an edit");
        assert_eq!(given(&draft, target).as_deref(), Some("9"), "{target}");
    }
}
