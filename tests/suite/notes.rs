//! Notes on figures: written on the screen, kept in the scenario file, and no part of the answer.

use std::path::Path;

use virement::session::{self, open_draft};

use super::planner::Planner;

#[test]
fn a_note_is_written_shown_changed_undone_and_taken_away() {
    let mut planner = Planner::open("first-steps");
    let before = planner.model.answer.as_ref().map(|own| own.amounts.clone());
    planner.press("[home]Nagreed with the Bureau[tab]BDT[enter]");
    let text = planner.model.draft.text().to_string();
    assert!(text.contains("[[remark]]\non = { priority = \"spectrum\" }"), "{text}");
    assert!(
        planner.screen().contains("note: agreed with the Bureau (BDT)"),
        "{}",
        planner.screen()
    );
    assert!(planner.screen().contains("note on spectrum"), "{}", planner.screen());
    assert_eq!(planner.model.answer.as_ref().map(|own| own.amounts.clone()), before);
    // It is about this figure and no other.
    planner.press("[down]");
    assert!(!planner.screen().contains("note: agreed"), "{}", planner.screen());
    // What is noted stands in the line already.
    planner.press("[up]N until May[enter]");
    let text = planner.model.draft.text().to_string();
    assert_eq!(text.matches("[[remark]]").count(), 1, "{text}");
    assert!(text.contains("text = \"agreed with the Bureau until May\"\nby = \"BDT\""), "{text}");
    planner.press("uu");
    assert!(!planner.model.unsaved());
    planner.press("[ctrl-r]H");
    assert!(planner.screen().contains("¶ spectrum"), "{}", planner.screen());
    planner.press("r[esc]");
    assert!(!planner.model.draft.text().contains("remark"));
    assert!(!planner.screen().contains("note: agreed"), "{}", planner.screen());
}

#[test]
fn nothing_is_no_note() {
    let mut planner = Planner::open("first-steps");
    planner.press("[home]N[enter]");
    assert!(planner.screen().contains("write something"), "{}", planner.screen());
    planner.press("[esc]");
    assert!(!planner.model.unsaved());
}

fn write(home: &Path, name: &str, rest: &str) {
    let head = "format  = \"virement/scenario@1\"\ntitle   = \"Notes\"\n";
    std::fs::write(home.join(name), format!("{head}{rest}")).expect("a file");
}

/// A child has its parent's notes, until it says otherwise; the answer and its hash know nothing of them.
#[test]
fn a_note_is_inherited_replaced_and_hidden_and_enters_no_hash() {
    let home = tempfile::tempdir().expect("a folder");
    for (name, text) in session::embedded_files("first-steps").expect("an embedded plan") {
        std::fs::write(home.path().join(name), text).expect("a file");
    }
    let extends = |parent: &str| format!("extends = \"{parent}\"\n");
    let noted =
        "\n# a comment\n[[remark]]\non = { priority = \"access\" }\ntext = \"from above\"\n";
    write(home.path(), "bare.scenario.toml", &extends("plan.toml"));
    write(home.path(), "above.scenario.toml", &(extends("plan.toml") + noted));
    write(home.path(), "below.scenario.toml", &extends("above.scenario.toml"));
    let at = |name: &str| home.path().join(name).display().to_string();
    let hash = |name: &str| {
        let request = session::find(&at(name)).expect("a scenario");
        session::open(&request).unwrap_or_else(|_| panic!("{name}")).0.hash()
    };
    assert_eq!(hash("bare.scenario.toml"), hash("above.scenario.toml"));
    let opened = open_draft(&at("below.scenario.toml")).expect("a scenario");
    let mut planner = Planner::with(&opened);
    planner.press("[home][down]");
    assert!(planner.screen().contains("note: from above"), "{}", planner.screen());
    planner.press("N[ctrl-u]from below[enter]");
    let screen = planner.screen();
    assert!(screen.contains("note: from below") && !screen.contains("from above"), "{screen}");
    // To take it away hides the parent's too.
    planner.press("u").press("N[ctrl-u][enter]");
    let text = planner.model.draft.text().to_string();
    assert!(text.contains("text = \"\""), "{text}");
    assert!(!planner.screen().contains("note: "), "{}", planner.screen());
    // In the file itself, the item goes and comments stay.
    let opened = open_draft(&at("above.scenario.toml")).expect("a scenario");
    let mut planner = Planner::with(&opened);
    planner.press("[home]Nanother[enter][down]N[ctrl-u]changed[enter]");
    let text = planner.model.draft.text().to_string();
    assert!(text.contains("# a comment\n[[remark]]") && text.contains("\"changed\""), "{text}");
}
